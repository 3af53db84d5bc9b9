"""The FFT engines: a convolution is a product of spectra, in blocks or in one piece."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import product

import numpy as np
import scipy.fft as sfft

from convlib.engines.boxes import Array, Shape, full_shape, piece, sliding, windows_at_once
from convlib.engines.direct import Check

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


def overlap_save(x: Array, h: Array, start: Shape, shape: Shape, check: Check, block: Shape) -> Array:
    """Transform blocks that overlap by the kernel's length, and keep what did not wrap around.

    Idea: the product of the spectra of a block and of the kernel is their circular convolution.
    Its first len_h − 1 outputs are wrapped around and wrong, all others are right, so the blocks
    overlap by len_h − 1 samples and the wrong ones are dropped. As many blocks as the cache holds
    are transformed in one call, straight from the signal.

    Cost: about N·log2(N)/(N − len_h + 1) per output for blocks of N samples.

    Error: at most `exact.rounding`·eps·‖x_block‖·‖h‖, so a spike spoils the digits of its own
    block and of no other.

    Parameters
    ----------
    x, h : ndarray
        Native floating arrays of one type and number of dimensions.
    start, shape : tuple of int
        The box of the full convolution to compute.
    check : callable
        Called with each piece of ``x`` before it is used; raises if the piece is wild.
    block : tuple of int
        N along each axis, at least the kernel's length. Where the kernel has length 1 nothing is
        transformed, and N is just the number of rows taken at once.

    Returns
    -------
    ndarray
        The box; owns its memory.

    Examples
    --------
    >>> x, h = np.arange(1.0, 6), np.array([1.0, 10.0])
    >>> overlap_save(x, h, (0,), (6,), lambda piece: None, block=(4,)).round(9)
    array([ 1., 12., 23., 34., 45., 50.])
    """
    check(h)
    overlap = [k - 1 for k in h.shape]
    step = [n - over for n, over in zip(block, overlap, strict=True)]
    most, lanes = windows_at_once(block, AT_ONCE), LANES.get(x.dtype.char, 1) if x.ndim == 1 else 1
    at_once, lanes = (most - most % lanes, lanes) if most >= lanes else (most, 1)
    transform = Transform(block, h, min(at_once, _filled(-(-shape[-1] // step[-1]), lanes)))
    spectrum = transform.there(h)
    right = [slice(over, None) for over in overlap]
    y = np.empty(shape, x.dtype)
    for at in product(*(range(0, m, s) for m, s in zip(shape, [*step[:-1], at_once * step[-1]], strict=True))):
        count = min(at_once, _filled(-(-(shape[-1] - at[-1]) // step[-1]), lanes))
        low = tuple([s + a - over for s, a, over in zip(start, at, overlap, strict=True)])
        box = piece(x, low, (*block[:-1], (count - 1) * step[-1] + block[-1]))
        check(box)
        spectra = transform.there(sliding(box, block[-1], step[-1], count))
        spectra *= spectrum
        _put(y, at, transform.back(spectra, right))
    return y


def whole_fft(x: Array, h: Array, start: Shape, shape: Shape, check: Check, block: Shape) -> Array:
    """Transform the whole signal at once.

    Idea: with enough zeros behind both arrays, nothing wraps around onto an output that is asked
    for. One transform each, one product, one transform back. The length is rounded up to one
    that the FFT likes.

    Cost: about N·log2(N) for all N samples, and memory for two spectra of the whole signal.

    Error: at most `exact.rounding`·eps·‖x‖·‖h‖: the whole signal is the block, so one spike can
    drown every other sample. It is for arrays of similar lengths.

    Parameters
    ----------
    x, h : ndarray
        Native floating arrays of one type and number of dimensions.
    start, shape : tuple of int
        The box of the full convolution to compute.
    check : callable
        Called with ``x`` before it is used; raises if it is wild.
    block : tuple of int
        Length of the transform along each axis (`whole_block`).

    Returns
    -------
    ndarray
        The box; owns its memory.

    Examples
    --------
    >>> x, h = np.array([1.0, 2.0, 3.0]), np.array([1.0, 10.0])
    >>> whole_fft(x, h, (0,), (4,), lambda piece: None, block=(4,)).round(9)
    array([ 1., 12., 23., 30.])
    """
    check(h)
    check(x)
    transform = Transform(block, h, together=1)
    spectrum = transform.there(x)
    spectrum *= transform.there(h)
    box = [slice(a, a + m) for a, m in zip(start, shape, strict=True)]
    return transform.back(spectrum, box).copy()


def whole_block(x_shape: Shape, h_shape: Shape, start: Shape, shape: Shape) -> Shape:
    """Shortest fast transform that wraps nothing onto an output that is asked for.

    Parameters
    ----------
    x_shape, h_shape : tuple of int
        Shapes of the two arrays.
    start, shape : tuple of int
        The box of the full convolution to compute.

    Returns
    -------
    tuple of int

    Examples
    --------
    >>> whole_block((1000,), (101,), (0,), (1100,)), whole_block((1000,), (101,), (50,), (1000,))
    ((1152,), (1080,))
    """
    axes = len(transformed(h_shape))
    sides = zip(full_shape(x_shape, h_shape), start, shape, x_shape, h_shape, strict=True)
    return tuple([fast_length(max(m - a, a + n, len_x, len_h), axes) for m, a, n, len_x, len_h in sides])


@lru_cache(maxsize=4096)
def fast_length(n: int, axes: int = 1) -> int:
    """Length ≥ ``n`` whose transform is fast: a product of 2, 3 and 5, preferably of 2.

    Parameters
    ----------
    n : int
        Shortest length allowed.
    axes : int
        How many axes are transformed: samples that are added cost passes along the others, too.

    Returns
    -------
    int

    Examples
    --------
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

    Parameters
    ----------
    n : int
        Length of the transform, a product of 2, 3 and 5.

    Returns
    -------
    float
        A factor of three counts for 2.25, of five for three, and the rest of the way for eight. A
        long power of two costs two fifths more: its samples crowd into the same parts of the cache.

    Examples
    --------
    >>> doublings(1024), doublings(1000)
    (18.0, 20.0)
    """
    crowded = n >= 2**16 and n & (n - 1) == 0
    work = REST
    for factor, cost in ((2, 1.0), (3, 2.25), (5, 3.0)):
        while n % factor == 0:
            n, work = n // factor, work + cost
    return 1.4 * work if crowded else work


def transformed(h_shape: Shape) -> list[int]:
    """Axes that need a transform: those along which the kernel is longer than 1.

    Parameters
    ----------
    h_shape : tuple of int
        Shape of the kernel.

    Returns
    -------
    list of int
        At least one axis.

    Examples
    --------
    >>> transformed((1, 5, 5)), transformed((1, 1))
    ([1, 2], [1])
    """
    return [axis for axis, k in enumerate(h_shape) if k > 1] or [len(h_shape) - 1]


class Transform:
    """Spectra of blocks, and back: along some axes, or in two steps for a long block of one axis.

    Idea: write N = n1·n2 samples row by row into a matrix of n1 rows. Transforming its columns,
    turning entry (k1, n2) by exp(−2πi·k1·n2/N) and transforming its rows gives all N numbers of
    the spectrum, as entry (k1, k2) for the frequency k1 + n1·k2. A product of two spectra does
    not ask for their order. The columns of a real matrix need only half as many rows, and the
    columns are many short transforms side by side instead of one long one.

    Cost: as one transform, and one product more per number.

    Error: one more rounding.

    Parameters
    ----------
    block : tuple of int
        Length of the transform along each axis.
    h : ndarray
        The kernel; blocks are of its type and have its number of dimensions.
    together : int
        How many blocks are transformed at once.

    Examples
    --------
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


def _filled(count: int, lanes: int) -> int:
    """Number of blocks to transform for ``count`` of them: blocks of zeros cost less than empty lanes."""
    return count + -count % lanes if count % lanes > 1 else count


def _put(y: Array, at: Shape, blocks: Array) -> None:
    """Write blocks that follow each other along the last axis; what leaves ``y`` is dropped."""
    into = y[tuple([slice(a, a + n) for a, n in zip(at, blocks.shape[1:], strict=True)][:-1])][..., at[-1] :]
    blocks = blocks[(slice(None), *(slice(n) for n in into.shape[:-1]))]
    count, step = len(blocks), blocks.shape[-1]
    fits = min(count, into.shape[-1] // step)
    if fits:
        room = into[..., : fits * step]
        room.reshape(*room.shape[:-1], fits, step)[...] = np.moveaxis(blocks[:fits], 0, -2)
    if fits < count:
        rest = into[..., fits * step :]
        rest[...] = blocks[fits][..., : rest.shape[-1]]
