"""Finish the pages that the theme wrote: the policy, what they load, icons in the page, names that say what is seen."""

import functools
import json
import re
import sys
from hashlib import sha256
from pathlib import Path
from string import Template

from tools import ROOT, chapters, fonts
from tools.book import glossary
from tools.book.figures import Figures
from tools.book.head import LOGO, put_heads
from tools.book.play import Plays
from tools.book.sheet import one_sheet
from tools.env.vendor import bare
from tools.policy import META, STATE, Files, strict
from tools.site import site_address, write

SVGS = ROOT / "node_modules/@fortawesome/fontawesome-free/svgs"
STYLES = {
    "fas": "solid",
    "fa-solid": "solid",
    "far": "regular",
    "fa-regular": "regular",
    "fab": "brands",
    "fa-brands": "brands",
}
# What the theme brings and this site does without: a script of icons, Bootstrap's (web/site.js opens the menus), tabs,
# options that say what is so anyway, and on every page what the page of the search alone needs.
DROPPED = (
    r"<(?:script|link)\b[^>]*scripts/fontawesome\.js[^>]*>(?:</script>)?",
    r'<link rel="preload" as="script"[^>]*>',
    r"<script [^>]*(?:scripts/bootstrap|design-tabs)\.js[^>]*></script>",
    r"<script>DOCUMENTATION_OPTIONS\.\w+ = [^<]*</script>",
)
SEARCH = r'<script src="[^"]*(?:searchtools|language_data|searchindex)\.js"></script>'
LINK = re.compile(r'\s*<link\b(?=[^>]*\brel="stylesheet")[^>]*\bhref="([^"?]+)[^>]*>')
UNUSED = ("*.map", "fontawesome.js*", "bootstrap.js*", "design-tabs.js")
COMMENTED = ("doctools.js", "sphinx_highlight.js", "copybutton.js")  # scripts of every page that come with comments
IMAGE = re.compile(r'<img\b(?![^>]*\b(?:width|height)=)[^>]*?\bsrc="([^":]+)"')
ICON = re.compile(r'<(i|span) class="([^"]*\bfa-[^"]*)"([^>]*)></\1>')
APPENDIX = "<details{}><summary>Appendix</summary>{}</details>"
# The theme's labels hide words that stand on the button, and its roles for references are deprecated.
MENDED = {
    r'<script data-cfasync="false">.*?</script>': "",
    r'onclick="toggleFullScreen\(\)"': 'data-does="fullscreen"',
    r'(<button class="btn search-button[^>]*?) aria-label="Search"': r"\1",
    r'<summary aria-label="Toggle hidden content">': "<summary>",
    r' role="doc-biblioentry"': "",
    # How KaTeX was asked; what is said aloud stands beside it.
    r'<annotation encoding="application/x-tex">.*?</annotation>': "",
    r'<div role="list" class="citation-list">': '<div class="citation-list">',
    # The appendix is folded, unless the page is one of it.
    r'<p [^>]*class="caption"[^>]*><span class="caption-text">Appendix</span></p>\s*(<ul(?:(?!</nav>).)*</ul>)': (
        lambda found: APPENDIX.format(" open" if re.search(r"\bcurrent\b", found[1]) else "", found[1])
    ),
    r'<summary>(?=<span class="toctree-toggle")': '<summary aria-label="Pages below">',
    # The logo stands in the page: so it has its colours and its type.
    r'(<a class="navbar-brand logo" [^>]*>).*?</a>': lambda found: f"{found[1]}{LOGO}</a>",
}
# From disk a page cannot read another one: there the search lists what it found without showing the words around it.
# And a letter of a formula is part of the name of nearly every function.
SEARCHES = {
    "else if (showSearchSummary)": 'else if (showSearchSummary && location.protocol !== "file:")',
    "new Set(splitQuery(query.toLowerCase().trim()))": (
        'new Set(splitQuery(query.toLowerCase().trim()).filter((term) => term.length > 1 || term > "\\x7f"))'
    ),
}
# In place of Jupyter Book's bare redirect: with a name, a language and a link for those without refresh.
START = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
{META}
<title>Flip and Slide</title>
<link rel="icon" href="data:,"><meta http-equiv="refresh" content="0; url=intro.html"></head>
<body><main><h1>Flip and Slide</h1><p><a href="intro.html">To the course</a></p></main></body></html>
"""
NOT_FOUND = ROOT / "web/404.html"  # complete in itself: it is shown at any address
# The fonts of the first screen, and what on a page asks for them.
FONTS = {
    "fonts/source-serif-4-latin-wght-normal": "",
    "fonts/source-sans-3-latin-wght-normal": "",
    "fonts/source-serif-4-latin-wght-italic": "<em>",
    "katex/fonts/KaTeX_Main-Regular": 'class="katex"',
    "katex/fonts/KaTeX_Math-Italic": 'class="mord mathnormal"',
}
KEPT = {"fa-lg", "fa-sm", "fa-xs", "fa-fw"}


@functools.cache
def drawing(style: str, name: str) -> str:
    """The inside of the icon's SVG, with its view box in front."""
    source = SVGS / style / f"{name}.svg"
    if not source.exists():
        raise SystemExit(f"icons: the page uses {style}/{name}, which @fortawesome/fontawesome-free does not have")
    svg = source.read_text()
    box = re.search(r'viewBox="[^"]+"', svg)[0]
    return f"{box}>{''.join(re.findall(r'<path[^>]*/>', svg))}</svg>"


def inline(match: re.Match) -> str:
    classes = match[2].split()
    style = next((STYLES[c] for c in classes if c in STYLES), None)
    names = [c.removeprefix("fa-") for c in classes if c.startswith("fa-") and c not in STYLES and c not in KEPT]
    if style is None or len(names) != 1:
        return match[0]
    others = [c for c in classes if c not in STYLES and c != f"fa-{names[0]}"]
    attributes = re.sub(r'\s+title="[^"]*"', "", match[3])
    kept = " ".join(["svg-inline--fa", *others])
    return f'<svg class="{kept}"{attributes} aria-hidden="true" {drawing(style, names[0])}'


def measured(file: Path) -> str:
    """Width and height of a picture as attributes: its place is kept until it is there."""
    if file.suffix == ".svg":
        head = file.read_text("utf-8")
        found = re.search(r'<svg\b[^>]*viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', head)
        width, height = (round(float(v)) for v in found.groups())
    else:
        png = file.read_bytes()
        width, height = int.from_bytes(png[16:20]), int.from_bytes(png[20:24])
    return f'width="{width}" height="{height}"'


def mended(text: str, page: Path) -> str:
    """A page of the theme without what it need not load; buttons say what they do, pictures how big they are."""
    dropped = DROPPED if page.name == "search.html" else (*DROPPED, SEARCH)
    text = ICON.sub(inline, re.sub(r"\s*(?:" + "|".join(dropped) + ")", "", text))
    for pattern, better in MENDED.items():
        text = re.sub(pattern, better, text, flags=re.S)

    def image(match: re.Match) -> str:
        later = "" if "logo" in match[0] else ' loading="lazy"'
        return f"{match[0]} {measured(page.parent / match[1])}{later}"

    return IMAGE.sub(image, text)


def told_once(text: str) -> str:
    """A page has the words of its exercises: their boxes need not bring them again."""

    def state(match: re.Match) -> str:
        given = json.loads(match[1])
        for task in (model["state"].get("task", {}) for model in given["state"].values()):
            for words in ("text", "hint", "solution"):
                task.pop(words, None)
        return match[0].replace(match[1], json.dumps(given, ensure_ascii=False).replace("</", "<\\/"))

    return STATE.sub(state, text)


def head(text: str, up: str, sheet: str) -> str:
    """The page with what it loads first: the script of the head, the fonts that it fetches, and the one sheet."""
    used = " ".join(font for font, mark in FONTS.items() if mark in text)
    script = f'<script src="{up}_static/vendor/site.js" data-fonts="{used}"></script>'
    first = f'{script}\n<link rel="stylesheet" href="{up}{sheet}">'
    return LINK.sub("", text).replace("</title>", f"</title>\n{first}", 1)


def not_found() -> str:
    """What a server shows where there is no page; its links lead home from any depth if SITE is known."""
    light, dark = json.loads((ROOT / "convlib/palette.json").read_text("utf-8")).values()
    colours = "".join(f"--fs-{role}: light-dark({light[role]}, {dark[role]}); " for role in light)
    return Template(NOT_FOUND.read_text("utf-8")).substitute(policy=META, colours=colours, home=site_address())


def main() -> None:
    site = Path(sys.argv[1])
    put_heads(site)
    static, vendor = site / "_static", site / "_static/vendor"
    files = [f for f in sorted(site.rglob("*.html")) if static not in f.parents and f.name != "index.html"]
    figures = Figures(site / "_images")
    pages = {page: mended(figures.put(page.read_text("utf-8")), page) for page in files}
    plays = Plays()
    for name in (f"{page}.html" for page in chapters.pages() if site / f"{page}.html" in pages):
        pages[site / name] = plays.link(name, pages[site / name])
    pages |= {site / f"play/{name}.html": text for name, text in plays.made.items()}
    write(vendor / "terms.js", glossary.meanings(pages.get(site / f"{glossary.PAGE}.html", "")))
    sheets = list(
        dict.fromkeys((page.parent / name).resolve() for page, text in pages.items() for name in LINK.findall(text))
    )
    for left in (f for name in UNUSED for f in static.rglob(name)):
        left.unlink()
    ours = (ROOT / "convlib/widgets").rglob("*.js")  # they draw into the pages
    scripts = [f.read_text("utf-8") for f in [*static.rglob("*.js"), *ours]]
    sheet = one_sheet(sheets, static, pages.values(), scripts)
    (static / "site.css").write_text(sheet, "utf-8")
    for page, text in pages.items():
        up = "../" * (len(page.relative_to(site).parts) - 1)
        text = head(told_once(text), up, f"_static/site.css?v={sha256(sheet.encode()).hexdigest()[:8]}")
        try:
            text = strict(text, Files(vendor / "widgets", f"{up}_static/vendor/widgets"))
        except ValueError as problem:
            raise SystemExit(f"{page.relative_to(site)}: {problem}") from None
        write(page, text)
    (site / "index.html").write_text(START, "utf-8")
    (site / "404.html").write_text(not_found(), "utf-8")
    for script in (static / name for name in COMMENTED if (static / name).exists()):
        script.write_text(bare(script.read_text("utf-8")), "utf-8")
    search = static / "searchtools.js"
    text = search.read_text("utf-8")
    for found, better in SEARCHES.items():
        if found not in text:
            raise SystemExit(f"{search.name}: {found!r} is gone; look how the search does that now")
        text = text.replace(found, better)
    search.write_text(text, "utf-8")
    fonts.fill(vendor, fonts.letters(site))
    fonts.keep_icons(vendor / "fontawesome", sheet)
    for old in sheets:
        old.unlink()


if __name__ == "__main__":
    main()
