"""Exercises of chapter I-6, Where the network looked."""

from typing import Any

import numpy as np
from numpy.random import Generator

from convlib.checks.declaration import Array, Drawn, Exercise
from convlib.checks.words import added, products, written

METHODS = ("saliency", "guided backpropagation", "deconvnet")


@Exercise("I-6.1")
def _rules(rng: Generator) -> Drawn:
    """What three methods pass through one ReLU."""
    sizes = rng.integers(1, 10, (2, 6))
    signs = np.array([[1, 1, -1, -1, 1, -1], [1, -1, 1, -1, -1, 1]])  # all four pairs, so that every rule shows
    x, dy = (sizes * signs)[:, rng.permutation(6)]
    right = np.array([dy * (x > 0), dy * (x > 0) * (dy > 0), dy * (dy > 0)])
    rows = right.tolist()
    slips = [
        (right[[0, 2, 1]], "guided backpropagation and the deconvnet are swapped: only guided asks for both signs"),
        (right[[2, 1, 0]], "saliency and the deconvnet are swapped: saliency asks about x, the deconvnet about dy"),
        ([x * (dy > 0), x * (x > 0) * (dy > 0), x * (x > 0)], "x goes on; what goes back is dy"),
        (np.abs(right), "signs are lost: saliency lets a negative dy pass where x > 0"),
        (right.T, "right numbers, transposed: one row for each method"),
        ([dy, *rows[1:]], "saliency passes dy only where x > 0"),
        *(([*rows[:k], [None] * 6, *rows[k + 1 :]], f"look again at {name}") for k, name in enumerate(METHODS)),
    ]
    return {"x": x, "dy": dy}, right, slips


@_rules.worked
def _passed(given: dict[str, Any], right: Any) -> dict[str, Any]:
    given_open, positive = given["x"] > 0, given["dy"] > 0
    masks = {"open": given_open, "positive": positive, "both": given_open & positive}
    rows = dict(zip(("saliency", "guided", "deconvnet"), right, strict=True))
    return {**{name: np.flatnonzero(mask) for name, mask in masks.items()}, **rows}


@Exercise("I-6.2")
def _cam(rng: Generator) -> Drawn:
    """Grad-CAM by hand."""
    means = rng.permutation([rng.integers(2, 5), -rng.integers(1, 4)])  # one of them negative
    spread = rng.integers(-3, 4, (2, 2, 2))
    spread[:, 1, 1] = -(spread.sum((1, 2)) - spread[:, 1, 1])
    maps, gradient = rng.integers(0, 6, (2, 2, 2)), means[:, None, None] + spread
    kept = np.maximum(gradient, 0)

    def added(weights: Array) -> Array:
        total: Array = (weights[:, None, None] * maps).sum(0)
        return total

    right = np.maximum(added(means), 0)
    slips = [
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
    return {"A": maps, "gradient": gradient}, right, slips


@_cam.worked
def _added_up(given: dict[str, Any], right: Any) -> dict[str, Any]:
    maps, gradient = given["A"], given["gradient"]
    weights = gradient.mean((1, 2))
    total = np.tensordot(weights, maps, 1)
    return {
        "first": weights[0],
        "second": weights[1],
        "first_sum": added(gradient[0].ravel()),
        "second_sum": added(gradient[1].ravel()),
        "corner": f"{products(weights, maps[:, 0, 0])} = {written(total[0, 0])}",
        "total": total,
        "answer": right,
    }


@Exercise(
    "I-6.3",
    "[share, share of noise]",
    otherwise="not right: the first is the sum inside, divided by the sum of all",
    tolerance=0.006,
)
def _share(rng: Generator) -> Drawn:
    """The share of a map inside the evidence."""
    top, left = rng.integers(0, 3, 2)
    high, wide = rng.permutation([2, 3])
    values = rng.integers(0, 4, (5, 5))
    values[top : top + high, left : left + wide] += rng.integers(1, 5, (high, wide))
    bottom, right = top + high - 1, left + wide - 1
    inside = values[top : bottom + 1, left : right + 1]
    swapped = values[left : right + 1, top : bottom + 1]
    short = values[top:bottom, left:right]
    total, area = values.sum(), inside.size / values.size
    share = inside.sum() / total
    slips = [
        ([area, share], "right numbers, but the share of the map comes first"),
        ([swapped.sum() / total, area], "rows and columns are swapped"),
        ([short.sum() / total, short.size / values.size], "the last row and column belong to the box"),
        ([short.sum() / total, area], "the last row and column belong to the box"),
        ([inside.sum() / (total - inside.sum()), area], "divide by the whole map, not by what lies outside"),
        ([inside.mean() / values.mean(), area], "that compares means; the share is a quotient of sums"),
        ([share, 1 / values.size], "noise fills the box with as many pixels as it has, not with one"),
        ([share, 0.5], "noise does not hit in half of the cases: only areas count"),
        ([100 * share, 100 * area], "those are per cent; answer with numbers from 0 to 1"),
        ([share, None], "the first is right; the second is not the share of the area"),
    ]
    return {"map": values, "rows": [top, bottom], "columns": [left, right]}, [share, area], slips


@_share.worked
def _scored(given: dict[str, Any], right: Any) -> dict[str, Any]:
    (top, bottom), (left, last) = given["rows"], given["columns"]
    inside = given["map"][top : bottom + 1, left : last + 1]
    return {
        "inside": inside,
        "sum": inside.sum(),
        "total": given["map"].sum(),
        "pixels": inside.size,
        "share": round(right[0], 3),
        "area": right[1],
    }


def _ranked(values: Array) -> Array:
    return values.argsort().argsort() + 1


@Exercise(
    "I-6.4", otherwise="not the correlation of the two lists of ranks, which lies between −1 and 1", tolerance=0.006
)
def _ranks(rng: Generator) -> Drawn:
    """Rank correlation of two small maps."""
    before, after = (np.cumsum(rng.integers(1, 9, 6))[rng.permutation(6)] for _ in range(2))
    d = _ranked(before) - _ranked(after)
    right = 1 - 6 * (d**2).sum() / 210
    falling = 1 - 6 * ((_ranked(before) - _ranked(-after)) ** 2).sum() / 210
    places = before.argsort() - after.argsort()
    slips = [
        (np.corrcoef(before, after)[0, 1], "that correlates the values; replace them by their ranks first"),
        (falling, "the sign is turned: rank both maps from the smallest to the largest"),
        (1 - right, "that is the part to be taken away from 1"),
        (1 - 6 * np.abs(d).sum() / 210, "square the differences before adding them"),
        (1 - (d**2).sum() / 210, "the factor 6 is missing"),
        (1 - 6 * (d**2).sum() / 6, "n (n² − 1) is 6 · 35 = 210"),
        (1 - 6 * (places**2).sum() / 210, "that is the order of the pixels, not the rank of each pixel"),
    ]
    return {"before": before, "after": after}, right, slips


@_ranks.worked
def _compared(given: dict[str, Any], right: Any) -> dict[str, Any]:
    before, after = _ranked(given["before"]), _ranked(given["after"])
    d = before - after
    return {
        "ranks_before": before,
        "ranks_after": after,
        "differences": d,
        "squares": d**2,
        "sum": (d**2).sum(),
        "value": round(right, 3),
    }
