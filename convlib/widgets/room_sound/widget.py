"""RoomSound: a shoebox room that the reader changes and hears; its mirrors, its echoes, its response."""

from math import floor, pi, sqrt
from typing import Any, ClassVar

import numpy as np
import traitlets

from convlib.rooms import SPEED, echoes, reverberation_time, room_response
from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.traits import Numbers, Sounds
from convlib.widgets.sound_row.widget import RATE, click

MOUTH, EARS = 1.2, 1.6  # m above the floor: the source, the listener
EARLY = 0.05  # seconds of the response that are drawn
LONGEST, SHORTEST = 1.5, 0.1  # seconds of the response that are heard
WALLS = ("the left wall", "the right wall", "the near wall", "the far wall", "the floor", "the ceiling")
FEW, MANY = 30, 300
ANSWERS = {"few": f"fewer than {FEW}", "some": f"{FEW} to {MANY}", "many": f"more than {MANY}"}
QUESTION = "One clap in this room. How often does it arrive at the listener within 50 ms?"


def _place(values: list[float]) -> Numbers:
    return Numbers(values, low=0.05, high=0.95, shape=((2, 2),)).tag(sync=True)


class RoomSound(Interactive):
    """A room from above, with its mirrored rooms, its impulse response, and sounds to play in it.

    The reader changes the room, moves source and listener, and listens. The browser computes the
    response from the mirrors, as `convlib.rooms` does, and convolves with its own ConvolverNode.

    Parameters
    ----------
    sounds : list of (title, text, samples)
        Dry sounds; kept with 8 bits a sample.
    rate : int
        Samples per second.
    sound : int
        Which of the sounds is played.
    length, width, height : float
        Of the room in m: 2 to 15, 2 to 10, 2 to 6.
    absorption : int
        Share of the energy lost at each reflection in %, from 10 to 90.
    source, listener : [along, across]
        As shares of length and width. The source is 1.2 m above the floor, the ears are 1.6 m.
    mix : int
        Strength of the echoes in %; 0 leaves the direct sound alone.
    predict : bool
        Whether the reader is asked first how many echoes there are.
    guess : {"", "few", "some", "many"}

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message names it and what is allowed.

    Examples
    --------
    >>> RoomSound(length=5.0, width=4.0, height=2.5).shown()["count"]
    418.0
    """

    controls: ClassVar[dict[str, str]] = {
        "sound": "Sound",
        "length": "Length (m)",
        "width": "Width (m)",
        "height": "Height (m)",
        "absorption": "Absorbed (%)",
        "mix": "Echoes (%)",
        "source": "Source",
        "listener": "Listener",
        "predict": "Predict first",
        "guess": "Your answer",
    }

    sounds = Sounds().tag(sync=True)
    rate = traitlets.Int(RATE, min=8000, max=48_000).tag(sync=True)
    sound = traitlets.Int(0, min=0, max=11).tag(sync=True)
    length = traitlets.Float(5.0, min=2.0, max=15.0).tag(sync=True)
    width = traitlets.Float(4.0, min=2.0, max=10.0).tag(sync=True)
    height = traitlets.Float(2.5, min=2.0, max=6.0).tag(sync=True)
    absorption = traitlets.Int(30, min=10, max=90).tag(sync=True)
    source = _place([0.2, 0.35])
    listener = _place([0.7, 0.6])
    mix = traitlets.Int(100, min=0, max=100).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    guess = traitlets.Enum(["", *ANSWERS], "").tag(sync=True)

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
        ring = reverberation_time((self.length, self.width, self.height), self.absorption / 100)
        return floor(min(LONGEST, max(SHORTEST, 1.5 * ring)) * self.rate + 0.5) / self.rate

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

    def _first(self) -> tuple[float, str]:
        """Way of the first echo in m, and the wall that it comes from; in a tie the one named first."""
        size, here, there, _ = self._room()
        squares = [(a - b) ** 2 for a, b in zip(here, there, strict=True)]
        ways = []
        for axis, (length, a, b) in enumerate(zip(size, here, there, strict=True)):
            rest = sum(square for other, square in enumerate(squares) if other != axis)
            ways += [sqrt(rest + (-a - b) ** 2), sqrt(rest + (2 * length - a - b) ** 2)]
        best = min(ways)
        return next((way, wall) for way, wall in zip(ways, WALLS, strict=True) if way <= best + 1e-9)

    def _asked(self) -> bool:
        return self.predict and self.guess == ""

    def _count(self) -> int:
        return len(echoes(*self._room(), EARLY)[0])

    def shown(self) -> dict[str, float | str]:
        """Return every number and text on display, by key."""
        size, direct = (self.length, self.width, self.height), self._direct()
        found: dict[str, float | str] = {name: getattr(self, name) for name in ("length", "width", "height")}
        found |= {"absorption": float(self.absorption), "mix": float(self.mix), "say": self._sentence()}
        found |= {"distance": direct, "direct": 1000 * direct / SPEED, "echo": 1000 * self._first()[0] / SPEED}
        found |= {"ring": reverberation_time(size, self.absorption / 100), "heard": self._heard()}
        if self._asked():
            return found | {f"answer[{i}]": text for i, text in enumerate(ANSWERS.values())}
        return found | {"count": float(self._count())}

    def _heard(self) -> str:
        one = self.sounds[min(self.sound, len(self.sounds) - 1)]
        return f"{one['title']}: {one['text']}"

    def _sentence(self) -> str:
        if self._asked():
            return QUESTION
        count, (way, wall) = self._count(), self._first()
        kind = "few" if count < FEW else "some" if count <= MANY else "many"
        verdict = ("Right: " if self.guess == kind else "No: ") if self.predict else ""
        told = f"within 50 ms the clap arrives {count} times. The first echo comes from {wall}"
        return f"{verdict}{told if verdict else told[0].upper() + told[1:]}, after a way of {num(way)} m."

    def describe(self) -> str:
        """Return the text alternative."""
        size = self.length, self.width, self.height
        ring = reverberation_time(size, self.absorption / 100)
        return f"a room of {' by '.join(map(num, size))} m that rings for about {num(ring)} s. {self._sentence()}"
