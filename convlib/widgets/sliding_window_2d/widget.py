"""SlidingWindow2D: which weight meets which pixel, and what comes out."""

from typing import Any, ClassVar, Literal, cast

import numpy as np
import traitlets

from convlib.ops import convolve, correlate
from convlib.trace import trace
from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Numbers, answer, choice, control, toggle

LETTERS = "abcdefghi"
COUNT = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
OPS = {"correlate": correlate, "convolve": convolve}
OTHER = {"correlate": "convolve", "convolve": "correlate"}
ASKED = ("op", "image", "kernel", "mode", "view")  # what the questions are about

HILL = [
    [0, 0, 1, 2, 2, 1],
    [0, 1, 3, 5, 4, 2],
    [1, 3, 7, 8, 6, 2],
    [1, 4, 8, 9, 5, 1],
    [0, 2, 5, 6, 3, 0],
    [0, 1, 2, 2, 1, 0],
]
DOT = [[7 if r == c == 2 else 0 for c in range(5)] for r in range(5)]  # one bright pixel


class SlidingWindow2D(Interactive):
    """A 3 by 3 kernel slides over an image of small whole numbers.

    The reader moves the window, edits pixels and weights, and switches between correlation and
    convolution; the picture shows which weight meets which pixel, the sum and the output.

    row, col : Index of the output sample: with "valid" the window's first row and column, with "same" its middle.
    mode : Valid takes the windows inside the image, same puts zeros round it and takes one window for each pixel.
    view : Letters call the pixels under the window a to i and the weights 1 to 9.
    guess_weight : Answer to "which weight meets the top-left pixel?".
    guess_value : Answer to "which number comes out?".
    found : Outputs found so far in predict mode, counted row by row.

    >>> w = SlidingWindow2D(row=1, op="convolve")
    >>> w.shown()["output[1,0]"]
    19
    """

    data: ClassVar[dict[str, Any]] = {"count": COUNT}

    image = Numbers(HILL, low=-9, high=9, shape=((3, 8), (3, 8)), whole=True, presets=[HILL, DOT])
    kernel = Numbers([[1, 2, 0], [0, 1, 0], [0, 0, -1]], low=-9, high=9, shape=((3, 3), (3, 3)), whole=True)
    row = control(traitlets.Int(0), kind="slider", min=0, step=1)
    col = control(traitlets.Int(0), kind="slider", min=0, step=1)
    op = choice("correlate", OPS)
    mode = choice("valid", ["valid", "same"])
    view = choice("numbers", ["numbers", "letters"])
    predict = toggle()
    guess_weight = answer(["top-left", "bottom-right"], about=ASKED)
    guess_value = answer(about=[*ASKED, "row", "col"])
    found = control(traitlets.List(traitlets.Int()), about=["predict", *ASKED], default=[])

    @traitlets.validate("row", "col", "image", "mode")
    def _window_inside(self, proposal: Any) -> Any:
        """Refuse a window that would leave the image."""
        new = {"image": self.image, "mode": self.mode, "row": self.row, "col": self.col}
        new[proposal["trait"].name] = proposal["value"]
        for axis, name in enumerate(("row", "col")):
            at, length = new[name], np.array(new["image"]).shape[axis]
            last = length - (1 if new["mode"] == "same" else 3)
            if not 0 <= at <= last:
                raise traitlets.TraitError(
                    f"{name} must be from 0 to {last} for an image of {length} {('rows', 'columns')[axis]}, not {at}"
                )
        return proposal["value"]

    def _framed(self) -> tuple[np.ndarray[Any, Any], int]:
        """Return the image as the windows see it, and the width of its rim of zeros."""
        rim = int(self.mode == "same")
        return np.pad(np.array(self.image), rim), rim

    def _outputs(self, op: str) -> np.ndarray[Any, Any]:
        y: np.ndarray[Any, Any] = OPS[op](self._framed()[0], np.array(self.kernel), mode="valid")
        return y

    def _met(self) -> dict[str, float | str]:
        """Return, by place in the window, the weight that meets the pixel there."""
        weights = np.array(COUNT if self.view == "letters" else self.kernel)
        n = (self.row + 2, self.col + 2) if self.op == "convolve" else (self.row, self.col)
        t = trace(self._framed()[0], weights, n, cast(Literal["convolve", "correlate"], self.op))
        return {
            f"met[{term.x_index[0] - self.row},{term.x_index[1] - self.col}]": int(term.h_value) for term in t.terms
        }

    def shown(self) -> dict[str, float | str]:
        """Return the numbers on display, by key; with letters, what stands for them."""
        letters, paired, y = self.view == "letters", not self.asked("guess_weight"), self._outputs(self.op)
        here, rim = self.row * y.shape[1] + self.col, self._framed()[1]
        summed = paired and (letters or not self.asked("guess_value") or here in self.found)
        found: dict[str, float | str] = {"row": self.row, "col": self.col}
        for (r, c), pixel in np.ndenumerate(np.array(self.image)):
            i, j = r - self.row + rim, c - self.col + rim
            letter = LETTERS[3 * i + j] if 0 <= i < 3 and 0 <= j < 3 else "·"
            found[f"image[{r},{c}]"] = letter if letters else int(pixel)
        for place, ((r, c), v) in enumerate(np.ndenumerate(y)):
            known = not letters and (not self.predict or place in self.found or (place == here and summed))
            found[f"output[{r},{c}]"] = int(v) if known else "·" if place != here else "y" if letters else "?"
        found |= {f"kernel[{i},{j}]": int(w) for (i, j), w in np.ndenumerate(COUNT if letters else self.kernel)}
        if summed and not letters:
            found["rival"] = int(self._outputs(OTHER[self.op])[self.row, self.col])
        return found | self._met() if paired else found

    def describe(self) -> str:
        """Return the text alternative."""
        rows, cols = np.array(self.image).shape
        return self.text("describe", rows=rows, cols=cols)
