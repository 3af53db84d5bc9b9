"""The convolutional layer and the transposed one, on arrays (N, C, H, W)."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import numpy.typing as npt

from convlib.arguments import Array, expect, floats
from convlib.nn import im2col, taps
from convlib.nn.fit import Pair, fit_transposed, fit_windows


def conv2d(
    x: npt.ArrayLike,
    w: npt.ArrayLike,
    b: npt.ArrayLike | None = None,
    stride: int | Pair = 1,
    padding: int | Pair | str = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
    flip: bool = False,
) -> Array:
    """Slide every filter over every image: the layer that networks call convolutional.

    y[n, f, p, q] = b[f] + Σ_{c, i, j} x[n, c, p·s + i·d, q·s + j·d] · w[f, c, i, j]

    with stride s, dilation d and x padded with zeros. That is cross-correlation. With ``flip`` it is
    convolution: weight w[f, c, i, j] meets x[n, c, p·s + (kH−1−i)·d, q·s + (kW−1−j)·d].

    Parameters
    ----------
    x : array_like, shape (N, C, H, W)
        N images of C channels: float32, float64, or integers, which are taken as float64.
    w : array_like, shape (F, C / groups, kH, kW)
        F filters.
    b : array_like, shape (F,), optional
        What is added to each output channel.
    stride : int or pair of int
        Step between neighbouring outputs, (vertical, horizontal), at least 1.
    padding : int, pair of int, "same" or "valid"
        Rows above and below and columns left and right that count as zero. "valid" is 0. "same"
        keeps H and W, needs stride 1, and pads an odd total once more below and to the right.
    dilation : int or pair of int
        Step between neighbouring entries of a filter on the image, at least 1.
    groups : int
        Filters and channels are split into so many groups that do not see one another.
    flip : bool
        False: cross-correlation, as in PyTorch's conv2d. True: convolution, computed by a path of
        its own, so that one can be tested against the other.

    Returns
    -------
    ndarray, shape (N, F, Ho, Wo)
        Ho = ⌊(H + padding above and below − dilation·(kH − 1) − 1) / stride⌋ + 1, and likewise Wo;
        float32 if no argument is wider, else float64.

    Raises
    ------
    ValueError
        Shapes do not fit one another, the filter is larger than the padded image, "same" is asked
        with a stride, or an option is out of range; the message names them.
    TypeError
        An array holds something other than float32, float64, integers or bool, or an option is no
        whole number.

    See Also
    --------
    conv2d_backward : Its gradients.
    convlib.correlate : The same sum for one image and one filter, exact on integers.

    Notes
    -----
    2·N·F·Ho·Wo·(C / groups)·kH·kW floating-point operations, nearly all in matrix products; beside
    input and output it needs a padded copy of the images of a tile and a few megabytes; with ``flip``
    one of all images, of one tap's share of them and of its products. Each output
    is one sum over a window, so a NaN spoils only the outputs whose window holds it.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, §9.1 and §9.5.

    Derived in: chapter I-4 "The layer".

    Examples
    --------
    >>> import numpy as np
    >>> from convlib.nn import conv2d
    >>> x, w = np.arange(9).reshape(1, 1, 3, 3), [[[[1, 0], [0, 10]]]]
    >>> conv2d(x, w)[0, 0]  # 0·1 + 4·10 = 40
    array([[40., 51.],
           [73., 84.]])
    >>> conv2d(x, w, flip=True)[0, 0]  # 0·10 + 4·1 = 4
    array([[ 4., 15.],
           [37., 48.]])
    """
    x, w, *bias = floats(x=x, w=w) if b is None else floats(x=x, w=w, b=b)
    fit = fit_windows(x.shape, w.shape, stride, padding, dilation, groups)
    for entries in bias:
        expect("b", entries.shape, (w.shape[0],), f"one entry per filter of w {w.shape}")
    return _plus(_engine(flip).gather(x, w, fit), bias)


def conv2d_backward(
    dy: npt.ArrayLike,
    x: npt.ArrayLike,
    w: npt.ArrayLike,
    stride: int | Pair = 1,
    padding: int | Pair | str = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
    flip: bool = False,
) -> tuple[Array, Array, Array]:
    """Gradients of `conv2d`, from the gradient of the loss with respect to its output.

    dx[n, c, p·s + i·d, q·s + j·d] += dy[n, f, p, q] · w[f, c, i, j]

    dw[f, c, i, j] = Σ_{n, p, q} dy[n, f, p, q] · x[n, c, p·s + i·d, q·s + j·d]

    db[f] = Σ_{n, p, q} dy[n, f, p, q]

    For stride 1, without padding, dilation or ``flip``, dx is the *full convolution* of dy with w
    (backpropagation brings the flip back), and dw the correlation of x with dy.

    Parameters
    ----------
    dy : array_like, shape (N, F, Ho, Wo)
        ∂loss/∂y.
    x : array_like, shape (N, C, H, W)
        The images that `conv2d` was given.
    w : array_like, shape (F, C / groups, kH, kW)
        The filters that it was given.
    stride, padding, dilation, groups, flip
        As in `conv2d`.

    Returns
    -------
    dx : ndarray, shape (N, C, H, W)
    dw : ndarray, shape (F, C / groups, kH, kW)
    db : ndarray, shape (F,)

    Raises
    ------
    ValueError
        As `conv2d`, or ``dy`` does not have the shape of its output.
    TypeError
        As `conv2d`.

    References
    ----------
    Dumoulin and Visin, *A guide to convolution arithmetic for deep learning*, 2016, ch. 4.

    Derived in: chapter I-5 "Backprop brings the flip back".

    Examples
    --------
    >>> import numpy as np
    >>> from convlib.nn import conv2d_backward
    >>> x, w = np.arange(9).reshape(1, 1, 3, 3), np.array([[[[1, 2], [3, 4]]]])
    >>> dx, dw, db = conv2d_backward([[[[1, 0], [0, 10]]]], x, w)
    >>> dx[0, 0]  # each entry of dy lays down a scaled copy of w
    array([[ 1.,  2.,  0.],
           [ 3., 14., 20.],
           [ 0., 30., 40.]])
    >>> dw[0, 0], db
    (array([[40., 51.],
           [73., 84.]]), array([11.]))
    """
    dy, x, w = floats(dy=dy, x=x, w=w)
    fit = fit_windows(x.shape, w.shape, stride, padding, dilation, groups)
    expect("dy", dy.shape, (x.shape[0], w.shape[0], *fit.out), "the shape of conv2d's output")
    engine = _engine(flip)
    return engine.scatter(dy, w, fit), engine.outer(dy, x, fit), dy.sum((0, 2, 3))


def conv_transpose2d(
    x: npt.ArrayLike,
    w: npt.ArrayLike,
    b: npt.ArrayLike | None = None,
    stride: int | Pair = 1,
    padding: int | Pair | str = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
    flip: bool = False,
    output_padding: int | Pair = 0,
) -> Array:
    """Let every entry of x lay down a scaled copy of its filter: the adjoint of `conv2d`.

    y[n, f, p·s + i·d, q·s + j·d] += x[n, c, p, q] · w[c, f, i, j]

    It is the transpose, in general not the inverse: ⟨conv2d(u, w), x⟩ = ⟨u, conv_transpose2d(x, w)⟩ for all
    x and all u of the output's size, with the same w and options; ``output_padding`` gives back the rows and
    columns of u that no window of `conv2d` reached. That is also how `conv2d` sends a gradient to its input.
    At stride 1, without padding, dilation or ``flip``, it is the *full convolution* with each filter.

    Parameters
    ----------
    x : array_like, shape (N, C, H, W)
        N images of C channels; types as in `conv2d`.
    w : array_like, shape (C, F / groups, kH, kW)
        One filter per *input* channel: the layout that `conv2d` would use in the other direction.
    b : array_like, shape (F,), optional
        What is added to each output channel.
    stride : int or pair of int
        Step between the copies that neighbouring entries of x lay down.
    padding : int, pair of int, "same" or "valid"
        Rows and columns that are cut off the output's border.
    dilation, groups, flip
        As in `conv2d`.
    output_padding : int or pair of int
        Rows added below and columns added right, 0 … stride − 1: tells apart the sizes that
        `conv2d` with this stride would bring to the same H and W.

    Returns
    -------
    ndarray, shape (N, F, Ho, Wo)
        Ho = (H − 1)·stride − padding above and below + dilation·(kH − 1) + 1 + output_padding.

    Raises
    ------
    ValueError
        Shapes do not fit one another, nothing is left of the output, or an option is out of range.
    TypeError
        As `conv2d`.

    See Also
    --------
    conv_transpose2d_backward : Its gradients.

    References
    ----------
    Dumoulin and Visin, *A guide to convolution arithmetic for deep learning*, 2016, ch. 4.

    Derived in: chapter I-4 "The layer".

    Examples
    --------
    >>> import numpy as np
    >>> from convlib.nn import conv_transpose2d
    >>> x, w = np.array([[[[1, 10]]]]), np.array([[[[1, 2, 3]]]])
    >>> conv_transpose2d(x, w, stride=(1, 2))[0, 0]  # 3·1 + 1·10 = 13 where the copies overlap
    array([[ 1.,  2., 13., 20., 30.]])
    """
    x, w, *bias = floats(x=x, w=w) if b is None else floats(x=x, w=w, b=b)
    fit = fit_transposed(x.shape, w.shape, stride, padding, dilation, groups, output_padding)
    for entries in bias:
        expect("b", entries.shape, (fit.shape[1],), "one entry per output channel")
    return _plus(_engine(flip).scatter(x, w, fit), bias)


def conv_transpose2d_backward(
    dy: npt.ArrayLike,
    x: npt.ArrayLike,
    w: npt.ArrayLike,
    stride: int | Pair = 1,
    padding: int | Pair | str = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
    flip: bool = False,
    output_padding: int | Pair = 0,
) -> tuple[Array, Array, Array]:
    """Gradients of `conv_transpose2d`: the transpose of a transpose is `conv2d` again.

    dx = conv2d(dy, w)

    dw[c, f, i, j] = Σ_{n, p, q} x[n, c, p, q] · dy[n, f, p·s + i·d, q·s + j·d]

    db[f] = Σ_{n, p, q} dy[n, f, p, q]

    Parameters
    ----------
    dy : array_like, shape (N, F, Ho, Wo)
        ∂loss/∂y.
    x : array_like, shape (N, C, H, W)
        The images that `conv_transpose2d` was given.
    w : array_like, shape (C, F / groups, kH, kW)
        The filters that it was given.
    stride, padding, dilation, groups, flip, output_padding
        As in `conv_transpose2d`.

    Returns
    -------
    dx : ndarray, shape (N, C, H, W)
    dw : ndarray, shape (C, F / groups, kH, kW)
    db : ndarray, shape (F,)

    Raises
    ------
    ValueError
        As `conv_transpose2d`, or ``dy`` does not have the shape of its output.
    TypeError
        As `conv2d`.

    References
    ----------
    Dumoulin and Visin, *A guide to convolution arithmetic for deep learning*, 2016, ch. 4.

    Derived in: chapter I-5 "Backprop brings the flip back".

    Examples
    --------
    >>> import numpy as np
    >>> from convlib.nn import conv_transpose2d_backward
    >>> x, w = np.array([[[[1, 10]]]]), np.array([[[[1, 2, 3]]]])
    >>> dx, dw, db = conv_transpose2d_backward([[[[1, 0, 0, 0, 1]]]], x, w, stride=(1, 2))
    >>> dx[0, 0], dw[0, 0], db
    (array([[1., 3.]]), array([[ 1.,  0., 10.]]), array([2.]))
    """
    dy, x, w = floats(dy=dy, x=x, w=w)
    fit = fit_transposed(x.shape, w.shape, stride, padding, dilation, groups, output_padding)
    expect("dy", dy.shape, fit.shape, "the shape of conv_transpose2d's output")
    engine = _engine(flip)
    return engine.gather(dy, w, fit), engine.outer(x, dy, fit), dy.sum((0, 2, 3))


def _engine(flip: bool) -> ModuleType:
    """Turning filters would be less code, and would make any comparison of the two prove nothing."""
    return taps if flip else im2col


@np.errstate(all="ignore")
def _plus(y: Array, bias: list[Array]) -> Array:
    for entries in bias:
        y += entries.reshape(-1, 1, 1)
    return y
