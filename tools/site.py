"""Where the site is built, and the zip of it that works from disk."""

import zipfile
from pathlib import Path

from tools import ROOT

BUILD = ROOT / "_build"
HTML = BUILD / "html"


def zip_site() -> Path:
    target = BUILD / "flip-and-slide.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for f in sorted(f for f in HTML.rglob("*") if f.is_file() and f.name != ".buildinfo"):
            info = zipfile.ZipInfo(f"flip-and-slide/{f.relative_to(HTML).as_posix()}", (2020, 1, 1, 0, 0, 0))
            archive.writestr(info, f.read_bytes(), zipfile.ZIP_DEFLATED)
    return target
