"""What the machine's measured rates allow for a case, and which of them counts for convlib's engine."""

import math
from typing import Any

import numpy as np
import scipy.fft

from convlib.engines import SPECTRAL
from tools.bench.cases import Case
from tools.bench.machine import transform


def limits(case: Case, rate: dict[str, float]) -> dict[str, float]:
    """Seconds at the measured rates, if nothing but the products, the transforms or the memory took time."""
    size = np.dtype(case.dtype).itemsize
    touched = (math.prod(case.x) + math.prod(case.h) + math.prod(case.output)) * size
    found = {"gemm": 2 * case.products / rate["gemm"], "memory": touched / max(rate["memory"], rate["fresh"])}
    if case.kind in ("1d", "2d"):
        found["fft"] = _by_blocks(case.output, case.h) / rate["fft"]
    return found


def _by_blocks(output: tuple[int, ...], h: tuple[int, ...]) -> float:
    """Flops of the best of many block lengths: two transforms of each block and one of the kernel."""
    m, k, d = output[0], h[0], len(h)
    blocks = [2**p * f // 2 for p in range(k.bit_length(), m.bit_length() + 1) for f in (2, 3)]
    # One block may wrap around into samples that nobody asked for; in 1-D all were asked for.
    blocks = [b for b in blocks if b >= k] + [scipy.fft.next_fast_len(m + (k // 2 if d > 1 else 0), real=True)]
    count = [math.ceil(m / (b - k + 1)) for b in blocks[:-1]] + [1]
    return min((2 * n**d + 1) * transform(b**d) for b, n in zip(blocks, count, strict=True))


def nearest(row: dict[str, Any]) -> float:
    """The limit that counts: memory or the arithmetic of the engine; of the cheaper way if no engine is named."""
    limit, engine = row["limits"], str(row.get("engine", ""))
    ways = {name: limit[name] for name in ("gemm", "fft") if name in limit}
    if engine and "fft" in ways:
        way = ways["fft" if engine in SPECTRAL else "gemm"]
    else:
        way = min(ways.values())
    return max(limit["memory"], way)
