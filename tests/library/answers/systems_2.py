"""Right and plausible wrong answers to the exercises of chapter II-2."""

import numpy as np
from answers.oracle import echoes


def right_1(p):
    answer = echoes(p["x"], p["h"])[:4]
    return [answer, np.array(answer), tuple(answer)]


def wrong_1(p):
    x, h = p["x"], p["h"]
    good = np.array(right_1(p)[0])
    return [
        (echoes(x, h[::-1])[:4], "start with h[0]"),
        (echoes(x, h), "the four hours of the weather"),
        (x * h[0], "only its own echo"),
        (x, "no memory"),
        (np.cumsum(x) * h[0], "no echo fades"),
        ([0, *good[:3]], "one hour late"),
        (good + np.array([0, 0, 900, 0]), "3 of 4 numbers are right; the first wrong one is at [2]"),
    ]


def right_2(p):
    h, dt = p["h"], p["dt"]
    return [h / h.sum() / dt, [v / sum(dt * w for w in h) for v in h]]


def wrong_2(p):
    h, dt = p["h"], p["dt"]
    return [
        (h, "that is the measured one"),
        (h / h.sum(), "the width dt is missing"),
        (h * dt / h.sum(), "wrong side"),
        (h / h.max(), "highest value is 1"),
        (h * dt, "the area of each sample"),
        (h / np.linalg.norm(h), "sum of its squares"),
        (h[:2], "expected four numbers, got two numbers"),
    ]


def columns(x):
    return np.array([[x[n], x[n - 1], x[n - 2]] for n in range(2, 8)], float)


def right_3(p):
    rows, y = columns(p["x"]), p["y"][2:]
    return [np.linalg.lstsq(rows, y, rcond=None)[0], np.linalg.solve(rows.T @ rows, rows.T @ y).tolist()]


def wrong_3(p):
    x, y = p["x"], p["y"]
    good = right_3(p)[0]
    rest = np.array([[x[n - j] if n >= j else 0 for j in range(3)] for n in range(8)], float)
    return [
        (np.linalg.lstsq(rest, y, rcond=None)[0], "from before the record"),
        (good[::-1], "in reverse order"),
        (np.full(3, good.mean()), "wrong one is at [0]"),
        (good + np.array([0, 9, 0]), "2 of 3 numbers are right; the first wrong one is at [1]"),
        (np.linalg.lstsq(columns(x), y[:6], rcond=None)[0], "out of step"),
        (good[:2], "expected three numbers, got two numbers"),
    ]


def errors(p):
    x, y, h = p["x"], p["y"], p["h"]
    echoes = [sum(h[j] * x[n - j] for j in range(3)) for n in range(4, 8)]
    return [np.array(echoes) - y[4:], x[4:] - y[4:], y[3:7] - y[4:]]


def right_4(p):
    answer = [np.sqrt(np.mean(e**2)) for e in errors(p)]
    return [answer, tuple(answer), np.array([np.linalg.norm(e) for e in errors(p)]) / 2]


def wrong_4(p):
    good = right_4(p)[0]
    return [
        ([v**2 for v in good], "take the root"),
        ([np.mean(e) for e in errors(p)], "cancel"),
        ([np.mean(np.abs(e)) for e in errors(p)], "mean sizes"),
        (good[::-1], "the order is echoes"),
        ([good[0], good[2], good[1]], "swapped"),
        ([np.linalg.norm(e) for e in errors(p)], "added up and not averaged"),
        ([*good[:2], np.sqrt(np.mean((p["x"][3:7] - p["y"][4:]) ** 2))], "yesterday's weather"),
        (good[:2], "expected three numbers"),
        ([99, 99, 99], "not the three errors"),
    ]
