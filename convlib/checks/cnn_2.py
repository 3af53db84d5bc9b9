"""Exercises of chapter I-2, Indices done right."""

import numpy as np

from convlib.checks.judging import Array, Exercises, Params, Slip, named_or_wrong, named_slip
from convlib.ops import convolve, correlate

ORDER = "right numbers, but the order is [row, column]"


def _two(answer: Array, slips: list[Slip], wanted: str, otherwise: str) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, {wanted}, got {answer.size}"
    return named_or_wrong(answer.ravel(), slips, otherwise)


# I-2.1: from labels to the index in the array.


def _draw_translation(rng: np.random.Generator) -> Params:
    rows, cols = rng.permutation([rng.choice([7, 9]), rng.choice([19, 21])])
    m, n = rng.choice([-2, -1, 1, 2], 2, replace=False)
    i, j = rng.choice([-1, 1], 2, replace=False)
    return {"shape": (int(rows), int(cols)), "m": int(m), "n": int(n), "i": int(i), "j": int(j)}


def _slips_translation(p: Params) -> list[Slip]:
    (rows, cols), m, n, i, j = p["shape"], p["m"], p["n"], p["i"], p["j"]
    a, b = rows // 2, cols // 2
    return [
        ([m - i + a, n - j + b], "right"),
        ([m - i, n - j], "that is the pixel's label; its index in the array counts from the top left"),
        ([m + i + a, n + j + b], "that is the cross-correlation's pixel: in a convolution the labels add up"),
        ([m + i, n + j], "that is the cross-correlation's pixel, and its label, not its index in the array"),
        ([n - j + b, m - i + a], ORDER),
        ([m - i + b, n - j + a], "the middle row and the middle column are swapped: rows come first in shape"),
        ([m + a, n + b], "that is where the pixel with the output's label stands; the weight is missing"),
        ([m - i + a + 1, n - j + b + 1], "one too many: the middle of 7 entries has the index 3"),
        ([m - i + rows, n - j + cols], "label 0 stands in the middle, not at the end: add half the side"),
    ]


def _judge_translation(p: Params, answer: Array) -> str | None:
    return _two(answer, _slips_translation(p), "[row, column]", "not the index of that pixel in the array")


# I-2.2: the pixel that a weight meets in x ⋆ h.


def _draw_other_order(rng: np.random.Generator) -> Params:
    m, n = rng.choice([-4, 4]), rng.choice([-2, 2])
    i, j = rng.choice([-1, 0, 1], 2, replace=False)
    return {"m": int(m), "n": int(n), "i": int(i), "j": int(j)}


def _slips_other_order(p: Params) -> list[Slip]:
    m, n, i, j = p["m"], p["n"], p["i"], p["j"]
    return [
        ([i - m, j - n], "right"),
        ([m + i, n + j], "that is h ⋆ x: here the plus sign stands in the index of h, not of x"),
        ([m - i, n - j], "that is the convolution, where the labels add up"),
        ([j - n, i - m], ORDER),
        ([n - j, m - i], "that is the convolution, with the column first"),
        ([-m, -n], "that pixel meets the centre weight h[0, 0]"),
        ([m, n], "that is the output's label"),
        ([-m - i, -n - j], "one sign too many: from m + row of x = row of h follows row of x = row of h − m"),
    ]


def _judge_other_order(p: Params, answer: Array) -> str | None:
    return _two(answer, _slips_other_order(p), "[row, column]", "not a pixel that this weight meets")


# I-2.3: one value of x ⋆ h by hand.


def _draw_value(rng: np.random.Generator) -> Params:
    m, n = rng.choice([-1, 1], 2)
    return {"x": rng.integers(0, 6, (5, 5)), "h": rng.integers(-2, 4, (3, 3)), "m": int(m), "n": int(n)}


def _at(full: Array, m: int, n: int) -> int:
    """Entry with the label [m, n] of a 7 by 7 "full" output whose middle has the label [0, 0]."""
    return int(full[m + 3, n + 3])


def _slips_value(p: Params) -> list[Slip]:
    x, h, m, n = p["x"], p["h"], p["m"], p["n"]
    plain, turned = correlate(x, h), convolve(x, h)
    return [
        (_at(plain, -m, -n), "right"),
        (_at(plain, m, n), "is (h ⋆ x)[m, n]; x ⋆ h has it at the label with the opposite signs"),
        (_at(turned, m, n), "is the convolution at [m, n]"),
        (_at(turned, -m, -n), "takes the right patch, but turns the kernel: this is no convolution"),
        (_at(correlate(x.T, h.T), -m, -n), "takes rows for columns, in the image and in the kernel"),
        (_at(correlate(x, h.T), -m, -n), "is what a transposed kernel gives"),
        (_at(plain, m, -n), "takes the minus sign for the columns only"),
        (_at(plain, -m, n), "takes the minus sign for the rows only"),
        (_at(plain, 0, 0), "is the value at [0, 0]"),
    ]


def _judge_value(p: Params, answer: Array) -> str | None:
    if answer.size != 1:
        return f"expected one number, got {answer.size}"
    value, slips = float(answer.ravel()[0]), _slips_value(p)
    if value == slips[0][0] or abs(value - slips[0][0]) < 1e-6:
        return None
    return f"{value:g} {named_slip(value, slips[1:]) or 'is not that sum'}"


# I-2.4: where a label stands in "full", "same" and "valid".


def _draw_modes(rng: np.random.Generator) -> Params:
    len_h = int(rng.choice([3, 5, 7]))
    return {
        "len_x": int(rng.integers(20, 31)),
        "first_x": int(rng.integers(-9, -3)),
        "len_h": len_h,
        "first_h": int(rng.choice([-2, -1, 2])),
        "n": int(rng.integers(3, 9)),
    }


def _slips_modes(p: Params) -> list[Slip]:
    a, b, n, reach = p["first_x"], p["first_h"], p["n"], (p["len_h"] - 1) // 2
    full = n - a - b
    return [
        ([full, full - reach, full - 2 * reach], "right"),
        ([n, n - reach, n - 2 * reach], "the first entry of full has the label first_x + first_h, not 0"),
        ([n - a, n - a - reach, n - a - 2 * reach], "the kernel's first label counts too: add it to first_x"),
        ([full, full + reach, full + 2 * reach], "the wrong way: same and valid leave out entries at the start"),
        ([full, full, full], "the three modes start at different labels"),
        ([full, full - reach, full - reach], "full and same are right; valid leaves out len_h − 1 at the start"),
        ([full, full - 2 * reach, full - reach], "full is right; same and valid are swapped"),
        ([full, full - 2 * reach, full - 4 * reach], "len_h − 1 is what both ends of same leave out together"),
        ([n + a + b, n + a + b - reach, n + a + b - 2 * reach], "take the first label away from n, do not add it"),
        ([full + 1, full - reach + 1, full - 2 * reach + 1], "one too many: the first entry has the index 0"),
    ]


def _judge_modes(p: Params, answer: Array) -> str | None:
    if answer.size != 3:
        return f"expected three numbers, [full, same, valid], got {answer.size}"
    return named_or_wrong(answer.ravel(), _slips_modes(p), "not where this label stands")


# I-2.5: where an even kernel puts its weights.


def _draw_even(rng: np.random.Generator) -> Params:
    length = int(rng.choice([4, 6, 8]))
    return {"p": int(rng.integers(10, 20)), "len_h": length, "k": int(rng.integers(0, length))}


def _slips_even(q: Params) -> list[Slip]:
    p, length, k = q["p"], q["len_h"], q["k"]
    early, late = (length - 1) // 2, length // 2
    return [
        ([p + k - early, p + k - late], "right"),
        ([p + k - late, p + k - early], "the right two places, but the other way round: try it with [1, 1]"),
        ([p + k - early, p + k - early], "the first is right; ndimage takes the other of the two middle weights"),
        ([p + k - late, p + k - late], "the second is right; signal takes the other of the two middle weights"),
        ([p + k, p + k], "that is the place in full; same leaves out entries at the start"),
        ([p - k + early, p - k + late], "the wrong way: a convolution prints the kernel forwards"),
        ([p, p], "there stands the weight that the library takes for the middle one"),
    ]


def _judge_even(p: Params, answer: Array) -> str | None:
    return _two(answer, _slips_even(p), "[signal, ndimage]", "not where this weight comes out")


EXERCISES: Exercises = {
    "I-2.1": (_draw_translation, _judge_translation, _slips_translation),
    "I-2.2": (_draw_other_order, _judge_other_order, _slips_other_order),
    "I-2.3": (_draw_value, _judge_value, _slips_value),
    "I-2.4": (_draw_modes, _judge_modes, _slips_modes),
    "I-2.5": (_draw_even, _judge_even, _slips_even),
}
