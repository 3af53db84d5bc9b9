"""Right and plausible wrong answers to the exercises of chapter II-1."""

from math import exp

import numpy as np
from answers.oracle import echoes


def right_1(p):
    a, b, apart, after = p["first"], p["second"], p["apart"], p["after"]
    answer = 2 * a * exp(-(apart + after)) + 2 * b * exp(-after)
    return [answer, [answer], np.array(2 * exp(-after) * (a * exp(-apart) + b))]


def wrong_1(p):
    a, b, apart, after = p["first"], p["second"], p["apart"], p["after"]
    return [
        (2 * b * exp(-after), "the second stone alone"),
        (2 * a * exp(-apart - after), "the first stone alone"),
        (2 * (a + b) * exp(-after), "the first has had more time"),
        (2 * (a + b), "lets nothing fade"),
        (right_1(p)[0] / 2, "each starts at 2 mm"),
        ([1, 2], "expected one number"),
        (1000, "1000 is not the dent"),
    ]


def right_2(p):
    answer = echoes(p["x"], p["h"])
    return [answer, np.array(answer, float), tuple(answer)]


def wrong_2(p):
    x, h = p["x"], p["h"]
    good = np.array(echoes(x, h))
    return [
        (echoes(x, h[::-1]), "must start with h[0]"),
        (good[:4], "outlast the input"),
        (x.sum() * h, "starts at k"),
        (echoes(x, np.ones(3)), "scale h by x[k]"),
        (good + 1000 * np.eye(6, dtype=int)[2], "5 of 6 numbers are right; the first wrong one is at [2]"),
        (
            [np.roll([*(v * h), 0, 0, 0], k) for k, v in enumerate(x)],
            "expected six numbers, got four rows of six numbers",
        ),
    ]


def right_3(p):
    answer = [p["dt"] * sum(p["h"][: n + 1]) for n in range(5)]
    return [answer, p["dt"] * np.cumsum(p["h"])]


def wrong_3(p):
    h, dt = p["h"], p["dt"]
    good = dt * np.cumsum(h)
    return [
        (np.cumsum(h), "the width dt is missing"),
        (h, "the impulse response itself"),
        (dt * h, "the echo of one slice"),
        ([0, *good[:-1]], "one sample late"),
        (dt * np.convolve(np.ones(5), h), "a step stays on"),
        (good[:3], "expected five numbers, got three numbers"),
        (good + np.array([0, 0, 0, 0, 9]), "4 of 5 numbers are right; the first wrong one is at [4]"),
    ]


def passed(p):
    x1, x2, both, later = p.values()
    adds = np.allclose(both[1], x1[1] + x2[1])
    return [int(adds), int(np.allclose(later[1], [0, 0, *x1[1][:-2]]))]


def right_4(p):
    answer = passed(p)
    return [answer, tuple(answer), np.array(answer, float)]


def wrong_4(p):
    adds, keeps = passed(p)
    return [
        ([1 - adds, keeps], "look at the first"),
        ([adds, 1 - keeps], "look at the second"),
        ([1 - adds, 1 - keeps], "both are the other way round"),
        ([2, 0], "each number is 1 (passed) or 0 (failed)"),
        ([adds], "expected two numbers"),
        ([adds, keeps, 1], "got three numbers"),
    ]


def right_5(p):
    c, kappa = p["c"], p["kappa"]
    return [
        [1 / c, kappa / c, 1 / kappa],
        (c**-1, kappa * c**-1, kappa**-1),
        np.array([[1 / c], [kappa / c], [1 / kappa]]),
    ]


def wrong_5(p):
    c, kappa = p["c"], p["kappa"]
    return [
        ([c, kappa / c, 1 / kappa], "1 divided by c"),
        ([1 / kappa, kappa / c, 1 / c], "first and last are swapped"),
        ([1 / c, c / kappa, 1 / kappa], "time constant"),
        ([1 / c, kappa / c, kappa], "1 divided by κ"),
        ([1 / c, kappa / c, 1 / c], "the damper rests"),
        ([9, 9, 9], "not what c and κ give"),
        ([1 / c, kappa / c], "expected three numbers"),
    ]
