"""Exercises of chapter II-2, A house that remembers."""

import numpy as np

from convlib.checks.judging import Array, Exercises, Params, Slip, judge_array, named_or_wrong
from convlib.ops import convolve, correlate
from convlib.systems import identify, respond

# II-2.1: echoes of a few hours, by hand.


def _draw_echoes(rng: np.random.Generator) -> Params:
    h = rng.permutation([[0.5, 0.3, 0.2], [0.6, 0.3, 0.1], [0.7, 0.2, 0.1]])[0]
    return {"x": 10 * rng.choice(np.arange(-1, 4), 4, replace=False), "h": h}


def _slips_echoes(p: Params) -> list[Slip]:
    x, h = p["x"], p["h"]
    right = respond(x, h, 1)
    return [
        (right, "right"),
        (correlate(x, h)[:4], "each echo must start with h[0], the largest share"),
        (convolve(x, h), "those are all echoes to their end; asked are the four hours of the weather"),
        (x * h[0], "each hour there has only its own echo; the earlier ones are not over"),
        (x, "that is the weather itself: the house would have no memory"),
        (np.cumsum(x) * h[0], "no echo fades there"),
        (np.append(0, right[:-1]), "one hour late: an echo starts in its own hour"),
        (np.cumsum(x) / np.arange(1, 5), "that is the plain mean of the hours so far; the hours do not count alike"),
    ]


def _judge_echoes(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_echoes(p))


# II-2.2: give a measured response the area that a house must have.


def _draw_area(rng: np.random.Generator) -> Params:
    h = np.sort(rng.choice(np.arange(1, 13), 4, replace=False))[::-1] / 20
    return {"h": h, "dt": float(rng.choice([0.25, 0.5, 2.0]))}


def _slips_area(p: Params) -> list[Slip]:
    h, dt = p["h"], p["dt"]
    return [
        (h / (h.sum() * dt), "right"),
        (h, "that is the measured one, with the area that it had"),
        (h / h.sum(), "the width dt is missing: the sum of the samples is 1, the area is not"),
        (h * dt / h.sum(), "dt is on the wrong side: a wider sample needs a lower h for the same area"),
        (h / h.max(), "its highest value is 1; its area should be"),
        (h * dt, "that is the area of each sample; scale h until these add up to 1"),
        (h / np.sqrt((h**2).sum()), "the sum of its squares is 1; its area should be"),
        (h * h.sum() * dt, "multiplied by the area, where a division was needed"),
    ]


def _judge_area(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_area(p))


# II-2.3: h from a record.


def _draw_record(rng: np.random.Generator) -> Params:
    x = rng.choice(np.arange(-9, 10), 8, replace=False)
    h = rng.permutation([[0.1, 0.6, 0.3], [0.2, 0.5, 0.3], [0.5, 0.4, 0.1]])[0]
    before = rng.integers(3, 9)
    return {"x": x, "y": respond(np.append([before, before], x), h, 1)[2:].round(9)}


def _slips_record(p: Params) -> list[Slip]:
    x, y = p["x"], p["y"]
    right = identify(x, y, 1, 3)
    at_rest = np.column_stack([np.append(np.zeros(j), x[: 8 - j]) for j in range(3)])
    early = np.column_stack([x[j : j + 6] for j in range(3)])
    return [
        (right, "right"),
        (
            np.linalg.lstsq(at_rest, y, rcond=None)[0],
            "the first two hours need weather from before the record: drop them",
        ),
        (right[::-1], "the right numbers in reverse order: column j is x, delayed by j hours"),
        (np.linalg.lstsq(early, y[:6], rcond=None)[0], "the columns are advanced there, and an echo cannot come first"),
        (np.linalg.lstsq(early[:, ::-1], y[:6], rcond=None)[0], "x and y are two hours out of step there"),
        (identify(x, y, 1, 3, roughness=1e12), "that is the straight line of an endless roughness; none is asked for"),
    ]


def _judge_record(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_record(p))


# II-2.4: three predictions of a day that nobody has seen.


def _draw_errors(rng: np.random.Generator) -> Params:
    hours = np.arange(48)
    x = (8 - 6 * np.cos(2 * np.pi * (hours - 3) / 24) + np.cumsum(rng.normal(0, 1, 48))).round(1)
    h = np.array([0.1, 0.3, 0.2, 0.2, 0.1, 0.1])
    y = (respond(np.append(np.full(6, x[0]), x), h, 1)[6:] + rng.normal(0, 0.5, 48)).round(1)
    return {"x": x, "y": y, "h": h}


def _predictions(p: Params) -> tuple[Array, Array, Array]:
    return respond(p["x"], p["h"], 1)[24:], p["x"][24:], p["y"][:24]


def _rms(values: Array) -> float:
    return float(np.sqrt(np.mean(values**2)))


def _slips_errors(p: Params) -> list[Slip]:
    model, now, yesterday = (found - p["y"][24:] for found in _predictions(p))
    right = [_rms(model), _rms(now), _rms(yesterday)]
    whole = [_rms(respond(p["x"], p["h"], 1) - p["y"]), _rms(p["x"] - p["y"]), right[2]]
    return [
        (right, "right"),
        ([v**2 for v in right], "those are mean squares, in °C²: take the root"),
        ([float(np.mean(v)) for v in (model, now, yesterday)], "those are mean errors: too warm and too cold cancel"),
        (
            [float(np.mean(np.abs(v))) for v in (model, now, yesterday)],
            "those are mean sizes; asked is the root mean square",
        ),
        (whole, "the first day belongs to the record; judge on the second alone"),
        (right[::-1], "the right numbers, but the order is model, outdoors now, yesterday"),
        ([right[0], right[2], right[1]], "the last two are swapped: model, outdoors now, yesterday"),
        (
            [right[0], right[1], _rms(p["x"][:24] - p["y"][24:])],
            "the last one takes yesterday's weather; asked is the temperature inside",
        ),
        ([v * np.sqrt(24) for v in right], "the squares were added up and not averaged"),
    ]


def _judge_errors(p: Params, answer: Array) -> str | None:
    if answer.size != 3:
        return f"expected three numbers, [model, outdoors now, yesterday], got {answer.size}"
    slips = [(np.array(value), what) for value, what in _slips_errors(p)]
    return named_or_wrong(answer.ravel().astype(float), slips, "not the three errors of the second day")


EXERCISES: Exercises = {
    "II-2.1": (_draw_echoes, _judge_echoes, _slips_echoes),
    "II-2.2": (_draw_area, _judge_area, _slips_area),
    "II-2.3": (_draw_record, _judge_record, _slips_record),
    "II-2.4": (_draw_errors, _judge_errors, _slips_errors),
}
