"""The numbers of the course: III-1 before a chapter's title, (III-1.4) beside its fourth equation.

A Sphinx extension. It works before titles are collected: so sidebar, previous and next, and the search have them too.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

from tools.chapters import chapter_id


def number(app: Sphinx, document: nodes.document) -> None:
    page = app.env.docname
    found = re.fullmatch(r"chapters/(\d-.+)", page)
    if not found:
        return
    chapter = chapter_id(found[1])
    title = next(document.findall(nodes.title))
    title[:0] = [nodes.inline("", chapter, classes=["number"]), nodes.Text(" ")]
    known = app.env.get_domain("math").equations  # what references show
    labelled = (node for node in document.findall(nodes.math_block) if node.get("label"))
    for count, equation in enumerate(labelled, 1):
        equation["number"] = f"{chapter}.{count}"
        known[equation["label"]] = (page, equation["number"])


def setup(app: Sphinx) -> dict:
    app.connect("doctree-read", number, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
