"""The engines against each other: blocks, rounding errors, and input that is not finite."""

import numpy as np
import pytest
import scipy.signal

import convlib
from convlib import engines

LENGTHS = [(10_000, 100), (9000, 1500), (4096, 31), (5000, 4999), (1, 9000), (300, 300)]
SHAPES = [((300, 290), (9, 12)), ((140, 500), (31, 5)), ((700, 3), (4, 90)), ((40, 36, 70), (3, 5, 4))]


def overlap(x_shape, h_shape, x_bad=(), h_bad=()):
    """Outputs whose window holds one of the bad entries, found by counting."""
    x, h = np.zeros(x_shape, int), np.zeros(h_shape, int)
    for i in x_bad:
        x[i] = 1
    for k in h_bad:
        h[k] = 1
    one_x, one_h = np.ones_like(x), np.ones_like(h)
    return (convlib.convolve(x, one_h) + convlib.convolve(one_x, h)) > 0


class TestChoice:
    @pytest.mark.parametrize(
        "x_shape, h_shape, engine",
        [
            ((10**6,), (64,), "direct"),
            ((64,), (10**6,), "direct"),
            ((10**6,), (65,), "fft"),
            ((256,), (256,), "direct"),
            ((257,), (256,), "fft"),
            ((1000, 1000), (8, 8), "direct"),
            ((1000, 1000), (9, 9), "fft"),
        ],
    )
    def test_rule(self, x_shape, h_shape, engine):
        assert engines.choose(x_shape, h_shape) == engine

    def test_auto_runs_what_the_rule_says(self, monkeypatch):
        calls = []
        for name in ("direct", "fft"):
            run = getattr(engines, name)
            monkeypatch.setattr(engines, name, lambda x, h, name=name, run=run: calls.append(name) or run(x, h))
        for k in (64, 65):
            convlib.convolve(np.ones(5000), np.ones(k))
        convlib.convolve(np.ones(5000, int), np.ones(500, int), method="fft")
        assert calls == ["direct", "fft", "direct"]

    def test_blocks(self):
        assert engines.block_shape((10**6,), (31,)) == (4096,)
        assert engines.block_shape((10**6,), (5000,)) == (20_000,)
        assert engines.block_shape((1000, 1000), (9, 9)) == (128, 128)
        whole = engines.block_shape((1000,), (900,))
        assert 1899 <= whole[0] < 2000
        wide = engines.block_shape((700, 3), (4, 90))
        assert wide[0] == 128 and wide[1] >= 3 + 90 - 1


class TestAgreement:
    @pytest.mark.parametrize("dtype", "fdgFDG")
    @pytest.mark.parametrize("n, k", LENGTHS)
    def test_1d(self, n, k, dtype):
        rng = np.random.default_rng(n + k)
        x, h = (rng.standard_normal(size).astype(dtype) for size in (n, k))
        if np.dtype(dtype).kind == "c":
            x, h = x * np.exp(1j * np.arange(n)), h * 1j
            x, h = x.astype(dtype), h.astype(dtype)
        y, expected = engines.fft(x, h), scipy.signal.fftconvolve(x.astype("G"), h.astype("G"))
        assert y.dtype == x.dtype and y.shape == (n + k - 1,)
        scale = np.linalg.norm(x) * np.linalg.norm(h) * np.finfo(dtype).eps
        assert np.abs(y - expected).max() < 10 * scale

    @pytest.mark.parametrize("x_shape, h_shape", SHAPES)
    def test_nd(self, x_shape, h_shape):
        rng = np.random.default_rng(8)
        x, h = rng.standard_normal(x_shape), rng.standard_normal(h_shape)
        expected = scipy.signal.fftconvolve(x, h)
        np.testing.assert_allclose(engines.fft(x, h), expected, atol=1e-11)
        np.testing.assert_allclose(engines.direct(x, h), expected, atol=1e-11)


class TestErrorBound:
    """|error| ≤ c·eps·‖x_block‖·‖h‖, with the constants that the docstrings state."""

    @pytest.mark.parametrize("dtype", "fd")
    @pytest.mark.parametrize("n, k", [(20_000, 100), (3000, 2500), (6000, 1000)])
    def test_fft(self, n, k, dtype):
        rng = np.random.default_rng(9)
        x, h = (rng.standard_normal(size).astype(dtype) for size in (n, k))
        x *= np.where(np.arange(n) < n // 2, 1e4, 1).astype(dtype)
        exact = np.convolve(x.astype(np.longdouble), h.astype(np.longdouble))
        error = np.abs(engines.fft(x, h) - exact)
        length = engines.block_shape((n,), (k,))[0]
        whole = length >= n + k - 1
        step = n + k - 1 if whole else length - k + 1
        for start in range(0, n + k - 1, step):
            block = x[:] if whole else x[max(0, start - k + 1) : start + step]
            bound = np.log2(length) * np.finfo(dtype).eps
            bound *= np.linalg.norm(block) * np.linalg.norm(h)
            assert error[start : start + step].max() <= bound

    @pytest.mark.parametrize("method", ["direct", "fft"])
    def test_half_precision_is_rounded_once(self, method):
        """In half precision, adding ones would end at 2048."""
        ones = np.ones((60, 60), np.float16)
        y = convlib.convolve(ones, ones, "valid", method)
        assert y.dtype == np.float16 and y.tolist() == [[3600]]

    @pytest.mark.parametrize("k", [5, 64])
    def test_direct(self, k):
        rng = np.random.default_rng(10)
        x, h = rng.standard_normal(5000), rng.standard_normal(k)
        x[1000:1100] *= 1e8
        exact = np.convolve(x.astype(np.longdouble), h.astype(np.longdouble))
        window = np.sqrt(np.convolve(x**2, np.ones(k)))
        bound = k * np.finfo(float).eps * np.linalg.norm(h) * window
        assert (np.abs(convlib.convolve(x, h) - exact) <= bound).all()

    @pytest.mark.parametrize("k, method", [(31, "auto"), (31, "direct"), (31, "fft"), (200, "auto")])
    def test_a_spike_does_not_drown_samples_far_away(self, k, method):
        rng = np.random.default_rng(11)
        x, h = rng.standard_normal(10**5), rng.standard_normal(k)
        x[50] = 1e12
        quiet = x[10_000:].astype(np.longdouble)
        exact = np.convolve(quiet, h.astype(np.longdouble))[k - 1 : quiet.size]
        far = convlib.convolve(x, h, method=method)[10_000 + k - 1 : x.size]
        assert np.abs(far - exact).max() <= 1e-12

    @pytest.mark.parametrize("method", ["auto", "direct", "fft"])
    def test_a_spike_in_an_image(self, method):
        rng = np.random.default_rng(12)
        image, kernel = rng.standard_normal((400, 300)), rng.standard_normal((9, 9))
        expected = convlib.convolve(image, kernel, "same", "direct")
        image[5, 5] = 1e12
        y = convlib.convolve(image, kernel, "same", method)
        assert np.abs(y - expected)[150:, 150:].max() <= 1e-12


class TestNotFinite:
    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
    @pytest.mark.parametrize("method", ["auto", "direct", "fft"])
    @pytest.mark.parametrize("dtype", "efdgFD")
    @pytest.mark.parametrize("n, k", [(12, 3), (6000, 100), (500, 400)])
    def test_one_bad_sample_spoils_its_window(self, n, k, dtype, method, bad):
        rng = np.random.default_rng(13)
        x, h = rng.standard_normal(n).astype(dtype), rng.standard_normal(k).astype(dtype)
        clean = convlib.convolve(x, h, method=method)
        x[7] = bad
        y = convlib.convolve(x, h, method=method)
        spoilt = ~np.isfinite(y)
        assert (spoilt == overlap((n,), (k,), [7])).all()
        tolerance = 40 * np.finfo(dtype).eps * k
        np.testing.assert_allclose(y[~spoilt], clean[~spoilt], rtol=0, atol=tolerance)

    @pytest.mark.parametrize("method", ["direct", "fft"])
    @pytest.mark.parametrize("x_shape, h_shape", [((60, 40), (12, 9)), ((8, 9), (20, 25))])
    def test_images_and_kernels(self, x_shape, h_shape, method):
        rng = np.random.default_rng(14)
        x, h = rng.standard_normal(x_shape), rng.standard_normal(h_shape)
        x[3, 5], h[2, 1], h[4, 8] = np.inf, np.nan, -np.inf
        y = convlib.convolve(x, h, method=method)
        expected = overlap(x_shape, h_shape, [(3, 5)], [(2, 1), (4, 8)])
        assert (~np.isfinite(y) == expected).all()

    def test_the_engines_agree_value_by_value(self):
        rng = np.random.default_rng(15)
        x, h = rng.standard_normal(900), rng.standard_normal(80)
        x[10], x[60], x[400], h[5], h[7] = np.inf, -np.inf, np.nan, 0, np.inf
        # NaN must meet NaN, and an infinity the same infinity.
        np.testing.assert_allclose(engines.fft(x, h), engines.direct(x, h), atol=1e-11)

    def test_everything_bad(self):
        x = np.full(5000, np.nan)
        assert np.isnan(engines.fft(x, np.ones(300))).all()
        assert np.isnan(engines.fft(np.ones(5000), x[:300])).all()

    @pytest.mark.parametrize("method", ["auto", "direct", "fft"])
    @pytest.mark.parametrize("dtype, huge", [("f", 1e30), ("d", 1e200), ("D", 1e200), ("e", 3e4)])
    def test_a_product_that_overflows_spoils_its_outputs_only(self, dtype, huge, method):
        x, h = np.ones(5000, dtype), np.ones(100, dtype)
        x[9] = h[3] = huge
        y = convlib.convolve(x, h, method=method)
        assert np.flatnonzero(~np.isfinite(y)).tolist() == [12]
        assert y[200] == pytest.approx(huge + 99, rel=1e-2)

    @pytest.mark.parametrize("method", ["direct", "fft"])
    def test_large_but_finite_stays_finite(self, method):
        """The transform of the signal alone would overflow."""
        x, h = np.full(5000, 1e305), np.full(100, 1e-305)
        y = convlib.convolve(x, h, method=method)
        np.testing.assert_allclose(y[99:5000], 100, rtol=1e-12)

    @pytest.mark.parametrize("method", ["direct", "fft"])
    def test_two_large_entries_meet_once(self, method):
        x, h = np.full(5000, 0.01), np.full(100, 0.01)
        x[9], h[3] = 1e5, 3e296
        assert convlib.convolve(x, h, method=method)[12] == pytest.approx(3e301)

    @pytest.mark.parametrize("method", ["direct", "fft"])
    def test_sums_that_overflow(self, method):
        x, h = np.zeros(3000), np.ones(200)
        x[1000:1200] = 1e308
        y = convlib.convolve(x, h, method=method)
        assert np.isinf(y[1199]) and np.isfinite(y[:1000]).all() and np.isfinite(y[1400:]).all()
