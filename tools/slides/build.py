"""Build the lecture decks: one page for each slides/*.ipynb, what they load, an index."""

import argparse
import json
import re
import shutil
from hashlib import sha256
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader
from nbclient.exceptions import CellExecutionError

from tools import ROOT, fonts
from tools.env.vendor import palette_css
from tools.policy import Files, strict
from tools.site import BUILD, HTML, beside, site_address, write
from tools.slides.deck import facts, ran, render

SLIDES = SOURCES = ROOT / "slides"
DECKS = BUILD / "decks"  # every deck and PDF that was made, by what it was made of
REVEAL, KATEX = "node_modules/reveal.js/dist", "node_modules/katex/dist"
VENDOR = {  # what the decks load, below slides/vendor: folder -> files
    "": [
        f"{REVEAL}/reveal.js",
        f"{REVEAL}/reveal.css",
        "web/afm-host.js",
        "web/links.js",
        "web/fonts.css",
        "web/site.js",
        "web/favicon.svg",
        "slides/slides.css",
        "slides/template/deck.js",
    ],
    "katex": [f"{KATEX}/katex.min.css", f"{KATEX}/../LICENSE"],
}
NOTES = ROOT / REVEAL / "plugin/notes.js"
SPEAKER = re.compile(r"<script>(.*?)<\\/script>", re.S)  # of the speaker view, in the text that the plugin writes
NAMED = re.compile(r"-[0-9a-f]{8}\.\w+$")  # a file that is named after what it holds


def digest(*parts: bytes | Path) -> str:
    """One short number for some bytes and files."""
    content = (part if isinstance(part, bytes) else part.read_bytes() for part in parts)
    return sha256(b"".join(sha256(c).digest() for c in content)).hexdigest()[:16]


def page_of(notebook: Path) -> str:
    """The deck as a page, rendered again only when the deck as it ran, the template or the tools have changed."""
    nb = ran(notebook)
    tools = [f for folder in (SOURCES / "template", ROOT / "tools/slides") for f in sorted(folder.glob("*.*"))]
    made_by = [*tools, ROOT / "tools/languages.py", ROOT / "requirements.txt", ROOT / "package-lock.json"]
    kept = DECKS / f"{notebook.stem}.{digest(nbformat.writes(nb).encode(), *made_by)}.html"
    if not kept.exists():
        print(f"      {notebook.name}", flush=True)
        made = render(nb, facts(notebook))
        forget(notebook.stem, "html")
        write(kept, made)
    return kept.read_text("utf-8")


def forget(deck: str, kind: str) -> None:
    """Drop what was made of an older deck."""
    for old in DECKS.glob(f"{deck}.*.{kind}"):
        old.unlink()


def pdf_of(page: Path) -> Path:
    """Where the PDF of a built deck is kept, once it is printed: by what the deck shows and loads."""
    loaded = sorted(f for f in (page.parent / "vendor").rglob("*") if f.is_file() and not NAMED.search(f.name))
    return DECKS / f"{page.stem}.{digest(page, *loaded)}.pdf"


def copy_vendor(vendor: Path) -> None:
    for folder, patterns in VENDOR.items():
        (vendor / folder).mkdir(parents=True, exist_ok=True)
        for pattern in patterns:
            found = list(ROOT.glob(pattern))
            if not found:
                raise SystemExit(f"slides: missing {pattern}; run `make clean`, then `make slides`")
            for f in found:
                shutil.copy2(f, vendor / folder / f.name)
    palette = json.loads((ROOT / "convlib/palette.json").read_text())
    (vendor / "palette.css").write_text(palette_css(palette), "utf-8")
    plugin = NOTES.read_text("utf-8")
    speaker = Files(vendor, "vendor").put("speaker", "js", SPEAKER.search(plugin)[1].replace(r"\\", "\\"))
    linked = SPEAKER.sub(lambda _: rf'<script src="vendor/{speaker}.js"><\/script>', plugin)
    (vendor / "notes.js").write_text(linked, "utf-8")


def chapter_page(deck: str, site: Path) -> str | None:
    """Address of the chapter that deck 1-2-some-name belongs to, when the site holds it."""
    part, number = deck.split("-")[:2]
    found = next(ROOT.glob(f"chapters/{part}-*/{number}-*.ipynb"), None)
    page = found and found.relative_to(ROOT).with_suffix(".html")
    return f"../{page.as_posix()}" if page and (site / page).exists() else None


def write_index(folder: Path, site: Path, decks: list[Path]) -> None:
    links = [(chapter_page(deck.stem, site), (folder / f"{deck.stem}.pdf").exists()) for deck in decks]
    rows = [facts(deck) | {"chapter": page, "pdf": pdf} for deck, (page, pdf) in zip(decks, links, strict=True)]
    templates = Environment(loader=FileSystemLoader(ROOT / "slides/template"), autoescape=True)
    put(folder, "index", templates.get_template("decks.html.j2").render(decks=rows))


def put(folder: Path, name: str, page: str) -> Path:
    """Write a page of this folder, under the policy."""
    file = folder / f"{name}.html"
    if site := site_address():
        page = page.replace("</title>", f'</title>\n<link rel="canonical" href="{site}slides/{name}.html">', 1)
    file.write_text(strict(page, Files(folder / "vendor", "vendor")), "utf-8")
    return file


def fill(folder: Path, site: Path) -> None:
    """Put all decks, what they load, the PDFs that were printed of them, and an index into an empty folder."""
    copy_vendor(folder / "vendor")
    decks = sorted(SLIDES.glob("*.ipynb"))
    for notebook in decks:
        try:
            put(folder, notebook.stem, page_of(notebook))
        except (ValueError, CellExecutionError) as problem:
            raise SystemExit(f"slides/{notebook.name}: {problem}") from None
    fonts.fill(folder / "vendor", fonts.letters(folder))
    for notebook in decks:
        page = folder / f"{notebook.stem}.html"
        if (pdf := pdf_of(page)).exists():
            shutil.copy2(pdf, page.with_suffix(".pdf"))
    write_index(folder, site, decks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, help="the folder of a site that is being built")
    if into := parser.parse_args().into:
        fill(into / "slides", into)
    else:
        with beside(HTML / "slides") as folder:
            fill(folder, HTML)


if __name__ == "__main__":
    main()
