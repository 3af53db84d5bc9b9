"""The words of the exercises: a Markdown file beside each chapter's declarations, with `{places}` for values.

An exercise is a part `# III-1.1 Title` with its text, `## Hint` and `## Solution`; a star, `# III-1.3* Title`, says
that it needs more than the core of its page. Places have the names of what is given and of what `Exercise.worked`
returns. The markup is small: paragraphs, lists, *em*, **strong**, `code`. A paragraph that is one place alone holds a
grid, or several.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from convlib.checks.declaration import Exercise, plain
from convlib.checks.judging import number_text, shape

Node: TypeAlias = Any  # a text, or [tag, child, …]; ["place", name] and ["grid", name] hold a value

PLACE = r"\{([^{}]+)\}"
MARKUP = re.compile(rf"\*\*(?=\S)(.+?)(?<=\S)\*\*|\*(?=\S)(.+?)(?<=\S)\*|`([^`]+)`|{PLACE}", re.DOTALL)
ITEM = re.compile(r"(-|\d+\.) +")
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Words:
    """What an exercise says, in Markdown; a students' copy has no solutions."""

    title: str
    text: str
    hint: str = ""
    solution: str = ""


def words(declared: Exercise) -> Words:
    """The words of an exercise, from its chapter's file."""
    return _parts(Path(inspect.getfile(declared.draw)).with_suffix(".md"))[declared.id]


@lru_cache
def _parts(file: Path) -> dict[str, Words]:
    found = {}
    for part in re.split(r"^# ", file.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        text, *rest = re.split(r"^## (Hint|Solution)\n", body, flags=re.MULTILINE)
        name, _, title = head.strip().partition(" ")
        more = {key.lower(): value.strip() for key, value in zip(rest[::2], rest[1::2], strict=True)}
        star = " *" if name.endswith("*") else ""
        found[name.rstrip("*")] = Words(title + star, text.strip(), **more)
    return found


def places(declared: Exercise, seed: int) -> dict[str, Any]:
    """What stands in the places for a seed: texts, or nested lists of texts."""
    given, right, _ = declared.variant(seed)
    return {name: written(value) for name, value in {**given, **declared.further(given, right)}.items()}


def written(value: Any) -> Any:
    """A value as a person writes it, lists as lists of such texts: a real minus, six significant digits.

    >>> written([-4, 2.5, 1e-5])
    ['−4', '2.5', '10⁻⁵']
    """
    value = plain(value)
    if isinstance(value, list):
        return [written(entry) for entry in value]
    if isinstance(value, str):
        return value
    digits, _, power = (str(value) if isinstance(value, int) else number_text(value)).partition("e")
    if power:
        digits = f"{'' if digits == '1' else f'{digits} · '}10{str(int(power)).translate(RAISED)}"
    return digits.replace("-", "−")


def inline(value: Any) -> str:
    """A value within a sentence."""
    return f"[{', '.join(map(inline, value))}]" if isinstance(value, list) else str(value)


def grids(value: Any) -> list[Any]:
    """A value on its own, as grids: each a list of rows."""
    return list(value) if len(shape(value)) == 3 else [value] if len(shape(value)) == 2 else [[value]]


def products(a: Any, b: Any) -> str:
    """A sum of products as on paper.

    >>> products([5, -4], [4, -6])
    '5 · 4 + (−4) · (−6)'
    """
    pairs = zip(plain(a), plain(b), strict=True)
    return " + ".join(" · ".join(f"({text})" if "−" in text else text for text in written(pair)) for pair in pairs)


def added(values: Any) -> str:
    """A sum as on paper.

    >>> added([20, 8, -24])
    '20 + 8 − 24'
    """
    return " + ".join(written(plain(values))).replace("+ −", "− ")


def nodes(markdown: str) -> list[Node]:
    """The paragraphs, lists and grids of a text."""
    return [_block(part) for part in re.split(r"\n\s*\n", markdown) if part.strip()]


def _block(part: str) -> Node:
    if alone := re.fullmatch(PLACE, part.strip()):
        return ["grid", alone[1]]
    if kind := ITEM.match(part):
        items = re.split(rf"^{ITEM.pattern}", part, flags=re.MULTILINE)[2::2]
        return ["ul" if kind[1] == "-" else "ol", *(["li", *_runs(item)] for item in items)]
    return ["p", *_runs(part)]


def _runs(text: str) -> Iterator[Node]:
    at, text = 0, " ".join(text.split())
    for match in MARKUP.finditer(text):
        if at < match.start():
            yield text[at : match.start()]
        strong, em, code, place = match.groups()
        yield (
            ["place", place]
            if place
            else ["strong" if strong else "em" if em else "code", *_runs(strong or em or code)]
        )
        at = match.end()
    if at < len(text):
        yield text[at:]


def filled(markdown: str, values: dict[str, Any]) -> str:
    """A text with its values, still Markdown; grids in lines of code."""

    def rows(match: re.Match[str]) -> str:
        tables = ("\n".join("  ".join(row) for row in grid) for grid in grids(values[match[1]]))
        return "```text\n" + "\n\n".join(tables) + "\n```"

    text = re.sub(rf"^{PLACE}$", rows, markdown, flags=re.MULTILINE)
    return re.sub(PLACE, lambda match: inline(values[match[1]]), text)


def problems(declared: Exercise, said: Words, seed: int = 0) -> list[str]:
    """What the words of an exercise lack, or have too much."""
    values, given = places(declared, seed), declared.variant(seed)[0]
    parts = {"text": said.text, "hint": said.hint, "solution": said.solution}
    found = [f"{declared.id}: no {name}" for name, text in parts.items() if not text]
    used = {place for text in parts.values() for place in re.findall(PLACE, text)}
    found += [f"{declared.id}: {{{place}}} has no value" for place in sorted(used - values.keys())]
    found += [f"{declared.id}: {name} has no place" for name in sorted(values.keys() - used)]
    early = set(re.findall(PLACE, said.text))
    found += [f"{declared.id}: {name} is given, and the text does not say it" for name in sorted(given.keys() - early)]
    inside = {name for text in parts.values() for kind, name in placed(nodes(text)) if kind == "place"}
    high = sorted(name for name in inside if len(shape(values.get(name))) > 1)
    return found + [f"{declared.id}: {{{name}}} is a grid: give it a paragraph of its own" for name in high]


def placed(children: list[Node]) -> Iterator[tuple[str, str]]:
    """Every place of a text: "place" or "grid", and its name."""
    for child in children:
        if isinstance(child, list):
            yield from [(child[0], child[1])] if child[0] in ("place", "grid") else placed(child[1:])
