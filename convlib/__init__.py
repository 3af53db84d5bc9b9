"""Convolution and cross-correlation, exact and explained.

`convolve` flips, `correlate` does not, `flip` is the difference between them, and `trace` writes
out any one sample of either. `Stream` takes a signal block by block, `convolve_dask` an array that
is larger than memory. `kernels` holds the classic image kernels, `data` the course's
pictures and signals.
"""

from convlib import data, kernels
from convlib.lazy import convolve_dask
from convlib.ops import convolve, correlate, flip
from convlib.stream import Stream
from convlib.trace import Term, Trace, trace

__version__ = "0.1.0"

__all__ = ["Stream", "Term", "Trace", "convolve", "convolve_dask", "correlate", "data", "flip", "kernels", "trace"]
