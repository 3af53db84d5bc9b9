"""The form of a page, on a small book of its own: what boxes, comments and tags become, and what is refused."""

import io
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from browser import until
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sphinx.application import Sphinx

from tools import ROOT

pytestmark = pytest.mark.filterwarnings("ignore")
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
TEXT = [new_output("stream", text="shown here\n")]
IMAGE = [new_output("display_data", {"image/png": PIXEL, "text/plain": "Figure"})]

NEED = ":::{admonition} What you need\n:class: need\n\n- to gather\n\nYou need sums.\n:::"
GATE = """::::{admonition} Predict: which weights?
:class: predict

Three gaps.

% answer: 1, 2, 4
% spoils: backwards | turned round
% shown by: table

- 4, 2, 1
- 1, 2, 4

:::{admonition} Answer
:class: dropdown
**1, 2, 4.** Read backwards.
:::
::::"""
OPEN_GATE = GATE.replace("- 4, 2, 1\n- 1, 2, 4\n", "").replace("% shown by: table\n", "")
DEEPER = ":::{admonition} Deeper: two in a row\n:class: deeper\n\nOne line.\n:::"
PLAY = ":::{admonition} Which *weights*?\n:class: play\n\n**Try:** pull it.\n:::"
FIGURE = ":::{admonition} A title.\n:class: figure\n\n% alt: A dot\n\nThe body.\n:::"
END, END_DEEPER = "% end of the prediction", "% end of deeper"


def text(source: str):
    return new_markdown_cell(source)


def code(source: str, name: str, *tags: str, outputs: list = TEXT):
    return new_code_cell(source, id=name, metadata={"tags": list(tags)}, outputs=list(outputs))


PAGE = [
    text(f"# Toy\n\nA lead.\n\n{NEED}"),
    code("import numpy as np", "imports", "setup", outputs=[]),
    text(f"## One\n\n{GATE}"),
    code("table()", "table", "hide-input"),
    text(f"Why backwards.\n\n{END}\n\nAfter the gate."),
    code("x = 1", "seen"),
    text(f"(far)=\n## Two\n\n{DEEPER}"),
    text("Inside (here)."),
    text(f"The end of it.\n\n{END_DEEPER}\n\nCore again.\n\n{PLAY}"),
    code("Play()", "play", "remove-input"),
    text(FIGURE),
    code("plot()", "plot", "hide-input", outputs=IMAGE),
    text(f"## Exercises\n\n{OPEN_GATE}\n\n:::{{admonition}} More\n:class: dropdown\nwords\n:::"),
    code('AnswerBox("III-1.1")', "exercise-1", "remove-input"),
    code('check("III-1.1", None)', "check-1", "remove-cell"),
    code("assert 1", "solution-1", "solution", "hide-input"),
]
WORDS = {"title": "One column", "text": '<p>x = <span data-given="x">3</span></p>', "hint": "<p>Look.</p>"}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> tuple[Path, str]:
    """One small book with the toy page, the samples that must fail and the one that must not, and its warnings."""
    folder = tmp_path_factory.mktemp("form")
    source = folder / "source"
    pages = {"chapters/3-flip/1-toy": PAGE, "asks": ASKS}
    pages |= {f"bad/{what.replace(' ', '-')}": [text("# Bad\n\nA lead."), *cells] for what, (cells, _) in BAD.items()}
    for name, cells in pages.items():
        nb = new_notebook(cells=cells)
        nb.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
        nb.metadata["language_info"] = {"name": "python", "pygments_lexer": "python3"}
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(nb, source / f"{name}.ipynb")
    (source / "index.md").write_text("# Index\n\n```{toctree}\n" + "\n".join(pages) + "\n```\n")
    extensions = ["myst_nb", "tools.book.claims", "tools.book.form"]
    conf = {"extensions": extensions, "nb_execution_mode": "off", "html_theme": "basic", "html_static_path": []}
    conf["myst_enable_extensions"] = ["colon_fence", "dollarmath"]
    said, out = io.StringIO(), folder / "out"
    with pytest.MonkeyPatch.context() as patch:
        given = WORDS | {"solution": '<p>y = <span data-given="y">6</span></p>'}
        patch.setitem(sys.modules, "tools.book.exercises", SimpleNamespace(static_html=lambda name: given))
        Sphinx(source, None, out, folder / "trees", "html", confoverrides=conf, status=None, warning=said).build()
    return out, said.getvalue()


@pytest.fixture(scope="module")
def html(built) -> str:
    return (built[0] / "chapters/3-flip/1-toy.html").read_text()


@pytest.fixture(scope="module")
def soup(html) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def words(node) -> str:
    return " ".join(node.get_text(" ").split())


def test_need_is_a_fold_with_all_that_the_box_held(soup):
    assert words(soup.select_one("details.need > summary")) == "What you need"
    assert "to gather You need sums." in words(soup.select_one("details.need"))


def test_the_gate_holds_answer_and_what_shows_it_and_nothing_after_its_end(soup):
    box = soup.select_one("div.predict")
    assert [words(li) for li in box.select("ul.choices > li")] == ["4, 2, 1", "1, 2, 4"]
    assert [words(li) for li in box.select("li[data-right]")] == ["1, 2, 4"]
    gate = box.find_next_sibling()
    assert gate.name == "details" and gate["class"] == ["gate"] and words(gate.summary) == "Show the answer, and go on"
    assert "Read backwards." in words(gate) and "shown here" in words(gate) and "Why backwards." in words(gate)
    assert "After the gate." not in words(gate) and gate.select_one("#table") is None
    assert box.select_one("form") is None and box.select_one("[role=status]") is not None


def test_a_prediction_without_choices_or_end_has_a_field_and_a_gate_with_the_answer_alone(soup):
    box = soup.select("div.predict")[1]
    assert box.select_one("form.guess label input") and box["data-answer"] == "1, 2, 4"
    assert words(box.find_next_sibling("details", class_="gate")) == "Show the answer 1, 2, 4. Read backwards."


def test_deeper_is_one_fold_with_the_cells_after_it(soup):
    fold = soup.select_one("details.deeper")
    assert words(fold.summary) == "Deeper: two in a row" and fold.summary.select_one(".minutes")
    assert "Inside (here). The end of it." in words(fold) and "Core again" not in words(fold)


def test_setup_stands_before_the_first_code_that_is_seen(soup):
    fold = soup.select_one("details.setup")
    assert words(fold.summary) == "Setup" and "import numpy" in words(fold)
    assert "x = 1" in words(fold.find_next_sibling())


def test_hidden_code_is_a_fold_below_what_it_shows(soup):
    output = next(n for n in soup.select(".cell_output") if n.find_parent("details", class_="gate"))
    fold = output.find_next_sibling("details")
    assert words(fold.summary) == "Code" and "table" in words(fold)


def test_interactives_and_figures_have_numbers_titles_and_captions(soup):
    play = soup.select_one("figure.play")
    assert play["id"] == "interactive-iii-1a" and words(play.header) == "Interactive III-1a Which weights ?"
    assert words(play.figcaption) == "Try: pull it." and "shown here" in words(play)
    picture = soup.select_one("figure.pic")
    assert words(picture.figcaption) == "Figure III-1.1 A title. The body."
    assert picture.img["alt"] == "A dot" and "plot" not in words(picture)
    assert "plot" in words(picture.find_next_sibling())


def test_an_exercise_is_one_section(soup):
    section = soup.select_one("section.exercise#exercise-iii-1-1")
    assert section["data-exercise"] == "III-1.1" and words(section.h3) == "Exercise III-1.1 · One column"
    hint, solution = section.find_all("details", class_="fold", recursive=False)
    assert words(hint) == "Hint Look." and section.select_one("[data-given=x]").text == "3"
    assert words(solution).startswith("Solution y = 6") and "assert 1" in words(solution)
    assert section.select_one("div.cell") and "check" not in words(soup)


def test_other_dropdowns_are_folds(soup):
    assert [words(d) for d in soup.select("details.fold") if d.find_parent(class_="exercise") is None] == ["More words"]


BAD = {
    "a deeper that is never closed": ([text(f"## A\n\n{DEEPER}")], "needs the line `% end of deeper`"),
    "a deeper across headings": ([text(f"## A\n\n{DEEPER}\n\n## B\n\n{END_DEEPER}")], "needs the line"),
    "a second end": ([text(f"## A\n\n{DEEPER}\n\n{END_DEEPER}\n\nx\n\n{END_DEEPER}")], "nothing that it could close"),
    "an end without a prediction": ([text(f"## A\n\n{END}")], "nothing that it could close"),
    "regions that cross": ([text(f"{GATE}\n\n{DEEPER}\n\n{END}\n\n{END_DEEPER}")], "nothing that it could close"),
    "an answer that is no choice": ([text(GATE.replace("answer: 1", "answer: 7"))], "is none of the choices"),
    "an answer that is two choices": ([text(GATE.replace("4, 2, 1", "1, 2, 4"))], "is none of the choices"),
    "asked in nothing": (
        [text(GATE.replace("shown by: table", "asked in: table"))],
        "`% asked in: table` names no interactive",
    ),
    "shown by nothing": ([text(GATE)], "`% shown by: table` is neither"),
    "shown by what stands after the gate": ([text(f"{GATE}\n\n{END}"), code("t()", "table")], "is neither"),
    "a prediction with no answer": ([text(GATE.split("\n:::{adm")[0] + "\n::::")], "a prediction needs an answer"),
    "play before words": ([text(PLAY), text("words")], "directly before the cell"),
    "play before a cell that shows nothing": ([text(PLAY), code("x", "x", outputs=[])], "directly before the cell"),
    "figure at the end": ([text(FIGURE)], "directly before the cell"),
}


ASKS = [text("# Asks"), code("EchoTable(predict=True)", "table", "remove-input"), text(GATE)]


@pytest.mark.parametrize("what", BAD)
def test_must_fail(what, built):
    said = re.findall(rf"bad/{what.replace(' ', '-')}\.ipynb:\d+: WARNING: (.*)", built[1])
    assert any(BAD[what][1] in line for line in said), built[1]


def test_sound_pages_are_built_without_a_word(built):
    assert "toy.ipynb" not in built[1] and "asks.ipynb" not in built[1], built[1]


@pytest.fixture
def page(browser, html, tmp_path):
    """The toy page with the script of every page; `go` opens it at a fragment or for a search."""
    article = html[html.index("<section") : html.index("</body>")]
    button = '<button class="open-all">Open all folds</button>'
    scripts = [f'<script defer src="{(ROOT / f"web/{name}.js").as_uri()}"></script>' for name in ("memory", "page")]
    shell = '<!doctype html><html lang="en" data-content_root="./"><head><title>t</title>{}</head>'
    shell += "<body><article>{}{}</article></body></html>"
    file = tmp_path / "page.html"
    file.write_text(shell.format("".join(scripts), button, article))
    opened = browser.new_page()
    errors: list = []
    opened.on("pageerror", lambda error: errors.append(error))
    opened.go = lambda fragment="": opened.goto(f"{file.as_uri()}{fragment}")
    yield opened
    opened.close()
    assert not errors


def is_open(page, selector: str) -> bool:
    return page.locator(selector).first.evaluate("(fold) => fold.open")


@pytest.mark.parametrize(
    "choice, verdict", [(0, "You said “4, 2, 1”; it is “1, 2, 4”."), (1, "You said “1, 2, 4”: right.")]
)
def test_the_first_choice_counts_opens_the_gate_and_keeps_the_focus(page, choice, verdict):
    page.go()
    assert not is_open(page, ".gate") and page.locator(".verdict").first.inner_text() == ""
    buttons = page.locator(".choices button")
    buttons.nth(choice).focus()
    page.keyboard.press("Enter")
    buttons.nth(1 - choice).click(force=True)
    assert is_open(page, ".gate") and page.locator(".verdict").first.inner_text() == verdict
    assert page.locator("[aria-pressed]").inner_text() == ["4, 2, 1", "1, 2, 4"][choice]
    assert buttons.nth(1 - choice).get_attribute("aria-disabled") == "true"
    page.locator(".gate").first.evaluate("(gate) => gate.open = false")
    page.go()
    page.locator(".choices button").nth(choice).press("Space")
    assert page.evaluate("document.activeElement.textContent") == ["4, 2, 1", "1, 2, 4"][choice]


@pytest.mark.parametrize(
    "guess, verdict", [(" 1, 2,  4 ", "You said “1, 2,  4”: right."), ("7", "You said “7”; it is “1, 2, 4”.")]
)
def test_a_guess_in_words_opens_the_gate(page, guess, verdict):
    page.go()
    page.locator(".guess input").press("Enter")
    assert "first" in page.locator(".verdict").nth(1).inner_text()
    page.locator(".guess input").fill(guess)
    page.locator(".guess input").press("Enter")
    assert page.locator(".verdict").nth(1).inner_text().split() == verdict.split()
    assert page.locator(".gate").nth(1).evaluate("(gate) => gate.open") and not is_open(page, ".gate")


def test_a_link_into_a_fold_opens_it(page):
    page.go("#cell-solution-1")
    assert page.locator("#cell-solution-1").is_visible() and not is_open(page, ".gate")
    page.evaluate("location.hash = 'cell-table'")
    until(page, "document.querySelector('.gate').open")
    assert page.locator("#cell-table .cell_output").is_visible()


def test_a_search_opens_folds_only_if_no_hit_can_be_seen_without(page):
    mark = """(word) => { for (const p of document.querySelectorAll('p'))
      p.innerHTML = p.innerHTML.replace(word, `<span class="highlighted">${word}</span>`); }"""
    for word, opened in [("Inside", True), ("lead", False)]:
        page.add_init_script(f"document.addEventListener('DOMContentLoaded', () => ({mark})('{word}'))")
        page.go()
        assert is_open(page, ".deeper") == opened


def test_print_and_one_button_open_everything_and_close_it_again(page):
    page.go()
    count = "document.querySelectorAll('details[open]').length"
    every = page.locator("details").count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(count) == every > 5
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(count) == 0
    page.locator(".open-all").click()
    assert page.evaluate(count) == every
    page.locator(".open-all").click()
    assert page.evaluate(count) == 0
