"""Right and plausible wrong answers to the exercises of chapter III-4."""

import numpy as np


def right_1(p):
    x, h = np.zeros(p["len_x"]), np.ones(p["len_h"])
    for lag in range(p["len_x"] - p["len_h"] + 1):
        x[:] = 0
        x[lag : lag + p["len_h"]] = h
        if np.correlate(x, h, "full").argmax() == p["index"]:
            answer = [lag, int(np.correlate(x, h, "valid").argmax())]
            return [answer, tuple(answer), np.array([answer], float)]
    raise AssertionError("no lag has this index")


def wrong_1(p):
    lag = right_1(p)[0][0]
    index = p["index"]
    return [
        ([index, index], "the index itself"),
        ([index, lag], "the index is no lag"),
        ([lag, index], "valid mode leaves out"),
        ([lag - 1, lag - 1], "one too small"),
        ([-lag, lag], "the sign"),
        ([lag, lag + 500], "not [index"),
        ([lag], "expected two numbers"),
        ([lag, lag, lag], "got three numbers"),
    ]


def right_2(p):
    there_and_back = sum(p["microseconds"] for _ in range(p["lag"])) / 1_000_000
    answer = there_and_back * p["speed"] / 2
    return [answer, [answer], np.float64(answer)]


def wrong_2(p):
    good = right_2(p)[0]
    return [
        (2 * good, "half as far"),
        (1e6 * good, "millionths of a second"),
        (1e3 * good, "microseconds for milliseconds"),
        (p["lag"] * p["microseconds"] * 1e-6, "the travel time in seconds"),
        (p["speed"] * p["lag"] / 2, "a lag is a number of samples"),
        (p["speed"] * p["microseconds"] * 1e-6 / 2, "the distance of one lag"),
        (good + 0.3, "not speed times travel time"),
        ([good, good], "expected one number"),
    ]


def right_3(p):
    x, h = p["x"].tolist(), p["h"].tolist()
    answer = [sum(h[k] * x[n + k] for k in range(3)) for n in range(4)]
    return [answer, np.array(answer), np.correlate(p["x"], p["h"], "valid")]


def wrong_3(p):
    good = np.array(right_3(p)[0])
    return [
        (np.convolve(p["x"], p["h"], "valid"), "that is the convolution"),
        (np.correlate(p["x"], p["h"], "full"), "that is the full output"),
        (good[::-1], "the lags run the other way"),
        (np.convolve(p["x"], [1, 1, 1], "valid"), "leaves out the weights"),
        (np.correlate(p["x"], p["h"], "full")[:4], "still sticks out on the left"),
        (good[:3], "expected four numbers, got three numbers"),
        (good + np.array([0, 500, 0, 0]), "3 of 4 numbers are right; the first wrong one is at [1]"),
    ]


def right_4(p):
    answer = [float(np.corrcoef(p["h"], p[name])[0, 1]) for name in ("p", "q")]
    return [answer, np.array(answer), np.round(answer, 4)]


def wrong_4(p):
    h, good = p["h"], right_4(p)[0]

    def cosine(a, b):
        return a @ b / np.linalg.norm(a) / np.linalg.norm(b)

    both = [p["p"], p["q"]]
    return [
        ([h @ v for v in both], "the raw scores"),
        (good[::-1], "the patch p comes first"),
        ([cosine(h, v) for v in both], "leaves the means in"),
        ([cosine(h - h.mean(), v) for v in both], "the mean is off the template only"),
        ([np.sum((h - h.mean()) * v) for v in both], "both lengths are still to be divided by"),
        ([-9, good[1]], "not the two normalised scores"),
        (good[0], "expected two numbers"),
    ]


def right_5(p):
    (a, b), (c, d) = p["h"].tolist()
    (e, f), (g, k) = p["x"].tolist()[1:]
    answer = [a * e + b * f + c * g + d * k, a * f - b * e + c * k - d * g]
    return [answer, np.array(answer, float), tuple(answer)]


def wrong_5(p):
    x, h = (p[name] @ np.array([1, 1j]) for name in ("x", "h"))
    real, imaginary = right_5(p)[0]
    plain = h[0] * x[1] + h[1] * x[2]
    first = np.conj(h[0]) * x[0] + np.conj(h[1]) * x[1]
    turned = np.conj(h[1]) * x[1] + np.conj(h[0]) * x[2]
    return [
        ([plain.real, plain.imag], "the conjugate of h is missing"),
        ([real, -imaginary], "that conjugates x"),
        ([first.real, first.imag], "the score at lag 0"),
        ([turned.real, turned.imag], "but also turned round"),
        ([np.hypot(real, imaginary), 0], "the size of the score"),
        ([real + 1000, imaginary], "not the score at lag 1"),
        (real, "expected two numbers"),
    ]
