"""What a Stream takes, and what it refuses."""

import numpy as np
import pytest
from test_stream import cut, joined, noise

import convlib
from convlib import Stream


class TestInputs:
    def test_are_neither_kept_nor_modified(self):
        x, h = noise(3000), noise(1500, 1)
        expected = convlib.convolve(x, h)
        stream, buffer, outputs = Stream(h), np.empty(100), []
        h[:] = np.nan
        for block in np.split(x, 30):
            buffer[:] = block
            y = stream.process(buffer)
            assert (buffer == block).all() and not np.shares_memory(y, buffer)
            outputs.append(y)
            buffer[:] = np.nan
        whole = np.concatenate([*outputs, stream.flush()])
        np.testing.assert_allclose(whole, expected, rtol=0, atol=1e-10)

    def test_what_was_returned_may_be_overwritten(self):
        stream = Stream([1.0, 10.0])
        stream.process([1.0, 2.0])[:] = np.nan
        assert stream.process([3.0]).tolist() == [23.0]

    def test_any_memory_layout(self):
        x = noise((2, 600))
        read_only = x.copy()
        read_only.flags.writeable = False
        expected = joined(Stream([1.0, 2.0, 3.0]), [x])
        for same in (x.astype(">f8"), np.asfortranarray(x), read_only, np.repeat(x, 2, axis=1)[:, ::2]):
            whole = joined(Stream(np.array([1.0, 2.0, 3.0], ">f8")), cut(same, [100, 1]))
            assert whole.dtype == np.float64 and whole.dtype.isnative
            np.testing.assert_allclose(whole, expected, rtol=0, atol=1e-13)

    def test_a_block_of_a_smaller_type_is_converted(self):
        stream = Stream([1.0, 2.0])
        assert stream.process([0.5]).dtype == np.float64
        assert stream.process([1, 2]).tolist() == [2.0, 4.0]
        assert stream.process(np.array([True])).tolist() == [5.0]
        assert stream.process(np.array([1], np.float32)).dtype == np.float64

    def test_a_refused_type_leaves_no_trace(self):
        stream = Stream([1, 2])
        stream.process([1])
        with pytest.raises(TypeError) as caught:
            stream.process([0.5])
        assert str(caught.value) == (
            "x_block has dtype float64, which does not fit into the int64 that this stream began with; "
            "convert its blocks to one type, or flush first"
        )
        assert stream.process([1]).tolist() == [3]

    def test_unsigned_and_signed_do_not_mix(self):
        stream = Stream([1])
        stream.process(np.array([2**63 - 1], np.uint64))
        with pytest.raises(TypeError, match="int64, which does not fit into the uint64"):
            stream.process([1])


class TestBadInput:
    @pytest.mark.parametrize(
        "arguments, error, words",
        [
            (([],), ValueError, ["h is empty"]),
            ((3,), ValueError, ["h has shape ()", "(len_h,)", "(channels, len_h)"]),
            ((np.ones((1, 2, 3)),), ValueError, ["(1, 2, 3)", "allowed"]),
            ((["a"],), TypeError, ["h has dtype <U1"]),
            (([1], 0), ValueError, ["block is 0", "at least 1"]),
            (([1], -5), ValueError, ["block is -5"]),
            (([1], 2.5), TypeError, ["block is 2.5", "a whole number, at least 1"]),
        ],
    )
    def test_at_the_start(self, arguments, error, words):
        with pytest.raises(error) as caught:
            Stream(*arguments)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
        assert str(caught.value).startswith(("h is ", "h has ", "block is "))
        assert all(word in str(caught.value) for word in words)

    @pytest.mark.parametrize(
        "h, x, error, words",
        [
            ([1], 3.0, ValueError,
             ["x_block has shape () and h has shape (1,); allowed for x_block: (samples,) or (channels, samples)"]),
            ([1], np.ones((1, 1, 1)), ValueError, ["(1, 1, 1)"]),
            ([[1], [2]], [1], ValueError, ["(1,)", "h has shape (2, 1)", "allowed for x_block: (2, samples)"]),
            ([[1], [2]], [1, 2], ValueError, ["(2,)", "(2, samples)"]),
            ([[1], [2]], [[1]], ValueError, ["(1, 1)", "(2, samples)"]),
            ([[1], [2]], [], ValueError, ["(0,)", "(2, samples)"]),
            ([1], ["a"], TypeError, ["x_block has dtype <U1"]),
            ([1], [[1], [1, 2]], ValueError, ["x_block is ragged"]),
            ([1], np.ones((0, 3)), ValueError, ["x_block is empty", "(0, 3)"]),
        ],
    )  # fmt: skip
    def test_first_block(self, h, x, error, words):
        with pytest.raises(error) as caught:
            Stream(h).process(x)
        assert str(caught.value).startswith("x_block ")
        assert all(word in str(caught.value) for word in words)

    @pytest.mark.parametrize(
        "x, words",
        [
            ([1], ["(1,)", "(2, samples)", "flush"]),
            ([[1], [2], [3]], ["(3, 1)", "(2, samples)"]),
            ([], ["(0,)", "(2, samples)"]),
            (5, ["shape ()", "(2, samples)"]),
        ],
    )
    def test_later_block_of_another_shape(self, x, words):
        stream = Stream([1, 10])
        stream.process([[1], [2]])
        with pytest.raises(ValueError) as caught:
            stream.process(x)
        assert all(word in str(caught.value) for word in words)
        assert stream.process([[0], [0]]).tolist() == [[10], [20]]

    def test_later_block_after_one_channel_without_an_axis(self):
        stream = Stream([1])
        stream.process([1])
        for x in ([[1]], 5):
            with pytest.raises(ValueError, match=r"blocks of shape \(samples,\)"):
                stream.process(x)
