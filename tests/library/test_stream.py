"""Stream: hand-computed blocks, the one-shot result for any cut, memory, types and errors."""

import subprocess
import sys
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_ops import loop_convolve

import convlib
from convlib import Stream

fixed = settings(max_examples=60)
EPS = np.finfo(np.float64).eps


def cut(x, lengths):
    """Blocks of these lengths, and the rest as one more."""
    return np.split(x, np.minimum(np.cumsum(lengths), x.shape[-1]).astype(int), axis=-1)


def joined(stream, blocks):
    return np.concatenate(list(stream.over(blocks)), axis=-1)


def noise(shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


class TestByHand:
    def test_blocks_and_rest(self):
        stream = Stream([10, 1])
        assert stream.process([1, 2]).tolist() == [10, 20 + 1]
        assert stream.process([3]).tolist() == [30 + 2]
        assert stream.flush().tolist() == [3]

    def test_blocks_shorter_than_the_response(self):
        stream = Stream([1, 10, 100, 1000])
        assert [stream.process([n]).tolist() for n in (1, 2, 3, 4, 5)] == [
            [1],
            [2 + 10],
            [3 + 20 + 100],
            [4 + 30 + 200 + 1000],
            [5 + 40 + 300 + 2000],
        ]
        assert stream.flush().tolist() == [50 + 400 + 3000, 500 + 4000, 5000]

    def test_an_empty_block_changes_nothing(self):
        stream = Stream([10, 1])
        assert stream.process([]).shape == (0,)
        assert stream.process([1]).tolist() == [10]
        empty = stream.process([])
        assert empty.shape == (0,) and empty.dtype == np.int64
        assert stream.process([2]).tolist() == [21]
        assert stream.flush().tolist() == [2]

    def test_one_tap_leaves_no_rest(self):
        stream = Stream([3])
        assert stream.process([1, 2]).tolist() == [3, 6]
        rest = stream.flush()
        assert rest.shape == (0,) and rest.dtype == np.int64

    def test_after_flush_a_new_signal_begins(self):
        stream = Stream([10, 1])
        assert joined(stream, [[1, 2]]).tolist() == [10, 21, 2]
        assert stream.flush().shape == (0,)
        assert joined(stream, [[[5.0], [6.0]]]).tolist() == [[50, 5], [60, 6]]
        assert stream.process([1]).dtype == np.int64

    def test_a_stream_without_samples_has_no_rest(self):
        assert [y.tolist() for y in Stream([1, 2]).over([])] == [[]]
        stream = Stream([[1.0, 2], [3, 4]])
        stream.process(np.empty((2, 0)))
        assert stream.flush().shape == (2, 0) and stream.flush().dtype == np.float64

    def test_channels_share_a_response_or_have_their_own(self):
        x = [[1, 2], [3, 4]]
        assert joined(Stream([10, 1]), [x]).tolist() == [[10, 21, 2], [30, 43, 4]]
        assert joined(Stream([[10, 1], [0, 5]]), [x]).tolist() == [[10, 21, 2], [0, 15, 20]]
        assert joined(Stream([[10, 1]]), [[[1, 2]]]).tolist() == [[10, 21, 2]]

    def test_over_is_lazy(self):
        taken = []

        def source():
            for block in ([1], [2]):
                taken.append(block)
                yield block

        outputs = Stream([10, 1]).over(source())
        assert taken == []
        assert next(outputs).tolist() == [10] and taken == [[1]]
        assert [y.tolist() for y in outputs] == [[21], [2]]

    def test_blocks_of_their_own_default(self):
        assert Stream(np.ones(3)).block == 65536
        assert Stream(np.ones((2, 10_000))).block == 80_000
        assert Stream([1], 7).block == 7 and Stream([1], block=np.int8(1)).block == 1

    def test_objects_stay_exact(self):
        third = Fraction(1, 3)
        x = np.array([third, 2 * third, third], object)
        assert joined(Stream([1, 1]), cut(x, [1])).tolist() == [third, 1, 1, third]
        exact = joined(Stream(np.array([2**70, 1], object)), [[1], [2]])
        assert exact.tolist() == [2**70, 2**71 + 1, 2]


class TestEqualToTheWhole:
    @fixed
    @given(
        st.lists(st.integers(-99, 99), min_size=1, max_size=40),
        st.lists(st.integers(-99, 99), min_size=1, max_size=12),
        st.lists(st.integers(0, 9), max_size=12),
        st.none() | st.integers(1, 9),
    )
    def test_integers_exactly_for_any_cut(self, x, h, lengths, block):
        x, h = np.array(x), np.array(h)
        outputs = list(Stream(h, block).over(cut(x, lengths)))
        assert [y.size for y in outputs[:-1]] == [b.size for b in cut(x, lengths)]
        assert outputs[-1].size == h.size - 1
        whole = np.concatenate(outputs)
        assert whole.dtype == np.int64
        assert whole.tolist() == loop_convolve(x, h).tolist() == convlib.convolve(x, h).tolist()

    @fixed
    @given(
        st.integers(1, 9000),
        st.sampled_from([1, 2, 63, 700, 1024, 1025, 3000, 9000]),
        st.lists(st.sampled_from([0, 1, 30, 127, 128, 129, 375, 376, 1000, 4000]), max_size=20),
        st.sampled_from([None, 1000, 4000]),
    )
    def test_floats_within_the_bound_for_any_cut(self, len_x, len_h, lengths, block):
        x, h = noise(len_x), noise(len_h, 1)
        whole = joined(Stream(h, block), cut(x, lengths))
        # log2 of a block and a few sums, over the whole signal, which is one or two blocks here.
        bound = 40 * EPS * np.linalg.norm(x) * np.linalg.norm(h)
        np.testing.assert_allclose(whole, convlib.convolve(x, h), rtol=0, atol=bound)

    @pytest.mark.parametrize("dtypes", ["ff", "dd", "gg", "FF", "DD", "fD", "Df", "df", "if", "di", "ee", "?d"])
    @pytest.mark.parametrize("len_h", [5, 2000])
    def test_types_and_values(self, dtypes, len_h):
        x, h = noise(4096) * 4, noise(len_h, 1)
        x, h = (a.astype(t) for a, t in zip((x, h), dtypes, strict=True))
        if dtypes[0] in "FD":
            x *= 1 + 2j
        expected = convlib.convolve(x, h)
        whole = joined(Stream(h), cut(x, [40] * 20 + [1000, 3] + [60] * 20))
        assert whole.dtype == expected.dtype
        eps = np.finfo(expected.dtype).eps
        bound = 40 * float(eps) * np.linalg.norm(x.astype(complex)) * np.linalg.norm(h.astype(complex))
        np.testing.assert_allclose(whole, expected, rtol=0, atol=bound)

    @pytest.mark.parametrize("dtypes", ["bB", "BB", "?H", "lL", "LL", "??"])
    def test_integer_types(self, dtypes):
        x, h = (np.array([1, 0, 1, 1]).astype(t) for t in dtypes)
        whole = joined(Stream(h), [x, x[:1], x[:0]])
        expected = convlib.convolve(np.append(x, x[:1]), h)
        assert whole.dtype == expected.dtype and whole.tolist() == expected.tolist()

    def test_many_short_blocks_of_a_long_response_and_long_ones_between(self):
        x, h = noise(30_000), noise(4096, 1) * np.exp(-np.arange(4096) / 500)
        lengths = [64] * 100 + [5000] + [1, 7, 512, 513, 0, 511] * 3 + [100] * 50
        whole, expected = joined(Stream(h), cut(x, lengths)), convlib.convolve(x, h)
        bound = 40 * EPS * np.linalg.norm(x[:20_000]) * np.linalg.norm(h)
        np.testing.assert_allclose(whole, expected, rtol=0, atol=bound)

    def test_channels_are_computed_apart(self):
        x, h = noise((3, 5000)), noise((3, 1500), 1)
        whole = joined(Stream(h), cut(x, [100] * 30 + [900]))
        for x_row, h_row, y in zip(x, h, whole, strict=True):
            np.testing.assert_allclose(y, convlib.convolve(x_row, h_row), rtol=0, atol=1e-10)

    @pytest.mark.parametrize("lengths", [[], [50] * 400, [3000] * 7])
    def test_a_spike_does_not_drown_samples_far_away(self, lengths):
        x, h = noise(20_000), noise(1100, 1)
        x[500] = 1e12
        whole = joined(Stream(h, 1000), cut(x, lengths))
        far = slice(8000, None)  # more than a block of eight lengths away
        bound = 40 * EPS * np.linalg.norm(x[1000:]) * np.linalg.norm(h)
        exact = np.convolve(x, h)
        np.testing.assert_allclose(whole[far], exact[far], rtol=0, atol=bound)


class TestWork:
    """What is convolved with how many taps; the sizes are counted by hand."""

    def sizes(self, monkeypatch, h, blocks, warm=2000):
        stream, sizes = Stream(h), []
        stream.process(np.ones(warm, blocks[0].dtype))
        original = convlib.stream.convolve

        def spy(x, h, *mode):
            sizes.append((x.size, h.size))
            return original(x, h, *mode)

        def no_more(x_type, h_type):
            return np.result_type(x_type, h_type)

        monkeypatch.setattr(convlib.stream, "convolve", spy)
        monkeypatch.setattr(convlib.stream, "_result_type", no_more)
        for block in blocks:
            stream.process(block)
        return sizes

    def test_two_short_blocks_share_the_past(self, monkeypatch):
        block = np.ones(64)
        sizes = self.sizes(monkeypatch, np.ones(1024), [block] * 4)
        first, second = (64, 128), (128, 128)  # with what came since, and the first eighth of h
        assert sizes == [(1023, 1024), first, second, (1023, 1024), first, second]

    def test_a_block_over_the_end_of_an_echo_is_split(self, monkeypatch):
        blocks = [np.ones(n) for n in (60, 60, 20)]
        sizes = self.sizes(monkeypatch, np.ones(1024), blocks)
        past = (1023, 1024)
        assert sizes == [past, (60, 128), (120, 128), (127 + 1, 128), past, (12, 128)]

    def test_a_longer_block_meets_the_whole_response(self, monkeypatch):
        assert self.sizes(monkeypatch, np.ones(1024), [np.ones(65)]) == [(1023 + 65, 1024)]

    @pytest.mark.parametrize("h", [np.ones(1023), np.ones(1024, int), np.ones(1024, np.float16)])
    def test_short_responses_and_other_types_do_not_share(self, monkeypatch, h):
        block = np.ones(8, h.dtype)
        assert self.sizes(monkeypatch, h, [block] * 2) == [(h.size + 7, h.size)] * 2

    def test_a_long_echo_is_shared_again(self, monkeypatch):
        sizes = self.sizes(monkeypatch, np.ones(8192), [np.ones(8)] * 128, warm=8192)
        # The whole past once; what came since it, each time that another 128 samples have come.
        assert [n for n, k in sizes if k == 8192] == [8191]
        assert [n for n, k in sizes if k == 1024] == [128, 256, 384, 512, 640, 768, 896]
        assert sum(n * k for n, k in sizes) < 8192 * 8192 + 8 * 1024 * 1024 + 128 * 128 * 136

    def test_a_long_block_is_cut(self, monkeypatch):
        stream, sizes = Stream(np.ones(100), block=1000), []
        original = convlib.stream.convolve
        stream.process(np.ones(1))
        monkeypatch.setattr(convlib.stream, "convolve", lambda x, h, *m: sizes.append(x.size) or original(x, h, *m))
        stream.process(np.ones(2500))
        assert sizes[-3:] == [1001, 1099, 599]


class TestNotFinite:
    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
    @pytest.mark.parametrize("lengths", [[], [7] * 9, [20] * 300, [400] * 10])
    @pytest.mark.parametrize("len_h", [3, 1200])
    def test_spoils_only_what_its_window_touches(self, bad, lengths, len_h):
        x, h = noise(6000), np.abs(noise(len_h, 1))
        x[2500] = bad
        whole = joined(Stream(h), cut(x, lengths))
        spoilt = np.flatnonzero(~np.isfinite(whole))
        assert spoilt.tolist() == list(range(2500, 2500 + len_h))

    @pytest.mark.parametrize("lengths", [[], [1] * 9, [100] * 20])
    @pytest.mark.parametrize("len_h", [4, 2000])
    def test_in_the_response(self, lengths, len_h):
        """Before its delay has passed, an infinity in h meets nothing, not even zeros."""
        x, h = np.abs(noise(3000)) + 1, np.abs(noise(len_h, 1))
        h[3] = np.inf
        whole = joined(Stream(h), cut(x, lengths))
        assert np.isfinite(whole[:3]).all() and (whole[3 : 3 + 3000] == np.inf).all()
        assert np.isfinite(whole[3 + 3000 :]).all()

    def test_in_one_channel_only(self):
        x = np.ones((2, 8))
        x[0, 3] = np.nan
        whole = joined(Stream([1.0, 1, 1]), cut(x, [2, 2]))
        assert np.argwhere(np.isnan(whole)).tolist() == [[0, 3], [0, 4], [0, 5]]


class TestIntegersThatDoNotFit:
    def test_the_block_with_the_window_raises_and_the_stream_goes_on(self):
        stream, big = Stream([1, 1]), 2**62
        assert stream.process([big]).tolist() == [big]
        with pytest.raises(OverflowError, match="limit 9223372036854775807"):
            stream.process([0, big, big])
        assert stream.process([0]).tolist() == [big]  # as if the refused block had not come
        assert stream.process([big]).tolist() == [big]
        assert stream.flush().tolist() == [big]

    def test_no_channel_has_taken_what_another_refused(self):
        stream = Stream([[1, 10], [2**62, 1]])
        assert stream.process([[1], [1]]).tolist() == [[1], [2**62]]
        with pytest.raises(OverflowError):
            stream.process([[5], [5]])
        assert stream.process([[2], [0]]).tolist() == [[12], [1]]

    def test_a_refused_first_block_leaves_no_trace(self):
        stream = Stream([2, 2])
        with pytest.raises(OverflowError):
            stream.process([[2**62]])
        assert stream.flush().shape == (0,)
        assert stream.process([0.5]).tolist() == [1.0]

    def test_windows_are_checked_and_not_the_whole_signal(self):
        x, h = np.array([2**40] + [0] * 50 + [2**40] * 9), np.array([2**22] * 9)
        with pytest.raises(OverflowError):
            convlib.convolve(x, h)
        stream = Stream(h, block=1)
        assert stream.process(x[:51]).tolist() == [2**62] * 9 + [0] * 42
        with pytest.raises(OverflowError):
            stream.process(x[51:])


MEMORY = """
import resource, sys
import numpy as np
import convlib

len_h, samples, length = map(int, sys.argv[1:])
h = np.random.default_rng(1).standard_normal(len_h)
blocks = np.random.default_rng(0).standard_normal((8, length))
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
convlib.Stream(h).process(blocks[0, :1])  # what the first use of anything loads
convlib.convolve(np.ones(3000), np.ones(2000))
before = peak()
for y in convlib.Stream(h).over(blocks[i % 8] for i in range(samples // length)):
    pass
print(peak() - before)
"""


class TestMemory:
    def test_a_long_signal_takes_no_more_than_a_short_one(self):
        """Ten million samples and ten thousand taps: at most 16 MB beyond the blocks."""
        pytest.importorskip("resource")  # only where the system counts
        command = [sys.executable, "-c", MEMORY, "10000", "10000000", "100000"]
        ran = subprocess.run(command, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        assert float(ran.stdout) <= 16

    def test_one_long_block_is_computed_in_pieces(self):
        x, h = noise(1_000_000), noise(500, 1)
        stream = Stream(h)
        stream.process(x[:1000])
        tracemalloc.start()
        y = stream.process(x)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak - y.nbytes <= 8 * 2**20

    def test_what_is_kept_does_not_grow(self):
        x, stream = noise(20_000), Stream(noise(3000, 1))
        kept = []
        tracemalloc.start()
        for i in range(6):
            for block in np.split(x, 2 if i % 2 else 100):
                stream.process(block)
            kept.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
        assert max(kept) <= 400_000  # the past, the echo, and the same for each shorter response
