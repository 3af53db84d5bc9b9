"""SpectrumProduct: a signal, a filter and their spectra; one frequency goes through all of them."""

from collections.abc import Callable
from math import atan2, cos, degrees, floor, hypot, pi
from typing import Any, ClassVar

import numpy as np

from convlib.ops import convolve, correlate
from convlib.widgets.echo_hands.widget import tidy
from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Numbers, answer, choice, slider, toggle

N = 32  # length of the transforms: nothing wraps, since 20 + 9 - 1 <= 32
HALF = N // 2
LONG = 20  # samples of a signal


def _cents(f: Callable[[int], float]) -> list[float]:
    return [floor(100 * f(n) + 0.5) / 100 for n in range(LONG)]


SIGNALS: list[list[float]] = [
    [0, 1, 2, 3, 2.5, 2, 1, 0.5, 0, 0, -1, 1, -1, 1, 0, 0, 2, 2, 0, 0],
    _cents(lambda n: 2 * (n == 3) - (n == 10)),
    _cents(lambda n: 3 < n < 12),
    _cents(lambda n: 2 * cos(6 * pi * n / N)),
    _cents(lambda n: 3 * 0.8**n * cos(16 * pi * n / N)),
]
FILTERS: list[list[float]] = [
    [0.2] * 5,
    [v / 64 for v in (1, 6, 15, 20, 15, 6, 1)],
    [0.5 ** (n + 1) for n in range(5)],
    [1, 0, 0, 0, 0, 0, 0.5],
    [0, 0, 0, 0, 1],
    [1, -1],
    [-1, 3, -1],
    [1, 0, -1],
    [1, -2, 1],
]
Polar = tuple[float, float]
"""Magnitude, and phase in degrees."""


def turned(angle: float) -> float:
    """Bring an angle in degrees into the half turns to both sides: above −180, at most 180."""
    return angle + 360 if angle <= -180 else angle - 360 if angle > 180 else angle


def polar(values: Any, start: int = 0) -> list[Polar]:
    """Return magnitude and phase of the bins 0 to 16 of a signal that begins at ``start``."""
    padded = np.zeros(N)
    padded[(start + np.arange(len(values))) % N] = values
    return [_polar(complex(z)) for z in np.fft.fft(padded)[: HALF + 1]]


def _polar(z: complex) -> Polar:
    size = tidy(hypot(z.real, z.imag))
    return size, turned(tidy(degrees(atan2(z.imag, z.real)))) if size else 0.0


class SpectrumProduct(Interactive):
    """Convolve on the left, multiply on the right: every signal stands beside its spectrum.

    The reader moves one frequency through the spectra of signal, filter and output, and sees the
    wave of that frequency in x and what the filter makes of it in y. For the correlation the
    phase of the filter is taken away instead of added.

    x : Signal.
    h : Filter; its first weight has the index 0.
    k : The frequency looked at: k cycles in 32 samples, from 0 to 16.
    op : The operation that makes y.
    upto : Whether the waves of all frequencies up to k are added in the picture, or k stands alone.
    guess : The answer: magnitudes added; the right one; the phase of H with the wrong sign.

    >>> w = SpectrumProduct(x=[1, 2], h=[3, 1], k=0).shown()
    >>> w["X"], w["H"], w["Y"]  # at k = 0 the sums multiply
    (3.0, 4.0, 12.0)
    """

    data: ClassVar[dict[str, Any]] = {"N": N}

    x = Numbers(SIGNALS[0], low=-3, high=3, shape=((2, LONG),), presets=SIGNALS)
    h = Numbers(FILTERS[0], low=-3, high=3, shape=((1, 9),), presets=FILTERS)
    k = slider(3, 0, HALF)
    op = choice("convolve", ["convolve", "correlate"])
    upto = toggle()
    predict = toggle()
    guess = answer(["sum", "product", "conjugate"], about=("x", "h", "k", "op"))

    def output(self) -> tuple[Any, int]:
        """Return y and the index of its first sample, below 0 for a correlation."""
        if self.op == "convolve":
            return convolve(self.x, self.h), 0
        return correlate(self.x, self.h), 1 - len(self.h)

    def spectra(self) -> dict[str, list[Polar]]:
        """Return X, H and Y as (magnitude, phase in degrees) of the bins 0 to 16; Y is that of y itself."""
        return {"X": polar(self.x), "H": polar(self.h), "Y": polar(*self.output())}

    def shown(self) -> dict[str, float | str]:
        """Return the numbers on display, by key; a part that is nothing has no phase."""
        now = {name: bins[self.k] for name, bins in self.spectra().items()}
        x, h, y = now.values()
        if self.asked():
            del now["Y"]
        found: dict[str, float | str] = {"k": self.k} | {name: size for name, (size, _) in now.items()}
        found |= {f"{name} deg": angle for name, (size, angle) in now.items() if size}
        if self.asked() or not self.upto:
            found["N"] = N
        if self.asked():
            return found
        sign = 1 if self.op == "convolve" else -1
        if x[0] and h[0] and not self.upto:
            found["turn"] = sign * h[1]
        if y[0]:
            found["raw"] = raw = tidy(x[1] + sign * h[1])
            found |= {"turned": turned(raw)} if turned(raw) != raw else {}
        return found
