"""Right and plausible wrong answers to the exercises of chapter I-5."""

import numpy as np


def laid_down(dy, w):
    """The oracle: every message lays down a scaled copy of the weights below what its output has read."""
    dy, w = np.atleast_2d(dy), np.atleast_2d(w)
    dx = np.zeros(np.add(dy.shape, w.shape) - 1, dtype=int)
    for m, n in np.ndindex(dy.shape):
        dx[m : m + w.shape[0], n : n + w.shape[1]] += dy[m, n] * w
    return dx


def fitted(image, dy):
    """The oracle for a kernel: dy wherever it fits, in step."""
    (H, W), (h, w) = image.shape, dy.shape
    places = range(H - h + 1), range(W - w + 1)
    return [[int(np.sum(dy * image[i : i + h, j : j + w])) for j in places[1]] for i in places[0]]


def right_1(p):
    answer = [p["p"] - p["i"], p["q"] - p["j"]]
    return [answer, tuple(answer), np.array(answer, float)[:, None]]


def wrong_1(given):
    p, q, i, j = (given[name] for name in "pqij")
    return [
        ([p + i, q + j], "plus signs of the forward pass"),
        ([q - j, p - i], "[row, column]"),
        ([p - i, q + j], "the column must be solved for"),
        ([i - p, j - q], "is the negative"),
        ([p, q], "w[0, 0] only"),
        ([i, j], "the place of the weight"),
        ([100, 100], "not an output that reads"),
        (p - i, "expected two numbers"),
    ]


def right_2(p):
    answer = laid_down(p["dy"], p["w"])[0]
    return [answer, answer.tolist(), np.convolve(p["dy"], p["w"]) + 1e-9]


def wrong_2(p):
    w, dy = p["w"], p["dy"]
    answer = laid_down(dy, w)[0]
    return [
        (laid_down(dy, w[::-1])[0], "the flip is missing"),
        (answer[::-1], "reverse order"),
        (answer[1:-1], "the middle part"),
        (answer[2:-2], "every weight has reached"),
        (np.correlate(dy, w, "valid"), "the forward pass, run on dy"),
        (-answer, "wrong sign"),
        (answer + np.array([0, 0, 1000, 0, 0, 0]), "the first wrong one is at [2]"),
    ]


def right_3(p):
    answer = fitted(p["image"], p["dy"])
    return [answer, np.array(answer, float) + 1e-9, tuple(map(tuple, answer))]


def wrong_3(p):
    image, dy = p["image"], p["dy"]
    answer = np.array(fitted(image, dy))
    return [
        (fitted(image, dy[::-1, ::-1]), "that is the convolution"),
        (answer[::-1, ::-1], "turned by 180°"),
        (answer.T, "transposed"),
        (answer / 12, "the mean"),
        (-answer, "wrong sign"),
        (answer.ravel(), "not in these rows and columns"),
        (laid_down(image, dy), "expected two rows of three numbers, got six rows of nine numbers"),
    ]


def right_4(p):
    answer = laid_down(p["dy"], p["kernel"])
    return [answer, answer.tolist(), answer.astype(float)]


def wrong_4(p):
    dy, kernel = p["dy"], p["kernel"]
    answer = laid_down(dy, kernel)
    return [
        (p["theirs"], "that is their result"),
        (p["theirs"][::-1, ::-1], "the kernel must be turned, not the gradient"),
        (answer[::-1, ::-1], "reverse order"),
        (laid_down(dy, kernel.T), "transposes the kernel"),
        (laid_down(dy, kernel[::-1]), "still not flipped"),
        (answer[1:-1, 1:-1], "a part of it"),
        (answer.T, "right numbers, transposed"),
    ]


def right_5(p):
    answer = laid_down(p["dy"], p["w"][::-1])[0]
    return [answer, answer.tolist(), np.correlate(p["dy"], p["w"], "full") + 1e-9]


def wrong_5(p):
    w, dy = p["w"], p["dy"]
    answer = laid_down(dy, w[::-1])[0]
    return [
        (laid_down(dy, w)[0], "right for a layer that does not flip"),
        (answer[::-1], "reverse order"),
        (answer[1:-1], "the middle part"),
        (answer[2:-2], "every weight has reached"),
        (np.convolve(dy, w, "valid"), "the forward pass, run on dy"),
        (-answer, "wrong sign"),
    ]
