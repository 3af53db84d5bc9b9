"""Shoebox rooms: the echoes that six mirrors send, the impulse response, and how long it rings.

Every wall is taken as a flat mirror that keeps the same share of the sound at each reflection, for
all frequencies and directions. Lengths are in metres, times in seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log, pi, sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt

from convlib.arguments import Array, choice, number, positive, reals

__all__ = ["echoes", "reverberation_time", "room_response"]

SPEED = 343.0  # m/s, dry air at 20 °C


def echoes(
    size: npt.ArrayLike,
    source: npt.ArrayLike,
    listener: npt.ArrayLike,
    absorption: float,
    seconds: float,
    speed: float = SPEED,
) -> tuple[Array, Array]:
    """Arrival time and strength of every echo of one clap in a room, up to a time.

    Behind each wall stands a mirror image of the source, behind those their images, and so on. An
    image at the distance d, seen through k walls, is heard at the time d / speed with the strength

    β^k / (4π·d),  where β = √(1 − absorption)

    Parameters
    ----------
    size : array_like, shape (3,)
        Length, width and height of the room.
    source, listener : array_like, shape (3,)
        Two different places inside the room, from the corner that is the origin.
    absorption : float
        Share of the energy that a wall keeps for itself at each reflection, from 0 to 1.
    seconds : float
        Echoes that arrive later are left out; positive.
    speed : float
        Speed of sound in m/s, positive.

    Returns
    -------
    times : ndarray of float64, shape (count,)
        In seconds, sorted; the first one is the direct sound.
    strengths : ndarray of float64, shape (count,)
        In 1/m: sound pressure per strength of the source.

    Raises
    ------
    ValueError
        A length is not positive, a place is not inside the room, both places are the same, or
        ``absorption``, ``seconds`` or ``speed`` is out of range.
    TypeError
        An argument holds no real numbers.

    See Also
    --------
    room_response : The same echoes as samples.

    References
    ----------
    Allen and Berkley, "Image method for efficiently simulating small-room acoustics", Journal of
    the Acoustical Society of America 65 (1979) 943.
    Derived in: chapter IV-4 "A room in a file".

    Examples
    --------
    >>> times, strengths = echoes([4, 3, 2.5], [1, 1, 1], [3, 2, 1.5], 0.36, 0.02)
    >>> [round(1000 * t, 2) for t in times[:3].tolist()], len(times)
    ([6.68, 9.78, 9.78], 49)
    """
    beta, reach = _checked(size, source, listener, absorption, seconds, speed)
    found = [(d, beta**k / (4 * pi * d)) for d, k in _slabs(size, source, listener, reach)]
    distances, strengths = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.argsort(distances, kind="stable")
    return distances[order] / speed, strengths[order]


def room_response(
    size: npt.ArrayLike,
    source: npt.ArrayLike,
    listener: npt.ArrayLike,
    absorption: float,
    rate: float,
    seconds: float,
    speed: float = SPEED,
) -> Array:
    """Impulse response of a shoebox room from one place to another.

    h[n] = Σ β^k / (4π·d)  over all images whose delay, d / speed, is closest to n / rate

    Parameters
    ----------
    size : array_like, shape (3,)
        Length, width and height of the room.
    source, listener : array_like, shape (3,)
        Two different places inside the room.
    absorption : float
        Share of the energy that is lost at each reflection, from 0 to 1.
    rate : float
        Samples per second, positive.
    seconds : float
        Length of the response, positive.
    speed : float
        Speed of sound in m/s, positive.

    Returns
    -------
    ndarray of float64, shape (round(seconds · rate),)
        In 1/m.

    Raises
    ------
    ValueError
        As in `echoes`, or ``rate`` is not positive, or there is no sample in ``seconds``.
    TypeError
        An argument holds no real numbers.

    See Also
    --------
    echoes : Exact times, one entry for each echo.
    convlib.convolve : Puts a sound into the room.

    Notes
    -----
    Work grows with the number of images, about 4π·(speed·seconds)³ / (3·volume).

    References
    ----------
    Allen and Berkley, "Image method for efficiently simulating small-room acoustics", Journal of
    the Acoustical Society of America 65 (1979) 943.
    Derived in: chapter IV-4 "A room in a file".

    Examples
    --------
    >>> h = room_response([4, 3, 2.5], [1, 1, 1], [3, 2, 1.5], 0.36, 8000, 0.02)
    >>> h.shape, int(np.flatnonzero(h)[0]), round(float(h[53]), 4)
    ((160,), 53, 0.0347)
    """
    per_metre = positive("rate", rate) / positive("speed", speed)
    samples = round(positive("seconds", seconds) * rate)
    if samples < 1:
        raise ValueError(f"seconds is {seconds!r} and rate is {rate!r}; allowed: together at least one sample")
    beta, reach = _checked(size, source, listener, absorption, samples / rate, speed)
    h = np.zeros(samples)
    for distance, walls in _slabs(size, source, listener, reach):
        at = np.floor(distance * per_metre + 0.5).astype(np.intp)
        near = at < samples
        h += np.bincount(at[near], (beta**walls / (4 * pi * distance))[near], samples)
    return h


def reverberation_time(
    size: npt.ArrayLike, absorption: float, formula: Literal["eyring", "sabine"] = "eyring", speed: float = SPEED
) -> float:
    """Time in which the sound in a room is expected to fall by 60 dB.

    T = 24·ln(10)·V / (speed·S·a)  with a = −ln(1 − absorption) (Eyring) or a = absorption (Sabine)

    V is the volume of the room and S the area of its six walls. Both formulas take for granted that
    the sound comes from all directions alike.

    Parameters
    ----------
    size : array_like, shape (3,)
        Length, width and height of the room in metres.
    absorption : float
        Share of the energy that is lost at each reflection, above 0 and below 1.
    formula : {"eyring", "sabine"}
        Sabine's stays above 0 even where the walls absorb everything.
    speed : float
        Speed of sound in m/s, positive.

    Returns
    -------
    float
        In seconds.

    Raises
    ------
    ValueError
        A length or ``speed`` is not positive, ``absorption`` is not between 0 and 1, or there is no
        such formula.
    TypeError
        An argument holds no real numbers.

    References
    ----------
    Sabine, *Collected Papers on Acoustics* (1922). Eyring, "Reverberation time in 'dead' rooms",
    Journal of the Acoustical Society of America 1 (1930) 217.
    Derived in: chapter IV-4 "A room in a file".

    Examples
    --------
    >>> round(reverberation_time([5, 4, 2.5], 0.3), 3), round(reverberation_time([5, 4, 2.5], 0.3, "sabine"), 3)
    (0.266, 0.316)
    """
    length, width, height = _room(size)
    if not 0 < number("absorption", absorption) < 1:
        raise ValueError(f"absorption is {absorption!r}; allowed: a number above 0 and below 1")
    choice("formula", formula, ("eyring", "sabine"))
    area = 2 * (length * width + width * height + height * length)
    lost = -log(1 - absorption) if formula == "eyring" else absorption
    return 24 * log(10) * length * width * height / (positive("speed", speed) * area * lost)


def _slabs(
    size: npt.ArrayLike, source: npt.ArrayLike, listener: npt.ArrayLike, reach: float
) -> Iterator[tuple[Array, Array]]:
    """Distances up to ``reach`` and reflections of all images, those with one first coordinate at a time."""
    places = zip(_triple("size", size), _triple("source", source), _triple("listener", listener), strict=True)
    (x, x_walls), (y, y_walls), (z, z_walls) = (_mirrors(*place, reach) for place in places)
    walls = y_walls[:, None] + z_walls[None, :]
    for along, hit in zip(x, x_walls, strict=True):
        distance = np.sqrt((along**2 + y[:, None] ** 2) + z[None, :] ** 2)
        near = distance <= reach
        yield distance[near], hit + walls[near]


def _mirrors(length: float, source: float, listener: float, reach: float) -> tuple[Array, Array]:
    """One axis: from the listener to each image, and how many reflections that image stands for."""
    most = int(reach / (2 * length)) + 1
    m = np.arange(-most, most + 1)
    offsets = np.concatenate([2 * m * length + source, 2 * m * length - source]) - listener
    return offsets, np.concatenate([np.abs(2 * m), np.abs(2 * m - 1)])


def _checked(
    size: npt.ArrayLike, source: npt.ArrayLike, listener: npt.ArrayLike, absorption: float, seconds: float, speed: float
) -> tuple[float, float]:
    """Validate everything; return the share of the pressure that a wall sends back, and the reach in metres."""
    room, here, there = _room(size), _triple("source", source), _triple("listener", listener)
    for name, place in (("source", here), ("listener", there)):
        if not all(0 <= at <= length for at, length in zip(place, room, strict=True)):
            raise ValueError(f"{name} is {place} and size is {room}; allowed: a place inside the room")
    if here == there:
        raise ValueError(f"source and listener are both {here}; allowed: two different places")
    kept = sqrt(1 - number("absorption", absorption, 0, 1))
    reach = positive("seconds", seconds) * positive("speed", speed)
    direct = sqrt(sum((a - b) ** 2 for a, b in zip(here, there, strict=True)))
    if reach < direct:
        raise ValueError(
            f"seconds is {seconds!r}; allowed: at least {direct / speed:.4f}, which the direct sound needs"
        )
    return kept, reach


def _room(size: npt.ArrayLike) -> tuple[float, float, float]:
    room = _triple("size", size)
    if min(room) <= 0:
        raise ValueError(f"size is {room}; allowed: three positive lengths")
    return room


def _triple(name: str, values: npt.ArrayLike) -> tuple[float, float, float]:
    row = reals(name, values)
    if row.shape != (3,) or not np.isfinite(row).all():
        raise ValueError(f"{name} is {values!r}; allowed: three finite numbers")
    x, y, z = row.tolist()
    return x, y, z
