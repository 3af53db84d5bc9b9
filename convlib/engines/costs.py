"""What each engine costs: how often it does what, times the seconds that this takes once."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from convlib.engines.boxes import Shape
from convlib.engines.direct import GATHERED
from convlib.engines.gemm import BAND, LEVELS, columns, group_length, piece_length, tiling
from convlib.engines.spectral import AT_ONCE, LONG, REST, doublings, fast_length, transformed

Rate = dict[str, float]  # seconds per operation of one type of number, from rates.json
Grid = npt.NDArray[np.float64]
Side = tuple[Grid, Grid]  # length of a transform, and the part of it that is filled, or kept


def direct_cost(h_shape: Shape, shape: Shape, size: int, rate: Rate) -> float:
    """Cost of `direct`: every product, at the speed of a scalar product or of NumPy's loop for short kernels.

    Parameters
    ----------
    h_shape, shape : tuple of int
        Shapes of the kernel and of the outputs.
    size : int
        Bytes per number.
    rate : dict of str to float
        Seconds per operation.

    Returns
    -------
    float
        Seconds.

    Examples
    --------
    >>> direct_cost((20,), (100,), 8, {"call": 0.0, "inner": 0.5, "dot": 1.0, "tail": 10.0})
    6050.0
    """
    terms, outputs = math.prod(h_shape), math.prod(shape)
    if len(shape) > 1:
        bands = -(-terms * outputs // GATHERED)
        # The pieces of the image and the outputs are copied besides.
        return outputs * (terms * rate["gather"] + 2 * rate["move"]) + (8 + 8 * bands) * rate["call"]
    if terms <= 11:  # NumPy has a loop of its own for so few
        return 2 * rate["call"] + outputs * (rate["output"] + terms * rate["short"])
    # BLAS adds products 128 bytes at a time, and those that are left over one by one.
    left_over = terms % (128 // size) * rate["tail"]
    return 2 * rate["call"] + outputs * (rate["inner"] + terms * rate["dot"] + left_over)


def line_cost(h_shape: Shape, shape: Shape, size: int, rate: Rate) -> float:
    """Cost of `gemm` in 1-D: the products with a Toeplitz matrix, and what is left at the end directly.

    Parameters
    ----------
    h_shape, shape : tuple of int
        Shapes of the kernel and of the outputs.
    size : int
        Bytes per number.
    rate : dict of str to float
        Seconds per operation.

    Returns
    -------
    float
        Seconds.

    Examples
    --------
    >>> rate = dict.fromkeys(("call", "narrow", "store", "near", "move", "inner", "dot", "tail"), 0.0)
    >>> line_cost((17,), (100,), 8, rate | {"narrow": 1.0})  # two groups of 48, 32 products each
    3072.0
    """
    (k,), (outputs,) = h_shape, shape
    length = columns(k) + k - 1
    # What is left after the last whole group of windows is added up directly.
    rest = outputs % group_length(k)
    calls = 12 + -(-outputs // piece_length(k)) * 8
    # Each piece is checked, which reads it once more.
    each = length * _product(k, rate) + rate["store"] + rate["move"] + rate["near"]
    matrix = length * columns(k) * 12 * rate["move"]
    return calls * rate["call"] + matrix + (outputs - rest) * each + direct_cost(h_shape, (rest,), size, rate)


def _product(k: int, rate: Rate) -> float:
    """Seconds per multiply–add of a product with a Toeplitz matrix: it has few columns or many."""
    return rate["narrow" if columns(k) == 16 else "wide"]


def plane_cost(h_shape: Shape, shape: Shape, size: int, rate: Rate) -> float:
    """Cost of `gemm` in 2-D: the products of all tiles, and copies: the piece, its shifted rows, the outputs.

    Parameters
    ----------
    h_shape, shape : tuple of int
        Shapes of the kernel and of the outputs.
    size : int
        Bytes per number.
    rate : dict of str to float
        Seconds per operation.

    Returns
    -------
    float
        Seconds.

    Examples
    --------
    >>> rate = dict.fromkeys(("call", "level", "stack"), 0.0) | {"move": 1.0}
    >>> plane_cost((3, 3), (64, 64), 8, rate)  # 66·66 + 64·64
    8452.0
    """
    (tall, k), (rows, wide) = h_shape, tiling(h_shape, shape, size)
    down, across = -(-shape[0] // rows), -(-shape[1] // wide)
    height, outputs = shape[0] + down * (tall - 1), math.prod(shape)
    products = outputs * (LEVELS + tall - 1) * k * rate["level"]
    copies = height * shape[1] * k * rate["stack"]
    moves = (height * (shape[1] + across * (k - 1)) + outputs) * rate["move"]
    return products + copies + moves + (9 + 8 * down * across) * rate["call"]


def factors_cost(h_shape: Shape, shape: Shape, rank: int, rate: Rate) -> float:
    """Cost of `separable`: two products per outer product of the kernel, and the search for them.

    Parameters
    ----------
    h_shape, shape : tuple of int
        Shapes of the kernel and of the outputs.
    rank : int
        Number of outer products.
    rate : dict of str to float
        Seconds per operation.

    Returns
    -------
    float
        Seconds.

    Examples
    --------
    >>> rate = dict.fromkeys(("call", "narrow", "store", "move"), 0.0) | {"svd": 1.0}
    >>> factors_cost((5, 3), (64, 64), 1, rate)
    45.0
    """
    (tall, k), (rows, outputs) = h_shape, shape
    products = sum((columns(n) + n - 1) * _product(n, rate) for n in h_shape if n > 1)
    bands = -(-rows // BAND)
    padded = (outputs + columns(k)) * (rows + columns(tall))
    calls = 40 + 8 * rank + bands * (12 + 15 * rank)
    work = padded * rank * (products + 2 * rate["store"] + 2 * rate["move"])
    moves = (2 * padded + bands * tall * outputs) * rate["move"]
    return calls * rate["call"] + work + moves + max(h_shape) * min(h_shape) ** 2 * rate["svd"]


def _there(size: Grid, sides: list[Side], rate: Rate) -> Grid:
    """Seconds to transform blocks of ``size`` numbers: the last axis first, then the others fill up with zeros."""
    *others, (last, _) = sides
    part = math.prod([filled for _, filled in others], start=size)
    seconds = part * _pass(last, part, sides, rate)
    for n, filled in others:
        part = part / filled
        seconds = seconds + part * _pass(n, part, sides, rate)
    return seconds


def _back(size: Grid, sides: list[Side], rate: Rate) -> Grid:
    """Seconds to transform back: the last axis last, when the others have dropped what is not kept."""
    part, seconds = size, np.array(0.0)
    for n, right in sides:
        seconds = seconds + part * _pass(n, part, sides, rate)
        part = part * right
    return seconds


def _pass(n: Grid, part: Grid, sides: list[Side], rate: Rate) -> Grid:
    """Seconds per number along one axis and in one direction, of ``part`` numbers in blocks with the given sides."""
    block = math.prod([length for length, _ in sides], start=np.array(1.0))
    # Beyond the cache each doubling costs more, and each pass reads and writes the slower memory.
    far = np.clip((np.log2(n) - 13) / 7, 0, 2)
    doubling = rate["fft"] + far * (rate["far"] - rate["fft"])
    copy = np.where(block > AT_ONCE, rate["move"], rate["near"])
    # The rates are those of powers of two; other factors cost more.
    steps = np.log2(n) * np.vectorize(doublings)(n.astype(int)) / (REST + np.log2(n))
    # A line alone leaves lanes of the processor idle, unless it is long (`spectral.LONG`).
    steps = np.where((part < 2 * n) & (n < LONG["f"]), 2.5, 1.0) * steps
    seconds: Grid = (steps * doubling + rate["line"] / n) / 2 + copy
    return seconds


def whole_cost(x_shape: Shape, h_shape: Shape, shape: Shape, block: Shape, rate: Rate) -> float:
    """Cost of `whole_fft`: the transforms of both arrays, the product, and the way back.

    Parameters
    ----------
    x_shape, h_shape, shape : tuple of int
        Shapes of the signal, of the kernel and of the outputs.
    block : tuple of int
        Lengths of the transforms.
    rate : dict of str to float
        Seconds per operation.

    Returns
    -------
    float
        Seconds.

    Examples
    --------
    >>> rate = dict.fromkeys(("call", "near", "move", "line"), 0.0) | {"fft": 1.0, "far": 1.0}
    >>> whole_cost((10,), (7,), (16,), (16,), rate)  # three lines of 16 numbers, 4 doublings, half there and back
    240.0
    """
    size, axes = np.array(float(math.prod(block))), transformed(h_shape)
    x, h, y = (
        [(np.array(float(block[axis])), np.array(part[axis] / block[axis])) for axis in axes]
        for part in (x_shape, h_shape, shape)
    )
    calls = 6 + 20 * len(axes)
    moves = 2 * size * rate["near" if size <= AT_ONCE else "move"]
    return float(_there(size, x, rate) + _there(size, h, rate) + _back(size, y, rate) + moves + calls * rate["call"])


def best_block(h_shape: Shape, shape: Shape, rate: Rate) -> tuple[Shape, float]:
    """Block of `overlap_save` with the lowest cost, and that cost.

    Parameters
    ----------
    h_shape, shape : tuple of int
        Shapes of the kernel and of the outputs.
    rate : dict of str to float
        Seconds per operation.

    Returns
    -------
    block : tuple of int
        Length of a block along each axis.
    seconds : float

    Examples
    --------
    >>> rate = dict.fromkeys(("call", "near", "move", "line"), 0.0) | {"fft": 1.0, "far": 1.0}
    >>> best_block((3,), (14,), rate)  # seven blocks there and back, the kernel alone: 7·4·2 + 4·2.5
    ((4,), 66.0)
    """
    axes = transformed(h_shape)
    pairs = enumerate(zip(h_shape, shape, strict=True))
    sides = [np.array(_lengths(k, m) if axis in axes else [1], float) for axis, (k, m) in pairs]
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
    cost = _there(counts * numbers, whole, rate) + _back(counts * numbers, right, rate) + _there(part, kernel, rate)
    calls = (groups + 1) * (6 + 15 * len(axes))
    # The pieces of the signal, the spectra there and back, the product and the outputs.
    cost = cost + counts * numbers * (rate["near"] + 4 * rate["move"]) + calls * rate["call"]
    best = np.unravel_index(int(np.argmin(cost)), cost.shape)
    block = tuple([int(np.broadcast_to(grid, cost.shape)[best]) for grid in grids])
    return block, float(cost[best])


def _lengths(k: int, outputs: int) -> list[int]:
    """Transform lengths to compare: even shares of the outputs, and powers of two times 1, 3 or 5."""
    shares = {fast_length(-(-outputs // parts) + k - 1) for parts in range(1, 9)}
    doubled = {base << bits for bits in range(4, 26) for base in (1, 3, 5)}
    # Blocks of more numbers leave the last cache, and one of two kernels and a half wastes little.
    longest, most = max(shares), min(64 * k + 8192, max(2**18, 5 * k // 2))
    usual = {n for n in doubled if max(k + 8, 5 * k // 4) <= n <= min(longest, most)}
    return sorted(usual | {n for n in shares if n <= most} or {longest})
