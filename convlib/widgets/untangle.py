"""Untangle: the pairs that make one output, first twisted, then h folded over, then shifted."""

from math import cos, pi
from typing import ClassVar

import traitlets

from convlib.ops import convolve
from convlib.widgets.base import Interactive, num
from convlib.widgets.traits import Numbers

LAST = 10  # largest index of an input, of an output and of a weight
OPEN = 0.75  # share of its width that a half-folded h needs for its numbers to be legible
RESPONSES: dict[str, tuple[int, list[int]]] = {
    "fades": (0, [10, 8, 6, 5, 4, 3, 3, 2, 2, 1, 1]),
    "late": (0, [0, 1, 3, 6, 8, 7, 5, 3, 2, 1, 1]),
    "both": (-2, [2, 5, 8, 6, 4, 3, 2, 1]),
}
"""Age of the first weight, and the weights."""


class Untangle(Interactive):
    """Every input x[k] is joined to the weight h[n - k] of its age; one slider untangles the lines.

    At first x and h lie one above the other as they were written down, and the lines cross. Then h
    folds over about age 0, and at last it moves by n, so that every line stands upright. No line
    ever changes its ends: arrival k + age n - k = n.

    Parameters
    ----------
    x : list of 11 whole numbers from 0 to 9
        Inputs at k = 0 to 10.
    response : {"fades", "late", "both"}
        Weights that fade; that come late; that begin two places before their input.
    n : int
        Index of the output, from 0 to 10.
    k : int
        Input that is spoken of, from 0 to 10.
    way : float
        0 is twisted, 1 folded, 2 folded and shifted.
    predict : bool
        Whether the reader is asked for the shift before it is shown.
    guess : int or None
        Answer to "by how many places must h move?".

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message names it and what is allowed.

    Examples
    --------
    >>> Untangle(x=[1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0], n=1, k=0).shown()["line"]
    'x[0]·h[1] = 1·8 = 8. All 2 lines together: y[1] = 28'
    """

    controls: ClassVar[dict[str, str]] = {
        "way": "Untangle",
        "n": "Output n",
        "k": "Input k",
        "response": "Response h",
        "predict": "Predict first",
        "x": "Input x",
        "guess": "Your answer",
    }

    x = Numbers([3, 1, 0, 5, 7, 4, 2, 6, 8, 3, 5], low=0, high=9, shape=((LAST + 1, LAST + 1),), whole=True).tag(
        sync=True
    )
    response = traitlets.Enum(list(RESPONSES), "fades").tag(sync=True)
    n = traitlets.Int(LAST, min=0, max=LAST).tag(sync=True)
    k = traitlets.Int(3, min=0, max=LAST).tag(sync=True)
    way = traitlets.Float(0.0, min=0.0, max=2.0).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    guess = traitlets.Int(None, allow_none=True).tag(sync=True)

    def _asked(self) -> bool:
        return self.predict and self.guess is None

    def _way(self) -> float:
        """Return how far h has come: while the reader is asked, it lies folded."""
        return 1.0 if self._asked() else self.way

    def _weights(self) -> dict[int, int]:
        first, weights = RESPONSES[self.response]
        return {first + i: w for i, w in enumerate(weights)}

    def _pairs(self) -> list[int]:
        """Inputs that meet a weight at output n."""
        return [k for k in range(LAST + 1) if self.n - k in self._weights()]

    def _y(self) -> int:
        first, weights = RESPONSES[self.response]
        return int(convolve(self.x, weights)[self.n - first])

    def shown(self) -> dict[str, float | str]:
        """Return every number and text on display, by key."""
        weights = self._weights()
        found: dict[str, float | str] = {"say": self._sentence(), "n": self.n, "k": self.k, "line": self._line()}
        found |= {f"x[{k}]": v for k, v in enumerate(self.x)}
        if self._way() > 1 or abs(cos(pi * self._way())) > OPEN:
            found |= {f"h[{age}]": w for age, w in weights.items()}
        found |= {f"p[{k}]": self.x[k] * weights[self.n - k] for k in self._pairs()}
        if self.k in self._pairs():
            found["sum"] = self._sum()
        if self._asked():
            return found | {f"answer[{i}]": num(v) for i, v in enumerate(self._answers())}
        return found | {"way": self.way}

    def _sum(self) -> str:
        return f"{self.k} + {self._age()} = {self.n}"

    def _age(self) -> str:
        age = self.n - self.k
        return f"({num(age)})" if age < 0 else num(age)

    def _answers(self) -> list[int]:
        return sorted({self.n // 2, self.n, 2 * self.n, LAST})

    def _line(self) -> str:
        pairs, y = self._pairs(), f"y[{self.n}] = {num(self._y())}"
        lines = f"All {len(pairs)} lines together" if len(pairs) > 1 else "The only line"
        if self.k not in pairs:
            return f"x[{self.k}] has no line. {lines}: {y}"
        age = self.n - self.k
        v, w = self.x[self.k], self._weights()[age]
        return f"x[{self.k}]·h[{num(age)}] = {num(v)}·{num(w)} = {num(v * w)}. {lines}: {y}"

    def _chosen(self) -> str:
        """Say what is on the line of input k."""
        if self.k in self._pairs():
            return f"Follow one line: arrival {self.k} + age {self._age()} = {self.n}."
        if self.n < self.k:
            age = num(self.n - self.k)
            return f"x[{self.k}] has no line: at {self.n} it has not arrived, and h has no weight for the age {age}."
        return f"x[{self.k}] has no line: h has no weight for the age {self.n - self.k}."

    def _sentence(self) -> str:
        if self._asked():
            folded = "h is folded over, and no two lines cross."
            return f"{folded} By how many places must it move so that each line stands upright?"
        verdict = f"{self._verdict()} " if self.predict else ""
        return f"{verdict}{self._stage()} {self._chosen()}"

    def _stage(self) -> str:
        """Say how far the untangling has come."""
        if self.way == 0:
            return f"Each input is joined to the weight of its age at {self.n}. The lines are twisted."
        if self.way < 1:
            return "h folds over about age 0, and every line keeps its two ends."
        if self.way == 1:
            slant = f"slants by {self.n} places" if self.n else "stands upright already"
            return f"Folded: no two lines cross, and each {slant}."
        if self.way < 2:
            return "h moves to the right, and every line keeps its two ends."
        return f"Shifted by {self.n}: each weight stands below its input, and h reads backwards."

    def _verdict(self) -> str:
        return "Right." if self.guess == self.n else f"Not {num(self.guess or 0)}: by n = {self.n}."

    def describe(self) -> str:
        """Return the text alternative."""
        lines = f"the {len(self._pairs())} products that make y[{self.n}], each a line from an input to a weight"
        return f"{lines}. {self._sentence()}"
