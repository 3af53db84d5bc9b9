"""Who is measured: the one table of callables. What is not installed, or not in convlib yet, is left out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import scipy.ndimage as ndi
import scipy.signal as ss

from convlib.engines import DENSE as DENSE_ENGINES
from convlib.engines import SPECTRAL
from tools.bench import peers
from tools.bench.cases import Case

FILTERS = ("1d", "2d", "separable")
DENSE = ("1d", "2d")
ALWAYS = ("convlib", "scipy auto")  # never skipped: the promises are about them


@dataclass(frozen=True)
class Call:
    """`make` gets a case's arrays and returns the call; `work` says what its time grows with."""

    name: str
    kinds: tuple[str, ...]
    make: Callable[[peers.Given], peers.Ready]
    work: str = "transform"


def calls() -> list[Call]:
    """The table, convlib first: its answer is what the others' answers are compared with."""
    table = [
        Call("convlib", FILTERS, peers.convlib_by("auto")),
        *(Call(f"convlib {m}", DENSE, peers.convlib_by(m), _work(m)) for m in DENSE_ENGINES),
        Call("numpy", ("1d",), lambda c: partial(np.convolve, c.x, c.h, c.mode), "products"),
        Call("scipy auto", FILTERS, lambda c: partial(ss.convolve, c.x, c.h, c.mode)),
        Call("scipy direct", DENSE, lambda c: partial(ss.convolve, c.x, c.h, c.mode, "direct"), "products"),
        Call("scipy fft", FILTERS, lambda c: partial(ss.fftconvolve, c.x, c.h, c.mode)),
        Call("scipy oaconvolve", DENSE, lambda c: partial(ss.oaconvolve, c.x, c.h, c.mode)),
        Call("scipy convolve2d", ("2d",), lambda c: partial(ss.convolve2d, c.x, c.h, c.mode), "products"),
        Call("ndimage convolve", ("2d",), lambda c: partial(ndi.convolve, c.x, c.h, mode="constant"), "products"),
        Call("ndimage convolve1d twice", ("separable",), peers.ndimage_twice, "products"),
    ]
    if peers.cv2:
        table += [
            Call("opencv filter2D", ("2d",), peers.opencv),
            Call("opencv sepFilter2D", ("separable",), peers.opencv_separable, "products"),
        ]
    if peers.nn:
        table += [Call("convlib", ("forward",), peers.convlib_layer, "products")]
    if hasattr(peers.nn, "conv2d_backward"):
        table += [Call("convlib", ("backward",), peers.convlib_backward, "products")]
    if peers.torch:
        table += [
            Call("torch conv1d", ("1d",), peers.torch_filter, "products"),
            Call("torch conv2d", ("2d",), peers.torch_filter, "products"),
            Call("torch conv2d", ("forward",), peers.torch_layer, "products"),
            Call("torch conv2d", ("backward",), peers.torch_backward, "products"),
        ]
    return table


def _work(method: str) -> str:
    return "transform" if method in SPECTRAL else "products"


def work(case: Case, kind: str) -> float:
    """What a call's time grows with: products, or N log N of the output."""
    size = int(np.prod(case.output))
    return float(case.products) if kind == "products" else size * np.log2(size)


def differs(y: Any, reference: Any, dtype: str) -> str:
    """Say how far an answer is from convlib's; empty where it is the same but for rounding."""
    limit = 1e-9 if dtype == "float64" else 1e-3
    pairs = zip(y, reference, strict=True) if isinstance(y, list | tuple) else [(y, reference)]
    for one, other in pairs:
        if one.shape != other.shape:
            return f"its shape is {one.shape}, convlib's {other.shape}"
        error = float(np.abs(one - other).max() / np.abs(other).max())
        if not error <= limit:
            return f"its answer differs from convlib's by {error:.1e} of the largest"
    return ""
