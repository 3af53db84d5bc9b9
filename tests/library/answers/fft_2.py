"""Right and plausible wrong answers to the exercises of chapter IV-2."""

import numpy as np


def right_1(p):
    """Pair by pair, with one remainder."""
    size = p["N"]
    out = [0] * size
    for a, v in enumerate(p["x"].tolist()):
        for b, w in enumerate(p["h"].tolist()):
            out[(a + b) % size] += v * w
    by_fft = np.fft.ifft(np.fft.fft(p["x"], size) * np.fft.fft(p["h"], size)).real
    return [out, np.array(out, float), by_fft]


def wrong_1(p):
    size, linear = p["N"], np.convolve(p["x"], p["h"])
    good = np.array(right_1(p)[0])
    late = linear[:size].copy()
    late[size - 2 :] += linear[size:]
    return [
        (linear, "the linear convolution, before it is cut"),
        (linear[:size], "the tail is cut off there"),
        (linear[2:], "the head is cut off there"),
        (late, "the tail is laid under the end"),
        (good + 100 * np.eye(1, size, 2, dtype=int)[0], f"{size - 1} of {size} numbers are right"),
        (good[:-1], "expected four numbers" if size == 4 else "expected five numbers"),
    ]


def right_2(p):
    """Count them: which places hear from two sums?"""
    ones = np.ones(p["len_x"]), np.ones(p["len_h"])
    linear = np.convolve(*ones)
    back = np.rint(np.fft.ifft(np.fft.fft(ones[0], p["N"]) * np.fft.fft(ones[1], p["N"])).real)
    spoiled = int((back != linear[: p["N"]]).sum())
    return [[spoiled, p["N"] - spoiled], (spoiled, p["N"] - spoiled), np.array([[spoiled, p["N"] - spoiled]])]


def wrong_2(p):
    spoiled, fine = right_2(p)[0]
    return [
        ([fine, spoiled], "the spoiled ones come first"),
        ([spoiled + 1, fine - 1], "one too many"),
        ([spoiled - 1, fine + 1], "one too few"),
        ([spoiled, p["N"]], "among the N that come back"),
        ([p["len_h"] - 1, p["N"] - p["len_h"] + 1], "that is so for N = len_x"),
        ([p["N"] - p["len_x"], p["len_x"]], "the zeros behind x"),
        ([spoiled], "expected two numbers"),
        ([0, 0], "not how many"),
    ]


def right_3(p):
    """Send the sound through."""
    x, h = np.zeros(p["N"]), np.zeros(p["N"])
    x[p["at"]] = 1
    places = []
    for delay in p["delays"]:
        h[:] = 0
        h[delay] = 1
        places.append(int(np.fft.ifft(np.fft.fft(x) * np.fft.fft(h)).real.argmax()))
    return [places, np.array(places), tuple(places)]


def wrong_3(p):
    first, second = right_3(p)[0]
    return [
        (p["at"] + p["delays"], "the linear places"),
        ([second, first], "in the order of the delays"),
        ([first, second + 1], "one too far"),
        ([first, second - 1], "one too early"),
        ([first, p["N"] - 1], "squeezed into the last place"),
        (p["delays"], "those are the delays"),
        ((p["at"] - p["delays"]) % p["N"], "later than its sound"),
        ([first], "expected two numbers, the place of each echo, got one number"),
    ]


def right_4(p):
    """Try one length after the other."""
    x, h = np.arange(1, p["len_x"] + 1), np.arange(1, p["len_h"] + 1)
    full, start = np.convolve(x, h), (p["len_h"] - 1) // 2
    size = p["len_x"]
    while True:
        back = np.zeros(size)
        np.add.at(back, np.arange(full.size) % size, full)
        part = back[start : start + x.size]
        if part.size == x.size and np.array_equal(part, full[start : start + x.size]):
            return [size, [size], np.array(float(size))]
        size += 1


def wrong_4(p):
    good = right_4(p)[0]
    return [
        (p["len_x"] + p["len_h"] - 1, "some samples may be spoiled"),
        (p["len_x"] + p["len_h"], "more than even the whole"),
        (p["len_x"], "you want some of them"),
        (good - 1, "one too short"),
        (good + 1, "one less will do"),
        (3, "not the smallest N"),
        ([good, good], "expected one number"),
    ]


def right_5(p):
    """Place each weight by its distance from the middle."""
    out = np.zeros(p["shape"], int)
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            out[i, j] = p["kernel"][i + 1, j + 1]
    return [out, out.tolist(), out.astype(float)]


def wrong_5(p):
    good, (rows, cols) = right_5(p)[0], p["shape"]
    corner = np.zeros(p["shape"], int)
    corner[:3, :3] = p["kernel"]
    return [
        (corner, "a corner of the kernel lies at [0, 0]"),
        (np.fft.fftshift(good), "how one looks at it"),
        (np.fft.fftshift(np.fft.fftshift(good)), "that is fftshift"),
        (np.roll(corner, (1, 1), (0, 1)), "rolled the wrong way"),
        (np.roll(corner, -1, 0), "roll the columns, too"),
        (np.roll(corner, -1, 1), "roll the rows, too"),
        (p["kernel"], "the kernel alone"),
        (good.ravel(), "not in these rows and columns"),
        (good + 50 * (np.arange(rows * cols).reshape(rows, cols) == 2), f"{rows * cols - 1} of {rows * cols} numbers"),
    ]
