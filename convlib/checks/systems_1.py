"""Exercises of chapter II-1, A bicycle over stones."""

import numpy as np

from convlib.checks.judging import Array, Exercises, Params, Slip, judge_array, named_or_wrong
from convlib.ops import convolve, correlate
from convlib.systems import impulse_response, respond, step_response

# II-1.1: the dent that two stones leave.


def _draw_dent(rng: np.random.Generator) -> Params:
    first, second = rng.choice(np.arange(1, 7), 2, replace=False)
    apart, after = rng.choice([0.5, 1.0, 1.5, 2.0], 2, replace=False)
    return {"first": int(first), "second": int(second), "apart": float(apart), "after": float(after)}


def _slips_dent(p: Params) -> list[Slip]:
    a, b, apart, after = p["first"], p["second"], p["apart"], p["after"]
    h = impulse_response([apart + after, after, apart])
    return [
        (a * h[0] + b * h[1], "right"),
        (b * h[1], "that is the second stone alone; the first dent has not gone yet"),
        (a * h[0], "that is the first stone alone"),
        ((a + b) * h[1], "both dents fade from their own stone on: the first has had more time"),
        ((a + b) * h[0], "both dents fade from their own stone on: the second has had less time"),
        (2 * (a + b), "that lets nothing fade"),
        (a * h[2] + b * h[1], "the first dent went on fading after the second stone"),
        ((a * h[0] + b * h[1]) / 2, "the dents fade as wanted, but each starts at 2 mm for 1 N·s"),
        (float(a * step_response(apart + after) + b * step_response(after)), "that is the step response"),
    ]


def _judge_dent(p: Params, answer: Array) -> str | None:
    if answer.size != 1:
        return f"expected one number, the dent in mm, got {answer.size}"
    slips = [([value], what) for value, what in _slips_dent(p)]
    return named_or_wrong(answer.ravel().astype(float), slips, "not the dent: add up what is left of each")


# II-1.2: the whole echo table.


def _draw_table(rng: np.random.Generator) -> Params:
    x, h = rng.integers(-2, 5, 4), rng.permutation([1, 2, 3, 5])[:3]
    return {"x": x, "h": h}


def _slips_table(p: Params) -> list[Slip]:
    x, h = p["x"], p["h"]
    right = convolve(x, h)
    together = np.zeros(right.size)
    together[: h.size] = x.sum() * h
    return [
        (right, "right"),
        (correlate(x, h), "each echo must start with h[0], which comes first"),
        (right[: x.size], "the last echoes are cut off: they outlast the input"),
        (together, "all echoes start at 0 there: the echo of x[k] starts at k"),
        (x.sum() * h, "all echoes start at 0 there: the echo of x[k] starts at k"),
        (np.convolve(x, np.ones(h.size)), "each copy of x[k] is as large as x[k] itself: scale h by x[k]"),
        (np.convolve(np.abs(x), h), "a negative input starts a negative echo"),
    ]


def _judge_table(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_table(p))


# II-1.3: from the impulse response to the step response.


def _draw_step(rng: np.random.Generator) -> Params:
    h = np.sort(rng.choice(np.arange(1, 13), 5, replace=False))[::-1]
    return {"h": h, "dt": float(rng.choice([0.1, 0.2, 0.5]))}


def _slips_step(p: Params) -> list[Slip]:
    h, dt = p["h"], p["dt"]
    right = respond(np.ones(h.size), h, dt)
    return [
        (right, "right"),
        (right / dt, "the width dt is missing: each slice of the step has the area dt"),
        (h, "that is the impulse response itself"),
        (dt * h, "that is the echo of one slice; every slice starts one"),
        (np.append(0, right[:-1]), "one sample late: the first slice starts its echo at once"),
        (right[::-1], "the right numbers in reverse order"),
        (dt * np.convolve(np.ones(h.size), h), "that switches the force off again: a step stays on"),
        (np.diff(h, prepend=0) / dt, "that is the slope of h; its area is wanted"),
    ]


def _judge_step(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_step(p))


# II-1.4: which of the two tests does a recorded system pass?


def _record(kind: int, x: Array) -> Array:
    """One of four systems with a short memory: sound, stopped at 9, tiring with time, or both."""
    gain = np.array([4, 3, 2, 1, 1, 1]) if kind in (2, 3) else np.full(6, 3)
    y = gain * (2 * x + np.append(0, x[:-1]))
    stopped: Array = np.minimum(y, 9) if kind in (1, 3) else y
    return stopped


def _draw_tests(rng: np.random.Generator) -> Params:
    kind, (a, b) = int(rng.integers(4)), rng.choice([1, 2, 3], 2, replace=False)
    x1, x2 = np.array([a, 0, 0, 0, 0, 0]), np.array([b, 0, 0, 0, 0, 0])
    inputs = {"x1": x1, "x2": x2, "x1 + x2": x1 + x2, "x1, 2 samples later": np.roll(x1, 2)}
    return {name: np.array([x, _record(kind, x)]) for name, x in inputs.items()}


def _slips_tests(p: Params) -> list[Slip]:
    y1, y2, both, later = (values[1] for values in p.values())
    adds, keeps = bool(np.array_equal(both, y1 + y2)), bool(np.array_equal(later[2:], y1[:-2]) and not later[:2].any())
    added = "y of x1 + x2 is " + ("" if adds else "not ") + "y1 + y2"
    moved = "the delayed input gives " + ("" if keeps else "not ") + "the delayed output"
    return [
        ([adds, keeps], "right"),
        ([not adds, keeps], f"the second is right, but look at the first: {added}"),
        ([adds, not keeps], f"the first is right, but look at the second: {moved}"),
        ([not adds, not keeps], f"both are the other way round: {added}, and {moved}"),
    ]


def _judge_tests(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [superposition, time invariance], got {answer.size}"
    slips = [(np.array(value, float), what) for value, what in _slips_tests(p)]
    return named_or_wrong(answer.ravel().astype(float), slips, "not an answer: write 1 for passed and 0 for failed")


# II-1.5: from spring and damper to the impulse response.


def _draw_spring(rng: np.random.Generator) -> Params:
    c, k = rng.choice([0.25, 0.5, 2.0, 4.0, 5.0, 8.0], 2, replace=False)
    return {"c": float(c), "k": float(k)}


def _slips_spring(p: Params) -> list[Slip]:
    c, k = p["c"], p["k"]
    return [
        ([1 / c, k / c, 1 / k], "right"),
        ([c, k / c, 1 / k], "a strong damper gives way little: the first is 1 divided by c"),
        ([1 / k, k / c, 1 / c], "first and last are swapped: a blow meets the damper, a lasting force the spring"),
        ([1 / c, c / k, 1 / k], "the second is the time constant c/k; the rate is its inverse"),
        ([1 / c, k, 1 / k], "the second is the spring alone; the rate is k/c"),
        ([1 / c, k / c, k], "a stiff spring gives way little: the last is 1 divided by k"),
        ([1 / c, k / c, 1 / c], "the last is where the step response settles: there the damper rests, and k·y is 1 N"),
        ([2, 1, 2], "those are the numbers of the page, for c = k = 0.5"),
    ]


def _judge_spring(p: Params, answer: Array) -> str | None:
    if answer.size != 3:
        return f"expected three numbers, [strength, rate, settles at], got {answer.size}"
    return named_or_wrong(answer.ravel().astype(float), _slips_spring(p), "not what c and k give")


EXERCISES: Exercises = {
    "II-1.1": (_draw_dent, _judge_dent, _slips_dent),
    "II-1.2": (_draw_table, _judge_table, _slips_table),
    "II-1.3": (_draw_step, _judge_step, _slips_step),
    "II-1.4": (_draw_tests, _judge_tests, _slips_tests),
    "II-1.5": (_draw_spring, _judge_spring, _slips_spring),
}
