"""LinesOfConstantSum: the plane of all pairs, shaded by f(x)·g(y), and the line x + y = n."""

from math import sqrt

from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.shapes import FORMS, integral, shape
from convlib.widgets.lib.traits import choice, slider

LOW, HIGH = -2.0, 4.0  # sides of the plane that is drawn


class LinesOfConstantSum(Interactive):
    """Every point (x, y) holds the product f(x)·g(y); a line x + y = n collects what belongs to n.

    The reader chooses two functions, sweeps the line, and follows one pair on it into the profile
    f(x)·g(n − x), whose area over x is (f ∗ g)(n).

    f, g : The two functions; all but the Gaussian begin at 0.
    n : The sum, from −2 to 6.
    x : The first number of the pair that is marked, from −2 to 4; the second is n − x.
    measure : Along what the area is measured: along x, which is right, or along the line.

    >>> lines = LinesOfConstantSum(f="box", g="box", n=1.5)
    >>> round(lines.shown()["sum"], 9)
    1.5
    """

    f = choice("box", FORMS, select=True)
    g = choice("decay", FORMS, select=True)
    n = slider(2.0, -2.0, 6.0, step=0.05)
    x = slider(1.0, LOW, HIGH, step=0.05)
    measure = choice("x", ["x", "line"])

    def _product(self) -> float:
        """Value at the marked pair; zero outside the breaks of either function."""
        value = 1.0
        for name, at in ((self.f, self.x), (self.g, self.n - self.x)):
            one = shape(name, [])
            value *= one.smooth(at) if one.breaks[0] <= at <= one.breaks[-1] else 0.0
        return value

    def shown(self) -> dict[str, float | str]:
        """Return the numbers on display, by key."""
        total = integral(shape(self.f, []), shape(self.g, []), self.n)
        found = {"n": self.n, "x": self.x, "y": self.n - self.x, "here": self._product(), "sum": total}
        return found | ({"long": sqrt(2) * total} if self.measure == "line" else {})
