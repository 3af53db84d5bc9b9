"""One output sample, term by term: which entry meets which, as text, LaTeX and HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import product
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from convlib.arguments import choice, numbers, same_axes, wholes
from convlib.ops import conjugate

Index = tuple[int, ...]
Origin = int | tuple[int, ...] | Literal["centre"]
Labels = tuple[range, ...]

OPS = {"convolve": "Convolution", "correlate": "Cross-correlation"}
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Term:
    """One product of an output sample.

    Attributes
    ----------
    x_index, h_index : tuple of int
        Labels of the two entries, one number per axis.
    x_value, h_value : number
        The two factors: 0 for an entry that does not exist; the conjugate where `correlate`
        conjugates.
    product : number
        ``x_value * h_value``, or 0 where an entry does not exist.
    inside : bool
        False if one of the two entries does not exist.
    """

    x_index: Index
    h_index: Index
    x_value: Any
    h_value: Any
    product: Any
    inside: bool


@dataclass(frozen=True, repr=False)
class Trace:
    """One output sample with all its terms; printing it shows the sum.

    Attributes
    ----------
    op : {"convolve", "correlate"}
        The operation.
    n : tuple of int
        Label of the output sample.
    terms : tuple of Term
        The products, in the order of the sum.
    value : number
        Their sum, y[n].
    over : {"h", "x"}
        The array whose entries are counted off; the other one may lack some.
    slides : {"h", "x"}
        The array that a cross-correlation slides over the other one.
    """

    op: str
    n: Index
    terms: tuple[Term, ...]
    value: Any
    over: str = "h"
    slides: str = "h"

    @property
    def text(self) -> str:
        """The sum in one line, with symbols, numbers, value, and which entries do not exist."""
        symbols = ("·".join(self._symbol(name, t) for name in "xh") for t in self.terms)
        return self._line(symbols) + self._missing()

    @property
    def latex(self) -> str:
        """The same sum for KaTeX or MathJax, without dollar signs.

        An entry that does not exist is written as ``(x[-1]=0)``.
        """
        return _to_latex(self._line("·".join(self._marked(t)) for t in self.terms))

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text

    def _repr_latex_(self) -> str:
        return f"$$ {self.latex} $$"

    def _repr_html_(self) -> str:
        columns = ("term", "x index", "h index", "x value", "h value", "product")
        head = "".join(f'<th scope="col">{name}</th>' for name in columns)
        body = "\n".join(self._html_row(i, t) for i, t in enumerate(self.terms, start=1))
        y, value = f"y{_label(self.n)}", escape(_number(self.value))
        return (
            '<table class="fs-trace">\n'
            f"<caption>{OPS[self.op]}{self._order()}, term by term: {y} = {value}</caption>\n"
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n"
            f'<tfoot><tr><th scope="row" colspan="5">sum {y}</th><td>{value}</td></tr></tfoot>\n'
            "</table>"
        )

    def _html_row(self, i: int, term: Term) -> str:
        gone = " (does not exist)"
        cells = [
            self._symbol("x", term),
            self._symbol("h", term),
            _number(term.x_value) + (gone if self._lacks("x", term) else ""),
            _number(term.h_value) + (gone if self._lacks("h", term) else ""),
            _number(term.product),
        ]
        row = "<tr>" if term.inside else '<tr class="fs-trace-outside">'
        tail = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        return f'{row}<th scope="row">{i}</th>{tail}</tr>'

    def _line(self, symbols: Iterable[str]) -> str:
        numbers = (f"{_factor(t.x_value)}·{_factor(t.h_value)}" for t in self.terms)
        sums = f"{' + '.join(symbols)} = {' + '.join(numbers)}"
        return f"y{_label(self.n)} = {sums} = {_number(self.value)}"

    def _marked(self, term: Term) -> Iterator[str]:
        for name in "xh":
            symbol = self._symbol(name, term)
            yield f"({symbol}=0)" if self._lacks(name, term) else symbol

    def _symbol(self, name: str, term: Term) -> str:
        index, value = (term.x_index, term.x_value) if name == "x" else (term.h_index, term.h_value)
        symbol = name + _label(index)
        conjugated = self.op == "correlate" and name == self.slides and np.iscomplexobj(value)
        return f"conj({symbol})" if conjugated else symbol

    def _order(self) -> str:
        return " x ⋆ h" if self.slides == "x" else ""

    def _lacks(self, name: str, term: Term) -> bool:
        return not term.inside and name != self.over

    def _missing(self) -> str:
        name = "x" if self.over == "h" else "h"
        index = [t.x_index if name == "x" else t.h_index for t in self.terms if not t.inside]
        verb = "does not exist and counts" if len(index) == 1 else "do not exist and count"
        names = ", ".join(name + _label(i) for i in index)
        return f"; {names} {verb} as 0" if index else ""


def trace(
    x: npt.ArrayLike,
    h: npt.ArrayLike,
    n: int | tuple[int, ...],
    op: Literal["convolve", "correlate"] = "convolve",
    *,
    x_origin: Origin = 0,
    h_origin: Origin = 0,
    over: Literal["h", "x"] = "h",
    slides: Literal["h", "x"] = "h",
) -> Trace:
    """Write out one output sample, term by term, with its indices.

    convolve:  y[n] = Σ_k x[n−k]·h[k],  correlate:  y[n] = Σ_k x[n+k]·conj(h[k])

    With ``slides="x"`` a correlation lets the signal slide over the kernel, which gives the same
    numbers in reverse order (for complex ones conjugated):  y[n] = Σ_i conj(x[i])·h[n+i]

    All indices are *labels*: entry number i of ``x`` has the label i − x_origin, so that zero
    may lie at the centre and labels may be negative. Entries outside the arrays count as 0.

    Parameters
    ----------
    x, h : array_like, shapes (len_x, …) and (len_h, …)
        Signal and kernel with the same number of dimensions, at least one.
    n : int or tuple of int
        Label of the output sample, one integer per axis.
    op : {"convolve", "correlate"}
        The operation.
    x_origin, h_origin : int, tuple of int or "centre"
        Which entry of the array has the label 0; "centre" is entry ``len // 2``.
    over : {"h", "x"}
        "h": one term for each entry of ``h``, in its order. "x": one term for each entry of
        ``x`` under the window, and for a ring of entries around it that ask for entries of
        ``h`` which do not exist.
    slides : {"h", "x"}
        Which array slides over the other one: "h" is h ⋆ x, "x" is x ⋆ h. A convolution is the
        same either way and takes "h" only.

    Returns
    -------
    Trace
        Fields ``op``, ``n``, ``terms``, ``value``, ``over``, ``slides``; ``str()``, ``.text`` and ``.latex``
        give the sum, and a notebook shows a table.

    Raises
    ------
    ValueError
        An array is empty, ragged or a scalar, the numbers of dimensions differ, ``op``,
        ``over``, ``slides`` or an origin is unknown, a convolution is given ``slides="x"``, or
        the output has no sample with the label ``n``.
    TypeError
        An array holds no numbers, or ``n`` or an origin no integers.

    See Also
    --------
    convlib.convolve : All samples at once; its "full" output starts at label 0 if both origins
        are 0.
    convlib.correlate : Likewise; its "full" output starts at label −(len_h − 1).

    References
    ----------
    Oppenheim and Schafer, *Discrete-Time Signal Processing*, 3rd ed., §2.3.

    Derived in: chapter I-2 "Indices done right".

    Examples
    --------
    >>> import convlib
    >>> convlib.trace([3, 4, 5], [1, 2], 2)
    y[2] = x[2]·h[0] + x[1]·h[1] = 5·1 + 4·2 = 13
    >>> convlib.trace([3, 4, 5], [1, -2], 2, op="correlate")
    y[2] = x[2]·h[0] + x[3]·h[1] = 5·1 + 0·(−2) = 5; x[3] does not exist and counts as 0
    >>> convlib.trace([3, 4, 5], [1, -2], -1, op="correlate", slides="x")
    y[−1] = x[1]·h[0] + x[2]·h[1] = 4·1 + 5·(−2) = −6
    """
    x, h = numbers("x", x), numbers("h", h)
    same_axes(x.shape, h.shape)
    if x.ndim == 0:
        raise ValueError("x and h have shape (); allowed: at least one axis, along which entries have labels")
    choice("op", op, tuple(OPS))
    choice("over", over, ("h", "x"))
    choice("slides", slides, ("h", "x") if op == "correlate" else ("h",))
    labels_x, labels_h = _labels("x", x.shape, x_origin), _labels("h", h.shape, h_origin)
    n = wholes("n", n, x.ndim, each=False)
    swapped = slides == "x"
    _check_label(n, op, *((labels_h, labels_x) if swapped else (labels_x, labels_h)))
    if op == "correlate":
        x, h = (conjugate(x), h) if swapped else (x, conjugate(h))
    place = tuple(-m for m in n) if swapped else n
    pairs = _pairs(place, 1 if op == "convolve" else -1, over, labels_x, labels_h)
    terms = tuple(_term(i, k, x, h, labels_x, labels_h) for i, k in pairs)
    return Trace(op, n, terms, sum(t.product for t in terms), over, slides)


def _pairs(n: Index, sign: int, over: str, labels_x: Labels, labels_h: Labels) -> Iterator[tuple[Index, Index]]:
    """Labels that meet at n: i = n − k for a convolution (sign 1), i = n + k otherwise."""
    if over == "h":
        for k in product(*labels_h):
            yield tuple(m - sign * b for m, b in zip(n, k, strict=True)), k
        return
    ring = [range(b.start - 1, b.stop + 1) for b in labels_h]
    for i in product(*labels_x):
        k = tuple(sign * (m - a) for m, a in zip(n, i, strict=True))
        if _has(ring, k):
            yield i, k


def _term(i: Index, k: Index, x: Any, h: Any, labels_x: Labels, labels_h: Labels) -> Term:
    x_value = _entry(x, labels_x, i) if _has(labels_x, i) else 0
    h_value = _entry(h, labels_h, k) if _has(labels_h, k) else 0
    inside = _has(labels_x, i) and _has(labels_h, k)
    with np.errstate(all="ignore"):
        return Term(i, k, x_value, h_value, x_value * h_value if inside else 0, inside)


def _has(labels: Iterable[range], index: Index) -> bool:
    return all(i in axis for i, axis in zip(index, labels, strict=True))


def _entry(array: npt.NDArray[Any], labels: Labels, index: Index) -> Any:
    """Value at a label, as a Python number: Python integers cannot overflow."""
    value = array.item(*(i - axis.start for i, axis in zip(index, labels, strict=True)))
    return int(value) if isinstance(value, bool) else value


def _labels(name: str, shape: tuple[int, ...], origin: Origin) -> Labels:
    if isinstance(origin, str) and origin != "centre":
        raise ValueError(f"{name}_origin is {origin!r}; allowed: 'centre', a whole number or {len(shape)} of them")
    zero = tuple(n // 2 for n in shape) if isinstance(origin, str) else wholes(f"{name}_origin", origin, len(shape))
    return tuple(range(-a, length - a) for a, length in zip(zero, shape, strict=True))


def _check_label(n: Index, op: str, labels_x: Labels, labels_h: Labels) -> None:
    sides = [
        (a[0] + b[0], a[-1] + b[-1]) if op == "convolve" else (a[0] - b[-1], a[-1] - b[0])
        for a, b in zip(labels_x, labels_h, strict=True)
    ]
    if not all(low <= m <= high for m, (low, high) in zip(n, sides, strict=True)):
        allowed = ", ".join(f"{low} to {high}" for low, high in sides)
        raise ValueError(f"n is {n}; allowed labels of the output, axis by axis: {allowed}")


def _label(index: Index) -> str:
    return f"[{','.join(map(str, index))}]".replace("-", MINUS)


def _number(value: Any) -> str:
    """At most six significant digits and a real minus sign; objects as they print themselves."""
    if isinstance(value, int):
        text = str(value) if abs(value) < 10**6 else f"{Decimal(value):.5e}"
        text = re.sub(r"\.?0*e", "e", text)
    elif isinstance(value, float | complex | np.number):
        text = f"{value + 0:.6g}"  # adding 0 turns −0.0 into 0
    else:
        text = str(value)
    return re.sub(r"e\+?(-?)0*(\d)", r"e\1\2", text).replace("-", MINUS)


def _factor(value: Any) -> str:
    text = _number(value)
    return text if re.fullmatch(r"[\w.]+", text) else f"({text})"


def _to_latex(line: str) -> str:
    line = re.sub(r"conj\((h\[[^]]*\])\)", r"\\overline{\1}", line)
    line = re.sub(rf"(?<=\d)e({MINUS}?\d+)", r" \\cdot 10^{\1}", line)
    line = line.replace("inf", r"\infty").replace("nan", r"\mathrm{nan}")
    return line.replace("·", r" \cdot ").replace(MINUS, "-")
