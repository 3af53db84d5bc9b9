"""Exercises of chapter IV-2, Wrap-around."""

import numpy as np

from convlib.checks.judging import Array, Exercises, Params, Slip, judge_array, named_or_wrong
from convlib.ops import convolve, correlate


def _folded(linear: Array, size: int) -> Array:
    """Add up the samples whose indices leave the same remainder."""
    out = np.zeros(size, linear.dtype)
    np.add.at(out, np.arange(linear.size) % size, linear)
    return out


# IV-2.1: a short circular convolution by hand.


def _draw_circle(rng: np.random.Generator) -> Params:
    size = int(rng.integers(4, 6))
    return {"x": rng.integers(1, 6, size), "h": rng.integers(1, 5, 3), "N": size}


def _slips_circle(p: Params) -> list[Slip]:
    x, h, size = p["x"], p["h"], p["N"]
    linear = convolve(x, h)
    many = linear.size - size
    at_the_end = linear[:size].copy()
    at_the_end[size - many :] += linear[size:]
    mirrored = linear[:size].copy()
    mirrored[:many] += linear[size:][::-1]
    return [
        (_folded(linear, size), "right"),
        (linear, "that is the linear convolution, before it is cut; only N places come back"),
        (linear[:size], "the tail is cut off there; it is laid under the head and added"),
        (linear[many:], "the head is cut off there; cut off the tail and lay it under the head"),
        (at_the_end, "the tail is laid under the end; index N is index 0, so it lands at the beginning"),
        (mirrored, "the tail is folded back like a strip of paper; it goes on from 0, in its own order"),
        (_folded(correlate(x, h), size), "that is the cross-correlation, folded; here the indices add up"),
    ]


def _judge_circle(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_circle(p))


# IV-2.2: how many samples are spoiled, how many right.


def _draw_counts(rng: np.random.Generator) -> Params:
    len_x, room, many = (int(rng.integers(*ends)) for ends in ((100, 200), (3, 9), (12, 30)))
    return {"len_x": len_x, "len_h": room + many + 1, "N": len_x + room}


def _slips_counts(p: Params) -> list[Slip]:
    len_x, len_h, size = p["len_x"], p["len_h"], p["N"]
    many = len_x + len_h - 1 - size
    return [
        ([many, size - many], "right"),
        ([size - many, many], "the right numbers, but the spoiled ones come first"),
        ([many + 1, size - many - 1], "one too many: the linear result has len_x + len_h − 1 samples"),
        ([many - 1, size - many + 1], "one too few: the tail runs from index N to index L − 1, both included"),
        ([many, size], "the first number is right; the spoiled ones are among the N that come back"),
        ([many, len_x], "the first number is right; N samples come back, not len_x"),
        ([many, len_x + len_h - 1 - many], "the first number is right; the tail does not come back on its own"),
        ([len_h - 1, size - len_h + 1], "that is so for N = len_x; here the circle has some room"),
        ([size - len_x, len_x], "that counts the zeros behind x; how many samples of the result find no place?"),
    ]


def _judge_counts(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [spoiled, right], got {answer.size}"
    return named_or_wrong(answer.ravel(), _slips_counts(p), "not how many are spoiled and how many right")


# IV-2.3: where the echoes of one sound are heard.


def _draw_ghosts(rng: np.random.Generator) -> Params:
    size = int(rng.integers(300, 900))
    at = size - int(rng.integers(60, 120))
    return {"N": size, "at": at, "delays": np.array([rng.integers(20, 50), rng.integers(130, 250)])}


def _slips_ghosts(p: Params) -> list[Slip]:
    size, at, delays = p["N"], p["at"], p["delays"]
    straight = at + delays
    over = straight >= size
    return [
        (straight % size, "right"),
        (straight, "those are the linear places; the circle has only N"),
        ((straight % size)[::-1], "the right places, but in the order of the delays"),
        (np.where(over, straight - size + 1, straight), "one too far: place N is place 0, not 1"),
        (np.where(over, straight - size - 1, straight), "one too early: place N is place 0, not −1"),
        (np.where(over, size - 1, straight), "nothing is squeezed into the last place; the circle goes on at 0"),
        (np.where(over, 2 * size - 2 - straight, straight), "that is reflected at the end; a circle has no end"),
        (delays, "those are the delays; the sound itself comes at a later place"),
        ((at - delays) % size, "an echo comes later than its sound: add"),
    ]


def _judge_ghosts(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two places, one for each delay, got {answer.size}"
    return named_or_wrong(answer.ravel(), _slips_ghosts(p), "not where the two echoes are heard")


# IV-2.4: the shortest DFT for the "same" part.


def _draw_least(rng: np.random.Generator) -> Params:
    return {"len_x": int(rng.integers(60, 200)), "len_h": 2 * int(rng.integers(5, 20)) + 1}


def _slips_least(p: Params) -> list[Slip]:
    len_x, len_h = p["len_x"], p["len_h"]
    half = (len_h - 1) // 2
    return [
        ([len_x + half], "right"),
        ([len_x + len_h - 1], "that is enough, but more than needed: some samples may be spoiled"),
        ([len_x + len_h], "that is more than even the whole linear result needs"),
        ([len_x], "with N = len_x the first len_h − 1 samples are spoiled, and you want some of them"),
        ([len_x + half - 1], "one too short: the last wanted sample lands on place 0"),
        ([len_x + half + 1], "that is enough, but one less will do, too"),
        ([len_x - half], "that is shorter than x: fft(x, N) would crop it"),
        ([half], "that is how many samples may be spoiled; asked is the length of the DFT"),
    ]


def _judge_least(p: Params, answer: Array) -> str | None:
    if answer.size != 1:
        return f"expected one number, N, got {answer.size}"
    return named_or_wrong(answer.ravel(), _slips_least(p), "not the smallest N that will do")


# IV-2.5: a kernel with its middle at [0, 0].


def _draw_centre(rng: np.random.Generator) -> Params:
    return {"kernel": rng.choice(np.arange(1, 10), (3, 3), replace=False), "shape": (5, int(rng.integers(3, 5)) * 2)}


def _slips_centre(p: Params) -> list[Slip]:
    kernel, (rows, cols) = p["kernel"], p["shape"]
    corner = np.zeros((rows, cols), kernel.dtype)
    corner[:3, :3] = kernel
    good = np.roll(corner, (-1, -1), (0, 1))
    drawn = np.roll(good, (rows // 2, cols // 2), (0, 1))
    flipped = np.roll(np.pad(kernel[::-1, ::-1], ((0, rows - 3), (0, cols - 3))), (-1, -1), (0, 1))
    return [
        (good, "right"),
        (corner, "there a corner of the kernel lies at [0, 0], and the picture moves by one pixel each way"),
        (drawn, "that is how one looks at it; for computing the middle must lie at [0, 0]"),
        (np.fft.fftshift(drawn), "that is fftshift: for 5 rows it lands one row off; ifftshift brings the middle to 0"),
        (np.roll(corner, (1, 1), (0, 1)), "rolled the wrong way: the middle goes back to [0, 0], not on to [2, 2]"),
        (np.roll(corner, -1, 0), "the rows are right; roll the columns, too"),
        (np.roll(corner, -1, 1), "the columns are right; roll the rows, too"),
        (flipped, "the place is right, but the kernel is turned round; the convolution does that by itself"),
        (kernel, "that is the kernel alone; it has to be as large as the picture"),
    ]


def _judge_centre(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_centre(p))


EXERCISES: Exercises = {
    "IV-2.1": (_draw_circle, _judge_circle, _slips_circle),
    "IV-2.2": (_draw_counts, _judge_counts, _slips_counts),
    "IV-2.3": (_draw_ghosts, _judge_ghosts, _slips_ghosts),
    "IV-2.4": (_draw_least, _judge_least, _slips_least),
    "IV-2.5": (_draw_centre, _judge_centre, _slips_centre),
}
