"""The engines against each other: every method, rounding errors, and input that is not finite."""

import math
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest
import scipy.fft
import scipy.signal
from test_ops import random

import convlib
from convlib.engines import guard, toeplitz
from convlib.engines.boxes import piece
from convlib.engines.integers import rounding
from convlib.engines.plan import ENGINES, prepare

LINES = [
    (300, 20),
    (1000, 31),
    (10_000, 100),
    (9000, 1500),
    (5000, 4999),
    (1, 900),
    (300, 300),
    (33, 1),
    (20_000, 2_000),
]
PLANES = [
    ((60, 70), (3, 3)), ((300, 290), (9, 12)), ((140, 500), (31, 5)), ((700, 3), (4, 90)), ((8, 9), (20, 25)),
    ((200, 64), (1, 17)), ((64, 200), (17, 1)),
]  # fmt: skip
SOLIDS = [((20, 18, 30), (3, 5, 4)), ((3, 120, 90), (1, 7, 5)), ((120, 3, 90), (7, 1, 5)), ((5, 4, 90), (1, 1, 9))]
EVERY = ("auto", "fft", *ENGINES)


def methods(x_shape, h_shape, mode="full"):
    """The methods that can convolve these shapes."""
    return ["auto", "fft", *convlib.plan(x_shape, h_shape, mode=mode).costs]


def cases(*groups):
    return [(x, h, method) for group in groups for x, h in group for method in methods(x, h)]


def overlap(x_shape, h_shape, x_bad=(), h_bad=()):
    """Outputs whose window holds one of the bad entries, found by counting."""
    x, h = np.zeros(x_shape, int), np.zeros(h_shape, int)
    for i in x_bad:
        x[i] = 1
    for k in h_bad:
        h[k] = 1
    one_x, one_h = np.ones_like(x), np.ones_like(h)
    return (convlib.convolve(x, one_h, method="direct") + convlib.convolve(one_x, h, method="direct")) > 0


class TestByHand:
    @pytest.mark.parametrize("method", methods(5, 2))
    def test_line(self, method):
        y = convlib.convolve([1.0, 2, 3, 4, 5], [1.0, 10], method=method)
        np.testing.assert_allclose(y, [1, 12, 23, 34, 45, 50], rtol=1e-14)

    @pytest.mark.parametrize("method", methods((2, 3), (2, 2)))
    def test_plane(self, method):
        y = convlib.convolve([[1.0, 2, 3], [4, 5, 6]], [[1.0, 10], [100, 1000]], method=method)
        expected = [[1, 12, 23, 30], [104, 1245, 2356, 3060], [400, 4500, 5600, 6000]]
        np.testing.assert_allclose(y, expected, rtol=0, atol=1e-11)

    def test_a_toeplitz_matrix(self):
        assert toeplitz.matrix(np.array([1, 10]), 3).tolist() == [[10, 0, 0], [1, 10, 0], [0, 1, 10], [0, 0, 1]]

    def test_a_piece_beyond_both_ends(self):
        x = np.array([1, 2, 3])
        assert piece(x, (-2,), (7,)).tolist() == [0, 0, 1, 2, 3, 0, 0]
        assert piece(x, (5,), (2,)).tolist() == [0, 0] and piece(x, (-4,), (2,)).tolist() == [0, 0]
        assert piece(x[None], (0, 1), (2, 2)).tolist() == [[2, 3], [0, 0]]


class TestAgreement:
    @pytest.mark.parametrize("mode", ["full", "same", "valid"])
    @pytest.mark.parametrize("x_shape, h_shape, method", cases(LINES, PLANES, SOLIDS))
    def test_scipy(self, x_shape, h_shape, method, mode):
        rng = np.random.default_rng(8)
        x, h = rng.standard_normal(x_shape), rng.standard_normal(h_shape)
        for a, b in ((x, h), (h, x)):
            try:
                expected = scipy.signal.fftconvolve(a, b, mode)
            except ValueError:  # neither contains the other
                continue
            if method not in methods(a.shape, b.shape, mode):  # what is left is a line
                continue
            y = convlib.convolve(a, b, mode, method)
            assert y.shape == expected.shape and y.flags.c_contiguous and y.base is None
            np.testing.assert_allclose(y, expected, rtol=0, atol=1e-10)

    @pytest.mark.parametrize("dtype", "fdgFDG")
    @pytest.mark.parametrize("shapes", [(2000, 90), ((40, 50), (9, 8))])
    def test_types(self, shapes, dtype):
        rng = np.random.default_rng(9)
        x, h = (random(rng, shape, dtype) for shape in shapes)
        expected = scipy.signal.fftconvolve(x.astype("G"), h.astype("G"))
        scale = np.linalg.norm(x) * np.linalg.norm(h) * np.finfo(dtype).eps
        for method in ["auto", "fft", *convlib.plan(*shapes, dtype).costs]:
            y = convlib.convolve(x, h, method=method)
            assert y.dtype == x.dtype
            assert np.abs(y - expected).max() < 10 * scale

    @pytest.mark.parametrize("x_shape, h_shape, method", cases([((500,), (40,)), ((30, 40), (7, 6))]))
    def test_any_memory_layout_and_inputs_untouched(self, x_shape, h_shape, method):
        rng = np.random.default_rng(10)
        x, h = rng.standard_normal(x_shape), rng.standard_normal(h_shape)
        expected = convlib.convolve(x, h, method=method)
        wide = np.zeros([2 * n for n in x_shape])
        every_other = (slice(None, None, 2),) * x.ndim
        wide[every_other] = x
        read_only = x.copy()
        read_only.flags.writeable = False
        backwards = np.flip(np.flip(x).copy())
        for same in (wide[every_other], np.asfortranarray(x), x.astype(">f8"), read_only, backwards):
            before = same.copy()
            for a, b in ((same, h), (h, same)):
                y = convlib.convolve(a, b, method=method)
                np.testing.assert_allclose(y, expected, rtol=0, atol=1e-12)
                assert y.dtype.isnative and y.flags.writeable and y.flags.c_contiguous
            assert (same == before).all() and not np.shares_memory(same, y)
        swapped = np.dtype(">f8")
        y = convlib.convolve(x.astype(swapped), h.astype(swapped), method=method)
        assert y.dtype.isnative and np.abs(y - expected).max() < 1e-12

    def test_threads_do_not_disturb_each_other(self):
        rng = np.random.default_rng(11)
        jobs = [(rng.standard_normal(n), rng.standard_normal(n // 40)) for n in (900, 4000, 20_000, 90_000)]
        jobs += [(rng.standard_normal((n, n)), rng.standard_normal((7, 7))) for n in (60, 200)]
        tasks = [(x, h, method) for x, h in jobs for method in methods(x.shape, h.shape)] * 3
        expected = [convlib.convolve(x, h, method=method) for x, h, method in tasks]
        prepare.cache_clear()
        with ThreadPoolExecutor(4) as pool:
            results = list(pool.map(lambda task: convlib.convolve(task[0], task[1], method=task[2]), tasks))
        assert all((y == e).all() for y, e in zip(results, expected, strict=True))


class TestAxes:
    @pytest.mark.parametrize("mode", ["full", "same", "valid"])
    @pytest.mark.parametrize(
        "x_shape, h_shape, axes",
        [
            ((4, 50), (1, 7), 1), ((50, 4), (7, 1), 0), ((4, 50), (4, 7), -1), ((3, 20, 30), (1, 5, 5), (1, 2)),
            ((3, 20, 30), (3, 5, 4), (2, 1)), ((20, 3, 30), (5, 1, 5), [0, 2]), ((2, 3, 200), (1, 3, 9), 2),
            ((200, 2, 3), (9, 1, 1), 0), ((2, 100, 3), (1, 9, 1), 1), ((4, 5, 6, 7), (1, 2, 3, 2), (1, 2, 3)),
            ((4, 5), (4, 5), (0, 1)), ((2, 5), (2, 9), 1),
        ],
    )  # fmt: skip
    def test_scipy(self, x_shape, h_shape, axes, mode):
        rng = np.random.default_rng(12)
        x, h = random(rng, x_shape), random(rng, h_shape)
        expected = scipy.signal.fftconvolve(x, h, mode, axes=axes)
        y = convlib.convolve(x, h, mode, axes=axes)
        assert y.shape == expected.shape and y.flags.c_contiguous
        np.testing.assert_allclose(y, expected, rtol=0, atol=1e-12)
        z = convlib.correlate(x, h * 1j, mode, axes=axes)
        expected = scipy.signal.fftconvolve(x, np.flip(-1j * h, axes), mode, axes=axes)
        np.testing.assert_allclose(z, expected, rtol=0, atol=1e-12)

    def test_one_signal_and_a_kernel_for_each_row(self):
        x, h = np.array([[1, 2, 3]]), np.array([[1, 10], [0, 1]])
        assert convlib.convolve(x, h, axes=1).tolist() == [[1, 12, 23, 30], [0, 1, 2, 3]]
        assert convlib.convolve(x, h, "same", axes=1).tolist() == [[1, 12, 23], [0, 1, 2]]
        assert convlib.convolve(x, h, "valid", axes=1).tolist() == [[12, 23], [1, 2]]
        assert convlib.correlate(x, h, "valid", axes=1).tolist() == [[21, 32], [2, 3]]


class TestIntegers:
    @pytest.mark.parametrize(
        "x_shape, h_shape, method", cases([(3000, 400)], [((80, 90), (9, 8))], [((9, 9, 9), (3, 3, 3))])
    )
    @pytest.mark.parametrize("top", [255, 2**20, 2**26, 2**27])
    def test_every_method_is_exact(self, x_shape, h_shape, method, top):
        """At 2²⁶ the sums fill 53 bits, which no transform can round to the unit, and beyond them."""
        rng = np.random.default_rng(14)
        x, h = rng.integers(-top, top, x_shape), rng.integers(-top, top, h_shape)
        y = convlib.convolve(x, h, method=method)
        assert y.dtype == np.int64
        assert (y == scipy.signal.convolve(x, h, method="direct")).all()

    def test_unsigned_and_bool(self):
        image, kernel = np.full((200, 200), 255, np.uint8), np.full((31, 31), 255, np.uint8)
        y = convlib.convolve(image, kernel, "valid")
        assert y.dtype == np.uint64 and (y == 255**2 * 31**2).all()
        assert (convlib.convolve(image > 0, kernel > 0, "valid") == 31**2).all()


def off_by(x, h, method):
    """The largest error of a convolution of whole numbers, in units of eps·‖x‖·‖h‖, and N."""
    y = convlib.convolve(np.asarray(x, float), np.asarray(h, float), method=method)
    right = convlib.convolve(np.asarray(x, object), np.asarray(h, object))
    error = max(abs(Fraction(a) - b) for a, b in zip(y.ravel().tolist(), right.ravel().tolist(), strict=True))
    norms = [math.sqrt(sum(n * n for n in np.ravel(a).tolist())) for a in (x, h)]
    job = prepare(np.shape(x), np.shape(h), "d", "full")
    return float(error) / (np.finfo(float).eps * math.prod(norms)), job.blocks[method]


# With so few terms an output meets the whole block. Whole numbers below 2²⁷, so that the exact sums are known.
FOUND = [
    ([-45799448, 85421898], [24178566, -82837007], "whole-fft", 3),
    ([7889164, -22840117], [8924534, -50017625], "whole-fft", 3),
    ([134217727], [134217689], "overlap-save", 1),
]


class TestAdversary:
    """Somebody who looks for large errors finds more than log2(N)·eps·‖x‖·‖h‖, and never the bound."""

    @pytest.mark.parametrize("x, h, method, n", FOUND)
    def test_what_was_found(self, x, h, method, n):
        error, block = off_by(x, h, method)
        assert block == (n,) and 0 < error < rounding(block)

    def test_the_old_bound_must_fail(self):
        assert off_by(*FOUND[0][:3])[0] > 1.3 * math.log2(3)
        assert off_by(*FOUND[2][:3])[0] > math.log2(1)

    @pytest.mark.parametrize("method", [*ENGINES])
    @pytest.mark.parametrize(
        "x_shape, h_shape", [((1,), (1,)), ((2,), (2,)), ((3,), (2,)), ((5,), (4,)), ((9,), (8,)), ((3, 3), (2, 2))]
    )
    def test_climbing(self, x_shape, h_shape, method):
        if method not in methods(x_shape, h_shape):
            return
        rng, worst = np.random.default_rng(25), 0.0
        for _ in range(3):
            best, found = 0.0, [rng.integers(-(2**27), 2**27, shape) for shape in (x_shape, h_shape)]
            for _ in range(60):
                tried = [a.copy() for a in found]
                entries = tried[rng.integers(2)].reshape(-1)
                entries[rng.integers(entries.size)] = rng.integers(-(2**27), 2**27)
                error, block = off_by(*tried, method)
                if error > best:
                    best, found = error, tried
            worst = max(worst, best)
        if method in ("overlap-save", "whole-fft"):
            assert 0 < worst < rounding(block) / 10
        else:
            assert 0 < worst < (4 if method == "separable" else 2) * math.prod(h_shape)

    @pytest.mark.parametrize("n", [2**3, 2**10, 2**16, 1000, 3**8, 5**6, 60_000])
    def test_the_tables_of_the_transform_are_as_good_as_the_proof_asks(self, n):
        """The transform of an impulse at 1 shows them, several of them multiplied."""
        impulse = np.zeros(n, complex)
        impulse[1] = 1
        angles = -2 * np.arccos(np.longdouble(-1)) * np.arange(n) / n
        error = np.abs(scipy.fft.fft(impulse) - (np.cos(angles) + 1j * np.sin(angles))).max()
        levels = n.bit_length() - 1
        assert error < (2.5 if n == 1 << levels else 4) * np.finfo(float).eps


class TestErrorBound:
    """|error| ≤ c·eps·‖x_block‖·‖h‖: random data stay far below the bound, even with the c that is used here."""

    @pytest.mark.parametrize("dtype", "fd")
    @pytest.mark.parametrize("n, k, method", cases([(20_000, 100), (3000, 2500), (6000, 1000)]))
    def test_line(self, n, k, method, dtype):
        """Loud and quiet stretches in turn, from 1 to 1e±8 (float32: 1e±4)."""
        rng = np.random.default_rng(15)
        x, h = (random(rng, size, dtype) for size in (n, k))
        x *= 10 ** np.repeat(rng.uniform(-1, 1, 20) * (4 if dtype == "f" else 8), -(-n // 20))[:n].astype(dtype)
        exact = np.convolve(x.astype(np.longdouble), h.astype(np.longdouble))
        error = np.abs(convlib.convolve(x, h, method=method) - exact)
        job = prepare((n,), (k,), dtype, "full")
        engine = {"auto": job.engine, "fft": job.spectral}.get(method, method)
        (length,) = job.blocks[engine]
        power = x.astype(np.longdouble) ** 2
        if engine == "overlap-save":
            step = length - k + 1
            blocks = [power[max(0, at - k + 1) : at + step].sum() for at in range(0, n + k - 1, step)]
            power = np.repeat(blocks, step)[: n + k - 1]
        elif engine == "whole-fft":
            power = power.sum()
        else:
            power = np.convolve(power, np.ones(k, np.longdouble))
        c = np.log2(length) if engine in ("overlap-save", "whole-fft") else k
        assert (error <= c * np.finfo(dtype).eps * np.sqrt(power) * np.linalg.norm(h.astype(float))).all()

    @pytest.mark.parametrize("dtype", "fd")
    @pytest.mark.parametrize("x_shape, h_shape, method", cases([((90, 130), (9, 12)), ((60, 60), (3, 3))]))
    def test_plane(self, x_shape, h_shape, method, dtype):
        rng = np.random.default_rng(16)
        x, h = random(rng, x_shape, dtype), random(rng, h_shape, dtype)
        x[:30, :40] *= 1e4 if dtype == "f" else 1e8
        exact = scipy.signal.convolve(x.astype(np.longdouble), h.astype(np.longdouble), method="direct")
        error = np.abs(convlib.convolve(x, h, method=method) - exact)
        job = prepare(x_shape, h_shape, dtype, "full")
        engine = {"auto": job.engine, "fft": job.spectral}.get(method, method)
        norm, eps = np.linalg.norm(h.astype(float)), np.finfo(dtype).eps
        if engine in ("overlap-save", "whole-fft"):
            c, block = np.log2(np.prod(job.blocks[engine])), np.linalg.norm(x.astype(float))
        else:
            c, power = h.size, scipy.signal.convolve2d(x.astype(np.longdouble) ** 2, np.ones(h_shape, np.longdouble))
            block = np.sqrt(power)
        assert (error <= c * eps * block * norm).all()

    @pytest.mark.parametrize("k, method", [(k, m) for k in (5, 31, 200) for m in methods(10**5, k) if m != "whole-fft"])
    def test_a_spike_does_not_drown_samples_far_away(self, k, method):
        rng = np.random.default_rng(17)
        x, h = rng.standard_normal(10**5), rng.standard_normal(k)
        x[50] = 1e12
        quiet = x[10_000:].astype(np.longdouble)
        exact = np.convolve(quiet, h.astype(np.longdouble))[k - 1 : quiet.size]
        far = convlib.convolve(x, h, method=method)[10_000 + k - 1 : x.size]
        assert np.abs(far - exact).max() <= 1e-12

    @pytest.mark.parametrize("method", [m for m in methods((700, 700), (9, 9)) if m != "whole-fft"])
    def test_a_spike_in_an_image(self, method):
        rng = np.random.default_rng(18)
        image, kernel = rng.standard_normal((700, 700)), rng.standard_normal((9, 9))
        expected = convlib.convolve(image, kernel, "same", "direct")
        image[5, 5] = 1e12
        y = convlib.convolve(image, kernel, "same", method)
        assert np.abs(y - expected)[400:, 400:].max() <= 1e-12


class TestNotFinite:
    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
    @pytest.mark.parametrize("dtype", "efdgFD")
    @pytest.mark.parametrize("n, k, method", cases([(12, 3), (6000, 100), (500, 400)]))
    def test_one_bad_sample_spoils_its_window(self, n, k, dtype, method, bad):
        rng = np.random.default_rng(19)
        x, h = rng.standard_normal(n).astype(dtype), rng.standard_normal(k).astype(dtype)
        clean = convlib.convolve(x, h, method=method)
        x[7] = bad
        y = convlib.convolve(x, h, method=method)
        spoilt = ~np.isfinite(y)
        assert (spoilt == overlap((n,), (k,), [7])).all()
        tolerance = 40 * np.finfo(dtype).eps * k
        np.testing.assert_allclose(y[~spoilt], clean[~spoilt], rtol=0, atol=tolerance)

    @pytest.mark.parametrize("bad", [np.nan, np.inf, 1e308])
    @pytest.mark.parametrize("x_shape, h_shape, method", cases([(6000, 25), (6000, 700)], [((180, 170), (5, 6))]))
    def test_one_in_every_fifty(self, x_shape, h_shape, method, bad):
        rng = np.random.default_rng(20)
        x, h = rng.standard_normal(x_shape), 10 * rng.standard_normal(h_shape)
        h[abs(h) < 2] = 3
        expected = convlib.convolve(x, h, method="direct")
        x.reshape(-1)[::50] = bad
        spoilt = overlap(x.shape, h.shape, [np.unravel_index(np.arange(0, x.size, 50), x.shape)])
        y = convlib.convolve(x, h, method=method)
        assert (~np.isfinite(y) == spoilt).all()
        np.testing.assert_allclose(y[~spoilt], expected[~spoilt], rtol=0, atol=1e-9)

    @pytest.mark.parametrize("x_shape, h_shape, method", cases([((60, 40), (12, 9)), ((8, 9), (20, 25))], SOLIDS[:1]))
    def test_images_and_kernels(self, x_shape, h_shape, method):
        rng = np.random.default_rng(21)
        x, h = rng.standard_normal(x_shape), rng.standard_normal(h_shape)
        at, one, two = ((3, 5, 2)[: x.ndim], (2, 1, 3)[: x.ndim], (1, 4, 0)[: x.ndim])
        x[at], h[one], h[two] = np.inf, np.nan, -np.inf
        y = convlib.convolve(x, h, method=method)
        assert (~np.isfinite(y) == overlap(x_shape, h_shape, [at], [one, two])).all()

    @pytest.mark.parametrize("method", methods(900, 80))
    def test_the_engines_agree_value_by_value(self, method):
        rng = np.random.default_rng(22)
        x, h = rng.standard_normal(900), rng.standard_normal(80)
        x[10], x[60], x[400], h[5], h[7] = np.inf, -np.inf, np.nan, 0, np.inf
        # NaN must meet NaN, and an infinity the same infinity.
        for mode in ("full", "same", "valid"):
            y = convlib.convolve(x, h, mode, method)
            np.testing.assert_allclose(y, convlib.convolve(x, h, mode, "direct"), atol=1e-11)

    @pytest.mark.parametrize("method", methods(5000, 300))
    def test_everything_bad(self, method):
        x = np.full(5000, np.nan)
        assert np.isnan(convlib.convolve(x, np.ones(300), method=method)).all()
        assert np.isnan(convlib.convolve(np.ones(5000), x[:300], method=method)).all()
        assert np.isinf(convlib.convolve(np.full(5000, np.inf), np.ones(300), method=method)).all()

    def test_a_long_gap_is_found_without_products(self):
        """Half a million products per missing sample would take minutes."""
        x, h = np.ones(10**6), np.ones(5000)
        x[200_000:700_000] = np.nan
        y = convlib.convolve(x, h)
        spoilt = np.isnan(y)
        assert spoilt[200_000:704_999].all() and not spoilt[:200_000].any() and not spoilt[704_999:].any()
        assert y[705_000] == pytest.approx(5000)

    @pytest.mark.parametrize("dtype, huge", [("f", 1e30), ("d", 1e200), ("D", 1e200), ("e", 3e4)])
    @pytest.mark.parametrize("method", methods(5000, 100))
    def test_a_product_that_overflows_spoils_its_outputs_only(self, dtype, huge, method):
        x, h = np.ones(5000, dtype), np.ones(100, dtype)
        x[9] = h[3] = huge
        y = convlib.convolve(x, h, method=method)
        assert np.flatnonzero(~np.isfinite(y)).tolist() == [12]
        assert y[200] == pytest.approx(huge + 99, rel=1e-2)

    @pytest.mark.parametrize("x_shape, h_shape, method", cases([(5000, 100)], [((100, 90), (10, 10))]))
    def test_large_but_finite_stays_finite(self, x_shape, h_shape, method):
        """The transform of the signal alone would overflow."""
        x, h = np.full(x_shape, 1e305), np.full(h_shape, 1e-305)
        y = convlib.convolve(x, h, "valid", method)
        np.testing.assert_allclose(y, 100, rtol=1e-12)

    @pytest.mark.parametrize("x_shape, h_shape, method", cases([(5000, 100)], [((100, 90), (10, 10))]))
    def test_two_large_entries_meet_once(self, x_shape, h_shape, method):
        x, h = np.full(x_shape, 0.01), np.full(h_shape, 0.01)
        i, k = (9,) * x.ndim, (3,) * x.ndim
        x[i], h[k] = 1e5, 3e296
        assert convlib.convolve(x, h, method=method)[(12,) * x.ndim] == pytest.approx(3e301)

    @pytest.mark.parametrize("method", methods(3000, 200))
    def test_sums_that_overflow(self, method):
        x, h = np.zeros(3000), np.ones(200)
        x[1000:1200] = 1e308
        y = convlib.convolve(x, h, method=method)
        assert np.isinf(y[1199]) and np.isfinite(y[:1000]).all() and np.isfinite(y[1400:]).all()

    def test_the_guard_sees_every_kind_of_wild_entry(self):
        guard.calm(np.array([1e70, -1e70]))
        for wild in (np.nan, np.inf, -np.inf, 1e200, complex(0, np.nan), complex(0, 1e200)):
            with pytest.raises(guard.WildError):
                guard.calm(np.array([1.0, wild]))

    @pytest.mark.parametrize("size", [guard.ALONE, guard.ALONE + 1, 3 * guard.ALONE, 3 * guard.ALONE + 7])
    def test_a_long_piece_is_looked_at_everywhere(self, size):
        """Beyond a length the squares are added row by row; the rest comes first."""
        piece = np.full(size, 1e70)
        guard.calm(piece)
        for place in (0, size % guard.ALONE, size // 2, size - 1):
            for wild in (np.nan, -np.inf, 1e160):
                bad = piece.copy()
                bad[place] = wild
                with pytest.raises(guard.WildError), np.errstate(all="ignore"):
                    guard.calm(bad)
