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

# The FFT fills the lanes of the processor with this many transforms side by side.
LANES = {"f": 4, "F": 4, "d": 2, "D": 2}
# From so many samples on memory sets the pace of a transform, and idle lanes do not.
LONG = 2**12
# What a transform costs besides its doublings, in doublings: it reads and writes every sample.
REST = 8.0

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
    return min(lengths, key=lambda length: length * (doublings(length) + (axes - 1) * doublings(1024)))


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
    # A line alone leaves lanes of the processor idle.
    steps = np.where((part < 2 * n) & (n < LONG), 2.5, 1.0) * steps
    seconds: Grid = (steps * doubling + rate["line"] / n) / 2 + copy
    return seconds


class Transform:
    """Spectra of blocks, and back, along the axes that need a transform.

    >>> h = np.array([1.0, 10.0])
    >>> transform = Transform((4,), h)
    >>> transform.back(transform.there(h), [slice(0, 3)])
    array([ 1., 10.,  0.])
    """

    def __init__(self, block: Shape, h: Array) -> None:
        # Negative axes are the same with and without the axis that counts the blocks.
        self.axes = [axis - h.ndim for axis in transformed(h.shape)]
        self.block, self.real = block, h.dtype.kind != "c"

    def there(self, a: Array) -> Array:
        """Transform; the last axis comes first: there a real array becomes half as long."""
        z: Array = (sfft.rfft if self.real else sfft.fft)(a, self.block[self.axes[-1]], self.axes[-1])
        for axis in self.axes[:-1]:
            z = sfft.fft(z, self.block[axis], axis, overwrite_x=True)
        return z

    def back(self, z: Array, keep: list[slice]) -> Array:
        """Transform back; what is not kept along an axis is dropped before the next one is transformed."""
        for axis in self.axes:
            back = sfft.irfft if self.real and axis == self.axes[-1] else sfft.ifft
            z = back(z, self.block[axis], axis, overwrite_x=True)
            z = z.swapaxes(axis, -1)[..., keep[axis]].swapaxes(axis, -1)
        return z
