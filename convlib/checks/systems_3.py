"""Exercises of chapter II-3, Dice."""

import numpy as np

from convlib.checks.judging import Array, Exercises, Params, Slip, judge_array, named_or_wrong
from convlib.ops import convolve, correlate

# II-3.1: the probability of one sum of two loaded dice.


def _draw_sum(rng: np.random.Generator) -> Params:
    first, second = rng.integers(1, 5, (2, 6))
    return {"first": first, "second": second, "n": int(rng.integers(4, 8))}


def _slips_sum(p: Params) -> list[Slip]:
    f, g, n = p["first"], p["second"], p["n"]
    pairs, total = convolve(f, g), f.sum() * g.sum()
    faces = range(1, 7)
    once = sum(f[a - 1] * g[b - 1] for a in faces for b in faces if a + b == n and a <= b)
    straight = sum(f[a - 1] * g[a - 1] for a in range(1, n))
    return [
        (pairs[n - 2] / total, "right"),
        (pairs[n - 2], "those are the pairs of slips; divide by all pairs"),
        (once / total, "each pair of different faces comes in two orders: 1 then 3, and 3 then 1"),
        (once, "each pair of different faces comes in two orders: 1 then 3, and 3 then 1"),
        (pairs[n] / total, f"that is the sum {n + 2}: place 0 of the array belongs to the sum 2"),
        (min(n - 1, 13 - n) / 36, "that is for fair dice: count the slips"),
        (pairs[n - 2] / 36, "36 is the number of squares in the table; divide by the number of pairs of slips"),
        (pairs[n - 2] / (f.sum() + g.sum()), "the hats are drawn from together: their numbers of slips multiply"),
        (straight / total, "those pairs show equal faces: their sums differ"),
    ]


def _judge_sum(p: Params, answer: Array) -> str | None:
    if answer.size != 1:
        return f"expected one number, the probability, got {answer.size}"
    slips = [([value], what) for value, what in _slips_sum(p)]
    return named_or_wrong(answer.ravel().astype(float), slips, f"not the probability of the sum {p['n']}")


# II-3.2: all sums, row by row.


def _draw_rows(rng: np.random.Generator) -> Params:
    first = rng.integers(0, 4, 4)
    return {"first": first if first.any() else first + 1, "second": rng.permutation([1, 2, 3, 5])}


def _slips_rows(p: Params) -> list[Slip]:
    f, g = p["first"], p["second"]
    right = convolve(f, g)
    return [
        (right, "right"),
        (correlate(f, g), "each row must start with the second die's face 1"),
        (right[:4], "the sums go on to 8, which takes both dice at 4"),
        (np.concatenate([[0, 0], right]), "start with the sum 2: 0 and 1 cannot come up"),
        (np.append(0, right), "start with the sum 2: 1 cannot come up"),
        (f * g, "those pairs show equal faces; each face of one meets each face of the other"),
        (f.sum() * g, "the rows are not moved: with another first face, other sums come out"),
        (right / (f.sum() * g.sum()), "those are probabilities, and right as such; wanted are pairs of slips"),
        (f + g, "the slips of the two hats are multiplied, and not added"),
    ]


def _judge_rows(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_rows(p))


# II-3.3: mean and variance of the sum of many dice.


def _draw_many(rng: np.random.Generator) -> Params:
    slips = rng.choice([0, 1, 2, 4], 6)
    slips[rng.integers(3, 6)] += 1
    slips[0] += 1
    return {"slips": slips, "dice": int(rng.choice([4, 9, 16, 25]))}


def _slips_many(p: Params) -> list[Slip]:
    slips, m = p["slips"], p["dice"]
    faces, chance = np.arange(1, 7), p["slips"] / p["slips"].sum()
    mean = float(faces @ chance)
    variance = float((faces - mean) ** 2 @ chance)
    shifted = float(np.arange(6) @ chance)
    return [
        ([m * mean, m * variance], "right"),
        ([m * mean, m**2 * variance], "the variance of m times one die; m different dice balance each other"),
        ([m * mean, np.sqrt(m * variance)], "the second is the standard deviation, the root of the variance"),
        ([m * mean, m * np.sqrt(variance)], "variances add up, and not their roots"),
        ([mean, variance], "those are mean and variance of one die"),
        ([mean, variance / m], "those are of the average of the dice; wanted is their sum"),
        ([m * mean, m * float(faces**2 @ chance)], "the mean square alone; take the square of the mean from it"),
        ([m * shifted, m * variance], "the faces count from 1, and not from 0"),
        ([3.5 * m, 35 / 12 * m], "that is for fair dice"),
        ([m * float(faces @ slips), m * variance], "divide the slips by their number: a mean lies among the faces"),
    ]


def _judge_many(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [mean, variance], got {answer.size}"
    return named_or_wrong(answer.ravel().astype(float), _slips_many(p), "not the mean and the variance of the sum")


# II-3.4: the columns of a multiplication before anything is carried.


def _draw_columns(rng: np.random.Generator) -> Params:
    first, second = rng.integers(1, 10, (2, 3)) @ [100, 10, 1]
    return {"first": int(first), "second": int(second)}


def _digits(number: int) -> Array:
    return np.array([int(d) for d in str(number)[::-1]])


def _slips_columns(p: Params) -> list[Slip]:
    a, b = _digits(p["first"]), _digits(p["second"])
    right = convolve(a, b)
    product = _digits(p["first"] * p["second"])
    return [
        (right, "right"),
        (right[::-1], "the right columns in reverse order: the units come first"),
        (product, "those are the digits after carrying; write down the columns before"),
        (product[::-1], "those are the digits after carrying; write down the columns before"),
        (correlate(a, b), "the digits of one number are reversed: units meet units in the first column"),
        (a * b, "every digit of one meets every digit of the other, not only its own place"),
        (right[:3], "the last columns are missing: hundreds times hundreds is the fifth"),
        (right % 10, "nothing is carried yet: a column may hold more than 9"),
    ]


def _judge_columns(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_columns(p))


# II-3.5: find the die that was hidden.


def _draw_hidden(rng: np.random.Generator) -> Params:
    first, hidden = rng.integers(1, 4, 4), rng.permutation([1, 2, 3, 5])
    return {"first": first, "pairs": convolve(first, hidden)}


def _hidden(p: Params) -> Array:
    """Take the first die's rows away, one after the other: the first number left is one product alone."""
    first, left = p["first"], p["pairs"].copy()
    found = np.zeros(4, dtype=int)
    for b in range(4):
        found[b] = left[b] // first[0]
        left[b : b + 4] -= found[b] * first
    return found


def _slips_hidden(p: Params) -> list[Slip]:
    first, pairs = p["first"], p["pairs"]
    right = _hidden(p)
    return [
        (right, "right"),
        (right[::-1], "the right numbers in reverse order"),
        (right / right.sum(), "those are probabilities, and right as such; wanted are slips"),
        (pairs[:4] / first, "only the sum 2 comes from one pair alone; take the other pairs away first"),
        (pairs[:4] / first[0], "only the sum 2 comes from one pair alone; take the other pairs away first"),
        (pairs[:4] - first, "slips are multiplied: divide, then take away"),
        (first, "that is the first die"),
    ]


def _judge_hidden(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_hidden(p))


EXERCISES: Exercises = {
    "II-3.1": (_draw_sum, _judge_sum, _slips_sum),
    "II-3.2": (_draw_rows, _judge_rows, _slips_rows),
    "II-3.3": (_draw_many, _judge_many, _slips_many),
    "II-3.4": (_draw_columns, _judge_columns, _slips_columns),
    "II-3.5": (_draw_hidden, _judge_hidden, _slips_hidden),
}
