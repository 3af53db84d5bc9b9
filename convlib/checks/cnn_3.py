"""Exercises of chapter I-3, Why nobody noticed."""

from typing import Any

import numpy as np
from numpy.random import Generator

from convlib.checks.declaration import Array, Drawn, Exercise
from convlib.checks.words import added, written
from convlib.ops import flip

SAME, NEGATIVE, OTHER = 0, 1, 2


def _whole(rng: Generator) -> Array:
    """Draw a 3 by 3 kernel that is neither a picture of itself under any turn nor its negative."""
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


@Exercise(
    "I-3.1", "one for each kernel", allowed={SAME: "the same", NEGATIVE: "the negative", OTHER: "another picture"}
)
def _kinds(rng: Generator) -> Drawn:
    """What switching the operation changes."""
    plain = [_whole(rng) for _ in range(5)]
    turns, negates, transposes, mirrors = plain[0] + flip(plain[0]), plain[1] - flip(plain[1]), *plain[2:4]
    transposes = np.triu(transposes) + np.triu(transposes, 1).T
    transposes[2, 2] = transposes[0, 0] + 1
    mirrors = np.stack([mirrors[:, 0], mirrors[:, 1], mirrors[:, 0]], axis=1)
    mirrors[2, 1] = mirrors[0, 1] + 1
    kernels = np.array([turns, negates, transposes, mirrors, plain[4]])
    kernels = kernels[rng.permutation(5)]
    right = [_kind(k) for k in kernels]
    transposed = [SAME if _transposes(k) else kind for k, kind in zip(kernels, right, strict=True)]
    mirrored = [SAME if _mirrors(k) else kind for k, kind in zip(kernels, right, strict=True)]
    both = [min(a, b) for a, b in zip(transposed, mirrored, strict=True)]
    slips = [
        (transposed, "one kernel equals its transpose, and that is not enough: turn it by 180° and look again"),
        (mirrored, "one kernel equals its mirror image, and that is not enough: the rows are reversed too"),
        (both, "neither a transpose nor a mirror image is half a turn: compare opposite weights"),
        ([OTHER if kind == NEGATIVE else kind for kind in right], "one kernel has more to say: look at the signs"),
        ([SAME if kind == NEGATIVE else kind for kind in right], "one kernel changes its signs: that is 1, not 0"),
        ([{SAME: OTHER, OTHER: SAME}.get(kind, kind) for kind in right], "0 and 2 are mixed up"),
    ]
    return {"kernels": kernels}, right, slips


def _reason(kernel: Array) -> str:
    """Say by which weights a kernel is one of the three kinds."""
    kind, middle = _kind(kernel), written(kernel[1, 1])
    if kind == SAME:
        return "The same (0): opposite weights are equal."
    if kind == NEGATIVE:
        return "The negative (1): opposite weights are negatives of each other, and the middle one is 0."
    pairs = list(zip(kernel.ravel()[:4].tolist(), flip(kernel).ravel()[:4].tolist(), strict=True))
    if neither := [pair for pair in pairs if abs(pair[0]) != abs(pair[1])]:
        a, b = written(neither[0])
        return f"Another picture (2): {a} lies opposite {b}, and they are neither equal nor negatives of each other."
    a, b = written(next(pair for pair in pairs if pair[0] != pair[1]))
    more = [f"{written(c)} lies opposite {written(d)}" for c, d in pairs if c != -d]
    return f"Another picture (2): {a} lies opposite {b}, and {[*more, f'the middle weight is {middle}'][0]}."


@_kinds.worked
def _looked_at(given: dict[str, Any], right: Any) -> dict[str, Any]:
    names = ("first", "second", "third", "fourth", "fifth")
    return dict(zip(names, map(_reason, given["kernels"]), strict=True)) | {"answer": right}


@Exercise("I-3.2")
def _difference(rng: Generator) -> Drawn:
    """One kernel for the difference of the two operations."""
    h = rng.integers(-4, 5, (3, 3))
    slips = [
        (flip(h) - h, "that is convolution minus correlation: the signs are the wrong way round"),
        ((h - flip(h)) / 2, "that is half of it: the antisymmetric part of the kernel; the difference is twice that"),
        (h + flip(h), "that is the sum of the two operations; wanted is their difference"),
        (h - h.T, "that takes the flip for a transpose"),
        (h - h[::-1], "only the rows were reversed; a flip reverses the columns too"),
        (h - h[:, ::-1], "only the columns were reversed; a flip reverses the rows too"),
        (flip(h), "that kernel gives the convolution; subtract it from the one that gives the correlation"),
        (h, "that kernel gives the correlation; the convolution has yet to be subtracted"),
    ]
    return {"kernel": h}, h - flip(h), slips


@_difference.worked
def _subtracted(given: dict[str, Any], right: Any) -> dict[str, Any]:
    turned = flip(given["kernel"])
    corner, opposite = written(given["kernel"][0, 0]), written(turned[0, 0])
    opposite = f"({opposite})" if "−" in opposite else opposite
    return {"turned": turned, "corner": corner, "opposite": opposite, "left": right[0, 0], "difference": right}


def _amplitudes(columns: Array) -> list[int]:
    left, middle, right = (int(c) for c in columns)
    return [abs(left + middle + right), abs(middle), abs(middle - left - right)]


@Exercise("I-3.3", "one for each fineness", otherwise="not what comes out", distinct=True)
def _stripes(rng: Generator) -> Drawn:
    """The answer to three kinds of upright stripes."""
    half = rng.integers(-2, 5, (3, 3))
    kernel = half + flip(half)
    columns = kernel.sum(axis=0)
    right = _amplitudes(columns)
    signed = [columns.sum(), columns[1], columns[1] - columns[0] - columns[2]]
    slips = [
        (signed, "an amplitude has no sign: bright and dark stripes have changed places, and that is all"),
        (_amplitudes(kernel.sum(axis=1)), "those are the answers to level stripes: add up the columns, not the rows"),
        (_amplitudes(kernel[1]), "that uses the middle row alone; all three rows lie on the same stripes"),
        (right[::-1], "right numbers, from fine to coarse: the even grey comes first"),
        ([right[0]] * 3, "the sum of the weights is the answer to an even grey only"),
    ]
    return {"kernel": kernel}, right, slips


@_stripes.worked
def _laid_on(given: dict[str, Any], right: Any) -> dict[str, Any]:
    columns = given["kernel"].sum(axis=0)
    left, middle, last = columns.tolist()
    return {
        "columns": columns,
        "even_grey": f"{added(columns)} = {written(left + middle + last)}",
        "quarter": middle,
        "finest": f"{added([-left, middle, -last])} = {written(middle - left - last)}",
        "answer": right,
    }


@Exercise("I-3.4", "one for each template", otherwise="not the amounts that add up to the patch")
def _coordinates(rng: Generator) -> Drawn:
    """Coordinates for templates that are not at right angles."""
    templates = np.array([[1.0, 0.0], [0.6, 0.8]])[:, rng.permutation(2)]
    amounts = rng.choice([-3, -2, 2, 3, 4], 2, replace=False)
    patch = amounts @ templates
    right, products = np.linalg.solve(templates.T, patch), templates @ patch
    slips = [
        (products, "those are the inner products: adding up that much of each template gives another patch"),
        (right[::-1], "right numbers in the wrong order: the first template comes first"),
        (patch, "that is the patch itself, pixel by pixel"),
        (templates @ templates @ patch, "that multiplies by the templates twice"),
        (templates @ templates.T @ products, "that multiplies by the Gram matrix: solve with it instead"),
    ]
    return {"templates": templates, "patch": patch}, right, slips


@_coordinates.worked
def _solved(given: dict[str, Any], right: Any) -> dict[str, Any]:
    one, two = given["templates"] @ given["patch"]
    return {"one": one, "two": two, "rest": two - 0.6 * one, "first": right[0], "second": right[1]}
