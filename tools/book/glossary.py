"""The glossary's second half, from chapters/appendix/glossary.yml: each term's page, and its names in other languages.

A Sphinx extension: it adds one line to each definition of glossary.md while Sphinx reads it.
"""

from pathlib import Path

import yaml
from sphinx.application import Sphinx

from tools import ROOT
from tools.chapters import chapter_id

DATA = ROOT / "chapters/appendix/glossary.yml"
PAGE = "chapters/appendix/glossary"
LANGUAGES = {"zh-Hans": "简体", "zh-Hant": "繁體", "de": "Deutsch"}
OPEN, CLOSE = "```{glossary}\n", "\n```\n"


def load(file: Path = DATA) -> dict[str, dict[str, str]]:
    return yaml.safe_load(file.read_text("utf-8"))


def split(text: str) -> tuple[str, list[str], str]:
    """What stands before the glossary, its entries, what stands after it."""
    before, rest = text.split(OPEN)
    body, after = rest.split(CLOSE, 1)
    return before + OPEN, body.strip("\n").split("\n\n"), CLOSE + after


def term(entry: str) -> str:
    return entry.split("\n", 1)[0]


def line(names: dict[str, str]) -> str:
    """`See I-1 · 简体 卷积 · 繁體 卷積 · Deutsch Faltung`, each marked with its language, unsettled ones left out."""
    parts = [f"See {{doc}}`{chapter_id(names['page'])} <../{names['page']}>`"]
    for code, language in LANGUAGES.items():
        if names[code] != "—":
            parts.append(f'<span lang="{code}">{language} {names[code]}</span>')
    return " · ".join(parts)


def complete(text: str, names: dict[str, dict[str, str]]) -> str:
    """The page with a line after each definition."""
    before, entries, after = split(text)
    told = [f"{entry}\n\n  {line(names[term(entry)])}" if term(entry) in names else entry for entry in entries]
    return before + "\n\n".join(told) + after


def fill(app: Sphinx, page: str, source: list[str]) -> None:
    if page == PAGE:
        app.env.note_dependency(str(DATA))
        source[0] = complete(source[0], load())


def setup(app: Sphinx) -> dict:
    app.connect("source-read", fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
