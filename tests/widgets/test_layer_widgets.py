"""ReluRules, IndexMap and LayerSandbox: what they show, against plain NumPy, and what they say of it."""

import re
from typing import Any

import numpy as np
import pytest
from scipy import signal
from widget_pages import begin, says

from convlib import explain, nn
from convlib.widgets import IndexMap, LayerSandbox, ReluRules


class TestReluRules:
    def test_by_hand(self):
        # Given: [1, −2, 3] and [−1, 2, −3]; the map is the first row that goes on less the second.
        for rule, passes, found in (
            ("saliency", [[2, 0, -1], [0, -3, 0]], [2, 3, -1]),
            ("guided", [[2, 0, 0], [0, 0, 0]], [2, 0, 0]),
            ("deconvnet", [[2, 5, 0], [7, 0, 4]], [-5, 5, -4]),
        ):
            shown = ReluRules(rule=rule).shown()
            assert [[shown[f"passed[{k},{j}]"] for j in range(3)] for k in range(2)] == passes
            assert [shown[f"map[{j}]"] for j in range(3)] == found

    @pytest.mark.parametrize("rule", ["saliency", "guided", "deconvnet"])
    def test_the_map_is_that_of_explain(self, rule):
        rng = np.random.default_rng(3)
        pixels, above = rng.integers(-9, 10, (1, 3)), rng.integers(-9, 10, (2, 3))
        kernels = np.array([[[[1.0]]], [[[-1.0]]]])
        model = nn.Sequential(
            nn.Layer(nn.conv2d, kernels), nn.Layer(nn.relu), nn.Layer(nn.linear, above.reshape(1, 6).astype(float))
        )
        method = {"saliency": explain.saliency, "guided": explain.guided_backprop, "deconvnet": explain.deconvnet}[rule]
        shown = ReluRules(pixels=pixels, above=above, rule=rule).shown()
        expected = method(model, pixels[None, None], [0]).ravel().tolist()
        assert [shown[f"map[{j}]"] for j in range(3)] == expected

    def test_predict_hides_until_answered_and_names_the_other_rule(self, browser):
        asked, wrong, right, other = (
            ReluRules(rule="deconvnet", predict=True, guess=guess) for guess in (None, -1, -4, 7)
        )
        assert asked.shown()["map[0]"] == asked.shown()["passed[1,2]"] == "?" and right.shown()["map[2]"] == -4
        assert says(browser, asked, part=".fs-answers")[0].split() == ["−5", "−4", "−3", "−1", "0"]
        texts = says(browser, asked, wrong, right, other)
        assert texts[0] == "The rule is that of the deconvnet. What does the map say at pixel 2?"
        assert texts[1].startswith(
            "No, −1 is what saliency gives. ReLU 1 was given 3 (open), −1 comes back, 0 goes on."
        )
        assert texts[1].endswith("ReLU 2 was given −3 (shut), 4 comes back, 4 goes on. Map at pixel 2: −4.")
        assert texts[2].startswith("Right.") and texts[3].startswith("Not 7.")

    def test_the_formula_is_that_of_the_rule(self, browser):
        rules = ("saliency", "guided", "deconvnet")
        conditions = [
            text.split(" where ")[1]
            for text in says(browser, *(ReluRules(rule=rule) for rule in rules), part=".rr-formula")
        ]
        assert conditions == ["x > 0, else 0", "x > 0 and dy > 0, else 0", "dy > 0, else 0"]


class Picture(np.ndarray[Any, Any]):
    """An array with PyTorch's way to turn one."""

    def flip(self, *axes):
        return np.flip(self, axes)


def layer(x, h, padding=0):
    """What PyTorch's conv2d computes for one image and one kernel."""
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), np.shape(h))
    return np.einsum("mnij,ij->mn", windows, h).view(Picture)


OPERATIONS = ("convolve", "correlate", "correlate-x")


class TestIndexMap:
    @pytest.mark.parametrize(
        ("op", "pixel", "value"),
        [
            ("convolve", "[2, 2]", 8 * 1 + 2 * 2 + 4 * 3 + 3 * 4 + 7 * 5 + 1 * 6 + 1 * 7 + 4 * 8 + 6 * 9),
            ("correlate", "[0, 0]", 6 * 1 + 4 * 2 + 1 * 3 + 1 * 4 + 7 * 5 + 3 * 6 + 4 * 7 + 2 * 8 + 8 * 9),
            ("correlate-x", "[−2, −2]", 4 * 1 + 1 * 2 + 0 * 3 + 3 * 4 + 5 * 5 + 2 * 6 + 0 * 7 + 2 * 8 + 6 * 9),
        ],
    )
    def test_y_1_1_by_hand(self, op, pixel, value, browser):
        shown = IndexMap(op=op).shown()
        assert shown["output[4,4]"] == shown["y"] == value
        assert (shown["y label"], shown["h label"], shown["x label"]) == ("[1, 1]", "[−1, −1]", pixel)
        assert (shown["y array"], shown["h array"]) == ("[4, 4]", "[0, 0]")
        [line] = says(browser, IndexMap(op=op), part=".im-sum")
        terms = [float(a) * float(b) for a, b in re.findall(r"(\d+)·(\d+)", line)]
        assert len(terms) == 9 and sum(terms) == value and line.endswith(f" = {value}")

    def test_the_sliding_image_gives_the_output_backwards(self):
        plain, other = (IndexMap(op=op, row=5, col=5).shown() for op in ("correlate", "correlate-x"))
        assert all(plain[f"output[{r},{c}]"] == other[f"output[{6 - r},{6 - c}]"] for r in range(7) for c in range(7))

    @pytest.mark.parametrize("op", OPERATIONS)
    @pytest.mark.parametrize("convention", ["centre", "numpy", "scipy", "torch", "torch-padded"])
    def test_the_code_line_gives_the_number_on_display(self, op, convention):
        rng = np.random.default_rng(2)
        image, kernel = rng.integers(-9, 10, (7, 7)), rng.integers(-9, 10, (3, 3))
        names = {"convolve2d": signal.convolve2d, "correlate2d": signal.correlate2d, "conv2d": layer}
        names |= {"x": image, "h": kernel.view(Picture)}
        for row, col in ((2, 5), (6, 4)):
            traits = {"op": op, "convention": convention, "row": row, "col": col}
            shown = IndexMap(image=image, kernel=kernel, **traits).shown()
            at = str(shown["y array"]).replace(" ", "")
            assert eval(str(shown["code"]), names) == shown[f"output{at}"]
            assert shown["y"] == shown[f"output{at}"]

    @pytest.mark.parametrize(
        ("convention", "op", "label", "array"),
        [
            ("numpy", "convolve", "[2, 2]", "[2, 2]"),
            ("numpy", "correlate", "[0, 0]", "[2, 2]"),
            ("scipy", "convolve", "[1, 1]", "[1, 1]"),
            ("torch", "correlate", "[0, 0]", "[0, 0]"),
            ("torch", "correlate-x", "[−4, −4]", "[0, 0]"),
            ("torch-padded", "correlate", "[0, 0]", "[1, 1]"),
        ],
    )
    def test_label_and_array_index(self, convention, op, label, array):
        shown = IndexMap(convention=convention, op=op, row=2, col=2).shown()
        assert (shown["y label"], shown["y array"]) == (label, array)

    def test_a_place_that_the_mode_leaves_out(self, browser):
        widget = IndexMap(convention="torch", op="correlate", row=1, col=4)
        assert (widget.shown()["y label"], widget.shown()["y array"]) == ("[−1, 2]", "dropped")
        assert says(browser, widget, part=".im-code") == ["In code: conv2d(x, h) leaves this place out"]

    def test_pixels_outside_count_as_zero(self, browser):
        widget = IndexMap(op="correlate", convention="numpy", row=0, col=0)
        beyond = {key for key in widget.shown() if key.startswith("beyond")}
        assert len(beyond) == 8 and "beyond[2,2]" not in beyond
        assert widget.shown()["x array"] == "outside" and "counts as 0" in says(browser, widget)[0]

    def test_negative_factors_stand_in_brackets(self, browser):
        widget = IndexMap(kernel=-np.ones((3, 3), int), image=-np.ones((7, 7), int))
        [line] = says(browser, widget, part=".im-sum")
        assert line.replace("\u00a0", " ") == f"y[1, 1] = {' + '.join(['(−1)·(−1)'] * 9)} = 9"

    def test_predict_hides_the_pixel_until_answered(self, browser):
        shown = IndexMap(predict=True).shown()
        assert shown["x label"] == shown["output[4,4]"] == "?"
        assert not {"y", "met[0,0]"} & set(shown)
        [answers] = says(browser, IndexMap(predict=True), part=".fs-answers")
        assert answers.replace("\u00a0", " ").split("\n") == ["x[−2, −2]", "x[0, 0]", "x[2, 2]"]

    def test_a_wrong_pixel_meets_its_misconception(self, browser):
        starts = {
            (): "Convolution h ∗ x, zero at the centre. Which pixel meets h[−1, −1] when y[1, 1] is computed?",
            (2, 2): "Right: h[−1, −1] meets x[2, 2]. The labels of x and h add up to that of y. Try another",
            (0, 0): "Not x[0, 0]: that is what the cross-correlation h ⋆ x pairs. Here h[−1, −1] meets",
            (-2, -2): "Not x[−2, −2]: that is what the cross-correlation x ⋆ h pairs.",
            (1, 1): "Not x[1, 1]: that pixel has the output’s label.",
            (3, 0): "Not x[3, 0]. Here",
        }
        texts = says(browser, *(IndexMap(predict=True, guess=list(guess)) for guess in starts))
        assert begin([text.replace("\u00a0", " ") for text in texts], starts.values())


SCENE = [9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2, 3, 4]


class TestLayerSandbox:
    def test_sizes_by_hand(self, browser):
        widget = LayerSandbox(stride=2, padding="zeros", dilation="2")
        assert widget.shown()["size[1]"] == "layer 1: ⌊(16 + 2·2 − 2·(3 − 1) − 1) / 2⌋ + 1 = 8"
        assert widget.shown()["size[2]"] == "layer 2: ⌊(8 + 2·2 − 2·(3 − 1) − 1) / 2⌋ + 1 = 4"
        weights = "Weights: 2·3 = 6. Dense layers of these sizes: 16·8 + 8·4 = 160."
        assert says(browser, widget, part=".ls-fact:last-child") == [weights]

    def test_one_output_by_hand(self, browser):
        mean, most = (LayerSandbox(scene=SCENE, depth=1, at=2, kind=kind) for kind in ("sum", "max"))
        assert mean.shown()["value"] == (1 * 9 + 2 * 8 + 3 * 7) / 6  # x = 7, 8, 9, 8, 7, …
        fields = says(browser, mean, most, part=".ls-fact")
        assert fields[0] == "Receptive field of y[2] = 7.67: extent 1 + 2 = 3, from x[2] to x[4]."
        assert "y[2] = 9:" in fields[2] and fields[3].startswith("Weights: none. Dense layers")
        assert "own" not in most.shown()

    def test_two_layers_by_hand(self):
        first = [(7 + 2 * 8) / 3, (8 + 2 * 9) / 3]
        assert LayerSandbox(scene=SCENE, kernel=2, at=0).shown()["value"] == pytest.approx(
            (first[0] + 2 * first[1]) / 3
        )

    def test_what_is_read_and_what_is_not(self, browser):
        ends = {
            "y[1], reads 7 of the 13 pixels from x[1] to x[13].": LayerSandbox(dilation="2", depth=3),
            "into 1. The marked one, y[0], reads the pixels x[0] to x[15].": LayerSandbox(
                kernel=2, dilation="double", depth=4
            ),
            "reads the pixels x[0] to x[1].": (border := LayerSandbox(padding="zeros", depth=1, at=0)),
            "y[7], reads only x[7].": LayerSandbox(kernel=1),
            "The marked one, y[3], reads the pixels x[3] to x[11].": LayerSandbox(at=11),
        }
        list(ends.values())[-1].kernel = 5  # an output that is gone gives way to the middle
        assert all(map(str.endswith, says(browser, *ends.values()), ends))
        assert says(browser, border, part=".ls-fact")[0].endswith("from x[−1] to x[1].")

    def test_shifts(self, browser):
        ends: dict[str, dict[str, Any]] = {
            "the output by 3, and 0 of 9 differ: it moves along.": {"shift": 3},
            "the output by 1, and 4 of 15 differ: near the border zeros": {"shift": 1, "padding": "zeros"},
            "by 4, the output by 1, and 0 of 2 differ": {"shift": 4, "stride": 2},
            "the output by 1, and 0 of 2 differ": {"shift": 4, "stride": 2, "kind": "max"},
            "lie 4 pixels apart: no whole number of them fits. 3 of 3 differ.": {"shift": 2, "stride": 2},
            "the output by 8: nothing is left to compare.": {"shift": 8, "kernel": 5, "depth": 3},
        }
        texts = says(browser, *(LayerSandbox(**traits) for traits in ends.values()))
        assert all(end in text for end, text in zip(ends, texts, strict=True)), texts

    def test_a_wrong_number_meets_its_misconception(self, browser):
        starts = {
            None: "One layer on 16 pixels. How many outputs come out at the end?",
            4: "Right: 4. Change something",
            3: "Not 3: the first place counts too, hence the + 1. The right number is 4.",
            5: "Not 5: a dilated kernel reaches further",
            9: "Not 9: count the places",
        }
        traits: dict[str, Any] = {"depth": 1, "stride": 3, "dilation": "3", "predict": True}
        widgets = [LayerSandbox(**traits, guess=guess) for guess in starts]  # ⌊(16 − 6 − 1) / 3⌋ + 1 = 4
        assert all(map(str.startswith, says(browser, *widgets), starts.values()))
        assert says(browser, widgets[0], part=".fs-answers")[0].split() == ["3", "4", "5"]
        assert not {"size[1]", "value", "dense", "moved"} & set(widgets[0].shown())

    def test_a_layer_without_room_is_named(self, browser):
        widget = LayerSandbox(kernel=5, dilation="3")
        assert widget.shown()["size[2]"] == "layer 2: 13 pixels do not fit into 4"
        assert "Here is no room" in says(browser, widget)[0] and "value" not in widget.shown()
