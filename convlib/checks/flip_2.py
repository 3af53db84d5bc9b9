"""Exercises of chapter III-2, Flip, slide, integrate."""

from typing import Any

import numpy as np
from numpy.random import Generator

from convlib.checks.declaration import Drawn, Exercise
from convlib.ops import convolve, correlate


@Exercise("III-2.1")
def _boxes(rng: Generator) -> Drawn:
    """Two boxes of different length, at three times."""
    short, more = rng.integers(1, 6), rng.integers(2, 5)
    long = short + more
    t = np.array([short, long, long + short]) - rng.choice([0.25, 0.5, 0.75], 3)
    lower, upper = np.maximum(0, t - short), np.minimum(long, t)
    width = np.maximum(0, upper - lower)
    slips = [
        (upper, "those are the upper limits alone; take away where the short box ends, seen from t"),
        (np.minimum(t, short), "that is right while the echoes pile up, but the long box ends too"),
        (width / 2, "that is a triangle; where the two meet the product is 1, so the area is a whole rectangle"),
        (np.minimum(t, long) - np.maximum(0, t - long), "there both boxes are as long as the long one"),
        (width / (long * short), "that has area 1; the area of the output is long times short"),
        (long + short - t, "that is right on the way down only; before, other ends set the limits"),
        ((t <= long).astype(float), "that is the input itself; each slice of it starts an echo that lasts"),
    ]
    return {"long": long, "short": short, "t": t}, width, slips


@_boxes.worked
def _lengths(given: dict[str, Any], right: Any) -> dict[str, Any]:
    t, long, short = given["t"], given["long"], given["short"]
    ends = {"t": t, "lower": np.maximum(0, t - short), "upper": np.minimum(long, t), "y": right}
    return {f"{name}{i}": value[i] for name, value in ends.items() for i in range(3)} | {"y": right}


@Exercise("III-2.2", "[lower, upper]", otherwise="not where both factors can differ from 0")
def _limits(rng: Generator) -> Drawn:
    """Where the integral begins and ends."""
    f0, g0 = rng.integers(-3, 3), rng.integers(-3, 3)
    long, short = rng.integers(4, 7), rng.integers(2, 4)
    t = f0 + g0 + rng.integers(1, short + long)
    f1, g1 = f0 + long, g0 + short
    slips = [
        ([min(f1, t - g0), max(f0, t - g1)], "the right numbers, but the lower limit comes first"),
        ([t - g1, t - g0], "that is where g(t − τ) lives; f has to be there too"),
        ([f0, f1], "that is where f lives; g(t − τ) has to be there too"),
        ([max(f0, t + g0), min(f1, t + g1)], "that moves g without turning it round"),
        ([max(f0, g0), min(f1, g1)], "that lays g over f as it is: turn it round and move it by t"),
        ([max(f0, -g1), min(f1, -g0)], "g is turned round there, but not yet moved by t"),
        ([0, t], "those limits need an input and a response that both begin at 0 and have not ended yet"),
        ([f0 + g0, f1 + g1], "that is where the output begins and ends; asked is the integral for one t"),
    ]
    return {"f": (f0, f1), "g": (g0, g1), "t": t}, [max(f0, t - g1), min(f1, t - g0)], slips


@_limits.worked
def _both_there(given: dict[str, Any], right: Any) -> dict[str, Any]:
    (f0, f1), (g0, g1), t = given["f"], given["g"], given["t"]
    ends = {"f0": f0, "f1": f1, "g0": g0, "g1": g1}
    return {**ends, "late": t - g1, "early": t - g0, "lower": right[0], "upper": right[1]}


@Exercise("III-2.3", "y(1)", otherwise="not the area under the product", tolerance=0.006)
def _ramps(rng: Generator) -> Drawn:
    """Two ramps, product against overlap."""
    a, b = rng.choice([1, 2, 3, 4, 5, 6, 8], 2, replace=False)
    slips = [
        (a * b / (2 * (a + b)), "that is the area of the overlap, below the lower of the two lines"),
        (a * b / 4, "that is the product of the two areas; it is the area of the whole output, not y(1)"),
        (a * b / 3, "that leaves g as it is: ∫ p·τ · q·τ dτ; turn it round first"),
        (a * b / 2, "that leaves out one of the ramps: the factor 1 − τ, or τ, is missing"),
        (1 / 6, "that is right for p = q = 1; both slopes scale the product"),
        (a / 2 + b / 2, "that adds the two areas; multiply the functions, then integrate"),
    ]
    return {"p": a, "q": b}, a * b / 6, slips


@_ramps.worked
def _under_the_product(given: dict[str, Any], right: Any) -> dict[str, Any]:
    return {"pq": given["p"] * given["q"], "y": f"{right:.2f}"}


@Exercise("III-2.4", tolerance=0.006)
def _charge(rng: Generator) -> Drawn:
    """A box into a decay, before, at and after its end."""
    length, a = rng.choice([1.0, 1.5, 2.0, 2.5, 3.0]), rng.integers(2, 10)
    t = length + np.array([-length / 2, 0, rng.choice([0.5, 1.0, 1.5])])
    after = np.exp(-np.maximum(t - length, 0))
    charge = 1 - np.exp(-np.minimum(t, length))
    slips = [
        (charge * after, "the response is e^(−t) times strength, and so is the output"),
        (a * (1 - np.exp(-t)), "that goes on charging after the force has ended: the upper limit stays at length"),
        (a * charge, "that holds its last value; without a force the output decays"),
        (a * np.exp(-t), "that is the answer to one short push; this force lasts"),
        (a * np.where(t > length, 0, charge), "the output does not stop with the force: the echoes go on"),
        (a * np.expm1(np.minimum(t, length)), "the factor e^(−t) is missing in front of the integral of e^τ"),
        (a * charge * np.exp(-t), "from the end of the force on it decays, and it has decayed for t − length only"),
    ]
    return {"length": length, "strength": a, "t": t}, a * charge * after, slips


@_charge.worked
def _charged(given: dict[str, Any], right: Any) -> dict[str, Any]:
    found = {f"t{i}": value for i, value in enumerate(given["t"])}
    found |= {f"y{i}": f"{value:.2f}" for i, value in enumerate(right)}
    return {**found, "later": given["t"][2] - given["length"]}


@Exercise("III-2.5")
def _matrices(rng: Generator) -> Drawn:
    """Two matrices, both constraints."""
    f, g = rng.integers(1, 6, (2, 2, 2))
    rows, columns = convolve(f.sum(axis=1), g.sum(axis=1)), convolve(f.sum(axis=0), g.sum(axis=0))
    slips = [
        (np.repeat(rows[:, None], 3, axis=1), "that asks for equal sums of the rows only: the columns must add up too"),
        (np.repeat(columns[None, :], 3, axis=0), "that asks for equal sums of the columns only: the rows must too"),
        (correlate(f, g), "that is the cross-correlation: there the indices run in step, here they add up"),
        (f * g, "that multiplies entries at the same place; every pair of entries counts"),
        (f @ g, "that is the matrix product"),
        (convolve(f, g).T, "rows and columns are exchanged"),
    ]
    return {"f": f, "g": g}, convolve(f, g), slips


@_matrices.worked
def _copies(given: dict[str, Any], right: Any) -> dict[str, Any]:
    copies = np.zeros((4, 3, 3), int)
    for at, (row, column) in enumerate(np.ndindex(2, 2)):
        copies[at, row : row + 2, column : column + 2] = given["f"][row, column] * given["g"]
    return {"copies": copies, "y": right}
