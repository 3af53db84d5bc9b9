"""Exercises of chapter III-1, Why the signal is flipped."""

from typing import Any

import numpy as np
from numpy.random import Generator

from convlib.checks.declaration import Drawn, Exercise
from convlib.checks.words import added, products
from convlib.ops import convolve, correlate


@Exercise("III-1.1", "y[n]", otherwise="not y[n]: which age has each input at n?")
def _gather(rng: Generator) -> Drawn:
    """Gather one output."""
    x, h, n = rng.integers(-4, 6, 6), rng.permutation(np.arange(1, 8))[:4], rng.integers(4, 6)
    y = convolve(x, h)
    slips = [
        (correlate(x, h)[n], "that reads h from left to right: the newest input has the age 0 and meets h[0]"),
        (x[:4] @ h, "that pairs equal indices, x[k] with h[k]: they have to add up to n"),
        (x[n] * h[0], "that is the newest input alone; the older ones still echo"),
        (x[n - 3 : n + 1].sum(), "that adds the inputs up without their weights"),
        (y[n - 1], "that is the output one place before"),
        (y[n + 1], "that is the output one place later"),
    ]
    return {"x": x, "h": h, "n": n}, y[n], slips


@_gather.worked
def _gathered(given: dict[str, Any], right: Any) -> dict[str, Any]:
    n = given["n"]
    met, weights = given["x"][n - 3 : n + 1], given["h"][::-1]
    return {
        "oldest": n - 3,
        "met": met,
        "weights": weights,
        "products": products(met, weights),
        "terms": added(met * weights),
        "y": right,
    }


@Exercise("III-1.2", "[arrival, age]")
def _lines(rng: Generator) -> Drawn:
    """The lines that make one output."""
    len_x, len_h = rng.integers(6, 10), rng.integers(3, 6)
    n = rng.choice([len_h - 2, len_x // 2 + 1, len_x + len_h - 3])
    first, last = max(0, n - len_h + 1), min(n, len_x - 1)
    lines = [[k, n - k] for k in range(first, last + 1)]
    ages = [a for _, a in lines]
    options = [
        ([[k, n - k] for k in range(n + 1)], "h or x ends before that: a line needs an entry at both of its ends"),
        ([[k, n - k] for k in range(n - len_h + 1, n + 1)], "x has no entries there: it has a first and a last one"),
        (lines[1:], "the oldest arrival is missing: its age still has a weight"),
        (lines[:-1], "the newest arrival is missing: its age still has a weight"),
        ([[first - 1, n - first + 1], *lines], "the oldest is one too early: its age or its arrival does not exist"),
        (
            [[k, a] for (k, _), a in zip(lines, ages[::-1], strict=True)],
            "some do not cross: on each line arrival + age is n",
        ),
        (lines[::-1], "the lines are right, but begin with the smallest arrival"),
        ([[a, k] for k, a in lines], "first the arrival, then the age"),
    ]
    slips = [slip for slip in options if slip[0] != lines]
    return {"len_x": len_x, "len_h": len_h, "n": n}, lines, slips


@_lines.worked
def _drawn(given: dict[str, Any], right: Any) -> dict[str, Any]:
    ends = {"last_x": given["len_x"] - 1, "last_h": given["len_h"] - 1}
    return {**ends, "first": right[0][0], "last": right[-1][0], "lines": right}


@Exercise("III-1.3", "y[n]", otherwise="not y[n]: arrival and both waiting times add up to n")
def _two(rng: Generator) -> Drawn:
    """Two systems in a row."""
    weights = rng.permutation(np.arange(1, 9))
    x = rng.permutation(np.arange(1, 10))[:5] * rng.choice([-1, 1], 5)
    h, g, n = weights[:3], weights[3:6], 4
    between = convolve(x, h)
    y = convolve(between, g)
    slips = [
        (between[n], "that is what comes out of the first system"),
        (convolve(x, g)[n], "the first system is left out"),
        (between[n : n + 3] @ g, "the second flip does not undo the first: its age counts back from n, too"),
        (between[n - 2 : n + 1] @ g, "the newest number of the first system has the age 0 in the second"),
        (convolve(x, h * g)[n], "there both systems share one age: each has an age of its own"),
        (between[n] + convolve(x, g)[n], "that adds two systems side by side; here one follows the other"),
        (between[n] * g.sum(), "there the second system takes the same number at all ages"),
        (y[n - 1], "that is the output one place before"),
        (y[n + 1], "that is the output one place later"),
    ]
    return {"x": x, "h": h, "g": g, "n": n}, y[n], slips


@_two.worked
def _through_both(given: dict[str, Any], right: Any) -> dict[str, Any]:
    x, h, g, n = given["x"], given["h"], given["g"], given["n"]
    left = [n - waited for waited in range(3)]  # when a number leaves the first system
    sums = [products(x[m - 2 : m + 1], h[::-1]) for m in left]
    between = convolve(x, h)[left]
    return {
        **{f"m{b}": m for b, m in enumerate(left)},
        **{f"sum{b}": text for b, text in enumerate(sums)},
        **{f"v{b}": value for b, value in enumerate(between)},
        "products": products(between, g),
        "terms": added(between * g),
        "y": right,
    }


@Exercise("III-1.4", "y[n]", otherwise="not y[n]: arrival and age add up to n, also when an age is negative")
def _smoother(rng: Generator) -> Drawn:
    """A response that begins before its input."""
    x, h = rng.permutation(np.arange(1, 10))[:8], rng.permutation(np.arange(1, 8))[:4]
    ages, n = np.arange(-2, 2), rng.integers(2, 6)
    met = x[n - 1 : n + 3]  # the inputs of the ages 1, 0, -1, -2
    slips = [
        (met @ h, "the age is n - k: x[n + 1] has the age -1, and x[n - 1] the age 1"),
        (convolve(x, h)[n], "h[0] of the array belongs to the age -2, not to the age 0"),
        (x[n] * h[2] + x[n - 1] * h[3], "the inputs after n are left out: here they have weights too"),
        (x[n + 1] * h[1] + x[n + 2] * h[0], "the inputs up to n are left out"),
        (
            x[n - 2 : n + 2] @ h,
            "the window is at the wrong place, and h is read forwards: the ages -2 to 1 come from k = n - 1 to n + 2",
        ),
    ]
    return {"x": x, "ages": ages, "h": h, "n": n}, met[::-1] @ h, slips


@_smoother.worked
def _smoothed(given: dict[str, Any], right: Any) -> dict[str, Any]:
    arrivals = given["n"] - given["ages"]
    met = given["x"][arrivals]
    terms = {"products": products(met, given["h"]), "terms": added(met * given["h"])}
    return {"arrivals": arrivals, "met": met, **terms, "y": right}


@Exercise("III-1.5")
def _neither(rng: Generator) -> Drawn:
    """Flip neither, and ask which system that is."""
    w = rng.permutation(np.arange(-3, 8))[:4]
    slips = [
        (w, "that begins with w[0]; h[-3] comes first, and x[n + 3] has the age -3"),
        (-w[::-1], "the order is right, but no weight changes its sign"),
        (-w, "no weight changes its sign: only its index does"),
        (np.roll(w[::-1], 1), "one place off: w[0] belongs to the age 0, which comes last"),
        (np.roll(w, 1), "the order is not reversed: start with the age -3, which has the weight w[3]"),
    ]
    return {"w": w}, w[::-1], slips


@_neither.worked
def _its_response(given: dict[str, Any], right: Any) -> dict[str, Any]:
    return {"h": right}
