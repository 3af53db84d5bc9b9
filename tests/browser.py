"""For every test that needs a browser: a local server, one Chromium, a record of what pages do."""

import functools
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlparse

from playwright.sync_api import Browser, Page, sync_playwright

from tools import ROOT
from tools.env.chromium import chromium_path
from tools.slides.pdf import until  # noqa: F401  (for its users)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
]
# Only this machine has an address: a page that reaches out fails here as it would on a train.
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"

AXE = ROOT / "node_modules/axe-core/axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of 127.0.0.1; gives the address, without a slash at the end."""
    handler = functools.partial(QuietHandler, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Shared:
    """The one Chromium of this process: it starts for its first user and ends with its last."""

    users = 0
    closing: ExitStack
    browser: Browser

    @classmethod
    def enter(cls) -> Browser:
        if not cls.users:
            path = chromium_path()
            with ExitStack() as stack:
                launcher = stack.enter_context(sync_playwright()).chromium
                cls.browser = launcher.launch(executable_path=path, args=[*FLAGS, OFFLINE])
                stack.callback(cls.browser.close)
                cls.closing = stack.pop_all()
        cls.users += 1
        return cls.browser

    @classmethod
    def leave(cls) -> None:
        cls.users -= 1
        if not cls.users:
            cls.closing.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """One headless Chromium without a network; open as many pages in it as needed."""
    browser = Shared.enter()
    try:
        yield browser
    finally:
        Shared.leave()


@dataclass
class Record:
    """What a page asked for and complained about since `record` was called."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)  # console errors and uncaught exceptions
    warnings: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)  # refused, missing (404) or broken off

    def off_host(self, base: str) -> list[str]:
        """Requests that left `base` (an address or a file:// folder)."""
        inside = ("data:", "blob:", "about:", base)
        return sorted({url for url in self.requests if not url.startswith(inside)})

    def problems(self, base: str) -> list[str]:
        """Everything that a reader on a train, or a reader at all, should never meet."""
        return [
            *(f"off-host request: {url}" for url in self.off_host(base)),
            *(f"failed request: {text}" for text in self.failed),
            *(f"console error: {text}" for text in self.errors),
        ]

    def clear(self) -> None:
        for kept in (self.requests, self.errors, self.warnings, self.failed):
            kept.clear()


def record(page: Page) -> Record:
    """Start recording; call it before `page.goto`."""
    seen = Record()
    into = {"error": seen.errors, "warning": seen.warnings}
    page.on("request", lambda r: seen.requests.append(r.url))
    page.on("requestfailed", lambda r: seen.failed.append(f"{r.failure} {r.url}"))
    page.on("response", lambda r: r.status >= 400 and seen.failed.append(f"{r.status} {r.url}"))
    page.on("console", lambda m: m.type in into and into[m.type].append(m.text))
    page.on("pageerror", lambda e: seen.errors.append(f"uncaught {e}"))
    return seen


def violations(page: Page, exclude: str = "[hidden]") -> list[str]:
    """What axe finds against WCAG 2.2 AA, with the first place of each."""
    page.evaluate(AXE.read_text())
    asked = "([out, tags]) => axe.run({ exclude: [out] }, { runOnly: { type: 'tag', values: tags } })"
    found = page.evaluate(asked, [exclude, WCAG])["violations"]
    first = ((v, v["nodes"][0]) for v in found)
    return [f"{v['id']} ({len(v['nodes'])}×): {n['html'][:160]} {n['failureSummary']}" for v, n in first]


def local_file(url: str, base: str, folder: Path) -> Path | None:
    """The file behind a recorded request, for counting bytes."""
    if not url.startswith(base):
        return None
    path = Path(unquote(urlparse(url).path))
    file = path if base.startswith("file:") else folder / str(path).lstrip("/")
    return file if file.is_file() else None
