"""Systems in continuous time, sampled: how one answers, how echoes add up, how to find h from records.

Time is sampled at t = n·dt. Every system here is causal and at rest before the first sample.
"""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt
from scipy.linalg import toeplitz

from convlib.arguments import Array, number, numbers, positive, reals, whole
from convlib.ops import convolve

__all__ = ["identify", "impulse_response", "respond", "step_response"]


def impulse_response(t: npt.ArrayLike, strength: float = 2.0, rate: float = 1.0) -> Array:
    """Answer of a system with one store to an impulse of area 1 at t = 0.

    h(t) = strength · e^(−rate·t)  for t ≥ 0, and 0 before

    It solves dy/dt = strength · x − rate · y. For a spring κ and a damper c side by side,
    c·dy/dt + κ·y = x, it has strength = 1/c and rate = κ/c.

    Parameters
    ----------
    t : array_like, any shape
        Times in seconds (or in any unit of time, if ``rate`` is per that unit).
    strength : float
        Value just after the impulse, in units of output per unit of input and time, such as
        mm/(N·s).
    rate : float
        Share that is lost per unit of time, in 1/s, at least 0. Its inverse is the time constant.

    Returns
    -------
    ndarray of float64, shape of t
        In the unit of ``strength``.

    Raises
    ------
    ValueError
        ``strength`` or ``rate`` is not finite, or ``rate`` is negative.
    TypeError
        ``t``, ``strength`` or ``rate`` holds no real numbers.

    See Also
    --------
    step_response : The integral of this.

    References
    ----------
    Oppenheim and Willsky, *Signals and Systems*, 2nd ed., ch. 2.
    Derived in: chapter II-1 "A bicycle over stones".

    Examples
    --------
    >>> impulse_response([-1, 0, np.log(2)]).tolist()
    [0.0, 2.0, 1.0]
    """
    times, strength, rate = reals("t", t), number("strength", strength), number("rate", rate, 0)
    with np.errstate(under="ignore"):
        return np.where(times < 0, 0.0, strength * np.exp(-rate * np.maximum(times, 0.0)))


def step_response(t: npt.ArrayLike, strength: float = 2.0, rate: float = 1.0) -> Array:
    """Answer of the same system to a constant input of 1 that is switched on at t = 0.

    s(t) = ∫₀ᵗ h(τ) dτ = (strength/rate) · (1 − e^(−rate·t))  for t ≥ 0, and 0 before

    Parameters
    ----------
    t : array_like, any shape
        Times in seconds.
    strength : float
        As in `impulse_response`.
    rate : float
        As in `impulse_response`; with rate 0 nothing is lost, and s(t) = strength · t.

    Returns
    -------
    ndarray of float64, shape of t
        In the unit of ``strength`` times a unit of time, such as mm/N.

    Raises
    ------
    ValueError
        ``strength`` or ``rate`` is not finite, or ``rate`` is negative.
    TypeError
        ``t``, ``strength`` or ``rate`` holds no real numbers.

    See Also
    --------
    impulse_response : The derivative of this for t > 0.

    References
    ----------
    Oppenheim and Willsky, *Signals and Systems*, 2nd ed., ch. 2.
    Derived in: chapter II-1 "A bicycle over stones".

    Examples
    --------
    >>> step_response([-1, 0, np.log(2), 50]).tolist()
    [0.0, 0.0, 1.0, 2.0]
    """
    times, strength, rate = np.maximum(reals("t", t), 0.0), number("strength", strength), number("rate", rate, 0)
    with np.errstate(under="ignore"):
        return strength * times if rate == 0 else -strength / rate * np.expm1(-rate * times)


def respond(x: npt.ArrayLike, h: npt.ArrayLike, dt: float) -> Array:
    """Output of a linear time-invariant system at the times of its input.

    y(n·dt) ≈ sum over k of the echoes x[k]·dt · h, each started at k·dt

    This is ``dt * convolve(x, h)``, cut to the length of ``x``. Cut into slices of width dt, the
    input is a train of impulses of area x[k]·dt; without the width the sum would grow as the
    slices get finer. The error shrinks in proportion to dt where h has a jump, as at t = 0.

    Parameters
    ----------
    x : array_like, shape (len_x,)
        Input at t = 0, dt, 2·dt, …; zero before.
    h : array_like, shape (len_h,)
        Impulse response at the same times; taken as zero where it ends.
    dt : float
        Width of a sample in seconds (in the unit of time of ``h``), positive.

    Returns
    -------
    ndarray, shape (len_x,)
        In units of x times h times dt: with N, mm/(N·s) and s it is mm.

    Raises
    ------
    ValueError
        ``x`` or ``h`` is empty or not one-dimensional, or ``dt`` is not positive and finite.
    TypeError
        ``x``, ``h`` or ``dt`` holds no numbers.
    OverflowError
        Integers too large for an exact sum.

    See Also
    --------
    convlib.convolve : The sum without the width.

    References
    ----------
    Oppenheim and Willsky, *Signals and Systems*, 2nd ed., ch. 2.
    Derived in: chapter II-1 "A bicycle over stones".

    Examples
    --------
    >>> respond([3, 0, 2, 0], [4, 2, 1], 0.5).tolist()
    [6.0, 3.0, 5.5, 2.0]
    """
    width = positive("dt", dt)
    signal, response = _row("x", numbers("x", x)), _row("h", numbers("h", h))
    echoes: Array = convolve(signal, response)[: signal.size]
    return width * echoes


def identify(x: npt.ArrayLike, y: npt.ArrayLike, dt: float, len_h: int, roughness: float = 0.0) -> Array:
    """Find the impulse response of a system from records of its input and its output.

    the h that makes  sum over n of (y[n] − ŷ[n])² + roughness · sum over j of (dt · h″[j])²  smallest

    Here ŷ = Σⱼ h[j]·dt · (x delayed by j samples), for every n ≥ len_h − 1, so that nothing before
    the record is needed, and h″[j] = h[j] − 2·h[j + 1] + h[j + 2]. The delayed copies of x are the
    columns of a Toeplitz matrix, and this is a least-squares problem.

    Parameters
    ----------
    x : array_like, shape (len_x,)
        Input at t = 0, dt, 2·dt, …
    y : array_like, shape (len_x,)
        Output at the same times; noise is allowed. In x and y, NaN stands for a missing sample.
    dt : float
        Width of a sample in the unit of time that ``h`` is wanted in, positive.
    len_h : int
        How many samples of h are looked for; what comes later is taken as zero.
    roughness : float
        Price of a bend in h, at least 0, in units of x squared. A larger one gives a smoother h.

    Returns
    -------
    ndarray of float64, shape (len_h,)
        h at t = 0, dt, …, in units of y per unit of x and time.

    Raises
    ------
    ValueError
        ``x`` and ``y`` differ in length, hold infinity or no len_h samples in a row without a gap,
        ``len_h`` is not from 1 to len_x, or ``dt`` or ``roughness`` is out of range.
    TypeError
        An argument holds no real numbers, or ``len_h`` is no whole number.

    Warns
    -----
    UserWarning
        Samples are missing: how many of the len_x − len_h + 1 values of n are left out, because
        y[n] or one of the len_h samples of x that it needs is NaN.

    See Also
    --------
    respond : The other way round, from x and h to y.

    References
    ----------
    Ljung, *System Identification: Theory for the User*, 2nd ed., ch. 7.
    Derived in: chapter II-2 "A house that remembers".

    Examples
    --------
    >>> x = [3, 0, 2, 1, 5, 4]
    >>> identify(x, respond(x, [4, 2], 0.5), dt=0.5, len_h=2).round(6).tolist()
    [4.0, 2.0]
    """
    width, price = positive("dt", dt), number("roughness", roughness, 0)
    signal, output = _row("x", reals("x", x)), _row("y", reals("y", y))
    if signal.size != output.size:
        raise ValueError(f"x has shape {signal.shape} and y has shape {output.shape}; allowed: equally many samples")
    len_h = whole("len_h", len_h, 1, signal.size)
    for name, samples in (("x", signal), ("y", output)):
        if np.isinf(samples).any():
            raise ValueError(f"{name} holds infinity; allowed: finite numbers, and NaN where a sample is missing")
    delayed = toeplitz(signal, np.zeros(len_h))[len_h - 1 :]  # column j is x, j samples later
    echoes = output[len_h - 1 :]
    known = ~(np.isnan(delayed).any(1) | np.isnan(echoes))
    if not known.any():
        raise ValueError(f"x and y have no {len_h} samples in a row without a gap; allowed: a smaller len_h")
    if not known.all():
        warnings.warn(
            f"identify leaves out {known.size - known.sum()} of {known.size} sums, which need a sample that is missing",
            stacklevel=2,
        )
    bends = np.sqrt(price) * np.diff(np.eye(len_h), 2, axis=0)
    delayed, wanted = delayed[known], np.concatenate([echoes[known], np.zeros(len(bends))])
    shares: Array = np.linalg.lstsq(np.vstack([delayed, bends]), wanted, rcond=None)[0]
    return shares / width


def _row(name: str, samples: Array) -> Array:
    if samples.ndim != 1:
        raise ValueError(f"{name} has shape {samples.shape}; allowed: a row of samples, (len_{name},)")
    return samples
