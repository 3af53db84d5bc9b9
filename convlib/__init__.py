"""Convolution and cross-correlation, exact and explained.

`convolve` flips, `correlate` does not, `flip` is the difference between them, and `trace` writes
out any one sample of either. `plan` says which engine computes a convolution, and what it costs.
`Stream` takes a signal block by block, `convolve_dask` an array that is larger than memory. `conv2d`
is a network's layer, `nn` the rest of the network, `explain` maps where it looked. `kernels`
holds the classic image kernels, `data` the course's pictures and signals, `systems` what a system
in continuous time answers, and `rooms` the echoes of a room.
"""

from convlib import nn
from convlib.dask import convolve_dask
from convlib.engines import Plan, plan
from convlib.nn import conv2d, explain
from convlib.ops import convolve, correlate, flip
from convlib.signals import data, kernels, rooms, systems
from convlib.stream import Stream
from convlib.trace import Term, Trace, trace

__version__ = "0.1.0"

__all__ = [
    "Plan",
    "Stream",
    "Term",
    "Trace",
    "conv2d",
    "convolve",
    "convolve_dask",
    "correlate",
    "data",
    "explain",
    "flip",
    "kernels",
    "nn",
    "plan",
    "rooms",
    "systems",
    "trace",
]
