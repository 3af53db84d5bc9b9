"""Finish the pages that the theme wrote: icons without its 1.5 MB script, and names that say what is seen."""

import functools
import re
import sys
from pathlib import Path

from tools import ROOT
from tools.book.head import put_heads

SVGS = ROOT / "node_modules/@fortawesome/fontawesome-free/svgs"
STYLES = {
    "fas": "solid",
    "fa-solid": "solid",
    "far": "regular",
    "fa-regular": "regular",
    "fab": "brands",
    "fa-brands": "brands",
}
SCRIPT = re.compile(r"\s*<(?:script|link)\b[^>]*scripts/fontawesome\.js[^>]*>(?:</script>)?")
ICON = re.compile(r'<(i|span) class="([^"]*\bfa-[^"]*)"([^>]*)></\1>')
# The theme's labels hide words that stand on the button, and its roles for references are deprecated.
MENDED = {
    r'(<button class="btn search-button[^>]*?) aria-label="Search"': r"\1",
    r'<summary aria-label="Toggle hidden content">': "<summary>",
    r' role="doc-biblioentry"': "",
    r'<div role="list" class="citation-list">': '<div class="citation-list">',
    # A wide figure scrolls on a narrow screen; the keyboard has to reach it.
    r'(<div class="cell_output docutils container")>(\s*<img)': r'\1 tabindex="0">\2',
}
# From disk a page cannot read another one: there the search lists what it found without showing the words around it.
SUMMARY = ("else if (showSearchSummary)", 'else if (showSearchSummary && location.protocol !== "file:")')
# In place of Jupyter Book's bare redirect: with a name, a language and a link for those without refresh.
START = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Flip and Slide</title>
<link rel="icon" href="data:,"><meta http-equiv="refresh" content="0; url=intro.html"></head>
<body><main><h1>Flip and Slide</h1><p><a href="intro.html">To the course</a></p></main></body></html>
"""
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


def main() -> None:
    site = Path(sys.argv[1])
    put_heads(site)
    for page in site.rglob("*.html"):
        text = page.read_text()
        if SCRIPT.search(text):
            text = ICON.sub(inline, SCRIPT.sub("", text))
            for pattern, better in MENDED.items():
                text = re.sub(pattern, better, text)
            page.write_text(text)
    search = site / "_static/searchtools.js"
    text = search.read_text()
    if SUMMARY[0] not in text:
        raise SystemExit(f"{search.name}: {SUMMARY[0]!r} is gone; look how the search shows its summaries now")
    search.write_text(text.replace(*SUMMARY))
    (site / "index.html").write_text(START)
    for name in ("fontawesome.js", "fontawesome.js.LICENSE.txt"):
        (site / "_static/scripts" / name).unlink(missing_ok=True)
    for source_map in site.rglob("*.map"):
        source_map.unlink()


if __name__ == "__main__":
    main()
