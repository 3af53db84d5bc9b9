"""Peak memory beyond inputs and output at 1e7×1e4: one process per method, its high-water mark reset before."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from tools.bench.timing import CLOCK

SIZE, TAPS, BLOCK = 10**7, 10**4, 2**16
STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
METHODS = ("convlib", "convlib Stream", "scipy auto", "scipy fft", "scipy oaconvolve")


def resident(field: str) -> int:
    """Bytes of VmRSS (now) or VmHWM (the most since the reset)."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def method(name: str) -> Callable[[np.ndarray, np.ndarray], Any]:
    import scipy.signal as ss

    import convlib

    if name == "convlib Stream":
        return partial(stream, convlib.Stream)
    return {
        "convlib": convlib.convolve,
        "scipy auto": ss.convolve,
        "scipy fft": ss.fftconvolve,
        "scipy oaconvolve": ss.oaconvolve,
    }[name]


def stream(make: Callable[[np.ndarray], Any], x: np.ndarray, h: np.ndarray) -> None:
    """Block after block; a stream's output is used and let go, so nothing of it is kept here."""
    run = make(h)
    for start in range(0, len(x), BLOCK):
        run.process(x[start : start + BLOCK])
    run.flush()


def child(name: str, size: int = SIZE, taps: int = TAPS) -> dict[str, float]:
    """Measured in this process: what its memory grew by at most, less what the output takes."""
    rng = np.random.default_rng(0)
    x, h = rng.standard_normal(size), rng.standard_normal(taps)
    run = method(name)
    run(x[:1000], h[:10])  # libraries load what they need at the first call
    RESET.write_text("5")
    before, start = resident("VmRSS"), CLOCK()
    y = run(x, h)
    seconds = CLOCK() - start
    peak = resident("VmHWM") - before - (0 if y is None else y.nbytes)
    return {"peak_mb": max(0, peak) / 1e6, "seconds": seconds}


def memory() -> list[dict[str, Any]]:
    """One row per method; a method that is not there, or a system without /proc, is said and left out."""
    if not RESET.exists():
        print("[bench] peak memory: not measured, this system has no /proc/self/clear_refs", flush=True)
        return []
    rows = []
    for name in METHODS:
        command = [sys.executable, __file__, name]
        run = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ))
        if run.returncode:
            reason = run.stderr.strip().splitlines()[-1:] or [f"ended with {run.returncode}"]
            print(f"[bench] peak memory of {name}: not measured, {reason[0]}", flush=True)
            continue
        rows.append({"method": name, "x": [SIZE], "h": [TAPS], "dtype": "float64", **json.loads(run.stdout)})
    return rows


if __name__ == "__main__":
    print(json.dumps(child(sys.argv[1])))
