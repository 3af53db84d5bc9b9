"""Wrong calls of `convlib.nn` and of its maps: one error that repeats what was given and says what is allowed."""

import re

import numpy as np
import pytest
from test_nn import DRAW

from convlib import explain, nn

X, W = np.ones((2, 4, 6, 5)), np.ones((6, 4, 3, 3))
CAM, SCORES = explain.grad_cam, nn.Layer(nn.linear, np.ones((3, 120)))
MODEL = nn.Sequential(nn.Layer(nn.relu), nn.Layer(nn.relu), SCORES, nn.Layer(nn.linear, np.eye(3)))
MAPS = (explain.saliency, explain.guided_backprop, explain.deconvnet, lambda *a: CAM(*a, layer=0))
BAD = [
    (ValueError, "x has shape (6, 5); allowed: four axes, (N, C, H, W)", lambda: nn.conv2d(X[0, 0], W)),
    (ValueError, "w has shape (3, 3); allowed: four axes, (F, C / groups", lambda: nn.conv2d(X, W[0, 0])),
    (ValueError, "x has shape (2, 4, 6, 5), w has shape (6, 3, 3, 3) and groups is 1", lambda: nn.conv2d(X, W[:, :3])),
    (ValueError, "groups is 3; allowed: groups divides the 4 channels", lambda: nn.conv2d(X, W, groups=3)),
    (ValueError, "and the 3 filters of w", lambda: nn.conv2d(X, W[:3, :2], groups=2)),
    (ValueError, "groups is 0", lambda: nn.conv2d(X, W, groups=0)),
    (TypeError, "groups is 1.0", lambda: nn.conv2d(X, W, groups=1.0)),
    (ValueError, "(6, 4, 7, 3) and spans 7 × 3", lambda: nn.conv2d(X, np.ones((6, 4, 7, 3)))),
    (ValueError, "with dilation (3, 3), more than x (2, 4, 6, 5), which is 6 × 5", lambda: nn.conv2d(X, W, dilation=3)),
    (ValueError, "padding is 'same' and stride is (2, 2)", lambda: nn.conv2d(X, W, stride=2, padding="same")),
    (ValueError, "padding is 'full'; allowed", lambda: nn.conv2d(X, W, padding="full")),
    (ValueError, "padding is -1; allowed: a whole number or a pair", lambda: nn.conv2d(X, W, padding=-1)),
    (ValueError, "padding is (1, 2, 3)", lambda: nn.conv2d(X, W, padding=(1, 2, 3))),
    (ValueError, "stride is 0; allowed", lambda: nn.conv2d(X, W, stride=0)),
    (TypeError, "stride is 1.5; allowed", lambda: nn.conv2d(X, W, stride=1.5)),
    (TypeError, "stride is '12'; allowed", lambda: nn.conv2d(X, W, stride="12")),
    (TypeError, "stride is b'ab'; allowed: a whole number or a pair of them", lambda: nn.conv2d(X, W, stride=b"ab")),
    (TypeError, "groups is True; allowed: a whole number", lambda: nn.conv2d(X, W, groups=True)),
    (ValueError, "labels has shape (2,); allowed: (1,)", lambda: nn.cross_entropy([[1, 2]], [0, 1])),
    (ValueError, "dilation is (1, 0)", lambda: nn.conv2d(X, W, dilation=(1, 0))),
    (ValueError, "b has shape (4,); allowed: (6,)", lambda: nn.conv2d(X, W, np.ones(4))),
    (TypeError, "x has dtype complex128; allowed: float32, float64, integers, bool", lambda: nn.conv2d(X * 1j, W)),
    (TypeError, "w has dtype float16", lambda: nn.conv2d(X, W.astype("f2"))),
    (ValueError, "x is empty", lambda: nn.conv2d(X[:0], W)),
    (
        ValueError,
        "dy has shape (2, 6, 4, 4); allowed: (2, 6, 4, 3)",
        lambda: nn.conv2d_backward(np.ones((2, 6, 4, 4)), X, W),
    ),
    (ValueError, "w.shape[0] is the number of channels of x, 4", lambda: nn.conv_transpose2d(X, W)),
    (ValueError, "and groups divides it", lambda: nn.conv_transpose2d(X, W[:4], groups=3)),
    (
        ValueError,
        "output_padding is (1, 1); allowed: less than stride",
        lambda: nn.conv_transpose2d(X, W[:4], output_padding=1),
    ),
    (ValueError, "the output would be -4 × -5 pixels", lambda: nn.conv_transpose2d(X, W[:4], padding=6)),
    (ValueError, "b has shape (6,); allowed: (4,)", lambda: nn.conv_transpose2d(X, W[:4], np.ones(6))),
    (ValueError, "dy has shape (1,)", lambda: nn.conv_transpose2d_backward([1], X, W[:4])),
    (ValueError, "dy has shape (2,); allowed: (3,)", lambda: nn.relu_backward([1, 2], [1, 2, 3])),
    (ValueError, "x has shape (4, 6, 5); allowed: four axes", lambda: nn.max_pool2d(X[0])),
    (ValueError, "size is (6, 6) and x has shape (2, 4, 6, 5)", lambda: nn.max_pool2d(X, 6)),
    (ValueError, "stride is 0", lambda: nn.avg_pool2d(X, 2, 0)),
    (ValueError, "dy has shape (2, 4, 6, 5); allowed: (2, 4, 3, 2)", lambda: nn.max_pool2d_backward(X, X)),
    (ValueError, "dy has shape (2, 4, 6, 5); allowed: (2, 4, 3, 2)", lambda: nn.avg_pool2d_backward(X, X)),
    (ValueError, "x has shape (2, 4, 6, 5) and w has shape (3, 7)", lambda: nn.linear(X, np.ones((3, 7)))),
    (ValueError, "b has shape (2,); allowed: (3,)", lambda: nn.linear([[1]], [[1]] * 3, [1, 2])),
    (ValueError, "dy has shape (1, 1); allowed: (1, 3)", lambda: nn.linear_backward([[1]], [[1]], [[1]] * 3)),
    (ValueError, "scores has shape (3,); allowed: (N, M)", lambda: nn.cross_entropy([1, 2, 3], [0, 0, 0])),
    (ValueError, "labels reach from 0 to 2; allowed: 0 to 1", lambda: nn.cross_entropy([[1, 2]] * 2, [0, 2])),
    (TypeError, "labels has dtype float64", lambda: nn.cross_entropy_backward([[1, 2]], [0.0])),
    (ValueError, "allowed without backward: avg_pool2d, conv2d", lambda: nn.Layer(np.tanh)),
    (ValueError, "allowed: after forward", lambda: nn.Layer(nn.relu).backward(X)),
    (ValueError, "shape is (3,); allowed: (F, C", lambda: nn.he_weights((3,), rng=DRAW(0))),
    (ValueError, "allowed: three equal lists", lambda: nn.sgd_step([np.ones(2)], [np.ones(3)])),
    *(
        (error, message, lambda which=which, x=x, classes=classes: which(MODEL, x, classes))
        for which in MAPS
        for error, message, x, classes in (
            (ValueError, "x has shape (4, 6, 5); allowed: four axes", X[0], [0]),
            (ValueError, "classes has shape (1,); allowed: (2,)", X, [0]),
            (ValueError, "classes has shape ()", X, 0),
            (ValueError, "classes reach from 0 to 3; allowed: 0 to 2", X, [0, 3]),
            (ValueError, "classes reach from -1 to 0", X, [-1, 0]),
            (TypeError, "classes has dtype float64; allowed: integers", X, [0.5, 1]),
        )
    ),
    *(
        (ValueError, f"layer is {n}; allowed: a whole number from 0 to 2", lambda n=n: CAM(MODEL, X, [0, 1], n))
        for n in (-1, 3, 99)
    ),
    (ValueError, "layer is 2, whose output has shape (2, 3); allowed", lambda: CAM(MODEL, X, [0, 1], 2)),
    (
        ValueError,
        "model gives scores of shape (2, 4, 6, 5); allowed: (N, M)",
        lambda: explain.saliency(nn.Sequential(nn.Layer(nn.relu)), X, [0, 1]),
    ),
    (ValueError, "backward_map has shape (2, 2); allowed: four axes", lambda: explain.strength(np.ones((2, 2)))),
    (ValueError, "maps has shape (2, 2) and", lambda: explain.evidence_share(X[0, 0, :2, :2], np.ones((2, 2), bool))),
    (ValueError, "and inside has shape (2, 2)", lambda: explain.evidence_share(X[:, 0], np.ones((2, 2), bool))),
    (TypeError, "inside has dtype float64; allowed: bool", lambda: explain.evidence_share(X[:, 0], X[:, 0])),
    (ValueError, "maps reaches down to -1; allowed", lambda: explain.evidence_share(-X[:, 0], X[:, 0] > 0)),
]


@pytest.mark.parametrize(("error", "message", "call"), BAD, ids=[message for _, message, _ in BAD])
def test_a_wrong_call_is_told_what_is_allowed(error, message, call):
    with pytest.raises(error, match=re.escape(message)) as caught:
        call()
    assert "allowed" in str(caught.value) or "empty" in str(caught.value) or "more than" in str(caught.value)
