"""LayerSandbox: how large the output is, what one output reads, and what a shift does to it."""

from itertools import pairwise
from typing import Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from convlib.nn import conv2d, conv2d_backward, receptive_field
from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Numbers, answer, choice, control, slider, toggle

PIXELS, REACH = 16, 8  # the input row, and how far the picture can be moved
SHAPE = ("kernel", "stride", "padding", "dilation", "depth")  # what the number of outputs depends on
Row = NDArray[np.int64]


class LayerSandbox(Interactive):
    """One to four equal layers on a row of 16 pixels.

    The reader chooses kernel, stride, padding, dilation and depth, sees each size computed, which
    pixels one output reads, the weights beside those of dense layers, and moves the picture.

    scene : What the camera can see; the input is 16 of them, and a shift brings in others.
    kernel : Entries of a kernel, 1 to 5. Its weights are 1, 2, 3 …, divided by their sum.
    stride : 1 to 3.
    padding : Zeros: half of what the kernel reaches beyond one pixel, rounded down, on either side.
    dilation : Double: 1, 2, 4, 8 from layer to layer.
    depth : Number of layers, 1 to 4.
    kind : Weighted sum (a convolutional layer) or maximum (max pooling).
    shift : By how many pixels the picture has moved to the right, 0 to 8.
    at : The output that is looked at; None is the one in the middle.
    guess : Answer to "how many outputs?".

    >>> LayerSandbox(depth=1, stride=2).shown()["size[1]"]
    'layer 1: ⌊(16 + 2·0 − 1·(3 − 1) − 1) / 2⌋ + 1 = 7'
    """

    scene = Numbers(
        [2, 5, 3, 7, 6, 1, 4, 8, 3, 0, 1, 6, 9, 7, 2, 0, 4, 5, 8, 3, 1, 2, 7, 4],
        low=0,
        high=9,
        shape=((PIXELS + REACH, PIXELS + REACH),),
        whole=True,
    )
    kernel = slider(3, 1, 5)
    stride = slider(1, 1, 3)
    padding = choice("none", ["none", "zeros"])
    dilation = choice("1", ["1", "2", "3", "double"])
    depth = slider(2, 1, 4)
    kind = choice("sum", ["sum", "max"])
    shift = slider(0, 0, REACH)
    at = control(traitlets.Int(None, allow_none=True), about=SHAPE, default=None)
    predict = toggle()
    guess = answer(about=SHAPE)

    @traitlets.validate("at")
    def _output_there(self, proposal: Any) -> Any:
        """Refuse an output that the last layer does not have."""
        at, count = proposal["value"], self._sizes()[-1]
        if at is not None and not 0 <= at < count:
            raise traitlets.TraitError(f"at must be from 0 to {count - 1} for {count} outputs, not {at}")
        return at

    def _layers(self) -> list[tuple[int, int, int, int]]:
        """Return kernel, stride, padding and dilation of each layer."""
        dilations = [2**n if self.dilation == "double" else int(self.dilation) for n in range(self.depth)]
        zeros = [d * (self.kernel - 1) // 2 if self.padding == "zeros" else 0 for d in dilations]
        return [(self.kernel, self.stride, p, d) for p, d in zip(zeros, dilations, strict=True)]

    def _sizes(self) -> list[int]:
        """Length of every row; 0 where a layer does not fit."""
        sizes = [PIXELS]
        for k, s, p, d in self._layers():
            room = sizes[-1] + 2 * p - d * (k - 1) - 1
            sizes.append(room // s + 1 if room >= 0 and sizes[-1] else 0)
        return sizes

    def _row(self, shift: int) -> Row:
        return np.array(self.scene[REACH - shift : REACH - shift + PIXELS])

    def _apply(self, row: Row, layer: tuple[int, int, int, int]) -> Row:
        """Compute one layer: sums with the weights 1, 2, 3 …, not yet divided, or maxima."""
        k, s, p, d = layer
        if self.kind == "sum":
            w = np.arange(1, k + 1).reshape(1, 1, 1, k)
            y = conv2d(row.reshape(1, 1, 1, -1), w, None, (1, s), (0, p), (1, d))
            whole: Row = np.rint(y[0, 0, 0]).astype(np.int64)
            return whole
        padded = np.pad(row, p)
        places = range(0, len(padded) - d * (k - 1), s)
        return np.array([max(padded[n + i * d] for i in range(k)) for n in places])

    def _output(self, shift: int) -> Row:
        row = self._row(shift)
        for layer in self._layers():
            row = self._apply(row, layer)
        return row

    def _at(self) -> int:
        count = self._sizes()[-1]
        return (count - 1) // 2 if self.at is None or self.at >= count else self.at

    def _read(self) -> list[int]:
        """Return the pixels that the output reads: those to which its gradient comes back."""
        layers, sizes = self._layers(), self._sizes()
        back = np.zeros((1, 1, 1, sizes[-1]))
        back[..., self._at()] = 1
        for (k, s, p, d), size in zip(layers[::-1], sizes[-2::-1], strict=True):
            x, w = np.zeros((1, 1, 1, size)), np.ones((1, 1, 1, k))
            back = conv2d_backward(back, x, w, (1, s), (0, p), (1, d))[0]
        return [int(n) for n in np.flatnonzero(back)]

    def shown(self) -> dict[str, float | str]:
        """Return the numbers and formulas on display, by key."""
        found: dict[str, float | str] = {f"x[{n}]": int(v) for n, v in enumerate(self._row(self.shift))}
        if self.asked():
            return found
        judged, count = self.predict and self.at is None, self._sizes()[-1]
        found |= self._shown_sizes() | ({"count": count} if judged else {})
        if count:
            found |= self._shown_field() | self._shown_weights()
            found |= self._shown_shift() if self.shift else {} if judged else {"count": count} | self._shown_read()
        return found

    def _shown_sizes(self) -> dict[str, str]:
        texts, sizes = dict[str, str](), self._sizes()
        for n, (k, s, p, d) in enumerate(self._layers(), 1):
            before, after = sizes[n - 1 : n + 1]
            if not after:
                return texts | {f"size[{n}]": self.text("full", layer=n, reach=d * (k - 1) + 1, before=before)}
            numbers = {"zeros": p, "dilation": d, "kernel": k, "stride": s, "after": after}
            texts[f"size[{n}]"] = self.text("size", layer=n, before=before, **numbers)
        return texts

    def _shown_field(self) -> dict[str, float]:
        extent, jump, first = receptive_field(self._layers())
        start, step = first + self._at() * jump, 1
        scale = (self.kernel * (self.kernel + 1) // 2) ** self.depth if self.kind == "sum" else 1
        found = {"at": self._at(), "value": int(self._output(self.shift)[self._at()]) / scale, "extent": extent}
        found |= {"from": start, "to": start + extent - 1} if extent > 1 else {"from": start}
        for n, (k, s, _, d) in enumerate(self._layers()):
            found[f"term[{n}]"] = d * (k - 1) * step
            step *= s
        return found

    def _shown_weights(self) -> dict[str, float]:
        sizes = self._sizes()
        found: dict[str, float] = {f"length[{n}]": size for n, size in enumerate(sizes)}
        found["dense"] = sum(a * b for a, b in pairwise(sizes))
        return found | ({"own": self.depth * self.kernel} if self.kind == "sum" else {})

    def _shown_read(self) -> dict[str, float]:
        read = self._read()
        first, last, span = read[0], read[-1], read[-1] - read[0] + 1
        found: dict[str, float] = {"first": first}
        found |= {"last": last} if span > 1 else {}
        return found | ({"read": len(read), "span": span} if len(read) < span else {})

    def _shown_shift(self) -> dict[str, float | str]:
        by, pairs, differ = self._compare()
        found: dict[str, float | str] = {"moved": self.text("moved", by=by)}
        if not pairs:
            return found | {"by": by}
        apart = self.stride**self.depth
        return found | {"pairs": pairs, "differ": differ} | ({"apart": apart} if self.shift % apart else {"by": by})

    def _compare(self) -> tuple[int, int, int]:
        """By how many outputs to move, how many can then be compared, and how many differ."""
        by = int(self.shift // self.stride**self.depth)
        here, there = self._output(self.shift)[by:], self._output(0)
        pairs = min(len(here), len(there))
        return by, pairs, int(np.sum(here[:pairs] != there[:pairs]))
