"""The traits of an interactive: controls, declared once for Python and browser, and types whose errors name the values.

A control says here what it may be set to. Its label and the names of its options stand in the
``words.json`` of its interactive, under the name of the trait.
"""

import base64
import copy
from collections.abc import Iterable
from typing import Any

import numpy as np
import traitlets


def control(trait: Any, **says: Any) -> Any:
    """Share a trait with the front-end, with what it has to know of its control."""
    return trait.tag(sync=True, control=says)


def slider(default: float, least: float, most: float, step: float = 1) -> Any:
    """Declare a number that a slider moves: whole if ``default`` is an int."""
    kind: Any = traitlets.Int if isinstance(default, int) else traitlets.Float
    return control(kind(default, min=least, max=most), kind="slider", min=least, max=most, step=step)


def choice(default: Any, options: Iterable[Any], select: bool = False) -> Any:
    """Declare one of a few values, a row of buttons; or a list to open, if there are many."""
    values = list(options)
    return control(traitlets.Enum(values, default), kind="choice", options=values, select=select)


def toggle(default: bool = False) -> Any:
    """Declare a box to tick."""
    return control(traitlets.Bool(default), kind="toggle")


def answer(options: Iterable[str] = (), *, about: Iterable[str], low: int | None = None) -> Any:
    """Declare what a reader answers: "" or one of ``options``, or without these None or a whole number.

    It is withdrawn when one of the traits ``about`` which it was asked changes; a ``guess`` is not asked for again.
    """
    values = list(options)
    trait = traitlets.Enum(["", *values], "") if values else traitlets.Int(None, allow_none=True, min=low)
    return control(trait, about=["predict", *about], default=trait.default())


class Numbers(traitlets.TraitType[Any, Any]):
    """A list (``ndim=1``) or grid (``ndim=2``) of numbers, stored as plain Python lists.

    Parameters
    ----------
    default : list
        The default value.
    low, high : float
        Smallest and largest allowed entry.
    shape : tuple of (int, int)
        Smallest and largest allowed length, per axis.
    whole : bool
        Whether the entries must be whole numbers.
    presets : list of list
        What a row of buttons offers.
    """

    def __init__(
        self,
        default: list[Any],
        *,
        low: float,
        high: float,
        shape: tuple[tuple[int, int], ...],
        whole: bool = False,
        presets: list[Any] | None = None,
    ) -> None:
        self.low, self.high, self.shape, self.whole = low, high, shape, whole
        super().__init__(default_value=default)
        control(self, low=low, high=high, shape=shape, whole=whole)
        if presets:
            self.metadata["control"] |= {"kind": "choice", "options": presets}

    def default(self, obj: Any = None) -> Any:
        """Return a fresh copy, so that no two widgets share one list."""
        return copy.deepcopy(self.default_value)

    def expected(self) -> str:
        """Say in words what is allowed."""
        axes = ("rows", "columns") if len(self.shape) == 2 else ("entries",)
        sizes = [f"{a}" if a == b else f"{a} to {b}" for a, b in self.shape]
        shape = " and ".join(f"{n} {axis}" for n, axis in zip(sizes, axes, strict=True))
        kind = "whole numbers" if self.whole else "numbers"
        return f"{shape} of {kind} from {self.low:g} to {self.high:g}"

    def validate(self, obj: Any, value: Any) -> Any:
        """Return ``value`` as lists, or raise a TraitError that names it and what is allowed."""
        try:
            array = np.array(value)
        except ValueError:  # rows of different lengths
            array = np.array(None)
        if not self._fits(array):
            text = " ".join(str(value).split())
            raise traitlets.TraitError(f"{self.name} must be {self.expected()}, not {text:.200}")
        return (array.astype(int) if self.whole else array.astype(float)).tolist()

    def _fits(self, array: np.ndarray[Any, Any]) -> bool:
        if array.dtype.kind not in "iuf" or array.ndim != len(self.shape):
            return False
        if any(not a <= n <= b for n, (a, b) in zip(array.shape, self.shape, strict=True)):
            return False
        inside = bool(np.all((array >= self.low) & (array <= self.high)))
        return inside and not (self.whole and np.any(array != np.round(array)))


class Picture(traitlets.TraitType[Any, Any]):
    """A grey picture, stored as ``{"rows": H, "cols": W, "grey": base64 of H·W bytes}``.

    It may be given in that form or as an array of shape (H, W) with grey values from 0 to 1, which
    are rounded to whole steps of 1/255. A page carries the pixels of each picture, so it is small.
    """

    sides = ((8, 400), (8, 600))

    def expected(self) -> str:
        """Say in words what is allowed."""
        (least, rows), (_, cols) = self.sides
        return f"{least} to {rows} rows and {least} to {cols} columns of grey values from 0 to 1"

    def validate(self, obj: Any, value: Any) -> Any:
        """Return the stored form, or raise a TraitError that says what was given and what is allowed."""
        try:
            grey = pixels(value) if isinstance(value, dict) else _quantised(value)
            right = grey.ndim == 2 and all(a <= n <= b for n, (a, b) in zip(grey.shape, self.sides, strict=True))
        except (KeyError, TypeError, ValueError):
            right = False
        if not right:
            shape = np.shape(value) if isinstance(value, np.ndarray) else ()
            got = f"an array of shape {shape}" if shape else f"{value!r:.120}"
            raise traitlets.TraitError(f"{self.name} must be {self.expected()}, not {got}")
        rows, cols = grey.shape
        return {"rows": rows, "cols": cols, "grey": base64.b64encode(grey.tobytes()).decode()}


def pixels(picture: dict[str, Any]) -> np.ndarray[Any, Any]:
    """Return the grey values of a stored `Picture`, whole numbers from 0 to 255, shape (H, W)."""
    grey = np.frombuffer(base64.b64decode(picture["grey"], validate=True), np.uint8)
    return grey.reshape(picture["rows"], picture["cols"])


def _quantised(value: Any) -> np.ndarray[Any, Any]:
    grey = np.asarray(value, float)
    if not np.all((grey >= 0) & (grey <= 1)):
        raise ValueError("outside 0 to 1")
    return np.floor(255 * grey + 0.5).astype(np.uint8)


class Sounds(traitlets.TraitType[Any, Any]):
    """Short sounds, stored as ``{"title": …, "text": …, "samples": base64}`` with one byte a sample.

    Each may be given in that form or as (title, text, samples), where the samples are a row of
    numbers. They are scaled to a peak of 1 and kept by the μ-law: steps that are fine for soft
    samples and coarse for loud ones, as in a telephone. A page carries every byte.
    """

    most = (12, 80_000)

    def expected(self) -> str:
        """Say in words what is allowed."""
        return f"1 to {self.most[0]} sounds (title, text, samples) of 1 to {self.most[1]} finite numbers, not all 0"

    def validate(self, obj: Any, value: Any) -> Any:
        """Return the stored form, or raise a TraitError that says what was given and what is allowed."""
        try:
            kept = [_stored(one) for one in value]
        except (KeyError, TypeError, ValueError):
            kept = []
        if not 1 <= len(kept) <= self.most[0] or any(not 1 <= heard(one).size <= self.most[1] for one in kept):
            raise traitlets.TraitError(f"{self.name} must be {self.expected()}, not {value!r:.120}")
        return kept


def heard(sound: dict[str, str]) -> np.ndarray[Any, Any]:
    """Return the samples of a stored sound, from -1 to 1: (256^(|v|/127) − 1) / 255 with the sign of v."""
    steps = np.frombuffer(base64.b64decode(sound["samples"], validate=True), np.uint8) - 128.0
    samples: np.ndarray[Any, Any] = np.sign(steps) * (256.0 ** (np.abs(steps) / 127) - 1) / 255
    return samples


def _stored(sound: Any) -> dict[str, str]:
    if isinstance(sound, dict):
        return {name: str(sound[name]) for name in ("title", "text", "samples")}
    title, text, samples = sound
    x = np.asarray(samples, float)
    peak = np.abs(x).max()
    if x.ndim != 1 or not np.isfinite(peak) or peak == 0:
        raise ValueError("no sound")
    steps = np.sign(x) * np.round(127 * np.log1p(255 * np.abs(x) / peak) / np.log(256))
    packed = base64.b64encode((steps + 128).astype(np.uint8).tobytes()).decode()
    return {"title": str(title), "text": str(text), "samples": packed}
