"""The machine: its description, and its GEMM, FFT and memory rates, measured in the run."""

import math
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import scipy.fft

from tools import ROOT
from tools.bench.timing import interleaved

PACKAGES = ("numpy", "scipy", "torch", "opencv-python-headless", "opencv-python")
SIDE, BLOCKS, BYTES = 768, (64, 4096), 2**26  # a square product, a batch of transforms, an array beyond the caches


def commit() -> str:
    """Hash of the checked-out commit, which also seeds the sizes of `--check`."""
    run = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    if run.returncode:
        raise SystemExit("bench: the sizes are seeded by the commit's hash, and `git rev-parse HEAD` failed here")
    return run.stdout.strip()


def describe() -> dict[str, Any]:
    """Everything that a reader needs to judge the numbers; the load says whether the machine was at rest."""
    info = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    fields = dict(line.split(":", 1) for line in info.split("\n\n")[0].splitlines())
    cpu = {key.strip(): value.strip() for key, value in fields.items()}
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
    return {
        "processor": cpu.get("model name") or platform.processor() or platform.machine(),
        "model": ", ".join(f"{key} {cpu[key]}" for key in ("cpu family", "model", "stepping") if key in cpu),
        "cache": cpu.get("cache size", ""),
        "cores": os.cpu_count(),
        "memory_gb": round(pages / 1e9, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "threads": 1,
        "load": [round(v, 2) for v in os.getloadavg()] if hasattr(os, "getloadavg") else [],
        "taken": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions,
    }


def rates(dtype: str, seconds: float = 1.0) -> dict[str, float]:
    """Measured now, one thread: GEMM and FFT in flop/s, bytes a second copied into fresh memory and in place."""
    rng = np.random.default_rng(0)
    a, b = (rng.standard_normal((SIDE, SIDE)).astype(dtype) for _ in "ab")
    batch, long = rng.standard_normal(BLOCKS).astype(dtype), np.zeros(BYTES // np.dtype(dtype).itemsize, dtype)
    there = np.ones_like(long)
    calls = {
        "gemm": lambda: a @ b,
        "fft": lambda: scipy.fft.rfft(batch),
        "fresh": long.copy,
        "memory": lambda: np.copyto(there, long),
    }
    amount = {
        "gemm": 2 * SIDE**3,
        "fft": BLOCKS[0] * transform(BLOCKS[1]),
        "fresh": 2 * long.nbytes,
        "memory": 2 * long.nbytes,
    }
    samples = interleaved(calls, seconds, dict.fromkeys(calls, 1.0))
    return {name: amount[name] / median(values) for name, values in samples.items()}


def transform(size: float) -> float:
    """Flops of one real FFT, by the customary count 2.5 N log₂ N."""
    return 2.5 * size * math.log2(size)
