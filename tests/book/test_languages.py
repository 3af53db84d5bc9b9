"""Chinese words on the site and on the slides say that they are Chinese."""

import re
from pathlib import Path

import pytest

from tools.languages import mark_html

SITE = Path(__file__).resolve().parents[2] / "_build/html"
UNREAD = re.compile(r"<(script|style|head|nav|template)\b.*?</\1>|<[^>]*page-toc.*?</nav>", re.DOTALL)
MARKED = re.compile(r'<span[^>]*\blang="zh[^>]*>[^<]*(?:<code>[^<]*</code>[^<]*)?</span>')


def unmarked(html: str) -> list[str]:
    """Runs of text with Chinese in them whose language is not told; lists of headings aside."""
    return re.findall(r"[^<>]*[\u3400-\u9fff][^<>]*", re.sub(r"<[^>]*>", "<>", MARKED.sub("", UNREAD.sub("", html))))


def test_no_page_and_no_slide_leaves_it_open():
    pages = [page for page in sorted(SITE.rglob("*.html")) if "_static" not in page.parts]
    found = {page.name: unmarked(page.read_text("utf-8")) for page in pages}
    assert {name: words for name, words in found.items() if words} == {}
    assert any('lang="zh"' in page.read_text("utf-8") for page in pages), "no Chinese at all: is the site built?"


@pytest.mark.parametrize(
    ("html", "marked"),
    [
        ("<td>卷积 (Chinese)</td>", '<td><span lang="zh">卷积</span> (Chinese)</td>'),
        ("卷 and 积 分", '<span lang="zh">卷</span> and <span lang="zh">积 分</span>'),
        ('<b title="卷">x</b>', '<b title="卷">x</b>'),
        ("no Chinese, and no tag", "no Chinese, and no tag"),
    ],
)
def test_words_between_tags(html, marked):
    assert mark_html(html) == marked
    assert unmarked(mark_html(html)) == []


@pytest.mark.parametrize("html", ["<p>卷积</p>", '<p><span lang="de">卷</span></p>', "<p>a <b>积</b></p>"])
def test_must_fail_unmarked(html):
    assert unmarked(html)
