"""What a network's "convolution" layer computes, shown against PyTorch itself."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import convlib

LAYERS = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
SHAPES = [((9,), (3,)), ((9,), (4,)), ((6, 7), (3, 3)), ((6, 7), (2, 4)), ((4, 5, 6), (2, 3, 1))]


def layer(x, h, padding=0):
    """Run PyTorch's layer with one channel and no bias."""
    x, h = (torch.from_numpy(array)[None, None] for array in (x, h))
    return LAYERS[x.ndim - 2](x, h, padding=padding)[0, 0].numpy()


def test_by_hand():
    y = layer(np.array([1.0, 2.0, 3.0]), np.array([1.0, 10.0]))
    assert y.tolist() == [1 * 1 + 2 * 10, 2 * 1 + 3 * 10]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("x_shape, h_shape", SHAPES)
def test_the_layer_is_a_cross_correlation_and_no_convolution(x_shape, h_shape, dtype):
    rng = np.random.default_rng(0)
    x, h = (rng.standard_normal(shape).astype(dtype) for shape in (x_shape, h_shape))
    y, tolerance = layer(x, h), 100 * np.finfo(dtype).eps
    np.testing.assert_allclose(convlib.correlate(x, h, "valid"), y, rtol=0, atol=tolerance)
    assert np.abs(convlib.convolve(x, h, "valid") - y).max() > 0.1


@pytest.mark.parametrize("x_shape, h_shape", SHAPES)
def test_with_the_kernel_flipped_it_is_a_convolution(x_shape, h_shape):
    rng = np.random.default_rng(1)
    x, h = rng.standard_normal(x_shape), rng.standard_normal(h_shape)
    y = layer(x, convlib.flip(h))
    np.testing.assert_allclose(convlib.convolve(x, h, "valid"), y, rtol=0, atol=1e-13)


def test_an_asymmetric_kernel_of_whole_numbers():
    image, kernel = np.arange(36.0).reshape(6, 6) ** 2, np.arange(1.0, 10.0).reshape(3, 3)
    assert (layer(image, kernel) == convlib.correlate(image, kernel, "valid")).all()
    assert (layer(image, kernel) != convlib.convolve(image, kernel, "valid")).all()


def test_only_a_point_symmetric_kernel_hides_the_difference():
    image = np.arange(36.0).reshape(6, 6) ** 2
    assert (layer(image, np.ones((3, 3))) == convlib.convolve(image, np.ones((3, 3)), "valid")).all()
    transposable = np.array([[1.0, 2, 3], [2, 4, 5], [3, 5, 6]])
    assert (layer(image, transposable) != convlib.convolve(image, transposable, "valid")).any()


@pytest.mark.parametrize("k", [3, 5])
def test_zero_padding_by_half_an_odd_kernel_is_mode_same(k):
    rng = np.random.default_rng(2)
    image, kernel = rng.standard_normal((8, 9)), rng.standard_normal((k, k))
    y = layer(image, kernel, padding=k // 2)
    np.testing.assert_allclose(convlib.correlate(image, kernel, "same"), y, rtol=0, atol=1e-13)


def test_the_module_computes_what_the_function_does():
    rng = np.random.default_rng(3)
    image, kernel = rng.standard_normal((8, 9)), rng.standard_normal((3, 3))
    module = torch.nn.Conv2d(1, 1, 3, bias=False, dtype=torch.float64)
    with torch.no_grad():
        module.weight[:] = torch.from_numpy(kernel)
        y = module(torch.from_numpy(image)[None, None])[0, 0].numpy()
    np.testing.assert_allclose(convlib.correlate(image, kernel, "valid"), y, rtol=0, atol=1e-13)


def test_complex_weights_are_not_conjugated():
    """PyTorch drops the conjugate that signal processing keeps."""
    rng = np.random.default_rng(4)
    x, h = (rng.standard_normal(size) + 1j * rng.standard_normal(size) for size in (9, 3))
    np.testing.assert_allclose(convlib.correlate(x, np.conj(h), "valid"), layer(x, h), atol=1e-13)
    assert np.abs(convlib.correlate(x, h, "valid") - layer(x, h)).max() > 0.1
