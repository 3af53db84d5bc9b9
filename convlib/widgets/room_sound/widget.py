"""RoomSound: a shoebox room that the reader changes and hears; its mirrors, its echoes, its response."""

from math import floor, pi, sqrt
from typing import Any, ClassVar

import numpy as np
import traitlets

from convlib.signals.rooms import SPEED, echoes, reverberation_time, room_response
from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Numbers, Sounds, answer, control, slider, toggle
from convlib.widgets.sound_row.widget import RATE, click

MOUTH, EARS = 1.2, 1.6  # m above the floor: the source, the listener
EARLY = 0.05  # seconds of the response that are drawn
LONGEST, SHORTEST = 1.5, 0.1  # seconds of the response that are heard
FEW, MANY = 30, 300  # arrivals: the borders between the answers


def _place(values: list[float]) -> Numbers:
    return Numbers(values, low=0.05, high=0.95, shape=((2, 2),))


class RoomSound(Interactive):
    """A room from above, with its mirrored rooms, its impulse response, and sounds to play in it.

    The reader changes the room, moves source and listener, and listens. The browser computes the
    response from the mirrors, as `convlib.signals.rooms` does, and convolves with its own ConvolverNode.

    sounds : Dry sounds; kept with 8 bits a sample.
    rate : Samples per second.
    sound : Which of the sounds is played.
    length, width, height : Of the room in m.
    absorption : Share of the energy lost at each reflection in %.
    source, listener : [along, across] as shares of length and width; 1.2 m and 1.6 m above the floor.
    mix : Strength of the echoes in %; 0 leaves the direct sound alone.

    >>> RoomSound(length=5.0, width=4.0, height=2.5).shown()["count"]
    418
    """

    data: ClassVar[dict[str, Any]] = {
        "speed": SPEED,
        "heights": (MOUTH, EARS),
        "seconds": (EARLY, SHORTEST, LONGEST),
        "borders": (FEW, MANY),
    }

    sounds = control(Sounds())
    rate = control(traitlets.Int(RATE, min=8000, max=48_000))
    sound = control(traitlets.Int(0, min=0, max=11))
    length = slider(5.0, 2.0, 15.0, step=0.5)
    width = slider(4.0, 2.0, 10.0, step=0.5)
    height = slider(2.5, 2.0, 6.0, step=0.5)
    absorption = slider(30, 10, 90, step=5)
    source = _place([0.2, 0.35])
    listener = _place([0.7, 0.6])
    mix = slider(100, 0, 100, step=10)
    predict = toggle()
    guess = answer(["few", "some", "many"], about=("length", "width", "height", "source", "listener"))

    @traitlets.default("sounds")
    def _a_tick(self) -> list[dict[str, str]]:
        ticks = [("a tick", "a tone that dies away", click()), ("two ticks", "the same twice", np.tile(click(), 2))]
        found: list[dict[str, str]] = Sounds().validate(self, ticks)
        return found

    def _room(self) -> tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float], float]:
        """Size, source, listener, and the absorption as a share."""
        size = self.length, self.width, self.height
        (a, b), (c, d) = self.source, self.listener
        here, there = (a * self.length, b * self.width, MOUTH), (c * self.length, d * self.width, EARS)
        return size, here, there, self.absorption / 100

    def seconds(self) -> float:
        """Return how much of the response is heard: half as long again as it is expected to ring, at most 1.5 s."""
        samples = floor(min(LONGEST, max(SHORTEST, 1.5 * self._ring())) * self.rate + 0.5)
        return float(samples / self.rate)

    def response(self) -> np.ndarray[Any, Any]:
        """Return the impulse response that is heard: the direct sound, and the echoes by their share in the mix."""
        share, direct = self.mix / 100, self._direct()
        size, here, there, absorption = self._room()
        h: np.ndarray[Any, Any] = share * room_response(size, here, there, absorption, self.rate, self.seconds())
        h[floor(direct * (self.rate / SPEED) + 0.5)] += (1 - share) / (4 * pi * direct)
        return h

    def _direct(self) -> float:
        _, here, there, _ = self._room()
        return sqrt(sum((a - b) ** 2 for a, b in zip(here, there, strict=True)))

    def _first(self) -> tuple[float, int]:
        """Way of the first echo in m, and the number of the wall that it comes from; in a tie the smaller one."""
        size, here, there, _ = self._room()
        squares = [(a - b) ** 2 for a, b in zip(here, there, strict=True)]
        ways = []
        for axis, (length, a, b) in enumerate(zip(size, here, there, strict=True)):
            rest = sum(square for other, square in enumerate(squares) if other != axis)
            ways += [sqrt(rest + (-a - b) ** 2), sqrt(rest + (2 * length - a - b) ** 2)]
        best = min(ways)
        return next((way, wall) for wall, way in enumerate(ways) if way <= best + 1e-9)

    def _ring(self) -> float:
        """Return for how many seconds the room is expected to ring."""
        return reverberation_time((self.length, self.width, self.height), self.absorption / 100)

    def shown(self) -> dict[str, float | str]:
        """Return what is on display, by key: numbers, the wall of the first echo, and the words of the sound."""
        direct, (way, wall) = self._direct(), self._first()
        found = {name: getattr(self, name) for name in ("length", "width", "height", "absorption", "mix")}
        found |= {"distance": direct, "direct": 1000 * direct / SPEED, "echo": 1000 * way / SPEED, "ring": self._ring()}
        one = self.sounds[min(self.sound, len(self.sounds) - 1)]
        found |= {"title": one["title"], "text": one["text"]}
        if self.asked():
            return found
        return found | {"count": len(echoes(*self._room(), EARLY)[0]), "way": way, "wall": self.words["walls"][wall]}

    def describe(self) -> str:
        """Return the text alternative."""
        return self.text("describe", length=self.length, width=self.width, height=self.height, ring=self._ring())
