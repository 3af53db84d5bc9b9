"""Boxes of indices: shapes of convolutions, and pieces of a signal with zeros around it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Shape = tuple[int, ...]


def full_shape(x_shape: Shape, h_shape: Shape) -> Shape:
    """Shape of a full convolution: ``len_x + len_h − 1`` along every axis.

    Parameters
    ----------
    x_shape, h_shape : tuple of int
        Shapes of the two arrays.

    Returns
    -------
    tuple of int

    Examples
    --------
    >>> full_shape((5, 7), (3, 3))
    (7, 9)
    """
    return tuple([n + k - 1 for n, k in zip(x_shape, h_shape, strict=True)])


def kept(x_shape: Shape, h_shape: Shape, mode: str) -> tuple[Shape, Shape]:
    """Which box of the full convolution a mode keeps: where it starts, and its shape.

    Parameters
    ----------
    x_shape, h_shape : tuple of int
        Shapes of the two arrays; "same" refers to the first.
    mode : {"full", "same", "valid"}
        As in `convlib.convolve`.

    Returns
    -------
    start, shape : tuple of int

    Examples
    --------
    >>> kept((5,), (3,), "same"), kept((5,), (3,), "valid")
    (((1,), (5,)), ((2,), (3,)))
    """
    full = full_shape(x_shape, h_shape)
    if mode == "full":
        return (0,) * len(full), full
    if mode == "same":
        shape = x_shape
    else:
        shape = tuple([abs(n - k) + 1 for n, k in zip(x_shape, h_shape, strict=True)])
    return tuple([(m - n) // 2 for m, n in zip(full, shape, strict=True)]), shape


def piece(x: Array, low: Shape, shape: Shape) -> Array:
    """Entries of ``x`` from index ``low`` on, with zeros where the box leaves the array.

    Parameters
    ----------
    x : ndarray
        The signal.
    low : tuple of int
        First index along each axis; may be negative.
    shape : tuple of int
        Shape of the box.

    Returns
    -------
    ndarray
        A contiguous array of that shape: a view if a box of a 1-D signal lies inside it, a copy
        otherwise.

    Examples
    --------
    >>> piece(np.array([1, 2, 3]), (-1,), (3,))
    array([0, 1, 2])
    """
    if x.ndim == 1 and low[0] >= 0 and low[0] + shape[0] <= x.size:
        return x[low[0] : low[0] + shape[0]]
    source = tuple([slice(max(a, 0), max(a + m, 0)) for a, m in zip(low, shape, strict=True)])
    inside = x[source]
    if inside.shape == shape:
        return inside.copy()
    box = np.zeros(shape, x.dtype)
    box[tuple([slice(max(-a, 0), max(-a, 0) + m) for a, m in zip(low, inside.shape, strict=True)])] = inside
    return box


def sliding(box: Array, length: int, step: int, count: int) -> Array:
    """Windows of a contiguous box along its last axis, without copying them.

    Parameters
    ----------
    box : ndarray, shape (…, n)
        Contiguous, ``n ≥ (count − 1)·step + length``.
    length, step, count : int
        Entries per window, distance between windows, number of windows.

    Returns
    -------
    ndarray, shape (count, …, length)
        A view.

    Examples
    --------
    >>> sliding(np.arange(7), 3, 2, 3).tolist()
    [[0, 1, 2], [2, 3, 4], [4, 5, 6]]
    """
    return view(box, (count, *box.shape[:-1], length), (step * box.strides[-1], *box.strides))


def view(box: Array, shape: Shape, strides: Shape) -> Array:
    """A contiguous array read with other strides, as `numpy.lib.stride_tricks.as_strided`, but several times as fast.

    Parameters
    ----------
    box : ndarray
        Contiguous array.
    shape : tuple of int
        Shape of the view; NumPy refuses one that would leave the array.
    strides : tuple of int
        Bytes from one entry to the next along each axis.

    Returns
    -------
    ndarray
        A view.

    Examples
    --------
    >>> view(np.arange(3.0), (2, 2), (8, 8)).tolist()
    [[0.0, 1.0], [1.0, 2.0]]
    """
    return np.ndarray(shape, box.dtype, box, 0, strides)


def windows_at_once(block: Shape, entries: int) -> int:
    """Number of blocks that hold at most ``entries`` numbers together; at least one.

    Parameters
    ----------
    block : tuple of int
        Shape of one block.
    entries : int
        Numbers that fit in the processor's second-level cache beside their transform.

    Returns
    -------
    int

    Examples
    --------
    >>> windows_at_once((4096,), 131072), windows_at_once((1024, 1024), 131072)
    (32, 1)
    """
    return max(1, entries // math.prod(block))
