"""TyreRide: a bicycle over stones, each stone's dent, their sum, and two tyres that break the rules."""

from itertools import pairwise
from math import exp
from typing import ClassVar

import traitlets

from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.traits import Numbers

SLOT, SLOTS, END = 0.5, 8, 6.0  # seconds between two places for a stone, places, seconds of road
RIM = 5.0  # mm of dent at which the rim touches the ground
FLAT = 6.0  # seconds until a leaking tyre has lost its air
LATER = 1.0  # seconds by which the second ride starts later
STEP = 0.05  # seconds between two looks at a whole ride
TINY = 1e-9

KINDS = {
    "sound": "The tyre is sound.",
    "rim": f"The rim stops the tyre at {num(RIM)} mm.",
    "leaks": "The tyre loses its air.",
}
ASKED = {
    "sum": "Will the ride be the sum of the dents that the stones leave one by one?",
    "later": f"The same stones come {num(LATER)} s later. Will the ride be the same, {num(LATER)} s later?",
}
WHY = {
    "sound": "",
    "rim": " A dent stopped by the rim lacks what the rim took.",
    "leaks": " With less air the tyre comes back more slowly.",
}


class TyreRide(Interactive):
    """A bicycle rides over stones, and the front tyre keeps every dent for a while.

    The reader puts stones on the road, shapes the answer of the tyre to one of them, rides, and
    tests two things: do the single dents add up, and does a later start change anything?

    Parameters
    ----------
    stones : list of 8 numbers from 0 to 4
        Impulse of the stone at 0, 0.5, 1, … 3.5 seconds, in N·s.
    strength : float
        Dent just after an impulse of 1 N·s, in mm, from 0.5 to 4.
    rate : float
        Share of a dent that is lost per second, from 0.25 to 3.
    tyre : {"sound", "rim", "leaks"}
        Linear and time-invariant; stopped by the rim at 5 mm; losing its air within 6 seconds.
    view : {"sum", "later"}
        Which test is shown: adding the single dents, or starting 1 second later.
    t : float
        Time of the ride in seconds, from 0 to 6.
    predict : bool
        Whether the reader is asked before the ride is shown.
    guess : {"", "yes", "no"}
        Answer to the question.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message names it and what is allowed.

    Examples
    --------
    >>> ride = TyreRide(stones=[1, 0, 0, 0, 0, 0, 0, 0], t=0.0)
    >>> ride.shown()["y"]
    2.0
    """

    controls: ClassVar[dict[str, str]] = {
        "tyre": "Tyre",
        "stones": "Stones",
        "view": "Test",
        "predict": "Predict first",
        "t": "Time (s)",
        "strength": "Dent per N·s (mm)",
        "rate": "Recovery (1/s)",
        "guess": "Your answer",
    }

    stones = Numbers([2.0, 0.0, 0.0, 1.5, 0.0, 2.0, 0.5, 0.0], low=0, high=4, shape=((SLOTS, SLOTS),)).tag(sync=True)
    strength = traitlets.Float(2.0, min=0.5, max=4.0).tag(sync=True)
    rate = traitlets.Float(1.0, min=0.25, max=3.0).tag(sync=True)
    tyre = traitlets.Enum(list(KINDS), "sound").tag(sync=True)
    view = traitlets.Enum(list(ASKED), "sum").tag(sync=True)
    t = traitlets.Float(END, min=0.0, max=END).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    guess = traitlets.Enum(["", "yes", "no"], "").tag(sync=True)

    def _keep(self, a: float, b: float) -> float:
        """Share of a dent that is left from time a to time b."""
        lost = (b * b - a * a) / (2 * FLAT) if self.tyre == "leaks" else 0.0
        return exp(-self.rate * (b - a - lost))

    def _dent(self, stones: list[float], t: float, delay: float = 0.0) -> float:
        """Dent at time t: it jumps at each stone, and shrinks in between."""
        y, last = 0.0, 0.0
        for k, push in enumerate(stones):
            at = k * SLOT + delay
            if at > t + TINY:
                break
            y = y * self._keep(last, at) + self.strength * push
            y, last = min(y, RIM) if self.tyre == "rim" else y, at
        return y * self._keep(last, t)

    def _alone(self, k: int) -> list[float]:
        return [push if i == k else 0.0 for i, push in enumerate(self.stones)]

    def _expected(self, t: float) -> float:
        """Dent at time t if the test is passed."""
        if self.view == "later":
            return self._dent(self.stones, t - LATER)
        return sum(self._dent(self._alone(k), t) for k in range(SLOTS))

    def _ride(self, t: float) -> float:
        return self._dent(self.stones, t, LATER if self.view == "later" else 0.0)

    def _gap(self) -> float:
        """Largest difference between the ride and what the test expects, over the whole road."""
        times = [i * STEP for i in range(round(END / STEP) + 1)]
        return max(abs(self._ride(t) - self._expected(t)) for t in times)

    def _revealed(self) -> bool:
        return not self.predict or self.guess != ""

    def shown(self) -> dict[str, float | str]:
        """Return every number and text on display, by key."""
        found: dict[str, float | str] = {"say": self._sentence()}
        found |= {"t": self.t, "strength": self.strength, "rate": self.rate}
        found |= {f"stone[{k}]": push for k, push in enumerate(self.stones)}
        if self._revealed():
            return found | {"y": self._ride(self.t), "line": self._line()}
        return found | {"answer[0]": "yes", "answer[1]": "no"}

    def _line(self) -> str:
        ride, expected = num(self._ride(self.t)), num(self._expected(self.t))
        if self.view == "later":
            return f"now {ride} mm; the first ride, {num(LATER)} s earlier: {expected} mm"
        parts = [num(self._dent(self._alone(k), self.t)) for k in self._passed()]
        if not parts:
            return "no stone yet"
        return f"one by one: {' + '.join(parts)} = {expected} mm; the ride: {ride} mm"

    def _passed(self) -> list[int]:
        return [k for k, push in enumerate(self.stones) if push and k * SLOT <= self.t + TINY]

    def _sentence(self) -> str:
        if not any(self.stones):
            return "The road is smooth. Pull a stone up from it, then ride."
        if not self._revealed():
            return f"{KINDS[self.tyre]} {ASKED[self.view]}"
        gap = self._gap()
        told = f"{self._told(gap)}{WHY[self.tyre] if gap > TINY else self._untouched()}"
        if not self.predict:
            return told
        return f"{'Right' if (self.guess == 'yes') == (gap <= TINY) else 'No'}. {told}"

    def _told(self, gap: float) -> str:
        now = f"{num(self.t)} s: the tyre is dented by {num(self._ride(self.t))} mm."
        if self.view == "later":
            if gap > TINY:
                return f"{now} This is not the first ride moved by {num(LATER)} s: up to {num(gap)} mm off."
            return f"{now} The ride is the first one, moved by {num(LATER)} s."
        if gap > TINY:
            return f"{now} The single dents do not add up to the ride: up to {num(gap)} mm off."
        return f"{now} At every moment that is the sum of the single dents."

    def _untouched(self) -> str:
        if self.tyre != "rim":
            return ""
        times = [k * SLOT for k in range(SLOTS)]
        highest = max(self._dent(self.stones, t) for t in times)
        return "" if highest >= RIM - TINY else " The rim was never reached: try larger stones."

    def describe(self) -> str:
        """Return the text alternative."""
        places = [k for k, push in enumerate(self.stones) if push]
        what = f"{len(places)} stones" if len(places) != 1 else "1 stone"
        closest = min((b - a for a, b in pairwise(places)), default=0) * SLOT
        near = f", the closest two {num(closest)} s apart" if len(places) > 1 else ""
        return f"a bicycle rides over {what}{near}. {self._sentence()}"
