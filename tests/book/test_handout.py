"""The students' and the instructors' copy: what is in them, and that no solution leaks, however it is packed."""

import base64
import codecs
import gzip
import io
import json
import zipfile
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from convlib.checks import EXERCISES
from convlib.checks.words import words
from tools.chapters import ROOM, ROOT, Chapter, chapters, exercises, is_solution, read
from tools.editions import handout
from tools.editions.handout import for_students, instructor_files, packed, student_files
from tools.editions.leaks import code_lines, leaks, leaks_in_zip, squeezed, telling_lines

LINES = telling_lines()
SECRET = 'answer = given["p"] * given["q"] / 6'  # the solution of III-2.3
PAGES = [str(one.file.relative_to(ROOT)) for one in chapters()]


@pytest.fixture(scope="module")
def student() -> dict[str, bytes]:
    return student_files()


@pytest.fixture(scope="module")
def instructor() -> dict[str, bytes]:
    return instructor_files()


def notebook(files: dict[str, bytes], page: str) -> nbformat.NotebookNode:
    nb = nbformat.reads(files[page].decode(), as_version=4)
    nbformat.validate(nb)
    return nb


class TestStudents:
    def test_nothing_leaks(self, student):
        assert len(LINES) > 200
        assert leaks_in_zip(packed("student", student), LINES) == []

    @pytest.mark.parametrize("page", PAGES)
    def test_everything_but_solutions_and_outputs_is_there(self, student, page):
        nb, source = notebook(student, page), read(ROOT / page)
        kept = [c.source for c in nb.cells if c.source != ROOM]
        assert kept == [c.source for c in source.cells if not is_solution(c)]
        assert len(kept) < len(source.cells)
        assert not any(c.outputs or c.execution_count for c in nb.cells if c.cell_type == "code")

    @pytest.mark.parametrize("page", PAGES)
    def test_no_code_cell_follows_another(self, student, page):
        kinds = [c.cell_type for c in notebook(student, page).cells]
        assert ("code", "code") not in pairwise(kinds)

    @pytest.mark.parametrize("page", PAGES)
    def test_exercises_stay_and_answers_do_not(self, student, page):
        nb = notebook(student, page)
        asked = exercises(nb)
        assert [one.id for one in asked] == [one.id for one in exercises(read(ROOT / page))]
        assert not any(one.solution for one in asked)

    def test_it_is_all_that_an_environment_needs(self, student):
        wanted = {
            "README.md",
            "pyproject.toml",
            "binder/requirements.txt",
            "binder/postBuild",
            "LICENSE",
            "intro.ipynb",
        }
        assert wanted <= set(student)
        package = (p for p in (ROOT / "convlib").rglob("*") if p.is_file() and p.suffix != ".pyc")
        assert {str(p.relative_to(ROOT)) for p in package} <= set(student)

    def test_nothing_for_teachers_is_in_it(self, student):
        tops = {name.split("/")[0] for name in student}
        assert not tops & {"slides", "tests", "tools", "teaching", "editions", "_build", ".venv"}
        assert not [name for name in student if "instructor" in name]

    def test_no_page_leads_to_what_is_left_out(self, student):
        assert b"appendix/instructor-guide" in (ROOT / "intro.ipynb").read_bytes()
        assert not [name for name, data in student.items() if b"appendix/instructor-guide" in data]

    def test_the_archive_is_the_same_again_and_can_be_built(self, student):
        data = packed("student", student)
        assert packed("student", dict(reversed(student.items()))) == data
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.getinfo("student/binder/postBuild").external_attr >> 16 == 0o755


class TestInstructors:
    @pytest.mark.parametrize("page", PAGES)
    def test_solutions_are_there(self, instructor, page):
        assert instructor[page] == (ROOT / page).read_bytes()
        assert any(is_solution(c) for c in notebook(instructor, page).cells)

    @pytest.mark.parametrize("page", PAGES)
    def test_notes_answers_and_key_are_there(self, instructor, page):
        part, name = page.split("/")[1][0], Path(page).stem
        text = instructor[f"teaching/{part}-{name}.md"].decode()
        deck = read(next(ROOT.glob(f"slides/{part}-{name[0]}-*.ipynb")))
        notes = [c.source for c in deck.cells if c.metadata.get("slideshow", {}).get("slide_type") == "notes"]
        assert notes and all(note in text for note in notes)
        for one in exercises(read(ROOT / page)):
            answers = text.split(f"**{one.id}**\n\n")[1].split("\n\n")[0].splitlines()
            assert len(answers) == 4 and all(line.startswith("- `") for line in answers)
        questions = json.loads(Chapter(page.removeprefix("chapters/").removesuffix(".ipynb")).quiz.read_text("utf-8"))
        assert text.count("**Right:**") == len(questions)
        assert text.startswith("# ") and "=\n" not in text.splitlines()[0]

    def test_expected_answers_are_right(self, instructor):
        text = instructor["teaching/3-2-flip-slide-integrate.md"].decode()
        assert "**III-2.2**\n\n- `[2, 4]`\n" in text  # f from −2 to 4, g from −1 to 2, t = 4

    def test_it_is_no_students_copy(self, instructor):
        assert len(leaks_in_zip(packed("instructor", instructor), LINES)) >= len(LINES)


def in_notebook(change) -> bytes:
    nb = new_notebook(cells=[new_code_cell("x = 1", id="a"), new_markdown_cell("words", id="b")])
    change(nb)
    return json.dumps(nb).encode()


def set_output(nb, **data: object) -> None:
    nb.cells[0].outputs = [new_output("display_data", data={k.replace("_", "/"): v for k, v in data.items()})]


def picture(text: str) -> str:
    """A picture that carries a text, as base64."""
    return base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\x20tEXtComment\0" + text.encode() + b"\0\0").decode()


def lines_of(text: str, width: int = 20) -> str:
    return "\n".join(text[k : k + width] for k in range(0, len(text), width))


def zipped(name: str, text: str, comment: str = "") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
        archive.comment = comment.encode()
    return data.getvalue()


PLANTED = {
    "an output": in_notebook(lambda nb: nb.cells[0].update(outputs=[new_output("stream", text=f"1\n{SECRET}\n")])),
    "a rich output": in_notebook(lambda nb: set_output(nb, text_html=["<pre>", SECRET, "</pre>"])),
    "an output within an output": in_notebook(lambda nb: set_output(nb, text_plain=json.dumps(json.dumps([SECRET])))),
    "a picture's output": in_notebook(lambda nb: set_output(nb, image_png=lines_of(picture(SECRET)))),
    "a cell's metadata": in_notebook(lambda nb: nb.cells[0].metadata.update(old={"source": [SECRET]})),
    "the notebook's metadata": in_notebook(lambda nb: nb.metadata.update(history=[{"was": SECRET}])),
    "an attachment": in_notebook(lambda nb: nb.cells[1].update(attachments={"a.png": {"image/png": picture(SECRET)}})),
    "an attached text": in_notebook(
        lambda nb: nb.cells[1].update(attachments={"a.txt": {"text/plain": base64.b64encode(SECRET.encode()).decode()}})
    ),
    "a checker": f'def _judge(p):\n    answer = given["p"]*given["q"]/6  # {"right"}\n    return answer\n'.encode(),
    "a checker's comment": b"# the answer: answer = given['p'] * given['q'] / 6\n",
    "other spaces": b"answer=given['p'] *\tgiven['q']  /6",
    "a packed file": gzip.compress(SECRET.encode()),
    "an archive in the archive": zipped("a.py", SECRET),
    "base64 twice": base64.b64encode(base64.b64encode(f"# {SECRET}".encode())),
    "base64 for addresses": b"data:text/x;base64," + base64.urlsafe_b64encode(b"\xfb\xff\xfe" + SECRET.encode()),
    "hexadecimal": SECRET.encode().hex().encode(),
    "UTF-16": SECRET.encode("utf-16"),
    "escapes": json.dumps({"a": "".join(f"\\u{ord(c):04x}" for c in SECRET)}).encode(),
}


class TestLeaks:
    def test_each_planted_line_is_found_in_the_whole_copy(self, student):
        files = student | {f"convlib/checks/{name}.py": data for name, data in PLANTED.items()}
        found = [leak.split(": ", 1) for leak in leaks_in_zip(packed("student", files), LINES)]
        places = {f"student/convlib/checks/{name}.py" for name in PLANTED}
        assert {place for place, _ in found} == places
        told = "a line of a solution of 2-flip-slide-integrate: "
        assert {place for place, words in found if words == told + squeezed(SECRET)} == places

    def test_a_name_and_a_comment_of_the_archive_are_found(self):
        assert leaks_in_zip(zipped("a.py", "x", comment=f"# {SECRET}"), LINES)
        assert leaks_in_zip(zipped("answer=given[p]*given[q]/6.py", "x"), LINES)

    def test_each_line_of_each_solution_is_found(self):
        solutions = [c.source for one in chapters() for c in one.notebook.cells if is_solution(c)]
        solutions += [words(one).solution for one in EXERCISES.values()]
        assert len(leaks("all.txt", "\n".join(solutions).encode(), LINES)) == len(LINES)
        telling = set().union(*map(code_lines, solutions))
        assert len(LINES) > 0.9 * len(telling)  # few of them stand in a chapter's open code too

    @pytest.mark.parametrize("page", PAGES)
    def test_a_solution_that_lost_its_tag_is_found(self, page, tmp_path):
        nb = read(ROOT / page)
        for cell in filter(is_solution, nb.cells):
            cell.metadata["tags"] = ["hide-input"]
        nbformat.write(nb, path := tmp_path / "untagged.ipynb")
        assert leaks("untagged.ipynb", for_students(path).encode(), LINES)

    @pytest.mark.parametrize("text", ["words", "\x1f\x8b no archive", "PK\3\4 no archive", "A" * 5000, "answer = None"])
    def test_no_leak_is_found_where_there_is_none(self, text):
        assert leaks("a", text.encode(), LINES) == []
        assert leaks("a", codecs.encode(text.encode(), "base64"), LINES) == []

    def test_a_leaking_copy_is_not_written(self, tmp_path, monkeypatch):
        monkeypatch.setattr(handout, "student_files", lambda: {"a.ipynb": PLANTED["an output"]})
        monkeypatch.setattr("sys.argv", ["handout.py", "--out", str(tmp_path / "editions")])
        with pytest.raises(
            SystemExit, match=r"nothing was written\nflip-and-slide-student/a\.ipynb: a line of a solution"
        ):
            handout.main()
        assert not (tmp_path / "editions").exists()
