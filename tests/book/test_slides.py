"""The lecture decks, as the lecturer's browser shows them: from a server and from disk, on screen and on paper."""

import json
import re
import shutil
import time
from pathlib import Path

import nbformat
import pytest
from browser import record, serve, until, violations

from tools import fonts
from tools.slides import build as build_slides
from tools.slides.deck import facts, ran, render
from tools.slides.pdf import open_printable, print_decks, to_pdf

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "_build/html/slides"
DECKS = sorted(f.stem for f in (ROOT / "slides").glob("*.ipynb"))
ASK = (Path(__file__).parent / "slides.js").read_text()
FOOT = 40  # the strip at the foot of a slide where its number and the arrows stand


@pytest.fixture(scope="module")
def address():
    with serve(BUILT) as base:
        yield base


@pytest.fixture
def page(browser):
    size = {"width": 1280, "height": 720}
    opened = browser.new_page(viewport=size, reduced_motion="reduce")  # nothing measured midway
    opened.seen = record(opened)
    yield opened
    opened.close()


def ask(page, question: str, *arguments):
    return page.evaluate(f"(given) => ({ASK}).{question}(...given)", list(arguments))


def open_deck(page, url: str) -> None:
    page.goto(url)
    until(page, "window.Reveal?.isReady()")
    until(page, "!document.querySelector('script[type$=\"widget-view+json\"]')")


def show(page, slide: int) -> None:
    """Go to a slide with all its fragments."""
    page.evaluate("(n) => Reveal.slide(n, 0, 99)", slide)
    page.wait_for_timeout(60)


def overflows(page) -> list[str]:
    found = []
    for slide in range(page.evaluate("Reveal.getTotalSlides()")):
        show(page, slide)
        found += ask(page, "overflows", FOOT)
    return found


def complaints(page, base: str) -> list[str]:
    return page.seen.problems(base) + [f"console warning: {text}" for text in page.seen.warnings]


def live_slides(page) -> list[int]:
    return page.evaluate("Reveal.getSlides().flatMap((s, n) => s.querySelector('.fs') ? [n] : [])")


def test_every_deck_was_built():
    assert DECKS and all((BUILT / f"{deck}.html").exists() for deck in DECKS), "run `make slides` first"


def test_one_deck_for_each_chapter():
    chapters = (ROOT / "chapters").glob("[1-4]-*/*.ipynb")
    assert sorted(f"{chapter.parent.name[0]}-{chapter.stem}" for chapter in chapters) == DECKS


@pytest.mark.parametrize("deck", DECKS)
def test_each_slide_is_sound_and_a_lecture_takes_20_to_40_minutes(deck, page, address, counted):
    """Within its stage, nothing from elsewhere, notes on every slide."""
    open_deck(page, f"{address}/{deck}.html")
    assert overflows(page) == []
    assert complaints(page, address) == []
    total = page.evaluate("Reveal.getTotalSlides()")
    assert total == facts(ROOT / f"slides/{deck}.ipynb")["slides"]
    assert ask(page, "notes") == [] and 20 <= ask(page, "minutes") <= 40
    counted(decks=1, slides=total)


@pytest.mark.parametrize("deck", DECKS)
def test_from_disk(deck, page):
    open_deck(page, (BUILT / f"{deck}.html").as_uri())
    for slide in live_slides(page):
        show(page, slide)
        assert page.locator("section.present .fs").bounding_box()["height"] > 50
    assert complaints(page, f"{BUILT.as_uri()}/") == []


@pytest.mark.parametrize("deck", DECKS[:2])  # what the template does is the same in every deck
def test_the_arrow_keys_lead_through_every_step_and_back(deck, page, address):
    open_deck(page, f"{address}/{deck}.html")
    steps, total = 0, page.evaluate("Reveal.getTotalSlides()")
    while not page.evaluate("Reveal.isLastSlide() && !Reveal.availableFragments().next") and steps < 300:
        page.keyboard.press("ArrowRight")
        steps += 1
    assert ask(page, "at")["h"] == total - 1
    assert steps == total - 1 + page.evaluate("document.querySelectorAll('.fragment').length")
    for _ in range(steps):
        page.keyboard.press("ArrowLeft")
    assert ask(page, "at")["h"] == 0


@pytest.mark.parametrize("scheme", ["http", "file"])
@pytest.mark.parametrize("deck", DECKS[:2])
def test_speaker_view(deck, scheme, page, address):
    base = address if scheme == "http" else BUILT.as_uri()
    open_deck(page, f"{base}/{deck}.html")
    show(page, 1)
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    view = opened.value
    seen = record(view)
    wanted = page.evaluate("Reveal.getSlideNotes()")
    until(view, "document.querySelector('.speaker-controls-notes .value')?.textContent.length > 40")
    words = view.locator(".speaker-controls-notes .value").inner_text()
    assert words.split()[:6] == re.sub(r"<[^>]*>", "", wanted).split()[:6]
    assert seen.problems(base) == []
    view.close()


def slider_of(live):
    """The first slider of an interactive; where there is none, the handle in its picture."""
    sliders = live.locator("input[type=range]:visible")
    return sliders.first if sliders.count() else live.get_by_role("slider").first


def use_by_mouse(page, live) -> None:
    """Press whatever can be pressed; the slide must hold all that it answers."""
    for control in live.locator(
        ".fs-choice label, .fs-toggle, .fs-stage button:visible, .fs-question button:visible"
    ).all():
        if control.is_visible() and control.is_enabled():
            control.click()
            assert ask(page, "overflows", FOOT) == []


@pytest.mark.parametrize("deck", DECKS)
def test_an_interactive_reacts_and_gives_the_keyboard_back(deck, page, address):
    open_deck(page, f"{address}/{deck}.html")
    slides = live_slides(page)
    assert slides
    for slide in slides:
        show(page, slide)
        live = page.locator("section.present .fs")
        before = ask(page, "state")
        slider_of(live).focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        assert ask(page, "state") != before, "the keyboard changes nothing"
        assert ask(page, "at")["h"] == slide, "the slider's arrow keys must not move the deck"
        by_keys = ask(page, "state")
        use_by_mouse(page, live)
        for folded in live.locator(".fs-more > summary").all():
            folded.click()
            assert ask(page, "overflows", FOOT) == [], "what opens has room, too"
        states = {by_keys}
        for label in (live.locator(".fs-choice label:visible").last, live.locator(".fs-choice label:visible").first):
            label.click()
            states.add(ask(page, "state"))
        assert len(states) > 1, "the mouse changes nothing"
        page.keyboard.press("Escape")
        assert not page.evaluate("Reveal.isOverview()"), "the first Escape only frees the keyboard"
        page.keyboard.press("ArrowLeft")
        assert ask(page, "at")["h"] == slide - 1
    assert complaints(page, address) == []


@pytest.mark.parametrize("deck", DECKS[:2])
def test_focus_in_an_interactive_traps_nobody(deck, page, address):
    open_deck(page, f"{address}/{deck}.html")
    for slide in live_slides(page):
        show(page, slide)
        slider = slider_of(page.locator("section.present .fs"))
        slider.focus()
        page.keyboard.press("PageDown")
        assert ask(page, "at")["h"] == slide + 1, "a presenter's remote moves the deck"
        show(page, slide)
        slider.focus()
        show(page, slide + 1)
        assert page.evaluate("!document.activeElement.closest('.fs')"), "a slide that left keeps the focus"
        show(page, slide)
        page.locator("section.present .fs-more > summary").click()
        page.locator("section.present .fs .fs-reset").focus()
        page.keyboard.press("Space")
        assert ask(page, "at")["h"] == slide, "a key that presses a button must not move the deck"


@pytest.mark.parametrize("deck", DECKS)
def test_on_paper_one_page_a_slide_and_nothing_clipped(deck, page, address):
    open_printable(page, f"{address}/{deck}.html")
    total = facts(ROOT / f"slides/{deck}.ipynb")["slides"]
    assert page.locator(".pdf-page").count() == total
    assert ask(page, "overflows", 0) == []
    drawn = page.locator(".fs").evaluate_all(
        """(all) => all.map((root) => Math.max(...[...root.querySelectorAll(".fs-stage, canvas")]
          .map((part) => part.getBoundingClientRect().height)))"""
    )
    assert drawn and min(drawn) > 50, "an interactive is not drawn"
    pdf = to_pdf(page, total)  # refuses another number of pages
    assert set(re.findall(rb"/MediaBox \[([^\]]*)\]", pdf)) == {b"0 0 960 540"}, "a page is not 1280 by 720 px"
    assert complaints(page, address) == []


@pytest.mark.parametrize("deck", DECKS)
def test_axe_finds_nothing_on_any_slide(deck, page, address):
    """The printable view shows all slides at once."""
    open_deck(page, f"{address}/{deck}.html?print-pdf")
    page.wait_for_selector(".pdf-page")
    page.evaluate("document.querySelectorAll('.pdf-page').forEach((sheet) => { sheet.style.background = ''; })")
    for theme in ("light", "dark"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        assert violations(page) == [], theme


def test_dark_follows_the_machine_and_a_key(browser, address):
    page = browser.new_page(color_scheme="dark")
    open_deck(page, f"{address}/{DECKS[0]}.html")
    paper = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(paper) == "rgb(20, 24, 30)"
    page.keyboard.press("d")
    assert page.evaluate(paper) == "rgb(255, 255, 255)"


def test_index_lists_every_deck(page, address):
    page.goto(f"{address}/index.html")
    links = page.locator("td:nth-child(2) a").evaluate_all("(all) => all.map((a) => a.getAttribute('href'))")
    assert links == [f"{deck}.html" for deck in DECKS]
    for link in page.locator("td a").evaluate_all("(all) => all.map((a) => a.getAttribute('href').split('?')[0])"):
        assert (BUILT / link).exists(), f"{link} leads nowhere"
    assert page.locator("td:first-child a").count() == len(DECKS), "a chapter is not linked"
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert complaints(page, address) == []
    assert violations(page) == []


# Each checker is shown a deck that it must refuse.

NOTES = "**2 min.** Say what there is to say, slowly.\n\n*Listen for:* doubts."


def deck_file(folder: Path, body: str, notes: str = NOTES, code: str = "") -> Path:
    """A notebook of one slide."""

    def kind(name: str) -> dict:
        return {"slideshow": {"slide_type": name}}

    cells = [nbformat.v4.new_markdown_cell(f"# A deck\n\n{body}", metadata=kind("slide"))]
    cells += [nbformat.v4.new_code_cell(code)] if code else []
    cells += [nbformat.v4.new_markdown_cell(notes, metadata=kind("notes"))] if notes else []
    file = folder / "0-1-sample.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), file)
    return file


def visit(page, folder: Path, *args: str) -> None:
    notebook = deck_file(folder, *args)
    build_slides.copy_vendor(folder / "vendor")
    build_slides.put(folder, notebook.stem, render(ran(notebook), facts(notebook)))
    fonts.fill(folder / "vendor", fonts.letters(folder))
    open_deck(page, notebook.with_suffix(".html").as_uri())


def test_a_sound_deck_passes(page, tmp_path):
    visit(page, tmp_path, "One idea, $E = mc^2$, and `code`.")
    assert overflows(page) == ask(page, "notes") == complaints(page, f"{tmp_path.as_uri()}/") == []


TOO_MUCH = {
    "too many lines": "\n\n".join(["A line of text."] * 14),
    "a wide table": "| " + " | ".join(["abcdefghij"] * 14) + " |\n" + "|--" * 14 + "|\n",
}


@pytest.mark.parametrize("body", TOO_MUCH.values(), ids=TOO_MUCH)
def test_must_fail_an_overflowing_slide(body, page, tmp_path):
    visit(page, tmp_path, body)
    assert overflows(page)
    page.goto(page.url + "?print-pdf")
    page.wait_for_selector(".pdf-page")
    assert ask(page, "overflows", 0)


@pytest.mark.parametrize(
    ("body", "notes", "said"),
    [
        ("Words.", "", "no speaker notes"),
        ("Words.", "Say what there is to say, and take your time over it.", "minutes"),
        ("1. a\n2. b\n\n<div class='letters'></div>", "**2 min.** Say what there is to say, slowly.", "misconception"),
    ],
)
def test_must_fail_missing_notes(body, notes, said, page, tmp_path):
    visit(page, tmp_path, body, notes)
    assert any(said in problem for problem in ask(page, "notes"))


def test_must_fail_an_image_from_elsewhere(page, tmp_path):
    visit(page, tmp_path, "![a picture](https://example.org/a.png)")
    found = complaints(page, f"{tmp_path.as_uri()}/")
    assert any(problem.startswith("off-host") for problem in found)


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        (r"$$\frac{1}{$$", "", "bad TeX"),
        ("Words.", "import ipywidgets\nipywidgets.IntSlider()", "anywidgets only"),
        ("Words.", "import warnings\nwarnings.warn('careful')", "careful"),
        (
            "Words.",
            "import matplotlib.pyplot as plt\nfrom convlib import plotting\nplotting.use_style()\n"
            "plt.plot([1], color=plotting.palette()['input'])\nplt.show()",
            "begins with `# alt: ",
        ),
    ],
)
def test_must_fail_at_build_time(body, code, said, tmp_path):
    with pytest.raises(ValueError, match=said):
        render(ran(deck_file(tmp_path, body, NOTES, code)), {})


def test_must_fail_a_pdf_with_another_number_of_pages(page, tmp_path):
    notebook = deck_file(tmp_path, "Words.")
    visit(page, tmp_path, "Words.")
    open_printable(page, notebook.with_suffix(".html").as_uri())
    assert to_pdf(page, 1).startswith(b"%PDF")
    with pytest.raises(SystemExit, match="2 slides on 1 pages"):
        to_pdf(page, 2)


def test_a_pdf_is_printed_once_and_goes_with_the_deck_that_it_shows(browser, tmp_path, monkeypatch, capsys):
    notebook = deck_file(tmp_path, "First words.")
    monkeypatch.setattr(build_slides, "SLIDES", tmp_path)
    monkeypatch.setattr(build_slides, "DECKS", tmp_path / "kept")
    site = iter(tmp_path / f"site-{i}" for i in range(9))

    def built() -> tuple[str, Path]:
        out = next(site)
        build_slides.fill(out / "slides", out)
        return (out / "slides/index.html").read_text(), out / f"slides/{notebook.stem}.pdf"

    index, pdf = built()
    assert f'href="{pdf.name}"' not in index and "print-pdf" in index
    for printed in (True, False):
        print_decks(browser, pdf.parent, [notebook])
        assert (pdf.name in capsys.readouterr().out) == printed
    index, pdf = built()
    assert pdf.exists() and f'href="{pdf.name}"' in index
    first = pdf.read_bytes()
    shutil.rmtree(tmp_path / "kept")
    time.sleep(1.1)  # the clock of a PDF counts seconds
    print_decks(browser, pdf.parent, [notebook])
    assert built()[1].read_bytes() == first, "printed again, it is the same"
    deck_file(tmp_path, "Other words.")
    index, pdf = built()
    assert not pdf.exists() and f'href="{pdf.name}"' not in index


def test_only_what_changed_is_built_again(tmp_path, monkeypatch, capsys):
    decks = tmp_path / "decks"
    decks.mkdir()
    notebook = deck_file(decks, "First words.")
    monkeypatch.setattr(build_slides, "SLIDES", decks)
    monkeypatch.setattr(build_slides, "DECKS", tmp_path / "kept")
    built = []
    for number, words in enumerate(("First words.", "First words.", "Other words.")):
        text = json.loads(notebook.read_text())
        text["cells"][0]["source"] = f"# A deck\n\n{words}"
        notebook.write_text(json.dumps(text))
        out = tmp_path / f"site-{number}"
        build_slides.fill(out / "slides", out)
        built.append(notebook.name in capsys.readouterr().out)
    assert built == [True, False, True]
    assert "Other words." in (out / "slides/0-1-sample.html").read_text()


def test_a_failing_cell_names_deck_and_error(tmp_path, monkeypatch):
    deck_file(tmp_path, "Words.", NOTES, "assert 1 == 2, 'not so'")
    monkeypatch.setattr(build_slides, "SLIDES", tmp_path)
    with pytest.raises(SystemExit, match=r"0-1-sample\.ipynb(.|\n)*not so"):
        build_slides.fill(tmp_path / "out", tmp_path)
    assert not (tmp_path / "out/0-1-sample.html").exists()
