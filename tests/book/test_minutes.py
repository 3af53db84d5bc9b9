"""The minutes of a page, its head, and what stops the build."""

import re

import pytest

from tools.book.head import arc, completed, head
from tools.book.minutes import Reader, problems
from tools.book.run import Places, panel
from tools.chapters import chapters

COURSE = chapters()
CHAPTER = next(c for c in COURSE if c.id == "III-1")
VIEW = '<script type="application/vnd.jupyter.widget-view+json">{"model_id": "a"}</script>'
RUN = panel(CHAPTER, "convlib.whl", Places())
CODE = '<div class="cell_input"><div>\n<pre><span>a = 1\n\n</span>b = 2\n</pre>\n</div></div>'
PAGE = f"""<body><nav>not counted</nav><article><h1>Two words<a class="headerlink">#</a></h1>
<details class="need"><summary>one</summary><p>folded away</p></details>
<p>three words — here <span class="math"><span class="katex"><span>x</span></span></span></p>
<div class="math"><span class="eqno">(1)</span><span class="katex-display">x = 1</span></div><img src="a"/>
<figure><table><tr><td>cell</td></tr></table>{VIEW}<noscript><p>described so</p></noscript></figure>{CODE}
<div class="admonition predict"><p>asked</p></div>
<details class="gate"><summary>show it</summary><p>in the gate</p></details>
<details class="deeper"><summary>deeper <span class="minutes"></span></summary><p>{"word " * 300}</p></details>
<details class="code"><summary>Code</summary>{CODE}</details>
<section id="exercises"><p>exercise text</p>{VIEW}</section><section id="quiz"><p>quiz</p></section></article></body>"""


def test_each_part_of_a_page_is_counted_once():
    found = Reader(PAGE).times
    # Two words, one, three words here, a formula, cell, described so, asked, show it, in the gate, Code
    assert found.core.words == 2 + 1 + 3 + 2 + 1 + 2 + 1 + 2 + 3 + 1
    assert (found.core.code, found.core.formulas, found.core.interactives, found.core.predictions) == (2, 1, 1, 1)
    assert found.core.minutes == pytest.approx(18 / 150 + 2 / 8 + 20 / 60 + 2 + 0.5)
    assert (found.exercises.words, found.exercises.interactives, found.apart.words) == (2, 0, 1)
    assert (found.folded.words, found.folded.code) == (2, 2)
    assert [d.words for d in found.deeper] == [301] and found.need
    assert found.all_open.words == 18 + 2 + 1 + 2 + 301


KEPT = {"III-1": 100.0}


@pytest.mark.parametrize(
    "page, kept, complaint",
    [
        (PAGE.replace("asked", "word " * 2700), KEPT, "more than 20"),
        (PAGE, {"III-1": 4.0}, "before it had any it took 4.0"),
        (PAGE.replace('"need"', '"code"'), KEPT, "no box `need`"),
    ],
)
def test_must_fail(page, kept, complaint):
    assert [complaint in p for p in problems("III-1", Reader(page).times, kept)] == [True]


def test_a_short_page_in_the_form_passes():
    assert list(problems("III-1", Reader(PAGE).times, KEPT)) == []


def test_the_bar_has_a_tick_for_each_chapter_in_the_groups_of_the_parts():
    bar = arc(CHAPTER, COURSE)
    assert [bar.count(f'class="{state}"') for state in ("read", "here", "next")] == [9, 1, 7]
    assert re.findall(r"--n:(\d)", bar) == ["6", "3", "4", "4"] and 'aria-label="Chapter 10 of 17"' in bar


def test_the_head_says_where_the_page_stands():
    words = re.sub(r"<[^>]+>", "", head(CHAPTER, COURSE, 19, RUN, folds=False))
    assert words.split("\n")[:3] == ["Part III · 1 of 4", "19 min", f"{len(CHAPTER.exercises)} exercises"]
    assert "Slides" in words and "Run this page" in words and "folds" not in words


def test_the_head_stands_above_the_title_and_deeper_says_its_minutes():
    page = completed(PAGE, CHAPTER, COURSE, Reader(PAGE).times, RUN)
    assert page.index("<article") < page.index("ch-head") < page.index('class="arc"') < page.index("<h1")
    assert '<span class="minutes">2 min</span>' in page and "Open all folds" in page
    assert Reader(page).times.core == Reader(PAGE).times.core
