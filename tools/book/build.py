"""Build the book: assets, notebooks, pages with warnings as errors, slides, the offline zip.

Everything is made beside the site and takes its place at the end. Until then the file `_build/.unfinished` stands
there, locked. A build that finds it unlocked follows one that failed or was stopped, and reads every page again.
"""

import argparse
import fcntl
import locale
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from tools import ROOT
from tools.env import vendor
from tools.site import BUILD, HTML, beside, recover, write, zip_site

STEPS = 6
MARKER = BUILD / ".unfinished"
READ = (".doctrees", "jupyter_execute")  # what Sphinx keeps of the pages that it has read
started = time.monotonic()


def say(step: int, text: str) -> None:
    print(f"[{step}/{STEPS}] {time.monotonic() - started:5.1f} s  {text}", flush=True)


def forget(*names: str) -> None:
    for name in names:
        shutil.rmtree(BUILD / name, ignore_errors=True)


@contextmanager
def unfinished() -> Iterator[int]:
    """The marker; its lock goes on with every program that the build has started, even when the build is killed."""
    BUILD.mkdir(exist_ok=True)
    left = MARKER.exists()
    with MARKER.open("a") as marker:
        try:
            fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("make book: another build is at work here; wait for it, or stop it") from None
        if left:
            forget(*READ)
        yield marker.fileno()
        MARKER.unlink()


def forget_what_other_tools_read() -> None:
    """What was read stays as long as the programs that read it stay the same."""
    files = sorted([*(ROOT / "tools").rglob("*.py"), ROOT / "requirements.txt", ROOT / "package-lock.json"])
    stamp = BUILD / ".read-by"
    now = sha256(b"".join(sha256(f.read_bytes()).digest() for f in files)).hexdigest()
    if not stamp.exists() or stamp.read_text() != now:
        forget(*READ)
        write(stamp, now)


def run(lock: int, complaint: str, *command: str | Path) -> None:
    # The pages are the same on any day: nothing of them may look at a clock.
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    env.pop("SOURCE_DATE_EPOCH", None)
    call = [sys.executable, "-m", *map(str, command)]
    if subprocess.run(call, cwd=ROOT, env=env, pass_fds=[lock]).returncode:
        raise SystemExit(f"make book: {complaint}")


def book(lock: int) -> Path:
    say(1, "browser assets")
    vendor.install()
    vendor.copy()
    say(2, "notebooks (those that changed, or whose reach changed)")
    run(lock, "a notebook failed; the line above names cell and error", "tools.book.cache")
    with beside(HTML) as site:
        say(3, "pages")
        forget_what_other_tools_read()
        refused = "the pages were refused; the warnings above say where, mend them and run it again"
        run(lock, refused, "tools.book.pages", site)
        say(4, "finish")
        run(lock, "the pages could not be finished", "tools.book.finish", site)
        say(5, "slides")
        run(lock, "the slides were refused; the lines above name deck and slide", "tools.slides.build", "--into", site)
        say(6, "offline copy")
        return zip_site(site)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="read every page again (notebooks that ran stay)")
    fresh = parser.parse_args().fresh
    if locale.getpreferredencoding(False).lower().replace("-", "") != "utf8":
        raise SystemExit("make book: Python would read files as something else than UTF-8; set PYTHONUTF8=1")
    try:
        recover(HTML)
        with unfinished() as lock:
            if fresh:
                forget(*READ)
            archive = book(lock)
    except OSError as problem:
        raise SystemExit(f"make book: {problem.strerror}: {problem.filename}") from None
    except KeyboardInterrupt:
        raise SystemExit("make book: stopped; the site is still the last one that was finished") from None
    print(f"\nThe book: {(HTML / 'index.html').as_uri()}")
    print(f"Offline copy: {archive.relative_to(ROOT)} ({archive.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
