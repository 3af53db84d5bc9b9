"""The course's pictures and signals: offline, and checked before use."""

from __future__ import annotations

import gzip
import hashlib
import io
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

PHOTO_SHA256 = "a8ca6d734765703b09728ab47fe59f473d93ae3967fc24c7c0288c3c7adb7130"
REC601 = (0.299, 0.587, 0.114)
DIGITS = Path(__file__).resolve().parents[1] / "data" / "digits.csv.gz"
DIGITS_SHA256 = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"
# Every form asks for the same row of digits, so the row of labels starts again with each.
FORMS = (0, 130, 256, 386, 516, 646, 776, 906, 1029, 1157, 1287, 1415, 1545, 1667, 1797)


def load_photo() -> npt.NDArray[Any]:
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
    convlib.kernels : Kernels to try on it.

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
    grey: npt.NDArray[Any] = pixels @ np.array(REC601) / 255
    return grey


def load_digits() -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """Load handwritten digits: small grey pictures, what they show, and the form they come from.

    grey = (black pixels in a block of 4 × 4) / 16

    1797 digits that 13 people wrote into the boxes of printed forms: the test half of the UCI set
    *Optical Recognition of Handwritten Digits*. The file holds the 14 forms one after the other;
    who filled in which was not recorded, so somebody filled in two. Split by form, never at random:
    otherwise a network is tested on hands that it has seen.

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
    FileNotFoundError
        The course's folder ``data`` is not beside the package.
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
    if not DIGITS.exists():
        raise FileNotFoundError(f"{DIGITS} is not there: the digits come with the course's folder data/")
    text = gzip.decompress(_checked(DIGITS, DIGITS_SHA256)).decode()
    rows = np.array([row.split(",") for row in text.split()], dtype=float)
    images, labels = rows[:, :-1].reshape(-1, 8, 8) / 16, rows[:, -1].astype(int)
    return images, labels, np.searchsorted(FORMS, np.arange(len(labels)), side="right") - 1


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


def _decode(content: bytes) -> npt.NDArray[Any]:
    from PIL import Image

    with Image.open(io.BytesIO(content)) as picture:
        return np.asarray(picture.convert("RGB"), dtype=np.float64)
