"""The executed notebooks in _build/executed: each is kept until it, or something that it reached, has changed."""

import json
import os
import platform
import time
from hashlib import sha256
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools import ROOT
from tools.notebooks import reach
from tools.notebooks.kernel import execute, figures
from tools.site import BUILD, write

STORE = BUILD / "executed"
# Whatever a notebook reaches, these decide with it.
HOW = [
    *(["text", name] for name in ("requirements.txt", "package-lock.json")),
    *(["module", f"tools/{name}.py"] for name in ("fonts", "notebooks/kernel", "notebooks/reach")),
]


def stored_at(path: Path) -> Path:
    name = os.path.relpath(path, ROOT)
    return STORE / f"{path.stem}.{sha256(name.encode()).hexdigest()[:8]}.ipynb"


def key(nb: NotebookNode, reached: list[list[str]]) -> str:
    code = [cell.source for cell in nb.cells if cell.cell_type == "code"]
    said = json.dumps([code, platform.python_version(), reach.digest([*HOW, *reached])])
    return sha256(said.encode()).hexdigest()


def executed(path: Path) -> NotebookNode | None:
    """The notebook as it is written now, with the outputs of its last run; None when it has to run (again)."""
    nb = nbformat.read(path, as_version=4)
    try:
        old = nbformat.reads(stored_at(path).read_text("utf-8"), as_version=4)
        run = old.metadata.pop("run")
        if run.key != key(nb, run.reached):
            return None
    except (OSError, ValueError, KeyError, AttributeError):  # never run, or cut off by a full disk
        return None
    code = [cell for cell in old.cells if cell.cell_type == "code"]
    for cell in nb.cells:
        if cell.cell_type == "code":
            ran = code.pop(0)
            cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
    nb.metadata |= {name: old.metadata[name] for name in ("widgets", "language_info") if name in old.metadata}
    return nb


def run(path: Path) -> tuple[float, str]:
    """Run the notebook and keep it; seconds, and what went wrong (then nothing is kept)."""
    nb, started = nbformat.read(path, as_version=4), time.time()
    reached: list[list[str]] = []
    name, first = os.path.relpath(path, ROOT), figures(draw=path.parent != ROOT / "slides")
    seconds, problem = execute(nb, path.parent, widgets=name, reached=reached, first=first)
    if not problem:
        during = [name for _, name in reached if (f := ROOT / name).exists() and f.stat().st_mtime >= started]
        nb.metadata["run"] = {"key": "" if during else key(nb, reached), "reached": reached}
        write(stored_at(path), nbformat.writes(nb))
    return seconds, problem
