"""OneEcho: a clap and its echo, the smallest interactive: two sliders and a prediction."""

from typing import Any, ClassVar

from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import answer, slider, toggle

CLAP = 2


class OneEcho(Interactive):
    """A clap of 1 at n = 2 and its echo, later and weaker.

    delay : By how many samples the echo comes later.
    tenths : Strength of the echo, in tenths of the clap.
    guess : Answer to "at which n does the echo stand?".

    >>> OneEcho(delay=3).shown()["at"]
    5
    """

    data: ClassVar[dict[str, Any]] = {"clap": CLAP}

    delay = slider(3, 1, 7)
    tenths = slider(5, 0, 10)
    predict = toggle()
    guess = answer(about=("delay",))

    def shown(self) -> dict[str, float | str]:
        """Return the numbers on display, by key; while the reader is asked, nothing of the echo."""
        return {} if self.asked() else {"at": CLAP + self.delay, "y": self.tenths / 10}
