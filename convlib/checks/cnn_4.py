"""Exercises of chapter I-4, The layer."""

import math

import numpy as np

from convlib.checks.judging import Array, Exercises, Params, Slip, judge_array, named_or_wrong
from convlib.nn import receptive_field

# I-4.1: the size of an output.


def _draw_size(rng: np.random.Generator) -> Params:
    height, width = rng.choice(np.arange(20, 48), 2, replace=False)
    names = ("kernel", "stride", "padding", "dilation")
    options = dict(zip(names, rng.integers([4, 2, 3, 2], [6, 4, 5, 4]).tolist(), strict=True))
    return {"height": int(height), "width": int(width), **options}


def _sizes(p: Params, *, extra: int = 0, one: int = 1, up: bool = False, **changed: int) -> list[int]:
    given = p | changed
    k, s, q, d = given["kernel"], given["stride"], given["padding"], given["dilation"]
    rooms = [pixels + 2 * q - d * (k - 1) - 1 + extra for pixels in (p["height"], p["width"])]
    return [(-(-room // s) if up else room // s) + one for room in rooms]


def _slips_size(p: Params) -> list[Slip]:
    right = _sizes(p)
    return [
        (right, "right"),
        (right[::-1], "right numbers, but the order is [rows, columns]"),
        (_sizes(p, one=0), "these are the steps; the first place counts too, hence the + 1"),
        (_sizes(p, dilation=1), "the dilation is missing: the kernel reaches over dilation·(kernel − 1) + 1 pixels"),
        (_sizes(p, padding=0), "the padding is missing: there are zeros on both sides"),
        (_sizes(p, extra=-p["padding"]), "the zeros stand on both sides: the padding counts twice"),
        (_sizes(p, stride=1), "the stride is missing: the kernel visits every second or third place only"),
        (_sizes(p, extra=-p["dilation"]), "take dilation·(kernel − 1), not dilation·kernel"),
        (_sizes(p, up=True), "round down: a step that does not fit is not taken"),
    ]


def _judge_size(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [rows, columns], got {answer.size}"
    return named_or_wrong(answer.ravel(), _slips_size(p), "not the number of rows and columns")


# I-4.2: the receptive field of a stack.


def _draw_field(rng: np.random.Generator) -> Params:
    kernels, dilations = rng.integers(2, 6, 3), rng.permutation([1, 2, 3])
    strides = rng.permutation([2, 3, int(rng.integers(1, 4))])
    return {"layers": np.stack([kernels, strides, dilations], axis=1)}


def _field(layers: Array) -> list[int]:
    found = receptive_field([(k, s, 0, d) for k, s, d in layers.tolist()])
    return [found.size, found.jump]


def _slips_field(p: Params) -> list[Slip]:
    kernels, strides, dilations = p["layers"].T
    size, jump = _field(p["layers"])
    plain = np.stack([kernels, strides, np.ones(3, dtype=int)], axis=1)
    steps = dilations * (kernels - 1)
    late = int(1 + np.sum(steps * np.cumprod(strides)))
    return [
        ([size, jump], "right"),
        ([jump, size], "right numbers, but the size comes first"),
        ([_field(plain)[0], jump], "the dilation is missing: a kernel spans dilation·(kernel − 1) steps"),
        ([1 + int(steps.sum()), jump], "each step is counted as one pixel; after a stride it is longer"),
        ([late, jump], "a stride makes the steps of the layers after it longer, not those of its own layer"),
        ([_field(p["layers"][::-1])[0], jump], "the layers are taken in reverse order: start at the image"),
        ([size - 1, jump], "the field starts at one pixel, not at 0"),
        ([int(np.prod(kernels)), jump], "the kernels are multiplied; the field grows by addition"),
        ([size, int(strides.sum())], "the size is right; strides multiply, they do not add up"),
        ([size, int(strides[-1])], "the size is right; the jump is the product of all strides, not the last one"),
        ([size, int(strides[:-1].prod())], "the size is right; the last stride belongs to the jump, too"),
        ([size, 1], "the size is right; the jump is the product of the strides"),
    ]


def _judge_field(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [size, jump], got {answer.size}"
    return named_or_wrong(answer.ravel(), _slips_field(p), "not the size and the jump")


# I-4.3: the weights of a layer, and those of a dense one.


def _draw_weights(rng: np.random.Generator) -> Params:
    height, width = rng.choice(np.arange(8, 33), 2, replace=False)
    channels, filters = rng.choice(np.arange(2, 9), 2, replace=False)
    return {
        "channels": int(channels),
        "filters": int(filters),
        "height": int(height),
        "width": int(width),
        "kernel": int(rng.choice([3, 5])),
    }


def _slips_weights(p: Params) -> list[Slip]:
    c, f, k, pixels = p["channels"], p["filters"], p["kernel"], p["height"] * p["width"]
    own, dense = f * (c * k**2 + 1), f * pixels * (c * pixels + 1)
    return [
        ([own, dense], "right"),
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


def _judge_weights(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [layer, dense], got {answer.size}"
    return named_or_wrong(answer.ravel(), _slips_weights(p), "not the two numbers of weights")


# I-4.4: the shifts that a stack follows.


def _draw_shift(rng: np.random.Generator) -> Params:
    strides = [int(s) for s in rng.permutation([1, 2, 2, int(rng.integers(2, 4))])]
    return {"strides": strides, "moved": int(rng.integers(2, 7)) * math.prod(strides)}


def _slips_shift(p: Params) -> list[Slip]:
    strides, moved = p["strides"], p["moved"]
    apart, most, total = math.prod(strides), max(strides), sum(strides)
    return [
        ([apart, moved // apart], "right"),
        ([moved // apart, apart], "right numbers, but the smallest shift comes first"),
        ([total, moved / total], "strides multiply: each counts the outputs of the layer before it, not pixels"),
        ([total, moved // total], "strides multiply: each counts the outputs of the layer before it, not pixels"),
        ([most, moved / most], "that is enough for the largest stride alone; the others act as well"),
        ([1, moved], "that holds without strides: between the places that are visited nothing is computed"),
        ([apart, moved], "the first is right; the output has fewer places than the image, and moves by fewer"),
        ([apart, moved * apart], "the first is right; divide by it, do not multiply"),
    ]


def _judge_shift(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [smallest shift, places], got {answer.size}"
    return named_or_wrong(answer.ravel(), _slips_shift(p), "not the smallest shift and the places")


# I-4.5: the matrix of a layer.


def _draw_matrix(rng: np.random.Generator) -> Params:
    w = rng.choice(np.arange(1, 10), 3, replace=False) * rng.choice([-1, 1, 1], 3)
    return {"w": w, "pixels": int(rng.choice([7, 9])), "stride": 2}


def _matrix(w: Array, pixels: int, stride: int) -> Array:
    rows = range(0, pixels - len(w) + 1, stride)
    return np.array([np.concatenate([np.zeros(n), w, np.zeros(pixels - len(w) - n)]) for n in rows])


def _rolled(row: Array) -> Array:
    return np.array([np.roll(row, n) for n in range(len(row))])


def _slips_matrix(p: Params) -> list[Slip]:
    w, pixels, stride = p["w"], p["pixels"], p["stride"]
    right = _matrix(w, pixels, stride)
    padded = np.pad(w, (0, pixels - 3))
    return [
        (right, "right"),
        (_matrix(w[::-1], pixels, stride), "the kernel is turned round: a layer does not flip"),
        (right.T, "that is the transpose: one row for each output, one column for each pixel"),
        (_matrix(w, pixels, 1), "the stride is missing: from row to row the kernel moves by more than one column"),
        (_matrix(w[::-1], pixels, 1), "the stride is missing, and the kernel is turned round"),
        (_rolled(padded), "in the last rows the kernel comes in again on the left"),
        (right[:-1], "the last place is missing: the kernel fits there, too"),
        (right != 0, "these are the connections; write the weights"),
    ]


def _judge_matrix(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_matrix(p))


EXERCISES: Exercises = {
    "I-4.1": (_draw_size, _judge_size, _slips_size),
    "I-4.2": (_draw_field, _judge_field, _slips_field),
    "I-4.3": (_draw_weights, _judge_weights, _slips_weights),
    "I-4.4": (_draw_shift, _judge_shift, _slips_shift),
    "I-4.5": (_draw_matrix, _judge_matrix, _slips_matrix),
}
