"""The page of links: each entry leads somewhere and says why, and nothing of it is loaded."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "chapters/appendix/further-reading.md"
LINK = re.compile(r"\]\((https?://[^\s)]+)\)")


def complaints(text: str) -> list[str]:
    entries = [line for line in text.splitlines() if line.startswith("- ")]
    addresses = LINK.findall(text)
    found = [f"no link: {entry[:40]}" for entry in entries if not LINK.search(entry)]
    found += [f"says nothing: {entry[:40]}" for entry in entries if len(LINK.sub("]()", entry).split()) < 10]
    found += [f"not a sentence: {entry[:40]}" for entry in entries if not entry.endswith(".")]
    found += [f"twice: {address}" for address in sorted(set(addresses)) if addresses.count(address) > 1]
    found += [f"loads something: {what}" for what in re.findall(r"<iframe|<img|<video|<script|!\[|\{image\}", text)]
    return found


def test_every_entry_leads_somewhere_and_says_why():
    assert complaints(PAGE.read_text("utf-8")) == []
    assert len(LINK.findall(PAGE.read_text("utf-8"))) > 40


GOOD = "- [A page](https://example.org) says in eight plain words what it does better.\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("(https://example.org)", ""), "no link"),
        ("- [A page](https://example.org) is good.\n", "says nothing"),
        (GOOD.replace(".\n", "\n"), "not a sentence"),
        (GOOD * 2, "twice"),
        (GOOD + "<iframe src='https://example.org'>", "loads something"),
        (GOOD + "![a picture](https://example.org/a.png)", "loads something"),
    ],
)
def test_must_fail(text, said):
    assert complaints(GOOD) == []
    assert said in "\n".join(complaints(text))
