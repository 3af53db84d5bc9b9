"""Untangle: the pairs that make one output, first twisted, then h folded over, then shifted."""

from math import cos, pi
from typing import Any, ClassVar

from convlib.ops import convolve
from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Numbers, answer, choice, slider, toggle

LAST = 10  # largest index of an input, of an output and of a weight
OPEN = 0.75  # share of its width that a half-folded h needs for its numbers to be legible
RESPONSES: dict[str, tuple[int, list[int]]] = {
    "fades": (0, [10, 8, 6, 5, 4, 3, 3, 2, 2, 1, 1]),
    "late": (0, [0, 1, 3, 6, 8, 7, 5, 3, 2, 1, 1]),
    "both": (-2, [2, 5, 8, 6, 4, 3, 2, 1]),
}
"""Age of the first weight, and the weights."""
MIXED = [3, 1, 0, 5, 7, 4, 2, 6, 8, 3, 5]


class Untangle(Interactive):
    """Every input x[k] is joined to the weight h[n - k] of its age; one slider untangles the lines.

    At first x and h lie one above the other as they were written down, and the lines cross. Then h
    folds over about age 0, and at last it moves by n, so that every line stands upright. No line
    ever changes its ends: arrival k + age n - k = n.

    x : Inputs at k = 0 to 10.
    response : Weights that fade; that come late; that begin two places before their input.
    n : Index of the output, from 0 to 10.
    k : Input that is spoken of, from 0 to 10.
    way : 0 is twisted, 1 folded, 2 folded and shifted.
    guess : Answer to "by how many places must h move?".

    >>> w = Untangle(x=[1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0], n=1, k=0).shown()
    >>> w["p[0]"], w["y"]  # 1·8, and 1·8 + 2·10
    (8, 28)
    """

    data: ClassVar[dict[str, Any]] = {"responses": RESPONSES, "last": LAST, "open": OPEN}

    x = Numbers(
        MIXED,
        low=0,
        high=9,
        shape=((LAST + 1, LAST + 1),),
        whole=True,
        presets=[[0, 0, 0, 9] + [0] * 7, [5] * (LAST + 1), MIXED],
    )
    response = choice("fades", RESPONSES)
    n = slider(LAST, 0, LAST)
    k = slider(3, 0, LAST)
    way = slider(0.0, 0.0, 2.0, step=0.05)
    predict = toggle()
    guess = answer(about=("n", "response"))

    def _weights(self) -> dict[int, int]:
        first, weights = RESPONSES[self.response]
        return {first + i: w for i, w in enumerate(weights)}

    def _pairs(self) -> list[int]:
        """Inputs that meet a weight at output n."""
        return [k for k in range(LAST + 1) if self.n - k in self._weights()]

    def shown(self) -> dict[str, float | str]:
        """Return the numbers on display, by key; while the reader is asked, h lies folded."""
        weights, pairs, age = self._weights(), self._pairs(), self.n - self.k
        way = 1.0 if self.asked() else self.way
        found: dict[str, float | str] = {"n": self.n, "k": self.k}
        found |= {f"x[{k}]": v for k, v in enumerate(self.x)}
        if way > 1 or abs(cos(pi * way)) > OPEN:
            found |= {f"h[{age}]": w for age, w in weights.items()}
        found |= {f"p[{k}]": self.x[k] * weights[self.n - k] for k in pairs}
        if self.k in pairs:
            found[f"h[{age}]"] = weights[age]
            found["sum"] = f"{self.k} + {f'(−{-age})' if age < 0 else age} = {self.n}"
        first, h = RESPONSES[self.response]
        found["y"] = int(convolve(self.x, h)[self.n - first])
        if len(pairs) > 1:
            found["pairs"] = len(pairs)
        return found if self.asked() else found | {"way": self.way, "age": age}

    def describe(self) -> str:
        """Return the text alternative."""
        return self.text("describe", pairs=len(self._pairs()), n=self.n)
