"""Trait types whose errors name the values: one clear line instead of a nested type message."""

import copy
from typing import Any

import numpy as np
import traitlets


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
    """

    def __init__(
        self, default: list[Any], *, low: float, high: float, shape: tuple[tuple[int, int], ...], whole: bool = False
    ) -> None:
        self.low, self.high, self.shape, self.whole = low, high, shape, whole
        super().__init__(default_value=default)

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
