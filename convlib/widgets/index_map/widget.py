"""IndexMap: which pixel meets which weight, under five ways to number them."""

from typing import Any, ClassVar, Literal, NamedTuple, cast

import numpy as np
import traitlets

from convlib.ops import convolve, correlate
from convlib.trace import Trace, trace
from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.traits import Numbers, choice, control, slider, toggle

SIDE, REACH = 7, 1  # the image has 7 rows and columns, the kernel reaches 1 to each side
FULL = SIDE + 2 * REACH
OPS = ("convolve", "correlate", "correlate-x")
MARGINS = {"full": 0, "same": REACH, "valid": 2 * REACH}  # places of "full" that a mode leaves out on each side
CALLS = {
    "scipy": ["convolve2d(x, h{0})", "correlate2d(x, h{0})", "correlate2d(x, h{0})[::-1, ::-1]"],
    "torch": ["conv2d(x, h.flip(-2, -1){0})", "conv2d(x, h{0})", "conv2d(x, h{0}).flip(-2, -1)"],
}


class Convention(NamedTuple):
    """A way to number the entries, and the places that it keeps."""

    x_origin: int
    h_origin: int
    mode: Literal["full", "same", "valid"]
    library: str
    option: str

    def calls(self) -> list[str]:
        """Return the calls that compute it, one for each operation."""
        return [call.format(self.option) for call in CALLS[self.library]]


CONVENTIONS = {
    "centre": Convention(3, 1, "same", "scipy", ', mode="same"'),
    "numpy": Convention(0, 0, "full", "scipy", ""),
    "scipy": Convention(0, 1, "same", "scipy", ', mode="same"'),
    "torch": Convention(0, 0, "valid", "torch", ""),
    "torch-padded": Convention(0, 0, "same", "torch", ", padding=1"),
}


def pair(index: Any) -> str:
    """Write an index as a reader sees it.

    >>> pair((1, -2))
    '[1, −2]'
    """
    return f"[{', '.join(num(i) for i in index)}]"


class IndexMap(Interactive):
    """A 7 by 7 image, a 3 by 3 kernel and one output of them, with every index.

    The reader chooses an operation, a way to number the entries and an output; the picture shows
    which pixel meets which weight, and each entry's label beside its index in the array.

    op : h ∗ x, h ⋆ x, or x ⋆ h, in which the image slides over the kernel.
    convention : Where zero lies, and which places of the output are kept.
    row, col : Place of the output among the 9 by 9 of the mode "full", from 0 to 8.
    term : The weight that is followed, from 0 to 8, row by row.
    guess : Answer to "which pixel meets this weight?": its label, or empty.

    >>> w = IndexMap(op="convolve", convention="centre", row=5, col=5)
    >>> w.shown()["y label"], w.shown()["y array"]
    ('[1, 1]', '[4, 4]')
    """

    data: ClassVar[dict[str, Any]] = {
        "ways": {name: [c.x_origin, c.h_origin, MARGINS[c.mode], c.calls()] for name, c in CONVENTIONS.items()}
    }

    image = Numbers(
        [
            [2, 0, 1, 3, 1, 0, 4],
            [0, 4, 1, 0, 2, 5, 1],
            [1, 3, 5, 2, 0, 1, 3],
            [3, 0, 2, 6, 4, 1, 0],
            [1, 2, 0, 1, 7, 3, 2],
            [0, 5, 1, 4, 2, 8, 1],
            [4, 1, 3, 0, 1, 2, 9],
        ],
        low=-9,
        high=9,
        shape=((7, 7), (7, 7)),
        whole=True,
    )
    kernel = Numbers([[1, 2, 3], [4, 5, 6], [7, 8, 9]], low=-9, high=9, shape=((3, 3), (3, 3)), whole=True)
    op = choice("convolve", OPS)
    convention = choice("centre", CONVENTIONS, select=True)
    row = slider(5, 0, FULL - 1)
    col = slider(5, 0, FULL - 1)
    term = slider(0, 0, 8)
    predict = toggle()
    guess = control(
        traitlets.List(traitlets.Int(), maxlen=2),
        about=["image", "kernel", "op", "convention", "row", "col", "term", "predict"],
        default=[],
    )

    @traitlets.validate("guess")
    def _one_pixel(self, proposal: Any) -> Any:
        if len(proposal["value"]) == 1:
            raise traitlets.TraitError(f"guess must be a row and a column, or empty, not {proposal['value']}")
        return proposal["value"]

    @property
    def _way(self) -> Convention:
        return CONVENTIONS[self.convention]

    @property
    def _place(self) -> tuple[int, int]:
        return self.row, self.col

    def _first(self) -> int:
        """Label of the first place of "full"."""
        last_x, last_h = SIDE - 1 - self._way.x_origin, 2 * REACH - self._way.h_origin
        if self.op == "convolve":
            return -self._way.x_origin - self._way.h_origin
        return -self._way.x_origin - last_h if self.op == "correlate" else -self._way.h_origin - last_x

    def _label(self) -> tuple[int, int]:
        return self.row + self._first(), self.col + self._first()

    def _array(self) -> tuple[int, int] | None:
        """Index of the place in the array that is returned, if it is kept."""
        margin = MARGINS[self._way.mode]
        kept = all(margin <= p < FULL - margin for p in self._place)
        return (self.row - margin, self.col - margin) if kept else None

    def _outputs(self) -> np.ndarray[Any, Any]:
        compute = convolve if self.op == "convolve" else correlate
        y: np.ndarray[Any, Any] = compute(np.array(self.image), np.array(self.kernel), mode=self._way.mode)
        return y[::-1, ::-1] if self.op == "correlate-x" else y

    def _trace(self) -> Trace:
        return trace(
            np.array(self.image),
            np.array(self.kernel),
            self._label(),
            cast(Literal["convolve", "correlate"], self.op.removesuffix("-x")),
            x_origin=self._way.x_origin,
            h_origin=self._way.h_origin,
            slides="x" if self.op == "correlate-x" else "h",
        )

    def shown(self) -> dict[str, float | str]:
        """Return the numbers, indices and the call on display, by key."""
        now, call = self._array(), self._way.calls()[OPS.index(self.op)]
        found: dict[str, float | str] = {"code": call + pair(now) if now else call}
        for name, place in zip(("row", "col"), self._place, strict=True):
            found[name] = self.text("at", place=place, label=place + self._first())
        found["term"] = f"{self.term}: h{pair(self._trace().terms[self.term].h_index)}"
        return found | self._shown_grids() | self._shown_labels() | self._shown_indices()

    def _shown_grids(self) -> dict[str, float | str]:
        shown: dict[str, float | str] = {}
        for name, grid in (("image", self.image), ("kernel", self.kernel), ("output", self._outputs())):
            shown |= {f"{name}[{r},{c}]": int(v) for (r, c), v in np.ndenumerate(np.array(grid))}
        if self.asked():
            return shown | ({f"output[{now[0]},{now[1]}]": "?"} if (now := self._array()) else {})
        shown["y"] = int(self._trace().value)
        for k, t in enumerate(self._trace().terms):
            shown[f"met[{k // 3},{k % 3}]"] = int(t.h_value)
            if not t.inside:
                shown[f"beyond[{k // 3},{k % 3}]"] = 0
        return shown

    def _shown_labels(self) -> dict[str, float | str]:
        margin, shown = MARGINS[self._way.mode], dict[str, float | str]()
        firsts = (
            ("x", SIDE, -self._way.x_origin),
            ("h", 3, -self._way.h_origin),
            ("y", FULL - 2 * margin, self._first() + margin),
        )
        for name, count, first in firsts:
            for i in range(count):
                shown[f"{name} row {i}"] = shown[f"{name} column {i}"] = first + i
        return shown

    def _shown_indices(self) -> dict[str, float | str]:
        """Return label and array index of the output, the weight and the pixel."""
        t, now, known = self._trace().terms[self.term], self._array(), not self.asked()
        x_array = pair(i + self._way.x_origin for i in t.x_index) if t.inside else self.words["outside"]
        return {
            "y label": pair(self._label()),
            "y array": pair(now) if now else self.words["dropped"],
            "h label": pair(t.h_index),
            "h array": pair(divmod(self.term, 3)),
            "x label": pair(t.x_index) if known else "?",
            "x array": x_array if known else "?",
        }

    def describe(self) -> str:
        """Return the text alternative."""
        return self.text("describe", y=pair(self._label()))
