"""The matrix engines: tiles of a plane, and the factors of a kernel."""

import numpy as np
import pytest
import scipy.signal
from test_ops import random

import convlib
from convlib.engines import separable, toeplitz


class TestPlane:
    @pytest.mark.parametrize("dtype", "fdFD")
    @pytest.mark.parametrize("x_shape, h_shape", [((151, 700), (9, 9)), ((1030, 90), (31, 4)), ((7, 2000), (5, 40))])
    def test_several_tiles_and_rows_that_are_left_over(self, x_shape, h_shape, dtype):
        rng = np.random.default_rng(24)
        x, h = random(rng, x_shape, dtype), random(rng, h_shape, dtype)
        for mode in ("full", "same", "valid"):
            y = convlib.convolve(x, h, mode, "gemm")
            rows, wide = toeplitz.tiling(h_shape, y.shape, x.itemsize)
            assert rows < y.shape[0] or wide < y.shape[1]
            exact = scipy.signal.fftconvolve(x.astype("D"), h.astype("D"), mode)
            norms = np.sqrt(scipy.signal.fftconvolve(np.abs(x.astype("D")) ** 2, np.ones(h_shape), mode).real)
            assert (np.abs(y - exact) <= h.size * np.finfo(dtype).eps * norms * np.linalg.norm(h) + 1e-12).all()

    def test_tiles_cover_the_plane_and_fit_the_cache(self):
        assert toeplitz.tiling((9, 9), (700, 700), 4) == (72, 256) and toeplitz.tiling((5, 5), (100, 2500), 8) == (
            36,
            448,
        )
        for side in (1, 5, 33, 130, 1000, 4000):
            for k in (1, 2, 3, 9, 15, 31, 127):
                for size in (4, 8, 16):
                    rows, wide = toeplitz.tiling((k, k), (side, side), size)
                    assert rows % toeplitz.LEVELS == 0 and 0 < rows < side + toeplitz.LEVELS and 0 < wide <= side
                    assert wide % toeplitz.RUN == 0 or wide == side
                    least = k * min(toeplitz.RUN, side) * (toeplitz.LEVELS + k - 1) * size
                    assert (rows + k - 1) * k * wide * size <= max(toeplitz.TILE, least)


class TestSeparable:
    @pytest.mark.parametrize("dtype", "fdgFDG")
    @pytest.mark.parametrize("rank", [1, 2, 3])
    def test_rank(self, rank, dtype):
        rng = np.random.default_rng(13)
        u, v = random(rng, (9, rank), dtype), random(rng, (rank, 12), dtype)
        pairs = separable.factors(u @ v)
        assert len(pairs) == rank and pairs[0][0].dtype == dtype
        rebuilt = sum(np.outer(a, b) for a, b in pairs)
        assert np.linalg.norm(rebuilt - u @ v) <= 4 * 12 * np.finfo(dtype).eps * np.linalg.norm(u @ v)

    def test_a_wide_image_takes_several_products_per_band(self):
        rng = np.random.default_rng(23)
        image, kernel = rng.standard_normal((150, 3000)), np.outer(*rng.standard_normal((2, 31)))
        y = convlib.convolve(image, kernel, "same", "separable")
        np.testing.assert_allclose(y, scipy.signal.fftconvolve(image, kernel, "same"), rtol=0, atol=1e-10)

    def test_what_is_above_the_tolerance_stays(self):
        kernel = np.outer(np.ones(9), np.ones(9))
        kernel[4, 4] += 1e-13
        assert len(separable.factors(kernel)) == 2

    @pytest.mark.parametrize("dtype", "fdFD")
    def test_no_more_factors_than_asked_for(self, dtype):
        rng = np.random.default_rng(25)
        for rank in (1, 2, 3):
            for scale in (1e-9, 1, 1e9) if dtype in "fF" else (1e-200, 1, 1e60):
                kernel = random(rng, (11, rank), dtype) @ random(rng, (rank, 9), dtype) * np.array(scale, dtype)
                assert len(separable.factors(kernel, rank)) == len(separable.factors(kernel, 20)) == rank
                assert not separable.factors(kernel, rank - 1)
        assert not separable.factors(random(rng, (11, 9), dtype), 8)
        assert len(separable.factors(np.zeros((3, 3), dtype), 1)) == 1

    def test_known_kernels(self):
        assert len(separable.factors(convlib.kernels.gaussian(9, 2.0))) == 1
        assert len(separable.factors(np.zeros((3, 3)))) == 1
        assert len(separable.factors(np.array([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]]))) == 2
