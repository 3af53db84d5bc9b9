"""Stop builds of the book at random moments, and see that no reader ever meets what they left.

`python -m tools.book.kills [times]`: a clean build tells what the site has to be; then builds of everything, or of a
part, are interrupted (Ctrl-C), killed with all their programs, or killed alone. After each the site has to be the whole
one, and at the end a last build has to make the same once more, byte by byte. Random, with a seed that is printed.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from hashlib import sha256

from tools import ROOT
from tools.site import ARCHIVE, BUILD, HTML, recover

MADE = ("executed", "decks", ".doctrees", "jupyter_execute", "html")
BUSY = "another build is at work"


def site() -> dict[str, str]:
    """Every file of the site, and the zip, by its content."""
    files = [f for f in [ARCHIVE, *HTML.rglob("*")] if f.is_file()]
    return {f.relative_to(BUILD).as_posix(): sha256(f.read_bytes()).hexdigest() for f in files}


def start() -> subprocess.Popen:
    command = [sys.executable, "-m", "tools.book.build"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, **quiet)


def build() -> float:
    """A build that nobody stops; waits for what an earlier one left running. Its seconds."""
    while True:
        started, program = time.monotonic(), start()
        said = program.communicate()[1]
        if program.returncode == 0:
            return time.monotonic() - started
        if BUSY not in said:
            raise SystemExit(f"kills: the build failed:\n{said}")
        time.sleep(0.2)


def stop(program: subprocess.Popen, how: str) -> None:
    if how == "alone":
        program.kill()
    else:
        os.killpg(program.pid, signal.SIGINT if how == "interrupt" else signal.SIGKILL)
    program.stderr.close()
    program.wait()


def difference(wanted: dict[str, str], found: dict[str, str]) -> list[str]:
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("times", type=int, nargs="?", default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = parser.parse_args()
    chance = random.Random(given.seed)
    for name in MADE:
        shutil.rmtree(BUILD / name, ignore_errors=True)
    seconds, wanted = build(), site()
    print(f"A clean build: {len(wanted)} files, {seconds:.0f} s; seed {given.seed}", flush=True)
    number, longest = 0, seconds
    while number < given.times:
        for name in MADE[:-1]:
            if chance.random() < 0.3:
                shutil.rmtree(BUILD / name, ignore_errors=True)
        how, after = chance.choice(("interrupt", "kill", "alone")), chance.uniform(0, longest)
        program = start()
        time.sleep(after)
        if program.poll() is not None:  # it had ended: this one does not count
            program.stderr.close()
            longest = max(0.8 * after, 1)
            continue
        stop(program, how)
        number, longest = number + 1, min(1.1 * longest, seconds)
        recover(HTML)
        found = {name: content for name, content in site().items() if name in wanted or name.startswith("html/")}
        print(f"{number:3d}  {after:5.1f} s  {how}", flush=True)
        if wrong := difference(wanted, found):
            raise SystemExit(f"kills: the site differs in {len(wrong)} files, such as {wrong[:5]}")
    build()
    if wrong := difference(wanted, site()):
        raise SystemExit(f"kills: the last build differs in {len(wrong)} files, such as {wrong[:5]}")
    print("Every time the site was whole, and the last build is the first one, byte by byte.")


if __name__ == "__main__":
    main()
