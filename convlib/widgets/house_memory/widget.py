"""HouseMemory: outdoor temperature in, indoor temperature out; echoes run forward, or are gathered."""

from math import exp, log
from typing import Any, ClassVar

import numpy as np
import traitlets

from convlib.signals.systems import respond
from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Numbers, answer, choice, control, slider, toggle

EVERY, KNOTS = 6, 11  # hours between two handles, handles
END = EVERY * (KNOTS - 1)
AGES = {"new": (0, 6), "day": (6, 24), "old": (24, float("inf"))}  # hours
NIGHTS = [10.0, 10.0, 22.0, 14.0, 8.0, 10.0, 24.0, 16.0, 9.0, 11.0, 20.0]


class HouseMemory(Interactive):
    """A house without heating: each hour of weather warms it for a while, the less the longer ago.

    The wall gives back what it took: the share γ·e^(−γ·age) of every degree for each hour, with
    1/γ = 20 h · (wall / 30 cm)². The shares of one hour add up to 1, whatever the wall. In the
    reading by hours, each one scatters an echo into the future, and the echoes pile up to the
    indoor temperature. In the reading at one moment, that temperature is the area under the
    product of weather and weights. Before hour 0 the weather was constant for long.

    outdoor : Outdoor temperature at 0, 6, 12, … 60 hours in °C, straight in between, kept for an hour.
    wall : Thickness of the wall in cm, from 15 to 45.
    t : Hour, from 0 to 60: how many hours have passed.
    role : Whether the page offers both readings or the echoes alone.
    view : The reading that is shown, if the role leaves a choice.
    guess : Answer: what all hours leave, as warm as outdoors, or the plain mean since hour 0.

    >>> house = HouseMemory(outdoor=[10] * 11, t=33)
    >>> round(house.shown()["y"], 9)
    10.0
    """

    data: ClassVar[dict[str, Any]] = {"every": EVERY}

    outdoor = Numbers(
        NIGHTS,
        low=0,
        high=30,
        shape=((KNOTS, KNOTS),),
        presets=[NIGHTS, [18] * 4 + [2] * 4 + [18] * 3, [5, 5] + [20] * 9],
    )
    wall = slider(30, 15, 45, step=5)
    t = slider(36, 0, END)
    role = control(traitlets.Enum(["both", "scatter"], "both"))
    view = choice("gather", ["gather", "scatter"])
    predict = toggle()
    guess = answer(["echoes", "now", "mean"], about=("outdoor", "wall", "t", "view"))

    @property
    def _rate(self) -> float:
        """Share that is given back per hour, 1/h."""
        return float(1 / (20 * (self.wall / 30) ** 2))

    def _hours(self) -> list[float]:
        """Outdoor temperature of hour 0, 1, … 60."""
        return [float(v) for v in np.interp(range(END + 1), range(0, END + 1, EVERY), self.outdoor)]

    def _indoor(self) -> float:
        """What is left of the time before hour 0, and the echoes of all hours since."""
        before = self._hours()[0] * exp(-self._rate * self.t)
        if not self.t:
            return before
        shares = exp(-self._rate) ** np.arange(self.t) * (1 - exp(-self._rate))  # area of h, hour by hour
        return before + float(respond(self._hours()[: self.t], shares, 1)[-1])

    def _aged(self, young: float, old: float) -> float:
        """Degrees that come from hours between two ages, at time t."""
        return sum(self._share(k, young, old) for k in range(self.t)) + self._share(None, young, old)

    def _share(self, k: int | None, young: float, old: float) -> float:
        """Degrees that hour k adds now, as far as its age is between the two; None: before hour 0."""
        youngest, oldest = (self.t - k - 1, self.t - k) if k is not None else (self.t, float("inf"))
        start, end = max(youngest, young), min(oldest, old)
        value = self._hours()[k or 0]
        return value * (exp(-self._rate * start) - exp(-self._rate * end)) if end > start else 0.0

    def shown(self) -> dict[str, float | str]:
        """Return the numbers on display, by key; while the reader is asked, nothing of the inside."""
        hours, scatter = self._hours(), self.role == "scatter" or self.view == "scatter"
        found: dict[str, float | str] = {"t": self.t, "wall": self.wall}
        found |= {f"outdoor[{i}]": v for i, v in enumerate(self.outdoor)}
        if self.asked():
            return found
        if scatter:
            found |= {"x": hours[self.t], "constant": 1 / self._rate}
        found |= {"y": self._indoor()} | {name: self._aged(*ages) for name, ages in AGES.items()}
        if scatter and self.t:
            hour = hours[self.t - 1]
            found |= {"hour": hour, "adds": hour * (1 - exp(-self._rate)), "half": log(2) / self._rate}
        return found

    def describe(self) -> str:
        """Return the text alternative."""
        return self.text("describe", wall=self.wall, low=min(self.outdoor), high=max(self.outdoor), end=END)
