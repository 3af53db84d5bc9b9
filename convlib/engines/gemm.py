"""The matrix engines: Toeplitz matrices turn a convolution into the product that BLAS is best at."""

from __future__ import annotations

from itertools import product

import numpy as np

from convlib.engines.boxes import Array, Shape, piece, sliding, view
from convlib.engines.direct import Check

# Most rows of a tile in 2-D, or eight kernels if that is more, and the bytes of a tile and of its
# result, which the second-level cache holds.
BAND, TILE = 128, 2**19
# OpenBLAS multiplies matrices without packing them, up to half as fast again, as long as one
# product takes at most this many multiply–adds.
PRODUCT = 10**6

Factors = list[tuple[Array, Array]]


def gemm(x: Array, h: Array, start: Shape, shape: Shape, check: Check) -> Array:
    """Multiply windows of the signal by a Toeplitz matrix.

    Idea: L neighbouring outputs read the same L + len_h − 1 samples, so a matrix with L shifted
    copies of the kernel as its columns turns one such window into L outputs. Windows that do not
    overlap are the rows of a matrix without copying anything; p = ⌈(L + len_h − 1)/L⌉ phases,
    each shifted by L, cover all outputs and write straight into the result. In 2-D the image is
    cut into strips, stacked on each other and so narrow that ``kH`` rows of the stack lie in memory
    as one window.

    Cost: L + len_h − 1 multiply–adds per output in 1-D, kH·(L + kW − 1) in 2-D, at the speed of
    matrix products; a Toeplitz matrix carries L − 1 zeros per row that are multiplied in vain.

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
    run = _line if x.ndim == 1 else _strips
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
        np.matmul(windows, matrix, out=y[a:b].reshape(-1, phases, wide).transpose(1, 0, 2))
    if rest < shape[0]:
        end = piece(x, (start[0] + rest - h.size + 1,), (shape[0] - rest + h.size - 1,))
        check(end)
        y[rest:] = np.convolve(end, h, "valid")
    return y


def tiling(h_shape: Shape, shape: Shape, itemsize: int) -> tuple[int, int, int, int]:
    """How the matrix engine cuts a plane: rows and strips of a tile, products per phase, and their rows.

    Parameters
    ----------
    h_shape, shape : tuple of int
        Shapes of the kernel and of the outputs.
    itemsize : int
        Bytes per number.

    Returns
    -------
    rows, strips, products, windows : int
        Outputs down a tile, strips side by side in it, products for each of the ``kH`` phases, and
        windows per product.

    Examples
    --------
    >>> tiling((3, 3), (64, 64), 8), tiling((3, 3), (1024, 1024), 8)
    ((64, 4, 1, 88), (128, 13, 1, 564))
    """
    (tall, k), wide = h_shape, columns(h_shape[1])
    rows = _even(shape[0], max(BAND, 8 * tall))
    height, across = rows + tall - 1, -(-shape[1] // wide)
    strips = _even(across, max(1, TILE // (itemsize * height * (2 * wide + k - 1))))
    windows = -(-strips * height // tall)
    products = -(-windows * tall * (wide + k - 1) * wide // PRODUCT)
    return rows, strips, products, -(-windows // products)


def _even(whole: int, most: int) -> int:
    """Largest part when a whole is cut into as few equal parts of at most that size as will do."""
    return -(-whole // -(-whole // most))


def _strips(x: Array, h: Array, start: Shape, shape: Shape, check: Check) -> Array:
    (tall, k), wide, step = h.shape, columns(h.shape[1]), x.itemsize
    matrix = np.concatenate([toeplitz(row, wide) for row in h[::-1]])
    rows, strips, products, windows = tiling(h.shape, shape, step)
    height, length, count = rows + tall - 1, wide + k - 1, products * windows
    y = np.empty(shape, x.dtype)
    result = np.empty((products, windows, tall, wide), x.dtype)
    kept = result.reshape(-1, wide)[: strips * height].reshape(strips, height, wide)
    stack = np.zeros((count * tall + tall - 1, length), x.dtype)
    filled = stack[: strips * height].reshape(strips, height, length)
    # Row r of the stack starts at r·length: `tall` rows in one go are one window, across strips too,
    # so that all windows of a phase lie at equal distances. Those that leave their strip are dropped.
    apart = (windows * tall * length * step, length * step, tall * length * step, step)
    phases = view(stack, (products, tall, windows, tall * length), apart)
    for a, b in product(range(0, shape[0], rows), range(0, shape[1], strips * wide)):
        low = (start[0] + a - tall + 1, start[1] + b - k + 1)
        box = piece(x, low, (height, strips * wide + k - 1))
        check(box)
        filled[...] = sliding(box, length, wide, strips)
        np.matmul(phases, matrix, out=result.transpose(0, 2, 1, 3))
        _put(y[a : a + rows, b : b + strips * wide], kept)
    return y


def _put(into: Array, strips: Array) -> None:
    """Write strips side by side; what leaves ``into`` is dropped."""
    height, width = into.shape
    wide = strips.shape[-1]
    full = width // wide
    into[:, : full * wide].reshape(height, full, wide)[...] = strips[:full, :height].transpose(1, 0, 2)
    if full * wide < width:
        into[:, full * wide :] = strips[full, :height, : width - full * wide]


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
    np.matmul(left, bands, out=y.transpose(0, 2, 1, 3))
    return y.reshape(groups * tall, -1)


def _along_rows(box: Array, right: Array, strips: int) -> Array:
    """One pass along the rows, shape (rows, outputs)."""
    length, wide = right.shape
    if length == wide:
        return np.asarray(box * right[0, 0])
    y = np.empty((len(box), strips, wide), box.dtype)
    np.matmul(sliding(box, length, wide, strips), right, out=y.transpose(1, 0, 2))
    return y.reshape(len(box), -1)
