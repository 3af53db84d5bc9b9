"""Right and plausible wrong answers to the exercises of chapter IV-1."""

from cmath import exp, pi, polar
from math import degrees

import numpy as np

from convlib import convolve


def spectrum(x, n):
    """The oracle: the definition as a loop over n samples."""
    return [sum(v * exp(-2j * pi * k * i / n) for i, v in enumerate(x)) for k in range(n)]


def right_1(p):
    z = sum(float(w) * exp(-1j * pi / 2 * a) for a, w in enumerate(p["h"]))
    return [[z.real, z.imag], (z.real, z.imag), np.array([[z.real], [z.imag]])]


def wrong_1(p):
    re, im = right_1(p)[0]
    a, b, c = (int(v) for v in p["h"])
    size, angle = polar(complex(re, im))
    return [
        ([re, -im], "the sign of the imaginary part"),
        ([a + c, -b], "h[2] counts against h[0]"),
        ([a + b + c, 0], "the response at f = 0"),
        ([a - b + c, 0], "the response at f = 1/2"),
        ([size, degrees(angle)], "magnitude and phase"),
        ([99, 0], "[99, 0] is not Σ"),
        ([re], "expected two numbers"),
    ]


def right_2(p):
    """Send the wave through and take the largest swing of what comes out."""
    a, d, b = p["amplitude"], p["delay"], p["strength"]
    swings = []
    for f in p["f"]:
        t = np.arange(0, 4 / f, 1 / (400 * round(1 / f)))
        swings.append(np.abs(a * (np.cos(2 * pi * f * t) + b * np.cos(2 * pi * f * (t - d)))).max())
    exact = a * np.array([1 + b, 1 - b, np.sqrt(1 + b * b)])
    assert np.allclose(swings, exact, atol=1e-2)
    return [exact, exact.tolist(), tuple(exact)]


def wrong_2(p):
    good, a, b = np.array(right_2(p)[0]), p["amplitude"], p["strength"]
    return [
        (good / a, "the factors |H|"),
        (good[[1, 0, 2]], "the first two are exchanged"),
        ([good[0], good[1], good[0]], "at right angles to the wave"),
        ([good[0], good[1], a], "does not vanish"),
        ([a * (1 + b)] * 3, "late by whole cycles"),
        (good[:2], "expected three numbers, got two numbers"),
        (good + np.array([0, 9, 0]), "2 of 3 numbers are right; the first wrong one is at [1]"),
    ]


def right_3(p):
    z = np.array(spectrum([int(v) for v in p["x"]], 4))
    good = np.array([z.real, z.imag])
    return [good, good.tolist(), good.round(6)]


def wrong_3(p):
    good = right_3(p)[0]
    return [
        (good * [[1], [-1]], "turns backwards"),
        (good / 4, "divided by N"),
        (good.T, "one row of real and one of imaginary parts"),
        (good[::-1], "real parts first"),
        (good[0], "the imaginary parts are missing"),
        (good.ravel(), "the numbers are right, but not in these rows and columns"),
        (good + np.array([[0, 0, 50, 0], [0, 0, 0, 0]]), "7 of 8 numbers are right; the first wrong one is at [0, 2]"),
    ]


def right_4(p):
    (a, u), (b, v) = p["X"], p["H"]
    x, h = (size * exp(1j * pi * angle / 180) for size, angle in ((a, u), (b, v)))
    size, plus = polar(x * h)
    _, minus = polar(x * h.conjugate())
    answer = [size, degrees(plus), degrees(minus)]
    assert answer[1] > 0  # two phases below 90 degrees do not go round
    return [answer, tuple(answer), np.array(answer)]


def wrong_4(p):
    size, plus, minus = right_4(p)[0]
    (a, u), (b, v) = p["X"], p["H"]
    return [
        ([size, minus, plus], "in a convolution they add"),
        ([a + b, plus, minus], "magnitudes multiply"),
        ([size, plus, plus], "turns by minus the phase of H"),
        ([size, plus, -minus], "that bar sits on X"),
        ([size, u * v, minus], "only magnitudes multiply"),
        ([a / b, u - v, u + v], "dividing Y by H"),
        ([size, plus], "expected three numbers"),
        ([999, plus, minus], "not the magnitude and the two phases"),
    ]


def right_5(p):
    """Solve the three sums of the convolution instead: h[0] from y[0], h[1] from y[2]."""
    (x0, x1), y = (int(v) for v in p["x"]), [int(v) for v in p["y"]]
    h = [y[0] / x0, y[2] / x1]
    assert np.allclose(convolve([x0, x1], h), y)
    return [h, tuple(h), np.array(h)]


def wrong_5(p):
    h = np.array(right_5(p)[0])
    total, change = h.sum(), h[0] - h[1]
    x, y = p["x"], p["y"]
    return [
        (h[::-1], "in the wrong order"),
        ([total, change], "H[0] and H[2]"),
        (2 * h, "twice too large"),
        ([y.sum() * x.sum(), (y[0] - y[1] + y[2]) * (x[0] - x[1])], "multiplies Y by X"),
        (y, "expected two numbers"),
        ([99, 99], "[99, 99] is not the filter"),
    ]
