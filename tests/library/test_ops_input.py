"""Bad input of convolve and correlate: one clear error that repeats what was given."""

from fractions import Fraction

import numpy as np
import pytest
from test_ops import OPS

import convlib


class TestBadInput:
    @pytest.mark.parametrize("op", OPS)
    @pytest.mark.parametrize(
        "x, h, options, error, words",
        [
            ([], [1], {}, ValueError, ["x", "empty", "(0,)"]),
            ([1], np.ones((2, 0)), {}, ValueError, ["h", "empty", "(2, 0)"]),
            (["a"], [1], {}, TypeError, ["x", "<U1", "allowed", "floating"]),
            ([1], [b"a"], {}, TypeError, ["h", "|S1", "allowed"]),
            ([1], np.array([None]), {}, TypeError, ["h", "NoneType", "allowed"]),
            (np.array([1, "a"], object), [1], {}, TypeError, ["x", "int, str", "allowed"]),
            (np.array(["2026-01-01"], "M8[D]"), [1], {}, TypeError, ["x", "datetime64"]),
            ([[1], [1, 2]], [1], {}, ValueError, ["x", "ragged"]),
            ([[1, 2]], [1], {}, ValueError, ["x", "(1, 2)", "h", "(1,)", "dimensions"]),
            ([1, 2], 3, {}, ValueError, ["(2,)", "()", "dimensions"]),
            ([1], [1], {"mode": "Full"}, ValueError, ["mode", "'Full'", "'full'", "'valid'"]),
            ([1], [1], {"mode": 0}, ValueError, ["mode", "0", "'full', 'same', 'valid'"]),
            ([1], [1], {"mode": ["full"]}, ValueError, ["mode", "'full', 'same', 'valid'"]),
            ([1], [1], {"method": "dft"}, ValueError, ["method", "'dft'", "'auto', 'direct'"]),
            ([1], [1], {"method": None}, ValueError, ["method", "None", "'fft'"]),
            (np.ones((3, 5)), np.ones((5, 3)), {"mode": "valid"}, ValueError,
             ["(3, 5)", "(5, 3)", "'valid'", "'full', 'same'"]),
        ],
    )  # fmt: skip
    def test_one_clear_error(self, op, x, h, options, error, words):
        with pytest.raises(error) as caught:
            op(x, h, **options)
        assert type(caught.value) is error
        assert str(caught.value).startswith(
            ("x is ", "x has ", "x holds ", "h is ", "h has ", "h holds ", "mode is ", "method is ")
        )
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
        for word in words:
            assert word in str(caught.value)

    NUMBERS = "allowed: bool, integer, floating, complex or object numbers"
    ROWS = np.ones((2, 5))

    @pytest.mark.parametrize(
        "arguments, message",
        [
            (([], [1]), "x is empty: its shape is (0,)"),
            (([1], [[1], [1, 2]]), "h is ragged: all its rows must have the same length"),
            ((["a"], [1]), f"x has dtype <U1; {NUMBERS}"),
            (([1], np.array([None, 1])), f"h holds objects of type NoneType, int; {NUMBERS}"),
            (([[1, 2]], [1]), "x has shape (1, 2) and h has shape (1,); they must have the same number of dimensions"),
            (([1], [1], "Full"), "mode is 'Full'; allowed: 'full', 'same', 'valid'"),
            (
                ([1], [1], "full", "dft"),
                "method is 'dft'; allowed: 'auto', 'direct', 'fft', 'gemm', 'separable', 'overlap-save', 'whole-fft'",
            ),
            (
                (np.ones((3, 5)), np.ones((5, 3)), "valid"),
                "x has shape (3, 5) and h has shape (5, 3); mode 'valid' needs one of them at least as long as the "
                "other along every axis; allowed here: 'full', 'same'",
            ),
            ((ROWS, ROWS, "full", "auto", "x"), "axes is 'x'; allowed: whole numbers from -2 to 1, each axis once"),
            ((ROWS, ROWS, "full", "auto", 2), "axes is 2; allowed: whole numbers from -2 to 1, each axis once"),
            (
                (ROWS, ROWS, "full", "auto", (1, -1)),
                "axes is (1, -1); allowed: whole numbers from -2 to 1, each axis once",
            ),
            (
                (ROWS, np.ones((3, 5)), "full", "auto", 1),
                "x has shape (2, 5) and h has shape (3, 5), and axes is 1; along every other axis they must have the "
                "same length, or one of them the length 1",
            ),
            (
                ([2**62], [2]),
                "x int64(1,) and h int64(1,) may reach 9223372036854775808, above the int64 limit "
                "9223372036854775807; convert one to float (rounded) or to object (exact)",
            ),
            (
                (np.ones((3, 3, 3)), np.ones((2, 2, 2)), "full", "gemm"),
                "method 'gemm' cannot convolve these shapes; allowed here: 'auto', 'fft', 'direct', 'overlap-save', "
                "'whole-fft'",
            ),
        ],
    )
    def test_to_the_letter(self, arguments, message):
        with pytest.raises((ValueError, TypeError, OverflowError)) as caught:
            convlib.convolve(*arguments)
        assert str(caught.value) == message

    def test_what_is_just_allowed(self):
        """In "valid" the longer array may be equally long along one axis; an axis may be counted from the last."""
        assert convlib.convolve(np.ones((3, 5)), np.ones((3, 7)), "valid").tolist() == [[15, 15, 15]]
        assert convlib.convolve(np.ones((3, 7)), np.ones((3, 5)), "valid").tolist() == [[15, 15, 15]]
        x, h = [[1, 2], [3, 4]], [[1, 1], [10, 10]]
        assert convlib.convolve(x, h, axes=-2).tolist() == [[1, 2], [13, 24], [30, 40]]

    def test_objects_that_do_not_combine(self):
        class Money:
            __mul__ = __add__ = lambda self, other: NotImplemented

        with pytest.raises(TypeError, match=r"^x and h hold objects that do not combine"):
            convlib.convolve(np.array([Money()]), np.array([Fraction(1)]))

    def test_flip_checks_too(self):
        with pytest.raises(ValueError, match=r"^h is empty"):
            convlib.flip([])
        with pytest.raises(TypeError, match=r"^h has dtype <U1"):
            convlib.flip("a")
