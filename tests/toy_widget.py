"""A small interactive with one control of every kind, to test the host and the sweep with."""

from pathlib import Path
from typing import ClassVar

import traitlets

from convlib.ops import convolve, correlate
from convlib.widgets.base import Interactive, num
from convlib.widgets.traits import Numbers


class Toy(Interactive):
    """One output sample of a short signal."""

    folder: ClassVar[Path] = Path(__file__).parent
    controls: ClassVar[dict[str, str]] = {
        "gain": "Gain",
        "n": "Sample",
        "op": "Operation",
        "mode": "Scale",
        "all": "Every sample",
        "h": "Response",
    }

    x = Numbers([0.5, -1.5, 2.25, 3.0, -0.75], low=-5, high=5, shape=((5, 5),)).tag(sync=True)
    h = Numbers([3, 2, -1], low=-9, high=9, shape=((3, 3),), whole=True).tag(sync=True)
    gain = traitlets.Float(0.5).tag(sync=True)
    n = traitlets.Int(2).tag(sync=True)
    op = traitlets.Enum(["convolve", "correlate"], "convolve").tag(sync=True)
    mode = traitlets.Enum(["plain", "tenth"], "plain").tag(sync=True)
    all = traitlets.Bool(True).tag(sync=True)

    def _output(self) -> list[float]:
        op = {"convolve": convolve, "correlate": correlate}[self.op]
        scale = self.gain * (0.1 if self.mode == "tenth" else 1)
        return (scale * op(self.x, self.h, mode="same")).tolist()

    def shown(self) -> dict[str, float | str]:
        """Return every number and text on display, by key."""
        y = self._output()
        shown = {"say": f"y[{self.n}] is {num(y[self.n])}.", "now": y[self.n]}
        shown |= {"gain": self.gain, "n": self.n}
        shown |= {f"h[{k}]": v for k, v in enumerate(self.h)}
        return shown | ({f"y[{i}]": v for i, v in enumerate(y)} if self.all else {})

    def describe(self) -> str:
        """Return the text alternative."""
        return f"sample {self.n} of a short signal, {num(self._output()[self.n])}"
