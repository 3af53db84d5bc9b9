"""Transforms, which the FFT engines share: blocks there and back, the fast lengths, and what they cost."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import scipy.fft as sfft

from convlib.engines.boxes import Array, Rate, Shape

Grid = npt.NDArray[np.float64]
Side = tuple[Grid, Grid]  # length of a transform, and the part of it that is filled, or kept

# Numbers transformed at once: they and their spectra fit in the second-level cache.
AT_ONCE = 2**17

# The FFT fills the lanes of the processor with this many transforms side by side. Fewer, and of at
# least so many samples, are faster in two steps over a matrix: its columns are side by side.
LANES = {"f": 4, "F": 4, "d": 2, "D": 2}
LONG = {"f": 2**12, "F": 2**12, "d": 2**13, "D": 2**13}
# What a transform costs besides its doublings, in doublings: it reads and writes every sample.
REST = 8.0
# Tables of longer transforms are not kept from one call to the next.
KEPT = 2**18
PAGE = 4096

# The allocator of glibc returns large arrays to the system, and memory that comes back from there
# costs a microsecond per page, more than a transform of it. Once an array of this size has been
# freed, it keeps smaller ones.
np.empty(2**24, np.uint8)


def transformed(h_shape: Shape) -> list[int]:
    """Axes that need a transform: those along which the kernel is longer than 1, and at least one.

    >>> transformed((1, 5, 5)), transformed((1, 1))
    ([1, 2], [1])
    """
    return [axis for axis, k in enumerate(h_shape) if k > 1] or [len(h_shape) - 1]


@lru_cache(maxsize=4096)
def fast_length(n: int, axes: int = 1) -> int:
    """Length ≥ ``n`` whose transform is fast: a product of 2, 3 and 5, preferably of 2.

    With several axes samples that are added cost passes along the others, too.

    >>> fast_length(1021), fast_length(20_000), fast_length(271, axes=2)
    (1024, 20480, 288)
    """
    lengths: list[int] = [sfft.next_fast_len(n, real=True)]
    while lengths[-1] < 9 * n // 8:
        lengths.append(sfft.next_fast_len(lengths[-1] + 1, real=True))
    # A long line is transformed as a matrix, along two axes.
    others = axes - 1 + (axes == 1 and n >= LONG["d"])
    return min(lengths, key=lambda length: length * (doublings(length) + others * doublings(1024)))


@lru_cache(maxsize=4096)
def doublings(n: int) -> float:
    """Work per sample of a transform in units of one more factor of two, there and back.

    A factor of three counts for 2.25, of five for three, and the rest of the way for eight. A
    long power of two costs two fifths more: its samples crowd into the same parts of the cache.

    >>> doublings(1024), doublings(1000)
    (18.0, 20.0)
    """
    crowded = n >= 2**16 and n & (n - 1) == 0
    work = REST
    for factor, cost in ((2, 1.0), (3, 2.25), (5, 3.0)):
        while n % factor == 0:
            n, work = n // factor, work + cost
    return 1.4 * work if crowded else work


def cost_there(size: Grid, sides: list[Side], rate: Rate) -> Grid:
    """Seconds to transform blocks of ``size`` numbers: the last axis first, then the others fill up with zeros."""
    *others, (last, _) = sides
    part = math.prod([filled for _, filled in others], start=size)
    seconds = part * one_pass(last, part, sides, rate)
    for n, filled in others:
        part = part / filled
        seconds = seconds + part * one_pass(n, part, sides, rate)
    return seconds


def cost_back(size: Grid, sides: list[Side], rate: Rate) -> Grid:
    """Seconds to transform back: the last axis last, when the others have dropped what is not kept."""
    part, seconds = size, np.array(0.0)
    for n, right in sides:
        seconds = seconds + part * one_pass(n, part, sides, rate)
        part = part * right
    return seconds


def one_pass(n: Grid, part: Grid, sides: list[Side], rate: Rate) -> Grid:
    """Seconds per number along one axis and in one direction, of ``part`` numbers in blocks with the given sides."""
    block = math.prod([length for length, _ in sides], start=np.array(1.0))
    # Beyond the cache each doubling costs more, and each pass reads and writes the slower memory.
    far = np.clip((np.log2(n) - 13) / 7, 0, 2)
    doubling = rate["fft"] + far * (rate["far"] - rate["fft"])
    copy = np.where(block > AT_ONCE, rate["move"], rate["near"])
    # The rates are those of powers of two; other factors cost more.
    steps = np.log2(n) * np.vectorize(doublings)(n.astype(int)) / (REST + np.log2(n))
    # A line alone leaves lanes of the processor idle, unless it is long (`LONG`).
    steps = np.where((part < 2 * n) & (n < LONG["f"]), 2.5, 1.0) * steps
    seconds: Grid = (steps * doubling + rate["line"] / n) / 2 + copy
    return seconds


class Transform:
    """Spectra of blocks, and back: along some axes, or in two steps for a long block of one axis.

    Idea: write N = n1·n2 samples row by row into a matrix of n1 rows. Transforming its columns,
    turning entry (k1, n2) by exp(−2πi·k1·n2/N) and transforming its rows gives all N numbers of
    the spectrum, as entry (k1, k2) for the frequency k1 + n1·k2. A product of two spectra does
    not ask for their order. The columns of a real matrix need only half as many rows, and the
    columns are many short transforms side by side instead of one long one.

    Cost: as one transform, and one product more per number.

    Error: one more rounding.

    >>> h = np.array([1.0, 10.0])
    >>> transform = Transform((4,), h, together=1)
    >>> transform.back(transform.there(h), [slice(0, 3)])
    array([ 1., 10.,  0.])
    """

    def __init__(self, block: Shape, h: Array, together: int) -> None:
        # Negative axes are the same with and without the axis that counts the blocks.
        self.axes = [axis - h.ndim for axis in transformed(h.shape)]
        self.block, self.real = block, h.dtype.kind != "c"
        code, table = h.dtype.char, _kept if block[0] <= KEPT else _turns
        long = len(block) == 1 and together < LANES.get(code, 0) and block[0] >= LONG[code]
        self.turns = table(block[0], code, self.real) if long else None

    def there(self, a: Array) -> Array:
        """Transform; the last axis comes first: there a real array becomes half as long."""
        there = sfft.rfft if self.real else sfft.fft
        if self.turns is not None:
            z: Array = there(_matrix(a, self.block[0], self.turns.shape[-1]), axis=-2)
            z *= self.turns
            return np.asarray(sfft.fft(z, axis=-1, overwrite_x=True))
        z = there(a, self.block[self.axes[-1]], self.axes[-1])
        for axis in self.axes[:-1]:
            z = sfft.fft(z, self.block[axis], axis, overwrite_x=True)
        return z

    def back(self, z: Array, keep: list[slice]) -> Array:
        """Transform back; what is not kept along an axis is dropped before the next one is transformed."""
        back = sfft.irfft if self.real else sfft.ifft
        if self.turns is not None:
            z = sfft.ifft(z, axis=-1, overwrite_x=True)
            z *= self.turns.conj()
            y: Array = back(z, self.block[0] // z.shape[-1], axis=-2, overwrite_x=True)
            return y.reshape(*y.shape[:-2], -1)[..., keep[0]]
        for axis in self.axes:
            last = axis == self.axes[-1]
            z = (back if last else sfft.ifft)(z, self.block[axis], axis, overwrite_x=True)
            z = z.swapaxes(axis, -1)[..., keep[axis]].swapaxes(axis, -1)
        return z


def _matrix(a: Array, length: int, columns: int) -> Array:
    """Samples as a matrix, row by row, with zeros behind them; a view where nothing is missing."""
    if a.shape[-1] < length:
        padded = np.zeros((*a.shape[:-1], length), a.dtype)
        padded[..., : a.shape[-1]] = a
        a = padded
    return a.reshape(*a.shape[:-1], -1, columns)


def _turns(n: int, code: str, real: bool) -> Array:
    """exp(−2πi·k1·n2/N) as a matrix, as nearly square as the divisors of N and the cache allow."""
    sides = np.arange(1, math.isqrt(n) + 1)
    sides = sides[n % sides == 0]
    sides = np.concatenate([sides, n // sides])
    # Rows whole pages apart push each other out of the cache.
    clash = sides * np.dtype(code.upper()).itemsize % PAGE == 0
    columns = int(sides[np.argmin(np.abs(np.log2(sides**2 / n)) + 4 * clash)])
    rows = n // columns
    wanted = rows // 2 + 1 if real else rows
    # Every k1 is a coarse step and a fine one: two short tables instead of a long one.
    fine = math.isqrt(wanted) + 1
    coarse = -(-wanted // fine)
    steps = np.concatenate([np.arange(coarse) * fine, np.arange(fine)])
    angles = np.outer(steps, np.arange(columns)) % n * (-2 * np.pi / n)
    table = np.empty(angles.shape, code.upper())
    table.real, table.imag = np.cos(angles), np.sin(angles)
    whole: Array = (table[:coarse, None] * table[None, coarse:]).reshape(-1, columns)[:wanted]
    whole.flags.writeable = False  # it may be kept, and shared by threads
    return whole


_kept = lru_cache(maxsize=4)(_turns)
