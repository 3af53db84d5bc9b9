"""Exercises of chapter I-6, Where the network looked."""

import numpy as np

from convlib.checks.judging import Array, Exercises, Params, Slip, judge_array, named_slip, same

METHODS = ("saliency", "guided backpropagation", "deconvnet")

# I-6.1: what three methods pass through one ReLU.


def _draw_rules(rng: np.random.Generator) -> Params:
    """All four pairs of signs occur, so that every rule shows."""
    sizes = rng.integers(1, 10, (2, 6))
    signs = np.array([[1, 1, -1, -1, 1, -1], [1, -1, 1, -1, -1, 1]])
    x, dy = (sizes * signs)[:, rng.permutation(6)]
    return {"x": x, "dy": dy}


def _rules(p: Params) -> Array:
    x, dy = p["x"], p["dy"]
    return np.array([dy * (x > 0), dy * (x > 0) * (dy > 0), dy * (dy > 0)])


def _slips_rules(p: Params) -> list[Slip]:
    x, dy, right = p["x"], p["dy"], _rules(p)
    return [
        (right, "right"),
        (right[[0, 2, 1]], "guided backpropagation and the deconvnet are swapped: only guided asks for both signs"),
        (right[[2, 1, 0]], "saliency and the deconvnet are swapped: saliency asks about x, the deconvnet about dy"),
        (np.array([x * (dy > 0), x * (x > 0) * (dy > 0), x * (x > 0)]), "x goes on; what goes back is dy"),
        (np.abs(right), "signs are lost: saliency lets a negative dy pass where x > 0"),
        (right.T, "right numbers, transposed: one row for each method"),
        (np.array([dy, right[1], right[2]]), "saliency passes dy only where x > 0"),
    ]


def _judge_rules(p: Params, answer: Array) -> str | None:
    right = _rules(p)
    if same(answer, right):
        return None
    if named := named_slip(answer, _slips_rules(p)[1:]):
        return named
    if answer.shape != right.shape:
        return f"expected three rows of six numbers, got shape {answer.shape}"
    wrong = [name for name, a, b in zip(METHODS, answer, right, strict=True) if not same(a, b)]
    return f"look again at {' and '.join(wrong)}"


# I-6.2: Grad-CAM by hand.


def _draw_cam(rng: np.random.Generator) -> Params:
    """Means that are whole numbers, one of them negative."""
    means = rng.permutation([int(rng.integers(2, 5)), -int(rng.integers(1, 4))])
    spread = rng.integers(-3, 4, (2, 2, 2))
    spread[:, 1, 1] = -(spread.sum((1, 2)) - spread[:, 1, 1])
    return {"A": rng.integers(0, 6, (2, 2, 2)), "gradient": means[:, None, None] + spread}


def _slips_cam(p: Params) -> list[Slip]:
    maps, gradient = p["A"], p["gradient"]
    means, kept = gradient.mean((1, 2)), np.maximum(gradient, 0)

    def added(weights: Array) -> Array:
        total: Array = (weights[:, None, None] * maps).sum(0)
        return total

    right = np.maximum(added(means), 0)
    return [
        (right, "right"),
        (added(means), "the last step is missing: what is negative becomes 0"),
        (4 * right, "that takes the sum of the gradients as the weight; the weight is their mean"),
        (np.maximum(means, 0) @ maps.reshape(2, 4), "the maximum is taken of the sum, not of each weight, and in rows"),
        (added(np.maximum(means, 0)), "negative weights count too; the maximum is taken of the sum"),
        (np.maximum((gradient * maps).sum(0), 0), "one weight for each feature map: the mean of its gradients"),
        (added(kept.mean((1, 2))), "negative gradients count in the mean"),
        (np.maximum(maps.sum(0), 0), "the feature maps are added without their weights"),
        (np.maximum(added(means[::-1]), 0), "the two weights are swapped"),
        (right.T, "right numbers, transposed: the map has [row, column] like the feature maps"),
        (added(np.abs(means)), "a weight keeps its sign: a negative one speaks against the class"),
    ]


def _judge_cam(p: Params, answer: Array) -> str | None:
    return judge_array(answer, _slips_cam(p))


# I-6.3: the share of a map inside the evidence.


def _draw_share(rng: np.random.Generator) -> Params:
    top, left = rng.integers(0, 3, 2)
    high, wide = rng.permutation([2, 3])
    values = rng.integers(0, 4, (5, 5))
    values[top : top + high, left : left + wide] += rng.integers(1, 5, (high, wide))
    rows, columns = [int(top), int(top + high - 1)], [int(left), int(left + wide - 1)]
    return {"map": values, "rows": rows, "columns": columns}


def _slips_share(p: Params) -> list[Slip]:
    values, (top, bottom), (left, right) = p["map"], p["rows"], p["columns"]
    inside = values[top : bottom + 1, left : right + 1]
    swapped = values[left : right + 1, top : bottom + 1]
    short = values[top:bottom, left:right]
    total, area = values.sum(), inside.size / values.size
    share = inside.sum() / total
    return [
        ([share, area], "right"),
        ([area, share], "right numbers, but the share of the map comes first"),
        ([swapped.sum() / total, area], "rows and columns are swapped"),
        ([short.sum() / total, short.size / values.size], "the last row and column belong to the box"),
        ([short.sum() / total, area], "the last row and column belong to the box"),
        ([inside.sum() / (total - inside.sum()), area], "divide by the whole map, not by what lies outside"),
        ([inside.mean() / values.mean(), area], "that compares means; the share is a quotient of sums"),
        ([share, 1 / values.size], "noise fills the box with as many pixels as it has, not with one"),
        ([share, 0.5], "noise does not hit in half of the cases: only areas count"),
        ([100 * share, 100 * area], "those are per cent; answer with numbers from 0 to 1"),
    ]


def _judge_share(p: Params, answer: Array) -> str | None:
    if answer.size != 2:
        return f"expected two numbers, [share, share of noise], got {answer.size}"
    first, second = answer.ravel()
    options = _slips_share(p)
    share, area = options[0][0]
    if same([first, second], [share, area]):
        return None
    if named := named_slip([first, second], options[1:]):
        return named
    if same(first, share):
        return f"the first is right; the second, {second:g}, is not the share of the area"
    return f"the first number, {first:g}, is not the sum inside divided by the sum of all"


# I-6.4: rank correlation of two small maps.


def _draw_ranks(rng: np.random.Generator) -> Params:
    before, after = (np.cumsum(rng.integers(1, 9, 6))[rng.permutation(6)] for _ in range(2))
    return {"before": before, "after": after}


def _ranked(values: Array) -> Array:
    return values.argsort().argsort() + 1


def _slips_ranks(p: Params) -> list[Slip]:
    before, after = p["before"], p["after"]
    d = _ranked(before) - _ranked(after)
    right = 1 - 6 * (d**2).sum() / 210
    falling = 1 - 6 * ((_ranked(before) - _ranked(-after)) ** 2).sum() / 210
    places = before.argsort() - after.argsort()
    return [
        (right, "right"),
        (np.corrcoef(before, after)[0, 1], "that correlates the values; replace them by their ranks first"),
        (falling, "the sign is turned: rank both maps from the smallest to the largest"),
        (1 - right, "that is the part to be taken away from 1"),
        (1 - 6 * np.abs(d).sum() / 210, "square the differences before adding them"),
        (1 - (d**2).sum() / 210, "the factor 6 is missing"),
        (1 - 6 * (d**2).sum() / 6, "n (n² − 1) is 6 · 35 = 210"),
        (1 - 6 * (places**2).sum() / 210, "that is the order of the pixels, not the rank of each pixel"),
    ]


def _judge_ranks(p: Params, answer: Array) -> str | None:
    if answer.size != 1:
        return f"expected one number, got {answer.size}"
    value, options = answer.ravel()[0], _slips_ranks(p)
    if same(value, options[0][0]):
        return None
    if abs(value) > 1:
        return named_slip(value, options[1:]) or f"{value:g} is no correlation: those lie between −1 and 1"
    return named_slip(value, options[1:]) or f"{value:g} is not the correlation of the two lists of ranks"


EXERCISES: Exercises = {
    "I-6.1": (_draw_rules, _judge_rules, _slips_rules),
    "I-6.2": (_draw_cam, _judge_cam, _slips_cam),
    "I-6.3": (_draw_share, _judge_share, _slips_share),
    "I-6.4": (_draw_ranks, _judge_ranks, _slips_ranks),
}
