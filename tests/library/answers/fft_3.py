"""Right and plausible wrong answers to the exercises of chapter IV-3."""

import numpy as np


def right_1(p):
    direct = sum(1 for _ in range(p["n"]) for _ in range(p["k"]))
    length, doublings = 1, 0
    while length < p["n"] + p["k"] - 1:
        length, doublings = 2 * length, doublings + 1
    fft = 3 * 4 * (length // 2) * doublings + 4 * length
    assert fft == 6 * length * doublings + 4 * length
    return [[direct, fft], (direct, fft), np.array([direct, fft], float)]


def wrong_1(p):
    direct, fft = right_1(p)[0]
    n, k = p["n"], p["k"]
    length = 1 << n.bit_length()
    assert length >= n + 1 and length < n + k - 1
    short = 6 * length * (length.bit_length() - 1) + 4 * length
    return [
        ([fft, direct], "the direct sum comes first"),
        ([direct, short], "the result has n + k − 1 samples"),
        ([n * n, fft], "the kernel has k weights"),
        ([direct, fft // 4], "each is counted as four real ones"),
        ([(n + k - 1) * k, fft], "count pairs instead"),
        ([direct, fft + 1000], "not the two counts"),
        (direct, "expected two numbers"),
    ]


def right_2(p):
    size, total = p["B"], []
    for n in range(2 * size + 2):
        total.append(
            sum(int(piece[n - at]) for piece, at in ((p["first"], 0), (p["second"], size)) if 0 <= n - at < size + 2)
        )
    return [total, np.array(total), tuple(total)]


def wrong_2(p):
    first, second, good = p["first"], p["second"], np.array(right_2(p)[0])
    size = p["B"]
    over = good.copy()
    over[size : size + 2] = second[:2]
    return [
        ([*first, *second], "end to end"),
        (over, "one has replaced the other"),
        (first + second, "at the same place"),
        ([*first, *second[2:]], "has lost its beginning"),
        (good[:-2], "rings on as well"),
        (good + np.eye(len(good), dtype=int)[1], "the first wrong one is at [1]"),
    ]


def right_3(p):
    length, k, n = p["N"], p["k"], p["n"]
    rng = np.random.default_rng(0)
    x, h = rng.standard_normal(length), rng.standard_normal(k)
    circular = np.fft.ifft(np.fft.fft(x) * np.fft.fft(h, length)).real
    good = np.isclose(circular, np.convolve(x, h)[:length])
    first, many, blocks = int(np.argmax(good)), int(good.sum()), 0
    while blocks * many < n + k - 1:
        blocks += 1
    return [[first, many, blocks], np.array([first, many, blocks]), (float(first), many, blocks)]


def wrong_3(p):
    first, many, blocks = right_3(p)[0]
    return [
        ([0, many, blocks], "lands at the beginning"),
        ([first + 1, many - 1, -(-(p["n"] + p["k"] - 1) // (many - 1))], "only k − 1 outputs are spoiled"),
        ([first, many, blocks - 1], ""),
        ([first, p["N"], -(-(p["n"] + p["k"] - 1) // p["N"])], "are dropped and do not count"),
        ([first, many - 1, -(-(p["n"] + p["k"] - 1) // (many - 1))], "there are N − k + 1 outputs"),
        ([first, many, 0], "not what a block"),
        ([first, many], "expected three numbers"),
    ]


def right_4(p):
    length = p["N"]
    ks = np.arange(1, length)
    direct = p["product"] * ks
    blocks = 2 * length * np.log2(length) * p["pass"] / (length - ks + 1)
    k = int(ks[np.argmax(direct > blocks * (1 + 1e-9))])
    return [k, [k], float(k)]


def wrong_4(p):
    k = right_4(p)[0]
    flat = int(np.floor(2 * np.log2(p["N"]) * p["pass"] / p["product"] + 1e-9)) + 1
    wrong = [
        (k - 1, "only N − k + 1 outputs" if flat == k - 1 else "still as fast"),
        (p["N"], "the length of the block"),
        (flat, "only N − k + 1 outputs"),
        (0.5, "not where the two costs cross"),
        (-k, "not where the two costs cross"),
        ([k, k], "expected one number"),
    ]
    return [(answer, words) for answer, words in wrong if answer != k]


def right_5(p):
    length, k, m = p["N"], p["k"], p["spike"]
    step, hit = length - k + 1, []
    for start in range(0, m + 2 * length, step):
        if start - (k - 1) <= m <= start + step - 1:
            hit += range(start, start + step)
    return [[hit[0], hit[-1]], (hit[0], hit[-1]), np.array([hit[0], hit[-1]])]


def wrong_5(p):
    (first, last), k, m = right_5(p)[0], p["k"], p["spike"]
    wrong = [
        ([m, m + k - 1], "every output of the block"),
        ([m, last], "one transform makes them all"),
        ([0, m + k - 1], "never see it"),
        ([first - k + 1, last], "its first k − 1 outputs are dropped"),
        ([first, last + 12345], "not the outputs of the blocks"),
        (m, "expected two numbers"),
    ]
    return wrong
