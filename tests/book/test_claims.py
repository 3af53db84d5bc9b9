"""The ledger of claims: every row is there, says what it has to, and its evidence exists and runs."""

import ast
import json
import re
from pathlib import Path

import pytest
from sphinx_external_toc.parsing import parse_toc_yaml

from tools.book.claims import FOLDER, LINE, PAGE, WRITTEN, load, markdown, quotation
from tools.env.peers import FRAMEWORKS
from tools.languages import HAN

ROOT = Path(__file__).resolve().parents[2]
IDS = [f"B{n}" for n in range(1, 46)]
VERDICTS = {"true", "depends", "wrong", "no evidence"}
WORDS = ("claim", "where", "verdict", "page", "why", "shown")
OPTIONAL = {"id", "note", "means", "evidence", "quotes"}
LONGEST = 110  # characters of somebody else's text in one piece
IN_PEERS = [f"tests/peers/{file.name}" for file in FRAMEWORKS]


def rows(entries: list[dict]) -> list[str]:
    """Each of the 45 claims once, and no other."""
    found = [e["id"] for e in entries]
    missing = [f"{name}: no row" for name in IDS if name not in found]
    twice = [f"{name}: two rows" for name in IDS if found.count(name) > 1]
    return missing + twice + [f"{name}: not one of B1 to B45" for name in found if name not in IDS]


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


def quoted(entry: dict) -> list[str]:
    """A row has its sources' own words: short, with the line, and translated if they are Chinese."""
    found = [] if entry.get("quotes") else ["no quotes"]
    for quote in entry.get("quotes") or []:
        said, about = quote.get("words", ""), f"line {quote.get('line')}"
        found += [f"{about}: unknown key {key}" for key in quote if key not in ("source", "line", "words", "english")]
        if quote.get("source") not in WRITTEN or f"`{quote.get('source')}`" not in entry["where"]:
            found.append(f"{about}: {quote.get('source')!r} is no source of this row")
        if not re.fullmatch(r"[1-9]\d*", quote.get("line", "")):
            found.append("a quote without its line")
        if not 0 < len(said) <= LONGEST:
            found.append(f"{about}: {len(said)} characters, not 1 to {LONGEST}")
        if bool(re.search(HAN, said)) != bool(quote.get("english", "").strip()):
            found.append(f"{about}: Chinese has a translation, other words have none")
    return [f"{entry['id']}: {problem}" for problem in found]


# A number: 3,668 or 0.477 or 1/6 or 10^-6, with its minus if it has one.
NUMBER = re.compile(r"(?<![\w.^])(?:(?<![\w)\]])-)?(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?:\^-?\d+|/\d+)?(?![\w^])")
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
NOT_TEXT = re.compile(r"\{\w+(?::\w)?\}`[^`]*`|\]\([^)]*\)")


def numbers(text: str) -> set[str]:
    """The numbers of a text, all written in one way; those in addresses, names and labels aside."""
    text = re.sub(r"(?<=\d)([⁻⁰¹²³⁴-⁹]+)", r"^\1", NOT_TEXT.sub(" ", text)).translate(RAISED)
    text = re.sub(r"\b1e(-?\d)", r"10^\1", text)
    text = re.sub(r"\\[tdc]?frac\{?(\d+)\}?\{?(\d+)\}?", r"\1/\2", text)
    text = re.sub(r"[{}$]|\\[,;! ]", "", re.sub(r"\^\{(-?\d+)\}", r"^\1", text))
    return {n.replace(",", "") for n in NUMBER.findall(text)}


def known(entry: dict, root: Path) -> set[str]:
    """The numbers of a row's page, prose and outputs, and of its evidence."""
    texts = []
    for cell in json.loads((root / f"chapters/{entry['page']}.ipynb").read_text("utf-8"))["cells"]:
        outputs = [out.get("text", out.get("data", {}).get("text/plain", "")) for out in cell.get("outputs", [])]
        texts += ["".join(cell["source"])] if cell["cell_type"] == "markdown" else ["".join(out) for out in outputs]
    for piece in entry["evidence"]:
        file, _, name = re.split(r"(#|::)", piece, maxsplit=1)
        text = (root / file).read_text("utf-8") if (root / file).is_file() else ""
        if file.endswith(".ipynb"):
            texts += ["".join(c["source"]) for c in json.loads(text)["cells"] if c["id"] == name]
        else:
            inside = [n for n in ast.walk(ast.parse(text)) if getattr(n, "name", "") == name.split("::")[-1]]
            texts += [ast.unparse(n) for n in inside]
    return set().union(*map(numbers, texts))


def unknown_numbers(entry: dict, root: Path) -> list[str]:
    """Numbers in a row that its page and its evidence do not know."""
    said = " ".join(entry.get(key, "") for key in ("claim", "note", "means", "why", "shown"))
    return [f"{entry['id']}: {n}" for n in sorted(numbers(said) - known(entry, root))]


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
    collected = re.fullmatch(r"tests/(library|widgets|book|repo)/test_\w+\.py", file) or file in IN_PEERS
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


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e["id"])
def test_it_quotes_its_sources(entry):
    assert quoted(entry) == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e["id"])
def test_its_numbers_are_those_of_its_page(entry):
    assert unknown_numbers(entry, ROOT) == []


def test_the_page_has_the_line_that_is_replaced():
    assert (ROOT / f"{PAGE}.md").read_text("utf-8").count(LINE) == 1


def test_entries_come_in_the_order_of_their_numbers():
    assert re.findall(r"^## (B\d+):", markdown(ENTRIES), re.M) == sorted((e["id"] for e in ENTRIES), key=IDS.index)


# A tree of one page, one test file and one row; each bad sample changes one thing.

SOUND = {
    "id": "B1",
    "claim": "a claim",
    "where": "somewhere {cite:p}`d2l-notes`",
    "quotes": [{"source": "d2l-notes", "line": "3", "words": "卷积", "english": "convolution"}],
    "verdict": "wrong",
    "page": "1-a/1-b",
    "why": "because",
    "shown": "there",
    "evidence": ["chapters/1-a/1-b.ipynb#check", "tests/library/test_a.py::TestA::test_b"],
}
SHOWN = [{"text": ["1"]}]
CELLS = [
    {"cell_type": "markdown", "id": "words", "source": ["([Claim B1](#claim-b1))"], "metadata": {}},
    {"cell_type": "code", "id": "check", "source": ["assert 1"], "metadata": {}, "outputs": []},
    {"cell_type": "code", "id": "left-out", "source": ["# NBVAL_SKIP"], "metadata": {}, "outputs": SHOWN},
    {"cell_type": "code", "id": "tagged", "source": ["1"], "metadata": {"tags": ["skip-execution"]}, "outputs": SHOWN},
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
        "tests/library/test_a.py": TESTS,
        "tests/peers/test_b.py": "def test_b(): ...",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_sound_row_passes(tree):
    assert words(SOUND, tree) == evidence(SOUND, tree) == quoted(SOUND) == unknown_numbers(SOUND, tree) == []
    assert rows([SOUND | {"id": name} for name in IDS]) == []


@pytest.mark.parametrize(
    ("names", "said"),
    [(IDS[:-1], "B45: no row"), ([*IDS, "B8"], "B8: two rows"), ([*IDS, "B46"], "B46: not one of B1 to B45")],
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
    ("change", "said"),
    [
        ({"source": "li-convolutional-layer"}, "no source of this row"),
        ({"line": ""}, "without its line"),
        ({"words": ""}, "0 characters"),
        ({"words": "卷" * 111}, "111 characters"),
        ({"english": " "}, "Chinese has a translation"),
        ({"words": "convolution"}, "other words have none"),
        ({"page": "1"}, "unknown key page"),
    ],
)
def test_must_fail_quotes(change, said):
    assert said in "\n".join(quoted(SOUND | {"quotes": [SOUND["quotes"][0] | change]}))
    assert quoted(SOUND | {"quotes": []}) == ["B1: no quotes"]


def test_must_fail_the_number_of_a_row_that_its_page_does_not_print():
    """I-3 prints 2.52 and 2.03; the ledger once said 2.04."""
    row = next(e for e in ENTRIES if e["id"] == "B17")
    assert "2.03" in row["why"]
    assert unknown_numbers(row | {"why": row["why"].replace("2.03", "2.04")}, ROOT) == ["B17: 2.04"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3,668 times, 2.03 and 2.", {"3668", "2.03", "2"}),
        ("10, −20, 50 and $-5$", {"10", "-20", "50", "-5"}),
        ("10¹², $10^{-6}$, 1e-7, [1/6]", {"10^12", "10^-6", "10^-7", "1/6"}),
        (r"$\tfrac{1}{6}$, $\frac12$", {"1/6", "1/2"}),
        ("B17, conv2d, float64, n-1", {"1"}),
        ("{cite:p}`lecun1998`, {eq}`eq-2`, [3 cells](#check-4)", {"3"}),
    ],
)
def test_what_counts_as_a_number(text, found):
    assert numbers(text) == found


def test_a_quote_says_in_which_language_it_is():
    quote = {"source": "it-cnn-2020", "line": "9", "words": "輸入 $f(0)$ 的值", "english": "the value of $f(0)$"}
    assert quotation(quote) == (
        '- {cite:p}`it-cnn-2020`, line 9: <span lang="zh-Hant">輸入 </span>$f(0)$<span lang="zh-Hant"> 的值</span>'
        " (“the value of $f(0)$”)"
    )
    assert "<span" not in quotation({"source": "d2l-notes", "line": "16", "words": "for any Input"})


@pytest.mark.parametrize(
    ("piece", "said"),
    [
        ("chapters/1-a/1-b.ipynb#gone", "no code cell"),
        ("chapters/1-a/1-b.ipynb#words", "no code cell"),
        ("chapters/1-a/1-b.ipynb#left-out", "left out"),
        ("chapters/1-a/1-b.ipynb#tagged", "left out"),
        ("chapters/1-a/1-b.ipynb#mute", "neither asserts nor shows"),
        ("chapters/1-a/2-draft.ipynb#check", "no page of the table of contents"),
        ("tests/library/test_a.py::TestA::test_gone", "no test_gone there"),
        ("tests/library/test_a.py::TestA::helper", "not a test"),
        ("tests/library/test_a.py::test_skipped", "may be skipped"),
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
