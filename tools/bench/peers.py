"""How each peer is asked for the same answer; kernels are turned and wrapped before the clock starts."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import numpy as np
import scipy.ndimage as ndi

import convlib

Given = SimpleNamespace
Ready = Callable[[], Any]


def optional(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        print(f"[bench] {name} is not here: what needs it is left out", flush=True)
        return None


cv2, torch, nn = optional("cv2"), optional("torch"), optional("convlib.nn")
if torch:
    torch.set_num_threads(1)
if cv2:
    cv2.setNumThreads(1)


def flipped(h: np.ndarray) -> np.ndarray:
    """For a peer that correlates: the kernel turned, so that it convolves."""
    return np.ascontiguousarray(np.flip(h))


def convlib_by(method: str) -> Callable[[Given], Ready]:
    return lambda c: partial(convlib.convolve, c.x, c.h, c.mode, method)


def ndimage_twice(c: Given) -> Ready:
    once = partial(ndi.convolve1d, mode="constant")
    return lambda: once(once(c.x, c.u, 0), c.v, 1)


def opencv(c: Given) -> Ready:
    return partial(cv2.filter2D, c.x, -1, flipped(c.h), borderType=cv2.BORDER_CONSTANT)


def opencv_separable(c: Given) -> Ready:
    return partial(cv2.sepFilter2D, c.x, -1, flipped(c.v), flipped(c.u), borderType=cv2.BORDER_CONSTANT)


def torch_filter(c: Given) -> Ready:
    x, h = (torch.from_numpy(a)[None, None] for a in (c.x, flipped(c.h)))
    run = torch.conv1d if c.x.ndim == 1 else torch.conv2d
    pad = [k - 1 if c.mode == "full" else k // 2 for k in c.h.shape]
    return lambda: run(x, h, padding=pad)[0, 0].numpy()


def convlib_layer(c: Given) -> Ready:
    return lambda: nn.conv2d(c.x, c.h, **c.options)


def convlib_backward(c: Given) -> Ready:
    return lambda: nn.conv2d_backward(c.dy, c.x, c.h, **c.options)


def torch_layer(c: Given) -> Ready:
    x, w = torch.from_numpy(c.x), torch.from_numpy(c.h)
    return lambda: torch.conv2d(x, w, **c.options).numpy()


def torch_backward(c: Given) -> Ready:
    """All three gradients, as ours: of the input, the weights and the bias."""
    dy, x, w = (torch.from_numpy(a) for a in (c.dy, c.x, c.h))
    pairs = [[c.options[name]] * 2 for name in ("stride", "padding", "dilation")]
    rest = (False, [0, 0], c.options["groups"], [True, True, True])
    return lambda: [g.numpy() for g in torch.ops.aten.convolution_backward(dy, x, w, [len(c.h)], *pairs, *rest)]
