"""How far one output of a stack of layers reads into its input."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from convlib.arguments import several

ORDER = ("kernel", "stride", "padding", "dilation")
LEAST = (1, 1, 0, 1)


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
