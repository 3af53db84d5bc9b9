"""The graded sets, generated and graded by nbgrader itself."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

ROOT = Path(__file__).resolve().parents[2]
# What nbgrader's own code says about the libraries below it is not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning", "ignore::DeprecationWarning")
SECRET = "not-so-secret-for-this-test"
SOLVED = re.compile(r"### BEGIN SOLUTION\n(answer_\d+) = (.+)\n### END SOLUTION")
PLACE = re.compile(r"^(answer_\d+) = None .*$", re.MULTILINE)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A course folder as `make assignment` leaves it; the kernels that grade find convlib."""
    folder = tmp_path_factory.mktemp("course")
    os.environ |= {"PYTHONPATH": str(ROOT), "SEED": SECRET, "IPYTHONDIR": str(folder / "ipython")}
    programs = Path(sys.executable).parent  # nbgrader looks for its own
    os.environ |= {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    os.environ |= {"JUPYTER_CONFIG_DIR": str(folder / "jupyter"), "MPLBACKEND": "agg"}
    command = [sys.executable, "-m", "tools.editions.assignment", "--out", folder]
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT)
    return folder


@pytest.fixture(scope="module")
def api(course) -> NbGraderAPI:
    settings = Config()
    text = (course / "nbgrader_config.py").read_text("utf-8")
    exec(compile(text, "nbgrader_config.py", "exec"), {"get_config": lambda: settings})
    settings.CourseDirectory.root = str(course)
    settings.CourseDirectory.db_url = f"sqlite:///{course}/gradebook.db"
    os.chdir(course)
    return NbGraderAPI(config=settings)


@pytest.fixture(scope="module")
def sets(course) -> list[str]:
    return sorted(folder.name for folder in (course / "source").iterdir())


@pytest.fixture(scope="module")
def released(api, course, sets) -> dict[str, Path]:
    """Every set as nbgrader gives it to students."""
    for name in sets:
        made = api.generate_assignment(name)
        assert made["success"], made["log"]
    return {name: course / f"release/{name}/{name}.ipynb" for name in sets}


def right_answers(course: Path, name: str) -> dict[str, str]:
    text = nbformat.read(course / f"source/{name}/{name}.ipynb", as_version=4)
    return dict(match.groups() for cell in text.cells if (match := SOLVED.search(cell.source)))


def hand_in(course: Path, released: Path, student: str, answers: dict[str, str]) -> None:
    """The released notebook with these answers put into their places."""
    nb = nbformat.read(released, as_version=4)
    for cell in nb.cells:
        if cell.cell_type == "code" and (place := PLACE.search(cell.source)) and place[1] in answers:
            cell.source = PLACE.sub(lambda m: f"{m[1]} = {answers[m[1]]}", cell.source)
    target = course / f"submitted/{student}/{released.stem}/{released.name}"
    target.parent.mkdir(parents=True)
    nbformat.write(nb, target)


def graded(api: NbGraderAPI, course: Path, name: str, student: str) -> tuple[float, float]:
    """Score and full score, by nbgrader's own records."""
    done = api.autograde(name, student)
    assert done["success"], done["log"]
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        submission = book.find_submission(name, student)
        return submission.score, submission.max_score


def words_of(course: Path, name: str, student: str) -> str:
    nb = nbformat.read(course / f"autograded/{student}/{name}/{name}.ipynb", as_version=4)
    return "\n".join(o.evalue for c in nb.cells for o in c.get("outputs", []) if o.output_type == "error")


def full(exercises: int) -> int:
    return 1 + 2 * (exercises - 1)


def test_every_chapter_has_a_set(sets):
    chapters = ROOT.glob("chapters/[0-9]*/*.ipynb")
    assert sets == sorted(f"{path.parent.name[0]}-{path.stem}" for path in chapters)


def test_students_get_no_answer_no_seed_and_no_hidden_test(course, released):
    for name, path in released.items():
        text, answers = path.read_text("utf-8"), right_answers(course, name)
        assert 3 <= len(answers) <= 5
        assert all(re.search(rf"{answer} = None", text) for answer in answers)
        source = (course / f"source/{name}/{name}.ipynb").read_text("utf-8")
        seeds = re.findall(r"seed = (0x[0-9a-f]+)", source)
        assert len(seeds) == len(answers)
        for word in (SECRET, seeds[0], str(int(seeds[0], 16)), "HIDDEN", "SOLUTION", "convlib.checks", "check("):
            assert word not in text, (name, word)


def test_students_numbers_are_there(released):
    for path in released.values():
        nb = nbformat.read(path, as_version=4)
        names = {"np": __import__("numpy")}
        for cell in nb.cells:
            if cell.source.startswith("given_"):
                exec(cell.source, names)
        assert sum(name.startswith("given_") for name in names) == sum(c.source.startswith("given_") for c in nb.cells)


def test_a_right_submission_gets_every_point(api, course, released):
    for name, path in released.items():
        answers = right_answers(course, name)
        hand_in(course, path, "right", answers)
        score, most = graded(api, course, name, "right")
        assert score == most == full(len(answers)), words_of(course, name, "right")


@pytest.mark.parametrize("name", ["1-1-what-a-layer-computes", "3-2-flip-slide-integrate"])
class TestOthers:
    def test_an_empty_submission_gets_none(self, api, course, released, name):
        hand_in(course, released[name], "empty", {})
        assert graded(api, course, name, "empty") == (0, full(5))
        assert "no answer yet" in words_of(course, name, "empty")

    def test_wrong_answers_cost_their_own_points(self, api, course, released, name):
        answers = right_answers(course, name)
        answers |= {"answer_1": f"np.add({answers['answer_1']}, 1)", "answer_3": "[999, 998]", "answer_4": "None"}
        hand_in(course, released[name], "partly", answers)
        assert graded(api, course, name, "partly") == (full(5) - 1 - 2 - 2, full(5))
        words = words_of(course, name, "partly")
        assert re.search(r"^[IV]+-\d\.1: ", words, re.MULTILINE), words  # the checker's own sentence

    def test_right_in_another_form_is_right(self, api, course, released, name):
        answers = {key: f"1.0 * np.array({value})" for key, value in right_answers(course, name).items()}
        hand_in(course, released[name], "arrays", answers)
        assert graded(api, course, name, "arrays") == (full(5), full(5))

    def test_taking_the_tests_out_does_not_help(self, api, course, released, name):
        nb = nbformat.read(released[name], as_version=4)
        for cell in nb.cells:
            if cell.source.startswith(("given_", "assert ")):
                cell.source = "pass"
        target = course / f"submitted/changed/{name}/{name}.ipynb"
        target.parent.mkdir(parents=True)
        nbformat.write(nb, target)
        assert graded(api, course, name, "changed")[0] == 0


def test_the_commands_of_the_readme_lead_to_marks(course, tmp_path):
    """As an instructor types them, one after the other, in a course folder of its own."""
    make = [sys.executable, "-m", "tools.editions.assignment", "--out", str(tmp_path), "1-1"]
    subprocess.run(make, check=True, cwd=ROOT)
    name = "1-1-what-a-layer-computes"
    commands = re.findall(r"^nbgrader [\w ./-]+?(?= +#|$)", (tmp_path / "README.md").read_text("utf-8"), re.MULTILINE)
    assert [command.split()[1] for command in commands] == [
        "generate_assignment",
        "autograde",
        "generate_feedback",
        "export",
    ]
    for command in commands:
        ran = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        if "generate_assignment" in command:
            hand_in(tmp_path, tmp_path / f"release/{name}/{name}.ipynb", "bea", {"answer_1": "[0, 0]"})
    assert "I-1.1" in (tmp_path / f"feedback/bea/{name}/{name}.html").read_text("utf-8")
    assert re.search(rf"^{name},.*\bbea\b.*,0\.0,9\.0", (tmp_path / "grades.csv").read_text("utf-8"), re.MULTILINE)
