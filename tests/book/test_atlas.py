"""The convention atlas: cells, lines and page agree with what NumPy, SciPy and convlib do now."""

import copy

import nbformat
import numpy as np
import pytest
from scipy import ndimage, signal

from convlib import nn
from convlib.conventions import load, write
from convlib.widgets import ConventionAtlas
from tools.atlas import checks as atlas_checks
from tools.atlas.__main__ import PAGE, stale
from tools.atlas.checks import FOUND
from tools.atlas.probes import ATLAS, by_definition, calls, identify, run, stride, strided

LIBRARIES = ("NumPy", "scipy.signal", "scipy.ndimage", "convlib")
CALLS = calls(*LIBRARIES)


def name(call):
    return f"{call['name']}-{call['dims']}"


@pytest.mark.parametrize("call", CALLS, ids=name)
class TestCalls:
    def test_every_cell_is_what_the_probes_find(self, call):
        assert atlas_checks.wrong_cells(call) == []

    def test_every_line_to_this_call_gives_the_same_numbers(self, call):
        assert atlas_checks.wrong_lines(call) == []

    def test_every_line_holds_for_complex_numbers_as_it_says(self, call):
        assert atlas_checks.wrong_complex(call) == []


def test_the_names_of_the_edges():
    assert atlas_checks.wrong_edges(*LIBRARIES) == []


def test_where_a_stride_begins():
    assert atlas_checks.wrong_strides(*LIBRARIES) == []


def test_the_page_says_what_the_probes_found():
    assert stale(nbformat.read(PAGE, as_version=4), FOUND) == []


class TestByHand:
    """The oracle itself, on numbers worked out on paper."""

    def test_full(self):
        x, h = np.array([1.0, 2.0]), np.array([10.0, 1.0])
        assert by_definition(x, h, "convolve", "full").tolist() == [10, 21, 2]
        assert by_definition(x, h, "correlate", "full").tolist() == [1, 12, 20]

    def test_the_two_middles_of_an_even_kernel(self):
        x, h = np.array([0.0, 0, 1, 0, 0]), np.array([1.0, 2.0])
        assert by_definition(x, h, "correlate", "left").tolist() == [0, 2, 1, 0, 0]
        assert by_definition(x, h, "correlate", "right").tolist() == [0, 0, 2, 1, 0]
        assert by_definition(x, h, "convolve", "left").tolist() == [0, 0, 1, 2, 0]
        assert by_definition(x, h, "convolve", "right").tolist() == [0, 1, 2, 0, 0]

    def test_edges(self):
        x, h = np.array([1.0, 2, 3]), np.array([1.0, 0, 0])
        beyond = {"zero": 0, "edge": 1, "symmetric": 1, "reflect": 2, "wrap": 3}
        for edge, first in beyond.items():
            assert by_definition(x, h, "correlate", "left", edge).tolist() == [first, 1, 2]

    def test_two_axes(self):
        x, h = np.arange(6.0).reshape(2, 3), np.array([[1.0, 0], [0, 10]])
        assert by_definition(x, h, "correlate", "valid").tolist() == [[0 + 40, 1 + 50]]
        assert by_definition(x, h, "convolve", "valid").tolist() == [[4 + 0, 5 + 10]]


class TestFindings:
    """What the page says in words."""

    def test_convolve_and_correlate_keep_their_word_and_conv_and_filter_tell_nothing(self):
        flips = {call["name"]: call["cells"]["flips"] == "flips" for call in FOUND["calls"]}
        assert all(flip for name, flip in flips.items() if "convolve" in name)
        assert not any(flip for name, flip in flips.items() if "correlate" in name)
        others = {name for name, flip in flips.items() if flip and "convolve" not in name}
        assert others == {"signal.lfilter"} and not flips["cv2.filter2D"] and not flips["lax.conv"]

    def test_the_first_outputs_of_full(self):
        assert signal.lfilter([1, 2, 3], 1, [0.0, 0, 1, 0, 0]).tolist() == [0, 0, 1, 2, 3]

    def test_networks_take_the_left_middle_and_never_conjugate(self):
        cells = [
            c["cells"] for c in FOUND["calls"] if c["name"] in ("F.conv1d", "F.conv2d", "lax.conv", "tf.nn.conv2d")
        ]
        assert {c["even_origin"] for c in cells} == {"left"} and not [c for c in cells if c["conjugates"] == "yes"]

    def test_the_two_correlations_of_scipy_disagree_on_even_kernels(self):
        image, kernel = np.zeros((5, 5)), np.array([[1.0, 2.0], [3.0, 4.0]])
        image[2, 2] = 1
        by_first = signal.correlate(image, kernel, "same")
        by_second = signal.correlate2d(image, kernel, "same")
        assert by_first[2, 2] == 4 and by_second[2, 2] == 1
        assert np.array_equal(by_first, ndimage.correlate(image, kernel, mode="constant"))
        assert np.array_equal(by_first[1:, 1:], by_second[:-1, :-1])

    def test_a_convolution_in_two_dimensions_and_a_correlation_with_the_turned_kernel(self):
        x, h = np.random.default_rng(4).integers(-9, 10, (6, 7)), np.array([[1, 2], [3, 4]])
        turned = h[::-1, ::-1]
        assert np.array_equal(signal.convolve(x, h, "same"), signal.correlate(x, turned, "same"))
        here, there = signal.convolve2d(x, h, "same"), signal.correlate2d(x, turned, "same")
        assert not np.array_equal(here, there) and np.array_equal(here[1:, 1:], there[:-1, :-1])

    def test_what_same_leaves_out_of_full_with_four_weights(self):
        x, h = np.array([[3, 1, 4, 1, 5, 9, 2, 6]]), np.array([[1, 2, 4, 8]])
        one, two = x[0], h[0]
        full, plain = np.convolve(one, two).tolist(), np.correlate(one, two, "full").tolist()
        first = {
            "np.convolve": full.index(np.convolve(one, two, "same")[0]),
            "signal.convolve": full.index(signal.convolve(one, two, "same")[0]),
            "signal.convolve2d": full.index(signal.convolve2d(x, h, "same")[0, 0]),
            "ndimage.convolve": full.index(ndimage.convolve(one, two, mode="constant")[0]),
            "np.correlate": plain.index(np.correlate(one, two, "same")[0]),
            "signal.correlate": plain.index(signal.correlate(one, two, "same")[0]),
            "signal.correlate2d": plain.index(signal.correlate2d(x, h, "same")[0, 0]),
            "ndimage.correlate": plain.index(ndimage.correlate(one, two, mode="constant")[0]),
        }
        assert {name for name, left_out in first.items() if left_out == 2} == {"ndimage.convolve", "signal.correlate2d"}
        assert set(first.values()) == {1, 2}
        assert identify('signal.correlate2d(image, kernel, "same")', "scipy.signal", 2)["size"] == "left"
        layers = ("F.conv1d", "F.conv2d", "lax.conv", "tf.nn.conv1d", "tf.nn.conv2d")
        assert {c["cells"]["even_origin"] for c in FOUND["calls"] if c["name"] in layers} == {"left"}

    def test_only_numpy_and_its_copy_take_the_longer(self):
        longer = {c["name"] for c in FOUND["calls"] if c["cells"]["same_length"] == "the longer"}
        assert longer == {"np.convolve", "np.correlate", "jnp.convolve", "jnp.correlate"}


@pytest.mark.parametrize("dims", [1, 2])
@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_the_lookup_shows_what_the_line_gives(dims, length):
    """Its example holds the output by definition, and full where nothing is cut away."""
    rng = np.random.default_rng(length)
    x, h = rng.integers(-9, 10, (3 * dims - 2, 6)), rng.integers(-9, 10, (3 * dims - 2, 4))
    for one in load(dims)["lines"]:
        shown = ConventionAtlas(dims=dims, have=one["line"], length=length, x=x, h=h).shown()
        wanted = by_definition(x, h[:length, :length], one["op"], one["size"], one["edge"])
        kept = [v for k, v in shown.items() if k.startswith("y[") and v != "·"]
        assert kept == wanted.flatten().tolist(), one


class TestStrides:
    """By hand: the weights 1, 10, 100 at every second place."""

    @pytest.mark.parametrize(
        "n, before, count, wanted",
        [(6, 0, 3, [321, 543, 65]), (6, 1, 3, [210, 432, 654]), (7, 1, 4, [210, 432, 654, 76])],
    )
    def test_by_definition(self, n, before, count, wanted):
        assert strided(np.arange(1, n + 1), np.array([1, 10, 100]), 2, before, count).tolist() == wanted

    def test_same_of_tensorflow_and_jax_and_a_number_differ_on_six_samples_and_agree_on_seven(self):
        by_length, by_number = ([s for s in FOUND["strides"] if s["rule"] == rule] for rule in ("length", "number"))
        assert (
            {s["library"] for s in by_length} == {s["library"] for s in by_number} == {"PyTorch", "JAX", "TensorFlow"}
        )
        assert {s["6"] for s in by_length} == {"321 543 65"} and {s["6"] for s in by_number} == {"210 432 654"}
        assert {s["7"] for s in FOUND["strides"]} == {"210 432 654 76"}

    def test_the_networks_of_the_course_pad_by_a_number(self):
        y = nn.conv2d(np.arange(1.0, 7)[None, None, None], np.array([[[[1.0, 10, 100]]]]), stride=2, padding=(0, 1))
        assert y.ravel().tolist() == [210, 432, 654]


class TestMatlab:
    """Not run: the numbers that its documentation prints, against the lines that the page gives."""

    def test_conv_same(self):
        x, h = np.array([-1, 2, 3, -2, 0, 1, 2]), np.array([2, 4, -1, 1])
        assert np.convolve(x, h)[len(h) // 2 :][: len(x)].tolist() == [15, 5, -9, 7, 6, 7, -1]
        assert signal.convolve(x, h, "same").tolist() != [15, 5, -9, 7, 6, 7, -1]

    def test_imfilter(self):
        image = np.array(
            [[17, 24, 1, 8, 15], [23, 5, 7, 14, 16], [4, 6, 13, 20, 22], [10, 12, 19, 21, 3], [11, 18, 25, 2, 9]]
        )
        kernel = np.array([[-1, 0, 1]])
        y = ndimage.correlate(image, kernel, mode="constant")
        assert y[0].tolist() == [24, -16, -16, 14, -8] and y[4].tolist() == [18, 14, -16, -16, -2]
        y = ndimage.convolve(image, kernel, mode="constant")
        assert y[0].tolist() == [-24, 16, 16, -14, 8]

    def test_filter2_is_a_convolution_with_the_turned_kernel_and_correlates(self):
        image = np.array(
            [[17, 24, 1, 8, 15], [23, 5, 7, 14, 16], [4, 6, 13, 20, 22], [10, 12, 19, 21, 3], [11, 18, 25, 2, 9]]
        )
        for h in (np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -3]]), np.ones((1, 3), int) * [1, 2, 4]):
            turned = np.rot90(h, 2)
            assert np.array_equal(signal.convolve2d(image, turned, "same"), signal.correlate2d(image, h, "same"))
            assert np.array_equal(signal.convolve2d(image, turned), signal.correlate2d(image, h))

    def test_xcorr_peaks_at_minus_five_for_a_copy_that_comes_five_later(self):
        x = 0.84 ** np.arange(16)
        y = np.roll(x, 5)
        lags = signal.correlation_lags(len(x), len(y))
        assert lags[np.argmax(signal.correlate(x, y))] == -5


class TestMustFail:
    """Each checker finds what was planted for it."""

    @pytest.mark.parametrize("call", CALLS[:2], ids=name)
    def test_a_wrong_cell(self, call):
        for column in FOUND["calls"][0]["cells"]:
            planted = copy.deepcopy(FOUND)
            next(c for c in planted["calls"] if c["name"] == call["name"])["cells"][column] = "planted"
            assert [w for w in atlas_checks.wrong_cells(call, planted) if "planted" in w and column in w]

    def test_a_wrong_target(self):
        planted = copy.deepcopy(FOUND)
        planted["calls"][0]["lines"]["np.convolve(x, h)"]["op"] = "correlate"
        assert "np.convolve(x, h)" in "".join(atlas_checks.wrong_cells(CALLS[0], planted))

    @pytest.mark.parametrize("size", ["full", "valid", "left", "right"])  # "first" is cut from full
    def test_a_wrong_line(self, size, monkeypatch):
        planted = copy.deepcopy(load(1))
        forms = planted["calls"]["np.convolve"]["want"]
        forms[size] = forms[size].replace("{x}", "{x}[::-1]")
        monkeypatch.setattr(atlas_checks, "load", lambda dims: planted)
        assert atlas_checks.wrong_lines(CALLS[0])

    def test_a_wrong_conjugate(self, monkeypatch):
        planted = copy.deepcopy(load(1))
        planted["calls"]["np.convolve"]["conjugates"] = "yes"
        monkeypatch.setattr(atlas_checks, "load", lambda dims: planted)
        assert atlas_checks.wrong_complex(CALLS[0])

    def test_a_wrong_edge(self, monkeypatch):
        group = next(g for g in ATLAS["edges"] if g["library"] == "scipy.ndimage")
        monkeypatch.setitem(group, "line", group["line"].replace('"{}"', '"nearest" and "{}"[:0] or "nearest"'))
        assert atlas_checks.wrong_edges("scipy.ndimage")

    def test_a_wrong_stride(self, monkeypatch):
        monkeypatch.setitem(ATLAS["strides"][0], "line", 'np.correlate(x, h, "same")[1::s]')
        with pytest.raises(AssertionError, match="explained by nothing"):
            atlas_checks.wrong_strides("NumPy")
        monkeypatch.setitem(ATLAS["strides"][0], "line", "np.correlate(x, h)[::s]")
        assert stride("np.correlate(x, h)[::s]", "NumPy") == "valid"
        assert atlas_checks.wrong_strides("NumPy")

    def test_a_line_that_no_operation_explains(self):
        with pytest.raises(AssertionError, match="explained by nothing"):
            identify("np.convolve(x, h) + 1", "NumPy", 1)

    def test_a_wrong_cell_on_the_page(self):
        nb = nbformat.read(PAGE, as_version=4)
        cell = next(c for c in nb.cells if c.id == "table-flip")
        cell.source = cell.source.replace("`np.convolve` ", "", 1)
        assert stale(nb, FOUND) == ["table-flip"]
        nb.cells.remove(cell)
        assert stale(nb, FOUND) == ["table-flip is missing"]


def test_every_call_was_probed_and_nothing_else():
    said, wanted = ({(c["name"], c["dims"]) for c in atlas["calls"]} for atlas in (FOUND, ATLAS))
    assert said == wanted and len(said) == len(FOUND["calls"])


def test_a_line_is_written_by_hand():
    want = load(1)["calls"]["F.conv1d"]
    line = {"op": "convolve", "size": "left", "edge": "zero"}
    assert write(want, line, 1) == "F.conv1d(x[None, None], h.flip(0)[None, None], padding=len(h) // 2)[0, 0, :len(x)]"
    assert run("x + h", "NumPy", np.ones(2), np.ones(2)).tolist() == [2, 2]
