"""The glossary: every term has its page and its names, and the chapters use it."""

import json
import re
from pathlib import Path

import pytest
import yaml
from sphinx_external_toc.parsing import parse_toc_yaml

from tools.book.glossary import DATA, LANGUAGES, PAGE, complete, load, split, term

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / f"{PAGE}.md").read_text("utf-8")
TERMS = [term(entry) for entry in split(TEXT)[1]]
# Each script has an encoding that the other one does not fit into.
WRITTEN = {"zh-Hans": "gb2312", "zh-Hant": "big5", "de": "latin-1"}


def pages(root: Path) -> dict[str, set[str]]:
    """The terms that each chapter uses by {term}."""
    used = {}
    for page in parse_toc_yaml(root / "_toc.yml"):
        file = root / f"{page}.ipynb"
        if file.exists():
            cells = json.loads(file.read_text("utf-8"))["cells"]
            words = " ".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
            used[page.removeprefix("chapters/")] = set(terms_in(words))
    return used


def terms_in(words: str) -> list[str]:
    found = re.findall(r"\{term\}`([^`]+)`", words)
    return [re.sub(r"^.*<(.+)>$", r"\1", " ".join(f.split())).lower() for f in found]


def wrong(name: str, given: dict, used: dict[str, set[str]]) -> list[str]:
    """What is wrong with a term's line in the data file."""
    found = [f"no {key}" for key in ("page", *LANGUAGES) if not str(given.get(key) or "").strip()]
    found += [f"unknown key {key}" for key in given if key not in ("page", *LANGUAGES, "also")]
    for code in LANGUAGES:
        if given.get(code) not in (None, "—"):
            try:
                given[code].encode(WRITTEN[code])
            except UnicodeEncodeError as problem:
                found.append(f"{code}: {given[code][problem.start]} is of another script")
    if name.lower() not in used.get(given.get("page"), ()):
        found.append(f"{given.get('page')} does not use it by {{term}}")
    return [f"{name}: {problem}" for problem in found]


USED, NAMES = pages(ROOT), load()


def test_every_term_has_a_line_and_every_line_a_term():
    assert sorted(NAMES) == sorted(TERMS)


def test_terms_stand_in_alphabetical_order_and_once():
    folded = [t.lower() for t in TERMS]
    assert folded == sorted(set(folded))


@pytest.mark.parametrize("name", NAMES)
def test_the_line_is_whole(name):
    assert wrong(name, NAMES[name], USED) == []


def test_the_page_says_it_all():
    """On the built site: an anchor for each term, and each language marked as what it is."""
    built = (ROOT / f"_build/html/{PAGE}.html").read_text("utf-8")
    anchors = set(re.findall(r'<dt id="([^"]+)"', built))
    assert {f"term-{name.replace(' ', '-')}" for name in NAMES} == anchors
    for code in LANGUAGES:
        settled = sum(given[code] != "—" for given in NAMES.values())
        assert built.count(f'<span lang="{code}">') == settled > 50


PAGE_OF_TWO = "# Words\n\n```{glossary}\nconvolution\n  A sum.\n\nlag\n  A shift.\n```\n"
SOUND = {"page": "1-a/1-b", "zh-Hans": "卷积", "zh-Hant": "卷積", "de": "Faltung"}


def test_a_line_is_added_to_each_definition():
    said = complete(PAGE_OF_TWO, {"convolution": SOUND | {"zh-Hans": "—"}})
    names = '<span lang="zh-Hant">繁體 卷積</span> · <span lang="de">Deutsch Faltung</span>'
    assert said == PAGE_OF_TWO.replace("A sum.", f"A sum.\n\n  See {{doc}}`I-1 <../1-a/1-b>` · {names}")


def test_a_sound_line_passes():
    used = {"1-a/1-b": {"convolution"}}
    assert wrong("convolution", SOUND, used) == []
    assert wrong("convolution", SOUND | {"zh-Hans": "—", "de": "—"}, used) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"de": ""}, "convolution: no de"),
        ({"fr": "convolution"}, "convolution: unknown key fr"),
        ({"zh-Hans": "卷積"}, "convolution: zh-Hans: 積 is of another script"),
        ({"zh-Hant": "卷积"}, "convolution: zh-Hant: 积 is of another script"),
        ({"page": "1-a/2-c"}, "convolution: 1-a/2-c does not use it by {term}"),
    ],
)
def test_must_fail(change, said):
    assert wrong("convolution", SOUND | change, {"1-a/1-b": {"convolution"}, "1-a/2-c": {"lag"}}) == [said]


def test_terms_are_found_as_the_pages_write_them():
    assert terms_in("a {term}`lag`, {term}`maps <feature\nmap>`, {doc}`x`") == ["lag", "feature map"]


def test_no_term_has_two_lines():
    """YAML keeps the last of two equal keys and says nothing."""
    keys = [key.value for key, _ in yaml.compose(DATA.read_text("utf-8")).value]
    assert len(keys) == len(set(keys))
