"""What a chapter promises, asks and takes, read from its notebook, quiz and deck, and compared with guide.yml."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import yaml
from deck import facts

ROOT = Path(__file__).resolve().parents[1]
APPENDIX = ROOT / "chapters/appendix"
PARTS = {"1": "I", "2": "II", "3": "III", "4": "IV"}
WORDS_A_MINUTE = 150  # with formulas, cells and interactives in between
GOALS = re.compile(r"\*\*You will be able to\*\*\n\n((?:- .+\n)+)")
EXERCISE = re.compile(r"admonition\} Exercise [IV]+-\d+\.\d+: (.+)")
MISTAKE = re.compile(r"admonition\} Common mistake: (.+)\n((?:.*\n)*?)::::")
NOT_READ = ("exercise", "quiz", "reading")  # cells that are done, not read


def chapter_id(page: str) -> str:
    part, number = re.match(r"(\d)-[^/]+/(\d)-", page).groups()
    return f"{PARTS[part]}-{number}"


def pages() -> list[str]:
    """The chapters of the table of contents, as paths below chapters/."""
    text = (ROOT / "_toc.yml").read_text("utf-8")
    return re.findall(r"file: chapters/(\d-[^/\s]+/\S+)", text)


def read_chapter(page: str) -> dict:
    nb = nbformat.read(ROOT / f"chapters/{page}.ipynb", 4)
    cells = [c for c in nb.cells if c.cell_type == "markdown"]
    text = "\n".join(f"{c.source}\n" for c in cells)
    prose = " ".join(c.source for c in cells if not c.id.startswith(NOT_READ))
    words = len(re.sub(r"\$.*?\$", "x", prose, flags=re.DOTALL).split())
    quiz = json.loads((ROOT / f"chapters/{page}.quiz.json").read_text("utf-8"))
    deck = facts(ROOT / f"slides/{page[0]}-{page.split('/')[1]}.ipynb")
    return {
        "title": re.search(r"^# (.+)", text, re.MULTILINE)[1],
        "objectives": [line[2:].rstrip(";.") for line in GOALS.search(text)[1].splitlines()],
        "exercises": EXERCISE.findall(text),
        "quiz": [question["prompt"] for question in quiz],
        "mistakes": [(title, re.findall(r"\[Claim (B\d+)\]", body)) for title, body in MISTAKE.findall(text)],
        "reading": 5 * round(words / WORDS_A_MINUTE / 5),
        "lecture": deck["minutes"],
    }


def read_map() -> dict:
    return yaml.safe_load((APPENDIX / "guide.yml").read_text("utf-8"))


def problems(chapters: dict, found: dict) -> list[str]:
    """Where guide.yml (`chapters`) and the course (`found`, by page) disagree."""
    named = {one["page"]: name for name, one in chapters.items() if "planned" not in one}
    planned = {one["page"] for one in chapters.values() if "planned" in one}
    bad = [f"{chapter_id(page)} is not in the map ({page})" for page in found if page not in named]
    bad += [f"{page} is there: it is no longer planned" for page in sorted(planned & set(found))]
    for page, name in named.items():
        if page not in found or name != chapter_id(page):
            bad.append(f"{name}: the course has no such chapter {page}")
        else:
            bad += [f"{name}: {text}" for text in _chapter_problems(chapters[name], found[page])]
    return bad


def _chapter_problems(one: dict, there: dict) -> Iterator[str]:
    goals = one["objectives"]
    for kind, quoted in (("objectives", list(goals)), ("exercises", one["exercises"]), ("quiz", one["quiz"])):
        if len(quoted) != len(there[kind]):
            yield f"{len(there[kind])} {kind} on the page, {len(quoted)} in the map"
        for quote, text in zip(quoted, there[kind], strict=False):
            if not text.startswith(quote):
                yield f"{kind}: the map has {quote!r}, the page {text!r}"
    given = [item for items in goals.values() for item in items.split()]
    known = [f"{n}" for n, _ in enumerate(there["exercises"], 1)] + [f"q{n}" for n, _ in enumerate(there["quiz"], 1)]
    yield from (f"no objective names {item}" for item in known if item not in given)
    yield from (f"there is no {item}" for item in given if item not in known)
    yield from (f"nothing assesses {goal!r}" for goal, items in goals.items() if not items.split())


def draft(page: str, there: dict) -> str:
    """An entry for a new chapter, with nothing assigned yet."""

    def quote(text: str) -> str:
        return text if len(text) < 40 else text[:40].rsplit(" ", 1)[0]

    one = {"page": page, "books": {}, **{kind: [quote(t) for t in there[kind]] for kind in ("exercises", "quiz")}}
    one["objectives"] = {quote(text): "" for text in there["objectives"]}
    return yaml.safe_dump({chapter_id(page): one}, allow_unicode=True, sort_keys=False, width=110)
