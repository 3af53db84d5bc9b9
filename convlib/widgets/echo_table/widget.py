"""EchoTable: every input starts an echo (a row), and the echoes of one moment add up (a column)."""

from typing import Any, ClassVar

import numpy as np
import traitlets

from convlib.ops import convolve, correlate
from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.traits import Numbers

ORDERS = ("forwards", "backwards", "newest")


def factor(value: float) -> str:
    """Write a factor or a later term: a negative one in brackets."""
    return f"({num(value)})" if value < 0 else num(value)


class EchoTable(Interactive):
    """Rows are delayed, scaled copies of h; a column of them adds up to one output.

    Read by rows, each input scatters an echo into the future. Read by columns, one output gathers
    what arrives. In the second reading the echoes of a column walk back to their causes, and the
    weights that they carry can be read from left to right.

    Parameters
    ----------
    x : list of 2 to 8 whole numbers from -9 to 9
        Input.
    h : list of 2 to 5 whole numbers from -9 to 9
        Response to an input of 1.
    n : int
        Index of an output: the column that is looked at.
    rows : int
        How many inputs have arrived when the table is read by rows.
    role : {"both", "scatter"}
        Whether the page offers both readings or the rows alone.
    view : {"gather", "scatter"}
        The reading that is shown, if the role leaves a choice.
    walk : float
        How far the echoes of column n have walked back to their causes, from 0 to 1.
    pairing : {"echoes", "unflipped"}
        Which weight meets which input: the one that its echo has by then, or the weights of h laid
        down from left to right.
    predict : bool
        Whether the reader is asked before anything is shown.
    guess_order : {"", "forwards", "backwards", "newest"}
        Answer to "in which order do the weights stand?".
    guess_value : int or None
        Answer to "which number comes out?".

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message names it and what is allowed.

    Examples
    --------
    >>> table = EchoTable(x=[2, 0, 1], h=[4, 2, 1], n=2, role="scatter", rows=3)
    >>> table.shown()["line"]
    'y[2] = 2 + 0 + 4 = 6'
    """

    controls: ClassVar[dict[str, str]] = {
        "view": "Read by",
        "rows": "Next input",
        "n": "Column n",
        "walk": "Walk back",
        "pairing": "Weights",
        "x": "Input x",
        "h": "Response h",
        "predict": "Predict first",
        "guess_order": "Your answer",
        "guess_value": "Your answer",
    }

    x = Numbers([2, 0, -1, 3, 1], low=-9, high=9, shape=((2, 8),), whole=True).tag(sync=True)
    h = Numbers([4, 2, 1], low=-9, high=9, shape=((2, 5),), whole=True).tag(sync=True)
    n = traitlets.Int(3).tag(sync=True)
    rows = traitlets.Int(1).tag(sync=True)
    role = traitlets.Enum(["both", "scatter"], "both").tag(sync=True)
    view = traitlets.Enum(["gather", "scatter"], "gather").tag(sync=True)
    walk = traitlets.Float(0.0, min=0.0, max=1.0).tag(sync=True)
    pairing = traitlets.Enum(["echoes", "unflipped"], "echoes").tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    guess_order = traitlets.Enum(["", *ORDERS], "").tag(sync=True)
    guess_value = traitlets.Int(None, allow_none=True).tag(sync=True)

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
        return self.role == "scatter" or self.view == "scatter"

    def _ordered(self) -> bool:
        """Whether the reader may see which weight meets which input."""
        return self._scatter or not self.predict or self.guess_order != ""

    def _summed(self) -> bool:
        """Whether the reader may see the outputs."""
        return self._ordered() and (not self.predict or self.guess_value is not None)

    def _laid(self) -> int:
        """How many echoes lie in the table."""
        if self._scatter and self.predict:
            return len(self.x) if self._summed() else 0
        return self.rows if self._scatter else len(self.x)

    def _arrived(self) -> list[int]:
        laid = len(self.x) if self.predict else self._laid()
        return [v if k < laid else 0 for k, v in enumerate(self.x)]

    def _y(self) -> list[int]:
        return [int(v) for v in convolve(self._arrived(), self.h)]

    def _unflipped(self) -> int:
        """What the weights of h from left to right would give."""
        return int(np.asarray(correlate(self.x, self.h))[self.n])

    def _live(self) -> list[int]:
        """Inputs whose echoes reach column n."""
        return [k for k in range(len(self.x)) if 0 <= self.n - k < len(self.h)]

    def _weight(self, k: int) -> int:
        """Index of the weight that input k meets."""
        age = self.n - k
        return age if self.pairing == "echoes" else len(self.h) - 1 - age

    def _walked(self) -> bool:
        return self.walk >= 0.5 or self.pairing == "unflipped"

    def _paired(self) -> bool:
        """Whether the echoes of column n show both of their factors."""
        return not self._scatter and self._ordered()

    def shown(self) -> dict[str, float | str]:
        """Return every number and text on display, by key."""
        found: dict[str, float | str] = {"say": self._sentence(), "n": self.n}
        found |= {f"x[{k}]": v for k, v in enumerate(self.x)}
        found |= {f"h[{j}]": w for j, w in enumerate(self.h)}
        found |= self._shown_echoes()
        if self._paired() and self._summed():
            found["walk"] = self.walk
        if self._summed():
            found |= {"line": self._line()} | {f"y[{i}]": v for i, v in enumerate(self._y())}
        return found | {f"answer[{i}]": text for i, (_, text) in enumerate(self._answers())}

    def _shown_echoes(self) -> dict[str, float | str]:
        found: dict[str, float | str] = {}
        for k, v in enumerate(self.x[: self._laid()]):
            found[f"row[{k}]"] = f"{num(v)} × h"
            for j, w in enumerate(self.h):
                if self._paired() and k + j == self.n:
                    found[f"pair[{k}]"] = f"{num(v)}·{num(self.h[self._weight(k)])}"
                    if self._walked():
                        found[f"weight[{k}]"] = f"h[{self._weight(k)}]"
                else:
                    found[f"echo[{k},{j}]"] = v * w
        return found

    def _line(self) -> str:
        y = num(self._y()[self.n])
        if self._scatter:
            live = [k for k in self._live() if k < self._laid()]
            terms = " + ".join(factor(self.x[k] * self.h[self.n - k]) for k in live)
            return f"y[{self.n}] = {terms} = {y}" if live else f"y[{self.n}] = 0, no echo here yet"
        symbols = " + ".join(f"x[{k}]·h[{self._weight(k)}]" for k in self._live())
        terms = " + ".join(f"{factor(self.x[k])}·{factor(self.h[self._weight(k)])}" for k in self._live())
        if self.pairing == "unflipped":
            return f"{symbols} = {terms} = {num(self._unflipped())}, and y[{self.n}] = {y}"
        return f"y[{self.n}] = {symbols} = {terms} = {y}"

    def _answers(self) -> list[tuple[str | int, str]]:
        """Return the answers on offer: first for the order of the weights, then for the number."""
        live = self._live()
        ages = [self.n - k for k in live]
        if not self._ordered():
            texts = {text: order for order, text in reversed(self._orders().items())}
            return [(order, text) for text, order in reversed(texts.items())]
        if self._summed():
            return []
        y = self._y()[self.n]
        forwards = sum(self.x[k] * self.h[j] for k, j in zip(live, sorted(ages), strict=True))
        newest = self.x[live[-1]] * self.h[0]
        plain = sum(self.x[k] for k in live)
        wanted = [y, forwards, newest, plain, y + 1, y - 1]
        return [(v, num(v)) for v in sorted(list(dict.fromkeys(wanted))[:3])]

    def _orders(self) -> dict[str, str]:
        """Return the weights of column n in the orders that a reader may expect."""
        ages = [self.n - k for k in self._live()]
        orders = {"forwards": sorted(ages), "backwards": ages, "newest": [0] * len(ages)}
        return {name: ", ".join(f"h[{j}]" for j in order) for name, order in orders.items()}

    def _sentence(self) -> str:
        if self._scatter:
            return self._scattered()
        live = self._live()
        if not self._ordered():
            inputs = ", ".join(f"x[{k}]" for k in live)
            return (
                f"y[{self.n}] takes one number from each echo in its column, from {inputs}. "
                "Which weights of h are in them, in this order?"
            )
        if not self._summed():
            right = self._orders()[self.guess_order or "backwards"] == self._orders()["backwards"]
            return f"{'Right' if right else 'No'}: they are {self._read()}. Which number is y[{self.n}]?"
        told = self._gathered()
        return f"{self._verdict()} {told}" if self.predict and self.guess_value is not None else told

    def _read(self) -> str:
        return ", ".join(f"h[{self._weight(k)}]" for k in self._live())

    def _gathered(self) -> str:
        y = num(self._y()[self.n])
        if self.pairing == "unflipped":
            other = num(self._unflipped())
            agree = f"by chance the same as y[{self.n}]" if other == y else f"not y[{self.n}] = {y}"
            late = "The first of these inputs counts as if it had come last."
            return f"Lay h down as it is, {self._read()}: {other}, {agree}. {late}"
        if not self._walked():
            return f"Column {self.n} adds up to y[{self.n}] = {y}. Walk its echoes back to the inputs that caused them."
        if len(self._live()) == 1:
            return f"One echo alone reaches column {self.n}, with the weight {self._read()}. y[{self.n}] = {y}."
        return f"Under their causes the weights read {self._read()}: h stands there backwards. y[{self.n}] = {y}."

    def _verdict(self) -> str:
        guess, y = self.guess_value, self._y()[self.n]
        return "Right." if guess == y else f"Not {num(guess or 0)}."

    def _scattered(self) -> str:
        y = num(self._y()[self.n])
        if self.predict:
            if not self._summed():
                return f"Every input starts an echo: h, scaled and delayed. Which number is y[{self.n}]?"
            return f"{self._verdict()} Column {self.n} adds up to y[{self.n}] = {y}."
        if not self.rows:
            return "Nothing has arrived yet. Let the inputs in, one by one."
        k = self.rows - 1
        v = self.x[k]
        echo = f"its echo is {num(v)} times h, started at {k}" if v else "it starts no echo"
        so_far = "adds up to" if self.rows == len(self.x) else "holds so far"
        return f"x[{k}] is {num(v)}: {echo}. Column {self.n} {so_far} y[{self.n}] = {y}."

    def describe(self) -> str:
        """Return the text alternative."""
        return f"the echoes of {len(self.x)} inputs, with {len(self.h)} weights each. {self._sentence()}"
