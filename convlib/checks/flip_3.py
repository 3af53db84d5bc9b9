"""Exercises of chapter III-3, The algebra, and where it fails."""

import numpy as np

from convlib.checks.judging import Array, Exercises, Params, Slip, judge_array
from convlib.ops import convolve, correlate

# III-3.1: a new output from an old one, by the laws alone.


def _draw_laws(rng: np.random.Generator) -> Params:
    y = rng.permutation(np.array([-4, -2, 1, 3, 5, 7, 8]))[:5]
    return {"y": y, "scale": int(rng.integers(2, 5)), "delay": int(rng.integers(1, 4))}


def _delayed(y: Array, by: int, length: int) -> Array:
    out = np.zeros(length, dtype=y.dtype)
    out[by : by + len(y)] = y
    return out


def _slips_laws(p: Params) -> list[Slip]:
    y, scale, delay = p["y"], p["scale"], p["delay"]
    n = len(y) + delay
    now, late = _delayed(y, 0, n), _delayed(y, delay, n)
    return [
        (scale * late - now, "right"),
        (scale * now - late, "the delay belongs to the part with the scale, and the minus to the other"),
        (scale * late + now, "the second part is taken away, not added"),
        (late - now, "the scale is missing: scaling the input scales the output"),
        (scale * late, "the second part of the input is missing: the outputs of both parts add up"),
        (scale * (late - now), "only the delayed part is scaled"),
        (scale * y - y, "the delay is missing: a later input gives a later output"),
        ((scale * late - now)[:-1], "one entry is missing: the delayed part ends later"),
    ]


def _judge_laws(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_laws(p))


# III-3.2: two filters of three taps, merged into one.


def _draw_merge(rng: np.random.Generator) -> Params:
    h, g = rng.choice([-3, -2, -1, 1, 2, 3, 4], (2, 3))
    return {"h": h, "g": g}


def _slips_merge(p: Params) -> list[Slip]:
    h, g = p["h"], p["g"]
    return [
        (convolve(h, g), "right"),
        (h + g, "that adds the filters: it is right for two side by side, not one after the other"),
        (h * g, "that multiplies tap by tap; every tap of h meets every tap of g"),
        (correlate(h, g), "that correlates them: the ages must add up, not run in step"),
        (correlate(g, h), "that correlates them: the ages must add up, not run in step"),
        (convolve(h, g)[::-1], "that is in reverse order: age 0 comes first"),
        (convolve(h, g)[1:-1], "the ages 0 and 4 are missing: ages add up, so they run from 0 to 2 + 2"),
        (np.concatenate([h, g]), "that writes one behind the other; every tap of h starts an echo g"),
    ]


def _judge_merge(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_merge(p))


# III-3.3: undo a running sum.


def _draw_undo(rng: np.random.Generator) -> Params:
    x = rng.permutation(np.array([-3, -1, 2, 4, 5, 6, 9]))[:6]
    return {"y": np.cumsum(x)}


def _slips_undo(p: Params) -> list[Slip]:
    y = p["y"]
    x = np.diff(y, prepend=0)
    return [
        (x, "right"),
        (x[1:], "the first value is missing: before the beginning the sum was 0"),
        (np.concatenate([[0], x[1:]]), "the first difference is y[0] − 0, because the sum began at 0"),
        (np.cumsum(y), "that sums once more; the opposite is asked for"),
        (-x, "the sign is turned: the difference is now minus before"),
        (np.append(-np.diff(y), y[-1]), "that takes the next value away; the difference looks back, y[n] − y[n − 1]"),
        (np.append(np.diff(y), -y[-1]), "that is one place early: y[n + 1] − y[n]"),
        (x[::-1], "that is in reverse order"),
        (convolve(y, [1, -1]), "the last entry is where the list ends, not what went in: keep the first six"),
    ]


def _judge_undo(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_undo(p))


# III-3.4: two templates, one after the other.


def _draw_templates(rng: np.random.Generator) -> Params:
    p, q = rng.choice([-2, -1, 1, 2, 3, 4], (2, 3))
    return {"p": p, "q": q}


def _slips_templates(params: Params) -> list[Slip]:
    p, q = params["p"], params["q"]
    both = convolve(p, q)
    return [
        (both, "right"),
        (correlate(p, q), "that correlates them. The two steps add up, so the templates are convolved"),
        (correlate(q, p), "that correlates them. The two steps add up, so the templates are convolved"),
        (both[::-1], "that is turned round: the merged template is read in step too, with no flip"),
        (p + q, "that adds them: right for two side by side, not one after the other"),
        (p * q, "that multiplies entry by entry; every entry of p meets every entry of q"),
        (both[1:-1], "the labels 0 and 4 are missing: labels add up, so they run from 0 to 2 + 2"),
    ]


def _judge_templates(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_templates(p))


# III-3.5: a constant, a difference over some ticks and a running sum: two orders and a window.


def _draw_orders(rng: np.random.Generator) -> Params:
    lag, height = int(rng.integers(2, 5)), int(rng.integers(5, 10))
    past = int(rng.integers(lag + 2, lag + 6))
    return {"height": height, "lag": lag, "past": past, "memory": past - int(rng.integers(1, lag))}


def _slips_orders(p: Params) -> list[Slip]:
    height, lag, past, memory = p["height"], p["lag"], p["past"], p["memory"]
    loose = memory - (past - lag)  # columns that have lost their minus
    return [
        ([0, height * lag, height * loose], "right"),
        ([height * lag, 0, height * loose], "the first two are exchanged: (x ∗ h) ∗ g takes the difference first"),
        ([0, height, height * loose], "h ∗ g is not a single 1 here: the running sum of h is 1 for lag ticks"),
        ([0, lag, loose], "height is missing"),
        ([0, 0, 0], "the orders differ: h ∗ g is not 0, and the input never ends"),
        ([0, height * lag, height * lag], "in the window the sum does not reach back to the whole of the start"),
        ([0, height * lag, 0], "in the window some of the start is still remembered: count the columns with no minus"),
        ([height * lag] * 2 + [height * loose], "the difference of a constant is 0, and so is every sum of it"),
        ([0, height * lag, height * (loose + 1)], "in the window one column too many"),
        ([0, height * lag, height * (loose - 1)], "in the window one column too few"),
    ]


def _judge_orders(p: Params, answer: Array) -> str | None:
    if answer.size != 3:
        return f"expected three numbers, [(x ∗ h) ∗ g, x ∗ (h ∗ g), window], got {answer.size}"
    return judge_array(answer.ravel(), _slips_orders(p))


EXERCISES: Exercises = {
    "III-3.1": (_draw_laws, _judge_laws, _slips_laws),
    "III-3.2": (_draw_merge, _judge_merge, _slips_merge),
    "III-3.3": (_draw_undo, _judge_undo, _slips_undo),
    "III-3.4": (_draw_templates, _judge_templates, _slips_templates),
    "III-3.5": (_draw_orders, _judge_orders, _slips_orders),
}
