"""Quiz: offline multiple choice in which every wrong answer is met with the idea behind it."""

import json
import re
from pathlib import Path
from typing import Any, Self

import traitlets

from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import control

QUESTIONS = Path(__file__).parent
ROMAN = ("", "I", "II", "III", "IV")


def _plain(text: str) -> str:
    """Return a text as the reader sees it: without the backticks that mark code."""
    return text.replace("`", "")


def _text_error(value: Any) -> str:
    """Say what is wrong with a text, or nothing."""
    if not isinstance(value, str) or not value.strip():
        return f"must be a text, not {value!r}"
    return f"has an unclosed backtick: {value!r}" if value.count("`") % 2 else ""


def _option_error(option: Any) -> str:
    """Say what is wrong with one option, or nothing."""
    if not isinstance(option, dict) or set(option) != {"text", "right", "why"}:
        return f'needs exactly "text", "right" and "why", not {option!r}'
    for part in ("text", "why"):
        if error := _text_error(option[part]):
            return f'"{part}" {error}'
    return "" if isinstance(option["right"], bool) else '"right" must be true or false'


def _question_error(question: Any) -> str:
    """Say what is wrong with one question, or nothing."""
    if not isinstance(question, dict) or set(question) != {"prompt", "options"}:
        return f'needs exactly "prompt" and "options", not {question!r}'
    if error := _text_error(question["prompt"]):
        return f'"prompt" {error}'
    options = question["options"]
    if not isinstance(options, list) or len(options) < 2:
        return "needs at least two options"
    for k, option in enumerate(options):
        if error := _option_error(option):
            return f"options[{k}] {error}"
    right = sum(option["right"] for option in options)
    return "" if right == 1 else f"{right} options are marked right, exactly one must be"


class Quiz(Interactive):
    """Multiple choice, one question at a time.

    Parameters
    ----------
    questions : list of dict
        Each ``{"prompt": str, "options": [{"text": str, "right": bool, "why": str}, ...]}`` with
        exactly one right option. Text is plain, with code between backticks. ``why`` says why the
        right option is right, and which idea leads to a wrong one.
    index : int
        The question on display, from 0.
    chosen : list of int
        Per question the option that the reader chose, -1 for none.
    checked : list of bool
        Per question whether the choice was checked.

    Raises
    ------
    traitlets.TraitError
        If a question is not well formed; the message names it and what is wrong.

    Examples
    --------
    >>> quiz = Quiz(
    ...     questions=[
    ...         {
    ...             "prompt": "Which one flips?",
    ...             "options": [
    ...                 {"text": "`convolve`", "right": True, "why": "It reads h backwards."},
    ...                 {"text": "`correlate`", "right": False, "why": "It slides h as it is."},
    ...             ],
    ...         }
    ...     ]
    ... )
    >>> quiz
    Quiz: 1 question. Which one flips? convolve; correlate.
    """

    questions = control(traitlets.List())
    index = control(traitlets.Int(0))
    chosen = control(traitlets.List(traitlets.Int()))
    checked = control(traitlets.List(traitlets.Bool()))

    def __init__(self, questions: list[Any] | None = None, **traits: Any) -> None:
        if not questions:
            raise traitlets.TraitError("a quiz needs a list of questions, not an empty one")
        super().__init__(questions=questions, **traits)

    @classmethod
    def load(cls, source: str | Path) -> Self:
        """Read the questions of a chapter, such as "III-1", or those of a JSON file.

        Raises
        ------
        ValueError
            If the file does not hold a list of well formed questions; the message names the file.
        """
        chapter = re.fullmatch(r"(I|II|III|IV)-(\d)", str(source))
        path = QUESTIONS / f"{ROMAN.index(chapter[1])}-{chapter[2]}.json" if chapter else Path(source)
        try:
            questions = json.loads(path.read_text("utf-8"))
            return cls(questions=questions)
        except (json.JSONDecodeError, traitlets.TraitError) as error:
            raise ValueError(f"{path}: {error}") from error

    @traitlets.validate("questions")
    def _well_formed(self, proposal: Any) -> Any:
        for n, question in enumerate(proposal["value"]):
            if error := _question_error(question):
                raise traitlets.TraitError(f"questions[{n}] {error}")
        return proposal["value"]

    @traitlets.validate("index", "chosen")
    def _existing(self, proposal: Any) -> Any:
        count = len(self.questions)
        if not 0 <= self.index < count:
            raise traitlets.TraitError(f"index must be from 0 to {count - 1}, not {self.index}")
        for n, (k, question) in enumerate(zip(self.chosen, self.questions, strict=False)):
            if not -1 <= k < len(question["options"]):
                last = len(question["options"]) - 1
                raise traitlets.TraitError(f"chosen[{n}] must be from -1 to {last}, not {k}")
        return proposal["value"]

    def _verdict(self, n: int) -> dict[str, Any] | None:
        """Return the option that was chosen and checked in question ``n``, if there is one."""
        chosen = self.chosen[n] if n < len(self.chosen) else -1
        checked = self.checked[n] if n < len(self.checked) else False
        options: list[dict[str, Any]] = self.questions[n]["options"]
        return options[chosen] if checked and chosen >= 0 else None

    def shown(self) -> dict[str, float | str]:
        """Return the numbers and the texts on display, by key."""
        verdicts = [self._verdict(n) for n in range(len(self.questions))]
        question, option = self.questions[self.index], verdicts[self.index]
        judged = f"{self.words['right' if option['right'] else 'wrong']} {option['why']}" if option else ""
        return {
            "number": self.index + 1,
            "count": len(self.questions),
            "right": sum(option is not None and option["right"] for option in verdicts),
            "prompt": _plain(question["prompt"]),
            "feedback": _plain(judged),
            **{f"option[{k}]": _plain(o["text"]) for k, o in enumerate(question["options"])},
        }

    def describe(self) -> str:
        """Return the text alternative: the question on display and its options."""
        count, question = len(self.questions), self.questions[self.index]
        options = "; ".join(_plain(option["text"]) for option in question["options"])
        key = "describe_one" if count == 1 else "describe"
        return self.text(key, count=count, prompt=_plain(question["prompt"]), options=options)
