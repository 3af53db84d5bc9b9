"""Integers: exact, or an error that says why not."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from convlib.engines.boxes import Array
from convlib.engines.planner import check_engine, prepare
from convlib.engines.run import run

SPECTRAL = ("overlap-save", "whole-fft")
EPS = float(np.finfo(float).eps)


def integers(x: Array, h: Array, mode: str, method: str) -> Array:
    """Convolve integers exactly: in float64 where 53 bits hold every sum, and in integers otherwise.

    Idea: an engine that only adds and multiplies makes no error as long as every sum fits the 53
    bits of a float64. An FFT does make one, but where its bound is below one half, rounding to
    the nearest integer removes it. What fits neither is summed directly, in integers.

    Cost: two conversions more than floating numbers; the direct sum of integers is slow.

    Error: none.

    Parameters
    ----------
    x, h : ndarray
        Integers or bools, of the same number of dimensions.
    mode : {"full", "same", "valid"}
        As in `convlib.convolve`.
    method : str
        As in `convlib.convolve`; an engine that would not be exact gives way to one that is.

    Returns
    -------
    ndarray
        int64, or uint64 if both are unsigned.

    Raises
    ------
    OverflowError
        Both max|x|·Σ|h| and max|h|·Σ|x| exceed the limit of the result's type.
    ValueError
        No such engine for these shapes.

    Examples
    --------
    >>> integers(np.array([1, 2, 3]), np.array([1, 10]), "full", "whole-fft")
    array([ 1, 12, 23, 30])
    """
    result, largest_x, largest_h, bound = _integer_type(x, h)
    job = prepare(x.shape, h.shape, "d", mode)
    check_engine(job, method)
    name = job.engine if method in ("auto", "separable") else job.spectral if method == "fft" else method
    if (name == "direct" and x.ndim == 1) or bound > 2**53:
        return run(job, x.astype(result, copy=False), h.astype(result, copy=False))
    if name in SPECTRAL:
        # Far above the error of any transform (that of radix 2 is below 7·log2(size)·eps·‖x‖·‖h‖).
        size = math.prod(job.blocks[name])
        error = 16 * size.bit_length() * EPS * math.sqrt(size) * largest_x * math.sqrt(h.size) * largest_h
        name = name if error < 0.5 else min(set(job.costs) & {"direct", "gemm"}, key=job.costs.__getitem__)
    y = run(job, x.astype(float), h.astype(float), name)
    return np.rint(y, out=y).astype(result)


def _integer_type(x: Array, h: Array) -> tuple[np.dtype[Any], int, int, int]:
    """Type of the result, max|x|, max|h|, and a bound on every sum, which fits the type."""
    unsigned = x.dtype.kind == h.dtype.kind == "u"
    result = np.dtype(np.uint64 if unsigned else np.int64)
    limit = int(np.iinfo(result).max)
    sizes = _largest(x), _largest(h)
    bound = sizes[0] * sizes[1] * min(x.size, h.size)
    if bound > 2**53:
        bound = min(sizes[0] * _total(h), sizes[1] * _total(x))
    if bound > limit:
        raise OverflowError(
            f"x {x.dtype}{x.shape} and h {h.dtype}{h.shape} may reach {bound}, above the {result} "
            f"limit {limit}; convert one to float (rounded) or to object (exact)"
        )
    return result, *sizes, bound


def _largest(x: Array) -> int:
    """max|x| as a Python integer, which |−2⁶³| fits."""
    return max(int(x.max()), -int(x.min()))


def _total(x: Array) -> int:
    """Σ|x| as a Python integer, in two halves of 32 bits whose sums cannot overflow."""
    # |−2⁶³| does not fit int64, but its bit pattern is right as uint64.
    sizes = x.astype(np.uint64) if x.dtype.kind == "u" else np.abs(x.astype(np.int64)).astype(np.uint64)
    high, low = sizes >> np.uint64(32), sizes & np.uint64(0xFFFFFFFF)
    return (int(high.sum()) << 32) + int(low.sum())
