"""The course's pictures and signals: offline, and checked before use."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from convlib.arguments import Array, classes, numbers

PHOTO_SHA256 = "a8ca6d734765703b09728ab47fe59f473d93ae3967fc24c7c0288c3c7adb7130"
REC601 = (0.299, 0.587, 0.114)

HIDDEN_SIDE = 24  # pixels
HIDDEN_NOISE = 0.25
HIDDEN_SHAPES = {
    "plus": "..#.. ..#.. ##### ..#.. ..#..",
    "cross": "#...# .#.#. ..#.. .#.#. #...#",
    "diamond": "..#.. .#.#. #...# .#.#. ..#..",
    "corner": "##### #.... #.... #.... #....",
    "checkers": "#.#.# .#.#. #.#.# .#.#. #.#.#",
    "block": "##### ##### ##### ##### #####",
}
HIDDEN_CLASSES = ("plus", "cross", "diamond", "corner")

DIGITS = Path(__file__).with_name("digits.csv.gz")
DIGITS_SHA256 = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"
# Every form asks for the same row of digits, so the row of labels starts again with each.
FORMS = (0, 130, 256, 386, 516, 646, 776, 906, 1029, 1157, 1287, 1415, 1545, 1667, 1797)

MEASURED = {"bench": "`make bench SNAPSHOT=1`", "seeds": "`make seeds`", "gpu": "`make bench-gpu`"}

WEATHER = DIGITS.with_name("weather.csv")
WEATHER_SHA256 = "895d1620c17861db51f99fdba5991094956c224dc232839ec2bfb502510c489d"


def load_photo() -> Array:
    """Load the photograph on which the course tries its kernels.

    grey = (0.299·R + 0.587·G + 0.114·B) / 255

    It is the official portrait of Commodore Grace M. Hopper, taken for the United States Navy in
    1984 and in the public domain. matplotlib ships it as sample data; nothing is downloaded.

    Returns
    -------
    ndarray, shape (600, 512)
        Grey values as float64, from 0 (black) to 1 (white).

    Raises
    ------
    ModuleNotFoundError
        matplotlib is not installed.
    ValueError
        matplotlib's file is not the one that the course was written with.

    See Also
    --------
    convlib.signals.kernels : Kernels to try on it.

    References
    ----------
    Rec. ITU-R BT.601, the weights of the grey value.

    Derived in: chapter I-3 "Why nobody noticed", which filters this picture.

    Examples
    --------
    >>> import convlib
    >>> image = convlib.data.load_photo()
    >>> image.shape, image.dtype.name
    ((600, 512), 'float64')
    """
    pixels = _decode(_checked(_photo_path(), PHOTO_SHA256))
    grey: Array = pixels @ np.array(REC601) / 255
    return grey


def hidden_patterns(
    labels: npt.ArrayLike, block: npt.ArrayLike = False, *, rng: np.random.Generator
) -> tuple[Array, Array, Array]:
    """Hide one of four patterns in each image, and elsewhere a shape that need not tell anything.

    image = noise + 2 · pattern + 2 · decoy, noise ~ normal(0, 0.25²) at each pixel

    The pattern depends on the class, and the decoy, a checkerboard or a solid block, on ``block``
    alone. Each covers 5 × 5 pixels and lies anywhere but on the outermost ones, at least two pixels
    away from the other.

    Parameters
    ----------
    labels : array_like of int, shape (N,)
        The class of each image: 0 plus, 1 cross, 2 diamond, 3 corner.
    block : bool or array_like of bool, shape (N,)
        Whether the decoy is the block instead of the checkerboard.
    rng : numpy.random.Generator
        Where noise and places come from.

    Returns
    -------
    images : ndarray, shape (N, 1, 24, 24)
    evidence : ndarray of bool, shape (N, 24, 24)
        7 × 7 pixels around the pattern: it and a margin of one pixel.
    decoy : ndarray of bool, shape (N, 24, 24)
        Likewise around the decoy; the two never meet.

    Raises
    ------
    ValueError
        ``labels`` is not one row of classes from 0 to 3, or ``block`` has another shape.
    TypeError
        ``labels`` holds no integers, or ``block`` no numbers.

    References
    ----------
    Yang and Kim, *Benchmarking attribution methods with relative feature importance*, 2019, make
    such pictures out of photographs.

    Derived in: chapter I-6 "Where the network looked".

    Examples
    --------
    >>> from convlib.signals.data import hidden_patterns
    >>> rng = np.random.default_rng(0)
    >>> images, evidence, decoy = hidden_patterns([0, 3], rng=rng)
    >>> images.shape, evidence.sum((1, 2)).tolist(), bool((evidence & decoy).any())
    ((2, 1, 24, 24), [49, 49], False)
    """
    wanted = classes("labels", labels, (-1, len(HIDDEN_CLASSES)))
    solids = numbers("block", block)
    if solids.shape not in ((), wanted.shape):
        raise ValueError(f"block has shape {solids.shape}; allowed: () or {wanted.shape}, as labels")
    sides = (HIDDEN_SIDE, HIDDEN_SIDE)
    images = rng.normal(0, HIDDEN_NOISE, (len(wanted), 1, *sides))
    evidence, decoy = np.zeros((2, len(wanted), *sides), np.bool_)
    for n, (label, solid) in enumerate(zip(wanted, np.broadcast_to(solids, wanted.shape), strict=True)):
        shapes = HIDDEN_CLASSES[label], "block" if solid else "checkers"
        for name, (row, col), box in zip(shapes, _two_places(rng), (evidence[n], decoy[n]), strict=True):
            images[n, 0, row : row + 5, col : col + 5] += 2 * _shape(name)
            box[row - 1 : row + 6, col - 1 : col + 6] = True
    return images, evidence, decoy


def _two_places(rng: np.random.Generator) -> Array:
    """Top-left corners of two shapes whose boxes of 7 × 7 lie inside the image and apart."""
    while True:
        places = rng.integers(1, HIDDEN_SIDE - 5, (2, 2))
        if np.abs(places[0] - places[1]).max() >= 7:
            return places


def _shape(name: str) -> Array:
    return np.array([[mark == "#" for mark in row] for row in HIDDEN_SHAPES[name].split()], np.float64)


def load_digits() -> tuple[Array, Array, Array]:
    """Load handwritten digits: small grey pictures, what they show, and the form they come from.

    grey = (black pixels in a block of 4 × 4) / 16

    1797 digits that 13 people wrote into the boxes of printed forms: the test part of the UCI set
    *Optical Recognition of Handwritten Digits*. The file holds 14 forms one after the other, so
    somebody filled in two; who, was not recorded. Split by form, not at random: otherwise a network
    is tested on hands that it has seen.

    Returns
    -------
    images : ndarray of float64, shape (1797, 8, 8)
        Ink, from 0 (none) to 1 (all black).
    labels : ndarray of int, shape (1797,)
        The digits, 0 … 9.
    forms : ndarray of int, shape (1797,)
        The forms, 0 … 13, recognised by the order of the labels, which repeats with each.

    Raises
    ------
    ValueError
        The file is not the one that the course was written with.

    References
    ----------
    Alpaydin and Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine Learning
    Repository, 1998, https://doi.org/10.24432/C50P49.

    Derived in: chapter I-5 "Backprop brings the flip back", which trains on it.

    Examples
    --------
    >>> import convlib
    >>> images, labels, forms = convlib.data.load_digits()
    >>> images.shape, labels[:12].tolist(), forms.max().item()
    ((1797, 8, 8), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1], 13)
    """
    text = gzip.decompress(_checked(DIGITS, DIGITS_SHA256)).decode()
    rows = np.array([row.split(",") for row in text.split()], dtype=float)
    images, labels = rows[:, :-1].reshape(-1, 8, 8) / 16, rows[:, -1].astype(int)
    return images, labels, np.searchsorted(FORMS, np.arange(len(labels)), side="right") - 1


def load_weather() -> Array:
    """Load four weeks of real outdoor temperatures, hour by hour.

    x[n] = temperature in °C, n + 1 hours after midnight of 1 February 1996

    Measured at the airport of Greensboro, North Carolina, 36.1° north. The weeks hold −17 °C and
    24 °C. The first and the last six hours are interpolated; all others are as measured.

    Returns
    -------
    ndarray of float64, shape (672,)
        Temperatures in °C, from 1 February 1996, 1 a.m., to midnight at the end of 28 February.

    Raises
    ------
    ValueError
        The file is not the one that the course was written with.

    References
    ----------
    Wilcox and Marion, *Users Manual for TMY3 Data Sets*, NREL/TP-581-43156, 2008.

    Derived in: chapter II-2 "A house that remembers", which lets a house answer to it.

    Examples
    --------
    >>> import convlib
    >>> x = convlib.data.load_weather()
    >>> x.shape, x.min().item(), x.max().item()
    ((672,), -16.7, 24.4)
    """
    rows = _checked(WEATHER, WEATHER_SHA256).decode().split()[1:]
    return np.array([float(row.split(",")[2]) for row in rows])


def load_measured(name: str) -> dict[str, Any]:
    """Load what was measured once for the course, with the machine and the commit.

    Parameters
    ----------
    name : {"bench", "seeds", "gpu"}
        Times of convlib and its peers; test digits that twenty networks of chapter I-5 get right; times on a GPU.

    Returns
    -------
    dict
        What ``make bench SNAPSHOT=1``, ``make seeds`` or ``make bench-gpu`` wrote.

    Raises
    ------
    ValueError
        The name is another one.
    FileNotFoundError
        Nobody has measured it yet.

    References
    ----------
    ``convlib/signals/README.md`` says where each file comes from.

    Derived in: chapter IV-3 "The price", which draws the times.

    Examples
    --------
    >>> import convlib
    >>> convlib.data.load_measured("seeds")["tested"]
    382
    """
    if name not in MEASURED:
        raise ValueError(f"name is {name!r}; allowed: {', '.join(map(repr, MEASURED))}")
    path = DIGITS.with_name(f"{name}.json")
    if not path.exists():
        raise FileNotFoundError(f"{path} is not there: {MEASURED[name]} writes it")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def _photo_path() -> Path:
    # Looking the package up does not import it, which would take a quarter of a second.
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the photo comes with matplotlib, which is not installed: pip install matplotlib")
    return Path(spec.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"


def _checked(path: Path, wanted: str) -> bytes:
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != wanted:
        raise ValueError(f"{path} has SHA-256 {found}; expected {wanted}")
    return content


def _decode(content: bytes) -> Array:
    from PIL import Image

    with Image.open(io.BytesIO(content)) as picture:
        return np.asarray(picture.convert("RGB"), dtype=np.float64)
