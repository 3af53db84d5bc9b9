"""Measure what the planner of convlib.engines needs to know: seconds per operation, by type.

    python -m tools.bench.calibrate          writes convlib/engines/rates.json, the machine named in it

One thread. Each rate is the time, undisturbed, of the very code that the engine runs, divided by the
number of operations that the planner counts for it. Nothing is fitted to a benchmark.
"""

import json
import os
import time
from collections.abc import Callable

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view as windows

from convlib.engines.fourier import AT_ONCE, Transform
from convlib.engines.toeplitz import LEVELS, PRODUCT
from tools.bench.machine import ROOT, describe

OUT = ROOT / "convlib/engines/rates.json"


def seconds(call: Callable[[], object], budget: float = 0.15) -> float:
    """Time of a call that other processes left alone: the first decile."""
    times: list[float] = []
    end = time.perf_counter() + budget
    while time.perf_counter() < end or len(times) < 5:
        start = time.thread_time()
        call()
        times.append(time.thread_time() - start)
    return sorted(times)[len(times) // 10]


def noise(code: str, *shape: int) -> np.ndarray:
    rng = np.random.default_rng(1)
    return (rng.standard_normal(shape) * (1 + (1j if code in "FDG" else 0))).astype(code)


def per_output(code: str, k: int) -> float:
    """Seconds per output of np.convolve."""
    x, h = noise(code, 20_000), noise(code, k)
    return seconds(lambda: np.convolve(x, h)) / 20_000


def there_and_back(code: str, size: int) -> float:
    """Seconds per number and doubling of one transform and its inverse."""
    x, whole = noise(code, max(1, AT_ONCE // size), size), [slice(None)]

    def call() -> None:
        transform = Transform((size,), x[0])
        transform.back(transform.there(x), whole)

    return seconds(call) / (x.size * np.log2(size))


def gather(code: str) -> float:
    """Seconds per product of windows that are copied side by side and multiplied."""
    box, weights = noise(code, 66, 130), noise(code, 9)
    gathered = windows(box, (64, 128))
    return seconds(lambda: np.dot(weights, gathered.reshape(9, -1))) / (9 * 64 * 128)


def product(code: str, length: int, wide: int) -> float:
    """Seconds per output of a Toeplitz product, as many rows at once as the engine takes."""
    rows = PRODUCT // (length * wide)
    signal, matrix, y = noise(code, rows, length), noise(code, length, wide), np.empty((rows, wide), code)
    return seconds(lambda: np.matmul(signal, matrix, out=y)) / y.size


def levels(code: str) -> tuple[float, float]:
    """Seconds per number of rows that are copied with shifts, and per product with the rows of a tile."""
    k, wide, length = 9, 128, (LEVELS + 8) * 9
    shifted = windows(noise(code, 44, wide + k - 1), wide, axis=1)
    stack = shifted.copy()
    groups = windows(stack.reshape(-1, wide), length, axis=0)[:: LEVELS * k].swapaxes(1, 2)
    matrix, y = noise(code, LEVELS, length), np.empty((len(groups), LEVELS, wide), code)
    copy = seconds(lambda: np.copyto(stack, shifted)) / stack.size
    return copy, seconds(lambda: np.matmul(matrix, groups, out=y)) / (y.size * length)


def rates(code: str) -> dict[str, float]:
    ones = noise(code, 2**19)
    near, far = there_and_back(code, 2**12), there_and_back(code, 15 * 2**16)
    at_3, at_11, at_31, at_64, at_2048 = (per_output(code, k) for k in (3, 11, 31, 64, 2048))
    short, dot = (at_11 - at_3) / 8, (at_2048 - at_64) / 1984
    inner, left_over = max(at_64 - 64 * dot, 0.0), 31 % (128 // ones.itemsize)
    narrow, wide = ((product(code, 220, n) - product(code, 60, n)) / 160 for n in (16, 32))
    few, (stack, level) = ones[: 2**15], levels(code)
    return {
        "call": seconds(lambda: [np.multiply(ones[:8], ones[:8]) for _ in range(50)]) / 50 * 1.5,
        "output": max(at_3 - 3 * short, 0.0), "short": short,
        "inner": inner, "dot": dot, "tail": max(at_31 - inner - 31 * dot, 0.0) / left_over,
        "gather": gather(code), "narrow": narrow, "wide": wide, "store": max(product(code, 20, 16) - 20 * narrow, 0.0),
        "stack": stack, "level": level,
        "near": seconds(few.copy) / few.size, "move": seconds(ones.copy) / ones.size,
        "fft": near, "far": max(near, far), "line": max(there_and_back(code, 32) - near, 0.0) * 5 * 32,
    }  # fmt: skip


def main() -> None:
    measured = {code: {name: float(f"{rate:.3g}") for name, rate in rates(code).items()} for code in "fdgFDG"}
    on, packages = describe(), {"Python": "python", "NumPy": "numpy", "SciPy": "scipy"}
    versions = ", ".join(f"{name} {on['versions'][key]}" for name, key in packages.items())
    text = json.dumps({"machine": f"{on['processor']}, one thread, {versions}", "seconds": measured}, indent=1)
    OUT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
