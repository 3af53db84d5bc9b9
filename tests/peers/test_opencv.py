"""OpenCV's filter2D: a correlation, about an anchor, with zeros outside if asked."""

import cv2
import numpy as np
import pytest

import convlib


def filtered(image, kernel, **options):
    return cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_CONSTANT, **options)


def test_by_hand():
    row = np.array([[1.0, 2.0, 3.0]])
    kernel = np.array([[1.0, 10.0, 100.0]])
    assert filtered(row, kernel).tolist() == [[210.0, 321.0, 32.0]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [(3, 3), (5, 3), (1, 7), (13, 13)])
def test_odd_kernels_correlate_and_do_not_convolve(size, dtype):
    rng = np.random.default_rng(0)
    image, kernel = (rng.standard_normal(shape).astype(dtype) for shape in ((20, 17), size))
    y, tolerance = filtered(image, kernel), 400 * np.finfo(dtype).eps
    np.testing.assert_allclose(convlib.correlate(image, kernel, "same"), y, rtol=0, atol=tolerance)
    assert np.abs(convlib.convolve(image, kernel, "same") - y).max() > 0.1


def test_flipping_the_kernel_gives_the_convolution():
    rng = np.random.default_rng(1)
    image, kernel = rng.standard_normal((12, 11)), rng.standard_normal((3, 5))
    y = filtered(image, convlib.flip(kernel))
    np.testing.assert_allclose(convlib.convolve(image, kernel, "same"), y, rtol=0, atol=1e-13)


@pytest.mark.parametrize("k", [2, 4])
def test_an_even_kernel_is_anchored_at_half_its_length(k):
    rng = np.random.default_rng(2)
    image, kernel = rng.standard_normal((9, 8)), rng.standard_normal((k, k))
    y = convlib.correlate(image, kernel, "same")
    np.testing.assert_allclose(y, filtered(image, kernel), rtol=0, atol=1e-13)
    moved = filtered(image, kernel, anchor=(k // 2 - 1, k // 2 - 1))
    assert np.abs(y - moved).max() > 0.1


def test_which_images_it_refuses():
    def taken(name, call):
        try:
            return call(np.ones((5, 6), name)).dtype == name
        except cv2.error:
            return False

    names = ("bool", "int8", "uint8", "int16", "uint16", "int32", "int64", "float16", "float32", "float64")
    ones = np.ones(3)
    for call in (lambda a: filtered(a, np.ones((3, 3))), lambda a: cv2.sepFilter2D(a, -1, ones, ones)):
        assert [n for n in names if taken(n, call)] == ["uint8", "int16", "uint16", "float32", "float64"]


def test_eight_bit_images_saturate_where_convlib_is_exact():
    image, kernel = np.full((5, 5), 200, np.uint8), np.ones((3, 3))
    assert filtered(image, kernel)[2, 2] == 255
    assert convlib.correlate(image, kernel.astype(np.uint8), "same")[2, 2] == 9 * 200
