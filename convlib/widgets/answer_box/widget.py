"""AnswerBox: the field under an exercise, which checks an answer in the browser as `check` does in Python."""

from typing import Any, cast

import traitlets

from convlib.checks import EXERCISES
from convlib.checks.declaration import Exercise
from convlib.checks.judging import Task, flat, judge, message, shape
from convlib.checks.words import inline, nodes, placed, places, words
from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import control

VARIANTS = 11  # the numbers printed on the page, and ten others
OF_ALL = ("form", "otherwise", "allowed", "tolerance", "derive")  # what the variants of a task share


def kind_of(task: dict[str, Any]) -> str:
    """What is filled in: "number", "list", "grid", or "choice" where the numbers have names."""
    if task["allowed"]:
        return "choice"
    return "grid" if task["derive"] == "move" else ("number", "list", "grid")[len(shape(task["right"]))]


def _task(declared: Exercise) -> dict[str, Any]:
    said = words(declared)
    tasks: list[dict[str, Any]] = [dict(declared.task(seed)) for seed in range(VARIANTS)]
    first = tasks[0]
    return {
        "title": said.title,
        **{name: nodes(getattr(said, name)) for name in ("text", "hint", "solution")},
        **{name: first[name] for name in OF_ALL},
        "kind": kind_of(first),
        "variants": [
            {"right": task["right"], "slips": task["slips"], "places": places(declared, seed)}
            for seed, task in enumerate(tasks)
        ],
    }


class AnswerBox(Interactive):
    """The field under an exercise: its verdicts are those of `convlib.checks.check`, with and without a kernel.

    Parameters
    ----------
    exercise : str
        The exercise's name on the page, such as ``"III-1.1"``.
    task : dict
        The form of the answer, the words and all variants; made from the exercise.
    variant : int
        Which numbers: 0 for those printed on the page, up to 10; the same as the seed of
        `convlib.checks.exercise`.
    typed : str
        What stands in the field.
    answer : number, list, str or None
        The answer as it was read when it was checked last, or the sentence that says why it could
        not be read; None if it was not checked.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message names it and what is allowed.
    ValueError
        If there is no such exercise.

    Examples
    --------
    >>> box = AnswerBox("III-1.1", answer=12)
    >>> box
    AnswerBox: Exercise III-1.1: One column
    >>> box.shown()["verdict"]
    'III-1.1: 12 is not y[n]: which age has each input at n?'
    """

    exercise = control(traitlets.Unicode())
    task = control(traitlets.Dict())
    variant = control(traitlets.Int(0, min=0, max=VARIANTS - 1))
    typed = control(traitlets.Unicode())
    answer = control(traitlets.Any(None, allow_none=True))

    def __init__(self, exercise: str, **traits: Any) -> None:
        if exercise not in EXERCISES:
            raise ValueError(f"no exercise {exercise!r}; there are {', '.join(EXERCISES)}")
        super().__init__(exercise=exercise, **traits | {"task": _task(EXERCISES[exercise])})

    def _now(self) -> dict[str, Any]:
        variant: dict[str, Any] = self.task["variants"][self.variant]
        return variant

    def shown(self) -> dict[str, float | str]:
        """Return the verdict and the values in the text, by key."""
        verdict = self.answer if isinstance(self.answer, str) else ""
        if self.answer is not None and not verdict:
            task = cast(Task, {"id": self.exercise, **self.task, **self._now()})
            verdict = message(self.exercise, judge(task, self.answer))
        values = self._now()["places"]
        given = {
            f"given[{name}]": inline(values[name]) if tag == "place" else " ".join(flat(values[name]))
            for tag, name in placed(self.task["text"])
        }
        return {"verdict": verdict, **given}

    def describe(self) -> str:
        """Return the text alternative: the exercise and its title."""
        return self.text("describe", id=self.exercise, title=self.task["title"])
