"""convolve, correlate and flip: hand-computed cases, a loop, SciPy, and properties."""

import operator
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

import convlib

fixed = settings(max_examples=50)
OPS = (convlib.convolve, convlib.correlate)
MODES = ("full", "same", "valid")
METHODS = ("auto", "direct", "fft")
PEERS = {convlib.convolve: scipy.signal.convolve, convlib.correlate: scipy.signal.correlate}


def loop_convolve(x, h):
    """Σ over a + b = n, one product at a time: the oracle."""
    shape = [n + k - 1 for n, k in zip(x.shape, h.shape, strict=True)]
    y = np.zeros(shape, np.result_type(x, h))
    for a in np.ndindex(x.shape):
        for b in np.ndindex(h.shape):
            y[tuple(map(operator.add, a, b))] += x[a] * h[b]
    return y


def random(rng, shape, dtype=np.float64):
    values = rng.standard_normal(shape)
    if np.dtype(dtype).kind == "c":
        values = values + 1j * rng.standard_normal(shape)
    return values.astype(dtype)


class TestByHand:
    def test_convolve_flips(self):
        assert convlib.convolve([1, 2, 3], [1, 10]).tolist() == [1 * 1, 2 * 1 + 1 * 10, 3 * 1 + 2 * 10, 3 * 10]

    def test_correlate_does_not(self):
        assert convlib.correlate([1, 2, 3], [1, 10]).tolist() == [1 * 10, 1 * 1 + 2 * 10, 2 * 1 + 3 * 10, 3 * 1]

    def test_symbols_of_a_3_by_3_window(self):
        """a·9 + … + i·1 flipped, a·1 + … + i·9 not."""
        window, kernel = np.arange(1, 10).reshape(3, 3), 10 ** np.arange(9).reshape(3, 3)
        assert convlib.correlate(window, kernel, "valid").tolist() == [[987654321]]
        assert convlib.convolve(window, kernel, "valid").tolist() == [[123456789]]

    def test_modes(self):
        x, h = [1, 2, 3, 4, 5], [1, 2, 3, 10]
        assert convlib.convolve(x, h).tolist() == [1, 4, 10, 26, 42, 52, 55, 50]
        assert convlib.convolve(x, h, "same").tolist() == [4, 10, 26, 42, 52]
        assert convlib.convolve(h, x, "same").tolist() == [10, 26, 42, 52]
        assert convlib.convolve(x, h, "valid").tolist() == [26, 42]
        assert convlib.correlate(x, h, "valid").tolist() == [54, 70]
        assert convlib.correlate(h, x, "valid").tolist() == [70, 54]

    def test_impulse_in_an_image_shows_the_kernel_or_its_flip(self):
        image, kernel = np.zeros((5, 5), int), np.arange(1, 10).reshape(3, 3)
        image[2, 2] = 1
        assert convlib.convolve(image, kernel, "same")[1:4, 1:4].tolist() == kernel.tolist()
        flipped = [[9, 8, 7], [6, 5, 4], [3, 2, 1]]
        assert convlib.correlate(image, kernel, "same")[1:4, 1:4].tolist() == flipped

    def test_correlate_conjugates_h_and_convolve_does_not(self):
        assert convlib.convolve([1j], [1j]).tolist() == [-1]
        assert convlib.correlate([1j], [1j]).tolist() == [1]
        assert convlib.correlate([1], [1j]).tolist() == [-1j]

    def test_scalars(self):
        assert convlib.convolve(3, 4) == 12
        assert isinstance(convlib.convolve(3, 4), np.int64)
        assert convlib.correlate(2.0, 3j) == -6j
        assert convlib.convolve(2.0, 3.0, method="fft") == 6.0

    def test_flip(self):
        assert convlib.flip([1, 2, 3]).tolist() == [3, 2, 1]
        assert convlib.flip([[1, 2], [3, 4]]).tolist() == [[4, 3], [2, 1]]
        kernel = np.arange(4)
        convlib.flip(kernel)[:] = 9
        assert kernel.tolist() == [0, 1, 2, 3]

    def test_objects_stay_exact(self):
        third = Fraction(1, 3)
        x = np.array([third, 2 * third], object)
        assert convlib.convolve(x, [1, 1]).tolist() == [third, 3 * third, 2 * third]
        assert convlib.convolve([2**70, 1], [1, 2]).tolist() == [2**70, 2**71 + 1, 2]
        z = np.array([1j, 2], object)
        assert convlib.correlate(z, np.array([1j], object)).tolist() == [1, -2j]

    @pytest.mark.parametrize("one", [Fraction(1, 3), Decimal("0.1"), 10**30, np.array(Fraction(1, 3), object)])
    def test_one_object_without_axes(self, one):
        for op in OPS:
            assert op(one, one) == one * one
        assert convlib.flip(one).shape == () and convlib.flip(one)[()] == one
        z = np.array(1 + 2j, object)
        assert convlib.correlate(z, z) == 5 and convlib.convolve(z, z) == -3 + 4j

    def test_an_fft_may_leave_a_small_negative_number(self):
        x = np.r_[np.zeros(50), np.ones(50)]
        assert convlib.convolve(x, x, method="direct").min() == 0 > convlib.convolve(x, x, method="whole-fft").min()

    @pytest.mark.parametrize("method", METHODS)
    def test_lists_and_tuples(self, method):
        y = convlib.convolve((1.0, 2.0), [1.0, 10.0], method=method)
        np.testing.assert_allclose(y, [1, 12, 20], rtol=1e-14)


class TestAgainstTheLoopAndScipy:
    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize("shapes", [((6,), (3,)), ((2,), (5,)), ((4, 3), (2, 5)), ((2, 3, 2), (3, 1, 2))])
    def test_loop(self, shapes, method):
        rng = np.random.default_rng(1)
        x, h = (random(rng, shape, np.complex128) for shape in shapes)
        y = convlib.convolve(x, h, method=method)
        np.testing.assert_allclose(y, loop_convolve(x, h), rtol=1e-12, atol=1e-13)
        y = convlib.correlate(x, h, method=method)
        flipped = loop_convolve(x, np.conj(np.flip(h)))
        np.testing.assert_allclose(y, flipped, rtol=1e-12, atol=1e-13)

    @pytest.mark.parametrize("op", OPS)
    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize("mode", MODES)
    def test_scipy_1d_lengths(self, op, method, mode):
        rng = np.random.default_rng(2)
        for n, k in product((1, 2, 5, 8, 9), repeat=2):
            x, h = random(rng, n), random(rng, k)
            expected = PEERS[op](x, h, mode, "direct")
            y = op(x, h, mode, method)
            assert y.shape == expected.shape and y.dtype == expected.dtype
            np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-13)

    @pytest.mark.parametrize("op", OPS)
    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize("mode", MODES)
    def test_scipy_nd(self, op, method, mode):
        rng = np.random.default_rng(3)
        cases = [
            ((7, 8), (3, 3)),
            ((7, 8), (2, 4)),
            ((3, 4), (7, 8)),
            ((5, 5), (5, 5)),
            ((4, 5, 6), (3, 2, 1)),
            ((3, 2, 1), (4, 5, 6)),
            ((70, 65), (9, 10)),
        ]
        if mode != "valid":
            cases += [((3, 9), (5, 2)), ((2, 3, 9), (5, 4, 3))]
        for x_shape, h_shape in cases:
            x, h = random(rng, x_shape), random(rng, h_shape)
            expected = PEERS[op](x, h, mode, "direct")
            y = op(x, h, mode, method)
            assert y.shape == expected.shape
            np.testing.assert_allclose(y, expected, rtol=1e-11, atol=1e-12)

    @pytest.mark.parametrize("op", OPS)
    @pytest.mark.parametrize("dtypes", list(product("efdgFDG", repeat=2)), ids="-".join)
    def test_scipy_floating_types(self, op, dtypes):
        rng = np.random.default_rng(4)
        x, h = (random(rng, size, dtype) for size, dtype in zip((9, 4), dtypes, strict=True))
        expected = PEERS[op](x, h, method="direct")
        scale = float(np.abs(expected).max())
        eps = float(np.finfo(expected.dtype).eps)
        for method in METHODS:
            y = op(x, h, method=method)
            assert y.dtype == expected.dtype
            np.testing.assert_allclose(y, expected, rtol=0, atol=20 * eps * scale)

    @pytest.mark.parametrize("dtype", "?bBhHiIlL")
    @pytest.mark.parametrize("floating", "efdgFDG")
    def test_scipy_types_of_integer_with_floating(self, dtype, floating):
        x, h = np.ones(4, dtype), np.ones(3, floating)
        assert convlib.convolve(x, h).dtype == scipy.signal.convolve(x, h, method="direct").dtype

    @pytest.mark.parametrize("mode", MODES)
    def test_the_result_never_aliases_an_input(self, mode):
        for dtype in (np.float64, np.int64, object):
            x, h = np.ones(4, dtype), np.ones(1, dtype)
            y = convlib.convolve(x, h, mode)
            assert y.base is None and not np.shares_memory(x, y) and not np.shares_memory(h, y)


class TestIntegers:
    @pytest.mark.parametrize("dtypes", list(product("?bBhHiIlL", repeat=2)), ids="-".join)
    def test_types(self, dtypes):
        x, h = np.ones(3, dtypes[0]), np.ones(2, dtypes[1])
        unsigned = all(np.dtype(d).kind == "u" for d in dtypes)
        for op in OPS:
            y = op(x, h)
            assert y.dtype == (np.uint64 if unsigned else np.int64)
            assert y.tolist() == [1, 2, 2, 1]

    @pytest.mark.parametrize("method", METHODS)
    def test_what_scipy_wraps_is_exact(self, method):
        x = np.full(5, 255, np.uint8)
        assert scipy.signal.convolve(x, x, "valid").tolist() == [5 * 255**2 % 256]
        assert convlib.convolve(x, x, "valid", method).tolist() == [5 * 255**2]

    @pytest.mark.parametrize("method", METHODS)
    def test_exact_beyond_the_53_bits_of_a_float(self, method):
        x, h = [2**53 + 1, 3], [1] * 200
        y = convlib.convolve(x, h, method=method)
        assert y[0] == 2**53 + 1 and y[1] == 2**53 + 4 and y[-1] == 3

    @pytest.mark.parametrize("op", OPS)
    def test_the_limit_to_the_last_unit(self, op):
        top = 2**63 - 1
        assert op([top], [1]).tolist() == [top]
        assert op([-top], [1]).tolist() == [-top]
        assert op(np.array([2**64 - 1], np.uint64), np.array([1], np.uint8)) == [2**64 - 1]
        for x, h in (([top], [2]), ([-(2**63)], [1]), ([1, 2], [top, 1]), (2**62, 2)):
            with pytest.raises(OverflowError, match=r"^x int64.* and h int64.* limit 92233720368"):
                op(x, h)
        with pytest.raises(OverflowError, match="uint64 limit 18446744073709551615"):
            op(np.array([2**63], np.uint64), np.array([2], np.uint64))

    def test_the_smaller_of_both_bounds_counts(self):
        x, h = [2**40] + [0] * 9, [2**20] * 8
        assert convlib.convolve(x, h)[0] == 2**60
        assert convlib.convolve(h, x)[0] == 2**60

    def test_unsigned_beyond_int64_meets_a_signed_zero(self):
        x = np.array([2**64 - 1, 1], np.uint64)
        assert convlib.convolve(x, [0, 0]).tolist() == [0, 0, 0]
        with pytest.raises(OverflowError):
            convlib.convolve(x, [0, 1])

    def test_random_nd_equals_python_integers(self):
        rng = np.random.default_rng(7)
        x, h = (rng.integers(-(10**8), 10**8, shape) for shape in ((5, 6), (3, 4)))
        exact = loop_convolve(x.astype(object), h.astype(object))
        assert convlib.convolve(x, h).tolist() == exact.tolist()
        assert convlib.convolve(x.astype(object), h).tolist() == exact.tolist()


def triples(ndim):
    shapes = npst.array_shapes(min_dims=ndim, max_dims=ndim, max_side=5)
    array = npst.arrays(np.int64, shapes, elements=st.integers(-1000, 1000))
    return st.tuples(array, array, array)


INTEGERS = st.integers(1, 2).flatmap(triples)


class TestProperties:
    @fixed
    @given(INTEGERS)
    def test_convolution_commutes(self, arrays):
        x, h, _ = arrays
        assert (convlib.convolve(x, h) == convlib.convolve(h, x)).all()

    @fixed
    @given(INTEGERS)
    def test_convolution_associates_exactly(self, arrays):
        a, b, c = arrays
        left = convlib.convolve(convlib.convolve(a, b), c)
        assert (left == convlib.convolve(a, convlib.convolve(b, c))).all()

    @fixed
    @given(INTEGERS, st.integers(-9, 9), st.sampled_from(OPS))
    def test_linearity(self, arrays, factor, op):
        a, h, _ = arrays
        b = convlib.flip(a)
        assert (op(a + factor * b, h) == op(a, h) + factor * op(b, h)).all()

    @fixed
    @given(INTEGERS, st.integers(0, 4), st.sampled_from(OPS))
    def test_a_shifted_input_gives_a_shifted_output(self, arrays, shift, op):
        x, h, _ = arrays
        later = np.pad(x, [(shift, 0)] + [(0, 0)] * (x.ndim - 1))
        y = op(later, h)
        assert (y[shift:] == op(x, h)).all() and not y[:shift].any()

    @fixed
    @given(INTEGERS)
    def test_identity(self, arrays):
        x, _, _ = arrays
        one = np.ones((1,) * x.ndim, int)
        assert (convlib.convolve(x, one) == x).all()
        assert (convlib.correlate(x, one) == x).all()

    @fixed
    @given(INTEGERS)
    def test_integers_equal_the_loop(self, arrays):
        x, h, _ = arrays
        assert (convlib.convolve(x, h) == loop_convolve(x, h)).all()

    @fixed
    @given(INTEGERS, st.sampled_from(MODES), st.sampled_from(METHODS))
    def test_convolution_is_correlation_with_the_flipped_conjugate(self, arrays, mode, method):
        x, h, more = arrays
        x, h = (x, h) if x.size >= h.size else (h, x)
        if mode == "valid" and any(n < k for n, k in zip(x.shape, h.shape, strict=True)):
            mode = "same"
        z = h + 1j * h[::-1] * (more.ravel()[0] + 1)
        a = convlib.convolve(x, z, mode, method)
        b = convlib.correlate(x, np.conj(convlib.flip(z)), mode, method)
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12 * (1 + np.abs(a).max()))

    def test_correlation_does_not_commute(self):
        x, h = [1, 2, 3], [1, 10]
        assert convlib.correlate(x, h).tolist() != convlib.correlate(h, x).tolist()
        assert convlib.correlate(h, x).tolist() == convlib.correlate(x, h)[::-1].tolist()

    def test_correlation_does_not_associate(self):
        a, b, c = [1, 2], [1, 3], [1, 4]
        left = convlib.correlate(convlib.correlate(a, b), c).tolist()
        assert left != convlib.correlate(a, convlib.correlate(b, c)).tolist()

    @pytest.mark.parametrize("kernel", [[[1, 2, 3], [2, 4, 5], [3, 5, 6]]])
    def test_a_symmetric_matrix_is_not_enough(self, kernel):
        image = np.arange(25).reshape(5, 5) ** 2
        assert (np.array(kernel) == np.transpose(kernel)).all()
        assert (convlib.convolve(image, kernel) != convlib.correlate(image, kernel)).any()
        even = np.add(kernel, np.flip(kernel))
        assert (convlib.convolve(image, even) == convlib.correlate(image, even)).all()


def run_python(code):
    command = [sys.executable, "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


class TestImport:
    def test_nothing_heavy_is_imported(self):
        heavy = {"scipy.signal", "matplotlib", "ipywidgets", "anywidget", "PIL", "IPython"}
        loaded = set(run_python("import sys, convlib; print(*sys.modules)"))
        assert "convlib.trace" in loaded and "scipy.fft" in loaded
        assert not heavy & loaded

    def test_it_costs_little_more_than_scipy_fft(self):
        code = (
            "from time import process_time as now; import scipy.fft; start = now(); "
            "import convlib; print(now() - start)"
        )
        assert min(float(run_python(code)[0]) for _ in range(3)) < 0.3

    def test_the_index(self):
        names = {"convolve", "correlate", "flip", "trace", "Trace", "Term", "kernels", "data"}
        assert names <= set(convlib.__all__)
        assert all(hasattr(convlib, name) for name in convlib.__all__)


class TestToTheLetter:
    """What the results of other tests would not show."""

    @pytest.mark.parametrize("op", OPS)
    def test_the_method_is_the_one_that_was_asked_for(self, op):
        rng = np.random.default_rng(8)
        x, h = random(rng, 300), random(rng, 200)
        direct, spectral = (op(x, h, method=method) for method in ("direct", "fft"))
        assert (direct != spectral).any()
        assert (direct == op(x, h, method="direct")).all() and (spectral == op(x, h, method="fft")).all()

    def test_only_complex_entries_are_conjugated(self):
        for real in (np.array([1.0, 2.0]), np.array([1, 2]), np.array([True])):
            assert convlib.ops.conjugate(real) is real
        mixed = np.array([1j, "no number"], object)
        assert convlib.ops.conjugate(mixed).tolist() == [-1j, "no number"]
        assert mixed.tolist() == [1j, "no number"]

    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize("shapes", [((400,), (60,)), ((40, 30), (9, 8))])
    def test_half_precision_is_rounded_once(self, shapes, method):
        rng = np.random.default_rng(9)
        x, h = (random(rng, shape, np.float16) for shape in shapes)
        exact = convlib.convolve(x.astype(float), h.astype(float))
        y = convlib.convolve(x, h, method=method)
        # Half a unit of the last of 11 bits, and the little that single precision adds.
        limit = 0.51 * np.spacing(np.abs(exact).astype(np.float16)).astype(float) + 1e-4
        assert y.dtype == np.float16 and (np.abs(y - exact) <= limit).all()
