"""Run a notebook in a kernel of its own, the same way for the book, the slides and the stored outputs."""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

MINUTES = 10
# Jupyter looks for free ports before the kernel takes them. Another program can be quicker; no cell has run by then.
NO_START = "Kernel died before replying to kernel_info"
STARTS = 3

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


def in_a_kernel(run: Callable[[], Told]) -> Told:
    """What a run in a kernel of its own tells; it runs again as long as that kernel did not start."""
    for _ in range(STARTS):
        told = run()
        if NO_START not in str(told):
            break
    return told


def execute(nb: nbformat.NotebookNode, folder: Path, widgets: bool = False) -> tuple[float, str]:
    """Run all cells in that folder; seconds, and which cell failed with what, if one did."""
    start = time.perf_counter()
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = None, []
    problem = in_a_kernel(lambda: _execute(nb, folder, widgets))
    return time.perf_counter() - start, problem


def _execute(nb: nbformat.NotebookNode, folder: Path, widgets: bool) -> str:
    with tempfile.TemporaryDirectory() as settings:
        # A folder of its own: kernels that share one wait for each other's history database.
        os.environ |= environment() | {"IPYTHONDIR": settings}
        client = NotebookClient(
            nb,
            timeout=60 * MINUTES,
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
