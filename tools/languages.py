"""Says of Chinese words that they are Chinese (WCAG 3.1.2), on the pages and on the slides."""

import re

from docutils import nodes
from sphinx.application import Sphinx

HAN = r"[\u3400-\u9fff]"
CHINESE = re.compile(f"({HAN}(?:[\\u3400-\\u9fff\\u3000-\\u303f\\uff00-\\uffef ]*{HAN})?)")
NOT_WORDS = (nodes.literal, nodes.literal_block, nodes.raw, nodes.comment)


def mark_html(html: str) -> str:
    """Chinese between the tags of a piece of HTML gets a span of its own."""
    return re.sub(r"(?:^|(?<=>))[^<]+", lambda words: CHINESE.sub(r'<span lang="zh">\1</span>', words[0]), html)


def is_marked(text: nodes.Text) -> bool:
    """Whether it stands behind a raw <span lang=…>."""
    before = text.parent.index(text) - 1
    return before >= 0 and isinstance(text.parent[before], nodes.raw) and "lang=" in text.parent[before].astext()


def mark_words(app: Sphinx, doctree: nodes.document, page: str) -> None:
    for text in list(doctree.findall(nodes.Text)):
        if isinstance(text.parent, NOT_WORDS) or not CHINESE.search(text) or is_marked(text):
            continue
        parts = CHINESE.split(text)  # every second one is Chinese
        new = [
            nodes.inline("", part, classes=["language-zh"]) if n % 2 else nodes.Text(part)
            for n, part in enumerate(parts)
        ]
        text.parent.replace(text, new)


def setup(app: Sphinx) -> dict:
    app.connect("doctree-resolved", mark_words)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
