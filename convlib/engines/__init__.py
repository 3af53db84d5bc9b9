"""The engines: five ways to compute the same convolution, and the planner that picks one.

`plan.compute` is the one way through: a rule for types, then *fold* (which axes need a convolution),
*plan* (what each engine would cost, from `rates.json`) and *run* (the cheapest, under the guard that
keeps a bad entry from spoiling more than its window).

Each engine is one module that says its ``NAME``, what it ``fits``, whether ``auto`` may take it, what
it would ``cost``, and how it is ``run``: with two native floating arrays of one type and number of
dimensions, of which ``h`` is not the larger one, a box of the full convolution (where it starts, and
its shape), and a check that each piece of ``x`` passes before it is used. None knows a mode.

| module | what is in it |
|---|---|
| `plan` | the table of engines, `Plan`, and the way through |
| `direct` | sums of products |
| `toeplitz` | products of matrices, "gemm": 1-D and 2-D |
| `separable` | the factors of a kernel |
| `overlap_save`, `whole_fft` | products of spectra, in blocks or in one piece |
| `fourier` | the transforms of both, and what they cost |
| `integers` | which engine is exact for them, in which type |
| `guard` | NaN, infinity and overflow stay where they belong |
| `products` | products of matrices in parts that BLAS computes on one thread |
| `boxes` | shapes, and pieces of a signal with zeros around it |
"""

from convlib.engines.plan import DENSE, SPECTRAL, Plan, plan

__all__ = ["DENSE", "SPECTRAL", "Plan", "plan"]
