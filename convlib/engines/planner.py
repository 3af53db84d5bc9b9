"""The planner: what each engine would cost, from the rates of one machine."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from convlib.arguments import MODES, choice, same_axes, several, valid
from convlib.engines.boxes import Shape, kept
from convlib.engines.costs import Rate, best_block, direct_cost, factors_cost, line_cost, plane_cost, whole_cost
from convlib.engines.spectral import transformed, whole_block

LONGEST = np.iinfo(np.intp).max
ENGINES = ("direct", "gemm", "separable", "overlap-save", "whole-fft")

# A signal within this many kernel lengths or samples counts as one block: `auto` may transform
# it whole. A longer one never: a spike in it must not drown samples that are far away.
KERNEL_LENGTHS = 8
SHORT = {1: 4096, 2: 256}

# NumPy's loop for so few real taps is nearly as fast as matrices where these are fast, and twice where not.
FEW = 3

# Most kernels have no factors, so the look for them must be able to save this many calls.
LOOK = 100

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


@dataclass(frozen=True)
class Job:
    """A convolution in the form that the engines take: see `prepare`."""

    swap: bool  # the second array is the signal
    cut: tuple[slice, ...] | None  # the part of the signal that the outputs need
    x_shape: Shape
    h_shape: Shape
    start: Shape
    shape: Shape
    final: Shape  # shape of the output before axes were folded
    stack: int | None  # axis of a stack of images
    engine: str = ""
    spectral: str = ""  # what "fft" stands for
    rank: int = 0  # most factors of a kernel with which "separable" is cheaper than the engine
    blocks: dict[str, Shape] = field(default_factory=dict)
    costs: dict[str, float] = field(default_factory=dict)


def plan(x_shape: Shape | int, h_shape: Shape | int, dtype: npt.DTypeLike = float, mode: str = "full") -> Plan:
    """Say which engine would convolve two arrays, in which blocks, and what each would cost.

    cost = Σ operations · seconds per operation, measured once on one machine

    Parameters
    ----------
    x_shape, h_shape : int or tuple of int
        Shapes of signal and kernel. An axis along which one of them has length 1 costs nothing.
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
    kernel = x_shape if job.swap else h_shape
    planned = [k for axis, k in enumerate(job.h_shape) if axis != job.stack]
    lengths = iter([job.blocks[job.engine][axis] for axis in transformed(tuple(planned))])
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

    Parameters
    ----------
    dtype : dtype
        Type of the result.

    Returns
    -------
    str

    Examples
    --------
    >>> rates_of(np.dtype(np.float16)), rates_of(np.dtype(np.int64))
    ('f', 'd')
    """
    return "f" if dtype.char == "e" else dtype.char if dtype.char in RATES else "d"


@lru_cache(maxsize=4096)
def prepare(x_shape: Shape, h_shape: Shape, code: str, mode: str) -> Job:
    """Bring a convolution into the form that the engines take, and plan it.

    The larger array is the signal. Axes along which the kernel has length 1 need no convolution:
    neighbouring ones are folded into one, and those of length 1 are dropped.

    Parameters
    ----------
    x_shape, h_shape : tuple of int
        Shapes of the two arrays, not empty.
    code : str
        Type code of the result (`rates_of`).
    mode : {"full", "same", "valid"}
        As in `convlib.convolve`.

    Returns
    -------
    Job

    Examples
    --------
    >>> job = prepare((8, 9, 1, 100), (1, 1, 1, 5), "d", "same")
    >>> job.x_shape, job.h_shape, job.shape
    ((72, 100), (1, 5), (72, 100))
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
    x_new, h_new, start, shape = tuple(zip(*sides, strict=True)) if sides else ((1,), (1,), (0,), (1,))
    stack = h_new.index(1) if len(h_new) == 3 and h_new.count(1) == 1 else None
    needed = any(off and m < n for off, m, n in zip(idle, final, x_shape, strict=True))
    job = Job(swap, cut if needed else None, x_new, h_new, start, shape, final, stack)
    return _costed(job, code)


def _costed(job: Job, code: str) -> Job:
    copies, rate = 1, RATES[code]
    sides = list(zip(job.x_shape, job.h_shape, job.start, job.shape, strict=True))
    if job.stack is not None:
        copies = sides.pop(job.stack)[0]
    x_shape, h_shape, start, shape = tuple(zip(*sides, strict=True))
    size = np.dtype(code).itemsize
    block, overlap = best_block(h_shape, shape, rate)
    whole = whole_block(x_shape, h_shape, start, shape)
    blocks = {"direct": h_shape, "overlap-save": block, "whole-fft": whole}
    costs = {
        "direct": direct_cost(h_shape, shape, size, rate),
        "overlap-save": overlap,
        "whole-fft": whole_cost(x_shape, h_shape, shape, whole, rate),
    }
    if len(shape) <= 2:
        blocks["gemm"] = h_shape
        costs["gemm"] = (line_cost if len(shape) == 1 else plane_cost)(h_shape, shape, size, rate)
    if len(shape) == 2 and rate["svd"]:
        blocks["separable"] = h_shape
        costs["separable"] = factors_cost(h_shape, shape, 1, rate)
    costs = {name: copies * costs[name] for name in ENGINES if name in costs}
    allowed = [name for name in costs if name != "separable"]
    short = SHORT.get(len(transformed(h_shape)), 32)
    if any(x_shape[axis] > max(KERNEL_LENGTHS * h_shape[axis], short) for axis in transformed(h_shape)):
        allowed.remove("whole-fft")
    if len(shape) == 1 and h_shape[0] <= FEW and code in "fd":
        allowed.remove("gemm")
    engine, rank = min(allowed, key=costs.__getitem__), 0
    if "separable" in costs:
        none, one = (copies * factors_cost(h_shape, shape, r, rate) for r in (0, 1))
        rank = max(0, int((costs[engine] - none - LOOK * rate["call"]) / (one - none)))
    spectral = min(set(allowed) & {"overlap-save", "whole-fft"}, key=costs.__getitem__)
    return replace(job, engine=engine, spectral=spectral, rank=rank, blocks=blocks, costs=costs)


def check_engine(job: Job, method: str) -> None:
    """Refuse an engine that cannot compute a job.

    Parameters
    ----------
    job : Job
        From `prepare`.
    method : str
        As in `convlib.convolve`.

    Raises
    ------
    ValueError
        The engine is not among the job's costs: matrices need one or two axes, and factors two,
        not counting those along which the kernel has length 1.

    Examples
    --------
    >>> check_engine(prepare((9,), (3,), "d", "full"), "gemm")
    """
    if method not in ("auto", "fft") and method not in job.costs:
        names = ", ".join(map(repr, job.costs))
        raise ValueError(f"method {method!r} cannot convolve these shapes; allowed here: 'auto', 'fft', {names}")


def _time(seconds: float) -> str:
    for unit, size in (("s ", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:5.1f} {unit}"
    return f"{seconds * 1e9:5.1f} ns"
