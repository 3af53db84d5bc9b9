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


# III-1.2: which inputs reach an output at all?


def _draw_range(rng: np.random.Generator) -> Params:
    len_x, len_h = int(rng.integers(6, 10)), int(rng.integers(3, 6))
    n = int(rng.choice([len_h - 2, len_x // 2 + 1, len_x + len_h - 3]))
    return {"len_x": len_x, "len_h": len_h, "n": n}


def _slips_range(p: Params) -> list[Slip]:
    len_x, len_h, n = p["len_x"], p["len_h"], p["n"]
    right = [max(0, n - len_h + 1), min(n, len_x - 1)]
    options: list[Slip] = [
        ([0, n], "h ends: an input that is older than the last weight no longer counts"),
        ([n - len_h + 1, n], "x has a first and a last entry: the range must stay inside it"),
        ([right[0] + 1, right[1]], "the oldest is one too late: ages 0 to len_h - 1 have a weight"),
        ([n - len_h, right[1]], "the oldest is one too early: h[len_h] does not exist"),
        ([n - right[1], n - right[0]], "those are the ages; the arrivals are asked for"),
        ([right[1], right[0]], "first the smallest k, then the largest"),
        ([0, len_x - 1], "that is the whole of x: look at the ages at n"),
    ]
    return [(right, "right"), *(slip for slip in options if slip[0] != right)]


def _judge_range(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [smallest k, largest k], got {answer.size}"
    slips = [(np.array(value, float), text) for value, text in _slips_range(p)]
    return named_or_wrong(answer.ravel().astype(float), slips, "not the range: which ages have a weight?")


# III-1.3: savings with interest.


def _draw_savings(rng: np.random.Generator) -> Params:
    deposits = 100 * rng.permutation(np.arange(1, 8))[:4]
    return {"deposits": deposits, "rate": float(rng.choice([0.02, 0.03, 0.05, 0.1])), "year": 5}


def _slips_savings(p: Params) -> list[Slip]:
    x, rate, n = p["deposits"], p["rate"], p["year"]
    ages = n - np.arange(x.size)
    return [
        (x @ (1 + rate) ** ages, "right"),
        (x @ (1 + rate) ** ages[::-1], "the first deposit has been there the longest and has grown most"),
        (x @ (1 + rate) ** np.arange(x.size), "there a deposit grows by its year of arrival: its age is what counts"),
        (x @ (1 + rate) ** (ages - 1), "one year of interest is missing: a deposit of age 1 has grown once"),
        (x @ (1 + rate) ** (ages + 1), "one year of interest too much: at age 0 nothing has grown"),
        (x @ (1 + rate * ages), "interest on the interest is missing"),
        (x.sum() * (1 + rate) ** n, "there all deposits came in year 0"),
        (x.sum(), "that is what was paid in, without interest"),
    ]


def _judge_savings(p: Params, answer: Array) -> str | None:
    return _one(answer, "the balance", _slips_savings(p), "not the balance: how old is each deposit?")


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
    "III-1.2": (_draw_range, _judge_range, _slips_range),
    "III-1.3": (_draw_savings, _judge_savings, _slips_savings),
    "III-1.4": (_draw_smoother, _judge_smoother, _slips_smoother),
    "III-1.5": (_draw_neither, _judge_neither, _slips_neither),
}
