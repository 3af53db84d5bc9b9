"""Exercises of chapter II-2, A house that remembers."""

from typing import Any

import numpy as np
from numpy.random import Generator

from convlib.checks.declaration import Array, Drawn, Exercise
from convlib.checks.words import written
from convlib.ops import convolve, correlate
from convlib.signals.systems import identify, respond


@Exercise("II-2.1")
def _echoes(rng: Generator) -> Drawn:
    """Echoes of a few hours, by hand."""
    h = rng.permutation([[0.5, 0.3, 0.2], [0.6, 0.3, 0.1], [0.7, 0.2, 0.1]])[0]
    x = 10 * rng.choice(np.arange(-1, 4), 4, replace=False)
    right = respond(x, h, 1)
    slips = [
        (correlate(x, h)[:4], "each echo must start with h[0], the largest share"),
        (convolve(x, h), "those are all echoes to their end; asked are the four hours of the weather"),
        (x * h[0], "each hour there has only its own echo; the earlier ones are not over"),
        (x, "that is the weather itself: the house would have no memory"),
        (np.cumsum(x) * h[0], "no echo fades there"),
        (np.append(0, right[:-1]), "one hour late: an echo starts in its own hour"),
        (np.cumsum(x) / np.arange(1, 5), "that is the plain mean of the hours so far; the hours do not count alike"),
    ]
    return {"x": x, "h": h}, right, slips


@_echoes.worked
def _rows(given: dict[str, Any], right: Any) -> dict[str, Any]:
    rows = [[""] * k + list((outside * given["h"]).round(9)) + [""] * (3 - k) for k, outside in enumerate(given["x"])]
    return {"rows": rows, "y": right.round(9)}


@Exercise("II-2.2", tolerance=0.0006)
def _area(rng: Generator) -> Drawn:
    """Give a measured response the area that a house must have."""
    h = np.sort(rng.choice(np.arange(1, 13), 4, replace=False))[::-1] / 20
    dt = rng.choice([0.25, 0.5, 2.0])
    slips = [
        (h, "that is the measured one, with the area that it had"),
        (h / h.sum(), "the width dt is missing: the sum of the samples is 1, the area is not"),
        (h * dt / h.sum(), "dt is on the wrong side: a wider sample needs a lower h for the same area"),
        (h / h.max(), "its highest value is 1; its area should be"),
        (h * dt, "that is the area of each sample; scale h until these add up to 1"),
        (h / np.sqrt((h**2).sum()), "the sum of its squares is 1; its area should be"),
        (h * h.sum() * dt, "multiplied by the area, where a division was needed"),
    ]
    return {"h": h, "dt": dt}, h / (h.sum() * dt), slips


@_area.worked
def _scaled(given: dict[str, Any], right: Any) -> dict[str, Any]:
    total = given["h"].sum()
    return {"sum": total, "area": total * given["dt"], "scaled": right.round(3)}


def _solved(columns: Array, y: Array) -> Any:
    return np.linalg.lstsq(columns, y, rcond=None)[0]


@Exercise("II-2.3")
def _record(rng: Generator) -> Drawn:
    """The response h from a record."""
    x = rng.choice(np.arange(-9, 10), 8, replace=False)
    h = rng.permutation([[0.1, 0.6, 0.3], [0.2, 0.5, 0.3], [0.5, 0.4, 0.1]])[0]
    before = rng.integers(3, 9)
    y = respond(np.append([before, before], x), h, 1)[2:].round(9)
    right = identify(x, y, 1, 3)
    at_rest = np.column_stack([np.append(np.zeros(j), x[: 8 - j]) for j in range(3)])
    early = np.column_stack([x[j : j + 6] for j in range(3)])
    slips = [
        (_solved(at_rest, y), "the first two hours need weather from before the record: drop them"),
        (right[::-1], "the right numbers in reverse order: column j is x, delayed by j hours"),
        (_solved(early, y[:6]), "the columns are advanced there, and an echo cannot come first"),
        (_solved(early[:, ::-1], y[:6]), "x and y are two hours out of step there"),
        (identify(x, y, 1, 3, roughness=1e12), "that is the straight line of an endless roughness; none is asked for"),
    ]
    return {"x": x, "y": y}, right, slips


@_record.worked
def _equations(given: dict[str, Any], right: Any) -> dict[str, Any]:
    def equation(n: int) -> str:
        terms = (written(value) for value in given["x"][n - 2 : n + 1][::-1])
        signed = (f"({term})" if "−" in term else term for term in terms)
        return " + ".join(f"{term} · h[{j}]" for j, term in enumerate(signed)) + f" = {written(given['y'][n])}"

    return {"third": equation(2), "fourth": equation(3), "fifth": equation(4), "h": right.round(9)}


def _rms(values: Array) -> float:
    return float(np.sqrt(np.mean(values**2)))


@Exercise("II-2.4", "[echoes, as outside now, as yesterday]", otherwise="not the three errors", tolerance=0.006)
def _errors(rng: Generator) -> Drawn:
    """Three predictions of four days that were kept apart."""
    x = 8 + np.cumsum(rng.choice([-3, -2, 2, 3, 4], 8))
    h = np.array([0.3, 0.5, 0.2])
    y = (respond(np.append([x[0], x[0]], x), h, 1)[2:] + rng.normal(0, 0.3, 8)).round(1)
    errors = [found - y[4:] for found in (respond(x, h, 1)[4:], x[4:], y[3:-1])]
    right = [_rms(error) for error in errors]
    whole = [_rms(respond(x, h, 1) - y), _rms(x - y), _rms(y[:-1] - y[1:])]
    slips = [
        ([v**2 for v in right], "those are mean squares, in °C²: take the root"),
        ([error.mean() for error in errors], "those are mean errors: too warm and too cold cancel"),
        ([np.abs(error).mean() for error in errors], "those are mean sizes; asked is the root mean square"),
        (whole, "the first four days belong to the record; judge on the last four alone"),
        (right[::-1], "the right numbers, but the order is echoes, as outside now, as yesterday"),
        ([right[0], right[2], right[1]], "the last two are swapped: echoes, as outside now, as yesterday"),
        ([*right[:2], _rms(x[3:-1] - y[4:])], "the last one takes yesterday's weather, not the temperature inside"),
        ([v * 2 for v in right], "the squares were added up and not averaged"),
    ]
    return {"x": x, "y": y, "h": h}, right, slips


@_errors.worked
def _judged(given: dict[str, Any], right: Any) -> dict[str, Any]:
    x, y, h = given["x"], given["y"], given["h"]
    said: dict[str, Any] = dict(zip(("first", "second", "last"), h, strict=True)) | {"room": y[4:]}
    for name, guess in {"echoes": respond(x, h, 1)[4:], "now": x[4:], "yesterday": y[3:-1]}.items():
        said |= {name: guess.round(2), f"off_{name}": (guess - y[4:]).round(2)}
    return said | {"errors": [f"{error:.2f}" for error in right]}
