"""The probes behind the convention atlas: each sends a small signal through a call and reads the answer.

A probe knows nothing about a library. It runs the lines of convlib/conventions.json as they
stand there, in a namespace that has the library's imports and its kind of array.
"""

import json
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from itertools import product
from typing import Any

import numpy as np

from tools import ROOT

ATLAS = json.loads((ROOT / "convlib/conventions.json").read_text(encoding="utf-8"))
Array = np.ndarray
SIZES = ("full", "valid", "left", "right", "first")
EDGES = ("zero", "edge", "symmetric", "reflect", "wrap")
# Odd, even, equal and unequal lengths; in 2-D they are combined.
LENGTHS = [(7, 3), (8, 4), (6, 1), (9, 2), (5, 5), (4, 4)]
IMAGES = [((6, 7), (3, 2)), ((5, 8), (2, 4)), ((7, 5), (3, 3)), ((4, 6), (4, 1))]


def native(library: str) -> Callable[[Array], Any]:
    """What turns a NumPy array into an array of this library."""
    if library == "PyTorch":
        return lambda a: import_module("torch").from_numpy(np.ascontiguousarray(a))
    if library == "TensorFlow":
        return lambda a: import_module("tensorflow").constant(a)
    return import_module("jax.numpy").asarray if library == "JAX" else lambda a: a


@cache
def names(library: str) -> dict[str, Any]:
    """What the library's import line brings in; NumPy is always there."""
    space: dict[str, Any] = {"np": np}
    exec(ATLAS["libraries"][library]["needs"], space)
    return space


def run(line: str, library: str, x: Array, h: Array, **more: int) -> Array:
    """Run a line of the atlas; `x` and `h` are called image and kernel in two dimensions."""
    x, h = x.reshape(shape(x, line)), h.reshape(shape(h, line))
    given = dict(zip(("image", "kernel") if x.ndim == 2 else ("x", "h"), map(native(library), (x, h)), strict=True))
    sizes = dict(zip(("H", "W", "kH", "kW"), x.shape + h.shape, strict=True)) if x.ndim == 2 else {}
    return np.asarray(eval(line, names(library) | given | sizes | more))


def shape(a: Array, line: str) -> tuple[int, ...]:
    """A signal is an image of one row for a call that wants images."""
    return (1, a.size) if a.ndim == 1 and re.search(r"\bimage\b", line) else a.shape


def lit(n: int, at: int, value: complex = 1.0) -> Array:
    """One bright sample in the dark."""
    x = np.zeros(n, dtype=type(value))
    x[at] = value
    return x


def margins(k: int, op: str, size: str) -> tuple[int, int]:
    """How far a kernel of k weights looks beyond the two ends; `left` and `right` are its two middles."""
    if size in ("full", "valid", "first"):
        return {"full": (k - 1, k - 1), "valid": (0, 0), "first": (k - 1, 0)}[size]
    origin = (k - 1) // 2 if size == "left" else k // 2
    return (origin, k - 1 - origin) if op == "correlate" else (k - 1 - origin, origin)


def by_definition(x: Array, h: Array, op: str, size: str, edge: str = "zero") -> Array:
    """Sum over the kernel, output by output, on a signal that was continued beyond its edge."""
    wide = np.pad(x, [margins(k, op, size) for k in h.shape], "constant" if edge == "zero" else edge)
    weights = h if op == "correlate" else np.flip(h)
    y = np.zeros([n - k + 1 for n, k in zip(wide.shape, h.shape, strict=True)], np.result_type(x, h))
    for place in np.ndindex(y.shape):
        window = wide[tuple(slice(p, p + k) for p, k in zip(place, h.shape, strict=True))]
        y[place] = (window * weights).sum()
    return y


def pairs(dims: int, seed: int = 0) -> Iterator[tuple[Array, Array]]:
    """Random signals and kernels of all the lengths."""
    rng = np.random.default_rng(seed)
    for n, k in LENGTHS if dims == 1 else IMAGES:
        yield rng.standard_normal(n), rng.standard_normal(k)


def agree(ours: Array, theirs: Array) -> bool:
    """Equal but for rounding; JAX counts in single precision unless it is told otherwise."""
    single = theirs.dtype in (np.float32, np.complex64)
    return ours.shape == theirs.shape and np.allclose(ours, theirs, rtol=0, atol=1e-4 if single else 1e-12)


@cache
def identify(line: str, library: str, dims: int) -> dict[str, str]:
    """The one operation, size and edge that explain a line for every length."""
    seen = [(x, h, run(line, library, x, h)) for x, h in pairs(dims)]
    found = [
        {"op": op, "size": size, "edge": edge}
        for op, size, edge in product(("convolve", "correlate"), SIZES, EDGES)
        if (size in ("left", "right") or edge == "zero")
        and all(agree(by_definition(x, h, op, size, edge), y) for x, h, y in seen)
    ]
    if len(found) != 1:
        raise AssertionError(f"{line}: explained by {found or 'nothing'}")
    return found[0]


# One probe for each column. Each takes a call and returns what the atlas says about it.


def flips(call: dict[str, Any]) -> str:
    y = run(call["have"][0], call["library"], lit(9, 4), np.array([1.0, 2.0, 3.0]))
    seen = [int(v) for v in np.round(y.flat) if v]
    return {(1, 2, 3): "flips", (3, 2, 1): "does not flip"}[tuple(seen)]


def conjugates(call: dict[str, Any]) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            y = run(call["have"][0], call["library"], lit(5, 2, 1 + 0j), np.array([0, 1j, 0]))
    except Exception:
        return "refuses complex"
    return {1j: "no", -1j: "yes"}[complex(np.round(y.sum(), 6))]


def as_written(call: dict[str, Any]) -> str:
    """Which output there is without options, if there is one."""
    line = call["have"][0]
    try:
        run(line.replace(', "VALID"', ""), call["library"], np.ones(5), np.ones(3))
    except TypeError:
        return "must be said"
    size = identify(line, call["library"], call["dims"])["size"]
    return size if size in ("full", "valid", "first") else "same"


def same_line(call: dict[str, Any]) -> str | None:
    """The call's own line for an output of the image's size, with zeros outside, if it has one."""
    return next((line for line in call["have"] if any(w in line.lower() for w in ("same", "constant"))), None)


def same_length(call: dict[str, Any]) -> str:
    """Which argument gives the output its length?"""
    if not (line := same_line(call)):
        return "–"
    lengths = []
    for n, k in ((5, 3), (3, 5)):
        try:
            lengths.append(run(line, call["library"], np.ones(n), np.ones(k)).size)
        except Exception:
            lengths.append(0)
    return {(5, 3): "the first", (5, 5): "the longer", (5, 0): "refuses a longer kernel"}[tuple(lengths)]


def even_origin(call: dict[str, Any]) -> str:
    """Which of four weights does an output put on the sample in its own place?"""
    if not (line := same_line(call)):
        return "–"
    y = run(line, call["library"], lit(9, 4), np.arange(4.0))
    return {1: "left", 2: "right"}[round(float(y.flat[4]))]


def edge(call: dict[str, Any]) -> str:
    """What lies beyond the edge without options; nothing is needed there when the kernel stays inside."""
    found = identify(call["have"][0], call["library"], call["dims"])
    return "–" if found["size"] == "valid" else found["edge"]


def first_lag(call: dict[str, Any]) -> str:
    """In a full correlation: the lag of the first output, lag = place in x minus place in h."""
    full = [w for w in call["have"] if identify(w, call["library"], call["dims"])["size"] == "full"]
    if flips(call) == "flips" or not full:
        return "–"
    firsts = set()
    for (n, k), p, last in product(((7, 3), (6, 4), (3, 5)), (0, 2), (False, True)):
        q = last * (k - 1)
        y = run(full[0], call["library"], lit(n, p), lit(k, q))
        firsts.add(p - q - int(np.argmax(np.abs(y))) + k - 1)
    return {(0,): "−(len(h) − 1)"}[tuple(firsts)]


def whole_numbers(call: dict[str, Any]) -> str:
    """200 + 200 in eight bits."""
    x, h = np.full(4, 200, np.uint8), np.ones(2, np.uint8)
    try:
        y = run(call["have"][0], call["library"], x, h)
    except Exception:
        try:
            run(call["have"][0], call["library"], x, h.astype(float))
        except Exception:
            return "refuses uint8"
        return "refuses a kernel of uint8"
    value = round(float(y.flat[1]))
    return {400: f"400, as {y.dtype}", 144: "144: wraps around", 255: "255: stops there"}[value]


def fractions(call: dict[str, Any]) -> str:
    """Three times 0.9, when the signal is whole."""
    try:
        y = run(call["have"][0], call["library"], np.full(4, 3, np.uint8), np.array([0.9]))
    except Exception:
        return "refuses the mixture"
    if np.issubdtype(y.dtype, np.floating):
        assert abs(float(y.flat[0]) - 2.7) < 1e-6
        return f"2.7, as {y.dtype}"
    return {2: "2: cuts off", 3: "3: rounds"}[int(y.flat[0])]


PROBES = (flips, conjugates, as_written, same_length, even_origin, edge, first_lag, whole_numbers, fractions)


def calls(*libraries: str) -> list[dict[str, Any]]:
    return [call for call in ATLAS["calls"] if call["library"] in libraries]


def probe(call: dict[str, Any]) -> dict[str, Any]:
    """All cells of one call, and what each of its lines computes."""
    cells = {one.__name__: one(call) for one in PROBES}
    lines = {line: identify(line, call["library"], call["dims"]) for line in call["have"]}
    return {"name": call["name"], "dims": call["dims"], "cells": cells, "lines": lines}


def probe_edges(*libraries: str) -> list[dict[str, str]]:
    """What each name for an edge means, in np.pad's words."""
    found = []
    for group in (g for g in ATLAS["edges"] if g["library"] in libraries):
        for name in group["names"]:
            line = group["line"].replace("{}", name)
            try:
                meaning = identify(line, group["library"], group["dims"])["edge"]
            except Exception as error:
                if isinstance(error, AssertionError):
                    raise
                meaning = "refused"
            found.append({"library": group["library"], "argument": group["argument"].format(name), "edge": meaning})
    return found


# With a stride s: the zeros before the signal, and the number of outputs, for n samples and k weights.
STRIDES: dict[str, Callable[[int, int, int], tuple[int, int]]] = {
    "valid": lambda n, k, s: (0, (n - k) // s + 1),
    "number": lambda n, k, s: (k // 2, (n + 2 * (k // 2) - k) // s + 1),
    "length": lambda n, k, s: (lacking(n, k, s) // 2, -(-n // s)),
    "length, more before": lambda n, k, s: (-(-lacking(n, k, s) // 2), -(-n // s)),
    "same, every s-th": lambda n, k, s: (k // 2, -(-n // s)),
}


def lacking(n: int, k: int, s: int) -> int:
    """How many zeros n samples need to have an output for every s of them."""
    return max((-(-n // s) - 1) * s + k - n, 0)


def strided(x: Array, h: Array, s: int, before: int, count: int) -> Array:
    """Correlate at every s-th place by definition, the first window `before` samples ahead of the signal."""
    wide = np.pad(x, (before, count * s + len(h)))
    return np.array([(wide[i * s : i * s + len(h)] * h).sum() for i in range(count)])


def stride(line: str, library: str) -> str:
    """The one way to place the windows that explains a line for all lengths and strides."""
    rng, seen = np.random.default_rng(3), []
    for n, k, s in product((6, 7, 8, 9), (1, 2, 3, 4, 5), (2, 3)):
        x, h = rng.standard_normal(n), rng.standard_normal(k)
        seen.append((x, h, s, run(line, library, x, h, s=s, p=lacking(n, k, s))))
    found = [
        name
        for name, rule in STRIDES.items()
        if all(agree(strided(x, h, s, *rule(len(x), len(h), s)), y) for x, h, s, y in seen)
    ]
    if len(found) != 1:
        raise AssertionError(f"{line}: explained by {found or 'nothing'}")
    return found[0]


def probe_strides(*libraries: str) -> list[dict[str, Any]]:
    """Where each line begins, and what it makes of the whole numbers from 1 on, in twos, under [1, 10, 100]."""
    found, h = [], np.array([1.0, 10.0, 100.0])
    for one in (one for one in ATLAS["strides"] if one["library"] in libraries):
        line, library = one["line"], one["library"]
        said = {"library": library, "line": line, "rule": stride(line, library)}
        for n in (6, 7):
            y = run(line, library, np.arange(1.0, n + 1), h, s=2, p=lacking(n, 3, 2))
            said[str(n)] = " ".join(f"{v:g}" for v in y)
        found.append(said)
    return found


def report(*libraries: str) -> dict[str, Any]:
    """Everything that the probes find here about these libraries."""
    packages = {"NumPy": "numpy", "scipy.signal": "scipy", "OpenCV": "cv2", "PyTorch": "torch"}
    packages |= {"JAX": "jax", "TensorFlow": "tensorflow"}
    versions = {p: import_module(p).__version__.split("+")[0] for lib in libraries if (p := packages.get(lib))}
    found = {"versions": versions, "calls": [probe(c) for c in calls(*libraries)]}
    return found | {"edges": probe_edges(*libraries), "strides": probe_strides(*libraries)}


if __name__ == "__main__":
    print(json.dumps(report(*sys.argv[1:]), ensure_ascii=False))
