"""Time FFT convolution on a GPU beside one and all CPU cores of the same machine; writes convlib/signals/gpu.json.

The same transforms everywhere, float32: y = irfft(rfft(x) · rfft(h)). In 1-D the kernel is as long as the signal, in
2-D it has 127×127 pixels. Runs in a Python that has NumPy, SciPy and PyTorch or CuPy.
"""

import argparse
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from statistics import median
from time import perf_counter
from types import ModuleType
from typing import Any

import numpy as np
import scipy.fft

from tools import ROOT
from tools.bench.machine import commit, describe
from tools.bench.store import listed, rounded

LENGTHS, SIDES, WIDTH, TINY = (10**5, 10**6, 10**7, 10**8), (512, 1024, 2048, 4096, 8192), 127, (2000, 64)
SAID = (
    "Measured by `make bench-gpu`: medians, float32, on {gpu} and {processor}, {cores} cores, {taken}; commit {commit}"
)
HOME = ROOT / "convlib/signals"
CLOSE = 1e-4  # of the largest output, float32


@dataclass(frozen=True)
class Device:
    """`put` sends an array there, `get` fetches one, `wait` returns when all work there is done."""

    name: str
    versions: dict[str, str]
    fft: Any
    put: Callable[[np.ndarray], Any]
    get: Callable[[Any], np.ndarray]
    wait: Callable[[Any], Any]


class TorchFFT:
    """PyTorch's transforms; its third argument is called `dim`, so it is given by place."""

    def __init__(self, torch: ModuleType) -> None:
        self.rfftn, self.irfftn = torch.fft.rfftn, torch.fft.irfftn


def optional(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ImportError:
        return None


def device(kind: str) -> Device:
    """The first GPU, or PyTorch on the CPU in its place; ends the program where there is none."""
    torch, cupy = optional("torch"), optional("cupy")
    if torch and (kind == "cpu" or torch.cuda.is_available()):
        return _torch(torch, kind)
    if cupy and kind == "gpu" and cupy.cuda.runtime.getDeviceCount():
        return _cupy(cupy)
    raise SystemExit("bench-gpu: no GPU that PyTorch or CuPy of this Python can use; nothing was measured")


def _torch(torch: ModuleType, kind: str) -> Device:
    where = "cpu" if kind == "cpu" else "cuda"
    name = "the CPU, in a rehearsal" if kind == "cpu" else torch.cuda.get_device_name(0)

    def wait(y: Any) -> Any:
        if where == "cuda":
            torch.cuda.synchronize()
        return y

    versions = {"torch": torch.__version__, "cuda": str(torch.version.cuda)}
    put = lambda a: wait(torch.from_numpy(a).to(where))  # noqa: E731
    return Device(name, versions, TorchFFT(torch), put, lambda y: wait(y).cpu().numpy(), wait)


def _cupy(cupy: ModuleType) -> Device:
    def wait(y: Any) -> Any:
        cupy.cuda.get_current_stream().synchronize()
        return y

    name = cupy.cuda.runtime.getDeviceProperties(0)["name"].decode()
    versions = {"cupy": cupy.__version__, "cuda": str(cupy.cuda.runtime.runtimeGetVersion())}
    return Device(name, versions, cupy.fft, lambda a: wait(cupy.asarray(a)), cupy.asnumpy, wait)


def cores(convolution: Callable[[Any, Any, Any], Any], x: np.ndarray, h: np.ndarray) -> dict[str, Callable[[], Any]]:
    """PyTorch on the CPU, whose single transforms use several cores where SciPy's use one."""
    torch = optional("torch")
    if torch is None:
        return {}
    a, b, fft = torch.from_numpy(x), torch.from_numpy(h), TorchFFT(torch)

    def run(threads: int) -> np.ndarray:
        torch.set_num_threads(threads)
        return np.asarray(convolution(fft, a, b))

    return {"PyTorch, one core": lambda: run(1), "PyTorch, all cores": lambda: run(os.cpu_count() or 1)}


def seconds(run: Callable[[], Any], least: int = 3, spend: float = 1.0, most: float = 10.0) -> float:
    """Median elapsed time of a warm call; a run returns only when its work is done. A very slow one is timed once."""
    samples: list[float] = []
    while (len(samples) < least and sum(samples) < most) or (sum(samples) < spend and len(samples) < 50):
        start = perf_counter()
        run()
        samples.append(perf_counter() - start)
    return median(samples)


def shapes(tiny: bool) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Signal and kernel of every case, the small ones first."""
    lengths, sides = (TINY[:1], TINY[1:]) if tiny else (LENGTHS, SIDES)
    return [((n,), (n,)) for n in lengths] + [((n, n), (min(n, WIDTH),) * 2) for n in sides]


def convolution(fft: Any, x: Any, h: Any, **more: Any) -> Any:
    """The whole FFT, by the module given: SciPy's, PyTorch's and CuPy's take the same arguments."""
    full = [n + k - 1 for n, k in zip(x.shape, h.shape, strict=True)]
    size, axes = [scipy.fft.next_fast_len(n, real=True) for n in full], tuple(range(len(full)))
    y = fft.irfftn(fft.rfftn(x, size, axes, **more) * fft.rfftn(h, size, axes, **more), size, axes, **more)
    return y[tuple(slice(n) for n in full)]


def contenders(x: np.ndarray, h: np.ndarray, on: Any) -> dict[str, Callable[[], Any]]:
    """Name and call of everybody; each call ends with a NumPy array, but for the data that stay on the GPU."""
    there, kernel, convolve = on.put(x), on.put(h), import_module("convlib").convolve
    return {
        "convlib, one core": lambda: convolve(x, h),
        "SciPy, one core": lambda: convolution(scipy.fft, x, h, workers=1),
        "SciPy, all cores": lambda: convolution(scipy.fft, x, h, workers=os.cpu_count()),
        **cores(lambda fft, a, b: convolution(fft, a, b), x, h),
        "GPU": lambda: on.wait(convolution(on.fft, there, kernel)),
        "GPU with transfer": lambda: on.get(convolution(on.fft, on.put(x), on.put(h))),
    }


def row(x_shape: tuple[int, ...], h_shape: tuple[int, ...], on: Any) -> dict[str, Any]:
    """One case: seconds of everybody whose answer is the same; what failed is said and left out."""
    rng = np.random.default_rng([*x_shape, *h_shape])
    x, h = (rng.standard_normal(shape, dtype=np.float32) for shape in (x_shape, h_shape))
    found, reference = {}, convolution(scipy.fft, x, h)
    for name, run in contenders(x, h, on).items():
        try:
            y = on.get(run()) if name == "GPU" else np.asarray(run())
            error = float(np.abs(y - reference).max() / np.abs(reference).max())
            if not error < CLOSE:
                raise ValueError(f"the answer differs by {error:.1e} of the largest")
            found[name] = seconds(run)
        except (MemoryError, RuntimeError, ValueError) as error:  # a GPU that is full is a RuntimeError
            print(f"[gpu] {x_shape}: {name} left out: {str(error)[:120]}", flush=True)
    print(f"[gpu] {x_shape} * {h_shape}: " + ", ".join(f"{name} {s:.3g} s" for name, s in found.items()), flush=True)
    return {"x": list(x_shape), "h": list(h_shape), "dtype": "float32", "seconds": found}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bench_gpu", description=__doc__)
    parser.add_argument("--rehearse", type=Path, help="tiny sizes, on the CPU in the place of a GPU, into this file")
    rehearsal = parser.parse_args().rehearse
    on = device("cpu" if rehearsal else "gpu")
    machine = describe()
    machine |= {"gpu": on.name, "versions": machine["versions"] | on.versions}
    rows = [row(*case, on) for case in shapes(bool(rehearsal))]
    document = rounded({"schema": 1, "commit": commit(), "machine": machine, "rows": rows})
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    (rehearsal or HOME / "gpu.json").write_text(text, "utf-8")
    if not rehearsal:
        listed(
            ROOT / "convlib/signals",
            "gpu.json",
            "timings of a GPU",
            SAID.format(**machine, commit=document["commit"][:12]),
        )
