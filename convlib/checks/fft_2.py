"""Exercises of chapter IV-2, Wrap-around."""

from typing import Any

import numpy as np
from numpy.random import Generator

from convlib.checks.declaration import Array, Drawn, Exercise
from convlib.checks.words import added
from convlib.ops import convolve, correlate


def _folded(linear: Array, size: int) -> Array:
    """Add up the samples whose indices leave the same remainder."""
    out = np.zeros(size, linear.dtype)
    np.add.at(out, np.arange(linear.size) % size, linear)
    return out


@Exercise("IV-2.1")
def _circle(rng: Generator) -> Drawn:
    """A short circular convolution by hand."""
    size = int(rng.integers(4, 6))
    x, h = rng.integers(1, 6, size), rng.integers(1, 5, 3)
    linear = convolve(x, h)
    many = linear.size - size
    at_the_end = linear[:size].copy()
    at_the_end[size - many :] += linear[size:]
    mirrored = linear[:size].copy()
    mirrored[:many] += linear[size:][::-1]
    slips = [
        (linear, "that is the linear convolution, before it is cut; only N places come back"),
        (linear[:size], "the tail is cut off there; it is laid under the head and added"),
        (linear[many:], "the head is cut off there; cut off the tail and lay it under the head"),
        (at_the_end, "the tail is laid under the end; index N is index 0, so it lands at the beginning"),
        (mirrored, "the tail is folded back like a strip of paper; it goes on from 0, in its own order"),
        (_folded(correlate(x, h), size), "that is the cross-correlation, folded; here the indices add up"),
    ]
    return {"x": x, "h": h, "N": size}, _folded(linear, size), slips


@_circle.worked
def _laid_under(given: dict[str, Any], right: Any) -> dict[str, Any]:
    linear, size = convolve(given["x"], given["h"]), given["N"]
    head, tail = linear[:size], linear[size:]
    sums = {f"sum{n}": f"{added([head[n], tail[n]])} = {right[n]}" for n in range(tail.size)}
    return {"L": linear.size, "linear": linear, "head": head, "tail": tail, **sums, "y": right}


@Exercise("IV-2.2", "[spoiled, right]", otherwise="not how many are spoiled and how many right")
def _counts(rng: Generator) -> Drawn:
    """How many samples are spoiled, how many right."""
    len_x, room, many = (rng.integers(*ends) for ends in ((100, 200), (3, 9), (12, 30)))
    len_h, size = room + many + 1, len_x + room
    slips = [
        ([size - many, many], "the right numbers, but the spoiled ones come first"),
        ([many + 1, size - many - 1], "one too many: the linear result has len_x + len_h − 1 samples"),
        ([many - 1, size - many + 1], "one too few: the tail runs from index N to index L − 1, both included"),
        ([many, size], "the first number is right; the spoiled ones are among the N that come back"),
        ([many, len_x], "the first number is right; N samples come back, not len_x"),
        ([len_h - 1, size - len_h + 1], "that is so for N = len_x; here the circle has some room"),
        ([size - len_x, len_x], "that counts the zeros behind x; how many samples of the result find no place?"),
    ]
    return {"len_x": len_x, "len_h": len_h, "N": size}, [many, size - many], slips


@_counts.worked
def _counted(given: dict[str, Any], right: Any) -> dict[str, Any]:
    return {"L": given["len_x"] + given["len_h"] - 1, "spoiled": right[0], "fine": right[1], "both": right}


@Exercise("IV-2.3", "the place of each echo", otherwise="not where the two echoes are heard")
def _ghosts(rng: Generator) -> Drawn:
    """Where the echoes of one sound are heard."""
    size = rng.integers(300, 900)
    at = size - rng.integers(60, 120)
    delays = np.array([rng.integers(20, 50), rng.integers(130, 250)])
    straight = at + delays
    over = straight >= size
    slips = [
        (straight, "those are the linear places; the circle has only N"),
        ((straight % size)[::-1], "the right places, but in the order of the delays"),
        (np.where(over, straight - size + 1, straight), "one too far: place N is place 0, not 1"),
        (np.where(over, straight - size - 1, straight), "one too early: place N is place 0, not −1"),
        (np.where(over, size - 1, straight), "nothing is squeezed into the last place; the circle goes on at 0"),
        (np.where(over, 2 * size - 2 - straight, straight), "that is reflected at the end; a circle has no end"),
        (delays, "those are the delays; the sound itself comes at a later place"),
        ((at - delays) % size, "an echo comes later than its sound: add"),
    ]
    return {"N": size, "at": at, "delays": delays}, straight % size, slips


@_ghosts.worked
def _round_the_clock(given: dict[str, Any], right: Any) -> dict[str, Any]:
    delays = {f"delay{j}": delay for j, delay in enumerate(given["delays"])}
    places = {f"place{j}": place for j, place in enumerate(given["at"] + given["delays"])}
    return {**delays, **places, "ghost": right[1], "both": right}


@Exercise("IV-2.4", "N", otherwise="not the smallest N that will do")
def _least(rng: Generator) -> Drawn:
    """The shortest DFT for the "same" part."""
    len_x, len_h = rng.integers(60, 200), 2 * rng.integers(5, 20) + 1
    half = (len_h - 1) // 2
    slips = [
        (len_x + len_h - 1, "that is enough, but more than needed: some samples may be spoiled"),
        (len_x + len_h, "that is more than even the whole linear result needs"),
        (len_x, "with N = len_x the first len_h − 1 samples are spoiled, and you want some of them"),
        (len_x + half - 1, "one too short: the last wanted sample lands on place 0"),
        (len_x + half + 1, "that is enough, but one less will do, too"),
        (len_x - half, "that is shorter than x: fft(x, N) would crop it"),
        (half, "that is how many samples may be spoiled; asked is the length of the DFT"),
    ]
    return {"len_x": len_x, "len_h": len_h}, len_x + half, slips


@_least.worked
def _two_conditions(given: dict[str, Any], right: Any) -> dict[str, Any]:
    first = (given["len_h"] - 1) // 2
    return {"first": first, "last": right - 1, "L": given["len_x"] + given["len_h"] - 1, "least": right}


@Exercise("IV-2.5")
def _centre(rng: Generator) -> Drawn:
    """A kernel with its middle at [0, 0]."""
    kernel, rows, cols = rng.choice(np.arange(1, 10), (3, 3), replace=False), 5, 2 * int(rng.integers(3, 5))
    corner = np.zeros((rows, cols), kernel.dtype)
    corner[:3, :3] = kernel
    good = np.roll(corner, (-1, -1), (0, 1))
    drawn = np.roll(good, (rows // 2, cols // 2), (0, 1))
    flipped = np.roll(np.pad(kernel[::-1, ::-1], ((0, rows - 3), (0, cols - 3))), (-1, -1), (0, 1))
    slips = [
        (corner, "there a corner of the kernel lies at [0, 0], and the picture moves by one pixel each way"),
        (drawn, "that is how one looks at it; for computing the middle must lie at [0, 0]"),
        (np.fft.fftshift(drawn), "that is fftshift: for 5 rows it lands one row off; ifftshift brings the middle to 0"),
        (np.roll(corner, (1, 1), (0, 1)), "rolled the wrong way: the middle goes back to [0, 0], not on to [2, 2]"),
        (np.roll(corner, -1, 0), "the rows are right; roll the columns, too"),
        (np.roll(corner, -1, 1), "the columns are right; roll the rows, too"),
        (flipped, "the place is right, but the kernel is turned round; the convolution does that by itself"),
        (kernel, "that is the kernel alone; it has to be as large as the picture"),
    ]
    return {"kernel": kernel, "shape": (rows, cols)}, good, slips


@_centre.worked
def _rolled(given: dict[str, Any], right: Any) -> dict[str, Any]:
    return {"middle": right[0, 0], "array": right}
