"""The planner, and the one way through: fold the axes, plan, run the engine that the plan names."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from convlib.arguments import MODES, choice, same_axes, several, valid
from convlib.engines import direct, integers, overlap_save, separable, toeplitz, whole_fft
from convlib.engines.boxes import Array, Box, Mode, Rate, Shape, each, kept
from convlib.engines.fourier import transformed
from convlib.engines.guard import CALM, contained

__all__ = ["Plan", "plan"]

LONGEST = np.iinfo(np.intp).max


class Engine(Protocol):
    """What every engine's module says of it; FFTs run with a ``block`` besides, and factors with ``pairs``."""

    NAME: str
    run: Callable[..., Array]

    def fits(self, box: Box) -> bool:
        """Whether it can compute such a box."""

    def auto(self, box: Box, code: str) -> bool:
        """Whether "auto" may take it, by the shapes alone, if it is the cheapest."""

    def cost(self, box: Box, size: int, rate: Rate) -> tuple[float, Shape]:
        """Seconds, with numbers of so many bytes, and the block that bounds its errors."""


TABLE: tuple[Engine, ...] = (direct, toeplitz, separable, overlap_save, whole_fft)
ENGINES = {engine.NAME: engine for engine in TABLE}
DENSE = tuple(name for name in ENGINES if name != separable.NAME)  # they take any kernel
SPECTRAL = (overlap_save.NAME, whole_fft.NAME)  # what "fft" chooses from

RATES: dict[str, Rate] = json.loads(Path(__file__).with_name("rates.json").read_text("utf-8"))["seconds"]


@dataclass(frozen=True)
class Plan:
    """Which engine computes a convolution, in which blocks, and what each engine would cost.

    Attributes
    ----------
    engine : str
        What ``method="auto"`` runs.
    block : tuple of int
        Samples per block along each axis: the error of an output is at most
        c·eps·‖x_block‖·‖h‖, where the block of the signal is the one that holds the output's
        window. It is the window itself, except for the FFT engines. `convolve` says what c is.
    costs : dict of str to float
        Estimated seconds of each engine that can compute it.

    Examples
    --------
    >>> made = Plan("direct", (3,), {"direct": 2e-6, "whole-fft": 3e-5})
    >>> print(made)
    engine        estimate
    direct          2.0 µs  <- blocks of 3
    whole-fft      30.0 µs
    """

    engine: str
    block: Shape
    costs: dict[str, float]

    def __str__(self) -> str:
        """One line per engine, the cheapest first."""
        lines = [f"{'engine':13} estimate"]
        for name in sorted(self.costs, key=self.costs.__getitem__):
            blocks = " × ".join(map(str, self.block)) or "1"
            chosen = f"  <- blocks of {blocks}" if name == self.engine else ""
            lines.append(f"{name:13} {_time(self.costs[name])}{chosen}")
        if self.engine == "whole-fft":
            lines.append("one block: a spike anywhere costs every output its last digits")
        return "\n".join(lines)


class Fold(NamedTuple):
    """A convolution in the form that the engines take: the larger array is the signal, idle axes are gone."""

    box: Box
    swap: bool  # the second array is the signal
    cut: tuple[slice, ...] | None  # the part of the signal that the outputs need
    final: Shape  # shape of the output before axes were folded
    stack: int | None  # axis of a stack of images


@dataclass(frozen=True)
class Job:
    """A convolution that is folded and planned."""

    fold: Fold
    one: Box  # the box, or that of one image of a stack
    engine: str
    spectral: str  # what "fft" stands for
    rank: int  # most factors of a kernel with which "separable" is cheaper than the engine
    blocks: dict[str, Shape]
    costs: dict[str, float]


def plan(x_shape: Shape | int, h_shape: Shape | int, dtype: npt.DTypeLike = float, mode: str = "full") -> Plan:
    """Say which engine would convolve two arrays, in which blocks, and what each would cost.

    cost = Σ operations · seconds per operation, measured once on one machine

    Parameters
    ----------
    x_shape, h_shape : int or tuple of int
        Shapes of signal and kernel. An axis along which one of them has length 1 needs no convolution.
    dtype : dtype, optional
        Type of the result: float32, float64, complex64 … Integers are planned as float64.
    mode : {"full", "same", "valid"}, optional
        As in `convolve`.

    Returns
    -------
    Plan
        What ``method="auto"`` runs; prints as a table. "separable" is the estimate for a kernel
        of rank 1: `auto` takes it for a kernel whose rank makes it cheaper, which no shape tells.

    Raises
    ------
    ValueError
        The shapes have different numbers of axes, a length is below 1, ``mode`` is unknown, or
        "valid" is asked of shapes of which neither contains the other.
    TypeError
        A shape holds no whole numbers, or ``dtype`` is no type of numbers.

    See Also
    --------
    convolve : Follows the plan.

    References
    ----------
    Oppenheim and Schafer, *Discrete-Time Signal Processing*, 3rd ed., §8.7.

    Derived in: chapter IV-3 "The price".

    Examples
    --------
    >>> import convlib
    >>> made = convlib.plan(1_000_000, 1_000)
    >>> made.engine, set(made.costs) == {"direct", "gemm", "overlap-save", "whole-fft"}
    ('overlap-save', True)
    """
    allowed = "a whole number or several, at least 1"
    x_shape, h_shape = (
        several(name, lengths, 1, LONGEST, allowed) for name, lengths in (("x_shape", x_shape), ("h_shape", h_shape))
    )
    choice("mode", mode, MODES)
    same_axes(x_shape, h_shape)
    valid(x_shape, h_shape, mode)
    job = prepare(x_shape, h_shape, rates_of(_type(dtype)), mode)
    kernel = x_shape if job.fold.swap else h_shape
    lengths = iter([job.blocks[job.engine][axis] for axis in transformed(job.one.h_shape)])
    return Plan(job.engine, tuple([next(lengths) if k > 1 else 1 for k in kernel]), dict(job.costs))


def _type(dtype: npt.DTypeLike) -> np.dtype[Any]:
    allowed = "allowed: bool, integer, floating or complex; objects are always added directly"
    try:
        found = np.dtype(dtype)
    except TypeError:
        raise TypeError(f"dtype is {dtype!r}; {allowed}") from None
    if found.kind not in "biufc":
        raise TypeError(f"dtype is {found}; {allowed}")
    return found


def rates_of(dtype: np.dtype[np.generic]) -> str:
    """Type code under which the rates of a result type are kept.

    >>> rates_of(np.dtype(np.float16)), rates_of(np.dtype(np.int64))
    ('f', 'd')
    """
    return "f" if dtype.char == "e" else dtype.char if dtype.char in RATES else "d"


def fold(x_shape: Shape, h_shape: Shape, mode: Mode) -> Fold:
    """Bring the shapes of a convolution into the form that the engines take.

    Axes along which the kernel has length 1 need no convolution: neighbouring ones are folded into one, and those of
    length 1 are dropped.

    >>> fold((8, 9, 1, 100), (1, 1, 1, 5), "same").box
    Box(x_shape=(72, 100), h_shape=(1, 5), start=(0, 2), shape=(72, 100))
    """
    start, final = kept(x_shape, h_shape, mode)
    swap = math.prod(h_shape) > math.prod(x_shape)
    if swap:
        x_shape, h_shape = h_shape, x_shape
    idle = [k == 1 for k in h_shape]
    cut = tuple([slice(a, a + m) if off else slice(None) for a, m, off in zip(start, final, idle, strict=True)])
    sides: list[tuple[int, int, int, int]] = []
    for n, k, a, m in zip(x_shape, h_shape, start, final, strict=True):
        if k > 1:
            sides.append((n, k, a, m))
        elif m > 1 and sides and sides[-1][1] == 1:
            sides[-1] = (sides[-1][0] * m, 1, 0, sides[-1][3] * m)
        elif m > 1:
            sides.append((m, 1, 0, m))
    box = Box(*zip(*sides, strict=True)) if sides else Box((1,), (1,), (0,), (1,))
    stack = box.h_shape.index(1) if len(box.h_shape) == 3 and box.h_shape.count(1) == 1 else None
    needed = any(off and m < n for off, m, n in zip(idle, final, x_shape, strict=True))
    return Fold(box, swap, cut if needed else None, final, stack)


@lru_cache(maxsize=4096)
def prepare(x_shape: Shape, h_shape: Shape, code: str, mode: Mode) -> Job:
    """Fold a convolution, and plan it with the rates of a type.

    >>> prepare((8, 9, 1, 100), (1, 1, 1, 5), "d", "same").engine
    'direct'
    """
    folded, rate, copies = fold(x_shape, h_shape, mode), RATES[code], 1
    one = folded.box
    if folded.stack is not None:
        copies = one.x_shape[folded.stack]
        one = Box(*(side[: folded.stack] + side[folded.stack + 1 :] for side in one))
    costs, blocks, size = {}, {}, np.dtype(code).itemsize
    for name, engine in ENGINES.items():
        if engine.fits(one):
            seconds, blocks[name] = engine.cost(one, size, rate)
            costs[name] = copies * seconds
    allowed = [name for name in costs if ENGINES[name].auto(one, code)]
    best, spectral = (min(names, key=costs.__getitem__) for names in (allowed, set(allowed) & set(SPECTRAL)))
    rank = separable.worth(one, costs[best], copies, rate) if separable.NAME in costs else 0
    return Job(folded, one, best, spectral, rank, blocks, costs)


def named(job: Job, method: str) -> str:
    """Engine that a method stands for; an error if it cannot compute the job.

    >>> named(prepare((9,), (3,), "d", "full"), "fft")
    'whole-fft'
    """
    name = job.engine if method == "auto" else job.spectral if method == "fft" else method
    if name not in job.costs:
        names = ", ".join(map(repr, job.costs))
        raise ValueError(f"method {method!r} cannot convolve these shapes; allowed here: 'auto', 'fft', {names}")
    return name


def compute(x: Array, h: Array, mode: Mode, method: str) -> Any:
    """Convolve two arrays of numbers: the one way through, by a rule for types, `fold`, `plan` and `run`.

    >>> compute(np.array([1, 2, 3]), np.array([1, 10]), "full", "whole-fft")
    array([ 1, 12, 23, 30])
    """
    common = x.dtype is h.dtype and x.dtype.char in "dfDF" and x.dtype.isnative
    whole = not common and x.dtype.kind in "biu" and h.dtype.kind in "biu"
    result = x.dtype if common or whole else np.result_type(x, h)
    # Half precision has 11 bits: sums are taken in single precision and rounded once.
    work = np.dtype(np.float32) if result.char == "e" else result
    job = prepare(x.shape, h.shape, work.char if common else rates_of(work), mode)
    if common and (x.ndim, method, job.engine) == (1, "auto", direct.NAME) and not (job.fold.swap and mode == "same"):
        return np.convolve(x, h, mode)
    name = named(job, method)
    if whole:
        name = job.engine if name == separable.NAME else name
        block = job.blocks[name] if name in SPECTRAL else None
        name, work, result = integers.rule(x, h, name, block, job.costs)
    try:
        with np.errstate(all="ignore"):
            look = method == "auto" and not whole
            y = run(job, x.astype(work, copy=False), h.astype(work, copy=False), name, look)
            if whole and work != result:
                np.rint(y, out=y)
            y = y.astype(result, copy=False)
    except TypeError as error:  # only objects can refuse to be multiplied or added
        raise TypeError(f"x and h hold objects that do not combine: {error}") from None
    return y if y.ndim else y[()]


def run(job: Job, x: Array, h: Array, name: str, look: bool = False) -> Array:
    """Convolve arrays of one native type as a job says; numbers that are not floating are added up.

    With ``look``, a kernel that has few factors is separated.

    >>> run(prepare((3,), (2,), "d", "full"), np.array([1.0, 2.0, 3.0]), np.array([1.0, 10.0]), "gemm")
    array([ 1., 12., 23., 30.])
    """
    box, swap, cut, final, stack = job.fold
    if swap:
        x, h = h, x
    x = np.ascontiguousarray(x if cut is None else x[cut]).reshape(box.x_shape)
    h = np.ascontiguousarray(h).reshape(box.h_shape)
    if x.dtype.char not in CALM:
        y = direct.sums(x, h, box.start, box.shape)
    else:
        name, options = _for_kernel(job, h if stack is None else h.take(0, stack), name, look)
        engine = partial(ENGINES[name].run, **options)
        if stack is None:
            y = contained(engine, x, h, box.start, box.shape)
        else:
            one = partial(contained, engine, start=job.one.start, shape=job.one.shape)
            y = each(one, x, h, [stack])
    if y.shape != final:
        y.resize(final, refcheck=False)  # as many entries as before, and no view: y goes on owning them
    return y


def _for_kernel(job: Job, h: Array, name: str, look: bool) -> tuple[str, dict[str, Any]]:
    """Engine for this very kernel, and what it runs with besides."""
    if name == separable.NAME or (look and job.rank):
        pairs = separable.split(h, job.rank if look else min(h.shape))
        if pairs:
            return separable.NAME, {"pairs": pairs}
    return name, {"block": job.blocks[name]} if name in SPECTRAL else {}


def _time(seconds: float) -> str:
    for unit, size in (("s ", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:5.1f} {unit}"
    return f"{seconds * 1e9:5.1f} ns"
