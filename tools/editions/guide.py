"""The tables of the instructor guide, made from the chapters, their decks, guide.yml and concept-test.json.

python -m tools.editions.guide            write them, or say what is missing in the map
python -m tools.editions.guide --draft    print an entry of guide.yml for every chapter that has none
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence

import yaml

from convlib.checks import EXERCISES
from convlib.checks.words import words
from tools import ROOT
from tools.chapters import Chapter, chapter_id, chapters
from tools.slides.deck import facts

APPENDIX = ROOT / "chapters/appendix"
PAGE, TEST = APPENDIX / "instructor-guide.md", APPENDIX / "concept-test.json"
GOALS = re.compile(r"(?:\*\*You will be able to\*\*|:class: need)\n\n((?:- .+\n)+)")
MISTAKE = re.compile(r"admonition\} Common mistake: (.+)\n((?:.*\n)*?)::::")


def read_chapter(chapter: Chapter) -> dict:
    """What it promises, asks and takes."""
    cells = [c for c in chapter.notebook.cells if c.cell_type == "markdown"]
    text = "\n".join(f"{c.source}\n" for c in cells)
    return {
        "title": chapter.title,
        "objectives": [line[2:].rstrip(";.") for line in GOALS.search(text)[1].splitlines()],
        "exercises": [words(EXERCISES[one.id]).title for one in chapter.exercises],
        "quiz": [question["prompt"] for question in json.loads(chapter.quiz.read_text("utf-8"))],
        "mistakes": [(title, re.findall(r"\[Claim (B\d+)\]", body)) for title, body in MISTAKE.findall(text)],
        "lecture": facts(chapter.deck)["minutes"],
    }


def read_map() -> dict:
    return yaml.safe_load((APPENDIX / "guide.yml").read_text("utf-8"))


def problems(chapters: dict, found: dict) -> list[str]:
    """Where guide.yml (`chapters`) and the course (`found`, by page) disagree."""
    named = {one["page"]: name for name, one in chapters.items()}
    bad = [f"{chapter_id(page)} is not in the map ({page})" for page in found if page not in named]
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


# The tables: each is made from guide.yml (`data`) and the course (`found`, by page).

BOOKS = ("oppenheim", "goodfellow", "gonzalez", "d2l")
LETTERS = "ABCD"


def table(head: str, rows: Iterable[Sequence[object]]) -> str:
    columns = head.split(" | ")
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def linked(name: str, one: dict, found: dict) -> str:
    return f"[{name} {found[one['page']]['title']}](../{one['page']}.ipynb)"


def overview(data: dict, found: dict) -> str:
    rows = []
    for name, one in data["chapters"].items():
        there = found[one["page"]]
        counts = [len(there[kind]) for kind in ("exercises", "quiz")]
        rows.append([linked(name, one, found), there["lecture"], *counts])
    whole = [sum(row[i] for row in rows) for i in range(1, 4)]
    return table("chapter | lecture, min | exercises | quiz", [*rows, ["**together**", *whole]])


def route(name: str) -> Callable[[dict, dict], str]:
    def write(data: dict, found: dict) -> str:
        rows = []
        for number, session in enumerate(data["routes"][name], 1):
            ones = [(n, data["chapters"][n]) for n in session["chapters"]]
            minutes = sum(found[one["page"]]["lecture"] for _, one in ones)
            rows.append([number, ", ".join(linked(n, one, found) for n, one in ones), minutes, session["does"]])
        return table("session | chapters | lecture, min | in class", rows)

    return write


def objectives(data: dict, found: dict) -> str:
    parts = []
    for name, one in data["chapters"].items():
        lines = zip(found[one["page"]]["objectives"], one["objectives"].values(), strict=True)
        rows = [[text, *assessed(name, items)] for text, items in lines]
        parts += [f"### {linked(name, one, found)}", table("objective | exercises | quiz", rows)]
    return "\n\n".join(parts)


def assessed(name: str, items: str) -> tuple[str, str]:
    exercises = [f"{name}.{item}" for item in items.split() if item[0] != "q"]
    return ", ".join(exercises), ", ".join(item[1:] for item in items.split() if item[0] == "q")


def mistakes(data: dict, found: dict) -> str:
    rows = []
    for name, one in data["chapters"].items():
        for title, claims in found[one["page"]]["mistakes"]:
            links = ", ".join(f"[{claim}](#claim-{claim.lower()})" for claim in claims)
            rows.append([title, f"[{name}](../{one['page']}.ipynb)", links])
    return table("misconception | met in | claim", rows)


def books(data: dict, found: dict) -> str:
    ones = data["chapters"].items()
    rows = [[linked(name, one, found), *(one["books"].get(book, "") for book in BOOKS)] for name, one in ones]
    return table("chapter | Oppenheim & Willsky | Goodfellow et al. | Gonzalez & Woods | d2l", rows)


def questions(data: dict, found: dict) -> str:
    parts = []
    for number, item in enumerate(json.loads(TEST.read_text("utf-8")), 1):
        options = [f"{letter}. {o['text']}" for letter, o in zip(LETTERS, item["options"], strict=True)]
        parts.append(f"**{number}.** {item['prompt']}\n\n" + "\\\n".join(options))
    return "\n\n".join(parts)


def key(data: dict, found: dict) -> str:
    parts = []
    for number, item in enumerate(json.loads(TEST.read_text("utf-8")), 1):
        options = list(zip(LETTERS, item["options"], strict=True))
        right = next(letter for letter, o in options if o["right"])
        wrong = [f"{letter}: {o['why']}" for letter, o in options if not o["right"]]
        parts.append("\\\n".join([f"**{number}. {right}**, chapter {item['chapter']}", *wrong]))
    return "\n\n".join(parts)


TABLES = {"overview": overview, "objectives": objectives, "mistakes": mistakes, "books": books}
TABLES |= {name: route(name) for name in ("one-lecture", "one-week", "full-course")}
TABLES |= {"questions": questions, "key": key}


def written(text: str, data: dict, found: dict) -> str:
    """The page with every table between its marks made anew."""
    for name, make in TABLES.items():
        mark = re.compile(rf"(% begin {name}\n).*?(\n% end {name}\n)", re.DOTALL)
        text, count = mark.subn(lambda m, make=make: f"{m[1]}\n{make(data, found)}\n{m[2]}", text)
        if count != 1:
            raise ValueError(f"{PAGE.name}: {count} places are marked for the table {name}, not 1")
    return text


def main() -> int:
    data, found = read_map(), {chapter.page: read_chapter(chapter) for chapter in chapters()}
    if "--draft" in sys.argv:
        known = {one["page"] for one in data["chapters"].values()}
        print("\n".join(draft(page, there) for page, there in found.items() if page not in known))
        return 0
    if bad := problems(data["chapters"], found):
        print("guide.yml does not fit the course:", *bad, sep="\n  ")
        return 1
    PAGE.write_text(written(PAGE.read_text("utf-8"), data, found), "utf-8")
    print(f"{PAGE.name}: {len(found)} chapters, {len(TABLES)} tables")
    return 0


if __name__ == "__main__":
    sys.exit(main())
