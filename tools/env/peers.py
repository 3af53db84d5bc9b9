"""Compare with real frameworks; grade with nbgrader; run the notebooks as on Binder; stop builds at random moments."""

import os
import subprocess
import sys
import venv
from hashlib import sha256
from pathlib import Path

from tools import ROOT

TESTS = ROOT / "tests/peers"
APART = ("test_binder.py", "test_kills.py", "test_nbgrader.py")
FRAMEWORKS = sorted(f for f in TESTS.glob("test_*.py") if f.name not in APART)
# Each environment, its lock, and its libraries in the convention atlas; JAX and TensorFlow each keep to their own.
ATLAS = {
    "frameworks": (TESTS / "requirements.txt", ("OpenCV", "PyTorch")),
    "jax": (TESTS / "requirements-jax.txt", ("JAX",)),
    "tensorflow": (TESTS / "requirements-tensorflow.txt", ("TensorFlow",)),
}
HOME = ROOT / "_build/peers"


def environment(name: str, lock: Path) -> Path:
    """The Python of a virtual environment that holds what its lock names; kept while the lock stays the same."""
    home = HOME / name
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp, wanted = home / ".installed", sha256(lock.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"[peers] installing {lock.relative_to(ROOT)}", flush=True)
        venv.create(home, clear=True, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", str(lock)]
        if subprocess.run(pip).returncode:
            raise SystemExit(f"make peers: `{' '.join(pip)}` failed; this step needs the network (PyPI)")
        stamp.write_text(wanted)
    return python


def pytest(python: Path | str, *arguments: Path | str, **env: str) -> int:
    command = [python, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", *arguments]
    return subprocess.run([str(part) for part in command], cwd=ROOT, env=os.environ | env).returncode


def main() -> None:
    codes = {}
    for name, (lock, libraries) in ATLAS.items():
        files = FRAMEWORKS if name == "frameworks" else [TESTS / "test_atlas.py"]
        codes[name] = pytest(environment(name, lock), "--confcutdir", TESTS, *files, ATLAS=",".join(libraries))
    grader = environment("nbgrader", TESTS / "requirements-nbgrader.txt")
    codes["nbgrader"] = pytest(grader, "--confcutdir", TESTS, TESTS / "test_nbgrader.py")
    codes["binder"] = pytest(sys.executable, TESTS / "test_binder.py")
    codes["kills"] = pytest(sys.executable, TESTS / "test_kills.py")
    failed = [name for name, code in codes.items() if code]
    if failed:
        raise SystemExit(f"make peers: {' and '.join(failed)} failed; see the lines above")


if __name__ == "__main__":
    main()
