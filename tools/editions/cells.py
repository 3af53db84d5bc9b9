"""The cells of an assignment in nbgrader's format: text, numbers, an answer's place, hidden tests."""

from hashlib import sha256
from typing import Any

import numpy as np
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from convlib.checks import EXERCISES, exercise
from convlib.checks.words import filled, places, words
from tools.chapters import Exercise, exercises, title_of
from tools.editions.solutions import literal, program, run
from tools.notebooks.store import NOTEBOOK_METADATA

HOW = """Replace `None` by your answer: numbers as a number, a list or an array. Rounding does not matter. \
Leave the names as they are."""
TEXT = """::::{{admonition}} Exercise {id}: {title}
:class: exercise

{text}

:::{{admonition}} Hint
:class: dropdown
{hint}
:::
::::"""
ANSWER = """{answer} = None  # your answer in the place of None
### BEGIN SOLUTION
{answer} = {right}
### END SOLUTION"""
TEST = """assert {answer} is not None, "no answer yet"
### BEGIN HIDDEN TESTS
from hashlib import sha256

from convlib.checks import check, exercise

seed = 0x{seed:x}
numbers = str([np.asarray(value).tolist() for value in exercise("{id}", seed).values()])
drawn = sha256(numbers.encode()).hexdigest()
assert drawn == "{drawn}", "this NumPy draws other numbers than the one that made the set"
verdict = check("{id}", {answer}, seed)
assert verdict, verdict.message
### END HIDDEN TESTS"""


def told(exercise_id: str, seed: int) -> str:
    """Text and hint of an exercise, with the numbers of a seed."""
    declared = EXERCISES[exercise_id]
    said, values = words(declared), places(declared, seed)
    return TEXT.format(id=exercise_id, title=said.title, text=filled(said.text, values), hint=filled(said.hint, values))


def code(value: Any) -> str:
    """A value as Python text that gives exactly this value again."""
    if isinstance(value, np.ndarray):
        return f"np.array({code(value.tolist())}, dtype={value.dtype.name!r})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name!r}: {code(entry)}" for name, entry in value.items()) + "}"
    if isinstance(value, list | tuple):
        inside = ", ".join(map(code, value)) + "," * (isinstance(value, tuple) and len(value) == 1)
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    return repr(value.item() if isinstance(value, np.generic) else value)


def marked(cell: NotebookNode, name: str, *, points: int = 0, solution: bool = False) -> NotebookNode:
    """A cell with nbgrader's metadata; what is no answer is locked."""
    kind = {"grade": bool(points), "solution": solution, "locked": not solution, "task": False}
    cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": name, **kind} | ({"points": points} if points else {})
    cell.id = name
    return cell


def cells(nb: NotebookNode, one: Exercise, number: int, seed: int) -> list[NotebookNode]:
    given, answer = exercise(one.id, seed), f"answer_{number}"
    lines = "\n".join(f"    {name!r}: {code(value)}," for name, value in given.items())
    numbers = str([np.asarray(value).tolist() for value in given.values()])
    right = literal(run(program(nb, one.solution), seed))
    parts = {"id": one.id, "answer": answer, "seed": seed, "drawn": sha256(numbers.encode()).hexdigest()}
    return [
        marked(new_markdown_cell(told(one.id, seed)), f"text-{number}"),
        marked(new_code_cell(f"given_{number} = {{\n{lines}\n}}\ngiven_{number}"), f"given-{number}"),
        marked(new_code_cell(ANSWER.format(answer=answer, right=right)), f"answer-{number}", solution=True),
        marked(new_code_cell(TEST.format(**parts)), f"test-{number}", points=1 if number == 1 else 2),
    ]


def assignment(nb: NotebookNode, seed: int) -> NotebookNode:
    """A chapter's exercises as the instructor has them; nbgrader makes the students' version of it."""
    opening = marked(new_markdown_cell(f"# Exercises: {title_of(nb)}\n\n{HOW}"), "opening")
    setup = marked(new_code_cell("import numpy as np"), "setup")
    parts = [cell for k, one in enumerate(exercises(nb), 1) for cell in cells(nb, one, k, seed)]
    return new_notebook(cells=[opening, setup, *parts], metadata=NOTEBOOK_METADATA)
