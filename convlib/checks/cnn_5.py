"""Exercises of chapter I-5, "Backprop brings the flip back"."""

from typing import Any

import numpy as np
from numpy.random import Generator

from convlib.checks.declaration import Array, Drawn, Exercise
from convlib.checks.words import added, products
from convlib.ops import convolve, correlate

SIZE = "dx has one number for each sample, 4 + 3 − 1 = 6"


def _whole(rng: Generator, shape: int | tuple[int, int], most: int) -> Array:
    """Draw whole numbers from −most to most without 0, all of different size: no symmetry hides a slip."""
    numbers: Array = rng.choice(np.arange(1, most + 1), shape, replace=False) * rng.choice([-1, 1], shape)
    return numbers


def _copies(dy: Array, weights: Array) -> Array:
    """Write one row for each message: the weights times it, from the first sample that its output has read."""
    return np.array([np.convolve(message, weights) for message in np.diag(dy)])


@Exercise("I-5.1", "[row, column]", otherwise="not an output that reads x[p, q] through w[i, j]")
def _message(rng: Generator) -> Drawn:
    """Which message a weight carries back to a pixel."""
    i, j = rng.choice([1, 2, 3, 4], 2, replace=False)
    p, q = rng.choice(np.arange(5, 12), 2, replace=False)
    slips = [
        (
            [p + i, q + j],
            "that has the plus signs of the forward pass: there the output was known, here it is asked for",
        ),
        ([q - j, p - i], "that has the right numbers with the column first; write [row, column]"),
        ([p - i, q + j], "the row is right; the column must be solved for as well"),
        ([p + i, q - j], "the column is right; the row must be solved for as well"),
        ([i - p, j - q], "that is the negative: m + i = p gives m = p − i"),
        ([p - j, q - i], "that takes j from the row and i from the column"),
        ([p, q], "that would be right for w[0, 0] only"),
        ([i, j], "that is the place of the weight, not of an output"),
    ]
    return {"p": p, "q": q, "i": i, "j": j}, [p - i, q - j], slips


@_message.worked
def _place(given: dict[str, Any], right: Any) -> dict[str, Any]:
    return {"m": right[0], "n": right[1]}


@Exercise("I-5.2")
def _row(rng: Generator) -> Drawn:
    """The input's gradient in one dimension."""
    w, dy = _whole(rng, 3, 4), _whole(rng, 4, 5)
    slips = [
        (
            correlate(dy, w),
            "that is the cross-correlation: the flip is missing; dy[0] goes back through the last weight",
        ),
        (convolve(dy, w)[::-1], "right numbers in reverse order: dx[0] comes first"),
        (convolve(dy, w, mode="same"), f"that is the middle part; {SIZE}"),
        (convolve(dy, w, mode="valid"), f"that keeps only the samples that every weight has reached; {SIZE}"),
        (correlate(dy, w, mode="valid"), f"that is the forward pass, run on dy; {SIZE}"),
        (-convolve(dy, w), "right numbers with the wrong sign"),
    ]
    return {"w": w, "dy": dy}, convolve(dy, w), slips


@_row.worked
def _laid_down(given: dict[str, Any], right: Any) -> dict[str, Any]:
    return {"rows": _copies(given["dy"], given["w"]), "dx": right}


@Exercise("I-5.3")
def _kernel(rng: Generator) -> Drawn:
    """A kernel's gradient."""
    image, dy = rng.integers(0, 5, (4, 6)), rng.integers(-2, 3, (3, 4))
    right = correlate(image, dy, mode="valid")
    turned = convolve(image, dy, mode="valid")
    slips = [
        (turned, "that is the convolution: for the weights the indices run in step and nothing is turned"),
        (right[::-1, ::-1], "right numbers in reverse order: the gradient itself is turned by 180°"),
        (right.T, "right numbers, transposed: the gradient has [row, column] like the kernel"),
        (right / dy.size, "that is the mean of the products; the chain rule adds them up"),
        (-right, "right numbers with the wrong sign"),
    ]
    return {"image": image, "dy": dy}, right, slips


@_kernel.worked
def _in_step(given: dict[str, Any], right: Any) -> dict[str, Any]:
    by_row = (given["image"][:3, :4] * given["dy"]).sum(axis=1)
    return {"by_row": added(by_row), "first": right[0, 0], "dw": right}


@Exercise("I-5.4")
def _bug(rng: Generator) -> Drawn:
    """A gradient from which the flip is missing."""
    dy, kernel = _whole(rng, (2, 3), 6), _whole(rng, (2, 2), 4)
    theirs = correlate(dy, kernel)
    right = convolve(dy, kernel)
    slips = [
        (theirs, "that is their result, where dy[0, 0] goes back to x[0, 0] through the last weight, not the first"),
        (theirs[::-1, ::-1], "that turns their result; the kernel must be turned, not the gradient"),
        (right[::-1, ::-1], "right numbers in reverse order"),
        (convolve(dy, kernel.T), "that transposes the kernel; rows stay rows"),
        (convolve(dy, kernel[::-1]), "one of the two directions is still not flipped"),
        (convolve(dy, kernel[:, ::-1]), "one of the two directions is still not flipped"),
        (convolve(dy, kernel, mode="same"), "that is a part of it; dx is as large as the input, 3 × 4"),
        (convolve(dy, kernel, mode="valid"), "that is a part of it; dx is as large as the input, 3 × 4"),
        (right.T, "right numbers, transposed"),
    ]
    return {"dy": dy, "kernel": kernel, "theirs": theirs}, right, slips


@_bug.worked
def _corner(given: dict[str, Any], right: Any) -> dict[str, Any]:
    dy, kernel = given["dy"], given["kernel"]
    return {
        "first_product": products(dy[0, :1], kernel[0, :1]),
        "first": right[0, 0],
        "wrong_product": products(dy[0, :1], kernel[1, 1:]),
        "wrong": given["theirs"][0, 0],
        "next_products": products(dy[0, :2], kernel[0, ::-1]),
        "next": right[0, 1],
        "dx": right,
    }


@Exercise("I-5.5")
def _other(rng: Generator) -> Drawn:
    """Back through a layer that flips."""
    w, dy = _whole(rng, 3, 4), _whole(rng, 4, 5)
    slips = [
        (convolve(dy, w), "that is right for a layer that does not flip; this one does, so its way back does not"),
        (correlate(dy, w)[::-1], "right numbers in reverse order: dx[0] comes first"),
        (correlate(dy, w, mode="same"), f"that is the middle part; {SIZE}"),
        (correlate(dy, w, mode="valid"), f"that keeps only the samples that every weight has reached; {SIZE}"),
        (convolve(dy, w, mode="valid"), f"that is the forward pass, run on dy; {SIZE}"),
        (-correlate(dy, w), "right numbers with the wrong sign"),
    ]
    return {"w": w, "dy": dy}, correlate(dy, w), slips


@_other.worked
def _laid_down_turned(given: dict[str, Any], right: Any) -> dict[str, Any]:
    return {"rows": _copies(given["dy"], given["w"][::-1]), "dx": right}
