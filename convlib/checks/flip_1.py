"""Exercises of chapter III-1, Why the signal is flipped."""

import numpy as np

from convlib.checks.judging import Array, Exercises, Params, Slip, judge_array, named_or_wrong
from convlib.ops import convolve, correlate


def _one(answer: Array, what: str, slips: list[Slip], otherwise: str) -> str | None:
    """Judge an answer that is one number."""
    if answer.size != 1:
        return f"expected one number, {what}, got {answer.size}"
    rows = [([value], text) for value, text in slips]
    return named_or_wrong(answer.ravel().astype(float), rows, otherwise)


# III-1.1: gather one output.


def _draw_gather(rng: np.random.Generator) -> Params:
    return {"x": rng.integers(-4, 6, 6), "h": rng.permutation(np.arange(1, 8))[:4], "n": int(rng.integers(4, 6))}


def _slips_gather(p: Params) -> list[Slip]:
    x, h, n = p["x"], p["h"], p["n"]
    y = convolve(x, h)
    return [
        (y[n], "right"),
        (correlate(x, h)[n], "h is laid down from left to right there: the newest input has the age 0 and meets h[0]"),
        (x[:4] @ h, "that pairs equal indices, x[k] with h[k]: they have to add up to n"),
        (x[n] * h[0], "that is the newest input alone; the older ones still echo"),
        (x[n - 3 : n + 1].sum(), "that adds the inputs up without their weights"),
        (y[n - 1], "that is the output one place before"),
        (y[n + 1], "that is the output one place later"),
    ]


def _judge_gather(p: Params, answer: Array) -> str | None:
    return _one(answer, "y[n]", _slips_gather(p), "not y[n]: which age has each input at n?")


# III-1.2: the lines that make one output.


def _draw_lines(rng: np.random.Generator) -> Params:
    len_x, len_h = int(rng.integers(6, 10)), int(rng.integers(3, 6))
    n = int(rng.choice([len_h - 2, len_x // 2 + 1, len_x + len_h - 3]))
    return {"len_x": len_x, "len_h": len_h, "n": n}


def _slips_lines(p: Params) -> list[Slip]:
    len_x, len_h, n = p["len_x"], p["len_h"], p["n"]
    first, last = max(0, n - len_h + 1), min(n, len_x - 1)
    lines = [[k, n - k] for k in range(first, last + 1)]
    ages = [a for _, a in lines]
    options: list[Slip] = [
        ([[k, n - k] for k in range(n + 1)], "h or x ends before that: a line needs an entry at both of its ends"),
        ([[k, n - k] for k in range(n - len_h + 1, n + 1)], "x has no entries there: it has a first and a last one"),
        (lines[1:], "the oldest arrival is missing: its age still has a weight"),
        (lines[:-1], "the newest arrival is missing: its age still has a weight"),
        ([[first - 1, n - first + 1], *lines], "the oldest is one too early: its age or its arrival does not exist"),
        ([[k, a] for (k, _), a in zip(lines, ages[::-1], strict=True)], "those lines do not cross: the sum is not n"),
        (lines[::-1], "the lines are right, but begin with the smallest arrival"),
        ([[a, k] for k, a in lines], "first the arrival, then the age"),
    ]
    return [(lines, "right"), *(slip for slip in options if slip[0] != lines)]


def _judge_lines(p: Params, answer: Array) -> str | None:
    if answer.ndim != 2 or answer.shape[1] != 2:
        return f"expected rows of two numbers, [arrival, age], got shape {answer.shape}"
    return judge_array(answer, _slips_lines(p))


# III-1.3: two systems in a row.


def _draw_two(rng: np.random.Generator) -> Params:
    weights = rng.permutation(np.arange(1, 9))
    x = rng.permutation(np.arange(1, 10))[:5] * rng.choice([-1, 1], 5)
    return {"x": x, "h": weights[:3], "g": weights[3:6], "n": 4}


def _slips_two(p: Params) -> list[Slip]:
    x, h, g, n = p["x"], p["h"], p["g"], p["n"]
    between = convolve(x, h)
    y = convolve(between, g)
    return [
        (y[n], "right"),
        (between[n], "that is what comes out of the first system"),
        (convolve(x, g)[n], "the first system is left out"),
        (between[n : n + 3] @ g, "the second flip does not undo the first: its age counts back from n, too"),
        (between[n - 2 : n + 1] @ g, "the newest number of the first system has the age 0 in the second"),
        (convolve(x, h * g)[n], "there both systems share one age: each has an age of its own"),
        (between[n] + convolve(x, g)[n], "that adds two systems side by side; here one follows the other"),
        (between[n] * g.sum(), "there the second system takes the same number at all ages"),
        (y[n - 1], "that is the output one place before"),
        (y[n + 1], "that is the output one place later"),
    ]


def _judge_two(p: Params, answer: Array) -> str | None:
    return _one(answer, "y[n]", _slips_two(p), "not y[n]: arrival and both waiting times add up to n")


# III-1.4: a response that begins before its input.


def _draw_smoother(rng: np.random.Generator) -> Params:
    x, h = rng.permutation(np.arange(1, 10))[:8], rng.permutation(np.arange(1, 8))[:4]
    return {"x": x, "ages": np.arange(-2, 2), "h": h, "n": int(rng.integers(2, 6))}


def _slips_smoother(p: Params) -> list[Slip]:
    x, h, n = p["x"], p["h"], p["n"]
    met = x[n - 1 : n + 3]  # the inputs of the ages 1, 0, -1, -2
    return [
        (met[::-1] @ h, "right"),
        (met @ h, "the age is n - k: x[n + 1] has the age -1, and x[n - 1] the age 1"),
        (convolve(x, h)[n], "h[0] of the array belongs to the age -2, not to the age 0"),
        (x[n] * h[2] + x[n - 1] * h[3], "the inputs after n are left out: here they have weights too"),
        (x[n + 1] * h[1] + x[n + 2] * h[0], "the inputs up to n are left out"),
        (
            x[n - 2 : n + 2] @ h,
            "the window is at the wrong place, and h is read forwards: the ages -2 to 1 come from k = n - 1 to n + 2",
        ),
    ]


def _judge_smoother(p: Params, answer: Array) -> str | None:
    return _one(
        answer, "y[n]", _slips_smoother(p), "not y[n]: arrival and age add up to n, also when an age is negative"
    )


# III-1.5: flip neither, and ask which system that is.


def _draw_neither(rng: np.random.Generator) -> Params:
    return {"w": rng.permutation(np.arange(-3, 8))[:4]}


def _slips_neither(p: Params) -> list[Slip]:
    w = p["w"]
    return [
        (w[::-1], "right"),
        (w, "that lists w from j = 0 on; x[n + j] has the age -j, so the oldest comes last"),
        (-w[::-1], "the order is right, but no weight changes its sign"),
        (-w, "no weight changes its sign: only its index does"),
        (np.roll(w[::-1], 1), "one place off: w[0] belongs to the age 0, which comes last"),
        (np.roll(w, 1), "the order is not reversed: start with the age -3, which has the weight w[3]"),
    ]


def _judge_neither(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_neither(p))


EXERCISES: Exercises = {
    "III-1.1": (_draw_gather, _judge_gather, _slips_gather),
    "III-1.2": (_draw_lines, _judge_lines, _slips_lines),
    "III-1.3": (_draw_two, _judge_two, _slips_two),
    "III-1.4": (_draw_smoother, _judge_smoother, _slips_smoother),
    "III-1.5": (_draw_neither, _judge_neither, _slips_neither),
}
