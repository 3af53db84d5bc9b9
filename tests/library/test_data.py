"""Photo, digits and weather: what they are, that they are checked, and that their README.md tells the truth."""

import sys
from difflib import SequenceMatcher

import numpy as np
import pytest

from convlib import data

README = data.DIGITS.with_name("README.md")


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


@pytest.mark.parametrize(
    "file, name, load, begins",
    [
        ("grace_hopper.jpg", "_photo_path", data.load_photo, "a8ca6d73"),
        ("digits.csv.gz", "DIGITS", data.load_digits, "09f66e6d"),
        ("weather.csv", "WEATHER", data.load_weather, "895d1620"),
    ],
)
def test_another_file_is_refused(file, name, load, begins, tmp_path, monkeypatch):
    (path := tmp_path / file).write_bytes(b"other data")
    monkeypatch.setattr(data, name, (lambda: path) if name == "_photo_path" else path)
    with pytest.raises(ValueError, match=rf"{file} has SHA-256 .*; expected {begins}"):
        load()


def test_without_matplotlib(monkeypatch):
    monkeypatch.setattr(data, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="pip install matplotlib"):
        data.load_photo()


class TestDigits:
    def test_what_they_are(self):
        images, labels, forms = data.load_digits()
        assert images.shape == (1797, 8, 8) and images.dtype == np.float64
        assert images.min() == 0 and images.max() == 1 and (images * 16 == np.round(images * 16)).all()
        assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
        assert labels.shape == forms.shape and labels.dtype.kind == forms.dtype.kind == "i"

    def test_the_first_is_a_zero_with_a_hole(self):
        images, labels, _ = data.load_digits()
        assert labels[0] == 0
        assert (images[0, 3:5, 3:5] == 0).all()
        assert (images[0, 2] * 16).tolist() == [0, 3, 15, 2, 0, 11, 8, 0]

    def test_each_form_has_the_same_row_of_labels(self):
        """That is how the forms are told apart; a few digits were lost or misread."""
        _, labels, forms = data.load_digits()
        rows = ["".join(map(str, labels[forms == form])) for form in range(14)]
        assert set(forms) == set(range(14)) and (np.diff(forms) >= 0).all()
        alike = [SequenceMatcher(None, rows[0], row, autojunk=False).ratio() for row in rows]
        assert min(alike) > 0.96
        shifted = "".join(map(str, labels[65:195]))
        assert SequenceMatcher(None, rows[0], shifted, autojunk=False).ratio() < 0.7


class TestWeather:
    def test_what_it_is(self):
        x = data.load_weather()
        assert x.shape == (28 * 24,) and x.dtype == np.float64
        assert x[:4].tolist() == [5.2, 2.9, 0.6, -1.7] and x[-1] == 9.2
        assert x.reshape(28, 24)[:, 14].mean() > x.reshape(28, 24)[:, 6].mean() + 5  # 3 p.m. and 7 a.m.


def test_loading_needs_no_network_and_no_pyplot(monkeypatch):
    monkeypatch.setattr("socket.socket.connect", None)
    before = set(sys.modules)
    data.load_photo()
    data.load_digits()
    data.load_weather()
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


class TestHiddenPatterns:
    def drawn(self, labels, block=False, seed=0):
        return data.hidden_patterns(labels, block, rng=np.random.default_rng(seed))

    def test_pattern_and_decoy_lie_where_the_boxes_say(self):
        images, evidence, decoy = self.drawn([0, 1, 2, 3] * 5, [False, True] * 10)
        for n, image in enumerate(images[:, 0]):
            for box, name in ((evidence[n], data.HIDDEN_CLASSES[n % 4]), (decoy[n], "block" if n % 2 else "checkers")):
                (top, left), (bottom, right) = np.argwhere(box)[[0, -1]]
                assert box.sum() == 49 and (bottom - top, right - left) == (6, 6)
                rows = data.HIDDEN_SHAPES[name].split()
                drawn = image[top + 1 : bottom, left + 1 : right] > 1  # between noise and a line of 2
                wrong = drawn != np.array([[mark == "#" for mark in row] for row in rows])
                assert wrong.sum() <= 1  # noise beyond 4 standard deviations

    def test_noise_elsewhere(self):
        images, evidence, decoy = self.drawn([0] * 200)
        noise = images[:, 0][~(evidence | decoy)]
        assert abs(noise.mean()) < 0.01
        assert noise.std() == pytest.approx(data.HIDDEN_NOISE, rel=0.02)

    def test_places_do_not_depend_on_the_class(self):
        plus, corner = self.drawn([0] * 20), self.drawn([3] * 20, True)
        assert (plus[1] == corner[1]).all() and (plus[2] == corner[2]).all()
        inside = plus[1] | plus[2]
        assert (plus[0][:, 0][~inside] == corner[0][:, 0][~inside]).all()

    def test_every_place_is_used_and_boxes_never_meet(self):
        _, evidence, decoy = self.drawn([0] * 2000)
        assert evidence.any(0).all() and decoy.any(0).all() and not (evidence & decoy).any()

    @pytest.mark.parametrize("labels", [3, [[0]], [4], [-1], [0.5]])
    def test_bad_labels(self, labels):
        with pytest.raises((ValueError, TypeError), match=r"^labels (has|reach) .*; allowed"):
            self.drawn(labels)


class TestMeasured:
    def test_times_and_runs_come_with_the_package(self):
        assert data.load_measured("bench")["rows"] and data.load_measured("seeds")["runs"]

    def test_what_nobody_measured_and_another_name(self, tmp_path, monkeypatch):
        monkeypatch.setattr(data, "DIGITS", tmp_path / "digits.csv.gz")
        with pytest.raises(FileNotFoundError, match=r"gpu.json is not there: `make bench-gpu` writes it"):
            data.load_measured("gpu")
        with pytest.raises(ValueError, match=r"name is 'cpu'; allowed: 'bench', 'seeds', 'gpu'"):
            data.load_measured("cpu")
