"""Statements of I-4 to I-6, II-3, III-3, III-4 and Part IV that have a condition, each with a case outside it."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from convlib import nn, plan
from convlib.nn.explain import evidence_share
from convlib.ops import convolve, correlate


def strided(row):
    """Mean of three pixels at every second place."""
    y = nn.conv2d(row.reshape(1, 1, 1, -1), np.ones((1, 1, 1, 3)) / 3, stride=(1, 2))
    return y[0, 0, 0]


class TestStrideOnASmoothPicture:
    """I-4: the new numbers are not in the first output, and may still lie close to values between its places."""

    def test_a_wave_of_32_pixels_moves_by_half_a_place_or_nearly(self):
        scene = 2 + np.cos(2 * np.pi * np.arange(65) / 32)
        first, moved = strided(scene[1:]), strided(scene[:-1])
        between = (first[1:] + first[:-1]) / 2
        assert np.abs(moved[1:] - between).max() < 0.02
        assert np.abs(np.subtract.outer(moved, first)).min() > 0

    def test_noise_does_not(self):
        scene = np.random.default_rng(0).standard_normal(65)
        first, moved = strided(scene[1:]), strided(scene[:-1])
        assert np.abs(moved[1:] - (first[1:] + first[:-1]) / 2).max() > 0.2


def test_a_kernel_as_large_as_the_image_makes_a_dense_layer():
    rng = np.random.default_rng(1)
    w, images = rng.integers(-9, 10, (5, 1, 4, 4)), rng.integers(0, 10, (3, 1, 4, 4))
    dense = images.reshape(3, 16) @ w.reshape(5, 16).T
    assert np.array_equal(nn.conv2d(images, w)[:, :, 0, 0], dense)


def test_the_square_of_the_influence_is_spread_as_the_paths_are():
    """Three layers of random kernels: mean square of the gradient at each pixel, 49 times larger in the middle."""
    rng = np.random.default_rng(2)
    kernels = rng.standard_normal((3, 4000, 3))
    merged = np.array([np.convolve(np.convolve(*three[:2]), three[2]) for three in kernels.swapaxes(0, 1)])
    paths = np.convolve(np.convolve(np.ones(3), np.ones(3)), np.ones(3))
    assert np.allclose((merged**2).mean(axis=0), paths, rtol=0.2)
    assert paths[3] ** 2 == 49
    assert not np.allclose(np.abs(merged).mean(axis=0) / np.abs(merged[:, 0]).mean(), paths, rtol=0.2)


class TestSwapAfterTraining:
    """I-5: a network of which no kernel is its own half-turn, and which the other operation does not change."""

    @staticmethod
    def network(flip, paired):
        rng = np.random.default_rng(3)
        first, second, last = (rng.standard_normal(s) for s in ((3, 1, 3, 3), (4, 6, 3, 3), (10, 4)))
        partners = [3, 4, 5, 0, 1, 2]
        w1 = np.concatenate([first, first[:, :, ::-1, ::-1] if paired else first[::-1]])
        w2 = np.concatenate([second, second[:, partners][:, :, ::-1, ::-1] if paired else second[::-1]])
        assert not any(np.allclose(w, w[:, :, ::-1, ::-1]) for w in (w1, w2))
        return nn.Sequential(
            nn.Layer(nn.conv2d, w1, np.zeros(6), padding=1, flip=flip),
            nn.Layer(nn.relu),
            nn.Layer(nn.conv2d, w2, np.zeros(8), padding=1, flip=flip),
            nn.Layer(nn.relu),
            nn.Layer(nn.avg_pool2d, size=8),
            nn.Layer(nn.linear, np.concatenate([last, last], axis=1), np.zeros(10)),
        )

    def test_kernels_in_turned_pairs_hide_the_swap(self):
        images = np.random.default_rng(4).standard_normal((20, 1, 8, 8))
        for paired in (True, False):
            one, other = (self.network(flip, paired).forward(images) for flip in (False, True))
            assert np.allclose(one, other, rtol=0, atol=1e-9) == paired


def test_ten_padded_layers_differ_from_their_merger_in_nine_pixels():
    x, kernel = np.random.default_rng(5).integers(1, 9, 60), [1, 2, 1]
    chain, merged = x, np.array([1])
    for layers in range(1, 11):
        chain, merged = convolve(chain, kernel, mode="same"), convolve(merged, kernel)
        apart = np.flatnonzero(chain != convolve(x, merged, mode="same"))
        assert apart.tolist() == [*range(layers - 1), *range(61 - layers, 60)]


def test_two_filters_of_even_length_also_shift_if_each_is_cut():
    x, h, g = np.random.default_rng(6).integers(1, 9, 12), [1, 2], [3, 1]
    chain = convolve(convolve(x, h, mode="same"), g, mode="same")
    merged = convolve(x, convolve(h, g), mode="same")
    assert np.array_equal(chain[1:-1], merged[:-2]) and not np.array_equal(chain[1:-1], merged[1:-1])


def test_the_echo_makes_its_stretch_louder():
    """III-4: the number that the normalised score divides by is chance away from the echo, and not at it."""
    near, trials, length = 0, 200, 15
    rng = np.random.default_rng(7)
    for _ in range(trials):
        pulse, lag = rng.choice([-1.0, 1.0], length), rng.integers(600 - length + 1)
        x = rng.standard_normal(600)
        x[lag : lag + length] += 4 / np.sqrt(length) * pulse
        near += abs(sliding_window_view(x, length).var(axis=1).argmax() - lag) < length / 2
    assert near > 5 * trials * length / 600


def test_a_six_in_half_of_all_throws_is_not_enough_for_twelve():
    """II-3, claim B24: it takes other faces that are equally likely."""
    for others, favourite in ((np.full(5, 0.1), 12), (np.array([0.5, 0, 0, 0, 0]), 7)):
        die = np.append(others, 0.5)
        assert 2 + convolve(die, die).argmax() == favourite


def test_a_stride_in_between_spreads_the_second_filter():
    rng = np.random.default_rng(8)
    x, h, g = (rng.integers(-9, 10, n) for n in (30, 3, 4))
    spread = np.zeros(2 * len(g) - 1, dtype=int)
    spread[::2] = g
    chain = convolve(convolve(x, h)[::2], g)
    assert np.array_equal(chain, convolve(x, convolve(h, spread))[::2])
    assert not np.array_equal(chain, convolve(x, convolve(h, g))[::2][: len(chain)])


def test_lags_in_another_order_if_either_list_is_its_own_mirror_image():
    """IV-1, the quiz: plain spectra give the convolution; when is that the correlation, read differently?"""
    for x, h, alike in (
        ([1, 3, 5, 3, 1], [2, 7, 1], True),
        ([4, 0, 2, 1], [1, 5, 1], True),
        ([4, 0, 2], [2, 7, 1], False),
    ):
        assert (sorted(convolve(x, h)) == sorted(correlate(x, h))) == alike


def test_a_second_layer_need_not_widen_the_field():
    assert nn.receptive_field([3, 1]).size == nn.receptive_field([3]).size


def test_a_transposed_layer_with_dilation_lays_down_more_than_the_full_convolution():
    x, w = np.arange(1.0, 10).reshape(1, 1, 3, 3), np.arange(1.0, 5).reshape(1, 1, 2, 2)
    full = convolve(x[0, 0], w[0, 0])
    assert np.array_equal(nn.conv_transpose2d(x, w)[0, 0], full)
    assert nn.conv_transpose2d(x, w, dilation=2)[0, 0].shape != full.shape
    assert not np.allclose(nn.conv_transpose2d(x, w, flip=True)[0, 0], full)


def test_in_most_samples_of_the_sonar_there_is_more_echo_than_noise():
    rng = np.random.default_rng(5)
    rng.choice([-1.0, 1.0], 31)  # the pulse of III-4
    noise = rng.normal(0, 1, 600)[352 : 352 + 31]
    assert np.sum(np.abs(noise) < 0.9) == 24 and 0.9 < 1  # strength below sigma all the same


def test_a_sum_of_samples_does_not_change_when_they_wrap():
    x, h = np.arange(100), np.ones(20)
    assert np.isclose((np.fft.fft(x, 110) * np.fft.fft(h, 110))[0], np.fft.fft(np.convolve(x, h))[0])


def test_wieners_factor_need_not_be_small_where_it_is_small_beside_the_inverse():
    response, price = 0.01, 0.001  # |H|² is a tenth of the price
    factor = response / (response**2 + price)
    assert factor > 9 and factor * response < 0.1


def test_the_engine_that_the_planner_names_is_not_always_the_cheapest():
    made = plan(5000, 300)  # a spike must not drown samples far away
    assert min(made.costs, key=made.costs.get) == "whole-fft" != made.engine


def test_noise_gets_the_share_of_the_area_only_among_maps_that_have_any_mass():
    maps = (np.random.default_rng(0).random((20_000, 2, 2)) < 0.1).astype(float)
    inside = np.zeros(maps.shape, bool)
    inside[:, 0, 0] = True
    share = evidence_share(maps, inside)
    assert abs(share[maps.any((1, 2))].mean() - 1 / 4) < 0.01 and share.mean() < 0.15
