"""The words of an exercise as HTML, with the numbers of the page: what stands there before a script runs."""

from html import escape
from typing import Any

from convlib.checks import EXERCISES
from convlib.checks.words import Node, grids, inline, nodes, places, words


def static_html(exercise_id: str) -> dict[str, str]:
    """Title, text, hint and solution; each place is a `<span data-given>`, each grid a `<div data-given>` of tables."""
    said, values = words(EXERCISES[exercise_id]), places(EXERCISES[exercise_id], seed=0)
    parts = {name: nodes(getattr(said, name)) for name in ("text", "hint", "solution")}
    return {"title": escape(said.title)} | {
        name: "\n".join(_html(node, values) for node in found) for name, found in parts.items()
    }


def _html(node: Node, values: dict[str, Any]) -> str:
    if isinstance(node, str):
        return escape(node, quote=False)
    tag, *children = node
    if tag == "place":
        return f'<span data-given="{escape(children[0])}">{escape(inline(values[children[0]]), quote=False)}</span>'
    if tag == "grid":
        tables = "".join(map(_table, grids(values[children[0]])))
        return f'<div class="grids" data-given="{escape(children[0])}">{tables}</div>'
    return f"<{tag}>{''.join(_html(child, values) for child in children)}</{tag}>"


def _table(rows: list[list[str]]) -> str:
    lines = ("".join(f"<td>{escape(text, quote=False)}</td>" for text in row) for row in rows)
    return f"<table><tbody>{''.join(f'<tr>{line}</tr>' for line in lines)}</tbody></table>"
