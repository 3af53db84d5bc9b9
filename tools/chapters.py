"""The model of the course: its chapters, and what belongs to each."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools import ROOT

ROMAN = ("", "I", "II", "III", "IV")
ASKED = re.compile(r'\bcheck\("([^"]+)", None\)')
ROOM = "<!-- room for updates -->"  # a cell of the students' copy, between code cells


@dataclass(frozen=True)
class Exercise:
    """Three cells: the box, the call of the checker, the worked solution where there is one."""

    id: str
    box: NotebookNode
    asked: NotebookNode
    solution: NotebookNode | None


@dataclass(frozen=True)
class Chapter:
    """A chapter by its page below chapters/, such as "3-flip/1-why-the-signal-is-flipped"."""

    page: str

    @property
    def id(self) -> str:
        """Part and number, such as "III-1"."""
        return chapter_id(self.page)

    @property
    def name(self) -> str:
        """What its deck and its files outside the chapters are called: "3-1-why-the-signal-is-flipped"."""
        return f"{self.page[0]}-{self.page.split('/')[1]}"

    @property
    def file(self) -> Path:
        return ROOT / f"chapters/{self.page}.ipynb"

    @property
    def deck(self) -> Path:
        return ROOT / f"slides/{self.name}.ipynb"

    @property
    def quiz(self) -> Path:
        return ROOT / f"convlib/widgets/quiz/{self.page[0]}-{self.page.split('/')[1][0]}.json"

    @property
    def claims(self) -> Path:
        """Its entries of the ledger; few chapters have none."""
        return ROOT / f"chapters/appendix/claims/{self.page[0]}-{self.page.split('/')[1][0]}.yml"

    @cached_property
    def notebook(self) -> NotebookNode:
        return read(self.file)

    @property
    def title(self) -> str:
        return title_of(self.notebook)

    @property
    def exercises(self) -> list[Exercise]:
        return exercises(self.notebook)


def chapter_id(page: str) -> str:
    """Part and number of a page "3-flip/1-why-…"."""
    part, number = re.match(r"(\d)-[^/]+/(\d)-", page).groups()
    return f"{ROMAN[int(part)]}-{number}"


def pages() -> list[str]:
    """The pages of the table of contents, without their endings, in its order."""
    return re.findall(r"^[ -]*(?:root|file): *(\S+)", (ROOT / "_toc.yml").read_text("utf-8"), re.MULTILINE)


def chapters() -> list[Chapter]:
    """The chapters, in the order of the course; the appendix is none."""
    found = (re.fullmatch(r"chapters/(\d-.+)", page) for page in pages())
    return [Chapter(match[1]) for match in found if match]


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def title_of(nb: NotebookNode) -> str:
    return next(line for line in nb.cells[0].source.splitlines() if line.startswith("# "))[2:]


def is_solution(cell: NotebookNode) -> bool:
    return "solution" in cell.metadata.get("tags", [])


def exercises(nb: NotebookNode) -> list[Exercise]:
    """The exercises, in the order of the page."""
    found, cells = [], [cell for cell in nb.cells if cell.source != ROOM]
    for before, cell, after in zip(cells, cells[1:], [*cells[2:], None], strict=False):
        if cell.cell_type == "code" and (asked := ASKED.search(cell.source)):
            solution = after if after is not None and is_solution(after) else None
            found.append(Exercise(asked[1], before, cell, solution))
    return found
