"""EchoTable: every input starts an echo (a row), and the echoes of one moment add up (a column)."""

from typing import Any

import numpy as np
import traitlets

from convlib.ops import convolve, correlate
from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.traits import Numbers, answer, choice, control, slider, toggle


class EchoTable(Interactive):
    """Rows are delayed, scaled copies of h; a column of them adds up to one output.

    Read by rows, each input scatters an echo into the future. Read by columns, one output gathers
    what arrives. In the second reading the echoes of a column walk back to their causes, and the
    weights that they carry can be read from left to right.

    x : Input.
    h : Response to an input of 1.
    n : Index of an output: the column that is looked at.
    rows : How many inputs have arrived when the table is read by rows.
    role : Whether the page offers both readings or the rows alone.
    view : The reading that is shown, if the role leaves a choice.
    walk : How far the echoes of column n have walked back to their causes.
    pairing : Which weight meets which input: the one that its echo has by then, or the weights of h laid down from
        left to right.
    guess_order : Answer to "in which order do the weights stand?".
    guess_value : Answer to "which number comes out?".

    >>> table = EchoTable(x=[2, 0, 1], h=[4, 2, 1], n=2, role="scatter", rows=3)
    >>> table.shown()["y[2]"]  # 2·1 + 0·2 + 1·4
    6
    """

    x = Numbers([2, 0, -1, 3, 1], low=-9, high=9, shape=((2, 8),), whole=True)
    h = Numbers([4, 2, 1], low=-9, high=9, shape=((2, 5),), whole=True)
    n = control(traitlets.Int(3), kind="slider", min=0, step=1)
    rows = control(traitlets.Int(1), min=0)
    role = control(traitlets.Enum(["both", "scatter"], "both"))
    view = choice("gather", ["gather", "scatter"])
    walk = slider(0.0, 0.0, 1.0, step=0.05)
    pairing = choice("echoes", ["echoes", "unflipped"])
    predict = toggle()
    guess_order = answer(["forwards", "backwards", "newest"], about=("view",))
    guess_value = answer(about=("view", "x", "h", "n"))

    @traitlets.validate("n", "rows", "x", "h")
    def _inside(self, proposal: Any) -> Any:
        """Refuse a column or a number of inputs that the table does not have."""
        new = {name: getattr(self, name) for name in ("x", "h", "n", "rows")}
        new[proposal["trait"].name] = proposal["value"]
        len_x, len_h = len(new["x"]), len(new["h"])
        for name, most in (("n", len_x + len_h - 2), ("rows", len_x)):
            if not 0 <= new[name] <= most:
                raise traitlets.TraitError(
                    f"{name} must be from 0 to {most} for {len_x} inputs and {len_h} weights, not {new[name]}"
                )
        return proposal["value"]

    @property
    def _scatter(self) -> bool:
        return "scatter" in (self.role, self.view)

    def _ordered(self) -> bool:
        """Whether the reader may see which weight meets which input."""
        return self._scatter or not self.asked("guess_order")

    def _summed(self) -> bool:
        """Whether the reader may see the outputs."""
        return self._ordered() and not self.asked("guess_value")

    def _laid(self) -> int:
        """How many echoes lie in the table."""
        if self._scatter and self.predict:
            return len(self.x) if self._summed() else 0
        return int(self.rows) if self._scatter else len(self.x)

    def _weight(self, k: int) -> int:
        """Index of the weight that input k meets."""
        age: int = self.n - k
        return age if self.pairing == "echoes" else len(self.h) - 1 - age

    def _paired(self) -> bool:
        """Whether the echoes of column n show both of their factors."""
        return not self._scatter and self._ordered()

    def shown(self) -> dict[str, float | str]:
        """Return the numbers on display, by key; while the reader is asked, no output."""
        found: dict[str, float | str] = {"n": self.n}
        found |= {f"x[{k}]": v for k, v in enumerate(self.x)}
        found |= {f"h[{j}]": w for j, w in enumerate(self.h)}
        found |= self._shown_echoes()
        if self._scatter and not self.predict and self.rows and self.x[self.rows - 1]:
            found["k"] = self.rows - 1
        if not self._summed():
            return found
        arrived = [v if k < self._laid() else 0 for k, v in enumerate(self.x)]
        found |= {f"y[{i}]": int(v) for i, v in enumerate(convolve(arrived, self.h))}
        if self._paired():
            found["walk"] = self.walk
            if self.pairing == "unflipped":
                found["other"] = int(np.asarray(correlate(self.x, self.h))[self.n])
        return found

    def _shown_echoes(self) -> dict[str, float | str]:
        found: dict[str, float | str] = {}
        for k, v in enumerate(self.x[: self._laid()]):
            found[f"row[{k}]"] = f"{num(v)} × h"
            for j, w in enumerate(self.h):
                if self._paired() and k + j == self.n:
                    found[f"pair[{k}]"] = f"{num(v)}·{num(self.h[self._weight(k)])}"
                    if self.walk >= 0.5 or self.pairing == "unflipped":
                        found[f"weight[{k}]"] = f"h[{self._weight(k)}]"
                else:
                    found[f"echo[{k},{j}]"] = v * w
        return found
