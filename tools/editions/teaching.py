"""What an instructor needs beside a chapter: the lecture's notes, the expected answers, the key of the quiz."""

import json
from pathlib import Path

from nbformat import NotebookNode

from tools.chapters import Chapter, exercises, read
from tools.editions.solutions import literal, program, run
from tools.slides.deck import facts, slides_of

SEEDS = (0, 1, 2, 3)


def expected(nb: NotebookNode, seeds: tuple[int, ...] = SEEDS) -> dict[str, list[str]]:
    """Exercise: what its worked solution answers for each seed."""
    programs = {one.id: program(nb, one.solution) for one in exercises(nb)}
    return {name: [literal(run(code, seed)) for seed in seeds] for name, code in programs.items()}


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


def quiz_key(quiz: Path) -> list[str]:
    parts = ["## The quiz"]
    questions = json.loads(quiz.read_text("utf-8"))
    for number, question in enumerate(questions, 1):
        marks = ((o, "**Right:** " if o["right"] else "") for o in question["options"])
        options = "\n".join(f"- {mark}{o['text']}. *{o['why']}*" for o, mark in marks)
        parts.append(f"{number}. {question['prompt']}\n\n{options}")
    return parts


def teaching(chapter: Chapter) -> str:
    """All of it, as one Markdown file."""
    parts = [f"# {chapter.title}", *notes(chapter.deck), *answers(chapter.notebook), *quiz_key(chapter.quiz)]
    return "\n\n".join(parts) + "\n"
