"""The guard: a bad entry spoils the outputs whose window touches it, under every engine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from convlib.engines.boxes import Array, Check, Shape, full_shape
from convlib.engines.direct import add, sums

Mask = npt.NDArray[np.bool_]
Run = Callable[[Array, Array, Shape, Shape, Check], Array]

# A sum of squares below this bound means: all finite, and no transform can overflow.
CALM = {code: np.sqrt(np.finfo(code).max) for code in "fdgFDG"}

# OpenBLAS shares longer inner products out to threads, and where other programs keep the cores busy
# a call then waits milliseconds for them.
ALONE = 2**13

# Adding the products of one entry costs about as much as sixteen entries of a direct sum.
FEW = 16


class WildError(ArithmeticError):
    """A piece of the signal holds NaN, infinity or a number near the end of its type's range."""


def calm(piece: Array) -> None:
    """Raise if a contiguous piece may be wild: one inner product, at the speed of the cache.

    >>> calm(np.array([1.0, 2.0]))
    >>> calm(np.array([1.0, np.nan]))
    Traceback (most recent call last):
    convlib.engines.guard.WildError
    """
    rest = piece.size % ALONE if piece.size > ALONE else piece.size
    flat = piece.reshape(-1)
    total = np.vdot(flat[:rest], flat[:rest]).real
    if rest < flat.size:
        rows = flat[rest:].reshape(-1, ALONE)
        total += np.vecdot(rows, rows).real.sum()
    # Written so that NaN, which is not less than anything, raises too.
    if not total < CALM[piece.dtype.char]:
        raise WildError


def contained(engine: Run, x: Array, h: Array, start: Shape, shape: Shape) -> Array:
    """Run an engine, and see to it that bad entries spoil only what their window touches.

    Idea: each piece is checked just before it is used, which costs 3–6 %. If one is wild, the run is dropped: the
    engine computes the rest without the wild entries, and their products are added one by one. A NaN turns
    everything that its window touches into NaN, which running sums find without a single product.

    >>> from convlib.engines import toeplitz
    >>> contained(toeplitz.run, np.array([1.0, np.inf, 3.0, 4.0]), np.array([1.0, 10.0]), (0,), (5,))
    array([ 1., inf, inf, 34., 40.])
    """
    try:
        return engine(x, h, start, shape, calm)
    except WildError:
        return _repaired(engine, x, h, start, shape)


def _repaired(engine: Run, x: Array, h: Array, start: Shape, shape: Shape) -> Array:
    nan_x, nan_h = np.isnan(x), np.isnan(h)
    wild_x, wild_h = _wild(x, h)
    apart = np.argwhere(wild_x & ~nan_x), np.argwhere(wild_h & ~nan_h)
    if len(apart[0]) > x.size // FEW or len(apart[1]) > h.size // FEW + FEW:
        return sums(x, h, start, shape)
    y = engine(np.where(wild_x, 0, x), np.where(wild_h, 0, h), start, shape, lambda piece: None)
    for i in map(tuple, apart[0].tolist()):
        add(y, start, i, h, x[i])
    for k in map(tuple, apart[1].tolist()):
        add(y, start, k, x, h[k], where=~wild_x)
    box = tuple([slice(a, a + m) for a, m in zip(start, shape, strict=True)])
    for bad, window in ((nan_x, h.shape), (nan_h, x.shape)):
        if bad.any():
            y[_touched(bad, window)[box]] = np.nan if y.dtype.kind == "f" else complex(np.nan, np.nan)
    return y


def _touched(bad: Mask, window: Shape) -> Mask:
    """Outputs of a full convolution with an array of shape ``window`` that read a bad entry."""
    for axis, k in enumerate(window):
        zeros = [(0, 0)] * bad.ndim
        zeros[axis] = (k, k - 1)
        count = np.moveaxis(np.cumsum(np.pad(bad, zeros), axis), axis, 0)
        bad = np.moveaxis(count[k:] > count[:-k], 0, axis)
    return bad


def _wild(x: Array, h: Array) -> tuple[Mask, Mask]:
    """Mark the entries that must stay out of a transform; the rest cannot overflow in it."""
    size = int(np.prod(full_shape(x.shape, h.shape)))
    room = int(np.finfo(x.dtype).maxexp) - 8 - 2 * size.bit_length() - h.size.bit_length()
    wild_x = ~(np.abs(x) < _limit(room, h))
    return wild_x, ~(np.abs(h) < _limit(room, np.where(wild_x, 0, x)))


def _limit(room: int, other: Array) -> Array:
    """Size that an entry must stay below beside the finite entries of ``other``."""
    sizes = np.abs(other)
    largest = np.max(sizes, where=np.isfinite(sizes), initial=0)
    limit: Array = np.ldexp(np.ones_like(largest), room - max(int(np.frexp(largest)[1]), 0))
    return limit
