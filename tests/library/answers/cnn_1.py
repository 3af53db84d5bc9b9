"""Right and plausible wrong answers to the exercises of chapter I-1."""

import numpy as np

from convlib.ops import convolve, correlate


def one(kernel_size, row, col, value=1):
    kernel = np.zeros(kernel_size, dtype=int)
    kernel[row, col] = value
    return kernel


def loop(image, kernel):
    """The oracle: cross-correlation by visible loops."""
    kH, kW = kernel.shape
    rows, cols = image.shape[0] - kH + 1, image.shape[1] - kW + 1
    return [[int(np.sum(image[r : r + kH, c : c + kW] * kernel)) for c in range(cols)] for r in range(rows)]


def right_1(p):
    answer = [p["m"] - p["i"], p["n"] - p["j"]]
    return [answer, tuple(answer), np.array(answer, float), np.array(answer)[:, None]]


def wrong_1(p):
    m, n, i, j = p["m"], p["n"], p["i"], p["j"]
    return [
        ([m + i, n + j], "cross-correlation"),
        ([n - j, m - i], "[row, column]"),
        ([m - i, n + j], "the column needs the minus sign"),
        ([m + i, n - j], "the row needs the minus sign"),
        ([m, n], "centre weight"),
        ([100, 100], "not a pixel that h[i, j] meets"),
        (m - i, "expected two numbers"),
    ]


def right_2(p):
    (same,) = loop(p["patch"], p["kernel"])
    (turned,) = loop(p["patch"], p["kernel"][::-1, ::-1])
    return [[same[0], turned[0]], np.array([[same[0]], [turned[0]]], float), (same[0] + 1e-9, turned[0])]


def wrong_2(p):
    same, turned = right_2(p)[0]
    transposed = loop(p["patch"], p["kernel"].T)[0][0]
    rows_only = loop(p["patch"], p["kernel"][::-1])[0][0]
    return [
        ([turned, same], "the cross-correlation comes first"),
        ([same, same], "nothing was turned"),
        ([turned, turned], "is the convolution: you flipped"),
        ([same, transposed], "transposed kernel"),
        ([same, rows_only], "reverses only the rows"),
        ([same, 1000], "the first is right; the second is not the convolution"),
        ([1000, turned], "is not right: the first is not the cross-correlation"),
        ([same], "got one number"),
    ]


def right_3(p):
    answer = loop(p["image"], p["kernel"])
    return [answer, np.array(answer, float) + 1e-9, correlate(p["image"], p["kernel"], mode="valid")]


def wrong_3(p):
    image, kernel = p["image"], p["kernel"]
    answer = np.array(loop(image, kernel))
    return [
        (convolve(image, kernel, mode="valid"), "that is the convolution: you flipped"),
        (answer.T, "right numbers, transposed"),
        (answer[::-1, ::-1], "in reverse order"),
        (
            correlate(image, kernel, mode="full"),
            "the whole window lies inside the image, got six rows of seven numbers",
        ),
        (
            correlate(image, kernel, mode="same"),
            "the whole window lies inside the image, got four rows of five numbers",
        ),
        (answer.ravel(), "not in these rows and columns"),
        (answer[:1, :1], "the whole window lies inside the image, got one row of one number"),
        (correlate(image, kernel.T, mode="valid"), "transposed kernel"),
        (-answer, "wrong sign"),
        (answer + one((2, 3), 0, 2, 1000), "5 of 6 numbers are right; the first wrong one is at [0, 2]"),
    ]


def right_4(p):
    answer = p["kernel"][::-1, ::-1]
    return [answer, answer.tolist(), np.rot90(p["kernel"], 2).astype(float)]


def wrong_4(p):
    kernel = p["kernel"]
    return [
        (kernel, "convolve2d turns it once"),
        (kernel[::-1], "only the rows are reversed"),
        (kernel[:, ::-1], "only the columns are reversed"),
        (kernel.T, "that is the transpose"),
        (np.rot90(kernel), "a turn by 90°"),
        (p["output"], "that is the layer's output"),
        (np.zeros((5, 5)), "expected three rows of three numbers, got five rows of five numbers"),
    ]


def right_5(p):
    return [one(size, size[0] // 2 - p["down"], size[1] // 2 - p["right"]) for size in ((7, 7), (9, 7))]


def wrong_5(p):
    down, right = p["down"], p["right"]
    good = one((7, 7), 3 - down, 3 - right)
    return [
        (one((7, 7), 3 + down, 3 + right), "the opposite way, which would be right for a convolution"),
        (one((7, 7), 3 - right, 3 - down), "rows and columns are swapped"),
        (one((7, 7), 3 + down, 3 - right), "the rows go the opposite way"),
        (one((7, 7), 3, 3), "no move at all, wanted"),
        (2 * good, "changes the brightness"),
        (np.ones((5, 5)), "25 weights are not 0"),
        (np.zeros((5, 5)), "all weights are 0"),
        (np.zeros((4, 4)), "no middle entry in four rows of four numbers"),
        (good.ravel(), "a kernel has rows and columns"),
    ]
