"""Where the site is built and put in its place: nothing there is ever half written."""

import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import ROOT

BUILD = ROOT / "_build"
HTML = BUILD / "html"
ARCHIVE = BUILD / "flip-and-slide.zip"


def site_address() -> str:
    """Where the site is going to be, with a slash at its end, when SITE says so; else nothing."""
    site = os.environ.get("SITE", "").rstrip("/")
    if site and not re.fullmatch(r"https?://[\w.-]+(:\d+)?(/[\w.~-]+)*", site):
        raise SystemExit(f"SITE must look like https://name.example/course, got {site!r}")
    return site and f"{site}/"


def write(file: Path, content: str | bytes) -> None:
    """Write beside, then rename: a reader sees the old file or the new one, never a part."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.new")
    try:
        new.write_bytes(content.encode() if isinstance(content, str) else content)
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)


def recover(target: Path) -> None:
    """Put back what a kill between the two renames of `beside` left without its name."""
    old = BUILD / f"{target.name}.old"
    if old.exists() and not target.exists():
        old.rename(target)


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """An empty folder to fill; when the block ends well, it takes the place of `target`."""
    new, old = BUILD / f"{target.name}.new", BUILD / f"{target.name}.old"
    recover(target)
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)
    new.mkdir(parents=True)
    yield new
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def zip_site(site: Path = HTML) -> Path:
    """The site in one file that works from disk; a copy lies in the site, for its readers."""
    new, inside = ARCHIVE.with_suffix(".new"), site / ARCHIVE.name
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
        for f in sorted(f for f in site.rglob("*") if f.is_file() and f != inside and f.name != ".buildinfo"):
            info = zipfile.ZipInfo(f"flip-and-slide/{f.relative_to(site).as_posix()}", (2020, 1, 1, 0, 0, 0))
            archive.writestr(info, f.read_bytes(), zipfile.ZIP_DEFLATED)
    new.replace(ARCHIVE)
    shutil.copy2(ARCHIVE, inside)
    return ARCHIVE
