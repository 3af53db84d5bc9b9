"""Bad input of convolve and correlate: one clear error that repeats what was given."""

from fractions import Fraction

import numpy as np
import pytest
from test_ops import OPS

import convlib

NUMBERS = "allowed: bool, integer, floating, complex or object numbers"
ROWS, CUBES, MODES = np.ones((2, 5)), (np.ones((3, 3, 3)), np.ones((2, 2, 2))), "allowed: 'full', 'same', 'valid'"
METHODS = "allowed: 'auto', 'direct', 'fft', 'gemm', 'separable', 'overlap-save', 'whole-fft'"
AXES = "allowed: whole numbers from -2 to 1, each axis once"
DIMENSIONS = "they must have the same number of dimensions"
CONTAINED = (
    "mode 'valid' needs one of them at least as long as the other along every axis; allowed here: 'full', 'same'"
)
BAD = [
    (([], [1]), ValueError, "x is empty: its shape is (0,)"),
    (([1], np.ones((2, 0))), ValueError, "h is empty: its shape is (2, 0)"),
    (([1], [[1], [1, 2]]), ValueError, "h is ragged: all its rows must have the same length"),
    ((["a"], [1]), TypeError, f"x has dtype <U1; {NUMBERS}"),
    (([1], [b"a"]), TypeError, f"h has dtype |S1; {NUMBERS}"),
    (([1], np.array([None, 1])), TypeError, f"h holds objects of type NoneType, int; {NUMBERS}"),
    ((np.array(["2026-01-01"], "M8[D]"), [1]), TypeError, f"x has dtype datetime64[D]; {NUMBERS}"),
    (([[1, 2]], [1]), ValueError, f"x has shape (1, 2) and h has shape (1,); {DIMENSIONS}"),
    (([1, 2], 3), ValueError, f"x has shape (2,) and h has shape (); {DIMENSIONS}"),
    (([1], [1], "Full"), ValueError, f"mode is 'Full'; {MODES}"),
    (([1], [1], 0), ValueError, f"mode is 0; {MODES}"),
    (([1], [1], ["full"]), ValueError, f"mode is ['full']; {MODES}"),
    (([1], [1], "full", "dft"), ValueError, f"method is 'dft'; {METHODS}"),
    (([1], [1], "full", None), ValueError, f"method is None; {METHODS}"),
    ((ROWS, ROWS.T, "valid"), ValueError, f"x has shape (2, 5) and h has shape (5, 2); {CONTAINED}"),
    (
        (np.ones((5, 4, 5)), np.ones((5, 5, 4)), "valid", "auto", (1, 2)),
        ValueError,
        f"x has shape (5, 4, 5) and h has shape (5, 5, 4); {CONTAINED}",
    ),
    ((ROWS, ROWS, "full", "auto", "x"), TypeError, f"axes is 'x'; {AXES}"),
    ((ROWS, ROWS, "full", "auto", 1.5), TypeError, f"axes is 1.5; {AXES}"),
    ((ROWS, ROWS, "full", "auto", b"\x01"), TypeError, f"axes is b'\\x01'; {AXES}"),
    ((ROWS, ROWS, "full", "auto", True), TypeError, f"axes is True; {AXES}"),
    ((ROWS, ROWS, "full", "auto", 2), ValueError, f"axes is 2; {AXES}"),
    ((ROWS, ROWS, "full", "auto", ()), ValueError, f"axes is (); {AXES}"),
    ((ROWS, ROWS, "full", "auto", (1, -1)), ValueError, f"axes is (1, -1); {AXES}"),
    ((1.0, 1.0, "full", "auto", 0), ValueError, "axes is 0; allowed: None, since x and h have no axes"),
    (
        (ROWS, np.ones((3, 5)), "full", "auto", 1),
        ValueError,
        "x has shape (2, 5) and h has shape (3, 5), and axes is 1; along every other axis they must have the "
        "same length, or one of them the length 1",
    ),
    (
        ([2**62], [2]),
        OverflowError,
        "x int64(1,) and h int64(1,) may reach 9223372036854775808, above the int64 limit 9223372036854775807; "
        "convert one to float (rounded) or to object (exact)",
    ),
    (
        (*CUBES, "full", "gemm"),
        ValueError,
        "method 'gemm' cannot convolve these shapes; allowed here: "
        "'auto', 'fft', 'direct', 'overlap-save', 'whole-fft'",
    ),
]  # fmt: skip


class TestBadInput:
    @pytest.mark.parametrize("op", OPS)
    @pytest.mark.parametrize("arguments, error, message", BAD)
    def test_one_clear_error_to_the_letter(self, op, arguments, error, message):
        with pytest.raises(error) as caught:
            op(*arguments)
        assert type(caught.value) is error and str(caught.value) == message
        assert caught.value.__suppress_context__ or caught.value.__context__ is None

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
