"""Cut fonts to the letters and weights that a site uses; the licence of each goes along."""

import re
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from tools import ROOT
from tools.site import BUILD, write

FONTSOURCE = ROOT / "node_modules/@fontsource-variable"
KATEX = ROOT / "node_modules/katex/dist/fonts"
KEPT = BUILD / "fonts"  # every font that was cut, by what it was cut from
FEATURES = [*Options().layout_features, "tnum"]  # what a browser does by itself, and figures of one width
FACE = re.compile(r"font-weight: (\d+) ?(\d*);[^}]*?url\(fonts/(([\w-]+?)-(?:latin|greek)[\w-]*\.woff2)\)", re.S)


def cut(source: Path, letters: str, weights: tuple[int, int] | None = None) -> bytes | None:
    """The font with these letters and these weights alone, or nothing where it has none of the letters."""
    font = TTFont(source, recalcTimestamp=False)
    used = sorted(set(map(ord, letters)) & set(font.getBestCmap()))
    told = f"{sha256(source.read_bytes()).hexdigest()} {used} {weights} {FEATURES}"
    kept = KEPT / f"{source.stem}.{sha256(told.encode()).hexdigest()[:16]}.woff2"
    if used and not kept.exists():
        cutter = Subsetter(Options(layout_features=FEATURES, name_IDs=[0, 13, 14], hinting=False))
        cutter.populate(unicodes=used)
        cutter.subset(font)
        if weights:
            low, high = weights
            instantiateVariableFont(font, {"wght": low if low == high else weights}, inplace=True)
        font.flavor, out = "woff2", BytesIO()
        font.save(out)
        write(kept, out.getvalue())
    return kept.read_bytes() if used else None


def for_figures() -> list[Path]:
    """The fonts of the pages as matplotlib reads them: one weight in one file, with its Greek letters."""
    return [
        still("source-sans-3", "Source Sans 3", 400, "normal"),
        still("source-sans-3", "Source Sans 3", 700, "normal"),
        still("source-serif-4", "Source Serif 4", 400, "italic"),
    ]


def still(package: str, family: str, weight: int, slant: str) -> Path:
    """One weight of a variable font as a file of its own."""
    slices = [FONTSOURCE / package / f"files/{package}-{part}-wght-{slant}.woff2" for part in ("latin", "greek")]
    told = b"".join(sha256(part.read_bytes()).digest() for part in slices)
    kept = KEPT / f"{package}-{weight}-{slant}.{sha256(told).hexdigest()[:16]}.ttf"
    if not kept.exists():
        parts = []
        for part in slices:
            font = instantiateVariableFont(TTFont(part), {"wght": weight})
            font.flavor = None
            font.save(out := BytesIO())
            parts.append(out)
        font = Merger().merge(parts)
        font["name"].names = []
        for number, name in ((1, family), (2, "Italic" if slant == "italic" else "Regular")):
            font["name"].setName(name, number, 3, 1, 0x409)
        font.save(out := BytesIO())
        write(kept, out.getvalue())
    return kept


def letters(folder: Path) -> str:
    """Every letter of the pages of a folder and of their scripts."""
    files = [f for kind in ("html", "js") for f in folder.rglob(f"*.{kind}")]
    return "".join(sorted(set().union(*(f.read_text("utf-8") for f in files))))


def sources() -> dict[str, tuple[Path, tuple[int, int] | None]]:
    """The fonts of web/fonts.css and of KaTeX: target below the folder of their sheets -> file and weights."""
    found: dict[str, tuple[Path, tuple[int, int] | None]] = {
        f"katex/fonts/{source.name}": (source, None) for source in sorted(KATEX.glob("*.woff2"))
    }
    for low, high, name, package in FACE.findall((ROOT / "web/fonts.css").read_text("utf-8")):
        found[f"fonts/{name}"] = FONTSOURCE / package / "files" / name, (int(low), int(high or low))
    return found


def fill(vendor: Path, used: str) -> None:
    """Put these fonts, cut, and their licences into the folder of the sheets that name them."""
    for target, (source, weights) in sources().items():
        if font := cut(source, used, weights):
            write(vendor / target, font)
    for licence in FONTSOURCE.glob("*/LICENSE"):
        write(vendor / f"fonts/{licence.parent.name}-LICENSE", licence.read_bytes())


def keep_icons(folder: Path, sheet: str) -> None:
    """Of the fonts in a folder, the icons that a style sheet puts before or after something."""
    icons = sheet + "".join(chr(int(code, 16)) for code in re.findall(r"\\([ef][0-9a-f]{3})", sheet))
    for font in [*folder.rglob("*.woff2")]:
        if made := cut(font, "".join(c for c in icons if "\ue000" <= c <= "\uf8ff")):
            font.write_bytes(made)
        else:
            font.unlink()
    for old in [*folder.rglob("*.ttf")]:
        old.unlink()
