"""Exercises of chapter IV-4, A room in a file."""

from math import log, log10
from typing import Any

import numpy as np
from numpy.random import Generator

from convlib.checks.declaration import Drawn, Exercise
from convlib.ops import convolve, correlate
from convlib.signals.rooms import SPEED, reverberation_time

WALLS = {"left wall": (0, 0), "right wall": (0, 1), "floor": (2, 0), "ceiling": (2, 1)}  # axis, near or far


def _ways(given: dict[str, Any]) -> tuple[float, float, float, float]:
    """Direct, by the wall, by the opposite wall, and with the source moved by the room's length instead."""
    source, listener = np.array(given["source"], float), np.array(given["listener"], float)
    axis, far = WALLS[given["wall"]]
    length = given["size"][axis]

    def way(place: float) -> float:
        image = source.copy()
        image[axis] = place
        return float(np.linalg.norm(image - listener))

    near, opposite = -source[axis], 2 * length - source[axis]
    mirrored = (opposite, near) if far else (near, opposite)
    return way(source[axis]), way(mirrored[0]), way(mirrored[1]), way(source[axis] + (length if far else -length))


@Exercise("IV-4.1", "[ms later, relative strength]", otherwise="not this delay and this ratio")
def _echo(rng: Generator) -> Drawn:
    """One echo, against the direct sound."""
    size = rng.integers([5, 4, 3], [10, 8, 6])
    source, listener = ([rng.integers(1, n) for n in size] for _ in range(2))
    while source == listener:
        listener = [rng.integers(1, n) for n in size]
    wall, absorption = rng.choice([*WALLS]), rng.choice([0.19, 0.36, 0.51, 0.64])
    given = {"size": [*size], "source": source, "listener": listener, "wall": wall, "absorption": absorption}
    direct, way, opposite, moved = _ways(given)
    keep, ms = 1 - absorption, 1000 / SPEED
    beta, later = keep**0.5, (way - direct) * ms
    slips = [
        ([way * ms, beta * direct / way], "that is the time since the clap; take away that of the direct sound"),
        ([later, direct / way], "the wall swallows a part: the factor β is missing"),
        ([later, keep * direct / way], "1 − absorption is the share of the energy; the pressure keeps its root"),
        ([later, keep * (direct / way) ** 2], "that is the ratio of the energies; asked is that of the pressures"),
        ([later, beta * way / direct], "the longer way is the weaker one: turn the ratio round"),
        ([(opposite - direct) * ms, beta * direct / opposite], "that mirrors the source in the opposite wall"),
        ([(moved - direct) * ms, beta * direct / moved], "that moves the source by a room's length; mirror it"),
        ([later / 1000, beta * direct / way], "the delay is asked for in ms"),
    ]
    return given, [later, beta * direct / way], slips


@Exercise("IV-4.2")
def _corridor(rng: Generator) -> Drawn:
    """A corridor with two walls."""
    length = rng.integers(8, 16)
    s, e = rng.choice(np.arange(1, length), 2, replace=False)
    direct, near, far, twice = abs(s - e), s + e, 2 * length - s - e, 2 * length - abs(s - e)
    further = 2 * length + abs(s - e)
    right = sorted([direct, near, far, twice])
    slips = [
        ([*right[1:], further], "those are the four echoes; the direct sound comes before them"),
        (sorted([direct, near, far, further]), "of the two ways over both walls the shorter one comes first"),
        ([direct, near, far, twice], "the right ways; sort them by their length"),
        ([right[0], right[1], right[2], 2 * length], "over both walls the way is 2·length − |s − l| or + |s − l|"),
        (sorted([direct, near, 2 * length - near, 2 * length + near]), "over both walls |s − l| counts, not s + l"),
        ([direct, direct + length, direct + 2 * length, direct + 3 * length], "an image is mirrored, not moved"),
        ([w / SPEED for w in right], "those are the times; asked are the ways"),
    ]
    return {"length": length, "source": s, "listener": e}, right, slips


@Exercise("IV-4.3", "[Sabine, Eyring]", otherwise="not these two times in seconds")
def _ring(rng: Generator) -> Drawn:
    """How long a room rings."""
    size, a = rng.integers([4, 3, 2], [12, 9, 6]).tolist(), rng.choice([0.1, 0.2, 0.25, 0.4, 0.5])
    times = np.array([reverberation_time(size, a, "sabine"), reverberation_time(size, a)])
    length, width, height = size
    area = 2 * (length * width + width * height + height * length)
    floors = 2 * length * width
    slips = [
        (times[::-1], "the two are swapped; Sabine's is the longer one"),
        (times * 2, "a room has six walls: count each pair twice"),
        (times * area / floors, "those walls are floor and ceiling only; all six absorb"),
        (times * [1, log(10)], "Eyring's formula has the natural logarithm"),
        (times * [a / (1 - a), log(1 - a) / log(a)], "that takes what a wall sends back for what it absorbs"),
        (times / 2, "60 dB in energy is a factor of 10⁶, not 10³"),
        (times * 0.161 * SPEED / (24 * log(10)), "right to three digits; write 24·ln(10)/343 for 0.161"),
        (times * log10(np.e), "24·ln(10), the natural logarithm of 10, stands in front"),
    ]
    return {"size": size, "absorption": a}, times, slips


@Exercise("IV-4.4")
def _wiener(rng: Generator) -> Drawn:
    """What is left of each frequency."""
    strong, weak = rng.choice([1.5, 2.0, 2.5, 3.0]), rng.choice([0.25, 0.5, 0.75])
    middle = complex(rng.choice([-1, 1]), rng.choice([-1, 1, 2]))
    spectrum = np.array([strong, 1j * weak, middle])
    response, price = rng.permutation(spectrum), rng.choice([0.1, 0.2, 0.4, 0.8])
    size = np.abs(response)
    left = size**2 / (size**2 + price)
    slips = [
        (1 - left, "that is the share that is lost"),
        (size / (size**2 + price), "that is the size of G = conj(H)/(|H|² + λ); asked is G·H"),
        (size / (size + price), "the squares are missing: |H|² / (|H|² + λ)"),
        (1 / size, "that is the size of the naive 1/H; asked is what Wiener's G leaves of X"),
        (np.ones(3), "that is what the naive division leaves, as long as there is no noise"),
        (size**2 / (1 + price), "λ stands beside |H|², not beside 1"),
        (np.full(3, 1 / (1 + price)), "that is right where |H| = 1"),
    ]
    return {"H": response, "price": price}, left, slips


@Exercise("IV-4.5")
def _stream(rng: Generator) -> Drawn:
    """The second block of a stream."""
    h, before, now = rng.integers(1, 6, 3), rng.integers(1, 8, 4), rng.integers(1, 8, 4)
    alone, both = convolve(now, h), convolve(np.concatenate([before, now]), h)
    tail = convolve(before, h)[4:]
    slips = [
        (alone[:4], "that is the block on its own: the echoes of the block before still arrive"),
        (alone, "a block of 4 samples gives 4 outputs; what rings on belongs to the next block"),
        (both[:4], "that is the output of the first block"),
        (both[4:], "a block of 4 samples gives 4 outputs; what rings on belongs to the next block"),
        (alone[:4] + np.concatenate([[0, 0], tail]), "the echoes of the block before come first, not last"),
        (correlate(np.concatenate([before[2:], now]), h, "valid"), "that reads h forward: turn it round"),
        (alone[:4] + np.concatenate([tail[::-1], [0, 0]]), "the two late echoes are in the wrong order"),
    ]
    return {"h": h, "before": before, "now": now}, both[4:8], slips
