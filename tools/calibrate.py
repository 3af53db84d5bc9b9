"""Measure what the planner of convlib.engines needs to know: seconds per operation, by type.

    python tools/calibrate.py          writes convlib/engines/rates.json, the machine named in it

One thread. Each rate is the time, undisturbed, of the very code that the engine runs, divided by the
number of operations that the planner counts for it. Nothing is fitted to a benchmark.
"""

import json
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded

import numpy as np
from bench_machine import ROOT, describe
from calibrate_work import gather, levels, noise, per_output, product, seconds, there_and_back

OUT = ROOT / "convlib/engines/rates.json"


def rates(code: str) -> dict[str, float]:
    ones, kernel = noise(code, 2**19), noise("D" if code in "FD" else "d", 31, 31)
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
        "svd": 0.0 if code in "gG" else seconds(lambda: np.linalg.svd(kernel)) / 31**3,
    }  # fmt: skip


def main() -> None:
    measured = {code: {name: float(f"{rate:.3g}") for name, rate in rates(code).items()} for code in "fdgFDG"}
    on, packages = describe(), {"Python": "python", "NumPy": "numpy", "SciPy": "scipy"}
    versions = ", ".join(f"{name} {on['versions'][key]}" for name, key in packages.items())
    text = json.dumps({"machine": f"{on['processor']}, one thread, {versions}", "seconds": measured}, indent=1)
    OUT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
