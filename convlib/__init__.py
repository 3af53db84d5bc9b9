"""Convolution and cross-correlation, exact and explained.

`convolve` flips, `correlate` does not, `flip` is the difference between them, and `trace` writes
out any one sample of either. `plan` says which engine computes a convolution, and what it costs.
`kernels` holds the classic image kernels, `data` the course's pictures and signals.
"""

from convlib import data, kernels
from convlib.engines import Plan, plan
from convlib.ops import convolve, correlate, flip
from convlib.trace import Term, Trace, trace

__version__ = "0.1.0"

__all__ = ["Plan", "Term", "Trace", "convolve", "correlate", "data", "flip", "kernels", "plan", "trace"]
