"""Static figures in the course's look: each takes an axes, returns it, and computes nothing.

Colours come from `palette.json`. Each role has a mark of its own besides its hue: the input a
stem with a round head, the response a square head and a dashed line, the output a thick bar.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.font_manager import fontManager
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

__all__ = ["outline", "palette", "ramp", "show_grid", "show_image", "stems", "use_style"]
Role: TypeAlias = Literal["input", "response", "output"]
ROLES = ("input", "response", "output")
STRONGEST = 0.45  # opacity of the largest value's cell: ink on it stays above 4.5:1
CHIP_GAP = 0.08
SANS, ITALIC = "Source Sans 3", "Source Serif 4"  # of the pages: words, and letters of formulas
MARKS = {"input": "o", "response": "s", "output": ""}
LINES = {"input": "-", "response": "--", "output": "-"}
WIDTHS = {"input": 1.8, "response": 1.8, "output": 7.0}


@cache
def palette(theme: str = "light") -> Mapping[str, str]:
    """Colours of the course by role.

    Parameters
    ----------
    theme : {"light", "dark"}
        Which of the two sets.

    Returns
    -------
    dict
        Hex colours for input, response, output, here, ink, muted, line and paper.

    Raises
    ------
    ValueError
        When there is no such theme.

    Examples
    --------
    >>> palette()["paper"]
    '#ffffff'
    """
    themes = json.loads(files("convlib").joinpath("palette.json").read_text(encoding="utf-8"))
    if theme not in themes:
        raise ValueError(f"theme must be one of {', '.join(themes)}, got {theme!r}")
    colours: dict[str, str] = themes[theme]
    return colours


def ramp(*roles: str, theme: str = "light") -> LinearSegmentedColormap:
    """Colour map for values, from one colour of the course to the next.

    Parameters
    ----------
    *roles : str
        Names of `palette`, the smallest value's first: ``"paper", "output"`` for what is never
        negative, ``"response", "paper", "input"`` for what has a sign.
    theme : {"light", "dark"}
        Which of the two sets.

    Returns
    -------
    matplotlib.colors.LinearSegmentedColormap
        Named after the roles.

    Raises
    ------
    ValueError
        When there is no such role or theme, or fewer than two roles.

    Examples
    --------
    >>> ramp("paper", "output").name
    'paper-output'
    """
    colours = palette(theme)
    if len(roles) < 2 or not set(roles) <= set(colours):
        raise ValueError(f"roles must be two or more of {', '.join(colours)}, got {', '.join(roles) or 'none'}")
    return LinearSegmentedColormap.from_list("-".join(roles), [colours[role] for role in roles])


def use_style() -> None:
    """Set matplotlib's defaults to the course's look; call it once per notebook.

    The course's font is used where matplotlib knows it; the book's build tells it.

    Examples
    --------
    >>> use_style()
    >>> plt.rcParams["text.color"] == palette()["ink"]
    True
    """
    c = palette()
    plt.rcParams.update(
        {
            "figure.facecolor": c["paper"],
            "axes.facecolor": c["paper"],
            "savefig.facecolor": c["paper"],
            "figure.dpi": 120,
            "font.size": 11,
            "axes.titlesize": 11,
            "axes.titleweight": "normal",
            "axes.edgecolor": c["line"],
            "axes.labelcolor": c["muted"],
            "axes.spines.top": False,
            "axes.spines.right": False,
            "text.color": c["ink"],
            "xtick.color": c["muted"],
            "ytick.color": c["muted"],
            "legend.frameon": False,
            "lines.linewidth": 1.8,
        }
    )
    if {SANS, ITALIC} <= set(fontManager.get_font_names()):
        plt.rcParams.update(
            {
                "font.family": [SANS, "sans-serif"],
                "mathtext.fontset": "custom",
                "mathtext.rm": SANS,
                "mathtext.it": f"{ITALIC}:italic",
                "mathtext.cal": SANS,  # used nowhere; its usual font is missing on many machines
            }
        )


def show_grid(
    ax: Axes,
    values: ArrayLike,
    role: Role,
    *,
    title: str = "",
    here: Sequence[int] | None = None,
    strongest: float | None = None,
    words: ArrayLike | None = None,
    missing: ArrayLike | None = None,
    first: Sequence[int] | None = None,
    size: float = 11,
) -> Axes:
    """Draw a small matrix as a grid of numbers.

    The strength of a cell's tint is the size of its value. Kernels (role "response") are drawn
    as outlined chips, images and outputs as tiles.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw; one unit per cell, row 0 at the top.
    values : array_like, shape (H, W)
        The numbers, written with at most two decimals.
    role : {"input", "response", "output"}
        What the matrix is; sets colour and mark.
    title : str
        Written above the grid.
    here : (row, column, height, width), optional
        The window to wash with the "here" colour and to frame.
    strongest : float, optional
        The absolute value that gets the full tint; by default the largest in `values`.
    words : array_like of str, shape (H, W), optional
        Written in the cells in place of the numbers.
    missing : array_like of bool, shape (H, W), optional
        Cells that stand for entries which do not exist: dashed and pale.
    first : (row, column), optional
        Labels of the first row and column; all labels are then written at the edges.
    size : float
        Font size in points.

    Returns
    -------
    matplotlib.axes.Axes
        The same axes.

    Raises
    ------
    ValueError
        When `values` is not two-dimensional or the role is unknown.

    Examples
    --------
    >>> figure, ax = plt.subplots()
    >>> show_grid(ax, [[1, 2], [3, 4]], "input", title="x").get_title()
    'x'
    >>> plt.close(figure)
    """
    _check_role(role)
    grid = np.asarray(values)
    if grid.ndim != 2:
        raise ValueError(f"values must have rows and columns, got shape {grid.shape}")
    scale = strongest or float(np.abs(grid).max(initial=0)) or 1.0
    if here is not None:
        _mark_window(ax, *here)
    texts = [_number(v) for v in grid.flat] if words is None else np.asarray(words).ravel().tolist()
    gone = np.zeros(grid.shape, bool) if missing is None else np.asarray(missing, bool)
    for ((row, col), value), text in zip(np.ndenumerate(grid), texts, strict=True):
        strength = min(abs(float(value)) / scale, 1.0)
        ax.add_patch(_no_cell(row, col) if gone[row, col] else _cell(row, col, strength, role))
        colour = palette()["muted" if gone[row, col] else "ink"]
        ax.text(col + 0.5, row + 0.5, text, ha="center", va="center", fontsize=size, color=colour)
    if first is not None:
        _write_labels(ax, grid.shape, first, size)
    ax.set(xlim=(-0.05, grid.shape[1] + 0.05), ylim=(grid.shape[0] + 0.05, -0.05), aspect="equal")
    ax.set_title(title, pad=6 if first is None else 8 + 1.2 * size)
    ax.axis("off")
    return ax


def show_image(ax: Axes, image: ArrayLike, *, title: str = "", low: float = 0.0, high: float = 1.0) -> Axes:
    """Draw a picture in grey, pixel by pixel.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw; row 0 at the top.
    image : array_like, shape (H, W)
        Grey values.
    title : str
        Written above the picture.
    low, high : float
        The values drawn black and white; what lies beyond is drawn black or white too.

    Returns
    -------
    matplotlib.axes.Axes
        The same axes.

    Raises
    ------
    ValueError
        When `image` is not two-dimensional, or `low` is not below `high`.

    Examples
    --------
    >>> figure, ax = plt.subplots()
    >>> show_image(ax, [[0, 1], [1, 0]], title="x").get_title()
    'x'
    >>> plt.close(figure)
    """
    pixels = np.asarray(image)
    if pixels.ndim != 2:
        raise ValueError(f"image must have rows and columns, got shape {pixels.shape}")
    if not low < high:
        raise ValueError(f"low must be below high, got {low} and {high}")
    ax.imshow(pixels, cmap="gray", vmin=low, vmax=high, interpolation="nearest")
    ax.set_title(title)
    ax.axis("off")
    return ax


def outline(
    ax: Axes, window: Sequence[int], role: Role, *, label: str = "", dashed: bool = False, size: float = 11
) -> Axes:
    """Draw a frame around a window of a grid, with a name in its middle.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where a grid was drawn by `show_grid`.
    window : (row, column, height, width)
        The cells inside the frame.
    role : {"input", "response", "output"}
        Sets the colour.
    label : str
        Written in the middle of the window.
    dashed : bool
        Whether the line is dashed, to tell two windows apart.
    size : float
        Font size in points.

    Returns
    -------
    matplotlib.axes.Axes
        The same axes.

    Raises
    ------
    ValueError
        When the role is unknown.

    Examples
    --------
    >>> figure, ax = plt.subplots()
    >>> len(outline(ax, (0, 1, 3, 3), "output", label="y").patches)
    1
    >>> plt.close(figure)
    """
    _check_role(role)
    row, col, height, width = window
    style: dict[str, Any] = {"linestyle": "--" if dashed else "-", "linewidth": 2.2, "zorder": 4}
    ax.add_patch(Rectangle((col, row), width, height, fill=False, edgecolor=palette()[role], **style))
    middle = (col + width / 2, row + height / 2)
    ax.text(*middle, label, ha="center", va="center", fontsize=size, color=palette()[role], zorder=5)
    return ax


def stems(ax: Axes, n: ArrayLike, values: ArrayLike, role: Role, *, label: str = "", xlabel: str = "n") -> Axes:
    """Draw a sequence of samples with the marks of its role.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw.
    n : array_like, shape (N,)
        Sample indices or lags.
    values : array_like, shape (N,)
        Samples.
    role : {"input", "response", "output"}
        What the sequence is; sets colour and mark.
    label : str
        Written above the axes.
    xlabel : str
        Symbol (and unit) of the horizontal axis.

    Returns
    -------
    matplotlib.axes.Axes
        The same axes.

    Raises
    ------
    ValueError
        When the role is unknown or the lengths differ.

    Examples
    --------
    >>> figure, ax = plt.subplots()
    >>> stems(ax, [0, 1, 2], [3, -1, 2], "response", label="h").get_xlabel()
    'n'
    >>> plt.close(figure)
    """
    _check_role(role)
    places, samples = np.asarray(n), np.asarray(values)
    if places.shape != samples.shape or places.ndim != 1:
        raise ValueError(f"n and values must be rows of equal length, got {places.shape} and {samples.shape}")
    colour = palette()[role]
    ax.vlines(places, 0, samples, color=colour, linestyle=LINES[role], linewidth=WIDTHS[role])
    if MARKS[role]:
        ax.plot(places, samples, MARKS[role], color=colour)
    ax.axhline(0, color=palette()["line"], linewidth=1, zorder=0)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.margins(y=0.1)
    ax.set_title(label)
    ax.set_xlabel(xlabel)
    return ax


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise ValueError(f"role must be one of {', '.join(ROLES)}, got {role!r}")


def _mark_window(ax: Axes, row: int, col: int, height: int, width: int) -> None:
    wash = Rectangle((col, row), width, height, facecolor=palette()["here"], zorder=0)
    frame = Rectangle((col, row), width, height, fill=False, edgecolor=palette()["ink"], zorder=3)
    ax.add_patch(wash)
    ax.add_patch(frame)


def _cell(row: int, col: int, strength: float, role: Role) -> Rectangle | FancyBboxPatch:
    tint = to_rgba(palette()[role], STRONGEST * strength)
    if role != "response":
        return Rectangle((col, row), 1, 1, facecolor=tint, edgecolor=palette()["line"])
    side = 1 - 2 * CHIP_GAP
    return FancyBboxPatch(
        (col + CHIP_GAP, row + CHIP_GAP),
        side,
        side,
        boxstyle="round,pad=0,rounding_size=0.15",
        facecolor=tint,
        edgecolor=palette()[role],
    )


def _no_cell(row: int, col: int) -> Rectangle:
    edge: dict[str, Any] = {"edgecolor": palette()["muted"], "linestyle": (0, (2, 3)), "linewidth": 0.8}
    return Rectangle((col + 0.04, row + 0.04), 0.92, 0.92, facecolor="none", **edge)


def _write_labels(ax: Axes, shape: tuple[int, ...], first: Sequence[int], size: float) -> None:
    style: dict[str, Any] = {"color": palette()["muted"], "fontsize": size}
    for i in range(shape[0]):
        ax.text(-0.2, i + 0.5, _number(first[0] + i), ha="right", va="center", **style)
    for j in range(shape[1]):
        ax.text(j + 0.5, -0.2, _number(first[1] + j), ha="center", va="bottom", **style)


def _number(value: Any) -> str:
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")
