"""The layers of `convlib.nn` against PyTorch's: outputs and gradients, over random configurations."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from convlib import nn

# Seeds, so that each failure can be run alone.
CONFIGURATIONS = range(300)
TRANSPOSED = range(300, 450)


def drawn(seed, transposed=False):
    """Arrays (x, w, b) and options that fit one another; both types, odd and even sizes."""
    rng = np.random.default_rng(seed)
    groups, n, inputs, outputs = (int(rng.integers(1, most)) for most in (4, 4, 5, 5))
    stride, dilation, kernel, more = rng.integers(1, 4, 2), rng.integers(1, 4, 2), rng.integers(1, 6, 2), {}
    reach = dilation * (kernel - 1) + 1
    if transposed:
        size, padding = rng.integers(1, 9, 2), rng.integers(0, np.minimum(3, (reach + 1) // 2))
        more["output_padding"] = rng.integers(0, stride)
        filters = (groups * inputs, outputs, *kernel)
    else:
        size, padding = reach + rng.integers(0, 9, 2), rng.integers(0, 4, 2)
        filters = (groups * outputs, inputs, *kernel)
    options = {"stride": stride, "padding": padding, "dilation": dilation, **more}
    options = {name: tuple(value.tolist()) for name, value in options.items()} | {"groups": groups}
    if not transposed and rng.random() < 0.25:
        options |= {"stride": 1, "padding": str(rng.choice(["same", "valid"]))}
    kind = rng.choice([np.float32, np.float64])
    sizes = (n, groups * inputs, *size), filters, (groups * outputs,)
    return rng, [rng.standard_normal(shape).astype(kind) for shape in sizes], options


def torch_gradients(function, arrays, dy, options):
    """PyTorch's output and its gradients with respect to all three arrays."""
    tensors = [torch.from_numpy(array).requires_grad_() for array in arrays]
    y = function(*tensors, **options)
    if dy is not None:
        y.backward(torch.from_numpy(dy))
    return y.detach().numpy(), [t.grad.numpy() if t.grad is not None else None for t in tensors]


def agree(ours, theirs):
    """Equal within what the order of a sum can change."""
    assert ours.dtype == theirs.dtype and ours.shape == theirs.shape
    tolerance = 100 * np.finfo(ours.dtype).eps * max(1, np.abs(theirs).max())
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance)


def compare(ours, ours_backward, theirs, rng, arrays, options):
    x, w, _ = arrays
    y = ours(*arrays, **options)
    dy = rng.standard_normal(y.shape).astype(y.dtype)
    their_y, gradients = torch_gradients(theirs, arrays, dy, options)
    agree(y, their_y)
    for gradient, their in zip(ours_backward(dy, x, w, **options), gradients, strict=True):
        agree(gradient, their)


# PyTorch says that "same" with an even kernel costs it a copy.
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("seed", CONFIGURATIONS)
def test_conv2d(seed):
    compare(nn.conv2d, nn.conv2d_backward, F.conv2d, *drawn(seed))


@pytest.mark.parametrize("seed", TRANSPOSED)
def test_conv_transpose2d(seed):
    drawing = drawn(seed, transposed=True)
    compare(nn.conv_transpose2d, nn.conv_transpose2d_backward, F.conv_transpose2d, *drawing)


def test_the_configurations_vary():
    """Strides, dilations, groups, paddings in words, both types: each in many of them."""
    options = [(arrays[0].dtype, options) for _, arrays, options in map(drawn, CONFIGURATIONS)]
    for holds in (
        lambda kind, o: kind == np.float32,
        lambda kind, o: o["stride"] != 1 and max(o["stride"]) > 1,
        lambda kind, o: max(o["dilation"]) > 1,
        lambda kind, o: o["groups"] > 1,
        lambda kind, o: o["padding"] == "same",
        lambda kind, o: o["padding"] not in ("same", "valid") and o["padding"][0] != o["padding"][1],
    ):
        assert 30 < sum(holds(*each) for each in options) < 290


@pytest.mark.parametrize("groups", [8, 16])
def test_depthwise(groups):
    rng = np.random.default_rng(groups)
    arrays = [rng.standard_normal(s).astype("f4") for s in ((3, groups, 20, 21), (16, 1, 3, 3), (16,))]
    compare(nn.conv2d, nn.conv2d_backward, F.conv2d, rng, arrays, {"groups": groups, "padding": 1})


def test_true_convolution_is_torch_with_the_weights_turned():
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((2, 3, 8, 9)), rng.standard_normal((4, 3, 3, 2))
    theirs = F.conv2d(torch.from_numpy(x), torch.from_numpy(w).flip(2, 3)).numpy()
    agree(nn.conv2d(x, w, flip=True), theirs)
    assert np.abs(nn.conv2d(x, w) - theirs).max() > 0.1


@pytest.mark.parametrize("size, stride", [(2, None), (3, 2), ((2, 3), (1, 2)), (2, 3)])
@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d"])
def test_pooling(name, size, stride):
    rng = np.random.default_rng(1)
    # Small whole numbers, so that windows have several largest entries.
    x = rng.integers(0, 4, (2, 3, 9, 8)).astype(float)
    y = getattr(nn, name)(x, size, stride)
    dy = rng.standard_normal(y.shape)
    theirs, (dx,) = torch_gradients(getattr(F, name), [x], dy, {"kernel_size": size, "stride": stride})
    agree(y, theirs)
    agree(getattr(nn, f"{name}_backward")(dy, x, size, stride), dx)


def test_relu_linear_and_loss():
    rng = np.random.default_rng(2)
    arrays = [rng.standard_normal(shape) for shape in ((5, 7), (4, 7), (4,))]
    compare(nn.linear, nn.linear_backward, F.linear, rng, arrays, {})
    x, dy = rng.integers(-2, 3, (2, 50)).astype(float)
    theirs, (dx,) = torch_gradients(F.relu, [x], dy, {})
    agree(nn.relu(x), theirs)
    agree(nn.relu_backward(dy, x), dx)
    scores, labels = arrays[0], rng.integers(0, 7, 5)
    loss, (gradient,) = torch_gradients(F.cross_entropy, [scores], np.array(1.0), {"target": torch.from_numpy(labels)})
    assert nn.cross_entropy(scores, labels) == pytest.approx(loss.item(), rel=1e-14)
    agree(nn.cross_entropy_backward(scores, labels), gradient)


def test_momentum_step_by_step():
    rng = np.random.default_rng(3)
    w, grads, velocities = rng.standard_normal((3, 2)), rng.standard_normal((4, 3, 2)), None
    theirs = torch.tensor(w, requires_grad=True)
    optimiser = torch.optim.SGD([theirs], lr=0.1, momentum=0.9)
    for grad in grads:
        velocities = nn.sgd_step([w], [grad], velocities, rate=0.1, momentum=0.9)
        theirs.grad = torch.from_numpy(grad)
        optimiser.step()
        agree(w, theirs.detach().numpy())
