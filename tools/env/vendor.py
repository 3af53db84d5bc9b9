"""Copy the locked browser assets and our own web files into _build/assets, the book's static folder."""

import json
import shutil
import subprocess
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from tools import ROOT
from tools.env.node import npm

MODULES = ROOT / "node_modules"
OUT = ROOT / "_build/assets/vendor"


def assets() -> dict[str, Path]:
    """Target below the static folder -> the file or folder that goes there."""
    html_manager = MODULES / "@jupyter-widgets/html-manager/dist"
    katex = MODULES / "katex/dist"
    table = {
        "katex/katex.min.css": katex / "katex.min.css",
        "widgets/require.js": MODULES / "requirejs/require.js",
        "widgets/embed-amd.js": html_manager / "embed-amd.js",
        "widgets/anywidget.js": Path(find_spec("anywidget").origin).parent / "nbextension/index.js",
    }
    table |= {f"katex/fonts/{f.name}": f for f in (katex / "fonts").glob("*.woff2")}
    table |= {f"widgets/fonts/{f.name}": f for f in html_manager.glob("*.woff2")}
    table |= {f"widgets/{f.name}": f for f in (ROOT / "web").glob("*.js")}
    table |= {f.name: f for f in (ROOT / "web").glob("*.css")}
    table["page.js"] = ROOT / "web/page.js"
    return table


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
    missing = [str(source) for source in table.values() if not source.exists()]
    if missing:
        raise SystemExit(f"browser assets: missing {', '.join(missing)}; run `make clean`, then `make book`")
    shutil.rmtree(OUT, ignore_errors=True)
    for target, source in table.items():
        (OUT / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, OUT / target)
    palette = json.loads((ROOT / "convlib/palette.json").read_text())
    (OUT / "palette.css").write_text(palette_css(palette))


if __name__ == "__main__":
    install()
    copy()
