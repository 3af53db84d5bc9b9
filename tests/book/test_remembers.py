"""What the pages remember, links to a view, the interactives' own pages, terms, other names in the search."""

import gzip
import re
from pathlib import Path

import pytest
from browser import FLAGS, record, serve, until
from test_site import ALIVE, SITE, found_by_search, problems

from convlib.checks import EXERCISES
from tools.book.glossary import load
from tools.env.chromium import chromium_path

ASKED = {
    "I-2.1": "chapters/1-cnn/2-indices-done-right",
    "II-3.1": "chapters/2-systems/3-dice",
    "III-1.1": "chapters/3-flip/1-why-the-signal-is-flipped",
}
PLAYS = sorted((SITE / "play").glob("*.html"))


@pytest.fixture(scope="module")
def address():
    with serve(SITE) as base:
        yield base


OPEN = "document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"


def visit(context, url: str):
    page = context.new_page()
    seen = record(page)
    page.goto(url)
    until(page, ALIVE, timeout=20_000)
    return page, seen


def answered(page, name: str) -> None:
    """Type the right answer as a reader would, and check it."""
    box = page.locator(f'[data-exercise="{name}"]')
    box.locator("input[type=text], textarea").fill(re.sub(r"[\[\]]", "", str(EXERCISES[name].task(0)["right"])))
    box.get_by_role("button", name="Check").click()


def verdict(page, name: str) -> str:
    return page.locator(f'[data-exercise="{name}"] .fs').get_attribute("data-verdict")


def test_three_exercises_on_three_pages_from_disk_survive_a_closed_browser(browser, tmp_path):
    def opened():
        kept = tmp_path / "profile"
        return browser.browser_type.launch_persistent_context(kept, executable_path=chromium_path(), args=FLAGS)

    context = opened()
    for name, file in ASKED.items():
        page, seen = visit(context, (SITE / f"{file}.html").as_uri())
        answered(page, name)
        assert verdict(page, name) == "right"
        page.locator(".choices button").first.click()
        page.locator(".qz-option").first.click()
        page.locator(".fs-quiz .fs-main").click()
        assert not seen.problems(SITE.as_uri())
    page.locator("#summary").scroll_into_view_if_needed()
    until(page, "() => document.querySelector('.ring.is-read')")
    context.close()

    context = opened()
    for name, file in ASKED.items():
        page, _ = visit(context, (SITE / f"{file}.html").as_uri())
        assert verdict(page, name) == "right"
        assert page.locator(".choices [aria-pressed]").count() == 1 and page.locator("details.gate[open]").count() == 1
        assert page.locator(".qz-options .qz-right, .qz-options .qz-wrong").count() == 1
    page, _ = visit(context, (SITE / "intro.html").as_uri())
    assert page.locator(".ring").count() == 3
    assert "read, 1 of 5" in page.locator(".ring.is-read").first.get_attribute("title")
    assert "3 exercises done" in page.locator(".progress-arc").inner_text()
    page.locator(".progress-arc .continue").click()
    assert page.url.split("#")[0].endswith(f"{file}.html")
    page.goto((SITE / "intro.html").as_uri())
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Forget everything").click()
    assert page.locator(".ring").count() == 0 and page.locator(".progress-arc").inner_text() == ""
    context.close()


REFUSED = {
    "nothing": """for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name,
      { configurable: true, get() { throw new DOMException("no", "SecurityError"); } });""",
    "full": "Storage.prototype.setItem = () => { throw new DOMException('no', 'QuotaExceededError'); };",
    "later": """localStorage.setItem("flip-and-slide:memory", '{"version": 2, "pages": 7}');""",
}
SAYS = {"nothing": "keep nothing", "full": "is full", "later": "later version"}


@pytest.mark.parametrize("why", REFUSED)
def test_where_nothing_can_be_kept_all_else_works_and_one_line_says_so(why, browser, address):
    context = browser.new_context()
    context.add_init_script(REFUSED[why])
    name, file = next(iter(ASKED.items()))
    page, seen = visit(context, f"{address}/{file}.html")
    answered(page, name)
    page.locator(".choices button").first.click()
    assert verdict(page, name) == "right" and page.locator("details.gate[open]").count() == 1
    assert SAYS[why] in page.locator(".unkept").inner_text()
    page.goto(f"{address}/search.html?q=aliasing")
    until(page, "() => document.querySelector('#search-results li')")
    page.goto(f"{address}/intro.html")
    assert SAYS[why] in page.locator(".progress-arc .unkept").inner_text()
    assert seen.errors == []
    if why == "later":
        assert '"version": 2' in page.evaluate("localStorage.getItem('flip-and-slide:memory')")


def test_what_is_kept_may_be_damaged(browser, address):
    for kept in (
        "{",
        "[]",
        '{"version": 1, "last": 3, "pages": {"%s": {"exercises": [1], "quiz": 2, "asked": {"view-1": 5}}}}',
    ):
        context = browser.new_context()
        page = next(iter(ASKED.values()))
        context.add_init_script(f"localStorage.setItem('flip-and-slide:memory', {kept.replace('%s', page)!r});")
        page, seen = visit(context, f"{address}/{page}.html")
        assert seen.errors == [] and page.locator(".unkept").count() == 0
        context.close()


# A frame, and what is changed in it.
VIEWS = {
    "1-cnn/1-what-a-layer-computes#interactive-i-1a": {"op": "convolve", "row": 2},
    "1-cnn/2-indices-done-right#interactive-i-2a": {"predict": False, "convention": "torch-padded", "col": 3},
    "1-cnn/3-why-nobody-noticed#interactive-i-3a": {"preset": "gaussian", "size": 5, "fineness": 0.3},
    "1-cnn/4-the-layer#interactive-i-4a": {"kernel": 5, "depth": 2, "stride": 2},
    "2-systems/1-a-bicycle-over-stones#interactive-ii-1a": {"stones": [0, 1.5, 0, 0, 4, 0, 0, 0], "t": 2.5},
    "2-systems/3-dice#interactive-ii-3a": {"first": [1, 2, 3, 4, 5, 0], "n": 9},
    "3-flip/1-why-the-signal-is-flipped#interactive-iii-1a": {"predict": False, "n": 5},
    "3-flip/2-flip-slide-integrate#interactive-iii-2a": {
        "f": "drawn",
        "f_drawn": [k / 12 for k in range(13)],
        "t": -0.35,
    },
    "4-fft/1-the-convolution-theorem#interactive-iv-1b": {"h": [1, -0.5, 0.25]},
    "4-fft/3-the-price#interactive-iv-3a": {"dims": "2d", "column": 10, "row": 9},
}


@pytest.mark.parametrize("place", VIEWS)
def test_a_view_is_a_link(place, browser, address):
    file, name = place.split("#")
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page, _ = visit(context, f"{address}/chapters/{file}.html")
    assert page.evaluate("([id, patch]) => document.querySelector(`#${id} .fs`).restore(patch)", [name, VIEWS[place]])
    page.evaluate(OPEN)
    page.locator(f"#{name} > header .copy-link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    context.close()
    assert link.startswith(f"{address}/chapters/{file}.html#{name}?")
    page, seen = visit(browser.new_context(), link)
    state = page.evaluate("(id) => document.querySelector(`#${id} .fs`).state()", name)
    assert {key: state[key] for key in VIEWS[place]} == VIEWS[place]
    assert page.locator(".link-note").count() == 0 and page.locator(f"#{name} > header").is_visible()
    assert seen.problems(address) == []


BAD = [
    "interactive-i-1a?row=99",
    "interactive-i-1a?row=1.5",
    "interactive-i-1a?row=",
    "interactive-i-1a?op=<img src=x onerror=alert(1)>",
    "interactive-i-1a?gone=1",
    "interactive-i-1a?__proto__=1",
    "interactive-i-1a?image=1,2;3",
    "interactive-i-1a?image=1e999,1,1;1,1,1;1,1,1",
    "interactive-i-1a?image=1,1,1;1,1,1;1,1,1&row=3",
    "interactive-i-1a?found=1,2",
    "interactive-i-1a?row=%E0%A4%A&op",
    "interactive-i-1a?predict=constructor",
    "interactive-x?row=1",
    "%E0%A4%A?<script>alert(1)</script>=1",
]


def test_a_damaged_or_hostile_link_shows_the_start_and_a_note(browser, address):
    page, seen = visit(browser.new_context(), f"{address}/chapters/1-cnn/1-what-a-layer-computes.html")
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    first = page.evaluate("document.querySelector('#interactive-i-1a .fs').state()")
    for bad in BAD:
        page.evaluate("(bad) => { document.querySelector('.link-note')?.remove(); location.hash = bad; }", bad)
        until(page, "() => document.querySelector('.link-note')")
        assert page.evaluate("document.querySelector('#interactive-i-1a .fs').state()") == first, bad
    for fresh in (BAD[0], BAD[3], "%E0%A4%A"):
        page.goto("about:blank")
        page.goto(f"{address}/chapters/1-cnn/1-what-a-layer-computes.html#{fresh}")
        until(page, ALIVE)
        assert page.evaluate("document.querySelector('#interactive-i-1a .fs').state()") == first, fresh
    assert dialogs == [] and seen.errors == []


def test_a_slide_is_linked_with_its_view(browser, address):
    context = browser.new_context(
        permissions=["clipboard-read", "clipboard-write"], viewport={"width": 1280, "height": 720}
    )
    page, _ = visit(context, f"{address}/slides/3-1-why-the-signal-is-flipped.html")
    slide = page.evaluate("""() => {
      const view = document.querySelector('.fs'), all = [...document.querySelectorAll('.slides > section')];
      view.restore({ predict: false, n: 5 });
      Reveal.slide(all.indexOf(view.closest('section')));
      return Reveal.getIndices().h; }""")
    page.evaluate(OPEN)
    page.locator(".fs .copy-link").first.click()
    link = page.evaluate("navigator.clipboard.readText()")
    page, seen = visit(browser.new_context(), link)
    until(page, f"() => window.Reveal?.isReady() && Reveal.getIndices().h === {slide}")
    state = page.evaluate("document.querySelector('.fs').state()")
    assert (state["n"], state["predict"]) == (5, False) and seen.problems(address) == []


def test_from_disk_there_is_no_link_without_an_address(browser):
    page, _ = visit(browser, (SITE / "chapters/1-cnn/1-what-a-layer-computes.html").as_uri())
    assert page.locator(".copy-link").count() == 0


def weight(page: Path) -> int:
    """Gzipped bytes of a page with all that it names but fonts, pictures and sounds."""
    named = [page.parent / f for f in re.findall(r'(?:src|href)="([^"?#]+\.(?:js|css))', page.read_text())]
    files = {f.resolve() for f in [page, *named] if not re.match(r"photo-|sounds-", f.name)}
    return sum(len(gzip.compress(f.read_bytes(), 9)) for f in files)


def test_each_framed_interactive_has_a_light_page_of_its_own(browser, address):
    frames = sum(page.read_text().count('class="alone"') for page in (SITE / "chapters").rglob("*.html"))
    assert len(PLAYS) == frames > 20
    assert {f.name: n for f in PLAYS if (n := weight(f)) > 60_000} == {}
    for n, file in enumerate(PLAYS[::5]):
        how = (360, 1280)[n % 2], ("light", "dark")[n % 2]
        assert problems(browser, f"{address}/play/{file.name}", *how) == [], file.name


def test_an_interactive_runs_in_the_page_of_somebody_else(browser, address, tmp_path):
    page, _ = visit(browser, f"{address}/play/echo-table.html")
    page.locator(".embed summary").click()
    code = page.locator(".embed textarea").input_value()
    assert f'src="{address}/play/echo-table.html#' in code
    (tmp_path / "index.html").write_text(f'<!doctype html><meta charset="utf-8"><title>t</title>{code}')
    with serve(tmp_path) as other:
        page = browser.new_page()
        page.goto(f"{other}/index.html")
        frame = page.frame_locator("iframe")
        frame.locator(".fs svg").wait_for()
        assert frame.locator("h1").inner_text()


def test_a_term_says_what_it_means_on_hover_and_focus(browser, address):
    page, seen = visit(browser, f"{address}/chapters/3-flip/1-why-the-signal-is-flipped.html")
    term, tip = page.locator("article a:has(> .std-term)").first, page.locator("#term-tip")
    page.evaluate(OPEN)
    term.scroll_into_view_if_needed()
    term.hover()
    tip.wait_for()
    assert len(tip.inner_text()) > 20 and term.get_attribute("aria-describedby") == "term-tip"
    tip.hover()
    page.wait_for_timeout(400)
    assert tip.is_visible()
    page.keyboard.press("Escape")
    assert not tip.is_visible()
    page.mouse.move(0, 0)
    term.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    tip.wait_for()
    page.keyboard.press("Escape")
    assert not tip.is_visible() and seen.problems(address) == []


def test_the_search_knows_other_names_and_no_letters(browser, address):
    for word, term in {
        "交叉相关": "cross-correlation",
        "褶积": "convolution",
        "上采样": "transposed convolution",
        "Faltungssatz": "convolution theorem",
    }.items():
        links, wrong = found_by_search(browser, address, word)
        assert links[0] == f"chapters/{load()[term]['page']}.html" and wrong == []
    links, wrong = found_by_search(browser, address, "y[n]")
    assert [link.split("#")[0] for link in links] == ["chapters/appendix/notation.html"] and wrong == []
