"""The front page: a start with its minutes, a card for each part of the course, and doors.

A Sphinx extension. In intro.ipynb a comment `% start`, `% cards` or `% doors` stands before the paragraph or list that
it is about; `filled` puts in what the other pages take, once they are written.
"""

import re
from collections.abc import Mapping

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from tools import ROOT
from tools.chapters import ROMAN

log = logging.getLogger(__name__)
PARTS = ROOT / "web/parts"  # a drawing for each part, in the colours of the page
TAKES = '<span data-takes="{}"></span>'


def raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


def shape(app: Sphinx, document: nodes.document) -> None:
    if app.env.docname != app.config.root_doc:
        return
    next(document.findall(nodes.section))["classes"].append("landing")
    for comment in document.findall(nodes.comment):
        kind, about = comment.astext(), comment.next_node(descend=False, siblings=True)
        if kind == "start":
            about.next_node(nodes.inline).extend([nodes.Text(" · "), raw(TAKES.format("I-1"))])
            about.parent.insert(about.parent.index(about) + 1, raw('<div class="progress-arc"></div>'))
        elif kind == "cards":
            for part, card in enumerate(about, 1):
                file = PARTS / f"{part}.svg"
                app.env.note_dependency(str(file))
                card.insert(0, raw(file.read_text("utf-8")))
                card.append(raw(f'<p class="takes">Part {ROMAN[part]} · {TAKES.format(ROMAN[part])}</p>'))
        elif kind != "doors":
            log.warning("`%% %s`: a comment here is `start`, `cards` or `doors`", kind, location=app.env.docname)
            continue
        about["classes"].append(kind)


def takes(name: str, minutes: Mapping[str, int]) -> str:
    """The minutes of a chapter such as "I-1"; of a part such as "I", its chapters and about how long they take."""
    if name in minutes:
        return f"{minutes[name]} min"
    those = [value for chapter, value in minutes.items() if chapter.startswith(f"{name}-")]
    hours, rest = divmod(round(sum(those), -1), 60)
    return f"{len(those)} chapters · {hours} h{f' {rest} min' if rest else ''}"


def filled(text: str, minutes: Mapping[str, int]) -> str:
    """The page with what the others take, and with the sidebar closed."""
    text = text.replace(
        'class="bd-sidebar-primary bd-sidebar"', 'class="bd-sidebar-primary bd-sidebar pst-sidebar-hidden"'
    )
    return re.sub(TAKES.format('([^"]+)'), lambda found: f"<span>{takes(found[1], minutes)}</span>", text)


def setup(app: Sphinx) -> dict:
    app.connect("doctree-read", shape)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
