"""DiceSum: two loaded dice, the table of their products, and the sum that its diagonals add up to."""

from typing import Any, ClassVar

import numpy as np
import traitlets

from convlib.ops import convolve
from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Numbers, answer, slider, toggle

FACES = range(1, 7)
SUMS = range(2, 13)
ALIKE = 0  # the answer "all alike"
BRIEF = 3  # so many leaders at most are named one by one
LOADS = [[1] * 6, [1, 1, 1, 1, 1, 5], [1, 0, 0, 0, 0, 1], [0, 0, 1, 0, 0, 0]]


def _hat() -> Numbers:
    return Numbers([1] * 6, low=0, high=9, shape=((6, 6),), whole=True, presets=LOADS)


class DiceSum(Interactive):
    """Two dice as hats full of slips: every pair of slips stands in a table, and equal sums add up.

    A die is loaded by the number of slips that carry each face. f(a) is the number of slips with a,
    divided by all slips in that hat; so one more slip makes all other faces rarer by one factor.
    The rows of the table can be shifted until equal sums stand above each other.

    first, second : Slips with 1 to 6 in the hat of the first and of the second die; not all of them 0.
    n : The sum that is looked at, from 2 to 12.
    shift : How far the rows are shifted, from 0 (a square table) to 1 (row a starts a places later).
    guess : The answer; 0 says that all sums are alike.

    >>> dice = DiceSum(n=4)
    >>> dice.shown()["sum[4]"], round(dice.shown()["percent"], 2)  # 1·1 + 1·1 + 1·1 pairs of 36
    (3, 8.33)
    """

    data: ClassVar[dict[str, Any]] = {"brief": BRIEF}

    first = _hat()
    second = _hat()
    n = slider(4, 2, 12)
    shift = slider(0.0, 0.0, 1.0, step=0.05)
    predict = toggle()
    guess = answer(about=("first", "second"), low=ALIKE)

    @traitlets.validate("first", "second")
    def _some_slip(self, proposal: Any) -> Any:
        """Refuse an empty hat: a die shows something."""
        if not any(proposal["value"]):
            raise traitlets.TraitError(f"{proposal['trait'].name} must have a slip, not {proposal['value']}")
        return proposal["value"]

    def shown(self) -> dict[str, float | str]:
        """Return the numbers on display, by key; while the reader is asked, no sum is told."""
        table = np.outer(self.first, self.second)
        found: dict[str, float | str] = {"n": self.n, "shift": self.shift, "all": int(table.sum())}
        found |= {f"f[{a}]": v for a, v in zip(FACES, self.first, strict=True)}
        found |= {f"g[{b}]": v for b, v in zip(FACES, self.second, strict=True)}
        found |= {f"pair[{a},{b}]": int(table[a - 1, b - 1]) for a in FACES for b in FACES}
        if self.asked():
            return found
        pairs = {n: int(v) for n, v in zip(SUMS, convolve(self.first, self.second), strict=True)}
        found |= {f"sum[{n}]": v for n, v in pairs.items()}
        found["percent"] = 100 * pairs[self.n] / int(table.sum())
        leaders = [n for n in SUMS if pairs[n] == max(pairs.values())]
        if leaders == [self.n]:
            return found
        named = {f"leader[{i}]": n for i, n in enumerate(leaders)}
        return found | {"most": max(pairs.values())} | (named if len(leaders) <= BRIEF else {"leaders": len(leaders)})

    def describe(self) -> str:
        """Return the text alternative."""
        first, second = (" ".join(map(str, hat)) for hat in (self.first, self.second))
        return self.text("describe", first=first, second=second)
