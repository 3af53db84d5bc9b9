"""What `calibrate.py` times: the pieces of work that the engines of convlib are made of."""

import time
from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view as windows

from convlib.engines.gemm import LEVELS, PRODUCT
from convlib.engines.spectral import AT_ONCE, Transform


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
        transform = Transform((size,), x[0], len(x))
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
