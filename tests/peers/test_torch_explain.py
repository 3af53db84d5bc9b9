"""The maps of `convlib.nn.explain` against PyTorch's autograd, with hooks at its ReLUs and feature maps."""

import numpy as np
import pytest
import torch

from convlib import explain, nn
from convlib.nn import Layer, Sequential

POOLS = [(nn.max_pool2d, torch.nn.MaxPool2d), (nn.avg_pool2d, torch.nn.AvgPool2d)]
RULES = {
    "saliency": lambda dx, dy: dx,
    "guided_backprop": lambda dx, dy: dx.clamp(min=0),
    "deconvnet": lambda dx, dy: dy.clamp(min=0),
}


def twins(seed):
    """One random network, as ours and as PyTorch's, with images and classes."""
    rng = np.random.default_rng(seed)
    stride, channels = int(rng.integers(1, 3)), int(rng.integers(1, 4))
    ours_pool, their_pool = POOLS[seed % 2]
    shapes = (6, channels, 3, 3), (7, 6, 3, 3), (4, 7)
    arrays = [(rng.standard_normal(s) / 2, rng.standard_normal(s[0]) / 2) for s in shapes]
    side = 12 // stride // 2
    ours = Sequential(
        Layer(nn.conv2d, *arrays[0], stride=stride, padding=1),
        Layer(nn.relu),
        Layer(ours_pool, size=2),
        Layer(nn.conv2d, *arrays[1], padding=1),
        Layer(nn.relu),
        Layer(nn.avg_pool2d, size=side),
        Layer(nn.linear, *arrays[2]),
    )
    theirs = torch.nn.Sequential(
        torch.nn.Conv2d(channels, 6, 3, stride, 1),
        torch.nn.ReLU(),
        their_pool(2),
        torch.nn.Conv2d(6, 7, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.AvgPool2d(side),
        torch.nn.Flatten(),
        torch.nn.Linear(7, 4),
    ).double()
    with torch.no_grad():
        for parameter, array in zip(theirs.parameters(), [a for pair in arrays for a in pair], strict=True):
            parameter.copy_(torch.from_numpy(array))
    return ours, theirs, rng.standard_normal((5, channels, 12, 12)), rng.integers(0, 4, 5)


def torch_map(model, x, classes, rule):
    """The gradient at the pixels, with `rule(dx, dy)` in the place of dx at every ReLU."""
    relus = [module for module in model if isinstance(module, torch.nn.ReLU)]
    hooks = [r.register_full_backward_hook(lambda _, dx, dy: (rule(dx[0], dy[0]),)) for r in relus]
    pixels = torch.from_numpy(x).requires_grad_()
    model(pixels)[range(len(x)), classes].sum().backward()
    for hook in hooks:
        hook.remove()
    return pixels.grad.numpy()


def torch_cam(model, x, classes):
    """Grad-CAM at the last ReLU, from a hook that keeps its output."""
    kept = []
    hook = model[4].register_forward_hook(lambda _, given, output: kept.append(output))
    scores = model(torch.from_numpy(x))
    hook.remove()
    (gradient,) = torch.autograd.grad(scores[range(len(x)), classes].sum(), kept)
    cam = (gradient.mean((2, 3), keepdim=True) * kept[0]).sum(1, keepdim=True).relu()
    return torch.nn.functional.interpolate(cam, x.shape[2:], mode="bilinear")[:, 0].detach().numpy()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("name", RULES)
def test_backward_maps(name, seed):
    ours, theirs, x, classes = twins(seed)
    expected = torch_map(theirs, x, classes, RULES[name])
    np.testing.assert_allclose(getattr(explain, name)(ours, x, classes), expected, atol=1e-12)
    assert np.abs(expected).max() > 1e-3


@pytest.mark.parametrize("seed", range(12))
def test_grad_cam(seed):
    ours, theirs, x, classes = twins(seed)
    expected = torch_cam(theirs, x, classes)
    np.testing.assert_allclose(explain.grad_cam(ours, x, classes, layer=4), expected, atol=1e-12)


def test_some_grad_cam_is_not_empty():
    assert max(torch_cam(theirs, x, classes).max() for _, theirs, x, classes in map(twins, range(12))) > 0.1


def test_the_rules_can_be_told_apart():
    _, theirs, x, classes = twins(0)
    found = [torch_map(theirs, x, classes, rule) for rule in RULES.values()]
    assert all(np.abs(a - b).max() > 1e-2 for a, b in [found[:2], found[1:], found[::2]])
