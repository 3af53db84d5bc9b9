"""The maps of `convlib.nn.explain`: against hand-computed values, central differences and one another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlib import nn
from convlib.nn import Layer, Sequential
from convlib.nn.explain import deconvnet, evidence_share, grad_cam, guided_backprop, saliency, strength

BACKWARD_MAPS = (saliency, guided_backprop, deconvnet)


def by_hand():
    """Three pixels, two filters of one weight each (1 and −1), a ReLU, one class."""
    filters, scores = np.array([[[[1.0]]], [[[-1.0]]]]), np.array([[2.0, 5, -1, 7, -3, 4]])
    return Sequential(Layer(nn.conv2d, filters), Layer(nn.relu), Layer(nn.linear, scores))


def small(seed, flip=False):
    """Two convolutions with a maximum between them, scores of three classes."""
    rng = np.random.default_rng(seed)
    weights = [nn.he_weights(shape, rng=rng) for shape in ((4, 2, 3, 3), (5, 4, 3, 3), (3, 5 * 3 * 4))]
    biases = [rng.standard_normal(len(w)) for w in weights]
    first, second, last = zip(weights, biases, strict=True)
    model = Sequential(
        Layer(nn.conv2d, *first, padding=1, flip=flip),
        Layer(nn.relu),
        Layer(nn.max_pool2d, size=2),
        Layer(nn.conv2d, *second, padding=1, flip=flip),
        Layer(nn.relu),
        Layer(nn.linear, *last),
    )
    return model, rng.standard_normal((3, 2, 6, 8)), rng.integers(0, 3, 3)


class TestByHand:
    x = np.array([[[[1.0, -2, 3]]]])

    # After the ReLU: [1, 0, 3] and [0, 2, 0]. What arrives there: [2, 5, −1] and [7, −3, 4].
    @pytest.mark.parametrize(
        ("which", "expected"),
        [
            (saliency, [2, 3, -1]),  # [2, 0, −1] · 1 + [0, −3, 0] · (−1)
            (guided_backprop, [2, 0, 0]),  # [2, 0, 0] · 1 + [0, 0, 0] · (−1)
            (deconvnet, [2 - 7, 5 - 0, 0 - 4]),  # [2, 5, 0] · 1 + [7, 0, 4] · (−1)
        ],
    )
    def test_backward_maps(self, which, expected):
        assert which(by_hand(), self.x, [0]).tolist() == [[[expected]]]

    def test_at_exactly_zero_a_relu_lets_nothing_back(self):
        assert not any(which(by_hand(), 0 * self.x, [0]).any() for which in (saliency, guided_backprop))

    def test_grad_cam(self):
        first, second = (2 + 5 - 1) / 3, (7 - 3 + 4) / 3
        expected = [first * 1, second * 2, first * 3]
        np.testing.assert_allclose(grad_cam(by_hand(), self.x, [0], layer=1), [[expected]], rtol=1e-15)

    def test_grad_cam_of_a_negative_weight_is_empty(self):
        model = Sequential(Layer(nn.relu), Layer(nn.linear, np.array([[-1.0, -1]])))
        assert not grad_cam(model, np.ones((1, 1, 1, 2)), [0], layer=0).any()

    def test_grad_cam_is_enlarged_between_the_centres_of_cells(self):
        model = Sequential(Layer(nn.max_pool2d, size=(1, 2)), Layer(nn.linear, np.array([[1.0, 1]])))
        x = np.array([[[[8.0, 0, 0, 24]]]])  # cells 8 and 24, with centres at 0.5 and 2.5
        assert grad_cam(model, x, [0], layer=0).tolist() == [[[8, 12, 20, 24]]]

    def test_strength_takes_the_largest_channel(self):
        assert strength([[[[1, -4]], [[3, 2]]]]).tolist() == [[[3, 4]]]

    def test_share(self):
        maps = [[[1, 0], [2, 5]], [[0, 0], [0, 0]]]
        inside = [[[True, True], [False, True]], [[True, True], [True, True]]]
        assert evidence_share(maps, inside).tolist() == [(1 + 0 + 5) / 8, 0]


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_saliency_equals_central_differences(seed, flip):
    (model, x, classes), step = small(seed, flip), 1e-6
    found = saliency(model, x, classes)
    for place in np.ndindex(x.shape[1:]):
        scores = []
        for move in (step, -step):
            moved = x.copy()
            moved[:, *place] += move
            scores.append(model.forward(moved)[np.arange(len(x)), classes])
        np.testing.assert_allclose(found[:, *place], (scores[0] - scores[1]) / (2 * step), atol=1e-7)


@pytest.mark.parametrize("seed", range(4))
def test_grad_cam_weights_equal_central_differences(seed):
    """The mean gradient of a feature map is what its common brightening adds, per entry."""
    model, x, classes = small(seed)
    maps = Sequential(*model.layers[:5]).forward(x)
    rest, step = Sequential(*model.layers[5:]), 1e-6
    cam = np.zeros((len(x), *maps.shape[2:]))
    for f in range(maps.shape[1]):
        bright = np.zeros_like(maps)
        bright[:, f] = step
        change = (rest.forward(maps + bright) - rest.forward(maps - bright))[np.arange(len(x)), classes]
        weight = change / (2 * step) / maps[0, f].size
        cam += weight[:, None, None] * maps[:, f]
    found = grad_cam(model, x, classes, layer=4)
    assert found.shape == (len(x), 6, 8)
    # Enlarging leaves the outermost cells' values in the corners.
    corners = found[:, :: found.shape[1] - 1, :: found.shape[2] - 1]
    np.testing.assert_allclose(corners, np.maximum(cam, 0)[:, ::2, ::3], atol=1e-7)


@pytest.mark.parametrize("which", BACKWARD_MAPS)
def test_without_a_relu_all_three_are_the_gradient(which):
    model, x, classes = small(7)
    straight = Sequential(*(layer for layer in model.layers if layer.function is not nn.relu))
    np.testing.assert_array_equal(which(straight, x, classes), saliency(straight, x, classes))


def test_the_three_differ_as_soon_as_there_is_one():
    model, x, classes = small(7)
    found = [which(model, x, classes) for which in BACKWARD_MAPS]
    assert all(np.abs(a - b).max() > 0.1 for a, b in [found[:2], found[1:], found[::2]])


@given(st.integers(0, 2**32 - 1))
def test_one_image_does_not_change_the_map_of_another(seed):
    model, x, classes = small(seed % 100)
    rng = np.random.default_rng(seed)
    which = BACKWARD_MAPS[rng.integers(3)]
    alone = which(model, x[1:2], classes[1:2])
    np.testing.assert_allclose(which(model, x, classes)[1:2], alone, atol=1e-12)
    np.testing.assert_allclose(
        grad_cam(model, x, classes, layer=4)[1:2], grad_cam(model, x[1:2], classes[1:2], layer=4), atol=1e-12
    )


@given(st.integers(0, 2**32 - 1))
def test_share_of_noise_is_the_area_on_average(seed):
    rng = np.random.default_rng(seed)
    inside = np.zeros((300, 12, 12), bool)
    inside[:, 2:5, 3:9] = True
    shares = evidence_share(rng.random(inside.shape), inside)
    assert abs(shares.mean() - 18 / 144) < 0.01
