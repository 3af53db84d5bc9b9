"""Exercises of chapter IV-3, The price."""

import math

import numpy as np

from convlib.checks.judging import Array, Exercises, Params, Slip, judge_array, named_or_wrong
from convlib.ops import convolve

# IV-3.1: multiplications of the direct sum and of one FFT.


def _draw_count(rng: np.random.Generator) -> Params:
    power = 2 ** int(rng.integers(9, 13))
    k = int(rng.integers(20, 90))
    return {"n": power - int(rng.integers(1, k - 1)), "k": k}


def _fft_count(length: int, transforms: int = 3, real: int = 4) -> int:
    """Multiplications of so many transforms and one product of spectra, ``real`` of them for a complex one."""
    return real * (transforms * (length // 2) * (length.bit_length() - 1) + length)


def _slips_count(p: Params) -> list[Slip]:
    n, k = p["n"], p["k"]
    length = 1 << (n + k - 2).bit_length()
    good = [n * k, _fft_count(length)]
    return [
        (good, "right"),
        (good[::-1], "the right numbers, but the direct sum comes first"),
        ([n * k, _fft_count(length // 2)], "that N holds the signal, but the result has n + k − 1 samples"),
        ([n * k, _fft_count(2 * length)], "a power of two half as long holds all n + k − 1 samples"),
        ([n * k, _fft_count(length, 2)], "three transforms: two there and one back"),
        ([n * k, _fft_count(length, real=1)], "those are complex multiplications; each takes four real ones"),
        ([n * k, good[1] - 4 * length], "the product of the two spectra is missing: N complex multiplications"),
        ([n * n, good[1]], "the kernel has k weights, not n: each sample meets each weight once"),
        ([(n + k - 1) * k, good[1]], "at the two ends fewer than k products reach an output; count pairs instead"),
    ]


def _judge_count(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [direct, one FFT], got {answer.size}"
    return named_or_wrong(answer.ravel().astype(float), _slips_count(p), "not the two counts")


# IV-3.2: overlap-add, the last step.


def _draw_add(rng: np.random.Generator) -> Params:
    size = int(rng.integers(3, 5))
    x, h = rng.integers(1, 6, 2 * size), rng.integers(1, 5, 3)
    return {"B": size, "first": convolve(x[:size], h), "second": convolve(x[size:], h)}


def _slips_add(p: Params) -> list[Slip]:
    size, first, second = p["B"], p["first"], p["second"]
    whole, early = np.zeros((2, 2 * size + 2), int)
    whole[: size + 2] += first
    whole[size:] += second
    lost, late = np.concatenate([first[:size], second]), np.concatenate([first, second[2:]])
    early[: size + 2] += first
    early[size - 1 : -1] += second
    return [
        (whole, "right"),
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


def _judge_add(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_add(p))


# IV-3.3: overlap-save, which samples are right.


def _draw_save(rng: np.random.Generator) -> Params:
    length = 2 ** int(rng.integers(5, 10))
    k = int(rng.integers(length // 6, length // 3))
    return {"N": length, "k": k, "n": int(rng.integers(20, 60)) * (length - k + 1) - k // 2}


def _slips_save(p: Params) -> list[Slip]:
    length, k, n = p["N"], p["k"], p["n"]
    step, outputs = length - k + 1, n + k - 1
    blocks = -(-outputs // step)
    return [
        ([k - 1, step, blocks], "right"),
        (
            [k, step - 1, -(-outputs // (step - 1))],
            "only k − 1 outputs are spoiled: number k − 1 is the first right one",
        ),
        ([0, step, blocks], "the right ones come last: what wraps around lands at the beginning"),
        ([k - 1, step, -(-n // step)], "those blocks give n outputs; the signal rings on for k − 1 more"),
        (
            [k - 1, length, -(-outputs // length)],
            "the k − 1 spoiled outputs of each block are dropped and do not count",
        ),
        ([k - 1, step, outputs // step], "the rest needs a block as well, though not all of it"),
        ([k - 1, length - k, -(-outputs // (length - k))], "from k − 1 to N − 1 there are N − k + 1 outputs"),
    ]


def _judge_save(p: Params, answer: Array) -> str | None:
    if answer.size != 3:
        return f"expected three numbers, [first right output, right outputs, blocks], got {answer.size}"
    return named_or_wrong(answer.ravel().astype(float), _slips_save(p), "not what a block of N samples gives")


# IV-3.4: where the two costs cross.


def _draw_cross(rng: np.random.Generator) -> Params:
    length = 2 ** int(rng.integers(9, 12))
    return {
        "N": length,
        "product": float(rng.choice([0.1, 0.2, 0.25])),
        "pass": float(rng.choice([0.5, 1.0, 1.5, 2.0])),
    }


def _crossing(p: Params, transforms: int = 2, drop: bool = True, log: float = 2.0) -> int:
    """Smallest k at which the direct sum takes longer than blocks of N samples."""
    length, product, each = p["N"], p["product"], p["pass"]
    block = transforms * length * math.log(length, log) * each
    return next(
        (k for k in range(1, length) if product * k * (length - k + 1 if drop else length) > block * (1 + 1e-9)), 0
    )


def _slips_cross(p: Params) -> list[Slip]:
    right = _crossing(p)
    return [
        ([right], "right"),
        ([_crossing(p, 1)], "each block is transformed there and back: two transforms"),
        (
            [_crossing(p, 3)],
            "the kernel is transformed once for all blocks, so it does not count: two transforms a block",
        ),
        ([_crossing(p, drop=False)], "a block of N gives only N − k + 1 outputs; the others are spoiled"),
        ([_crossing(p, log=math.e)], "there are log2 N passes; that is the natural logarithm"),
        ([right - 1], "there the direct sum is still as fast; the next k is the first at which it is slower"),
        ([p["N"]], "that is the length of the block; at which k do the two costs cross?"),
    ]


def _judge_cross(p: Params, answer: Array) -> str | None:
    if answer.size != 1:
        return f"expected one number, k, got {answer.size}"
    return named_or_wrong(answer.ravel().astype(float), _slips_cross(p), "not where the two costs cross")


# IV-3.5: which outputs a spike can spoil.


def _draw_spike(rng: np.random.Generator) -> Params:
    length, k = 2 ** int(rng.integers(6, 9)), int(rng.integers(11, 22))
    step = length - k + 1
    at = int(rng.integers(3, 9)) * step
    return {"N": length, "k": k, "spike": at + int(rng.choice([step // 3, step - k // 2]))}


def _slips_spike(p: Params) -> list[Slip]:
    length, k, m = p["N"], p["k"], p["spike"]
    step = length - k + 1
    low, high = m // step * step, (m + k - 1) // step * step + step - 1  # of the blocks that read the spike
    own = m // length * length
    slips = [
        ([low, high], "right"),
        ([m, m + k - 1], "those read the spike; in a transform every output of the block feels its rounding"),
        ([m, high], "the outputs of its block before the spike suffer as well: one transform makes them all"),
        ([0, m + k - 1], "blocks before the one with the spike never see it"),
        ([own, own + length - 1], "the blocks overlap: each gives N − k + 1 outputs, not N"),
        ([low - k + 1, high], "that begins with the inputs of the block; its first k − 1 outputs are dropped"),
    ]
    if high > low + step:
        return [*slips, ([low, low + step - 1], "the next block reads the spike too: it begins k − 1 samples early")]
    return [*slips, ([low, low + 2 * step - 1], "the next block does not read as far back as the spike")]


def _judge_spike(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [first, last], got {answer.size}"
    return named_or_wrong(answer.ravel().astype(float), _slips_spike(p), "not the outputs of the blocks with the spike")


EXERCISES: Exercises = {
    "IV-3.1": (_draw_count, _judge_count, _slips_count),
    "IV-3.2": (_draw_add, _judge_add, _slips_add),
    "IV-3.3": (_draw_save, _judge_save, _slips_save),
    "IV-3.4": (_draw_cross, _judge_cross, _slips_cross),
    "IV-3.5": (_draw_spike, _judge_spike, _slips_spike),
}
