"""A network as a list of layers, its loss, and the step that trains it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from convlib.arguments import Array, Shape, classes, floats, several
from convlib.nn.conv import conv2d, conv2d_backward, conv_transpose2d, conv_transpose2d_backward
from convlib.nn.layers import (
    avg_pool2d,
    avg_pool2d_backward,
    linear,
    linear_backward,
    max_pool2d,
    max_pool2d_backward,
    relu,
    relu_backward,
)

Function = Callable[..., Any]

BACKWARD: dict[Function, Function] = {
    avg_pool2d: avg_pool2d_backward,
    conv2d: conv2d_backward,
    conv_transpose2d: conv_transpose2d_backward,
    linear: linear_backward,
    max_pool2d: max_pool2d_backward,
    relu: relu_backward,
}


class Layer:
    """A function of `convlib.nn` with its weights and options, which remembers its last input.

    Parameters
    ----------
    function : callable
        ``function(x, *weights, **options)`` gives the output.
    *weights : ndarray
        What training changes: (w, b), w alone, or none. They are kept, not copied.
    backward : callable, optional
        ``backward(dy, x, w, **options)`` gives (dx, dw, db), or ``backward(dy, x, **options)``
        dx if there are no weights. Known for the functions of `convlib.nn`.
    **options
        Passed on to both.

    Attributes
    ----------
    function, weights, options
        As given. ``options["flip"] = True`` turns a layer's correlation into convolution.
    x : ndarray
        The last input of `forward`.
    grads : list of ndarray
        One gradient per weight, after `backward`.

    Notes
    -----
    Derived in: chapter I-5 "Backprop brings the flip back".

    Examples
    --------
    >>> from convlib.nn import Layer, linear
    >>> layer = Layer(linear, np.array([[3.0, 4.0]]))
    >>> layer.forward(np.array([[1.0, 2.0]]))
    array([[11.]])
    >>> layer.backward(np.array([[10.0]])), layer.grads
    (array([[30., 40.]]), [array([[10., 20.]])])
    """

    def __init__(self, function: Function, *weights: Array, backward: Function | None = None, **options: Any) -> None:
        if backward is None and function not in BACKWARD:
            known = ", ".join(sorted(known.__name__ for known in BACKWARD))
            raise ValueError(f"function is {function!r}; allowed without backward: {known}")
        self.function = function
        self.weights = list(weights)
        self.options = options
        self.x: Array | None = None
        self.grads: list[Array] = []
        self._backward = backward or BACKWARD[function]

    def forward(self, x: Array) -> Array:
        """Compute the output of x and remember x."""
        self.x = x
        y: Array = self.function(x, *self.weights, **self.options)
        return y

    def backward(self, dy: Array) -> Array:
        """Turn the gradient of the last output into that of its input; keep those of the weights."""
        if self.x is None:
            raise ValueError("backward has no input to go back to; allowed: after forward")
        found = self._backward(dy, self.x, *self.weights[:1], **self.options)
        dx: Array
        dx, *grads = found if self.weights else (found,)
        self.grads = grads[: len(self.weights)]
        return dx


class Sequential:
    """Layers in a row: each gets what the one before it gives.

    Parameters
    ----------
    *layers : Layer
        From the first to the last.

    Attributes
    ----------
    layers : list of Layer
        As given.

    Notes
    -----
    Derived in: chapter I-5 "Backprop brings the flip back".

    Examples
    --------
    >>> from convlib.nn import Layer, Sequential, linear, relu
    >>> model = Sequential(Layer(linear, np.array([[3.0, 4.0]])), Layer(relu))
    >>> model.forward(np.array([[1.0, 2.0]])), model.backward(np.array([[1.0]]))
    (array([[11.]]), array([[3., 4.]]))
    """

    def __init__(self, *layers: Layer) -> None:
        self.layers = list(layers)

    def forward(self, x: Array) -> Array:
        """Compute the output of x, layer by layer."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, dy: Array) -> Array:
        """Turn the gradient of the last output into that of its input, layer by layer."""
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
        return dy

    @property
    def weights(self) -> list[Array]:
        """The weights of all layers, in one list."""
        return [weights for layer in self.layers for weights in layer.weights]

    @property
    def grads(self) -> list[Array]:
        """Their gradients, in the same order, after `backward`."""
        return [grads for layer in self.layers for grads in layer.grads]


def cross_entropy(scores: npt.ArrayLike, labels: npt.ArrayLike) -> float:
    """Mean surprise of a classifier: −log of the softmax probability of the true class.

    loss = −(1/N) Σ_n log(exp(scores[n, labels[n]]) / Σ_m exp(scores[n, m]))

    Parameters
    ----------
    scores : array_like, shape (N, M)
        One score per input and class; types as in `relu`. Large ones do not overflow.
    labels : array_like of int, shape (N,)
        The true classes, 0 … M − 1.

    Returns
    -------
    float
        In nats; log M if all scores are equal.

    Raises
    ------
    ValueError, TypeError
        ``scores`` is no matrix, or ``labels`` does not hold one class per row of it.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, §6.2.2.3.

    Derived in: chapter I-5 "Backprop brings the flip back".

    Examples
    --------
    >>> from convlib.nn import cross_entropy
    >>> round(cross_entropy([[0, 0], [0, 0]], [0, 1]), 6)  # log 2
    0.693147
    """
    scores, labels = _classes(scores, labels)
    return float(-_log_softmax(scores)[np.arange(len(labels)), labels].mean())


def cross_entropy_backward(scores: npt.ArrayLike, labels: npt.ArrayLike) -> Array:
    """Gradient of `cross_entropy`: the probabilities, less 1 at the true class.

    dscores[n, m] = (softmax(scores)[n, m] − [m = labels[n]]) / N

    Parameters
    ----------
    scores : array_like, shape (N, M)
        As in `cross_entropy`.
    labels : array_like of int, shape (N,)
        As in `cross_entropy`.

    Returns
    -------
    ndarray, shape (N, M)

    Raises
    ------
    ValueError, TypeError
        As `cross_entropy`.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, §6.2.2.3.

    Derived in: chapter I-5 "Backprop brings the flip back".

    Examples
    --------
    >>> from convlib.nn import cross_entropy_backward
    >>> cross_entropy_backward([[0, 0]], [1])
    array([[ 0.5, -0.5]])
    """
    scores, labels = _classes(scores, labels)
    with np.errstate(under="ignore"):
        gradient: Array = np.exp(_log_softmax(scores))
    gradient[np.arange(len(labels)), labels] -= 1
    gradient /= len(labels)
    return gradient


def he_weights(shape: Shape, *, rng: np.random.Generator) -> Array:
    """Draw initial weights that keep, on average, the size of what passes through a ReLU and a layer.

    w ~ normal(0, 2 / D), D the number of inputs of one output

    Parameters
    ----------
    shape : tuple of int
        (F, C / groups, kH, kW) for `conv2d`, (M, D) for `linear`.
    rng : numpy.random.Generator
        Where the numbers come from.

    Returns
    -------
    ndarray of float64, of the given shape

    Raises
    ------
    ValueError
        ``shape`` has no axis of inputs.

    References
    ----------
    He, Zhang, Ren and Sun, *Delving deep into rectifiers*, ICCV 2015.

    Derived in: chapter I-5 "Backprop brings the flip back".

    Examples
    --------
    >>> from convlib.nn import he_weights
    >>> w = he_weights((10, 200), rng=np.random.default_rng(0))
    >>> abs(w.std() - 0.1) < 0.01  # √(2 / 200) = 0.1
    np.True_
    """
    shape = several("shape", shape, 1)
    if len(shape) < 2:
        raise ValueError(f"shape is {shape}; allowed: (F, C / groups, kH, kW) or (M, D)")
    return rng.normal(0, math.sqrt(2 / math.prod(shape[1:])), shape)


def sgd_step(
    weights: Sequence[Array],
    grads: Sequence[Array],
    velocities: Sequence[Array] | None = None,
    rate: float = 0.1,
    momentum: float = 0.9,
) -> list[Array]:
    """Move all weights down their gradients, keeping part of the last step's speed.

    v ← momentum · v + grad

    w ← w − rate · v

    Parameters
    ----------
    weights : sequence of ndarray
        Changed in place.
    grads : sequence of ndarray
        One per array of weights, of its shape.
    velocities : sequence of ndarray, optional
        What the last step returned; not given at the first.
    rate : float
        Length of a step per gradient.
    momentum : float
        Share of the speed that is kept, 0 … 1.

    Returns
    -------
    list of ndarray
        The velocities, for the next step.

    Raises
    ------
    ValueError
        The lists are not of one length, or shapes differ.

    References
    ----------
    Goodfellow, Bengio and Courville, *Deep Learning*, §8.3.2.

    Derived in: chapter I-5 "Backprop brings the flip back".

    Examples
    --------
    >>> from convlib.nn import sgd_step
    >>> w = np.array([1.0])
    >>> v = sgd_step([w], [np.array([2.0])], rate=0.1, momentum=0.5)
    >>> v = sgd_step([w], [np.array([2.0])], v, rate=0.1, momentum=0.5)
    >>> w, v  # 1 − 0.1·2 − 0.1·(0.5·2 + 2)
    (array([0.5]), [array([3.])])
    """
    if velocities is None:
        velocities = [np.zeros_like(w) for w in weights]
    shapes = [[array.shape for array in arrays] for arrays in (weights, grads, velocities)]
    if not shapes[0] == shapes[1] == shapes[2]:
        raise ValueError(f"weights, grads and velocities have shapes {shapes}; allowed: three equal lists")
    moved = [momentum * v + grad for v, grad in zip(velocities, grads, strict=True)]
    for w, v in zip(weights, moved, strict=True):
        w -= rate * v
    return moved


def _classes(scores: npt.ArrayLike, labels: npt.ArrayLike) -> tuple[Array, Array]:
    (scores,) = floats(scores=scores)
    if scores.ndim != 2:
        raise ValueError(f"scores has shape {scores.shape}; allowed: (N, M)")
    return scores, classes("labels", labels, scores.shape)


def _log_softmax(scores: Array) -> Array:
    below = scores - scores.max(axis=1, keepdims=True)
    with np.errstate(under="ignore"):
        logs: Array = below - np.log(np.exp(below).sum(axis=1, keepdims=True))
    return logs
