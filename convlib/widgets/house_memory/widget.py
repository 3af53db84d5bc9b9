"""HouseMemory: outdoor temperature in, indoor temperature out; echoes run forward, or are gathered."""

from math import exp, log
from typing import ClassVar

import numpy as np
import traitlets

from convlib.systems import respond
from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.traits import Numbers

EVERY, KNOTS = 6, 11  # hours between two handles, handles
END = EVERY * (KNOTS - 1)
AGES = ((0, 6), (6, 24))  # hours; what is older comes last


def told(value: float) -> str:
    """Write a number of a sentence: the last digits, which the order of a sum decides, are left out."""
    return num(round(value, 9))


def pieces(values: tuple[float, float, float]) -> str:
    """Write how much of the warmth is how old."""
    new, day, old = (told(v) for v in values)
    return f"from the last 6 hours {new} + from the 18 before {day} + from all earlier hours {old}"


class HouseMemory(Interactive):
    """A house without heating: each hour of weather warms it for a while, the less the longer ago.

    The wall gives back what it took: the share a·e^(−a·age) of every degree for each hour, with
    1/a = 20 h · (wall / 30 cm)². The shares of one hour add up to 1, whatever the wall. In the
    reading by hours, each one scatters an echo into the future, and the echoes pile up to the
    indoor temperature. In the reading at one moment, that temperature is the area under the
    product of weather and weights. Before hour 0 the weather was constant for long.

    Parameters
    ----------
    outdoor : list of 11 numbers from 0 to 30
        Outdoor temperature at 0, 6, 12, … 60 hours in °C, straight in between, kept for an hour.
    wall : int
        Thickness of the wall in cm, from 15 to 45.
    t : int
        Hour, from 0 to 60: how many hours have passed.
    role : {"both", "scatter"}
        Whether the page offers both readings or the echoes alone.
    view : {"gather", "scatter"}
        The reading that is shown, if the role leaves a choice.
    predict : bool
        Whether the reader is asked before the indoor temperature is shown.
    guess : {"", "echoes", "now", "mean"}
        Answer: what all hours leave, as warm as outdoors, or the plain mean since hour 0.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message names it and what is allowed.

    Examples
    --------
    >>> house = HouseMemory(outdoor=[10] * 11, t=33)
    >>> round(house.shown()["y"], 9)
    10.0
    """

    controls: ClassVar[dict[str, str]] = {
        "view": "Read",
        "t": "Hour",
        "outdoor": "Weather",
        "wall": "Wall (cm)",
        "predict": "Predict first",
        "guess": "Your answer",
    }

    outdoor = Numbers(
        [10.0, 10.0, 22.0, 14.0, 8.0, 10.0, 24.0, 16.0, 9.0, 11.0, 20.0], low=0, high=30, shape=((KNOTS, KNOTS),)
    ).tag(sync=True)
    wall = traitlets.Int(30, min=15, max=45).tag(sync=True)
    t = traitlets.Int(36, min=0, max=END).tag(sync=True)
    role = traitlets.Enum(["both", "scatter"], "both").tag(sync=True)
    view = traitlets.Enum(["gather", "scatter"], "gather").tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    guess = traitlets.Enum(["", "echoes", "now", "mean"], "").tag(sync=True)

    @property
    def _scatter(self) -> bool:
        return self.role == "scatter" or self.view == "scatter"

    @property
    def _rate(self) -> float:
        """Share that is given back per hour, 1/h."""
        return 1 / (20 * (self.wall / 30) ** 2)

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

    def _ages(self) -> tuple[float, float, float]:
        new, day = (self._aged(*ages) for ages in AGES)
        return new, day, self._aged(AGES[-1][1], float("inf"))

    def _revealed(self) -> bool:
        return not self.predict or self.guess != ""

    def _guesses(self) -> dict[str, float]:
        hours = self._hours()
        mean = sum(hours[: self.t + 1]) / (self.t + 1)
        return {"echoes": self._indoor(), "now": hours[self.t], "mean": mean}

    def _answers(self) -> list[tuple[str, str]]:
        """Return the answers on offer, the coolest first; of two equal ones the first."""
        texts: dict[str, str] = {}
        for name, value in self._guesses().items():
            texts.setdefault(f"{told(value)} °C", name)
        ordered = sorted(texts.items(), key=lambda item: self._guesses()[item[1]])
        return [(name, text) for text, name in ordered]

    def shown(self) -> dict[str, float | str]:
        """Return every number and text on display, by key."""
        found: dict[str, float | str] = {"say": self._sentence(), "t": self.t, "wall": self.wall}
        found |= {f"outdoor[{i}]": v for i, v in enumerate(self.outdoor)}
        if self._scatter:
            found |= {"x": self._hours()[self.t], "constant": f"time constant {told(1 / self._rate)} h"}
        if self._revealed():
            inside = told(self._indoor())
            found |= {"y": self._indoor(), "line": f"{pieces(self._ages())} = {inside} °C"}
            return found if self._scatter else found | {"area": f"area {inside} °C"}
        return found | {f"answer[{i}]": text for i, (_, text) in enumerate(self._answers())}

    def _sentence(self) -> str:
        if not self._revealed():
            before = "Before hour 0 the weather had long been constant. "
            return f"{before}How warm is it inside at hour {self.t}, behind a wall of {self.wall} cm?"
        text = self._scattered() if self._scatter else self._gathered()
        return f"{self._verdict()} {text}" if self.predict else text

    def _verdict(self) -> str:
        guesses = {name: told(value) for name, value in self._guesses().items()}
        if guesses[self.guess] == guesses["echoes"]:
            return "Right."
        return {
            "now": "No: the house does not follow at once.",
            "mean": "No: the hours do not count alike, and those before hour 0 count too.",
        }[self.guess]

    def _scattered(self) -> str:
        inside = told(self._indoor())
        if not self.t:
            return f"Hour 0: {inside} °C inside, as it has long been outside. Let the hours pass."
        hour = self._hours()[self.t - 1]
        adds, half = told(hour * (1 - exp(-self._rate))), told(log(2) / self._rate)
        return (
            f"Hour {self.t}: {inside} °C inside. The hour that just ended, at {told(hour)} °C, "
            f"adds {adds} of them. Half of that is left after {half} more hours."
        )

    def _gathered(self) -> str:
        inside = told(self._indoor())
        return (
            f"At hour {self.t} the weights are largest at now and fade to the left, into the past. "
            f"The area under the product is {inside} °C: the temperature inside."
        )

    def describe(self) -> str:
        """Return the text alternative."""
        low, high = num(min(self.outdoor)), num(max(self.outdoor))
        return (
            f"a house behind a wall of {self.wall} cm, in weather between {low} and {high} °C over {END} hours. "
            f"{self._sentence()}"
        )
