"""Right and plausible wrong answers to the exercises of chapter III-3."""

from itertools import pairwise

import numpy as np
from answers.oracle import echoes


def in_step(x, h):
    """The correlation of two lists of three: pairs go where the difference of their indices says."""
    return echoes(x, list(h)[::-1])


def right_1(p):
    step = [-1] + [0] * (p["delay"] - 1) + [p["scale"]]
    answer = echoes(p["y"], step)
    return [answer, np.array(answer), np.array(answer, float)]


def wrong_1(p):
    y, s, d = p["y"], p["scale"], p["delay"]
    late, now = np.append(np.zeros(d, int), y), np.append(y, np.zeros(d, int))
    return [
        (s * now - late, "the delay belongs to the part with the scale"),
        (s * late + now, "taken away, not added"),
        (late - now, "the scale is missing"),
        (s * late, "the second part of the input is missing"),
        (s * y - y, "the delay is missing"),
        (s * (late - now), "only the delayed part is scaled"),
        (right_1(p)[0][:-1], "one entry is missing"),
    ]


def right_2(p):
    answer = echoes(p["h"], p["g"])
    swapped = echoes(p["g"], p["h"])
    return [answer, np.array(swapped), tuple(answer)]


def wrong_2(p):
    h, g, good = p["h"], p["g"], np.array(right_2(p)[0])
    return [
        (h + g, "one after the other"),
        (h * g, "tap by tap"),
        (in_step(h, g), "that correlates them"),
        (in_step(g, h), "that correlates them"),
        (np.concatenate([h, g]), "one behind the other"),
        (good[1:4], "ages 0 and 4 are missing"),
        (good + 99 * np.eye(5, dtype=int)[2], "4 of 5 numbers are right; the first wrong one is at [2]"),
    ]


def right_3(p):
    y = [int(v) for v in p["y"]]
    answer = [y[0]] + [now - before for before, now in pairwise(y)]
    return [answer, np.array(answer), echoes(y, [1, -1])[:-1]]


def wrong_3(p):
    y, good = p["y"], np.array(right_3(p)[0])
    return [
        (np.diff(y), "the first value is missing"),
        (np.append(0, np.diff(y)), "the first difference is y[0] − 0"),
        (np.cumsum(y), "sums once more"),
        (-good, "the sign is turned"),
        (echoes(y, [1, -1]), "where the list ends"),
        (good[::-1], "in reverse order"),
        (good + 99, "0 of 6 numbers are right"),
    ]


def right_4(p):
    """A picture of one bright dot, correlated twice, holds the merged template, read backwards."""
    dot = np.zeros(9, int)
    dot[4] = 1
    once = [sum(int(p["p"][k]) * int(dot[n + k]) for k in range(3)) for n in range(7)]
    twice = [sum(int(p["q"][k]) * once[n + k] for k in range(3)) for n in range(5)]
    answer = twice[::-1]
    return [answer, np.array(answer)]


def wrong_4(params):
    p, q, good = params["p"], params["q"], np.array(right_4(params)[0])
    return [
        (in_step(p, q), "that correlates them"),
        (in_step(q, p), "that correlates them"),
        (p + q, "that adds them"),
        (p * q, "entry by entry"),
        (good[1:4], "labels 0 and 4 are missing"),
        (good[:2], "expected five numbers, got two numbers"),
        (good - 99, "0 of 5 numbers are right"),
    ]


def window(p, past, memory):
    """The total of all terms of the window, one by one."""
    total = 0
    for a in range(-past, 1):
        for c in range(memory + 1):
            total += p["height"] * {0: 1, p["lag"]: -1}.get(-a - c, 0)
    return total


def right_5(p):
    columns_first, rows_first = window(p, 400, 100), window(p, 100, 400)
    answer = [columns_first, rows_first, window(p, p["past"], p["memory"])]
    return [answer, np.array(answer), np.array([answer], float)]


def wrong_5(p):
    height, lag = p["height"], p["lag"]
    good = right_5(p)[0]
    return [
        ([good[1], good[0], good[2]], "the first two are exchanged"),
        ([0, height, good[2]], "not a single 1 here"),
        ([0, lag, good[2] / height], "height is missing"),
        ([0, 0, 0], "the orders differ"),
        ([good[1], good[1], good[2]], "the difference of a constant is 0"),
        ([0, height * lag, height * lag], "in the window"),
        ([0, height * lag, 0], "in the window"),
        ([0, height * lag], "expected three numbers"),
        ([0, height * lag, 999], "2 of 3 numbers are right"),
    ]
