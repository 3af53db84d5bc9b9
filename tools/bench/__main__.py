"""Time convlib beside its peers in one run; `--check` exits 1 where a promised speed is missed."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tools import ROOT

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
SURROUNDINGS = {**ONE_THREAD, "PYTHONPATH": str(ROOT)}  # so that this checkout's convlib is measured


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--minutes", type=float, default=15, help="time to spend, spread over the grid (default 15)")
    parser.add_argument("--only", default="", help="kinds of cases: 1d,2d,separable,forward,backward,memory")
    parser.add_argument("--snapshot", action="store_true", help="also write bench.json for the chapters")
    parser.add_argument("--check", action="store_true", help="40 random sizes, three runs; exit 1 on a miss")
    parser.add_argument("--count", type=int, default=40, help="sizes of --check")
    parser.add_argument("--here", action="store_true", help="in this Python, not in the one with PyTorch and OpenCV")
    chosen = parser.parse_args()
    if chosen.snapshot and chosen.only:
        parser.error("a snapshot needs the whole run: leave --only out")
    return chosen


def elsewhere() -> int:
    """Run again with one thread, in the environment of the peers; in this one if it cannot be made."""
    from tools.env.peers import TESTS, environment

    try:
        python = environment("frameworks", TESTS / "requirements.txt")
    except SystemExit as error:
        print(f"[bench] {error}; going on without PyTorch and OpenCV", flush=True)
        python = Path(sys.executable)
    command = [str(python), "-m", "tools.bench", "--here", *sys.argv[1:]]
    return subprocess.run(command, env=os.environ | SURROUNDINGS).returncode


if __name__ == "__main__":
    chosen = arguments()
    if not chosen.here:
        raise SystemExit(elsewhere())
    os.environ.update(SURROUNDINGS)
    from tools.bench import report  # only now: NumPy reads the number of threads when it is imported

    raise SystemExit((report.check if chosen.check else report.run)(chosen))
