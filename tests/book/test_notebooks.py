"""Every notebook: stored in one form, and each stored output computed again."""

import copy
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbval_runner import objections, run_nbval

from tools.notebooks.kernel import NO_START, STARTS, warm_up
from tools.notebooks.rules import long_numbers, problems
from tools.notebooks.store import COURSE, ROOT, as_text, normalised, notebooks, refusals

NOTEBOOKS = notebooks(COURSE)
GOOD = Path(__file__).parent / "notebooks/good.ipynb"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
WIDGET = "application/vnd.jupyter.widget-"
VERSION = {"version_major": 2, "version_minor": 0}
WARNS = 'import sys\n\nprint("RuntimeWarning: overflow", file=sys.stderr)'
FIGURE = "import matplotlib.pyplot as plt\n\nplt.figure(figsize=(2, 1))\nplt.plot(y)\nplt.show()"
ERROR = {"ename": "IndexError", "evalue": "index 4 is out of bounds", "traceback": ["IndexError"]}


def printed(text: str, name: str = "stdout") -> NotebookNode:
    return new_output("stream", name=name, text=text)


def shown(text: str, kind: str = "execute_result", **data: object) -> NotebookNode:
    return new_output(kind, {"text/plain": text, **data}, **{"execution_count": 2} if kind == "execute_result" else {})


IMAGE = shown("<Figure size 200x100 with 1 Axes>", "display_data", **{"image/png": PIXEL})
VIEW = shown("[]", **{f"{WIDGET}view+json": {"model_id": "a", **VERSION}})
# Each sample breaks one rule in its last cell: its source, its count, its outputs; and what the report must say.
MUST_FAIL = {
    "changed-number": ("y + 0", 2, [shown("array([10, 13, 11,  3])")], "array([10, 13, 10,  3])"),
    "many-digits": ("print(y.mean() / 7)", 2, [printed("1.2857142857142858\n")], "digits: 1.2857142857142858"),
    "memory-address": ("object()", 2, [shown("<object at 0x7f26e45b1130>")], "memory address"),
    "new-error": ("y[4]", 2, [shown("0")], "IndexError"),
    "new-warning": ("import warnings\n\nwarnings.warn('overflow')", 2, [], "fields from running code: {'stderr'}"),
    "no-count": ("print(y.sum())", None, [], "no execution count"),
    "no-figure-stored": (FIGURE, 2, [], "fields from running code: {'text/plain'}"),
    "nothing-stored": ("print(y.sum())", 2, [], "nothing is stored"),
    "out-of-order": ("print(y.sum())", 7, [printed("36\n")], "execution count 7"),
    "stored-error": ("y[4]", 2, [new_output("error", **ERROR)], "an error is stored: IndexError"),
    "stored-image": (FIGURE, 2, [IMAGE], "an image is stored (image/png)"),
    "stored-warning": (WARNS, 2, [printed("RuntimeWarning: overflow\n", "stderr")], "a warning is stored: Runtime"),
    "taken-out": ("# NBVAL_IGNORE_OUTPUT\nprint(y.sum())", 2, [printed("35\n")], "out of the comparison"),
    "trailing-semicolon": ("y.sum();", 2, [], "trailing ';'"),
    "widget-state": ("y[:0].tolist()", 2, [VIEW], "not in the stored form"),
}  # fmt: skip


def put(folder: Path, sample: str) -> Path:
    """Write a sample: the beginning of the good one, and its own cell."""
    nb, path = nbformat.read(GOOD, as_version=4), folder / f"{sample}.ipynb"
    if sample != "good":
        source, count, outputs, _ = MUST_FAIL[sample]
        nb.cells[2:] = [new_code_cell(source, id="cell-2", execution_count=count, outputs=copy.deepcopy(outputs))]
    if sample == "widget-state":
        nb.metadata["widgets"] = {f"{WIDGET}state+json": {"state": {}, **VERSION}}
    path.write_text(nbformat.writes(nb, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def refuse(failures: list[str]) -> None:
    """Fail with nbval's own words, without this file's traceback around them."""
    if failures:
        pytest.fail("\n\n".join(failures), pytrace=False)


@pytest.fixture(scope="session", autouse=True)
def font_cache():
    warm_up()


def code_cells(path: Path) -> int:
    return sum(cell.cell_type == "code" for cell in nbformat.read(path, as_version=4).cells)


class TestCourse:
    @pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
    def test_every_stored_output_is_computed_again(self, path, counted, record_property):
        before = sorted(path.parent.iterdir())
        outcome = objections(path)
        counted(notebooks=1, cells=outcome.cells)
        record_property("seconds", round(outcome.seconds, 1))
        refuse(outcome.failures)
        assert outcome.cells == code_cells(path)
        assert sorted(path.parent.iterdir()) == before, "the notebook leaves files behind"


class TestTheChecksThemselves:
    def test_good_sample_passes(self):
        outcome = objections(GOOD)
        assert outcome.failures == []
        assert outcome.cells == code_cells(GOOD) == 6

    @pytest.mark.parametrize("sample", MUST_FAIL)
    def test_bad_sample_is_refused(self, sample, tmp_path):
        failures = "\n".join(objections(put(tmp_path, sample)).failures)
        assert f"{sample}.ipynb" in failures and MUST_FAIL[sample][-1] in failures
        assert "[2]" in failures or sample == "widget-state"

    def test_a_cell_left_out_by_nbval_is_a_failure(self, tmp_path):
        nb = nbformat.read(GOOD, as_version=4)
        nb.cells[1].source += "\n# NBVAL_SKIP"
        path = tmp_path / "skipped.ipynb"
        nbformat.write(nb, path)
        assert "[1]: " in "\n".join(run_nbval(path).failures)

    def test_prose_alone_passes(self, tmp_path):
        path = tmp_path / "prose.ipynb"
        nb = new_notebook(cells=[new_markdown_cell("# Only words", id="a")])
        path.write_text(as_text(nb), encoding="utf-8")
        assert objections(path).failures == []


class TestAKernelThatDoesNotStart:
    """Another program may take a port first; the kernel then dies before any cell has run."""

    @pytest.fixture
    def dying(self, tmp_path, monkeypatch):
        """`dying(n)`: from now on the first n kernels die as they start; returns the file that counts them."""

        def first(n):
            starts = tmp_path / "starts"
            (tmp_path / "sitecustomize.py").write_text(
                "import os, sys\n"
                "if 'ipykernel_launcher' in sys.orig_argv:\n"
                f"    with open({str(starts)!r}, 'a+') as file:\n"
                "        file.write('x')\n"
                f"        if file.tell() <= {n}:\n"
                "            file.close()\n"
                "            os._exit(1)\n",
                encoding="utf-8",
            )
            monkeypatch.setenv("PYTHONPATH", str(tmp_path))
            return starts

        return first

    @pytest.fixture
    def book(self):
        """What the book says of the good sample; in a process of its own, as nbclient leaves dead kernels behind."""

        def problem():
            code = (
                "import nbformat\nfrom pathlib import Path\n"
                "from tools.notebooks.kernel import execute\n"
                f"nb = nbformat.read({str(GOOD)!r}, as_version=4)\n"
                f"print(execute(nb, Path({str(GOOD.parent)!r}))[1])"
            )
            return subprocess.run(
                [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
            ).stdout

        return problem

    @staticmethod
    def check():
        """What the check says of it."""
        return "\n".join(run_nbval(GOOD).failures)

    @pytest.mark.parametrize("deaths", [1, 100])
    @pytest.mark.parametrize("way", ["book", "check"])
    def test_another_is_started_until_it_gives_up(self, way, deaths, dying, book):
        starts, said = dying(deaths), {"book": book, "check": self.check}[way]()
        assert NO_START in said if deaths > STARTS else said.strip() == ""
        assert starts.read_text() == "x" * min(deaths + 1, STARTS)


class TestRules:
    def test_short_numbers_pass(self):
        short = "0.333333 [1. 2. 3.] 0.000123456 1.5e-07 12345678 1e-12 123.456 numpy 2.13.0123456.1 -0.25j 2026-11-20"
        assert long_numbers(f"{short} x[1234567]") == []

    def test_long_numbers_do_not(self):
        long = "0.3333333 1234.5678 0.30000000000000004 0.5000000 0.1234567s 1234567e3 1.2345678e-05 (1.2345678-2j)"
        assert len(long_numbers(f"{long} 2-1.2345678j [0.1 2]")) == 9

    @pytest.mark.parametrize(
        ("source", "speaks"),
        [
            ("x = 3", False), ("f(x)", False), ("assert x == 3", False), ("None", False), ("", False), ("x +", False),
            ("if x:\n    print(3)", False), ("def f():\n    print(3)", False), ("x = 3\nx", True), ("print(x)", True),
            ("display(x)", True), ("%matplotlib inline\nx", True), ("for i in x:\n    print(i)", True),
        ],
    )  # fmt: skip
    def test_a_cell_that_is_sure_to_speak_must_have_spoken(self, source, speaks):
        cell = new_code_cell(source, execution_count=1)
        found = problems(new_notebook(cells=[cell]))
        assert ["nothing is stored" in problem for problem in found] == [True] * speaks

    def test_an_attached_image_is_refused(self):
        image = {"a.png": {"image/png": ""}}
        cell = new_markdown_cell("![](attachment:a.png)", attachments=image)
        found = problems(new_notebook(cells=[cell]))
        assert found == ["an image is attached to a cell"]


class TestTools:
    def tool(self, script: str, *arguments: object) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", f"tools.notebooks.{script}", *arguments]
        return subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True, check=False)

    @pytest.mark.parametrize("sample", ["good", *MUST_FAIL])
    def test_the_stored_form_of_a_stored_form_is_itself(self, sample, tmp_path):
        once = as_text(nbformat.read(put(tmp_path, sample), as_version=4))
        assert as_text(nbformat.reads(once, as_version=4)) == once
        assert "image/png" not in once and "widget-view" not in once and "widget-state" not in once

    @pytest.mark.parametrize("sample", ["stored-image", "widget-state"])
    def test_fix_mends_what_it_can(self, tmp_path, sample):
        path = put(tmp_path, sample)
        checked = self.tool("store", "--check", tmp_path)
        assert checked.returncode == 1
        assert f"{sample}.ipynb: not in the stored form" in checked.stdout
        fixed = self.tool("store", "--fix", tmp_path)
        assert fixed.stdout == "1 notebooks, 0 problems\n"
        assert objections(path).failures == []

    def test_fix_does_not_hide_what_it_cannot_mend(self, tmp_path):
        put(tmp_path, "stored-error")
        ran = self.tool("store", "--fix", tmp_path)
        assert ran.returncode == 1
        assert "stored-error.ipynb: [2] an error is stored" in ran.stdout

    def test_chunks_of_one_stream_become_one(self):
        chunks = [new_output("stream", text=t) for t in ("a", "b\n")]
        cell = new_code_cell("", outputs=chunks, execution_count=1)
        nb = new_notebook(cells=[cell])
        assert [o.text for o in normalised(nb).cells[0].outputs] == ["ab\n"]

    def test_metadata_of_one_editor_goes_and_that_of_the_course_stays(self):
        metadata = {"tags": ["hide-input"], "collapsed": True}
        cell = new_code_cell("", metadata=metadata, execution_count=1)
        nb = new_notebook(cells=[cell], metadata={"vscode": {}, "title": "T"})
        nb.cells.append(cell)
        stored = normalised(nb)
        assert set(stored.metadata) == {"kernelspec", "language_info", "title"}
        assert stored.cells[0].metadata == {"tags": ["hide-input"]}
        assert stored.cells[0].id != stored.cells[1].id

    def test_running_stores_what_is_stored_already(self, tmp_path):
        path = put(tmp_path, "good")
        ran = self.tool("run", path)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert path.read_text() == GOOD.read_text()
        assert "1 notebooks run, 0 with problems" in ran.stdout

    def test_running_names_notebook_cell_and_error_and_stores_nothing(self, tmp_path):
        before = (path := put(tmp_path, "new-error")).read_text()
        ran = self.tool("run", tmp_path)
        assert ran.returncode == 1
        assert "new-error.ipynb: [2] `" in ran.stdout
        assert "`: IndexError: index 4 is out of bounds" in ran.stdout
        assert path.read_text() == before

    def test_running_mends_missing_outputs(self, tmp_path):
        path = put(tmp_path, "nothing-stored")
        assert refusals(path)
        assert self.tool("run", path).returncode == 0
        assert refusals(path) == []
