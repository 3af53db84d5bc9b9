"""Exercises of chapter I-4, The layer."""

import math
from typing import Any

import numpy as np
from numpy.random import Generator

from convlib.checks.declaration import Array, Drawn, Exercise
from convlib.nn import receptive_field


def _sizes(given: dict[str, int], *, extra: int = 0, one: int = 1, up: bool = False, **changed: int) -> list[int]:
    height, width, k, s, q, d = (given | changed).values()
    rooms = [pixels + 2 * q - d * (k - 1) - 1 + extra for pixels in (height, width)]
    return [(-(-room // s) if up else room // s) + one for room in rooms]


@Exercise("I-4.1", "[rows, columns]", otherwise="not the number of rows and columns")
def _size(rng: Generator) -> Drawn:
    """The size of an output."""
    height, width = rng.choice(np.arange(20, 48), 2, replace=False)
    names = ("kernel", "stride", "padding", "dilation")
    options = dict(zip(names, rng.integers([4, 2, 3, 2], [6, 4, 5, 4]).tolist(), strict=True))
    given = {"height": height, "width": width, **options}
    right = _sizes(given)
    slips = [
        (right[::-1], "right numbers, but the order is [rows, columns]"),
        (_sizes(given, one=0), "these are the steps; the first place counts too, hence the + 1"),
        (
            _sizes(given, dilation=1),
            "the dilation is missing: the kernel reaches over dilation·(kernel − 1) + 1 pixels",
        ),
        (_sizes(given, padding=0), "the padding is missing: there are zeros on both sides"),
        (_sizes(given, extra=-given["padding"]), "the zeros stand on both sides: the padding counts twice"),
        (_sizes(given, stride=1), "the stride is missing: the kernel visits every second or third place only"),
        (_sizes(given, extra=-given["dilation"]), "take dilation·(kernel − 1), not dilation·kernel"),
        (_sizes(given, up=True), "round down: a step that does not fit is not taken"),
    ]
    return given, right, slips


@_size.worked
def _fitted(given: dict[str, Any], right: Any) -> dict[str, Any]:
    reach = given["dilation"] * (given["kernel"] - 1) + 1
    tall, wide = (given[side] + 2 * given["padding"] for side in ("height", "width"))
    rows, columns = right
    return {
        "reach": reach,
        "tall": tall,
        "wide": wide,
        "below": tall - reach,
        "beside": wide - reach,
        "down": rows - 1,
        "along": columns - 1,
        "rows": rows,
        "columns": columns,
    }


def _size_and_jump(layers: Array) -> list[int]:
    found = receptive_field([(k, s, 0, d) for k, s, d in layers.tolist()])
    return [found.size, found.jump]


@Exercise("I-4.2", "[size, jump]", otherwise="not the size and the jump")
def _field(rng: Generator) -> Drawn:
    """The receptive field of a stack."""
    kernels, dilations = rng.integers(2, 6, 3), rng.permutation([1, 2, 3])
    strides = rng.permutation([2, 3, int(rng.integers(1, 4))])
    layers = np.stack([kernels, strides, dilations], axis=1)
    size, jump = _size_and_jump(layers)
    plain = np.stack([kernels, strides, np.ones(3, dtype=int)], axis=1)
    steps = dilations * (kernels - 1)
    late = 1 + np.sum(steps * np.cumprod(strides))
    slips = [
        ([jump, size], "right numbers, but the size comes first"),
        ([_size_and_jump(plain)[0], jump], "the dilation is missing: a kernel spans dilation·(kernel − 1) steps"),
        ([1 + steps.sum(), jump], "each step is counted as one pixel; after a stride it is longer"),
        ([late, jump], "a stride makes the steps of the layers after it longer, not those of its own layer"),
        ([_size_and_jump(layers[::-1])[0], jump], "the layers are taken in reverse order: start at the image"),
        ([size - 1, jump], "the field starts at one pixel, not at 0"),
        ([np.prod(kernels), jump], "the kernels are multiplied; the field grows by addition"),
        ([size, strides.sum()], "the size is right; strides multiply, they do not add up"),
        ([size, strides[-1]], "the size is right; the jump is the product of all strides, not the last one"),
        ([size, strides[:-1].prod()], "the size is right; the last stride belongs to the jump, too"),
        ([size, 1], "the size is right; the jump is the product of the strides"),
    ]
    return {"layers": layers}, [size, jump], slips


@_field.worked
def _grown(given: dict[str, Any], right: Any) -> dict[str, Any]:
    found, size, step = dict[str, Any](), 1, 1
    for name, (kernel, stride, dilation) in zip(("first", "second", "third"), given["layers"].tolist(), strict=True):
        found[name] = f"{dilation} · ({kernel} − 1) · {step}"
        size, step = size + dilation * (kernel - 1) * step, step * stride
        found |= {f"after_{name}": size, f"step_{name}": step}
    return found | {"size": right[0], "jump": right[1]}


@Exercise("I-4.3", "[layer, dense]", otherwise="not the two numbers of weights")
def _weights(rng: Generator) -> Drawn:
    """The weights of a layer, and those of a dense one."""
    height, width = rng.choice(np.arange(8, 33), 2, replace=False)
    c, f = rng.choice(np.arange(2, 9), 2, replace=False)
    k = rng.choice([3, 5])
    pixels = height * width
    own, dense = f * (c * k**2 + 1), f * pixels * (c * pixels + 1)
    slips = [
        ([dense, own], "right numbers, but the layer comes first"),
        ([own - f, dense], "the first lacks the biases: one for each feature map"),
        ([own, dense - f * pixels], "the first is right; the second lacks the biases, one for each output"),
        ([own - f, dense - f * pixels], "both lack the biases"),
        ([f * (k**2 + 1), dense], "the first: each filter has a kernel for every input channel"),
        ([c * k**2 + 1, dense], "the first: that is one filter, and there are more of them"),
        ([f * (c * k + 1), dense], "the first: a square kernel has rows and columns"),
        ([own * pixels, dense], "the first: all places share the weights, so the size of the image does not matter"),
        ([f * c * (k**2 + 1), dense], "the first: one bias for each feature map, not for each kernel"),
        ([own, f * pixels * c + f * pixels], "the second: every output has a weight for every pixel of every channel"),
        ([own, f * (c * pixels + 1)], "the second: there is an output for every pixel of every feature map"),
        ([own, pixels * (pixels + 1)], "the second forgets the channels on both sides"),
    ]
    return {"channels": c, "filters": f, "height": height, "width": width, "kernel": k}, [own, dense], slips


@_weights.worked
def _counted(given: dict[str, Any], right: Any) -> dict[str, Any]:
    pixels = given["height"] * given["width"]
    counts = {"one": given["channels"] * given["kernel"] ** 2, "inputs": given["channels"] * pixels}
    return {"pixels": pixels, "outputs": given["filters"] * pixels, **counts, "own": right[0], "dense": right[1]}


@Exercise("I-4.4", "[smallest shift, places]", otherwise="not the smallest shift and the places")
def _shift(rng: Generator) -> Drawn:
    """The shifts that a stack follows."""
    strides = rng.permutation([1, 2, 2, int(rng.integers(2, 4))]).tolist()
    moved = rng.integers(2, 7) * math.prod(strides)
    apart, most, total = math.prod(strides), max(strides), sum(strides)
    slips = [
        ([moved // apart, apart], "right numbers, but the smallest shift comes first"),
        ([total, moved / total], "strides multiply: each counts the outputs of the layer before it, not pixels"),
        ([total, moved // total], "strides multiply: each counts the outputs of the layer before it, not pixels"),
        ([most, moved / most], "that is enough for the largest stride alone; the others act as well"),
        ([1, moved], "that holds without strides: between the places that are visited nothing is computed"),
        ([apart, moved], "the first is right; the output has fewer places than the image, and moves by fewer"),
        ([apart, moved * apart], "the first is right; divide by it, do not multiply"),
    ]
    return {"strides": strides, "moved": moved}, [apart, moved // apart], slips


@_shift.worked
def _multiplied(given: dict[str, Any], right: Any) -> dict[str, Any]:
    return {"multiplied": " · ".join(map(str, given["strides"])), "apart": right[0], "places": right[1]}


def _toeplitz(w: Array, pixels: int, stride: int) -> Array:
    rows = range(0, pixels - len(w) + 1, stride)
    return np.array([np.concatenate([np.zeros(n), w, np.zeros(pixels - len(w) - n)]) for n in rows])


def _rolled(row: Array) -> Array:
    return np.array([np.roll(row, n) for n in range(len(row))])


@Exercise("I-4.5")
def _matrix(rng: Generator) -> Drawn:
    """The matrix of a layer."""
    w = rng.choice(np.arange(1, 10), 3, replace=False) * rng.choice([-1, 1, 1], 3)
    pixels, stride = rng.choice([7, 9]), 2
    right = _toeplitz(w, pixels, stride)
    padded = np.pad(w, (0, pixels - 3))
    slips = [
        (_toeplitz(w[::-1], pixels, stride), "the kernel is turned round: a layer does not flip"),
        (right.T, "that is the transpose: one row for each output, one column for each pixel"),
        (_toeplitz(w, pixels, 1), "the stride is missing: from row to row the kernel moves by more than one column"),
        (_toeplitz(w[::-1], pixels, 1), "the stride is missing, and the kernel is turned round"),
        (_rolled(padded), "in the last rows the kernel comes in again on the left"),
        (right[:-1], "the last place is missing: the kernel fits there, too"),
        (right != 0, "these are the connections; write the weights"),
    ]
    return {"w": w, "pixels": pixels, "stride": stride}, right, slips


@_matrix.worked
def _written_down(given: dict[str, Any], right: Any) -> dict[str, Any]:
    return {"count": len(right), "matrix": right}
