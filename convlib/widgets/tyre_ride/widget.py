"""TyreRide: a bicycle over stones, each stone's dent, their sum, and two tyres that break the rules."""

from math import exp
from typing import Any, ClassVar

from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Numbers, answer, choice, slider, toggle

SLOT, SLOTS, END = 0.5, 8, 6.0  # seconds between two places for a stone, places, seconds of road
RIM = 5.0  # mm of dent at which the rim touches the ground
FLAT = 6.0  # seconds until a leaking tyre has lost its air
LATER = 1.0  # seconds by which the second ride starts later
STEP = 0.05  # seconds between two looks at a whole ride
TINY = 1e-9
SEVERAL = [2.0, 0.0, 0.0, 1.5, 0.0, 2.0, 0.5, 0.0]


class TyreRide(Interactive):
    """A bicycle rides over stones, and the front tyre keeps every dent for a while.

    The reader puts stones on the road, shapes the answer of the tyre to one of them, rides, and
    tests two things: do the single dents add up, and does a later start change anything?

    stones : Impulse of the stone at 0, 0.5, 1, … 3.5 seconds, in N·s.
    strength : Dent just after an impulse of 1 N·s, in mm, from 0.5 to 4.
    rate : Share of a dent that is lost per second, from 0.25 to 3.
    tyre : Linear and time-invariant; stopped by the rim at 5 mm; losing its air within 6 seconds.
    view : Which test is shown: adding the single dents, or starting 1 second later.
    t : Time of the ride in seconds, from 0 to 6.

    >>> ride = TyreRide(stones=[1, 0, 0, 0, 0, 0, 0, 0], t=0.0)
    >>> ride.shown()["y"]
    2.0
    """

    data: ClassVar[dict[str, Any]] = {"slot": SLOT, "rim": RIM, "flat": FLAT, "later": LATER, "step": STEP}

    stones = Numbers(
        SEVERAL, low=0, high=4, shape=((SLOTS, SLOTS),), presets=[[2] + [0] * 7, [2, 0, 0, 0, 2, 0, 0, 0], SEVERAL]
    )
    strength = slider(2.0, 0.5, 4.0, step=0.5)
    rate = slider(1.0, 0.25, 3.0, step=0.25)
    tyre = choice("sound", ["sound", "rim", "leaks"])
    view = choice("sum", ["sum", "later"])
    t = slider(END, 0.0, END, step=0.1)
    predict = toggle()
    guess = answer(["yes", "no"], about=("stones", "strength", "rate", "tyre", "view"))

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

    def shown(self) -> dict[str, float | str]:
        """Return the numbers on display, by key; while the reader is asked, nothing of the ride."""
        found: dict[str, float | str] = {"t": self.t, "strength": self.strength, "rate": self.rate}
        found |= {f"stone[{k}]": push for k, push in enumerate(self.stones)}
        if self.asked():
            return found
        found["y"] = self._ride(self.t)
        passed = [k for k, push in enumerate(self.stones) if push and k * SLOT <= self.t + TINY]
        if self.view == "sum":
            found |= {f"part[{k}]": self._dent(self._alone(k), self.t) for k in passed}
        if self.view == "later" or passed:
            found["expected"] = self._expected(self.t)
        return found | ({"gap": gap} if (gap := self._gap()) > TINY else {})

    def describe(self) -> str:
        """Return the text alternative."""
        stones = sum(push > 0 for push in self.stones)
        return self.text("describe_one" if stones == 1 else "describe", stones=stones)
