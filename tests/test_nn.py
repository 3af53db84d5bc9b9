"""The layers of `convlib.nn`: against hand-computed values, loops, gradients by differences, and one another."""

import re
import tracemalloc
from ast import Slice, UnaryOp, parse, walk
from itertools import cycle, product
from pathlib import Path

import numpy as np
import pytest

import convlib
from convlib import nn
from convlib.nn import shapes, taps, tiles

DRAW = np.random.default_rng


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def zeros_around(kernel, padding, dilation):
    """Zeros before and after along one axis."""
    if padding == "same":
        total = dilation * (kernel - 1)
        return total // 2, total - total // 2
    return (0, 0) if padding == "valid" else (padding, padding)


def layer_by_loops(x, w, b=None, stride=1, padding=0, dilation=1, groups=1, flip=False):
    """Every sum written out. The convolution has its own index; nothing is flipped for it."""
    both = padding if isinstance(padding, tuple) else (padding, padding)
    (sh, sw), (dh, dw), (kh, kw) = pair(stride), pair(dilation), w.shape[2:]
    (above, below), (left, right) = map(zeros_around, (kh, kw), both, (dh, dw))
    x = np.pad(x, ((0, 0), (0, 0), (above, below), (left, right)))
    high, wide = (x.shape[2] - dh * (kh - 1) - 1) // sh + 1, (x.shape[3] - dw * (kw - 1) - 1) // sw + 1
    filters, channels = len(w) // groups, w.shape[1]
    y = np.zeros((len(x), len(w), high, wide))
    for n, f, p, q in np.ndindex(y.shape):
        first = f // filters * channels
        for c, i, j in np.ndindex(w.shape[1:]):
            if flip:  # convolution: the window is read from its end
                pixel = x[n, first + c, p * sh + (kh - 1 - i) * dh, q * sw + (kw - 1 - j) * dw]
            else:
                pixel = x[n, first + c, p * sh + i * dh, q * sw + j * dw]
            y[n, f, p, q] += pixel * w[f, c, i, j]
    return y if b is None else y + np.reshape(b, (-1, 1, 1))


def transposed_by_loops(x, w, stride=1, padding=0, dilation=1, groups=1, flip=False, output_padding=0):
    """Lay down one copy of the filter per entry of x, then cut the border off."""
    both = padding if isinstance(padding, tuple) else (padding, padding)
    (sh, sw), (dh, dw), (kh, kw), extra = pair(stride), pair(dilation), w.shape[2:], pair(output_padding)
    (above, below), (left, right) = map(zeros_around, (kh, kw), both, (dh, dw))
    high = (x.shape[2] - 1) * sh + dh * (kh - 1) + 1 + extra[0]
    wide = (x.shape[3] - 1) * sw + dw * (kw - 1) + 1 + extra[1]
    y = np.zeros((len(x), w.shape[1] * groups, high, wide))
    for n, c, p, q in np.ndindex(x.shape):
        first = c // (len(w) // groups) * w.shape[1]
        for f, i, j in np.ndindex(w.shape[1:]):
            a, b = (kh - 1 - i, kw - 1 - j) if flip else (i, j)
            y[n, first + f, p * sh + a * dh, q * sw + b * dw] += x[n, c, p, q] * w[c, f, i, j]
    return y[:, :, above : high - below, left : wide - right]


def by_differences(loss, at, step=1e-5):
    """Central differences: the gradient without any calculus."""
    gradient = np.zeros_like(at)
    for i in np.ndindex(at.shape):
        kept = at[i]
        at[i] = kept + step
        above = loss()
        at[i] = kept - step
        gradient[i] = (above - loss()) / (2 * step)
        at[i] = kept
    return gradient


STRIDES = (1, 2, 3, (1, 2), (3, 1))
PADDINGS = (0, 1, 2, (2, 0), "same", "valid")
DILATIONS = (1, 2, (2, 1), (1, 3))
GEOMETRIES = [g for g in product(STRIDES, PADDINGS, DILATIONS) if g[1] != "same" or g[0] == 1]
OPTIONS = [
    {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups, "flip": flip}
    for (stride, padding, dilation), groups, flip in zip(
        GEOMETRIES, cycle((1, 2, 4)), cycle((False, False, False, True, True, True)), strict=False
    )
]
every_option = pytest.mark.parametrize("options", OPTIONS, ids=lambda o: "-".join(map(str, o.values())))


@pytest.fixture
def small_tiles(monkeypatch):
    """Small images fit one tile; now they are cut along groups, images, rows and columns."""
    monkeypatch.setattr(shapes, "TILE_BYTES", 1)
    monkeypatch.setattr(shapes, "FEWEST_COLUMNS", 9)


@pytest.fixture
def whole_rows(monkeypatch):
    """Wherever the stride is 1, windows are copied in whole rows."""
    monkeypatch.setattr(shapes, "FEWEST_ROWS", 0)
    monkeypatch.setattr(shapes, "SHORT_COPY", np.inf)


@pytest.fixture(params=["large tiles", "small tiles", "rows of large tiles", "rows of small tiles"])
def tile_sizes(request):
    if "small tiles" in request.param:
        request.getfixturevalue("small_tiles")
    if "rows" in request.param:
        request.getfixturevalue("whole_rows")


def arrays(options, rng, n=2, high=8, wide=7):
    """Images of four channels and four filters of 3 × 2 that suit the options."""
    return rng.standard_normal((n, 4, high, wide)), rng.standard_normal((4, 4 // options["groups"], 3, 2))


class TestConv2d:
    def test_by_hand(self):
        x, w = np.array([[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]]), np.array([[[[1, 0], [2, 10]]]])
        assert nn.conv2d(x, w).tolist() == [[[[1 + 8 + 50, 2 + 10 + 60], [4 + 14 + 80, 5 + 16 + 90]]]]
        assert nn.conv2d(x, w, flip=True)[0, 0, 0, 0] == 1 * 10 + 2 * 2 + 4 * 0 + 5 * 1

    def test_channels_add_up_and_every_filter_gives_one(self):
        x, w = np.array([[[[2]], [[3]]]]), np.array([[[[10]], [[100]]], [[[1]], [[1]]]])
        assert nn.conv2d(x, w, [0, 7]).tolist() == [[[[2 * 10 + 3 * 100]], [[2 + 3 + 7]]]]

    def test_groups_do_not_see_one_another(self):
        x, w = np.array([[[[2]], [[3]]]]), np.array([[[[10]]], [[[100]]]])
        assert nn.conv2d(x, w, groups=2).tolist() == [[[[20]], [[300]]]]

    def test_a_filter_for_each_channel_alone(self):
        """Two filters for each of two channels; the corners of x are 1, 2, 3, 4 and 10, 20, 30, 40."""
        x = np.array([[[[1, 2], [3, 4]], [[10, 20], [30, 40]]]])
        w = np.array([[[[1, 0]]], [[[1, 1]]], [[[0, 1]]], [[[1, -1]]]])
        expected = [[[1], [3]], [[3], [7]], [[20], [40]], [[-10], [-10]]]
        assert nn.conv2d(x, w, groups=2).tolist() == [expected]
        assert nn.conv2d(x, w, padding=(0, 1), groups=2)[0, 1].tolist() == [[1, 3, 2], [3, 7, 4]]

    def test_same_pads_an_odd_total_once_more_below_and_right(self):
        y = nn.conv2d(np.ones((1, 1, 1, 3)), np.array([[[[1, 10]]]]), padding="same")
        assert y.tolist() == [[[[11, 11, 1]]]]

    @every_option
    def test_equals_the_loops(self, options, tile_sizes):
        rng = DRAW(0)
        (x, w), b = arrays(options, rng), rng.standard_normal(4)
        np.testing.assert_allclose(nn.conv2d(x, w, b, **options), layer_by_loops(x, w, b, **options), atol=1e-13)

    @pytest.mark.parametrize("flip", [False, True])
    @pytest.mark.parametrize("kernel", [(1, 1), (1, 4), (5, 5), (4, 2)])
    def test_one_channel_is_convlib(self, kernel, flip):
        rng, other = DRAW(1), convlib.convolve if flip else convlib.correlate
        image, w = rng.standard_normal((9, 8)), rng.standard_normal(kernel)
        y = nn.conv2d(image[None, None], w[None, None], flip=flip)[0, 0]
        np.testing.assert_allclose(y, other(image, w, "valid"), atol=1e-13)

    @pytest.mark.parametrize("kind", ["float32", "float64"])
    def test_keeps_the_type(self, kind):
        rng = DRAW(2)
        x, w, b = (rng.standard_normal(s).astype(kind) for s in ((3, 5, 40, 30), (7, 5, 3, 3), (7,)))
        y = nn.conv2d(x, w, b, padding=1)
        assert y.dtype == kind and y.flags.c_contiguous
        reference = nn.conv2d(x.astype(float), w.astype(float), b.astype(float), padding=1)
        np.testing.assert_allclose(y, reference, atol=60 * np.finfo(kind).eps)
        assert {g.dtype.name for g in nn.conv2d_backward(y, x, w, padding=1)} == {kind}

    def test_types_that_meet(self):
        x = np.ones((1, 1, 2, 2))
        assert nn.conv2d(x.astype("f4"), x).dtype == np.float64
        assert nn.conv2d(x.astype(int), x.astype("u1"), [True]).dtype == np.float64
        assert nn.conv2d(x.astype("u1"), x.astype("f4")).dtype == np.float32
        swapped = nn.conv2d(x.astype(">f4"), x.astype(">f4"))
        assert swapped.dtype == np.float32 and swapped.dtype.isnative and swapped.item() == 4

    def test_layout_of_the_arguments_does_not_matter_and_they_are_not_changed(self):
        rng = DRAW(3)
        x, w, dy = (
            rng.standard_normal((2, 4, 9, 8)),
            rng.standard_normal((6, 4, 3, 3)),
            rng.standard_normal((2, 6, 7, 6)),
        )
        kept = [array.copy() for array in (x, w, dy)]
        odd = [np.asfortranarray(np.repeat(array, 2, axis=-1))[..., ::2] for array in (x, w, dy)]
        for array in (*odd, x, w, dy):
            array.setflags(write=False)
        np.testing.assert_allclose(nn.conv2d(*odd[:2]), nn.conv2d(x, w), atol=1e-13)
        results = nn.conv2d_backward(odd[2], *odd[:2]), nn.conv2d_backward(dy, x, w)
        for strange, plain in zip(*results, strict=True):
            np.testing.assert_allclose(strange, plain, atol=1e-13)
        for now, before in zip((x, w, dy), kept, strict=True):
            assert (now == before).all()

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    @pytest.mark.parametrize("column", [5, 8])
    def test_a_bad_pixel_spoils_the_windows_that_hold_it(self, bad, column, tile_sizes):
        x = np.ones((2, 3, 9, 9), "f4")
        x[1, 2, 4, column] = bad
        y = nn.conv2d(x, np.ones((2, 3, 3, 3), "f4"), padding=1)
        spoilt = np.zeros(y.shape, bool)
        spoilt[1, :, 3:6, column - 1 : column + 2] = True
        assert (~np.isfinite(y) == spoilt).all()

    def test_rows_with_more_images_than_a_tile_holds(self):
        """Five images, three to a tile: the last block is not full."""
        rng = DRAW(21)
        x, w = rng.standard_normal((5, 200, 8, 12)), rng.standard_normal((2, 200, 1, 2))
        fit = shapes.fit_windows(x.shape, w.shape)
        assert fit.by_rows(8) and len(fit.tiles(8)[1]) == 2
        np.testing.assert_allclose(nn.conv2d(x, w), layer_by_loops(x, w), atol=1e-12)

    def test_filters_that_lie_in_memory_from_back_to_front(self):
        rng = DRAW(22)
        x, w = rng.standard_normal((1, 2, 6, 6)), rng.standard_normal((2, 1, 3, 3))[..., ::-1, ::-1]
        np.testing.assert_allclose(nn.conv2d(x, w, groups=2), layer_by_loops(x, w, groups=2), atol=1e-13)

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
            assert peak < arrays + 4 * shapes.TILE_BYTES


class TestGradients:
    @every_option
    def test_by_differences(self, options, small_tiles):
        rng = DRAW(4)
        (x, w), b = arrays(options, rng, n=1, high=6, wide=5), rng.standard_normal(4)
        dy = rng.standard_normal(nn.conv2d(x, w, b, **options).shape)
        gradients = nn.conv2d_backward(dy, x, w, **options)
        for gradient, at in zip(gradients, (x, w, b), strict=True):
            measured = by_differences(lambda: (dy * nn.conv2d(x, w, b, **options)).sum(), at)
            np.testing.assert_allclose(gradient, measured, rtol=0, atol=1e-8)

    @pytest.mark.parametrize("filters, turned", [(3, True), (6, True), (7, False), (30, False)])
    def test_the_input_gradient_with_filters_turned_or_products_added(self, filters, turned, monkeypatch):
        rng = DRAW(23)
        x, w = rng.standard_normal((2, 3, 12, 10)), rng.standard_normal((filters, 3, 3, 2))
        dy = rng.standard_normal((2, filters, 10, 9))
        dx = nn.conv2d_backward(dy, x, w)[0]
        np.testing.assert_allclose(dx, transposed_by_loops(dy, w), atol=1e-13)
        mirrored = shapes.fit_windows(x.shape, w.shape).mirrored()
        assert mirrored.filters == (3, filters, 3, 2) if turned else mirrored is None

    def test_filters_are_not_turned_for_a_small_image(self):
        small, large = (shapes.fit_windows((1, 64, n, n), (64, 64, 3, 3), padding=1) for n in (7, 14))
        assert small.mirrored() is None and large.mirrored() is not None

    def test_the_input_gradient_is_a_full_convolution(self):
        rng = DRAW(5)
        x, w, dy = rng.standard_normal((6, 7)), rng.standard_normal((3, 2)), rng.standard_normal((4, 6))
        dx, dw, _ = (g.squeeze() for g in nn.conv2d_backward(*(a[None, None] for a in (dy, x, w))))
        np.testing.assert_allclose(dx, convlib.convolve(dy, w, "full"), atol=1e-13)
        np.testing.assert_allclose(dw, convlib.correlate(x, dy, "valid"), atol=1e-13)

    def test_without_the_flip_the_check_fails(self):
        rng = DRAW(6)
        x, w, dy = rng.standard_normal((6, 7)), rng.standard_normal((3, 2)), rng.standard_normal((4, 6))
        dx = nn.conv2d_backward(*(a[None, None] for a in (dy, x, w)))[0][0, 0]
        assert np.abs(dx - convlib.correlate(dy, w, "full")).max() > 0.1

    def test_a_bad_pixel_spoils_the_entries_that_meet_it(self):
        """A pixel of the first column meets only the first column of a filter, however the rows lie."""
        x, w, dy = np.zeros((1, 2, 3, 3)), np.ones((2, 1, 2, 2)), np.ones((1, 2, 2, 2))
        x[0, 1, 1, 0] = np.nan
        dw = nn.conv2d_backward(dy, x, w, groups=2)[1]
        assert np.isnan(dw).tolist() == [[[[False, False], [False, False]]], [[[True, False], [True, False]]]]

    def test_a_bad_pixel_outside_all_windows_spoils_nothing(self):
        x, w = np.ones((1, 1, 6, 6)), np.ones((1, 1, 2, 2))
        x[0, 0, 5, 5] = np.nan  # a stride of 3 leaves the last row and column out
        y = nn.conv2d(x, w, stride=3)
        assert all(np.isfinite(g).all() for g in (y, *nn.conv2d_backward(y, x, w, stride=3)))


class TestConvTranspose2d:
    def test_by_hand(self):
        x, w = np.array([[[[1, 2]]]]), np.array([[[[1, 10, 100]]]])
        assert nn.conv_transpose2d(x, w).tolist() == [[[[1, 10 + 2, 100 + 20, 200]]]]
        assert nn.conv_transpose2d(x, w, flip=True).tolist() == [[[[100, 10 + 200, 1 + 20, 2]]]]
        assert nn.conv_transpose2d(x, w, [5], stride=(1, 2)).tolist() == [[[[6, 15, 107, 25, 205]]]]
        assert nn.conv_transpose2d(x, w, stride=(1, 3), output_padding=(0, 2)).shape == (1, 1, 1, 8)

    @every_option
    def test_equals_the_loops(self, options, tile_sizes):
        x, w = arrays(options, DRAW(7), n=2, high=4, wide=5)
        extra = tuple(s - 1 for s in pair(options["stride"]))
        y, by_loops = (f(x, w, output_padding=extra, **options) for f in (nn.conv_transpose2d, transposed_by_loops))
        np.testing.assert_allclose(y, by_loops, atol=1e-13)

    @every_option
    def test_is_the_adjoint(self, options):
        rng = DRAW(8)
        x, w = arrays(options, rng)
        y = nn.conv2d(x, w, **options)
        u = rng.standard_normal(y.shape)
        missing = (n - k for n, k in zip(x.shape[2:], nn.conv_transpose2d(u, w, **options).shape[2:], strict=True))
        back = nn.conv_transpose2d(u, w, output_padding=tuple(missing), **options)
        assert (y * u).sum() == pytest.approx((x * back).sum(), abs=1e-11)
        np.testing.assert_allclose(back, nn.conv2d_backward(u, x, w, **options)[0], atol=1e-13)

    @every_option
    def test_gradients_by_differences(self, options, small_tiles):
        rng = DRAW(9)
        (x, w), b = arrays(options, rng, n=1, high=3, wide=4), rng.standard_normal(4)
        dy = rng.standard_normal(nn.conv_transpose2d(x, w, b, **options).shape)
        gradients = nn.conv_transpose2d_backward(dy, x, w, **options)
        for gradient, at in zip(gradients, (x, w, b), strict=True):
            measured = by_differences(lambda: (dy * nn.conv_transpose2d(x, w, b, **options)).sum(), at)
            np.testing.assert_allclose(gradient, measured, rtol=0, atol=1e-8)


class Unturnable(np.ndarray):
    """Filters that refuse to be read backwards."""

    def __getitem__(self, key):
        steps = [part.step or 1 for part in (key if isinstance(key, tuple) else (key,)) if isinstance(part, slice)]
        assert min(steps, default=1) > 0, "a filter is turned"
        return super().__getitem__(key)


def turns_something(source):
    """Whether code steps backwards, or names what turns arrays or correlates."""
    found = list(walk(parse(source)))
    names = {getattr(node, "id", None) or getattr(node, "attr", "") for node in found}
    steps = [node.step for node in found if isinstance(node, Slice)]
    return any(isinstance(step, UnaryOp) for step in steps) or bool(names & TURNS)


TURNS = {"flip", "flipud", "fliplr", "rot90", "reversed", "mirrored", "tiles", "correlate"}


class TestConvolutionHasAPathOfItsOwn:
    """Else a comparison of the two operations would compare one of them with itself."""

    CALLS = (
        lambda x, w, dy, flip: nn.conv2d(x, w, flip=flip),
        lambda x, w, dy, flip: nn.conv2d_backward(dy, x, w, flip=flip),
        lambda x, w, dy, flip: nn.conv_transpose2d(dy, w, flip=flip),
        lambda x, w, dy, flip: nn.conv_transpose2d_backward(x, dy, w, flip=flip),
    )

    @pytest.mark.parametrize("call", CALLS)
    def test_each_works_where_the_other_is_broken(self, call, monkeypatch):
        def broken(*_):
            raise AssertionError("the other path was taken")

        rng = DRAW(20)
        x, w, dy = (rng.standard_normal(shape) for shape in ((2, 3, 6, 5), (4, 3, 3, 2), (2, 4, 4, 4)))
        for flip, other in ((True, tiles), (False, taps)):
            with monkeypatch.context() as broke:
                for name in ("gather", "scatter", "outer"):
                    broke.setattr(other, name, broken)
                call(x, w, dy, flip)
                with pytest.raises(AssertionError, match="other path"):
                    call(x, w, dy, not flip)

    def test_no_filter_is_turned_on_the_way(self):
        rng = DRAW(21)
        x, w = rng.standard_normal((2, 4, 6, 5)), rng.standard_normal((4, 2, 3, 2)).view(Unturnable)
        fit = shapes.fit_windows(x.shape, w.shape, padding=1, groups=2)
        dy = taps.gather(x, w, fit)
        taps.scatter(np.asarray(dy), w, fit)
        with pytest.raises(AssertionError, match="turned"):
            tiles.scatter(np.asarray(dy), w, fit)  # its gradient is a correlation with turned filters
        with pytest.raises(AssertionError, match="turned"):
            w[:, :, ::-1]

    def test_the_code_has_no_flip_in_it(self):
        assert not turns_something(Path(taps.__file__).read_text(encoding="utf-8"))
        for bad in ("y = w[..., ::-1]", "np.flip(w)", "tiles.gather(x, w, fit)", "reversed(w)"):
            assert turns_something(bad)

    def test_the_two_agree_to_rounding_and_not_exactly(self):
        rng = DRAW(22)
        x, w = rng.standard_normal((4, 8, 8, 8)), rng.standard_normal((16, 8, 3, 3))
        turned = w[..., ::-1, ::-1]
        y, other = nn.conv2d(x, w, padding=1), nn.conv2d(x, turned, padding=1, flip=True)
        assert 0 < np.abs(y - other).max() < 1e-12
        dy = rng.standard_normal(y.shape)
        (dx, dw, db), (dx2, dw2, db2) = (
            nn.conv2d_backward(dy, x, w, padding=1),
            nn.conv2d_backward(dy, x, turned, padding=1, flip=True),
        )
        assert 0 < np.abs(dx - dx2).max() < 1e-12 and (db == db2).all()
        assert np.abs(dw - dw2[..., ::-1, ::-1]).max() < 1e-11


X, W = np.ones((2, 4, 6, 5)), np.ones((6, 4, 3, 3))
BAD = [
    (ValueError, "x has shape (6, 5); allowed: four axes, (N, C, H, W)", lambda: nn.conv2d(X[0, 0], W)),
    (ValueError, "w has shape (3, 3); allowed: four axes, (F, C / groups", lambda: nn.conv2d(X, W[0, 0])),
    (ValueError, "x has shape (2, 4, 6, 5), w has shape (6, 3, 3, 3) and groups is 1", lambda: nn.conv2d(X, W[:, :3])),
    (ValueError, "groups is 3; allowed: groups divides the 4 channels", lambda: nn.conv2d(X, W, groups=3)),
    (ValueError, "and the 3 filters of w", lambda: nn.conv2d(X, W[:3, :2], groups=2)),
    (ValueError, "groups is 0", lambda: nn.conv2d(X, W, groups=0)),
    (TypeError, "groups is 1.0", lambda: nn.conv2d(X, W, groups=1.0)),
    (ValueError, "(6, 4, 7, 3) and spans 7 × 3", lambda: nn.conv2d(X, np.ones((6, 4, 7, 3)))),
    (ValueError, "with dilation (3, 3), more than x (2, 4, 6, 5), which is 6 × 5", lambda: nn.conv2d(X, W, dilation=3)),
    (ValueError, "padding is 'same' and stride is (2, 2)", lambda: nn.conv2d(X, W, stride=2, padding="same")),
    (ValueError, "padding is 'full'; allowed", lambda: nn.conv2d(X, W, padding="full")),
    (ValueError, "padding is -1; allowed: a whole number or a pair", lambda: nn.conv2d(X, W, padding=-1)),
    (ValueError, "padding is (1, 2, 3)", lambda: nn.conv2d(X, W, padding=(1, 2, 3))),
    (ValueError, "stride is 0; allowed", lambda: nn.conv2d(X, W, stride=0)),
    (TypeError, "stride is 1.5; allowed", lambda: nn.conv2d(X, W, stride=1.5)),
    (TypeError, "stride is '12'; allowed", lambda: nn.conv2d(X, W, stride="12")),
    (ValueError, "dilation is (1, 0)", lambda: nn.conv2d(X, W, dilation=(1, 0))),
    (ValueError, "b has shape (4,); allowed: (6,)", lambda: nn.conv2d(X, W, np.ones(4))),
    (TypeError, "x has dtype complex128; allowed: float32, float64, integers, bool", lambda: nn.conv2d(X * 1j, W)),
    (TypeError, "w has dtype float16", lambda: nn.conv2d(X, W.astype("f2"))),
    (ValueError, "x is empty", lambda: nn.conv2d(X[:0], W)),
    (
        ValueError,
        "dy has shape (2, 6, 4, 4); allowed: (2, 6, 4, 3)",
        lambda: nn.conv2d_backward(np.ones((2, 6, 4, 4)), X, W),
    ),
    (ValueError, "w.shape[0] is the number of channels of x, 4", lambda: nn.conv_transpose2d(X, W)),
    (ValueError, "and groups divides it", lambda: nn.conv_transpose2d(X, W[:4], groups=3)),
    (
        ValueError,
        "output_padding is (1, 1); allowed: less than stride",
        lambda: nn.conv_transpose2d(X, W[:4], output_padding=1),
    ),
    (ValueError, "the output would be -4 × -5 pixels", lambda: nn.conv_transpose2d(X, W[:4], padding=6)),
    (ValueError, "b has shape (6,); allowed: (4,)", lambda: nn.conv_transpose2d(X, W[:4], np.ones(6))),
    (ValueError, "dy has shape (1,)", lambda: nn.conv_transpose2d_backward([1], X, W[:4])),
    (ValueError, "dy has shape (2,); allowed: (3,)", lambda: nn.relu_backward([1, 2], [1, 2, 3])),
    (ValueError, "x has shape (4, 6, 5); allowed: four axes", lambda: nn.max_pool2d(X[0])),
    (ValueError, "size is (6, 6) and x has shape (2, 4, 6, 5)", lambda: nn.max_pool2d(X, 6)),
    (ValueError, "stride is 0", lambda: nn.avg_pool2d(X, 2, 0)),
    (ValueError, "dy has shape (2, 4, 6, 5); allowed: (2, 4, 3, 2)", lambda: nn.max_pool2d_backward(X, X)),
    (ValueError, "dy has shape (2, 4, 6, 5); allowed: (2, 4, 3, 2)", lambda: nn.avg_pool2d_backward(X, X)),
    (ValueError, "x has shape (2, 4, 6, 5) and w has shape (3, 7)", lambda: nn.linear(X, np.ones((3, 7)))),
    (ValueError, "b has shape (2,); allowed: (3,)", lambda: nn.linear([[1]], [[1]] * 3, [1, 2])),
    (ValueError, "dy has shape (1, 1); allowed: (1, 3)", lambda: nn.linear_backward([[1]], [[1]], [[1]] * 3)),
    (ValueError, "scores has shape (3,) and labels has shape (3,)", lambda: nn.cross_entropy([1, 2, 3], [0, 0, 0])),
    (ValueError, "labels reach from 0 to 2; allowed: 0 to 1", lambda: nn.cross_entropy([[1, 2]] * 2, [0, 2])),
    (TypeError, "labels has dtype float64", lambda: nn.cross_entropy_backward([[1, 2]], [0.0])),
    (ValueError, "allowed without backward: avg_pool2d, conv2d", lambda: nn.Layer(np.tanh)),
    (ValueError, "allowed: after forward", lambda: nn.Layer(nn.relu).backward(X)),
    (ValueError, "shape is (3,); allowed: (F, C", lambda: nn.he_weights((3,), rng=DRAW(0))),
    (ValueError, "allowed: three equal lists", lambda: nn.sgd_step([np.ones(2)], [np.ones(3)])),
]


@pytest.mark.parametrize(("error", "message", "call"), BAD, ids=[message for _, message, _ in BAD])
def test_a_wrong_call_is_told_what_is_allowed(error, message, call):
    with pytest.raises(error, match=re.escape(message)) as caught:
        call()
    assert "allowed" in str(caught.value) or "empty" in str(caught.value) or "more than" in str(caught.value)


class TestTiles:
    @pytest.mark.parametrize(
        "shape, filters, groups", [((3, 8, 30, 40), (8, 2, 3, 3), 4), ((9, 2, 5, 4), (3, 2, 2, 2), 1)]
    )
    @pytest.mark.parametrize("room, fewest", [(1, 1), (1, 50), (10_000, 7), (2**20, 128), (2**25, 128)])
    def test_cover_every_output_once_and_keep_to_their_size(self, shape, filters, groups, room, fewest, monkeypatch):
        monkeypatch.setattr(shapes, "TILE_BYTES", room)
        monkeypatch.setattr(shapes, "FEWEST_COLUMNS", fewest)
        fit = shapes.fit_windows(shape, filters, groups=groups)
        hits = np.zeros((groups, shape[0], *fit.out), int)
        for g, n, (p, q) in product(*fit.tiles(8)):
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
        assert shapes.fit_windows(images, filters, **options).by_rows(4) == expected
