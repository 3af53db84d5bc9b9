"""Statements of Part I that have a condition, each with what happens where it does not hold."""

import numpy as np
import pytest
from scipy import signal

from convlib import kernels
from convlib.checks import check, exercise
from convlib.ops import convolve, correlate, flip


class TestIndices:
    """I-2: labels, modes and orders."""

    @pytest.mark.parametrize("call", [np.convolve, signal.convolve], ids=["numpy", "scipy"])
    def test_valid_leaves_out_less_in_front_of_a_kernel_longer_than_the_signal(self, call):
        x, h = np.array([1, 2]), np.array([1, 2, 4])
        assert call(x, h, "valid").tolist() == convolve(x, h)[1:-1].tolist()  # and not from entry 2 = len(h) - 1 on

    def test_the_array_with_minus_n_in_its_index_slides(self):
        x, h = np.array([2, 5, -1, 3, 1]), np.array([4, 2, 1])
        labels = range(-2, 5)
        minus = [sum(x[k] * h[k - n] for k in range(5) if 0 <= k - n < 3) for n in labels]  # h carries n, and slides
        plus = [sum(h[j] * x[n + j] for j in range(3) if 0 <= n + j < 5) for n in labels]  # x carries n, and lies still
        assert minus == plus == correlate(x, h).tolist()

    def test_a_kernel_that_is_too_small_does_not_reach(self):
        move = exercise("I-1.5")
        down, right = int(move["down"]), int(move["right"])
        rows, cols = 2 * abs(down) + 1, 2 * abs(right) + 1
        kernel = np.zeros((rows, cols), dtype=int)
        kernel[rows // 2 - down, cols // 2 - right] = 1
        assert check("I-1.5", kernel) and max(rows, cols) > 3


class TestSymmetry:
    """I-3: what half a turn changes."""

    def test_the_middle_weight_breaks_no_symmetry(self):
        for place, stays in (((1, 1), True), ((0, 1), False)):
            kernel = np.ones((3, 3), dtype=int)
            kernel[place] = 5
            assert np.array_equal(kernel, flip(kernel)) == stays

    def test_a_crest_becomes_a_trough(self):
        kernel = np.array([[2, 2, 3], [1, -2, 1], [3, 2, 2]])  # I-3.3, point-symmetric
        stripes = np.tile((-1) ** np.arange(9), (3, 1))
        assert correlate(stripes, kernel, mode="valid")[0].tolist() == (-10 * stripes[0, 1:-1]).tolist()

    def test_not_every_derivative_changes_its_sign(self):
        second, forward = np.array([1, -2, 1]), np.array([0, -1, 1])
        assert np.array_equal(second, flip(second))
        assert not np.array_equal(forward, flip(forward)) and not np.array_equal(forward, -flip(forward))
        assert np.array_equal(kernels.sobel(), -flip(kernels.sobel()))

    def test_a_complex_antisymmetric_kernel_need_not_change_the_sign(self):
        h, x = np.array([1j, 0, -1j]), np.arange(5.0)
        assert np.array_equal(h, -flip(h)) and np.allclose(correlate(x, h), convolve(x, h))

    def test_a_slanted_template_mixes_both_slopes(self):
        down, along = np.indices((3, 3))
        slanted = np.array([[-2, -1, 0], [-1, 0, 1], [0, 1, 2]])
        assert correlate(3 * down + 5 * along, slanted, mode="valid").item() == 6 * 3 + 6 * 5

    def test_orthonormal_answers_need_not_add_up_to_a_patch(self):
        bank, patch = np.eye(3)[:2], np.array([2, 1, 4])
        assert (bank @ patch @ bank).tolist() == [2, 1, 0]  # the part of the patch that the bank can make

    def test_bright_on_bright_is_not_enough_for_a_large_inner_product(self):
        assert np.array([1, -1]) @ np.array([9, 9]) == 0
