"""Find solution code in what students get: in any file, output, metadata, attachment or packed part of it."""

import base64
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from nbformat import NotebookNode

from convlib.checks import EXERCISES
from convlib.checks.words import words
from tools.chapters import chapters, is_solution
from tools.notebooks.rules import GIVES_ANSWER

TELLING = 16  # signs of a line, spaces and quotes not counted, from which on it gives something away
DEEP = 4  # packings within one another
# A line that only names what an exercise gives.
UNPACKS = re.compile(r"[\w,()]+=(?:exercise\([\w.-]+\)(?:\[\w+\])?|(?:(?:[pq]|given)\[\w+\],?)+)")
SPACES = re.compile(r"[\s\\\"'`]")
ESCAPED = re.compile(r"\\+u([0-9a-fA-F]{4})")
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")
HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){16,}")
URL_SAFE = bytes.maketrans(b"-_", b"+/")
BROKEN = re.compile(rb"\\[nr]|\s")


def squeezed(text: str) -> str:
    """Without spaces, quotes, backslashes and escapes: the same code in a script, in JSON or in a text of a text."""
    return SPACES.sub("", ESCAPED.sub(lambda m: chr(int(m[1], 16)), text))


def code_lines(source: str) -> set[str]:
    lines = {squeezed(re.sub(r"(^|\s)#.*", "", line)) for line in source.splitlines()}
    return {line for line in lines if len(line) >= TELLING and not UNPACKS.fullmatch(line)}


def solves(cell: NotebookNode) -> bool:
    """Whether a cell is a solution; one that lost its tag still is."""
    return is_solution(cell) or bool(GIVES_ANSWER.search(cell.source))


def telling_lines() -> dict[str, str]:
    """Each line of a solution, code or words, that stands nowhere in what students are given, and where it is from."""
    cells = [(one.file.stem, cell) for one in chapters() for cell in one.notebook.cells if cell.cell_type == "code"]
    said = [(one, words(one)) for one in EXERCISES.values()]
    open_ = [cell.source for _, cell in cells if not solves(cell)] + [f"{text.text}\n{text.hint}" for _, text in said]
    given = "\n".join(map(squeezed, open_))
    found = {line: chapter for chapter, cell in cells if solves(cell) for line in code_lines(cell.source)}
    found |= {line: one.id for one, text in said for line in code_lines(text.solution)}
    return {line: chapter for line, chapter in found.items() if line not in given}


def unpacked(data: bytes, depth: int = DEEP) -> Iterator[bytes]:
    """The bytes themselves, then everything that is packed in them."""
    yield data
    if not depth:
        return
    for part in _parts(data):
        yield from unpacked(part, depth - 1)


def _parts(data: bytes) -> Iterator[bytes]:
    if b"\0" in data:
        yield data.replace(b"\0", b"")  # such as UTF-16
    try:
        if data[:2] == b"\x1f\x8b":
            yield gzip.decompress(data)
        if data[:4] == b"PK\3\4":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                yield from (archive.read(info) for info in archive.infolist())
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile):
        pass  # it only began like one
    whole = BROKEN.sub(b"", data)  # base64 comes in lines
    for run in {*BASE64.findall(data), *BASE64.findall(whole)}:
        for start in range(4):  # what stands before it may look like a part of it
            yield base64.b64decode(run[start : start + (len(run) - start) // 4 * 4].translate(URL_SAFE))
    yield from (bytes.fromhex(run.decode()) for run in HEX.findall(whole))


def leaks(name: str, data: bytes, lines: dict[str, str]) -> list[str]:
    """Every line of a solution in this file, in whatever packing."""
    found = set()
    for part in unpacked(data):
        text = squeezed(part.decode("utf-8", "ignore"))
        found |= {line for line in lines if line in text}
    return [f"{name}: a line of a solution of {lines[line]}: {line}" for line in sorted(found)]


def leaks_in_zip(data: bytes, lines: dict[str, str]) -> list[str]:
    """The same for each file of an archive, and for the archive's own bytes: names, comments."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = [leak for info in archive.infolist() for leak in leaks(info.filename, archive.read(info), lines)]
    own = squeezed(data.decode("latin-1"))
    return found + [f"the archive itself: {line}" for line in sorted(lines) if line in own]
