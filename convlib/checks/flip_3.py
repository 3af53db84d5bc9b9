"""Exercises of chapter III-3, The algebra, and where it fails."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.random import Generator

from convlib.checks.declaration import Array, Drawn, Exercise
from convlib.checks.words import added, products
from convlib.ops import convolve, correlate


def _delayed(y: Array, by: int, length: int) -> Array:
    out = np.zeros(length, dtype=y.dtype)
    out[by : by + len(y)] = y
    return out


@Exercise("III-3.1")
def _laws(rng: Generator) -> Drawn:
    """A new output from an old one, by the laws alone."""
    y = rng.permutation(np.array([-4, -2, 1, 3, 5, 7, 8]))[:5]
    scale, delay = rng.integers(2, 5), int(rng.integers(1, 4))
    n = len(y) + delay
    now, late = _delayed(y, 0, n), _delayed(y, delay, n)
    slips = [
        (scale * now - late, "the delay belongs to the part with the scale, and the minus to the other"),
        (scale * late + now, "the second part is taken away, not added"),
        (late - now, "the scale is missing: scaling the input scales the output"),
        (scale * late, "the second part of the input is missing: the outputs of both parts add up"),
        (scale * (late - now), "only the delayed part is scaled"),
        (scale * y - y, "the delay is missing: a later input gives a later output"),
        ((scale * late - now)[:-1], "one entry is missing: the delayed part ends later"),
    ]
    return {"y": y, "scale": scale, "delay": delay}, scale * late - now, slips


@_laws.worked
def _two_parts(given: dict[str, Any], right: Any) -> dict[str, Any]:
    y, delay = given["y"], given["delay"]
    late, now = (_delayed(part, by, len(y) + delay) for part, by in ((given["scale"] * y, delay), (-y, 0)))
    return {"rows": np.array([late, now]), "answer": right}


def _by_sum(first: Array, second: Array) -> dict[str, str]:
    """The products of each pile, and what they make, for two lists of three."""
    piles = [[(first[i], second[n - i]) for i in range(3) if 0 <= n - i < 3] for n in range(5)]
    found = {f"products{n}": products(*zip(*pile, strict=True)) for n, pile in enumerate(piles)}
    return found | {f"sum{n}": added([sum(int(v * w) for v, w in pile)]) for n, pile in enumerate(piles)}


@Exercise("III-3.2")
def _merge(rng: Generator) -> Drawn:
    """Two filters of three taps, merged into one."""
    h, g = rng.choice([-3, -2, -1, 1, 2, 3, 4], (2, 3))
    slips = [
        (h + g, "that adds the filters: it is right for two side by side, not one after the other"),
        (h * g, "that multiplies tap by tap; every tap of h meets every tap of g"),
        (correlate(h, g), "that correlates them: the ages must add up, not run in step"),
        (correlate(g, h), "that correlates them: the ages must add up, not run in step"),
        (convolve(h, g)[::-1], "that is in reverse order: age 0 comes first"),
        (convolve(h, g)[1:-1], "the ages 0 and 4 are missing: ages add up, so they run from 0 to 2 + 2"),
        (np.concatenate([h, g]), "that writes one behind the other; every tap of h starts an echo g"),
    ]
    return {"h": h, "g": g}, convolve(h, g), slips


@_merge.worked
def _merged(given: dict[str, Any], right: Any) -> dict[str, Any]:
    return _by_sum(given["h"], given["g"]) | {"answer": right}


@Exercise("III-3.3")
def _undo(rng: Generator) -> Drawn:
    """Undo a running sum."""
    x = rng.permutation(np.array([-3, -1, 2, 4, 5, 6, 9]))[:6]
    y = np.cumsum(x)
    slips = [
        (x[1:], "the first value is missing: before the beginning the sum was 0"),
        (np.concatenate([[0], x[1:]]), "the first difference is y[0] − 0, because the sum began at 0"),
        (np.cumsum(y), "that sums once more; the opposite is asked for"),
        (-x, "the sign is turned: the difference is now minus before"),
        (np.append(-np.diff(y), y[-1]), "that takes the next value away; the difference looks back, y[n] − y[n − 1]"),
        (np.append(np.diff(y), -y[-1]), "that is one place early: y[n + 1] − y[n]"),
        (x[::-1], "that is in reverse order"),
        (convolve(y, [1, -1]), "the last entry is where the list ends, not what went in: keep the first six"),
    ]
    return {"y": y}, x, slips


@_undo.worked
def _undone(given: dict[str, Any], right: Any) -> dict[str, Any]:
    y = given["y"]
    steps = [f"{now} − {f'({before})' if before < 0 else before}" for before, now in pairwise(y)]
    return {"first": y[0], "steps": ", ".join(steps).replace("-", "−"), "x": right}


@Exercise("III-3.4")
def _templates(rng: Generator) -> Drawn:
    """Two templates, one after the other."""
    p, q = rng.choice([-2, -1, 1, 2, 3, 4], (2, 3))
    both = convolve(p, q)
    slips = [
        (correlate(p, q), "that correlates them. The two steps add up, so the templates are convolved"),
        (correlate(q, p), "that correlates them. The two steps add up, so the templates are convolved"),
        (both[::-1], "that is turned round: the merged template is read in step too, with no flip"),
        (p + q, "that adds them: right for two side by side, not one after the other"),
        (p * q, "that multiplies entry by entry; every entry of p meets every entry of q"),
        (both[1:-1], "the labels 0 and 4 are missing: labels add up, so they run from 0 to 2 + 2"),
    ]
    return {"p": p, "q": q}, both, slips


@_templates.worked
def _template(given: dict[str, Any], right: Any) -> dict[str, Any]:
    return _by_sum(given["p"], given["q"]) | {"answer": right}


@Exercise("III-3.5", "[(x ∗ h) ∗ g, x ∗ (h ∗ g), window]")
def _orders(rng: Generator) -> Drawn:
    """A constant, a difference over some ticks and a running sum: two orders and a window."""
    lag, height = rng.integers(2, 5), rng.integers(5, 10)
    past = rng.integers(lag + 2, lag + 6)
    memory = past - rng.integers(1, lag)
    loose = memory - (past - lag)  # columns that have lost their minus
    slips = [
        ([height * lag, 0, height * loose], "the first two are exchanged: (x ∗ h) ∗ g takes the difference first"),
        ([0, height, height * loose], "h ∗ g is not a single 1 here: the running sum of h is 1 for lag ticks"),
        ([0, lag, loose], "height is missing"),
        ([0, 0, 0], "the orders differ: h ∗ g is not 0, and the input never ends"),
        ([0, height * lag, height * lag], "in the window the sum does not reach back to the whole of the start"),
        ([0, height * lag, 0], "in the window some of the start is still remembered: count the columns with no minus"),
        ([height * lag] * 2 + [height * loose], "the difference of a constant is 0, and so is every sum of it"),
        ([0, height * lag, height * (loose + 1)], "in the window one column too many"),
        ([0, height * lag, height * (loose - 1)], "in the window one column too few"),
    ]
    return {"height": height, "lag": lag, "past": past, "memory": memory}, [0, height * lag, height * loose], slips


@_orders.worked
def _jump(given: dict[str, Any], right: Any) -> dict[str, Any]:
    lag, height, past = (int(given[name]) for name in ("lag", "height", "past"))
    return {
        "oldest": lag - 1,
        "joined": right[1],
        "last": lag - 1 - past,  # the last tick at which the speedometer is not 0
        "seen": right[2] // height,
        "window": right[2],
    }
