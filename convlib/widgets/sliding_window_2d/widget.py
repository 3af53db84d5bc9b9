"""SlidingWindow2D: which weight meets which pixel, and what comes out."""

from typing import Any, ClassVar, Literal, cast

import numpy as np
import traitlets

from convlib.ops import convolve, correlate, flip
from convlib.trace import trace
from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.traits import Numbers

LETTERS = "abcdefghi"
COUNT = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
OPS = {"correlate": correlate, "convolve": convolve}
WORDS = {"correlate": "correlation", "convolve": "convolution"}
OTHER = {"correlate": "convolve", "convolve": "correlate"}


def factor(value: float) -> str:
    """Write a factor of a product: a negative one in brackets."""
    return f"({num(value)})" if value < 0 else num(value)


class SlidingWindow2D(Interactive):
    """A 3 by 3 kernel slides over an image of small whole numbers.

    The reader moves the window, edits pixels and weights, and switches between correlation and
    convolution; the picture shows which weight meets which pixel, the sum and the output.

    Parameters
    ----------
    image : (H, W) array of whole numbers from -9 to 9, 3 to 8 along each axis
    kernel : (3, 3) array of whole numbers from -9 to 9
    row, col : int
        Index of the output sample: the window's first row and column.
    op : {"correlate", "convolve"}
    view : {"numbers", "letters"}
        Letters call the pixels under the window a to i and the weights 1 to 9.
    predict : bool
        Whether the reader is asked before anything is shown.
    guess_weight : {"", "top-left", "bottom-right"}
        Answer to "which weight meets the top-left pixel?".
    guess_value : int or None
        Answer to "which number comes out?".
    found : list of int
        Outputs found so far in predict mode, counted row by row.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message names it and what is allowed.

    Examples
    --------
    >>> w = SlidingWindow2D(row=1, op="convolve")
    >>> w.shown()["output[1,0]"]
    19
    """

    controls: ClassVar[dict[str, str]] = {
        "op": "Operation",
        "row": "Row",
        "col": "Column",
        "view": "Show",
        "predict": "Predict first",
        "image": "Image",
        "kernel": "Kernel",
        "guess_weight": "Your answer",
        "guess_value": "Your answer",
    }

    image = Numbers(
        [
            [0, 0, 1, 2, 2, 1],
            [0, 1, 3, 5, 4, 2],
            [1, 3, 7, 8, 6, 2],
            [1, 4, 8, 9, 5, 1],
            [0, 2, 5, 6, 3, 0],
            [0, 1, 2, 2, 1, 0],
        ],
        low=-9,
        high=9,
        shape=((3, 8), (3, 8)),
        whole=True,
    ).tag(sync=True)
    kernel = Numbers([[1, 2, 0], [0, 1, 0], [0, 0, -1]], low=-9, high=9, shape=((3, 3), (3, 3)), whole=True).tag(
        sync=True
    )
    row = traitlets.Int(0).tag(sync=True)
    col = traitlets.Int(0).tag(sync=True)
    op = traitlets.Enum(list(OPS), "correlate").tag(sync=True)
    view = traitlets.Enum(["numbers", "letters"], "numbers").tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    guess_weight = traitlets.Enum(["", "top-left", "bottom-right"], "").tag(sync=True)
    guess_value = traitlets.Int(None, allow_none=True).tag(sync=True)
    found = traitlets.List(traitlets.Int()).tag(sync=True)

    @traitlets.validate("row", "col", "image")
    def _window_inside(self, proposal: Any) -> Any:
        """Refuse a window that would leave the image."""
        new = {"image": self.image, "row": self.row, "col": self.col}
        new[proposal["trait"].name] = proposal["value"]
        for axis, name in enumerate(("row", "col")):
            at, length = new[name], np.array(new["image"]).shape[axis]
            if not 0 <= at <= length - 3:
                raise traitlets.TraitError(
                    f"{name} must be from 0 to {length - 3} for an image of {length} "
                    f"{('rows', 'columns')[axis]}, not {at}"
                )
        return proposal["value"]

    @property
    def _letters(self) -> bool:
        return self.view == "letters"

    @property
    def _weights(self) -> np.ndarray[Any, Any]:
        return np.array(COUNT if self._letters else self.kernel)

    def _outputs(self, op: str) -> np.ndarray[Any, Any]:
        y: np.ndarray[Any, Any] = OPS[op](np.array(self.image), np.array(self.kernel), mode="valid")
        return y

    def _place(self) -> int:
        return int(self.row * (len(self.image[0]) - 2) + self.col)

    def _paired(self) -> bool:
        """Whether the reader may see which weight meets which pixel."""
        return not self.predict or self.guess_weight != ""

    def _summed(self) -> bool:
        """Whether the reader may see the sum."""
        answered = self.guess_value is not None or self._place() in self.found
        return self._paired() and (self._letters or not self.predict or answered)

    def _pairs(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Return, by place in the window, the pixel and the weight that meets it."""
        corner = np.array([self.row, self.col])
        n = corner + 2 if self.op == "convolve" else corner
        op = cast(Literal["convolve", "correlate"], self.op)
        t = trace(np.array(self.image), self._weights, tuple(n.tolist()), op)
        return {
            (term.x_index[0] - self.row, term.x_index[1] - self.col): (int(term.x_value), int(term.h_value))
            for term in sorted(t.terms, key=lambda term: term.x_index)
        }

    def _pixel(self, i: int, j: int) -> str:
        return LETTERS[3 * i + j] if self._letters else num(self._pairs()[i, j][0])

    def shown(self) -> dict[str, float | str]:
        """Return every number and text on display, by key."""
        found: dict[str, float | str] = {"say": self._sentence(), "row": self.row, "col": self.col}
        found |= self._shown_image() | self._shown_output()
        found |= {f"kernel[{i},{j}]": int(w) for (i, j), w in np.ndenumerate(self._weights)}
        if self._paired():
            found |= {f"met[{i},{j}]": w for (i, j), (_, w) in self._pairs().items()}
        if self._summed():
            found |= {"sum": self._sum(), "rival": self._rival()}
        return found | {f"answer[{i}]": text for i, text in enumerate(self._answers())}

    def _shown_image(self) -> dict[str, float | str]:
        shown: dict[str, float | str] = {}
        for (r, c), pixel in np.ndenumerate(np.array(self.image)):
            i, j = r - self.row, c - self.col
            under = 0 <= i < 3 and 0 <= j < 3
            letter = LETTERS[3 * i + j] if under else "·"
            shown[f"image[{r},{c}]"] = letter if self._letters else int(pixel)
        return shown

    def _shown_output(self) -> dict[str, float | str]:
        shown: dict[str, float | str] = {}
        for place, ((r, c), y) in enumerate(np.ndenumerate(self._outputs(self.op))):
            now = place == self._place()
            known = not self.predict or place in self.found or (now and self._summed())
            unknown = ("y" if self._letters else "?") if now else "·"
            shown[f"output[{r},{c}]"] = int(y) if known and not self._letters else unknown
        return shown

    def _name(self) -> str:
        return f"output[{self.row}, {self.col}]"

    def _value(self, op: str) -> int:
        return int(self._outputs(op)[self.row, self.col])

    def _plain(self) -> int:
        return sum(pixel for pixel, _ in self._pairs().values())

    def _sum(self) -> str:
        terms = (
            f"{self._pixel(i, j) if self._letters else factor(pixel)}·{factor(weight)}"
            for (i, j), (pixel, weight) in self._pairs().items()
        )
        total = "" if self._letters else f" = {num(self._value(self.op))}"
        return f"{self._name()} = {' + '.join(terms)}{total}"

    def _rival(self) -> str:
        other = OTHER[self.op]
        word = WORDS[other].capitalize()
        if not self._letters:
            return f"{word} would give {num(self._value(other))} here."
        order = "a·1 + b·2 + … + i·9" if other == "correlate" else "a·9 + b·8 + … + i·1"
        return f"{word} would pair them the other way round: {order}."

    def _answers(self) -> list[str]:
        """Return the answers on offer: first for the weight, then for the number."""
        if not self._paired():
            first, last = self._weights[0, 0], self._weights[2, 2]
            return [f"the top-left weight, {num(first)}", f"the bottom-right weight, {num(last)}"]
        if self._summed():
            return []
        y = self._value(self.op)
        centre = self._pairs()[1, 1][0] * int(self._weights[1, 1])
        wanted = [y, self._value(OTHER[self.op]), self._plain(), centre, y + 1, y - 1]
        return [num(v) for v in sorted(list(dict.fromkeys(wanted))[:3])]

    def _laid(self) -> str:
        """Say how the kernel lies on the window."""
        word, weight, pixel = WORDS[self.op], num(self._pairs()[0, 0][1]), self._pixel(0, 0)
        if self.op == "convolve":
            return (
                f"{word} turns the kernel by 180° first, so its bottom-right weight {weight} "
                f"meets the top-left pixel {pixel}."
            )
        return (
            f"{word} lays the kernel down as it is, so its top-left weight {weight} meets the top-left pixel {pixel}."
        )

    def _sentence(self) -> str:
        word, laid = WORDS[self.op], self._laid()
        if not self._paired():
            return f"You chose {word}. Which weight will meet the window’s top-left pixel, {self._pixel(0, 0)}?"
        told = laid[0].upper() + laid[1:]
        if self.predict and not self.found:
            corner = "bottom-right" if self.op == "convolve" else "top-left"
            right = self.guess_weight == corner
            if not self._summed() or self._letters:
                told = f"{'Right' if right else 'No'}: {laid}"
        if self._letters:
            return told
        if not self._summed():
            return f"{told} Which number comes out at {self._name()}?"
        if self.predict and self.guess_value is not None:
            return self._verdict(self.guess_value)
        symmetric = np.array_equal(self._weights, flip(self._weights))
        agree = " This kernel equals its own half turn, so both operations agree."
        return f"{told} {self._name()} = {num(self._value(self.op))}.{agree if symmetric else ''}"

    def _verdict(self, guess: int) -> str:
        y = self._value(self.op)
        following = "Move the window to try the next one."
        if guess == y:
            return f"Right: {self._name()} = {num(y)}. {following}"
        if guess == self._value(OTHER[self.op]):
            why = f"that is what {WORDS[OTHER[self.op]]} gives"
        elif guess == self._plain():
            why = "that is the sum of the pixels without their weights"
        else:
            why = "all nine products have to be added"
        return f"Not {num(guess)}: {why}. {self._name()} = {num(y)}. {following}"

    def describe(self) -> str:
        """Return the text alternative."""
        rows, cols = np.array(self.image).shape
        return f"a 3 by 3 kernel on an image of {rows} by {cols}. {self._sentence()}"
