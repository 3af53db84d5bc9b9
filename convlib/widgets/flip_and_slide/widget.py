"""FlipAndSlide: g turned round and slid over f, the product, the area under it, and the output."""

from math import inf

import traitlets

from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.shapes import FORMS, KNOTS, Shape, integral, shape
from convlib.widgets.lib.traits import Numbers, choice, control, slider, toggle

EARLY, LATE, EVERY = -2.0, 5.0, 0.05  # first and last time of the slider, and its step
TINY = 1e-9
SHAPES = [*FORMS, "drawn"]
STEPS = ["start", "flip", "shift", "multiply", "integrate"]
TIMES = [EARLY + i * EVERY for i in range(round((LATE - EARLY) / EVERY) + 1)]
HILL = [0.0, 0.0, 0.0, 0.0, 0.2, 0.6, 1.0, 0.8, 0.4, 0.3, 0.3, 0.2, 0.0]


def _less(value: float) -> str:
    """Write "t − value" without the t."""
    return f" {'+' if value < 0 else '−'} {num(abs(value))}" if value else ""


def _hand(values: list[float]) -> Numbers:
    return Numbers(values, low=0, high=1, shape=((len(KNOTS), len(KNOTS)),))


class FlipAndSlide(Interactive):
    """One function is turned round and slid over another; the area under their product is y(t).

    The reader chooses or draws two functions, goes from step to step, slides, sees from which
    function each limit of the integral comes, and may be asked first where y is largest.

    f, g : The function that stays and the one that is turned round. All but the Gaussian and the drawn one begin at
        0; the box ends at 2, the decay never.
    f_drawn, g_drawn : Values of a drawn function at −1, −0.75, … 2; straight lines lie between them.
    f_pen, g_pen : Which of the 13 places the pen is at.
    t : The time looked at, from −2 to 5.
    step : How far the picture has come.
    guess : The time at which the reader expects the largest y.

    >>> shown = FlipAndSlide(f="box", g="box", t=1.5).shown()
    >>> shown["lower"], shown["upper"], round(shown["y"], 9)
    ('0', 't = 1.5', 1.5)
    """

    f = choice("box", SHAPES, select=True)
    g = choice("decay", SHAPES, select=True)
    f_drawn = _hand(HILL)
    g_drawn = _hand(HILL[::-1])
    f_pen = control(traitlets.Int(6, min=0, max=len(KNOTS) - 1))
    g_pen = control(traitlets.Int(6, min=0, max=len(KNOTS) - 1))
    t = slider(1.0, EARLY, LATE, step=EVERY)
    step = choice("integrate", STEPS)
    predict = toggle()
    guess = control(
        traitlets.Float(None, allow_none=True, min=EARLY, max=LATE),
        about=["predict", "f", "g", "f_drawn", "g_drawn"],
        default=None,
    )

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

    def shown(self) -> dict[str, float | str]:
        """Return the numbers on display, by key, as far as the steps have come."""
        found: dict[str, float | str] = {"t": self.t}
        (lower, upper), (best, most) = self.limits(), self._largest()
        rank = min(2 if self.asked() else 4, STEPS.index(self.step))
        if most < TINY or rank < 2:
            return found
        if lower < upper:
            found |= self._ends(lower, upper) | ({} if self.asked() else {"from": lower, "to": upper})
        if rank == 4:
            found |= {"y": self.output(self.t)} | ({"best": best} if self.predict else {})
        return found

    def _ends(self, lower: float, upper: float) -> dict[str, str]:
        """Write both limits: a number that f sets, also where both would do, or t less one that g sets."""
        f, g = self._both()
        low, high = (f"t{_less(v)} = {num(self.t - v)}" for v in (g.end, g.start))
        from_f = lower == -inf or f.start >= self.t - g.end, upper == inf or f.end <= self.t - g.start
        return {"lower": num(lower) if from_f[0] else low, "upper": num(upper) if from_f[1] else high}
