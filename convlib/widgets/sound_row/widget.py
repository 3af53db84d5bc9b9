"""SoundRow: sounds to listen to side by side, each with its picture and a description."""

from typing import Any

import numpy as np
import traitlets

from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Sounds, choice, control, heard, slider

RATE = 8000  # samples per second


def click() -> np.ndarray[Any, Any]:
    """Return a tick of 20 ms: a tone that dies away."""
    t = np.arange(160) / RATE
    tick: np.ndarray[Any, Any] = np.sin(2 * np.pi * 1000 * t) * np.exp(-300 * t)
    return tick


class SoundRow(Interactive):
    """A row of sounds with one button each; none plays by itself.

    All are played with the same peak, so that none is louder than another only because the room took
    away from it. At half the speed a sound is an octave lower and its echoes lie twice as far apart.

    sounds : What is heard, in a few words; a sentence that stands for it; a row of numbers. Kept with 8 bits a
        sample.
    rate : Samples per second.
    volume : In %, from 0 to 100.

    >>> SoundRow(sounds=[("a tick", "very short", [0, 1, -1, 0])], rate=4)
    SoundRow: sounds to play: a tick, 1 s, very short.
    """

    sounds = control(Sounds())
    rate = control(traitlets.Int(RATE, min=1, max=48_000))
    volume = slider(80, 0, 100, step=5)
    speed = choice(1.0, [1.0, 0.5, 0.25])

    @traitlets.default("sounds")
    def _a_tick(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = Sounds().validate(self, [("a tick", "a tone that dies away", click())])
        return found

    def _seconds(self) -> list[float]:
        return [heard(one).size / self.rate / self.speed for one in self.sounds]

    def shown(self) -> dict[str, float | str]:
        """Return the numbers on display, by key, and the words that each sound came with."""
        found: dict[str, float | str] = {"volume": self.volume}
        for i, (one, seconds) in enumerate(zip(self.sounds, self._seconds(), strict=True)):
            found |= {f"title[{i}]": one["title"], f"text[{i}]": one["text"], f"seconds[{i}]": seconds}
        return found

    def describe(self) -> str:
        """Return the text alternative."""
        each = zip(self.sounds, self._seconds(), strict=True)
        told = [self.text("sound", title=s["title"], seconds=t, text=s["text"]) for s, t in each]
        return self.text("describe", sounds="; ".join(told))
