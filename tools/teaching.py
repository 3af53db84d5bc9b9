"""What an instructor needs beside a chapter: the lecture's notes, the expected answers, the key of the quiz."""

import json
from pathlib import Path

from deck import facts, slides_of
from exercises import ROOT, exercises, read, title_of
from nbformat import NotebookNode
from solutions import literal, program, run

SEEDS = (0, 1, 2, 3)


def deck_of(chapter: Path) -> Path:
    pattern = f"slides/{chapter.parent.name[0]}-{chapter.name[0]}-*.ipynb"
    if not (found := sorted(ROOT.glob(pattern))):
        raise SystemExit(f"make handout: {chapter.name} has no deck {pattern}, so there are no notes")
    return found[0]


def expected(nb: NotebookNode, seeds: tuple[int, ...] = SEEDS) -> dict[str, list[str]]:
    """Exercise: what its worked solution answers for each seed."""
    programs = {one.id: program(nb, one.solution) for one in exercises(nb)}
    return {name: [literal(run(code, seed)[0]) for seed in seeds] for name, code in programs.items()}


def notes(deck: Path) -> list[str]:
    """The speaker notes, slide by slide."""
    told = facts(deck)
    parts = [f"## The lecture: {told['slides']} slides, {told['minutes']} minutes"]
    for number, (first, *rest) in enumerate(slides_of(read(deck)), 1):
        heading = next((line for line in first.source.splitlines() if line.startswith("#")), "")
        kinds = [(cell.metadata.get("slideshow", {}).get("slide_type"), cell.source) for cell in rest]
        spoken = [source for kind, source in kinds if kind == "notes"]
        parts += [f"### Slide {number}. {heading.lstrip('# ')}".rstrip(), *spoken] if spoken else []
    return parts


def answers(nb: NotebookNode) -> list[str]:
    given = ", ".join(f"`seed={seed}`" for seed in SEEDS)
    parts = ["## Expected answers", f"For {given}, in this order; seed 0 is what the page shows."]
    for name, values in expected(nb).items():
        parts += [f"**{name}**", "\n".join(f"- `{value}`" for value in values)]
    return parts


def quiz_key(chapter: Path) -> list[str]:
    parts = ["## The quiz"]
    questions = json.loads(chapter.with_name(f"{chapter.stem}.quiz.json").read_text("utf-8"))
    for number, question in enumerate(questions, 1):
        marks = ((o, "**Right:** " if o["right"] else "") for o in question["options"])
        options = "\n".join(f"- {mark}{o['text']}. *{o['why']}*" for o, mark in marks)
        parts.append(f"{number}. {question['prompt']}\n\n{options}")
    return parts


def teaching(chapter: Path) -> str:
    """All of it, as one Markdown file."""
    nb = read(chapter)
    parts = [f"# {title_of(nb)}", *notes(deck_of(chapter)), *answers(nb), *quiz_key(chapter)]
    return "\n\n".join(parts) + "\n"
