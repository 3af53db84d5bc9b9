"""Find a Chrome or Chromium for the tests, or install one where that is allowed; prints its path."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
ADVICE = "no Chrome or Chromium found: install one (Debian: sudo apt-get install chromium), or set CHROME=/its/path"


def usual_places() -> Iterator[Path]:
    """Where installers put a browser without putting it on PATH."""
    for folder in (Path("/Applications"), Path.home() / "Applications"):
        for name in ("Google Chrome", "Chromium", "Microsoft Edge"):
            yield folder / f"{name}.app/Contents/MacOS/{name}"
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if folder := os.environ.get(variable):
            yield Path(folder) / "Google/Chrome/Application/chrome.exe"
            yield Path(folder) / "Microsoft/Edge/Application/msedge.exe"


def playwright_places() -> Iterator[Path]:
    """The browsers that playwright has downloaded, newest first."""
    caches = [
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH"),
        Path.home() / ".cache/ms-playwright",
        Path.home() / "Library/Caches/ms-playwright",
        Path(os.environ.get("LOCALAPPDATA", "")) / "ms-playwright",
    ]
    for cache in (Path(c) for c in caches if c):
        builds = sorted(cache.glob("chromium-[0-9]*"), key=lambda f: (len(f.name), f.name))
        for folder in (f for build in reversed(builds) for f in build.glob("chrome-*")):
            for name in ("chrome", "chrome.exe", "*.app/Contents/MacOS/*"):
                yield from folder.glob(name)


def answers(path: Path) -> bool:
    """Whether it starts: Ubuntu's `chromium` outside snap is a script that only says so."""
    if not path.is_file():
        return False
    if sys.platform == "win32":  # chrome.exe --version opens a window there
        return True
    try:
        return not subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode
    except (OSError, subprocess.TimeoutExpired):
        return False


def find() -> str | None:
    on_path = (Path(found) for name in NAMES if (found := shutil.which(name)))
    for places in (on_path, usual_places(), playwright_places()):
        for path in places:
            if answers(path):
                return str(path)
    return None


def install_commands() -> Iterator[list[str]]:
    """The ways to get one, each only where it may work."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        yield ["apt-get", "update", "-q"]
        yield ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]
    yield [sys.executable, "-m", "playwright", "install", "chromium"]


def chromium_path() -> str:
    """The browser to test with; CHROME decides when it is set."""
    if chosen := os.environ.get("CHROME"):
        if path := shutil.which(chosen):
            return path
        raise SystemExit(f"CHROME={chosen} is not a program: correct it, or unset it")
    if path := find():
        return path
    for command in install_commands():
        print("no browser yet:", *command, file=sys.stderr)
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(command, stdout=sys.stderr, env=quiet)
        if path := find():
            return path
    raise SystemExit(ADVICE)


if __name__ == "__main__":
    print(chromium_path())
