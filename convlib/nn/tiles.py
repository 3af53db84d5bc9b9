"""The engine of the convolutional layers: three linear maps, each a matrix product per tile.

A view shows the padded images as windows, one column per output position, without a copy. Only a
tile of it, about a megabyte, is ever written out as a matrix; the whole would be kH·kW times the
input. `gather` multiplies a tile with the filters; `scatter`, its adjoint, adds every product back
to where a window read; `outer` multiplies a tile with a gradient, which gives that of the filters.
Each costs 2·N·F·Ho·Wo·(C / groups)·kH·kW operations. Its error is that of a sum: at most K·eps·Σ|products|
over the K products of one output.
"""

from __future__ import annotations

import numpy as np

from convlib.engines.products import multiply
from convlib.nn.shapes import Array, Fit


@np.errstate(all="ignore")
def gather(x: Array, w: Array, fit: Fit, b: Array | None = None) -> Array:
    """Multiply every window of x with every filter.

    y[f, ·] = b[f] + Σ_k w[f, k] · window(x)[k, ·]

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
        Images.
    w : ndarray, shape (F, C / groups, kH, kW)
        Filters, of the type of ``x``.
    fit : Fit
        Where the windows lie.
    b : ndarray, shape (F,), optional
        What is added to each output channel.

    Returns
    -------
    ndarray, shape (N, F, Ho, Wo)

    Examples
    --------
    >>> from convlib.nn.shapes import fit_windows
    >>> x, w = np.array([[[[1.0, 2, 3]]]]), np.array([[[[1.0, 10]]]])
    >>> gather(x, w, fit_windows(x.shape, w.shape))[0, 0]
    array([[21., 32.]])
    """
    y = np.empty((len(x), len(w), *fit.out), x.dtype)
    images, into = fit.grouped(x), fit.grouped(y)
    bias = None if b is None else b.reshape(fit.groups, -1, 1)
    matrix = np.ascontiguousarray(w).reshape(fit.groups, -1, fit.depth)
    groups, blocks, places = fit.tiles(x.itemsize)
    by_rows = fit.by_rows(x.itemsize)
    for g in groups:
        for n, windows in zip(blocks, fit.windows_of(images[g], blocks, by_rows), strict=True):
            for p, q in places:
                place = into[g, :, n, p, q]
                terms = multiply(matrix[g], _matrix(windows[..., p, q], fit.depth))
                if bias is not None:
                    terms += bias[g]
                place[...] = terms.reshape(*place.shape[:-1], -1)[..., : place.shape[-1]]
    return y


@np.errstate(all="ignore")
def scatter(dy: Array, w: Array, fit: Fit, b: Array | None = None) -> Array:
    """Add to every window the filters, each times its entry of dy: the adjoint of `gather`.

    window(x)[k, ·] += Σ_f w[f, k] · dy[f, ·]

    Parameters
    ----------
    dy : ndarray, shape (N, F, Ho, Wo)
        One factor per window and filter.
    w : ndarray, shape (F, C / groups, kH, kW)
        Filters, of the type of ``dy``.
    fit : Fit
        Where the windows lie.
    b : ndarray, shape (C,), optional
        What is added to each channel of the images.

    Returns
    -------
    ndarray, shape (N, C, H, W)

    Examples
    --------
    >>> from convlib.nn.shapes import fit_windows
    >>> dy, w = np.array([[[[1.0, 2]]]]), np.array([[[[1.0, 10]]]])
    >>> scatter(dy, w, fit_windows((1, 1, 1, 3), w.shape))[0, 0]
    array([[ 1., 12., 20.]])
    """
    mirrored = fit.mirrored()
    if mirrored is not None:  # then the sum is a correlation with the filters turned: a convolution
        return gather(dy, _mirrored(w, fit), mirrored, b)
    x = np.empty(fit.shape, dy.dtype)
    factors, into, bias = fit.grouped(dy), fit.grouped(x), _bias(b, x, fit)
    matrix = w.reshape(fit.groups, -1, fit.depth).transpose(0, 2, 1)
    groups, blocks, places = fit.tiles(x.itemsize)
    for g in groups:
        canvas = fit.canvas(into[g, :, blocks[0]])
        windows, inside = fit.windows(canvas), fit.inside(canvas)
        for n in blocks:
            few = into[g, :, n]
            canvas[...] = 0
            for p, q in places:
                _add_products(windows[:, :, :, :, : few.shape[2], p, q], matrix[g], factors[g, :, n, p, q])
            np.add(inside[:, :, : few.shape[2]], bias[g], out=few)
    return x


@np.errstate(all="ignore")
def outer(dy: Array, x: Array, fit: Fit) -> Array:
    """Correlate images with the gradient of the output: the gradient of the filters.

    dw[f, k] = Σ dy[f, ·] · window(x)[k, ·]

    Parameters
    ----------
    dy : ndarray, shape (N, F, Ho, Wo)
        Gradient of the output.
    x : ndarray, shape (N, C, H, W)
        Images, of the type of ``dy``.
    fit : Fit
        Where the windows lie.

    Returns
    -------
    ndarray, shape (F, C / groups, kH, kW)

    Examples
    --------
    >>> from convlib.nn.shapes import fit_windows
    >>> dy, x = np.array([[[[1.0, 10]]]]), np.array([[[[1.0, 2, 3]]]])
    >>> outer(dy, x, fit_windows(x.shape, (1, 1, 1, 2)))[0, 0]
    array([[21., 32.]])
    """
    dw = np.zeros((fit.groups, fit.filters[0] // fit.groups, fit.depth), x.dtype)
    images, factors = fit.grouped(x), fit.grouped(dy)
    groups, blocks, places = fit.tiles(x.itemsize)
    for g in groups:
        for n, windows in zip(blocks, fit.windows_of(images[g], blocks), strict=True):
            for p, q in places:
                few = factors[g, :, n, p, q]
                columns = _matrix(windows[..., p, q], fit.depth)
                dw[g] += multiply(_matrix(few, few.shape[1]), columns.transpose(0, 2, 1))
    return dw.reshape(fit.filters)


def _matrix(part: Array, rows: int) -> Array:
    """One matrix per group; a copy, unless the part lies in memory as the matrix would."""
    return part.reshape(len(part), rows, -1)


def _add_products(place: Array, matrix: Array, factors: Array) -> None:
    """Add matrix @ factors to windows that overlap: one entry of all of them at a time."""
    terms = multiply(matrix, _matrix(factors, factors.shape[1])).reshape(place.shape)
    for i, j in np.ndindex(place.shape[2:4]):
        place[:, :, i, j] += terms[:, :, i, j]


def _mirrored(w: Array, fit: Fit) -> Array:
    """Filters turned, and inputs exchanged with outputs: (C, F / groups, kH, kW)."""
    parts = w.reshape(fit.groups, -1, *fit.filters[1:]).transpose(0, 2, 1, 3, 4)
    return parts[..., ::-1, ::-1].reshape(-1, *parts.shape[2:])


def _bias(b: Array | None, y: Array, fit: Fit) -> Array:
    """One entry per channel, or 0, to be added to grouped images."""
    entries = np.zeros(y.shape[1], y.dtype) if b is None else b
    return entries.reshape(fit.groups, -1, 1, 1, 1)
