"""Products of matrices in parts that BLAS computes on one thread: the door to it for everything large.

OpenBLAS shares a large product out to threads, which wait for one another. Where other programs keep the
cores busy, a product of a millisecond then takes up to a hundred. Small ones it computes where it was called.
"""

from __future__ import annotations

import numpy as np

from convlib.engines.boxes import Array

# The most multiply–adds of two matrices, and of a vector with one, that OpenBLAS computes on one thread;
# of complex numbers it is fewer.
ALONE, ALONE_COMPLEX = (2**19 - 1, 2**18), (2**16 - 1, 2**12 - 1)
# Parts pack their matrices anew, up to 2.4 times the work; on a busy machine threads that wait cost more than that
# up to about 2**28. This is a compromise with the machine that has nothing else to do.
LARGE = 2**26
# The most rows and terms of a part of a product that has more columns and more of these.
ROWS, TERMS = 64, 192


def multiply(a: Array, b: Array, out: Array | None = None) -> Array:
    """Multiply as `numpy.matmul` does, in parts that one thread computes unless the product is `LARGE`.

    Stacks of matrices of one floating type, too; without ``out``, as many in one as in the other.

    >>> multiply(np.ones((100, 1000)), np.ones((1000, 100)))[99, 99]
    np.float64(1000.0)
    """
    (rows, terms), columns = a.shape[-2:], b.shape[-1]
    most = (ALONE_COMPLEX if a.dtype.kind == "c" else ALONE)[rows == 1 or columns == 1]
    if not most < rows * terms * columns < LARGE:
        return np.matmul(a, b, out=out)
    if out is None:
        out = np.empty((*a.shape[:-1], columns), a.dtype)
    if rows > columns:  # the longer side is cut
        multiply(b.swapaxes(-1, -2), a.swapaxes(-1, -2), out.swapaxes(-1, -2))
        return out
    m, k, n = parts(rows, terms, columns, most)
    for down in range(0, rows, m):
        into = out[..., down : down + m, :]
        _side_by_side(a[..., down : down + m, :k], b[..., :k, :], n, into)
        for along in range(k, terms, k):
            more = np.empty_like(into)
            _side_by_side(a[..., down : down + m, along : along + k], b[..., along : along + k, :], n, more)
            into += more
    return out


def weighted(weights: Array, rows: Array) -> Array:
    """Add rows, each times its weight, in products of a vector and a matrix that one thread computes.

    >>> weighted(np.array([1.0, 10.0]), np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([31., 42.])
    """
    most = (ALONE_COMPLEX if rows.dtype.kind == "c" else ALONE)[1]
    if rows.size <= most:
        return np.asarray(np.dot(weights, rows))
    y, n = np.empty(rows.shape[1], rows.dtype), max(1, most // len(rows))
    for first in range(0, len(y), n):
        np.dot(weights, rows[:, first : first + n], out=y[first : first + n])
    return y


def parts(rows: int, terms: int, columns: int, most: int) -> tuple[int, int, int]:
    """Rows, terms and columns of the parts of a product: all rows and terms if they are few.

    >>> parts(16, 144, 1000, 2**19), parts(64, 576, 256, 2**19), parts(16, 46, 1000, 2**16)
    ((16, 144, 200), (64, 192, 37), (16, 46, 84))
    """
    m = min(even(rows, ROWS), most)
    k = min(even(terms, max(TERMS, most // (m * columns))), most // m)
    return m, k, even(columns, most // (m * k))


def even(whole: int, most: int) -> int:
    """Largest part when a whole is cut into as few equal parts of at most that size as will do."""
    return -(-whole // -(-whole // most))


def _side_by_side(a: Array, b: Array, n: int, out: Array) -> None:
    """Put a @ b into ``out``, ``n`` columns at a time."""
    count = b.shape[-1] // n
    whole = count * n
    factors = b[..., :whole].reshape(*b.shape[:-1], count, n).swapaxes(-3, -2)
    np.matmul(a[..., None, :, :], factors, out=out[..., :whole].reshape(*out.shape[:-1], count, n).swapaxes(-3, -2))
    if whole < b.shape[-1]:
        np.matmul(a, b[..., whole:], out=out[..., whole:])
