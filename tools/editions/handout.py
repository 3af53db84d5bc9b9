"""Write the students' and the instructors' copy of the course, from the one source: make handout.

With `--onto`, the students' copy is also committed on top of what a clone of their repository holds.
"""

import argparse
import io
import re
import subprocess
import zipfile
from itertools import pairwise
from pathlib import Path

import nbformat
from nbconvert.preprocessors import ClearOutputPreprocessor, TagRemovePreprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from tools import ROOT
from tools.chapters import ASKED, ROOM, chapters, read
from tools.editions.leaks import leaks_in_zip, telling_lines
from tools.editions.teaching import teaching
from tools.notebooks.store import as_text

# What both copies hold besides their own README.md; enough for an environment like Binder's.
SHARED = ("convlib/**/*", "binder/*", "chapters/**/*", "intro.ipynb", "pyproject.toml", "LICENSE*")
KINDS = (".ipynb", ".md", ".json", ".yml")  # of the chapters' files
FOR_INSTRUCTORS = ("instructor",)  # pages of the appendix whose names begin like this
LEADS_THERE = re.compile(r"^.*/instructor-.*\n?", re.MULTILINE)  # a line that links to one of them
SOLUTION = re.compile(r"^## Solution\n.*?(?=^# |\Z)", re.MULTILINE | re.DOTALL)  # in the words of an exercise
LEFT_OUT = ("__pycache__", ".ipynb_checkpoints")


def shared_files() -> list[Path]:
    found = {f for pattern in SHARED for f in ROOT.glob(pattern) if f.is_file() and f.suffix != ".pyc"}
    found = {f for f in found if not set(LEFT_OUT) & set(f.parts)}
    return sorted(f for f in found if f.suffix in KINDS or "chapters" not in f.parts)


def for_students(notebook: Path) -> str:
    """The notebook without solutions, outputs and lines for instructors; hints, predictions and the quiz stay."""
    nb = read(notebook)
    nb, _ = TagRemovePreprocessor(remove_cell_tags={"solution"}).preprocess(nb, {})
    nb, _ = ClearOutputPreprocessor().preprocess(nb, {})
    for cell in nb.cells:
        cell.source = LEADS_THERE.sub("", cell.source)
    nb.cells = apart(nb.cells)
    return as_text(nb)


def apart(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Text before each of several code cells in a row.

    Running a cell changes its first lines. To git a code cell inserted right before them is a conflict, and the
    students' side wins; one that begins with text is none.
    """
    code = [False, *(cell.cell_type == "code" for cell in cells), False]
    parted = []
    for cell, (before, own), after in zip(cells, pairwise(code), code[2:], strict=False):
        if own and (before or after):
            parted.append(new_markdown_cell(ROOM, id=f"before-{cell.id}"))
        parted.append(cell)
    return parted


def student_files() -> dict[str, bytes]:
    files = {}
    for path in shared_files():
        if not path.name.startswith(FOR_INSTRUCTORS):
            data = path.read_bytes() if path.suffix != ".ipynb" else for_students(path).encode()
            if path.suffix == ".md" and path.parent.name == "checks":
                data = SOLUTION.sub("", data.decode()).encode()
            files[str(path.relative_to(ROOT))] = data
    return files | {"README.md": (ROOT / "editions/student.md").read_bytes()}


def instructor_files() -> dict[str, bytes]:
    files = {str(path.relative_to(ROOT)): path.read_bytes() for path in shared_files()}
    for chapter in chapters():
        files[f"teaching/{chapter.name}.md"] = teaching(chapter).encode()
    return files | {"README.md": (ROOT / "editions/instructor.md").read_bytes()}


def packed(name: str, files: dict[str, bytes]) -> bytes:
    """A zip that is the same for the same files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for path, content in sorted(files.items()):
            info = zipfile.ZipInfo(f"{name}/{path}", (2020, 1, 1, 0, 0, 0))
            info.external_attr = (0o755 if path == "binder/postBuild" else 0o644) << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def kept_back(old: bytes, new: bytes) -> list[str]:
    """Cells that students type in and that differ: a merge keeps what was typed, and the change would not arrive."""
    before, after = ({c.id: c.source for c in nbformat.reads(nb.decode(), 4).cells} for nb in (old, new))
    return [name for name, source in before.items() if ASKED.search(source) and after.get(name) != source]


def commit(files: dict[str, bytes], clone: Path) -> None:
    """Commit the files on top of the history of a clone, or begin one: students' links hold while it goes on."""

    def git(*arguments: str, **options) -> str:
        done = subprocess.run(["git", *arguments], cwd=clone, capture_output=True, text=True, **options)
        if done.returncode:
            raise SystemExit(f"make handout: `git {' '.join(arguments)}` failed in {clone}\n{done.stderr}")
        return done.stdout

    if not clone.exists():
        clone.mkdir(parents=True)
        git("init", "-q", "-b", "main")
    if git("status", "--porcelain"):
        raise SystemExit(f"make handout: {clone} has changes that are not committed; nothing was written")
    held = [name for name in git("ls-files", "-z").split("\0") if name]
    notebooks = [name for name in held if name.endswith(".ipynb") and name in files]
    stuck = {name: kept_back((clone / name).read_bytes(), files[name]) for name in notebooks}
    if lines := [f"{name}: {', '.join(cells)}" for name, cells in stuck.items() if cells]:
        told = "students have typed into these cells, and a change would not reach them: put it into a new cell"
        raise SystemExit("\n".join([f"make handout: {told}; nothing was written", *lines]))
    for name in set(held) - set(files):
        (clone / name).unlink()
    for name, data in files.items():
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_bytes(data)
    (clone / "binder/postBuild").chmod(0o755)
    git("add", "-A")
    if git("status", "--porcelain"):
        git("commit", "-q", "-m", "The students' edition")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "_build/editions")
    parser.add_argument("--onto", type=Path, help="a clone of the students' repository")
    out, clone = (options := parser.parse_args()).out, options.onto
    student = packed("flip-and-slide-student", files := student_files())
    if found := leaks_in_zip(student, telling_lines()):
        raise SystemExit("\n".join(["make handout: solutions in the students' copy; nothing was written", *found]))
    out.mkdir(parents=True, exist_ok=True)
    archives = {"student": student, "instructor": packed("flip-and-slide-instructor", instructor_files())}
    for name, data in archives.items():
        target = out / f"flip-and-slide-{name}.zip"
        target.write_bytes(data)
        print(f"{target} ({len(data) / 1e6:.1f} MB)")
    if clone:
        commit(files, clone)
        print(f"{clone} holds it as its last commit; `git push` there")


if __name__ == "__main__":
    main()
