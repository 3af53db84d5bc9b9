"""Write the convention atlas: probe every library, then the tables of chapters/appendix/atlas.ipynb.

python -m tools.atlas            the tables, from what was found last
python -m tools.atlas --probe    probe first; the frameworks in environments of their own (network)
"""

import json
import os
import subprocess
import sys
from itertools import chain
from pathlib import Path

import nbformat

from tools import ROOT
from tools.atlas.tables import tables
from tools.env.peers import ATLAS, environment
from tools.notebooks.store import as_text

PAGE = ROOT / "chapters/appendix/atlas.ipynb"
FOUND = ROOT / "convlib/conventions_found.json"


def probe(python: Path | str, libraries: tuple[str, ...]) -> dict:
    """Run the probes for these libraries in a process of their own."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [str(python), "-m", "tools.atlas.probes", *libraries]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=env).stdout)


def probe_all() -> None:
    reports = [probe(sys.executable, ("NumPy", "scipy.signal", "scipy.ndimage", "convlib"))]
    reports += [probe(environment(name, lock), libraries) for name, (lock, libraries) in ATLAS.items()]
    found = {"versions": {k: v for r in reports for k, v in r["versions"].items()}}
    found |= {part: list(chain.from_iterable(r[part] for r in reports)) for part in ("calls", "edges", "strides")}
    FOUND.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def stale(nb: nbformat.NotebookNode, found: dict) -> list[str]:
    """The ids of the cells that do not say what the probes found; each of them is put right."""
    wanted, old = tables(found), []
    for cell in nb.cells:
        if cell.id in wanted and cell.source != wanted[cell.id]:
            old.append(cell.id)
            cell.source = wanted[cell.id]
    return old + sorted(f"{name} is missing" for name in wanted.keys() - {cell.id for cell in nb.cells})


def main() -> None:
    if "--probe" in sys.argv:
        probe_all()
    nb = nbformat.read(PAGE, as_version=4)
    changed = stale(nb, json.loads(FOUND.read_text(encoding="utf-8")))
    PAGE.write_text(as_text(nb), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(changed)} tables changed", *changed)


if __name__ == "__main__":
    main()
