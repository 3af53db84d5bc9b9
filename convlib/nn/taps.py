"""True convolution for the layers, by a path of its own: no filter is turned, nothing is correlated.

It goes through a filter one entry, one *tap*, at a time. Along an axis with k taps, tap i of a convolution
reads i steps back from the end of the window: pixel p·s + (k − 1 − i)·d for output p. For all outputs
at once these pixels are one slice of the image. `gather` reads the slices, `scatter`, its adjoint,
adds to them, and `outer` multiplies them with a gradient. Each costs what its namesake in `im2col` does,
and holds one slice and one product at a time.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from convlib.arguments import Array
from convlib.engines.products import multiply
from convlib.nn.fit import Fit


@np.errstate(all="ignore")
def gather(x: Array, w: Array, fit: Fit) -> Array:
    """Convolve every image with every filter: y[f, p] = Σ_{c, i} w[f, c, i] · x[c, p·s + (k − 1 − i)·d]."""
    y = np.zeros((len(x), len(w), *fit.out), x.dtype)
    into, taps = fit.grouped(y), _by_group(w, fit)
    for tap, pixels in _reads(_canvas(x, fit), fit):
        into += multiply(taps[tap], _matrix(pixels)).reshape(into.shape)
    return y


@np.errstate(all="ignore")
def scatter(dy: Array, w: Array, fit: Fit) -> Array:
    """Add to every pixel from the outputs that read it: x[c, p·s + (k − 1 − i)·d] += Σ_f w[f, c, i] · dy[f, p]."""
    x = np.empty(fit.shape, dy.dtype)
    into, taps, factors = fit.grouped(x), _by_group(w, fit), _matrix(fit.grouped(dy))
    canvas = fit.canvas(into)
    for tap, pixels in _reads(canvas, fit):
        pixels += multiply(taps[tap].transpose(0, 2, 1), factors).reshape(pixels.shape)
    into[...] = fit.inside(canvas)
    return x


@np.errstate(all="ignore")
def outer(dy: Array, x: Array, fit: Fit) -> Array:
    """Multiply dy with what each tap read: dw[f, c, i] = Σ_p dy[f, p] · x[c, p·s + (k − 1 − i)·d]."""
    dw = np.empty(fit.filters, x.dtype)
    taps, factors = _by_group(dw, fit), _matrix(fit.grouped(dy))
    for tap, pixels in _reads(_canvas(x, fit), fit):
        taps[tap] = multiply(factors, _matrix(pixels).transpose(0, 2, 1))
    return dw


def _canvas(x: Array, fit: Fit) -> Array:
    images = fit.grouped(x)
    canvas = fit.canvas(images)
    fit.inside(canvas)[...] = images
    return canvas


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
