"""One style sheet for the site, of the rules that some page can use."""

import os.path
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import tinycss2
from tinycss2.ast import HashToken, IdentToken, LiteralToken, Node

URL = re.compile(r"""url\((["']?)(?!data:|#)([^)"']+)\1\)""")


class Names(HTMLParser):
    """The classes and ids of some pages."""

    def __init__(self, pages: Iterable[str]) -> None:
        super().__init__()
        self.found: set[str] = set()
        for page in pages:
            self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        for name, value in attrs:
            if name in ("class", "id"):
                self.found.update((value or "").split())


def named(selector: list[Node]) -> Iterator[str]:
    """The classes and ids that an element needs; what stands in `:not()`, `:is()` or brackets decides nothing."""
    for before, token in zip([None, *selector], selector, strict=False):
        dotted = isinstance(token, IdentToken) and isinstance(before, LiteralToken) and before.value == "."
        if dotted or isinstance(token, HashToken):
            yield token.value


def split(prelude: list[Node]) -> list[list[Node]]:
    selectors: list[list[Node]] = [[]]
    for token in prelude:
        if isinstance(token, LiteralToken) and token.value == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def kept(rules: list[Node], names: set[str]) -> str:
    """The rules that can hold for an element with some of these names."""
    text = ""
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [s for s in split(rule.prelude) if names.issuperset(named(s))]
            if selectors:
                heads = ",".join(tinycss2.serialize(s).strip() for s in selectors)
                text += f"{heads}{{{tinycss2.serialize(rule.content).strip()}}}\n"
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            inner = kept(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), names)
            if inner:
                text += f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{\n{inner}}}\n"
        elif rule.type == "at-rule" and rule.content is not None:
            text += f"{tinycss2.serialize([rule])}\n"
        elif rule.type == "error":
            raise ValueError(f"a style sheet cannot be read: {rule.message}")
    return text


def faces_in_use(text: str) -> str:
    """Without the fonts that no rule names."""
    face = re.compile(r"@font-face\s*\{[^}]*?font-family:\s*([^;}]+)[^}]*\}\n?")
    rest = face.sub("", text)
    return face.sub(lambda m: m[0] if m[1].strip(" \"'").replace("\\", "") in rest.replace("\\", "") else "", text)


def read(sheet: Path, home: Path) -> str:
    """A style sheet with those that it imports, its addresses seen from the folder `home`."""

    def address(match: re.Match) -> str:
        path, mark, rest = re.match(r"([^?#]*)([?#]?)(.*)", match[2]).groups()
        return f"url({os.path.relpath(sheet.parent / path, home).replace(os.sep, '/')}{mark}{rest})"

    text = re.sub(r'@charset "[^"]*";', "", sheet.read_text("utf-8"))
    imports = re.compile(r"""@import\s+(?:url\()?["']([^"']+)["']\)?;""")
    before = "".join(read(sheet.parent / name, home) for name in imports.findall(text))
    return before + URL.sub(address, imports.sub("", text))


def one_sheet(sheets: list[Path], home: Path, pages: Iterable[str], scripts: Iterable[str]) -> str:
    names = Names(pages).found.union(*(re.findall(r"[\w-]+", script) for script in scripts))
    text = "".join(read(sheet, home) for sheet in sheets)
    return faces_in_use(kept(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True), names))
