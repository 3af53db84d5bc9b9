"""Overlap-save: transform blocks that overlap by the kernel's length, and keep what did not wrap around."""

from __future__ import annotations

import math
from itertools import product

import numpy as np

from convlib.engines.boxes import Array, Box, Check, Rate, Shape, always, piece, sliding
from convlib.engines.fourier import AT_ONCE, LANES, Transform, cost_back, cost_there, fast_length, transformed

NAME = "overlap-save"
fits = auto = always


def cost(box: Box, size: int, rate: Rate) -> tuple[float, Shape]:
    """That of the best of many blocks.

    >>> rate = dict.fromkeys(("call", "near", "move", "line"), 0.0) | {"fft": 1.0, "far": 1.0}
    >>> cost(Box((12,), (3,), (0,), (14,)), 8, rate)  # seven blocks there and back, the kernel alone: 7·4·2 + 4·2.5
    (66.0, (4,))
    """
    h_shape, shape, axes = box.h_shape, box.shape, transformed(box.h_shape)
    pairs = enumerate(zip(h_shape, shape, strict=True))
    sides = [np.array(lengths(k, m) if axis in axes else [1], float) for axis, (k, m) in pairs]
    grids = [
        np.array(side, float).reshape([-1 if a == b else 1 for b in range(len(sides))]) for a, side in enumerate(sides)
    ]
    part = math.prod([grids[axis] for axis in axes], start=np.array(1.0))
    # Axes that are not transformed fill the cache with whole rows.
    for axis in range(len(sides)):
        if axis not in axes:
            grids[axis] = np.clip(AT_ONCE // part, 1, shape[axis])
    numbers = math.prod(grids, start=np.array(1.0))
    counts = math.prod(
        [np.ceil(m / (grid - k + 1)) for m, grid, k in zip(shape, grids, h_shape, strict=True)], start=np.array(1.0)
    )
    groups = np.ceil(counts / np.maximum(AT_ONCE // numbers, 1))
    whole = [(grids[axis], np.array(1.0)) for axis in axes]
    kernel = [(grids[axis], h_shape[axis] / grids[axis]) for axis in axes]
    right = [(grids[axis], 1 - (h_shape[axis] - 1) / grids[axis]) for axis in axes]
    seconds = (
        cost_there(counts * numbers, whole, rate)
        + cost_back(counts * numbers, right, rate)
        + cost_there(part, kernel, rate)
    )
    calls = (groups + 1) * (6 + 15 * len(axes))
    # The pieces of the signal, the spectra there and back, the product and the outputs.
    seconds = seconds + counts * numbers * (rate["near"] + 4 * rate["move"]) + calls * rate["call"]
    best = np.unravel_index(int(np.argmin(seconds)), seconds.shape)
    block = tuple([int(np.broadcast_to(grid, seconds.shape)[best]) for grid in grids])
    return float(seconds[best]), block


def lengths(k: int, outputs: int) -> list[int]:
    """Transform lengths to compare: even shares of the outputs, and powers of two times 1, 3 or 5."""
    shares = {fast_length(-(-outputs // parts) + k - 1) for parts in range(1, 9)}
    doubled = {base << bits for bits in range(4, 26) for base in (1, 3, 5)}
    # Blocks of more numbers leave the last cache, and one of two kernels and a half wastes little.
    longest, most = max(shares), min(64 * k + 8192, max(2**18, 5 * k // 2))
    usual = {n for n in doubled if max(k + 8, 5 * k // 4) <= n <= min(longest, most)}
    return sorted(usual | {n for n in shares if n <= most} or {longest})


def run(x: Array, h: Array, start: Shape, shape: Shape, check: Check, block: Shape) -> Array:
    """Multiply the spectra of blocks by that of the kernel.

    Idea: the product of the spectra of a block and of the kernel is their circular convolution. Its first
    len_h − 1 outputs are wrapped around and wrong, so the blocks overlap by that much and these are dropped. As many
    blocks as the cache holds are transformed in one call, straight from the signal. Where the kernel has length 1
    nothing is transformed, and ``block`` is the number of rows taken at once.

    Error: at most `integers.rounding`·eps·‖x_block‖·‖h‖: a spike spoils the digits of its own block alone.

    >>> x, h = np.arange(1.0, 6), np.array([1.0, 10.0])
    >>> run(x, h, (0,), (6,), lambda piece: None, block=(4,)).round(9)
    array([ 1., 12., 23., 34., 45., 50.])
    """
    check(h)
    overlap = [k - 1 for k in h.shape]
    step = [n - over for n, over in zip(block, overlap, strict=True)]
    most, lanes = max(1, AT_ONCE // math.prod(block)), LANES.get(x.dtype.char, 1) if x.ndim == 1 else 1
    at_once, lanes = (most - most % lanes, lanes) if most >= lanes else (most, 1)
    transform = Transform(block, h)
    spectrum = transform.there(h)
    right = [slice(over, None) for over in overlap]
    y = np.empty(shape, x.dtype)
    for at in product(*(range(0, m, s) for m, s in zip(shape, [*step[:-1], at_once * step[-1]], strict=True))):
        count = min(at_once, filled(-(-(shape[-1] - at[-1]) // step[-1]), lanes))
        low = tuple([s + a - over for s, a, over in zip(start, at, overlap, strict=True)])
        box = piece(x, low, (*block[:-1], (count - 1) * step[-1] + block[-1]))
        check(box)
        spectra = transform.there(sliding(box, block[-1], step[-1], count))
        spectra *= spectrum
        _put(y, at, transform.back(spectra, right))
    return y


def filled(count: int, lanes: int) -> int:
    """Number of blocks to transform for ``count`` of them: blocks of zeros cost less than empty lanes."""
    return count + -count % lanes if count % lanes > 1 else count


def _put(y: Array, at: Shape, blocks: Array) -> None:
    """Write blocks that follow each other along the last axis; what leaves ``y`` is dropped."""
    into = y[tuple([slice(a, a + n) for a, n in zip(at, blocks.shape[1:], strict=True)][:-1])][..., at[-1] :]
    blocks = blocks[(slice(None), *(slice(n) for n in into.shape[:-1]))]
    count, step = len(blocks), blocks.shape[-1]
    fits = min(count, into.shape[-1] // step)
    if fits:
        room = into[..., : fits * step]
        room.reshape(*room.shape[:-1], fits, step)[...] = np.moveaxis(blocks[:fits], 0, -2)
    if fits < count:
        rest = into[..., fits * step :]
        rest[...] = blocks[fits][..., : rest.shape[-1]]
