"""Right and plausible wrong answers to the exercises of chapter III-2."""

import numpy as np


def on_a_grid(f, g, t, steps=200_000):
    """The oracle: the area under the product, in the middle of very thin slices."""
    tau = (np.arange(steps) + 0.5) * 40 / steps - 20
    return float((f(tau) * g(t - tau)).sum() * 40 / steps)


def box(length):
    return lambda v: ((v >= 0) & (v < length)).astype(float)


def right_1(p):
    answer = [on_a_grid(box(p["long"]), box(p["short"]), t) for t in p["t"]]
    exact = [round(4 * value) / 4 for value in answer]
    assert np.allclose(answer, exact, atol=1e-3)
    return [exact, np.array(exact), tuple(exact)]


def wrong_1(p):
    good, t = np.array(right_1(p)[0]), p["t"]
    return [
        (good / 2, "that is a triangle"),
        (np.minimum(t, p["short"]), "the long box ends too"),
        (np.minimum(t, p["long"]), "the upper limits alone"),
        (good / (p["long"] * p["short"]), "that has area 1"),
        (p["long"] + p["short"] - t, "on the way down only"),
        (good + np.array([0, 0, 9]), "2 of 3 numbers are right; the first wrong one is at [2]"),
        (good[:2], "expected three numbers, got two numbers"),
    ]


def right_2(p):
    tau = np.arange(-40, 40, 0.5) + 0.25
    (f0, f1), (g0, g1) = p["f"], p["g"]
    ages = p["t"] - tau
    live = tau[(tau > f0) & (tau < f1) & (ages > g0) & (ages < g1)]
    answer = [live[0] - 0.25, live[-1] + 0.25]
    return [answer, tuple(answer), np.array([answer])]


def wrong_2(p):
    (f0, f1), (g0, g1), t = p["f"], p["g"], p["t"]
    lower, upper = right_2(p)[0]
    wrong = [
        ([upper, lower], "the lower limit comes first"),
        ([max(f0, g0), min(f1, g1)], "turn it round and move it by t"),
        ([max(f0, t + g0), min(f1, t + g1)], "without turning it round"),
        ([f0, f1], "where f lives"),
        ([f0 + g0, f1 + g1], "where the output begins and ends"),
        ([lower, 99], "not where both factors"),
        ([lower], "expected two numbers"),
        ([lower, upper, t], "got three numbers"),
    ]
    return wrong


def right_3(p):
    tau = (np.arange(100_000) + 0.5) / 100_000
    answer = float(np.mean(p["p"] * tau * p["q"] * (1 - tau)))
    return [answer, [answer], p["p"] * p["q"] / 6]


def wrong_3(p):
    a, b = p["p"], p["q"]
    tau = (np.arange(100_000) + 0.5) / 100_000
    overlap = a * b / (2 * (a + b))
    assert np.isclose(overlap, np.mean(np.minimum(a * tau, b * (1 - tau))), atol=1e-6)
    return [
        (overlap, "the area of the overlap"),
        (a * b / 4, "the product of the two areas"),
        (a * b / 3, "turn it round first"),
        (a * b / 2, "leaves out one of the ramps"),
        (999, "999 is not the area under the product"),
        ([1, 2], "expected one number"),
    ]


def right_4(p):
    a, length, t = p["strength"], p["length"], p["t"]
    end = a * (1 - np.exp(-length))
    answer = [a * (1 - np.exp(-length / 2)), end, end * np.exp(length - t[2])]
    decay = [on_a_grid(box(length), lambda v: np.where(v >= 0, a * np.exp(-np.abs(v)), 0), s) for s in t]
    assert np.allclose(answer, decay, atol=2e-3)
    return [answer, np.array(answer)]


def wrong_4(p):
    good, a, t = np.array(right_4(p)[0]), p["strength"], p["t"]
    return [
        (good / a, "times strength"),
        (a * (1 - np.exp(-t)), "goes on charging"),
        ([good[0], good[1], good[1]], "holds its last value"),
        ([good[0], good[1], 0], "does not stop with the force"),
        (a * np.exp(-t), "one short push"),
        (good[:2], "expected three numbers, got two numbers"),
        (good + np.array([0, 9, 0]), "2 of 3 numbers are right; the first wrong one is at [1]"),
    ]


def right_5(p):
    out = [[0] * 3 for _ in range(3)]
    for i in range(2):
        for j in range(2):
            for k in range(2):
                for m in range(2):
                    out[i + k][j + m] += int(p["f"][i][j]) * int(p["g"][k][m])
    return [out, np.array(out), np.array(out, float)]


def wrong_5(p):
    f, g, good = p["f"], p["g"], np.array(right_5(p)[0])
    return [
        (np.repeat(good.sum(axis=1)[:, None], 3, axis=1), "the columns must add up too"),
        (np.repeat(good.sum(axis=0)[None, :], 3, axis=0), "the rows must too"),
        (f * g, "at the same place"),
        (f @ g, "the matrix product"),
        (good.ravel(), "the numbers are right, but not in these rows and columns"),
        (good + 1000 * np.eye(3, dtype=int), "6 of 9 numbers are right; the first wrong one is at [0, 0]"),
    ]
