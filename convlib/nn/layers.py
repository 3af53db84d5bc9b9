"""What stands between the convolutions of a small network, and what trains it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from convlib.arguments import Array, Shape, expect, floats, wholes
from convlib.engines.products import multiply
from convlib.nn.fit import Pair


def relu(x: npt.ArrayLike) -> Array:
    """Keep what is positive.

    y = max(x, 0)

    Parameters
    ----------
    x : array_like, any shape
        float32, float64, or integers, which are taken as float64.

    Returns
    -------
    ndarray, shape of ``x``

    Raises
    ------
    ValueError, TypeError
        ``x`` is empty, or holds something other than float32, float64, integers or bool.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, §6.3.1.

    Derived in: chapter I-4 "The layer".

    Examples
    --------
    >>> from convlib.nn import relu
    >>> relu([-1, 0, 2])
    array([0., 0., 2.])
    """
    (x,) = floats(x=x)
    return np.maximum(x, 0)


def relu_backward(dy: npt.ArrayLike, x: npt.ArrayLike) -> Array:
    """Gradient of `relu`: what comes back passes where x was positive.

    dx = dy where x > 0, else 0

    Parameters
    ----------
    dy : array_like, shape of ``x``
        ∂loss/∂y.
    x : array_like, any shape
        What `relu` was given.

    Returns
    -------
    ndarray, shape of ``x``

    Raises
    ------
    ValueError, TypeError
        As `relu`, or the shapes differ.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, §6.3.1.

    Derived in: chapter I-5 "Backprop brings the flip back".

    Examples
    --------
    >>> from convlib.nn import relu_backward
    >>> relu_backward([5, 6, 7], [-1, 0, 2])
    array([0., 0., 7.])
    """
    dy, x = floats(dy=dy, x=x)
    expect("dy", dy.shape, x.shape, "the shape of x")
    return np.where(x > 0, dy, np.zeros_like(dy))


def max_pool2d(x: npt.ArrayLike, size: int | Pair = 2, stride: int | Pair | None = None) -> Array:
    """Keep the largest entry of every window.

    y[n, c, p, q] = max_{i, j} x[n, c, p·s + i, q·s + j]

    Parameters
    ----------
    x : array_like, shape (N, C, H, W)
        Images; types as in `relu`.
    size : int or pair of int
        Height and width of a window.
    stride : int or pair of int, optional
        Step between windows; ``size`` if not given, so that they tile the image.

    Returns
    -------
    ndarray, shape (N, C, Ho, Wo)
        Ho = ⌊(H − size) / stride⌋ + 1: rows that no window reaches are dropped.

    Raises
    ------
    ValueError, TypeError
        ``x`` is no batch of images or smaller than a window, or an option is no whole number ≥ 1.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, §9.3.

    Derived in: chapter I-4 "The layer".

    Examples
    --------
    >>> from convlib.nn import max_pool2d
    >>> max_pool2d([[[[1, 2, 3, 4], [5, 6, 8, 7]]]])
    array([[[[6., 8.]]]])
    """
    (x,) = floats(x=x)
    first, *others = _entries(x, *_window(x, size, stride))
    y = first.copy()
    for entry in others:
        np.maximum(y, entry, out=y)
    return y


def max_pool2d_backward(
    dy: npt.ArrayLike, x: npt.ArrayLike, size: int | Pair = 2, stride: int | Pair | None = None
) -> Array:
    """Gradient of `max_pool2d`: all of it goes to the largest entry, the first of equals.

    Where a window holds a NaN, its output is NaN and no entry is the largest: nothing goes back.

    Parameters
    ----------
    dy : array_like, shape (N, C, Ho, Wo)
        ∂loss/∂y.
    x : array_like, shape (N, C, H, W)
        The images that `max_pool2d` was given.
    size, stride
        As in `max_pool2d`.

    Returns
    -------
    ndarray, shape (N, C, H, W)

    Raises
    ------
    ValueError, TypeError
        As `max_pool2d`, or ``dy`` does not have the shape of its output.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, §9.3.

    Derived in: chapter I-5 "Backprop brings the flip back".

    Examples
    --------
    >>> from convlib.nn import max_pool2d_backward
    >>> max_pool2d_backward([[[[10, 20]]]], [[[[1, 2, 3, 4], [5, 6, 8, 7]]]])
    array([[[[ 0.,  0.,  0.,  0.],
             [ 0., 10., 20.,  0.]]]])
    """
    dy, x = floats(dy=dy, x=x)
    y = max_pool2d(x, size, stride)
    expect("dy", dy.shape, y.shape, "the shape of max_pool2d's output")
    window, dx, open_ = _window(x, size, stride), np.zeros_like(x), np.ones(y.shape, np.bool_)
    for entry, back in zip(_entries(x, *window), _entries(dx, *window), strict=True):
        hit = open_ & (entry == y)
        np.add(back, dy, out=back, where=hit)
        open_ &= ~hit
    return dx


def avg_pool2d(x: npt.ArrayLike, size: int | Pair = 2, stride: int | Pair | None = None) -> Array:
    """Average every window.

    y[n, c, p, q] = Σ_{i, j} x[n, c, p·s + i, q·s + j] / (kH·kW)

    Parameters
    ----------
    x : array_like, shape (N, C, H, W)
        Images; types as in `relu`.
    size, stride
        As in `max_pool2d`.

    Returns
    -------
    ndarray, shape (N, C, Ho, Wo)
        Sizes as in `max_pool2d`.

    Raises
    ------
    ValueError, TypeError
        As `max_pool2d`.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, §9.3.

    Derived in: chapter I-4 "The layer".

    Examples
    --------
    >>> from convlib.nn import avg_pool2d
    >>> avg_pool2d([[[[1, 2, 3, 4], [5, 6, 8, 7]]]])  # (1 + 2 + 5 + 6) / 4
    array([[[[3.5, 5.5]]]])
    """
    (x,) = floats(x=x)
    window = _window(x, size, stride)
    first, *others = _entries(x, *window)
    y = first.copy()
    for entry in others:
        y += entry
    y /= math.prod(window[0])
    return y


def avg_pool2d_backward(
    dy: npt.ArrayLike, x: npt.ArrayLike, size: int | Pair = 2, stride: int | Pair | None = None
) -> Array:
    """Gradient of `avg_pool2d`: every entry of a window gets its share.

    Parameters
    ----------
    dy : array_like, shape (N, C, Ho, Wo)
        ∂loss/∂y.
    x : array_like, shape (N, C, H, W)
        The images that `avg_pool2d` was given; only their shape and type count.
    size, stride
        As in `max_pool2d`.

    Returns
    -------
    ndarray, shape (N, C, H, W)

    Raises
    ------
    ValueError, TypeError
        As `max_pool2d`, or ``dy`` does not have the shape of its output.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, §9.3.

    Derived in: chapter I-5 "Backprop brings the flip back".

    Examples
    --------
    >>> from convlib.nn import avg_pool2d_backward
    >>> avg_pool2d_backward([[[[4, 8]]]], [[[[1, 2, 3, 4], [5, 6, 8, 7]]]])
    array([[[[1., 1., 2., 2.],
             [1., 1., 2., 2.]]]])
    """
    dy, x = floats(dy=dy, x=x)
    window, dx = _window(x, size, stride), np.zeros_like(x)
    for back in _entries(dx, *window):
        expect("dy", dy.shape, back.shape, "the shape of avg_pool2d's output")
        back += dy / dy.dtype.type(math.prod(window[0]))
    return dx


def linear(x: npt.ArrayLike, w: npt.ArrayLike, b: npt.ArrayLike | None = None) -> Array:
    """Weigh all entries of an image for every output: the dense layer.

    y[n, m] = b[m] + Σ_d x[n, d] · w[m, d]

    Parameters
    ----------
    x : array_like, shape (N, D) or (N, C, H, W) with C·H·W = D
        N inputs; what has more than two axes is flattened. Types as in `relu`.
    w : array_like, shape (M, D)
        Weights, one row per output.
    b : array_like, shape (M,), optional
        What is added to each output.

    Returns
    -------
    ndarray, shape (N, M)

    Raises
    ------
    ValueError, TypeError
        Shapes do not fit one another, or an array holds something that `relu` refuses.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, §6.1.

    Derived in: chapter I-4 "The layer".

    Examples
    --------
    >>> from convlib.nn import linear
    >>> linear([[1, 2]], [[3, 4], [5, 6]], [100, 200])  # 1·3 + 2·4 + 100
    array([[111., 217.]])
    """
    x, w, *bias = floats(x=x, w=w) if b is None else floats(x=x, w=w, b=b)
    y = multiply(_rows(x, w), w.T)
    for entries in bias:
        expect("b", entries.shape, (len(w),), "one entry per row of w")
        y += entries
    return y


def linear_backward(dy: npt.ArrayLike, x: npt.ArrayLike, w: npt.ArrayLike) -> tuple[Array, Array, Array]:
    """Gradients of `linear`.

    dx[n, d] = Σ_m dy[n, m] · w[m, d]

    dw[m, d] = Σ_n dy[n, m] · x[n, d]

    db[m] = Σ_n dy[n, m]

    Parameters
    ----------
    dy : array_like, shape (N, M)
        ∂loss/∂y.
    x : array_like, shape (N, D) or (N, C, H, W)
        What `linear` was given.
    w : array_like, shape (M, D)
        The weights that it was given.

    Returns
    -------
    dx : ndarray, shape of ``x``
    dw : ndarray, shape (M, D)
    db : ndarray, shape (M,)

    Raises
    ------
    ValueError, TypeError
        As `linear`, or ``dy`` does not have the shape of its output.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, §6.5.

    Derived in: chapter I-5 "Backprop brings the flip back".

    Examples
    --------
    >>> from convlib.nn import linear_backward
    >>> linear_backward([[1, 10]], [[1, 2]], [[3, 4], [5, 6]])  # 1·3 + 10·5
    (array([[53., 64.]]), array([[ 1.,  2.], [10., 20.]]), array([ 1., 10.]))
    """
    dy, x, w = floats(dy=dy, x=x, w=w)
    rows = _rows(x, w)
    expect("dy", dy.shape, (len(x), len(w)), "the shape of linear's output")
    return multiply(dy, w).reshape(x.shape), multiply(dy.T, rows), dy.sum(0)


def _window(x: Array, size: int | Pair, stride: int | Pair | None) -> tuple[Shape, Shape]:
    if x.ndim != 4:
        raise ValueError(f"x has shape {x.shape}; allowed: four axes, (N, C, H, W)")
    sizes = wholes("size", size, 2, 1)
    if sizes[0] > x.shape[2] or sizes[1] > x.shape[3]:
        raise ValueError(f"size is {sizes} and x has shape {x.shape}; allowed: no larger than the image")
    return sizes, sizes if stride is None else wholes("stride", stride, 2, 1)


def _entries(x: Array, size: Shape, stride: Shape) -> Iterator[Array]:
    """Entry (i, j) of every window, one array (N, C, Ho, Wo) after the other; views into x."""
    windows = sliding_window_view(x, size, axis=(2, 3), writeable=x.flags.writeable)
    windows = windows[:, :, :: stride[0], :: stride[1]]
    return (windows[..., i, j] for i, j in np.ndindex(size))


def _rows(x: Array, w: Array) -> Array:
    rows = x.reshape(len(x), -1) if x.ndim else x
    if w.ndim != 2 or rows.shape[-1:] != w.shape[1:]:
        raise ValueError(f"x has shape {x.shape} and w has shape {w.shape}; allowed: (N, …) of D entries each, (M, D)")
    return rows
