"""Write all pages into an empty folder: Sphinx as `jupyter-book build` calls it, warnings being errors.

All are written each time, so that no page, picture or entry of the search index is left over from an earlier build.
Read again are only the pages that changed.
"""

import sys
from pathlib import Path

from jupyter_book.sphinx import build_sphinx

from tools import ROOT


def main() -> None:
    site = Path(sys.argv[1])
    overrides = {"external_toc_path": str(ROOT / "_toc.yml"), "latex_individualpages": False, "nitpicky": True}
    strict = {"warningiserror": True, "keep_going": True, "quiet": True}
    result = build_sphinx(
        ROOT, site, noconfig=True, path_config=ROOT / "_config.yml", confoverrides=overrides, **strict
    )
    if isinstance(result, KeyboardInterrupt):
        raise SystemExit(1)
    if isinstance(result, OSError):
        print(f"make book: {result.strerror}: {result.filename}", file=sys.stderr)
    raise SystemExit(bool(result))


if __name__ == "__main__":
    main()
