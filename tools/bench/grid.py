"""What is measured: the grid of `make bench` and the random sizes of `--check`."""

import math
from itertools import product

import numpy as np

from tools.bench.cases import Case

DTYPES = ("float64", "float32")
LENGTHS, KERNELS = (10**2, 10**3, 10**4, 10**5, 10**6, 10**7), (3, 10, 31, 100, 1_000, 10_000, 100_000)
SIDES, SQUARES = (64, 256, 1024, 4096), (3, 5, 9, 15, 31, 63, 127)
SEPARABLE = ((256, 3), (256, 31), (1024, 3), (1024, 9), (1024, 31), (4096, 3), (4096, 31), (4096, 127))
# name: shape of x (N, C, H, W), shape of w (F, C / groups, kH, kW), stride, padding, dilation, groups
LAYERS = {
    "LeNet-5, first": ((32, 1, 32, 32), (6, 1, 5, 5), 1, 0, 1, 1),
    "AlexNet, first": ((1, 3, 227, 227), (96, 3, 11, 11), 4, 0, 1, 1),
    "AlexNet, second": ((1, 96, 27, 27), (256, 48, 5, 5), 1, 2, 1, 2),
    "VGG-16, first": ((1, 3, 224, 224), (64, 3, 3, 3), 1, 1, 1, 1),
    "VGG-16, third block": ((1, 256, 56, 56), (256, 256, 3, 3), 1, 1, 1, 1),
    "VGG-16, fifth block": ((1, 512, 14, 14), (512, 512, 3, 3), 1, 1, 1, 1),
    "Inception, 5×5": ((4, 16, 28, 28), (32, 16, 5, 5), 1, 2, 1, 1),
    "ResNet-50, first": ((1, 3, 224, 224), (64, 3, 7, 7), 2, 3, 1, 1),
    "ResNet-50, 3×3": ((4, 64, 56, 56), (64, 64, 3, 3), 1, 1, 1, 1),
    "ResNet-50, 1×1": ((4, 64, 56, 56), (256, 64, 1, 1), 1, 0, 1, 1),
    "ResNet-50, 3×3 stride 2": ((4, 128, 56, 56), (128, 128, 3, 3), 2, 1, 1, 1),
    "MobileNet, depthwise": ((4, 128, 56, 56), (128, 1, 3, 3), 1, 1, 1, 128),
    "DeepLab, dilation 6": ((1, 256, 33, 33), (256, 256, 3, 3), 1, 6, 6, 1),
    "small digits, batch 64": ((64, 8, 14, 14), (16, 8, 3, 3), 1, 1, 1, 1),
}


def grid() -> list[Case]:
    """Every case of `make bench`, small ones first, so that a budget that runs out loses the long ones."""
    cases = [Case("1d", (n,), (k,), t) for n, k, t in product(LENGTHS, KERNELS, DTYPES) if k <= n]
    cases += [Case("2d", (n, n), (k, k), t) for n, k, t in product(SIDES, SQUARES, DTYPES) if k <= n]
    cases += [Case("separable", (n, n), (k, k), t) for (n, k), t in product(SEPARABLE, DTYPES)]
    for (name, (x, w, *rest)), kind in product(LAYERS.items(), ("forward", "backward")):
        options = dict(zip(("stride", "padding", "dilation", "groups"), rest, strict=True))
        cases.append(Case(kind, x, w, "float32", name, options))
    return sorted(cases, key=lambda case: case.weight)


def random_cases(commit: str, count: int = 40) -> list[Case]:
    """`count` log-random sizes that the commit's hash decides: three in five 1-D, the others 2-D and odd."""
    rng = np.random.default_rng(int(commit, 16))
    cases = []
    for i in range(count):
        dtype, low, high = DTYPES[i % 2], *((64, 4096) if i % 5 in (1, 4) else (10**2, 10**7))
        n = _log_random(rng, low, high)
        k = _log_random(rng, 3, min(n, 127 if low == 64 else 10**5))
        cases.append(Case("2d", (n, n), (k - 1 + k % 2,) * 2, dtype) if low == 64 else Case("1d", (n,), (k,), dtype))
    return cases


def _log_random(rng: np.random.Generator, low: int, high: int) -> int:
    return round(math.exp(rng.uniform(math.log(low), math.log(high))))
