"""Exercises of chapter II-3, Dice."""

from typing import Any

import numpy as np
from numpy.random import Generator

from convlib.checks.declaration import Array, Drawn, Exercise
from convlib.checks.words import added, products
from convlib.ops import convolve, correlate


@Exercise("II-3.1", "the probability", otherwise="not the probability of that sum", tolerance=0.0006)
def _sum(rng: Generator) -> Drawn:
    """The probability of one sum of two loaded dice."""
    f, g = rng.integers(1, 5, (2, 6))
    n = rng.integers(4, 8)
    pairs, total = convolve(f, g), f.sum() * g.sum()
    faces = range(1, 7)
    once = sum(f[a - 1] * g[b - 1] for a in faces for b in faces if a + b == n and a <= b)
    straight = sum(f[a - 1] * g[a - 1] for a in range(1, n))
    slips = [
        (pairs[n - 2], "those are the pairs of slips; divide by all pairs"),
        (once / total, "each pair of different faces comes in two orders: 1 then 3, and 3 then 1"),
        (once, "each pair of different faces comes in two orders: 1 then 3, and 3 then 1"),
        (pairs[n] / total, f"that is the sum {n + 2}: place 0 of the array belongs to the sum 2"),
        (min(n - 1, 13 - n) / 36, "that is for fair dice: count the slips"),
        (pairs[n - 2] / 36, "36 is the number of squares in the table; divide by the number of pairs of slips"),
        (pairs[n - 2] / (f.sum() + g.sum()), "the hats are drawn from together: their numbers of slips multiply"),
        (straight / total, "those pairs show equal faces: their sums differ"),
    ]
    return {"first": f, "second": g, "n": n}, pairs[n - 2] / total, slips


@_sum.worked
def _of_all_pairs(given: dict[str, Any], right: Any) -> dict[str, Any]:
    f, g, n = given["first"], given["second"], given["n"]
    faces = [(a, n - a) for a in range(1, 7) if 1 <= n - a <= 6]
    met = [(f[a - 1], g[b - 1]) for a, b in faces]
    terms = [v * w for v, w in met]
    return {
        "faces": ", ".join(f"{a} + {b}" for a, b in faces),
        "products": products(*zip(*met, strict=True)),
        "terms": added(terms),
        "pairs": sum(terms),
        "all_first": f.sum(),
        "all_second": g.sum(),
        "all": f.sum() * g.sum(),
        "probability": f"{right:.3f}",
    }


@Exercise("II-3.2")
def _rows(rng: Generator) -> Drawn:
    """All sums, row by row."""
    first = rng.integers(0, 4, 4)
    f, g = first if first.any() else first + 1, rng.permutation([1, 2, 3, 5])
    right = convolve(f, g)
    slips = [
        (correlate(f, g), "each row must start with the second die's face 1"),
        (right[:4], "the sums go on to 8, which takes both dice at 4"),
        (np.concatenate([[0, 0], right]), "start with the sum 2: 0 and 1 cannot come up"),
        (np.append(0, right), "start with the sum 2: 1 cannot come up"),
        (f * g, "those pairs show equal faces; each face of one meets each face of the other"),
        (f.sum() * g, "the rows are not moved: with another first face, other sums come out"),
        (right / (f.sum() * g.sum()), "those are probabilities, and right as such; wanted are pairs of slips"),
        (f + g, "the slips of the two hats are multiplied, and not added"),
    ]
    return {"first": f, "second": g}, right, slips


@_rows.worked
def _filled(given: dict[str, Any], right: Any) -> dict[str, Any]:
    rows = [
        [""] * place + list(slips * given["second"]) + [""] * (3 - place) for place, slips in enumerate(given["first"])
    ]
    return {"rows": rows, "sums": right}


@Exercise("II-3.3", "[mean, variance]", otherwise="not the mean and the variance of the sum", tolerance=0.006)
def _many(rng: Generator) -> Drawn:
    """Mean and variance of the sum of many dice."""
    papers = rng.choice([0, 1, 2, 4], 6)
    papers[rng.integers(3, 6)] += 1
    papers[0] += 1
    m = rng.choice([4, 9, 16, 25])
    faces, chance = np.arange(1, 7), papers / papers.sum()
    mean = faces @ chance
    variance = (faces - mean) ** 2 @ chance
    shifted = np.arange(6) @ chance
    slips = [
        ([m * mean, m**2 * variance], "the variance of m times one die; m different dice balance each other"),
        ([m * mean, np.sqrt(m * variance)], "the second is the standard deviation, the root of the variance"),
        ([m * mean, m * np.sqrt(variance)], "variances add up, and not their roots"),
        ([mean, variance], "those are mean and variance of one die"),
        ([mean, variance / m], "those are of the average of the dice; wanted is their sum"),
        ([m * mean, m * faces**2 @ chance], "the mean square alone; take the square of the mean from it"),
        ([m * shifted, m * variance], "the faces count from 1, and not from 0"),
        ([3.5 * m, 35 / 12 * m], "that is for fair dice"),
        ([m * faces @ papers, m * variance], "divide the slips by their number: a mean lies among the faces"),
    ]
    return {"slips": papers, "dice": m}, [m * mean, m * variance], slips


@_many.worked
def _of_one_die(given: dict[str, Any], right: Any) -> dict[str, Any]:
    slips, faces = given["slips"], np.arange(1, 7)
    dots, (mean, variance) = faces @ slips, np.array(right) / given["dice"]
    return {
        "all": slips.sum(),
        "dots": dots,
        "products": products(faces, slips),
        "squares": ", ".join(f"{square:.3f}" for square in (faces - mean) ** 2),
        "mean_1": f"{mean:.4f}",
        "variance_1": f"{variance:.4f}",
        "mean": f"{right[0]:.2f}",
        "variance": f"{right[1]:.2f}",
    }


def _digits(number: int) -> Array:
    return np.array([int(d) for d in str(number)[::-1]])


@Exercise("II-3.4")
def _columns(rng: Generator) -> Drawn:
    """The columns of a multiplication before anything is carried."""
    first, second = rng.integers(1, 10, (2, 3)) @ [100, 10, 1]
    a, b, product = _digits(first), _digits(second), _digits(first * second)
    right = convolve(a, b)
    slips = [
        (right[::-1], "the right columns in reverse order: the units come first"),
        (product, "those are the digits after carrying; write down the columns before"),
        (product[::-1], "those are the digits after carrying; write down the columns before"),
        (correlate(a, b), "the digits of one number are reversed: units meet units in the first column"),
        (a * b, "every digit of one meets every digit of the other, not only its own place"),
        (right[:3], "the last columns are missing: hundreds times hundreds is the fifth"),
        (right % 10, "nothing is carried yet: a column may hold more than 9"),
    ]
    return {"first": first, "second": second}, right, slips


@_columns.worked
def _by_hand(given: dict[str, Any], right: Any) -> dict[str, Any]:
    a, b = _digits(given["first"]), _digits(given["second"])
    said = {"digits_first": a, "digits_second": b, "columns": right, "product": given["first"] * given["second"]}
    for n, name in enumerate(("units", "tens", "hundreds", "thousands", "last")):
        met = [k for k in range(3) if 0 <= n - k < 3]
        said[name] = f"{products(a[met], b[[n - k for k in met]])} = {right[n]}"
    return said


def _divided(pairs: Array, first: Array) -> Array:
    """Take the first die's rows away, one after the other: the first number left is one product alone."""
    left, found = pairs.copy(), np.zeros(4, dtype=int)
    for b in range(4):
        found[b] = left[b] // first[0]
        left[b : b + 4] -= found[b] * first
    return found


@Exercise("II-3.5")
def _hidden(rng: Generator) -> Drawn:
    """Find the die that was hidden."""
    first, hidden = rng.integers(1, 4, 4), rng.permutation([1, 2, 3, 5])
    pairs = convolve(first, hidden)
    right = _divided(pairs, first)
    slips = [
        (right[::-1], "the right numbers in reverse order"),
        (right / right.sum(), "those are probabilities, and right as such; wanted are slips"),
        (pairs[:4] / first, "of these sums only 2 comes from one pair alone; take the other pairs away first"),
        (pairs[:4] / first[0], "of these sums only 2 comes from one pair alone; take the other pairs away first"),
        (pairs[:4] - first, "slips are multiplied: divide, then take away"),
        (first, "that is the first die"),
    ]
    return {"first": first, "pairs": pairs}, right, slips


@_hidden.worked
def _step_by_step(given: dict[str, Any], right: Any) -> dict[str, Any]:
    said, left = {"one": given["first"][0], "hidden": right}, given["pairs"].copy()
    for b in range(4):
        said |= {f"count{b + 1}": left[b], f"hidden{b + 1}": right[b]}
        left[b : b + 4] -= right[b] * given["first"]
        said[f"left{b + 1}"] = left.copy()
    return said
