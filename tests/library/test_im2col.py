"""How the layers cut images into tiles, and which of two ways each step of it takes."""

import tracemalloc
from itertools import product

import numpy as np
import pytest
from test_nn import DRAW, layer_by_loops, transposed_by_loops

from convlib import nn
from convlib.nn import im2col
from convlib.nn.fit import fit_windows


class TestTiles:
    @pytest.mark.parametrize(
        "shape, filters, groups", [((3, 8, 30, 40), (8, 2, 3, 3), 4), ((9, 2, 5, 4), (3, 2, 2, 2), 1)]
    )
    @pytest.mark.parametrize("room, fewest", [(1, 1), (1, 50), (10_000, 7), (2**20, 128), (2**25, 128)])
    def test_cover_every_output_once_and_keep_to_their_size(self, shape, filters, groups, room, fewest, monkeypatch):
        monkeypatch.setattr(im2col, "TILE_BYTES", room)
        monkeypatch.setattr(im2col, "FEWEST_COLUMNS", fewest)
        fit = fit_windows(shape, filters, groups=groups)
        hits = np.zeros((groups, shape[0], *fit.out), int)
        for g, n, (p, q) in product(*im2col.tiles(fit, 8)):
            hits[g, n, p, q] += 1
            columns = hits[g, n, p, q].size
            assert columns <= max(fewest, filters[0] // groups, room // (8 * fit.depth))
        assert (hits == 1).all()

    @pytest.mark.parametrize(
        "images, filters, options, expected",
        [
            ((64, 8, 14, 14), (16, 8, 3, 3), {"padding": 1}, True),
            ((4, 128, 56, 56), (128, 1, 3, 3), {"padding": 1, "groups": 128}, True),
            ((1, 64, 28, 28), (2, 64, 3, 3), {}, True),
            ((1, 64, 28, 28), (2, 64, 3, 3), {"stride": 2}, False),  # rows do not lie one behind the other
            ((1, 64, 28, 28), (2, 64, 1, 1), {}, False),  # nothing to copy
            ((1, 64, 112, 112), (2, 64, 3, 3), {"padding": 1}, False),  # four rows to a tile
            ((1, 3, 224, 224), (64, 3, 3, 3), {"padding": 1}, False),  # more filters than entries in one
            ((1, 512, 14, 14), (512, 512, 3, 3), {"padding": 1}, False),  # products in vain
        ],
    )
    def test_whole_rows_where_they_were_measured_to_be_faster(self, images, filters, options, expected):
        assert im2col.by_rows(fit_windows(images, filters, **options), 4) == expected

    def test_rows_with_more_images_than_a_tile_holds(self):
        """Five images, three to a tile: the last block is not full."""
        rng = DRAW(21)
        x, w = rng.standard_normal((5, 200, 8, 12)), rng.standard_normal((2, 200, 1, 2))
        fit = fit_windows(x.shape, w.shape)
        assert im2col.by_rows(fit, 8) and len(im2col.tiles(fit, 8)[1]) == 2
        np.testing.assert_allclose(nn.conv2d(x, w), layer_by_loops(x, w), atol=1e-12)

    @pytest.mark.parametrize("channels, filters, kernel", [(16, 16, 5), (1, 128, 3), (64, 2, 3)])
    def test_memory_is_bounded(self, channels, filters, kernel):
        """Written out whole, the windows would take kernel² times the images."""
        x, w = np.ones((2, channels, 150, 150), "f4"), np.ones((filters, channels, kernel, kernel), "f4")
        dy = nn.conv2d(x, w)
        backward = x.nbytes + max(x.nbytes, dy.nbytes)  # the gradient, and a padded copy of one or the other
        for run, arrays in ((lambda: nn.conv2d(x, w), dy.nbytes), (lambda: nn.conv2d_backward(dy, x, w), backward)):
            tracemalloc.start()
            run()
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert peak < arrays + 4 * im2col.TILE_BYTES


class TestTurning:
    @pytest.mark.parametrize("filters, turned", [(3, True), (6, True), (7, False), (30, False)])
    def test_the_input_gradient_with_filters_turned_or_products_added(self, filters, turned):
        rng = DRAW(23)
        x, w = rng.standard_normal((2, 3, 12, 10)), rng.standard_normal((filters, 3, 3, 2))
        dy = rng.standard_normal((2, filters, 10, 9))
        dx = nn.conv2d_backward(dy, x, w)[0]
        np.testing.assert_allclose(dx, transposed_by_loops(dy, w), atol=1e-13)
        mirrored = im2col.mirrored(fit_windows(x.shape, w.shape))
        assert mirrored.filters == (3, filters, 3, 2) if turned else mirrored is None

    def test_filters_are_not_turned_for_a_small_image(self):
        small, large = (im2col.mirrored(fit_windows((1, 64, n, n), (64, 64, 3, 3), padding=1)) for n in (7, 14))
        assert small is None and large is not None
