"""SpectrumProduct: a signal, a filter and their spectra; one frequency goes through all of them."""

from math import atan2, degrees, hypot
from typing import Any, ClassVar

import numpy as np
import traitlets

from convlib.ops import convolve, correlate
from convlib.widgets.echo_hands.widget import tidy
from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.traits import Numbers

N = 32  # length of the transforms: nothing wraps, since 20 + 9 - 1 <= 32
HALF = N // 2
NAMES = ("sum", "product", "conjugate")
MIXED = [0, 1, 2, 3, 2.5, 2, 1, 0.5, 0, 0, -1, 1, -1, 1, 0, 0, 2, 2, 0, 0]
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


def _phrase(z: Polar) -> str:
    return f"{num(z[0])} at {num(z[1])}°" if z[0] else "0"


class SpectrumProduct(Interactive):
    """Convolve on the left, multiply on the right: every signal stands beside its spectrum.

    The reader moves one frequency through the spectra of signal, filter and output, and sees the
    wave of that frequency in x and what the filter makes of it in y. For the correlation the
    phase of the filter is taken away instead of added.

    Parameters
    ----------
    x : list of 2 to 20 numbers from -3 to 3
        Signal.
    h : list of 1 to 9 numbers from -3 to 3
        Filter; its first weight has the index 0.
    k : int
        The frequency looked at: k cycles in 32 samples, from 0 to 16.
    op : {"convolve", "correlate"}
        The operation that makes y.
    upto : bool
        Whether the waves of all frequencies up to k are added in the picture, or k stands alone.
    predict : bool
        Whether the reader is asked first.
    guess : {"", "sum", "product", "conjugate"}
        The answer: magnitudes added; the right one; the phase of H with the wrong sign.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message names it and what is allowed.

    Examples
    --------
    >>> SpectrumProduct(x=[1, 2], h=[3, 1], k=0).shown()["line"]
    '|Y| = 3 · 4 = 12; phase 0° + 0° = 0°'
    """

    controls: ClassVar[dict[str, str]] = {
        "k": "Frequency k",
        "x": "Signal x",
        "h": "Filter h",
        "op": "Operation",
        "upto": "All up to k",
        "predict": "Predict first",
        "guess": "Your answer",
    }

    x = Numbers(MIXED, low=-3, high=3, shape=((2, 20),)).tag(sync=True)
    h = Numbers([0.2] * 5, low=-3, high=3, shape=((1, 9),)).tag(sync=True)
    k = traitlets.Int(3, min=0, max=HALF).tag(sync=True)
    op = traitlets.Enum(["convolve", "correlate"], "convolve").tag(sync=True)
    upto = traitlets.Bool(False).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    guess = traitlets.Enum(["", *NAMES], "").tag(sync=True)

    def output(self) -> tuple[Any, int]:
        """Return y and the index of its first sample, below 0 for a correlation."""
        if self.op == "convolve":
            return convolve(self.x, self.h), 0
        return correlate(self.x, self.h), 1 - len(self.h)

    def spectra(self) -> dict[str, list[Polar]]:
        """Return X, H and Y as (magnitude, phase in degrees) of the bins 0 to 16; Y is that of y itself."""
        return {"X": polar(self.x), "H": polar(self.h), "Y": polar(*self.output())}

    def _asked(self) -> bool:
        return self.predict and not self.guess

    def _sign(self) -> int:
        return 1 if self.op == "convolve" else -1

    def _now(self) -> tuple[Polar, Polar, Polar]:
        all_three = self.spectra()
        return all_three["X"][self.k], all_three["H"][self.k], all_three["Y"][self.k]

    def shown(self) -> dict[str, float | str]:
        """Return every number and text on display, by key."""
        x, h, y = self._now()
        made = f"Y[{self.k}] = X[{self.k}] · {'H' if self._sign() > 0 else 'conj H'}[{self.k}]"
        found: dict[str, float | str] = {"say": self._sentence(x, h), "k": self.k}
        found |= {"X": f"X[{self.k}] = {_phrase(x)}", "H": f"H[{self.k}] = {_phrase(h)}"}
        if self._asked():
            found["Y"] = f"{made} = ?"
            return found | {f"answer[{i}]": text for i, text in enumerate(self._answers(x, h).values())}
        return found | {"Y": f"{made} = {_phrase(y)}", "line": self._line(x, h, y)}

    def _answers(self, x: Polar, h: Polar) -> dict[str, str]:
        """Return the answers on offer; of two that read alike only the better one."""

        def deg(sign: int) -> float:
            return turned(tidy(x[1] + sign * h[1]))

        product, sign = tidy(x[0] * h[0]), self._sign()
        texts = {
            "product": _phrase((product, deg(sign))),
            "sum": _phrase((tidy(x[0] + h[0]), deg(sign))),
            "conjugate": _phrase((product, deg(-sign))),
        }
        first = {text: name for name, text in reversed(texts.items())}
        return {name: texts[name] for name in NAMES if first[texts[name]] == name}

    def _line(self, x: Polar, h: Polar, y: Polar) -> str:
        size = f"|Y| = {num(x[0])} · {num(h[0])} = {num(y[0])}"
        if not y[0]:
            return size
        raw = tidy(x[1] + self._sign() * h[1])
        wrap = "" if turned(raw) == raw else f" = {num(turned(raw))}°"
        by = f"({num(h[1])}°)" if h[1] < 0 else f"{num(h[1])}°"
        return f"{size}; phase {num(x[1])}° {'+' if self._sign() > 0 else '−'} {by} = {num(raw)}°{wrap}"

    def _verdict(self) -> str:
        if not self.predict or self._asked():
            return ""
        if self.guess == "sum":
            return "No: the magnitudes multiply. "
        if self.guess == "product":
            return "Right. "
        if self._sign() > 0:
            return "No: in a convolution the phases add. "
        return "No: in a correlation the phase of H is taken away. "

    def _sentence(self, x: Polar, h: Polar) -> str:
        name = f"k = {self.k}, {self.k} {'cycle' if self.k == 1 else 'cycles'} in {N} samples"
        if self._asked():
            what = "convolution" if self._sign() > 0 else "correlation"
            return f"At {name}, X is {_phrase(x)} and H is {_phrase(h)}. What is Y for the {what}?"
        return self._verdict() + self._told(name, x, h)

    def _told(self, name: str, x: Polar, h: Polar) -> str:
        if self.upto and self.k == HALF:
            return "All frequencies added: the curves run through every sample of x and y."
        if self.upto:
            return f"All frequencies up to k = {self.k} added, in x and in y."
        if not x[0]:
            return f"At {name}: x has nothing of this frequency."
        if not h[0]:
            return f"At {name}: H is 0, so nothing of this frequency comes out."
        turn = num(self._sign() * h[1])
        return f"At {name}: H makes this part {num(h[0])} times as strong and turns it by {turn}°."

    def describe(self) -> str:
        """Return the text alternative."""
        return f"{len(self.x)} samples, {len(self.h)} weights and their spectra. {self._sentence(*self._now()[:2])}"
