"""Exercises of chapter IV-4, A room in a file."""

from math import log, log10
from typing import Any

import numpy as np
from numpy.random import Generator

from convlib.checks.declaration import Drawn, Exercise
from convlib.checks.words import products, written
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


@Exercise("IV-4.1", "[ms later, relative strength]", otherwise="not this delay and this ratio", tolerance=0.0006)
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


@_echo.worked
def _two_ways(given: dict[str, Any], right: Any) -> dict[str, Any]:
    direct, way, *_ = _ways(given)
    axis, far = WALLS[given["wall"]]
    image = [*given["source"]]
    image[axis] = (2 * given["size"][axis] if far else 0) - image[axis]
    return {
        "image": image,
        "direct": f"{direct:.3f}",
        "way": f"{way:.3f}",
        "more": f"{way - direct:.3f}",
        "later": f"{right[0]:.3f}",
        "beta": round((1 - given["absorption"]) ** 0.5, 3),
        "ratio": f"{right[1]:.3f}",
        "answer": [f"{value:.3f}" for value in right],
    }


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


@_corridor.worked
def _images(given: dict[str, Any], right: Any) -> dict[str, Any]:
    length, s, e = given["length"], given["source"], given["listener"]
    images = {"far_image": 2 * length - s, "left_image": s - 2 * length, "right_image": s + 2 * length}
    ways = {"direct": abs(s - e), "near": s + e, "far": 2 * length - s - e}
    over = {"over_left": e - s + 2 * length, "over_right": s - e + 2 * length}
    return {"twice": 2 * length, **images, **ways, **over, "ways": right}


@Exercise("IV-4.3", "[Sabine, Eyring]", otherwise="not these two times in seconds", tolerance=0.006)
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
        (times * log10(np.e), "24·ln(10), the natural logarithm of 10, stands in front"),
    ]
    return {"size": size, "absorption": a}, times, slips


@_ring.worked
def _by_formula(given: dict[str, Any], right: Any) -> dict[str, Any]:
    length, width, height = given["size"]
    pairs = {"floor": length * width, "side": width * height, "front": length * height}
    sabine, eyring = (f"{time:.2f}" for time in right)
    return {
        **pairs,
        "volume": length * width * height,
        "area": 2 * sum(pairs.values()),
        "swallowed": f"{-log(1 - given['absorption']):.3f}",
        "sabine": sabine,
        "eyring": eyring,
        "answer": [sabine, eyring],
    }


@Exercise("IV-4.4", tolerance=0.0006)
def _wiener(rng: Generator) -> Drawn:
    """What is left of each frequency."""
    strong, weak = rng.choice([1.5, 2.0, 2.5, 3.0]), rng.choice([0.25, 0.5, 0.75])
    middle = complex(rng.choice([-1, 1]), rng.choice([-1, 1, 2]))
    spectrum = np.array([strong, 1j * weak, middle])
    response, price = rng.permutation(spectrum), rng.choice([0.1, 0.2, 0.4, 0.8])
    size = np.abs(response)
    left = size**2 / (size**2 + price)
    slips = [
        (1 - left, "that is what is missing to 1"),
        (size / (size**2 + price), "that is the size of G = conj(H)/(|H|² + λ); asked is G·H"),
        (size / (size + price), "the squares are missing: |H|² / (|H|² + λ)"),
        (1 / size, "that is the size of the naive 1/H; asked is what Wiener's G leaves of X"),
        (np.ones(3), "that is what the naive division leaves, as long as there is no noise"),
        (size**2 / (1 + price), "λ stands beside |H|², not beside 1"),
        (np.full(3, 1 / (1 + price)), "that is right where |H| = 1"),
    ]
    return {"H": response, "price": price}, left, slips


@_wiener.worked
def _shares(given: dict[str, Any], right: Any) -> dict[str, Any]:
    power, price = (np.abs(given["H"]) ** 2).round(9), written(given["price"])
    shares = (f"{p} ÷ ({p} + {price}) ≈ {share:.3f}" for p, share in zip(written(power), right, strict=True))
    said = {f"share{k}": text for k, text in enumerate(shares)}
    return {"power": power, **said, "left": [f"{share:.3f}" for share in right]}


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


@_stream.worked
def _with_the_past(given: dict[str, Any], right: Any) -> dict[str, Any]:
    h, still = given["h"], given["before"][-2:]
    window = np.concatenate([still, given["now"]])
    sums = {f"sum{k}": products(window[k : k + 3], h[::-1]) for k in range(4)}
    outputs = {f"y{k}": value for k, value in enumerate(right)}
    return {"still": still, "window": window, "h0": h[0], "h2": h[2], **sums, **outputs, "y": right}
