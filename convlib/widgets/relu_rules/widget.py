"""ReluRules: what three methods send back through a ReLU, on a network of three pixels."""

from typing import Any, ClassVar

import numpy as np
import traitlets

from convlib.nn import relu, relu_backward
from convlib.widgets.lib.base import Interactive, num
from convlib.widgets.lib.traits import Numbers

KERNELS = np.array([[1], [-1]])  # two kernels of a single weight
NAMES = {"saliency": "saliency", "guided": "guided backpropagation", "deconvnet": "the deconvnet"}
FORMULAS = {
    "saliency": "dx = dy where x > 0, else 0",
    "guided": "dx = dy where x > 0 and dy > 0, else 0",
    "deconvnet": "dx = dy where dy > 0, else 0",
}
Array = np.ndarray[Any, Any]


def passed(rule: str, dy: Array, x: Array) -> Array:
    """Return what a rule lets through a ReLU that was given x when dy comes back."""
    through = dy if rule == "deconvnet" else relu_backward(dy, x)
    return through if rule == "saliency" else relu(through)


class ReluRules(Interactive):
    """Three pixels, kernels of weight 1 and -1, a ReLU behind each, and a score.

    The reader edits the pixels and what comes back from the score, chooses a rule, and follows
    one pixel's number back through both ReLUs.

    Parameters
    ----------
    pixels : (1, 3) array of whole numbers from -9 to 9
    above : (2, 3) array of whole numbers from -9 to 9
        What comes back to the two ReLUs: the weights of the score.
    rule : {"saliency", "guided", "deconvnet"}
    pixel : int
        Index of the pixel that is spoken of.
    predict : bool
        Whether the reader is asked for the map at that pixel first.
    guess : int or None
        The reader's answer.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message names it and what is allowed.

    Examples
    --------
    >>> w = ReluRules(pixels=[[1, -2, 3]], above=[[2, 5, -1], [7, -3, 4]])
    >>> [w.shown()[f"map[{j}]"] for j in range(3)]
    [2, 3, -1]
    """

    controls: ClassVar[dict[str, str]] = {
        "rule": "Rule",
        "pixel": "Pixel",
        "predict": "Predict first",
        "pixels": "Pixels",
        "above": "Comes back: dy",
        "guess": "Your answer",
    }

    pixels = Numbers([[1, -2, 3]], low=-9, high=9, shape=((1, 1), (3, 3)), whole=True).tag(sync=True)
    above = Numbers([[2, 5, -1], [7, -3, 4]], low=-9, high=9, shape=((2, 2), (3, 3)), whole=True).tag(sync=True)
    rule = traitlets.Enum(list(NAMES), "saliency").tag(sync=True)
    pixel = traitlets.Int(2, min=0, max=2).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    guess = traitlets.Int(None, allow_none=True).tag(sync=True)

    def _given(self) -> Array:
        given: Array = KERNELS * np.array(self.pixels)
        return given

    def _passed(self, rule: str) -> Array:
        found: Array = passed(rule, np.array(self.above), self._given()).astype(int)
        return found

    def _map(self, rule: str) -> list[int]:
        found: list[int] = (KERNELS * self._passed(rule)).sum(0).tolist()
        return found

    def _known(self) -> bool:
        return not self.predict or self.guess is not None

    def _offers(self) -> list[int]:
        """Return the numbers to choose from: one per rule, and what comes out if nothing is stopped."""
        j, open_ = self.pixel, (KERNELS * np.array(self.above)).sum(0).tolist()
        values = [self._map(rule)[j] for rule in NAMES] + [open_[j], self._map(self.rule)[j] + 1]
        return sorted(dict.fromkeys(values))

    def shown(self) -> dict[str, float | str]:
        """Return every number and text on display, by key."""
        known = self._known()
        found: dict[str, float | str] = {"say": self._sentence(), "pixel": self.pixel, "formula": FORMULAS[self.rule]}
        found |= {f"pixels[0,{j}]": v for j, v in enumerate(self.pixels[0])}
        for k, j in np.ndindex(2, 3):
            found[f"above[{k},{j}]"] = self.above[k][j]
            found[f"given[{k},{j}]"] = int(self._given()[k, j])
            found[f"passed[{k},{j}]"] = int(self._passed(self.rule)[k, j]) if known else "?"
        found |= {f"map[{j}]": v if known else "?" for j, v in enumerate(self._map(self.rule))}
        return found if known else found | {f"answer[{i}]": num(v) for i, v in enumerate(self._offers())}

    def _path(self, k: int) -> str:
        x, dy = int(self._given()[k, self.pixel]), self.above[k][self.pixel]
        through = int(self._passed(self.rule)[k, self.pixel])
        gate = "open" if x > 0 else "shut"
        return f"ReLU {k + 1} was given {num(x)} ({gate}), {num(dy)} comes back, {num(through)} goes on."

    def _sentence(self) -> str:
        value, name = num(self._map(self.rule)[self.pixel]), NAMES[self.rule]
        if not self._known():
            return f"The rule is that of {name}. What does the map say at pixel {self.pixel}?"
        told = f"{self._path(0)} {self._path(1)} Map at pixel {self.pixel}: {value}."
        return f"{self._verdict()} {told}" if self.predict else told

    def _verdict(self) -> str:
        guess, j = int(self.guess or 0), self.pixel
        if guess == self._map(self.rule)[j]:
            return "Right."
        others = [NAMES[rule] for rule in NAMES if self._map(rule)[j] == guess]
        return f"No, {num(guess)} is what {others[0]} gives." if others else f"Not {num(guess)}."

    def describe(self) -> str:
        """Return the text alternative."""
        return f"three pixels, two ReLUs, the rule of {NAMES[self.rule]}. {self._sentence()}"
