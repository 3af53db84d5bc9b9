"""ConventionAtlas: from the line of one library to the line of another that gives the same numbers."""

from typing import Any

import numpy as np
import traitlets

from convlib.conventions import OTHER_MIDDLE, load, write
from convlib.ops import convolve, correlate
from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Numbers, control, slider

OPS = {"convolve": convolve, "correlate": correlate}


class ConventionAtlas(Interactive):
    """Pick the line that you have and the call that you want: the atlas writes the line for it.

    Both lines give the same numbers. A small example shows them: of the full output, the cells
    that the mode keeps are filled.

    dims : Signals or images.
    have : A line of code, one of ``atlas["lines"]``.
    want : Name of a call, a key of ``atlas["calls"]``.
    length : How many weights of ``h`` are used along each axis, from 1 to 4.
    x : The signal (one row) or the image of the example.
    h : Its kernel.
    atlas : What the probes found; read from the package by default.

    >>> w = ConventionAtlas(have="np.convolve(x, h)", want="np.correlate")
    >>> w.shown()["line"]
    'np.correlate(x, h[::-1], "full")'
    """

    dims = control(traitlets.Enum([1, 2], 1))
    atlas = control(traitlets.Dict())
    have = control(traitlets.Unicode(), kind="choice", select=True)
    want = control(traitlets.Unicode(), kind="choice", select=True)
    length = slider(3, 1, 4)
    x = Numbers([[0, 0, 0, 1, 0, 0]], low=-9, high=9, shape=((1, 8), (4, 8)), whole=True)
    h = Numbers([[1, 2, 3, 4]], low=-99, high=99, shape=((1, 4), (4, 4)), whole=True)

    def __init__(self, **kwargs: Any) -> None:
        dims = kwargs.get("dims", 1)
        atlas = kwargs.setdefault("atlas", load(2 if dims == 2 else 1))
        kwargs.setdefault("have", atlas["lines"][0]["line"])
        kwargs.setdefault("want", list(atlas["calls"])[-1])
        if dims == 2:
            kwargs.setdefault("x", np.pad([[1]], ((2, 1), (2, 2))).tolist())
            kwargs.setdefault("h", [[1, 2, 5, 10], [3, 4, 6, 11], [7, 8, 9, 12], [13, 14, 15, 16]])
        super().__init__(**kwargs)

    @traitlets.validate("have", "want")
    def _known(self, proposal: Any) -> Any:
        """Refuse a line or a call that the atlas does not have."""
        name, value = proposal["trait"].name, proposal["value"]
        known = [one["line"] for one in self.atlas["lines"]] if name == "have" else list(self.atlas["calls"])
        if value not in known:
            raise traitlets.TraitError(f"{name} must be one of {', '.join(known)}, not {value}")
        return value

    @property
    def _target(self) -> dict[str, str]:
        return next(one for one in self.atlas["lines"] if one["line"] == self.have)

    @property
    def _kernel(self) -> np.ndarray[Any, Any]:
        return np.array(self.h)[: self.length, : self.length]

    def _origin(self) -> list[int] | None:
        """Which weight an output puts on the sample in its own place; only where the size stays."""
        back = {"left": 1, "right": 0}.get(self._target["size"])
        return None if back is None else [(k - back) // 2 for k in self._kernel.shape]

    def _output(self) -> tuple[np.ndarray[Any, Any], tuple[slice, ...]]:
        """Return the full output, and which part of it the line keeps."""
        x, h, target = np.array(self.x), self._kernel, self._target
        full = np.asarray(OPS[target["op"]](x, h, "full"))
        kept = [slice(None)] * 2
        if target["size"] == "valid":
            kept = [slice(k - 1, n) for n, k in zip(x.shape, h.shape, strict=True)]
        if target["size"] == "first":
            kept = [slice(n) for n in x.shape]
        if origin := self._origin():
            firsts = [o if target["op"] == "convolve" else k - 1 - o for o, k in zip(origin, h.shape, strict=True)]
            kept = [slice(first, first + n) for first, n in zip(firsts, x.shape, strict=True)]
            if target["edge"] != "zero":
                margins = [(k - 1 - first, first) for first, k in zip(firsts, h.shape, strict=True)]
                wide = np.pad(x, margins, mode=target["edge"])  # type: ignore[call-overload]
                full[tuple(kept)] = OPS[target["op"]](wide, h, "valid")
        return full, tuple(kept)

    def _line(self) -> str:
        return write(self.atlas["calls"][self.want], self._target, self.dims)

    def _odd(self) -> dict[str, float | str]:
        """The other middle's line, where it is shorter: an odd kernel has only one."""
        other = self._target | {"size": OTHER_MIDDLE.get(self._target["size"], self._target["size"])}
        line = write(self.atlas["calls"][self.want], other, self.dims)
        return {"odd": line} if len(line) < len(self._line()) else {}

    def _first(self) -> str:
        """What has to stand above the line."""
        sizes = "H, W = image.shape; kH, kW = kernel.shape"
        needs: str = self.atlas["calls"][self.want]["needs"]
        line = self._line()
        extra = [self.atlas["numpy"]] if "np." in line.replace("jnp.", "") and "numpy as" not in needs else []
        return "\n".join([*extra, needs, *([sizes] if "kH" in line or "H]" in line else [])])

    def shown(self) -> dict[str, float | str]:
        """Return the numbers and the code on display, by key."""
        found: dict[str, float | str] = {"line": self._line(), "first": self._first()}
        found |= self._odd() | {f"x[{r},{c}]": int(v) for (r, c), v in np.ndenumerate(np.array(self.x))}
        found |= {f"h[{r},{c}]": int(v) for (r, c), v in np.ndenumerate(self._kernel)}
        full, kept = self._output()
        inside = np.zeros(full.shape, bool)
        inside[kept] = True
        return found | {f"y[{r},{c}]": int(full[r, c]) if inside[r, c] else "·" for r, c in np.ndindex(full.shape)}

    def describe(self) -> str:
        """Return the text alternative."""
        return self.text("describe", have=self.have, line=self._line())
