"""The front page, and what every page has around its text: numbers, a description, a foot, folds that links open."""

import re

import pytest
from browser import ROOT
from test_site import PAGES, SITE

from tools.book.about import tags
from tools.book.landing import takes
from tools.book.minutes import page_of, times
from tools.chapters import chapters
from tools.env.vendor import assets
from tools.site import site_address

COURSE = chapters()
FRONT = (SITE / "intro.html").read_text("utf-8")


def test_the_front_page_says_what_the_counted_pages_take():
    minutes = {c.id: round(times(page_of(c, SITE)).core.minutes) for c in COURSE}
    assert f"Start · <span>{minutes['I-1']} min</span>" in FRONT and "data-takes" not in FRONT
    said = re.findall(r'class="takes">Part (\w+) · <span>(.*?)</span>', FRONT)
    assert said == [(part, takes(part, minutes)) for part in ("I", "II", "III", "IV")]
    assert takes("II", {"II-1": 38, "II-2": 22, "III-1": 9}) == "2 chapters · 1 h"


def test_its_picture_has_two_controls_and_one_caption(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto((SITE / "intro.html").as_uri())
    seen = "figure.play :is([role=slider], .fs-control, .fs-step, summary)"
    page.locator(".sw-window").wait_for()
    there = [n for n in page.locator(seen).all() if n.is_visible()]
    assert len(there) == 2 and page.locator("figure.play figcaption").count() == 1
    start = page.get_by_role("link", name=re.compile("^Start")).bounding_box()
    assert max(n.bounding_box()["y"] for n in [*there, page.locator(".sw-sum")]) < 800 and start["y"] < 700
    page.get_by_role("radio", name="convolution").check()
    assert "28" in page.locator(".sw-y").inner_text()


@pytest.mark.parametrize("chapter", COURSE, ids=lambda c: c.id)
def test_titles_and_equations_have_the_numbers_of_their_chapter(chapter):
    text = page_of(chapter, SITE).read_text("utf-8")
    assert f'<h1><span class="number">{chapter.id}</span> ' in text and f"<title>{chapter.id} " in text
    numbers = re.findall(r'<span class="eqno">\(([^)]+)\)', text)
    assert numbers == [f"{chapter.id}.{k}" for k in range(1, len(numbers) + 1)]
    for address, shown in re.findall(r'href="([^"#]*)#equation-[^"]*"[^>]*>(?:<[^>]+>)*\(([^)]+)\)', text):
        home = next(c for c in COURSE if not address or c.page.split("/")[-1] in address) if address else chapter
        assert shown.startswith(f"{home.id}."), (address, shown)


def test_every_page_says_what_it_is():
    own = [name for name in PAGES if name not in ("index.html", "404.html")]
    lacking = [
        name
        for name in own
        if not re.search(
            r'<meta name="description" content="[^"]{20,}.*<meta property="og:title" content="[^"]',
            (SITE / name).read_text("utf-8"),
            re.S,
        )
    ]
    assert not lacking and "Cite this course" in FRONT and "Version " in FRONT


def test_addresses_are_whole_when_the_site_is_known(monkeypatch):
    monkeypatch.setenv("SITE", "https://example.org/flip/")
    made = tags("I & you", "words", site_address(), "https://example.org/flip/intro.html")
    assert 'content="https://example.org/flip/_static/vendor/preview.png"' in made and "I &amp; you" in made
    monkeypatch.setenv("SITE", "example.org")
    with pytest.raises(SystemExit, match="SITE must look like"):
        site_address()


def test_the_preview_is_there_and_small():
    file = assets()["preview.png"]
    assert file.is_relative_to(ROOT) and file.stat().st_size < 300_000


def test_links_open_the_claim_that_they_lead_to(browser):
    page = browser.new_page()
    page.goto((SITE / "chapters/appendix/claims.html").as_uri() + "#claim-b17")
    page.wait_for_function("document.querySelectorAll('details.claim[open]').length === 1")
    assert page.locator("details.claim[open] summary").inner_text().startswith("B17")


def test_the_sidebar_opens_the_appendix_where_it_is_read():
    fold = re.compile("<details( open)?><summary>Appendix")
    folds = {name: found for name in PAGES if (found := fold.search((SITE / name).read_text("utf-8")))}
    opened = {name for name, found in folds.items() if found[1]}
    assert opened == {name for name in folds if name.startswith("chapters/appendix")}
    assert {*folds} >= {f"chapters/{c.page}.html" for c in COURSE}


def test_the_skip_link_has_the_colours_of_the_course(browser):
    page = browser.new_page(color_scheme="dark")
    page.goto((SITE / "intro.html").as_uri())
    page.keyboard.press("Tab")
    link = page.locator(".skip-link a")
    assert link.evaluate("(a) => [a === document.activeElement, getComputedStyle(a).color]") == [
        True,
        "rgb(20, 24, 30)",
    ]
