"""`receptive_field`: by hand, against the pixels that a gradient reaches, and for bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlib import nn
from convlib.nn import ReceptiveField, receptive_field

PLACES = 400
LAYER = st.tuples(st.integers(1, 5), st.integers(1, 3), st.integers(0, 2), st.integers(1, 3))


def pixels_read(layers, output):
    """The pixels of a long row to which the gradient of one output comes back, by conv2d's backward."""
    sizes, rows = [], np.ones((1, 1, 1, PLACES))
    for kernel, stride, padding, dilation in layers:
        sizes.append(rows)
        rows = nn.conv2d(rows, np.ones((1, 1, 1, kernel)), None, (1, stride), (0, padding), (1, dilation))
    back = np.zeros_like(rows)
    back[..., output] = 1
    for (kernel, stride, padding, dilation), x in zip(reversed(layers), reversed(sizes), strict=True):
        back = nn.conv2d_backward(back, x, np.ones((1, 1, 1, kernel)), (1, stride), (0, padding), (1, dilation))[0]
    return np.flatnonzero(back)


class TestReceptiveField:
    def test_by_hand(self):
        assert receptive_field([]) == ReceptiveField(size=1, jump=1, first=0) == (1, 1, 0)
        assert receptive_field([3]) == (3, 1, 0)
        assert receptive_field([3, 3, 3]) == (1 + 2 + 2 + 2, 1, 0)
        assert receptive_field([(2, 2)] * 4) == (16, 16, 0)
        assert receptive_field([(2, 1, 0, d) for d in (1, 2, 4, 8)]) == (16, 1, 0)
        assert receptive_field([(3, 2, 1), (3, 2, 1)]) == (1 + 2 * 1 + 2 * 2, 4, -1 - 2)

    def test_what_is_left_out(self):
        assert receptive_field([3, (3,), (3, 1), [3, 1, 0], np.array([3, 1, 0, 1])]) == (11, 1, 0)

    @given(st.lists(LAYER, min_size=1, max_size=3))
    def test_the_ends_are_those_of_the_gradient(self, layers):
        size, jump, first = receptive_field(layers)
        output = -(first // jump) + 2  # far enough from the border that no zero is read
        read = pixels_read(layers, output)
        assert read[0] == first + output * jump
        assert read[-1] - read[0] + 1 == size

    @given(st.lists(LAYER, min_size=1, max_size=3))
    def test_no_holes_without_dilation_and_with_strides_within_the_kernels(self, layers):
        layers = [(kernel, min(stride, kernel), padding, 1) for kernel, stride, padding, _ in layers]
        size, jump, first = receptive_field(layers)
        assert len(pixels_read(layers, -(first // jump) + 2)) == size

    def test_holes(self):
        gridding, beyond = [(3, 1, 0, 2)] * 3, [(1, 2, 0, 1), (2, 1, 0, 1)]
        assert pixels_read(gridding, 0).tolist() == [0, 2, 4, 6, 8, 10, 12]
        assert pixels_read(beyond, 0).tolist() == [0, 2]  # a stride of 2 beyond a kernel of 1
        assert [receptive_field(layers).size for layers in (gridding, beyond)] == [13, 3]

    def test_one_number_off_would_be_seen(self):
        layers = [(3, 2, 1, 1), (3, 1, 0, 2)]
        size, jump, _ = receptive_field([(3, 2, 1, 1), (3, 1, 0, 1)])  # the dilation is forgotten
        read = pixels_read(layers, 4)
        assert read[-1] - read[0] + 1 != size
        assert np.diff([pixels_read(layers, n)[0] for n in (4, 5)]) == jump

    @pytest.mark.parametrize("bad", [(0,), (), (3, 0), (3, 1, -1), (3, 1, 0, 0), (3, 1, 0, 1, 1), -1])
    def test_out_of_range(self, bad):
        with pytest.raises(ValueError) as error:
            receptive_field([3, bad])
        assert str(error.value) == (
            f"layer 2 is {bad!r}; allowed: a kernel, or (kernel, stride, padding, dilation), "
            "whole numbers of at least (1, 1, 0, 1)"
        )

    @pytest.mark.parametrize("bad", ["3", 3.0, None, (3, 1.5), {"kernel": 3}])
    def test_no_whole_numbers(self, bad):
        with pytest.raises(TypeError, match=r"layer 1 is .*; allowed: a kernel, or"):
            receptive_field([bad])
