"""True convolution for the layers, by a path of its own: no filter is turned, nothing is correlated.

It goes through a filter one entry, one *tap*, at a time. Along an axis with k taps, tap i of a convolution
reads i steps back from the end of the window: pixel p·s + (k − 1 − i)·d for output p. For all outputs
at once these pixels are one slice of the image. `gather` reads the slices, `scatter`, its adjoint,
adds to them, and `outer` multiplies them with a gradient. Each costs what its namesake in `tiles` does,
and holds one slice and one product at a time.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from convlib.engines.products import multiply
from convlib.nn.shapes import Array, Fit


@np.errstate(all="ignore")
def gather(x: Array, w: Array, fit: Fit, b: Array | None = None) -> Array:
    """Convolve every image with every filter.

    y[f, p] = b[f] + Σ_{c, i} w[f, c, i] · x[c, p·s + (k − 1 − i)·d], and likewise in 2-D

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
    >>> gather(x, w, fit_windows(x.shape, w.shape))[0, 0]  # 1·2 + 10·1 = 12
    array([[12., 23.]])
    """
    images = fit.grouped(x)
    canvas, taps = fit.canvas(images), _by_group(w, fit)
    fit.inside(canvas)[...] = images
    y = np.zeros((len(x), len(w), *fit.out), x.dtype)
    into = fit.grouped(y)
    for tap, pixels in _reads(canvas, fit):
        into += multiply(taps[tap], _matrix(pixels)).reshape(into.shape)
    return y if b is None else y + b.reshape(-1, 1, 1)


@np.errstate(all="ignore")
def scatter(dy: Array, w: Array, fit: Fit, b: Array | None = None) -> Array:
    """Add to every pixel the products of the outputs that read it: the adjoint of `gather`.

    x[c, p·s + (k − 1 − i)·d] += Σ_f w[f, c, i] · dy[f, p], and likewise in 2-D

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
    >>> scatter(dy, w, fit_windows((1, 1, 1, 3), w.shape))[0, 0]  # 10·2 + 1·1 = 21
    array([[10., 21.,  2.]])
    """
    x = np.empty(fit.shape, dy.dtype)
    into = fit.grouped(x)
    canvas, taps, factors = fit.canvas(into), _by_group(w, fit), _matrix(fit.grouped(dy))
    for tap, pixels in _reads(canvas, fit):
        pixels += multiply(taps[tap].transpose(0, 2, 1), factors).reshape(pixels.shape)
    into[...] = fit.inside(canvas)
    return x if b is None else x + b.reshape(-1, 1, 1)


@np.errstate(all="ignore")
def outer(dy: Array, x: Array, fit: Fit) -> Array:
    """Multiply the gradient of the output with what each tap read: the gradient of the filters.

    dw[f, c, i] = Σ_p dy[f, p] · x[c, p·s + (k − 1 − i)·d], and likewise in 2-D

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
    >>> outer(dy, x, fit_windows(x.shape, (1, 1, 1, 2)))[0, 0]  # 1·2 + 10·3 = 32
    array([[32., 21.]])
    """
    images, factors = fit.grouped(x), _matrix(fit.grouped(dy))
    canvas, dw = fit.canvas(images), np.empty(fit.filters, x.dtype)
    fit.inside(canvas)[...] = images
    taps = _by_group(dw, fit)
    for tap, pixels in _reads(canvas, fit):
        taps[tap] = multiply(factors, _matrix(pixels).transpose(0, 2, 1))
    return dw


def _reads(canvas: Array, fit: Fit) -> Iterator[tuple[tuple[int, int], Array]]:
    """Each tap with the pixels that it reads, in the order of the outputs."""
    for tap in np.ndindex(fit.filters[2:]):
        first = [(k - 1 - i) * d for i, k, d in zip(tap, fit.filters[2:], fit.dilation, strict=True)]
        rows, columns = (
            slice(n, n + (length - 1) * s + 1, s) for n, length, s in zip(first, fit.out, fit.stride, strict=True)
        )
        yield (tap[0], tap[1]), canvas[..., rows, columns]


def _by_group(w: Array, fit: Fit) -> Array:
    """Show filters as one matrix per tap and group: (kH, kW, groups, F / groups, C / groups)."""
    return w.reshape(fit.groups, -1, *fit.filters[1:]).transpose(3, 4, 0, 1, 2)


def _matrix(part: Array) -> Array:
    """One row per channel of a group, one column per output."""
    return part.reshape(*part.shape[:2], -1)
