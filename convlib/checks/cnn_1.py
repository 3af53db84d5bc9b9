"""Exercises of chapter I-1, What a "convolutional" layer computes."""

import numpy as np

from convlib.checks.judging import Array, Exercises, Params, Slip, judge_array, named_or_wrong, named_slip, same
from convlib.ops import convolve, correlate, flip

TURN = "a turn by 180° reverses the rows and the columns: kernel[::-1, ::-1]"

# I-1.1: which pixel does one weight meet?


def _draw_meeting(rng: np.random.Generator) -> Params:
    m, n = rng.choice(np.arange(3, 9), 2, replace=False)
    i, j = rng.choice([-2, -1, 1, 2], 2, replace=False)
    return {"m": int(m), "n": int(n), "i": int(i), "j": int(j)}


def _slips_meeting(p: Params) -> list[Slip]:
    m, n, i, j = p["m"], p["n"], p["i"], p["j"]
    return [
        ([m - i, n - j], "right"),
        ([m + i, n + j], "that pixel meets h[i, j] in the cross-correlation: look at the sign"),
        ([n - j, m - i], "right numbers, but the order is [row, column]"),
        ([n + j, m + i], "the signs are the cross-correlation's, and the order is [row, column]"),
        ([i - m, j - n], "all signs are turned round: start from m, then take i away"),
        ([m - i, n + j], "the row is right; the column needs the minus sign too"),
        ([m + i, n - j], "the column is right; the row needs the minus sign too"),
        ([m - j, n - i], "i belongs to the row and j to the column"),
        ([m, n], "that is the output's place, which only the centre weight h[0, 0] meets"),
    ]


def _judge_meeting(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [row, column], got {answer.size}"
    return named_or_wrong(answer.ravel(), _slips_meeting(p), "not a pixel that h[i, j] meets")


# I-1.2: one patch, one kernel, two sums.


def _draw_patch(rng: np.random.Generator) -> Params:
    return {"patch": rng.integers(0, 10, (3, 3)), "kernel": rng.integers(-3, 4, (3, 3))}


def _single(patch: Array, kernel: Array) -> int:
    return int(correlate(patch, kernel, mode="valid")[0, 0])


def _slips_patch(p: Params) -> list[Slip]:
    """Readings of the one number "convolution", right one first, then the cross-correlation."""
    patch, kernel = p["patch"], p["kernel"]
    return [
        (int(convolve(patch, kernel, mode="valid")[0, 0]), "right"),
        (_single(patch, kernel), "is the cross-correlation: nothing was turned"),
        (_single(patch, kernel.T), f"is what a transposed kernel gives; {TURN}"),
        (_single(patch, kernel[::-1]), "reverses only the rows of the kernel"),
        (_single(patch, kernel[:, ::-1]), "reverses only the columns of the kernel"),
        (_single(patch, np.rot90(kernel)), "turns the kernel by 90° only"),
        (_single(patch, np.rot90(kernel, -1)), "turns the kernel by 90° only"),
    ]


def _judge_patch(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [cross-correlation, convolution], got {answer.size}"
    first, second = answer.ravel()
    options = _slips_patch(p)
    convolution, correlation = options[0][0], options[1][0]
    if same([first, second], [convolution, correlation]):
        return "both sums are right, but the cross-correlation comes first"
    if not same(first, correlation):
        named = named_slip(first, [(convolution, "is the convolution: you flipped"), *options[2:]])
        return f"the first number, {first:g}, {named or 'is not the cross-correlation'}"
    if not same(second, convolution):
        named = named_slip(second, options[1:])
        return f"the first is right; the second, {second:g}, {named or 'is not the convolution'}"
    return None


# I-1.3: a whole output map.


def _draw_map(rng: np.random.Generator) -> Params:
    return {"image": rng.integers(0, 6, (4, 5)), "kernel": rng.integers(-2, 3, (3, 3))}


def _slips_map(p: Params) -> list[Slip]:
    image, kernel = p["image"], p["kernel"]
    right = correlate(image, kernel, mode="valid")
    turned = convolve(image, kernel, mode="valid")
    return [
        (right, "right"),
        (turned, "that is the convolution: you flipped the kernel, a layer does not"),
        (right.T, "right numbers, transposed: the output has [row, column] like the image"),
        (turned.T, "that is the convolution, and transposed"),
        (right[::-1, ::-1], "right numbers in reverse order: the output itself is turned by 180°"),
        (correlate(image, kernel.T, mode="valid"), "that is the sum with the transposed kernel"),
        (correlate(image, kernel[::-1], mode="valid"), "the kernel's rows were reversed"),
        (correlate(image, kernel[:, ::-1], mode="valid"), "the kernel's columns were reversed"),
        (-right, "right numbers with the wrong sign"),
        (right / kernel.size, "that is the mean of the nine products; the layer adds them up"),
    ]


def _judge_map(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_map(p))


# I-1.4: the kernel that makes a flipping function reproduce a layer.


def _draw_port(rng: np.random.Generator) -> Params:
    image, kernel = rng.integers(0, 6, (5, 6)), rng.integers(-3, 4, (3, 3))
    return {"image": image, "kernel": kernel, "output": correlate(image, kernel, mode="valid")}


def _slips_port(p: Params) -> list[Slip]:
    kernel = p["kernel"]
    quarter = "that is a turn by 90°; two of them are needed"
    return [
        (flip(kernel), "right"),
        (kernel, "the kernel is unchanged, and convolve2d turns it once: turn it beforehand"),
        (kernel[::-1], f"only the rows are reversed; {TURN}"),
        (kernel[:, ::-1], f"only the columns are reversed; {TURN}"),
        (kernel.T, f"that is the transpose; {TURN}"),
        (flip(kernel).T, f"that is turned and transposed; {TURN}"),
        (np.rot90(kernel), quarter),
        (np.rot90(kernel, -1), quarter),
        (-kernel, f"that changes the signs of the weights, not their places; {TURN}"),
        (p["output"], "that is the layer's output; wanted is the kernel to pass to convolve2d"),
    ]


def _judge_port(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_port(p))


# I-1.5: a kernel that moves the picture.


def _draw_move(rng: np.random.Generator) -> Params:
    down, right = rng.choice([1, 2, 3], 2, replace=False) * rng.choice([-1, 1], 2)
    return {"down": int(down), "right": int(right)}


def _slips_move(p: Params) -> list[Slip]:
    down, right = p["down"], p["right"]
    return [
        ([down, right], "right"),
        ([-down, -right], "the opposite way, which would be right for a convolution"),
        ([right, down], "rows and columns are swapped"),
        ([-right, -down], "the opposite way, and rows and columns are swapped"),
        ([-down, right], "the columns are right, the rows go the opposite way"),
        ([down, -right], "the rows are right, the columns go the opposite way"),
    ]


def _judge_move(p: Params, answer: Array) -> str | None:
    if answer.ndim != 2:
        return f"a kernel has rows and columns, this answer has shape {answer.shape}"
    if not all(side % 2 for side in answer.shape):
        return f"shape {answer.shape} has no middle entry; use odd sides, such as (7, 7)"
    answer = answer.round(6)  # what rounding leaves is no weight
    weights = answer[answer != 0]
    if weights.size != 1:
        count = "all weights are 0, so nothing comes out" if not weights.size else f"{weights.size} weights are not 0"
        return f"{count}; one shifted copy of the picture needs one weight of 1"
    if not same(weights, [1]):
        return f"the weight {weights[0]:g} also changes the brightness; use 1"
    moved = _moved_by(answer)
    slips = [(move, f"{_where(moved)}: {what}") for move, what in _slips_move(p)]
    otherwise = f"{_where(moved)}, wanted {_where([p['down'], p['right']])}"
    return None if same(moved, slips[0][0]) else named_slip(moved, slips[1:]) or otherwise


def _moved_by(kernel: Array) -> list[int]:
    """Rows down and columns right by which a layer with this kernel moves one bright pixel."""
    response = correlate(np.ones((1, 1)), kernel, mode="full")
    row, col = np.argwhere(response)[0]
    return [int(row) - kernel.shape[0] // 2, int(col) - kernel.shape[1] // 2]


def _where(move: list[int]) -> str:
    (down, right), names = move, (("up", "down"), ("left", "right"))
    if not any(move):
        return "no move at all"
    return f"{abs(down)} {names[0][down > 0]} and {abs(right)} {names[1][right > 0]}"


EXERCISES: Exercises = {
    "I-1.1": (_draw_meeting, _judge_meeting, _slips_meeting),
    "I-1.2": (_draw_patch, _judge_patch, _slips_patch),
    "I-1.3": (_draw_map, _judge_map, _slips_map),
    "I-1.4": (_draw_port, _judge_port, _slips_port),
    "I-1.5": (_draw_move, _judge_move, _slips_move),
}
