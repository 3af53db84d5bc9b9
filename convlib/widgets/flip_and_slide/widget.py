"""FlipAndSlide: g turned round and slid over f, the product, the area under it, and the output."""

from math import inf
from typing import Any, ClassVar

import traitlets

from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.shapes import FORMS, KNOTS, Shape, integral, shape
from convlib.widgets.lib.traits import Numbers

EARLY, LATE, EVERY = -2.0, 5.0, 0.05  # first and last time of the slider, and its step
NEAR = 0.98  # share of the largest y that counts as the largest
TINY = 1e-9
SHAPES = [*FORMS, "drawn"]
STEPS = ["start", "flip", "shift", "multiply", "integrate"]
TIMES = [EARLY + i * EVERY for i in range(round((LATE - EARLY) / EVERY) + 1)]
HILL = [0.0, 0.0, 0.0, 0.0, 0.2, 0.6, 1.0, 0.8, 0.4, 0.3, 0.3, 0.2, 0.0]


def _less(value: float) -> str:
    """Write "t − value" without the t."""
    return f" {'+' if value < 0 else '−'} {num(abs(value))}" if value else ""


def _hand(values: list[float]) -> Numbers:
    return Numbers(values, low=0, high=1, shape=((len(KNOTS), len(KNOTS)),)).tag(sync=True)


class FlipAndSlide(Interactive):
    """One function is turned round and slid over another; the area under their product is y(t).

    The reader chooses or draws two functions, goes from step to step, slides, sees from which
    function each limit of the integral comes, and may be asked first where y is largest.

    Parameters
    ----------
    f, g : {"box", "triangle", "ramp", "sine", "boxes", "decay", "gaussian", "drawn"}
        The function that stays and the one that is turned round. All but the Gaussian and the
        drawn one begin at 0; the box ends at 2, the decay never.
    f_drawn, g_drawn : list of 13 numbers from 0 to 1
        Values of a drawn function at −1, −0.75, … 2; straight lines lie between them.
    f_pen, g_pen : int
        Which of the 13 places the pen is at.
    t : float
        The time looked at, from −2 to 5.
    step : {"start", "flip", "shift", "multiply", "integrate"}
        How far the picture has come.
    predict : bool
        Whether the reader is asked first.
    guess : float or None
        The time at which the reader expects the largest y.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message names it and what is allowed.

    Examples
    --------
    >>> FlipAndSlide(f="box", g="box", t=1.5).shown()["line"]
    'y(1.5) = ∫ f(τ) · g(1.5 − τ) dτ, for τ from 0 to 1.5, = 1.5'
    """

    controls: ClassVar[dict[str, str]] = {
        "f": "Input f",
        "f_drawn": "Input f",
        "g": "Response g",
        "g_drawn": "Response g",
        "t": "Time t",
        "step": "Step",
        "predict": "Predict first",
        "guess": "Largest here",
    }

    f = traitlets.Enum(SHAPES, "box").tag(sync=True)
    g = traitlets.Enum(SHAPES, "decay").tag(sync=True)
    f_drawn = _hand(HILL)
    g_drawn = _hand(HILL[::-1])
    f_pen = traitlets.Int(6, min=0, max=len(KNOTS) - 1).tag(sync=True)
    g_pen = traitlets.Int(6, min=0, max=len(KNOTS) - 1).tag(sync=True)
    t = traitlets.Float(1.0, min=EARLY, max=LATE).tag(sync=True)
    step = traitlets.Enum(STEPS, "integrate").tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    guess = traitlets.Float(None, allow_none=True, min=EARLY, max=LATE).tag(sync=True)

    def _both(self) -> tuple[Shape, Shape]:
        return shape(self.f, self.f_drawn), shape(self.g, self.g_drawn)

    def output(self, t: float) -> float:
        """Return y(t), the integral of f(τ)·g(t − τ) over all τ."""
        return integral(*self._both(), t)

    def limits(self) -> tuple[float, float]:
        """Return from where to where f(τ) and g(t − τ) meet; the first is not below the second if they do not."""
        f, g = self._both()
        return max(f.start, self.t - g.end), min(f.end, self.t - g.start)

    def _largest(self) -> tuple[float, float]:
        """First time of the slider with the largest y, and that y."""
        ys = [self.output(t) for t in TIMES]
        return next(t for t, y in zip(TIMES, ys, strict=True) if y >= max(ys) - TINY), max(ys)

    def _rank(self) -> int:
        return min(2 if self._asked() else 4, STEPS.index(self.step))

    def _asked(self) -> bool:
        return self.predict and self.guess is None

    def shown(self) -> dict[str, float | str]:
        """Return every number and text on display, by key."""
        found: dict[str, float | str] = {"say": self._sentence(), "t": self.t}
        (lower, upper), none = self.limits(), self._largest()[1] < TINY
        if self._rank() > 1 and lower < upper and not none:
            found |= self._ends(lower, upper)
        if self._rank() == len(STEPS) - 1 and not none:
            found |= {"y": self.output(self.t), "line": self._line(lower, upper)}
        return found

    def _ends(self, lower: float, upper: float) -> dict[str, Any]:
        """Both limits, and the function that each comes from; f where both would do."""
        f, g = self._both()
        low, high = (f"t{_less(v)} = {num(self.t - v)}" for v in (g.end, g.start))
        starts = (num(lower), "f begins") if f.start >= self.t - g.end else (low, "g ends")
        stops = (num(upper), "f ends") if f.end <= self.t - g.start else (high, "g begins")
        starts = ("−∞", "no limit") if lower == -inf else starts
        stops = ("∞", "no limit") if upper == inf else stops
        return {"lower": starts[0], "lower_by": starts[1], "upper": stops[0], "upper_by": stops[1]}

    def _line(self, lower: float, upper: float) -> str:
        t = num(self.t)
        if lower >= upper:
            return f"y({t}) = 0: the two do not meet"
        over = f"for τ from {num(lower)} to {num(upper)}"
        return f"y({t}) = ∫ f(τ) · g({t} − τ) dτ, {over}, = {num(self.output(self.t))}"

    def _sentence(self) -> str:
        best, most = self._largest()
        if most < TINY:
            return "One of the two is zero everywhere. Draw something, and there is something to multiply."
        if self._asked():
            return (
                "Slide g, and picture the area under the product. At which t is it largest? "
                "Stop there and press the button."
            )
        return self._told(self._verdict(best, most))

    def _verdict(self, best: float, most: float) -> str:
        if not self.predict or self.guess is None:
            return ""
        if self.output(self.guess) >= NEAR * most:
            return f"Right: y is largest at t = {num(best)}. "
        return f"No: y is largest at t = {num(best)}, not at {num(self.guess)}. "

    def _told(self, verdict: str) -> str:
        t, (lower, upper) = num(self.t), self.limits()
        meet, over = lower < upper, f"from {num(lower)} to {num(upper)}"
        return [
            "The two as they are. Flip g, and whatever belongs together will lie at the same place.",
            "g(−τ): age 1 now lies at −1, and age 0 at 0. Nothing has moved along yet.",
            f"g({t} − τ): turned round, then moved by {t}. "
            + (f"The two meet {over}." if meet else "The two do not meet."),
            f"At each τ the product f(τ) · g({t} − τ). " + (f"It runs {over}." if meet else "It is 0 everywhere."),
            f"{verdict}The area under the product is y({t}) = {num(self.output(self.t))}.",
        ][self._rank()]

    def describe(self) -> str:
        """Return the text alternative."""
        return f"{self.f} and {self.g}, the second turned round and slid over the first. {self._sentence()}"
