"""The engines: two ways to compute a full convolution of two floating, integer or object arrays.

Both take arrays of one common type and the same number of dimensions and return the full
convolution; `convlib.ops` checks the arguments, picks the engine and cuts out the mode.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.fft as sfft

Array = npt.NDArray[Any]
Shape = tuple[int, ...]

DIRECT_TAPS = 64
DIRECT_PRODUCTS = 2**16
SHORTEST_BLOCK = {1: 4096, 2: 128}


def choose(x_shape: Shape, h_shape: Shape) -> str:
    """Pick the engine for floating-point arrays: ``"direct"`` or ``"fft"``.

    The rule: direct if the smaller array has at most 64 entries or if there are at most
    2¹⁶ = 65,536 products to add, and the FFT otherwise.

    Parameters
    ----------
    x_shape, h_shape : tuple of int
        Shapes of the two arrays, in either order.

    Returns
    -------
    str
        ``"direct"`` or ``"fft"``.

    Examples
    --------
    >>> choose((1_000_000,), (31,)), choose((512, 512), (31, 31))
    ('direct', 'fft')
    """
    size_x, size_h = math.prod(x_shape), math.prod(h_shape)
    small = min(size_x, size_h) <= DIRECT_TAPS or size_x * size_h <= DIRECT_PRODUCTS
    return "direct" if small else "fft"


def direct(x: Array, h: Array) -> Array:
    """Full convolution by adding products, one index pair at a time and no padding.

    y[n] = Σ_k x[n−k]·h[k]

    Nothing is padded, so a NaN or an infinity meets only the entries that its window holds.

    Parameters
    ----------
    x, h : ndarray
        Arrays of the same type and the same number of dimensions; not empty.

    Returns
    -------
    ndarray
        Shape ``len_x + len_h − 1`` along every axis.

    Examples
    --------
    >>> direct(np.array([1, 2, 3]), np.array([1, 10]))
    array([ 1, 12, 23, 30])
    """
    with np.errstate(all="ignore"):
        if x.ndim == 1:
            return np.convolve(x, h)
        y = np.zeros(full_shape(x.shape, h.shape), x.dtype)
        if h.size <= x.size:
            for k in np.ndindex(h.shape):
                _add(_region(y, k, x.shape), x * h[k])
        else:
            for i in np.ndindex(x.shape):
                _add(_region(y, i, h.shape), x[i] * h)
        return y


def fft(x: Array, h: Array) -> Array:
    """Full convolution by FFT: one whole transform, or overlap-save in blocks.

    Y = X·H, where the transforms are long enough that nothing wraps around

    The rounding error of an output is at most c·eps·‖x_block‖·‖h‖ with the block that holds it
    (`block_shape`) and c = log2 of the block's size.
    Entries that are not finite, or so large that a transform could overflow, are left out of
    the transforms and their products added one by one: they spoil exactly the outputs whose
    window touches them.

    Parameters
    ----------
    x, h : ndarray
        Real or complex floating arrays of the same type and the same number (at least one) of
        dimensions; not empty.

    Returns
    -------
    ndarray
        Shape ``len_x + len_h − 1`` along every axis.

    Examples
    --------
    >>> fft(np.array([1.0, 2.0, 3.0]), np.array([1.0, 10.0])).round(6)
    array([ 1., 12., 23., 30.])
    """
    if h.size > x.size:
        x, h = h, x
    with np.errstate(all="ignore"):
        wild_x, wild_h = _wild(x, h)
        if not (wild_x.any() or wild_h.any()):
            return _transformed(x, h)
        if wild_x.sum() + wild_h.sum() > h.size:
            return direct(x, h)
        y = _transformed(np.where(wild_x, 0, x), np.where(wild_h, 0, h))
        for i in map(tuple, np.argwhere(wild_x)):
            _add(_region(y, i, h.shape), x[i] * h)
        for k in map(tuple, np.argwhere(wild_h)):
            _add(_region(y, k, x.shape), x * h[k], where=~wild_x)
        return y


def block_shape(x_shape: Shape, h_shape: Shape) -> Shape:
    """Length of the transforms along each axis, for a kernel ``h`` not larger than ``x``.

    Four kernel lengths, and at least 4096 samples in 1-D, 128 in 2-D, 32 in more dimensions;
    shorter where the signal ends earlier. If one block holds the whole output, that one is taken.

    Parameters
    ----------
    x_shape, h_shape : tuple of int
        Shapes of signal and kernel.

    Returns
    -------
    tuple of int
        Samples per block, along each axis.

    Examples
    --------
    >>> block_shape((100_000,), (31,)), block_shape((3000,), (2000,))
    ((4096,), (5000,))
    """
    shortest = SHORTEST_BLOCK.get(len(x_shape), 32)
    wanted = [max(shortest, 4 * k) for k in h_shape]
    full = full_shape(x_shape, h_shape)
    if all(m <= block for m, block in zip(full, wanted, strict=True)):
        return _fast(full)
    ends = [m + k - 1 for m, k in zip(full, h_shape, strict=True)]
    return _fast([min(pair) for pair in zip(wanted, ends, strict=True)])


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
    return tuple(n + k - 1 for n, k in zip(x_shape, h_shape, strict=True))


def _transformed(x: Array, h: Array) -> Array:
    full, block = full_shape(x.shape, h.shape), block_shape(x.shape, h.shape)
    forward, back = (sfft.fftn, sfft.ifftn) if x.dtype.kind == "c" else (sfft.rfftn, sfft.irfftn)
    spectrum = forward(h, block)
    if all(m <= length for m, length in zip(full, block, strict=True)):
        y: Array = back(forward(x, block) * spectrum, block)
        return _region(y, (0,) * x.ndim, full)
    before = tuple(k - 1 for k in h.shape)
    padded = np.pad(x, [(k, k) for k in before])
    step = tuple(length - k for length, k in zip(block, before, strict=True))
    y = np.empty(full, x.dtype)
    for start in product(*(range(0, m, s) for m, s in zip(full, step, strict=True))):
        window = forward(_region(padded, start, block), block)
        into = _region(y, start, step)
        into[...] = _region(back(window * spectrum, block), before, into.shape)
    return y


def _wild(x: Array, h: Array) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Mark the entries that must stay out of a transform; the rest cannot overflow in it."""
    room = int(np.finfo(x.dtype).maxexp) - 8 - 2 * x.size.bit_length() - h.size.bit_length()
    wild_x = ~(np.abs(x) < _limit(room, h))
    return wild_x, ~(np.abs(h) < _limit(room, np.where(wild_x, 0, x)))


def _limit(room: int, other: Array) -> Any:
    """Size that an entry must stay below beside the finite entries of ``other``."""
    sizes = np.abs(other)
    largest = np.max(sizes, where=np.isfinite(sizes), initial=0)
    return np.ldexp(np.ones_like(largest), room - max(int(np.frexp(largest)[1]), 0))


def _fast(lengths: Sequence[int]) -> Shape:
    return tuple(sfft.next_fast_len(length, real=True) for length in lengths)


def _region(y: Array, start: Sequence[int], shape: Shape) -> Array:
    # The ellipsis keeps the view of a 0-d array a view.
    index: list[Any] = [slice(a, a + n) for a, n in zip(start, shape, strict=True)]
    return y[(*index, ...)]


def _add(into: Array, terms: Array, where: Any = True) -> None:
    np.add(into, terms, out=into, where=where)
