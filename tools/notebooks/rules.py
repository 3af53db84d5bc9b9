"""What a stored notebook must not hold, so that nbval compares all of it and its numbers travel."""

import ast
import re
from collections.abc import Iterator

from nbformat import NotebookNode

DIGITS = 6
NUMBER = re.compile(r"(?<![\w.])(\d+\.\d*|\.\d+|\d+(?=[eE][-+]?\d))(?:[eE][-+]?\d+)?(?!\d|\.\d)")
MARKUP = re.compile(r"<style.*?</style>|<[^>]*>", re.DOTALL)
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
# nbval leaves a cell unchecked that carries one of these.
UNCHECKED = re.compile(r"^\s*#\s*(NBVAL_\w+|PYTEST_VALIDATE_IGNORE_OUTPUT)", re.MULTILINE)
UNCHECKED_TAG = re.compile(r"nbval-|raises-exception|skip-execution")
GIVES_ANSWER = re.compile(r'\bcheck\(\s*"[IVX]+-\d+\.\d+",(?!\s*None\b)')
QUIET = re.compile(r";\s*(#.*)?$")
NOT_ALWAYS_RUN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.If, ast.Try)


def problems(nb: NotebookNode) -> list[str]:
    """One line for each broken rule; cells are named by their place among the code cells."""
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    found = [f"[{n}] {p}" for n, cell in enumerate(code, 1) for p in _cell_problems(n, cell)]
    if any(cell.get("attachments") for cell in nb.cells):
        found.append("an image is attached to a cell")
    return found


def texts(output: NotebookNode) -> list[str]:
    """The words of one output as a reader sees them, markup taken away."""
    if output.output_type == "stream":
        return [output.text]
    return [
        MARKUP.sub(" ", text) if kind == "text/html" else text
        for kind, text in output.get("data", {}).items()
        if kind.startswith("text/")
    ]


def long_numbers(text: str) -> list[str]:
    """Decimal numbers printed with more digits than two processors are sure to share."""
    return [m[0] for m in NUMBER.finditer(text) if len(m[1].replace(".", "").lstrip("0")) > DIGITS]


def _cell_problems(n: int, cell: NotebookNode) -> Iterator[str]:
    if cell.execution_count is None:
        yield "no execution count, so nbval would not compare it: run `make execute`"
    elif cell.execution_count != n:
        yield f"execution count {cell.execution_count}: not run from top to bottom"
    tags = " ".join(cell.metadata.get("tags", []))
    if UNCHECKED.search(cell.source) or UNCHECKED_TAG.search(tags):
        yield "a marker or tag that takes the cell out of the comparison"
    if GIVES_ANSWER.search(cell.source) and "solution" not in tags:
        yield "hands an answer to an exercise's checker: tag it `solution`, so that students' copies leave it out"
    if QUIET.search((cell.source.rstrip().splitlines() or [""])[-1]):
        yield "trailing ';': nbval prints the value all the same; write `plt.show()` or `_ = …`"
    if not cell.outputs and _speaks(cell.source):
        yield "prints or displays, and nothing is stored: run `make execute`"
    for output in cell.outputs:
        yield from _output_problems(output)


def _output_problems(output: NotebookNode) -> Iterator[str]:
    if output.output_type == "error":
        yield f"an error is stored: {output.ename}: {output.evalue}"
    if output.get("name") == "stderr":
        yield f"a warning is stored: {output.text.strip().splitlines()[0]}"
    for kind in output.get("data", {}):
        if kind.startswith("image/"):
            yield f"an image is stored ({kind}): run `make strip`"
        elif not kind.startswith(("text/", "application/vnd.jupyter.widget-")):
            yield f"an output that is not text is stored ({kind})"
    for text in texts(output):
        if numbers := long_numbers(text):
            yield f"more than {DIGITS} significant digits: {', '.join(numbers[:3])}"
        if found := ADDRESS.search(text):
            yield f"a memory address, new in each run: {found[0]}"


def _speaks(source: str) -> bool:
    """Whether running the cell is sure to print or display something."""
    try:
        body = ast.parse(re.sub(r"^\s*[%!].*$", "", source, flags=re.MULTILINE)).body
    except SyntaxError:
        return False  # nbval runs it and names the error
    last = body[-1].value if body and isinstance(body[-1], ast.Expr) else ast.Constant(None)
    shows = not isinstance(last, ast.Call | ast.Await) and getattr(last, "value", ...) is not None
    return shows or any(_calls_print(statement) for statement in body)


def _calls_print(node: ast.AST) -> bool:
    if isinstance(node, NOT_ALWAYS_RUN):
        return False
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("print", "display"):
        return True
    return any(_calls_print(child) for child in ast.iter_child_nodes(node))
