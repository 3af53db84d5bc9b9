"""What every public door checks: numbers, whole numbers, choices, shapes; each once, in one wording.

A message names the argument, repeats what was given and says what is allowed.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from itertools import chain
from numbers import Real
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Shape = tuple[int, ...]

MODES = ("full", "same", "valid")
NUMBERS = "allowed: bool, integer, floating, complex or object numbers"
LISTS = (list, tuple)
PYTHONS = {bool, int, float, complex}
WHOLE = (int, np.integer, np.bool_)  # a bool of Python is an int


def numbers(name: str, values: npt.ArrayLike, empty: bool = False) -> Array:
    """Values as an array of numbers, the array itself if it is one; integers are never rounded.

    >>> numbers("x", ["a"])
    Traceback (most recent call last):
    TypeError: x has dtype <U1; allowed: bool, integer, floating, complex or object numbers
    >>> numbers("x", [2**63 + 1, 1])
    array([9223372036854775809,                   1], dtype=uint64)
    """
    array = values if type(values) is np.ndarray else _array(name, values)
    if array.dtype.kind not in "biufcO":
        raise TypeError(f"{name} has dtype {array.dtype}; {NUMBERS}")
    if array.size == 0 and not empty:
        raise ValueError(f"{name} is empty: its shape is {array.shape}")
    return _objects(name, array) if array.dtype.kind == "O" else array


def reals(name: str, values: npt.ArrayLike) -> Array:
    """Values as an array of float64.

    >>> reals("t", [1j])
    Traceback (most recent call last):
    TypeError: t has dtype complex128; allowed: real numbers
    """
    array = numbers(name, values)
    try:
        if array.dtype.kind != "c":
            return array.astype(np.float64)
    except TypeError:
        pass
    raise TypeError(f"{name} has dtype {array.dtype}; allowed: real numbers")


def floats(**arrays: npt.ArrayLike) -> list[Array]:
    """Arguments as arrays of one type: float32 if that holds them all, else float64.

    >>> floats(x=[1, 2], w=[1j])
    Traceback (most recent call last):
    TypeError: w has dtype complex128; allowed: float32, float64, integers, bool
    """
    found = {name: numbers(name, values) for name, values in arrays.items()}
    for name, array in found.items():
        if array.dtype.kind not in "biu" and array.dtype.newbyteorder("=") not in (np.float32, np.float64):
            raise TypeError(f"{name} has dtype {array.dtype}; allowed: float32, float64, integers, bool")
    kind = np.result_type(*found.values()).newbyteorder("=")
    kind = kind if kind.kind == "f" else np.dtype(np.float64)
    return [array.astype(kind, copy=False) for array in found.values()]


def classes(name: str, values: npt.ArrayLike, scores: Shape) -> Array:
    """One class for each row of scores, given their shape; any number of rows if that is −1.

    >>> classes("labels", [0, 2], (2, 2))
    Traceback (most recent call last):
    ValueError: labels reach from 0 to 2; allowed: 0 to 1
    """
    found, rows = numbers(name, values), scores[0]
    if found.dtype.kind not in "iu":
        raise TypeError(f"{name} has dtype {found.dtype}; allowed: integers")
    if found.ndim != 1 or rows not in (-1, found.size):
        raise ValueError(f"{name} has shape {found.shape}; allowed: ({'N' if rows < 0 else rows},), one for each image")
    if found.min() < 0 or found.max() >= scores[1]:
        raise ValueError(f"{name} reach from {found.min()} to {found.max()}; allowed: 0 to {scores[1] - 1}")
    return found


def number(name: str, value: float, least: float = -math.inf, most: float = math.inf) -> float:
    """One finite real number.

    >>> number("absorption", 1.5, 0, 1)
    Traceback (most recent call last):
    ValueError: absorption is 1.5; allowed: a number from 0 to 1
    """
    found = _float(value)
    if not (math.isfinite(found) and least <= found <= most):
        _refuse(name, value, _range("a finite number" if least == -math.inf else "a number", least, most))
    return found


def positive(name: str, value: float) -> float:
    """One finite real number above 0.

    >>> positive("dt", 0)
    Traceback (most recent call last):
    ValueError: dt is 0; allowed: a positive number
    """
    found = _float(value)
    if not 0 < found < math.inf:
        _refuse(name, value, "a positive number")
    return found


def whole(name: str, value: int, least: float = -math.inf, most: float = math.inf) -> int:
    """One whole number; True and False are none.

    >>> whole("n", 2.5, least=1)
    Traceback (most recent call last):
    TypeError: n is 2.5; allowed: a whole number, at least 1
    """
    return _wholes(name, value, [value], least, most, _range("a whole number", least, most))[0]


def wholes(name: str, value: int | Sequence[int], count: int, least: float = -math.inf, each: bool = True) -> Shape:
    """As many whole numbers as asked for; one alone stands for all of them, if ``each``.

    >>> wholes("stride", 2, 2, least=1), wholes("stride", (1, 3), 2, least=1)
    ((2, 2), (1, 3))
    """
    several = "a pair of them" if count == 2 else f"{count} of them"
    allowed = "a whole number" if count == 1 else f"a whole number or {several}" if each else f"{count} whole numbers"
    allowed += f", each at least {least}" if least > -math.inf else ""
    alone = not _listed(value)
    found = _wholes(name, value, [value] if alone else value, least, math.inf, allowed) * (
        count if alone and each else 1
    )
    if len(found) != count:
        _refuse(name, value, allowed, ValueError)
    return found


def several(
    name: str, value: int | Sequence[int], least: float, most: float = math.inf, allowed: str | None = None
) -> Shape:
    """One whole number or several, such as a shape.

    >>> several("x_shape", 5, least=1), several("x_shape", [3, 4], least=1)
    ((5,), (3, 4))
    """
    entries = value if _listed(value) else [value]
    return _wholes(name, value, entries, least, most, allowed or _range("a whole number or several", least, most))


def choice(name: str, value: Any, allowed: Sequence[Any]) -> None:
    """One of a few words or whole numbers.

    >>> choice("mode", "Full", MODES)
    Traceback (most recent call last):
    ValueError: mode is 'Full'; allowed: 'full', 'same', 'valid'
    """
    if type(value) is str and value in allowed:  # the common case, first
        return
    if not isinstance(value, str | int | np.integer) or isinstance(value, bool) or value not in allowed:
        raise ValueError(f"{name} is {_shown(value)}; allowed: {', '.join(map(repr, allowed))}")


def expect(name: str, shape: Shape, wanted: Shape, why: str) -> None:
    """Refuse an argument that does not have the shape that others imply.

    >>> expect("b", (2,), (3,), "one entry per filter")
    Traceback (most recent call last):
    ValueError: b has shape (2,); allowed: (3,), one entry per filter
    """
    if shape != wanted:
        raise ValueError(f"{name} has shape {shape}; allowed: {wanted}, {why}")


def same_axes(x_shape: Shape, h_shape: Shape) -> None:
    """Refuse two arrays with different numbers of dimensions."""
    if len(x_shape) != len(h_shape):
        raise ValueError(f"{shapes(x_shape, h_shape)}; they must have the same number of dimensions")


def valid(x_shape: Shape, h_shape: Shape, mode: str, axes: Sequence[int] | None = None) -> None:
    """Refuse the mode "valid" of arrays of which neither contains the other along the axes."""
    longer = [x_shape[a] - h_shape[a] for a in (range(len(x_shape)) if axes is None else axes)]
    if mode == "valid" and min(longer, default=0) < 0 < max(longer, default=0):
        raise ValueError(
            f"{shapes(x_shape, h_shape)}; mode 'valid' needs one of them at least as long as the other "
            "along every axis; allowed here: 'full', 'same'"
        )


def shapes(x_shape: Shape, h_shape: Shape) -> str:
    """How a message about two arrays begins."""
    return f"x has shape {x_shape} and h has shape {h_shape}"


def _array(name: str, values: Any) -> Array:
    types = set(map(type, values if isinstance(values, LISTS) else [values]))
    types = types if types <= PYTHONS else _types(values)  # most often there is nothing to look into
    if types - PYTHONS and any(issubclass(t, np.ma.MaskedArray) for t in types):
        raise TypeError(
            f"{name} is a masked array, and its mask would be lost; fill what is masked first, "
            f"for example with numpy.ma.filled({name}, 0)"
        )
    try:
        array = np.asarray(values)
    except ValueError as error:
        if "inhomogeneous" in str(error):
            raise ValueError(f"{name} is ragged: all its rows must have the same length") from None
        raise ValueError(f"{name} cannot be made an array: {error}") from error
    # NumPy takes floats for integers of which some fit only int64, and others only uint64.
    if array.dtype.kind == "f" and array.size and all(issubclass(t, (*WHOLE, *LISTS)) for t in types):
        array = _plain(np.array(values, object))
        for kind in (np.int64, np.uint64):
            if np.iinfo(kind).min <= array.min() and array.max() <= np.iinfo(kind).max:
                return array.astype(kind)
    return array


def _types(values: Any) -> set[type]:
    """Types in nested lists and tuples; an array in them counts by the type of its entries, too."""
    level: list[Any] = [values]
    types: set[type] = set()
    for _ in range(64):
        here = set(map(type, level))
        types |= here - {np.ndarray}
        if np.ndarray in here:
            types |= {value.dtype.type for value in level if type(value) is np.ndarray}
        if not any(issubclass(t, LISTS) for t in here):
            break
        rows = {id(row): row for row in level if isinstance(row, LISTS)}
        level = list(chain.from_iterable(rows.values()))
    return types


def _objects(name: str, array: Array) -> Array:
    types = set(map(type, array.flat))
    if not all(hasattr(t, "__mul__") and hasattr(t, "__add__") and not hasattr(t, "__len__") for t in types):
        kinds = ", ".join(sorted(t.__name__ for t in types))
        raise TypeError(f"{name} holds objects of type {kinds}; {NUMBERS}")
    return _plain(array) if any(issubclass(t, np.integer | np.bool_) for t in types) else array


def _plain(array: Array) -> Array:
    """Objects with Python's integers in place of NumPy's, which wrap around."""
    plain = np.empty(array.shape, object)
    plain.reshape(-1)[:] = [int(value) if isinstance(value, WHOLE) else value for value in array.flat]
    return plain


def _listed(value: Any) -> bool:
    """Whether there are several values; a text is one, and so is an array without axes."""
    texts = str | bytes | bytearray | memoryview
    return isinstance(value, Sequence | np.ndarray) and not isinstance(value, texts) and np.iterable(value)


def _float(value: Any) -> float:
    """The number as a float; NaN if it is none, infinity if it is too large."""
    try:
        return float(value) if isinstance(value, Real) and not isinstance(value, bool) else math.nan
    except OverflowError:
        return math.inf


def _wholes(name: str, value: Any, entries: Any, least: float, most: float, allowed: str) -> Shape:
    if any(isinstance(entry, bool | np.bool_) for entry in entries):
        _refuse(name, value, allowed, TypeError)
    try:
        found = tuple([operator.index(entry) for entry in entries])
    except TypeError:
        _refuse(name, value, allowed, TypeError)
    if not all(least <= entry <= most for entry in found):
        _refuse(name, value, allowed, ValueError)
    return found


def _range(what: str, least: float, most: float) -> str:
    if most < math.inf:
        return f"{what} from {least} to {most}"
    return f"{what}, at least {least}" if least > -math.inf else what


def _refuse(name: str, value: Any, allowed: str, error: type[Exception] | None = None) -> NoReturn:
    kind = error or (ValueError if isinstance(value, Real) and not isinstance(value, bool) else TypeError)
    raise kind(f"{name} is {_shown(value)}; allowed: {allowed}") from None


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:99]}…"
