"""Convolution, cross-correlation and the flip that turns one into the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from convlib.arguments import MODES, Array, choice, numbers, same_axes, several, shapes, valid
from convlib.engines.boxes import Mode as Mode
from convlib.engines.boxes import each
from convlib.engines.plan import ENGINES, compute

Axes = int | Sequence[int] | None
Method = Literal["auto", "direct", "fft", "gemm", "separable", "overlap-save", "whole-fft"]

METHODS = ("auto", "direct", "fft", *list(ENGINES)[1:])


def convolve(
    x: npt.ArrayLike, h: npt.ArrayLike, mode: Mode = "full", method: Method = "auto", axes: Axes = None
) -> Any:
    """Convolve two N-D arrays: flip one, slide it over the other, add the products.

    y[n] = Σ_k x[n−k]·h[k]

    along every axis, with zeros outside the arrays.

    Parameters
    ----------
    x : array_like, shape (len_x, …)
        Signal or image: N-D, real, complex, integer, bool or object.
    h : array_like, shape (len_h, …)
        Impulse response or kernel, with as many dimensions as ``x``.
    mode : {"full", "same", "valid"}
        "full": every output that any product reaches, ``len_x + len_h − 1`` along each axis.
        "same": the centre of "full", ``len_x`` along each axis.
        "valid": only outputs that need no zeros, ``|len_x − len_h| + 1`` along each axis;
        one array must be at least as long as the other along every axis.
    method : {"auto", "direct", "gemm", "separable", "overlap-save", "whole-fft", "fft"}
        "auto" takes the engine that `plan` names, as a rule the one with the lowest estimate, and
        "separable" for a kernel whose rank makes that cheaper still. "direct" adds products,
        "gemm" multiplies by Toeplitz matrices, "separable" convolves columns and rows with the
        factors of the kernel, "overlap-save" multiplies spectra block by block, "whole-fft" in
        one piece; "fft" is the last two as `auto` would choose between them. Objects are always
        added directly, and integers by an engine that is exact for them.
    axes : int or sequence of int, optional
        Convolve along these axes only. Along every other axis both arrays must have the same
        length, or one of them length 1, and entries of the same index belong together: one kernel
        for all rows, or one for each. Default: all axes.

    Returns
    -------
    ndarray or NumPy scalar
        Output of the mode's shape; a scalar if both arguments are scalars. Floating types
        combine as in NumPy (float32 with float32 gives float32).

    Raises
    ------
    ValueError
        An array is empty or ragged, the numbers of dimensions differ, ``mode`` or ``method`` is
        unknown or not for these shapes, "valid" is asked of arrays of which neither contains the
        other, or ``axes`` names no axis, one twice, or leaves out one where the lengths differ.
    TypeError
        An array holds no numbers, for example strings, or is masked, or ``axes`` holds no integers.
    OverflowError
        Integers whose result might not fit: both max|x|·Σ|h| and max|h|·Σ|x| exceed the limit
        of the output type.

    See Also
    --------
    correlate : The same slide without the flip.
    plan : Which engine "auto" takes, in which blocks, and what each would cost.
    flip : The flip on its own.
    convlib.trace : One output sample, term by term.

    Notes
    -----
    Shapes, alignment and floating types are those of `scipy.signal.convolve`. It differs where
    SciPy's answer would surprise:

    - Integers give int64 (uint64 if both are unsigned) and are exact, or raise OverflowError;
      SciPy keeps the input's type and wraps around silently. A bool counts as an integer. A list
      of integers that no type of 64 bits holds becomes an array of objects, which is exact.
    - With ``axes``, "same" keeps the length that the arrays have together along the other axes,
      where SciPy cuts it down to that of ``x``.
    - One NaN, infinity or product that overflows spoils exactly the outputs whose window
      touches it, under every method; SciPy's FFT spoils all of them.
    - The error of an output is at most c·eps·‖x_block‖·‖h‖, short of underflow. The block is the
      window itself and c twice the number of its terms (four times under "separable", which is
      measured, not proved), except for the FFT engines: there it is the block that `plan` names,
      of N samples, and c is 16 for each binary digit of N. That is proved for powers of two; for
      other N the largest error found is less than a tenth of it. So a spike of 1e12 does not
      drown samples far away. Only arrays of similar lengths, or short ones, are transformed in
      one piece under "auto".
    - So an FFT may give −1e-17 where the exact sum is 0 or a small positive number, even if no
      entry is negative; before a root or a logarithm, take ``np.maximum(y, 0)``.
    - A masked array is a TypeError, since nothing here knows what stands in place of what is
      masked: fill it, for example with ``numpy.ma.filled(x, 0)``.
    - float16 is computed in float32 and rounded once.

    References
    ----------
    Oppenheim and Schafer, *Discrete-Time Signal Processing*, 3rd ed., §2.3 and §8.7.

    Derived in: chapter III-1 "Why the signal is flipped"; the FFT engines in chapter IV-2
    "Wrap-around", and what they cost in chapter IV-3 "The price".

    Examples
    --------
    Push now with 1 and later with 2; each push rings on as 10, 1:

    >>> import convlib
    >>> convlib.convolve([1, 2], [10, 1])
    array([10, 21,  2])
    >>> convlib.convolve([1, 2, 3, 4], [1, 0, -1], mode="valid")
    array([2, 2])
    >>> convlib.convolve([[1, 2, 3], [4, 5, 6]], [[1, -1]], mode="valid", axes=1)
    array([[1, 1],
           [1, 1]])
    """
    x, h = _check(x, h, mode, method)
    if axes is not None:
        return _along(x, h, mode, method, _check_axes(x, h, axes))
    valid(x.shape, h.shape, mode)
    return compute(x, h, mode, method)


def correlate(
    x: npt.ArrayLike, h: npt.ArrayLike, mode: Mode = "full", method: Method = "auto", axes: Axes = None
) -> Any:
    """Cross-correlate two N-D arrays: slide one over the other as it is, add the products.

    y[n] = Σ_k x[n+k]·conj(h[k])

    along every axis, with zeros outside the arrays. In "full" the first output has the lag
    n = −(len_h − 1). This is what the "convolution" layers of most neural networks compute.

    Parameters
    ----------
    x : array_like, shape (len_x, …)
        Signal or image: N-D, real, complex, integer, bool or object.
    h : array_like, shape (len_h, …)
        Template or kernel, with as many dimensions as ``x``; a complex ``h`` is conjugated.
    mode : {"full", "same", "valid"}
        Output length as in `convolve`.
    method : {"auto", "direct", "gemm", "separable", "overlap-save", "whole-fft", "fft"}
        Engine as in `convolve`.
    axes : int or sequence of int, optional
        As in `convolve`.

    Returns
    -------
    ndarray or NumPy scalar
        Output of the mode's shape; a scalar if both arguments are scalars.

    Raises
    ------
    ValueError, TypeError, OverflowError
        As in `convolve`.

    See Also
    --------
    convolve : The same slide with the flip.
    flip : ``correlate(x, h)`` is ``convolve(x, conj(flip(h)))``.

    Notes
    -----
    Differs from `scipy.signal.correlate` in the points that `convolve` lists.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, §9.1.
    Oppenheim and Schafer, *Discrete-Time Signal Processing*, 3rd ed., §2.9.

    Derived in: chapter I-1 'What a "convolutional" layer computes'.

    Examples
    --------
    >>> import convlib
    >>> convlib.correlate([1, 2], [10, 1])
    array([ 1, 12, 20])
    >>> convlib.correlate([1, 2, 3, 4], [1, 0, -1], mode="valid")
    array([-2, -2])
    """
    x, h = _check(x, h, mode, method)
    if axes is not None:
        along = _check_axes(x, h, axes)
        return _along(x, conjugate(np.flip(h, along)), mode, method, along)
    valid(x.shape, h.shape, mode)
    return compute(x, conjugate(_turned(h)), mode, method)


def flip(h: npt.ArrayLike) -> Array:
    """Reverse an array along every axis; a kernel is rotated by 180 degrees.

    flip(h)[k] = h[len_h − 1 − k]

    Parameters
    ----------
    h : array_like, shape (len_h, …)
        Numbers, N-D.

    Returns
    -------
    ndarray
        A new array of the shape and type of ``h``.

    Raises
    ------
    ValueError
        ``h`` is empty or ragged.
    TypeError
        ``h`` holds no numbers, for example strings, or is masked.

    See Also
    --------
    convolve : Flips ``h`` before it slides.
    correlate : Does not.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, §9.1.

    Derived in: chapter I-1 'What a "convolutional" layer computes'.

    Examples
    --------
    >>> import convlib
    >>> convlib.flip([[1, 2, 3], [4, 5, 6]])
    array([[6, 5, 4],
           [3, 2, 1]])
    """
    return _turned(numbers("h", h)).copy()


def conjugate(h: Array) -> Array:
    """Conjugate complex entries, also those of an object array; ``h`` itself if there is nothing to conjugate.

    >>> conjugate(np.array([1 + 2j, 3]))
    array([1.-2.j, 3.-0.j])
    """
    if h.dtype != object:
        return np.conj(h) if h.dtype.kind == "c" else h
    y = h.copy()
    for k in np.ndindex(h.shape):
        if hasattr(h[k], "conjugate"):
            y[k] = h[k].conjugate()
    return y


def _check(x: npt.ArrayLike, h: npt.ArrayLike, mode: str, method: str) -> tuple[Array, Array]:
    choice("mode", mode, MODES)
    choice("method", method, METHODS)
    x, h = numbers("x", x), numbers("h", h)
    same_axes(x.shape, h.shape)
    return x, h


def _turned(h: Array) -> Array:
    """As `numpy.flip`, but an array also where it has no axes: without the dots, the one object in it comes out."""
    backwards: Any = (..., *(slice(None, None, -1),) * h.ndim)
    return np.asarray(h[backwards])


def _check_axes(x: Array, h: Array, axes: int | Sequence[int]) -> tuple[int, ...]:
    """The axes as sorted numbers from 0 on; the other axes must fit each other."""
    if x.ndim == 0:
        raise ValueError(f"axes is {axes!r}; allowed: None, since x and h have no axes")
    allowed = f"whole numbers from {-x.ndim} to {x.ndim - 1}, each axis once"
    along = several("axes", axes, -x.ndim, x.ndim - 1, allowed)
    along = tuple(sorted(a % x.ndim for a in along))
    if not along or len(set(along)) < len(along):
        raise ValueError(f"axes is {axes!r}; allowed: {allowed}")
    pairs = enumerate(zip(x.shape, h.shape, strict=True))
    if any(n != k and 1 not in (n, k) for axis, (n, k) in pairs if axis not in along):
        raise ValueError(
            f"{shapes(x.shape, h.shape)}, and axes is {axes!r}; along every other axis they must have "
            "the same length, or one of them the length 1"
        )
    return along


def _along(x: Array, h: Array, mode: Mode, method: str, axes: tuple[int, ...]) -> Any:
    """Convolve along some axes: one kernel for all, or one for each index of the other axes.

    Along an axis of length 1 in the kernel a convolution is a product, so that one kernel for all
    needs no loop.
    """
    valid(x.shape, h.shape, mode, axes)
    others = [a for a in range(x.ndim) if a not in axes]
    if all(h.shape[a] == 1 for a in others):
        return compute(x, h, mode, method)
    if all(x.shape[a] == 1 for a in others) and mode != "same":
        return compute(h, x, mode, method)
    # One call per kernel; the others of its kind must not lower the type or the limits of any.
    return each(lambda row, kernel: compute(row, kernel, mode, method), x, h, others)
