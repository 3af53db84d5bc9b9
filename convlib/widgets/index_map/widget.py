"""IndexMap: which pixel meets which weight, under four ways to number them."""

from typing import Any, ClassVar, Literal, NamedTuple, cast

import numpy as np
import traitlets

from convlib.ops import convolve, correlate
from convlib.trace import Trace, trace
from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.traits import Numbers

SIDE, REACH = 7, 1  # the image has 7 rows and columns, the kernel reaches 1 to each side
FULL = SIDE + 2 * REACH
NAMES = {
    "convolve": "convolution h ∗ x",
    "correlate": "cross-correlation h ⋆ x",
    "correlate-x": "cross-correlation x ⋆ h",
}
LAWS = {
    "convolve": "The labels of x and h add up to that of y.",
    "correlate": "The label of x minus that of h is that of y.",
    "correlate-x": "The label of h minus that of x is that of y.",
}
CALLS = {
    "scipy": {
        "convolve": "convolve2d(x, h{0})",
        "correlate": "correlate2d(x, h{0})",
        "correlate-x": "correlate2d(x, h{0})[::-1, ::-1]",
    },
    "torch": {
        "convolve": "conv2d(x, h.flip(-2, -1){0})",
        "correlate": "conv2d(x, h{0})",
        "correlate-x": "conv2d(x, h{0}).flip(-2, -1)",
    },
}


class Convention(NamedTuple):
    """A way to number the entries, and the places that it keeps."""

    said: str
    x_origin: int
    h_origin: int
    mode: Literal["full", "same", "valid"]
    library: str
    option: str


CONVENTIONS = {
    "centre": Convention("zero at the centre", 3, 1, "same", "scipy", ', mode="same"'),
    "numpy": Convention("NumPy’s full", 0, 0, "full", "scipy", ""),
    "scipy": Convention("SciPy’s same", 0, 1, "same", "scipy", ', mode="same"'),
    "torch": Convention("PyTorch, no padding", 0, 0, "valid", "torch", ""),
    "torch-padded": Convention("PyTorch, padding 1", 0, 0, "same", "torch", ", padding=1"),
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

    Parameters
    ----------
    image : (7, 7) array of whole numbers from -9 to 9
    kernel : (3, 3) array of whole numbers from -9 to 9
    op : {"convolve", "correlate", "correlate-x"}
        h ∗ x, h ⋆ x, or x ⋆ h, in which the image slides over the kernel.
    convention : {"centre", "numpy", "scipy", "torch", "torch-padded"}
        Where zero lies, and which places of the output are kept.
    row, col : int
        Place of the output among the 9 by 9 of the mode "full", from 0 to 8.
    term : int
        The weight that is followed, from 0 to 8, row by row.
    predict : bool
        Whether the reader is asked before anything is shown.
    guess : list of int
        Answer to "which pixel meets this weight?": its label, or empty.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message names it and what is allowed.

    Examples
    --------
    >>> w = IndexMap(op="convolve", convention="centre", row=5, col=5)
    >>> w.shown()["y label"], w.shown()["y array"]
    ('[1, 1]', '[4, 4]')
    """

    controls: ClassVar[dict[str, str]] = {
        "op": "Operation",
        "convention": "Convention",
        "row": "Row",
        "col": "Column",
        "term": "Weight",
        "predict": "Predict first",
        "guess": "Your answer",
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
    ).tag(sync=True)
    kernel = Numbers([[1, 2, 3], [4, 5, 6], [7, 8, 9]], low=-9, high=9, shape=((3, 3), (3, 3)), whole=True).tag(
        sync=True
    )
    op = traitlets.Enum(list(NAMES), "convolve").tag(sync=True)
    convention = traitlets.Enum(list(CONVENTIONS), "centre").tag(sync=True)
    row = traitlets.Int(5, min=0, max=FULL - 1).tag(sync=True)
    col = traitlets.Int(5, min=0, max=FULL - 1).tag(sync=True)
    term = traitlets.Int(0, min=0, max=8).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    guess = traitlets.List(traitlets.Int(), maxlen=2).tag(sync=True)

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

    def _margin(self) -> int:
        """How many places of "full" the mode leaves out on each side."""
        return {"full": 0, "same": REACH, "valid": 2 * REACH}[self._way.mode]

    def _label(self) -> tuple[int, int]:
        return self.row + self._first(), self.col + self._first()

    def _array(self) -> tuple[int, int] | None:
        """Index of the place in the array that is returned, if it is kept."""
        margin = self._margin()
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

    def _answered(self) -> bool:
        return not self.predict or bool(self.guess)

    def shown(self) -> dict[str, float | str]:
        """Return every number and text on display, by key."""
        found: dict[str, float | str] = {"say": self._sentence(), "code": self._code()}
        for name, place in zip(("row", "col"), self._place, strict=True):
            found[name] = f"{place}, label {num(place + self._first())}"
        found["term"] = f"{self.term}: h{pair(self._trace().terms[self.term].h_index)}"
        found |= self._shown_grids() | self._shown_labels() | self._shown_indices()
        if self._answered():
            found["sum"] = self._sum()
        return found | {f"answer[{i}]": f"x{pair(p)}" for i, p in enumerate(self._options())}

    def _shown_grids(self) -> dict[str, float | str]:
        shown: dict[str, float | str] = {}
        for name, grid in (("image", self.image), ("kernel", self.kernel), ("output", self._outputs())):
            shown |= {f"{name}[{r},{c}]": int(v) for (r, c), v in np.ndenumerate(np.array(grid))}
        if not self._answered() and (now := self._array()):
            shown[f"output[{now[0]},{now[1]}]"] = "?"
        if self._answered():
            for k, t in enumerate(self._trace().terms):
                shown[f"met[{k // 3},{k % 3}]"] = int(t.h_value)
                if not t.inside:
                    shown[f"beyond[{k // 3},{k % 3}]"] = 0
        return shown

    def _shown_labels(self) -> dict[str, float | str]:
        margin, shown = self._margin(), dict[str, float | str]()
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
        t, now, known = self._trace().terms[self.term], self._array(), self._answered()
        x_array = pair(i + self._way.x_origin for i in t.x_index) if t.inside else "outside"
        return {
            "y label": pair(self._label()),
            "y array": pair(now) if now else "dropped",
            "h label": pair(t.h_index),
            "h array": pair(divmod(self.term, 3)),
            "x label": pair(t.x_index) if known else "?",
            "x array": x_array if known else "?",
        }

    def _code(self) -> str:
        call = CALLS[self._way.library][self.op].format(self._way.option)
        now = self._array()
        return f"{call}[{now[0]}, {now[1]}]" if now else f"{call} leaves this place out"

    def _sum(self) -> str:
        def factor(value: float) -> str:
            return f"({num(value)})" if value < 0 else num(value)

        terms = (f"{factor(t.x_value)}·{factor(t.h_value)}" for t in self._trace().terms)
        return f"y{pair(self._label())} = {' + '.join(terms)} = {num(self._trace().value)}"

    def _partners(self) -> dict[str, tuple[int, ...]]:
        """Return the label of the pixel that each operation pairs with the weight at this label."""
        n, k = np.array(self._label()), np.array(self._trace().terms[self.term].h_index)
        found = {"convolve": n - k, "correlate": n + k, "correlate-x": k - n}
        return {op: tuple(int(i) for i in label) for op, label in found.items()}

    def _options(self) -> list[tuple[int, ...]]:
        """Return the answers on offer, in the order of their labels."""
        if self._answered():
            return []
        m, n = self._label()
        partners = self._partners()
        all_of_them = [partners[self.op], *partners.values(), (m, n), (m, n + 1), (m + 1, n)]
        return sorted(list(dict.fromkeys(all_of_them))[:3])

    def _sentence(self) -> str:
        t = self._trace().terms[self.term]
        y, h, x = f"y{pair(self._label())}", f"h{pair(t.h_index)}", f"x{pair(t.x_index)}"
        if not self._answered():
            return f"{self._head()} Which pixel meets {h} when {y} is computed?"
        meets = f"{h} meets {x}"
        law = LAWS[self.op]
        gone = "" if t.inside else ", which lies outside the image and counts as 0"
        if not self.predict:
            return f"{self._head()} For {y}, {meets}{gone}. {law}"
        guess = tuple(self.guess)
        if guess == t.x_index:
            return f"Right: {meets}{gone}. {law} Try another place or weight."
        return f"Not x{pair(guess)}{self._why(guess)}. Here {meets}{gone}. {law}"

    def _head(self) -> str:
        name = NAMES[self.op]
        return f"{name[0].upper()}{name[1:]}, {self._way.said}."

    def _why(self, guess: tuple[int, ...]) -> str:
        for op, label in self._partners().items():
            if label == guess:
                return f": that is what the {NAMES[op]} pairs"
        return ": that pixel has the output’s label" if guess == self._label() else ""

    def describe(self) -> str:
        """Return the text alternative."""
        return f"a 7 by 7 image, a 3 by 3 kernel and one output. {self._sentence()}"
