"""Right and plausible wrong answers to the exercises of chapter I-2."""

import numpy as np
from scipy import ndimage, signal


def right_1(p):
    (rows, cols), (m, n), (i, j) = p["shape"], (p["m"], p["n"]), (p["i"], p["j"])
    labels = [range(-(side // 2), side // 2 + 1) for side in (rows, cols)]
    answer = [labels[0].index(m - i), labels[1].index(n - j)]
    return [answer, tuple(answer), np.array([answer], float)]


def wrong_1(p):
    (rows, cols), m, n, i, j = p["shape"], p["m"], p["n"], p["i"], p["j"]
    row, col = right_1(p)[0]
    return [
        ([m - i, n - j], "that is the pixel's label"),
        ([m + i + rows // 2, n + j + cols // 2], "the cross-correlation's pixel"),
        ([col, row], "[row, column]"),
        ([m - i + cols // 2, n - j + rows // 2], "are swapped"),
        ([m + rows // 2, n + cols // 2], "the weight is missing"),
        ([row + 1, col + 1], "one too many"),
        ([row, 99], "not the index of that pixel"),
        ([row], "got one number"),
    ]


def right_2(p):
    place = {(a, b) for a in range(-5, 6) for b in range(-5, 6) if (p["m"] + a, p["n"] + b) == (p["i"], p["j"])}
    (answer,) = place
    return [answer, list(answer), np.array(answer, float)]


def wrong_2(p):
    m, n, i, j = p["m"], p["n"], p["i"], p["j"]
    return [
        ([m + i, n + j], "that is h ⋆ x"),
        ([m - i, n - j], "that is the convolution, where the labels add up"),
        ([j - n, i - m], "[row, column]"),
        ([-m, -n], "meets the centre weight"),
        ([m, n], "the output's label"),
        ([50, 50], "not a pixel that this weight meets"),
        ([i - m, j - n, 0], "got three numbers"),
    ]


def right_3(p):
    """The oracle: the double sum over the image, as the formula stands."""
    x, h, labels = p["x"], p["h"], range(-2, 3)
    value = sum(
        int(x[i + 2, j + 2] * h[p["m"] + i + 1, p["n"] + j + 1])
        for i in labels
        for j in labels
        if abs(p["m"] + i) <= 1 and abs(p["n"] + j) <= 1
    )
    return [value, [value], float(value), signal.correlate2d(h, x)[p["m"] + 3, p["n"] + 3]]


def wrong_3(p):
    x, h, at = p["x"], p["h"], (p["m"] + 3, p["n"] + 3)
    opposite = (3 - p["m"], 3 - p["n"])
    return [
        (signal.correlate2d(x, h)[at], "that is (h ⋆ x)[m, n]"),
        (signal.convolve2d(x, h)[at], "is the convolution at [m, n]"),
        (signal.convolve2d(x, h)[opposite], "turns the kernel"),
        (signal.correlate2d(x, h.T)[opposite], "transposed kernel"),
        (1000, "1000 is not that sum"),
        ([1, 2], "expected one number, got two numbers"),
    ]


def right_4(p):
    x = np.arange(p["len_x"]) == p["n"] - p["first_h"] - p["first_x"]
    h = np.arange(p["len_h"]) == 0
    found = [int(np.argmax(signal.convolve(1 * x, 1 * h, mode))) for mode in ("full", "same", "valid")]
    return [found, tuple(found), np.array(found, float)]


def wrong_4(p):
    full, same, valid = right_4(p)[0]
    n, a = p["n"], p["first_x"]
    return [
        ([n, n - (full - same), n - (full - valid)], "not 0"),
        ([n - a, n - a - (full - same), n - a - (full - valid)], "the kernel's first label counts too"),
        ([full, valid, same], "swapped"),
        ([full, full, full], "start at different labels"),
        ([full + 1, same + 1, valid + 1], "one too many"),
        ([full, same, same], "valid leaves out"),
        ([full, same, 99], "not where this label stands"),
        ([full, same], "got two numbers"),
    ]


def right_5(p):
    x, h = 1 * (np.arange(40) == p["p"]), 1 * (np.arange(p["len_h"]) == p["k"])
    found = [signal.convolve(x, h, "same"), ndimage.convolve(x, h, mode="constant")]
    answer = [int(np.argmax(y)) for y in found]
    return [answer, tuple(answer), np.array(answer, float)]


def wrong_5(p):
    first, second = right_5(p)[0]
    return [
        ([second, first], "the other way round"),
        ([first, first], "the first is right"),
        ([second, second], "the second is right"),
        ([p["p"] + p["k"]] * 2, "place in full"),
        ([first, 99], "not where this weight comes out"),
        (first, "got one number"),
    ]
