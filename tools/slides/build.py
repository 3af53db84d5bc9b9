"""Build the lecture decks: one page for each slides/*.ipynb, what they load, an index."""

import argparse
import json
import shutil
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from nbclient.exceptions import CellExecutionError

from tools import ROOT
from tools.env.vendor import palette_css
from tools.slides.deck import facts, render

SLIDES = ROOT / "slides"
REVEAL, KATEX = "node_modules/reveal.js/dist", "node_modules/katex/dist"
FONTS = "node_modules/@fontsource-variable/source-"
VENDOR = {  # what the decks load, below slides/vendor: folder -> files
    "": [
        f"{REVEAL}/reveal.js",
        f"{REVEAL}/reveal.css",
        f"{REVEAL}/plugin/notes.js",
        "web/afm-host.js",
        "web/favicon.svg",
        "slides/slides.css",
        "slides/template/deck.js",
    ],
    "katex": [f"{KATEX}/katex.min.css"],
    "katex/fonts": [f"{KATEX}/fonts/*.woff2"],
    "fonts": [f"{FONTS}*/LICENSE", f"{FONTS}*/files/*-latin-wght-*", f"{FONTS}*/files/*-greek-wght-n*"],
}


def inputs_hash(notebook: Path) -> str:
    """Everything that a built deck depends on, in one number."""
    folders = ("convlib", "slides/template", "web")
    files = [f for folder in folders for f in (ROOT / folder).rglob("*") if f.suffix != ".pyc"]
    files += [notebook, ROOT / "requirements.txt", ROOT / "package-lock.json"]
    files += ROOT.glob(f"chapters/*/{notebook.stem[2:]}.ipynb")  # a deck may run its chapter's cells
    files += [ROOT / "tools" / name for name in ("slides/deck.py", "languages.py", "slides/katex.mjs")]
    content = (f.read_bytes() for f in sorted(files) if f.is_file())
    return sha256(b"".join(sha256(c).digest() for c in content)).hexdigest()


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


def chapter_page(deck: str, site: Path) -> str | None:
    """Address of the chapter that deck 1-2-some-name belongs to, when the site holds it."""
    part, number = deck.split("-")[:2]
    found = next(ROOT.glob(f"chapters/{part}-*/{number}-*.ipynb"), None)
    page = found and found.relative_to(ROOT).with_suffix(".html")
    return f"../{page.as_posix()}" if page and (site / page).exists() else None


def write_index(folder: Path, decks: list[Path]) -> None:
    links = [(chapter_page(deck.stem, folder.parent), (folder / f"{deck.stem}.pdf").exists()) for deck in decks]
    rows = [facts(deck) | {"chapter": page, "pdf": pdf} for deck, (page, pdf) in zip(decks, links, strict=True)]
    templates = Environment(loader=FileSystemLoader(ROOT / "slides/template"), autoescape=True)
    page = templates.get_template("decks.html.j2").render(decks=rows)
    (folder / "index.html").write_text(page, "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "_build/html", help="the site's folder")
    out = parser.parse_args().out / "slides"
    copy_vendor(out / "vendor")
    decks = sorted(SLIDES.glob("*.ipynb"))
    for page in (*out.glob("*.html"), *out.glob("*.pdf")):  # of a deck that is gone
        if page.stem not in {deck.stem for deck in decks}:
            page.unlink()
    for notebook in decks:
        target, inputs = out / f"{notebook.stem}.html", inputs_hash(notebook)
        if target.exists() and inputs in target.read_text("utf-8")[:1000]:
            continue
        for old in (target, target.with_suffix(".pdf")):
            old.unlink(missing_ok=True)
        print(f"      {notebook.name}", flush=True)
        try:
            target.write_text(render(notebook, inputs), "utf-8")
        except (ValueError, CellExecutionError) as problem:
            raise SystemExit(f"slides/{notebook.name}: {problem}") from None
    write_index(out, decks)


if __name__ == "__main__":
    main()
