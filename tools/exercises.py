"""The exercises of the chapters, found in their notebooks."""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[1]
ASKED = re.compile(r'\bcheck\("([^"]+)", None\)')


@dataclass(frozen=True)
class Exercise:
    """Three cells: the text, the call of the checker, the worked solution where there is one."""

    id: str
    text: NotebookNode
    asked: NotebookNode
    solution: NotebookNode | None


def chapters() -> list[Path]:
    """The chapters' notebooks; the appendix has no exercises."""
    return sorted(ROOT.glob("chapters/[0-9]*/*.ipynb"))


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def title_of(nb: NotebookNode) -> str:
    return next(line for line in nb.cells[0].source.splitlines() if line.startswith("# "))[2:]


def is_solution(cell: NotebookNode) -> bool:
    return "solution" in cell.metadata.get("tags", [])


def exercises(nb: NotebookNode) -> list[Exercise]:
    """The exercises, in the order of the page."""
    found = []
    for before, cell, after in zip(nb.cells, nb.cells[1:], [*nb.cells[2:], None], strict=False):
        if cell.cell_type == "code" and (asked := ASKED.search(cell.source)):
            solution = after if after is not None and is_solution(after) else None
            found.append(Exercise(asked[1], before, cell, solution))
    return found
