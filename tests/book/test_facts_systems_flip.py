"""Statements of Parts II and III that have a condition, each with what happens where it does not hold."""

from itertools import product

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from scipy.integrate import quad

from convlib.ops import convolve, correlate
from convlib.signals.data import load_weather
from convlib.signals.systems import respond

WEATHER = load_weather()
HOURS, FORGOTTEN = len(WEATHER), 96
AGES = np.arange(0, 400, 0.01)


def house_response(t):
    """Impulse response of the house of II-2, from dw/dt = (x - w)/10 + (y - w)/10 and dy/dt = (w - y)/5."""
    rates, modes = np.linalg.eig(np.array([[-0.2, 0.1], [0.2, -0.2]]))
    return modes[1] * np.linalg.solve(modes, [0.1, 0]) @ np.exp(np.outer(rates, t))


class TestSuperposition:
    """II-2: 5 degrees more, added to two months; a linear system answers with the same rise at the same hours."""

    @staticmethod
    def rises(system):
        return [(system(x + 5) - system(x))[FORGOTTEN:] for x in (WEATHER, WEATHER[::-1])]

    @staticmethod
    def house(heater):
        def run(outside, steps=20):
            w = y = outside[0]
            inside = np.empty(HOURS)
            for n, x in enumerate(outside):
                inside[n] = y
                for _ in range(steps):
                    heat = np.clip(20 - y, 0, heater)
                    w, y = w + ((x - w) / 10 + (y - w) / 10) / steps, y + ((w - y) / 5 + heat) / steps
            return inside

        return run

    @pytest.mark.parametrize("gain", [1, 0.2])
    def test_a_linear_system_passes_whatever_its_gain(self, gain):
        h = gain * house_response(np.arange(FORGOTTEN))
        first, second = self.rises(lambda x: respond(x, h, 1))
        assert np.allclose(first, second, atol=1e-9) and np.allclose(first, 5 * gain, atol=0.04)

    def test_the_unheated_house_passes(self):
        first, second = self.rises(self.house(heater=0))
        assert np.allclose(first, second, atol=1e-9)

    def test_a_leaking_tyre_passes_although_its_rise_is_no_single_number(self):
        def tyre(force):
            dent, dents = 0.0, np.empty(len(force))
            for n, x in enumerate(force):
                dent += 0.01 * (x - 0.5 * max(0, 1 - n / len(force)) * dent) / 0.5
                dents[n] = dent
            return dents

        first, second = self.rises(lambda x: tyre(x[:600]))
        assert np.allclose(first, second, atol=1e-9)
        assert np.isclose(first[100 - FORGOTTEN], 6.7, atol=0.05) and np.isclose(first.max(), 30.2, atol=0.05)

    @pytest.mark.parametrize("outside, rise", [(10, 5 / 11), (-20, 5)])
    def test_five_degrees_more_count_fully_once_the_heater_gives_all_it_has(self, outside, rise):
        room = self.house(heater=2.5)
        ends = [room(np.full(HOURS, x))[-1] for x in (outside, outside + 5)]
        assert np.isclose(ends[1] - ends[0], rise, atol=0.001)

    def test_the_thermostat_fails(self):
        first, second = self.rises(self.house(heater=2.5))
        assert np.abs(first - second).max() > 3


@pytest.mark.parametrize("faces, close", [((1, 2), True), ((1, 6), False), ((1, 3, 5), False)])
def test_bars_come_close_to_the_bell_if_neighbouring_faces_can_come_up(faces, close):
    """II-3, many dice: otherwise some bars stay empty, whatever the number of dice."""
    die, p = np.zeros(7), np.ones(1)
    die[list(faces)] = 1 / len(faces)
    for _ in range(400):
        p = np.convolve(p, die)
    mean, variance = 400 * np.mean(faces), 400 * np.var(faces)
    bell = np.exp(-((np.arange(len(p)) - mean) ** 2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)
    assert (np.abs(p - bell).max() < 0.02 * bell.max()) == close


def test_a_linear_system_without_continuity_has_no_impulse_response_that_serves():
    """II-1: the sum of all jumps of the input so far is linear and time-invariant, but a ramp is not its staircase."""

    def jumps(pieces):  # (start, values from there on); before the first piece the input is 0
        before = [lambda t: 0, *(f for _, f in pieces[:-1])]
        return sum(f(t) - old(t) for (t, f), old in zip(pieces, before, strict=True))

    push = [(0.0, lambda t: 1000.0), (0.001, lambda t: 0.0)]  # area 1: nothing is left after it
    ramp = [(0.0, lambda t: t)]
    staircase = [(k / 1000, lambda t, k=k: k / 1000) for k in range(1001)]  # 0.001 from the ramp at most
    assert jumps(push) == jumps(ramp) == 0 and np.isclose(jumps(staircase), 1)


class TestTwoStores:
    def test_stores_that_act_on_each_other_are_no_cascade(self):
        house, cascade = house_response(AGES), 0.2 * (np.exp(-AGES / 10) - np.exp(-AGES / 5))
        one_by_one = respond(np.exp(-AGES / 10) / 10, np.exp(-AGES / 5) / 5, 0.01)
        assert np.isclose(np.abs(one_by_one - cascade).max(), 0.01 / 10 / 5), "one slice at the beginning"
        peaks = [(h.max().round(4), AGES[h.argmax()].round(1)) for h in (house, cascade)]
        assert peaks == [(0.0407, 6.2), (0.05, 6.9)]

    def test_where_the_missing_area_of_the_samples_is(self):
        house, samples = house_response(AGES), house_response(np.arange(400))
        late = np.trapezoid(house[AGES >= 96], AGES[AGES >= 96])
        missing = 1 - samples[:96].sum()
        assert np.isclose(np.trapezoid(house, AGES), 1, atol=1e-4)
        assert np.round([missing, late, missing - late], 4).tolist() == [0.0062, 0.0044, 0.0018]


class TestSeamsAndLimits:
    """III-2: neighbouring rows agree if both functions are bounded; a response may need t⁺."""

    def test_unbounded_functions_leave_a_seam(self):
        for t in (1e-6, 0.5, 2):  # t^(−½) with itself: 0 before 0, and π after it
            area, _ = quad(lambda _: 1, 0, t, weight="alg", wvar=(-0.5, -0.5))
            assert np.isclose(area, np.pi)

    def test_bounded_functions_leave_none(self):
        dt = 0.001
        f, g = np.where(np.arange(6000) < 2000, 1, 0), np.where(np.arange(6000) < 1500, -2, 3)
        assert np.abs(np.diff(respond(f, g, dt), prepend=0)).max() < 6 * dt

    @pytest.mark.parametrize(("start", "share"), [(-0.02, 0), (-0.01, 0.5), (0, 1)])
    def test_a_response_with_a_push_at_age_0(self, start, share):
        d, t = 1e-5, 1.0
        tau = np.arange(-1, 2, d) + d / 2
        age = t - tau
        product = np.exp(-np.abs(tau)) * np.where((age >= start) & (age < start + 0.02), 50, 0) * d
        assert np.isclose(product[tau < t].sum(), share * np.exp(-1), rtol=0.02, atol=1e-9)
        assert np.isclose(product.sum(), np.exp(-1), rtol=0.02)


class TestByHand:
    """III-2: the overlap, the cuts of the time line, the areas."""

    @pytest.mark.parametrize(("f", "factor"), [(0.1, 2), (2, 1)])
    def test_the_overlap_may_double_or_not(self, f, factor):
        assert min(2 * f, 1) == factor * min(f, 1)  # boxes, g is 1 high; the product doubles in both

    def test_a_change_of_formula_cuts_the_time_line_too(self):
        dt = 0.01
        t = np.arange(0, 6, dt)
        steps = np.where(t < 1, 1.0, np.where(t < 3, 2.0, 0.0))  # ends at 0 and 3, another formula from 1 on
        slope = np.diff(respond(steps, np.where(t < 0.5, 1.0, 0), dt)) / dt
        corners = t[1:-1][np.abs(np.diff(slope)) > 0.5]
        assert np.allclose(corners, [0.49, 0.99, 1.49, 2.99, 3.49], atol=dt)

    def test_finite_areas_alone_do_not_multiply(self):
        n = np.arange(4000)
        f = (-1.0) ** n / np.sqrt(n + 1)  # heights of boxes of width 1: the area is finite, that of |f| is not
        y = convolve(f, f)[: n.size]  # f * f at the whole times, straight between them
        whole = np.cumsum(y[:-1] + y[1:])[:-1] / 2  # areas up to the whole times: they settle
        assert np.abs(np.diff(whole[-100:])).max() < 0.01
        assert np.abs(3 * y[1:-1] + y[2:])[-100:].min() / 8 > 0.7  # what half a tick adds does not go to 0: no area


class TestRates:
    """II-1 and II-2: a rate is not the share lost in one unit of time, and not every sum of terms is linear."""

    def test_a_rate_per_hour_is_no_share_per_hour(self):
        assert np.isclose(1 - np.exp(-1 / 5), 0.181, atol=1e-3)  # the thin wall of II-2: 1/γ is 5 h
        assert np.isclose(1 - np.exp(-1.0), 0.632, atol=1e-3)  # the tyre, whose dent would be gone after a second

    def test_terms_in_dent_and_force_need_not_add_up(self):
        def squared(force):  # dy/dt + y² = x is a sum of terms, too
            dent = 0.0
            for x in force:
                dent += 0.01 * (x - dent**2)
            return dent

        force = np.ones(600)
        assert squared(2 * force) < 1.5 * squared(force)


def test_whole_numbers_that_might_not_fit_are_refused_even_if_they_would():
    x, h = np.array([2**62, -(2**62)]), np.array([1, 1, 1])
    assert max(abs(v) for v in convolve(x.astype(object), h)) < 2**63
    with pytest.raises(OverflowError, match="may reach"):
        convolve(x, h)


class TestAlgebra:
    def test_a_swapped_correlation_is_reversed_and_conjugated(self):
        rng = np.random.default_rng(0)
        x, h = rng.normal(size=(2, 5)) + 1j * rng.normal(size=(2, 5))
        assert np.allclose(correlate(h, x), np.conj(correlate(x, h)[::-1]))
        assert not np.allclose(correlate(h, x), correlate(x, h)[::-1])

    def test_when_a_chain_is_cheaper(self):
        for m, n in product(range(1, 9), repeat=2):
            assert convolve(np.ones(m), np.ones(n)).size == m + n - 1
        for a, b, c, d in product(range(2, 7), repeat=4):
            assert a * b + c * d < (a + c - 1) * (b + d - 1)
        for m, n in product(range(3, 9), repeat=2):
            assert m + n < m * n
        assert 3 + 3 > 1 * (3 + 3 - 1)  # two rows: one dimension, merged is cheaper
        assert 1 + 9 > 9  # and a single pixel costs nothing when merged
        zeros = convolve([1, 1, 1], [1, 0, 0, 0, 1, 0, 0, 0, 1])
        assert np.count_nonzero(zeros) > 3 + 3  # in one dimension too, if many weights are 0

    def test_a_stride_between_two_templates_spoils_the_merger(self):
        rng = np.random.default_rng(1)
        x, p, q = rng.integers(-9, 10, 30), [1, 2, 4], [3, -1]
        chain = correlate(correlate(x, p, "valid")[::2], q, "valid")
        merged = correlate(x, convolve(p, q), "valid")[::2]
        assert not np.array_equal(chain, merged[: chain.size])


class TestMatchedFilter:
    """III-4: the best ratio of all weights in any white noise; the most hits of all rules in normal noise."""

    LENGTH, SAMPLES, RATIO, COUNT = 31, 600, 4, 400

    @staticmethod
    def impulses(rng, n):
        loud = rng.random(n) < 0.05
        return np.where(loud, 20, 1) * rng.normal(size=n) / np.sqrt(0.95 + 0.05 * 400)

    def hits(self, draw):
        """Hits of three rules: raw score, the same on a record clipped at 1σ, and normalised score."""
        rng, found = np.random.default_rng(0), np.zeros(3, int)
        for _ in range(self.COUNT):
            h = rng.choice([-1.0, 1.0], self.LENGTH)
            lag = rng.integers(self.SAMPLES - self.LENGTH + 1)
            x = draw(rng, self.SAMPLES)
            x[lag : lag + self.LENGTH] += self.RATIO / np.sqrt(self.LENGTH) * h
            under = sliding_window_view(x, self.LENGTH)
            even = under - under.mean(axis=1, keepdims=True)
            scores = under @ h, np.clip(under, -1, 1) @ h, even @ h / np.linalg.norm(even, axis=1)
            found += [score.argmax() == lag for score in scores]
        return found / self.COUNT

    def test_an_echo_makes_its_own_patch_stronger_and_still_is_the_nearest(self):
        rng, h = np.random.default_rng(0), np.resize([1.0, -1.0, -1.0], self.LENGTH)
        noise = rng.normal(size=(2000, self.LENGTH))
        echo = noise + 0.9 * h
        assert np.isclose((echo**2).sum(axis=1).mean(), 31 * (1 + 0.9**2), rtol=0.02)
        assert ((echo - h) ** 2).sum(axis=1).mean() < 0.6 * ((noise - h) ** 2).sum(axis=1).mean()

    def test_normal_noise(self):
        raw, clipped, normalised = self.hits(lambda rng, n: rng.normal(size=n))
        assert raw > clipped + 0.05 and raw > normalised + 0.05

    @pytest.mark.parametrize(
        ("draw", "raw_is", "clipped_is"),
        [
            (lambda rng, n: rng.laplace(0, np.sqrt(0.5), n), 0.78, 0.91),
            (lambda rng, n: rng.standard_t(3, n) / np.sqrt(3), 0.74, 0.97),
            (impulses, 0.68, 1.0),
        ],
        ids=["Laplace", "Student", "impulses"],
    )
    def test_in_other_white_noise_clipping_finds_more(self, draw, raw_is, clipped_is):
        raw, clipped, _ = self.hits(draw)
        assert abs(raw - raw_is) < 0.06 and abs(clipped - clipped_is) < 0.04
        assert clipped > raw + 0.1

    def test_dividing_can_help_where_some_samples_are_very_loud(self):
        raw, _, normalised = self.hits(self.impulses)
        assert normalised > raw + 0.05

    def test_the_best_ratio_is_not_the_most_hits_among_weights(self):
        rng, h = np.random.default_rng(0), np.array([1, 0.5])
        count, samples = 20_000, 20
        lag, trial = rng.integers(samples - 1, size=count), np.arange(count)
        x = rng.choice([-1.0, 1.0], (count, samples))
        for k in (0, 1):
            x[trial, lag + k] += 2.2 * h[k]
        share = [((x[:, :-1] * u + x[:, 1:] * v).argmax(axis=1) == lag).mean() for u, v in (h, (1, 0))]
        assert np.linalg.norm(h) > 1 and share[1] > share[0] + 0.1

    def test_a_negative_multiple_finds_the_worst_place(self):
        h = np.array([1.0, 2, -1])
        x = np.concatenate([np.zeros(4), h, np.zeros(4)])
        assert correlate(x, -h, mode="valid").argmin() == correlate(x, 3 * h, mode="valid").argmax() == 4
        assert correlate(x, -h, mode="valid").argmax() != 4
