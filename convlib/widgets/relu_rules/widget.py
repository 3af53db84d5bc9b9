"""ReluRules: what three methods send back through a ReLU, on a network of three pixels."""

from typing import Any, ClassVar

import numpy as np

from convlib.nn import relu, relu_backward
from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Numbers, answer, choice, slider, toggle

KERNELS = [1, -1]  # two kernels of a single weight
Array = np.ndarray[Any, Any]


def passed(rule: str, dy: Array, x: Array) -> Array:
    """Return what a rule lets through a ReLU that was given x when dy comes back."""
    through = dy if rule == "deconvnet" else relu_backward(dy, x)
    return through if rule == "saliency" else relu(through)


class ReluRules(Interactive):
    """Three pixels, kernels of weight 1 and -1, a ReLU behind each, and a score.

    The reader edits the pixels and what comes back from the score, chooses a rule, and follows
    one pixel's number back through both ReLUs.

    above : What comes back to the two ReLUs: the weights of the score.
    pixel : Index of the pixel that is spoken of.

    >>> w = ReluRules(pixels=[[1, -2, 3]], above=[[2, 5, -1], [7, -3, 4]])
    >>> [w.shown()[f"map[{j}]"] for j in range(3)]
    [2, 3, -1]
    """

    data: ClassVar[dict[str, Any]] = {"kernels": KERNELS}

    pixels = Numbers([[1, -2, 3]], low=-9, high=9, shape=((1, 1), (3, 3)), whole=True)
    above = Numbers([[2, 5, -1], [7, -3, 4]], low=-9, high=9, shape=((2, 2), (3, 3)), whole=True)
    rule = choice("saliency", ["saliency", "guided", "deconvnet"])
    pixel = slider(2, 0, 2)
    predict = toggle()
    guess = answer(about=("pixels", "above", "rule", "pixel"))

    def shown(self) -> dict[str, float | str]:
        """Return the numbers on display, by key."""
        above, given = np.array(self.above), np.outer(KERNELS, self.pixels)
        back = passed(self.rule, above, given).astype(int)
        tables = {"pixels": np.array(self.pixels), "above": above, "given": given, "passed": back}
        found: dict[str, float | str] = {"pixel": self.pixel}
        found |= {f"{name}[{k},{j}]": int(v) for name, rows in tables.items() for (k, j), v in np.ndenumerate(rows)}
        found |= {f"map[{j}]": int(v) for j, v in enumerate(KERNELS @ back)}
        return {k: "?" if self.asked() and k.startswith(("passed", "map")) else v for k, v in found.items()}

    def describe(self) -> str:
        """Return the text alternative."""
        return self.text("describe", rule=self.words["names"][self.rule])
