"""What the engines cost: counts by hand, with rates of which one is 1 and the others are 0."""

import itertools
import math

import numpy as np
import pytest

from convlib.engines import direct, fourier, overlap_save, separable, toeplitz, whole_fft
from convlib.engines.boxes import Box
from convlib.engines.plan import RATES

NAMES = sorted(RATES["d"])


def only(**rates):
    """Rates that count a single kind of operation, or a few."""
    return dict.fromkeys(NAMES, 0.0) | rates


def seconds(engine, h_shape, shape, size=8, **rates):
    """Seconds of an engine for outputs of that shape, of a signal that is as large."""
    return engine.cost(Box(shape, h_shape, (0,) * len(shape), shape), size, only(**rates))[0]


class TestDirect:
    def test_a_line(self):
        assert seconds(direct, (11,), (100,), short=1.0) == 1100
        assert seconds(direct, (11,), (100,), output=1.0) == 100
        assert seconds(direct, (11,), (100,), dot=1.0, inner=1.0) == 0
        assert seconds(direct, (12,), (100,), dot=1.0) == 1200
        assert seconds(direct, (12,), (100,), inner=1.0) == 100
        # Sixteen numbers of eight bytes at a time, or 32 of four; the rest one by one.
        assert seconds(direct, (47,), (100,), tail=1.0) == 1500
        assert seconds(direct, (47,), (100,), 4, tail=1.0) == 1500
        assert seconds(direct, (63,), (100,), 4, tail=1.0) == 3100
        assert seconds(direct, (48,), (100,), tail=1.0) == 0
        assert seconds(direct, (12,), (100,), short=1.0, output=1.0) == 0
        assert [seconds(direct, (k,), (100,), call=1.0) for k in (3, 30)] == [2, 2]

    def test_a_plane_gathers_its_windows(self):
        assert seconds(direct, (3, 3), (10, 20), gather=1.0) == 9 * 200
        assert seconds(direct, (3, 3), (10, 20), move=1.0) == 2 * 200
        # 2¹⁷ products at once: 65536 outputs of 9 terms are five bands.
        assert seconds(direct, (3, 3), (256, 256), call=1.0) == 8 + 8 * 5


class TestGemm:
    def test_a_line(self):
        # 16 columns, 16 + 31 − 1 = 46 rows; groups of 48 outputs, so that 100 leave 4.
        assert seconds(toeplitz, (31,), (100,), narrow=1.0) == 96 * 46
        assert seconds(toeplitz, (31,), (100,), store=1.0) == seconds(toeplitz, (31,), (100,), near=1.0) == 96
        # The outputs, and the matrix, whose entries are dear.
        assert seconds(toeplitz, (31,), (100,), move=1.0) == 96 + 12 * 46 * 16
        assert seconds(toeplitz, (31,), (100,), dot=1.0) == 4 * 31
        assert seconds(toeplitz, (31,), (100,), inner=1.0) == 4
        assert seconds(toeplitz, (31,), (100,), tail=1.0) == 4 * 15
        assert seconds(toeplitz, (31,), (100,), wide=1.0) == 0
        # 32 columns, 131 rows, groups of 160.
        assert seconds(toeplitz, (100,), (200,), wide=1.0) == 160 * 131
        assert seconds(toeplitz, (100,), (200,), narrow=1.0) == 0
        # Pieces of 65184 outputs: two of them.
        assert seconds(toeplitz, (31,), (100_000,), call=1.0) == 14 + 2 * 8

    def test_a_plane(self):
        # Four rows of outputs at once: 4 + 3 − 1 rows, each three times over.
        assert seconds(toeplitz, (3, 3), (64, 64), level=1.0) == 64 * 64 * 6 * 3
        assert seconds(toeplitz, (5, 3), (64, 64), level=1.0) == 64 * 64 * 8 * 3
        assert seconds(toeplitz, (3, 3), (64, 64), call=1.0) == 9 + 8
        # The piece, its rows with three shifts, and the outputs.
        assert seconds(toeplitz, (3, 3), (64, 64), move=1.0) == 66 * 66 + 64 * 64
        assert seconds(toeplitz, (3, 3), (64, 64), stack=1.0) == 66 * 64 * 3
        assert seconds(toeplitz, (3, 3), (64, 32), stack=1.0) == 66 * 32 * 3
        # 1024 rows in tiles of 76 and 1024 columns in tiles of 128; each tile reads 8 rows and columns more.
        assert toeplitz.tiling((9, 9), (1024, 1024), 8) == (76, 128)
        assert seconds(toeplitz, (9, 9), (1024, 1024), call=1.0) == 9 + 8 * 14 * 8
        read = (1024 + 14 * 8) * (1024 + 8 * 8)
        assert seconds(toeplitz, (9, 9), (1024, 1024), move=1.0) == read + 1024 * 1024
        assert seconds(toeplitz, (9, 9), (1024, 1024), stack=1.0) == (1024 + 14 * 8) * 1024 * 9

    def test_factors(self):
        # 64 + 16 outputs each way; 16 + 5 − 1 and 16 + 3 − 1 rows.
        assert separable.seconds((5, 3), (64, 64), 2, only(narrow=1.0)) == 80 * 80 * 2 * (20 + 18)
        assert separable.seconds((5, 3), (64, 64), 2, only(store=1.0)) == 80 * 80 * 2 * 2
        assert separable.seconds((5, 3), (64, 64), 2, only(move=1.0)) == 80 * 80 * (2 * 2 + 2) + 5 * 64
        assert separable.seconds((5, 3), (64, 64), 2, only(call=1.0)) == 40 + 40 + 12 + 30
        assert separable.seconds((5, 3), (64, 64), 2, only(near=1.0)) == 2 * 8 * 15
        assert separable.seconds((5, 3), (300, 64), 0, only(call=1.0)) == 40 + 3 * 12
        # A single row is not multiplied.
        assert separable.seconds((1, 3), (64, 64), 1, only(narrow=1.0)) == 80 * 80 * 18


def whole(x_shape, h_shape, shape, block, rate):
    return whole_fft.seconds(Box(x_shape, h_shape, (0,) * len(shape), shape), block, rate)


def best(h_shape, shape, rate):
    seconds, block = overlap_save.cost(Box(shape, h_shape, (0,) * len(shape), shape), 8, rate)
    return block, seconds


class TestTransforms:
    def test_a_line_in_one_piece(self):
        # Two arrays there and one back, 16 numbers, 4 doublings; a pass is half of there and back.
        # One line alone costs 2.5 times as much as one among others.
        assert whole((10,), (7,), (16,), (16,), only(fft=1.0, far=1.0)) == 2.5 * 3 * 16 * 4 / 2
        # Each pass copies, and the product and the outputs do.
        assert whole((10,), (7,), (16,), (16,), only(near=1.0)) == 3 * 16 + 2 * 16
        assert whole((10,), (7,), (16,), (16,), only(move=1.0)) == 0
        assert whole((10,), (7,), (16,), (16,), only(line=1.0)) == 3 / 2
        assert whole((10,), (7,), (16,), (16,), only(call=1.0)) == 26

    def test_rows_of_zeros_and_rows_that_are_dropped_are_not_transformed(self):
        # 16 rows of 32: of the image 8 rows are there, of the kernel 4, of the outputs 8 are kept.
        found = whole((8, 20), (4, 5), (8, 24), (16, 32), only(fft=1.0, far=1.0))
        there = [512 * (part * 5 + 4) / 2 for part in (8 / 16, 4 / 16)]
        back = 512 * (4 + 8 / 16 * 5) / 2
        assert found == sum(there) + back
        assert whole((8, 20), (4, 5), (8, 24), (16, 32), only(call=1.0)) == 46

    def test_beyond_the_cache(self):
        n = 2**18
        assert whole((n,), (n,), (n,), (n,), only(near=1.0)) == 0
        assert whole((n,), (n,), (n,), (n,), only(move=1.0)) == 5 * n
        # At 2²⁰ samples a doubling takes the far rate; at 2¹³ and below the near one.
        # A power of two as long as that costs two fifths more.
        for length, far in ((2**20, 1.4), (2**13, 0.0), (2**10, 0.0)):
            found = whole((length,), (length,), (length,), (length,), only(far=1.0))
            assert found == pytest.approx(far * 3 * length * math.log2(length) / 2)

    def test_the_best_block(self):
        # Without a price for calls, blocks of 4 with 2 outputs each: 7 there and back, and the kernel there.
        assert best((3,), (14,), only(fft=1.0, far=1.0)) == ((4,), 7 * 4 * 2 + 2.5 * 4)
        # Where only calls cost, any block will do: all fit the cache together.
        assert best((3,), (100,), only(call=1.0))[1] == 21 + 21
        # Rows that are not transformed are taken as many as there are, or as the cache holds.
        block, seconds = best((1, 3), (7, 100), only(call=1.0))
        assert block[0] == 7 and seconds == 42
        assert best((1, 101), (10**6, 900), only(call=1.0, fft=1e-3, far=1e-3))[0][0] == 2**17 // 1024

    def test_lengths_of_other_factors_cost_more(self):
        assert fourier.doublings(1024) == 18 and fourier.doublings(3 * 25) == 8 + 2.25 + 6
        assert fourier.doublings(2**15) == 23 and fourier.doublings(2**16) == 1.4 * 24
        even, other = (whole((n,), (n,), (n,), (n,), only(fft=1.0, far=1.0)) / n for n in (1024, 1000))
        assert other / even == pytest.approx(20 / 18 * math.log2(1000) / 10 * 18 / (8 + math.log2(1000)))

    def test_the_best_tile_is_found_among_all_pairs_of_lengths(self):
        """The same count by a loop: rows there, columns there; columns back, and of the rows what is kept."""
        (tall, wide), (rows, outputs), rate = (9, 5), (100, 300), RATES["d"]
        seconds = {}
        for n, m in itertools.product(overlap_save.lengths(tall, rows), overlap_save.lengths(wide, outputs)):
            count = -(-rows // (n - tall + 1)) * -(-outputs // (m - wide + 1))
            sides = [(np.array(float(n)), np.array(1.0)), (np.array(float(m)), np.array(1.0))]

            def one(length, numbers, sides=sides):
                return float(numbers * fourier.one_pass(np.array(float(length)), np.array(float(numbers)), sides, rate))

            there = one(m, count * n * m) + one(n, count * n * m)
            back = one(n, count * n * m) + one(m, count * n * m * (1 - (tall - 1) / n))
            kernel = one(m, tall * m) + one(n, n * m)
            groups = -(-count // max(1, 2**17 // (n * m)))
            moves = count * n * m * (rate["near"] + 4 * rate["move"])
            seconds[n, m] = there + back + kernel + moves + (36 * groups + 36) * rate["call"]
        least = min(seconds, key=seconds.__getitem__)
        block, cost = best((tall, wide), (rows, outputs), rate)
        assert block == least and cost == pytest.approx(seconds[least])

    def test_long_blocks_only_for_long_kernels(self):
        assert max(overlap_save.lengths(30_000, 10**7)) == 2**18
        assert max(overlap_save.lengths(200_000, 10**7)) == 3 * 2**17 < 5 * 200_000 / 2 < 2**19
        assert max(overlap_save.lengths(1000, 10**7)) == 2**16 <= 64 * 1000 + 8192
        # And none of which the kernel leaves less than a fifth.
        assert min(overlap_save.lengths(1000, 10**7)) == 5 * 2**8 >= 5 * 1000 / 4
        # One block for all outputs, or an eighth of them in each of eight.
        assert {fourier.fast_length(-(-9000 // parts) + 99) for parts in range(1, 9)} <= set(
            overlap_save.lengths(100, 9000)
        )

    @pytest.mark.parametrize(
        "n, axes, best",
        [(1000, 1, 1024), (270, 1, 288), (270, 2, 270), (20_000, 1, 20_480), (7, 1, 8), (243, 1, 256), (250, 1, 256),
         (8192, 1, 8192), (9000, 1, 9216)],
    )  # fmt: skip
    def test_the_length_that_is_fastest(self, n, axes, best):
        assert fourier.fast_length(n, axes) == best

    @pytest.mark.parametrize("k, m", [(3, 100), (100, 10**5), (5000, 6000), (900, 7), (31, 10**7)])
    def test_lengths_hold_the_kernel_and_one_output(self, k, m):
        lengths = overlap_save.lengths(k, m)
        assert lengths == sorted(set(lengths)) and lengths[0] >= k
        assert lengths[-1] <= max(64 * k + 8192, 2 * (k + m))
        products = [n for n in lengths if 2 ** (n.bit_length() - 1) != n]
        for n in products:
            for prime in (2, 3, 5):
                while n % prime == 0:
                    n //= prime
            assert n == 1

    def test_a_block_of_the_cheapest_size_is_found_among_all_lengths(self):
        """The same count by a loop over every length on offer."""
        k, m, rate = 1000, 10**6, RATES["d"]
        seconds = {}
        for n in overlap_save.lengths(k, m):
            count = -(-m // (n - k + 1))
            side, lines = np.array(float(n)), (count, 1)
            a_pass, alone = (fourier.one_pass(side, side * c, [(side, np.array(1.0))], rate) for c in lines)
            groups = -(-count // max(1, 2**17 // n))
            moves = count * n * (rate["near"] + 4 * rate["move"])
            seconds[n] = float(2 * count * n * a_pass + n * alone) + moves + (21 * groups + 21) * rate["call"]
        least = min(seconds, key=seconds.__getitem__)
        block, cost = best((k,), (m,), rate)
        assert block == (least,) and cost == pytest.approx(seconds[least])
