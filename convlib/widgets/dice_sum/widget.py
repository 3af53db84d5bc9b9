"""DiceSum: two loaded dice, the table of their products, and the sum that its diagonals add up to."""

from math import gcd
from typing import Any, ClassVar

import numpy as np
import traitlets

from convlib.ops import convolve
from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.traits import Numbers

FACES = range(1, 7)
SUMS = range(2, 13)
ALIKE = 0  # the answer "all alike"
BRIEF = 3  # so many leaders at most are named one by one


def listed(values: list[int]) -> str:
    """Write a list as one says it: 6, 7 and 8."""
    texts = [str(v) for v in values]
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else texts[0]


class DiceSum(Interactive):
    """Two dice as hats full of slips: every pair of slips stands in a table, and equal sums add up.

    A die is loaded by the number of slips that carry each face. f(a) is the number of slips with a,
    divided by all slips in that hat; so one more slip makes all other faces rarer by one factor.
    The rows of the table can be shifted until equal sums stand above each other.

    Parameters
    ----------
    first, second : list of 6 whole numbers from 0 to 9
        Slips with 1 to 6 in the hat of the first and of the second die; not all of them 0.
    n : int
        The sum that is looked at, from 2 to 12.
    shift : float
        How far the rows are shifted, from 0 (a square table) to 1 (row a starts a places later).
    predict : bool
        Whether the reader is asked for the most likely sum first.
    guess : int or None
        The answer; 0 says that all sums are alike.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message names it and what is allowed.

    Examples
    --------
    >>> dice = DiceSum(n=4)
    >>> dice.shown()["line"]
    'P(4) = f(1)·g(3) + f(2)·g(2) + f(3)·g(1) = (1·1 + 1·1 + 1·1)/36 = 3/36, or 8.33 %'
    """

    controls: ClassVar[dict[str, str]] = {
        "n": "Sum n",
        "shift": "Shift the rows",
        "first": "First die",
        "second": "Second die",
        "predict": "Predict first",
        "guess": "Your answer",
    }

    first = Numbers([1] * 6, low=0, high=9, shape=((6, 6),), whole=True).tag(sync=True)
    second = Numbers([1] * 6, low=0, high=9, shape=((6, 6),), whole=True).tag(sync=True)
    n = traitlets.Int(4, min=2, max=12).tag(sync=True)
    shift = traitlets.Float(0.0, min=0.0, max=1.0).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    guess = traitlets.Int(None, allow_none=True, min=ALIKE, max=12).tag(sync=True)

    @traitlets.validate("first", "second")
    def _some_slip(self, proposal: Any) -> Any:
        """Refuse an empty hat: a die shows something."""
        if not any(proposal["value"]):
            raise traitlets.TraitError(f"{proposal['trait'].name} must have a slip, not {proposal['value']}")
        return proposal["value"]

    def _pairs(self) -> list[int]:
        """Pairs of slips for the sums 2 to 12."""
        return [int(v) for v in convolve(self.first, self.second)]

    def _total(self) -> int:
        return int(sum(self.first) * sum(self.second))

    def _leaders(self) -> list[int]:
        pairs = self._pairs()
        return [n for n in SUMS if pairs[n - 2] == max(pairs)]

    def _revealed(self) -> bool:
        return not self.predict or self.guess is not None

    def shown(self) -> dict[str, float | str]:
        """Return every number and text on display, by key."""
        found: dict[str, float | str] = {"say": self._sentence(), "n": self.n, "shift": self.shift}
        found |= {f"f[{a}]": v for a, v in zip(FACES, self.first, strict=True)}
        found |= {f"g[{b}]": v for b, v in zip(FACES, self.second, strict=True)}
        table = np.outer(self.first, self.second)
        found |= {f"pair[{a},{b}]": int(table[a - 1, b - 1]) for a in FACES for b in FACES}
        if not self._revealed():
            return found | {f"answer[{i}]": text for i, (_, text) in enumerate(self._answers())}
        return found | {f"sum[{n}]": v for n, v in zip(SUMS, self._pairs(), strict=True)} | {"line": self._line()}

    def _answers(self) -> list[tuple[int, str]]:
        """Return the sums on offer, among them the sum of the two favourite faces."""
        favourites = sum(1 + int(np.argmax(slips)) for slips in (self.first, self.second))
        best = self._leaders()[0]
        wanted = [best, favourites, 7, best - 1, best + 1, best - 2, best + 2]
        picked = sorted(list(dict.fromkeys(n for n in wanted if n in SUMS))[:4])
        return [*((n, str(n)) for n in picked), (ALIKE, "all alike")]

    def _line(self) -> str:
        met = [(a, self.n - a) for a in FACES if self.n - a in FACES]
        symbols = " + ".join(f"f({a})·g({b})" for a, b in met)
        terms = " + ".join(f"{self.first[a - 1]}·{self.second[b - 1]}" for a, b in met)
        pairs, total = self._pairs()[self.n - 2], self._total()
        counts = f"({terms})/{total}" if len(met) > 1 else f"{terms}/{total}"
        return f"P({self.n}) = {symbols} = {counts} = {pairs}/{total}, or {num(100 * pairs / total)} %"

    def _sentence(self) -> str:
        total = self._total()
        if not self._revealed():
            same = gcd(*self.first) == max(self.first) and gcd(*self.second) == max(self.second)
            pairs = f"{total} equally likely pairs" if same else f"{total} equally likely pairs of slips"
            return f"The table holds {pairs}. Which sum comes up most often?"
        told = f"{self._looked()} {self._led()}"
        return f"{self._verdict()} {told}" if self.predict else told

    def _looked(self) -> str:
        pairs, total = self._pairs()[self.n - 2], self._total()
        if not pairs:
            return f"The sum {self.n} cannot come up."
        where = "stand above each other" if self.shift >= 0.5 else "lie on one slanting line"
        return f"The pairs with the sum {self.n} {where}: {pairs} of {total}."

    def _led(self) -> str:
        leaders = self._leaders()
        if leaders == [self.n]:
            return "No other sum has as many."
        most = max(self._pairs())
        if len(leaders) > BRIEF:
            return f"{len(leaders)} sums share the lead, with {most} each."
        each = " each" if len(leaders) > 1 else ""
        return f"Most likely: {listed(leaders)}, with {most}{each}."

    def _verdict(self) -> str:
        if self.guess in self._leaders():
            return "Right."
        return "Not all alike." if self.guess == ALIKE else f"Not {self.guess}."

    def describe(self) -> str:
        """Return the text alternative."""
        slips = (" ".join(map(str, hat)) for hat in (self.first, self.second))
        hats = " and ".join(f"{text}" for text in slips)
        return f"two dice with {hats} slips for the faces 1 to 6. {self._sentence()}"
