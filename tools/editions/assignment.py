"""Write graded sets in nbgrader's format, with numbers of the instructor's own: SEED=… make assignment."""

import argparse
import os
import shutil
from hashlib import sha256
from pathlib import Path

import nbformat

from tools import ROOT
from tools.chapters import chapters
from tools.editions.cells import assignment

LENGTH = 16  # signs of a secret: all shorter ones could be tried
ADVICE = (
    'SEED must be a secret of 16 signs or more; python -c "import secrets; print(secrets.token_urlsafe())" makes one'
)


def seed_of(secret: str) -> int:
    """A number of 256 bits: nobody finds it by trying."""
    if len(secret) < LENGTH:
        raise SystemExit(f"make assignment: {ADVICE}")
    return int(sha256(secret.encode()).hexdigest(), 16)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "_build/assignment")
    parser.add_argument("chapters", nargs="*", help="such as 1-1 3-2; all of them by default")
    options, seed = parser.parse_args(), seed_of(os.environ.get("SEED", ""))
    names = {chapter.name: chapter for chapter in chapters()}
    chosen = {
        n: c
        for n, c in names.items()
        if not options.chapters or n.startswith(tuple(f"{one}-" for one in options.chapters))
    }
    if not chosen:
        raise SystemExit(f"make assignment: no chapter {' or '.join(options.chapters)}; there are {', '.join(names)}")
    for name, chapter in chosen.items():
        target = options.out / f"source/{name}/{name}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(assignment(chapter.notebook, seed), target)
    shutil.copy2(ROOT / "editions/assignment.md", options.out / "README.md")
    shutil.copy2(ROOT / "editions/nbgrader_config.py", options.out)
    print(f"{len(chosen)} assignments in {options.out}; its README.md says what to do with them")


if __name__ == "__main__":
    main()
