"""Small neural networks in plain NumPy: every layer's backward right below its forward.

Images are arrays (N, C, H, W): N images of C channels, H × W pixels each. What a layer computes is
a function of its input and its weights; its backward turns ∂loss/∂output into ∂loss/∂input and
∂loss/∂weights. `Layer` and `Sequential` do nothing but remember the inputs in between.
"""

# conv.py holds the convolutional layers, which im2col.py (cross-correlation) or taps.py (convolution) computes where
# fit.py says; layers.py the others, model.py the network and its training, explain.py the maps of where it looked.
# Of the engines they know only how to multiply matrices.

from convlib.nn.conv import conv2d, conv2d_backward, conv_transpose2d, conv_transpose2d_backward
from convlib.nn.fit import ReceptiveField, receptive_field
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
from convlib.nn.model import Layer, Sequential, cross_entropy, cross_entropy_backward, he_weights, sgd_step

__all__ = [
    "Layer",
    "ReceptiveField",
    "Sequential",
    "avg_pool2d",
    "avg_pool2d_backward",
    "conv2d",
    "conv2d_backward",
    "conv_transpose2d",
    "conv_transpose2d_backward",
    "cross_entropy",
    "cross_entropy_backward",
    "he_weights",
    "linear",
    "linear_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "receptive_field",
    "relu",
    "relu_backward",
    "sgd_step",
]
