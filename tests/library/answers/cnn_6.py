"""Right and plausible wrong answers to the exercises of chapter I-6."""

import numpy as np
from scipy import stats


def rules(p):
    """The three rules entry by entry, in words instead of products."""
    rows = [[], [], []]
    for x, dy in zip(p["x"].tolist(), p["dy"].tolist(), strict=True):
        rows[0].append(dy if x > 0 else 0)
        rows[1].append(dy if x > 0 and dy > 0 else 0)
        rows[2].append(max(dy, 0))
    return rows


def right_1(p):
    return [rules(p), np.array(rules(p), float) + 1e-9]


def wrong_1(p):
    x, dy, (gradient, guided, deconv) = p["x"], p["dy"], rules(p)
    return [
        ([gradient, deconv, guided], "guided backpropagation and the deconvnet are swapped"),
        ([deconv, guided, gradient], "saliency and the deconvnet are swapped"),
        ([x * (dy > 0), x * (x > 0) * (dy > 0), x * (x > 0)], "what goes back is dy"),
        (np.abs(rules(p)), "signs are lost"),
        ([dy, guided, deconv], "passes dy only where x > 0"),
        ([gradient, gradient, deconv], "look again at guided backpropagation"),
        ([gradient, guided, gradient], "look again at deconvnet"),
        (np.array(rules(p)).T, "transposed"),
        (gradient, "expected three rows of six numbers, got six numbers"),
    ]


def weights(p):
    return [sum(gradient.ravel().tolist()) / 4 for gradient in p["gradient"]]


def right_2(p):
    a, b = weights(p)
    first, second = p["A"]
    answer = [[max(a * first[r, c] + b * second[r, c], 0) for c in range(2)] for r in range(2)]
    return [answer, np.array(answer) + 1e-9]


def wrong_2(p):
    a, b = weights(p)
    first, second = p["A"]
    answer = np.array(right_2(p)[0])
    mixed = p["gradient"][0] * first + p["gradient"][1] * second
    return [
        (a * first + b * second, "the last step is missing"),
        (4 * answer, "sum of the gradients"),
        (max(a, 0) * first + max(b, 0) * second, "negative weights count too"),
        (np.maximum(mixed, 0), "one weight for each feature map"),
        (first + second, "without their weights"),
        (abs(a) * first + abs(b) * second, "a weight keeps its sign"),
        (answer.ravel(), "not in these rows and columns"),
        (answer + 100, "0 of 4 numbers are right"),
    ]


def boxed(p):
    (top, bottom), (left, right) = p["rows"], p["columns"]
    return [p["map"][r, c] for r in range(5) for c in range(5) if top <= r <= bottom and left <= c <= right], p[
        "map"
    ].sum()


def right_3(p):
    inside, total = boxed(p)
    answer = [sum(inside) / total, len(inside) / 25]
    return [answer, np.array(answer)[:, None], tuple(answer)]


def wrong_3(p):
    inside, total = boxed(p)
    share, area = right_3(p)[0]
    return [
        ([area, share], "the share of the map comes first"),
        ([sum(inside) / (total - sum(inside)), area], "divide by the whole map"),
        ([np.mean(inside) / p["map"].mean(), area], "compares means"),
        ([share, 1 / 25], "as many pixels as it has"),
        ([share, 0.5], "only areas count"),
        ([100 * share, 100 * area], "per cent"),
        ([share, 0.77], "the first is right; the second is not the share of the area"),
        ([7, area], "the first is the sum inside, divided by the sum of all"),
        ([share], "got one number"),
    ]


def right_4(p):
    value = stats.spearmanr(p["before"], p["after"]).statistic
    return [value, [value], np.array([[value]])]


def wrong_4(p):
    before, after = p["before"], p["after"]
    value = right_4(p)[0]
    d = stats.rankdata(before) - stats.rankdata(after)
    return [
        (np.corrcoef(before, after)[0, 1], "replace them by their ranks"),
        (-value, "the sign is turned"),
        (1 - value, "taken away from 1"),
        (1 - 6 * np.abs(d).sum() / 210, "square the differences"),
        (1 - (d**2).sum() / 210, "factor 6"),
        (55, "which lies between −1 and 1"),
        ([value, value], "expected one number, got two numbers"),
    ]
