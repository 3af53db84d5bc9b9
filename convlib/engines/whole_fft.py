"""One whole FFT: transform the signal in one piece."""

from __future__ import annotations

import math

import numpy as np

from convlib.engines.boxes import Array, Box, Check, Rate, Shape, always, full_shape
from convlib.engines.fourier import AT_ONCE, Transform, cost_back, cost_there, fast_length, transformed

NAME = "whole-fft"
fits = always

# A signal within this many kernel lengths or samples counts as one block: `auto` may transform
# it whole. A longer one never: a spike in it must not drown samples that are far away.
KERNEL_LENGTHS = 8
SHORT = {1: 4096, 2: 256}


def auto(box: Box, code: str) -> bool:
    """Whether "auto" may take it: for a short signal."""
    axes = transformed(box.h_shape)
    short = SHORT.get(len(axes), 32)
    return all(box.x_shape[axis] <= max(KERNEL_LENGTHS * box.h_shape[axis], short) for axis in axes)


def cost(box: Box, size: int, rate: Rate) -> tuple[float, Shape]:
    """The transforms of both arrays, the product, and the way back.

    >>> rate = dict.fromkeys(("call", "near", "move", "line"), 0.0) | {"fft": 1.0, "far": 1.0}
    >>> cost(Box((10,), (7,), (0,), (16,)), 8, rate)  # three lines of 16 numbers, 4 doublings, half there and back
    (240.0, (16,))
    """
    block = shortest(box)
    return seconds(box, block, rate), block


def shortest(box: Box) -> Shape:
    """Shortest fast transform that wraps nothing onto an output that is asked for.

    >>> shortest(Box((1000,), (101,), (0,), (1100,))), shortest(Box((1000,), (101,), (50,), (1000,)))
    ((1152,), (1080,))
    """
    axes = len(transformed(box.h_shape))
    sides = zip(full_shape(box.x_shape, box.h_shape), box.start, box.shape, box.x_shape, box.h_shape, strict=True)
    return tuple([fast_length(max(m - a, a + n, len_x, len_h), axes) for m, a, n, len_x, len_h in sides])


def seconds(box: Box, block: Shape, rate: Rate) -> float:
    """Cost with transforms of those lengths."""
    size, axes = np.array(float(math.prod(block))), transformed(box.h_shape)
    x, h, y = (
        [(np.array(float(block[axis])), np.array(part[axis] / block[axis])) for axis in axes]
        for part in (box.x_shape, box.h_shape, box.shape)
    )
    calls = 6 + 20 * len(axes)
    moves = 2 * size * rate["near" if size <= AT_ONCE else "move"]
    return float(
        cost_there(size, x, rate) + cost_there(size, h, rate) + cost_back(size, y, rate) + moves + calls * rate["call"]
    )


def run(x: Array, h: Array, start: Shape, shape: Shape, check: Check, block: Shape) -> Array:
    """Multiply the spectrum of the whole signal by that of the kernel.

    Idea: with enough zeros behind both arrays, nothing wraps around onto an output that is asked for.

    Error: at most `integers.rounding`·eps·‖x‖·‖h‖: the whole signal is the block, so one spike can drown every
    other sample.

    >>> x, h = np.array([1.0, 2.0, 3.0]), np.array([1.0, 10.0])
    >>> run(x, h, (0,), (4,), lambda piece: None, block=(4,)).round(9)
    array([ 1., 12., 23., 30.])
    """
    check(h)
    check(x)
    transform = Transform(block, h)
    spectrum = transform.there(x)
    spectrum *= transform.there(h)
    box = [slice(a, a + m) for a, m in zip(start, shape, strict=True)]
    return transform.back(spectrum, box).copy()
