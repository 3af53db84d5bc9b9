"""The engines: five ways to compute the same convolution, and the planner that picks one.

Every engine takes two native floating arrays of one type and number of dimensions, of which ``h``
is not the larger one, and a box of the full convolution to compute: where it starts, and its
shape. `convlib.ops` checks the arguments and asks for a mode; `run.run` calls the engine that the
plan names, under the guard that keeps a bad entry from spoiling more than its window.

| module | what is in it |
|---|---|
| `boxes` | shapes, and pieces of a signal with zeros around it |
| `direct` | sums of products |
| `gemm` | Toeplitz matrices: 1-D, 2-D, separable kernels |
| `products` | products of matrices in parts that BLAS computes on one thread |
| `spectral` | overlap-save, and one whole FFT |
| `guard` | NaN, infinity and overflow stay where they belong |
| `exact` | integers |
| `costs` | what each engine would cost, from `rates.json` |
| `planner` | the form that the engines take, and which of them is cheapest |
| `run` | the engine that the plan names |
"""

from convlib.engines.planner import Plan, plan

__all__ = ["Plan", "plan"]
