"""Time convlib beside busy loops, with BLAS's default threads and two sets of its kernels: those it detects, and AVX2.

    python -m tools.bench.busy [rounds]      a line per call: idle, as many loops as cores, five times as many

Each call takes turns with its peer in one process: medians, and the worst decile. Judged by the ratio of the medians.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from tools import ROOT

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
KERNELS: dict[str, dict[str, str]] = {"detected": {}, "Haswell": {"OPENBLAS_CORETYPE": "Haswell"}}
MOST = 1.5  # times a peer's median, in the same minute
BUSY = "while True: pass"


def pairs() -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    """Our call and the peer's: NumPy in 1-D, SciPy's own choice in 2-D and once per pair of channels for a layer."""
    import scipy.signal as ss

    from convlib import convolve, nn

    rng, found = np.random.default_rng(0), {}
    for n, k, code in ((10**6, 31, "f"), (10**6, 31, "d"), (10**6, 3, "f"), (10**5, 40, "d"), (10**5, 20, "F")):
        x, h = (rng.standard_normal(size).astype(code) for size in (n, k))
        found[f"{n} * {k} {code}"] = (lambda x=x, h=h: convolve(x, h)), (lambda x=x, h=h: np.convolve(x, h))
    for n, k, code in ((256, 5, "f"), (1024, 9, "d"), (512, 31, "d")):
        x, h = (rng.standard_normal((size, size)).astype(code) for size in (n, k))
        found[f"{n}² * {k}² {code}"] = (
            (lambda x=x, h=h: convolve(x, h, "same")),
            (lambda x=x, h=h: ss.convolve(x, h, "same")),
        )
    for channels, side in ((16, 56), (32, 28), (64, 28)):
        x = rng.standard_normal((1, channels, side, side)).astype("f")
        w = rng.standard_normal((channels, channels, 3, 3)).astype("f")
        peer = lambda x=x, w=w: [ss.correlate(a, b, "same") for f in w for a, b in zip(x[0], f, strict=True)]  # noqa: E731
        found[f"layer {channels}, {side}²"] = (lambda x=x, w=w: nn.conv2d(x, w, padding=1)), peer
        found[f"backward {channels}, {side}²"] = (lambda x=x, w=w: nn.conv2d_backward(x, x, w, padding=1)), peer
    return found


def seconds(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def here(rounds: int) -> dict[str, list[list[float]]]:
    """Samples of every pair, in turns, the other one first each time: who comes second is more often interrupted."""
    found = {}
    for name, both in pairs().items():
        samples: list[list[float]] = [[seconds(call)] for call in both]
        for turn in range(rounds):
            for i in (0, 1) if turn % 2 else (1, 0):
                samples[i].append(seconds(both[i]))
        found[name] = [values[1:] for values in samples]  # without the first call
    return found


def elsewhere(kernel: dict[str, str], loops: int, rounds: int) -> dict[str, list[list[float]]]:
    """The samples of a process of its own, without any limit of threads, beside so many loops."""
    env = {name: value for name, value in os.environ.items() if name not in THREADS}
    busy = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(loops)]
    try:
        command = [sys.executable, "-m", "tools.bench.busy", "--here", str(rounds)]
        run = subprocess.run(
            command, env=env | kernel | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, check=True, cwd=ROOT
        )
    finally:
        for loop in busy:
            loop.kill()
    return json.loads(run.stdout)


def line(kernel: str, loops: int, name: str, ours: list[float], theirs: list[float]) -> str:
    """Medians and worst deciles in ms, the ratio of the medians, and whether it is at most `MOST`."""
    shown = [f"{1e3 * median(v):.3g} (worst decile {1e3 * float(np.quantile(v, 0.9)):.3g})" for v in (ours, theirs)]
    ratio = median(ours) / median(theirs)
    verdict = "kept" if ratio <= MOST else "MISSED"
    return f"[busy] {kernel}, {loops} loops, {name}: {shown[0]} ms, peer {shown[1]} ms, ratio {ratio:.2f}, {verdict}"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--here"]:
        print(json.dumps(here(int(sys.argv[2]))))
        raise SystemExit
    rounds, cores = int((sys.argv[1:] or ["25"])[0]), os.cpu_count() or 1
    for (kernel, env), loops in ((k, n) for k in KERNELS.items() for n in (0, cores, 5 * cores)):
        for name, (ours, theirs) in elsewhere(env, loops, rounds).items():
            print(line(kernel, loops, name, ours, theirs), flush=True)
