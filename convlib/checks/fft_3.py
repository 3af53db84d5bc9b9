"""Exercises of chapter IV-3, The price."""

import math
from typing import Any

import numpy as np
from numpy.random import Generator

from convlib.checks.declaration import Drawn, Exercise
from convlib.checks.words import written
from convlib.ops import convolve


def _fft_count(length: int, transforms: int = 3, real: int = 4) -> int:
    """Multiplications of so many transforms and one product of spectra, ``real`` of them for a complex one."""
    return real * (transforms * (length // 2) * (length.bit_length() - 1) + length)


@Exercise("IV-3.1", "[direct, one FFT]", otherwise="not the two counts")
def _count(rng: Generator) -> Drawn:
    """Multiplications of the direct sum and of one FFT."""
    power = 2 ** int(rng.integers(9, 13))
    k = int(rng.integers(20, 90))
    n = power - int(rng.integers(1, k - 1))
    length = 1 << (n + k - 2).bit_length()
    good = [n * k, _fft_count(length)]
    slips = [
        (good[::-1], "the right numbers, but the direct sum comes first"),
        ([n * k, _fft_count(length // 2)], "that N holds the signal, but the result has n + k − 1 samples"),
        ([n * k, _fft_count(2 * length)], "a power of two half as long holds all n + k − 1 samples"),
        ([n * k, _fft_count(length, 2)], "three transforms: two there and one back"),
        ([n * k, _fft_count(length, real=1)], "those are complex multiplications; each is counted as four real ones"),
        ([n * k, good[1] - 4 * length], "the product of the two spectra is missing: N complex multiplications"),
        ([n * n, good[1]], "the kernel has k weights, not n: each sample meets each weight once"),
        ([(n + k - 1) * k, good[1]], "at the two ends fewer than k products reach an output; count pairs instead"),
    ]
    return {"n": n, "k": k}, good, slips


@_count.worked
def _counted(given: dict[str, Any], right: Any) -> dict[str, Any]:
    direct, fft = right
    length = 1 << (given["n"] + given["k"] - 2).bit_length()
    log = length.bit_length() - 1
    return {
        "direct": direct,
        "outputs": given["n"] + given["k"] - 1,
        "shorter": length // 2,
        "N": length,
        "log": log,
        "transforms": 6 * length * log,
        "spectra": 4 * length,
        "fft": fft,
        "fewer": "the direct sum takes fewer" if direct < fft else "the FFT takes fewer",
    }


@Exercise("IV-3.2")
def _add(rng: Generator) -> Drawn:
    """Overlap-add, the last step."""
    size = rng.integers(3, 5)
    x, h = rng.integers(1, 6, 2 * size), rng.integers(1, 5, 3)
    first, second = convolve(x[:size], h), convolve(x[size:], h)
    whole, early = np.zeros((2, 2 * size + 2), int)
    whole[: size + 2] += first
    whole[size:] += second
    lost, late = np.concatenate([first[:size], second]), np.concatenate([first, second[2:]])
    early[: size + 2] += first
    early[size - 1 : -1] += second
    slips = [
        (
            np.concatenate([first, second]),
            "that lays them end to end; the second piece begins B samples after the first",
        ),
        (lost, "where the two overlap, one has replaced the other: the first rings on into the second, so add them"),
        (first + second, "that adds them at the same place; the second piece begins B samples later"),
        (late, "the second piece has lost its beginning: where the two overlap, add them"),
        (early, "one sample too early: the second piece begins at B"),
        (whole[: 2 * size], "the end is missing: the second piece rings on as well"),
    ]
    return {"B": size, "first": first, "second": second}, whole, slips


@_add.worked
def _added(given: dict[str, Any], right: Any) -> dict[str, Any]:
    size = given["B"]
    rows = [[*given["first"], *[""] * size], [*[""] * size, *given["second"]], right]
    return {"rows": [[written(number) for number in row] for row in rows], "next": size + 1, "whole": right}


@Exercise("IV-3.3", "[first right output, right outputs, blocks]", otherwise="not what a block of N samples gives")
def _save(rng: Generator) -> Drawn:
    """Overlap-save, which samples are right."""
    length = 2 ** rng.integers(5, 10)
    k = rng.integers(length // 6, length // 3)
    n = rng.integers(20, 60) * (length - k + 1) - k // 2
    step, outputs = length - k + 1, n + k - 1
    blocks = -(-outputs // step)
    slips = [
        (
            [k, step - 1, -(-outputs // (step - 1))],
            "only k − 1 outputs are spoiled: number k − 1 is the first right one",
        ),
        ([0, step, blocks], "the right ones come last: what wraps around lands at the beginning"),
        (
            [k - 1, step, -(-n // step)],
            "those blocks give n outputs; the signal rings on for k − 1 more, and they need a block as well",
        ),
        (
            [k - 1, length, -(-outputs // length)],
            "the k − 1 spoiled outputs of each block are dropped and do not count",
        ),
        ([k - 1, length - k, -(-outputs // (length - k))], "from k − 1 to N − 1 there are N − k + 1 outputs"),
    ]
    return {"N": length, "k": k, "n": n}, [k - 1, step, blocks], slips


@_save.worked
def _kept(given: dict[str, Any], right: Any) -> dict[str, Any]:
    outputs = given["n"] + given["k"] - 1
    return {
        "back": right[0],
        "last": given["N"] - 1,
        "right": right[1],
        "outputs": outputs,
        "quotient": f"{outputs / right[1]:.2f}",
        "blocks": right[2],
    }


def _crossing(given: dict[str, Any], transforms: int = 2, drop: bool = True, log: float = 2.0) -> int:
    """Smallest k at which the direct sum takes longer than blocks of N samples."""
    length, product, each = given.values()
    block = transforms * length * math.log(length, log) * each
    return next(
        (k for k in range(1, length) if product * k * (length - k + 1 if drop else length) > block * (1 + 1e-9)), 0
    )


@Exercise("IV-3.4", "k", otherwise="not where the two costs cross")
def _cross(rng: Generator) -> Drawn:
    """Where the two costs cross."""
    length = 2 ** rng.integers(9, 12)
    given = {"N": length, "product": rng.choice([0.1, 0.2, 0.25]), "pass": rng.choice([0.5, 1.0, 1.5, 2.0])}
    right = _crossing(given)
    slips = [
        (_crossing(given, 1), "each block is transformed there and back: two transforms"),
        (
            _crossing(given, 3),
            "the kernel is transformed once for all blocks, so it does not count: two transforms a block",
        ),
        (_crossing(given, drop=False), "a block of N gives only N − k + 1 outputs; the others are spoiled"),
        (_crossing(given, log=math.e), "there are log2 N passes; that is the natural logarithm"),
        (right - 1, "there the direct sum is still as fast; the next k is the first at which it is slower"),
        (length, "that is the length of the block; at which k do the two costs cross?"),
    ]
    return given, right, slips


@_cross.worked
def _crossed(given: dict[str, Any], right: Any) -> dict[str, Any]:
    length, product, each = given.values()
    log = length.bit_length() - 1

    def cost(k: int) -> str:
        return f"{product * k * (length + 1 - k):.10g}"

    return {
        "log": log,
        "block": f"{2 * each * length * log:.10g}",
        "longer": length + 1,
        "before": right - 1,
        "cost_before": cost(right - 1),
        "k": right,
        "cost": cost(right),
    }


@Exercise("IV-3.5", "[first, last]", otherwise="not the outputs of the blocks with the spike")
def _spike(rng: Generator) -> Drawn:
    """Which outputs a spike can spoil."""
    length, k = 2 ** rng.integers(6, 9), rng.integers(11, 22)
    step = length - k + 1
    m = rng.integers(3, 9) * step + rng.choice([step // 3, step - k // 2])
    low, high = m // step * step, (m + k - 1) // step * step + step - 1  # of the blocks that read the spike
    own = m // length * length
    last = (low + step - 1, "the next block reads the spike too: it begins k − 1 samples early")
    if high <= low + step:
        last = (low + 2 * step - 1, "the next block does not read as far back as the spike")
    slips = [
        ([m, m + k - 1], "those read the spike; in a transform every output of the block feels its rounding"),
        ([m, high], "the outputs of its block before the spike suffer as well: one transform makes them all"),
        ([0, m + k - 1], "blocks before the one with the spike never see it"),
        ([own, own + length - 1], "the blocks overlap: each gives N − k + 1 outputs, not N"),
        ([low - k + 1, high], "that begins with the inputs of the block; its first k − 1 outputs are dropped"),
        ([low, last[0]], last[1]),
    ]
    return {"N": length, "k": k, "spike": m}, [low, high], slips


@_spike.worked
def _reached(given: dict[str, Any], right: Any) -> dict[str, Any]:
    length, k, m = given.values()
    step = length - k + 1
    low, high = m // step, (m + k - 1) // step
    return {
        "back": k - 1,
        "step": step,
        "low": low,
        "quotient": f"{m / step:.2f}",
        "reach": m + k - 1,
        "high": high,
        "which": f"block {low} alone" if low == high else f"the blocks {low} and {high}",
        "first": right[0],
        "after": high + 1,
        "last": right[1],
        "both": right,
    }
