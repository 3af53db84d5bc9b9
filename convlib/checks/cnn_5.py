"""The exercises of chapter I-5, "Backprop brings the flip back"."""

import numpy as np

from convlib.checks.judging import Array, Exercises, Params, Slip, judge_array, named_or_wrong
from convlib.ops import convolve, correlate

# I-5.1: which message a weight carries back to a pixel.


def _draw_message(rng: np.random.Generator) -> Params:
    i, j = (int(v) for v in rng.choice([1, 2, 3, 4], 2, replace=False))
    p, q = (int(v) for v in rng.choice(np.arange(5, 12), 2, replace=False))
    return {"p": p, "q": q, "i": i, "j": j}


def _slips_message(given: Params) -> list[Slip]:
    p, q, i, j = (given[name] for name in "pqij")
    return [
        ([p - i, q - j], "right"),
        ([p + i, q + j], "has the plus signs of the forward pass: there the output was known, here it is asked for"),
        ([q - j, p - i], "has the right numbers with the column first; write [row, column]"),
        ([p - i, q + j], "has the right row; the column must be solved for as well"),
        ([p + i, q - j], "has the right column; the row must be solved for as well"),
        ([i - p, j - q], "is the negative: m + i = p gives m = p − i"),
        ([p - j, q - i], "takes j from the row and i from the column"),
        ([p, q], "would be right for w[0, 0] only"),
        ([i, j], "is the place of the weight, not of an output"),
    ]


def _judge_message(given: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [row, column], got {answer.size}"
    return named_or_wrong(answer.ravel(), _slips_message(given), "not an output that reads x[p, q] through w[i, j]")


# I-5.2: the input's gradient in one dimension.

SIZE = "dx has one number for each sample, 4 + 3 − 1 = 6"


def _whole(rng: np.random.Generator, shape: int | tuple[int, int], most: int) -> Array:
    """Whole numbers from −most to most without 0, all of different size: no symmetry hides a slip."""
    numbers: Array = rng.choice(np.arange(1, most + 1), shape, replace=False) * rng.choice([-1, 1], shape)
    return numbers


def _draw_row(rng: np.random.Generator) -> Params:
    return {"w": _whole(rng, 3, 4), "dy": _whole(rng, 4, 5)}


def _slips_row(p: Params) -> list[Slip]:
    w, dy = p["w"], p["dy"]
    return [
        (convolve(dy, w), "right"),
        (
            correlate(dy, w),
            "that is the cross-correlation: the flip is missing, and dy[0] goes back through the last weight",
        ),
        (convolve(dy, w)[::-1], "right numbers in reverse order: dx[0] comes first"),
        (convolve(dy, w, mode="same"), f"that is the middle part; {SIZE}"),
        (convolve(dy, w, mode="valid"), f"that keeps only the samples that every weight has reached; {SIZE}"),
        (correlate(dy, w, mode="valid"), f"that is the forward pass, run on dy; {SIZE}"),
        (-convolve(dy, w), "right numbers with the wrong sign"),
    ]


def _judge_row(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_row(p))


# I-5.3: a kernel's gradient.


def _draw_kernel(rng: np.random.Generator) -> Params:
    return {"image": rng.integers(0, 5, (4, 6)), "dy": rng.integers(-2, 3, (3, 4))}


def _slips_kernel(p: Params) -> list[Slip]:
    image, dy = p["image"], p["dy"]
    right = correlate(image, dy, mode="valid")
    turned = convolve(image, dy, mode="valid")
    return [
        (right, "right"),
        (turned, "that is the convolution: for the weights the indices run in step and nothing is turned"),
        (right[::-1, ::-1], "right numbers in reverse order: the gradient itself is turned by 180°"),
        (right.T, "right numbers, transposed: the gradient has [row, column] like the kernel"),
        (right / dy.size, "that is the mean of the products; the chain rule adds them up"),
        (-right, "right numbers with the wrong sign"),
    ]


def _judge_kernel(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_kernel(p))


# I-5.4: a gradient from which the flip is missing.


def _draw_bug(rng: np.random.Generator) -> Params:
    dy, kernel = _whole(rng, (2, 3), 6), _whole(rng, (2, 2), 4)
    return {"dy": dy, "kernel": kernel, "theirs": correlate(dy, kernel)}


def _slips_bug(p: Params) -> list[Slip]:
    dy, kernel = p["dy"], p["kernel"]
    right = convolve(dy, kernel)
    return [
        (right, "right"),
        (
            p["theirs"],
            "that is their result, where dy[0, 0] goes back to x[0, 0] through the last weight, not the first",
        ),
        (p["theirs"][::-1, ::-1], "that turns their result; the kernel must be turned, not the gradient"),
        (right[::-1, ::-1], "right numbers in reverse order"),
        (convolve(dy, kernel.T), "that transposes the kernel; rows stay rows"),
        (convolve(dy, kernel[::-1]), "one of the two directions is still not flipped"),
        (convolve(dy, kernel[:, ::-1]), "one of the two directions is still not flipped"),
        (convolve(dy, kernel, mode="same"), "that is a part of it; dx is as large as the input, 3 × 4"),
        (convolve(dy, kernel, mode="valid"), "that is a part of it; dx is as large as the input, 3 × 4"),
        (right.T, "right numbers, transposed"),
    ]


def _judge_bug(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_bug(p))


# I-5.5: back through a layer that flips.


def _slips_other(p: Params) -> list[Slip]:
    w, dy = p["w"], p["dy"]
    return [
        (correlate(dy, w), "right"),
        (convolve(dy, w), "that is right for a layer that does not flip; this one does, so its way back does not"),
        (correlate(dy, w)[::-1], "right numbers in reverse order: dx[0] comes first"),
        (correlate(dy, w, mode="same"), f"that is the middle part; {SIZE}"),
        (correlate(dy, w, mode="valid"), f"that keeps only the samples that every weight has reached; {SIZE}"),
        (convolve(dy, w, mode="valid"), f"that is the forward pass, run on dy; {SIZE}"),
        (-correlate(dy, w), "right numbers with the wrong sign"),
    ]


def _judge_other(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_other(p))


EXERCISES: Exercises = {
    "I-5.1": (_draw_message, _judge_message, _slips_message),
    "I-5.2": (_draw_row, _judge_row, _slips_row),
    "I-5.3": (_draw_kernel, _judge_kernel, _slips_kernel),
    "I-5.4": (_draw_bug, _judge_bug, _slips_bug),
    "I-5.5": (_draw_row, _judge_other, _slips_other),
}
