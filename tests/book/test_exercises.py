"""The exercises of every chapter: what belongs to one, and solutions that hold for other numbers too."""

import re
from pathlib import Path

import nbformat
import pytest

from convlib import checks
from convlib.checks import check, exercise
from tools.chapters import Exercise, chapters, exercises, is_solution
from tools.editions.cells import assignment
from tools.editions.handout import for_students, student_files
from tools.editions.solutions import program, run
from tools.notebooks.rules import problems

SEEDS = (1, 2, 3)
PAGES = {one.file.stem: (one.file, one.notebook) for one in chapters()}
ALL = [(page, one) for page, (_, nb) in PAGES.items() for one in exercises(nb)]
ROMAN = dict(zip("123456789", ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"), strict=True))


def lacks(nb: nbformat.NotebookNode, chapter: str) -> list[str]:
    """What a page lacks to have exercises as every chapter has them."""
    ones = exercises(nb)
    found = [] if 3 <= len(ones) <= 5 else [f"{len(ones)} exercises; a chapter has 3 to 5"]
    if [one.id for one in ones] != (wanted := [f"{chapter}.{k}" for k in range(1, len(ones) + 1)]):
        found.append(f"the exercises are {[one.id for one in ones]}, not {wanted}")
    spare = sum(map(is_solution, nb.cells)) - sum(one.solution is not None for one in ones)
    found += [f"{spare} solutions belong to no exercise"] * bool(spare)
    return found + [f"{one.id}: {lack}" for one in ones for lack in exercise_lacks(one)]


def exercise_lacks(one: Exercise) -> list[str]:
    found = []
    if one.box.source != f'AnswerBox("{one.id}")':
        found.append("no AnswerBox before the check cell")
    if f'exercise("{one.id}")' not in one.asked.source:
        found.append("the check cell does not show its numbers")
    if one.solution is None:
        return [*found, "no worked solution right after the check cell, tagged solution"]
    if "hide-input" not in one.solution.metadata["tags"]:
        found.append("the code of the solution is not folded")
    if not re.search(rf'assert .*\bcheck\("{one.id}", ', one.solution.source):
        found.append("the solution does not assert its own check")
    return found


def chapter_of(path: Path) -> str:
    return f"{ROMAN[path.parent.name[0]]}-{path.name[0]}"


def small_page(*names: str) -> nbformat.NotebookNode:
    """A notebook with these exercises."""
    cell = nbformat.v4.new_code_cell
    cells = [nbformat.v4.new_markdown_cell("# A page"), cell("import numpy as np")]
    for k, name in enumerate(names, 1):
        cells.append(cell(f'AnswerBox("{name}")', id=f"exercise-{k}", metadata={"tags": ["remove-input"]}))
        source = f'given = exercise("{name}")\ncheck("{name}", None)'
        cells.append(cell(source, id=f"check-{k}", metadata={"tags": ["remove-cell"]}))
        source = f'answer = given["w"][::-1]\nassert check("{name}", answer)'
        cells.append(cell(source, id=f"solution-{k}", metadata={"tags": ["solution", "hide-input"]}))
    return nbformat.v4.new_notebook(cells=cells)


class TestPages:
    @pytest.mark.parametrize("page", PAGES)
    def test_the_exercises_are_whole(self, page):
        path, nb = PAGES[page]
        assert lacks(nb, chapter_of(path)) == []

    @pytest.mark.parametrize("page", PAGES)
    def test_the_last_word_is_open(self, page):
        """From warm-up to open-ended: after the last solution comes a task that no checker can judge."""
        _, nb = PAGES[page]
        last = nb.cells.index(exercises(nb)[-1].solution)
        after = [cell.source for cell in nb.cells[last + 1 : last + 3]]
        assert any(re.match(r"\*\*Open end\.\*\* .* You (are done|have it) when ", source) for source in after)

    def test_the_pages_and_the_checkers_have_the_same_exercises(self):
        assert [one.id for _, one in ALL] == list(checks.EXERCISES)


class TestSolutions:
    @pytest.mark.parametrize(("page", "one"), ALL, ids=[one.id for _, one in ALL])
    def test_the_solution_holds_for_other_numbers(self, page, one, counted):
        code = program(PAGES[page][1], one.solution)
        for seed in SEEDS:
            assert check(one.id, run(code, seed), seed)
        counted(solutions=len(SEEDS))

    def test_a_solution_for_one_variant_alone_is_caught(self):
        nb = nbformat.from_dict(PAGES["1-what-a-layer-computes"][1])
        spoilt, given = exercises(nb)[0].solution, exercise("I-1.1")
        right = [given["m"] - given["i"], given["n"] - given["j"]]
        spoilt.source = f'answer = {right}\nassert check("I-1.1", answer)'
        assert run(program(nb, spoilt), 0) == right
        with pytest.raises(AssertionError):
            run(program(nb, spoilt), 1)


class TestTheChecksThemselves:
    @pytest.fixture
    def nb(self) -> nbformat.NotebookNode:
        return small_page(*(f"III-1.{k}" for k in range(1, 6)))

    def spoil(self, nb, part: str, old: str, new: str) -> list[str]:
        cell = getattr(exercises(nb)[1], part)
        assert old in cell.source
        cell.source = cell.source.replace(old, new)
        return lacks(nb, "III-1")

    @pytest.mark.parametrize(
        ("part", "old", "new", "complaint"),
        [
            ("box", "III-1.2", "III-1.9", "no AnswerBox"),
            ("asked", 'exercise("III-1.2")', "1", "does not show its numbers"),
            ("solution", "assert check", "print", "does not assert its own check"),
        ],
    )
    def test_a_part_that_is_missing_is_named(self, nb, part, old, new, complaint):
        assert complaint in "\n".join(self.spoil(nb, part, old, new))

    def test_a_missing_solution_and_an_open_one_are_named(self, nb):
        first, second = exercises(nb)[:2]
        second.solution.metadata["tags"] = ["solution"]
        nb.cells.remove(first.solution)
        found = lacks(nb, "III-1")
        assert "III-1.1: no worked solution right after the check cell, tagged solution" in found
        assert "III-1.2: the code of the solution is not folded" in found

    def test_too_few_exercises_are_named(self, nb):
        for one in exercises(nb)[:3]:
            nb.cells.remove(one.asked)
        found = "\n".join(lacks(nb, "III-1"))
        assert "2 exercises" in found and "3 solutions belong to no exercise" in found

    def test_an_answer_in_a_cell_without_the_tag_is_refused(self, nb):
        solution = exercises(nb)[0].solution
        solution.metadata["tags"] = ["hide-input"]
        assert any("tag it `solution`" in problem for problem in problems(nb))

    def test_what_a_solution_needs_is_found(self):
        sources = [
            "import math\nfrom convlib.checks import check, exercise",
            "base = 2\nprint('heavy')\nrows = []",
            "def power(n):\n    return base**n\n\n\nfor n in range(3):\n    rows.append(power(n))",
            "unused = math.factorial(10**9)",
        ]
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        own = nbformat.v4.new_code_cell("for n in rows:\n    print(n)\nassert check('I-1.1', rows)")
        code = program(nbformat.v4.new_notebook(cells=[*cells, own]), own)
        assert code.startswith("base = 2\nrows = []\ndef power(n):") and code.endswith(own.source)
        assert "unused" not in code and "heavy" not in code and "import" not in code


class TestBoxes:
    NB = small_page("III-1.5")

    def test_it_lacks_nothing(self):
        (one,) = exercises(self.NB)
        assert one.box.id == "exercise-1" and exercise_lacks(one) == []

    def test_students_keep_box_and_check(self, tmp_path):
        nbformat.write(self.NB, path := tmp_path / "page.ipynb")
        kept = nbformat.reads(for_students(path), as_version=4).cells
        assert [cell.id for cell in kept if cell.cell_type == "code"][1:] == ["exercise-1", "check-1"]
        words = student_files()["convlib/checks/flip_1.md"].decode()
        assert words.count("\n## Hint\n") == words.count("# III-1.") == 5 and "Solution" not in words

    def test_a_graded_set_has_its_own_numbers_and_no_box(self):
        graded = assignment(self.NB, 7)
        text, given, _, _ = graded.cells[2:]
        written = ", ".join(map(str, exercise("III-1.5", 7)["w"])).replace("-", "−")
        assert text.source.startswith("::::{admonition} Exercise III-1.5: The system behind a layer *\n")
        assert f"with w = [{written}]" in text.source and "np.array" in given.source
        assert "AnswerBox" not in nbformat.writes(graded) and "three ticks later" not in nbformat.writes(graded)
