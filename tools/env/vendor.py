"""Copy the locked browser assets and our own web files into _build/assets, the book's static folder."""

import json
import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

from tools import ROOT, fonts
from tools.env.node import npm

MODULES = ROOT / "node_modules"
OUT = ROOT / "_build/assets/vendor"
HOST = ("afm-host.js", "links.js")  # what runs the interactives of a page


def assets() -> dict[str, Path]:
    """Target below the static folder -> the file or folder that goes there."""
    katex = MODULES / "katex"
    table = {
        "katex/katex.min.css": katex / "dist/katex.min.css",
        "katex/LICENSE": katex / "LICENSE",
        "preview.png": ROOT / "web/preview.png",
        **{f"widgets/{name}": ROOT / "web" / name for name in HOST},
    }
    table |= {f.name: f for kind in ("css", "js") for f in (ROOT / "web").glob(f"*.{kind}") if f.name not in HOST}
    return table


def bare(script: str) -> str:
    """A script as the site has it: no indentation, no lines of comment."""
    return re.sub(r"^\s*//.*\n|^\s+", "", script, flags=re.M)


def palette_css(palette: dict[str, dict[str, str]]) -> str:
    """The course's colours as CSS variables, light and dark."""

    def block(theme: str) -> str:
        return "".join(f"--fs-{name}:{colour};" for name, colour in palette[theme].items())

    return f":root{{{block('light')}}}\nhtml[data-theme=dark]{{{block('dark')}}}\n"


def install() -> None:
    """npm ci, when the lock has changed since the last time."""
    stamp = MODULES / ".installed"
    lock = sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == lock:
        return
    done = npm("ci", "--no-audit", "--no-fund", "--loglevel=error", cwd=ROOT, stdout=subprocess.DEVNULL)
    if done.returncode:
        raise SystemExit("browser assets: `npm ci` failed; this step needs the network (the npm registry)")
    stamp.write_text(lock)


def copy() -> None:
    """Fill the static folder; a missing source stops the build."""
    table = assets()
    needed = [*table.values(), *(source for source, _ in fonts.sources().values())]
    missing = [str(source) for source in needed if not source.exists()]
    if missing:
        raise SystemExit(f"browser assets: missing {', '.join(missing)}; run `make clean`, then `make book`")
    shutil.rmtree(OUT, ignore_errors=True)
    for target, source in table.items():
        (OUT / target).parent.mkdir(parents=True, exist_ok=True)
        if target.endswith(".js"):
            (OUT / target).write_text(bare(source.read_text("utf-8")), "utf-8")
        else:
            shutil.copy2(source, OUT / target)
    palette = json.loads((ROOT / "convlib/palette.json").read_text())
    (OUT / "palette.css").write_text(palette_css(palette))


if __name__ == "__main__":
    install()
    copy()
