"""Exercises of chapter III-4, What the unflipped one is for."""

import numpy as np

from convlib.checks.judging import Array, Exercises, Params, Slip, judge_array, named_or_wrong
from convlib.ops import convolve, correlate, flip

# III-4.1: from the index of the largest score to the lag.


def _draw_index(rng: np.random.Generator) -> Params:
    len_h, len_x = int(rng.integers(5, 13)), int(rng.integers(30, 60))
    lag = int(rng.integers(4, len_x - len_h - 3))
    return {"len_x": len_x, "len_h": len_h, "index": lag + len_h - 1}


def _slips_index(p: Params) -> list[Slip]:
    index, len_x, len_h = p["index"], p["len_x"], p["len_h"]
    lag = index - (len_h - 1)
    return [
        ([lag, lag], "right"),
        ([index, index], "that is the index itself; lag 0 stands at len_h − 1, not at 0"),
        ([index, lag], "the second number is right; the first output has the lag −(len_h − 1), so the index is no lag"),
        (
            [lag, index],
            "the lag is right; valid mode leaves out the len_h − 1 places at which h sticks out on the left",
        ),
        ([lag - 1, lag - 1], "one too small: h overlaps x first with one sample, so lag 0 stands at len_h − 1"),
        ([lag, lag - len_h + 1], "the lag is right; in valid mode nothing is to be taken off, the index is the lag"),
        ([-lag, lag], "the sign: the second argument slides, and a later place in x is a positive lag"),
        ([-lag, -lag], "the sign: the second argument slides, and a later place in x is a positive lag"),
        ([index - (len_x - 1), lag], "that takes off the length of x; it is h that sticks out at the beginning"),
        ([index - len_h // 2] * 2, "that counts from the middle of h; a lag says where h begins"),
    ]


def _judge_index(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [lag, valid_index], got {answer.size}"
    return named_or_wrong(answer.ravel().astype(float), _slips_index(p), "not [index − (len_h − 1), the same]")


# III-4.2: from a lag to a distance.


def _draw_range(rng: np.random.Generator) -> Params:
    speed = int(rng.choice([340, 1500]))
    return {"lag": int(rng.integers(60, 400)), "microseconds": int(rng.choice([20, 50, 100])), "speed": speed}


def _slips_range(p: Params) -> list[Slip]:
    lag, step, speed = p["lag"], p["microseconds"] * 1e-6, p["speed"]
    good = speed * lag * step / 2
    return [
        ([good], "right"),
        ([2 * good], "that is the way there and back; the target is half as far"),
        ([4 * good], "the wave goes there and back: divide by 2, do not multiply"),
        ([1e6 * good], "microseconds are millionths of a second: the unit of your number is not the metre"),
        ([1e3 * good], "that takes microseconds for milliseconds"),
        ([speed * step / 2], "that is the distance of one lag; the echo comes `lag` of them later"),
        ([lag * step], "that is the travel time in seconds; a distance is speed times time"),
        ([lag * step / 2], "that is half the travel time in seconds; a distance is speed times time"),
        ([speed * lag / 2], "a lag is a number of samples: times the width of one sample it is a time"),
    ]


def _judge_range(p: Params, answer: Array) -> str | None:
    if answer.size != 1:
        return f"expected one number, the distance in metres, got {answer.size}"
    return named_or_wrong(answer.ravel().astype(float), _slips_range(p), "not speed times travel time, halved")


# III-4.3: the raw score at every lag inside.


def _draw_scores(rng: np.random.Generator) -> Params:
    return {"x": rng.integers(-4, 6, 6), "h": rng.integers(-3, 4, 3)}


def _slips_scores(p: Params) -> list[Slip]:
    x, h = p["x"], p["h"]
    under = [x[n : n + 3] for n in range(4)]
    return [
        (correlate(x, h, mode="valid"), "right"),
        (convolve(x, h, mode="valid"), "that is the convolution: h has been turned round; lay it down as it is"),
        (correlate(x, h), "that is the full output; asked are the lags at which h lies inside x"),
        (correlate(x, h)[:4], "those are the first four of the full output: there h still sticks out on the left"),
        (
            correlate(x, h, mode="valid")[::-1],
            "the scores are right, but the lags run the other way: lag 0 comes first",
        ),
        ([int(part.sum()) for part in under], "that adds up the samples of x and leaves out the weights"),
        ([int(np.abs(part - h).sum()) for part in under], "those are distances; the score multiplies and adds"),
        ([int(part[0] * h[0]) for part in under], "that is the first product alone; three are to be added at each lag"),
    ]


def _judge_scores(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_scores(p))


# III-4.4: normalised scores of two patches.


def _draw_patches(rng: np.random.Generator) -> Params:
    h = rng.permutation(6)[:4]
    gain, offset = int(rng.integers(2, 4)), int(rng.integers(1, 6))
    p, q = gain * h + offset, rng.permutation(16)[:4] + int(rng.integers(10, 20))
    return {"h": h, "p": p, "q": q} if rng.random() < 0.5 else {"h": h, "p": q, "q": p}


def _cosine(a: Array, b: Array) -> float:
    below = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / below if below else 0.0


def _slips_patches(p: Params) -> list[Slip]:
    h, both = p["h"], [p["p"], p["q"]]
    centred, c = [v - v.mean() for v in both], h - h.mean()
    good = [_cosine(c, v) for v in centred]
    return [
        (good, "right"),
        (good[::-1], "the right numbers, but the patch p comes first"),
        ([h @ v for v in both], "those are the raw scores"),
        ([c @ v for v in centred], "the means are off, but both lengths are still to be divided by"),
        ([_cosine(h, v) for v in both], "that divides by both lengths, but leaves the means in; take them off first"),
        ([_cosine(c, v) for v in both], "the mean is off the template only; the patch has one too"),
        (
            [c @ v / (c @ c) for v in centred],
            "that divides by the template's energy; it tells the contrast, not the match",
        ),
        (
            [c @ v / (v @ v or 1) for v in centred],
            "that divides by the patch's energy only: one factor is a length of h",
        ),
        ([v * v for v in good], "those are the squares of the scores"),
    ]


def _judge_patches(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, one for p and one for q, got {answer.size}"
    values = answer.ravel().astype(float)
    right = np.array(_slips_patches(p)[0][0])
    if np.allclose(values, right, atol=5e-4):
        return None
    return named_or_wrong(values, _slips_patches(p), "not the two normalised scores")


# III-4.5: a complex template.


def _draw_complex(rng: np.random.Generator) -> Params:
    while True:
        p: Params = {"x": rng.integers(-4, 5, (3, 2)), "h": rng.integers(-3, 4, (2, 2))}
        answers = [tuple(value) for value, _ in _slips_complex(p)]
        if len(set(answers)) == len(answers):
            return p


def _pair(value: complex) -> list[float]:
    return [float(value.real), float(value.imag)]


def _slips_complex(p: Params) -> list[Slip]:
    x, h = (p[key] @ np.array([1, 1j]) for key in ("x", "h"))
    score = correlate(x, h, mode="valid")
    return [
        (_pair(score[1]), "right"),
        (_pair(convolve(x, flip(h), mode="valid")[1]), "the conjugate of h is missing"),
        (_pair(np.conj(score[1])), "that conjugates x; the template h gets the bar"),
        (_pair(score[0]), "that is the score at lag 0; begin one sample later"),
        (_pair(convolve(x, h, mode="valid")[1]), "that is the convolution: h is turned round, and not conjugated"),
        (
            _pair(convolve(x, np.conj(h), mode="valid")[1]),
            "h is conjugated, but turned round as well: lay it down as it is",
        ),
        (_pair(complex(abs(score[1]))), "that is the size of the score; asked are its real and imaginary part"),
        (
            [float((p["h"] * p["x"][1:])[:, k].sum()) for k in (0, 1)],
            "that multiplies real with real and imaginary with imaginary part; i · i is −1",
        ),
    ]


def _judge_complex(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [real part, imaginary part], got {answer.size}"
    return named_or_wrong(answer.ravel().astype(float), _slips_complex(p), "not the score at lag 1")


EXERCISES: Exercises = {
    "III-4.1": (_draw_index, _judge_index, _slips_index),
    "III-4.2": (_draw_range, _judge_range, _slips_range),
    "III-4.3": (_draw_scores, _judge_scores, _slips_scores),
    "III-4.4": (_draw_patches, _judge_patches, _slips_patches),
    "III-4.5": (_draw_complex, _judge_complex, _slips_complex),
}
