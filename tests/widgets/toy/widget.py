"""A small interactive with one control of every kind, to test the host and the sweep with."""

from convlib.ops import convolve, correlate
from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Numbers, choice, slider, toggle


class Toy(Interactive):
    """One output sample of a short signal."""

    x = Numbers([0.5, -1.5, 2.25, 3.0, -0.75], low=-5, high=5, shape=((5, 5),))
    h = Numbers([3, 2, -1], low=-9, high=9, shape=((3, 3),), whole=True)
    gain = slider(0.5, -1, 1, step=0.25)
    n = slider(2, 0, 4)
    op = choice("convolve", ["convolve", "correlate"])
    mode = choice("plain", ["plain", "tenth"], select=True)
    all = toggle(True)

    def _output(self) -> list[float]:
        op = {"convolve": convolve, "correlate": correlate}[self.op]
        scale = self.gain * (0.1 if self.mode == "tenth" else 1)
        return (scale * op(self.x, self.h, mode="same")).tolist()

    def shown(self) -> dict[str, float | str]:
        """Return every number and text on display, by key."""
        y = self._output()
        shown = {"now": y[self.n]}
        shown |= {"gain": self.gain, "n": self.n}
        shown |= {f"h[{k}]": v for k, v in enumerate(self.h)}
        return shown | ({f"y[{i}]": v for i, v in enumerate(y)} if self.all else {})

    def describe(self) -> str:
        """Return the text alternative."""
        return self.text("describe", n=self.n, now=self._output()[self.n])
