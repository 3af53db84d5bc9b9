"""Build the book and serve it on localhost; build it again when a source changes.

Served is the last copy that was finished. What a refused build complained about stands in the terminal, and in a bar
on top of every page until a build succeeds.
"""

import functools
import html
import http.server
import io
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

from tools import ROOT
from tools.site import HTML, recover

WATCHED = ("chapters", "slides", "convlib", "web", "tools", "intro.*", "_config.yml", "_toc.yml", "references.bib")
COLOUR = re.compile(r"\x1b\[[\d;]*m")
BAR = (
    '<div role="alert" style="position:fixed;inset:0 0 auto;z-index:9999;max-height:40vh;overflow:auto;'
    'padding:.5em 1em;background:#7a1f1f;color:#fff;font:14px/1.4 monospace;white-space:pre-wrap">{}</div>'
)
WAIT = '<!doctype html><html lang="en"><meta charset="utf-8"><title>No copy yet</title><body><p>{}</p>'


class Builds:
    """The builds, one after the other, and the complaint of the last one if it was refused."""

    def __init__(self) -> None:
        self.complaint = ""

    def build(self) -> None:
        command = [sys.executable, "-m", "tools.book.build"]
        said = []
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, errors="replace") as program:
            for line in program.stderr:
                sys.stderr.write(line)
                said.append(COLOUR.sub("", line))
        self.complaint = "".join(said[-20:]).strip() or "the build failed" if program.returncode else ""


class Handler(http.server.SimpleHTTPRequestHandler):
    """The site, unchanged but for the bar."""

    def __init__(self, *given, builds: Builds, **named) -> None:
        self.builds = builds
        super().__init__(*given, **named)

    def log_message(self, *args) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def send_head(self):
        path = Path(self.translate_path(self.path))
        page = path / "index.html" if path.is_dir() and self.path.split("?")[0].endswith("/") else path
        if not HTML.exists():
            body = WAIT.format("The first build is at work, or it failed. Load this page again later.")
        elif page.suffix == ".html" and page.is_file() and self.builds.complaint:
            body = page.read_text("utf-8")
        else:
            return super().send_head()
        if self.builds.complaint:
            body += BAR.format("An older copy: " * HTML.exists() + html.escape(self.builds.complaint))
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        return io.BytesIO(body.encode())


def sources() -> dict[Path, float]:
    """When each source changed last."""
    files = [f for name in WATCHED for top in ROOT.glob(name) for f in [top, *top.rglob("*")]]
    return {f: f.stat().st_mtime for f in files if f.is_file() and "__pycache__" not in f.parts}


def main() -> None:
    port = sys.argv[1] if len(sys.argv) > 1 else "8000"
    if not port.isdigit():
        raise SystemExit(f"make serve: PORT is a number, not {port!r}")
    builds = Builds()
    handler = functools.partial(Handler, builds=builds, directory=str(HTML))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), handler)
    except (OSError, OverflowError) as problem:
        raise SystemExit(f"make serve: port {port}: {problem}; try make serve PORT={int(port) % 60000 + 1}") from None
    recover(HTML)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"Serving http://127.0.0.1:{server.server_port}/ (Ctrl-C stops); a saved file starts a new build", flush=True)
    seen: dict[Path, float] = {}
    while True:
        try:
            now = sources()
        except OSError:  # an editor was just putting a file in place of another
            continue
        if now != seen:
            seen = now
            builds.build()
        time.sleep(1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print()
