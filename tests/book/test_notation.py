"""The notation page: every symbol in the formulas of the course has a row in its table."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTATION = ROOT / "chapters/appendix/notation.md"
PAGES = [f for f in sorted((ROOT / "chapters").rglob("*")) if f.suffix in (".ipynb", ".md", ".yml") and f != NOTATION]
# What school writes too, and what only says how a formula is laid out.
SCHOOL = r"""sum int sqrt frac tfrac dfrac pi infty approx propto in sin cos tan exp log ln max min lim le ge ne neq
lt gt cdot times pm bmod to longrightarrow Rightarrow Longrightarrow dots ldots cdots circ quad qquad square"""
LAYOUT = r"""left right big Big bigl bigr Bigl Bigr bigg biggl biggr Biggl Biggr displaystyle textstyle limits nolimits
substack phantom mathrel mathop mathbin mathsf underbrace overbrace underset overset xrightarrow boxed hspace"""
FREE = {f"\\{name}" for name in (SCHOOL + " " + LAYOUT).split()}
FENCED = re.compile(r"^```\{math\}\n((?::\w+:[^\n]*\n)*)(.*?)^```$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"^```(?:\w|\{code)[^\n]*\n.*?^```$|(?<!`)`[^`\n]*`", re.DOTALL | re.MULTILINE)
FORMULA = re.compile(
    r"\$\$(.+?)\$\$|(?<![\\$])\$(?!\s)([^$]+?)(?<![\s\\])\$(?!\d)"
    r"|\\begin\{(?:align|equation|gather)\*?\}(.+?)\\end\{(?:align|equation|gather)",
    re.DOTALL,
)
WORDS = re.compile(r"\\(?:text|mathrm|operatorname|texttt|tag|label|begin|end)\*?\{[^{}]*\}(?:\{[lcr]+\})?")
SYMBOL = re.compile(r"\\(?:mathcal|mathbb|mathbf)\s*\{?\s*[A-Za-z]\}?|\\[a-zA-Z]+|[A-Za-z]")


def prose(file: Path) -> str:
    text = file.read_text("utf-8")
    if file.suffix != ".ipynb":
        return text
    cells = json.loads(text)["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def formulas(text: str) -> Iterator[str]:
    for found in FORMULA.finditer(CODE.sub("", FENCED.sub(r"$$\2$$", text))):
        yield next(part for part in found.groups() if part)


def symbols(text: str) -> set[str]:
    """The letters and signs of all formulas in a text."""
    found = {re.sub(r"[\s{}]", "", s) for tex in formulas(text) for s in SYMBOL.findall(WORDS.sub("", tex))}
    return found - FREE


def listed(page: str) -> set[str]:
    """What the first column of the course's own table holds."""
    table = page.split("## What the course writes")[1].split("\n## ")[0]
    rows = [row.split(" | ")[0] for row in table.splitlines() if row.startswith("| ")]
    return symbols("\n".join(rows))


@pytest.mark.parametrize("page", PAGES, ids=lambda f: str(f.relative_to(ROOT / "chapters")))
def test_every_symbol_of_the_page_is_in_the_table(page):
    assert sorted(symbols(prose(page)) - listed(NOTATION.read_text("utf-8"))) == []


def test_formulas_of_every_kind_are_read_and_code_is_not():
    text = "$a$ and $$\nb\n$$ and `$c$`\n\n```python\n$d$\n```\n\n```{glossary}\nx\n  $e$\n```\n"
    text += "\n```{math}\n:label: eq\nf\n```\n\n\\begin{align}g\\end{align} \\$h\n"
    assert sorted(symbols(text)) == list("abefg")


def test_signs_words_and_school():
    said = r"$\mathcal{F} x_\text{out} \star \tfrac12 \operatorname{rank} \max \hat y \begin{array}{lc} \end{array}$"
    assert symbols(said) == {"\\mathcalF", "x", "\\star", "\\hat", "y"}


TABLE = r"""## What the course writes

| symbol | meaning |
|---|---|
| $x$, $\tau$ | $q$ |

## Elsewhere

| $z$ | |
"""


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("$x(\\tau)$", set()),
        ("$x(\\omega)$", {"\\omega"}),
        ("$$q$$", {"q"}),
        ("$z$", {"z"}),
        ("$\\mathcal{F}x$", {"\\mathcalF"}),
    ],
)
def test_must_fail_a_symbol_that_is_not_in_the_table(text, missing):
    assert symbols(text) - listed(TABLE) == missing
