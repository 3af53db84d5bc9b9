"""Run the notebooks that changed, or whose reach changed, several at once; name notebook, cell and error."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor

from tools import ROOT, fonts
from tools.chapters import pages
from tools.notebooks.executed import executed, run
from tools.notebooks.kernel import warm_up


def main() -> None:
    files = [ROOT / f"{page}.ipynb" for page in pages()]
    todo = [path for path in files if path.exists() and executed(path) is None]  # other pages are in Markdown
    if not todo:
        return
    warm_up()
    fonts.for_figures()
    problems = []
    with ProcessPoolExecutor(max_workers=min(os.cpu_count() or 1, 4)) as pool:
        for path, (seconds, problem) in zip(todo, pool.map(run, todo), strict=True):
            name = path.relative_to(ROOT).as_posix()
            print(f"      {seconds:6.1f} s  {name}", flush=True)
            problems += [f"{name}: {problem}"] * bool(problem)
    for problem in problems:
        print(f"make book: {problem}", file=sys.stderr)
    raise SystemExit(1 if problems else 0)


if __name__ == "__main__":
    main()
