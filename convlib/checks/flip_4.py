"""Exercises of chapter III-4, What the unflipped one is for."""

from typing import Any

import numpy as np
from numpy.random import Generator

from convlib.checks.declaration import Array, Drawn, Exercise
from convlib.checks.words import products, written
from convlib.ops import convolve, correlate, flip


@Exercise("III-4.1", "[lag, valid_index]", otherwise="not [index − (len_h − 1), the same]")
def _index(rng: Generator) -> Drawn:
    """From the index of the largest score to the lag."""
    len_h, len_x = rng.integers(5, 13), rng.integers(30, 60)
    lag = rng.integers(4, len_x - len_h - 3)
    index = lag + len_h - 1
    slips = [
        ([index, index], "that is the index itself; lag 0 stands at len_h − 1, not at 0"),
        ([index, lag], "the second number is right; the first output has the lag −(len_h − 1), so the index is no lag"),
        ([lag, index], "the lag is right; valid mode leaves out the len_h − 1 places where h sticks out on the left"),
        ([lag - 1, lag - 1], "one too small: h overlaps x first with one sample, so lag 0 stands at len_h − 1"),
        ([lag, lag - len_h + 1], "the lag is right; in valid mode nothing is to be taken off, the index is the lag"),
        ([-lag, lag], "the sign: the second argument slides, and a later place in x is a positive lag"),
        ([-lag, -lag], "the sign: the second argument slides, and a later place in x is a positive lag"),
        ([index - (len_x - 1), lag], "that takes off the length of x; it is h that sticks out at the beginning"),
        ([index - len_h // 2] * 2, "that counts from the middle of h; a lag says where h begins"),
    ]
    return {"len_x": len_x, "len_h": len_h, "index": index}, [lag, lag], slips


@_index.worked
def _counted(given: dict[str, Any], right: Any) -> dict[str, Any]:
    return {"early": given["len_h"] - 1, "lag": right[0], "both": right}


@Exercise("III-4.2", "the distance in metres", otherwise="not speed times travel time, halved")
def _range(rng: Generator) -> Drawn:
    """From a lag to a distance."""
    speed = rng.choice([340, 1500])
    lag, microseconds = rng.integers(60, 400), rng.choice([20, 50, 100])
    step = microseconds * 1e-6
    good = speed * lag * step / 2
    slips = [
        (2 * good, "that is the way there and back; the target is half as far"),
        (4 * good, "the wave goes there and back: divide by 2, do not multiply"),
        (1e6 * good, "microseconds are millionths of a second: the unit of your number is not the metre"),
        (1e3 * good, "that takes microseconds for milliseconds"),
        (speed * step / 2, "that is the distance of one lag; the echo comes `lag` of them later"),
        (lag * step, "that is the travel time in seconds; a distance is speed times time"),
        (lag * step / 2, "that is half the travel time in seconds; a distance is speed times time"),
        (speed * lag / 2, "a lag is a number of samples: times the width of one sample it is a time"),
    ]
    return {"lag": lag, "microseconds": microseconds, "speed": speed}, good, slips


@_range.worked
def _timed(given: dict[str, Any], right: Any) -> dict[str, Any]:
    time = given["lag"] * given["microseconds"]
    return {"time": time, "seconds": f"{time / 1e6:g}", "way": 2 * right, "distance": right}


@Exercise("III-4.3")
def _scores(rng: Generator) -> Drawn:
    """The raw score at every lag inside."""
    x, h = rng.integers(-4, 6, 6), rng.integers(-3, 4, 3)
    right, under = correlate(x, h, mode="valid"), [x[n : n + 3] for n in range(4)]
    slips = [
        (convolve(x, h, mode="valid"), "that is the convolution: h has been turned round; lay it down as it is"),
        (correlate(x, h), "that is the full output; asked are the lags at which h lies inside x"),
        (correlate(x, h)[:4], "those are the first four of the full output: there h still sticks out on the left"),
        (right[::-1], "the scores are right, but the lags run the other way: lag 0 comes first"),
        ([part.sum() for part in under], "that adds up the samples of x and leaves out the weights"),
        ([np.abs(part - h).sum() for part in under], "those are distances; the score multiplies and adds"),
        ([part[0] * h[0] for part in under], "that is the first product alone; three are to be added at each lag"),
    ]
    return {"x": x, "h": h}, right, slips


@_scores.worked
def _laid(given: dict[str, Any], right: Any) -> dict[str, Any]:
    sums = {f"sum{n}": products(given["h"], given["x"][n : n + 3]) for n in range(4)}
    return {**sums, **{f"score{n}": score for n, score in enumerate(right)}, "scores": right}


def _cosine(a: Array, b: Array) -> float:
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


@Exercise("III-4.4", "one for p and one for q", otherwise="not the two normalised scores", tolerance=6e-4)
def _patches(rng: Generator) -> Drawn:
    """Normalised scores of two patches."""
    h = rng.permutation(6)[:4]
    gain, offset = rng.integers(2, 4), rng.integers(1, 6)
    p, q = gain * h + offset, rng.permutation(16)[:4] + rng.integers(10, 20)
    both = [p, q] if rng.random() < 0.5 else [q, p]
    centred, c = [v - v.mean() for v in both], h - h.mean()
    good = [_cosine(c, v) for v in centred]
    slips = [
        (good[::-1], "the right numbers, but the patch p comes first"),
        ([h @ v for v in both], "those are the raw scores"),
        ([c @ v for v in centred], "the means are off, but both lengths are still to be divided by"),
        ([_cosine(h, v) for v in both], "that divides by both lengths, but leaves the means in; take them off first"),
        ([_cosine(c, v) for v in both], "the mean is off the template only; the patch has one too"),
        ([c @ v / (c @ c) for v in centred], "that divides by h's energy, which tells the contrast, not the match"),
        ([c @ v / (v @ v) for v in centred], "that divides by the patch's energy only: one factor is a length of h"),
        ([v * v for v in good], "those are the squares of the scores"),
    ]
    return {"h": h, "p": both[0], "q": both[1]}, good, slips


@_patches.worked
def _compared(given: dict[str, Any], right: Any) -> dict[str, Any]:
    h, p, q = (given[name] for name in "hpq")
    c, p0, q0 = (v - v.mean() for v in (h, p, q))
    same, patch = ("p", p) if right[0] > right[1] else ("q", q)
    gain = np.ptp(patch) // np.ptp(h)
    scores = ["1" if abs(score - 1) < 1e-9 else f"{score:.3f}".replace("-", "−") for score in right]
    found = {name: f"{'=' if text == '1' else '≈'} {text}" for name, text in zip(("zp", "zq"), scores, strict=True)}
    said = {"h0": c, "p0": p0, "q0": q0, "hh": c @ c, "pp": p0 @ p0, "qq": q0 @ q0, "hp": c @ p0, "hq": c @ q0}
    raw = {"raw_p": h @ p, "raw_q": h @ q, "raw_best": "p" if h @ p > h @ q else "q"}
    match = {"same": same, "gain": gain, "offset": patch[0] - gain * h[0]}
    return {"means": f"{h.mean():g}, {p.mean():g} and {q.mean():g}", "scores": scores, **said, **found, **raw, **match}


def _pair(value: complex) -> list[float]:
    return [float(value.real), float(value.imag)]


@Exercise("III-4.5", "[real part, imaginary part]", otherwise="not the score at lag 1", distinct=True)
def _complex(rng: Generator) -> Drawn:
    """A complex template."""
    a, b = rng.integers(-4, 5, (3, 2)), rng.integers(-3, 4, (2, 2))
    x, h = a @ [1, 1j], b @ [1, 1j]
    score = correlate(x, h, mode="valid")
    slips = [
        (_pair(convolve(x, flip(h), mode="valid")[1]), "the conjugate of h is missing"),
        (_pair(np.conj(score[1])), "that conjugates x; the template h gets the bar"),
        (_pair(score[0]), "that is the score at lag 0; begin one sample later"),
        (_pair(convolve(x, h, mode="valid")[1]), "that is the convolution: h is turned round, and not conjugated"),
        (
            _pair(convolve(x, np.conj(h), mode="valid")[1]),
            "h is conjugated, but also turned round: lay it down as it is",
        ),
        (_pair(complex(abs(score[1]))), "that is the size of the score; asked are its real and imaginary part"),
        ((b * a[1:]).sum(0), "that multiplies real with real and imaginary with imaginary part; i · i is −1"),
    ]
    return {"x": a, "h": b}, _pair(score[1]), slips


def _complex_text(number: complex) -> str:
    real, imaginary = written(number)
    return f"{real} {'−' if number.imag < 0 else '+'} {imaginary.lstrip('−')}i"


@_complex.worked
def _turned_back(given: dict[str, Any], right: Any) -> dict[str, Any]:
    x, h = given["x"][1:] @ [1, 1j], given["h"] @ [1, -1j]  # the two samples met, and the bar is on h
    pairs = [f"({_complex_text(w)}) · ({_complex_text(v)})" for w, v in zip(h, x, strict=True)]
    terms = [f"({_complex_text(term)})" for term in h * x]
    return {"products": " + ".join(pairs), "terms": " + ".join(terms), "sum": _complex_text(h @ x), "right": right}
