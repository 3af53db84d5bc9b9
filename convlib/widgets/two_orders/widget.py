"""TwoOrders: three signals in a row, the table of their terms, and its sum in two orders."""

from math import inf, isclose
from typing import Any, ClassVar

import traitlets

from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.traits import answer, choice, control, toggle

EDGE = 6  # rows and columns that are drawn; as a size of the window it stands for "no end"
FAR = 64  # so many rows stand for all: beyond, the halves change no digit
SINCE = 3  # the switched input has been on since k = −3
TRIPLES = ["constant", "switched", "fading", "leaky"]
ANSWERS = ["00", "11", "10", "01"]
WHOLE = {"constant": "10", "switched": "11", "fading": "11", "leaky": "00"}  # what the whole table gives


class TwoOrders(Interactive):
    """An input, a difference and a running sum in a row: y[0] as the sum of a table, in two orders.

    Each term of y[0] has three factors, x[k]·h[a]·g[b] with k + a + b = 0. The table has a row for
    each k = 0, −1, −2, … and a column for each b = 0, 1, 2, …; with h = δ[n] − δ[n − 1] hardly any
    term is left. Rows first is x ∗ (h ∗ g), columns first is (x ∗ h) ∗ g. A window cuts the table
    off: the input came on some ticks ago, the sum reaches back some ticks.

    triple : An input that is always 1; one that is 1 from −3 on; one that was half as large a tick before; the
        constant again, with a sum that forgets half in each tick.
    past, memory : The last row and the last column of the window, 0 to 5; 6 says that there is no end.
    guess : The answer, rows first, then columns first; empty if there is none yet.

    >>> TwoOrders(past=2, memory=4).shown()["rows"]
    '1 + 0 + 0 = 1'
    >>> whole = TwoOrders(past=6, memory=6).shown()
    >>> whole["rows"], whole["columns"]
    ('1 + 0 + 0 + 0 + 0 + 0 + … = 1', '0 + 0 + 0 + 0 + 0 + 0 + … = 0')
    """

    data: ClassVar[dict[str, Any]] = {"edge": EDGE, "far": FAR, "since": SINCE, "whole": WHOLE, "answers": ANSWERS}

    triple = choice("constant", TRIPLES)
    past = control(traitlets.Int(2, min=0, max=EDGE), kind="choice")
    memory = control(traitlets.Int(4, min=0, max=EDGE), kind="choice")
    predict = toggle()
    guess = answer(ANSWERS, about=("triple",))

    def term(self, row: int, column: int) -> float:
        """Return x[k]·h[a]·g[b] for k = −row, b = column and a = row − column."""
        x = 0.5**row if self.triple == "fading" else float(self.triple != "switched" or row <= SINCE)
        g = 0.5**column if self.triple == "leaky" else 1.0
        return x * {0: 1, 1: -1}.get(row - column, 0) * g

    def _window(self) -> tuple[int, int]:
        """The last row and column that count."""
        return (FAR if self.past == EDGE else self.past), (FAR if self.memory == EDGE else self.memory)

    def sums(self) -> tuple[list[float], list[float]]:
        """Return the sums of the rows and of the columns of the window; 65 of them stand for all.

        Where the window has no end, nothing is cut off the sums that run towards it.
        """
        past, memory = self._window()
        floor = inf if past == FAR else past
        rows = [sum(self.term(r, c) for c in (r - 1, r) if 0 <= c <= memory) for r in range(past + 1)]
        columns = [sum(self.term(r, c) for r in (c, c + 1) if r <= floor) for c in range(memory + 1)]
        return rows, columns

    def size(self) -> float:
        """Return what the terms of the window add up to without their signs."""
        past, memory = self._window()
        if past == memory == FAR and self.triple == "constant":
            return inf
        cells = ((r, c) for r in range(past + 1) for c in (r - 1, r) if 0 <= c <= memory)
        return float(sum(abs(self.term(r, c)) for r, c in cells))

    def shown(self) -> dict[str, float | str]:
        """Return the numbers on display, by key; while the reader is asked, the terms alone."""
        cells = ((r, c, self.term(r, c)) for r in range(EDGE) for c in range(EDGE))
        found: dict[str, float | str] = {f"term[{r},{c}]": v for r, c, v in cells if v}
        if self.asked():
            return found
        rows, columns = self.sums()
        found |= {f"row[{r}]": v for r, v in enumerate(rows[:EDGE])}
        found |= {f"column[{c}]": v for c, v in enumerate(columns[:EDGE])}
        found |= {"rows": self._line(rows), "columns": self._line(columns), "size": self.size(), "total": sum(columns)}
        if self.past == self.memory == EDGE:
            return found | ({"by_rows": sum(rows)} if self.triple == "constant" else {})
        counts = {"down": self.past + 1} if self.past < EDGE else {}
        return found | counts | ({"across": self.memory + 1} if self.memory < EDGE else {})

    def _line(self, sums: list[float]) -> str:
        """Write a sum out: signs become plus and minus."""
        parts = [num(v) for v in sums[:EDGE]] + (["…"] if len(sums) > EDGE else [])
        text = " + ".join(parts).replace("+ −", "− ")
        total = sum(sums)
        equals = "=" if isclose(100 * total, round(100 * total), abs_tol=1e-9) else "≈"
        return f"{text} {equals} {num(total)}" if len(parts) > 1 else text
