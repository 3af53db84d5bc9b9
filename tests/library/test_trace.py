"""One output sample: hand-written index lists first, then agreement with convolve/correlate."""

import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

import convlib
from convlib import Term

fixed = settings(max_examples=60)
CENTRED = {"x_origin": "centre", "h_origin": "centre"}
LETTERS = dict(zip(((i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)), "abcdefghi", strict=True))
LOWER_RIGHT = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)]
UPPER_LEFT = [(-2, -2), (-2, -1), (-2, 0), (-1, -2), (-1, -1), (-1, 0), (0, -2), (0, -1), (0, 0)]


def pairs(t, inside=True):
    return [(term.x_index, term.h_index) for term in t.terms if term.inside == inside]


class TestOneDimension:
    def test_convolution(self):
        t = convlib.trace([3, 4, 5], [1, 2], 2)
        assert t.text == str(t) == repr(t)
        assert t.text == "y[2] = x[2]·h[0] + x[1]·h[1] = 5·1 + 4·2 = 13"
        assert t.latex == r"y[2] = x[2] \cdot h[0] + x[1] \cdot h[1] = 5 \cdot 1 + 4 \cdot 2 = 13"
        assert (t.op, t.n, t.value, t.over) == ("convolve", (2,), 13, "h")
        assert t.terms[1] == Term((1,), (1,), 4, 2, 8, True)

    def test_correlation(self):
        t = convlib.trace([3, 4, 5], [1, 2], 1, op="correlate")
        assert t.text == "y[1] = x[1]·h[0] + x[2]·h[1] = 4·1 + 5·2 = 14"

    def test_an_entry_that_does_not_exist(self):
        t = convlib.trace([3, 4], [1, -2], 0)
        assert t.terms[1] == Term((-1,), (1,), 0, -2, 0, False)
        assert t.text == ("y[0] = x[0]·h[0] + x[−1]·h[1] = 3·1 + 0·(−2) = 3; x[−1] does not exist and counts as 0")
        assert t.latex == (r"y[0] = x[0] \cdot h[0] + (x[-1]=0) \cdot h[1] = 3 \cdot 1 + 0 \cdot (-2) = 3")

    def test_several_that_do_not_exist(self):
        t = convlib.trace([3], [1, 1, 1], 0)
        assert t.text.endswith("; x[−1], x[−2] do not exist and count as 0")

    def test_over_the_signal(self):
        t = convlib.trace([3, 4, 5, 6, 7], [1, 2], 2, over="x")
        assert [term.x_index for term in t.terms] == [(0,), (1,), (2,), (3,)]
        assert [term.h_index for term in t.terms] == [(2,), (1,), (0,), (-1,)]
        assert [term.inside for term in t.terms] == [False, True, True, False]
        assert t.terms[0] == Term((0,), (2,), 3, 0, 0, False)
        assert t.value == 13
        assert t.text.endswith("= 3·0 + 4·2 + 5·1 + 6·0 = 13; h[2], h[−1] do not exist and count as 0")
        assert r"x[0] \cdot (h[2]=0) + x[1] \cdot h[1]" in t.latex

    def test_origins(self):
        t = convlib.trace([3, 4, 5], [1, 2, 4], 0, **CENTRED)
        assert pairs(t) == [((1,), (-1,)), ((0,), (0,)), ((-1,), (1,))]
        assert t.value == 5 * 1 + 4 * 2 + 3 * 4
        assert t == convlib.trace([3, 4, 5], [1, 2, 4], (0,), x_origin=1, h_origin=(1,))

    def test_complex_weights_are_conjugated_by_correlation_only(self):
        x, h = [1 + 2j, 3], [1j, 2]
        t = convlib.trace(x, h, 0, op="correlate")
        assert t.value == (1 + 2j) * -1j + 3 * 2 and t.terms[0].h_value == -1j
        assert "conj(h[0])" in t.text and r"\overline{h[0]}" in t.latex
        t = convlib.trace(x, h, 1)
        assert t.value == 3 * 1j + (1 + 2j) * 2 and "conj" not in t.text


class TestNumbers:
    @pytest.mark.parametrize(
        "value, text, latex",
        [
            (0.1 + 0.2, "0.3", "0.3"),
            (1 / 3, "0.333333", "0.333333"),
            (-0.0, "0", "0"),
            (1234567, "1.23457e6", r"1.23457 \cdot 10^{6}"),
            (1e6, "1e6", r"1 \cdot 10^{6}"),
            (999999, "999999", "999999"),
            (-(10**6), "−1e6", r"-1 \cdot 10^{6}"),
            (-2.5e-9, "−2.5e−9", r"-2.5 \cdot 10^{-9}"),
            (10**400, "1e400", r"1 \cdot 10^{400}"),
            (float("inf"), "inf", r"\infty"),
            (float("nan"), "nan", r"\mathrm{nan}"),
            (1 - 2j, "1−2j", "1-2j"),
            (Fraction(-1, 3), "−1/3", "-1/3"),
            (True, "1", "1"),
            (np.float32(0.1), "0.1", "0.1"),
            (np.longdouble("1.25"), "1.25", "1.25"),
        ],
    )
    def test_at_most_six_digits(self, value, text, latex):
        t = convlib.trace(np.array([value]), [1], 0)
        assert t.text.endswith(f" = {text}")
        assert t.latex.endswith(f" = {latex}")

    def test_factors_that_need_brackets(self):
        assert "= (−5)·(−1) = 5" in convlib.trace([-5], [-1], 0).text
        assert "= (1+2j)·3 = 3+6j" in convlib.trace([1 + 2j], np.array([3]), 0).text
        assert "= (2/3)·1 = 2/3" in convlib.trace(np.array([Fraction(2, 3)]), [1], 0).text

    def test_sums_are_exact_for_integers(self):
        assert convlib.trace([2**62, 2**62], [4, 4], 1).value == 2**65


class TestCentreZeroExample:
    """A 7 × 7 image and a 3 × 3 kernel, zero at both centres; the lists are written by hand."""

    x = np.arange(49).reshape(7, 7) + 100
    h = np.arange(1, 10).reshape(3, 3)

    def test_convolution_at_1_1_over_the_image(self):
        t = convlib.trace(self.x, self.h, (1, 1), **CENTRED, over="x")
        assert pairs(t) == [
            ((0, 0), (1, 1)), ((0, 1), (1, 0)), ((0, 2), (1, -1)),
            ((1, 0), (0, 1)), ((1, 1), (0, 0)), ((1, 2), (0, -1)),
            ((2, 0), (-1, 1)), ((2, 1), (-1, 0)), ((2, 2), (-1, -1)),
        ]  # fmt: skip
        assert "".join(LETTERS[k] for _, k in pairs(t)) == "ihgfedcba"

    def test_convolution_at_1_1_asks_for_kernel_entries_that_do_not_exist(self):
        t = convlib.trace(self.x, self.h, (1, 1), **CENTRED, over="x")
        assert pairs(t, inside=False) == [
            ((-1, -1), (2, 2)), ((-1, 0), (2, 1)), ((-1, 1), (2, 0)), ((-1, 2), (2, -1)),
            ((-1, 3), (2, -2)), ((0, -1), (1, 2)), ((0, 3), (1, -2)), ((1, -1), (0, 2)),
            ((1, 3), (0, -2)), ((2, -1), (-1, 2)), ((2, 3), (-1, -2)), ((3, -1), (-2, 2)),
            ((3, 0), (-2, 1)), ((3, 1), (-2, 0)), ((3, 2), (-2, -1)), ((3, 3), (-2, -2)),
        ]  # fmt: skip

    def test_convolution_at_1_1_over_the_kernel(self):
        t = convlib.trace(self.x, self.h, (1, 1), **CENTRED)
        assert [k for _, k in pairs(t)] == list(LETTERS)
        assert [i for i, _ in pairs(t)] == LOWER_RIGHT[::-1]
        assert t.value == convlib.convolve(self.x, self.h, "same")[4, 4]

    def test_correlation_at_1_1_reads_the_same_patch_with_the_kernel_unflipped(self):
        for over in ("h", "x"):
            t = convlib.trace(self.x, self.h, (1, 1), "correlate", **CENTRED, over=over)
            assert [i for i, _ in pairs(t)] == LOWER_RIGHT
            assert "".join(LETTERS[k] for _, k in pairs(t)) == "abcdefghi"
            assert t.value == convlib.correlate(self.x, self.h, "same")[4, 4]

    def test_correlation_at_minus_1_minus_1(self):
        t = convlib.trace(self.x, self.h, (-1, -1), "correlate", **CENTRED)
        assert [i for i, _ in pairs(t)] == UPPER_LEFT
        assert "".join(LETTERS[k] for _, k in pairs(t)) == "abcdefghi"
        assert t.value == convlib.correlate(self.x, self.h, "same")[2, 2]

    def test_the_other_convention_puts_the_patch_at_minus_1_minus_1(self):
        """Σ x[i]·h[n+i] is h ⋆ x: its y[−1,−1] is x ⋆ h at [1,1]."""
        t = convlib.trace(self.h, self.x, (-1, -1), "correlate", **CENTRED, over="x")
        there = [(i, k) for k, i in pairs(t)]
        assert there == [(i, k) for i, k in zip(LOWER_RIGHT, LETTERS, strict=True)]

    def test_an_image_corner_has_a_ring_only_where_the_image_has_entries(self):
        t = convlib.trace(self.x, self.h, (3, 3), **CENTRED, over="x")
        assert [i for i, _ in pairs(t)] == [(2, 2), (2, 3), (3, 2), (3, 3)]
        assert [i for i, _ in pairs(t, inside=False)] == [(1, 1), (1, 2), (1, 3), (2, 1), (3, 1)]


def arrays(ndim):
    return npst.arrays(
        np.int64, npst.array_shapes(min_dims=ndim, max_dims=ndim, max_side=4), elements=st.integers(-99, 99)
    )


CASES = st.integers(1, 3).flatmap(lambda ndim: st.tuples(arrays(ndim), arrays(ndim)))


class TestAgreement:
    @fixed
    @given(CASES, st.data(), st.sampled_from(["h", "x"]))
    def test_with_convolve_and_correlate(self, pair, data, over):
        x, h = pair
        shape = convlib.convolve(x, h).shape
        n = tuple(data.draw(st.integers(0, m - 1)) for m in shape)
        shift = tuple(data.draw(st.integers(-3, 3)) for _ in shape)
        t = convlib.trace(x, h, n, over=over)
        assert t.value == convlib.convolve(x, h)[n]
        moved = tuple(a - b for a, b in zip(n, shift, strict=True))
        assert convlib.trace(x, h, moved, x_origin=shift, over=over).value == t.value
        label = tuple(m - (k - 1) for m, k in zip(n, h.shape, strict=True))
        t = convlib.trace(x, h, label, "correlate", over=over)
        assert t.value == convlib.correlate(x, h)[n]

    @fixed
    @given(CASES, st.sampled_from(["convolve", "correlate"]), st.sampled_from(["h", "x"]))
    def test_latex_uses_few_commands_and_balanced_brackets(self, pair, op, over):
        t = convlib.trace(*pair, (0,) * pair[0].ndim, op, over=over)
        assert set(re.findall(r"\\\w+", t.latex)) <= {r"\cdot"}
        plain = t.latex.replace(r"\cdot", "")
        assert re.fullmatch(r"[xyh\d\[\]()=+,\- ]*", plain)
        for left, right in ("()", "[]"):
            assert plain.count(left) == plain.count(right)

    def test_floats_agree_to_rounding(self):
        rng = np.random.default_rng(0)
        for dtype in "efdgFD":
            x, h = rng.standard_normal(9).astype(dtype), rng.standard_normal(4).astype(dtype)
            y = convlib.correlate(x, h)
            for n, value in enumerate(y):
                t = convlib.trace(x, h, n - 3, "correlate")
                assert abs(t.value - value) <= 20 * np.finfo(dtype).eps


class TestBadInput:
    @pytest.mark.parametrize(
        "given, error, words",
        [
            (([], [1], 0), ValueError, "x is empty"),
            (([1], ["a"], 0), TypeError, "h has dtype <U1"),
            (([1], [[1]], 0), ValueError, "x has shape (1,) and h has shape (1, 1)"),
            ((1, 1, ()), ValueError, "x and h have shape (); allowed: at least one axis"),
            (([1], [1], 1), ValueError, "n is (1,); allowed labels of the output"),
            (([1, 2], [1, 2], -2, "correlate"), ValueError,
             "n is (-2,); allowed labels of the output, axis by axis: -1 to 1"),
            (([1], [1], 0.5), TypeError, "n is 0.5; allowed: a whole number"),
            (([1], [1], (0, 0)), ValueError, "n is (0, 0); allowed: a whole number"),
            (([1], [1], "0"), TypeError, "n is '0'; allowed: a whole number"),
            (([1], [1], 0, "filter"), ValueError, "op is 'filter'; allowed: 'convolve', 'corr"),
            ((1, [1], 0), ValueError,
             "x has shape () and h has shape (1,); they must have the same number of dimensions"),
            ({"over": "y"}, ValueError, "over is 'y'; allowed: 'h', 'x'"),
            ({"op": "correlate", "slides": "y"}, ValueError, "slides is 'y'; allowed: 'h', 'x'"),
            ({"slides": "x"}, ValueError, "slides is 'x'; allowed: 'h'"),
            ({"x_origin": "middle"}, ValueError, "x_origin is 'middle'; allowed: 'centre', a whole number or 1"),
            ({"h_origin": (1, 2)}, ValueError, "h_origin is (1, 2); allowed: a whole number"),
            ({"h_origin": 1.5}, TypeError, "h_origin is 1.5; allowed: a whole number"),
        ],
    )  # fmt: skip
    def test_one_clear_error(self, given, error, words):
        arguments, options = (([1], [1], 0), given) if isinstance(given, dict) else (given, {})
        with pytest.raises(error, match=f"^{re.escape(words)}"):
            convlib.trace(*arguments, **options)


class TestToTheLetter:
    """Texts in full, and the numbers at the limits of their rules."""

    def test_a_term_does_not_change(self):
        t = convlib.trace([1], [10], 0)
        for part in (t, t.terms[0]):
            with pytest.raises(AttributeError):
                part.i = part.n = (1,)

    def test_html(self):
        t = convlib.trace([3, 4, 5], [1, -2], 2, op="correlate")
        assert t._repr_latex_() == f"$$ {t.latex} $$"
        assert t._repr_html_() == (
            '<table class="fs-trace">\n'
            "<caption>Cross-correlation, term by term: y[2] = 5</caption>\n"
            '<thead><tr><th scope="col">term</th><th scope="col">x index</th><th scope="col">h index</th>'
            '<th scope="col">x value</th><th scope="col">h value</th><th scope="col">product</th></tr></thead>\n'
            "<tbody>\n"
            '<tr><th scope="row">1</th><td>x[2]</td><td>h[0]</td><td>5</td><td>1</td><td>5</td></tr>\n'
            '<tr class="fs-trace-outside"><th scope="row">2</th><td>x[3]</td><td>h[1]</td>'
            "<td>0 (does not exist)</td><td>−2</td><td>0</td></tr>\n"
            "</tbody>\n"
            '<tfoot><tr><th scope="row" colspan="5">sum y[2]</th><td>5</td></tr></tfoot>\n'
            "</table>"
        )

    def test_html_of_a_missing_kernel_entry(self):
        html = convlib.trace([3, 4], [1], 0, over="x")._repr_html_()
        assert "<td>4</td><td>0 (does not exist)</td><td>0</td></tr>" in html

    def test_html_escapes_every_number(self):
        class Angle(Fraction):
            def __str__(self):
                return "<b>"

            def __mul__(self, other):
                return Angle(2)

            def __radd__(self, other):
                return Angle(3)

        html = convlib.trace(np.array([Angle(1)]), [1], 0)._repr_html_()
        assert html.count("&lt;b&gt;") == 4 and "<b>" not in html

    def test_latex_of_a_conjugate(self):
        t = convlib.trace([3], [2 - 1j], 0, op="correlate")
        assert t.latex == r"y[0] = x[0] \cdot \overline{h[0]} = 3 \cdot (2+1j) = 6+3j"

    def test_two_missing_entries_of_one_axis_each(self):
        assert convlib.trace([[3]], [[1, 1], [1, 1]], (0, 1)).text == (
            "y[0,1] = x[0,1]·h[0,0] + x[0,0]·h[0,1] + x[−1,1]·h[1,0] + x[−1,0]·h[1,1]"
            " = 0·1 + 3·1 + 0·1 + 0·1 = 3; x[0,1], x[−1,1], x[−1,0] do not exist and count as 0"
        )

    def test_an_infinite_weight_of_a_missing_entry_counts_as_0(self):
        t = convlib.trace([3.0], [1.0, np.inf], 0)
        assert t.terms[1] == Term((-1,), (1,), 0, np.inf, 0, False) and t.value == 3

    def test_an_overflow_is_no_warning(self):
        big = np.array([np.finfo(np.longdouble).max])
        assert convlib.trace(big, big, 0).value == np.inf


class TestLabelsThatExist:
    @pytest.mark.parametrize("op, low, high", [("convolve", -3, 0), ("correlate", -1, 2)])
    def test_from_the_first_to_the_last(self, op, low, high):
        origins = {"x_origin": 1, "h_origin": 2}  # labels −1 … 0 and −2 … 0
        for n in range(low, high + 1):
            t = convlib.trace([5, 7], [1, 10, 100], n, op, **origins)
            assert t.value == getattr(convlib, op)([5, 7], [1, 10, 100])[n - low]
        for n in (low - 1, high + 1):
            with pytest.raises(ValueError, match=f"axis by axis: {low} to {high}$"):
                convlib.trace([5, 7], [1, 10, 100], n, op, **origins)

    def test_each_axis_has_its_own(self):
        message = "n is (9, 0); allowed labels of the output, axis by axis: 0 to 2, -1 to 2"
        with pytest.raises(ValueError) as caught:
            convlib.trace(np.ones((2, 3)), np.ones((2, 2)), (9, 0), x_origin=(0, 1))
        assert str(caught.value) == message


class TestTheSignalSlides:
    """x ⋆ h: the other order of a cross-correlation."""

    def test_by_hand(self):
        t = convlib.trace([3, 4, 5], [1, 2], -1, "correlate", slides="x")
        assert t.text == "y[−1] = x[1]·h[0] + x[2]·h[1] = 4·1 + 5·2 = 14"
        assert (t.slides, t.op) == ("x", "correlate")
        assert "<caption>Cross-correlation x ⋆ h, term by term: y[−1] = 14</caption>" in t._repr_html_()

    def test_the_published_patch_of_y_minus_1_minus_1(self):
        x, h = np.arange(49).reshape(7, 7), np.arange(9).reshape(3, 3)
        t = convlib.trace(x, h, (-1, -1), "correlate", **CENTRED, over="x", slides="x")
        assert [term.x_index for term in t.terms if term.inside] == LOWER_RIGHT
        assert all(np.subtract(term.h_index, term.x_index).tolist() == [-1, -1] for term in t.terms)
        up = convlib.trace(x, h, (1, 1), "correlate", **CENTRED, slides="x")
        assert [term.x_index for term in up.terms] == UPPER_LEFT

    @pytest.mark.parametrize("over", ["h", "x"])
    def test_the_same_numbers_in_reverse_order_conjugated(self, over):
        rng = np.random.default_rng(4)
        x, h = (rng.normal(size=n) @ [1, 1j] for n in ((5, 2), (3, 2)))
        for n in range(-4, 3):
            here = convlib.trace(x, h, n, "correlate", slides="x", over=over)
            there = convlib.trace(x, h, -n, "correlate", over=over)
            assert here.value == pytest.approx(np.conj(there.value))
            assert here.value == pytest.approx(convlib.correlate(h, x)[n + 4])
            assert [t.x_index for t in here.terms] == [t.x_index for t in there.terms]
        assert "conj(x[" in here.text and "conj(h[" not in here.text

    def test_labels_that_exist(self):
        with pytest.raises(ValueError, match=r"axis by axis: -2 to 1$"):
            convlib.trace([3, 4, 5], [1, 2], 2, "correlate", slides="x")
