"""Exercises of chapter I-3, Why nobody noticed."""

import numpy as np

from convlib.checks.judging import Array, Exercises, Params, Slip, judge_array, named_or_wrong
from convlib.ops import flip

# I-3.1: what does switching the operation change?

SAME, NEGATIVE, OTHER = 0, 1, 2


def _whole(rng: np.random.Generator) -> Array:
    """A 3 by 3 kernel that is neither a picture of itself under any turn nor its negative."""
    while True:
        kernel = rng.integers(-3, 4, (3, 3))
        if len(set(kernel.ravel().tolist())) > 4 and _kind(kernel) == OTHER:
            return kernel


def _kind(kernel: Array) -> int:
    if np.array_equal(flip(kernel), kernel):
        return SAME
    return NEGATIVE if np.array_equal(flip(kernel), -kernel) else OTHER


def _transposes(kernel: Array) -> bool:
    return np.array_equal(kernel, kernel.T)


def _mirrors(kernel: Array) -> bool:
    return np.array_equal(kernel, kernel[:, ::-1])


def _draw_kinds(rng: np.random.Generator) -> Params:
    plain = [_whole(rng) for _ in range(5)]
    turns, negates, transposes, mirrors = plain[0] + flip(plain[0]), plain[1] - flip(plain[1]), *plain[2:4]
    transposes = np.triu(transposes) + np.triu(transposes, 1).T
    transposes[2, 2] = transposes[0, 0] + 1
    mirrors = np.stack([mirrors[:, 0], mirrors[:, 1], mirrors[:, 0]], axis=1)
    mirrors[2, 1] = mirrors[0, 1] + 1
    kernels = np.array([turns, negates, transposes, mirrors, plain[4]])
    return {"kernels": kernels[rng.permutation(5)]}


def _slips_kinds(p: Params) -> list[Slip]:
    right, kernels = [_kind(k) for k in p["kernels"]], p["kernels"]
    transposed = [SAME if _transposes(k) else kind for k, kind in zip(kernels, right, strict=True)]
    mirrored = [SAME if _mirrors(k) else kind for k, kind in zip(kernels, right, strict=True)]
    both = [min(a, b) for a, b in zip(transposed, mirrored, strict=True)]
    return [
        (right, "right"),
        (transposed, "one kernel equals its transpose, and that is not enough: turn it by 180° and look again"),
        (mirrored, "one kernel equals its mirror image, and that is not enough: the rows are reversed too"),
        (both, "neither a transpose nor a mirror image is half a turn: compare opposite weights"),
        ([OTHER if kind == NEGATIVE else kind for kind in right], "one kernel has more to say: look at the signs"),
        ([SAME if kind == NEGATIVE else kind for kind in right], "one kernel changes its signs: that is 1, not 0"),
        ([{SAME: OTHER, OTHER: SAME}.get(kind, kind) for kind in right], "0 and 2 are mixed up"),
    ]


def _judge_kinds(p: Params, answer: Array) -> str | None:
    if answer.size != 5:
        return f"expected five numbers, one for each kernel, got {answer.size}"
    if not set(answer.ravel().round(6).tolist()) <= {SAME, NEGATIVE, OTHER}:
        return "each number is 0 (the same), 1 (the negative) or 2 (another picture)"
    return judge_array(answer.ravel(), _slips_kinds(p))


# I-3.2: one kernel for the difference of the two operations.


def _draw_difference(rng: np.random.Generator) -> Params:
    return {"kernel": rng.integers(-4, 5, (3, 3))}


def _slips_difference(p: Params) -> list[Slip]:
    h = p["kernel"]
    return [
        (h - flip(h), "right"),
        (flip(h) - h, "that is convolution minus correlation: the signs are the wrong way round"),
        (
            (h - flip(h)) / 2,
            "that is half of it: the antisymmetric part of the kernel, and the difference is twice that",
        ),
        (h + flip(h), "that is the sum of the two operations; wanted is their difference"),
        (h - h.T, "that takes the flip for a transpose"),
        (h - h[::-1], "only the rows were reversed; a flip reverses the columns too"),
        (h - h[:, ::-1], "only the columns were reversed; a flip reverses the rows too"),
        (flip(h), "that kernel gives the convolution; subtract it from the one that gives the correlation"),
        (h, "that kernel gives the correlation; the convolution has yet to be subtracted"),
    ]


def _judge_difference(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_difference(p))


# I-3.3: the answer to three kinds of upright stripes.


def _draw_stripes(rng: np.random.Generator) -> Params:
    """A point-symmetric kernel for which every slip gives numbers of its own."""
    while True:
        kernel = rng.integers(-2, 5, (3, 3))
        params = {"kernel": kernel + flip(kernel)}
        values = [str(np.array(value)) for value, _ in _slips_stripes(params)]
        if len(set(values)) == len(values):
            return params


def _amplitudes(columns: Array) -> list[int]:
    left, middle, right = (int(c) for c in columns)
    return [abs(left + middle + right), abs(middle), abs(middle - left - right)]


def _slips_stripes(p: Params) -> list[Slip]:
    kernel = p["kernel"]
    columns = kernel.sum(axis=0)
    right = _amplitudes(columns)
    signed = [int(columns.sum()), int(columns[1]), int(columns[1] - columns[0] - columns[2])]
    return [
        (right, "right"),
        (signed, "an amplitude has no sign: bright and dark stripes have changed places, and that is all"),
        (_amplitudes(kernel.sum(axis=1)), "those are the answers to level stripes: add up the columns, not the rows"),
        (_amplitudes(kernel[1]), "that uses the middle row alone; all three rows lie on the same stripes"),
        (right[::-1], "right numbers, from fine to coarse: the even grey comes first"),
        ([right[0]] * 3, "the sum of the weights is the answer to an even grey only"),
    ]


def _judge_stripes(p: Params, answer: Array) -> str | None:
    if answer.size != 3:
        return f"expected three numbers, one for each fineness, got {answer.size}"
    return named_or_wrong(answer.ravel(), _slips_stripes(p), "not what comes out")


# I-3.4: coordinates for templates that are not at right angles.


def _draw_coordinates(rng: np.random.Generator) -> Params:
    templates = np.array([[1.0, 0.0], [0.6, 0.8]])[:, rng.permutation(2)]
    amounts = rng.choice([-3, -2, 2, 3, 4], 2, replace=False)
    return {"templates": templates, "patch": amounts @ templates}


def _slips_coordinates(p: Params) -> list[Slip]:
    templates, patch = p["templates"], p["patch"]
    right, products = np.linalg.solve(templates.T, patch), templates @ patch
    return [
        (right, "right"),
        (products, "those are the inner products: adding up that much of each template gives another patch"),
        (right[::-1], "right numbers in the wrong order: the first template comes first"),
        (patch, "that is the patch itself, pixel by pixel"),
        (templates @ templates @ patch, "that multiplies by the templates twice"),
        ((templates @ templates.T) @ products, "that multiplies by the Gram matrix: solve with it instead"),
    ]


def _judge_coordinates(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, one for each template, got {answer.size}"
    return named_or_wrong(answer.ravel(), _slips_coordinates(p), "not the amounts that add up to the patch")


EXERCISES: Exercises = {
    "I-3.1": (_draw_kinds, _judge_kinds, _slips_kinds),
    "I-3.2": (_draw_difference, _judge_difference, _slips_difference),
    "I-3.3": (_draw_stripes, _judge_stripes, _slips_stripes),
    "I-3.4": (_draw_coordinates, _judge_coordinates, _slips_coordinates),
}
