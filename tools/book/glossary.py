"""The glossary's second half, from chapters/appendix/glossary.yml: each term's page, and its names in other languages.

A Sphinx extension: it adds one line to each definition of glossary.md while Sphinx reads it, and tells the search under
which names each term's page is to be found. What a term means is also put where the pages find it (`meanings`).
"""

import json
import re
from pathlib import Path

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from tools import ROOT
from tools.chapters import chapter_id

DATA = ROOT / "chapters/appendix/glossary.yml"
PAGE = "chapters/appendix/glossary"
LANGUAGES = {"zh-Hans": "简体", "zh-Hant": "繁體", "de": "Deutsch"}
OPEN, CLOSE = "```{glossary}\n", "\n```\n"


MEANING = re.compile(r'<dt id="(term-[^"]+)">.*?</dt>\s*<dd>\s*(<p>.*?</p>)', re.S)
FOUND_BY = (*LANGUAGES, "also")  # `also` lists words that are searched for and stand on no page


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


def searched(names: dict[str, str]) -> list[str]:
    """What a reader may search for to find the page of a term: its names in other languages."""
    found = [re.split(r"[、,]\s*", names.get(key, "—")) for key in FOUND_BY]
    return sorted({name for names in found for name in names} - {"—"})


def find_by_names(app: Sphinx, document: nodes.document) -> None:
    """Entries for the search alone: the index of the book was made before."""
    page = app.env.docname.removeprefix("chapters/")
    if not re.match(r"\d-", page):
        return
    app.env.note_dependency(str(DATA))
    names = [name for term in load().values() if term["page"] == page for name in searched(term)]
    if names:
        document += addnodes.index(entries=[("single", name, "", "main", None) for name in names])


def meanings(glossary: str) -> str:
    """A script that hands a page what each term means; links become plain words, as they lead from the glossary."""
    found = {name: re.sub(r"</?a\b[^>]*>", "", text) for name, text in MEANING.findall(glossary)}
    said = json.dumps(found, ensure_ascii=False)
    return f'document.dispatchEvent(new CustomEvent("fs-terms", {{ detail: {said} }}));\n'


def setup(app: Sphinx) -> dict:
    app.connect("source-read", fill)
    app.connect("doctree-read", find_by_names, priority=700)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
