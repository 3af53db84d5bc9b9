"""Convolution of signals that come block by block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from convlib.arguments import Array, numbers, whole
from convlib.ops import convolve

NOTHING = np.empty(0)
SHORTEST_PIECE = 2**16  # fewer samples at once would pay more for each
LONG = 1024  # from this many taps on, many short blocks share the work on the past
SHARE = 8  # the echo is computed for the next eighth of the response


class Stream:
    """Convolve a signal block by block, in constant memory.

    y[n] = Σ_k x[n−k]·h[k]

    Block for block the output is as long as the input, without any delay: sample n comes out
    with the block that holds x[n]. `flush` ends the signal with the len_h − 1 samples in which
    it still rings. Together they are ``convolve(x, h)`` of the blocks joined, up to rounding.

    Parameters
    ----------
    h : array_like, shape (len_h,) or (channels, len_h)
        Impulse response, one for all channels or one for each. It is copied.
    block : int, optional
        Samples of a longer block that are computed at once: this bounds the memory in use. It
        is also the block of the error bound. By default eight lengths of ``h``, at least 65,536.

    Attributes
    ----------
    block : int
        As above.

    Raises
    ------
    ValueError
        ``h`` is empty, ragged or has more than two dimensions, or ``block`` is below 1.
    TypeError
        ``h`` holds no numbers or is masked, or ``block`` is no whole number.

    See Also
    --------
    convlib.convolve : The whole signal at once.
    convlib.convolve_dask : An array that is larger than memory.

    Notes
    -----
    - A block has the shape (samples,) or (channels, samples) and any length, 0 included. Sound
      that is read as (frames, channels) has to be transposed; with one response for all channels
      no stream can notice that it was not, as the last example shows.
    - The first block with samples fixes the channels and the type of x. A later block of a
      smaller type is converted (int8 in a stream of float64); any other is a TypeError.
    - Integers are exact, as in `convolve`. The limit is checked window by window, so the stream
      goes on where `convolve` would refuse the whole signal, up to the first block with a window
      that may overflow: this one raises OverflowError. After an error the stream is as it was
      before the block.
    - One NaN or infinity spoils exactly the outputs whose window touches it, in its channel.
    - Memory: the last len_h − 1 samples and a few times ``block``, however long the signal.
    - Cost: the one of `convolve` for blocks of several lengths of ``h``. For floating numbers
      and at least 1,024 taps, blocks up to len_h / 16 share the work on the past: what it still
      sends is computed in one go for the next len_h / 8 outputs, and one block in a few takes
      longer than the others.
    - A stream is one signal, so no two threads should feed it at once.

    References
    ----------
    Oppenheim and Schafer, *Discrete-Time Signal Processing*, 3rd ed., §8.7.3 (overlap-save).
    Gardner, "Efficient convolution without input-output delay", J. Audio Eng. Soc. 43
    (1995) 127.

    Derived in: chapter IV-3 "The price".

    Examples
    --------
    >>> import convlib
    >>> stream = convlib.Stream([10, 1])
    >>> stream.process([1, 2]), stream.process([3]), stream.flush()
    (array([10, 21]), array([32]), array([3]))
    >>> convlib.convolve([1, 2, 3], [10, 1])
    array([10, 21, 32,  3])

    Three frames of stereo with a click on the left. As they are, they pass as three channels, and
    the echo is heard on the right; transposed, it is heard one sample later, on the left:

    >>> frames = np.array([[1, 0], [0, 0], [0, 0]])
    >>> convlib.Stream([1, 10]).process(frames).tolist()
    [[1, 10], [0, 0], [0, 0]]
    >>> convlib.Stream([1, 10]).process(frames.T).T.tolist()
    [[1, 0], [10, 0], [0, 0]]
    """

    block: int
    _empty: Array | None  # no sample of x, but its channels and type
    _channels: list[_Channel]

    def __init__(self, h: npt.ArrayLike, block: int | None = None) -> None:
        self._h = numbers("h", h).copy()
        if self._h.ndim not in (1, 2):
            raise ValueError(f"h has shape {self._h.shape}; allowed: (len_h,) or (channels, len_h)")
        self.block = max(SHORTEST_PIECE, 8 * self._h.shape[-1]) if block is None else whole("block", block, 1)
        self._forget()

    def process(self, x_block: npt.ArrayLike) -> Array:
        """Take the next samples of x and return as many of y.

        Parameters
        ----------
        x_block : array_like, shape (samples,) or (channels, samples)
            The next samples, any number of them. They are copied where they are still needed.

        Returns
        -------
        ndarray, shape of ``x_block``
            The outputs at the same instants, in the type of `convolve`.

        Raises
        ------
        ValueError
            The block is ragged or its shape does not fit this stream or ``h``.
        TypeError
            It holds no numbers or is masked, or its type does not fit into that of the first block.
        OverflowError
            Integers whose result might not fit.

        Examples
        --------
        >>> stereo = Stream([[1, 1], [1, -1]])
        >>> stereo.process([[1, 2, 3], [1, 2, 3]])
        array([[1, 3, 5],
               [1, 1, 1]])
        """
        x = self._checked(x_block)
        if not x.shape[-1]:
            return self._output(x, 0)
        if fresh := not self._channels:
            self._begin(x)
        y = self._output(x, x.shape[-1])
        before = [channel.past for channel in self._channels]
        try:
            for channel, x_row, y_row in zip(self._channels, _rows(x), _rows(y), strict=True):
                channel.respond(x_row, y_row)
        except BaseException:  # an interrupt, too, must leave all channels at the same instant
            for channel, past in zip(self._channels, before, strict=True):
                channel.restore(past)
            if fresh:
                self._forget()
            raise
        return y

    def flush(self) -> Array:
        """End the signal: return the samples in which it still rings, and start anew.

        Returns
        -------
        ndarray, shape (len_h − 1,) or (channels, len_h − 1)
            The rest of y; no samples if there was no input since the start or the last flush.
            After it the stream is as new, for another signal of any type.

        Examples
        --------
        >>> stream = Stream([1, 10, 100])
        >>> stream.process([1]), stream.flush(), stream.flush()
        (array([1]), array([ 10, 100]), array([], dtype=int64))
        """
        if self._empty is None:
            return self._output(self._h, 0)
        y = self._output(self._empty, self._h.shape[-1] - 1)
        for channel, y_row in zip(self._channels, _rows(y), strict=True):
            y_row[...] = channel.tail(y_row.size)
        self._forget()
        return y

    def over(self, blocks: Iterable[npt.ArrayLike]) -> Iterator[Array]:
        """Process block after block, then flush; nothing is computed before it is asked for.

        Parameters
        ----------
        blocks : iterable of array_like
            The blocks of one signal, for example a generator that reads a file.

        Yields
        ------
        ndarray
            One output for each block, and at the end the one of `flush`.

        Examples
        --------
        >>> [y.tolist() for y in Stream([10, 1]).over([[1, 2], [3]])]
        [[10, 21], [32], [3]]
        """
        for x_block in blocks:
            yield self.process(x_block)
        yield self.flush()

    def _checked(self, x_block: npt.ArrayLike) -> Array:
        x = numbers("x_block", x_block, empty=True)
        if not x.size and x.shape[-1]:
            raise ValueError(f"x_block is empty: its shape is {x.shape}")
        channels = self._h.shape[:-1]
        if self._empty is not None:
            expected = self._empty.shape[:-1]
            if x.ndim == 0 or x.shape[:-1] != expected:
                raise ValueError(
                    f"x_block has shape {x.shape}; this stream began with blocks of shape "
                    f"{_shape(expected)}; flush ends it"
                )
            if x.shape[-1] and not np.can_cast(x.dtype, self._empty.dtype):
                raise TypeError(
                    f"x_block has dtype {x.dtype}, which does not fit into the {self._empty.dtype} "
                    "that this stream began with; convert its blocks to one type, or flush first"
                )
        elif x.ndim not in (1, 2) or (channels and x.shape[:-1] != channels):
            allowed = _shape(channels) if channels else "(samples,) or (channels, samples)"
            raise ValueError(
                f"x_block has shape {x.shape} and h has shape {self._h.shape}; allowed for x_block: {allowed}"
            )
        return x

    def _begin(self, x: Array) -> None:
        empty = np.empty((*x.shape[:-1], 0), x.dtype.newbyteorder("="))
        responses = np.broadcast_to(self._h, (*x.shape[:-1], self._h.shape[-1]))
        result = _result_type(empty.dtype, self._h.dtype)
        self._empty = empty
        self._channels = [_Channel(h, empty.dtype, result, self.block) for h in _rows(responses)]

    def _forget(self) -> None:
        self._empty = None
        self._channels = []

    def _output(self, like: Array, samples: int) -> Array:
        x_type = like.dtype if self._empty is None else self._empty.dtype
        return np.empty((*like.shape[:-1], samples), _result_type(x_type, self._h.dtype))


class _Channel:
    """One channel: its response, the samples that it still hears, and their echo.

    Long blocks are cut into pieces, each convolved with the samples before it (overlap-save).
    For short blocks of a long response the past is convolved once, for the next `step` outputs:
    the echo. What is left for each block are the samples since then, which meet only the first
    `step` taps: a stream of its own, with a response an eighth as long.
    """

    def __init__(self, h: Array, x_type: np.dtype[Any], result: np.dtype[Any], block: int) -> None:
        self.h, self.block, self.reach = h, block, h.size - 1
        self.past = np.empty(0, x_type)
        # Integers gain nothing, and half precision would be rounded more than once.
        floating = result.kind in "fc" and result != np.float16
        self.step = h.size // SHARE if floating and h.size >= LONG else 0
        self.echo = NOTHING
        self.near: _Channel | None = None
        if self.step:
            self.near = _Channel(h[: self.step], x_type, result, block)

    def restore(self, past: Array) -> None:
        self.past, self.echo = past, NOTHING

    def respond(self, x: Array, y: Array) -> None:
        """Write into y the outputs at the instants of x, and remember x."""
        x = x.astype(self.past.dtype, copy=False)
        if self.near is None or 2 * x.size > self.step:  # an echo pays from two blocks on
            self._by_windows(x, y)
            self.restore(self._heard(x))
            return
        done = 0
        while done < x.size:
            if not self.echo.size:
                self.echo = self.tail(self.step)
                self.near.restore(self.near.past[:0])
            new = slice(done, done + self.echo.size)
            count = x[new].size
            self.near.respond(x[new], y[new])
            y[new] += self.echo[:count]
            self.past, self.echo = self._heard(x[new]), self.echo[count:]
            done += count

    def tail(self, samples: int) -> Array:
        """Return the next outputs, at most ``reach``, if no sample follows."""
        if not self.past.size:
            return np.zeros(samples)
        full: Array = convolve(self.past, self.h)
        return full[self.past.size : self.past.size + samples]

    def _by_windows(self, x: Array, y: Array) -> None:
        for start in range(0, x.size, self.block):
            new = slice(start, min(start + self.block, x.size))
            heard = self._heard(x[:start])
            window = np.concatenate([heard, x[new]])
            # Only a window without zeros before it: 0·inf would be NaN.
            if heard.size == self.reach:
                y[new] = convolve(window, self.h, "valid")
            else:
                y[new] = convolve(window, self.h)[heard.size : window.size]

    def _heard(self, x: Array) -> Array:
        """Return the last ``reach`` samples after x, in memory of their own."""
        kept = self.past[max(0, self.past.size + x.size - self.reach) :]
        return np.concatenate([kept, x[max(0, x.size - self.reach) :]])


def _result_type(x_type: np.dtype[Any], h_type: np.dtype[Any]) -> np.dtype[Any]:
    return np.asarray(convolve(np.zeros(1, x_type), np.zeros(1, h_type))).dtype


def _rows(x: Array) -> list[Array]:
    return list(x) if x.ndim == 2 else [x]


def _shape(channels: tuple[int, ...]) -> str:
    return f"({channels[0]}, samples)" if channels else "(samples,)"
