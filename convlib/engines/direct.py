"""The direct engine: add the products of every window."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Literal

import numpy as np

from convlib.engines.boxes import Array, Shape, full_shape, kept, piece, view
from convlib.engines.products import weighted

# Products gathered at once: small enough for the second-level cache.
GATHERED = 2**17

Check = Callable[[Array], None]


def direct(x: Array, h: Array, start: Shape, shape: Shape, check: Check) -> Array:
    """Add the products of each window, nothing else.

    Idea: every output is the inner product of the flipped kernel with the window around it. In
    1-D that is `numpy.convolve`. In more dimensions the windows of a band of rows are gathered
    as the columns of a matrix that fits in the cache, and one matrix–vector product gives the
    whole band.

    Cost: ``terms`` products per output, where ``terms`` is the size of ``h``.

    Error: at most terms·eps·‖x_window‖·‖h‖. Only the entries in an output's window are read for
    it, so that a bad entry of ``x`` spoils no other output.

    Parameters
    ----------
    x, h : ndarray
        Native floating arrays of one type and number of dimensions, ``h`` not the larger one.
    start, shape : tuple of int
        The box of the full convolution to compute.
    check : callable
        Called with ``h``, which may not be wild where zeros are put around ``x``.

    Returns
    -------
    ndarray
        The box; owns its memory.

    Examples
    --------
    >>> direct(np.ones((2, 2)), np.ones((2, 2)), (0, 0), (3, 3), check=lambda piece: None)
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    if x.ndim == 1:
        return line(x, h, start, shape)
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


def line(x: Array, h: Array, start: Shape, shape: Shape) -> Array:
    """The direct engine in 1-D, for numbers of any type: `numpy.convolve`.

    Parameters
    ----------
    x, h : ndarray, 1-D
        Arrays of one type, ``h`` not the longer one.
    start, shape : tuple of int
        The box of the full convolution to compute.

    Returns
    -------
    ndarray
        The box; owns its memory.

    Examples
    --------
    >>> line(np.array([1, 2, 3]), np.array([1, 10]), (0,), (4,))
    array([ 1, 12, 23, 30])
    """
    modes: tuple[Literal["full", "same", "valid"], ...] = ("full", "same", "valid")
    for mode in modes:
        if kept(x.shape, h.shape, mode) == (start, shape):
            return np.convolve(x, h, mode)
    return np.convolve(x, h)[start[0] : start[0] + shape[0]].copy()


def scattered(x: Array, h: Array, start: Shape, shape: Shape) -> Array:
    """Add one shifted, scaled copy of an array per entry of the other; for numbers of any type.

    Nothing is padded, so that not even an infinite ``h`` meets a number that is not there.

    Parameters
    ----------
    x, h : ndarray
        Arrays of one type and number of dimensions, ``h`` not the larger one.
    start, shape : tuple of int
        The box of the full convolution to compute.

    Returns
    -------
    ndarray
        The box; owns its memory.

    Examples
    --------
    >>> scattered(np.array([[1, 2]]), np.array([[1, 10]]), (0, 0), (1, 3))
    array([[ 1, 12, 20]])
    """
    y = np.zeros(shape, x.dtype)
    for k in np.ndindex(h.shape):
        add(y, start, k, x, h[k])
    return y


def add(y: Array, start: Shape, at: Shape, x: Array, factor: object, where: Array | None = None) -> None:
    """Add ``factor·x``, shifted by ``at``, to the box ``y`` of a full convolution.

    Parameters
    ----------
    y : ndarray
        The box; changed in place.
    start : tuple of int
        Where the box starts in the full convolution.
    at : tuple of int
        Where the first entry of ``x`` lands in the full convolution.
    x : ndarray
        What to add.
    factor : number
        Its weight.
    where : ndarray of bool, optional
        The entries of ``x`` to add; all of them if not given.

    Examples
    --------
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
