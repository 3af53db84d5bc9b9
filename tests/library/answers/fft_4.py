"""Right and plausible wrong answers to the exercises of chapter IV-4."""

import numpy as np

AXIS = {"left wall": 0, "right wall": 0, "floor": 2, "ceiling": 2}


def over(p, points):
    """The oracle: the shortest way over a wall, found by trying points on it."""
    axis = AXIS[p["wall"]]
    at = p["size"][axis] if p["wall"] in ("right wall", "ceiling") else 0
    a, b = np.array(p["source"], float), np.array(p["listener"], float)
    u = np.abs(a[axis] - at) / (np.abs(a[axis] - at) + np.abs(b[axis] - at))
    spots = a + (u + points)[:, None] * (b - a)
    spots[:, axis] = at
    return float((np.linalg.norm(spots - a, axis=1) + np.linalg.norm(spots - b, axis=1)).min())


def right_1(p):
    direct = float(np.linalg.norm(np.subtract(p["source"], p["listener"])))
    way = over(p, np.linspace(-0.3, 0.3, 2001))
    answer = [(way - direct) / 0.343, direct / way * np.sqrt(1 - p["absorption"])]
    return [answer, np.array(answer), (answer[0], np.float64(answer[1]))]


def wrong_1(p):
    later, ratio = right_1(p)[0]
    beta = np.sqrt(1 - p["absorption"])
    direct = float(np.linalg.norm(np.subtract(p["source"], p["listener"])))
    return [
        ([later + direct / 0.343, ratio], "since the clap"),
        ([later, ratio / beta], "the factor β is missing"),
        ([later, ratio * beta], "share of the energy"),
        ([later, ratio**2], "ratio of the energies"),
        ([later, beta**2 / ratio], "turn the ratio round"),
        ([later / 1000, ratio], "in ms"),
        ([later, 7], "not this delay"),
        ([later], "expected two numbers"),
    ]


def right_2(p):
    n = np.arange(-3, 4)
    images = np.concatenate([2 * p["length"] * n + p["source"], 2 * p["length"] * n - p["source"]])
    answer = np.sort(np.abs(images - p["listener"]))[:4]
    return [answer, answer.tolist(), answer.astype(float)]


def wrong_2(p):
    good, length = right_2(p)[0], p["length"]
    direct = abs(p["source"] - p["listener"])
    return [
        ([*good[1:], 2 * length + direct], "comes before them"),
        ([*good[:3], 2 * length], "over both walls"),
        (good / 343, "those are the times"),
        ([*good[:3], 2 * length + direct], "shorter one comes first"),
        (direct + length * np.arange(4), "mirrored, not moved"),
        (good[:3], "expected four numbers, got three numbers"),
        (np.add(good, [0, 0, 0, 99]), "3 of 4 numbers are right; the first wrong one is at [3]"),
    ]


def right_3(p):
    a, b, c = p["size"]
    front = 24 * np.log(10) / 343 * a * b * c / (2 * (a * b + b * c + c * a))
    answer = [front / p["absorption"], -front / np.log(1 - p["absorption"])]
    return [answer, np.array(answer)]


def wrong_3(p):
    good, a = np.array(right_3(p)[0]), p["absorption"]
    return [
        (good[::-1], "swapped"),
        (2 * good, "six walls"),
        (good / 2, "a factor of 10⁶"),
        (good * [1, np.log(10)], "natural logarithm"),
        (good * [a / (1 - a), np.log(1 - a) / np.log(a)], "sends back"),
        (good + 50, "not these two times"),
        (good[:1], "expected two numbers"),
    ]


def right_4(p):
    power = p["H"].real ** 2 + p["H"].imag ** 2
    answer = power / (power + p["price"])
    return [answer, answer.tolist(), np.abs(np.conj(p["H"]) / (power + p["price"]) * p["H"])]


def wrong_4(p):
    good, size = np.array(right_4(p)[0]), np.abs(p["H"])
    return [
        (1 - good, "what is missing to 1"),
        (good / size, "asked is G·H"),
        (size / (size + p["price"]), "the squares are missing"),
        (1 / size, "the naive 1/H"),
        ([1, 1, 1], "as long as there is no noise"),
        (good[:2], "expected three numbers, got two numbers"),
        (np.add(good, [0, 9, 0]), "2 of 3 numbers are right; the first wrong one is at [1]"),
    ]


def right_5(p):
    heard = [*p["before"], *p["now"]]
    answer = [int(sum(p["h"][k] * heard[n - k] for k in range(3))) for n in range(4, 8)]
    return [answer, np.array(answer), np.array(answer, float)]


def wrong_5(p):
    good, h, now = right_5(p)[0], p["h"], p["now"]
    alone = [int(sum(h[k] * now[n - k] for k in range(3) if 0 <= n - k < 4)) for n in range(6)]
    heard = [*p["before"][2:], *now]
    return [
        (alone[:4], "the block on its own"),
        (alone, "belongs to the next block"),
        ([*good, *alone[4:]], "belongs to the next block"),
        ([int(sum(h[k] * heard[n + k] for k in range(3))) for n in range(4)], "reads h forward"),
        (good[:3], "expected four numbers, got three numbers"),
        (np.add(good, [0, 0, 999, 0]), "3 of 4 numbers are right; the first wrong one is at [2]"),
    ]
