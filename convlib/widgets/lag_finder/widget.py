"""LagFinder: a template slid over a noisy signal or over a photo, and its score at every place."""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any, ClassVar

import numpy as np
import traitlets
from numpy.lib.stride_tricks import sliding_window_view

from convlib.ops import correlate
from convlib.signals.data import load_photo
from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Numbers, Picture, answer, choice, control, pixels, slider, toggle

Ints = np.ndarray[Any, Any]
PULSE = np.array([1, 1, 1, 1, 1, -1, -1, 1, 1, -1, 1, -1, 1])  # Barker's code of 13
LONG = 100  # samples of the signal
LAGS = LONG - len(PULSE) + 1
TRIALS = 40
SEED = 4
UNIT = 2560  # the signal is computed in whole steps of 1/2560
SIDE = 12  # rows and columns of the template
NEAR = 1  # a guess so many places away counts
SCORES = ("raw", "normalised")
LIGHTS = ("even", "gradient", "patch")


def dice() -> Iterator[int]:
    """Give numbers from 0 to 255 that look like chance; the same generator runs in the front-end."""
    state = SEED
    while True:
        state = (1664525 * state + 1013904223) % 2**32
        yield state >> 24


def rough(rolls: Iterator[int], count: int) -> Ints:
    """Return white noise with standard deviation 256: each sample adds up twelve dice, less their mean."""
    return np.array([sum(islice(rolls, 12)) - 1530 for _ in range(count)])


@cache
def trials() -> list[tuple[int, Ints]]:
    """Return, for each trial, where the echo begins and the noise, shape (100,)."""
    rolls = dice()
    return [(5 + next(rolls) * (LAGS - 10) // 256, rough(rolls, LONG)) for _ in range(TRIALS)]


@cache
def grain(rows: int, cols: int) -> Ints:
    """Return the noise of a photo, shape (rows, cols)."""
    return rough(dice(), rows * cols).reshape(rows, cols)


def signal(trial: int, noise: float) -> Ints:
    """Return noise with one echo of the pulse in it, in whole steps of 1/2560."""
    echo, pure = trials()[trial - 1]
    x = round(10 * noise) * pure
    x[echo : echo + len(PULSE)] += UNIT * PULSE
    return x


def both_scores(x: Ints, h: Ints) -> dict[str, Ints]:
    """Return the raw and the normalised score at every place where ``h`` lies inside ``x``.

    All sums are of whole numbers, so the front-end gets the same ones, and the same maximum.
    """
    under = sliding_window_view(x, h.shape).reshape(*(a - b + 1 for a, b in zip(x.shape, h.shape, strict=True)), -1)
    n, total, raw = h.size, under.sum(axis=-1), correlate(x, h, mode="valid")
    spread = (n * (under * under).sum(axis=-1) - total * total) * float(n * (h * h).sum() - h.sum() ** 2)
    top = n * raw - total * h.sum()
    return {"raw": raw, "normalised": np.where(spread > 0, top / np.sqrt(np.where(spread > 0, spread, 1)), 0.0)}


@cache
def hits(noise: float) -> dict[str, int]:
    """Return in how many of the 40 trials each score is largest where the echo begins."""
    found = [(echo, both_scores(signal(t, noise), PULSE)) for t, (echo, _) in enumerate(trials(), 1)]
    return {kind: sum(int(np.argmax(scores[kind])) == echo for echo, scores in found) for kind in SCORES}


def lit(grey: Ints, light: str, noise: float = 0.0) -> Ints:
    """Return whole grey values in another light, darker to the left or with a bright patch, and with noise."""
    rows, cols = grey.shape
    x = grey.astype(np.int64)
    if light == "gradient":
        x = x * (cols - 1 + 3 * np.arange(cols)) // (4 * (cols - 1))
    elif light == "patch":
        x = x // 2
        x[rows // 8 : rows // 2, cols // 16 : cols * 3 // 8] += 110
    noisy: Ints = x + round(10 * noise) * grain(rows, cols) // 256
    return noisy


@cache
def head() -> Ints:
    """Return the head of the course's photo, an eighth of its size, shape (50, 64)."""
    blocks: Ints = load_photo()[20:420].reshape(50, 8, 64, 8).mean(axis=(1, 3))
    return blocks


class SmallPicture(Picture):
    """A `Picture` small enough to be searched at every change, and larger than the template."""

    sides = ((SIDE + 2, 64), (SIDE + 2, 96))


class LagFinder(Interactive):
    """A template, a signal or a photo, and the score of the template at every place.

    In one dimension a known pulse comes back in white noise that nearly follows a normal curve. Up to a
    noise of 0.6 both scores find it in all 40 trials, from 0.7 on the raw one in more of them. In two, a
    piece cut from an evenly lit photo is looked for under another light: the raw score is drawn to what is
    bright, the normalised one is not.

    score : The sum of products, or the same after both means are taken off, divided by both lengths.
    lag : Where the pulse is laid on the signal.
    noise : Standard deviation of the noise: in the signal, where the pulse has the values 1 and −1, and in the
        photo in steps of 10 of 255.
    trial : Which noise, and which echo.
    light : The light in which the photo is searched.
    home : Row and column at which the template of 12 by 12 pixels was cut.
    row, col : Where the template is laid on the photo.
    guess : The answer: a lag, or row times places in a row plus column.

    >>> finder = LagFinder(noise=0.0, lag=3).shown()
    >>> finder["best raw"], finder["best normalised"]
    (23, 23)
    """

    data: ClassVar[dict[str, Any]] = {"pulse": PULSE.tolist(), "seed": SEED, "unit": UNIT, "side": SIDE, "near": NEAR}

    mode = choice("signal", ["signal", "photo"])
    score = choice("raw", SCORES)
    lag = slider(20, 0, LAGS - 1)
    noise = slider(1.0, 0.0, 2.0, step=0.1)
    trial = slider(1, 1, TRIALS)
    photo = control(SmallPicture())
    light = choice("even", LIGHTS)
    home = Numbers([2, 27], low=0, high=95, shape=((2, 2),), whole=True)
    row = control(traitlets.Int(30, min=0))
    col = control(traitlets.Int(6, min=0))
    predict = toggle()
    guess = answer(about=("mode", "score", "noise", "trial", "light", "home"), low=0)

    @traitlets.default("photo")
    def _head(self) -> Any:
        return type(self).photo.validate(self, head())

    def _places(self) -> tuple[int, int]:
        """Rows and columns of the places at which the template lies inside the photo."""
        return self.photo["rows"] - SIDE + 1, self.photo["cols"] - SIDE + 1

    def _inside(self, place: Any) -> tuple[int, int]:
        rows, cols = self._places()
        return min(place[0], rows - 1), min(place[1], cols - 1)

    def _true(self) -> int:
        """Where the template really is: a lag, or the number of a place."""
        if self.mode == "signal":
            return int(trials()[self.trial - 1][0])
        row, col = self._inside(self.home)
        return int(row * self._places()[1] + col)

    def _here(self) -> int:
        if self.mode == "signal":
            return int(self.lag)
        row, col = self._inside((self.row, self.col))
        return int(row * self._places()[1] + col)

    def scores(self) -> dict[str, Ints]:
        """Return both scores at all places, one after the other; sums as whole numbers."""
        if self.mode == "signal":
            return both_scores(signal(self.trial, self.noise), PULSE)
        grey = pixels(self.photo)
        row, col = self._inside(self.home)
        template = grey[row : row + SIDE, col : col + SIDE].astype(np.int64)
        return {
            kind: values.ravel() for kind, values in both_scores(lit(grey, self.light, self.noise), template).items()
        }

    def _at(self, key: str, place: int) -> dict[str, float | str]:
        """Return a place as it is told: a lag, or a row and a column."""
        if self.mode == "signal":
            return {key: place}
        row, col = divmod(place, self._places()[1])
        return {f"{key} row": row, f"{key} col": col}

    def _right(self, best: int) -> bool:
        """Whether the answer is at the largest score or beside it."""
        cols = self._places()[1] if self.mode == "photo" else LAGS
        return bool(np.abs(np.subtract(divmod(self.guess, cols), divmod(best, cols))).max() <= NEAR)

    def shown(self) -> dict[str, float | str]:
        """Return the numbers on display, by key; while the reader is asked, no score and no place."""
        one = self.mode == "signal"
        found: dict[str, float | str] = {"noise": self.noise} | ({"lag": self.lag, "trial": self.trial} if one else {})
        if self.asked():
            return found
        scores, here = self.scores(), self._here()
        found["raw"] = float(scores["raw"][here] / (UNIT if one else 255**2))
        found["normalised"] = float(scores["normalised"][here])
        best = {kind: int(np.argmax(scores[kind])) for kind in SCORES}
        for kind in SCORES:
            found |= self._at(f"best {kind}", best[kind])
        if best[self.score] != self._true():
            found |= self._at("truth", self._true())
        if self.predict and not self._right(best[self.score]):
            found |= self._at("guess", self.guess)
        return found | ({"trials": TRIALS} | {f"hits {k}": n for k, n in hits(self.noise).items()} if one else {})

    def describe(self) -> str:
        """Return the text alternative."""
        if self.mode == "signal":
            return self.text("describe", size=len(PULSE), noise=self.noise)
        return self.text("describe_photo", side=SIDE, rows=self.photo["rows"], cols=self.photo["cols"])
