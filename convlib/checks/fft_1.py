"""Exercises of chapter IV-1, The convolution theorem."""

import numpy as np

from convlib.checks.judging import Array, Exercises, Params, Slip, judge_array, named_or_wrong
from convlib.ops import convolve

# IV-1.1: the frequency response of three weights at a quarter turn per sample.


def _draw_quarter(rng: np.random.Generator) -> Params:
    return {"h": rng.choice(np.arange(1, 10), 3, replace=False)}


def _slips_quarter(p: Params) -> list[Slip]:
    a, b, c = (float(v) for v in p["h"])
    return [
        ([a - c, -b], "right"),
        ([a - c, b], "the sign of the imaginary part: an echo is late, so its hand is turned back, e^(−iω)"),
        ([a + c, -b], "two quarter turns are half a turn: h[2] counts against h[0]"),
        ([a + b + c, 0], "that is the response at f = 0, where no hand turns"),
        ([a - b + c, 0], "that is the response at f = 1/2, half a turn per sample"),
        ([np.hypot(a - c, b), np.degrees(np.arctan2(-b, a - c))], "that is magnitude and phase; asked are two parts"),
        ([-b, a - c], "the right numbers, but the real part comes first"),
        ([a, -b], "h[2] is missing; its hand has turned twice"),
    ]


def _judge_quarter(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [real, imaginary], got {answer.size}"
    return named_or_wrong(answer.ravel().astype(float), _slips_quarter(p), "not Σ h[a] e^(−iωa) at ω = π/2")


# IV-1.2: a wave and its echo at three frequencies.


def _draw_echo(rng: np.random.Generator) -> Params:
    delay, strength = int(rng.choice([2, 4, 5, 8, 10])), float(rng.choice([0.25, 0.5, 0.75]))
    f = np.array([1 / delay, 1 / (2 * delay), 1 / (4 * delay)])
    return {"amplitude": int(rng.integers(2, 9)), "delay": delay, "strength": strength, "f": f}


def _slips_echo(p: Params) -> list[Slip]:
    a, b = p["amplitude"], p["strength"]
    factors = np.array([1 + b, 1 - b, np.hypot(1, b)])
    return [
        (a * factors, "right"),
        (factors, "those are the factors |H|; the wave that goes in has an amplitude of its own"),
        (a * factors[[1, 0, 2]], "the first two are exchanged: after a whole cycle the echo is in step again"),
        (a * np.array([1 + b, 1 - b, 1 + b]), "a quarter of a cycle late, the echo is at right angles to the wave"),
        (a * np.array([1 + b, 1 - b, 1]), "at the third frequency the echo does not vanish: it is at right angles"),
        (np.full(3, a * (1 + b)), "the echo is late: only when it is late by whole cycles do the two just add up"),
        (a * factors**2, "those are squared; the length of the hand is asked"),
        (a * np.array([1 + b, 1 + b, 1 + b]) - np.array([0, 0, a * b]), "half a cycle late, the echo works against"),
    ]


def _judge_echo(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_echo(p))


# IV-1.3: four samples, their spectrum by hand.


def _draw_four(rng: np.random.Generator) -> Params:
    return {"x": rng.choice(np.arange(-4, 7), 4, replace=False)}


def _parts(spectrum: Array) -> Array:
    return np.array([spectrum.real, spectrum.imag]).round(9) + 0.0


def _slips_four(p: Params) -> list[Slip]:
    good = np.fft.fft(p["x"])
    return [
        (_parts(good), "right"),
        (_parts(good.conj()), "the imaginary parts have the wrong sign: e^(−2πikn/N) turns backwards"),
        (_parts(good / 4), "that is divided by N; here N stands in the way back"),
        (_parts(good).T, "those are rows [real, imaginary]; asked is one row of real and one of imaginary parts"),
        (_parts(good)[::-1], "the rows are exchanged: real parts first"),
        (np.array([np.abs(good), np.degrees(np.angle(good))]), "that is magnitude and phase; asked are the two parts"),
        (_parts(good)[0], "the imaginary parts are missing"),
        (_parts(np.roll(good, -1)), "those are X[1] to X[4]; the list begins with X[0]"),
    ]


def _judge_four(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_four(p))


# IV-1.4: one frequency of a convolution and of a correlation.


def _draw_bin(rng: np.random.Generator) -> Params:
    x, h = rng.choice(np.arange(10, 85, 5), 2, replace=False)
    size_x, size_h = rng.choice([1.5, 2.0, 2.5, 3.0, 4.0, 5.0], 2, replace=False)
    return {"X": (float(size_x), int(x)), "H": (float(size_h), int(h))}


def _slips_bin(p: Params) -> list[Slip]:
    (a, u), (b, v) = p["X"], p["H"]
    return [
        ([a * b, u + v, u - v], "right"),
        ([a * b, u - v, u + v], "the two phases are exchanged: in a convolution they add"),
        ([a + b, u + v, u - v], "magnitudes multiply; only the phases add"),
        ([a * b, u + v, u + v], "the correlation has no bar there: conj H turns by minus the phase of H"),
        ([a * b, u + v, v - u], "that bar sits on X; `correlate(x, h)` puts it on H"),
        ([a * b, u + v, -u - v], "a bar over both is too much: only H is conjugated"),
        ([a * b, u * v, u - v], "phases add when numbers are multiplied; only magnitudes multiply"),
        ([a / b, u - v, u + v], "that is the way back: dividing Y by H"),
    ]


def _judge_bin(p: Params, answer: Array) -> str | None:
    if answer.size != 3:
        return f"expected three numbers: the magnitude and two phases in degrees, got {answer.size}"
    return named_or_wrong(answer.ravel().astype(float), _slips_bin(p), "not magnitude, phase, phase of Y")


# IV-1.5: an unknown filter from two frequencies.


def _draw_unknown(rng: np.random.Generator) -> Params:
    while True:
        x, h = rng.integers(-4, 7, 2), rng.integers(-4, 7, 2)
        if abs(x[0]) != abs(x[1]) and h[0] != h[1] and h.all() and x.all():
            return {"x": x, "y": np.asarray(convolve(x, h))}


def _slips_unknown(p: Params) -> list[Slip]:
    x, y = np.asarray(p["x"], float), np.asarray(p["y"], float)
    big_x, big_y = x[0] + x[1], y.sum()
    small_x, small_y = x[0] - x[1], y[0] - y[1] + y[2]
    total, change = big_y / big_x, small_y / small_x
    h = np.array([total + change, total - change]) / 2
    return [
        (h, "right"),
        (h[::-1], "the right numbers in the wrong order: h[0] + h[1] belongs to k = 0, h[0] − h[1] to k = 2"),
        ([total, change], "that is H[0] and H[2]; the two weights follow from their sum and difference"),
        (2 * h, "that is twice too large: adding H[0] and H[2] gives 2 h[0]"),
        ([big_y - big_x, small_y - small_x], "spectra multiply, so the way back is to divide"),
        ([big_y * big_x, small_y * small_x], "that multiplies Y by X; divide"),
        (y[:2], "that is where y begins; each of these holds a share of x"),
    ]


def _judge_unknown(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [h[0], h[1]], got {answer.size}"
    return named_or_wrong(
        answer.ravel().astype(float), _slips_unknown(p), "not the filter: convolve it with x and look"
    )


EXERCISES: Exercises = {
    "IV-1.1": (_draw_quarter, _judge_quarter, _slips_quarter),
    "IV-1.2": (_draw_echo, _judge_echo, _slips_echo),
    "IV-1.3": (_draw_four, _judge_four, _slips_four),
    "IV-1.4": (_draw_bin, _judge_bin, _slips_bin),
    "IV-1.5": (_draw_unknown, _judge_unknown, _slips_unknown),
}
