"""Convolution, cross-correlation and the flip that turns one into the other."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from convlib.engines.planner import ENGINES, Job, prepare, rates_of
from convlib.engines.run import run

Array = npt.NDArray[Any]
Shape = tuple[int, ...]
Axes = int | Sequence[int] | None
Mode = Literal["full", "same", "valid"]
Method = Literal["auto", "direct", "fft", "gemm", "separable", "overlap-save", "whole-fft"]

MODES = ("full", "same", "valid")
METHODS = ("auto", "direct", "fft", *ENGINES[1:])
SPECTRAL = ("overlap-save", "whole-fft")
EPS = float(np.finfo(float).eps)


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
    method : {"auto", "direct", "fft"}
        "direct" adds products, "fft" multiplies spectra, "auto" is direct if the smaller array
        has at most 64 entries or if there are at most 2¹⁶ products, and FFT otherwise.
        Integers and objects are always computed directly, so that they stay exact.

    Returns
    -------
    ndarray or NumPy scalar
        Output of the mode's shape; a scalar if both arguments are scalars. Floating types
        combine as in NumPy (float32 with float32 gives float32).

    Raises
    ------
    ValueError
        An array is empty or ragged, the numbers of dimensions differ, ``mode`` or ``method`` is
        unknown, or "valid" is asked of arrays of which neither contains the other.
    TypeError
        An array holds no numbers, for example strings.
    OverflowError
        Integers whose result might not fit: both max|x|·Σ|h| and max|h|·Σ|x| exceed the limit
        of the output type.

    See Also
    --------
    correlate : The same slide without the flip.
    flip : The flip on its own.
    convlib.trace : One output sample, term by term.

    Notes
    -----
    Shapes, alignment and floating types are those of `scipy.signal.convolve`. It differs where
    SciPy's answer would surprise:

    - Integers give int64 (uint64 if both are unsigned) and are exact, or raise OverflowError;
      SciPy keeps the input's type and wraps around silently. A bool counts as an integer.
    - One NaN, infinity or product that overflows spoils exactly the outputs whose window
      touches it, under every method; SciPy's FFT spoils all of them.
    - The error of an output is at most c·eps·‖x_block‖·‖h‖, where the block is the window
      itself (direct, c = number of terms) or a few lengths of ``h`` around it (FFT,
      c = log2 of its size), so that a spike of 1e12 does not drown samples far away. Two arrays
      of similar length leave only one block, the whole of ``x``.
    - float16 is computed in float32 and rounded once.

    References
    ----------
    Oppenheim and Schafer, *Discrete-Time Signal Processing*, 3rd ed., §2.3 and §8.7.

    Derived in: chapter III-1 "Why the signal is flipped"; the FFT engine in chapter IV-2
    "Wrap-around".

    Examples
    --------
    Push now with 1 and later with 2; each push rings on as 10, 1:

    >>> import convlib
    >>> convlib.convolve([1, 2], [10, 1])
    array([10, 21,  2])
    >>> convlib.convolve([1, 2, 3, 4], [1, 0, -1], mode="valid")
    array([2, 2])
    """
    _check_options(mode, method)
    x, h = _check_pair(x, h)
    if axes is not None:
        return _along(x, h, mode, method, _check_axes(x, h, axes))
    _check_valid(x.shape, h.shape, mode)
    return _convolve(x, h, mode, method)


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
    method : {"auto", "direct", "fft"}
        Engine as in `convolve`.

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
    I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, §9.1.
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
    _check_options(mode, method)
    x, h = _check_pair(x, h)
    if axes is not None:
        along = _check_axes(x, h, axes)
        return _along(x, conjugate(np.flip(h, along)), mode, method, along)
    _check_valid(x.shape, h.shape, mode)
    return _convolve(x, conjugate(np.flip(h)), mode, method)


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
        ``h`` holds no numbers, for example strings.

    See Also
    --------
    convolve : Flips ``h`` before it slides.
    correlate : Does not.

    References
    ----------
    I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, §9.1.

    Derived in: chapter I-1 'What a "convolutional" layer computes'.

    Examples
    --------
    >>> import convlib
    >>> convlib.flip([[1, 2, 3], [4, 5, 6]])
    array([[6, 5, 4],
           [3, 2, 1]])
    """
    return np.flip(as_numbers("h", h)).copy()


def as_numbers(name: str, values: npt.ArrayLike) -> Array:
    """Turn an argument into a non-empty array of numbers, or say what is wrong with it.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    values : array_like
        What the caller passed.

    Returns
    -------
    ndarray
        The values; not a copy if they are an array already.

    Raises
    ------
    ValueError
        The values are empty or ragged.
    TypeError
        They are no numbers.

    Examples
    --------
    >>> as_numbers("x", ["a"])
    Traceback (most recent call last):
    TypeError: x has dtype <U1; allowed: bool, integer, floating, complex or object numbers
    """
    allowed = "allowed: bool, integer, floating, complex or object numbers"
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} is ragged: all its rows must have the same length") from None
    if array.dtype.kind not in "biufcO":
        raise TypeError(f"{name} has dtype {array.dtype}; {allowed}")
    if array.size == 0:
        raise ValueError(f"{name} is empty: its shape is {array.shape}")
    if array.dtype.kind == "O" and not _arithmetic(array):
        kinds = sorted({type(value).__name__ for value in array.flat})
        raise TypeError(f"{name} holds objects of type {', '.join(kinds)}; {allowed}")
    return array


def conjugate(h: Array) -> Array:
    """Conjugate complex entries, also those of an object array; leave all others as they are.

    Parameters
    ----------
    h : ndarray
        Numbers.

    Returns
    -------
    ndarray
        Shape and type of ``h``; ``h`` itself if there is nothing to conjugate.

    Examples
    --------
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


def _arithmetic(array: Array) -> bool:
    return all(
        hasattr(value, "__mul__") and hasattr(value, "__add__") and not hasattr(value, "__len__")
        for value in array.flat
    )


def _check_options(mode: str, method: str) -> None:
    if isinstance(mode, str) and mode in MODES and isinstance(method, str) and method in METHODS:
        return
    for name, value, allowed in (("mode", mode, MODES), ("method", method, METHODS)):
        if not isinstance(value, str) or value not in allowed:
            names = ", ".join(repr(choice) for choice in allowed)
            raise ValueError(f"{name} is {value!r}; allowed: {names}")


def _check_pair(x: npt.ArrayLike, h: npt.ArrayLike) -> tuple[Array, Array]:
    x, h = as_numbers("x", x), as_numbers("h", h)
    if x.ndim != h.ndim:
        raise ValueError(f"{_shapes(x.shape, h.shape)}; they must have the same number of dimensions")
    return x, h


def _check_valid(x_shape: Shape, h_shape: Shape, mode: str) -> None:
    if mode != "valid":
        return
    longer = [n - k for n, k in zip(x_shape, h_shape, strict=True)]
    if min(longer, default=0) < 0 < max(longer, default=0):
        raise ValueError(
            f"{_shapes(x_shape, h_shape)}; mode 'valid' needs one of them at least as long as the other "
            "along every axis; allowed here: 'full', 'same'"
        )


def _check_axes(x: Array, h: Array, axes: int | Sequence[int]) -> tuple[int, ...]:
    """The axes as sorted numbers from 0 on; the other axes must fit each other."""
    try:
        along = tuple(sorted(operator.index(a) for a in (axes if np.iterable(axes) else [axes])))  # type: ignore[union-attr]
    except TypeError:
        raise TypeError(f"axes is {axes!r}; allowed: an integer or several") from None
    if not along or any(not -x.ndim <= a < x.ndim for a in along):
        raise ValueError(f"axes is {axes!r}; allowed: numbers from {-x.ndim} to {x.ndim - 1}, at least one")
    along = tuple(sorted(a % x.ndim for a in along))
    if len(set(along)) < len(along):
        raise ValueError(f"axes is {axes!r}; allowed: each axis once")
    pairs = enumerate(zip(x.shape, h.shape, strict=True))
    if any(n != k and 1 not in (n, k) for axis, (n, k) in pairs if axis not in along):
        raise ValueError(
            f"{_shapes(x.shape, h.shape)}, and axes is {axes!r}; along every other axis they must have "
            "the same length, or one of them the length 1"
        )
    return along


def _shapes(x_shape: Shape, h_shape: Shape) -> str:
    return f"x has shape {x_shape} and h has shape {h_shape}"


def _along(x: Array, h: Array, mode: str, method: str, axes: tuple[int, ...]) -> Any:
    """Convolve along some axes: one kernel for all, or one for each index of the other axes.

    Along an axis of length 1 in the kernel a convolution is a product, so that one kernel for all
    needs no loop.
    """
    _check_valid(tuple(x.shape[a] for a in axes), tuple(h.shape[a] for a in axes), mode)
    others = [a for a in range(x.ndim) if a not in axes]
    if all(h.shape[a] == 1 for a in others):
        return _convolve(x, h, mode, method)
    if all(x.shape[a] == 1 for a in others) and mode != "same":
        return _convolve(h, x, mode, method)
    shape = tuple(max(n, k) if a in others else n for a, (n, k) in enumerate(zip(x.shape, h.shape, strict=True)))
    x = np.broadcast_to(x, shape)
    h = np.broadcast_to(h, tuple(shape[a] if a in others else k for a, k in enumerate(h.shape)))
    x, h = (np.moveaxis(a, others, range(len(others))) for a in (x, h))
    # One call per kernel; the others of its kind must not lower the type or the limits of any.
    results = [_convolve(x[i], h[i], mode, method) for i in np.ndindex(x.shape[: len(others)])]
    stacked = np.stack(results).reshape(*x.shape[: len(others)], *results[0].shape)
    return np.ascontiguousarray(np.moveaxis(stacked, range(len(others)), others))


def _convolve(x: Array, h: Array, mode: str, method: str) -> Any:
    kinds = x.dtype.kind + h.dtype.kind
    if x.ndim == 1 and method == "auto" and x.dtype is h.dtype and x.dtype.char in "dfDF":
        return _line(x, h, mode, x.dtype.char)
    y = _integers(x, h, mode, method) if kinds.strip("biu") == "" else _numbers(x, h, mode, method)
    return y if y.ndim else y[()]


def _line(x: Array, h: Array, mode: str, code: str) -> Array:
    """The common case first: two signals of one type, with nothing to convert."""
    job = prepare(x.shape, h.shape, code, mode)
    if job.engine == "direct" and not (job.swap and mode == "same"):
        return np.convolve(x, h, mode)  # type: ignore[call-overload, no-any-return]
    return run(job, x, h, code)


def _numbers(x: Array, h: Array, mode: str, method: str) -> Array:
    result = np.result_type(x, h)
    # Half precision has 11 bits: sums are taken in single precision and rounded once.
    work = np.dtype(np.float32) if result == np.float16 else result
    code = rates_of(work)
    job = prepare(x.shape, h.shape, code, mode)
    _check_engine(job, method)
    try:
        y = run(job, x.astype(work, copy=False), h.astype(work, copy=False), code, method)
    except TypeError as error:  # only objects can refuse to be multiplied or added
        raise TypeError(f"x and h hold objects that do not combine: {error}") from None
    with np.errstate(over="ignore"):
        return y.astype(result, copy=False)


def _check_engine(job: Job, method: str) -> None:
    if method not in ("auto", "fft") and method not in job.costs:
        names = ", ".join(map(repr, job.costs))
        raise ValueError(f"method {method!r} cannot convolve these shapes; allowed here: 'auto', 'fft', {names}")


def _integers(x: Array, h: Array, mode: str, method: str) -> Array:
    """Exact: by float64 engines as long as every sum fits their 53 bits, and directly otherwise."""
    result, largest_x, largest_h, bound = _integer_type(x, h)
    job = prepare(x.shape, h.shape, "d", mode)
    _check_engine(job, method)
    name = job.engine if method in ("auto", "separable") else job.spectral if method == "fft" else method
    if (name == "direct" and x.ndim == 1) or bound > 2**53:
        return run(job, x.astype(result, copy=False), h.astype(result, copy=False), "d")
    if name in SPECTRAL:
        # Far above the error of any transform (that of radix 2 is below 7·log2(size)·eps·‖x‖·‖h‖).
        size = math.prod(job.blocks[name])
        error = 16 * size.bit_length() * EPS * math.sqrt(size) * largest_x * math.sqrt(h.size) * largest_h
        name = name if error < 0.5 else min(set(job.costs) & {"direct", "gemm"}, key=job.costs.__getitem__)
    y = run(job, x.astype(float), h.astype(float), "d", name)
    return np.rint(y, out=y).astype(result)


def _integer_type(x: Array, h: Array) -> tuple[np.dtype[Any], int, int, int]:
    """Type of the result, max|x|, max|h|, and a bound on every sum, which fits the type."""
    unsigned = x.dtype.kind == h.dtype.kind == "u"
    result = np.dtype(np.uint64 if unsigned else np.int64)
    limit = int(np.iinfo(result).max)
    sizes = _largest(x), _largest(h)
    bound = sizes[0] * sizes[1] * min(x.size, h.size)
    if bound > 2**53:
        bound = min(sizes[0] * _total(h), sizes[1] * _total(x))
    if bound > limit:
        raise OverflowError(
            f"x {x.dtype}{x.shape} and h {h.dtype}{h.shape} may reach {bound}, above the {result} "
            f"limit {limit}; convert one to float (rounded) or to object (exact)"
        )
    return result, *sizes, bound


def _largest(x: Array) -> int:
    """max|x| as a Python integer, which |−2⁶³| fits."""
    return max(int(x.max()), -int(x.min()))


def _total(x: Array) -> int:
    """Σ|x| as a Python integer, in two halves of 32 bits whose sums cannot overflow."""
    # |−2⁶³| does not fit int64, but its bit pattern is right as uint64.
    sizes = x.astype(np.uint64) if x.dtype.kind == "u" else np.abs(x.astype(np.int64)).astype(np.uint64)
    high, low = sizes >> np.uint64(32), sizes & np.uint64(0xFFFFFFFF)
    return (int(high.sum()) << 32) + int(low.sum())
