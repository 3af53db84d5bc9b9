"""Run this page: what the panel names, and the first cell of a downloaded notebook. `make peers` runs them."""

import ast
import re
from html import unescape

import nbformat
import pytest

from tools.book.run import Places, cell, download, panel
from tools.chapters import chapters

CHAPTER = next(c for c in chapters() if c.id == "III-1")
FILE = "chapters/3-flip/1-why-the-signal-is-flipped.ipynb"
WHEEL = "convlib-0.1.0-py3-none-any.whl"
REPO, SITE = "https://github.com/somebody/course", "https://somebody.github.io/course"


def told(monkeypatch, **given: str) -> Places:
    for name in ("REPO", "REPO_BRANCH", "SITE"):
        monkeypatch.setenv(name, given.get(name, ""))
    return Places.told()


@pytest.mark.parametrize("name, value", [("REPO", "somewhere"), ("SITE", "x.org"), ("SITE", 'https://x.org/"')])
def test_must_fail(name, value, monkeypatch):
    with pytest.raises(SystemExit, match=f"{name} must look like"):
        told(monkeypatch, **{name: value})


def test_nothing_elsewhere_is_named_before_it_is_known(monkeypatch):
    assert "https://" not in panel(CHAPTER, WHEEL, told(monkeypatch)) + cell(WHEEL, Places())


def test_each_way_stands_there_once_it_is_known(monkeypatch):
    text = unescape(panel(CHAPTER, WHEEL, told(monkeypatch, REPO=f"{REPO}/", REPO_BRANCH="next", SITE=f"{SITE}/")))
    assert f"https://colab.research.google.com/github/somebody/course/blob/next/{FILE}" in text
    assert f"https://mybinder.org/v2/gh/somebody/course/next?urlpath=lab/tree/{FILE}" in text
    assert f'"{SITE}/notebooks/{WHEEL}"' in text and f'<a href="{REPO}">' in text and f"jupyter lab {FILE}" in text
    lab = told(monkeypatch, REPO="https://gitlab.com/somebody/course")
    assert "mybinder.org/v2/gl/somebody%2Fcourse/main?" in panel(CHAPTER, WHEEL, lab) and lab.colab(FILE) == ""


@pytest.mark.parametrize("places", [Places(), Places(site=SITE), Places(REPO)])
def test_the_download_is_the_chapter_behind_one_cell_that_asks_for_no_name_of_an_index(places):
    first, *rest = nbformat.reads(download(CHAPTER, cell(WHEEL, places)), 4).cells
    assert rest == CHAPTER.notebook.cells
    ast.parse(re.sub(r"%pip .*", "pass", first.source))
    assert re.findall(r"%pip .*", first.source) == ['%pip install --quiet "convlib[notebooks] @ {source}"']
