"""Run notebooks from top to bottom and store their text outputs.

python -m tools.notebooks.run [files or folders]     (default: the whole course)
"""

import os
import sys
from argparse import ArgumentParser, RawTextHelpFormatter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat

from tools.notebooks.kernel import execute, warm_up
from tools.notebooks.store import COURSE, as_text, notebooks, refusals


def run(path: Path) -> tuple[float, str]:
    """Run one notebook and store it; seconds, and what went wrong (then nothing is stored)."""
    nb = nbformat.read(path, as_version=4)
    seconds, problem = execute(nb, path.parent)
    if problem:
        return seconds, f"{os.path.relpath(path)}: {problem}"
    path.write_text(as_text(nb), encoding="utf-8")
    return seconds, "\n".join(refusals(path))


def main() -> int:
    """Run them two at a time and print the seconds each took."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawTextHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, default=COURSE)
    files = [path.resolve() for path in notebooks(parser.parse_args().paths)]
    warm_up()
    wrong = []
    with ProcessPoolExecutor(max_workers=2) as pool:
        for path, (seconds, problem) in zip(files, pool.map(run, files), strict=True):
            print(f"{seconds:6.1f} s  {path.name}", problem, sep="\n" * bool(problem), flush=True)
            wrong += [problem] * bool(problem)
    print(f"{len(files)} notebooks run, {len(wrong)} with problems")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
