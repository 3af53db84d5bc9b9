"""Systems with one store, and the sum of echoes in continuous time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from convlib.signals.systems import identify, impulse_response, respond, step_response


def by_rows(x, h, dt):
    """The oracle: every sample starts its own echo, and what arrives at one time adds up."""
    y = np.zeros(len(x) + len(h) - 1)
    for k, force in enumerate(x):
        y[k : k + len(h)] += force * dt * np.asarray(h, float)
    return y[: len(x)]


class TestImpulseResponse:
    def test_by_hand(self):
        h = impulse_response([-1, 0, 1, 2], strength=2, rate=1)
        assert np.allclose(h, [0, 2, 2 / np.e, 2 / np.e**2])
        assert impulse_response(0.0, 3, 0.5) == 3

    def test_half_is_left_after_ln2(self):
        assert np.isclose(impulse_response(np.log(2) / 4, strength=6, rate=4), 3)

    def test_keeps_its_shape_and_never_overflows(self):
        assert impulse_response(np.full((2, 3), -1e9), rate=5).tolist() == [[0, 0, 0], [0, 0, 0]]

    def test_solves_the_equation_of_spring_and_damper(self):
        c, k, t = 0.5, 0.75, np.linspace(0, 4, 30)
        free = solve_ivp(lambda _, y: -k * y / c, (0, 4), [1 / c], t_eval=t, rtol=1e-9, atol=1e-12)
        assert np.allclose(impulse_response(t, 1 / c, k / c), free.y[0], atol=1e-7)


class TestStepResponse:
    def test_by_hand(self):
        assert np.allclose(step_response([-1, 0, 1], 2, 1), [0, 0, 2 * (1 - 1 / np.e)])
        assert np.isclose(step_response(1e6, strength=3, rate=0.5), 6)

    def test_nothing_lost(self):
        assert step_response([0, 2, 5], strength=3, rate=0).tolist() == [0, 6, 15]
        assert np.allclose(step_response([2.0], 3, 1e-12), 6)

    def test_its_slope_is_the_impulse_response(self):
        t, d = np.linspace(0.1, 3, 20), 1e-5
        slope = (step_response(t + d, 2.5, 0.8) - step_response(t - d, 2.5, 0.8)) / (2 * d)
        assert np.allclose(slope, impulse_response(t, 2.5, 0.8), rtol=1e-7)


class TestRespond:
    def test_by_hand(self):
        y = respond([2, 0, -1, 3], [4, 2, 1], 0.5)
        assert y.tolist() == [4, 2, 0.5 * (2 - 4), 0.5 * (-2 + 12)]

    def test_an_impulse_of_area_one_gives_h(self):
        h, dt = [5, 3, 1, 0.5], 0.1
        assert np.allclose(respond([1 / dt, 0, 0, 0], h, dt), h)

    def test_against_rows(self):
        rng = np.random.default_rng(3)
        for len_x, len_h in [(1, 1), (1, 5), (5, 1), (7, 4), (4, 9), (300, 200)]:
            x, h = rng.normal(size=len_x), rng.normal(size=len_h)
            assert np.allclose(respond(x, h, 0.3), by_rows(x, h, 0.3), rtol=0, atol=1e-11)

    def test_converges_to_the_step_response_in_proportion_to_dt(self):
        errors = []
        for dt in (0.02, 0.01, 0.005):
            t = np.arange(round(4 / dt)) * dt
            errors.append(np.abs(respond(np.ones(t.size), impulse_response(t), dt) - step_response(t)).max())
        assert np.allclose(np.divide(errors[:-1], errors[1:]), 2, rtol=0.02)
        assert errors[-1] < 0.011

    def test_complex_input(self):
        assert np.allclose(respond([1j, 0], [2, 1], 0.5), [1j, 0.5j])

    @given(
        x=st.lists(st.integers(-50, 50), min_size=1, max_size=12),
        h=st.lists(st.integers(-50, 50), min_size=1, max_size=12),
        dt=st.sampled_from([0.25, 0.5, 1.0, 2.0]),
        shift=st.integers(0, 5),
    )
    def test_linear_time_invariant_and_blind_to_the_future(self, x, h, dt, shift):
        y = respond(x, h, dt)
        assert np.array_equal(y, by_rows(x, h, dt))
        later = respond([0] * shift + x, h, dt)
        assert np.array_equal(later, [0.0] * shift + y.tolist())
        assert np.array_equal(respond([3 * v for v in x], h, dt), 3 * y)
        assert np.array_equal(respond([*x, 49], h, dt)[:-1], y)


@pytest.mark.parametrize(
    ("function", "given", "error", "message"),
    [
        *((respond, ([1], [1], dt), ValueError, f"dt is {dt}; allowed: a positive number") for dt in (0, -1, np.nan)),
        *((respond, ([1], [1], dt), TypeError, "dt is .*; allowed: a positive number") for dt in ("1", None, True, 1j)),
        (respond, ([[1]], [1], 1), ValueError, "x has shape .*; allowed: a row of samples"),
        (respond, ([1], [[1, 2]], 1), ValueError, "h has shape .*; allowed: a row of samples"),
        (respond, (3, [1], 1), ValueError, "x has shape .*; allowed: a row of samples"),
        (respond, ([1], [], 1), ValueError, "h is empty"),
        *(
            (function, given, error, message)
            for function in (impulse_response, step_response)
            for given, error, message in (
                (([0], 1, -1), ValueError, "rate is -1; allowed: a number, at least 0"),
                (([0], np.inf), ValueError, "strength is inf; allowed: a finite number"),
                (([1j],), TypeError, "t has dtype complex128; allowed: real numbers"),
                ((["a"],), TypeError, "t has dtype <U1"),
            )
        ),
    ],
)
def test_bad_input(function, given, error, message):
    with pytest.raises(error, match=message):
        function(*given)


class TestIdentify:
    def test_by_hand(self):
        # y[1] = 2·h[0] + 3·h[1] and y[2] = 0·h[0] + 2·h[1], so h[1] = 2 and h[0] = 1.
        assert np.allclose(identify([3, 2, 0], [99, 8, 4], dt=1, len_h=2), [1, 2])

    def test_the_width_of_a_sample(self):
        assert np.allclose(identify([3, 2, 0], [99, 8, 4], dt=0.5, len_h=2), [2, 4])

    @given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.floats(0.1, 4))
    def test_finds_what_answered(self, seed, len_h, dt):
        rng = np.random.default_rng(seed)
        x, h = rng.normal(size=80), rng.normal(size=len_h)
        assert np.allclose(identify(x, by_rows(x, h, dt), dt, len_h), h, atol=1e-6)

    def test_the_weather_before_the_record_is_not_needed(self):
        rng = np.random.default_rng(1)
        x, h = rng.normal(size=120), [3.0, 2.0, 1.0]
        y = by_rows(x, h, 1)
        assert np.allclose(identify(x[50:], y[50:], 1, 3), h)

    def test_roughness_is_what_the_docstring_says(self):
        rng = np.random.default_rng(2)
        x, y = rng.normal(size=(2, 40))
        h, price, dt = identify(x, y, 0.5, 6, roughness=3.0), 3.0, 0.5

        def cost(shape):
            return np.sum((y - by_rows(x, shape, dt))[5:] ** 2) + price * np.sum((dt * np.diff(shape, 2)) ** 2)

        nearby = [h + 1e-3 * rng.normal(size=6) for _ in range(200)]
        assert all(cost(h) < cost(other) for other in nearby)

    def test_a_high_price_leaves_a_straight_line(self):
        rng = np.random.default_rng(3)
        x, y = rng.normal(size=(2, 60))
        assert np.abs(np.diff(identify(x, y, 1, 8, roughness=1e12), 2)).max() < 1e-6

    @pytest.mark.parametrize("missing", [("x", [20]), ("y", [20, 33]), ("x", [0, 1]), ("x", [7, 60])])
    def test_gaps_are_left_out_and_counted(self, missing):
        """A sample of x that is missing costs the three sums that hear it, one of y its own."""
        rng, (name, places) = np.random.default_rng(4), missing
        x, h = rng.normal(size=80), [3.0, 2.0, 1.0]
        records = {"x": x, "y": by_rows(x, h, 1)}
        records[name] = records[name].copy()
        records[name][places] = np.nan
        lost = 2 if places == [0, 1] else 3 * len(places) if name == "x" else len(places)
        with pytest.warns(UserWarning, match=f"leaves out {lost} of 78 sums, which need a sample that is missing"):
            assert np.allclose(identify(**records, dt=1, len_h=3), h)

    def test_a_gap_that_no_sum_needs_is_not_mentioned(self):
        assert np.allclose(identify([3, 2, 0], [np.nan, 8, 4], dt=1, len_h=2), [1, 2])

    def test_too_many_gaps(self):
        x = [1.0, np.nan, 2.0, np.nan]
        with pytest.raises(ValueError, match="x and y have no 2 samples in a row without a gap"):
            identify(x, [1, 2, 3, 4], dt=1, len_h=2)

    @pytest.mark.parametrize(
        ("change", "error", "message"),
        [
            ({"x": [1j, 2, 3, 4]}, TypeError, "x has dtype complex128; allowed: real numbers"),
            ({"y": [1, 2, 3, 4j]}, TypeError, "y has dtype complex128; allowed: real numbers"),
            ({"x": [1, np.inf, 3, 4]}, ValueError, "x holds infinity; allowed: finite numbers, and NaN"),
            ({"y": [1, 2, 3, -np.inf]}, ValueError, "y holds infinity; allowed: finite numbers, and NaN"),
            ({"y": [1, 2]}, ValueError, r"x has shape \(4,\) and y has shape \(2,\); allowed: equally many samples"),
            ({"len_h": 5}, ValueError, "len_h is 5; allowed: a whole number from 1 to 4"),
            ({"len_h": 0}, ValueError, "len_h is 0; allowed"),
            ({"len_h": 2.0}, TypeError, "len_h is 2.0; allowed: a whole number from 1 to 4"),
            ({"dt": 0}, ValueError, "dt is 0; allowed: a positive number"),
            ({"roughness": -1}, ValueError, "roughness is -1; allowed: a number, at least 0"),
            ({"x": [[1, 2, 3, 4]]}, ValueError, r"x has shape \(1, 4\); allowed: a row of samples"),
        ],
    )
    def test_bad_input(self, change, error, message):
        with pytest.raises(error, match=message):
            identify(**({"x": [1, 2, 3, 4], "y": [1, 2, 3, 4], "dt": 1, "len_h": 2} | change))
