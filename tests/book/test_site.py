"""The built site, as a visitor's browser sees it: every page, both themes, two widths, from a server and from disk."""

import gzip
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from browser import local_file, record, serve, until, violations
from playwright.sync_api import Error, expect

from tools.policy import META

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build/html"
PAGES = sorted(
    f.relative_to(SITE).as_posix()
    for f in SITE.rglob("*.html")
    if "_static" not in f.parts and f.parent.name not in ("slides", "play")
)
GLOSSARY = "chapters/appendix/glossary.html"
VISITS = [
    ("http", 1280, "light"),
    ("http", 360, "light"),
    ("http", 1280, "dark"),
    ("http", 320, "dark"),
    ("file", 1280, "light"),
]


class Links(HTMLParser):
    """The addresses that a page points to and the anchors that it offers."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.anchors: set[str] = {"", "top"}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        self.anchors |= {given[k] for k in ("id", "name") if given.get(k)}
        self.targets += [given[k] for k in ("href", "src") if given.get(k)]


def broken_links(page: Path, site: Path) -> list[str]:
    """Links within the site that lead nowhere: no such file, or no such anchor in it."""
    bad = []
    for target in Links(page.read_text()).targets:
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            continue
        file = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if file.is_dir():
            file /= "index.html"
        if not file.is_file() or site.resolve() not in file.resolve().parents:
            bad.append(f"{target}: no such file")
        elif (
            parts.fragment and file.suffix == ".html" and unquote(parts.fragment) not in Links(file.read_text()).anchors
        ):
            bad.append(f"{target}: no such anchor")
    return bad


TOO_WIDE = """() => { const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return wide > 0 ? [`the page is ${wide} px wider than the window`] : []; }"""
VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]'
ALIVE = f"""() => document.readyState === 'complete' && !document.querySelector('{VIEW}')
  && [...document.querySelectorAll('.afm-view')].every((v) => v.childElementCount)"""
DEAD_VIEWS = f"""() => [...document.querySelectorAll('.afm-view, {VIEW}')]
  .filter((v) => v.tagName === 'SCRIPT' || v.querySelector('.afm-error') || v.getBoundingClientRect().height < 20
    || !v.querySelector('svg, button, input, canvas, table'))
  .map((v) => 'dead interactive: ' + (v.textContent || v.outerHTML).slice(0, 80))"""


def problems(browser, address: str, width: int = 1280, theme: str = "light") -> list[str]:
    """Everything wrong with one visit: requests, console, width, interactives, accessibility."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce")
    seen = record(page)
    found = []
    try:
        page.goto(address, wait_until="load")
        if address.endswith("/index.html"):  # leads to the first page
            page.wait_for_url("**/intro.html", wait_until="load")
        until(page, ALIVE, timeout=10_000)
    except (Error, TimeoutError) as error:
        found.append(f"did not come alive: {str(error)[:200]}")
    page.wait_for_timeout(150)
    base = f"{SITE.as_uri()}/" if address.startswith("file:") else "/".join(address.split("/")[:3])
    found += seen.problems(base) + [f"console warning: {text}" for text in seen.warnings]
    found += page.evaluate(TOO_WIDE) + page.evaluate(DEAD_VIEWS)
    if page.evaluate("() => Boolean(window.MathJax || document.querySelector('.katex-error'))"):
        found.append("MathJax or red TeX on the page")
    if not found:
        found += violations(page, exclude=".katex-html")
    page.close()
    return found


@pytest.fixture(scope="module")
def site_address():
    with serve(SITE) as address:
        yield address


def test_the_site_was_built():
    assert len(PAGES) >= 5, f"no built site in {SITE}: run `make book` first"


@pytest.mark.parametrize("name", PAGES)
def test_page(name, browser, site_address, counted):
    found = []
    for scheme, width, theme in VISITS:
        address = f"{site_address}/{name}" if scheme == "http" else (SITE / name).as_uri()
        found += [f"{scheme} {width} px {theme}: {p}" for p in problems(browser, address, width, theme)]
    found += broken_links(SITE / name, SITE)
    assert not found, "\n".join(found)
    counted(pages=1)


def test_each_page_has_one_title_and_some_maths_is_there():
    articles = {name: re.search(r"<article.*?</article>", (SITE / name).read_text(), re.S) for name in PAGES}
    titles = {name: len(re.findall(r"<h1[ >]", found[0])) for name, found in articles.items() if found}
    assert len(titles) >= 5 and set(titles.values()) == {1}, titles
    assert any('class="katex"' in found[0] for found in articles.values() if found)


def test_without_scripts_each_interactive_is_described(browser, site_address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name in PAGES:
        views = (SITE / name).read_text().count("jupyter.widget-view+json")
        if views:
            page.goto(f"{site_address}/{name}")
            words = [n.text_content() for n in page.locator("noscript p").all()]  # in closed folds, too
            assert len([w for w in words if len(w) > 30]) >= views, (
                f"{name}: {len(words)} descriptions for {views} interactives"
            )
    context.close()


# Gzipped bytes without pictures, of a first visit and of the next page; of the fonts; of pictures before scrolling.
COLD, NEXT, FONTS, ABOVE = 250_000, 80_000, 110_000, 60_000
SHIFTS = """window.moved = 0; new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.moved += one.value;
}).observe({ type: "layout-shift", buffered: true });"""


def weights(requests: list[str], base: str) -> dict[str, int]:
    """The gzipped bytes behind each request of a page."""
    files = {url.split("?")[0]: local_file(url.split("?")[0], base, SITE) for url in requests if url.startswith(base)}
    return {
        url: f.stat().st_size if f.suffix in PACKED else len(gzip.compress(f.read_bytes(), 9))
        for url, f in files.items()
        if f
    }


PACKED = (".png", ".webp", ".jpg", ".woff2")
PICTURE = re.compile(r"\.(png|webp|jpg)$|/photo-\w+\.js$")
FIGURES = "chapters/1-cnn/4-the-layer.html"
WEIGHED = [name for name in PAGES if re.match(r"intro|chapters/[1-4]-|.*/notation", name)]


@pytest.mark.parametrize("name", WEIGHED)
def test_a_page_is_light_and_still(name, browser, site_address):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(SHIFTS)
    seen = record(page)
    page.goto(f"{site_address}/{name}", wait_until="load")
    until(page, ALIVE, timeout=30_000)
    page.wait_for_timeout(800)
    moved = page.evaluate("window.moved")
    page.close()
    loaded = weights(seen.requests, site_address)
    pictures = sum(size for url, size in loaded.items() if PICTURE.search(url))
    sounds = sum(size for url, size in loaded.items() if "/sounds-" in url)
    fonts = sum(size for url, size in loaded.items() if "/fonts/source-" in url)
    assert moved <= 0.02, f"moved by {moved:.3f}"
    rest = sum(loaded.values()) - pictures - sounds
    found = f"{rest} bytes and {pictures} of pictures, {fonts} of fonts: {loaded}"
    assert rest <= COLD and pictures <= ABOVE and fonts <= FONTS, found


def test_the_next_page_takes_what_is_its_own(browser, site_address):
    context = browser.new_context()
    page = context.new_page()
    first, second = WEIGHED[1:3]
    seen = record(page)
    page.goto(f"{site_address}/{first}", wait_until="load")
    had = set(seen.requests)
    page.goto(f"{site_address}/{second}", wait_until="load")
    until(page, ALIVE, timeout=30_000)
    fresh = weights([url for url in seen.requests if url not in had], site_address)
    context.close()
    assert sum(size for url, size in fresh.items() if not PICTURE.search(url)) <= NEXT, fresh


def test_a_figure_comes_in_the_colours_of_the_page_and_says_that_it_scrolls(browser, site_address):
    page = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme="dark", reduced_motion="reduce")
    seen = record(page)
    page.goto(f"{site_address}/{FIGURES}")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    for one in page.locator("figure.pic .cell_output").all():
        one.scroll_into_view_if_needed()
    until(page, "() => [...document.querySelectorAll('.only-dark')].every((i) => i.complete && i.naturalWidth)")
    dark = set(page.locator(".only-dark").evaluate_all("(all) => all.map((i) => i.src)"))
    assert dark and {url for url in seen.requests if url.endswith(".webp")} <= dark
    sharp = "(all) => all.every((i) => i.naturalWidth >= 2 * i.width - 1 && getComputedStyle(i).display !== 'none')"
    assert page.locator(".only-dark").evaluate_all(sharp)
    wide = page.locator(".cell_output.more").first.element_handle()
    assert wide.get_attribute("tabindex") == "0"
    wide.evaluate("(box) => box.scrollTo(1e4, 0)")
    until(page, "(box) => !box.classList.contains('more')", wide)
    page.close()


def test_only_the_search_loads_its_index(browser, site_address):
    assert [name for name in PAGES if "searchindex.js" in (SITE / name).read_text()] == ["search.html"]


def test_the_buttons_of_the_theme_do_what_they_say(browser, site_address):
    page = browser.new_page(color_scheme="dark")
    page.goto(f"{site_address}/{WEIGHED[1]}")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.locator(".theme-switch-button").first.click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.mode") != "auto"
    page.close()


def test_a_button_in_the_head_opens_the_ways_to_run_the_page(browser, site_address):
    for width, theme in ((1280, "light"), (360, "dark")):
        page = browser.new_page(viewport={"width": width, "height": 740}, color_scheme=theme)
        page.goto(f"{site_address}/{WEIGHED[1]}")
        panel, button = page.locator(".run"), page.get_by_role("button", name="Run this page")
        assert not panel.is_visible()
        button.focus()
        button.press("Enter")
        assert panel.is_visible() and not page.evaluate(TOO_WIDE) and not violations(page)
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        button.click()
        with page.expect_download() as fetched:
            page.get_by_role("link", name="Download the notebook").click()
        assert "%pip install" in Path(fetched.value.path()).read_text("utf-8")
        page.get_by_role("button", name="Close").click()
        expect(panel).to_be_hidden()
        page.close()


def test_every_page_stands_under_the_policy():
    lacking = [f.name for f in SITE.rglob("*.html") if "_static" not in f.parts and META not in f.read_text()]
    assert not lacking


BAD = {
    "off-host request": '<img alt="" src="http://example.invalid/a.png">',
    "Executing inline script violates": "<script>1</script>",
    "Executing inline event handler violates": '<p onclick="1">words</p>',
    "console error": '<script src="error.js"></script>',
    "uncaught": '<script src="throw.js"></script>',
    "404": '<img alt="" src="missing.png">',
    "wider than the window": '<div style="width:3000px">wide</div>',
    "dead interactive": '<div class="afm-view"></div>',
    "color-contrast": '<p style="color:#999;background:#fff">pale words</p>',
    "image-alt": '<img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">',
    "did not come alive": '<script type="application/vnd.jupyter.widget-view+json">{}</script>',
    "red TeX": '<span class="katex-error">x</span>',
}
HEAD = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title><link rel="icon" href="data:,">'
SHELL = f"{HEAD}{META}</head>" + "<body><main><h1>t</h1>{}</main></body></html>"


@pytest.mark.parametrize("symptom", BAD)
def test_must_fail(symptom, browser, tmp_path):
    (tmp_path / "bad.html").write_text(SHELL.format(BAD[symptom]))
    (tmp_path / "error.js").write_text("console.error('oops')")
    (tmp_path / "throw.js").write_text("throw new Error('oops')")
    with serve(tmp_path) as address:
        found = problems(browser, f"{address}/bad.html")
    assert any(symptom in p for p in found), found


def test_a_sound_page_passes(browser, tmp_path):
    (tmp_path / "good.html").write_text(SHELL.format("<p>words</p>"))
    with serve(tmp_path) as address:
        assert problems(browser, f"{address}/good.html") == []


def test_broken_links_are_found(tmp_path):
    page = tmp_path / "a.html"
    page.write_text('<a href="b.html">x</a><a href="#no">y</a><a href="#yes" id="yes">z</a><a href="../up.html">u</a>')
    (tmp_path.parent / "up.html").write_text("")
    assert [b.split(":")[0] for b in broken_links(page, tmp_path)] == ["b.html", "#no", "../up.html"]


def found_by_search(browser, base: str, words: str) -> tuple[list[str], list[str]]:
    """The addresses that a search leads to, and what went wrong on the way."""
    page = browser.new_page()
    seen = record(page)
    page.goto(f"{base}/search.html?q={words}")
    until(
        page, "() => /found|did not match/.test(document.querySelector('#search-results .search-summary')?.textContent)"
    )
    page.wait_for_timeout(300)
    links = [link.get_attribute("href") for link in page.locator("#search-results li a").all()]
    page.close()
    return links, seen.problems(f"{base}/")


@pytest.mark.parametrize("words", ["convolution", "receptive", "cross-correlation"])
def test_search_works_from_disk_as_from_a_server(words, browser, site_address):
    served, problems = found_by_search(browser, site_address, words)
    from_disk, more = found_by_search(browser, SITE.as_uri(), words)
    assert served and sorted(from_disk) == sorted(served) and problems + more == []
    assert all((SITE / unquote(urlsplit(link).path)).is_file() for link in served)


def test_must_fail_a_search_for_what_is_nowhere(browser):
    assert found_by_search(browser, SITE.as_uri(), "qwertyqwerty") == ([], [])


def test_the_search_index_holds_the_terms_of_the_glossary():
    index = (SITE / "searchindex.js").read_text().lower()
    terms = [t.lower() for t in re.findall(r'<dt id="term-[^"]*">([\w -]+)<', (SITE / GLOSSARY).read_text())]
    assert len(terms) > 100
    assert not [t for t in terms if f'"{t}"' not in index.partition('"indexentries"')[2]]


def test_the_offline_copy_holds_every_page():
    names = zipfile.ZipFile(ROOT / "_build/flip-and-slide.zip").namelist()
    assert {f"flip-and-slide/{name}" for name in PAGES} <= set(names)


def test_no_page_state_names_this_machine():
    """Widget state and pages are published: no path of the building machine may be in them."""
    telling = [
        name
        for name in PAGES
        if str(ROOT) in (SITE / name).read_text() or str(Path.home()) in (SITE / name).read_text()
    ]
    assert not telling, json.dumps(telling)
