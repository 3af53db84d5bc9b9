"""Instant checks for the course's exercises.

`exercise` hands out the numbers of an exercise, `check` looks at an answer and says what is wrong
with *this* answer. No answer is stored: each one is computed from the numbers of the exercise.
An answer is only ever compared as numbers, never run.

Each chapter's file declares its exercises, and one set of rules judges them all.
"""

from dataclasses import dataclass
from importlib import import_module
from numbers import Real
from typing import Any

import numpy as np

from convlib.checks.declaration import Array, Exercise
from convlib.checks.judging import ROUNDING, judge, message

__all__ = ["Verdict", "check", "exercise"]

CHAPTERS = (
    "cnn_1",
    "cnn_2",
    "cnn_3",
    "cnn_4",
    "cnn_5",
    "cnn_6",
    "systems_1",
    "systems_2",
    "systems_3",
    "flip_1",
    "flip_2",
    "flip_3",
    "flip_4",
    "fft_1",
    "fft_2",
    "fft_3",
    "fft_4",
)


@dataclass(frozen=True, repr=False)
class Verdict:
    """What `check` found: true when the answer is right, and a sentence about it.

    Parameters
    ----------
    right : bool
        Whether the answer is right.
    message : str
        What is right or wrong with this answer; also the object's `repr`.
    """

    right: bool
    message: str

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return self.message


def exercise(exercise_id: str, seed: int = 0) -> dict[str, Any]:
    """Hand out the numbers of an exercise.

    Parameters
    ----------
    exercise_id : str
        The exercise's name on the page, such as ``"I-1.2"``.
    seed : int
        0 gives the numbers printed on the page; any other seed, however large, draws anew.

    Returns
    -------
    dict
        Name and value of every given quantity; arrays are `numpy.ndarray`.

    Raises
    ------
    ValueError
        When there is no such exercise, or the seed is negative or not an integer.

    Examples
    --------
    >>> sorted(exercise("I-1.2"))
    ['kernel', 'patch']
    >>> exercise("I-1.2", seed=5)["patch"].shape
    (3, 3)
    """
    return _find(exercise_id).variant(_checked(seed))[0]


def check(exercise_id: str, answer: Any, seed: int = 0) -> Verdict:
    """Check an answer and say what is wrong with it.

    Parameters
    ----------
    exercise_id : str
        The exercise's name on the page, such as ``"I-1.2"``.
    answer : array_like or None
        Numbers as a list, a tuple or an array; rounding errors are forgiven, and so is a single row
        or column in the place of a flat list. None means "not answered yet".
    seed : int
        The variant that was answered, as given to `exercise`.

    Returns
    -------
    Verdict
        True when the answer is right; its text says what to look at.

    Raises
    ------
    ValueError
        When there is no such exercise or seed, or rows of the answer differ in length.
    TypeError
        When the answer is not made of real numbers.

    Examples
    --------
    >>> check("I-1.4", exercise("I-1.4")["kernel"])
    I-1.4: the kernel is unchanged, and convolve2d turns it once: turn it beforehand.
    >>> check("II-3.1", "7 of 36")
    Traceback (most recent call last):
    TypeError: II-3.1: the answer must be a list or an array of real numbers, got the text '7 of 36'
    """
    task = _find(exercise_id).task(_checked(seed))
    if answer is None:
        note = "no answer yet. Put yours in the place of None and run the cell again."
        return Verdict(False, f"{exercise_id}: {note}")
    numbers = _numbers(exercise_id, answer)
    if not np.isfinite(numbers).all():
        return Verdict(False, f"{exercise_id}: the answer contains nan or inf.")
    problem = judge(task, numbers.astype(float).tolist())
    return Verdict(not problem, message(exercise_id, problem))


def _find(exercise_id: str) -> Exercise:
    if not isinstance(exercise_id, str) or exercise_id not in EXERCISES:
        raise ValueError(f"no exercise {exercise_id!r}; there are {', '.join(EXERCISES)}")
    return EXERCISES[exercise_id]


def _checked(seed: int) -> int:
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"seed must be an integer of at least 0, got {seed!r}")
    return int(seed)


def _numbers(exercise_id: str, answer: Any) -> Array:
    wanted = "a list or an array of real numbers"
    if isinstance(answer, str | bytes):
        raise TypeError(f"{exercise_id}: the answer must be {wanted}, got the text {answer!r}")
    try:
        array = np.asarray(answer)
    except ValueError as error:
        raise ValueError(f"{exercise_id}: the answer must be {wanted}, got rows of unequal length") from error
    if array.dtype.kind == "O" and all(isinstance(value, Real) for value in array.flat):
        array = array.astype(float)  # such as fractions
    if array.dtype.kind == "c" and np.abs(array.imag).max(initial=0) <= ROUNDING * np.abs(array.real).max(initial=1):
        array = array.real  # what an FFT leaves of real numbers
    if array.dtype.kind not in "iuf":
        got = f"{type(answer).__name__} of {array.dtype.name}"
        raise TypeError(f"{exercise_id}: the answer must be {wanted}, got {got}")
    return array


EXERCISES = {
    declared.id: declared
    for chapter in CHAPTERS
    for declared in vars(import_module(f"convlib.checks.{chapter}")).values()
    if isinstance(declared, Exercise)
}
