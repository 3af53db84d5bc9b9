"""Right and plausible wrong answers to the exercises of chapter III-1."""

import numpy as np


def gathered(x, weights, n):
    """The oracle: every pair of an arrival and an age that add up to n; weights by age."""
    return sum(int(v) * int(w) for k, v in enumerate(x) for a, w in weights.items() if k + a == n)


def right_1(p):
    answer = gathered(p["x"], dict(enumerate(p["h"])), p["n"])
    return [answer, [answer], np.array(answer, float), np.convolve(p["x"], p["h"])[p["n"]]]


def wrong_1(p):
    x, h, n = p["x"], p["h"], p["n"]
    return [
        (x[n - 3 : n + 1] @ h, "from left to right"),
        (x[:4] @ h, "pairs equal indices"),
        (x[n] * h[0], "newest input alone"),
        (x[n - 3 : n + 1].sum(), "without their weights"),
        (np.convolve(x, h)[n + 1], "one place later"),
        ([1, 2], "expected one number"),
        (9999, "[9999] is not y[n]"),
    ]


def reached(p):
    met = [k for k in range(p["len_x"]) if 0 <= p["n"] - k < p["len_h"]]
    return [met[0], met[-1]]


def right_2(p):
    answer = reached(p)
    return [answer, tuple(answer), np.array(answer, float)]


def wrong_2(p):
    first, last = reached(p)
    n, len_x = p["n"], p["len_x"]
    found = [
        ([first + 1, last], "one too late"),
        ([last, first], "first the smallest"),
        ([90, 91], "not the range"),
        ([first], "expected two numbers"),
        ([first, last, 0], "got 3"),
    ]
    if [0, n] != [first, last]:
        found.append(([0, n], "h ends"))
    if [0, len_x - 1] not in ([first, last], [0, n], [first + 1, last]):
        found.append(([0, len_x - 1], "the whole of x"))
    return found


def right_3(p):
    balance = 0.0
    for year in range(p["year"] + 1):
        balance = balance * (1 + p["rate"]) if year else 0.0
        balance += p["deposits"][year] if year < len(p["deposits"]) else 0
    return [balance, [balance], round(balance, 6)]


def wrong_3(p):
    x, growth, n = p["deposits"], 1 + p["rate"], p["year"]
    ages = n - np.arange(4)
    return [
        (x @ growth ** ages[::-1], "the longest"),
        (x @ growth ** np.arange(4), "its age is what counts"),
        (x @ growth ** (ages - 1), "one year of interest is missing"),
        (x @ growth ** (ages + 1), "too much"),
        (x @ (1 + p["rate"] * ages), "interest on the interest"),
        (x.sum() * growth**n, "all deposits came in year 0"),
        (x.sum(), "without interest"),
        ([1, 2], "expected one number"),
    ]


def right_4(p):
    answer = gathered(p["x"], dict(zip(p["ages"].tolist(), p["h"], strict=True)), p["n"])
    return [answer, [answer], np.float64(answer)]


def wrong_4(p):
    x, h, n = p["x"], p["h"], p["n"]
    return [
        (x[n - 1 : n + 3] @ h, "the age is n - k"),
        (np.convolve(x, h)[n], "belongs to the age -2"),
        (x[n] * h[2] + x[n - 1] * h[3], "inputs after n are left out"),
        (x[n + 1] * h[1] + x[n + 2] * h[0], "inputs up to n are left out"),
        (99999, "not y[n]"),
        ([1, 2, 3], "expected one number"),
    ]


def right_5(p):
    w = p["w"].tolist()
    return [w[::-1], np.array([w[3], w[2], w[1], w[0]], float), tuple(reversed(w))]


def wrong_5(p):
    w = p["w"]
    return [
        (w, "from j = 0 on"),
        (-w[::-1], "no weight changes its sign"),
        (-w, "only its index does"),
        (np.roll(w[::-1], 1), "one place off"),
        (np.roll(w, 1), "start with the age -3"),
        (w[:3], "shape (3,), expected (4,)"),
        (w[::-1] + np.array([100, 0, 0, 0]), "3 of 4 numbers are right"),
    ]


RIGHT = {"III-1.1": right_1, "III-1.2": right_2, "III-1.3": right_3, "III-1.4": right_4, "III-1.5": right_5}
WRONG = {"III-1.1": wrong_1, "III-1.2": wrong_2, "III-1.3": wrong_3, "III-1.4": wrong_4, "III-1.5": wrong_5}
