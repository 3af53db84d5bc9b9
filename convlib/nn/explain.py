"""Where did a network look? Four maps of a class score over the input, and a score for maps.

Three of them send the class score back to the pixels and differ in one line, the rule at a ReLU;
the fourth weighs the feature maps of one layer. `evidence_share` tells how much of a map lies where
the evidence is, for images of which that is known.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from convlib import arguments
from convlib.arguments import Array, floats
from convlib.engines.products import multiply
from convlib.nn.layers import relu, relu_backward
from convlib.nn.model import Sequential

__all__ = ["deconvnet", "evidence_share", "grad_cam", "guided_backprop", "saliency", "strength"]

Rule = Callable[[Array, Array], Array]


def saliency(model: Sequential, x: npt.ArrayLike, classes: npt.ArrayLike) -> Array:
    """Gradient of a class score with respect to the pixels.

    map[n, c, i, j] = ∂score[n, classes[n]] / ∂x[n, c, i, j]

    At a ReLU with input x: dx = dy where x > 0, else 0.

    Parameters
    ----------
    model : Sequential
        Gives one row of class scores per image. It remembers the images, as after a training step.
    x : array_like, shape (N, C, H, W)
        Images.
    classes : array_like of int, shape (N,)
        The class that is asked about, for each image.

    Returns
    -------
    ndarray, shape (N, C, H, W)
        By how much the score grows per unit of that pixel, for a small change.

    Raises
    ------
    ValueError, TypeError
        ``x`` is no batch of images, the model does not give rows of scores, or ``classes`` does not
        hold one class per image.

    See Also
    --------
    strength : The size of such a map at each pixel.

    References
    ----------
    Simonyan, Vedaldi and Zisserman, *Deep inside convolutional networks*, 2014.

    Derived in: chapter I-6 "Where the network looked".

    Examples
    --------
    >>> import numpy as np
    >>> from convlib.nn.explain import saliency
    >>> from convlib.nn import Layer, Sequential, linear, relu
    >>> model = Sequential(Layer(relu), Layer(linear, np.array([[2.0, 5.0, -1.0]])))
    >>> saliency(model, [[[[1, -2, 3]]]], [0])
    array([[[[ 2.,  0., -1.]]]])
    """
    return _send_back(model, _scored(model, x, classes), relu_backward)


def guided_backprop(model: Sequential, x: npt.ArrayLike, classes: npt.ArrayLike) -> Array:
    """Send a class score back as its gradient, cut at every ReLU to what is positive.

    At a ReLU with input x: dx = dy where x > 0 and dy > 0, else 0.

    Parameters
    ----------
    model, x, classes
        As in `saliency`.

    Returns
    -------
    ndarray, shape (N, C, H, W)
        In general not the gradient of the score, once a ReLU has cut a negative part away.

    Raises
    ------
    ValueError, TypeError
        As `saliency`.

    References
    ----------
    Springenberg, Dosovitskiy, Brox and Riedmiller, *Striving for simplicity*, 2015.

    Derived in: chapter I-6 "Where the network looked".

    Examples
    --------
    >>> import numpy as np
    >>> from convlib.nn.explain import guided_backprop
    >>> from convlib.nn import Layer, Sequential, linear, relu
    >>> model = Sequential(Layer(relu), Layer(linear, np.array([[2.0, 5.0, -1.0]])))
    >>> guided_backprop(model, [[[[1, -2, 3]]]], [0])
    array([[[[2., 0., 0.]]]])
    """
    return _send_back(model, _scored(model, x, classes), lambda dy, x: np.where((x > 0) & (dy > 0), dy, 0))


def deconvnet(model: Sequential, x: npt.ArrayLike, classes: npt.ArrayLike) -> Array:
    """Send a class score back through the network with a ReLU at every ReLU.

    At a ReLU with input x: dx = dy where dy > 0, else 0, whatever x is.

    Convolutions go back as transposed convolutions, and a maximum goes back to where it came from.

    Parameters
    ----------
    model, x, classes
        As in `saliency`.

    Returns
    -------
    ndarray, shape (N, C, H, W)

    Raises
    ------
    ValueError, TypeError
        As `saliency`.

    References
    ----------
    Zeiler and Fergus, *Visualizing and understanding convolutional networks*, 2014. They start at
    one entry of a feature map; here the start is a class score, as in the other maps.

    Derived in: chapter I-6 "Where the network looked".

    Examples
    --------
    >>> import numpy as np
    >>> from convlib.nn.explain import deconvnet
    >>> from convlib.nn import Layer, Sequential, linear, relu
    >>> model = Sequential(Layer(relu), Layer(linear, np.array([[2.0, 5.0, -1.0]])))
    >>> deconvnet(model, [[[[1, -2, 3]]]], [0])
    array([[[[2., 5., 0.]]]])
    """
    return _send_back(model, _scored(model, x, classes), lambda dy, x: np.where(dy > 0, dy, 0))


def grad_cam(model: Sequential, x: npt.ArrayLike, classes: npt.ArrayLike, layer: int) -> Array:
    """Add up the feature maps of one layer, each weighted by its mean gradient.

    α[n, f] = mean over p, q of ∂score[n, classes[n]] / ∂A[n, f, p, q]

    map[n] = max(Σ_f α[n, f] · A[n, f], 0), enlarged to the size of the image

    Parameters
    ----------
    model, x, classes
        As in `saliency`.
    layer : int
        Whose output A is taken: an index of ``model.layers``, often that of the last ReLU before
        the classifier. The output has shape (N, F, p, q).

    Returns
    -------
    ndarray, shape (N, H, W)
        Nowhere negative; linear between the centres of the cells of A.

    Raises
    ------
    ValueError, TypeError
        As `saliency`; or ``layer`` is no index of a layer, or its output holds no feature maps.

    References
    ----------
    Selvaraju et al., *Grad-CAM: visual explanations from deep networks*, 2017.

    Derived in: chapter I-6 "Where the network looked".

    Examples
    --------
    >>> import numpy as np
    >>> from convlib.nn.explain import grad_cam
    >>> from convlib.nn import Layer, Sequential, linear, relu
    >>> model = Sequential(Layer(relu), Layer(linear, np.array([[2.0, 5.0, -1.0]])))
    >>> grad_cam(model, [[[[1, -2, 3]]]], [0], layer=0)  # (2 + 5 − 1) / 3 = 2
    array([[[2., 0., 6.]]])
    """
    layer = arguments.whole("layer", layer, 0, len(model.layers) - 2)  # a layer follows it
    dscores = _scored(model, x, classes)
    maps = np.asarray(model.layers[layer + 1].x)
    if maps.ndim != 4:
        raise ValueError(f"layer is {layer}, whose output has shape {maps.shape}; allowed: (N, F, p, q)")
    gradients = _send_back(model, dscores, relu_backward, down_to=layer + 1)
    weights = gradients.mean((2, 3), keepdims=True)
    height, width = np.shape(x)[2:]
    return _enlarged(relu((weights * maps).sum(1)), height, width)


def strength(backward_map: npt.ArrayLike) -> Array:
    """Size of a backward map at each pixel: the largest absolute value over the channels.

    strength[n, i, j] = max over c of abs(map[n, c, i, j])

    Parameters
    ----------
    backward_map : array_like, shape (N, C, H, W)
        What `saliency`, `guided_backprop` or `deconvnet` gave.

    Returns
    -------
    ndarray, shape (N, H, W)

    Raises
    ------
    ValueError, TypeError
        The map does not have four axes, or holds no real numbers.

    References
    ----------
    Simonyan, Vedaldi and Zisserman, *Deep inside convolutional networks*, 2014, §3.1.

    Derived in: chapter I-6 "Where the network looked".

    Examples
    --------
    >>> from convlib.nn.explain import strength
    >>> strength([[[[1, -4]], [[3, 2]]]])
    array([[[3., 4.]]])
    """
    (values,) = floats(backward_map=backward_map)
    if values.ndim != 4:
        raise ValueError(f"backward_map has shape {values.shape}; allowed: four axes, (N, C, H, W)")
    sizes: Array = np.abs(values).max(1)
    return sizes


def evidence_share(maps: npt.ArrayLike, inside: npt.ArrayLike) -> Array:
    """Share of each map's mass that lies inside the evidence.

    share[n] = Σ_{i, j inside} maps[n, i, j] / Σ_{i, j} maps[n, i, j]

    A map without any mass gets 0. Maps of independent, equally distributed entries that have some
    get, on average, the share of the area.

    Parameters
    ----------
    maps : array_like, shape (N, H, W)
        One map per image, nowhere negative.
    inside : array_like of bool, shape (N, H, W)
        Where the evidence of each image is.

    Returns
    -------
    ndarray, shape (N,)
        From 0 to 1.

    Raises
    ------
    ValueError
        The shapes differ or are not (N, H, W), or a map has a negative entry.
    TypeError
        ``inside`` is not boolean, or ``maps`` holds no real numbers.

    References
    ----------
    Wang et al., *Score-CAM*, 2020, where it is the energy-based pointing game.

    Derived in: chapter I-6 "Where the network looked".

    Examples
    --------
    >>> from convlib.nn.explain import evidence_share
    >>> evidence_share([[[1, 0], [2, 5]]], [[[True, True], [False, True]]])  # (1 + 0 + 5) / 8
    array([0.75])
    """
    (values,), mask = floats(maps=maps), arguments.numbers("inside", inside)
    if values.ndim != 3 or mask.shape != values.shape:
        raise ValueError(f"maps has shape {values.shape} and inside has shape {mask.shape}; allowed: both (N, H, W)")
    if mask.dtype != np.bool_:
        raise TypeError(f"inside has dtype {mask.dtype}; allowed: bool")
    if values.min() < 0:
        raise ValueError(f"maps reaches down to {values.min():g}; allowed: nothing below 0, take `strength` first")
    total = values.sum((1, 2))
    share: Array = (values * mask).sum((1, 2)) / np.where(total > 0, total, 1)
    return share


def _scored(model: Sequential, x: npt.ArrayLike, classes: npt.ArrayLike) -> Array:
    """Run the model on the images; ∂score of the class / ∂scores: a 1 for each image."""
    (images,) = floats(x=x)
    if images.ndim != 4:
        raise ValueError(f"x has shape {images.shape}; allowed: four axes, (N, C, H, W)")
    scores = model.forward(images)
    if scores.ndim != 2:
        raise ValueError(f"model gives scores of shape {scores.shape}; allowed: (N, M), one row per image")
    one: Array = np.eye(scores.shape[1], dtype=scores.dtype)[arguments.classes("classes", classes, scores.shape)]
    return one


def _send_back(model: Sequential, dy: Array, rule: Rule, down_to: int = 0) -> Array:
    """Backpropagation with a rule of one's own at the ReLUs, to the input of layer `down_to`."""
    for layer in reversed(model.layers[down_to:]):
        if layer.function is relu and layer.x is not None:
            dy = rule(dy, layer.x)
        else:
            dy = layer.backward(dy)
    return dy


def _enlarged(maps: Array, height: int, width: int) -> Array:
    """Interpolate linearly between the centres of the cells; beyond the outermost ones, stay."""
    down, across = (
        np.broadcast_to(_between(fine, coarse), (len(maps), fine, coarse))
        for fine, coarse in zip((height, width), maps.shape[1:], strict=True)
    )
    return multiply(multiply(down, maps), across.swapaxes(1, 2))


def _between(fine: int, coarse: int) -> Array:
    places = (np.arange(fine) + 0.5) * coarse / fine - 0.5
    return np.stack([np.interp(places, np.arange(coarse), one) for one in np.eye(coarse)], axis=1)
