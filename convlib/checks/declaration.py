"""What an exercise is: its numbers from a seed, the right answer, and the slips worth a sentence.

A chapter's file is a list of such declarations. All that is ever said about an answer follows from
`Exercise.task`, plain numbers and words, by the rules in `convlib.checks.judging`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from convlib.checks.judging import Task, flat, same

Array: TypeAlias = NDArray[Any]
Drawn: TypeAlias = tuple[dict[str, Any], Any, list[tuple[Any, str]]]
Worked: TypeAlias = Callable[[dict[str, Any], Any], dict[str, Any]]
DRAWS = 1000  # attempts to find numbers for which every slip differs from the right answer


@dataclass
class Exercise:
    """An exercise, declared by writing it over the function that draws its numbers.

    The function takes a random generator and returns the given quantities by name, the right answer,
    and the slips: an answer and the sentence that it deserves, the most telling first. In a slip, None
    stands for any number. Numbers with which a slip leads to the right answer are drawn again.

    >>> @Exercise("I-9.1", "the total", otherwise="not a + b")
    ... def _added(rng):
    ...     a, b = rng.integers(1, 9, 2)
    ...     return {"a": a, "b": b}, a + b, [(a * b, "that is the product"), (a - b, "that is the difference")]
    >>> sorted(_added.task(seed=0)["given"])
    ['a', 'b']
    """

    id: str  # such as "I-1.2"
    form: str = ""  # what the answer's numbers are, such as "[row, column]"
    _: KW_ONLY
    otherwise: str = ""  # goes on from "[3, 4] is" if no slip fits; without it, wrong numbers are counted
    allowed: Mapping[int, str] = field(default_factory=dict)  # the numbers to choose from, and what each means
    tolerance: float = 0.0  # the difference that is forgiven, if more than what rounding leaves
    derive: str = ""  # "move" judges the shift that the answer, a kernel, makes
    distinct: bool = False  # no two slips lead to the same answer
    draw: Callable[[Generator], Drawn] = field(init=False, repr=False)
    further: Worked = field(init=False, repr=False, default_factory=lambda: lambda given, right: {})

    def __call__(self, draw: Callable[[Generator], Drawn]) -> Exercise:
        """Take the function that is decorated."""
        self.draw = draw
        return self

    def worked(self, further: Worked) -> Worked:
        """Take a function of what is given and right: what the words say besides, by the names of its places."""
        self.further = further
        return further

    def variant(self, seed: int) -> Drawn:
        """Draw the numbers that belong to a seed."""
        rng = np.random.default_rng([seed, *self.id.encode()])
        for _ in range(DRAWS):
            given, right, slips = self.draw(rng)
            answers = [plain(right), *(value for value, _ in plain(slips) if None not in flat(value))]
            pairs = combinations(answers, 2) if self.distinct else ((answers[0], slip) for slip in answers[1:])
            if not any(same(a, b, self.tolerance) for a, b in pairs):
                return {name: _unboxed(value) for name, value in given.items()}, right, slips
        raise ValueError(f"{self.id}: one of the slips leads to the right answer, whatever numbers are drawn")

    def task(self, seed: int) -> Task:
        """Write the variant of a seed as plain numbers and words; JSON holds them as they are."""
        given, right, slips = self.variant(seed)
        return {
            "id": self.id,
            "given": plain(given),
            "right": plain(right),
            "slips": plain(slips),
            "form": self.form,
            "otherwise": self.otherwise,
            "allowed": plain(list(self.allowed.items())),
            "tolerance": self.tolerance,
            "derive": self.derive,
        }


def plain(value: Any) -> Any:
    """Write arrays and tuples as lists, True as 1, complex numbers as [real, imaginary], each with ten digits."""
    if isinstance(value, dict):
        return {str(name): plain(entry) for name, entry in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, complex):
        return plain([value.real, value.imag])
    if isinstance(value, float):
        return float(f"{value:.10g}")
    return int(value) if isinstance(value, bool) else value


def _unboxed(value: Any) -> Any:
    """Python's own numbers in the place of NumPy's, alone or in a list; arrays stay."""
    if isinstance(value, list | tuple):
        return type(value)(_unboxed(entry) for entry in value)
    return value.item() if isinstance(value, np.generic) else value
