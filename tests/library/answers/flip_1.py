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
        (9999, "9999 is not y[n]"),
    ]


def lines(p):
    return [[k, a] for k in range(p["len_x"]) for a in range(p["len_h"]) if k + a == p["n"]]


def right_2(p):
    answer = lines(p)
    return [answer, [tuple(line) for line in answer], np.array(answer, float)]


def wrong_2(p):
    answer, n = lines(p), p["n"]
    last, age = answer[-1]
    found = [
        (answer[1:], "oldest arrival is missing"),
        (answer[:-1], "newest arrival is missing"),
        ([[k, a] for (k, _), (_, a) in zip(answer, answer[::-1], strict=True)], "do not cross"),
        (answer[::-1], "begin with the smallest"),
        ([k for k, _ in answer], "of two numbers, [arrival, age], got"),
        ([*answer, [last + 1, age + 1], [90, 90]], "of two numbers, [arrival, age], got"),
        ([*answer[:-1], [last, 90]], "numbers are right"),
    ]
    if n + 1 != len(answer):
        found.append(([[k, n - k] for k in range(n + 1)], "a line needs an entry at both of its ends"))
    if {k for k, _ in answer} != {a for _, a in answer}:
        found.append(([[a, k] for k, a in answer], "first the arrival"))
    return found


def right_3(p):
    chosen = range(3)
    answer = sum(
        int(v) * int(p["h"][a]) * int(p["g"][b])
        for k, v in enumerate(p["x"])
        for a in chosen
        for b in chosen
        if k + a + b == p["n"]
    )
    return [answer, [answer], np.convolve(np.convolve(p["x"], p["h"]), p["g"])[p["n"]]]


def wrong_3(p):
    x, h, g, n = p["x"], p["h"], p["g"], p["n"]
    between = np.convolve(x, h)
    return [
        (between[n], "out of the first system"),
        (np.convolve(x, g)[n], "first system is left out"),
        (between[n : n + 3] @ g, "does not undo the first"),
        (between[n - 2 : n + 1] @ g, "has the age 0 in the second"),
        (np.convolve(x, h * g)[n], "share one age"),
        (between[n] + np.convolve(x, g)[n], "side by side"),
        ([1, 2], "expected one number"),
        (99999, "not y[n]"),
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
        (w, "begins with w[0]"),
        (-w[::-1], "no weight changes its sign"),
        (-w, "only its index does"),
        (np.roll(w[::-1], 1), "one place off"),
        (np.roll(w, 1), "start with the age -3"),
        (w[:3], "expected four numbers, got three numbers"),
        (w[::-1] + np.array([100, 0, 0, 0]), "3 of 4 numbers are right"),
    ]
