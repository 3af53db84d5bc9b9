"""Print every built deck into a PDF beside it, one page a slide, where there is a Chrome or Chromium.

A PDF that is newer than its deck and what the deck loads stays. The index is written again, to lead to the PDFs.
"""

import os
import re
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tools.env.chromium import ADVICE, chromium_path, find
from tools.site import HTML, zip_site
from tools.slides.build import SLIDES, write_index
from tools.slides.deck import facts

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND"]
SIZE = {"width": 1280, "height": 720}
READY = """() => document.querySelector(".pdf-page") && document.fonts.status === "loaded"
  && !document.querySelector('script[type$="widget-view+json"]')
  && [...document.querySelectorAll(".afm-view")].every((view) => view.childElementCount)"""


def open_printable(page: Page, address: str) -> None:
    page.goto(f"{address}?print-pdf")
    page.wait_for_function(READY)


def to_pdf(page: Page, slides: int) -> bytes:
    """The printable view as a PDF; refuses one whose pages are not the slides."""
    pdf = page.pdf(prefer_css_page_size=True, print_background=True, tagged=True)
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))
    if pages != slides:
        raise SystemExit(f"make slides: {page.url}: {slides} slides on {pages} pages")
    return pdf


def print_decks(browser: Browser, folder: Path, decks: list[Path]) -> None:
    loaded = max(f.stat().st_mtime for f in (folder / "vendor").rglob("*"))
    for deck in decks:
        built, target = folder / f"{deck.stem}.html", folder / f"{deck.stem}.pdf"
        if target.exists() and target.stat().st_mtime >= max(built.stat().st_mtime, loaded):
            continue
        started = time.monotonic()
        page = browser.new_page(viewport=SIZE, reduced_motion="reduce")
        open_printable(page, built.as_uri())
        target.write_bytes(to_pdf(page, facts(deck)["slides"]))
        page.close()
        print(f"      {time.monotonic() - started:4.1f} s  {target.name}", flush=True)


def main() -> None:
    path = chromium_path() if os.environ.get("CHROME") else find()
    if not path:
        print(f"      decks without PDFs: {ADVICE}")
        return
    decks = sorted(SLIDES.glob("*.ipynb"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        print_decks(browser, HTML / "slides", decks)
        browser.close()
    write_index(HTML / "slides", decks)
    if (HTML / "index.html").exists():
        zip_site()


if __name__ == "__main__":
    main()
