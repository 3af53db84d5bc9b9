"""Compare with the real frameworks in an environment of their own; run the notebooks in Binder's environment."""

import subprocess
import sys
import venv
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests/peers"
FRAMEWORKS = sorted(f for f in TESTS.glob("test_*.py") if f.name != "test_binder.py")
HOME = ROOT / "_build/peers"


def environment(name: str, lock: Path) -> Path:
    """The Python of a virtual environment that holds what the lock names; kept while the lock stays the same."""
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


def pytest(python: Path | str, *arguments: Path | str) -> int:
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run([str(part) for part in command], cwd=ROOT).returncode


def main() -> None:
    frameworks = environment("frameworks", TESTS / "requirements.txt")
    failed = [
        name
        for name, code in {
            "frameworks": pytest(frameworks, "--confcutdir", TESTS, *FRAMEWORKS),
            "binder": pytest(sys.executable, TESTS / "test_binder.py"),
        }.items()
        if code
    ]
    if failed:
        raise SystemExit(f"make peers: {' and '.join(failed)} failed; see the lines above")


if __name__ == "__main__":
    main()
