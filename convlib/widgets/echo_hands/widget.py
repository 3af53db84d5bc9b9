"""EchoHands: the echo table with a turning input; a column of hands adds up to a turned, scaled hand."""

from math import atan2, cos, degrees, floor, hypot, pi, radians, sin
from typing import Any, ClassVar

import traitlets

from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.traits import Numbers

COUNT = 7  # inputs
ANSWERS = {
    "same": "the same factor, the same turn",
    "turned": "the same factor, another turn",
    "longer": "another factor",
}


def tidy(value: float) -> float:
    """Drop the noise of the last digits, so that Python and the browser round alike."""
    return floor(value * 1e9 + 0.5) / 1e9


def _factor(value: float) -> str:
    return f"({num(value)})" if value < 0 else num(value)


class EchoHands(Interactive):
    """The echo table for a complex exponential: each number is a hand, as on a clock.

    The input hand turns by a fixed angle per sample. Each input starts an echo of hands, and the
    echoes of a column are added tip to tail. In every column that has all echoes the output hand
    is the input hand, scaled by the same factor and turned by the same angle.

    Parameters
    ----------
    h : list of 2 to 4 numbers from -1 to 1
        Response to an input of 1.
    turn : int
        Degrees by which the input hand turns per sample, from 0 to 180.
    n : int
        The column that is looked at.
    predict : bool
        Whether the reader is asked first.
    guess : {"", "same", "turned", "longer"}
        Answer to "what will the other full columns show?".

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message names it and what is allowed.

    Examples
    --------
    >>> EchoHands(h=[0, 0, 1], turn=45, n=4).shown()["line"]
    'y[4] = 0·x[4] + 0·x[3] + 1·x[2]: 1 · x[4], turned by −90°'
    """

    controls: ClassVar[dict[str, str]] = {
        "turn": "Degrees per sample",
        "n": "Column n",
        "h": "Response h",
        "predict": "Predict first",
        "guess": "Your answer",
    }

    h = Numbers([0.5, 0.3, 0.2], low=-1, high=1, shape=((2, 4),)).tag(sync=True)
    turn = traitlets.Int(45, min=0, max=180).tag(sync=True)
    n = traitlets.Int(4).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    guess = traitlets.Enum(["", *ANSWERS], "").tag(sync=True)

    @traitlets.validate("n", "h")
    def _inside(self, proposal: Any) -> Any:
        """Refuse a column that the table does not have."""
        new = {"h": self.h, "n": self.n, proposal["trait"].name: proposal["value"]}
        last = COUNT + len(new["h"]) - 2
        if not 0 <= new["n"] <= last:
            raise traitlets.TraitError(f"n must be from 0 to {last} for {len(new['h'])} weights, not {new['n']}")
        return proposal["value"]

    def _asked(self) -> bool:
        return self.predict and not self.guess

    def _at(self) -> int:
        """The column on show: a full one while the reader is asked."""
        return len(self.h) if self._asked() else self.n

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
        """Return every number and text on display, by key."""
        about = f"ω = {num(self.turn * pi / 180)}, f = {self.turn}/360 cycles per sample"
        found: dict[str, float | str] = {"say": self._sentence(), "turn": self.turn}
        found["speed"] = f"{num(self.turn)}° per sample: {about}"
        if self._asked():
            return found | {f"answer[{i}]": text for i, text in enumerate(ANSWERS.values())}
        return found | {"n": self.n, "line": self._line()}

    def _line(self) -> str:
        terms = " + ".join(f"{_factor(self.h[j])}·x[{self.n - j}]" for j in self._ages(self.n))
        size, angle = self.ratio(self.n)
        turned = f", turned by {num(angle)}°" if size else ""
        end = f": {num(size)} · x[{self.n}]{turned}" if self.n < COUNT else ""
        return f"y[{self.n}] = {terms}{end}"

    def _times(self) -> str:
        size, angle = self.ratio(self._at())
        if not size:
            return "0 times as long as the input hand: nothing is left"
        return f"{num(size)} times as long as the input hand, and turned by {num(angle)}°"

    def _sentence(self) -> str:
        if self._asked():
            at = self._at()
            return f"In column {at} the output hand is {self._times()}. What will the other full columns show?"
        verdict = "" if not self.predict else "Right. " if self.guess == "same" else "No. "
        n, count = self.n, len(self.h)
        if n >= COUNT:
            return f"{verdict}The input has stopped. Column {n} holds what is left of the last echoes."
        if n < count - 1:
            return f"{verdict}Column {n} has {n + 1} of {count} echoes: the output is still building up."
        return (
            f"{verdict}Column {n} has all {count} echoes. The output hand is {self._times()}. "
            "So it is in every full column."
        )

    def describe(self) -> str:
        """Return the text alternative."""
        return f"the echoes of {COUNT} hands, each turned by {self.turn}° more than the one before. {self._sentence()}"
