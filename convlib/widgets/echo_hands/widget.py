"""EchoHands: the echo table with a turning input; a column of hands adds up to a turned, scaled hand."""

from math import atan2, cos, degrees, floor, hypot, pi, radians, sin
from typing import Any, ClassVar

import traitlets

from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Numbers, answer, slider, toggle

COUNT = 7  # inputs
RESPONSES: list[list[float]] = [[0.5, 0.3, 0.2], [0.3, 0.3, 0.3], [0.5, -0.5, 0], [0, 0, 1]]


def tidy(value: float) -> float:
    """Drop the noise of the last digits, so that Python and the browser round alike."""
    return floor(value * 1e9 + 0.5) / 1e9


class EchoHands(Interactive):
    """The echo table for a complex exponential: each number is a hand, as on a clock.

    The input hand turns by a fixed angle per sample. Each input starts an echo of hands, and the
    echoes of a column are added tip to tail. In every column that has all echoes the output hand
    is the input hand, scaled by the same factor and turned by the same angle.

    h : Response to an input of 1.
    turn : Degrees by which the input hand turns per sample, from 0 to 180.
    n : The column that is looked at.
    guess : Answer to "what will the other full columns show?".

    >>> late = EchoHands(h=[0, 0, 1], turn=45, n=4).shown()
    >>> late["size"], late["angle"]  # two samples late
    (1.0, -90.0)
    """

    data: ClassVar[dict[str, Any]] = {"count": COUNT}

    h = Numbers(RESPONSES[0], low=-1, high=1, shape=((2, 4),), presets=RESPONSES)
    turn = slider(45, 0, 180, step=15)
    n = slider(4, 0, COUNT + 2)
    predict = toggle()
    guess = answer(["same", "turned", "longer"], about=("h", "turn"))

    @traitlets.validate("n", "h")
    def _inside(self, proposal: Any) -> Any:
        """Refuse a column that the table does not have."""
        new = {"h": self.h, "n": self.n, proposal["trait"].name: proposal["value"]}
        last = COUNT + len(new["h"]) - 2
        if not 0 <= new["n"] <= last:
            raise traitlets.TraitError(f"n must be from 0 to {last} for {len(new['h'])} weights, not {new['n']}")
        return proposal["value"]

    def _ages(self, n: int) -> list[int]:
        return [j for j in range(len(self.h)) if 0 <= n - j < COUNT]

    def ratio(self, n: int) -> tuple[float, float]:
        """Return by how much the output hand of column n is longer than the input hand, and turned (in degrees)."""
        angles = [-radians(j * self.turn) for j in self._ages(n)]
        weights = [self.h[j] for j in self._ages(n)]
        re = sum(w * cos(a) for w, a in zip(weights, angles, strict=True))
        im = sum(w * sin(a) for w, a in zip(weights, angles, strict=True))
        size, angle = tidy(hypot(re, im)), tidy(degrees(atan2(im, re)))
        return size, 0.0 if not size else angle + 360 if angle <= -180 else angle

    def shown(self) -> dict[str, float | str]:
        """Return the numbers on display, by key; while the reader is asked, those of one full column."""
        n, count = len(self.h) if self.asked() else self.n, len(self.h)
        found: dict[str, float | str] = {"turn": self.turn, "omega": self.turn * pi / 180}
        if n < COUNT:
            size, angle = self.ratio(n)
            found |= {"size": size, "angle": angle} if size else {"size": size}
        if self.asked():
            return found | {"column": n}
        found |= {"n": n} | {f"h[{j}]": self.h[j] for j in self._ages(n)}
        found |= {"echoes": n + 1} if n < count - 1 else {}
        return found | ({"all": count} if n < COUNT else {})
