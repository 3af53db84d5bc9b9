"""What the sources claim, put to the test."""

from itertools import product

import numpy as np

from convlib import nn


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
