"""Right and plausible wrong answers to the exercises of chapter II-3."""

import numpy as np
from answers.oracle import echoes


def right_1(p):
    f, g, n = p["first"], p["second"], p["n"]
    pairs = sum(int(f[a - 1] * g[b - 1]) for a in range(1, 7) for b in range(1, 7) if a + b == n)
    return [pairs / (f.sum() * g.sum()), [pairs / f.sum() / g.sum()], np.convolve(f / f.sum(), g / g.sum())[n - 2]]


def wrong_1(p):
    f, g, n = p["first"], p["second"], p["n"]
    pairs = echoes(f, g)
    return [
        (pairs[n - 2], "divide by all pairs"),
        (pairs[n] / f.sum() / g.sum(), f"that is the sum {n + 2}"),
        ((n - 1) / 36, "that is for fair dice"),
        (pairs[n - 2] / 36, "36 is the number of squares"),
        (pairs[n - 2] / (f.sum() + g.sum()), "multiply"),
        ([0.1, 0.2], "expected one number"),
        (2.5, "2.5 is not the probability"),
    ]


def right_2(p):
    answer = echoes(p["first"], p["second"])
    return [answer, np.array(answer, float), tuple(answer)]


def wrong_2(p):
    f, g = p["first"], p["second"]
    good = np.array(echoes(f, g))
    return [
        (echoes(f, g[::-1]), "must start with the second die's face 1"),
        (good[:4], "go on to 8"),
        ([0, 0, *good], "start with the sum 2"),
        (f * g, "equal faces"),
        (f.sum() * g, "the rows are not moved"),
        (good / good.sum(), "those are probabilities"),
        (good + 100 * np.eye(7, dtype=int)[3], "6 of 7 numbers are right; the first wrong one is at [3]"),
        (
            [np.roll([*(v * g), 0, 0, 0], k) for k, v in enumerate(f)],
            "expected seven numbers, got four rows of seven numbers",
        ),
    ]


def moments(p):
    chance = [v / p["slips"].sum() for v in p["slips"]]
    mean = sum(a * c for a, c in enumerate(chance, 1))
    return mean, sum((a - mean) ** 2 * c for a, c in enumerate(chance, 1))


def right_3(p):
    mean, variance = moments(p)
    m = p["dice"]
    return [[m * mean, m * variance], (m * mean, m * variance), np.array([[m * mean], [m * variance]])]


def wrong_3(p):
    mean, variance = moments(p)
    m = p["dice"]
    return [
        ([m * mean, m * m * variance], "balance each other"),
        ([m * mean, (m * variance) ** 0.5], "the standard deviation"),
        ([m * mean, m * variance**0.5], "not their roots"),
        ([mean, variance], "of one die"),
        ([3.5 * m, 35 / 12 * m], "for fair dice"),
        ([1, 2], "not the mean and the variance"),
        ([m * mean], "expected two numbers"),
    ]


def right_4(p):
    a, b = ([int(d) for d in str(p[name])[::-1]] for name in ("first", "second"))
    return [echoes(a, b), np.polymul(a, b)]


def wrong_4(p):
    a, b = (np.array([int(d) for d in str(p[name])[::-1]]) for name in ("first", "second"))
    good = np.array(echoes(a, b))
    return [
        (good[::-1], "reverse order"),
        ([int(d) for d in str(p["first"] * p["second"])], "after carrying"),
        (echoes(a, b[::-1]), "reversed"),
        (a * b, "every digit of one"),
        (good[:3], "hundreds times hundreds"),
        (good + np.array([0, 0, 0, 0, 100]), "4 of 5 numbers are right; the first wrong one is at [4]"),
        (np.append(good, 0), "expected five numbers, got six numbers"),
    ]


def right_5(p):
    quotient, rest = np.polydiv(p["pairs"], p["first"])
    assert np.allclose(rest, 0)
    return [quotient, quotient.round().astype(int).tolist()]


def wrong_5(p):
    good = right_5(p)[0]
    return [
        (good[::-1], "reverse order"),
        (good / good.sum(), "those are probabilities"),
        (p["pairs"][:4] / p["first"], "of these sums only 2"),
        (p["pairs"][:4] / p["first"][0], "of these sums only 2"),
        (p["pairs"][:4] - p["first"], "divide"),
        (p["first"], "that is the first die"),
        (good + np.array([0, 50, 0, 0]), "3 of 4 numbers are right; the first wrong one is at [1]"),
    ]
