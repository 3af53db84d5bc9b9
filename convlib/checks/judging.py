"""What the checkers of all chapters share: comparing answers, naming slips.

An exercise is three functions: one draws its numbers, one judges an answer, and one lists the right
answer followed by the slips that deserve a sentence of their own.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Params: TypeAlias = dict[str, Any]
Array: TypeAlias = NDArray[Any]
Slip: TypeAlias = tuple[Any, str]
Draw: TypeAlias = Callable[[np.random.Generator], Params]
Judge: TypeAlias = Callable[[Params, Array], str | None]
Slips: TypeAlias = Callable[[Params], list[Slip]]
Exercises: TypeAlias = dict[str, tuple[Draw, Judge, Slips]]


def lined_up(answer: Any, right: Any) -> Array:
    """Give an answer the form of the right one where only the form differs.

    Where a number or a flat list is asked for, a single row or a single column says the same. Rows
    and columns of a matrix keep their meaning.
    """
    array: Array = np.asarray(answer)
    shape = np.shape(right)
    line = sum(side > 1 for side in array.shape) <= 1
    return array.reshape(shape) if len(shape) < 2 and line and array.size == np.prod(shape) else array


def same(a: Any, b: Any) -> bool:
    """Whether answer `a` has the form of `b` and, up to rounding, the same numbers."""
    a, b = lined_up(a, b), np.asarray(b)
    scale = float(np.max(np.abs(b), initial=1.0))
    return a.shape == b.shape and np.allclose(a, b, rtol=0, atol=1e-6 * scale)


def can_tell_apart(options: list[Slip]) -> bool:
    """Whether the right answer, which comes first, differs from every slip."""
    return all(not same(options[0][0], slip) for slip, _ in options[1:])


def named_slip(answer: Any, slips: Iterable[Slip]) -> str | None:
    """Return the sentence of the first slip that gives this answer."""
    return next((what for value, what in slips if same(answer, value)), None)


def _count_right(answer: Array, right: Array) -> str:
    good = np.isclose(answer, right, rtol=0, atol=1e-6 * max(1.0, float(np.abs(right).max())))
    first = tuple(int(i) for i in np.argwhere(~good)[0])
    place = ", ".join(map(str, first))
    return (
        f"{int(good.sum())} of {right.size} numbers are right; "
        f"the first wrong one is at [{place}], where you have {answer[first]:g}"
    )


def judge_array(answer: Array, options: list[Slip]) -> str | None:
    """Compare whole arrays: a named slip, else the shape, else how many numbers are right."""
    right = np.asarray(options[0][0])
    answer = lined_up(answer, right)
    if same(answer, right):
        return None
    if slip := named_slip(answer, options[1:]):
        return slip
    if answer.shape != right.shape:
        hint = _shape_hint(answer, right)
        return f"shape {answer.shape}, expected {right.shape}{hint}"
    return _count_right(answer, right)


def _shape_hint(answer: Array, right: Array) -> str:
    if answer.size == right.size and same(answer.ravel(), right.ravel()):
        return ": the numbers are right, but not in rows and columns"
    if answer.ndim == right.ndim and all(np.greater(answer.shape, right.shape)):
        return ": too large; keep only the places where the whole window lies inside the image"
    if answer.ndim == right.ndim and all(np.less(answer.shape, right.shape)):
        return ": some places where the window fits are missing"
    return ""


def named_or_wrong(answer: Array, options: list[Slip], otherwise: str) -> str | None:
    """Compare a few numbers whose order matters: a named slip, else `otherwise`."""
    if same(answer, options[0][0]):
        return None
    values = ", ".join(f"{v:g}" for v in answer)
    return named_slip(answer, options[1:]) or f"[{values}] is {otherwise}"
