"""One measured point: its shapes, its arrays and the work that its definition asks for."""

import math
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np


@dataclass(frozen=True)
class Case:
    """One point: `kind` is 1d (mode full), 2d or separable (mode same), forward or backward (a layer)."""

    kind: str
    x: tuple[int, ...]
    h: tuple[int, ...]
    dtype: str
    name: str = ""
    options: dict[str, int] = field(default_factory=dict, hash=False)

    @property
    def mode(self) -> str:
        return {"1d": "full", "2d": "same", "separable": "same"}.get(self.kind, "")

    @property
    def label(self) -> str:
        sizes = "{} * {}".format(*("×".join(map(str, shape)) for shape in (self.x, self.h)))
        return " ".join(part for part in (self.kind, self.name or sizes, self.dtype) if part)

    @property
    def output(self) -> tuple[int, ...]:
        if self.kind == "1d":
            return (self.x[0] + self.h[0] - 1,)
        if not self.options:
            return self.x
        step, pad, gap = (self.options[name] for name in ("stride", "padding", "dilation"))
        sides = ((n + 2 * pad - gap * (k - 1) - 1) // step + 1 for n, k in zip(self.x[2:], self.h[2:], strict=True))
        return (self.x[0], self.h[0], *sides)

    @property
    def products(self) -> int:
        """Multiplications that the definition asks for; borders are counted as if they were inside."""
        if self.kind == "separable":
            return math.prod(self.x) * sum(self.h)
        if self.options:
            return math.prod(self.output) * math.prod(self.h[1:]) * (2 if self.kind == "backward" else 1)
        return math.prod(self.x) * math.prod(self.h)

    @property
    def weight(self) -> float:
        """What a case needs of the time, from its size: a large one some twenty times as much as a small one."""
        return 0.3 + math.prod(self.output) * math.log2(1 + math.prod(self.h)) / 3e7

    def inputs(self) -> SimpleNamespace:
        """Arrays of the case, seeded by its shapes; a separable kernel is u vᵀ; `dy` is a layer's gradient."""
        rng = np.random.default_rng([*self.x, *self.h])
        x, h, dy = (rng.standard_normal(s).astype(self.dtype) for s in (self.x, self.h, self.output))
        given = SimpleNamespace(x=x, h=h, dy=dy, mode=self.mode, options=self.options, u=None, v=None)
        if self.kind == "separable":
            given.u, given.v = h[0].copy(), h[1].copy()
            given.h = np.outer(given.u, given.v)
        return given
