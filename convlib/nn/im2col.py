"""Correlation in matrix products: `im2col` writes windows as columns, `col2im` adds columns back to windows.

A layer is three linear maps. `gather` multiplies filters with columns; `scatter`, its adjoint, brings
factors back to the pixels; `outer` gives the gradient of the filters. Only a tile of the columns, about a
megabyte, is ever written out; all of them would be kH·kW times the input. Each map costs
2·N·F·Ho·Wo·(C / groups)·kH·kW operations. Its error is that of a sum: at most K·eps·Σ|products|
over the K products of one output.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product

import numpy as np

from convlib.arguments import Array
from convlib.engines.products import multiply
from convlib.nn.fit import Fit, reach

Place = tuple[slice, slice, slice, slice, slice]  # of a tile in the output: groups, filters, images, rows, columns

# A tile that leaves the second-level cache takes longer to copy and to read.
TILE_BYTES = 2**20
# With fewer columns than this a matrix product spends its time on packing.
FEWEST_COLUMNS = 128
# Least rows of a tile for which copying them in one go pays, and the products in the time of a short copy.
FEWEST_ROWS, SHORT_COPY = 8, 200


@np.errstate(all="ignore")
def gather(x: Array, w: Array, fit: Fit) -> Array:
    """Multiply every filter with every window: y[f, ·] = Σ_k w[f, k] · window(x)[k, ·]."""
    y = np.empty((len(x), len(w), *fit.out), x.dtype)
    into, matrix = fit.grouped(y), np.ascontiguousarray(w).reshape(fit.groups, -1, fit.depth)
    for place, windows in _windows(fit.grouped(x), fit, by_rows(fit, x.itemsize)):
        part = into[place]
        terms = multiply(matrix[place[0]], im2col(windows))
        part[...] = terms.reshape(*part.shape[:-1], -1)[..., : part.shape[-1]]
    return y


@np.errstate(all="ignore")
def scatter(dy: Array, w: Array, fit: Fit) -> Array:
    """Add to every window the filters, each times its entry of dy: window(x)[k, ·] += Σ_f w[f, k] · dy[f, ·]."""
    other = mirrored(fit)
    if other is not None:  # then the sum is a correlation with the filters turned: a convolution
        return gather(dy, _turned(w, fit), other)
    x = np.empty(fit.shape, dy.dtype)
    factors, into = fit.grouped(dy), fit.grouped(x)
    matrix = w.reshape(fit.groups, -1, fit.depth).transpose(0, 2, 1)
    groups, blocks, places = tiles(fit, x.itemsize)
    for g in groups:
        canvas = fit.canvas(into[g, :, blocks[0]])
        windows, inside = fit.windows(canvas), fit.inside(canvas)
        for n in blocks:
            few = into[g, :, n]
            canvas[...] = 0
            for p, q in places:
                columns = multiply(matrix[g], _rows(factors[g, :, n, p, q]))
                col2im(columns, windows[:, :, :, :, : few.shape[2], p, q])
            few[...] = inside[:, :, : few.shape[2]]
    return x


@np.errstate(all="ignore")
def outer(dy: Array, x: Array, fit: Fit) -> Array:
    """Multiply the gradient of the output with every window: dw[f, k] = Σ dy[f, ·] · window(x)[k, ·]."""
    dw = np.zeros((fit.groups, fit.filters[0] // fit.groups, fit.depth), x.dtype)
    factors = fit.grouped(dy)
    for place, windows in _windows(fit.grouped(x), fit):
        dw[place[0]] += multiply(_rows(factors[place]), im2col(windows).transpose(0, 2, 1))
    return dw.reshape(fit.filters)


def im2col(windows: Array) -> Array:
    """Write windows as columns of one matrix per group; a copy, unless they lie in memory as the matrix would.

    >>> from convlib.nn.fit import fit_windows
    >>> fit = fit_windows((1, 1, 1, 4), (1, 1, 1, 2))
    >>> im2col(fit.windows(np.array([[[[[1, 2, 3, 4]]]]])))[0]
    array([[1, 2, 3],
           [2, 3, 4]])
    """
    return windows.reshape(len(windows), math.prod(windows.shape[1:4]), -1)


def col2im(columns: Array, windows: Array) -> None:
    """Add columns back to windows that overlap, one entry of all of them at a time: the adjoint of `im2col`.

    >>> from convlib.nn.fit import fit_windows
    >>> pixels = np.zeros((1, 1, 1, 1, 4))
    >>> col2im(np.array([[[1, 2, 3], [2, 3, 4]]]), fit_windows((1, 1, 1, 4), (1, 1, 1, 2)).windows(pixels))
    >>> pixels[0, 0, 0]
    array([[1., 4., 6., 4.]])
    """
    terms = columns.reshape(windows.shape)
    for i, j in np.ndindex(windows.shape[2:4]):
        windows[:, :, i, j] += terms[:, :, i, j]


def tiles(fit: Fit, itemsize: int) -> tuple[list[slice], list[slice], list[tuple[slice, slice]]]:
    """Cut the output into tiles: slices of groups, of images, and of (rows, columns)."""
    room = _columns(fit, itemsize)
    columns = min(fit.out[1], room)
    rows = min(fit.out[0], room // columns)
    groups = min(fit.groups, max(1, room // math.prod(fit.out)))
    images = max(1, room // (groups * rows * columns))
    across = _cuts(fit.out[1], columns) if columns < fit.out[1] else [slice(None)]
    return _cuts(fit.groups, groups), _cuts(fit.shape[0], images), list(product(_cuts(fit.out[0], rows), across))


def by_rows(fit: Fit, itemsize: int) -> bool:
    """Whether windows are faster as `_whole_rows` shows them: a few outputs in vain, but far fewer copies.

    Without it a depthwise layer takes 1.4 times as long, small images in batches 1.2 times.
    """
    filters, depth, in_vain = fit.filters[0] // fit.groups, fit.depth, fit.dilation[1] * (fit.filters[3] - 1)
    # Each row saves `depth` short copies; it costs one per filter to store it, and products in vain.
    pays = depth > filters * (1 + depth * in_vain / SHORT_COPY)
    rows = _columns(fit, itemsize) // fit.out[1]
    return fit.stride == (1, 1) and in_vain > 0 and rows >= FEWEST_ROWS and pays


def mirrored(fit: Fit) -> Fit | None:
    """The windows on the output that a correlation with turned filters needs to undo this one.

    They exist for stride 1, and serve where columns get at most twice as long by it and images are large
    beside the filters. Without it the gradients of a depthwise layer take 3.5 times as long, of others 1.4 times.
    """
    span = reach(fit.filters, fit.dilation)
    before, after = (tuple(k - 1 - n for k, n in zip(span, zeros, strict=True)) for zeros in (fit.before, fit.after))
    filters = (fit.shape[1], fit.filters[0] // fit.groups, *fit.filters[2:])
    # In copies of a column: adding its products costs two of them, turning a filter one and a half.
    spared = (2.1 - filters[1] / fit.filters[1]) * fit.shape[0] * fit.shape[2] * fit.shape[3]
    if fit.stride != (1, 1) or min(before + after) < 0 or spared < 1.5 * filters[1]:
        return None
    shape = (fit.shape[0], fit.filters[0], *fit.out)
    return Fit(shape, filters, fit.stride, before, after, fit.dilation, fit.groups, fit.shape[2:])


def _windows(images: Array, fit: Fit, whole_rows: bool = False) -> Iterator[tuple[Place, Array]]:
    """Grouped images, with zeros around them, as windows: each tile and its place in the output."""
    groups, blocks, places = tiles(fit, images.itemsize)
    for g in groups:
        here, canvas = images[g], None
        if whole_rows:
            canvas, windows = _whole_rows(here[:, :, blocks[0]], fit)
        elif any(fit.before + fit.after):
            canvas = fit.canvas(here[:, :, blocks[0]])
            windows = fit.windows(canvas)
        else:
            windows = fit.windows(here)
        for n in blocks:
            few, block = here[:, :, n], n
            if canvas is not None:  # every block is drawn over the last one
                block = slice(few.shape[2])
                fit.inside(canvas)[:, :, block] = few
            for p, q in places:
                yield (g, slice(None), n, p, q), windows[:, :, :, :, block, p, q]


def _whole_rows(images: Array, fit: Fit) -> tuple[Array, Array]:
    """Make a canvas for images, and show it as windows with as many columns as the canvas has.

    The rows of such windows lie one behind the other, so they are copied in one go. The last
    columns belong to no output: they begin in one row and end in the next.
    """
    rows, columns = fit.room
    shape, tail = (*images.shape[:-2], rows, columns), fit.dilation[1] * (fit.filters[3] - 1)
    flat = np.zeros(math.prod(shape) + tail, images.dtype)
    canvas = flat[: flat.size - tail].reshape(shape)
    group, channel, image, down, right = canvas.strides
    low, aside = fit.dilation
    sizes = (*shape[:2], *fit.filters[2:], shape[2], fit.out[0], columns)
    steps = (group, channel, low * down, aside * right, image, down, right)
    return canvas, np.ndarray(sizes, flat.dtype, flat, strides=steps)


def _columns(fit: Fit, itemsize: int) -> int:
    """Columns that a tile may have."""
    filters = fit.filters[0] // fit.groups
    # Columns in, products out; with fewer columns than filters these are read too often.
    return max(TILE_BYTES // (itemsize * (fit.depth + filters)), filters, FEWEST_COLUMNS)


def _rows(factors: Array) -> Array:
    """One row per filter of a group, one column per output."""
    return factors.reshape(*factors.shape[:2], -1)


def _turned(w: Array, fit: Fit) -> Array:
    """Filters turned, and inputs exchanged with outputs: (C, F / groups, kH, kW)."""
    parts = w.reshape(fit.groups, -1, *fit.filters[1:]).transpose(0, 2, 1, 3, 4)
    return parts[..., ::-1, ::-1].reshape(-1, *parts.shape[2:])


def _cuts(length: int, step: int) -> list[slice]:
    return [slice(first, min(first + step, length)) for first in range(0, length, step)]
