"""What popular texts say of convolution, put to the test where no page does it: evidence of the ledger."""

from itertools import product

import numpy as np
import pytest

from convlib import convolve, correlate, nn

X, H = [2, 5, -1, 3, 1], [4, 2, 1]  # as in chapter III-1


def pairs(n):
    """Arrival and age of each product that counts at n."""
    return [(k, a) for k in range(len(X)) for a in range(len(H)) if k + a == n]


def test_equal_indices_give_one_number_for_all_moments():
    """f(τ)·g(τ): its pairs belong to the outputs 0, 2, 4, and no t is left that an output could have."""
    together = [(k, k) for k in range(len(H))]
    assert sum(X[k] * H[a] for k, a in together) == 17
    assert [k + a for k, a in together] == [0, 2, 4]
    assert all(pair in pairs(sum(pair)) for pair in together)


def test_an_output_takes_in_as_much_as_the_kernel_reaches():
    image = np.zeros((9, 9), dtype=int)
    image[0, 0] = 1
    for side, seen in ((3, False), (7, False), (9, True)):
        middle = convolve(image, np.ones((side, side), dtype=int), "same")[4, 4]
        assert bool(middle) == seen, side


def test_the_constraint_stands_without_a_flip():
    """Every product k, a goes to n = k + a: by echoes, in which nothing is read backwards, or in a plain table."""
    echoes = np.zeros(len(X) + len(H) - 1, dtype=int)
    for k, strength in enumerate(X):
        echoes[k : k + len(H)] += strength * np.array(H)
    table = np.outer(X, H)
    lines = [sum(table[k, a] for k, a in pairs(n)) for n in range(len(echoes))]
    assert echoes.tolist() == lines == convolve(X, H).tolist()


def test_a_flip_alone_imposes_nothing():
    """Read h backwards and form all products: what comes out does not know that anything was flipped."""
    assert np.outer(X, H[::-1]).sum() == np.outer(X, H).sum() == sum(X) * sum(H)


@pytest.mark.parametrize("n", range(7))
def test_folding_changes_the_drawing_and_no_pair(n):
    """Where the weights stand in the three drawings of chapter III-1, and which weight each arrival is joined to."""
    arrivals = [k for k, _ in pairs(n)]
    drawings = {"twisted": lambda a: a, "folded": lambda a: -a, "shifted": lambda a: n - a}
    bottoms = {}
    for name, place in drawings.items():
        where = {place(a): a for a in range(len(H))}
        joined = [where[place(n - k)] for k in arrivals]
        assert list(zip(arrivals, joined, strict=True)) == pairs(n), name
        bottoms[name] = [place(n - k) for k in arrivals]
    assert bottoms["twisted"] == sorted(bottoms["twisted"], reverse=True)  # all lines cross
    assert bottoms["folded"] == [k - n for k in arrivals]  # parallel
    assert bottoms["shifted"] == arrivals  # upright


def test_a_shift_is_kept_and_a_turn_is_not():
    """Two things as far apart as before stay as far apart in the output; a turned picture gives another output."""
    edge, thing = np.array([[1, 0, -1]]), np.array([[3, 1, 2], [0, 4, 1]])
    picture = np.zeros((8, 16), dtype=int)
    picture[1:3, 2:5] = picture[4:6, 9:12] = thing
    output = correlate(picture, edge, "same")
    assert np.array_equal(output[0:4, 1:6], output[3:7, 8:13]) and output[0:4, 1:6].any()

    turned = correlate(np.rot90(picture), edge, "same")
    assert not np.array_equal(turned, np.rot90(output))
    assert np.array_equal(correlate(np.rot90(picture), np.rot90(edge), "same"), np.rot90(output))


def test_one_output_does_not_tell_the_order_in_its_patch():
    box = np.ones((3, 3), dtype=int)
    patch = np.arange(9).reshape(3, 3)
    shuffled = np.random.default_rng(0).permutation(patch.ravel()).reshape(3, 3)
    assert not np.array_equal(patch, shuffled)
    assert correlate(patch, box, "valid") == correlate(shuffled, box, "valid")


def test_which_arrangements_pooling_makes_equal():
    """Two parts in 4 × 4 places, a channel for each: pooling keeps the windows and forgets the places within them."""
    places = list(product(range(4), repeat=2))
    pictures = np.zeros((256, 2, 4, 4))
    arrangements = list(product(places, repeat=2))
    for picture, both in zip(pictures, arrangements, strict=True):
        for channel, place in zip(picture, both, strict=True):
            channel[place] = 1

    def told_apart(pool, *options):
        """How many of the arrangements still differ, and one row of numbers for each."""
        rows = pool(pictures, *options).reshape(256, -1)
        return len(np.unique(rows, axis=0)), rows

    windows = np.array([[(row // 2, col // 2) for row, col in both] for both in arrangements]).reshape(256, -1)
    for pool in (nn.max_pool2d, nn.avg_pool2d):
        count, rows = told_apart(pool, 2)
        equal = (rows[:, None] == rows).all(2)
        # Equal exactly if each part lies in the same window as before: 16 groups of 16.
        assert np.array_equal(equal, (windows[:, None] == windows).all(2)) and count == 16
        # The face and the face upside down: lost within a window, kept from window to window.
        near, turned = arrangements.index(((0, 0), (1, 0))), arrangements.index(((1, 0), (0, 0)))
        far, other = arrangements.index(((0, 0), (2, 0))), arrangements.index(((2, 0), (0, 0)))
        assert equal[near, turned] and not equal[far, other]
        # Pooling again forgets it all; windows that overlap forget nothing.
        assert told_apart(pool, 4)[0] == 1
        assert told_apart(pool, 2, 1)[0] == 256
