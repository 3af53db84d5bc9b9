"""A class on a real hub: it works, nothing is left of it, and updates reach students who have already worked."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import nbformat
import psutil
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from tools import ROOT
from tools.chapters import ASKED, read
from tools.editions import handout
from tools.editions.handout import commit, for_students
from tools.env.peers import environment
from tools.hub.__main__ import NOTEBOOKS, lesson, rows
from tools.hub.hub import LOCK, MARK, marked, running
from tools.hub.students import LINK

PAGE = "chapters/3-flip/1-why-the-signal-is-flipped.ipynb"
TYPED = "[4, 2, 1]  # what a student typed"
for name in ("AUTHOR", "COMMITTER"):
    os.environ |= {f"GIT_{name}_NAME": "course", f"GIT_{name}_EMAIL": "course@example.org"}


def students_copy(source: NotebookNode, folder: Path) -> dict[str, bytes]:
    nbformat.write(source, folder / "source.ipynb")
    return {PAGE: for_students(folder / "source.ipynb").encode(), "binder/postBuild": b"#!/bin/sh\n"}


def in_jupyter(path: Path) -> dict[str, str]:
    """Work as a student does: run every cell, type answers, save as JupyterLab saves; what was typed, by cell."""
    nb, outputs, typed = read(path), {c.id: c.get("outputs", []) for c in read(ROOT / PAGE).cells}, {}
    for number, cell in enumerate((c for c in nb.cells if c.cell_type == "code"), 1):
        if ASKED.search(cell.source):
            cell.source = typed[cell.id] = cell.source.replace("None", TYPED)
        cell.execution_count, cell.outputs = number, outputs.get(cell.id, [])
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = number
    nb.metadata.language_info |= {"version": "3.11.7", "mimetype": "text/x-python", "file_extension": ".py"}
    nbformat.write(nb, path)
    return typed


class Term:
    """The students' repository, and one student's folder."""

    def __init__(self, folder: Path):
        self.folder, self.repository, self.mine = folder, folder / "course", folder / "mine"
        self.source = read(ROOT / PAGE)

    def publish(self) -> None:
        commit(students_copy(self.source, self.folder), self.repository)

    def pull(self) -> subprocess.CompletedProcess:
        puller = environment("hub", LOCK).parent / "gitpuller"
        command = [puller, self.repository.as_uri(), "main", self.mine]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def cells(self) -> dict[str, NotebookNode]:
        nb = read(self.mine / PAGE)
        nbformat.validate(nb)
        assert len({c.id for c in nb.cells}) == len(nb.cells)
        return {c.id: c for c in nb.cells}


@pytest.fixture
def term(tmp_path) -> Term:
    term = Term(tmp_path)
    term.publish()
    assert term.pull().returncode == 0
    return term


def place(nb: NotebookNode, number: int = 1) -> int:
    """Where an answer is typed, the second one by default."""
    return [k for k, cell in enumerate(nb.cells) if ASKED.search(cell.source)][number]


def new(kind: str, n: int = 1) -> NotebookNode:
    return (new_code_cell if kind == "code" else new_markdown_cell)(f"new = {n}", id=f"new-{n}")


def beside_an_answer(kind: str, after: int) -> Callable:
    return lambda nb: nb.cells.insert(place(nb) + after, new(kind))


def before_every_cell(kind: str) -> Callable:
    def change(nb: NotebookNode) -> None:
        nb.cells = [cell for k, old in enumerate(nb.cells) for cell in (new(kind, k), old)]

    return change


def one_exercise_more(nb: NotebookNode) -> None:
    after, box = place(nb, -1) + 2, new_code_cell('AnswerBox("III-1.6")', id="new-1")  # the solution stands between
    nb.cells[after:after] = [box, new_code_cell('check("III-1.6", None)', id="new-2")]


def cells_at_the_end(nb: NotebookNode) -> None:
    nb.cells += [new("text"), new("code", 2)]


def text_mended(nb: NotebookNode) -> None:
    for cell in (c for c in nb.cells if c.cell_type == "markdown"):
        cell.source += "\n\nMended."


def code_mended(nb: NotebookNode) -> None:
    for cell in (c for c in nb.cells if c.cell_type == "code" and not ASKED.search(c.source)):
        cell.source = "# mended\n" + cell.source


CHANGES = {
    **{f"{kind} before an answer": beside_an_answer(kind, 0) for kind in ("code", "text")},
    **{f"{kind} after an answer": beside_an_answer(kind, 1) for kind in ("code", "text")},
    **{f"{kind} before every cell": before_every_cell(kind) for kind in ("code", "text")},
    "one exercise more": one_exercise_more,
    "cells at the end": cells_at_the_end,
    "text mended": text_mended,
    "code mended": code_mended,
}


class TestUpdates:
    @pytest.mark.parametrize("change", CHANGES)
    def test_arrive_beside_what_was_typed(self, term, change: str):
        typed = in_jupyter(term.mine / PAGE)
        CHANGES[change](term.source)
        term.publish()
        done = term.pull()
        assert done.returncode == 0, done.stdout + done.stderr
        have, published = term.cells(), read(term.repository / PAGE).cells
        assert list(have) == [cell.id for cell in published]
        assert {name: cell.source for name, cell in have.items()} == {c.id: c.source for c in published} | typed

    def test_two_in_a_row_arrive_too(self, term):
        typed = {}
        for change in ("code before an answer", "text mended", "cells at the end"):
            typed |= in_jupyter(term.mine / PAGE)
            CHANGES[change](term.source)
            for cell in (c for c in term.source.cells if c.id in ("new-1", "new-2")):
                cell.id = f"{change.replace(' ', '-')}-{cell.id[-1]}"
            term.publish()
            assert term.pull().returncode == 0
        assert all(term.cells()[name].source == source for name, source in typed.items())
        assert list(term.cells()) == [cell.id for cell in read(term.repository / PAGE).cells]

    def test_must_fail_without_room_between_cells(self, tmp_path, monkeypatch):
        monkeypatch.setattr(handout, "apart", lambda cells: cells)
        term = Term(tmp_path)
        term.publish()
        term.pull()
        in_jupyter(term.mine / PAGE)
        CHANGES["code before an answer"](term.source)
        term.publish()
        assert term.pull().returncode == 0
        assert "new-1" not in term.cells()

    def test_a_changed_answer_cell_is_not_published(self, term):
        before = (term.repository / PAGE).read_bytes()
        cell = term.source.cells[place(term.source)]
        cell.source = f"# mended\n{cell.source}"
        with pytest.raises(SystemExit, match=rf"would not reach them.*nothing was written\n{PAGE}: {cell.id}$"):
            term.publish()
        assert (term.repository / PAGE).read_bytes() == before

    def test_a_removed_notebook_stays_with_who_has_worked_in_it(self, term):
        in_jupyter(term.mine / PAGE)
        worked = (term.mine / PAGE).read_bytes()
        commit({"binder/postBuild": b"#!/bin/sh\n"}, term.repository)
        assert term.pull().returncode == 0
        assert (term.mine / PAGE).read_bytes() == worked

    def test_must_fail_a_repository_made_anew(self, term):
        shutil.rmtree(term.repository)
        text_mended(term.source)
        term.publish()
        assert "refusing to merge unrelated histories" in (told := term.pull()).stdout + told.stderr


def kernels(mark: str) -> list[psutil.Process]:
    found = []
    for process in marked(mark):
        with suppress(psutil.Error):  # it may have ended since
            found += [process] * ("ipykernel_launcher" in " ".join(process.cmdline()))
    return found


class TestClass:
    def test_the_link_is_the_guides(self):
        repo = quote("https://github.com/OWNER/NAME", safe="")
        guide = (ROOT / "chapters/appendix/instructor-guide.md").read_text("utf-8")
        assert f"\nhttps://HUB{LINK.format(repo=repo, name='NAME')}\n" in guide

    def test_three_students_finish(self):
        with running() as hub:
            students = asyncio.run(lesson(hub, 3))
            assert [failure for one in students for failure in one.failures] == []
            assert all(set(one.seconds) == {"server", "pull", *NOTEBOOKS} for one in students)
            asked = [c for c in read(next(hub.repository.parent.parent.glob(f"student-1/*/{PAGE}"))).cells]
            assert any(c.cell_type == "code" and c.outputs for c in asked)
            assert len(kernels(hub.mark)) == 9
            for kernel in kernels(hub.mark):
                env, connection = kernel.environ(), json.loads(Path(kernel.cmdline()[-1]).read_text("utf-8"))
                assert env["OPENBLAS_NUM_THREADS"] == env["OMP_NUM_THREADS"] == "1"
                assert connection["transport"] == "ipc"
            print("\n", *rows(students), sep="\n")
        assert marked(hub.mark) == []

    def test_nothing_is_left_after_a_failure(self):
        with pytest.raises(ZeroDivisionError), running() as hub:
            hub.ask("/hub/api/users/student-1", "POST")
            hub.ask("/hub/api/users/student-1/server", "POST")
            assert len(marked(hub.mark)) >= 2
            1 / 0  # noqa: B018
        assert marked(hub.mark) == []

    def test_nothing_is_left_of_a_hub_that_was_killed(self):
        with running() as hub:
            of_hub = [p for p in marked(hub.mark) if any("jupyterhub_config.py" in word for word in p.cmdline())]
            assert len(of_hub) == 1
            of_hub[0].kill()
        assert marked(hub.mark) == []

    @pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
    def test_nothing_is_left_after_an_interrupt(self, how):
        command = [sys.executable, "-m", "tools.hub", "2"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert "students begin" in process.stdout.readline()
            children = psutil.Process(process.pid).children(recursive=True)
            mark = next(child.environ()[MARK] for child in children if MARK in child.environ())
            deadline = time.monotonic() + 300
            while not kernels(mark) and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.3)
            begun = kernels(mark)
            process.send_signal(how)
            assert process.wait(300) != 0 and begun
        assert marked(mark) == []
