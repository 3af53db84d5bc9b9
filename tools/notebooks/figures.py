"""Figures as pages show them: without paper, at twice the size, in the page's font, drawn in light and in dark.

The kernels of the book run `install` before their first cell; a reader's own kernel does not. A drawing is a change
that holds while the figure is saved: the second gives every colour of the palette its dark counterpart.
"""

import base64
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from typing import Any

from IPython.core.formatters import BaseFormatter
from IPython.core.getipython import get_ipython
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text
from matplotlib.ticker import LogLocator, MaxNLocator
from PIL import Image
from traitlets import Unicode

from convlib.plotting import palette, ramp
from tools.notebooks import FIGURE

PIXELS = 100  # of a page for each inch of a figure: 11 points are 15 pixels
SCALE = 2
WIDEST, SMALLEST = 774, 12  # pixels: a figure, and its letters
TICKS = 4
PHOTO = 4096  # an image of more values is a photo or noise, for which lossy compression is made


def hexa(colour: Iterable[float]) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in list(colour)[:3])


def turned(colour: Any, theme: str, strict: bool = True) -> Any:
    """The colour's counterpart in a theme; one that the palette does not have is refused."""
    if colour is None or (len(colour) == 4 and colour[3] == 0):
        return colour
    role = next((role for role, light in palette().items() if light == hexa(colour)), None)
    if role is None and strict:
        raise ValueError(f"a figure draws in {hexa(colour)}, which is no colour of palette()")
    return (*to_rgb(palette(theme)[role]), *colour[3:]) if role else colour


class Renderer(RendererAgg):
    """Draws in the colours of one theme."""

    def __init__(self, theme: str, *size: float) -> None:
        self.turned = partial(turned, theme=theme)
        super().__init__(*size)
        for name in ("draw_markers", "draw_path_collection", "draw_quad_mesh"):
            delattr(self, name)  # those of the base class draw path by path

    def own(self, gc: GraphicsContextBase) -> GraphicsContextBase:
        mine = self.new_gc()
        mine.copy_properties(gc)
        if gc.get_linewidth():
            mine.set_foreground(self.turned(gc.get_rgb()), isRGBA=True)
        return mine

    def draw_path(self, gc: Any, path: Any, transform: Any, rgbFace: Any = None) -> None:
        super().draw_path(self.own(gc), path, transform, self.turned(rgbFace))

    def draw_text(self, gc: Any, *given: Any, **more: Any) -> None:
        super().draw_text(self.own(gc), *given, **more)

    def draw_quad_mesh(self, *given: Any, **more: Any) -> None:
        strict, self.turned = self.turned, partial(self.turned, strict=False)  # its colours are those of a ramp
        super().draw_quad_mesh(*given, **more)
        self.turned = strict


class Canvas(FigureCanvasAgg):
    def __init__(self, figure: Figure, theme: str) -> None:
        super().__init__(figure)
        self.theme = theme

    def get_renderer(self) -> RendererAgg:
        size = (*self.get_width_height(physical=True), self.figure.dpi)
        if self._lastKey != size:
            self.renderer, self._lastKey = Renderer(self.theme, *size), size
        return self.renderer


@contextmanager
def themed(theme: str, figure: Figure) -> Iterator[None]:
    """The drawing in the colours of a theme, without paper."""
    canvas = figure.canvas
    mapped = figure.findobj(lambda artist: hasattr(artist, "set_cmap") and artist.get_array() is not None)
    maps = [(artist, artist.get_cmap()) for artist in mapped]
    papers = [(ax.patch, ax.patch.get_visible()) for ax in figure.axes]
    try:
        Canvas(figure, theme)
        for artist, cmap in maps:
            if set(roles := cmap.name.split("-")) <= set(palette()):
                artist.set_cmap(ramp(*roles, theme=theme))
        for patch, visible in papers:
            patch.set_visible(visible and hexa(patch.get_facecolor()) != palette()["paper"])
        yield
    finally:
        figure.set_canvas(canvas)
        for artist, cmap in maps:
            artist.set_cmap(cmap)
        for patch, visible in papers:
            patch.set_visible(visible)


DRAWINGS = {theme: partial(themed, theme) for theme in ("light", "dark")}


def few_ticks(figure: Figure) -> None:
    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
        locator = axis.get_major_locator()
        if isinstance(locator, MaxNLocator):
            low, high = sorted(axis.get_view_interval())
            for steps in range(TICKS + 1, 1, -1):
                locator.set_params(nbins=steps)
                if sum(low <= tick <= high for tick in locator()) <= TICKS:
                    break
        elif isinstance(locator, LogLocator):
            locator.set_params(numticks=TICKS)


def letters(figure: Figure) -> float:
    """Height of the smallest letters in pixels of the page."""
    sizes = [text.get_fontsize() for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    return min(sizes, default=72.0) * PIXELS / 72


def saved(figure: Figure) -> bytes:
    """The figure as WebP: without loss, or a photo with as little as one sees."""
    photo = any(image.get_array().size > PHOTO for ax in figure.axes for image in ax.images)
    how = {"quality": 85} if photo else {"lossless": True}
    empty = {"facecolor": "none", "edgecolor": "none"}
    out, dpi = BytesIO(), SCALE * PIXELS
    figure.savefig(out, format="webp", dpi=dpi, bbox_inches="tight", pil_kwargs=how, **empty)
    return out.getvalue()


def shown(figure: Figure) -> dict[str, Any]:
    """Every drawing of a figure, how large it is on a page, and how narrow it may become."""
    few_ticks(figure)
    pictures = {}
    for name, drawing in DRAWINGS.items():
        with drawing(figure):
            pictures[name] = saved(figure)
    width, height = (side // SCALE for side in Image.open(BytesIO(pictures["light"])).size)
    smallest = letters(figure)
    if width > WIDEST or smallest < SMALLEST:
        raise ValueError(
            f"a figure is {width} pixels wide, with letters of {smallest:.1f} pixels: "
            f"a page has room for {WIDEST}, and letters have {SMALLEST} or more"
        )
    size = {"width": width, "height": height, "narrowest": round(width * SMALLEST / smallest)}
    return size | {name: base64.b64encode(picture).decode() for name, picture in pictures.items()}


class Pages(BaseFormatter):
    """Puts what pages show beside the figure's own picture."""

    format_type = Unicode(FIGURE)
    _return_type = dict

    def __call__(self, obj: Any) -> dict[str, Any] | None:
        return shown(obj) if isinstance(obj, Figure) else None


def install(fonts: Iterable[str], draw: bool) -> None:
    """Know the page's fonts; for a page, draw figures as it shows them."""
    for font in fonts:
        fontManager.addfont(font)
    if draw:
        formatter = get_ipython().display_formatter
        formatter.formatters[FIGURE] = Pages(parent=formatter)
