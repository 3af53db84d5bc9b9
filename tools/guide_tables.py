"""The tables of the instructor guide, each made from guide.yml (`data`) and the course (`found`, by page)."""

import json
from collections.abc import Callable, Iterable, Sequence

from guide_map import APPENDIX

TEST = APPENDIX / "concept-test.json"
BOOKS = ("oppenheim", "goodfellow", "gonzalez", "d2l")
LETTERS = "ABCD"


def table(head: str, rows: Iterable[Sequence[object]]) -> str:
    columns = head.split(" | ")
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def linked(name: str, one: dict, found: dict) -> str:
    there = found.get(one["page"])
    return f"[{name} {there['title']}](../{one['page']}.ipynb)" if there else f"{name} {one['planned']} (planned)"


def overview(data: dict, found: dict) -> str:
    rows = []
    for name, one in data["chapters"].items():
        there = found.get(one["page"], {})
        counts = [len(there.get(kind, "")) or "" for kind in ("exercises", "quiz")]
        rows.append([linked(name, one, found), there.get("reading", ""), there.get("lecture", ""), *counts])
    whole = [sum(row[i] or 0 for row in rows) for i in range(1, 5)]
    return table("chapter | reading, min | lecture, min | exercises | quiz", [*rows, ["**together**", *whole]])


def route(name: str) -> Callable[[dict, dict], str]:
    def write(data: dict, found: dict) -> str:
        rows = []
        for number, session in enumerate(data["routes"][name], 1):
            ones = [(n, data["chapters"][n]) for n in session["chapters"]]
            there = [found[one["page"]] for _, one in ones if one["page"] in found]
            minutes = [sum(one[kind] for one in there) or "" for kind in ("lecture", "reading")]
            rows.append([number, ", ".join(linked(n, one, found) for n, one in ones), *minutes, session["does"]])
        return table("session | chapters | lecture, min | reading, min | in class", rows)

    return write


def objectives(data: dict, found: dict) -> str:
    parts = []
    for name, one in data["chapters"].items():
        if there := found.get(one["page"]):
            lines = zip(there["objectives"], one["objectives"].values(), strict=True)
            rows = [[text, *assessed(name, items)] for text, items in lines]
            parts += [f"### {linked(name, one, found)}", table("objective | exercises | quiz", rows)]
    return "\n\n".join(parts)


def assessed(name: str, items: str) -> tuple[str, str]:
    exercises = [f"{name}.{item}" for item in items.split() if item[0] != "q"]
    return ", ".join(exercises), ", ".join(item[1:] for item in items.split() if item[0] == "q")


def mistakes(data: dict, found: dict) -> str:
    rows = []
    for name, one in data["chapters"].items():
        for title, claims in found.get(one["page"], {}).get("mistakes", []):
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
