"""The separable engine: a kernel that is a sum of few outer products acts on columns, then on rows."""

from __future__ import annotations

import numpy as np

from convlib.engines.boxes import Array, Box, Check, Rate, Shape, piece, sliding, view
from convlib.engines.guard import WildError, calm
from convlib.engines.products import multiply
from convlib.engines.toeplitz import PRODUCT, columns, matrix, per_product

NAME = "separable"

# Rows of a band.
BAND = 128
# Most kernels have no factors, so the look for them must be able to save this many calls.
LOOK = 100

Factors = list[tuple[Array, Array]]


def fits(box: Box) -> bool:
    """Planes."""
    return len(box.shape) == 2


def auto(box: Box, code: str) -> bool:
    """Whether "auto" may take it for the shapes alone: never, but for a kernel of at most `worth` factors."""
    return False


def cost(box: Box, size: int, rate: Rate) -> tuple[float, Shape]:
    """That of a kernel of rank 1.

    >>> rate = dict.fromkeys(("call", "narrow", "store", "move"), 0.0) | {"near": 1.0}
    >>> cost(Box((64, 64), (5, 3), (2, 1), (64, 64)), 8, rate)
    (120.0, (5, 3))
    """
    return seconds(box.h_shape, box.shape, 1, rate), box.h_shape


def seconds(h_shape: Shape, shape: Shape, rank: int, rate: Rate) -> float:
    """Cost of two products per outer product of the kernel, and of the search for them."""
    (tall, k), (rows, outputs) = h_shape, shape
    products = sum((columns(n) + n - 1) * per_product(n, rate) for n in h_shape if n > 1)
    bands = -(-rows // BAND)
    padded = (outputs + columns(k)) * (rows + columns(tall))
    calls = 40 + 20 * rank + bands * (12 + 15 * rank)
    work = padded * rank * (products + 2 * rate["store"] + 2 * rate["move"])
    moves = (2 * padded + bands * tall * outputs) * rate["move"]
    return calls * rate["call"] + work + moves + 8 * rank * tall * k * rate["near"]


def worth(box: Box, other: float, copies: int, rate: Rate) -> int:
    """The most factors of a kernel with which so many copies of a box cost less than ``other``, with the look."""
    none, one = (copies * seconds(box.h_shape, box.shape, rank, rate) for rank in (0, 1))
    return max(0, int((other - none - LOOK * rate["call"]) / (one - none)))


def run(x: Array, h: Array, start: Shape, shape: Shape, check: Check, pairs: Factors | None = None) -> Array:
    """Convolve the columns with one factor of the kernel and the rows with the other.

    Idea: a kernel that is an outer product u vᵀ acts as u on each column and then v on each row, and a
    kernel of rank r is the sum of r of them. Each pass is a product with a banded Toeplitz matrix, from the
    left for the columns and from the right for the rows.

    Error: at most terms·eps·‖x_window‖·‖h‖, with the part of the kernel that `factors` leaves out.

    >>> h = np.outer([1.0, 2.0], [1.0, -1.0])
    >>> run(np.ones((2, 2)), h, (0, 0), (3, 3), lambda piece: None).round(9) + 0.0
    array([[ 1.,  0., -1.],
           [ 3.,  0., -3.],
           [ 2.,  0., -2.]])
    """
    check(h)
    pairs = pairs or factors(h)
    tall, wide = columns(h.shape[0]), columns(h.shape[1])
    matrices = [(matrix(u, tall).T.copy(), matrix(v, wide)) for u, v in pairs]
    strips, groups = -(-shape[1] // wide), max(1, min(BAND, shape[0] + tall - 1) // tall)
    band = groups * tall
    needed = strips * wide + h.shape[1] - 1
    parts = -(-needed * matrices[0][0].size // PRODUCT)
    wanted = -(-needed // parts) * parts
    y = np.empty(shape, x.dtype)
    for a in range(0, shape[0], band):
        low = (start[0] + a - h.shape[0] + 1, start[1] - h.shape[1] + 1)
        box = piece(x, low, (band + h.shape[0] - 1, wanted))
        check(box)
        total = _along_rows(_along_columns(box, matrices[0][0], parts), matrices[0][1], strips)
        for left, right in matrices[1:]:
            total += _along_rows(_along_columns(box, left, parts), right, strips)
        m = min(band, shape[0] - a)
        y[a : a + m] = total[:m, : shape[1]]
    return y


def split(h: Array, most: int) -> Factors:
    """Factors of a kernel; none if it takes more than that many, or if it is wild."""
    try:
        calm(h)
    except WildError:
        return []
    return factors(h, most)


def factors(h: Array, most: int | None = None) -> Factors:
    """Write a matrix as a sum of as few outer products u vᵀ as rounding allows; none if it takes more than ``most``.

    Each step of an elimination with the largest entry as pivot takes one away, until what is left is at most
    max(kH, kW)·eps·‖h‖: no more than the rounding error of the convolution itself.

    >>> len(factors(np.outer([1.0, 2.0, 1.0], [-1.0, 0.0, 1.0]))), len(factors(np.eye(3))), factors(np.eye(3), 2)
    (1, 3, [])
    """
    scale = np.abs(h).max() or h.dtype.type(1)
    left = h.astype(np.result_type(h, float)) / scale  # so that no square underflows
    tolerance = max(h.shape) * np.finfo(h.dtype).eps * _norm(left)
    pairs: Factors = []
    while not pairs or _norm(left) > tolerance:
        if len(pairs) == most:
            return []
        row, column = divmod(int(np.abs(left).argmax()), h.shape[1])
        u, v = left[:, column] * scale, left[row] / (left[row, column] or 1)
        left -= np.outer(left[:, column], v)
        left[row], left[:, column] = 0, 0
        pairs.append((u.astype(h.dtype), v.astype(h.dtype)))
    return pairs


def _norm(h: Array) -> float:
    return float(np.sqrt((np.abs(h) ** 2).sum()))


def _along_columns(box: Array, left: Array, parts: int) -> Array:
    """One pass down a band, shape (rows, columns of the box)."""
    tall, length = left.shape
    if length == tall:  # a single sample: nothing to add up
        return np.asarray(box * left[0, 0])
    down, along = box.strides
    groups, part = (len(box) - length) // tall + 1, box.shape[1] // parts
    shape, strides = (groups, parts, length, part), (tall * down, part * along, down, along)
    bands = view(box, shape, strides)
    y = np.empty((groups, tall, parts, part), box.dtype)
    multiply(left, bands, out=y.transpose(0, 2, 1, 3))
    return y.reshape(groups * tall, -1)


def _along_rows(box: Array, right: Array, strips: int) -> Array:
    """One pass along the rows, shape (rows, outputs)."""
    length, wide = right.shape
    if length == wide:
        return np.asarray(box * right[0, 0])
    y = np.empty((len(box), strips, wide), box.dtype)
    multiply(sliding(box, length, wide, strips), right, out=y.transpose(1, 0, 2))
    return y.reshape(len(box), -1)
