"""The promises at named points, of layers and of memory: `make bench` reports which of them hold."""

from statistics import median
from typing import Any

from tools.bench.judge import Verdict

F8, F4 = "float64", "float32"
NAMED = (  # kind, length or side, kernel, dtype, peer, least ratio
    *(("1d", n, k, F8, "scipy auto", r) for n, k, r in
      ((10**4, 31, 2.5), (10**5, 31, 2.5), (10**6, 31, 2), (10**6, 1000, 3), (10**7, 1000, 5))),
    *(("1d", n, 31, F4, "scipy auto", 6) for n in (10**5, 10**6)),
    *(("2d", 1024, k, F8, "scipy auto", r) for k, r in ((3, 3), (5, 2.5), (9, 1.4), (15, 1.4), (31, 1))),
    *(("2d", 1024, k, F8, "ndimage convolve", r) for k, r in ((3, 1), (9, 2.3), (15, 7))),
    *(("separable", 1024, k, F8, "ndimage convolve1d twice", r) for k, r in ((3, 1.4), (31, 3))),
    *(("2d", 1024, k, F8, "opencv filter2D", 0.7) for k in (9, 15, 31)),
)  # fmt: skip


def judge_named(rows: list[dict[str, Any]], memory: list[dict[str, Any]]) -> list[Verdict]:
    """The promises at named points, of layers and of memory."""
    at = {(row["kind"], row["x"][0], row["h"][0], row["dtype"]): row["ratios"] for row in rows}
    found = [
        Verdict(f"{kind} {n} * {k} {dtype} against {peer}", ratio, at.get((kind, n, k, dtype), {}).get(peer))
        for kind, n, k, dtype, peer, ratio in NAMED
    ]
    for kind, worst in (("forward", 3.0), ("backward", None)):
        slower = [1 / row["ratios"]["torch conv2d"] for row in rows if row["kind"] == kind and row["ratios"]]
        what = f"{kind} layers, time over PyTorch's"
        found.append(Verdict(f"{what}, median", 2, median(slower) if slower else None, at_least=False))
        if worst:
            found.append(Verdict(f"{what}, worst", worst, max(slower, default=None), at_least=False))
    peak = {row["method"]: row["peak_mb"] for row in memory}
    ours, fft = peak.get("convlib"), peak.get("scipy fft")
    share = ours / fft if ours is not None and fft else None
    found.append(Verdict("peak memory over fftconvolve's", 0.5, share, at_least=False))
    return [*found, Verdict("peak memory of Stream in MB", 16, peak.get("convlib Stream"), at_least=False)]
