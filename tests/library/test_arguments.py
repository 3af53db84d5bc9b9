"""Careless input at every public door: one clear error that names the argument, or the right result."""

import inspect
import re
import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import convlib
from convlib import arguments, data, explain, kernels, nn, rooms, systems
from convlib.nn import Layer, Sequential

RNG = np.random.default_rng
IMAGES, FILTERS, ROWS = np.ones((2, 1, 4, 4)), np.ones((3, 1, 3, 3)), np.ones((2, 3))
MODEL = Sequential(Layer(nn.conv2d, FILTERS), Layer(nn.relu), Layer(nn.linear, np.ones((3, 12)), np.zeros(3)))
# So large that few echoes arrive even in seconds.
ROOM = {"size": (400, 300, 250), "source": (9, 9, 9), "listener": (9, 9, 7), "absorption": 0.3, "seconds": 0.02}

# A right call of every public function; the wrong ones are made of it.
DOORS = {
    convlib.convolve: {"x": [1, 2, 3], "h": [1, 2], "mode": "full", "method": "auto", "axes": 0},
    convlib.correlate: {"x": [1, 2, 3], "h": [1, 2], "mode": "full", "method": "auto", "axes": 0},
    convlib.flip: {"h": [1, 2]},
    convlib.plan: {"x_shape": 5, "h_shape": (3,), "dtype": float, "mode": "full"},
    convlib.trace: {"x": [1, 2], "h": [1, 2], "n": 1, "op": "correlate", "x_origin": 0, "h_origin": 0, "over": "h",
                    "slides": "h"},
    convlib.Stream: {"h": [1, 2], "block": 9},
    convlib.conv2d: {"x": IMAGES, "w": FILTERS, "b": [1, 2, 3], "stride": 1, "padding": 0, "dilation": 1, "groups": 1},
    nn.conv2d_backward: {"dy": np.ones((2, 3, 2, 2)), "x": IMAGES, "w": FILTERS, "stride": 1},
    nn.conv_transpose2d: {"x": np.ones((1, 3, 2, 2)), "w": FILTERS, "b": [1], "padding": 0, "output_padding": 0},
    nn.conv_transpose2d_backward: {"dy": np.ones((1, 1, 4, 4)), "x": np.ones((1, 3, 2, 2)), "w": FILTERS},
    nn.relu: {"x": [1, -1]},
    nn.relu_backward: {"dy": [1, 2], "x": [1, -1]},
    nn.max_pool2d: {"x": IMAGES, "size": 2, "stride": 2},
    nn.max_pool2d_backward: {"dy": np.ones((2, 1, 2, 2)), "x": IMAGES, "size": 2, "stride": 2},
    nn.avg_pool2d: {"x": IMAGES, "size": 2, "stride": 2},
    nn.avg_pool2d_backward: {"dy": np.ones((2, 1, 2, 2)), "x": IMAGES, "size": 2, "stride": 2},
    nn.linear: {"x": ROWS, "w": ROWS, "b": [1, 2]},
    nn.linear_backward: {"dy": np.ones((2, 2)), "x": ROWS, "w": ROWS},
    nn.cross_entropy: {"scores": ROWS, "labels": [0, 2]},
    nn.cross_entropy_backward: {"scores": ROWS, "labels": [0, 2]},
    nn.receptive_field: {"layers": [3, (3, 2)]},
    nn.he_weights: {"shape": (2, 3), "rng": RNG(0)},
    explain.saliency: {"model": MODEL, "x": IMAGES, "classes": [0, 2]},
    explain.guided_backprop: {"model": MODEL, "x": IMAGES, "classes": [0, 2]},
    explain.deconvnet: {"model": MODEL, "x": IMAGES, "classes": [0, 2]},
    explain.grad_cam: {"model": MODEL, "x": IMAGES, "classes": [0, 2], "layer": 1},
    explain.strength: {"backward_map": IMAGES},
    explain.evidence_share: {"maps": IMAGES[:, 0], "inside": IMAGES[:, 0] > 0},
    systems.impulse_response: {"t": [0, 1], "strength": 2, "rate": 1},
    systems.step_response: {"t": [0, 1], "strength": 2, "rate": 1},
    systems.respond: {"x": [1, 2], "h": [1, 2], "dt": 0.5},
    systems.identify: {"x": [1, 2, 3, 5], "y": [1, 2, 3, 4], "dt": 0.5, "len_h": 2, "roughness": 0.1},
    rooms.echoes: ROOM | {"speed": 343},
    rooms.room_response: ROOM | {"rate": 800, "speed": 343},
    rooms.reverberation_time: {"size": (4, 3, 2), "absorption": 0.3, "formula": "sabine", "speed": 343},
    data.hidden_patterns: {"labels": [0, 1], "block": False, "rng": RNG(0)},
    kernels.identity: {"n": 3},
    kernels.box: {"n": 3},
    kernels.gaussian: {"n": 3, "sigma": 1},
    kernels.sobel: {"axis": 1},
    kernels.laplacian: {"neighbours": 4},
    kernels.sharpen: {"neighbours": 4},
    kernels.gabor: {"n": 3, "wavelength": 4, "angle": 0.5, "sigma": 1, "phase": 0.1},
    kernels.motion: {"n": 3, "angle": 0.5},
}  # fmt: skip
WRONG = [
    None, "no", "12", b"ab", b"\x01", bytearray(b"ab"), True, np.True_, -1, 0, 2.5, 2**70, 1j, np.nan, -np.inf,
    Decimal(1), [], {}, {3: 4}, {1}, object(), [[1], [1, 2]], ["a"], [None], [True], [1j, 2], [np.nan, 1], range(2),
    (1, 2, 3, 4, 5), np.ones((0, 2)), np.array(2), np.array(["2026-01-01"], "M8[D]"), np.ones((1,) * 7), lambda: 1,
    np.ma.array([1, 2], mask=[0, 1]),
]  # fmt: skip


def public(owner, names):
    found = (getattr(owner, name) for name in names if name[0] != "_")
    return {f for f in found if inspect.isfunction(f) and f.__module__.startswith(owner.__name__)}


def test_every_public_function_is_here():
    every = public(convlib, convlib.__all__) | public(nn, nn.__all__) | public(kernels, vars(kernels))
    for module in (explain, systems, rooms):
        every |= public(module, module.__all__)
    # These take no argument, or what others than a reader make: a Dask array, lists of weights.
    assert every - set(DOORS) == {convlib.convolve_dask, nn.sgd_step, kernels.emboss}


def refusal(function, given):
    """What is wrong with the refusal of a wrong argument; nothing where it is none, or clear."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            function(**given)
    except (ValueError, TypeError, OverflowError) as error:
        said = str(error)
        hidden = error.__context__ is not None and not error.__suppress_context__
        # An array of another shape is a matter between two arguments, so that one of them is named.
        names = "|".join([*given, "x", "h", "layer"])
        if "Maximum allowed" in said or "too big" in said:  # as MemoryError, of NumPy
            return None
        return None if re.match(rf"({names})\b", said) and not hidden else f"{type(error).__name__}: {said}"
    except UserWarning as warned:
        return None if "leaves out" in str(warned) else f"warns: {warned}"
    except MemoryError:
        return None
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


@pytest.mark.parametrize("function", DOORS, ids=lambda f: f"{f.__module__}.{f.__qualname__}")
def test_one_clear_error_or_a_result(function):
    assert refusal(function, DOORS[function]) is None
    function(**DOORS[function])
    unclear = [
        f"{name}={wrong!r}: {said}"
        for name in DOORS[function]
        if name not in ("model", "rng")
        for wrong in WRONG
        if (said := refusal(function, DOORS[function] | {name: wrong}))
    ]
    assert not unclear, "\n".join(unclear)


def test_the_check_must_fail():
    def door(n):
        return n[0] if n else np.asarray([[1], [1, 2]])

    for wrong, said in ((0, "ValueError: setting an array"), (5, "TypeError: 'int' object"), ({1: 2}, "KeyError")):
        assert refusal(door, {"n": wrong}).startswith(said)


MASKED = np.ma.array([1.0, 1e9], mask=[False, True])


class TestMasks:
    """A sentinel under a mask must not get into a sum."""

    @pytest.mark.parametrize("masked", [MASKED, [MASKED, MASKED], list(MASKED), ((1.0, np.ma.masked),)])
    def test_are_refused_with_a_way_out(self, masked):
        with pytest.raises(TypeError) as caught:
            arguments.numbers("x", masked)
        assert str(caught.value) == (
            "x is a masked array, and its mask would be lost; fill what is masked first, for example with "
            "numpy.ma.filled(x, 0)"
        )
        assert convlib.convolve(np.ma.filled(MASKED, 0), [1, 1]).tolist() == [1, 1, 0]

    ARRAYS = ("x", "h", "w", "b", "dy", "t", "y", "scores", "labels", "classes", "maps", "inside", "backward_map")

    @pytest.mark.parametrize("function", DOORS, ids=lambda f: f"{f.__module__}.{f.__qualname__}")
    def test_at_every_door(self, function):
        for name, right in DOORS[function].items():
            if name in self.ARRAYS and not np.isscalar(right):
                with pytest.raises(TypeError, match=f"^{name} is a masked array"):
                    function(**DOORS[function] | {name: np.ma.array(right)})

    def test_in_a_stream(self):
        with pytest.raises(TypeError, match="x_block is a masked array"):
            convlib.Stream([1, 2]).process(MASKED)


class TestIntegers:
    """Integers that NumPy would make floats of, since no one type of 64 bits holds them all."""

    @pytest.mark.parametrize(
        "values, dtype",
        [
            ([2**63 + 1, 1], np.uint64),
            ([[2**64 - 1], [0]], np.uint64),
            ([np.uint64(2**63 - 1), -1], np.int64),
            ([np.uint64(3), np.int8(-3)], np.int64),
            ((np.array([2**63], np.uint64), np.array([1])), np.uint64),
            ([2**63 + 1, -1], object),
            ([2**70, np.uint64(2**63)], object),
        ],
    )
    def test_are_not_rounded(self, values, dtype):
        array = arguments.numbers("x", values)
        assert array.dtype == dtype
        assert array.ravel().tolist() == [int(v) for row in values for v in np.ravel(np.array(row, object))]

    def test_exact_or_an_error_at_every_door(self):
        large = [2**63 + 1, 1]
        for call in (convlib.convolve, convlib.correlate, lambda x, h: convlib.Stream(h).process(x)):
            with pytest.raises(OverflowError, match="limit 9223372036854775807"):
                call(large, [1, 2])
        unsigned = np.array([1, 2], np.uint64)
        with pytest.raises(OverflowError, match="limit 18446744073709551615"):
            convlib.convolve(large, unsigned)
        assert convlib.convolve(large, unsigned[:1]).tolist() == large
        assert convlib.Stream(unsigned[:1]).process(large).tolist() == large
        assert convlib.convolve([2**63 + 1, -1], [1]).tolist() == [2**63 + 1, -1]
        assert convlib.trace(large, [1, 1], 1).value == 2**63 + 2
        assert convlib.flip([np.uint64(2**63 - 1), -1]).tolist() == [-1, 2**63 - 1]

    def test_numpy_integers_among_objects_do_not_wrap_around(self):
        x = np.array([np.int64(2**62), Fraction(1, 2), np.True_], object)
        assert convlib.convolve(x, [4]).tolist() == [2**64, 2, 4]
        assert convlib.convolve(np.array([np.True_], object), [1, 1]).tolist() == [1, 1]

    def test_floats_stay_floats(self):
        for values in ([2**63 + 1, 0.5], [np.array([0.5, 1]), np.array([1, 2])], [2**53 + 1, np.float32(1)]):
            assert arguments.numbers("x", values).dtype == float


class TestTheCause:
    """What is wrong is named, and not what it resembles."""

    def test_ragged_or_not(self):
        class Own:
            def __array__(self, dtype=None, copy=None):
                raise ValueError("the file is gone")

        deep = [1]
        for _ in range(70):
            deep = [deep]
        endless = []
        endless.append(endless)
        for values, cause in (
            ([[1], [1, 2]], "x is ragged: all its rows must have the same length"),
            (Own(), "x cannot be made an array: the file is gone"),
            (deep, "x cannot be made an array: .* 64"),
            (endless, "x cannot be made an array: .* 64"),
        ):
            with pytest.raises(ValueError, match=f"^{cause}"):
                arguments.numbers("x", values)

    def test_numpy_integers_count_as_integers(self):
        zero = np.int64(0)
        assert convlib.trace([3, 4], [1, 2], zero, x_origin=zero, h_origin=np.array(0)).value == 3
        assert convlib.trace([[1]], [[2]], (zero, 0), x_origin=zero).value == 2

    def test_a_long_value_is_cut(self):
        with pytest.raises(TypeError) as caught:
            kernels.box("a" * 10_000)
        assert len(str(caught.value)) < 160 and "…; allowed" in str(caught.value)


class TestFloatingPointErrors:
    """Under errstate(all="raise"), too: an underflow on the way is no error."""

    @pytest.mark.parametrize("function", DOORS, ids=lambda f: f"{f.__module__}.{f.__qualname__}")
    def test_right_calls(self, function):
        with np.errstate(all="raise"):
            function(**DOORS[function])

    def test_half_precision(self):
        with np.errstate(all="raise"):
            for x in ([6e-8], [1e-4, 6e4], [np.nan, np.inf]):
                for method in ("auto", "fft"):
                    convlib.convolve(np.array(x, np.float16), np.array([1e-4, 2], np.float16), method=method)

    def test_far_from_the_centre(self):
        with np.errstate(all="raise"):
            assert kernels.gaussian(99, 0.5).sum() == pytest.approx(1)
            assert kernels.gabor(99, sigma=0.5)[0, 0] == 0
            assert systems.impulse_response([1e4, 1e300])[1] == 0 and systems.step_response([1e4])[0] == 2
            assert nn.cross_entropy([[0.0, -1e4]], [0]) == 0
            nn.cross_entropy_backward([[0.0, -1e4]], [0])
