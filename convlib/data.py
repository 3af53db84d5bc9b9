"""The course's pictures and signals: offline, and checked before use."""

from __future__ import annotations

import hashlib
import io
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

PHOTO_SHA256 = "a8ca6d734765703b09728ab47fe59f473d93ae3967fc24c7c0288c3c7adb7130"
REC601 = (0.299, 0.587, 0.114)


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
    pixels = _decode(_checked(_photo_path()))
    grey: npt.NDArray[Any] = pixels @ np.array(REC601) / 255
    return grey


def _photo_path() -> Path:
    # Looking the package up does not import it, which would take a quarter of a second.
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the photo comes with matplotlib, which is not installed: pip install matplotlib")
    return Path(spec.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"


def _checked(path: Path) -> bytes:
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != PHOTO_SHA256:
        raise ValueError(f"{path} has SHA-256 {found}; expected {PHOTO_SHA256}")
    return content


def _decode(content: bytes) -> npt.NDArray[Any]:
    from PIL import Image

    with Image.open(io.BytesIO(content)) as picture:
        return np.asarray(picture.convert("RGB"), dtype=np.float64)
