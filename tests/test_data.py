"""The photo: what it is, that it is checked, and that data/README.md tells the truth."""

import sys
from pathlib import Path

import numpy as np
import pytest

from convlib import data

README = Path(__file__).parent.parent / "data" / "README.md"


def test_photo():
    image = data.load_photo()
    assert image.shape == (600, 512) and image.dtype == np.float64
    assert 0 <= image.min() < 0.05 and 0.95 < image.max() <= 1
    # A decoder may round a pixel differently, so a mean and not the pixels.
    assert image.mean() == pytest.approx(0.3019, abs=5e-4)
    assert (image == data.load_photo()).all()


def test_grey_is_the_weighted_sum_of_the_colours():
    assert sum(data.REC601) == pytest.approx(1)
    assert data.REC601[1] > data.REC601[0] > data.REC601[2]


def test_another_file_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "grace_hopper.jpg"
    path.write_bytes(b"another picture")
    monkeypatch.setattr(data, "_photo_path", lambda: path)
    with pytest.raises(ValueError, match=r"grace_hopper.jpg has SHA-256 .*; expected a8ca6d73"):
        data.load_photo()


def test_without_matplotlib(monkeypatch):
    monkeypatch.setattr(data, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="pip install matplotlib"):
        data.load_photo()


def test_loading_needs_no_network_and_no_pyplot(monkeypatch):
    monkeypatch.setattr("socket.socket.connect", None)
    before = set(sys.modules)
    data.load_photo()
    assert "matplotlib.pyplot" not in set(sys.modules) - before


def test_every_checksum_and_loader_is_in_the_readme():
    text = README.read_text(encoding="utf-8")
    loaders = [name for name in vars(data) if name.startswith("load_")]
    sums = [value for name, value in vars(data).items() if name.endswith("_SHA256")]
    assert loaders and sums
    for word in [*loaders, *sums]:
        assert word in text
    for word in ("provenance", "licence", "Public domain"):
        assert word in text
