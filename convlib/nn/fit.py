"""Where the windows of a layer lie on its images, or why they do not fit, and how far stacks of them reach."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from convlib.arguments import Array, Shape, several, whole, wholes

Pair = tuple[int, int]

ORDER = ("kernel", "stride", "padding", "dilation")
LEAST = (1, 1, 0, 1)


@dataclass(frozen=True)
class Fit:
    """How the windows of the filters lie on images of one shape; all sizes have been checked."""

    shape: Shape  # of the images: (N, C, H, W)
    filters: Shape  # (F, C / groups, kH, kW)
    stride: Shape
    before: Shape  # rows of zeros above, columns left
    after: Shape  # below, right
    dilation: Shape
    groups: int
    out: Shape  # windows along each axis: (Ho, Wo)

    @property
    def depth(self) -> int:
        """Entries of one filter: the length of a column."""
        return math.prod(self.filters[1:])

    @property
    def room(self) -> Shape:
        """Rows and columns of an image with its border."""
        return _room(self.shape, self.before, self.after)

    def grouped(self, images: Array) -> Array:
        """Show (N, channels, …) as (groups, channels of a group, N, …)."""
        parts = images.reshape(len(images), self.groups, -1, *images.shape[2:])
        return parts.transpose(1, 2, 0, 3, 4)

    def canvas(self, images: Array) -> Array:
        """Zeros with room for some grouped images and their border."""
        return np.zeros((*images.shape[:-2], *self.room), images.dtype)

    def inside(self, canvas: Array) -> Array:
        """Show the images of a canvas without their border."""
        (top, left), (high, wide) = self.before, self.shape[2:]
        return canvas[..., top : top + high, left : left + wide]

    def windows(self, canvas: Array) -> Array:
        """Show a canvas as windows: (groups, C / groups, kH, kW, N, Ho, Wo)."""
        (down, right), (low, aside) = self.stride, self.dilation
        dense = sliding_window_view(canvas, reach(self.filters, self.dilation), axis=(3, 4), writeable=True)
        return dense[..., ::down, ::right, ::low, ::aside].transpose(0, 1, 5, 6, 2, 3, 4)


def fit_windows(
    x_shape: Shape,
    w_shape: Shape,
    stride: int | Pair = 1,
    padding: int | Pair | str = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
) -> Fit:
    """Say where the windows of `conv2d` lie, or why they do not fit.

    >>> fit_windows((1, 3, 224, 224), (64, 3, 7, 7), stride=2, padding=3).out
    (112, 112)
    """
    _check_layout(x_shape, w_shape, "(F, C / groups, kH, kW)")
    groups, steps, apart = _options(groups, stride, dilation)
    channels, per_group = x_shape[1], w_shape[1]
    if channels % groups or w_shape[0] % groups or channels // groups != per_group:
        raise ValueError(
            f"x has shape {x_shape}, w has shape {w_shape} and groups is {groups}; allowed: "
            f"groups divides the {channels} channels of x and the {w_shape[0]} filters of w, and "
            "w.shape[1] is x.shape[1] / groups"
        )
    span = reach(w_shape, apart)
    before, after = _zeros(padding, span, steps)
    room = _room(x_shape, before, after)
    if any(k > n for k, n in zip(span, room, strict=True)):
        raise ValueError(
            f"w has shape {w_shape} and spans {span[0]} × {span[1]} pixels with dilation {apart}, more than x "
            f"{x_shape}, which is {room[0]} × {room[1]} with its padding"
        )
    out = tuple((n - k) // s + 1 for n, k, s in zip(room, span, steps, strict=True))
    return Fit(x_shape, w_shape, steps, before, after, apart, groups, out)


def fit_transposed(
    x_shape: Shape,
    w_shape: Shape,
    stride: int | Pair = 1,
    padding: int | Pair | str = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
    output_padding: int | Pair = 0,
) -> Fit:
    """Say where the windows of the layer that goes the other way lie on the *output* of `conv_transpose2d`.

    >>> fit_transposed((1, 8, 14, 14), (8, 3, 2, 2), stride=2).shape
    (1, 3, 28, 28)
    """
    _check_layout(x_shape, w_shape, "(C, F / groups, kH, kW)")
    groups, steps, apart = _options(groups, stride, dilation)
    if x_shape[1] != w_shape[0] or x_shape[1] % groups:
        raise ValueError(
            f"x has shape {x_shape}, w has shape {w_shape} and groups is {groups}; allowed: "
            f"w.shape[0] is the number of channels of x, {x_shape[1]}, and groups divides it"
        )
    extra = wholes("output_padding", output_padding, 2, 0)
    if any(e >= s for e, s in zip(extra, steps, strict=True)):
        raise ValueError(f"output_padding is {extra}; allowed: less than stride, which is {steps}")
    span = reach(w_shape, apart)
    before, after = _zeros(padding, span, steps)
    sizes = zip(x_shape[2:], steps, span, extra, before, after, strict=True)
    high, wide = ((n - 1) * s + k + e - a - b for n, s, k, e, a, b in sizes)
    if min(high, wide) < 1:
        raise ValueError(
            f"x has shape {x_shape}, w has shape {w_shape} and padding is {padding!r}: the output would be "
            f"{high} × {wide} pixels; allowed: less padding"
        )
    shape = (x_shape[0], w_shape[1] * groups, high, wide)
    return Fit(shape, w_shape, steps, before, after, apart, groups, x_shape[2:])


def reach(filters: Shape, dilation: Shape) -> Shape:
    """Pixels from the first to the last that a filter reads, along each axis."""
    return tuple(d * (k - 1) + 1 for k, d in zip(filters[2:], dilation, strict=True))


def _check_layout(x_shape: Shape, w_shape: Shape, layout: str) -> None:
    for name, shape, wanted in (("x", x_shape, "(N, C, H, W)"), ("w", w_shape, layout)):
        if len(shape) != 4:
            raise ValueError(f"{name} has shape {shape}; allowed: four axes, {wanted}")


def _options(groups: int, stride: int | Pair, dilation: int | Pair) -> tuple[int, Shape, Shape]:
    return whole("groups", groups, 1), wholes("stride", stride, 2, 1), wholes("dilation", dilation, 2, 1)


def _zeros(padding: int | Pair | str, span: Shape, stride: Shape) -> tuple[Shape, Shape]:
    """Zeros (above, left) and (below, right)."""
    if isinstance(padding, str) and padding not in ("same", "valid"):
        raise ValueError(f"padding is {padding!r}; allowed: a whole number, a pair, 'same', 'valid'")
    if isinstance(padding, str) and padding == "same":
        if stride != (1, 1):
            raise ValueError(f"padding is 'same' and stride is {stride}; allowed with 'same': stride 1")
        return tuple((k - 1) // 2 for k in span), tuple(k // 2 for k in span)
    both = (0, 0) if isinstance(padding, str) else wholes("padding", padding, 2, 0)
    return both, both


def _room(shape: Shape, before: Shape, after: Shape) -> Shape:
    return tuple(n + a + b for n, a, b in zip(shape[2:], before, after, strict=True))


class ReceptiveField(NamedTuple):
    """How far one output reads, along one axis: n reads from first + n·jump on, over size pixels.

    Parameters
    ----------
    size : int
        Pixels from the first to the last that one output reads.
    jump : int
        Pixels between what neighbouring outputs read: the product of the strides.
    first : int
        First pixel that output 0 reads; negative where it lies in the padding.
    """

    size: int
    jump: int
    first: int


def receptive_field(layers: Iterable[int | Sequence[int]]) -> ReceptiveField:
    """Say how far one output of a stack of layers reads into its input, along one axis.

    size ← size + dilation · (kernel − 1) · jump

    first ← first − padding · jump

    jump ← jump · stride

    layer by layer, starting from a single pixel: size 1, jump 1, first 0.

    Parameters
    ----------
    layers : iterable
        From the input to the output, each (kernel, stride, padding, dilation) as in `conv2d`; what
        is left out at the end is 1, 0 and 1, and a bare number is a kernel. Pooling is a layer
        with stride = kernel, and a layer that works on single pixels, such as `relu`, is none.

    Returns
    -------
    ReceptiveField
        (size, jump, first). Output n reads pixels first + n·jump … first + n·jump + size − 1: all of
        them if no layer is dilated or has a stride beyond its kernel; otherwise there may be holes.

    Raises
    ------
    ValueError
        A layer has no kernel or more than four numbers, or one of them is out of range.
    TypeError
        They are no whole numbers.

    References
    ----------
    Araujo, Norris and Sim, *Computing receptive fields of convolutional neural networks*, Distill 2019.

    Derived in: chapter I-4 "The layer".

    Examples
    --------
    >>> from convlib.nn import receptive_field
    >>> receptive_field([3, 3])  # 1 + 2 + 2: two layers of 3 see as far as one of 5
    ReceptiveField(size=5, jump=1, first=0)
    >>> receptive_field([(3, 2, 1), (2, 2), (3, 1, 0, 2)])  # 1 + 2·1 + 1·2 + 2·2·4
    ReceptiveField(size=21, jump=4, first=-1)
    """
    if not np.iterable(layers):
        raise TypeError(f"layers is {layers!r}; allowed: one after the other, such as a list")
    size, jump, first = 1, 1, 0
    for number, layer in enumerate(layers, 1):
        kernel, stride, padding, dilation = _layer(number, layer)
        size += dilation * (kernel - 1) * jump
        first -= padding * jump
        jump *= stride
    return ReceptiveField(size, jump, first)


def _layer(number: int, layer: int | Sequence[int]) -> tuple[int, ...]:
    allowed = f"a kernel, or ({', '.join(ORDER)}), whole numbers of at least {LEAST}"
    given = several(f"layer {number}", layer, 0, allowed=allowed)
    if not 1 <= len(given) <= 4 or any(a < b for a, b in zip(given, LEAST, strict=False)):
        raise ValueError(f"layer {number} is {layer!r}; allowed: {allowed}")
    return (*given, *LEAST[len(given) :])
