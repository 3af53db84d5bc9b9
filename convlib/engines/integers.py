"""Integers: exact, or an error that says why not."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from convlib.engines import direct, toeplitz
from convlib.engines.boxes import Array, Shape

EPS = float(np.finfo(float).eps)


def rule(
    x: Array, h: Array, name: str, block: Shape | None, costs: dict[str, float]
) -> tuple[str, np.dtype[Any], np.dtype[Any]]:
    """Engine, type of its numbers and type of the result with which integers come out exact.

    Idea: an engine that only adds and multiplies makes no error as long as every sum fits the 53
    bits of a float64. An FFT does make one, but where its bound is below one half, rounding to
    the nearest integer removes it; where it is not, the cheaper one of the others runs. What fits
    neither is summed directly, in integers: int64, or uint64 if both are unsigned.

    >>> rule(np.array([1, 2, 3]), np.array([1, 10]), "whole-fft", (4,), {})
    ('whole-fft', dtype('float64'), dtype('int64'))
    """
    result, largest_x, largest_h, bound = _limits(x, h)
    if (name == direct.NAME and x.ndim == 1) or bound > 2**53:
        return direct.NAME, result, result
    if block:
        error = rounding(block) * EPS * math.sqrt(math.prod(block)) * largest_x * math.sqrt(h.size) * largest_h
        if error >= 0.5:
            name = min({direct.NAME, toeplitz.NAME} & set(costs), key=costs.__getitem__)
    return name, np.dtype(float), result


def rounding(block: Shape) -> int:
    """Return c of the bound c·eps·‖x_block‖·‖h‖ on the error of an FFT engine: 16 per bit of the size N of the block.

    Proved, to first order in eps, for N = 2^t and tables of roots of unity that are right to 2.5·eps. Each of the t
    levels of a transform turns numbers, which errs by √2·eps and the error of the table, and adds, which errs by ½·eps.
    A level of the transforms there is a unitary matrix times √2, so their errors add up in the 2-norm; each output of
    the transform back is a sum over the spectrum along one path of t levels, and (1/N)·Σ|X·H| ≤ ‖x‖·‖h‖. Three
    transforms and the √2·eps of the product make 3t·(1.92 + 2.5) + 1.42, less than 16·(t + 1). For other lengths
    nothing is proved; the largest error that a search has found for any length is less than a tenth of the bound.
    Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., §24.1, bounds one transform.

    >>> rounding((1,)), rounding((3,)), rounding((4096,))
    (16, 32, 208)
    """
    return 16 * math.prod(block).bit_length()


def _limits(x: Array, h: Array) -> tuple[np.dtype[Any], int, int, int]:
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
