"""Write the quizzes and the exercises as Moodle XML: make export (VARIANTS=5 draws of each exercise).

A quiz question is a choice, its reasons are the feedback. An exercise with one number is typed in, its slips are
wrong answers with a sentence each; one with several is a choice between the right ones and the slips that say them all.
"""

import argparse
import json
import re
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from convlib.checks import EXERCISES
from convlib.checks.declaration import Exercise
from convlib.checks.judging import ROUNDING, Task, flat, message, number_text, same, shape
from convlib.checks.words import Node, grids, inline, nodes, places, words, written
from tools import ROOT
from tools.chapters import Chapter, chapters
from tools.site import write

TRIES = "0.3333333"  # what a wrong try costs where Moodle allows several; its own default


def text_in(parent: ET.Element, tag: str, text: str, **given: str) -> ET.Element:
    """A child with a text, as Moodle has nearly all of them."""
    child = ET.SubElement(parent, tag, given)
    ET.SubElement(child, "text").text = text
    return child


def table(rows: list) -> str:
    lines = ("".join(f"<td>{escape(inline(value))}</td>" for value in row) for row in rows)
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def html(children: list[Node], values: dict) -> str:
    """The paragraphs of an exercise, with what stands in their places."""

    def one(node: Node) -> str:
        if isinstance(node, str):
            return escape(node, quote=False)
        tag, *inside = node
        if tag == "grid":
            return "".join(map(table, grids(values[inside[0]])))
        if tag == "place":
            return escape(inline(values[inside[0]]), quote=False)
        return f"<{tag}>{''.join(map(one, inside))}</{tag}>"

    return "".join(map(one, children))


def coded(text: str) -> str:
    """The plain text of a quiz, code between backticks."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def shown(answer: object) -> str:
    """An answer as an option: a row of numbers, or a grid."""
    value = written(answer)
    return table(value) if len(shape(value)) == 2 else escape(inline(value))


def question(quiz: ET.Element, kind: str, name: str, number: str, text: str, solution: str = "") -> ET.Element:
    one = ET.SubElement(quiz, "question", type=kind)
    text_in(one, "name", name)
    text_in(one, "questiontext", text, format="html")
    text_in(one, "generalfeedback", solution, format="html")
    for tag, value in {"defaultgrade": "1", "penalty": TRIES, "hidden": "0", "idnumber": number}.items():
        ET.SubElement(one, tag).text = value
    if kind == "multichoice":
        for tag, value in {"single": "true", "shuffleanswers": "true", "answernumbering": "abc"}.items():
            ET.SubElement(one, tag).text = value
    return one


def answer(one: ET.Element, text: str, right: bool, why: str) -> ET.Element:
    kind = "html" if one.get("type") == "multichoice" else "moodle_auto_format"
    option = text_in(one, "answer", text, fraction="100" if right else "0", format=kind)
    text_in(option, "feedback", why, format="html")
    return option


def put_quiz(quiz: ET.Element, chapter: Chapter) -> None:
    for n, asked in enumerate(json.loads(chapter.quiz.read_text("utf-8")), 1):
        name = f"{chapter.id} question {n}"
        one = question(quiz, "multichoice", name, f"{chapter.id}/q{n}", f"<p>{coded(asked['prompt'])}</p>")
        for option in asked["options"]:
            answer(one, coded(option["text"]), option["right"], coded(option["why"]))


def kernel_of(move: list[int]) -> list[list[int]]:
    """The smallest kernel of a layer that moves a picture down and right by so much."""
    reach = max(map(abs, move))
    places_of_one = (reach - move[0], reach - move[1])
    side = range(2 * reach + 1)
    return [[int((i, j) == places_of_one) for j in side] for i in side]


def answers(task: Task) -> list[tuple[Any, str]]:
    """The right answer, and each slip that gives another one, with its sentence: what the checker says of it."""
    slips = [(value, why) for value, why in task["slips"] if None not in flat(value)]
    found: list[tuple[Any, str]] = []
    for value, why in [(task["right"], "right"), *slips]:
        if not any(same(value, known, task["tolerance"]) for known, _ in found):
            found.append((value, why))
    return found


def put_exercise(quiz: ET.Element, declared: Exercise, seed: int) -> None:
    """One variant, with the numbers of a seed."""
    task, said, values = declared.task(seed), words(declared), places(declared, seed)
    typed = not shape(task["right"])
    text = html(nodes(said.text), values) + ("" if typed else "<p>Choose the right answer.</p>")
    name, number = f"{task['id']} {said.title}, variant {seed}", f"{task['id']}/{seed}"
    solution = html(nodes(said.solution), values)
    one = question(quiz, "numerical" if typed else "multichoice", name, number, text, solution)

    def add(value: Any, right: bool, why: str, forgiven: float = 0) -> None:
        option = answer(one, value, right, escape(message(task["id"], why), quote=False))
        if typed:
            ET.SubElement(option, "tolerance").text = number_text(forgiven)

    for k, (value, why) in enumerate(answers(task)):
        if not typed:
            add(shown(kernel_of(value) if task["derive"] else value), not k, why)
        elif not shape(value):
            add(str(value), not k, why, max(task["tolerance"], ROUNDING * max(1, abs(value))))
    if typed:
        add("*", False, task["otherwise"])
    text_in(one, "hint", html(nodes(said.hint), values), format="html")


def exported(course: list[Chapter], variants: int) -> bytes:
    """The whole course: a category for each quiz, and one for each exercise, whose variants a quiz can draw from."""
    quiz = ET.Element("quiz")

    def category(*names: str) -> None:
        path = "/".join(name.replace("/", "//") for name in names)  # which Moodle reads back as one
        text_in(ET.SubElement(quiz, "question", type="category"), "category", f"$course$/top/Flip and Slide/{path}")

    for chapter in course:
        top = f"{chapter.id} {chapter.title}"
        category(top, "Quiz")
        put_quiz(quiz, chapter)
        for one in chapter.exercises:
            declared = EXERCISES[one.id]
            category(top, f"{one.id} {words(declared).title}")
            for seed in range(1, variants + 1):
                put_exercise(quiz, declared, seed)
    ET.indent(quiz)
    return ET.tostring(quiz, "utf-8", xml_declaration=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "_build/editions/flip-and-slide-moodle.xml")
    parser.add_argument("--variants", type=int, default=5)
    given = parser.parse_args()
    if given.variants < 1:
        raise SystemExit(f"make export: VARIANTS must be 1 or more, not {given.variants}")
    content = exported(chapters(), given.variants)
    write(given.out, content)
    print(f"{given.out} ({content.count(b'<idnumber>')} questions)")


if __name__ == "__main__":
    main()
