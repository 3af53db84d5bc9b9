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
    images, into, bias = fit.grouped(x), fit.grouped(y), _bias(b, y, fit)
    matrix = w.reshape(fit.groups, -1, fit.depth)
    parts, tiles = fit.tiles(x.itemsize)
    for g, n in parts:
        windows = fit.windows_of(images[g, :, n])
        for p, q in tiles:
            place = into[g, :, n, p, q]
            terms = matrix[g] @ _matrix(windows[..., p, q], fit.depth)
            np.add(terms.reshape(place.shape), bias[g], out=place)
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
    x = np.empty(fit.shape, dy.dtype)
    factors, into, bias = fit.grouped(dy), fit.grouped(x), _bias(b, x, fit)
    matrix = w.reshape(fit.groups, -1, fit.depth).transpose(0, 2, 1)
    parts, tiles = fit.tiles(x.itemsize)
    for g, n in parts:
        canvas = fit.canvas(into[g, :, n])
        windows = fit.windows(canvas)
        for p, q in tiles:
            place = windows[..., p, q]
            few = factors[g, :, n, p, q]
            terms = (matrix[g] @ _matrix(few, few.shape[1])).reshape(place.shape)
            # Windows overlap, so that one entry of all of them is added at a time.
            for i, j in np.ndindex(fit.filters[2:]):
                place[:, :, i, j] += terms[:, :, i, j]
        np.add(fit.inside(canvas), bias[g], out=into[g, :, n])
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
    parts, tiles = fit.tiles(x.itemsize)
    for g, n in parts:
        windows = fit.windows_of(images[g, :, n])
        for p, q in tiles:
            few = factors[g, :, n, p, q]
            columns = _matrix(windows[..., p, q], fit.depth)
            dw[g] += _matrix(few, few.shape[1]) @ columns.transpose(0, 2, 1)
    return dw.reshape(fit.filters)


def _matrix(part: Array, rows: int) -> Array:
    """One matrix per group; a copy, unless the part lies in memory as the matrix would."""
    return part.reshape(len(part), rows, -1)


def _bias(b: Array | None, y: Array, fit: Fit) -> Array:
    """One entry per channel, or 0, to be added to grouped images."""
    entries = np.zeros(y.shape[1], y.dtype) if b is None else b
    return entries.reshape(fit.groups, -1, 1, 1, 1)
