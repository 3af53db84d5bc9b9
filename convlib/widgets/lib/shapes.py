"""Functions of a continuous variable for the interactives: named ones, and those drawn by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import exp, floor, inf, pi, sin

import numpy as np

KNOTS = [-1 + 0.25 * i for i in range(13)]  # where a drawn function has its corners
NODES, WEIGHTS = (row.tolist() for row in np.polynomial.legendre.leggauss(8))


@dataclass(frozen=True)
class Shape:
    """A function that is zero outside its breaks and smooth between two of them.

    `start` and `end` are where it begins and ends; both may be infinite, where the breaks only
    leave out what nobody could see.
    """

    breaks: list[float]
    smooth: Callable[[float], float]
    start: float
    end: float


def _span(start: float, end: float, step: float) -> list[float]:
    return [start + i * step for i in range(round((end - start) / step) + 1)]


FORMS: dict[str, tuple[list[float], Callable[[float], float]]] = {
    "box": ([0, 2], lambda v: 1.0),
    "triangle": ([0, 1, 2], lambda v: 1 - abs(v - 1)),
    "ramp": ([0, 2], lambda v: v / 2),
    "sine": ([0, 1, 2], lambda v: sin(pi * v / 2)),
    "boxes": ([0, 0.5, 1.5, 2], lambda v: float(v < 0.5 or v > 1.5)),
    "decay": (_span(0, 12, 1), lambda v: exp(-v)),
    "gaussian": (_span(-3, 3, 0.5), lambda v: exp(-2 * v * v)),
}
ENDS = {"decay": (0.0, inf), "gaussian": (-inf, inf)}


def _drawn(knots: list[float]) -> tuple[list[float], Callable[[float], float]]:
    lit = [i for i, value in enumerate(knots) if value]
    first, last = (max(0, lit[0] - 1), min(len(KNOTS) - 1, lit[-1] + 1)) if lit else (0, 0)

    def smooth(v: float) -> float:
        u = (v - KNOTS[0]) / 0.25
        i = min(len(KNOTS) - 2, floor(u))
        return knots[i] + (u - i) * (knots[i + 1] - knots[i])

    return KNOTS[first : last + 1], smooth


def shape(name: str, knots: list[float]) -> Shape:
    """Return a named function, or with the name ``"drawn"`` the one with these values at `KNOTS`."""
    breaks, smooth = FORMS[name] if name in FORMS else _drawn(knots)
    start, end = ENDS.get(name, (breaks[0], breaks[-1]))
    return Shape(breaks, smooth, start, end)


def pieces(f: Shape, g: Shape, t: float) -> list[float]:
    """Return the places at which f(v)·g(t − v) may jump or bend, in order; none where they do not meet."""
    low, high = max(f.breaks[0], t - g.breaks[-1]), min(f.breaks[-1], t - g.breaks[0])
    if low >= high:
        return []
    return sorted({v for v in [*f.breaks, *(t - b for b in g.breaks)] if low <= v <= high})


def integral(f: Shape, g: Shape, t: float) -> float:
    """Integrate f(v)·g(t − v) over all v: eight Gauss-Legendre nodes on each smooth piece."""
    total, at = 0.0, pieces(f, g, t)
    for a, b in pairwise(at):
        half, mid = (b - a) / 2, (a + b) / 2
        total += half * sum(
            w * f.smooth(mid + half * u) * g.smooth(t - mid - half * u) for u, w in zip(NODES, WEIGHTS, strict=True)
        )
    return total
