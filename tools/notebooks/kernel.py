"""Run a notebook in a kernel of its own, the same way for the book, the slides and the stored outputs."""

import json
import os
import re
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from tools import ROOT, fonts
from tools.notebooks import reach

MINUTES = 10
# What a kernel of the book runs before the first cell.
FIGURES = """
def _install():
    import sys
    sys.path.insert(0, {root!r})
    from tools.notebooks.figures import install
    sys.path.remove({root!r})
    install({fonts!r}, {draw!r})

_install()
del _install
"""
# Jupyter looks for free ports before the kernel takes them. Another program can be quicker; no cell has run by then.
NO_START = "Kernel died before replying to kernel_info"
STARTS = 3
STATE = "application/vnd.jupyter.widget-state+json"
MODEL_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")

Told = TypeVar("Told")


def environment(other_processor: bool = False) -> dict[str, str]:
    """Settings under which the stored numbers hold, whatever the reader's machine sets.

    With `other_processor`, BLAS and NumPy take the code of an older one: a printed digit that
    depends on the order in which vector units add shows itself.
    """
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    pinned = threads | {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    if other_processor:
        from numpy._core import _multiarray_umath as cpu  # NumPy has no public list of them

        newer = [name for name in cpu.__cpu_dispatch__ if cpu.__cpu_features__.get(name)]
        pinned |= {"OPENBLAS_CORETYPE": "HASWELL", "NPY_DISABLE_CPU_FEATURES": " ".join(newer)}
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "PYTHONWARN"))}
    return kept | pinned


def warm_up() -> None:
    """Build matplotlib's font cache now: on a fresh machine it could warn inside a notebook."""
    import matplotlib.font_manager  # noqa: F401  (imported for its side effect)


def figures(draw: bool) -> str:
    """The program that lets a kernel know the pages' fonts, and draw figures as pages show them."""
    return FIGURES.format(root=str(ROOT), fonts=[str(font) for font in fonts.for_figures()], draw=draw)


def in_a_kernel(run: Callable[[], Told]) -> Told:
    """What a run in a kernel of its own tells; it runs again as long as that kernel did not start."""
    for _ in range(STARTS):
        told = run()
        if NO_START not in str(told):
            break
    return told


def execute(
    nb: nbformat.NotebookNode, folder: Path, widgets: str = "", reached: list[list[str]] | None = None, first: str = ""
) -> tuple[float, str]:
    """Run all cells in that folder; seconds, and which cell failed with what, if one did.

    `widgets` names the notebook whose widgets are kept, `reached` is filled with the files that it reached, and `first`
    is a program that runs before its first cell.
    """
    start = time.perf_counter()
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = None, []
    problem = in_a_kernel(lambda: _execute(nb, folder, bool(widgets), reached, first))
    if widgets and not problem:
        name_widgets(nb, widgets)
    return time.perf_counter() - start, problem


def name_widgets(nb: nbformat.NotebookNode, name: str) -> None:
    """Give the widgets names by notebook, cell and position in place of random ones, so that two runs are the same."""
    states = nb.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    whole, seen = json.dumps(states), []
    for place, text in enumerate([json.dumps(cell.get("outputs", [])) for cell in nb.cells] + [whole]):
        new = [m for m in dict.fromkeys(MODEL_ID.findall(text)) if m in states and m not in {old for old, _ in seen}]
        seen += [(m, sha256(f"{name} {place} {i}".encode()).hexdigest()[:32]) for i, m in enumerate(new)]
    names = dict(seen)

    def renamed(value):
        return json.loads(MODEL_ID.sub(lambda m: names.get(m[0], m[0]), json.dumps(value)))

    for cell in nb.cells:
        if cell.get("outputs"):
            cell.outputs = nbformat.from_dict(renamed(cell.outputs))
    if states:
        states = renamed(states)
        order = [new for new in names.values() if new in states]
        nb.metadata.widgets[STATE]["state"] = nbformat.from_dict({new: states[new] for new in order})


def _execute(
    nb: nbformat.NotebookNode, folder: Path, widgets: bool, reached: list[list[str]] | None, first: str
) -> str:
    with tempfile.TemporaryDirectory() as settings:
        log = Path(settings) / "reached"
        program = Path(settings) / "profile_default/startup/first.py"
        program.parent.mkdir(parents=True)
        program.write_text((reach.watch(log) if reached is not None else "") + first, "utf-8")
        # A folder of its own: kernels that share one wait for each other's history database.
        os.environ |= environment() | {"IPYTHONDIR": settings}
        client = NotebookClient(
            nb,
            timeout=60 * MINUTES,
            startup_timeout=300,
            kernel_name="python3",
            store_widget_state=widgets,
            record_timing=False,  # the cache would not know the notebook again
            resources={"metadata": {"path": str(folder)}},
            extra_arguments=["--log-level=40"],  # the kernel's own notices are not the notebook's
        )
        try:
            client.execute()
        except (CellExecutionError, CellTimeoutError, RuntimeError) as error:  # RuntimeError: the kernel died
            return f"{_where(nb)}: {_short(error)}"
        if reached is not None:
            reached[:] = reach.reached(log)
    return ""


def _where(nb: nbformat.NotebookNode) -> str:
    """The code cell that ran last, by number and first line."""
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    number = max((n for n, cell in enumerate(code, 1) if cell.execution_count), default=1)
    return f"[{number}] `{code[number - 1].source.strip().splitlines()[0]}`"


def _short(error: Exception) -> str:
    if isinstance(error, CellExecutionError):
        return f"{error.ename}: {error.evalue}"
    return str(error).strip().splitlines()[0]
