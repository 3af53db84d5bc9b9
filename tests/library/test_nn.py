"""The layers of `convlib.nn`: against hand-computed values, loops, gradients by differences, and one another."""

from ast import Slice, UnaryOp, parse, walk
from itertools import cycle, product
from pathlib import Path

import numpy as np
import pytest
from scipy import signal

import convlib
from convlib import nn
from convlib.nn import im2col, taps

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
# A third of all: every two of the three options meet.
GEOMETRIES = [
    (stride, padding, dilation)
    for (i, stride), (j, padding), (k, dilation) in product(*map(enumerate, (STRIDES, PADDINGS, DILATIONS)))
    if (i + j + k) % 3 == 0 and (padding != "same" or stride == 1)
]
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
    monkeypatch.setattr(im2col, "TILE_BYTES", 1)
    monkeypatch.setattr(im2col, "FEWEST_COLUMNS", 9)


@pytest.fixture
def whole_rows(monkeypatch):
    """Wherever the stride is 1, windows are copied in whole rows."""
    monkeypatch.setattr(im2col, "FEWEST_ROWS", 0)
    monkeypatch.setattr(im2col, "SHORT_COPY", np.inf)


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

    def test_filters_that_lie_in_memory_from_back_to_front(self):
        rng = DRAW(22)
        x, w = rng.standard_normal((1, 2, 6, 6)), rng.standard_normal((2, 1, 3, 3))[..., ::-1, ::-1]
        np.testing.assert_allclose(nn.conv2d(x, w, groups=2), layer_by_loops(x, w, groups=2), atol=1e-13)


class TestGradients:
    @every_option
    @pytest.mark.parametrize(("name", "high", "wide"), [("conv2d", 6, 5), ("conv_transpose2d", 3, 4)])
    def test_by_differences(self, name, high, wide, options, small_tiles):
        rng, layer, backward = DRAW(4), getattr(nn, name), getattr(nn, f"{name}_backward")
        (x, w), b = arrays(options, rng, n=1, high=high, wide=wide), rng.standard_normal(4)
        dy = rng.standard_normal(layer(x, w, b, **options).shape)
        for gradient, at in zip(backward(dy, x, w, **options), (x, w, b), strict=True):
            measured = by_differences(lambda: (dy * layer(x, w, b, **options)).sum(), at)
            np.testing.assert_allclose(gradient, measured, rtol=0, atol=1e-8)

    def test_the_input_gradient_is_a_full_convolution(self):
        rng = DRAW(5)
        x, w, dy = rng.standard_normal((6, 7)), rng.standard_normal((3, 2)), rng.standard_normal((4, 6))
        dx, dw, _ = (g.squeeze() for g in nn.conv2d_backward(*(a[None, None] for a in (dy, x, w))))
        np.testing.assert_allclose(dx, convlib.convolve(dy, w, "full"), atol=1e-13)
        np.testing.assert_allclose(dw, convlib.correlate(x, dy, "valid"), atol=1e-13)
        assert np.abs(dx - convlib.correlate(dy, w, "full")).max() > 0.1  # without the flip it is another

    @pytest.mark.parametrize("options", [{"stride": 2}, {"padding": 1}, {"dilation": 2}, {"flip": True}])
    def test_with_other_options_it_is_another(self, options):
        rng = DRAW(25)
        x, w = rng.standard_normal((1, 1, 7, 7)), rng.standard_normal((1, 1, 3, 3))
        dy = rng.standard_normal(nn.conv2d(x, w, **options).shape)
        dx, full = nn.conv2d_backward(dy, x, w, **options)[0][0, 0], convlib.convolve(dy[0, 0], w[0, 0], "full")
        assert dx.shape != full.shape or np.abs(dx - full).max() > 0.1

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

    def test_at_stride_1_it_is_the_full_convolution(self):
        rng = DRAW(26)
        x, w = rng.standard_normal((5, 6)), rng.standard_normal((3, 4))
        y = nn.conv_transpose2d(x[None, None], w[None, None])[0, 0]
        np.testing.assert_allclose(y, signal.convolve2d(x, w), rtol=0, atol=1e-13)
        assert np.abs(y - signal.correlate2d(x, w)).max() > 0.1

    def test_of_space_to_depth_it_is_the_inverse_and_of_most_layers_not(self):
        x = DRAW(27).integers(0, 10, (2, 1, 6, 4))
        for w, back in ((np.eye(4).reshape(4, 1, 2, 2), True), (np.arange(16).reshape(4, 1, 2, 2), False)):
            y = nn.conv_transpose2d(nn.conv2d(x, w, stride=2), w, stride=2)
            assert y.shape == x.shape and np.array_equal(y, x) == back

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


def turns_something(source):
    """Whether code steps backwards, or names what turns arrays or correlates."""
    found = list(walk(parse(source)))
    names = {getattr(node, "id", None) or getattr(node, "attr", "") for node in found}
    steps = [node.step for node in found if isinstance(node, Slice)]
    return any(isinstance(step, UnaryOp) for step in steps) or bool(names & TURNS)


TURNS = {"flip", "flipud", "fliplr", "rot90", "reversed", "mirrored", "im2col", "correlate"}


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
        for flip, other in ((True, im2col), (False, taps)):
            with monkeypatch.context() as broke:
                for name in ("gather", "scatter", "outer"):
                    broke.setattr(other, name, broken)
                call(x, w, dy, flip)
                with pytest.raises(AssertionError, match="other path"):
                    call(x, w, dy, not flip)

    def test_the_code_has_no_flip_in_it(self):
        assert not turns_something(Path(taps.__file__).read_text(encoding="utf-8"))
        for bad in ("y = w[..., ::-1]", "np.flip(w)", "im2col.gather(x, w, fit)", "reversed(w)"):
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
