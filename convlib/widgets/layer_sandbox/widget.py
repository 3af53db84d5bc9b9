"""LayerSandbox: how large the output is, what one output reads, and what a shift does to it."""

from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
import traitlets
from numpy.typing import NDArray

from convlib.nn import conv2d, conv2d_backward, receptive_field
from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.traits import Numbers

PIXELS, REACH = 16, 8  # the input row, and how far the picture can be moved
COUNT = ["", "One layer", "Two layers", "Three layers", "Four layers"]
Row = NDArray[np.int64]


class LayerSandbox(Interactive):
    """One to four equal layers on a row of 16 pixels.

    The reader chooses kernel, stride, padding, dilation and depth, sees each size computed, which
    pixels one output reads, the weights beside those of dense layers, and moves the picture.

    Parameters
    ----------
    scene : (24,) array of whole numbers from 0 to 9
        What the camera can see; the input is 16 of them, and a shift brings in others.
    kernel : int
        Entries of a kernel, 1 to 5. Its weights are 1, 2, 3 …, divided by their sum.
    stride : int
        1 to 3.
    padding : {"none", "zeros"}
        Zeros: half of what the kernel reaches beyond one pixel, rounded down, on either side.
    dilation : {"1", "2", "3", "double"}
        Double: 1, 2, 4, 8 from layer to layer.
    depth : int
        Number of layers, 1 to 4.
    kind : {"sum", "max"}
        Weighted sum (a convolutional layer) or maximum (max pooling).
    shift : int
        By how many pixels the picture has moved to the right, 0 to 8.
    at : int or None
        The output that is looked at; None is the one in the middle.
    predict : bool
        Whether the number of outputs is asked for before anything is shown.
    guess : int or None
        Answer to "how many outputs?".

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message names it and what is allowed.

    Examples
    --------
    >>> LayerSandbox(depth=1, stride=2).shown()["size[1]"]
    'layer 1: ⌊(16 + 2·0 − 1·(3 − 1) − 1) / 2⌋ + 1 = 7'
    """

    controls: ClassVar[dict[str, str]] = {
        "kernel": "Kernel",
        "stride": "Stride",
        "depth": "Layers",
        "shift": "Shift",
        "padding": "Padding",
        "dilation": "Dilation",
        "kind": "Takes the",
        "predict": "Predict first",
        "guess": "Your answer",
    }

    scene = Numbers(
        [2, 5, 3, 7, 6, 1, 4, 8, 3, 0, 1, 6, 9, 7, 2, 0, 4, 5, 8, 3, 1, 2, 7, 4],
        low=0,
        high=9,
        shape=((PIXELS + REACH, PIXELS + REACH),),
        whole=True,
    ).tag(sync=True)
    kernel = traitlets.Int(3, min=1, max=5).tag(sync=True)
    stride = traitlets.Int(1, min=1, max=3).tag(sync=True)
    padding = traitlets.Enum(["none", "zeros"], "none").tag(sync=True)
    dilation = traitlets.Enum(["1", "2", "3", "double"], "1").tag(sync=True)
    depth = traitlets.Int(2, min=1, max=4).tag(sync=True)
    kind = traitlets.Enum(["sum", "max"], "sum").tag(sync=True)
    shift = traitlets.Int(0, min=0, max=REACH).tag(sync=True)
    at = traitlets.Int(None, allow_none=True).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    guess = traitlets.Int(None, allow_none=True).tag(sync=True)

    @traitlets.validate("at")
    def _output_there(self, proposal: Any) -> Any:
        """Refuse an output that the last layer does not have."""
        at, count = proposal["value"], self._sizes()[-1]
        if at is not None and not 0 <= at < count:
            raise traitlets.TraitError(f"at must be from 0 to {count - 1} for {count} outputs, not {at}")
        return at

    def _dilation(self, number: int) -> int:
        """Return the dilation of one layer, counted from 1."""
        return int(2 ** (number - 1) if self.dilation == "double" else int(self.dilation))

    def _layer(self, number: int) -> tuple[int, int, int, int]:
        """Return kernel, stride, padding and dilation of one layer, counted from 1."""
        dilation = self._dilation(number)
        zeros = dilation * (self.kernel - 1) // 2 if self.padding == "zeros" else 0
        return self.kernel, self.stride, zeros, dilation

    def _layers(self) -> list[tuple[int, int, int, int]]:
        return [self._layer(number) for number in range(1, self.depth + 1)]

    def _sizes(self, extra: int = 0, dilated: bool = True, one: int = 1) -> list[int]:
        """Length of every row; 0 where a layer does not fit. The options make common mistakes."""
        sizes = [PIXELS]
        for k, s, p, d in self._layers():
            room = sizes[-1] + 2 * p - (d if dilated else 1) * (k - 1) - 1 + extra
            sizes.append(max(0, room // s + one) if room >= 0 and sizes[-1] else 0)
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

    def _fits(self) -> bool:
        return self._sizes()[-1] > 0

    def _open(self) -> bool:
        """Whether the reader may see what comes out."""
        return not self.predict or self.guess is not None

    def shown(self) -> dict[str, float | str]:
        """Return every number and text on display, by key."""
        found: dict[str, float | str] = {"say": self._sentence()}
        found |= {name: int(getattr(self, name)) for name in ("kernel", "stride", "depth", "shift")}
        found |= {f"x[{n}]": int(v) for n, v in enumerate(self._row(self.shift))}
        if not self._open():
            return found | {f"answer[{i}]": text for i, text in enumerate(self._answers())}
        found |= {f"size[{n}]": text for n, text in self._size_texts().items()}
        if self._fits():
            found |= {"field": self._field(), "weights": self._weights(), "moved": self._moved()}
        return found

    def _size_texts(self) -> dict[int, str]:
        texts, sizes = {}, self._sizes()
        for number, (k, s, p, d) in enumerate(self._layers(), 1):
            before, after = sizes[number - 1], sizes[number]
            if not after:
                reach = d * (k - 1) + 1
                texts[number] = f"layer {number}: {reach} pixels do not fit into {before}"
                break
            texts[number] = f"layer {number}: ⌊({before} + 2·{p} − {d}·({k} − 1) − 1) / {s}⌋ + 1 = {after}"
        return texts

    def _field(self) -> str:
        size, jump, first = receptive_field(self._layers())
        terms, step = ["1"], 1
        for k, s, _, d in self._layers():
            terms.append(str(d * (k - 1) * step))
            step *= s
        start = first + self._at() * jump
        scale = (self.kernel * (self.kernel + 1) // 2) ** self.depth if self.kind == "sum" else 1
        value = int(self._output(self.shift)[self._at()]) / scale
        reach = f"from x[{num(start)}] to x[{num(start + size - 1)}]" if size > 1 else f"x[{num(start)}]"
        return f"Receptive field of y[{self._at()}] = {num(value)}: {' + '.join(terms)} = {size}, {reach}."

    def _weights(self) -> str:
        sizes = self._sizes()
        dense = " + ".join(f"{a}·{b}" for a, b in pairwise(sizes))
        total = sum(a * b for a, b in pairwise(sizes))
        own = f"{self.depth}·{self.kernel} = {self.depth * self.kernel}" if self.kind == "sum" else "none"
        return f"Weights: {own}. Dense layers of these sizes: {dense} = {total}."

    def _moved(self) -> str:
        if not self.shift:
            return "Drag the input: does the output move along?"
        return f"the first output, moved by {self._compare()[0]}"

    def _compare(self) -> tuple[int, int, int]:
        """By how many outputs to move, how many can then be compared, and how many differ."""
        by = int(self.shift // self.stride**self.depth)
        here, there = self._output(self.shift)[by:], self._output(0)
        pairs = min(len(here), len(there))
        return by, pairs, int(np.sum(here[:pairs] != there[:pairs]))

    def _answers(self) -> list[str]:
        """Return the answers on offer: the right one and those of common mistakes."""
        right = self._sizes()[-1]
        mistakes = [self._sizes(one=0)[-1], self._sizes(dilated=False)[-1], self._sizes(extra=self.kernel - 1)[-1]]
        wanted = [right, *mistakes, right + 1, right + 2, right + 3]
        return [num(v) for v in sorted(list(dict.fromkeys(wanted))[:3])]

    def _sentence(self) -> str:
        if not self._open():
            return f"{COUNT[self.depth]} on 16 pixels. How many outputs come out at the end?"
        verdict = self._verdict(self.guess) if self.predict and self.guess is not None and self.at is None else ""
        if not self._fits():
            return verdict or "Here is no room: a kernel must fit into the row that it slides over."
        if self.shift:
            return f"{verdict} {self._told_shift()}".strip()
        return verdict or self._told_field()

    def _verdict(self, guess: int) -> str:
        right = self._sizes()[-1]
        if guess == right:
            return f"Right: {right}. Change something to try the next one."
        if guess == self._sizes(one=0)[-1]:
            why = "the first place counts too, hence the + 1"
        elif guess == self._sizes(dilated=False)[-1]:
            why = "a dilated kernel reaches further than it has weights"
        elif guess == self._sizes(extra=self.kernel - 1)[-1]:
            why = "the last places fall away, where the kernel would stick out"
        else:
            why = "count the places at which the whole kernel fits, layer by layer"
        return f"Not {guess}: {why}. The right number is {right}."

    def _told_field(self) -> str:
        read, count = self._read(), self._sizes()[-1]
        span = read[-1] - read[0] + 1
        ends = f"x[{read[0]}] to x[{read[-1]}]" if span > 1 else f"x[{read[0]}]"
        many = f"{len(read)} of the {span} pixels from" if len(read) < span else "the pixels" if span > 1 else "only"
        turn = "turn" if self.depth > 1 else "turns"
        made = f"{COUNT[self.depth]} {turn} 16 pixels into {count}."
        return f"{made} The marked one, y[{self._at()}], reads {many} {ends}."

    def _told_shift(self) -> str:
        by, pairs, differ = self._compare()
        apart = self.stride**self.depth
        if not pairs:
            return f"The picture has moved by {self.shift}, the output by {by}: nothing is left to compare."
        if self.shift % apart:
            return (
                f"The picture has moved by {self.shift}, and neighbouring outputs lie {apart} pixels apart: "
                f"no whole number of them fits. {differ} of {pairs} differ."
            )
        if differ:
            return (
                f"The picture has moved by {self.shift}, the output by {by}, and {differ} of {pairs} differ: "
                "near the border zeros are read where the picture goes on."
            )
        return f"The picture has moved by {self.shift}, the output by {by}, and 0 of {pairs} differ: it moves along."

    def describe(self) -> str:
        """Return the text alternative."""
        return f"layers on a row of 16 pixels. {self._sentence()}"
