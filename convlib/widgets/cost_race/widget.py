"""CostRace: which engine wins on the plane of sizes, by the planner's model and by measured times."""

import copy
from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar

import numpy as np
import traitlets

from convlib.engines import DENSE, plan
from convlib.engines.boxes import Box
from convlib.engines.plan import ENGINES as EVERY
from convlib.engines.toeplitz import FEW
from convlib.engines.whole_fft import KERNEL_LENGTHS, SHORT
from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import answer, choice, control, slider, toggle

ENGINES = DENSE
SIGNALS = [int(10 ** (j / 2)) for j in range(4, 15)]
KERNELS = [3, *(int(10 ** (j / 2)) for j in range(2, 11))]
SIDES = [64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048, 4096]
WIDTHS = [3, 5, 7, 9, 15, 21, 31, 45, 63, 127]
# Both planes have equally many columns and rows, so that one pair of sliders serves both.
PLANES = {"1d": (SIGNALS, KERNELS), "2d": (SIDES, WIDTHS)}
COUNTS = [1e12, 1e9, 1e6, 1e3, 1]
"""A count is told in the first of these that it reaches."""
UNITS = [(1.0, 1), (1e-3, 1e3), (0.0, 1e6)]
"""From so many seconds on a time is multiplied by: told in s, ms or µs."""


def told(count: float) -> float:
    """Return a large count in its own unit.

    >>> told(31), told(310_000), told(1.5e12)
    (31.0, 310.0, 1.5)
    """
    return count / next(size for size in COUNTS if count >= size)


def timed_in_unit(seconds: float) -> float:
    """Return a time in its own unit.

    >>> timed_in_unit(2.0), timed_in_unit(0.5), timed_in_unit(4e-6)
    (2.0, 500.0, 4.0)
    """
    return seconds * next(by for least, by in UNITS if seconds >= least)


def transform_products(length: int, axes: int) -> int:
    """Return the real multiplications of one radix-2 transform of ``length`` samples along each axis.

    >>> transform_products(8, 1), transform_products(8, 2)
    (48, 768)
    """
    passes: int = axes * length ** (axes - 1)
    return passes * 2 * length * (length.bit_length() - 1)


def whole_products(n: int, k: int, axes: int) -> tuple[int, int]:
    """Return the shortest power of two that holds the result, and the multiplications of one whole FFT.

    >>> whole_products(5, 3, 1)
    (8, 176)
    """
    length = 1 << (n + k - 2).bit_length()
    return length, 3 * transform_products(length, axes) + 4 * length**axes


def block_products(n: int, k: int, axes: int) -> tuple[int, int]:
    """Return the block of overlap-save, a power of two, with the fewest multiplications, and their number.

    >>> block_products(1000, 3, 1)
    (8, 21424)
    """
    n, k = max(n, k), min(n, k)
    found = []
    length = 1 << k.bit_length()
    while True:
        blocks = int(-(-(n + k - 1) // (length - k + 1))) ** axes
        count = blocks * (2 * transform_products(length, axes) + 4 * length**axes) + transform_products(length, axes)
        found.append((count, length))
        if length >= n + k - 1:
            break
        length *= 2
    return min(found)[::-1]


@cache
def predicted() -> dict[str, Any]:
    """Return the model's seconds at every place of both planes, to four digits: [n][k][engine]."""
    return {
        dims: [[_costs((n,) * int(dims[0]), (k,) * int(dims[0])) for k in kernels] for n in sizes]
        for dims, (sizes, kernels) in PLANES.items()
    }


def _costs(x_shape: tuple[int, ...], h_shape: tuple[int, ...]) -> list[float]:
    costs = plan(x_shape, h_shape, float, "full" if len(x_shape) == 1 else "same").costs
    return [float(f"{costs[name]:.4g}") for name in ENGINES]


def timed(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the float64 rows of `make bench` in the form of `predicted`; 0 where nothing was measured."""
    table: dict[str, Any] = {dims: np.zeros((len(a), len(b), len(ENGINES))) for dims, (a, b) in PLANES.items()}
    for row in rows:
        sizes, kernels = PLANES.get(row["kind"], ([], []))
        n, k = row["x"][0], row["h"][0]
        if row["dtype"] == "float64" and n in sizes and k in kernels:
            found = [row["seconds"].get(f"convlib {name}", 0.0) for name in ENGINES]
            table[row["kind"]][sizes.index(n), kernels.index(k)] = found
    return {dims: values.tolist() for dims, values in table.items()}


class Seconds(traitlets.TraitType[Any, Any]):
    """Seconds of each engine at each place of both planes, or rows of ``convlib/signals/bench.json``."""

    def validate(self, obj: Any, value: Any) -> Any:
        """Return the stored form, or raise a TraitError that says what is allowed."""
        try:
            found = value if isinstance(value, dict) else timed(value)
            tables = {dims: np.array(found[dims], float) for dims in PLANES}
            right = all(tables[d].shape == (len(a), len(b), len(ENGINES)) for d, (a, b) in PLANES.items())
            right = right and all(np.isfinite(table).all() and (table >= 0).all() for table in tables.values())
        except (AttributeError, KeyError, TypeError, ValueError):
            right = False
        if not right:
            text = " ".join(str(value).split())
            raise traitlets.TraitError(f"{self.name} must be rows of convlib/signals/bench.json, not {text:.120}")
        return {dims: table.tolist() for dims, table in tables.items()}


class CostRace(Interactive):
    """Sizes on a log plane, and what each engine of convlib needs there.

    The reader moves a point over the plane of signal and kernel lengths, sees which engine the
    planner's model expects to win and which one won where it was measured, and may be asked first.

    dims : Signals with all outputs ("full"), or square images with outputs of the same size.
    column, row : Place on the plane: n is entry ``column`` of `SIGNALS` (samples) or `SIDES` (pixels along one
        side), and k is entry ``row`` of `KERNELS` or `WIDTHS`.
    model : Seconds that the planner expects; made from `convlib.plan`.
    measured : Rows of ``convlib/signals/bench.json``; empty for none.
    guess : Answer to "which engine is fastest here?".

    >>> race = CostRace(column=4, row=1).shown()
    >>> race["n"], race["k"], race["products"]  # in thousands
    (10000, 10, 100.0)
    """

    data: ClassVar[dict[str, Any]] = {
        "engines": ENGINES,
        "planes": PLANES,
        "lengths": KERNEL_LENGTHS,
        "short": {dims: SHORT[int(dims[0])] for dims in PLANES},
        "few": FEW,
        "counts": COUNTS,
        "units": UNITS,
    }

    dims = choice("1d", PLANES)
    column = slider(6, 0, len(SIGNALS) - 1)
    row = slider(3, 0, len(KERNELS) - 1)
    model = control(Seconds())
    measured = control(Seconds())
    predict = toggle()
    guess = answer(ENGINES, about=("dims", "column", "row"))

    @traitlets.default("model")
    def _from_the_planner(self) -> Any:
        return copy.deepcopy(predicted())

    @traitlets.default("measured")
    def _nothing_measured(self) -> Any:
        return timed([])

    def _sizes(self) -> tuple[int, int]:
        """Return n and k of the plane that is shown."""
        sizes, kernels = PLANES[self.dims]
        return sizes[self.column], kernels[self.row]

    def _at(self, table: dict[str, Any], n: int, k: int) -> dict[str, float]:
        sizes, kernels = PLANES[self.dims]
        found = dict(zip(ENGINES, table[self.dims][sizes.index(n)][kernels.index(k)], strict=True))
        return {name: seconds for name, seconds in found.items() if seconds}

    def winner(self, n: int, k: int, measured: bool = False) -> str:
        """Return the fastest engine at a place of the plane, by the model or as measured.

        Returns
        -------
        str
            Empty where nothing was measured.
        """
        found = self._at(self.measured if measured else self.model, n, k)
        return min(found, key=found.__getitem__) if found else ""

    def _auto(self, n: int, k: int) -> str:
        """Return what ``method="auto"`` takes: by the model the cheapest of those that it may take here."""
        costs, axes = self._at(self.model, n, k), int(self.dims[0])
        box = Box((max(n, k),) * axes, (min(n, k),) * axes, (0,) * axes, (max(n, k),) * axes)
        return min((name for name in costs if EVERY[name].auto(box, "d")), key=costs.__getitem__)

    def shown(self) -> dict[str, float | str]:
        """Return what is on display, by key: sizes, and after the answer times, counts and engines."""
        (n, k), axes = self._sizes(), int(self.dims[0])
        found: dict[str, float | str] = {"n": n, "k": k}
        if self.asked():
            return found
        model, measured = self._at(self.model, n, k), self._at(self.measured, n, k)
        found |= {f"time[{name}]": timed_in_unit(seconds) for name, seconds in model.items()}
        found |= {f"seen[{name}]": timed_in_unit(seconds) for name, seconds in measured.items()}
        (first, least), (second, more) = sorted(model.items(), key=lambda item: item[1])[:2]
        found |= {"first": first, "second": second, "longer": more / least, "auto": self._auto(n, k)}
        found |= {"won": self.winner(n, k, measured=True)} if measured else {}
        whole, blocks = whole_products(n, k, axes), block_products(n, k, axes)
        found |= {"whole N": whole[0], "whole": told(whole[1]), "blocks N": blocks[0], "blocks": told(blocks[1])}
        return found | {"products": told((n * k) ** axes)}
