"""Run the notebooks that changed, several at once, into the cache that Sphinx reads; name notebook, cell and error."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.cache.main import CacheBundleIn

from tools import ROOT
from tools.chapters import pages
from tools.notebooks.kernel import execute, warm_up

CACHE = ROOT / "_build/.jupyter_cache"


def run(path: Path) -> tuple[nbformat.NotebookNode, float, str]:
    """The executed notebook, its seconds, and what went wrong, if anything."""
    nb = nbformat.read(path, as_version=4)
    return nb, *execute(nb, path.parent, widgets=True)


def main() -> None:
    cache = get_cache(CACHE)
    todo = []
    for path in (ROOT / f"{page}.ipynb" for page in pages()):
        if not path.exists():  # a page in Markdown
            continue
        try:
            cache.match_cache_notebook(nbformat.read(path, as_version=4))
        except KeyError:
            todo.append(path)
    warm_up()
    problems = []
    with ProcessPoolExecutor(max_workers=min(os.cpu_count() or 1, 4)) as pool:
        for path, (nb, seconds, problem) in zip(todo, pool.map(run, todo), strict=True):
            name = path.relative_to(ROOT).as_posix()
            print(f"      {seconds:6.1f} s  {name}", flush=True)
            if problem:
                problems.append(f"{name}: {problem}")
            else:
                bundle = CacheBundleIn(nb, str(path), data={"execution_seconds": seconds})
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    for problem in problems:
        print(f"make book: {problem}", file=sys.stderr)
    raise SystemExit(1 if problems else 0)


if __name__ == "__main__":
    main()
