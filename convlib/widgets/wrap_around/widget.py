"""WrapAround: a DFT with too few places folds the tail of a convolution onto its head."""

from typing import ClassVar

import numpy as np
import traitlets

from convlib.ops import convolve
from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.traits import Numbers

LEN_X, LEN_H = 7, 5
SHORTEST, LONGEST = LEN_X - 1, LEN_X + LEN_H + 1  # one step below the input's length, two above the longest result
SMALL = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
WRONG = {
    "none": "No.",
    "first": "No.",
    "last": "No: what is cut off at the end lands at the beginning.",
    "all": "No: only the places that something lands on are wrong.",
}


def _listed(first: int, last: int) -> str:
    return ", ".join(str(n) for n in range(first, last))


class WrapAround(Interactive):
    """A DFT of length N has N places; what does not fit on them lands on the first ones.

    The linear result is a strip of numbers. It is cut after N of them, and the tail is laid under
    the head: the column sums are what the inverse DFT of the product returns.

    Parameters
    ----------
    x : list of 7 whole numbers from 0 to 9
        Input.
    h : list of 5 whole numbers from 0 to 9
        Response.
    len_h : int
        How many entries of h count, from 1 to 5.
    n_fft : int
        Length N of the DFT, from 6 to 13. At 6 the input itself is cropped.
    predict : bool
        Whether the reader is asked first.
    guess : {"", "none", "first", "last", "all"}
        Answer to "which samples will be wrong?".

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message names it and what is allowed.

    Examples
    --------
    >>> WrapAround(x=[1, 1, 1, 1, 1, 1, 1], h=[1, 2, 3, 0, 0], len_h=3, n_fft=8).shown()["line"]
    'y₈[0] = y[0] + y[8] = 1 + 3 = 4'
    """

    controls: ClassVar[dict[str, str]] = {
        "n_fft": "DFT length N",
        "len_h": "Length of h",
        "x": "Input x",
        "h": "Response h",
        "predict": "Predict first",
        "guess": "Your answer",
    }

    x = Numbers([2, 0, 1, 4, 0, 3, 5], low=0, high=9, shape=((LEN_X, LEN_X),), whole=True).tag(sync=True)
    h = Numbers([5, 3, 2, 1, 1], low=0, high=9, shape=((LEN_H, LEN_H),), whole=True).tag(sync=True)
    len_h = traitlets.Int(4, min=1, max=LEN_H).tag(sync=True)
    n_fft = traitlets.Int(8, min=SHORTEST, max=LONGEST).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    guess = traitlets.Enum(["", *WRONG], "").tag(sync=True)

    def linear(self) -> list[int]:
        """Return the linear convolution of h with the input, or with what a shorter DFT keeps of it."""
        return [int(v) for v in convolve(self.x[: self.n_fft], self.h[: self.len_h])]

    def circular(self) -> list[int]:
        """Return the N samples of the circular convolution: the linear one, folded."""
        folded = np.zeros(self.n_fft, dtype=int)
        for n, value in enumerate(self.linear()):
            folded[n % self.n_fft] += value
        return [int(v) for v in folded]

    def spoiled(self) -> int:
        """Return how many samples at the beginning have something laid on them."""
        return max(0, len(self.linear()) - self.n_fft)

    def _cropped(self) -> bool:
        return self.n_fft < LEN_X

    def _revealed(self) -> bool:
        return not self.predict or self.guess != ""

    def shown(self) -> dict[str, float | str]:
        """Return every number and text on display, by key."""
        linear = self.linear()
        linear += [0] * (self.n_fft - len(linear))
        found: dict[str, float | str] = {"say": self._sentence(), "n_fft": self.n_fft, "len_h": self.len_h}
        found |= {f"x[{k}]": v for k, v in enumerate(self.x)}
        found |= {f"h[{j}]": w for j, w in enumerate(self.h[: self.len_h])}
        found |= {f"y[{n}]": v for n, v in enumerate(linear)}
        if not self._revealed():
            return found | {f"answer[{i}]": text for i, text in enumerate(self._answers().values())}
        found |= {f"circular[{n}]": v for n, v in enumerate(self.circular())}
        return found | {"badge": self._badge(), "line": self._line()}

    def _answers(self) -> dict[str, str]:
        """Return the answers on offer, by name."""
        size, many = self.n_fft, self.spoiled() or max(1, self.len_h - 1)
        first, last = _listed(0, many), _listed(size - many, size)
        return {"none": "none", "first": f"n = {first}", "last": f"n = {last}", "all": f"all {size}"}

    def _badge(self) -> str:
        many = self.spoiled()
        return (f"{many} of {self.n_fft} spoiled" if many else "none spoiled") + (", x cropped" * self._cropped())

    def _line(self) -> str:
        size, linear, name = self.n_fft, self.linear(), f"y{str(self.n_fft).translate(SMALL)}"
        end = ", with x cropped" if self._cropped() else ""
        if not self.spoiled():
            return f"{name}[n] = y[n] for n = 0 … {size - 1}{end}"
        head, tail = linear[0], linear[size]
        return f"{name}[0] = y[0] + y[{size}] = {num(head)} + {num(tail)} = {num(head + tail)}{end}"

    def _sentence(self) -> str:
        if not self._revealed():
            ask = "Which samples of what comes back will be wrong?"
            if self._cropped():
                return f"fft(x, {self.n_fft}) keeps only the first {self.n_fft} of the {LEN_X} samples of x. {ask}"
            return f"The linear result has {len(self.linear())} samples, the DFT has {self.n_fft} places. {ask}"
        return f"{self._verdict()}{self._told()}"

    def _verdict(self) -> str:
        if not self.predict:
            return ""
        right = "first" if self.spoiled() else "none"
        return f"{'Right.' if self.guess == right else WRONG[self.guess]} "

    def _told(self) -> str:
        size, many, length = self.n_fft, self.spoiled(), len(self.linear())
        if self._cropped():
            lost = f"N = {size} is shorter than x: fft(x, {size}) throws x[{size}] away before anything is multiplied."
            return f"{lost} {f'Then {self._landed(length)}' if many else 'Nothing wraps, but the end is missing.'}"
        if many:
            return f"N = {size}: {self._landed(length)}"
        zeros = f" The last {size - length} stay 0." if size > length + 1 else " The last one stays 0."
        own = f"N = {size}: all {length} samples have a place of their own. Nothing wraps."
        return own + (zeros if size > length else "")

    def _landed(self, length: int) -> str:
        many = self.spoiled()
        chance = " Where a 0 lands, the number is right by chance." if 0 in self.linear()[self.n_fft :] else ""
        if many == 1:
            return f"the last of {length} samples finds no place and lands on n = 0.{chance}"
        return f"the last {many} of {length} samples find no place and land on n = {_listed(0, many)}.{chance}"

    def describe(self) -> str:
        """Return the text alternative."""
        lists = f"an input of {LEN_X} samples and a response of {self.len_h}"
        return f"{lists}, in a DFT of length {self.n_fft}. {self._sentence()}"
