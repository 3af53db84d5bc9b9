"""Exercises of chapter II-1, A bicycle over stones."""

from typing import Any

import numpy as np
from numpy.random import Generator

from convlib.checks.declaration import Array, Drawn, Exercise
from convlib.checks.words import added
from convlib.ops import convolve, correlate
from convlib.signals.systems import impulse_response, respond, step_response


@Exercise("II-1.1", "the dent in mm", otherwise="not the dent: add up what is left of each", tolerance=0.006)
def _dent(rng: Generator) -> Drawn:
    """The dent that two stones leave."""
    a, b = rng.choice(np.arange(1, 7), 2, replace=False)
    apart, after = rng.choice([0.5, 1.0, 1.5, 2.0], 2, replace=False)
    h = impulse_response([apart + after, after, apart])
    slips = [
        (b * h[1], "that is the second stone alone; the first dent has not gone yet"),
        (a * h[0], "that is the first stone alone"),
        ((a + b) * h[1], "both dents fade from their own stone on: the first has had more time"),
        ((a + b) * h[0], "both dents fade from their own stone on: the second has had less time"),
        (2 * (a + b), "that lets nothing fade"),
        (a * h[2] + b * h[1], "the first dent went on fading after the second stone"),
        ((a * h[0] + b * h[1]) / 2, "the dents fade as wanted, but each starts at 2 mm for 1 N·s"),
        (float(a * step_response(apart + after) + b * step_response(after)), "that is the step response"),
    ]
    return {"first": a, "second": b, "apart": apart, "after": after}, a * h[0] + b * h[1], slips


@_dent.worked
def _dents(given: dict[str, Any], right: Any) -> dict[str, Any]:
    age, h = given["apart"] + given["after"], impulse_response([given["apart"] + given["after"], given["after"]])
    dents = [f"{stone * left:.3f}" for stone, left in zip((given["first"], given["second"]), h, strict=True)]
    fresh = {"fresh_first": 2 * given["first"], "fresh_second": 2 * given["second"]}
    return {"age": age, **fresh, "old": dents[0], "new": dents[1], "dent": f"{right:.2f}"}


@Exercise("II-1.2")
def _table(rng: Generator) -> Drawn:
    """The whole echo table."""
    x, h = rng.integers(-2, 5, 4), rng.permutation([1, 2, 3, 5])[:3]
    right = convolve(x, h)
    together = np.zeros(right.size)
    together[: h.size] = x.sum() * h
    slips = [
        (correlate(x, h), "each echo must start with h[0], which comes first"),
        (right[: x.size], "the last echoes are cut off: they outlast the input"),
        (together, "all echoes start at 0 there: the echo of x[k] starts at k"),
        (x.sum() * h, "all echoes start at 0 there: the echo of x[k] starts at k"),
        (np.convolve(x, np.ones(h.size)), "each copy of x[k] is as large as x[k] itself: scale h by x[k]"),
        (np.convolve(np.abs(x), h), "a negative input starts a negative echo"),
    ]
    return {"x": x, "h": h}, right, slips


@_table.worked
def _filled(given: dict[str, Any], right: Any) -> dict[str, Any]:
    rows = [[""] * k + list(stone * given["h"]) + [""] * (3 - k) for k, stone in enumerate(given["x"])]
    return {"first": given["h"][0], "rows": rows, "y": right}


@Exercise("II-1.3")
def _step(rng: Generator) -> Drawn:
    """From the impulse response to the step response."""
    h = np.sort(rng.choice(np.arange(1, 13), 5, replace=False))[::-1]
    dt = rng.choice([0.1, 0.2, 0.5])
    right = respond(np.ones(h.size), h, dt)
    slips = [
        (right / dt, "the width dt is missing: each slice of the step has the area dt"),
        (h, "that is the impulse response itself"),
        (dt * h, "that is the echo of one slice; every slice starts one"),
        (np.append(0, right[:-1]), "one sample late: the first slice starts its echo at once"),
        (right[::-1], "the right numbers in reverse order"),
        (dt * np.convolve(np.ones(h.size), h), "that switches the force off again: a step stays on"),
        (np.diff(h, prepend=0) / dt, "that is the slope of h; its area is wanted"),
    ]
    return {"h": h, "dt": dt}, right, slips


@_step.worked
def _settling(given: dict[str, Any], right: Any) -> dict[str, Any]:
    h = given["h"]
    return {"second": added(h[:2]), "third": added(h[:3]), "sums": np.cumsum(h), "s": right}


def _recorded(kind: int, x: Array) -> Array:
    """One of four systems with a short memory: sound, stopped at 9, tiring with time, or both."""
    gain = np.array([4, 3, 2, 1, 1, 1]) if kind in (2, 3) else np.full(6, 3)
    y = gain * (2 * x + np.append(0, x[:-1]))
    stopped: Array = np.minimum(y, 9) if kind in (1, 3) else y
    return stopped


@Exercise("II-1.4", "[superposition, time invariance]", allowed={1: "passed", 0: "failed"})
def _tests(rng: Generator) -> Drawn:
    """Which of the two tests a recorded system passes."""
    kind, (a, b) = int(rng.integers(4)), rng.choice([1, 2, 3], 2, replace=False)
    x1, x2 = np.array([a, 0, 0, 0, 0, 0]), np.array([b, 0, 0, 0, 0, 0])
    inputs = {"x1": x1, "x2": x2, "x1 + x2": x1 + x2, "x1, 2 samples later": np.roll(x1, 2)}
    given = {name: np.array([x, _recorded(kind, x)]) for name, x in inputs.items()}
    y1, y2, both, later = (y for _, y in given.values())
    adds, keeps = np.array_equal(both, y1 + y2), np.array_equal(later, [0, 0, *y1[:-2]])
    added = "y of x1 + x2 is " + ("" if adds else "not ") + "y1 + y2"
    moved = "the delayed input gives " + ("" if keeps else "not ") + "the delayed output"
    slips = [
        ([not adds, keeps], f"the second is right, but look at the first: {added}"),
        ([adds, not keeps], f"the first is right, but look at the second: {moved}"),
        ([not adds, not keeps], f"both are the other way round: {added}, and {moved}"),
    ]
    return given, [adds, keeps], slips


@_tests.worked
def _compared(given: dict[str, Any], right: Any) -> dict[str, Any]:
    y1, y2, both, later = (y for _, y in given.values())
    adds, keeps = ("the same: passed" if passed else "not the same: failed" for passed in right)
    records = {"sum": y1 + y2, "both": both, "moved": np.append([0, 0], y1[:-2]), "later": later}
    return {**records, "adds": adds, "keeps": keeps, "answer": [int(passed) for passed in right]}


@Exercise("II-1.5", "[strength, rate, settles at]", otherwise="not what c and κ give")
def _spring(rng: Generator) -> Drawn:
    """From spring and damper to the impulse response."""
    c, kappa = rng.choice([0.25, 0.5, 2.0, 4.0, 5.0, 8.0], 2, replace=False)
    slips = [
        ([c, kappa / c, 1 / kappa], "a strong damper gives way little: the first is 1 divided by c"),
        (
            [1 / kappa, kappa / c, 1 / c],
            "first and last are swapped: a blow meets the damper, a lasting force the spring",
        ),
        ([1 / c, c / kappa, 1 / kappa], "the second is the time constant c/κ; the rate is its inverse"),
        ([1 / c, kappa, 1 / kappa], "the second is the spring alone; the rate is κ/c"),
        ([1 / c, kappa / c, kappa], "a stiff spring gives way little: the last is 1 divided by κ"),
        (
            [1 / c, kappa / c, 1 / c],
            "the last is where the step response settles: there the damper rests, and κ·y is 1 N",
        ),
        ([2, 1, 2], "those are the numbers of the page, for c = κ = 0.5"),
    ]
    return {"c": c, "kappa": kappa}, [1 / c, kappa / c, 1 / kappa], slips


@_spring.worked
def _of_the_spring(given: dict[str, Any], right: Any) -> dict[str, Any]:
    return dict(zip(("strength", "rate", "settles"), right, strict=True))
