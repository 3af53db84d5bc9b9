"""Exercises of chapter IV-1, The convolution theorem."""

from typing import Any

import numpy as np
from numpy.random import Generator

from convlib.checks.declaration import Array, Drawn, Exercise
from convlib.checks.words import added, written
from convlib.ops import convolve


@Exercise("IV-1.1", "[real, imaginary]", otherwise="not Σ h[a] e^(−iωa) at ω = π/2")
def _quarter(rng: Generator) -> Drawn:
    """The frequency response of three weights at a quarter turn per sample."""
    h = rng.choice(np.arange(1, 10), 3, replace=False)
    a, b, c = h
    slips = [
        ([a - c, b], "the sign of the imaginary part: an echo is late, so its hand is turned back, e^(−iω)"),
        ([a + c, -b], "two quarter turns are half a turn: h[2] counts against h[0]"),
        ([a + b + c, 0], "that is the response at f = 0, where no hand turns"),
        ([a - b + c, 0], "that is the response at f = 1/2, half a turn per sample"),
        ([np.hypot(a - c, b), np.degrees(np.arctan2(-b, a - c))], "that is magnitude and phase; asked are two parts"),
        ([-b, a - c], "the right numbers, but the real part comes first"),
        ([a, -b], "h[2] is missing; its hand has turned twice"),
    ]
    return {"h": h}, [a - c, -b], slips


@_quarter.worked
def _turned_back(given: dict[str, Any], right: Any) -> dict[str, Any]:
    h = {f"h{a}": weight for a, weight in enumerate(given["h"])}
    return {**h, "difference": right[0], "parts": right}


@Exercise("IV-1.2", tolerance=0.006)
def _echo(rng: Generator) -> Drawn:
    """A wave and its echo at three frequencies."""
    delay, b = rng.choice([2, 4, 5, 8, 10]), rng.choice([0.25, 0.5, 0.75])
    f = np.array([1 / delay, 1 / (2 * delay), 1 / (4 * delay)])
    a = rng.integers(2, 9)
    factors = np.array([1 + b, 1 - b, np.hypot(1, b)])
    slips = [
        (factors, "those are the factors |H|; the wave that goes in has an amplitude of its own"),
        (a * factors[[1, 0, 2]], "the first two are exchanged: after a whole cycle the echo is in step again"),
        (a * np.array([1 + b, 1 - b, 1 + b]), "a quarter of a cycle late, the echo is at right angles to the wave"),
        (a * np.array([1 + b, 1 - b, 1]), "at the third frequency the echo does not vanish: it is at right angles"),
        (np.full(3, a * (1 + b)), "the echo is late: only when it is late by whole cycles do the two just add up"),
        (a * factors**2, "those are squared; the length of the hand is asked"),
        (a * np.array([1 + b, 1 + b, 1 + b]) - np.array([0, 0, a * b]), "half a cycle late, the echo works against"),
    ]
    return {"amplitude": a, "delay": delay, "strength": b, "f": f}, a * factors, slips


@_echo.worked
def _tip_to_tail(given: dict[str, Any], right: Any) -> dict[str, Any]:
    whole, half, quarter = right / given["amplitude"]
    sign = "=" if quarter == round(quarter, 3) else "≈"
    factors = {"whole": whole, "half": half, "quarter": f"{sign} {quarter:.4g}"}
    return {**{f"f{k}": f for k, f in enumerate(given["f"])}, **factors, "amplitudes": right.round(2)}


def _parts(spectrum: Array) -> Array:
    return np.array([spectrum.real, spectrum.imag]).round(9) + 0.0


@Exercise("IV-1.3")
def _four(rng: Generator) -> Drawn:
    """Four samples, their spectrum by hand."""
    x = rng.choice(np.arange(-4, 7), 4, replace=False)
    good = np.fft.fft(x)
    slips = [
        (_parts(good.conj()), "the imaginary parts have the wrong sign: e^(−2πikn/N) turns backwards"),
        (_parts(good / 4), "that is divided by N; here N stands in the way back"),
        (_parts(good).T, "those are rows [real, imaginary]; asked is one row of real and one of imaginary parts"),
        (_parts(good)[::-1], "the rows are exchanged: real parts first"),
        (np.array([np.abs(good), np.degrees(np.angle(good))]), "that is magnitude and phase; asked are the two parts"),
        (_parts(good)[0], "the imaginary parts are missing"),
        (_parts(np.roll(good, -1)), "those are X[1] to X[4]; the list begins with X[0]"),
    ]
    return {"x": x}, _parts(good), slips


@_four.worked
def _by_quarter_turns(given: dict[str, Any], right: Any) -> dict[str, Any]:
    x, (real, imaginary) = given["x"], right.astype(int)
    sums = {"sum0": x, "sum1": [x[0], -x[2]], "sum2": x * [1, -1, 1, -1], "sum_i": [-x[1], x[3]]}
    parts = {"real0": real[0], "real1": real[1], "real2": real[2], "imag1": imaginary[1], "imag3": imaginary[3]}
    return {**{name: added(terms) for name, terms in sums.items()}, **parts, "rows": [real, imaginary]}


@Exercise("IV-1.4", "[magnitude, phase, phase of the correlation]", otherwise="not the magnitude and the two phases")
def _bin(rng: Generator) -> Drawn:
    """One frequency of a convolution and of a correlation."""
    u, v = rng.choice(np.arange(10, 85, 5), 2, replace=False)
    a, b = rng.choice([1.5, 2.0, 2.5, 3.0, 4.0, 5.0], 2, replace=False)
    slips = [
        ([a * b, u - v, u + v], "the two phases are exchanged: in a convolution they add"),
        ([a + b, u + v, u - v], "magnitudes multiply; only the phases add"),
        ([a * b, u + v, u + v], "the correlation has no bar there: conj H turns by minus the phase of H"),
        ([a * b, u + v, v - u], "that bar sits on X; `correlate(x, h)` puts it on H"),
        ([a * b, u + v, -u - v], "a bar over both is too much: only H is conjugated"),
        ([a * b, u * v, u - v], "phases add when numbers are multiplied; only magnitudes multiply"),
        ([a / b, u - v, u + v], "that is the way back: dividing Y by H"),
    ]
    return {"X": (a, u), "H": (b, v)}, [a * b, u + v, u - v], slips


@_bin.worked
def _with_and_without_bar(given: dict[str, Any], right: Any) -> dict[str, Any]:
    (size_x, phase_x), (size_h, phase_h) = given["X"], given["H"]
    return {
        "size_x": size_x,
        "size_h": size_h,
        "phase_x": phase_x,
        "phase_h": phase_h,
        "size": right[0],
        "plus": right[1],
        "minus": right[2],
        "answer": right,
    }


@Exercise("IV-1.5", "[h[0], h[1]]", otherwise="not the filter: convolve it with x and look")
def _unknown(rng: Generator) -> Drawn:
    """An unknown filter from two frequencies."""
    while True:
        x, h = rng.integers(-4, 7, 2), rng.integers(-4, 7, 2)
        if abs(x[0]) != abs(x[1]) and h[0] != h[1] and h.all() and x.all():
            break
    y = convolve(x, h)
    big_x, big_y = x[0] + x[1], y.sum()
    small_x, small_y = x[0] - x[1], y[0] - y[1] + y[2]
    total, change = big_y / big_x, small_y / small_x
    slips = [
        (h[::-1], "the right numbers in the wrong order: h[0] + h[1] belongs to k = 0, h[0] − h[1] to k = 2"),
        ([total, change], "that is H[0] and H[2]; the two weights follow from their sum and difference"),
        (2 * h, "that is twice too large: adding H[0] and H[2] gives 2 h[0]"),
        ([big_y - big_x, small_y - small_x], "spectra multiply, so the way back is to divide"),
        ([big_y * big_x, small_y * small_x], "that multiplies Y by X; divide"),
        (y[:2], "that is where y begins; each of these holds a share of x"),
    ]
    return {"x": x, "y": y}, h, slips


@_unknown.worked
def _divided(given: dict[str, Any], right: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"h": right, "H0": right[0] + right[1], "H2": right[0] - right[1]}
    for name in "xy":
        plain, alternating = given[name], given[name] * np.array([1, -1, 1])[: len(given[name])]
        said |= {f"sum_{name}": added(plain), f"{name.upper()}0": plain.sum()}
        said |= {f"change_{name}": added(alternating), f"{name.upper()}2": alternating.sum()}
    below = {f"X{k}_": f"({written(said[f'X{k}'])})" if said[f"X{k}"] < 0 else said[f"X{k}"] for k in (0, 2)}
    return said | below
