"""LinesOfConstantSum: the plane of all pairs, shaded by f(x)·g(y), and the line x + y = n."""

from math import sqrt
from typing import ClassVar

import traitlets

from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.shapes import FORMS, integral, shape

LOW, HIGH = -2.0, 4.0  # sides of the plane that is drawn


class LinesOfConstantSum(Interactive):
    """Every point (x, y) holds the product f(x)·g(y); a line x + y = n collects what belongs to n.

    The reader chooses two functions, sweeps the line, and follows one pair on it into the profile
    f(x)·g(n − x), whose area over x is (f ∗ g)(n).

    Parameters
    ----------
    f, g : {"box", "triangle", "ramp", "sine", "boxes", "decay", "gaussian"}
        The two functions; all but the Gaussian begin at 0.
    n : float
        The sum, from −2 to 6.
    x : float
        The first number of the pair that is marked, from −2 to 4; the second is n − x.
    measure : {"x", "line"}
        Along what the area is measured: along x, which is right, or along the line.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message names it and what is allowed.

    Examples
    --------
    >>> LinesOfConstantSum(f="box", g="box", n=1.5).shown()["say"]
    'Every pair on the line has the sum 1.5. Added up along x, the products make (f ∗ g)(1.5) = 1.5.'
    """

    controls: ClassVar[dict[str, str]] = {
        "n": "Sum n",
        "x": "Pair on the line, x",
        "measure": "Measured",
        "f": "f",
        "g": "g",
    }

    f = traitlets.Enum([*FORMS], "box").tag(sync=True)
    g = traitlets.Enum([*FORMS], "decay").tag(sync=True)
    n = traitlets.Float(2.0, min=-2.0, max=6.0).tag(sync=True)
    x = traitlets.Float(1.0, min=LOW, max=HIGH).tag(sync=True)
    measure = traitlets.Enum(["x", "line"], "x").tag(sync=True)

    def _product(self) -> float:
        """Value at the marked pair; zero outside the breaks of either function."""
        value = 1.0
        for name, at in ((self.f, self.x), (self.g, self.n - self.x)):
            one = shape(name, [])
            value *= one.smooth(at) if one.breaks[0] <= at <= one.breaks[-1] else 0.0
        return value

    def output(self, n: float) -> float:
        """Return (f ∗ g)(n)."""
        return integral(shape(self.f, []), shape(self.g, []), n)

    def shown(self) -> dict[str, float | str]:
        """Return every number and text on display, by key."""
        total = self.output(self.n)
        pair = f"x = {num(self.x)} and y = {num(self.n - self.x)}: f(x) · g(y) = {num(self._product())}. "
        length = f"Measured along x, the shaded area is {num(total)}."
        if self.measure == "line":
            long = num(sqrt(2) * total)
            length = f"Measured along the line, √2 times as long as its x, it would be {long}: too much."
        return {"say": self._sentence(), "n": self.n, "x": self.x, "sum": total, "pair": pair.strip(), "length": length}

    def _sentence(self) -> str:
        n = num(self.n)
        made = f"Added up along x, the products make (f ∗ g)({n}) = {num(self.output(self.n))}."
        return f"Every pair on the line has the sum {n}. {made}"

    def describe(self) -> str:
        """Return the text alternative."""
        return (
            f"the plane of all pairs for {self.f} and {self.g}, and the line x + y = {num(self.n)}. {self._sentence()}"
        )
