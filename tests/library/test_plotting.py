"""The static figures: they draw what they are given, in the course's colours."""

import json
from importlib.resources import files

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import FancyBboxPatch, Rectangle

from convlib.plotting import outline, palette, ramp, show_grid, show_image, stems, use_style

ROLES = ("input", "response", "output")


@pytest.fixture
def ax():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def texts(ax):
    return [text.get_text() for text in ax.texts]


class TestPalette:
    def test_is_the_file(self):
        stored = json.loads(files("convlib").joinpath("palette.json").read_text(encoding="utf-8"))
        assert palette() == stored["light"]
        assert palette("dark") == stored["dark"]

    def test_unknown_theme(self):
        with pytest.raises(ValueError, match="light, dark"):
            palette("sepia")


class TestRamp:
    def test_goes_from_colour_to_colour(self):
        signed = ramp("response", "paper", "input", theme="dark")
        found = [to_hex(signed(place)) for place in (0.0, 0.5, 1.0)]
        assert found[::2] == [palette("dark")["response"], palette("dark")["input"]]
        assert np.allclose(signed(0.5)[:3], to_rgb(palette("dark")["paper"]), atol=0.01)

    @pytest.mark.parametrize("roles", [(), ("paper",), ("paper", "kernel")])
    def test_unknown_roles(self, roles):
        with pytest.raises(ValueError, match="roles must be two or more of"):
            ramp(*roles)


class TestUseStyle:
    def test_takes_colours_from_the_palette(self):
        with matplotlib.rc_context():
            use_style()
            assert plt.rcParams["text.color"] == palette()["ink"]
            assert plt.rcParams["figure.facecolor"] == palette()["paper"]


class TestShowGrid:
    def test_returns_the_axes_and_writes_every_number(self, ax):
        values = [[1, -2.5, 0], [0.125, 10, -0.001]]
        assert show_grid(ax, values, "input", title="image x") is ax
        assert texts(ax) == ["1", "−2.5", "0", "0.12", "10", "0"]
        assert ax.get_title() == "image x"

    def test_row_0_is_at_the_top(self, ax):
        show_grid(ax, [[1, 2], [3, 4]], "input")
        places = {text.get_text(): text.get_position() for text in ax.texts}
        assert places["3"] == (0.5, 1.5)
        assert ax.yaxis_inverted()

    @pytest.mark.parametrize(
        ("role", "mark"), [("input", Rectangle), ("response", FancyBboxPatch), ("output", Rectangle)]
    )
    def test_role_sets_colour_and_mark(self, ax, role, mark):
        show_grid(ax, [[3]], role)
        (cell,) = ax.patches
        assert type(cell) is mark
        assert to_hex(cell.get_facecolor()) == palette()[role]

    def test_tint_is_the_size_of_the_value(self, ax):
        show_grid(ax, [[0, -2, 4]], "output")
        nothing, half, full = (cell.get_facecolor()[3] for cell in ax.patches)
        assert nothing == 0
        assert full == pytest.approx(2 * half)

    def test_shared_scale(self, ax):
        show_grid(ax, [[1]], "output", strongest=4)
        weak = ax.patches[0].get_facecolor()[3]
        show_grid(ax, [[1]], "output")
        assert ax.patches[1].get_facecolor()[3] == pytest.approx(4 * weak)

    def test_here_is_a_wash_behind(self, ax):
        show_grid(ax, np.ones((4, 5)), "input", here=(0, 1, 3, 2))
        wash = ax.patches[0]
        assert (wash.get_xy(), wash.get_width(), wash.get_height()) == ((1, 0), 2, 3)
        assert to_hex(wash.get_facecolor()) == palette()["here"]
        assert wash.get_zorder() < min(cell.get_zorder() for cell in ax.patches[1:])

    def test_does_not_change_the_values(self, ax):
        values = np.array([[1.0, -2.0]])
        show_grid(ax, values, "input")
        assert values.tolist() == [[1.0, -2.0]]

    def test_bad_input(self, ax):
        with pytest.raises(ValueError, match=r"shape \(3,\)"):
            show_grid(ax, [1, 2, 3], "input")
        with pytest.raises(ValueError, match="input, response, output"):
            show_grid(ax, [[1]], "kernel")

    def test_words_labels_and_missing_cells(self, ax):
        words, missing = [["a", "b"], ["c", "d"]], [[False, True], [False, False]]
        show_grid(ax, [[1, 2], [3, 4]], "input", words=words, missing=missing, first=(-1, 5), size=9)
        assert texts(ax) == ["a", "b", "c", "d", "−1", "0", "5", "6"]
        assert [p.get_linestyle() in ("-", "solid") for p in ax.patches] == [True, False, True, True]
        assert to_hex(ax.texts[1].get_color()) == palette()["muted"]
        assert {text.get_fontsize() for text in ax.texts} == {9}

    def test_words_must_fill_the_grid(self, ax):
        with pytest.raises(ValueError):
            show_grid(ax, [[1, 2], [3, 4]], "input", words=["a"])


class TestOutline:
    @pytest.mark.parametrize("role", ROLES)
    def test_a_frame_with_a_name(self, ax, role):
        assert outline(ax, (1, 2, 3, 4), role, label="y[1,1]", dashed=True) is ax
        (frame,) = ax.patches
        assert (frame.get_xy(), frame.get_height(), frame.get_width()) == ((2, 1), 3, 4)
        assert to_hex(frame.get_edgecolor()) == palette()[role] and frame.get_linestyle() == "--"
        assert texts(ax) == ["y[1,1]"] and ax.texts[0].get_position() == (4, 2.5)

    def test_unknown_role(self, ax):
        with pytest.raises(ValueError, match="role must be one of"):
            outline(ax, (0, 0, 1, 1), "kernel")


class TestStems:
    @pytest.mark.parametrize("role", ROLES)
    def test_draws_the_samples(self, ax, role):
        assert stems(ax, [0, 1, 2], [3, -1, 2], role, label="y", xlabel="lag") is ax
        segments = ax.collections[0].get_segments()
        assert [tuple(segment[1]) for segment in segments] == [(0, 3), (1, -1), (2, 2)]
        assert to_hex(ax.collections[0].get_color()[0]) == palette()[role]
        assert ax.get_title() == "y" and ax.get_xlabel() == "lag"

    def test_roles_differ_by_more_than_colour(self, ax):
        looks = set()
        for role in ROLES:
            ax.clear()
            stems(ax, [0], [1], role)
            markers = tuple(line.get_marker() for line in ax.lines[:-1])
            looks.add((markers, ax.collections[0].get_linewidth()[0]))
        assert len(looks) == 3

    def test_bad_input(self, ax):
        with pytest.raises(ValueError, match=r"\(2,\) and \(3,\)"):
            stems(ax, [0, 1], [1, 2, 3], "input")
        with pytest.raises(ValueError, match="role must be one of"):
            stems(ax, [0], [1], "x")


class TestShowImage:
    def test_returns_the_axes_and_draws_the_values(self, ax):
        values = [[0.0, 2.0, -1.0], [0.5, 0.25, 1.0]]
        assert show_image(ax, values, title="x", low=-1, high=2) is ax
        (picture,) = ax.images
        assert np.array_equal(picture.get_array(), values)
        assert picture.get_clim() == (-1, 2) and ax.get_title() == "x"
        assert ax.get_ylim()[0] > ax.get_ylim()[1], "row 0 is at the top"

    def test_bad_input(self, ax):
        with pytest.raises(ValueError, match=r"rows and columns, got shape \(3,\)"):
            show_image(ax, [1, 2, 3])
        with pytest.raises(ValueError, match="low must be below high, got 1 and 0"):
            show_image(ax, [[1]], low=1, high=0)
