"""FilterLab: what a kernel does to a photo, what the flip changes, and its answer to stripes."""

from functools import cache
from typing import Any, ClassVar

import numpy as np
import traitlets

from convlib import kernels
from convlib.ops import convolve, correlate
from convlib.signals.data import load_photo
from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Numbers, Picture, answer, choice, control, pixels, slider, toggle

OPS = {"correlate": correlate, "convolve": convolve}
SMALL: dict[str, list[list[int]]] = {
    name: np.rint(kernel).astype(int).tolist()
    for name, kernel in {
        "identity": kernels.identity(),
        "sharpen": kernels.sharpen(8),
        "edges": -kernels.laplacian(8),
        "edges4": -kernels.laplacian(4),
        "emboss": kernels.emboss(),
        "sobel": kernels.sobel(axis=1),
    }.items()
}
BELLS = {3: [1, 2, 1], 5: [1, 4, 6, 4, 1], 7: [1, 6, 15, 20, 15, 6, 1]}
PRESETS = ["identity", "box", "gaussian", "sharpen", "edges", "edges4", "emboss", "sobel", "smear", ""]


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
    return np.pad(SMALL[name], r - 1)


class FilterLab(Interactive):
    """A kernel on a photo: the result, what the other operation would give, the answer to stripes.

    Weights are whole numbers and pixels whole steps of 1/255, so every sum is exact. Beyond the
    edge the outermost pixels are repeated. An own picture or the camera stays in the browser: it
    is never a trait.

    preset : Empty for the own kernel.
    size : Rows and columns of the kernel.
    kernel : The own kernel; its central ``size`` by ``size`` part is used.
    average : Whether the result is divided by the sum of the weights, where that is not 0.
    view : The result, or the difference between the two operations.
    fineness : Stripes per pixel.
    guess : Answer to "what will be different after a convolution?".

    >>> FilterLab(preset="gaussian").shown()["gap"]
    0.0
    """

    data: ClassVar[dict[str, Any]] = {"small": SMALL, "bells": BELLS}

    photo = control(Picture())
    preset = choice("emboss", PRESETS, select=True)
    size = choice(3, [3, 5, 7])
    kernel = Numbers(
        np.pad([[1, 2, 3], [2, 4, 5], [3, 5, 6]], 2).tolist(), low=-400, high=400, shape=((7, 7), (7, 7)), whole=True
    )
    average = toggle(True)
    op = choice("correlate", OPS)
    view = choice("result", ["result", "difference"])
    stripes = choice("upright", ["upright", "level"])
    fineness = slider(0.2, 0.0, 0.5, step=0.02)
    predict = toggle()
    guess = answer(["same", "negative", "other"], about=("preset", "size", "kernel"))

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
        """Return the numbers on display, by key."""
        found: dict[str, float | str] = {f"kernel[{i},{j}]": int(w) for (i, j), w in np.ndenumerate(self._weights)}
        found |= {"divisor": self._divisor, "fineness": self.fineness, "answer": self.amplitude(self.fineness)}
        return found if self.asked() else found | {"gap": self._gap()}

    def describe(self) -> str:
        """Return the text alternative."""
        return self.text("describe", size=self.size, rows=self.photo["rows"], cols=self.photo["cols"])
