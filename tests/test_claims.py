"""The ledger of claims: every row is there, says what it has to, and its evidence exists and runs."""

import ast
import json
import re
from pathlib import Path

import pytest
from sphinx_external_toc.parsing import parse_toc_yaml

from tools.book.claims import FOLDER, LINE, PAGE, load, markdown
from tools.env.peers import FRAMEWORKS

ROOT = Path(__file__).resolve().parents[1]
IDS = [f"B{n}" for n in range(1, 38)]
VERDICTS = {"true", "depends", "wrong", "no evidence"}
WORDS = ("claim", "where", "verdict", "page", "why", "shown")
OPTIONAL = {"id", "note", "means", "evidence"}
IN_PEERS = [f"tests/peers/{file.name}" for file in FRAMEWORKS]


def rows(entries: list[dict]) -> list[str]:
    """Each of the 37 claims once, and no other."""
    found = [e["id"] for e in entries]
    missing = [f"{name}: no row" for name in IDS if name not in found]
    twice = [f"{name}: two rows" for name in IDS if found.count(name) > 1]
    return missing + twice + [f"{name}: not one of B1 to B37" for name in found if name not in IDS]


def words(entry: dict, root: Path) -> list[str]:
    """What a row says: nothing is empty, nothing misspelt, and its page leads to it."""
    found = [f"no {key}" for key in WORDS if not entry.get(key, "").strip()]
    found += [f"unknown key {key}" for key in entry if key not in OPTIONAL | {*WORDS}]
    if entry.get("verdict") not in VERDICTS:
        found.append(f"the verdict {entry.get('verdict')!r} is not one of {sorted(VERDICTS)}")
    page = root / f"chapters/{entry.get('page')}.ipynb"
    if not page.is_file():
        found.append(f"{entry.get('page')}: no such page")
    elif f"(#claim-{entry['id'].lower()})" not in page.read_text("utf-8"):
        found.append(f"{entry['page']} has no link to this claim")
    return [f"{entry['id']}: {problem}" for problem in found]


def evidence(entry: dict, root: Path) -> list[str]:
    """Every piece of evidence exists and runs."""
    given = entry.get("evidence") or []
    problems = [(piece, in_page(piece, root) if "#" in piece else in_tests(piece, root)) for piece in given]
    found = [f"{piece}: {problem}" for piece, problem in problems if problem]
    return [f"{entry['id']}: {problem}" for problem in found or ["no evidence"] * (not given)]


def in_page(piece: str, root: Path) -> str:
    """What is wrong with a cell `chapters/….ipynb#id`; the notebook tests run every code cell of the contents."""
    file, _, name = piece.partition("#")
    if not (root / file).is_file() or file.removesuffix(".ipynb") not in parse_toc_yaml(root / "_toc.yml"):
        return "no page of the table of contents"
    found = [c for c in json.loads((root / file).read_text("utf-8"))["cells"] if c.get("id") == name]
    if not found or found[0]["cell_type"] != "code":
        return "no code cell of this name"
    if "assert" not in "".join(found[0]["source"]) and not found[0]["outputs"]:
        return "neither asserts nor shows anything"
    text = "".join(found[0]["source"]) + " ".join(found[0]["metadata"].get("tags", []))
    return "left out when the notebooks run" if re.search("nbval.(skip|ignore)|skip.execution", text, re.I) else ""


def in_tests(piece: str, root: Path) -> str:
    """What is wrong with a test `tests/….py::Class::name`; pytest collects tests/, `make peers` the peers."""
    file, *names = piece.split("::")
    collected = re.fullmatch(r"tests/test_\w+\.py", file) or file in IN_PEERS
    if not collected or not (root / file).is_file():
        return "no file whose tests are run"
    node = ast.parse((root / file).read_text("utf-8"))
    for name in names:
        inside = [n for n in node.body if isinstance(n, ast.ClassDef | ast.FunctionDef) and n.name == name]
        if not inside:
            return f"no {name} there"
        node = inside[-1]
        if any("skip" in ast.unparse(d) or "xfail" in ast.unparse(d) for d in node.decorator_list):
            return f"{name} may be skipped"
    return "" if names and names[-1].startswith("test") and isinstance(node, ast.FunctionDef) else "not a test"


ENTRIES = load()


def test_each_claim_has_its_row():
    assert rows(ENTRIES) == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e["id"])
def test_the_row_is_whole(entry):
    assert words(entry, ROOT) == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e["id"])
def test_its_evidence_runs(entry):
    assert evidence(entry, ROOT) == []


def test_the_page_has_the_line_that_is_replaced():
    assert (ROOT / f"{PAGE}.md").read_text("utf-8").count(LINE) == 1


def test_rows_and_entries_come_in_the_order_of_their_numbers():
    page = markdown(ENTRIES)
    wanted = [e["id"] for e in ENTRIES]
    assert wanted == sorted(wanted, key=IDS.index)
    assert re.findall(r"^\| \[(B\d+)\]", page, re.M) == re.findall(r"^## (B\d+):", page, re.M) == wanted


# A tree of one page, one test file and one row; each bad sample changes one thing.

SOUND = {
    "id": "B1",
    "claim": "a claim",
    "where": "somewhere",
    "verdict": "wrong",
    "page": "1-a/1-b",
    "why": "because",
    "shown": "there",
    "evidence": ["chapters/1-a/1-b.ipynb#check", "tests/test_a.py::TestA::test_b"],
}
CELLS = [
    {"cell_type": "markdown", "id": "words", "source": ["([Claim B1](#claim-b1))"], "metadata": {}},
    {"cell_type": "code", "id": "check", "source": ["assert 1"], "metadata": {}, "outputs": []},
    {"cell_type": "code", "id": "left-out", "source": ["# NBVAL_SKIP"], "metadata": {}, "outputs": [1]},
    {"cell_type": "code", "id": "tagged", "source": ["1"], "metadata": {"tags": ["skip-execution"]}, "outputs": [1]},
    {"cell_type": "code", "id": "mute", "source": ["x = 3"], "metadata": {}, "outputs": []},
]
TESTS = """
import pytest
class TestA:
    def test_b(self): ...
    def helper(self): ...
@pytest.mark.skip
def test_skipped(): ...
"""


@pytest.fixture
def tree(tmp_path):
    notebook = json.dumps({"cells": CELLS})
    files = {
        "_toc.yml": "format: jb-book\nroot: intro\nchapters:\n  - file: chapters/1-a/1-b\n",
        "chapters/1-a/1-b.ipynb": notebook,
        "chapters/1-a/2-draft.ipynb": notebook,
        "tests/test_a.py": TESTS,
        "tests/sweep.py": "def test_b(): ...",
        "tests/peers/test_b.py": "def test_b(): ...",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_sound_row_passes(tree):
    assert words(SOUND, tree) == evidence(SOUND, tree) == []
    assert rows([SOUND | {"id": name} for name in IDS]) == []


@pytest.mark.parametrize(
    ("names", "said"),
    [(IDS[:-1], "B37: no row"), ([*IDS, "B8"], "B8: two rows"), ([*IDS, "B38"], "B38: not one of B1 to B37")],
)
def test_must_fail_missing_and_doubled_rows(names, said):
    assert rows([{"id": name} for name in names]) == [said]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"why": " "}, "B1: no why"),
        ({"reason": "x"}, "B1: unknown key reason"),
        ({"verdict": "False"}, "B1: the verdict 'False' is not one of"),
        ({"page": "1-a/9-z"}, "B1: 1-a/9-z: no such page"),
        ({"id": "B2"}, "B2: 1-a/1-b has no link to this claim"),
    ],
)
def test_must_fail_words(change, said, tree):
    assert "\n".join(words(SOUND | change, tree)).startswith(said)


@pytest.mark.parametrize(
    ("piece", "said"),
    [
        ("chapters/1-a/1-b.ipynb#gone", "no code cell"),
        ("chapters/1-a/1-b.ipynb#words", "no code cell"),
        ("chapters/1-a/1-b.ipynb#left-out", "left out"),
        ("chapters/1-a/1-b.ipynb#tagged", "left out"),
        ("chapters/1-a/1-b.ipynb#mute", "neither asserts nor shows"),
        ("chapters/1-a/2-draft.ipynb#check", "no page of the table of contents"),
        ("chapters/1-a/3-gone.ipynb#check", "no page of the table of contents"),
        ("tests/test_a.py::TestA::test_gone", "no test_gone there"),
        ("tests/test_a.py::TestA::helper", "not a test"),
        ("tests/test_a.py::TestA", "not a test"),
        ("tests/test_a.py", "not a test"),
        ("tests/test_a.py::test_skipped", "may be skipped"),
        ("tests/test_gone.py::test_b", "no file whose tests are run"),
        ("tests/sweep.py::test_b", "no file whose tests are run"),
        ("tests/peers/test_b.py::test_b", "no file whose tests are run"),
    ],
)
def test_must_fail_evidence(piece, said, tree):
    assert said in evidence(SOUND | {"evidence": [piece]}, tree)[0]


@pytest.mark.parametrize("nothing", [[], "", None])
def test_must_fail_no_evidence(nothing, tree):
    assert evidence(SOUND | {"evidence": nothing}, tree) == ["B1: no evidence"]


def test_the_folder_is_read_whole(tmp_path):
    (tmp_path / "1-1.yml").write_text("- id: B10\n- id: B2\n  verdict: true\n")
    (tmp_path / "1-2.yml").write_text("- id: B3\n")
    assert [e["id"] for e in load(tmp_path)] == ["B2", "B3", "B10"]
    assert load(tmp_path)[0]["verdict"] == "true"
    assert len(load(FOLDER)) == len(ENTRIES)
