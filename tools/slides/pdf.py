"""Print every built deck into a PDF beside it, one page a slide, where there is a Chrome or Chromium.

A PDF is printed once for what its deck shows and loads. The decks are put in their place again, with their PDFs.
"""

import os
import re
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tools.env.chromium import ADVICE, chromium_path, find
from tools.site import HTML, beside, write, zip_site
from tools.slides.build import SLIDES, fill, forget, pdf_of
from tools.slides.deck import facts

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND"]
SIZE = {"width": 1280, "height": 720}
READY = """() => document.querySelector(".pdf-page") && document.fonts.status === "loaded"
  && !document.querySelector('script[type$="widget-view+json"]')
  && [...document.querySelectorAll(".afm-view")].every((view) => view.childElementCount)"""


def until(page: Page, question: str, given: object = None, timeout: float = 30_000) -> None:
    """Ask until the answer is yes; playwright's own way of waiting is an eval, which the policy of a page refuses."""
    end = time.monotonic() + timeout / 1000
    while not page.evaluate(question, given):
        if time.monotonic() > end:
            raise TimeoutError(f"{page.url}: waited in vain for {question}")
        page.wait_for_timeout(20)


def open_printable(page: Page, address: str) -> None:
    page.goto(f"{address}?print-pdf")
    until(page, READY)


def to_pdf(page: Page, slides: int) -> bytes:
    """The printable view as a PDF; refuses one whose pages are not the slides."""
    pdf = page.pdf(prefer_css_page_size=True, print_background=True, tagged=True)
    pdf = re.sub(rb"(Date \(D:)\d{14}", rb"\g<1>20200101000000", pdf)  # as in the zip; the lengths stay
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))
    if pages != slides:
        raise SystemExit(f"make slides: {page.url}: {slides} slides on {pages} pages")
    return pdf


def print_decks(browser: Browser, folder: Path, decks: list[Path]) -> None:
    for deck in decks:
        built = folder / f"{deck.stem}.html"
        if pdf_of(built).exists():
            continue
        started = time.monotonic()
        page = browser.new_page(viewport=SIZE, reduced_motion="reduce")
        open_printable(page, built.as_uri())
        pdf = to_pdf(page, facts(deck)["slides"])
        forget(deck.stem, "pdf")
        write(pdf_of(built), pdf)
        page.close()
        print(f"      {time.monotonic() - started:4.1f} s  {deck.stem}.pdf", flush=True)


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
    with beside(HTML / "slides") as folder:
        fill(folder, HTML)
    if (HTML / "index.html").exists():
        zip_site()


if __name__ == "__main__":
    main()
