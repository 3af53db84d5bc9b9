"""Write the students' and the instructors' copy of the course, from the one source: make handout."""

import argparse
import io
import re
import zipfile
from pathlib import Path

from nbconvert.preprocessors import ClearOutputPreprocessor, TagRemovePreprocessor

from tools import ROOT
from tools.chapters import chapters, read
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
    return as_text(nb)


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "_build/editions")
    out = parser.parse_args().out
    student = packed("flip-and-slide-student", student_files())
    if found := leaks_in_zip(student, telling_lines()):
        raise SystemExit("\n".join(["make handout: solutions in the students' copy; nothing was written", *found]))
    out.mkdir(parents=True, exist_ok=True)
    archives = {"student": student, "instructor": packed("flip-and-slide-instructor", instructor_files())}
    for name, data in archives.items():
        target = out / f"flip-and-slide-{name}.zip"
        target.write_bytes(data)
        print(f"{target} ({len(data) / 1e6:.1f} MB)")


if __name__ == "__main__":
    main()
