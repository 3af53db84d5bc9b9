"""WrapAround: a DFT with too few places folds the tail of a convolution onto its head."""

import numpy as np

from convlib.ops import convolve
from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Numbers, answer, slider, toggle

LEN_X, LEN_H = 7, 5
SHORTEST, LONGEST = LEN_X - 1, LEN_X + LEN_H + 1  # one step below the input's length, two above the longest result
INPUTS = [[2, 0, 1, 4, 0, 3, 5], [0, 0, 0, 0, 0, 0, 5], [5, 0, 0, 0, 0, 0, 0]]
RESPONSES = [[5, 3, 2, 1, 1], [1, 1, 1, 1, 1], [1, 0, 0, 2, 3]]


class WrapAround(Interactive):
    """A DFT of length N has N places; what does not fit on them lands on the first ones.

    The linear result is a strip of numbers. It is cut after N of them, and the tail is laid under
    the head: the column sums are what the inverse DFT of the product returns.

    x : Input.
    h : Response.
    len_h : How many entries of h count, from 1 to 5.
    n_fft : Length N of the DFT, from 6 to 13. At 6 the input itself is cropped.
    guess : Answer to "which samples can be wrong?".

    >>> w = WrapAround(x=[1, 1, 1, 1, 1, 1, 1], h=[1, 2, 3, 0, 0], len_h=3, n_fft=8).shown()
    >>> w["y[0]"], w["y[8]"], w["circular[0]"]  # the ninth sample lands on the first
    (1, 3, 4)
    """

    x = Numbers(INPUTS[0], low=0, high=9, shape=((LEN_X, LEN_X),), whole=True, presets=INPUTS)
    h = Numbers(RESPONSES[0], low=0, high=9, shape=((LEN_H, LEN_H),), whole=True, presets=RESPONSES)
    len_h = slider(4, 1, LEN_H)
    n_fft = slider(8, SHORTEST, LONGEST)
    predict = toggle()
    guess = answer(["none", "first", "last", "all"], about=("x", "h", "len_h", "n_fft"))

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
        return max(0, int(len(self.linear()) - self.n_fft))

    def shown(self) -> dict[str, float | str]:
        """Return the numbers on display, by key; while the reader is asked, nothing that comes back."""
        size, linear, cropped = self.n_fft, self.linear(), self.n_fft < LEN_X
        found: dict[str, float | str] = {"n_fft": size, "len_h": self.len_h}
        found |= {f"x[{k}]": v for k, v in enumerate(self.x)}
        found |= {f"h[{j}]": w for j, w in enumerate(self.h[: self.len_h])}
        found |= {f"y[{n}]": v for n, v in enumerate(linear + [0] * (size - len(linear)))}
        if self.asked():
            return found | ({"len_x": LEN_X} if cropped else {"length": len(linear)})
        found |= {f"circular[{n}]": v for n, v in enumerate(self.circular())}
        if many := self.spoiled():
            return found | {"many": many, "length": len(linear), "landing": ", ".join(map(str, range(many)))}
        zeros = {"zeros": size - len(linear)} if size > len(linear) + 1 else {}
        return found | {"end": size - 1} | ({} if cropped else {"length": len(linear)}) | zeros
