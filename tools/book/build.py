"""Build the book: assets, execution cache, Sphinx with warnings as errors, slides, the offline zip."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

from tools import ROOT
from tools.env import vendor
from tools.site import BUILD, HTML, zip_site

STEPS = 6
started = time.monotonic()


def say(step: int, text: str) -> None:
    print(f"[{step}/{STEPS}] {time.monotonic() - started:5.1f} s  {text}", flush=True)


def inputs_hash() -> str:
    """What the notebooks import and read: the execution cache itself looks at their cells only."""
    files = [ROOT / "requirements.txt"]
    files += [f for f in (ROOT / "convlib").rglob("*") if f.is_file()]
    digest = sha256()
    for f in sorted(f for f in files if "__pycache__" not in f.parts and f.suffix != ".pyc"):
        digest.update(f.relative_to(ROOT).as_posix().encode() + b"\0" + f.read_bytes())
    return digest.hexdigest()


def forget(*names: str) -> None:
    for name in names:
        shutil.rmtree(BUILD / name, ignore_errors=True)


def drop_stale_cache() -> None:
    stamp, now = BUILD / ".inputs", inputs_hash()
    if not stamp.exists() or stamp.read_text() != now:
        forget(".jupyter_cache", ".doctrees")
        BUILD.mkdir(exist_ok=True)
        stamp.write_text(now)


def run(complaint: str, *command: str | Path, stdout: int | None = None) -> None:
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    if subprocess.run([str(part) for part in command], cwd=ROOT, env=env, stdout=stdout).returncode:
        raise SystemExit(f"make book: {complaint}")


def book() -> None:
    """Sphinx through jupyter-book; a refused build must be refused again, so its doctrees go."""
    program = Path(sys.executable).with_name("jupyter-book")
    complaint = "the pages were refused; the warnings above say where, mend them and run it again"
    try:
        run(complaint, program, "build", ".", "-W", "-n", "--keep-going", "-q", stdout=subprocess.DEVNULL)
        run("the pages could not be finished", sys.executable, "-m", "tools.book.finish")
    except SystemExit:
        forget(".doctrees", "html")
        raise


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="read every page again (executed cells stay cached)")
    if parser.parse_args().fresh:
        forget(".doctrees", "html")
    say(1, "browser assets")
    vendor.install()
    vendor.copy()
    say(2, "execution cache")
    drop_stale_cache()
    say(3, "notebooks (those that changed)")
    run("a notebook failed; the line above names cell and error", sys.executable, "-m", "tools.book.cache")
    say(4, "pages")
    book()
    say(5, "slides")
    run("the slides were refused; the lines above name deck and slide", sys.executable, "-m", "tools.slides.build")
    say(6, "offline copy")
    archive = zip_site()
    print(f"\nThe book: {(HTML / 'index.html').as_uri()}")
    print(f"Offline copy: {archive.relative_to(ROOT)} ({archive.stat().st_size / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
