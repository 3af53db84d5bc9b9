"""Rooms: mirrors by hand, every image by a plain loop, the two formulas, and what is refused."""

from itertools import product
from math import log, pi, sqrt

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from convlib.ops import convolve
from convlib.signals.rooms import echoes, reverberation_time, room_response

ROOM, SOURCE, LISTENER = (4.0, 3.0, 2.5), (1.0, 1.0, 1.2), (3.0, 2.0, 1.6)


def by_loop(size, source, listener, absorption, seconds, speed=343.0):
    """The oracle: every room of a large lattice of mirrored rooms, one by one."""
    found = []
    for room in product(range(-6, 7), repeat=3):
        image = [cell * n + (at if cell % 2 == 0 else n - at) for cell, n, at in zip(room, size, source, strict=True)]
        d = sqrt(sum((a - b) ** 2 for a, b in zip(image, listener, strict=True)))
        if d <= seconds * speed:
            found.append((d / speed, sqrt(1 - absorption) ** sum(map(abs, room)) / (4 * pi * d)))
    return sorted(found)


def agree(found, expected):
    """Whether two lists of echoes are the same; some arrive together, in any order."""
    found, expected = (sorted(map(tuple, np.round(rows, 9))) for rows in (np.transpose(found), expected))
    return len(found) == len(expected) and np.allclose(found, expected, rtol=0, atol=1e-8)


class TestEchoes:
    def test_against_the_lattice_of_rooms(self):
        assert agree(echoes(ROOM, SOURCE, LISTENER, 0.3, 0.04), by_loop(ROOM, SOURCE, LISTENER, 0.3, 0.04))

    def test_the_oracle_must_fail_for_other_walls(self):
        assert not agree(echoes(ROOM, SOURCE, LISTENER, 0.31, 0.04), by_loop(ROOM, SOURCE, LISTENER, 0.3, 0.04))

    def test_floor_by_hand(self):
        """Straight below a source at 3 m, a listener at 1 m: direct 2 m, by the floor 4 m."""
        times, strengths = echoes((100, 100, 100), (50, 50, 3), (50, 50, 1), 0.19, 0.02, speed=340)
        assert np.allclose(times, [2 / 340, 4 / 340])
        assert np.allclose(strengths, [1 / (8 * pi), 0.9 / (16 * pi)])

    def test_a_mirror_is_the_shortest_way_over_the_wall(self):
        """Fermat: of all points of the floor, the one with the shortest way gives the length to the image."""
        a, b = np.array([1.0, 1.2]), np.array([3.0, 1.6])
        way = minimize_scalar(lambda x: np.hypot(x - a[0], a[1]) + np.hypot(x - b[0], b[1]), (0, 4)).fun
        times, _ = echoes((4, 40, 40), (1, 20, 1.2), (3, 20, 1.6), 0.5, 0.02)
        assert np.isclose(times * 343, way).sum() == 1

    def test_nothing_comes_back_from_open_air(self):
        times, strengths = echoes(ROOM, SOURCE, LISTENER, 1.0, 0.05)
        assert times.size > 100 and strengths[0] > 0 and not strengths[1:].any()

    def test_swapping_source_and_listener_changes_nothing(self):
        there, back = echoes(ROOM, SOURCE, LISTENER, 0.3, 0.05), echoes(ROOM, LISTENER, SOURCE, 0.3, 0.05)
        assert np.allclose(there[0], back[0]) and np.isclose(there[1].sum(), back[1].sum())


class TestRoomResponse:
    def test_is_the_echoes_at_their_nearest_samples(self):
        h = room_response(ROOM, SOURCE, LISTENER, 0.3, 8000, 0.05)
        expected = np.zeros(400)
        for time, strength in by_loop(ROOM, SOURCE, LISTENER, 0.3, 0.05):
            if (n := int(time * 8000 + 0.5)) < 400:
                expected[n] += strength
        assert np.allclose(h, expected, rtol=0, atol=1e-14)

    def test_a_sound_in_a_room_is_its_echoes_added_up(self):
        x = np.random.default_rng(0).normal(size=50)
        h = room_response(ROOM, SOURCE, LISTENER, 0.3, 8000, 0.03)
        y = np.zeros(h.size + 49)
        for time, strength in by_loop(ROOM, SOURCE, LISTENER, 0.3, 0.03):
            if (n := int(time * 8000 + 0.5)) < h.size:
                y[n : n + 50] += strength * x
        assert np.allclose(convolve(x, h), y, rtol=0, atol=1e-12)

    def test_energy_grows_as_walls_absorb_less(self):
        energies = [np.sum(room_response(ROOM, SOURCE, LISTENER, a, 8000, 0.2) ** 2) for a in (0.8, 0.4, 0.1)]
        assert energies[0] < energies[1] < energies[2]


class TestReverberationTime:
    def test_by_hand(self):
        volume, area = 100.0, 130.0  # 5 by 5 by 4
        for formula, lost in (("sabine", 0.2), ("eyring", -log(0.8))):
            assert np.isclose(reverberation_time((5, 5, 4), 0.2, formula), 55.262042 * volume / (343 * area * lost))
        assert np.isclose(24 * log(10), 55.262042)

    def test_the_two_agree_where_little_is_lost(self):
        sabine, eyring = (reverberation_time(ROOM, 0.001, f) for f in ("sabine", "eyring"))
        assert 1 < sabine / eyring < 1.001


class TestRefused:
    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"size": (4, 0, 2)}, "size is (4.0, 0.0, 2.0); allowed: three positive lengths"),
            ({"size": (4, 3)}, "size is (4, 3); allowed: three finite numbers"),
            ({"source": (5, 1, 1)}, "source is (5.0, 1.0, 1.0) and size is (4.0, 3.0, 2.5); allowed: a place inside"),
            ({"listener": SOURCE}, "source and listener are both (1.0, 1.0, 1.2); allowed: two different places"),
            ({"listener": (1, 1, np.nan)}, "listener is (1, 1, nan); allowed: three finite numbers"),
            ({"absorption": 1.1}, "absorption is 1.1; allowed: a number from 0 to 1"),
            ({"seconds": -1.0}, "seconds is -1.0; allowed: a positive number"),
            ({"seconds": 0.001}, "seconds is 0.001; allowed: at least 0.0066, which the direct sound needs"),
            ({"speed": 0.0}, "speed is 0.0; allowed: a positive number"),
        ],
    )
    def test_echoes_and_response(self, change, message):
        given = {"size": ROOM, "source": SOURCE, "listener": LISTENER, "absorption": 0.3, "seconds": 0.05} | change
        for call in (echoes, lambda **more: room_response(rate=8000, **more)):
            with pytest.raises(ValueError) as error:
                call(**given)
            assert message in str(error.value)

    def test_rate_and_samples(self):
        with pytest.raises(ValueError, match="rate is 0; allowed: a positive number"):
            room_response(ROOM, SOURCE, LISTENER, 0.3, 0, 0.1)
        with pytest.raises(
            ValueError, match="seconds is 1e-05 and rate is 8000; allowed: together at least one sample"
        ):
            room_response(ROOM, SOURCE, LISTENER, 0.3, 8000, 1e-5)

    @pytest.mark.parametrize(
        ("given", "message"),
        [(((1, 1, -1), 0.3), "positive lengths"), ((ROOM, 0.0), "above 0 and below 1"), ((ROOM, 0.3, "s"), "formula")],
    )
    def test_reverberation_time(self, given, message):
        with pytest.raises(ValueError, match=message):
            reverberation_time(*given)
