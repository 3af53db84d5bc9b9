"""What a notebook reached: its kernel writes down which files of the repository were opened, and which folders listed.

A module that was imported counts without its comments and its layout; a file that was read as text counts whole, and a
folder that was listed by the names in it. What a program started by a notebook reads is not seen: then all files count.
"""

import ast
import functools
import os
from collections.abc import Iterable
from hashlib import sha256
from importlib.util import source_from_cache
from pathlib import Path

from tools import ROOT

# Not sources: what is built, installed or hidden.
OUTSIDE = ("_build", "node_modules", "dist", "__pycache__")
WATCH = """
def _watch(root, log):
    import os, sys
    seen, out = set(), os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    kinds = {"open": "text", "os.listdir": "folder", "os.scandir": "folder"}
    kinds |= dict.fromkeys(("subprocess.Popen", "os.system", "os.posix_spawn", "os.exec", "os.fork"), "program")

    def hook(event, given):
        kind = kinds.get(event)
        if kind is None:
            return
        path = root
        if kind != "program":
            path = "." if given[0] is None else given[0]
            if isinstance(path, int) or (kind == "text" and (given[2] or 0) & os.O_ACCMODE == os.O_WRONLY):
                return
            path = os.path.abspath(os.fsdecode(path))
            if not path.startswith(root + os.sep):
                return
            if sys._getframe(1).f_code.co_filename == "<frozen importlib._bootstrap_external>":
                if kind == "folder":  # only looked through for modules
                    return
                kind = "module"
        if (kind, path) not in seen:
            seen.add((kind, path))
            os.write(out, f"{kind}\\t{path}\\n".encode())

    sys.addaudithook(hook)
"""


def watch(log: Path) -> str:
    """The program that a kernel runs before its first cell; it leaves no names behind."""
    return f"{WATCH}\n_watch({str(ROOT)!r}, {str(log)!r})\ndel _watch\n"


def reached(log: Path) -> list[list[str]]:
    """[kind, path from the root] of everything that the kernel wrote down."""
    found = set()
    for line in log.read_text("utf-8").splitlines():
        kind, path = line.split("\t", 1)
        file = Path(source_from_cache(path) if path.endswith(".pyc") else path)
        inside = file.relative_to(ROOT)
        if not any(part.startswith(".") or part in OUTSIDE for part in inside.parts):
            found.add((kind, inside.as_posix()))
    return [list(pair) for pair in sorted(found)]


def _shown(names: Iterable[str]) -> list[str]:
    return sorted(n for n in names if not n.startswith(".") and n not in OUTSIDE)


@functools.cache
def _code(source: bytes) -> bytes:
    """The program without its comments and its layout."""
    try:
        return sha256(ast.dump(ast.parse(source)).encode()).digest()
    except SyntaxError:
        return source


def _content(kind: str, path: Path) -> bytes:
    if kind == "module" and path.suffix == ".py":
        return _code(path.read_bytes())
    if kind == "folder":
        return "\0".join(_shown(os.listdir(path))).encode()
    if kind == "program":
        folders = [path / name for name in ("chapters", "convlib", "slides")]
        files = sorted(f for folder in folders for f in folder.rglob("*") if f.is_file() and f.suffix != ".pyc")
        return b"".join(sha256(f.read_bytes()).digest() for f in files)
    return path.read_bytes()


def digest(reached: Iterable[Iterable[str]]) -> str:
    """One number for all that was reached, as it is now; what is missing counts as missing."""
    total = sha256()
    for kind, name in reached:
        try:
            content = _content(kind, ROOT / name)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            content = b"missing"
        total.update(f"{kind} {name} {sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()
