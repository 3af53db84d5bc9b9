"""Right and plausible wrong answers to the exercises of chapter I-3."""

import numpy as np

from convlib.ops import convolve, correlate


def kinds(kernels, also=lambda kernel: False):
    """0, 1, 2 by trying both operations on a picture; `also` says what else is taken for the same."""
    picture = np.random.default_rng(0).integers(0, 99, (6, 7))
    found = []
    for kernel in kernels:
        one, two = (operation(picture, kernel, mode="valid") for operation in (correlate, convolve))
        same = np.array_equal(one, two) or also(kernel)
        found.append(0 if same else 1 if np.array_equal(one, -two) else 2)
    return found


def right_1(p):
    answer = kinds(p["kernels"])
    return [answer, np.array(answer, float), tuple(answer)]


def wrong_1(p):
    right = kinds(p["kernels"])
    return [
        (kinds(p["kernels"], lambda k: np.array_equal(k, k.T)), "equals its transpose, and that is not enough"),
        (kinds(p["kernels"], lambda k: np.array_equal(k, np.fliplr(k))), "equals its mirror image"),
        ([2 if kind == 1 else kind for kind in right], "look at the signs"),
        ([0 if kind == 1 else kind for kind in right], "that is 1, not 0"),
        ([{0: 2, 2: 0}.get(kind, kind) for kind in right], "0 and 2 are mixed up"),
        ([1, 1, 1, 1, 1], "1 of 5 numbers is right"),
        ([True + 2] * 5, "each number is 0"),
        (right[:4], "got four numbers"),
    ]


def right_2(p):
    h = p["kernel"]
    dot = np.zeros((3, 3), dtype=int)
    dot[1, 1] = 1
    measured = convolve(dot, h, mode="same") - correlate(dot, h, mode="same")
    return [h - h[::-1, ::-1], (h - np.rot90(h, 2)).tolist(), measured.astype(float)]


def wrong_2(p):
    h = p["kernel"]
    return [
        (h[::-1, ::-1] - h, "the wrong way round"),
        ((h - h[::-1, ::-1]) / 2, "that is half of it"),
        (h + h[::-1, ::-1], "that is the sum"),
        (h - h.T, "takes the flip for a transpose"),
        (h - h[::-1], "only the rows were reversed"),
        (h[::-1, ::-1], "gives the convolution"),
        (h, "gives the correlation"),
        (np.zeros((5, 5)), "expected three rows of three numbers, got five rows of five numbers"),
    ]


def tried(kernel, fineness):
    """Amplitude out, measured on upright stripes and on the same a quarter further."""
    phase = np.tile(2 * np.pi * fineness * np.arange(-1, 2), (3, 1))
    return np.hypot(*(float(correlate(f(phase), kernel, mode="valid")[0, 0]) for f in (np.cos, np.sin)))


def right_3(p):
    answer = [tried(p["kernel"], fineness) for fineness in (0, 1 / 4, 1 / 2)]
    return [answer, np.round(answer).astype(int), np.array(answer)[:, None]]


def wrong_3(p):
    kernel = p["kernel"]
    a, b, c = kernel.sum(axis=0)
    right = [abs(a + b + c), abs(b), abs(b - a - c)]
    rows = kernel.sum(axis=1)
    return [
        ([abs(rows.sum()), abs(rows[1]), abs(rows[1] - 2 * rows[0])], "level stripes"),
        ([abs(kernel[1].sum()), abs(kernel[1, 1]), abs(kernel[1, 1] - 2 * kernel[1, 0])], "the middle row alone"),
        (right[::-1], "the even grey comes first"),
        ([right[0]] * 3, "an even grey only"),
        ([1000, 0, 0], "not what comes out"),
        (right[:2], "got two numbers"),
    ]


def right_4(p):
    answer = np.linalg.lstsq(p["templates"].T, p["patch"], rcond=None)[0]
    gram = p["templates"] @ p["templates"].T
    return [answer, np.linalg.solve(gram, p["templates"] @ p["patch"]).tolist(), tuple(np.round(answer))]


def wrong_4(p):
    templates, patch = p["templates"], p["patch"]
    right = np.linalg.solve(templates.T, patch)
    return [
        (templates @ patch, "those are the inner products"),
        (right[::-1], "the first template comes first"),
        (patch, "the patch itself"),
        (templates @ templates.T @ templates @ patch, "multiplies by the Gram matrix"),
        ([100, 100], "not the amounts"),
        (right[:1], "got one number"),
    ]
