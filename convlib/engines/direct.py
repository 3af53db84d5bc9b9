"""The direct engine: add the products of every window."""

from __future__ import annotations

import math
from itertools import product

import numpy as np

from convlib.engines.boxes import Array, Box, Check, Mode, Rate, Shape, always, full_shape, kept, piece, view
from convlib.engines.products import weighted

NAME = "direct"
fits = auto = always

# Products gathered at once: small enough for the second-level cache.
GATHERED = 2**17


def cost(box: Box, size: int, rate: Rate) -> tuple[float, Shape]:
    """Every product, at the speed of a scalar product or of NumPy's loop for short kernels.

    >>> box = Box((100,), (20,), (0,), (100,))
    >>> cost(box, 8, {"call": 0.0, "inner": 0.5, "dot": 1.0, "tail": 10.0})
    (6050.0, (20,))
    """
    return seconds(math.prod(box.h_shape), box.shape, size, rate), box.h_shape


def seconds(terms: int, shape: Shape, size: int, rate: Rate) -> float:
    """Cost of outputs of that shape, each with so many terms."""
    outputs = math.prod(shape)
    if len(shape) > 1:
        bands = -(-terms * outputs // GATHERED)
        # The pieces of the image and the outputs are copied besides.
        return outputs * (terms * rate["gather"] + 2 * rate["move"]) + (8 + 8 * bands) * rate["call"]
    if terms <= 11:  # NumPy has a loop of its own for so few
        return 2 * rate["call"] + outputs * (rate["output"] + terms * rate["short"])
    # BLAS adds products 128 bytes at a time, and those that are left over one by one.
    left_over = terms % (128 // size) * rate["tail"]
    return 2 * rate["call"] + outputs * (rate["inner"] + terms * rate["dot"] + left_over)


def run(x: Array, h: Array, start: Shape, shape: Shape, check: Check) -> Array:
    """Add the products of each window, nothing else.

    Idea: in 1-D that is `numpy.convolve`. In more dimensions the windows of a band of rows are gathered as the
    columns of a matrix that fits in the cache, and one product of a vector and a matrix gives the whole band.

    Error: at most terms·eps·‖x_window‖·‖h‖. A bad entry of ``x`` spoils no output but those whose window holds
    it; ``h`` may not be wild where zeros are put around ``x``.

    >>> run(np.ones((2, 2)), np.ones((2, 2)), (0, 0), (3, 3), check=lambda piece: None)
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    if x.ndim == 1:
        return sums(x, h, start, shape)
    check(h)
    y = np.empty(shape, x.dtype)
    weights = h[(slice(None, None, -1),) * h.ndim].ravel()
    tile = _tile(shape, max(1, GATHERED // h.size))
    for at in product(*(range(0, m, t) for m, t in zip(shape, tile, strict=True))):
        size = tuple([min(t, m - a) for t, m, a in zip(tile, shape, at, strict=True)])
        low = tuple([s + a - k + 1 for s, a, k in zip(start, at, h.shape, strict=True)])
        box = piece(x, low, full_shape(size, h.shape))
        windows = view(box, h.shape + size, box.strides * 2)
        values = weighted(weights, windows.reshape(h.size, -1))
        y[tuple([slice(a, a + m) for a, m in zip(at, size, strict=True)])] = values.reshape(size)
    return y


def sums(x: Array, h: Array, start: Shape, shape: Shape) -> Array:
    """The same for numbers of any type: `numpy.convolve`, or one shifted, scaled copy of ``x`` per entry of ``h``.

    Nothing is padded, so that not even an infinite ``h`` meets a number that is not there.

    >>> sums(np.array([[1, 2]]), np.array([[1, 10]]), (0, 0), (1, 3))
    array([[ 1, 12, 20]])
    """
    if x.ndim > 1:
        y = np.zeros(shape, x.dtype)
        for k in np.ndindex(h.shape):
            add(y, start, k, x, h[k])
        return y
    modes: tuple[Mode, ...] = ("full", "same", "valid")
    for mode in modes:
        if kept(x.shape, h.shape, mode) == (start, shape):
            return np.convolve(x, h, mode)
    return np.convolve(x, h)[start[0] : start[0] + shape[0]].copy()


def add(y: Array, start: Shape, at: Shape, x: Array, factor: object, where: Array | None = None) -> None:
    """Add ``factor·x``, its first entry at ``at``, to the box ``y`` of a full convolution that begins at ``start``.

    >>> y = np.zeros(3)
    >>> add(y, (1,), (0,), np.array([1.0, 2.0]), 10)
    >>> y
    array([20.,  0.,  0.])
    """
    shift = [a - s for a, s in zip(at, start, strict=True)]
    source = tuple([slice(max(-d, 0), max(m - d, 0)) for d, m in zip(shift, y.shape, strict=True)])
    terms = x[source] * factor
    into = tuple([slice(max(d, 0), max(d, 0) + n) for d, n in zip(shift, terms.shape, strict=True)])
    target = y[into]
    np.add(target, terms, out=target, where=True if where is None else where[source])


def _tile(shape: Shape, outputs: int) -> Shape:
    """The longest run of whole rows, planes … with at most that many outputs."""
    tile: list[int] = []
    for axis in reversed(range(len(shape))):
        inner = math.prod(tile)
        tile.insert(0, max(1, min(shape[axis], outputs // inner)))
    return tuple(tile)
