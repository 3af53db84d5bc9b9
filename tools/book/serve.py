"""Serve the built book on localhost and build it again when a source changes."""

import functools
import http.server
import subprocess
import sys
import threading
import time

from tools import ROOT
from tools.site import HTML

WATCHED = ("chapters", "slides", "convlib", "web", "tools", "intro.ipynb", "_config.yml", "_toc.yml", "references.bib")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


def newest() -> float:
    """The latest change among the sources, in seconds since 1970."""
    files = [f for name in WATCHED for f in [ROOT / name, *(ROOT / name).rglob("*")]]
    return max((f.stat().st_mtime for f in files if f.is_file() and "__pycache__" not in f.parts), default=0.0)


def main() -> None:
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
    handler = functools.partial(Quiet, directory=str(HTML))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"Serving http://127.0.0.1:{server.server_port}/ (Ctrl-C stops); a saved file starts a new build", flush=True)
    seen = newest()
    while True:
        time.sleep(1)
        if (now := newest()) > seen:
            seen = now
            subprocess.run([sys.executable, "-m", "tools.book.build"], cwd=ROOT)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print()
