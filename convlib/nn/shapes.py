"""Where the windows of a layer lie on its images, and what is said when they do not fit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from convlib.arguments import numbers, whole, wholes

Array = npt.NDArray[Any]
Pair = tuple[int, int]
Shape = tuple[int, ...]
Part = tuple[slice, slice]

# A tile that leaves the second-level cache takes longer to copy and to read.
TILE_BYTES = 2**20
# With fewer columns than this a matrix product spends its time on packing.
FEWEST_COLUMNS = 128
# Least rows of a tile for which copying them in one go pays, and the products in the time of a short copy.
FEWEST_ROWS, SHORT_COPY = 8, 200


@dataclass(frozen=True)
class Fit:
    """How the windows of the filters lie on images of one shape; all sizes have been checked."""

    shape: Shape  # of the images: (N, C, H, W)
    filters: Shape  # (F, C / groups, kH, kW)
    stride: Pair
    before: Pair  # rows of zeros above, columns left
    after: Pair  # below, right
    dilation: Pair
    groups: int
    out: Pair  # windows along each axis: (Ho, Wo)

    @property
    def depth(self) -> int:
        """Entries of one filter: the length of a column."""
        return self.filters[1] * self.filters[2] * self.filters[3]

    def grouped(self, images: Array) -> Array:
        """Show (N, channels, …) as (groups, channels of a group, N, …)."""
        parts = images.reshape(len(images), self.groups, -1, *images.shape[2:])
        return parts.transpose(1, 2, 0, 3, 4)

    def columns(self, itemsize: int) -> int:
        """Columns that a tile may have."""
        filters = self.filters[0] // self.groups
        # Columns in, products out; with fewer columns than filters these are read too often.
        room = TILE_BYTES // (itemsize * (self.depth + filters))
        return max(room, filters, FEWEST_COLUMNS)

    def by_rows(self, itemsize: int) -> bool:
        """Whether windows are faster as `_rows` shows them: a few outputs in vain, but far fewer copies."""
        filters, in_vain = self.filters[0] // self.groups, self.dilation[1] * (self.filters[3] - 1)
        # Each row saves `depth` short copies; it costs one per filter to store it, and products in vain.
        pays = self.depth > filters * (1 + self.depth * in_vain / SHORT_COPY)
        rows = self.columns(itemsize) // self.out[1]
        return self.stride == (1, 1) and in_vain > 0 and rows >= FEWEST_ROWS and pays

    def tiles(self, itemsize: int) -> tuple[list[slice], list[slice], list[Part]]:
        """Cut the output into tiles: slices of groups, of images, and of (rows, columns)."""
        room = self.columns(itemsize)
        columns = min(self.out[1], room)
        rows = min(self.out[0], room // columns)
        groups = min(self.groups, max(1, room // (self.out[0] * self.out[1])))
        images = max(1, room // (groups * rows * columns))
        across = _cuts(self.out[1], columns) if columns < self.out[1] else [slice(None)]
        places = product(_cuts(self.out[0], rows), across)
        return _cuts(self.groups, groups), _cuts(self.shape[0], images), list(places)

    def mirrored(self) -> Fit | None:
        """The windows on the output that a correlation with turned filters needs to undo this one.

        They exist for stride 1, and serve where columns get at most twice as long by it and images
        are large beside the filters.
        """
        reach = _reach(self.filters, self.dilation)
        before, after = ((reach[0] - 1 - zeros[0], reach[1] - 1 - zeros[1]) for zeros in (self.before, self.after))
        filters = (self.shape[1], self.filters[0] // self.groups, *self.filters[2:])
        # In copies of a column: adding its products costs two of them, turning a filter one and a half.
        spared = (2.1 - filters[1] / self.filters[1]) * self.shape[0] * self.shape[2] * self.shape[3]
        if self.stride != (1, 1) or min(before + after) < 0 or spared < 1.5 * filters[1]:
            return None
        shape, out = (self.shape[0], self.filters[0], *self.out), (self.shape[2], self.shape[3])
        return Fit(shape, filters, (1, 1), before, after, self.dilation, self.groups, out)

    @property
    def room(self) -> Pair:
        """Rows and columns of an image with its border."""
        (top, left), (low, right), (high, wide) = self.before, self.after, self.shape[2:]
        return top + high + low, left + wide + right

    def canvas(self, images: Array) -> Array:
        """Zeros with room for some grouped images and their border."""
        return np.zeros((*images.shape[:-2], *self.room), images.dtype)

    def inside(self, canvas: Array) -> Array:
        """Show the images of a canvas without their border."""
        (top, left), (high, wide) = self.before, self.shape[2:]
        return canvas[..., top : top + high, left : left + wide]

    def windows(self, canvas: Array) -> Array:
        """Show a canvas as windows: (groups, C / groups, kH, kW, N, Ho, Wo)."""
        reach = [d * (k - 1) + 1 for k, d in zip(self.filters[2:], self.dilation, strict=True)]
        (down, right), (low, aside) = self.stride, self.dilation
        dense = sliding_window_view(canvas, reach, axis=(3, 4), writeable=True)
        return dense[..., ::down, ::right, ::low, ::aside].transpose(0, 1, 5, 6, 2, 3, 4)

    def windows_of(self, images: Array, blocks: list[slice], whole_rows: bool = False) -> Iterator[Array]:
        """Show grouped images, with zeros around them, as windows: one block, then the next."""
        if whole_rows:
            canvas, windows = self._rows(images[:, :, blocks[0]])
        elif any(self.before + self.after):
            canvas = self.canvas(images[:, :, blocks[0]])
            windows = self.windows(canvas)
        else:
            windows = self.windows(images)
            yield from (windows[:, :, :, :, block] for block in blocks)
            return
        inside = self.inside(canvas)
        for block in blocks:  # every block is drawn over the last one
            few = images[:, :, block]
            inside[:, :, : few.shape[2]] = few
            yield windows[:, :, :, :, : few.shape[2]]

    def _rows(self, images: Array) -> tuple[Array, Array]:
        """Make a canvas for images, and show it as windows with as many columns as the canvas has.

        The rows of such windows lie one behind the other, so they are copied in one go. The last
        columns belong to no output: they begin in one row and end in the next.
        """
        rows, columns = self.room
        shape, tail = (*images.shape[:-2], rows, columns), self.dilation[1] * (self.filters[3] - 1)
        flat = np.zeros(math.prod(shape) + tail, images.dtype)
        canvas = flat[: flat.size - tail].reshape(shape)
        group, channel, image, down, right = canvas.strides
        low, aside = self.dilation
        sizes = (*shape[:2], *self.filters[2:], shape[2], self.out[0], columns)
        steps = (group, channel, low * down, aside * right, image, down, right)
        windows: Array = np.ndarray(sizes, flat.dtype, flat, strides=steps)
        return canvas, windows


def fit_windows(
    x_shape: Shape,
    w_shape: Shape,
    stride: int | Pair = 1,
    padding: int | Pair | str = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
) -> Fit:
    """Say where the windows of a convolutional layer lie, or why they do not fit.

    Parameters
    ----------
    x_shape, w_shape : tuple of int
        Shapes of images and filters: (N, C, H, W) and (F, C / groups, kH, kW).
    stride, padding, dilation, groups
        As in `convlib.nn.conv2d`.

    Returns
    -------
    Fit

    Raises
    ------
    ValueError
        Shapes do not fit one another or an option is out of range.
    TypeError
        An option is no whole number.

    Examples
    --------
    >>> fit_windows((1, 3, 224, 224), (64, 3, 7, 7), stride=2, padding=3).out
    (112, 112)
    """
    _check_layout(x_shape, w_shape, "(F, C / groups, kH, kW)")
    groups, stride, dilation = _options(stride, dilation, groups)
    channels, per_group = x_shape[1], w_shape[1]
    if channels % groups or w_shape[0] % groups or channels // groups != per_group:
        raise ValueError(
            f"x has shape {x_shape}, w has shape {w_shape} and groups is {groups}; allowed: "
            f"groups divides the {channels} channels of x and the {w_shape[0]} filters of w, and "
            "w.shape[1] is x.shape[1] / groups"
        )
    before, after = _zeros(padding, w_shape, stride, dilation)
    reach = _reach(w_shape, dilation)
    room = [n + a + b for n, a, b in zip(x_shape[2:], before, after, strict=True)]
    if any(k > n for k, n in zip(reach, room, strict=True)):
        raise ValueError(
            f"w has shape {w_shape} and spans {reach[0]} × {reach[1]} pixels with dilation {dilation}, more than x "
            f"{x_shape}, which is {room[0]} × {room[1]} with its padding"
        )
    down, right = ((n - k) // s + 1 for n, k, s in zip(room, reach, stride, strict=True))
    return Fit(x_shape, w_shape, stride, before, after, dilation, groups, (down, right))


def fit_transposed(
    x_shape: Shape,
    w_shape: Shape,
    stride: int | Pair = 1,
    padding: int | Pair | str = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
    output_padding: int | Pair = 0,
) -> Fit:
    """Say where the windows lie on the *output* of a transposed layer, or why they do not fit.

    Parameters
    ----------
    x_shape, w_shape : tuple of int
        Shapes of images and filters: (N, C, H, W) and (C, F / groups, kH, kW).
    stride, padding, dilation, groups, output_padding
        As in `convlib.nn.conv_transpose2d`.

    Returns
    -------
    Fit
        Of the layer that goes the other way: its ``shape`` is that of the output.

    Raises
    ------
    ValueError
        Shapes do not fit one another or an option is out of range.
    TypeError
        An option is no whole number.

    Examples
    --------
    >>> fit_transposed((1, 8, 14, 14), (8, 3, 2, 2), stride=2).shape
    (1, 3, 28, 28)
    """
    _check_layout(x_shape, w_shape, "(C, F / groups, kH, kW)")
    groups, stride, dilation = _options(stride, dilation, groups)
    if x_shape[1] != w_shape[0] or x_shape[1] % groups:
        raise ValueError(
            f"x has shape {x_shape}, w has shape {w_shape} and groups is {groups}; allowed: "
            f"w.shape[0] is the number of channels of x, {x_shape[1]}, and groups divides it"
        )
    extra = pair("output_padding", output_padding, 0)
    if any(e >= s for e, s in zip(extra, stride, strict=True)):
        raise ValueError(f"output_padding is {extra}; allowed: less than stride, which is {stride}")
    before, after = _zeros(padding, w_shape, stride, dilation)
    reach = _reach(w_shape, dilation)
    high, wide = (
        (n - 1) * s + k + e - a - b
        for n, s, k, e, a, b in zip(x_shape[2:], stride, reach, extra, before, after, strict=True)
    )
    if min(high, wide) < 1:
        raise ValueError(
            f"x has shape {x_shape}, w has shape {w_shape} and padding is {padding!r}: the output would be "
            f"{high} × {wide} pixels; allowed: less padding"
        )
    shape = (x_shape[0], w_shape[1] * groups, high, wide)
    return Fit(shape, w_shape, stride, before, after, dilation, groups, (x_shape[2], x_shape[3]))


def floats(**arrays: npt.ArrayLike) -> list[Array]:
    """Turn arguments into float32 or float64 arrays of one type, or say which one cannot be.

    Parameters
    ----------
    **arrays : array_like
        The arguments by name: float32, float64, integers or bool.

    Returns
    -------
    list of ndarray
        float32 if that holds them all, else float64; no copies of what has that type already.

    Raises
    ------
    ValueError
        An argument is empty or ragged.
    TypeError
        An argument has another type.

    Examples
    --------
    >>> floats(x=[1, 2], w=[0.5])
    [array([1., 2.]), array([0.5])]
    >>> floats(x=[1j])
    Traceback (most recent call last):
    TypeError: x has dtype complex128; allowed: float32, float64, integers, bool
    """
    found = {name: numbers(name, values) for name, values in arrays.items()}
    for name, array in found.items():
        if array.dtype.kind not in "biu" and array.dtype.newbyteorder("=") not in (np.float32, np.float64):
            raise TypeError(f"{name} has dtype {array.dtype}; allowed: float32, float64, integers, bool")
    kind = np.result_type(*found.values()).newbyteorder("=")
    kind = kind if kind.kind == "f" else np.dtype(np.float64)
    return [array.astype(kind, copy=False) for array in found.values()]


def expect(name: str, shape: Shape, wanted: Shape, why: str) -> None:
    """Refuse an argument that does not have the shape that others imply.

    Parameters
    ----------
    name : str
        The argument, for the message.
    shape, wanted : tuple of int
        The shape that it has, and the shape that it must have.
    why : str
        Where that comes from.

    Raises
    ------
    ValueError
        The shapes differ.

    Examples
    --------
    >>> expect("b", (2,), (3,), "one entry per filter")
    Traceback (most recent call last):
    ValueError: b has shape (2,); allowed: (3,), one entry per filter
    """
    if shape != wanted:
        raise ValueError(f"{name} has shape {shape}; allowed: {wanted}, {why}")


def pair(name: str, value: int | Pair, least: int) -> Pair:
    """Turn a whole number, or two for (vertical, horizontal), into a pair.

    Parameters
    ----------
    name : str
        The argument, for the message.
    value : int or pair of int
        What the caller passed.
    least : int
        The least that is allowed.

    Returns
    -------
    tuple of two int

    Raises
    ------
    ValueError
        There are not two, or one is less than ``least``.
    TypeError
        They are no whole numbers.

    Examples
    --------
    >>> pair("stride", 2, least=1), pair("stride", (1, 3), least=1)
    ((2, 2), (1, 3))
    """
    down, right = wholes(name, value, 2, least)
    return down, right


def _check_layout(x_shape: Shape, w_shape: Shape, layout: str) -> None:
    for name, shape, wanted in (("x", x_shape, "(N, C, H, W)"), ("w", w_shape, layout)):
        if len(shape) != 4:
            raise ValueError(f"{name} has shape {shape}; allowed: four axes, {wanted}")


def _options(stride: int | Pair, dilation: int | Pair, groups: int) -> tuple[int, Pair, Pair]:
    return whole("groups", groups, 1), pair("stride", stride, 1), pair("dilation", dilation, 1)


def _reach(w_shape: Shape, dilation: Pair) -> Pair:
    """Pixels from the first to the last that a filter reads."""
    return dilation[0] * (w_shape[2] - 1) + 1, dilation[1] * (w_shape[3] - 1) + 1


def _zeros(padding: int | Pair | str, w_shape: Shape, stride: Pair, dilation: Pair) -> tuple[Pair, Pair]:
    """Zeros (above, left) and (below, right)."""
    if isinstance(padding, str) and padding not in ("same", "valid"):
        raise ValueError(f"padding is {padding!r}; allowed: a whole number, a pair, 'same', 'valid'")
    if isinstance(padding, str) and padding == "same":
        if stride != (1, 1):
            raise ValueError(f"padding is 'same' and stride is {stride}; allowed with 'same': stride 1")
        high, wide = (reach - 1 for reach in _reach(w_shape, dilation))
        return (high // 2, wide // 2), (high - high // 2, wide - wide // 2)
    both = (0, 0) if isinstance(padding, str) else pair("padding", padding, 0)
    return both, both


def _cuts(length: int, step: int) -> list[slice]:
    return [slice(first, min(first + step, length)) for first in range(0, length, step)]
