"""The other layers of convlib.nn: pooling, activations, losses, and a whole network."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_nn import DRAW, by_differences, pair

from convlib import nn


class TestPooling:
    IMAGE = np.array([[[[1, 2, 9], [4, 3, 9], [5, 5, 9]]]])

    def test_by_hand(self):
        assert nn.max_pool2d(self.IMAGE).tolist() == [[[[4]]]]
        assert nn.avg_pool2d(self.IMAGE).tolist() == [[[[(1 + 2 + 4 + 3) / 4]]]]
        assert nn.max_pool2d(self.IMAGE, 2, 1).tolist() == [[[[4, 9], [5, 9]]]]
        assert nn.avg_pool2d(self.IMAGE, (3, 1)).tolist() == [[[[10 / 3, 10 / 3, 27 / 3]]]]

    def test_of_equal_entries_the_first_gets_the_gradient(self):
        dx = nn.max_pool2d_backward([[[[7]]]], self.IMAGE[..., 1:, :2], 2)
        assert dx.tolist() == [[[[0, 0], [7, 0]]]]

    def test_integers_average_exactly(self):
        assert nn.avg_pool2d(np.array([[[[0, 0], [0, 1]]]])).item() == 0.25

    def test_a_bad_pixel_spoils_its_window(self):
        x = np.zeros((1, 1, 4, 4))
        x[0, 0, 0, 0] = np.nan
        assert np.isnan(nn.max_pool2d(x)[0, 0]).tolist() == [[True, False], [False, False]]

    @pytest.mark.parametrize("size, stride", [(2, None), (3, 2), ((2, 3), 1), (2, 3), (1, (2, 1))])
    @pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d"])
    def test_by_loops_and_differences(self, name, size, stride):
        rng, reduce = DRAW(10), np.max if name == "max_pool2d" else np.mean
        forward, backward = getattr(nn, name), getattr(nn, f"{name}_backward")
        x, (kh, kw), (sh, sw) = rng.standard_normal((2, 3, 7, 6)), pair(size), pair(size if stride is None else stride)
        y = forward(x, size, stride)
        for n, c, p, q in np.ndindex(y.shape):
            assert y[n, c, p, q] == pytest.approx(reduce(x[n, c, p * sh : p * sh + kh, q * sw : q * sw + kw]))
        assert y.shape[2:] == ((7 - kh) // sh + 1, (6 - kw) // sw + 1)
        dy = rng.standard_normal(y.shape)
        measured = by_differences(lambda: (dy * forward(x, size, stride)).sum(), x)
        np.testing.assert_allclose(backward(dy, x, size, stride), measured, rtol=0, atol=1e-8)


class TestOtherLayers:
    def test_relu(self):
        assert nn.relu([-2, 0, 3]).tolist() == [0, 0, 3]
        assert nn.relu_backward([1, 1, 1], [-2, 0, 3]).tolist() == [0, 0, 1]
        assert nn.relu(np.float32([1])).dtype == nn.relu_backward(*np.ones((2, 1), "f4")).dtype == np.float32

    @pytest.mark.parametrize("shape", [(3, 8), (3, 2, 2, 2)])
    def test_linear(self, shape):
        rng = DRAW(11)
        x, w, b, dy = (rng.standard_normal(s) for s in (shape, (5, 8), (5,), (3, 5)))
        by_hand = [[b[m] + sum(row * w[m]) for m in range(5)] for row in x.reshape(3, 8)]
        np.testing.assert_allclose(nn.linear(x, w, b), by_hand, atol=1e-13)
        for gradient, at in zip(nn.linear_backward(dy, x, w), (x, w, b), strict=True):
            measured = by_differences(lambda: (dy * nn.linear(x, w, b)).sum(), at)
            np.testing.assert_allclose(gradient, measured, rtol=0, atol=1e-8)

    def test_cross_entropy(self):
        assert nn.cross_entropy([[0, np.log(3)]], [0]) == pytest.approx(np.log(4))
        assert nn.cross_entropy([[1e4, 0], [0, 1e4]], [0, 0]) == pytest.approx(1e4 / 2)
        rng = DRAW(12)
        scores, labels = rng.standard_normal((6, 4)), rng.integers(0, 4, 6)
        measured = by_differences(lambda: nn.cross_entropy(scores, labels), scores)
        np.testing.assert_allclose(nn.cross_entropy_backward(scores, labels), measured, rtol=0, atol=1e-9)
        assert nn.cross_entropy_backward(scores.astype("f4"), labels).dtype == np.float32

    @given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 5), st.integers(1, 3), st.data())
    def test_a_shifted_image_gives_a_shifted_output(self, kernel, stride, steps, channels, data):
        """Equivariance: a shift by whole strides, away from the border."""
        rng = DRAW(data.draw(st.integers(0, 2**32)))
        x, w = rng.standard_normal((1, channels, 30, 31)), rng.standard_normal((2, channels, kernel, kernel))
        y, shifted = (nn.conv2d(image, w, stride=stride) for image in (x, x[:, :, stride * steps :]))
        np.testing.assert_allclose(shifted, y[:, :, steps:], atol=1e-12)


def small_network(rng):
    """One of each layer, for images of 9 × 9 pixels in two channels and three classes."""
    return nn.Sequential(
        nn.Layer(nn.conv2d, nn.he_weights((4, 2, 3, 3), rng=rng), np.zeros(4), padding=1),
        nn.Layer(nn.relu),
        nn.Layer(nn.max_pool2d, size=2),
        nn.Layer(nn.conv_transpose2d, nn.he_weights((4, 3, 2, 2), rng=rng)),
        nn.Layer(nn.avg_pool2d, size=2, stride=1),
        nn.Layer(nn.linear, nn.he_weights((3, 3 * 16), rng=rng), np.zeros(3)),
    )


class TestModel:
    def test_gradients_by_differences(self):
        rng = DRAW(13)
        model, x, labels = small_network(rng), rng.standard_normal((2, 2, 9, 9)), np.array([0, 2])
        dx = model.backward(nn.cross_entropy_backward(model.forward(x), labels))
        assert [g.shape for g in model.grads] == [w.shape for w in model.weights]
        for gradient, at in zip([dx, *model.grads], [x, *model.weights], strict=True):
            measured = by_differences(lambda: nn.cross_entropy(model.forward(x), labels), at, step=1e-6)
            np.testing.assert_allclose(gradient, measured, rtol=0, atol=1e-8)

    def test_learns(self):
        """Bright above or bright left, in noise: a task for edges."""
        rng = DRAW(14)
        labels = rng.integers(0, 3, 120)
        x = rng.standard_normal((120, 2, 9, 9)) * 0.3
        x[labels == 1, :, :4] += 1
        x[labels == 2, :, :, :4] += 1
        model, velocities, losses = small_network(rng), None, []
        for _ in range(40):
            scores = model.forward(x)
            losses.append(nn.cross_entropy(scores, labels))
            model.backward(nn.cross_entropy_backward(scores, labels))
            velocities = nn.sgd_step(model.weights, model.grads, velocities, rate=0.05)
        assert losses[-1] < 0.1 * losses[0]
        assert (model.forward(x).argmax(1) == labels).mean() > 0.97

    def test_a_layer_takes_a_function_of_its_own(self):
        layer = nn.Layer(lambda x, w: x * w, np.array([2.0]), backward=lambda dy, x, w: (dy * w, dy * x))
        assert layer.forward(np.array([3.0])) == 6 and layer.backward(np.array([10.0])) == 20
        assert layer.grads == [30]

    def test_the_operation_can_be_swapped(self):
        rng = DRAW(15)
        x, layer = rng.standard_normal((1, 2, 5, 5)), nn.Layer(nn.conv2d, rng.standard_normal((2, 2, 3, 3)))
        before = layer.forward(x)
        layer.options["flip"] = True
        assert np.abs(layer.forward(x) - before).max() > 0.1
        layer.weights[0] = layer.weights[0][..., ::-1, ::-1]
        np.testing.assert_allclose(layer.forward(x), before, atol=1e-13)

    def test_momentum(self):
        w, rate, momentum = np.array([1.0, 2.0], "f4"), 0.5, 0.25
        v = nn.sgd_step([w], [np.array([4.0, 8.0], "f4")], rate=rate, momentum=momentum)
        assert w.tolist() == [1 - 0.5 * 4, 2 - 0.5 * 8] and w.dtype == v[0].dtype == np.float32
        nn.sgd_step([w], [np.zeros(2, "f4")], v, rate=rate, momentum=momentum)
        assert w.tolist() == [-1 - 0.5 * 0.25 * 4, -2 - 0.5 * 0.25 * 8]

    def test_initial_weights_keep_the_size_of_the_signal(self):
        rng = DRAW(16)
        x = rng.standard_normal((4, 16, 20, 20))
        y = nn.conv2d(nn.relu(x), nn.he_weights((64, 16, 3, 3), rng=rng))
        assert np.mean(y**2) == pytest.approx(np.mean(x**2), rel=0.2)


def test_a_window_with_a_nan_sends_nothing_back():
    x = np.array([[[[np.nan, 5, 1, 2], [3, 4, 0, 0]]]])
    assert nn.max_pool2d_backward([[[[10, 20]]]], x).tolist() == [[[[0, 0, 0, 20], [0, 0, 0, 0]]]]
