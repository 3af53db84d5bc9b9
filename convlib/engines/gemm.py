"""The matrix engines: Toeplitz matrices turn a convolution into the product that BLAS is best at."""

from __future__ import annotations

from itertools import product

import numpy as np

from convlib.engines.boxes import Array, Shape, piece, sliding, view
from convlib.engines.direct import Check
from convlib.engines.products import multiply

# Rows of a band of `separable`.
BAND = 128
# In 2-D: rows of outputs that one window computes, bytes of a tile, which the second-level cache
# holds, and its least height in kernels. Tiles are some multiples of RUN wide.
LEVELS, TILE, HIGH, RUN = 4, 3 * 2**18, 8, 32
# Multiply–adds asked for at once: `multiply` cuts them in two or three, and calls seldom.
PRODUCT = 10**6

Factors = list[tuple[Array, Array]]


def gemm(x: Array, h: Array, start: Shape, shape: Shape, check: Check) -> Array:
    """Multiply windows of the signal by a Toeplitz matrix.

    Idea: L neighbouring outputs read the same L + len_h − 1 samples, so a matrix with L shifted
    copies of the kernel as its columns turns one such window into L outputs. Windows that do not
    overlap are the rows of a matrix without copying anything; p = ⌈(L + len_h − 1)/L⌉ phases,
    each shifted by L, cover all outputs and write straight into the result. In 2-D the Toeplitz
    matrix slides downwards: each row is copied kW times, shifted by one column each time, and L + kH − 1
    rows of copies are the matrix from which one product computes L whole rows.

    Cost: L + len_h − 1 multiply–adds per output in 1-D, kW·(L + kH − 1) and kW copies in 2-D, at the
    speed of matrix products; a Toeplitz matrix carries L − 1 zeros per column that are multiplied in vain.

    Error: at most terms·eps·‖x_window‖·‖h‖, as `direct`, since the zeros add nothing; only a NaN
    or an infinity times zero would, so each piece is checked first.

    Parameters
    ----------
    x, h : ndarray, 1-D or 2-D
        Native floating arrays of one type and number of dimensions, ``h`` not the larger one.
    start, shape : tuple of int
        The box of the full convolution to compute.
    check : callable
        Called with each piece of ``x`` before it is used; raises if the piece is wild.

    Returns
    -------
    ndarray
        The box; owns its memory.

    Examples
    --------
    >>> gemm(np.array([1.0, 2.0, 3.0]), np.array([1.0, 10.0]), (0,), (4,), lambda piece: None)
    array([ 1., 12., 23., 30.])
    """
    check(h)
    run = _line if x.ndim == 1 else _plane
    return run(x, h, start, shape, check)


def columns(k: int) -> int:
    """L, the number of shifted copies of a kernel of ``k`` samples in a Toeplitz matrix.

    Few for a short kernel, where the zeros between the copies would outweigh it.

    Parameters
    ----------
    k : int
        Length of the kernel.

    Returns
    -------
    int

    Examples
    --------
    >>> columns(31), columns(100)
    (16, 32)
    """
    return 16 if k <= 48 else 32


def group_length(k: int) -> int:
    """Outputs of one window in all its phases: L, times the phases that it takes to fit the window in.

    Parameters
    ----------
    k : int
        Length of the kernel.

    Returns
    -------
    int

    Examples
    --------
    >>> group_length(5), group_length(31)
    (32, 48)
    """
    wide = columns(k)
    return -(-(wide + k - 1) // wide) * wide


def piece_length(k: int) -> int:
    """Outputs that one round of products computes in 1-D.

    Parameters
    ----------
    k : int
        Length of the kernel.

    Returns
    -------
    int
        A multiple of the outputs of one window in all its phases.

    Examples
    --------
    >>> piece_length(31), piece_length(100)
    (65184, 38080)
    """
    group, wide = group_length(k), columns(k)
    rows = max(1, PRODUCT // (wide * (wide + k - 1)))
    return min(rows, max(1, 2**16 // group)) * group


def toeplitz(h: Array, count: int) -> Array:
    """Matrix whose column j is the flipped ``h`` shifted down by j.

    window @ toeplitz(h, L) are the L outputs of a window of L + len_h − 1 samples

    Parameters
    ----------
    h : ndarray, shape (len_h,)
        Kernel.
    count : int
        L, the number of columns.

    Returns
    -------
    ndarray, shape (count + len_h − 1, count)

    Examples
    --------
    >>> toeplitz(np.array([1, 2, 3]), 2)
    array([[3, 0],
           [2, 3],
           [1, 2],
           [0, 1]])
    """
    matrix = np.zeros((count + h.size - 1, count), h.dtype)
    down, right = matrix.strides
    view(matrix, (count, h.size), (down + right, down))[...] = h[::-1]
    return matrix


def _line(x: Array, h: Array, start: Shape, shape: Shape, check: Check) -> Array:
    wide = columns(h.size)
    matrix = toeplitz(h, wide)
    group = group_length(h.size)
    phases = group // wide
    y = np.empty(shape, x.dtype)
    rest = shape[0] // group * group
    at_once = piece_length(h.size)
    for a in range(0, rest, at_once):
        b = min(a + at_once, rest)
        signal = piece(x, (start[0] + a - h.size + 1,), (b - a + h.size - 1,))
        check(signal)
        step = signal.itemsize
        windows = view(signal, (phases, (b - a) // group, len(matrix)), (wide * step, group * step, step))
        multiply(windows, matrix, out=y[a:b].reshape(-1, phases, wide).transpose(1, 0, 2))
    if rest < shape[0]:
        end = piece(x, (start[0] + rest - h.size + 1,), (shape[0] - rest + h.size - 1,))
        check(end)
        y[rest:] = np.convolve(end, h, "valid")
    return y


def tiling(h_shape: Shape, shape: Shape, itemsize: int) -> tuple[int, int]:
    """Rows and columns of the tiles in which the matrix engine computes a plane.

    Parameters
    ----------
    h_shape, shape : tuple of int
        Shapes of the kernel and of the outputs.
    itemsize : int
        Bytes per number.

    Returns
    -------
    rows, wide : int
        Outputs down and across a tile.

    Examples
    --------
    >>> tiling((3, 3), (64, 64), 8), tiling((9, 9), (1024, 1024), 8)
    ((64, 64), (76, 128))
    """
    tall, k = h_shape
    # A tile reads tall - 1 rows that the one above it has read too, so it is some kernels high.
    most = min(PRODUCT // (LEVELS * (LEVELS + tall - 1) * k), TILE // (itemsize * k * HIGH * tall))
    wide = min(shape[1], RUN * _even(-(-shape[1] // RUN), max(1, most // RUN)))
    groups = max(1, (TILE // (itemsize * k * wide) - tall + 1) // LEVELS)
    return LEVELS * _even(-(-shape[0] // LEVELS), groups), wide


def _even(whole: int, most: int) -> int:
    """Largest part when a whole is cut into as few equal parts of at most that size as will do."""
    return -(-whole // -(-whole // most))


def _plane(x: Array, h: Array, start: Shape, shape: Shape, check: Check) -> Array:
    (tall, k), step = h.shape, x.itemsize
    length = (LEVELS + tall - 1) * k
    matrix = np.zeros((LEVELS, length), h.dtype)
    view(matrix, (LEVELS, h.size), ((length + k) * step, step))[...] = h[::-1, ::-1].reshape(-1)
    rows, wide = tiling(h.shape, shape, step)
    y = np.empty(shape, x.dtype)
    stack = np.empty((rows + tall - 1, k, wide), x.dtype)
    for a, b in product(range(0, shape[0], rows), range(0, shape[1], wide)):
        m, n = min(rows, shape[0] - a), min(wide, shape[1] - b)
        box = piece(x, (start[0] + a - tall + 1, start[1] + b - k + 1), (m + tall - 1, n + k - 1))
        check(box)
        down, along = box.strides
        stack[: len(box), :, :n] = view(box, (len(box), k, n), (down, along, along))
        groups = m // LEVELS
        windows = view(stack, (groups, length, n), (LEVELS * k * wide * step, wide * step, step))
        into = y[a : a + m, b : b + n]
        multiply(matrix, windows, out=into[: groups * LEVELS].reshape(groups, LEVELS, n))
        rest = m - groups * LEVELS
        if rest:
            needed = (rest + tall - 1) * k
            last = stack[groups * LEVELS :].reshape(-1, wide)[:needed, :n]
            multiply(matrix[:rest, :needed], last, out=into[-rest:])
    return y


def factors(h: Array) -> Factors:
    """Write a matrix as a sum of as few outer products as its rounding errors allow.

    h ≈ Σ_i u_i v_iᵀ, found by the singular value decomposition, where what is left out is at most
    max(kH, kW)·eps·‖h‖: no more than the rounding error of the convolution itself.

    Parameters
    ----------
    h : ndarray, shape (kH, kW)
        Finite kernel.

    Returns
    -------
    list of (ndarray of shape (kH,), ndarray of shape (kW,))
        The pairs (u_i, v_i), the largest first; their number is the rank.

    Examples
    --------
    >>> len(factors(np.outer([1.0, 2.0, 1.0], [-1.0, 0.0, 1.0]))), len(factors(np.eye(3)))
    (1, 3)
    """
    double = np.result_type(h.dtype, np.float32)
    if double.char in "fF":
        double = np.dtype(double.char.replace("f", "d").replace("F", "D"))
    u, sizes, v = np.linalg.svd(h.astype(double), full_matrices=False)
    tolerance = max(h.shape) * float(np.finfo(h.dtype).eps) * float(np.linalg.norm(sizes))
    left_out = np.sqrt(np.cumsum(sizes[::-1] ** 2))[::-1]
    rank = max(1, int((left_out > tolerance).sum()))
    scale = np.sqrt(sizes)
    pairs = [(u[:, i] * scale[i], v[i] * scale[i]) for i in range(rank)]
    return [(a.astype(h.dtype), b.astype(h.dtype)) for a, b in pairs]


def has_more_factors(h: Array, most: int) -> bool:
    """Whether a matrix is clearly no sum of ``most`` outer products: a quick look before `factors`.

    Each step of an elimination with the largest entry as pivot takes one outer product away.

    Parameters
    ----------
    h : ndarray, shape (kH, kW)
        Finite kernel.
    most : int
        Number of outer products.

    Returns
    -------
    bool
        False where it is not clear, too.

    Examples
    --------
    >>> has_more_factors(np.eye(3), 2), has_more_factors(np.eye(3), 3)
    (True, False)
    """
    if most >= min(h.shape):
        return False
    left = h.copy()
    negligible = np.sqrt(np.finfo(h.dtype).eps) * np.abs(h).max()
    for _ in range(most):
        row, column = divmod(int(np.abs(left).argmax()), h.shape[1])
        if np.abs(left[row, column]) <= negligible:
            return False
        left -= np.outer(left[:, column], left[row] / left[row, column])
    return bool(np.abs(left).max() > negligible)


def separable(x: Array, h: Array, start: Shape, shape: Shape, check: Check, pairs: Factors | None = None) -> Array:
    """Convolve the columns with one factor of the kernel and the rows with the other.

    Idea: a kernel that is an outer product u vᵀ acts as u on each column and then v on each row.
    The singular value decomposition finds such factors, and a kernel of rank r is the sum of r of
    them. Each pass is a product with a banded Toeplitz matrix, from the left for the columns and
    from the right for the rows.

    Cost: r·((L + kH − 1) + (L + kW − 1)) multiply–adds per output instead of kH·kW, at the speed
    of matrix products.

    Error: at most terms·eps·‖x_window‖·‖h‖, including the part of the kernel that `factors`
    leaves out; NaN and infinity are checked for, as in `gemm`.

    Parameters
    ----------
    x, h : ndarray, 2-D
        Native floating arrays of one type, ``h`` not the larger one.
    start, shape : tuple of int
        The box of the full convolution to compute.
    check : callable
        Called with each piece of ``x`` before it is used; raises if the piece is wild.
    pairs : list of (ndarray, ndarray), optional
        What `factors` returns for ``h``, if it is known.

    Returns
    -------
    ndarray
        The box; owns its memory.

    Examples
    --------
    >>> h = np.outer([1.0, 2.0], [1.0, -1.0])
    >>> separable(np.ones((2, 2)), h, (0, 0), (3, 3), lambda piece: None).round(9) + 0.0
    array([[ 1.,  0., -1.],
           [ 3.,  0., -3.],
           [ 2.,  0., -2.]])
    """
    check(h)
    pairs = pairs or factors(h)
    tall, wide = columns(h.shape[0]), columns(h.shape[1])
    matrices = [(toeplitz(u, tall).T.copy(), toeplitz(v, wide)) for u, v in pairs]
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
