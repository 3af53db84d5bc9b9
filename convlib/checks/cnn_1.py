"""Exercises of chapter I-1, What a "convolutional" layer computes."""

from typing import Any

import numpy as np
from numpy.random import Generator

from convlib.checks.declaration import Array, Drawn, Exercise
from convlib.checks.words import written
from convlib.ops import convolve, correlate, flip

TURN = "a turn by 180° reverses the rows and the columns: kernel[::-1, ::-1]"


@Exercise("I-1.1", "[row, column]", otherwise="not a pixel that h[i, j] meets")
def _meeting(rng: Generator) -> Drawn:
    """The pixel that one weight meets."""
    m, n = rng.choice(np.arange(3, 9), 2, replace=False)
    i, j = rng.choice([-2, -1, 1, 2], 2, replace=False)
    slips = [
        ([m + i, n + j], "that pixel meets h[i, j] in the cross-correlation: look at the sign"),
        ([n - j, m - i], "right numbers, but the order is [row, column]"),
        ([n + j, m + i], "the signs are the cross-correlation's, and the order is [row, column]"),
        ([i - m, j - n], "all signs are turned round: start from m, then take i away"),
        ([m - i, n + j], "the row is right; the column needs the minus sign too"),
        ([m + i, n - j], "the column is right; the row needs the minus sign too"),
        ([m - j, n - i], "i belongs to the row and j to the column"),
        ([m, n], "that is the output's place, which only the centre weight h[0, 0] meets"),
    ]
    return {"m": m, "n": n, "i": i, "j": j}, [m - i, n - j], slips


@_meeting.worked
def _met(given: dict[str, Any], right: Any) -> dict[str, Any]:
    m, n, i, j = (written(given[name]) for name in "mnij")
    sums = [f"{a} − {f'({b})' if '−' in b else b}" for a, b in ((m, i), (n, j))]
    return {"row_sum": sums[0], "column_sum": sums[1], "row": right[0], "column": right[1]}


def _sum(patch: Array, kernel: Array) -> int:
    return int(correlate(patch, kernel, mode="valid")[0, 0])


@Exercise("I-1.2", "[cross-correlation, convolution]", otherwise="not right: the first is not the cross-correlation")
def _patch(rng: Generator) -> Drawn:
    """One patch, one kernel, two sums."""
    patch, kernel = rng.integers(0, 10, (3, 3)), rng.integers(-3, 4, (3, 3))
    plain, turned = _sum(patch, kernel), _sum(patch, flip(kernel))
    other = [
        (_sum(patch, kernel.T), f"is what a transposed kernel gives; {TURN}"),
        (_sum(patch, kernel[::-1]), "reverses only the rows of the kernel"),
        (_sum(patch, kernel[:, ::-1]), "reverses only the columns of the kernel"),
        (_sum(patch, np.rot90(kernel)), "turns the kernel by 90° only"),
        (_sum(patch, np.rot90(kernel, -1)), "turns the kernel by 90° only"),
    ]
    slips = [
        ([turned, plain], "both sums are right, but the cross-correlation comes first"),
        ([plain, plain], "the first is right; the second is the cross-correlation: nothing was turned"),
        *(([plain, value], f"the first is right; the second {what}") for value, what in other),
        ([plain, None], "the first is right; the second is not the convolution"),
        ([turned, None], "the first number is the convolution: you flipped"),
        *(([value, None], f"the first number {what}") for value, what in other),
    ]
    return {"patch": patch, "kernel": kernel}, [plain, turned], slips


@_patch.worked
def _both_sums(given: dict[str, Any], right: Any) -> dict[str, Any]:
    patch, kernel = given["patch"], given["kernel"]
    products = {"in_place": patch * kernel, "turned": flip(kernel), "opposite": patch * flip(kernel)}
    return {**products, "plain": right[0], "convolved": right[1]}


@Exercise("I-1.3", "one for each place where the whole window lies inside the image")
def _map(rng: Generator) -> Drawn:
    """A whole output map."""
    image, kernel = rng.integers(0, 6, (4, 5)), rng.integers(-2, 3, (3, 3))
    right = correlate(image, kernel, mode="valid")
    turned = convolve(image, kernel, mode="valid")
    slips = [
        (turned, "that is the convolution: you flipped the kernel; this layer, like PyTorch’s, does not"),
        (right.T, "right numbers, transposed: the output has [row, column] like the image"),
        (turned.T, "that is the convolution, and transposed"),
        (right[::-1, ::-1], "right numbers in reverse order: the output itself is turned by 180°"),
        (correlate(image, kernel.T, mode="valid"), "that is the sum with the transposed kernel"),
        (correlate(image, kernel[::-1], mode="valid"), "the kernel's rows were reversed"),
        (correlate(image, kernel[:, ::-1], mode="valid"), "the kernel's columns were reversed"),
        (-right, "right numbers with the wrong sign"),
        (right / kernel.size, "that is the mean of the nine products; the layer adds them up"),
    ]
    return {"image": image, "kernel": kernel}, right, slips


@_map.worked
def _mapped(given: dict[str, Any], right: Any) -> dict[str, Any]:
    first = given["image"][:3, :3] * given["kernel"]
    return {"first": first, "first_sum": first.sum(), "output": right}


@Exercise("I-1.4")
def _port(rng: Generator) -> Drawn:
    """The kernel that makes a flipping function reproduce a layer."""
    image, kernel = rng.integers(0, 6, (5, 6)), rng.integers(-3, 4, (3, 3))
    output = correlate(image, kernel, mode="valid")
    quarter = "that is a turn by 90°; two of them are needed"
    slips = [
        (kernel, "the kernel is unchanged, and convolve2d turns it once: turn it beforehand"),
        (kernel[::-1], f"only the rows are reversed; {TURN}"),
        (kernel[:, ::-1], f"only the columns are reversed; {TURN}"),
        (kernel.T, f"that is the transpose; {TURN}"),
        (flip(kernel).T, f"that is turned and transposed; {TURN}"),
        (np.rot90(kernel), quarter),
        (np.rot90(kernel, -1), quarter),
        (-kernel, f"that changes the signs of the weights, not their places; {TURN}"),
        (output, "that is the layer's output; wanted is the kernel to pass to convolve2d"),
    ]
    return {"image": image, "kernel": kernel, "output": output}, flip(kernel), slips


@_port.worked
def _ported(given: dict[str, Any], right: Any) -> dict[str, Any]:
    return {"turned": right}


@Exercise("I-1.5", derive="move")
def _move(rng: Generator) -> Drawn:
    """A kernel that moves the picture."""
    down, right = rng.choice([1, 2, 3], 2, replace=False) * rng.choice([-1, 1], 2)
    slips = [
        ([-down, -right], "the opposite way, which would be right for a convolution"),
        ([right, down], "rows and columns are swapped"),
        ([-right, -down], "the opposite way, and rows and columns are swapped"),
        ([-down, right], "the columns are right, the rows go the opposite way"),
        ([down, -right], "the rows are right, the columns go the opposite way"),
    ]
    return {"down": down, "right": right}, [down, right], slips


@_move.worked
def _moved(given: dict[str, Any], right: Any) -> dict[str, Any]:
    i, j = -given["down"], -given["right"]
    reach = max(abs(i), abs(j))
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), int)
    kernel[reach + i, reach + j] = 1
    return {"i": i, "j": j, "reach": reach, "side": 2 * reach + 1, "kernel": kernel}
