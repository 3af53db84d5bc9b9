"""Right and plausible wrong answers to the exercises of chapter I-4."""

import math

import numpy as np

from convlib import nn


def output(p, **changed):
    """Rows and columns by running the layer."""
    k, s, q, d = (changed.get(name, p[name]) for name in ("kernel", "stride", "padding", "dilation"))
    x = np.zeros((1, 1, p["height"], p["width"]))
    return list(nn.conv2d(x, np.zeros((1, 1, k, k)), None, s, q, d).shape[2:])


def right_1(p):
    answer = output(p)
    return [answer, tuple(answer), np.array(answer, float)[:, None]]


def wrong_1(p):
    rows, columns = output(p)
    return [
        ([columns, rows], "the order is [rows, columns]"),
        ([rows - 1, columns - 1], "the first place counts too"),
        (output(p, dilation=1), "the dilation is missing"),
        (output(p, padding=0), "the padding is missing"),
        (output(p, stride=1), "the stride is missing"),
        ([1000, 1], "not the number of rows and columns"),
        ([rows], "got one number"),
        ([rows, columns, 1], "got three numbers"),
    ]


def reached(layers):
    """First and last pixel of the outputs 0 and 1, by gradients."""
    found = []
    for output in (0, 1):
        images, x = [], np.ones((1, 1, 1, 160))
        for k, s, d in layers:
            images.append(x)
            x = nn.conv2d(x, np.ones((1, 1, 1, k)), None, (1, s), 0, (1, d))
        back = np.zeros_like(x)
        back[..., output] = 1
        for (k, s, d), image in zip(layers[::-1], images[::-1], strict=True):
            back = nn.conv2d_backward(back, image, np.ones((1, 1, 1, k)), (1, s), 0, (1, d))[0]
        found.append(np.flatnonzero(back))
    return found


def right_2(p):
    zero, one = reached(p["layers"].tolist())
    answer = [int(zero[-1] - zero[0] + 1), int(one[0] - zero[0])]
    return [answer, np.array(answer, float), tuple(answer)]


def wrong_2(p):
    size, jump = right_2(p)[0]
    kernels, strides, dilations = p["layers"].T
    return [
        ([jump, size], "the size comes first"),
        ([1 + int(np.sum(dilations * (kernels - 1))), jump], "each step is counted as one pixel"),
        ([size - 1, jump], "starts at one pixel"),
        ([size, int(strides.sum())], "strides multiply"),
        ([size, 1], "the jump is the product of the strides"),
        ([size + 1000, jump], "not the size and the jump"),
        ([size], "got one number"),
    ]


def right_3(p):
    c, f, k, pixels = p["channels"], p["filters"], p["kernel"], p["height"] * p["width"]
    answer = [np.zeros((f, c, k, k)).size + f, f * pixels * c * pixels + f * pixels]
    return [answer, np.array(answer, float), tuple(answer)]


def wrong_3(p):
    own, dense = right_3(p)[0]
    f, pixels = p["filters"], p["height"] * p["width"]
    return [
        ([dense, own], "the layer comes first"),
        ([own - f, dense], "lacks the biases"),
        ([own - f, dense - f * pixels], "both lack the biases"),
        ([f * (p["kernel"] ** 2 + 1), dense], "a kernel for every input channel"),
        ([own * pixels, dense], "all places share the weights"),
        ([own, f * (p["channels"] * pixels + 1)], "an output for every pixel of every feature map"),
        ([own, 7], "not the two numbers of weights"),
        (own, "got one number"),
    ]


def right_4(p):
    apart = math.prod(p["strides"])
    return [[apart, p["moved"] / apart], (apart, p["moved"] // apart)]


def wrong_4(p):
    apart, moved = math.prod(p["strides"]), p["moved"]
    total = sum(p["strides"])
    return [
        ([moved // apart, apart], "the smallest shift comes first"),
        ([total, moved / total], "strides multiply"),
        ([max(p["strides"]), moved / max(p["strides"])], "the largest stride alone"),
        ([1, moved], "holds without strides"),
        ([apart, moved], "moves by fewer"),
        ([apart, 1000], "not the smallest shift and the places"),
        (apart, "got one number"),
    ]


def right_5(p):
    x = np.eye(p["pixels"]).reshape(-1, 1, 1, p["pixels"])
    answer = nn.conv2d(x, p["w"].reshape(1, 1, 1, 3), stride=(1, 2))[:, 0, 0].T
    return [answer, answer.astype(int).tolist()]


def wrong_5(p):
    answer = right_5(p)[0]
    turned = right_5({**p, "w": p["w"][::-1]})[0]
    every = nn.conv2d(np.eye(p["pixels"]).reshape(-1, 1, 1, p["pixels"]), p["w"].reshape(1, 1, 1, 3))[:, 0, 0].T
    spoiled = answer.copy()
    spoiled[0, 0] += 1
    return [
        (turned, "a layer does not flip"),
        (answer.T, "that is the transpose"),
        (every, "the stride is missing"),
        (answer[:-1], "the last place is missing"),
        ((answer != 0).astype(int), "these are the connections"),
        (spoiled, "the first wrong one is at [0, 0]"),
        (answer.ravel(), "not in these rows and columns"),
    ]
