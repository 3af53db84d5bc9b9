"""Boxes of indices: what a convolution computes, and pieces of a signal with zeros around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np

from convlib.arguments import Array as Array
from convlib.arguments import Shape as Shape

Mode = Literal["full", "same", "valid"]
Check = Callable[[Array], None]  # called with each piece before it is used; raises if the piece is wild
Rate = dict[str, float]  # seconds per operation of one type of number, from rates.json


class Box(NamedTuple):
    """What an engine is asked for: shapes of signal and kernel, and which box of the full convolution."""

    x_shape: Shape
    h_shape: Shape
    start: Shape
    shape: Shape


def always(box: Box, code: str = "") -> bool:
    """What an engine says of which shapes it fits, or whether "auto" may take it, if there is no limit."""
    return True


def full_shape(x_shape: Shape, h_shape: Shape) -> Shape:
    """Shape of a full convolution: ``len_x + len_h − 1`` along every axis.

    >>> full_shape((5, 7), (3, 3))
    (7, 9)
    """
    return tuple([n + k - 1 for n, k in zip(x_shape, h_shape, strict=True)])


def kept(x_shape: Shape, h_shape: Shape, mode: Mode) -> tuple[Shape, Shape]:
    """Which box of the full convolution a mode keeps: where it starts, and its shape; "same" is that of ``x``.

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
    """Entries of ``x`` from index ``low`` on, contiguous, with zeros where the box leaves the array.

    A view if a box of a 1-D signal lies inside it, a copy otherwise; ``low`` may be negative.

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
    """Windows of a contiguous box along its last axis, shape (count, …, length), without copying them.

    >>> sliding(np.arange(7), 3, 2, 3).tolist()
    [[0, 1, 2], [2, 3, 4], [4, 5, 6]]
    """
    return view(box, (count, *box.shape[:-1], length), (step * box.strides[-1], *box.strides))


def view(box: Array, shape: Shape, strides: Shape) -> Array:
    """A contiguous array read with other strides, as `numpy.lib.stride_tricks.as_strided`, but several times as fast.

    NumPy refuses a shape that would leave the array.

    >>> view(np.arange(3.0), (2, 2), (8, 8)).tolist()
    [[0.0, 1.0], [1.0, 2.0]]
    """
    return np.ndarray(shape, box.dtype, box, 0, strides)


def each(one: Callable[[Array, Array], Any], x: Array, h: Array, axes: list[int]) -> Array:
    """Call ``one`` for each index of some axes, and put the results side by side; a length of 1 there fits any other.

    >>> each(np.convolve, np.array([[1, 2], [3, 4]]), np.array([[1, 1]]), [0]).tolist()
    [[1, 3, 2], [3, 7, 4]]
    """
    many, first = len(axes), range(len(axes))
    x, h = np.moveaxis(x, axes, first), np.moveaxis(h, axes, first)
    count = np.broadcast_shapes(x.shape[:many], h.shape[:many])
    x, h = (np.broadcast_to(a, (*count, *a.shape[many:])) for a in (x, h))
    y = into = np.empty(0)
    for i in np.ndindex(count):
        found = one(np.ascontiguousarray(x[i]), h[i])
        if not any(i):  # all others are like the first
            shape = list(found.shape)
            for axis, n in zip(axes, count, strict=True):
                shape.insert(axis, n)
            y = np.empty(shape, found.dtype)
            into = np.moveaxis(y, axes, first)
        into[i] = found
    return y
