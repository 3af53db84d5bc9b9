"""What pages show of a figure: one drawing in light and one in dark, and the figure as it was."""

import base64
from io import BytesIO

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from convlib.plotting import palette, ramp, show_grid, stems, use_style
from tools import fonts
from tools.notebooks import figures


@pytest.fixture
def figure():
    with matplotlib.rc_context():
        use_style()
        made, axes = plt.subplots(1, 4, figsize=(6, 1.5), layout="constrained")
        stems(axes[0], range(9), range(9), "input", label="x")
        axes[0].scatter([1, 2], [7, 8], color=palette()["muted"])
        show_grid(axes[1], [[1, 2]], "response", here=(0, 0, 1, 1))
        axes[2].imshow([[0, 1]], cmap=ramp("paper", "output"))
        axes[3].pcolormesh([[0, 1]], cmap=ramp("paper", "output"), edgecolor=palette()["line"])
        yield made
        plt.close(made)


def pixels(drawing: str) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(base64.b64decode(drawing))).convert("RGBA"))


def has(drawn: np.ndarray, colour: str) -> bool:
    solid = drawn[drawn[..., 3] == 255][:, :3]
    return bool((np.abs(solid - 255 * np.array(to_rgb(colour))) < 1.5).all(axis=1).any())


def test_the_dark_drawing_has_the_dark_colours(figure):
    found = figures.shown(figure)
    for theme, other in (("light", "dark"), ("dark", "light")):
        drawn = pixels(found[theme])
        assert [side // 2 for side in drawn.shape[:2]] == [found["height"], found["width"]]
        assert drawn[0, 0, 3] == 0, "no paper"
        for role in ("input", "response", "output", "ink", "muted", "line", "here"):
            assert has(drawn, palette(theme)[role]), (theme, role)
            assert not has(drawn, palette(other)[role]), (theme, role)


def test_the_figure_stays_as_it_was(figure):
    def drawn() -> bytes:
        figure.savefig(out := BytesIO(), format="png")
        return out.getvalue()

    figures.few_ticks(figure)
    before, name = drawn(), str(figure)
    figures.shown(figure)
    assert drawn() == before and str(figure) == name
    low, high = figure.axes[0].get_xlim()
    assert 2 <= sum(low <= tick <= high for tick in figure.axes[0].get_xticks()) <= figures.TICKS


def test_a_photo_is_compressed_with_loss(figure):
    line_art = figures.saved(figure)
    noise = np.random.default_rng(0).random((100, 100))
    figure.axes[2].imshow(noise, cmap="gray")
    assert b"VP8L" in line_art[:64] and b"VP8L" not in figures.saved(figure)[:64]


def other_colour(ax):
    ax.plot([0, 1], color="red")


def small_letters(ax):
    ax.set_title("x", fontsize=8)


def too_wide(ax):
    ax.figure.set_size_inches(9, 1)


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [(other_colour, "draws in #ff0000"), (small_letters, "letters of 11.1"), (too_wide, "is 9.. pixels wide")],
)
def test_must_fail(figure, spoil, complaint):
    spoil(figure.axes[0])
    with pytest.raises(ValueError, match=complaint):
        figures.shown(figure)


def test_matplotlib_knows_the_fonts_of_the_pages(monkeypatch):
    monkeypatch.setattr(matplotlib.font_manager.fontManager, "ttflist", [])
    figures.install(map(str, fonts.for_figures()), draw=False)
    known = {(f.name, f.style, f.weight) for f in matplotlib.font_manager.fontManager.ttflist}
    assert known == {
        ("Source Sans 3", "normal", 400),
        ("Source Sans 3", "normal", 700),
        ("Source Serif 4", "italic", 400),
    }
