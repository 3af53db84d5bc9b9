"""Run the engine that a plan names."""

from __future__ import annotations

from functools import partial

import numpy as np

from convlib.engines.boxes import Array, Shape
from convlib.engines.direct import direct, line, scattered
from convlib.engines.gemm import Factors, factors, gemm, has_more_factors, separable
from convlib.engines.guard import CALM, Engine, WildError, calm, contained
from convlib.engines.planner import Job
from convlib.engines.spectral import overlap_save, whole_fft


def run(job: Job, x: Array, h: Array, method: str = "auto") -> Array:
    """Convolve two arrays as a job says.

    Parameters
    ----------
    job : Job
        From `convlib.engines.planner.prepare`, for the shapes of ``x`` and ``h``.
    x, h : ndarray
        Arrays of one native type.
    method : str
        "auto", "fft" or the name of an engine in ``job.costs``.

    Returns
    -------
    ndarray
        The outputs of the job's mode; owns its memory.

    Examples
    --------
    >>> from convlib.engines.planner import prepare
    >>> run(prepare((3,), (2,), "d", "full"), np.array([1.0, 2.0, 3.0]), np.array([1.0, 10.0]))
    array([ 1., 12., 23., 30.])
    """
    if job.swap:
        x, h = h, x
    if job.cut:
        x = x[job.cut]
    x = np.ascontiguousarray(x).reshape(job.x_shape)
    h = np.ascontiguousarray(h).reshape(job.h_shape)
    if x.dtype.char not in CALM:
        with np.errstate(all="ignore"):
            y = (line if x.ndim == 1 else scattered)(x, h, job.start, job.shape)
    else:
        y = _floating(job, x, h, method)
    if y.shape != job.final:
        y.resize(job.final, refcheck=False)  # as many entries as before, and no view: y goes on owning them
    return y


def _floating(job: Job, x: Array, h: Array, method: str) -> Array:
    name, pairs = _engine(job, h, method)
    if name == "direct" and x.ndim == 1:
        return line(x, h, job.start, job.shape)
    engine = _named(name, job, pairs)
    if job.stack is None:
        return contained(engine, x, h, job.start, job.shape)
    y = np.empty(job.shape, x.dtype)
    axis = job.stack
    start, shape = _without(job.start, axis), _without(job.shape, axis)
    kernel = np.take(h, 0, axis)
    for into, image in zip(np.moveaxis(y, axis, 0), np.moveaxis(x, axis, 0), strict=True):
        into[...] = contained(engine, np.ascontiguousarray(image), kernel, start, shape)
    return y


def _engine(job: Job, h: Array, method: str) -> tuple[str, Factors | None]:
    """Name of the engine, and the factors of the kernel if it is the separable one."""
    auto, name = method == "auto", {"auto": job.engine, "fft": job.spectral}.get(method, method)
    if not (auto and job.rank) and method != "separable":
        return name, None
    kernel = h if job.stack is None else np.take(h, 0, job.stack)
    try:
        with np.errstate(all="ignore"):
            calm(kernel)
    except WildError:
        return name, None
    if auto and has_more_factors(kernel, job.rank):
        return name, None
    pairs = factors(kernel)
    return (name, None) if auto and len(pairs) > job.rank else ("separable", pairs)


def _named(name: str, job: Job, pairs: Factors | None) -> Engine:
    if name == "direct":
        return direct
    if name == "gemm":
        return gemm
    if name == "separable":
        return partial(separable, pairs=pairs)
    engine = overlap_save if name == "overlap-save" else whole_fft
    return partial(engine, block=job.blocks[name])


def _without(values: Shape, axis: int) -> Shape:
    return values[:axis] + values[axis + 1 :]
