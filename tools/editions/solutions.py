"""Run the worked solution of an exercise with the numbers of any seed."""

import ast
import io
import symtable
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import Any

import numpy as np
from nbformat import NotebookNode

from convlib.checks import check, exercise
from tools.chapters import is_solution

HANDED = {"check", "exercise"}  # by `run`, for the seed
BINDS_ANEW = (ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


def program(nb: NotebookNode, solution: NotebookNode) -> str:
    """The solution, and of the cells before it only what it needs; other solutions never count."""
    before = nb.cells[: nb.cells.index(solution)]
    given = [s for c in before if c.cell_type == "code" and not is_solution(c) for s in ast.parse(c.source).body]
    loads, stores = _uses(solution.source)
    kept, needed = [solution.source], loads - stores - HANDED
    for statement in reversed(given):
        loads, stores = _uses(source := ast.unparse(statement))
        if needed & {*stores, *_changed(statement)}:
            kept.append(source)
            needed -= stores if isinstance(statement, BINDS_ANEW) else set()
            needed |= loads - _loop_names(statement) - HANDED
    return "\n".join(reversed(kept))


def _uses(source: str) -> tuple[set[str], set[str]]:
    """Names of the notebook that the code reads, and those that it binds."""
    top = symtable.symtable(source, "cell", "exec")
    return set(_loads(top)), {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}


def _loads(table: symtable.SymbolTable) -> Iterator[str]:
    outermost = table.get_type() == "module"
    yield from (s.get_name() for s in table.get_symbols() if s.is_referenced() and (outermost or s.is_global()))
    for child in table.get_children():
        yield from _loads(child)


def _changed(statement: ast.stmt) -> Iterator[str]:
    """Names whose objects a statement changes in place: `name[…] = …`, `name.append(…)`."""
    for node in ast.walk(statement):
        place = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else node
        if isinstance(place, ast.Subscript | ast.Attribute) and (place is not node or isinstance(place.ctx, ast.Store)):
            while isinstance(place, ast.Subscript | ast.Attribute):
                place = place.value
            yield getattr(place, "id", "")


def _loop_names(statement: ast.stmt) -> set[str]:
    target = statement.target if isinstance(statement, ast.For) else statement
    return {n.id for n in ast.walk(target) if isinstance(n, ast.Name)} if target is not statement else set()


def run(code: str, seed: int) -> Any:
    """Run such a program, without what it prints: the answer that it hands to `check`."""
    given: list[Any] = []

    def recorded(exercise_id: str, answer: Any) -> Any:
        given.append(answer)
        return check(exercise_id, answer, seed)

    def numbers(exercise_id: str) -> Any:
        return exercise(exercise_id, seed)

    with redirect_stdout(io.StringIO()):
        exec(compile(code, "<solution>", "exec"), {"check": recorded, "exercise": numbers})
    return given[-1]


def literal(value: Any) -> str:
    """Numbers as a reader would type them; rounding is forgiven by the checkers."""
    array = np.asarray(value)
    rounded = array.astype(float).round(6) + 0.0
    return str((rounded.astype(int) if (rounded == rounded.round()).all() else rounded).tolist())
