"""Time convlib beside NumPy and SciPy, interleaved in one run; medians and ratios, machine named."""

import json
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import scipy.signal

import convlib

OUT = Path(__file__).resolve().parents[1] / "_build/bench.json"
SIZES_1D = [(100, 3), (1_000, 31), (10_000, 31), (100_000, 31), (100_000, 1_000), (1_000_000, 31), (1_000_000, 1_000)]
SIZES_2D = [((256, 256), (3, 3)), ((512, 512), (9, 9)), ((512, 512), (31, 31))]


def interleaved(calls: dict[str, Callable[[], object]], budget: float = 1.0) -> dict[str, float]:
    """Median seconds of each call; every round runs each once, so that a slow moment hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    end = time.perf_counter() + budget
    while time.perf_counter() < end or len(times[next(iter(calls))]) < 3:
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - start)
    return {name: median(values) for name, values in times.items()}


def compare(x: np.ndarray, h: np.ndarray) -> dict[str, float]:
    calls = {
        "convlib": lambda: convlib.convolve(x, h),
        "scipy auto": lambda: scipy.signal.convolve(x, h),
        "scipy fft": lambda: scipy.signal.fftconvolve(x, h),
        "scipy overlap-add": lambda: scipy.signal.oaconvolve(x, h),
    }
    if x.ndim == 1 and x.size * h.size <= 2e8:
        calls["numpy"] = lambda: np.convolve(x, h)
    return interleaved(calls)


def machine() -> dict[str, object]:
    info = Path("/proc/cpuinfo")
    names = (
        [line.split(":")[1].strip() for line in info.read_text().splitlines() if "model name" in line]
        if info.exists()
        else []
    )
    return {
        "processor": (names or [platform.processor()])[0],
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }


def main() -> None:
    rng = np.random.default_rng(0)
    rows = []
    print(f"{'x':>12} {'h':>9} {'dtype':>8} {'convlib':>10}   peer time / convlib's (above 1: convlib is faster)")
    for shape_x, shape_h in SIZES_1D + SIZES_2D:
        for dtype in ("float64", "float32"):
            x, h = (rng.standard_normal(s).astype(dtype) for s in (shape_x, shape_h))
            seconds = compare(x, h)
            ratios = {name: t / seconds["convlib"] for name, t in seconds.items() if name != "convlib"}
            rows.append({"x": x.shape, "h": h.shape, "dtype": dtype, "seconds": seconds, "ratios": ratios})
            text = "  ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
            size_x, size_h = ("×".join(map(str, shape)) for shape in (x.shape, h.shape))
            print(f"{size_x:>12} {size_h:>9} {dtype:>8} {seconds['convlib'] * 1e6:>7.0f} µs   {text}", flush=True)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({"machine": machine(), "rows": rows}, indent=1))
    print(f"written: {OUT.name}")


if __name__ == "__main__":
    main()
