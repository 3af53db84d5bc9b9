"""The GPU through PyTorch or CuPy, PyTorch's own CPU transforms with one thread and with all, and the clock."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from statistics import median
from time import perf_counter
from types import ModuleType
from typing import Any

import numpy as np


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
