"""Keep notebooks in one stored form: text outputs and execution counts, no images, no widget state.

python -m tools.notebooks.store --check|--fix [files or folders]     (default: the whole course)
"""

import hashlib
import os
import re
import sys
from argparse import ArgumentParser, RawTextHelpFormatter
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools import ROOT
from tools.notebooks.rules import problems

COURSE = [*ROOT.glob("*.ipynb"), ROOT / "chapters", ROOT / "slides"]
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
KEPT_NOTEBOOK_METADATA = ("title", "mystnb")
KEPT_CELL_METADATA = ("tags", "slideshow", "mystnb")
DROPPED_TYPES = re.compile(r"image/|application/vnd\.jupyter\.widget-")


def notebooks(paths: list[Path]) -> list[Path]:
    """All notebooks in the given files and folders, without Jupyter's own checkpoints."""
    found = [f for p in paths for f in (sorted(p.rglob("*.ipynb")) if p.is_dir() else [p])]
    return [f for f in found if ".ipynb_checkpoints" not in f.parts]


def stored_outputs(cell: NotebookNode) -> list[NotebookNode]:
    """The text outputs; chunks of one stream become one, since timing decides where it is cut."""
    kept: list[NotebookNode] = []
    for output in cell.outputs:
        if output.output_type == "stream" and kept and kept[-1].get("name") == output.name:
            kept[-1].text += output.text
            continue
        if "data" in output:
            output.data = {t: d for t, d in output.data.items() if not DROPPED_TYPES.match(t)}
            output.metadata = {}
            if not output.data:
                continue
        if output.output_type == "execute_result":
            output.execution_count = cell.execution_count
        kept.append(output)
    return kept


def normalised(nb: NotebookNode) -> NotebookNode:
    """The stored form of `nb`; the stored form of a stored form is itself."""
    nb = nbformat.from_dict(nb)
    kept = {k: nb.metadata[k] for k in KEPT_NOTEBOOK_METADATA if k in nb.metadata}
    nb |= {"metadata": kept | NOTEBOOK_METADATA, "nbformat": 4, "nbformat_minor": 5}
    taken: set[str] = set()
    for position, cell in enumerate(nb.cells):
        cell.metadata = {k: v for k in KEPT_CELL_METADATA if (v := cell.metadata.get(k))}
        if cell.get("id") in taken or not cell.get("id"):
            cell.id = hashlib.sha256(f"{position}\n{cell.source}".encode()).hexdigest()[:8]
        taken.add(cell.id)
        if cell.cell_type == "code":
            cell.outputs = stored_outputs(cell)
    return nb


def as_text(nb: NotebookNode) -> str:
    """What the stored form looks like on disk."""
    return str(nbformat.writes(normalised(nb), ensure_ascii=False)).rstrip("\n") + "\n"


def refusals(path: Path) -> list[str]:
    """Everything that is wrong with a stored notebook; empty when it may stay as it is."""
    text = path.read_text(encoding="utf-8")
    found = problems(nb := nbformat.reads(text, as_version=4))
    if text != as_text(nb):
        found.append("not in the stored form (images, widget state or metadata): run `make strip`")
    return [f"{os.path.relpath(path)}: {problem}" for problem in found]


def main() -> int:
    """Check or fix, and say what is left."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawTextHelpFormatter)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--check", action="store_true", help="say what is not in the stored form")
    action.add_argument("--fix", action="store_true", help="write the stored form, then check")
    parser.add_argument("paths", nargs="*", type=Path, default=COURSE)
    options = parser.parse_args()
    if not (files := notebooks(options.paths)):
        raise SystemExit(f"no notebook in {', '.join(map(str, options.paths))}")
    for path in files if options.fix else []:
        path.write_text(as_text(nbformat.read(path, as_version=4)), encoding="utf-8")
    wrong = [line for path in files for line in refusals(path)]
    print("\n".join([*wrong, f"{len(files)} notebooks, {len(wrong)} problems"]))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
