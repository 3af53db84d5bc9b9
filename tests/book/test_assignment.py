"""Graded sets in nbgrader's format: their numbers, their cells, and what students would not see."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from convlib import checks
from convlib.checks import exercise
from tools.chapters import ROOT, chapters
from tools.editions.assignment import main, seed_of
from tools.editions.cells import assignment, code
from tools.editions.leaks import squeezed

SECRET = "a-secret-of-this-test"
SEED = seed_of(SECRET)
SETS = {one.file.stem: assignment(one.notebook, SEED) for one in chapters()}
HIDDEN = re.compile(r"\n?### BEGIN (HIDDEN TESTS|SOLUTION)\n.*?### END \1", re.DOTALL)


def released(nb: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """What nbgrader makes of it for students; `make peers` lets nbgrader do it."""
    nb = nbformat.from_dict(nb)
    for cell in nb.cells:
        cell.source = HIDDEN.sub("", cell.source)
    return nb


def grade(nb: nbformat.NotebookNode, answers: dict[str, object] | None = None) -> dict[str, str]:
    """Run the instructor's version, with other answers if given: test cell and what it says, empty when passed."""
    names: dict[str, object] = {}
    said = {}
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        try:
            exec(cell.source, names)
        except AssertionError as error:
            said[cell.id] = str(error)
        names |= answers or {}
        if cell.metadata.nbgrader.grade:
            said.setdefault(cell.id, "")
    return said


class TestSeed:
    @pytest.mark.parametrize("secret", ["", "7", "fifteen-letters"])
    def test_a_short_one_is_refused(self, secret):
        with pytest.raises(SystemExit, match="16 signs or more"):
            seed_of(secret)

    def test_it_is_large_and_the_same_again(self):
        assert seed_of(SECRET) == SEED > 2**200
        assert seed_of(SECRET + ".") != SEED


@pytest.mark.parametrize("name", checks.EXERCISES)
def test_the_numbers_survive_as_text(name):
    for seed in (0, SEED):
        given = exercise(name, seed)
        back = eval(code(given), {"np": np})
        assert list(back) == list(given)
        for key, value in given.items():
            assert type(back[key]) is type(value.item() if isinstance(value, np.generic) else value)
            assert np.asarray(back[key]).dtype == np.asarray(value).dtype
            assert np.array_equal(back[key], value)


@pytest.mark.parametrize("value", [(1,), [np.int64(2)], {"a": (np.float64(0.1),)}, "a\"'b", np.bool_(True), [], ((),)])
def test_odd_values_survive_too(value):
    assert eval(code(value), {"np": np}) == value
    assert "np." not in code(value)


@pytest.mark.parametrize("name", SETS)
class TestSets:
    def test_the_form_is_nbgraders(self, name):
        nb = SETS[name]
        nbformat.validate(nb)
        kinds = [cell.metadata.nbgrader for cell in nb.cells]
        assert all(kind.schema_version == 3 and kind.task is False for kind in kinds)
        assert len({kind.grade_id for kind in kinds}) == len(kinds)
        assert all(re.fullmatch(r"[a-z]+(-\d)?", kind.grade_id) for kind in kinds)
        assert [kind.points for kind in kinds if kind.grade] == [1, *[2] * (len(kinds) // 4 - 1)]
        assert all(kind.locked != kind.solution and ("points" in kind) == kind.grade for kind in kinds)

    def test_each_exercise_is_there(self, name):
        nb, page = SETS[name], next(one for one in chapters() if one.file.stem == name)
        texts = [cell.source for cell in nb.cells if cell.id.startswith("text-")]
        starts = [f"::::{{admonition}} Exercise {one.id}: " for one in page.exercises]
        assert all(map(str.startswith, texts, starts)) and len(texts) == len(starts)

    def test_right_answers_pass_and_none_fails(self, name):
        nb = SETS[name]
        count = sum(cell.metadata.nbgrader.grade for cell in nb.cells)
        assert grade(nb) == {f"test-{k}": "" for k in range(1, count + 1)}
        nothing = {f"answer_{k}": None for k in range(1, count + 1)}
        assert grade(nb, nothing) == {f"test-{k}": "no answer yet" for k in range(1, count + 1)}

    def test_a_wrong_answer_meets_the_checkers_words(self, name):
        said = grade(SETS[name], {"answer_1": [[998.0, 999.0]]})
        assert re.match(r"[IV]+-\d\.1: .{15}", said.pop("test-1"))
        assert set(said.values()) == {""}

    def test_students_see_numbers_and_no_answers(self, name):
        nb = SETS[name]
        shown = nbformat.writes(released(nb))
        for word in (SECRET, hex(SEED), str(SEED), "convlib", "check(", "sha256", "HIDDEN", "SOLUTION"):
            assert word not in shown, word
        numbers = squeezed(shown)
        answers = [re.search(r"\nanswer_\d = (.+)\n", c.source)[1] for c in nb.cells if c.metadata.nbgrader.solution]
        assert not [answer for answer in answers if len(squeezed(answer)) >= 10 and squeezed(answer) in numbers]
        assert shown.count("None  # your answer") == len(answers)


def test_other_numbers_of_another_numpy_are_noticed(monkeypatch):
    nb = SETS["2-flip-slide-integrate"]
    monkeypatch.setattr(checks, "exercise", lambda name, seed: {"p": 1, "q": 2})
    assert all("this NumPy draws other numbers" in words for words in grade(nb).values())


class TestCommand:
    def make(self, monkeypatch, folder: Path, *chosen: str, secret: str = SECRET) -> list[str]:
        monkeypatch.setenv("SEED", secret)
        monkeypatch.setattr("sys.argv", ["assignment.py", "--out", str(folder), *chosen])
        main()
        return sorted(path.name for path in (folder / "source").iterdir())

    def test_chosen_chapters_alone(self, monkeypatch, tmp_path):
        assert self.make(monkeypatch, tmp_path, "1-1", "3-2") == [
            "1-1-what-a-layer-computes",
            "3-2-flip-slide-integrate",
        ]
        first = next((tmp_path / "source").rglob("3-2*.ipynb"))
        assert SECRET not in first.read_text("utf-8")
        assert {path.name for path in tmp_path.iterdir()} == {"source", "README.md", "nbgrader_config.py"}
        assert "What this protects, and what not" in (tmp_path / "README.md").read_text("utf-8")

    def test_no_such_chapter(self, monkeypatch, tmp_path):
        with pytest.raises(SystemExit, match="no chapter 9-9; there are 1-1-"):
            self.make(monkeypatch, tmp_path, "9-9")

    def test_no_secret(self, monkeypatch, tmp_path):
        with pytest.raises(SystemExit, match="SEED must be a secret"):
            self.make(monkeypatch, tmp_path, secret="")

    def test_make_hands_the_secret_on(self):
        makefile = (ROOT / "Makefile").read_text("utf-8")
        assert re.search(r"^export .*\bSEED\b", makefile, re.MULTILINE)
