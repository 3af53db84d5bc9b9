"""The palette: contrast on paper and wash, and colours that stay apart for every eye."""

from typing import Any, ClassVar

import numpy as np
import pytest

from convlib.widgets.lib.base import palette


def linear(colour: str) -> np.ndarray[Any, Any]:
    """Return the linear-light RGB of ``#rrggbb``."""
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2."""
    low, high = sorted(linear(c) @ [0.2126, 0.7152, 0.0722] for c in (one, other))
    return float((high + 0.05) / (low + 0.05))


def lab(rgb: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return CIE L*a*b* (D65) of linear-light sRGB."""
    xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    ) @ np.clip(rgb, 0, 1)
    t = xyz / [0.95047, 1, 1.08883]
    f = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


class TestPalette:
    # Machado, Oliveira and Fernandes 2009, severity 1, on linear-light RGB
    SEEN_BY: ClassVar[dict[str, list[list[float]]]] = {
        "all cones": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        "protanopia": [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
        "deuteranopia": [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
        "tritanopia": [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    }

    def test_both_themes_have_the_same_roles(self) -> None:
        roles = ["input", "response", "output", "here", "ink", "muted", "line", "paper"]
        assert {theme: list(colours) for theme, colours in palette().items()} == {"light": roles, "dark": roles}

    @pytest.mark.parametrize("theme", ["light", "dark"])
    @pytest.mark.parametrize("role", ["input", "response", "output", "ink", "muted"])
    def test_text_and_marks_stand_out_from_paper(self, theme: str, role: str) -> None:
        colours = palette()[theme]
        assert contrast(colours[role], colours["paper"]) >= 4.5

    @pytest.mark.parametrize("theme", ["light", "dark"])
    @pytest.mark.parametrize("role", ["input", "ink", "muted"])
    def test_text_that_stands_on_the_wash(self, theme: str, role: str) -> None:
        colours = palette()[theme]
        assert contrast(colours[role], colours["here"]) >= 4.5

    @pytest.mark.parametrize("theme", ["light", "dark"])
    @pytest.mark.parametrize("eye", SEEN_BY)
    def test_data_colours_stay_apart(self, theme: str, eye: str) -> None:
        sees = np.array(self.SEEN_BY[eye])
        seen = [lab(sees @ linear(palette()[theme][role])) for role in ("input", "response", "output")]
        gaps = [np.linalg.norm(seen[i] - seen[j]) for i, j in ((0, 1), (0, 2), (1, 2))]
        assert min(gaps) >= 22
