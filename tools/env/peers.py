"""Compare with real frameworks; grade with nbgrader; run notebooks as on Binder, a hub and elsewhere; build.

The package itself is tested with the lowest NumPy and SciPy that it allows, and with the newest ones.
"""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from tools import ROOT

TESTS = ROOT / "tests/peers"
APART = tuple(f"test_{name}.py" for name in ("binder", "build", "hub", "moodle", "nbgrader", "processor", "run"))
FRAMEWORKS = sorted(f for f in TESTS.glob("test_*.py") if f.name not in APART)
# Each environment, its lock, and its libraries in the convention atlas; JAX and TensorFlow each keep to their own.
ATLAS = {
    "frameworks": (TESTS / "requirements.txt", ("OpenCV", "PyTorch")),
    "jax": (TESTS / "requirements-jax.txt", ("JAX",)),
    "tensorflow": (TESTS / "requirements-tensorflow.txt", ("TensorFlow",)),
}
# Each lock of NumPy and SciPy, and the Pythons for which there are wheels of both.
VERSIONS = {"lowest": ("3.11", "3.12"), "newest": ("3.14", "3.13", "3.12")}
# The tests of the library that need nothing but them, pytest and Hypothesis: all but these.
OTHERS = ("checks", "data", "doctests", "judging", "palette", "plotting", "words")
LIBRARY = [f for f in (ROOT / "tests/library").glob("test_*.py") if f.stem.removeprefix("test_") not in OTHERS]
# What they measure depends on how NumPy and SciPy were built.
MEASURED = "not memory_that_was_freed and not costs_little_more"
HOME = ROOT / "_build/peers"


def python_of(versions: tuple[str, ...]) -> str | None:
    """A Python of one of these versions on this machine, the first of them if it can be."""
    for version in versions:
        for name in (sys.executable, f"python{version}"):
            ask = [name, "-c", "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"]
            try:  # pyenv has a command for every version, which runs only the one that it is told
                said = subprocess.run(ask, capture_output=True, text=True, env=os.environ | {"PYENV_VERSION": version})
            except OSError:
                continue
            if said.stdout.split(maxsplit=1)[:1] == [version]:
                return said.stdout.split(maxsplit=1)[1].strip()
    return None


def environment(name: str, lock: Path, base: str = sys.executable) -> Path:
    """The Python of a virtual environment that holds what its lock names; kept while the lock stays the same."""
    home = HOME / name
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp, wanted = home / ".installed", sha256(lock.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"[peers] installing {lock.relative_to(ROOT)}", flush=True)
        subprocess.run([base, "-m", "venv", "--clear", str(home)], check=True)
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
    for name, versions in VERSIONS.items():
        if (base := python_of(versions)) is None:
            print(
                f"[peers] the {name} NumPy and SciPy are left out: no Python {' or '.join(versions)} here", flush=True
            )
            continue
        python = environment(name, TESTS / f"requirements-{name}.txt", base)
        codes[f"{name} NumPy and SciPy"] = pytest(python, *LIBRARY, "-k", MEASURED, PYTHONPATH=str(ROOT))
    grader = environment("nbgrader", TESTS / "requirements-nbgrader.txt")
    for_classes = (TESTS / "test_nbgrader.py", TESTS / "test_moodle.py")
    codes["nbgrader and Moodle"] = pytest(grader, "--confcutdir", TESTS, *for_classes)
    codes["binder"] = pytest(sys.executable, TESTS / "test_binder.py")
    codes["downloads"] = pytest(sys.executable, TESTS / "test_run.py")
    codes["hub"] = pytest(sys.executable, TESTS / "test_hub.py", "-s")
    codes["build"] = pytest(sys.executable, TESTS / "test_build.py")
    codes["another processor"] = pytest(sys.executable, TESTS / "test_processor.py")
    failed = [name for name, code in codes.items() if code]
    if failed:
        raise SystemExit(f"make peers: {' and '.join(failed)} failed; see the lines above")


if __name__ == "__main__":
    main()
