"""The index of convlib's pages, in which each name has kept the address that it had when all stood on one page.

A Sphinx extension: it puts the names in place of one line of convlib-api.md.
"""

from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.nodes import make_refnode

PAGE = "chapters/appendix/convlib-api"
LINE = "Here stands what each page below convlib-api/ documents; tools/book/api.py writes it."


def first_words(described: addnodes.desc) -> str:
    paragraph = next(described.findall(nodes.paragraph), None)
    return paragraph.astext().split("\n\n")[0].replace("\n", " ") if paragraph else ""


def names(app: Sphinx, page: str) -> Iterator[nodes.Node]:
    """The page's title, then a line for each function and class; what is inside it leads there too."""
    document = app.env.get_doctree(page)
    sections = [i for section in document.findall(nodes.section) for i in section["ids"]]
    title = make_refnode(app.builder, PAGE, page, "", [n.deepcopy() for n in app.env.titles[page]])
    yield nodes.paragraph("", "", nodes.strong("", "", title), ids=sections, classes=["api-page"])
    lines = nodes.bullet_list(classes=["api"])
    for one in document.findall(addnodes.desc):
        ids = [i for signature in one.findall(addnodes.desc_signature) for i in signature["ids"]]
        if ids and not isinstance(one.parent, addnodes.desc_content):
            name = nodes.literal("", ids[0].removeprefix("convlib.").removeprefix("signals."))
            link = make_refnode(app.builder, PAGE, page, ids[0], name)
            lines += nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(f" {first_words(one)}")), ids=ids)
    yield lines


def index(app: Sphinx, document: nodes.document, page: str) -> None:
    for line in list(document.findall(nodes.comment)) if page == PAGE else ():
        if line.astext() == LINE:
            below = app.env.toctree_includes[PAGE]
            line.parent.replace(line, [node for child in below for node in names(app, child)])


def setup(app: Sphinx) -> dict:
    app.connect("doctree-resolved", index)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
