"""Convolution of Dask arrays: larger than memory, or spread over several machines."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from convlib.arguments import MODES, Array, choice, numbers, same_axes, shapes, valid
from convlib.ops import Mode, convolve


def convolve_dask(x: Any, h: npt.ArrayLike, mode: Mode = "full") -> Any:
    """Convolve a Dask array, chunk by chunk and only when its result is asked for.

    y[n] = Σ_k x[n−k]·h[k]

    Each chunk borrows from its neighbours the samples that its windows touch, through
    `dask.array.map_overlap`, and no more: len_h − 1 along each axis.

    Parameters
    ----------
    x : dask.array.Array, shape (len_x, …)
        Signal or image, in chunks of any sizes. Chunks shorter than len_h − 1 are joined.
    h : array_like, shape (len_h, …)
        Impulse response or kernel, in memory, with as many dimensions as ``x``.
    mode : {"full", "same", "valid"}
        Output length as in `convolve`.

    Returns
    -------
    dask.array.Array
        A lazy array. In "same" it has the chunks of ``x`` (those that were joined apart).

    Raises
    ------
    ValueError
        The numbers of dimensions differ, ``x`` is empty or does not know the sizes of its
        chunks, ``mode`` is unknown, or "valid" is asked of arrays of which neither contains
        the other.
    TypeError
        ``x`` is no Dask array, or ``h`` holds no numbers.

    See Also
    --------
    convlib.convolve : Arrays in memory.
    Stream : Blocks that come one after the other.

    Notes
    -----
    Types, NaN and errors are those of `convolve`, chunk by chunk; an OverflowError of integers
    comes when the result is computed. Dask is an optional extra of this
    repository: ``pip install ".[dask]"`` in its folder.

    References
    ----------
    Dask's manual, "Overlapping Computations".

    Derived in: chapter IV-3 "The price".

    Examples
    --------
    >>> import convlib
    >>> convlib.convolve_dask([1, 2, 3], [10, 1])
    Traceback (most recent call last):
    TypeError: x is a list; allowed: a Dask array; for arrays in memory use convolve
    """
    if not hasattr(x, "map_overlap"):
        raise TypeError(f"x is a {type(x).__name__}; allowed: a Dask array; for arrays in memory use convolve")
    h = numbers("h", h)
    choice("mode", mode, MODES)
    same_axes(x.shape, h.shape)
    if any(np.isnan(n) for n in x.shape):
        raise ValueError(f"{shapes(x.shape, h.shape)}; x must know its chunks: call x.compute_chunk_sizes() first")
    if 0 in x.shape:
        raise ValueError(f"x is empty: its shape is {x.shape}")
    valid(x.shape, h.shape, mode)
    y = _overlapped(x, h, mode == "same")
    if mode != "valid":
        return y
    return y[tuple(slice(min(n, k) - 1, max(n, k)) for n, k in zip(x.shape, h.shape, strict=True))]


def _overlapped(x: Any, h: Array, same: bool) -> Any:
    shift = tuple((k - 1) // 2 if same else 0 for k in h.shape)
    depths = [(k - 1 - s, s) for k, s in zip(h.shape, shift, strict=True)]
    x = x.rechunk(tuple(_at_least(n, max(*d, 1)) for n, d in zip(x.chunks, depths, strict=True)))
    # A single chunk has no neighbour; Dask would still ask it to be as long as the depth.
    depths = [d if count > 1 else (0, 0) for d, count in zip(depths, x.numblocks, strict=True)]
    rest = tuple(0 if same else k - 1 for k in h.shape)
    dtype = np.asarray(convolve(np.zeros(1, x.dtype), np.zeros(1, h.dtype))).dtype
    return x.map_overlap(
        _one_chunk,
        depth=dict(enumerate(depths)),
        boundary="none",
        trim=False,
        meta=np.empty((0,) * x.ndim, dtype),
        chunks=tuple((*n[:-1], n[-1] + r) for n, r in zip(x.chunks, rest, strict=True)),
        h=h,
        axes=list(zip(depths, shift, rest, x.numblocks, strict=True)),
    )


def _one_chunk(x: Array, h: Array, axes: list[Any], block_id: tuple[int, ...]) -> Array:
    """Outputs of one chunk, which comes with the samples borrowed from its neighbours."""
    cut = []
    for length, block, ((before, after), shift, rest, blocks) in zip(x.shape, block_id, axes, strict=True):
        last = block == blocks - 1
        start, stop = (before if block else 0), (length + rest if last else length - after)
        cut.append(slice(start + shift, stop + shift))
    # A copy, so that a chunk does not hold the overlap in memory.
    return np.array(convolve(x, h)[tuple(cut)])


def _at_least(sizes: tuple[int, ...], least: int) -> tuple[int, ...]:
    """Join neighbours until every chunk has that many samples, or all are one chunk."""
    joined: list[int] = []
    for n in sizes:
        if joined and joined[-1] < least:
            joined[-1] += n
        else:
            joined.append(n)
    if len(joined) > 1 and joined[-1] < least:
        joined[-2:] = [joined[-2] + joined[-1]]
    return tuple(joined)
