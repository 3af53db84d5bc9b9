"""FilterLab: what a kernel does to a photo, what the flip changes, and its answer to stripes."""

from functools import cache
from typing import Any, ClassVar

import numpy as np
import traitlets

from convlib import kernels
from convlib.data import load_photo
from convlib.ops import convolve, correlate, flip
from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Numbers, Picture, pixels

OPS = {"correlate": correlate, "convolve": convolve}
SIGNS = {"correlate": "⋆", "convolve": "∗"}
NAMES = {
    "identity": "Identity",
    "box": "Box blur",
    "gaussian": "Gaussian blur",
    "sharpen": "Sharpen",
    "edges": "Edges",
    "emboss": "Emboss",
    "sobel": "Sobel",
    "smear": "One-sided blur",
    "": "Own kernel",
}
BELLS = {3: [1, 2, 1], 5: [1, 4, 6, 4, 1], 7: [1, 6, 15, 20, 15, 6, 1]}
TOLD = {
    "same": "leaves this kernel as it is, so both operations give the same picture.",
    "negative": "changes the sign of every weight and nothing else, so one operation gives the negative of the other.",
    "other": "makes another kernel of this one, so the two operations give different pictures.",
    "unseen": "makes another kernel of this one, but in this picture nobody could tell.",
}
QUESTION = "The picture shows the correlation. What will be different after a convolution?"
ANSWERS = {"same": "nothing", "negative": "only the sign", "other": "another picture"}


@cache
def small_photo() -> np.ndarray[Any, Any]:
    """Return the head of the course's photo at half its size, shape (200, 256)."""
    part = load_photo()[20:420]
    blocks: np.ndarray[Any, Any] = part.reshape(200, 2, 256, 2).mean(axis=(1, 3))
    return blocks


def preset_kernel(name: str, n: int) -> np.ndarray[Any, Any]:
    """Return the whole-number weights of a preset, shape (n, n); a 3 by 3 one gets a rim of zeros."""
    r = n // 2
    if name == "box":
        return np.ones((n, n), np.int64)
    if name == "gaussian":
        return np.outer(BELLS[n], BELLS[n])
    if name == "smear":
        row = [0] * r + list(range(r + 1, 0, -1))
        return np.outer(np.arange(n) == r, row)
    makers = {
        "identity": kernels.identity(),
        "sharpen": kernels.sharpen(8),
        "edges": -kernels.laplacian(8),
        "emboss": kernels.emboss(),
        "sobel": kernels.sobel(axis=1),
    }
    return np.pad(makers[name], r - 1)


class FilterLab(Interactive):
    """A kernel on a photo: the result, what the other operation would give, the answer to stripes.

    Weights are whole numbers and pixels whole steps of 1/255, so every sum is exact. Beyond the
    edge the outermost pixels are repeated. An own picture or the camera stays in the browser: it
    is never a trait.

    Parameters
    ----------
    photo : (H, W) array of grey values from 0 to 1, at most 400 by 600
    preset : {"identity", "box", "gaussian", "sharpen", "edges", "emboss", "sobel", "smear", ""}
        Empty for the own kernel.
    size : {3, 5, 7}
        Rows and columns of the kernel.
    kernel : (7, 7) array of whole numbers from -400 to 400
        The own kernel; its central ``size`` by ``size`` part is used.
    average : bool
        Whether the result is divided by the sum of the weights, where that is not 0.
    op : {"correlate", "convolve"}
    view : {"result", "difference"}
        The result, or the difference between the two operations.
    stripes : {"upright", "level"}
    fineness : float from 0 to 0.5
        Stripes per pixel.
    predict : bool
        Whether the reader is asked before the two operations are compared.
    guess : {"", "same", "negative", "other"}
        Answer to "what will be different after a convolution?".

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message names it and what is allowed.

    Examples
    --------
    >>> FilterLab(preset="gaussian").shown()["gap"]
    0.0
    """

    controls: ClassVar[dict[str, str]] = {
        "op": "Operation",
        "view": "Show",
        "preset": "Filter",
        "size": "Size",
        "kernel": "Kernel",
        "average": "Divide by the sum",
        "stripes": "Stripes",
        "fineness": "Stripes per pixel",
        "predict": "Predict first",
        "guess": "Your answer",
    }

    photo = Picture().tag(sync=True)
    preset = traitlets.Enum(list(NAMES), "emboss").tag(sync=True)
    size = traitlets.Enum([3, 5, 7], 3).tag(sync=True)
    kernel = Numbers(
        np.pad([[1, 2, 3], [2, 4, 5], [3, 5, 6]], 2).tolist(), low=-400, high=400, shape=((7, 7), (7, 7)), whole=True
    ).tag(sync=True)
    average = traitlets.Bool(True).tag(sync=True)
    op = traitlets.Enum(list(OPS), "correlate").tag(sync=True)
    view = traitlets.Enum(["result", "difference"], "result").tag(sync=True)
    stripes = traitlets.Enum(["upright", "level"], "upright").tag(sync=True)
    fineness = traitlets.Float(0.2, min=0.0, max=0.5).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    guess = traitlets.Enum(["", *ANSWERS], "").tag(sync=True)

    @traitlets.default("photo")
    def _small_photo(self) -> Any:
        return type(self).photo.validate(self, small_photo())

    @property
    def _weights(self) -> np.ndarray[Any, Any]:
        """The kernel in use, shape (size, size)."""
        if self.preset:
            return preset_kernel(self.preset, self.size)
        rim = (7 - self.size) // 2
        return np.array(self.kernel)[rim : 7 - rim, rim : 7 - rim]

    @property
    def _divisor(self) -> int:
        total = int(self._weights.sum())
        return total if self.average and total else 1

    def _asked(self) -> bool:
        return bool(self.predict and not self.guess)

    def _kind(self) -> str:
        """What half a turn does to the kernel: leaves the same, its negative or another one."""
        turned = flip(self._weights)
        if np.array_equal(turned, self._weights):
            return "same"
        return "negative" if np.array_equal(turned, -self._weights) else "other"

    def result(self, op: str) -> np.ndarray[Any, Any]:
        """Return what comes out of the photo in steps of 1/255, before the division."""
        padded = np.pad(pixels(self.photo).astype(np.int64), self.size // 2, mode="edge")
        y: np.ndarray[Any, Any] = OPS[op](padded, self._weights, mode="valid")
        return y

    def _gap(self) -> float:
        """Return the largest difference between the two operations; black to white is 1."""
        largest = int(np.abs(self.result("correlate") - self.result("convolve")).max())
        return largest / (255 * abs(self._divisor))

    def amplitude(self, fineness: float) -> float:
        """Return amplitude out over amplitude in, tried on stripes and on stripes a quarter further.

        One sample of either may be a crest or not; the two together tell the amplitude.
        """
        places = np.arange(self.size) - self.size // 2
        phase = np.tile(2 * np.pi * fineness * places, (self.size, 1))
        phase = phase if self.stripes == "upright" else phase.T
        tried = (correlate(f(phase), self._weights, mode="valid")[0, 0] for f in (np.cos, np.sin))
        return float(np.hypot(*tried) / abs(self._divisor))

    def shown(self) -> dict[str, float | str]:
        """Return every number and text on display, by key."""
        found: dict[str, float | str] = {"say": self._sentence(), "title": self._title()}
        found |= {f"kernel[{i},{j}]": int(w) for (i, j), w in np.ndenumerate(self._weights)}
        found |= {"divisor": self._divisor, "fineness": self.fineness, "answer": self.amplitude(self.fineness)}
        if self._asked():
            return found | {f"answer[{i}]": text for i, text in enumerate(ANSWERS.values())}
        return found | {"gap": self._gap()}

    def _title(self) -> str:
        differs = self.view == "difference" and not self._asked()
        sign = SIGNS["correlate" if self._asked() else self.op]
        what = "Difference h ⋆ x − h ∗ x" if differs else f"Result h {sign} x"
        return what if self._weights.sum() and not differs else f"{what}, mid-grey is 0"

    def _sentence(self) -> str:
        name, kind = NAMES[self.preset], self._kind()
        if self._asked():
            return f"{name}. {QUESTION}"
        told = TOLD["unseen" if kind == "other" and not self._gap() else kind]
        verdict = f"{'Right' if self.guess == kind else 'No'}. " if self.predict else ""
        return f"{verdict}{name}: half a turn {told}"

    def describe(self) -> str:
        """Return the text alternative."""
        rows, cols = self.photo["rows"], self.photo["cols"]
        return f"a {self.size} by {self.size} kernel on a photo of {rows} by {cols} pixels. {self._sentence()}"
