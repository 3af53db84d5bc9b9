"""The matrix engine: a Toeplitz matrix turns a convolution into the product that BLAS is best at."""

from __future__ import annotations

import math
from itertools import product

import numpy as np

from convlib.engines import direct
from convlib.engines.boxes import Array, Box, Check, Rate, Shape, piece, view
from convlib.engines.products import even, multiply

NAME = "gemm"

# In 2-D: rows of outputs that one window computes, bytes of a tile, which the second-level cache
# holds, and its least height in kernels. Tiles are some multiples of RUN wide.
LEVELS, TILE, HIGH, RUN = 4, 3 * 2**18, 8, 32
# Multiply–adds asked for at once: `multiply` cuts them in two or three, and calls seldom.
PRODUCT = 10**6
# Without AVX-512 NumPy's loop for so few real taps is up to three times as fast as matrices.
FEW = 9


def fits(box: Box) -> bool:
    """Lines and planes."""
    return len(box.shape) <= 2


def auto(box: Box, code: str) -> bool:
    """Whether "auto" may take it: not for a few real taps."""
    return len(box.shape) > 1 or box.h_shape[0] > FEW or code not in "fd"


def cost(box: Box, size: int, rate: Rate) -> tuple[float, Shape]:
    """The products with the matrix, and copies.

    >>> box = Box((84,), (17,), (0,), (100,))
    >>> rate = dict.fromkeys(("call", "narrow", "store", "near", "move", "inner", "dot", "tail"), 0.0)
    >>> cost(box, 8, rate | {"narrow": 1.0})  # two groups of 48, 32 products each
    (3072.0, (17,))
    """
    return (_line_cost if len(box.shape) == 1 else _plane_cost)(box.h_shape, box.shape, size, rate), box.h_shape


def run(x: Array, h: Array, start: Shape, shape: Shape, check: Check) -> Array:
    """Multiply windows of the signal by a Toeplitz matrix.

    Idea: L neighbouring outputs read the same L + len_h − 1 samples, so a matrix with L shifted copies of the
    kernel as its columns turns one such window into L outputs. Windows that do not overlap are the rows of a matrix
    without copying anything; several phases, each shifted by L, cover all outputs. In 2-D the Toeplitz matrix slides
    downwards: each row is copied kW times, each time shifted by one column, and L + kH − 1 rows of copies are the
    matrix from which one product computes L whole rows.

    Error: at most terms·eps·‖x_window‖·‖h‖, as `direct`: the zeros of the matrix add nothing, once each piece is
    known to hold no NaN or infinity.

    >>> run(np.array([1.0, 2.0, 3.0]), np.array([1.0, 10.0]), (0,), (4,), lambda piece: None)
    array([ 1., 12., 23., 30.])
    """
    check(h)
    return (_line if x.ndim == 1 else _plane)(x, h, start, shape, check)


def columns(k: int) -> int:
    """L, the number of shifted copies of a kernel of ``k`` samples: few where zeros would outweigh a short one.

    >>> columns(31), columns(100)
    (16, 32)
    """
    return 16 if k <= 48 else 32


def per_product(k: int, rate: Rate) -> float:
    """Seconds per multiply–add of a product with a Toeplitz matrix: it has few columns or many."""
    return rate["narrow" if columns(k) == 16 else "wide"]


def matrix(h: Array, count: int) -> Array:
    """Matrix whose column j is the flipped ``h`` shifted down by j.

    window @ matrix(h, L) are the L outputs of a window of L + len_h − 1 samples

    >>> matrix(np.array([1, 2, 3]), 2)
    array([[3, 0],
           [2, 3],
           [1, 2],
           [0, 1]])
    """
    found = np.zeros((count + h.size - 1, count), h.dtype)
    down, right = found.strides
    view(found, (count, h.size), (down + right, down))[...] = h[::-1]
    return found


def group_length(k: int) -> int:
    """Outputs of one window in all its phases: L, times the phases that it takes to fit the window in.

    >>> group_length(5), group_length(31)
    (32, 48)
    """
    wide = columns(k)
    return -(-(wide + k - 1) // wide) * wide


def piece_length(k: int) -> int:
    """Outputs that one round of products computes in 1-D: whole groups.

    >>> piece_length(31), piece_length(100)
    (65184, 38080)
    """
    group, wide = group_length(k), columns(k)
    rows = max(1, PRODUCT // (wide * (wide + k - 1)))
    return min(rows, max(1, 2**16 // group)) * group


def _line_cost(h_shape: Shape, shape: Shape, size: int, rate: Rate) -> float:
    (k,), (outputs,) = h_shape, shape
    length = columns(k) + k - 1
    # What is left after the last whole group of windows is added up directly.
    rest = outputs % group_length(k)
    calls = 12 + -(-outputs // piece_length(k)) * 8
    # Each piece is checked, which reads it once more.
    each = length * per_product(k, rate) + rate["store"] + rate["move"] + rate["near"]
    entries = length * columns(k) * 12 * rate["move"]
    return calls * rate["call"] + entries + (outputs - rest) * each + direct.seconds(k, (rest,), size, rate)


def _line(x: Array, h: Array, start: Shape, shape: Shape, check: Check) -> Array:
    wide = columns(h.size)
    weights = matrix(h, wide)
    group = group_length(h.size)
    phases = group // wide
    y = np.empty(shape, x.dtype)
    rest = shape[0] // group * group
    at_once = piece_length(h.size)
    for a in range(0, rest, at_once):
        b = min(a + at_once, rest)
        signal = piece(x, (start[0] + a - h.size + 1,), (b - a + h.size - 1,))
        check(signal)
        step = signal.itemsize
        windows = view(signal, (phases, (b - a) // group, len(weights)), (wide * step, group * step, step))
        multiply(windows, weights, out=y[a:b].reshape(-1, phases, wide).transpose(1, 0, 2))
    if rest < shape[0]:
        end = piece(x, (start[0] + rest - h.size + 1,), (shape[0] - rest + h.size - 1,))
        check(end)
        y[rest:] = np.convolve(end, h, "valid")
    return y


def tiling(h_shape: Shape, shape: Shape, itemsize: int) -> tuple[int, int]:
    """Rows and columns of outputs in the tiles of a plane.

    >>> tiling((3, 3), (64, 64), 8), tiling((9, 9), (1024, 1024), 8)
    ((64, 64), (76, 128))
    """
    tall, k = h_shape
    # A tile reads tall - 1 rows that the one above it has read too, so it is some kernels high.
    most = min(PRODUCT // (LEVELS * (LEVELS + tall - 1) * k), TILE // (itemsize * k * HIGH * tall))
    wide = min(shape[1], RUN * even(-(-shape[1] // RUN), max(1, most // RUN)))
    groups = max(1, (TILE // (itemsize * k * wide) - tall + 1) // LEVELS)
    return LEVELS * even(-(-shape[0] // LEVELS), groups), wide


def _plane_cost(h_shape: Shape, shape: Shape, size: int, rate: Rate) -> float:
    (tall, k), (rows, wide) = h_shape, tiling(h_shape, shape, size)
    down, across = -(-shape[0] // rows), -(-shape[1] // wide)
    height, outputs = shape[0] + down * (tall - 1), math.prod(shape)
    products = outputs * (LEVELS + tall - 1) * k * rate["level"]
    copies = height * shape[1] * k * rate["stack"]
    moves = (height * (shape[1] + across * (k - 1)) + outputs) * rate["move"]
    return products + copies + moves + (9 + 8 * down * across) * rate["call"]


def _plane(x: Array, h: Array, start: Shape, shape: Shape, check: Check) -> Array:
    (tall, k), step = h.shape, x.itemsize
    length = (LEVELS + tall - 1) * k
    weights = np.zeros((LEVELS, length), h.dtype)
    view(weights, (LEVELS, h.size), ((length + k) * step, step))[...] = h[::-1, ::-1].reshape(-1)
    rows, wide = tiling(h.shape, shape, step)
    y = np.empty(shape, x.dtype)
    stack = np.empty((rows + tall - 1, k, wide), x.dtype)
    for a, b in product(range(0, shape[0], rows), range(0, shape[1], wide)):
        m, n = min(rows, shape[0] - a), min(wide, shape[1] - b)
        box = piece(x, (start[0] + a - tall + 1, start[1] + b - k + 1), (m + tall - 1, n + k - 1))
        check(box)
        down, along = box.strides
        stack[: len(box), :, :n] = view(box, (len(box), k, n), (down, along, along))
        groups = m // LEVELS
        windows = view(stack, (groups, length, n), (LEVELS * k * wide * step, wide * step, step))
        into = y[a : a + m, b : b + n]
        multiply(weights, windows, out=into[: groups * LEVELS].reshape(groups, LEVELS, n))
        rest = m - groups * LEVELS
        if rest:
            needed = (rest + tall - 1) * k
            last = stack[groups * LEVELS :].reshape(-1, wide)[:needed, :n]
            multiply(weights[:rest, :needed], last, out=into[-rest:])
    return y
