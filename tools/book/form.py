"""The form of a page: what notebooks say with plain admonitions, comments and tags becomes figures, gates and folds.

A Sphinx extension. It works on each page right after it was read; what it cannot make sense of is a warning.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from tools import ROOT
from tools.chapters import chapter_id

log = logging.getLogger(__name__)
CLOSE = {"end of the prediction": "predict", "end of deeper": "deeper"}
ANSWERBOX = re.compile(r'^AnswerBox\("([^"]+)"', re.MULTILINE)
GUESS = (
    '<form class="guess pst-js-only"><label>Your guess <input name="guess" size="12" autocomplete="off"></label>'
    " <button>See the answer</button></form>"
)


class element(nodes.General, nodes.Element):
    """One HTML element, for which docutils has no node."""


def make(tag: str, css: str, *children: nodes.Node, ids: Iterable[str] = (), **attributes: str) -> element:
    return element("", *children, tag=tag, classes=css.split(), ids=list(ids), attributes_=attributes)


def visit(self, node: element) -> None:
    named = {name.replace("_", "-"): value for name, value in node["attributes_"].items()}
    self.body.append(self.starttag(node, node["tag"], "", **named))


def depart(self, node: element) -> None:
    self.body.append(f"</{node['tag']}>\n")


def raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


def fold(css: str, summary: str | list[nodes.Node], *inside: nodes.Node, ids: Iterable[str] = ()) -> element:
    words = [nodes.Text(summary)] if isinstance(summary, str) else summary
    return make("details", css, make("summary", "", *words), *inside, ids=ids)


def titled(node: nodes.Node) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """What an admonition's title holds, and what stands below it."""
    if node.children and isinstance(node[0], nodes.title):
        return node[0].children, node.children[1:]
    return [], node.children


def is_box(node: nodes.Node, css: str) -> bool:
    return isinstance(node, nodes.Admonition) and css in node["classes"]


def is_cell(node: nodes.Node, tag: str | None = None) -> bool:
    if not isinstance(node, nodes.container) or node.get("nb_element") != "cell_code":
        return False
    return tag is None or tag in node["cell_metadata"].get("tags", [])


def part(cell: nodes.container, kind: str) -> nodes.container | None:
    """The cell's "source" or its "output"."""
    return next((c for c in cell if getattr(c, "get", dict().get)("nb_element") == f"cell_code_{kind}"), None)


def said(comments: Iterable[nodes.Node]) -> dict[str, str]:
    """What comments such as `% answer: 1, 2, 4` say."""
    lines = [line for c in comments if isinstance(c, nodes.comment) for line in c.astext().splitlines()]
    return {key.strip(): value.strip() for key, colon, value in (line.partition(":") for line in lines) if colon}


def plain(text: str) -> str:
    """Words as they are compared: no marks of markup, and one kind of dash, quotation mark and space."""
    text = unicodedata.normalize("NFKC", text).translate(str.maketrans("−–—’‘“”", "---''\"\""))
    return " ".join(re.sub(r"[`$*]", "", text).split()).lower()


def put(node: nodes.Node, *others: nodes.Node) -> None:
    node.parent.replace(node, list(others))


class Page:
    """One page, on its way from boxes, comments and tags to elements."""

    def __init__(self, document: nodes.document, file: Path, docname: str) -> None:
        self.document = document
        self.cells = nbformat.read(file, as_version=4).cells if file.suffix == ".ipynb" else []
        chapter = re.fullmatch(r"chapters/(\d-.+)", docname)
        self.chapter = chapter_id(chapter[1]) if chapter else ""

    def warn(self, node: nodes.Node, text: str) -> None:
        """At the last line before it that docutils knows: comments have none of their own."""
        place = None
        for other in self.document.findall():
            place = other if other.line else place
            if other is node:
                break
        log.warning(text, location=place, type="form")

    def source(self, cell: nodes.container) -> str:
        return self.cells[cell["cell_index"]].source

    def each(self, wanted: Callable[[nodes.Node], bool]) -> list[nodes.Node]:
        return list(self.document.findall(wanted))

    def transform(self) -> None:
        self.exercises()
        self.setup()
        self.figures()
        for cell in self.each(is_cell):
            self.quiet(cell)
        for parent in [self.document, *self.each(lambda n: isinstance(n, nodes.section))]:
            self.regions(parent)
        for box in self.each(lambda n: is_box(n, "predict")):
            put(box, *self.gate(box, []))
        for css in ("need", "dropdown"):
            for box in self.each(lambda n, css=css: is_box(n, css)):
                title, body = titled(box)
                put(box, fold("need" if css == "need" else "fold", title, *body, ids=box["ids"]))

    # Cells

    def quiet(self, cell: nodes.container) -> None:
        """Hidden code stands as a quiet fold below what it shows; a hidden cell is one fold."""
        mode = cell.attributes.pop("hide_mode", None)
        source, output = part(cell, "source"), part(cell, "output")
        if mode == "all":
            name = "Solution" if is_cell(cell, "solution") else "Code"
            cell.children = [fold("fold" if name == "Solution" else "code", name, *cell.children)]
        elif mode == "input" and source is not None:
            cell.remove(source)
            cell.append(fold("code", "Code", source))
        elif mode:
            self.warn(cell, f"hide-{mode}: a page hides code or whole cells")
        cell.setup_child(cell[-1])
        if output is None and source is None and mode is None:
            cell.parent.remove(cell)

    def setup(self) -> None:
        """The imports: one fold in front of the first code that a reader sees."""
        cells = self.each(lambda n: is_cell(n, "setup"))
        seen = self.each(
            lambda n: is_cell(n) and n not in cells and "hide_mode" not in n and part(n, "source") is not None
        )
        for cell in cells:
            cell.parent.remove(cell)
            cell.attributes.pop("hide_mode", None)
        if cells and seen:
            where = seen[0].parent
            where.insert(where.index(seen[0]), fold("code setup", "Setup", *cells))

    # Interactives and figures

    def figures(self) -> None:
        count = {"play": 0, "figure": 0}
        for box in self.each(lambda n: is_box(n, "play") or is_box(n, "figure")):
            kind = "play" if is_box(box, "play") else "figure"
            number = count[kind] = count[kind] + 1
            after = [n for n in box.parent.children[box.parent.index(box) + 1 :] if not isinstance(n, nodes.comment)]
            cell = after[0] if after and is_cell(after[0]) else None
            output = part(cell, "output") if cell else None
            if output is None:
                self.warn(
                    box,
                    f"a box `{kind}` stands directly before the cell that shows it; here is none, or it shows nothing",
                )
                continue
            self.frame(box, kind, number, cell, output)

    def frame(self, box: nodes.Node, kind: str, number: int, cell: nodes.container, output: nodes.container) -> None:
        title, body = titled(box)
        if alt := said(body).get("alt"):
            for image in output.findall(nodes.image):
                image["alt"] = alt
        body = [n for n in body if not isinstance(n, nodes.comment)]
        source = part(cell, "source")
        if kind == "play":
            name = f"Interactive {self.chapter}{chr(96 + number)}" if self.chapter else "Interactive"
            header = make("header", "", raw(f"<span>{name}</span> "), make("b", "", *title))
            figure = make("figure", "play", header, ids=box["ids"])
        else:
            name = f"Figure {self.chapter}.{number}" if self.chapter else "Figure"
            figure = make("figure", "pic", ids=box["ids"])
            label = [nodes.strong("", name), nodes.Text(" "), make("b", "", *title)]
            first = body[0].children if body and isinstance(body[0], nodes.paragraph) else []
            body = [nodes.paragraph("", "", *label, nodes.Text(" "), *first), *body[1 if first else 0 :]]
        figure["ids"].append(nodes.make_id(name)) if self.chapter else None
        parts: list[nodes.Node] = [figure]
        if source is not None:
            cell.remove(source)
            hidden = cell.attributes.pop("hide_mode", None)
            code = fold("code", "Code", source) if hidden else source
            parts.insert(1 if hidden else 0, make("div", "cell", code))
        cell.parent.remove(cell)
        figure += [cell, *([make("figcaption", "", *body)] if body else [])]
        put(box, *parts)

    # Exercises

    def exercises(self) -> None:
        for cell in self.each(is_cell):
            if found := ANSWERBOX.search(self.source(cell)):
                from tools.book.exercises import static_html

                words = static_html(found[1])
                after = cell.parent.children[cell.parent.index(cell) + 1 :]
                solution = [n for n in after[:1] if is_cell(n, "solution")]
                section = make(
                    "section", "exercise", ids=[nodes.make_id(f"exercise {found[1]}")], data_exercise=found[1]
                )
                put(cell, section)
                section += [
                    make("h3", "", raw(f"Exercise {found[1]} · {words['title']}")),
                    make("div", "text", raw(words["text"])),
                    cell,
                ]
                if words["hint"]:
                    section += fold("fold", "Hint", make("div", "hint", raw(words["hint"])))
                for node in solution:
                    node.parent.remove(node)
                section += fold("fold", "Solution", make("div", "solution", raw(words["solution"])), *solution)

    # Regions

    def regions(self, parent: nodes.Element) -> None:
        """Put everything from an opening box to its closing comment into one fold."""
        out: list[nodes.Node] = []
        opened: list[tuple[str, int]] = []
        for child in parent.children:
            kind = CLOSE.get(child.astext().strip()) if isinstance(child, nodes.comment) else None
            if kind is None:
                out.append(child)
                opened += [(css, len(out) - 1) for css in ("predict", "deeper") if is_box(child, css)]
                continue
            while kind == "deeper" and opened and opened[-1][0] == "predict":
                opened.pop()  # a prediction may do without a closing comment
            if not opened or opened[-1][0] != kind:
                self.warn(child, f"`% {child.astext().strip()}`: nothing that it could close is open in this section")
                continue
            _, start = opened.pop()
            box, inside = out[start], out[start + 1 :]
            out[start:] = self.gate(box, inside) if kind == "predict" else [self.deeper(box, inside)]
        for kind, start in opened:
            if kind == "deeper":
                self.warn(out[start], "a box `deeper` needs the line `% end of deeper` in the same section")
        parent.children = out
        for child in out:
            parent.setup_child(child)

    def deeper(self, box: nodes.Node, inside: list[nodes.Node]) -> element:
        title, body = titled(box)
        summary = [make("b", "", *title), make("span", "minutes")]
        return fold("deeper", summary, *body, *inside, ids=box["ids"])

    def gate(self, box: nodes.Node, inside: list[nodes.Node]) -> list[nodes.Node]:
        """The question with its choices, and below it the fold with the answer and all that shows it."""
        title, body = titled(box)
        notes = said(body)
        answers = [n for n in body if is_box(n, "dropdown")]
        question = [n for n in body if n not in answers and not isinstance(n, nodes.comment)]
        if notes and not answers and not inside:
            self.warn(box, "a prediction needs an answer, or the line `% end of the prediction` below what shows it")
        lists = [n for n in question if isinstance(n, nodes.bullet_list)]
        attributes = {"data_answer": notes["answer"]} if "answer" in notes else {}
        if "spoils" in notes:
            attributes["data_spoils"] = notes["spoils"]
        if lists and "answer" in notes:
            question[question.index(lists[-1])] = self.choices(box, lists[-1], notes["answer"])
        elif "asked in" not in notes and (answers or inside):
            question.append(raw(GUESS))
        self.shown(box, notes.get("shown by", ""), inside)
        attributes |= self.asked(box, notes.get("asked in"))
        held = [make("div", "answer", *[n for a in answers for n in titled(a)[1]])] if answers else []
        heading = make("p", "admonition-title", *title)
        verdict = raw('<p class="verdict" role="status"></p>')
        asked = make("div", "admonition predict", heading, *question, ids=box["ids"], **attributes)
        if not held and not inside:
            return [asked]
        asked += verdict
        summary = "Show the answer, and go on" if inside else "Show the answer"
        return [asked, fold("gate", summary, *held, *inside)]

    def choices(self, box: nodes.Node, given: nodes.bullet_list, answer: str) -> element:
        texts = [plain(item.astext()) for item in given]
        if texts.count(plain(answer)) != 1:
            self.warn(box, f"`% answer: {answer}` is none of the choices, or more than one: {', '.join(texts)}")
        items = []
        for item, text in zip(given, texts, strict=True):
            words = item[0].children if len(item) == 1 and isinstance(item[0], nodes.paragraph) else item.children
            items.append(make("li", "", *words, **({"data_right": ""} if text == plain(answer) else {})))
        return make("ul", "choices", *items)

    def asked(self, box: nodes.Node, cell: str | None) -> dict[str, str]:
        """The interactive in which the reader answers: it opens the gate."""
        if cell is None:
            return {}
        if not any(c.id == cell and "predict=True" in c.source for c in self.cells):
            self.warn(box, f"`% asked in: {cell}` names no interactive that asks first")
        return {"data_asked_in": f"cell-{cell}"}

    def shown(self, box: nodes.Node, names: str, inside: list[nodes.Node]) -> None:
        """What shows the answer lies in the gate, or is an interactive, which shows it when it is driven."""
        there = {i for top in inside for node in top.findall(nodes.Element) for i in node.get("ids", [])}
        live = {c.id for c in self.cells if "remove-input" in c.metadata.get("tags", [])}
        for name in filter(None, map(str.strip, re.split(r"[,|]", names))):
            if not {name, nodes.make_id(name), f"cell-{name}"} & there and name not in live:
                self.warn(box, f"`% shown by: {name}` is neither in the gate nor an interactive")


def form(app: Sphinx, document: nodes.document) -> None:
    page = app.env.docname
    chapter = re.fullmatch(r"chapters/(\d)-[^/]+/(\d)-.*", page)
    for end in ("py", "md") if chapter else ():
        app.env.note_dependency(str(ROOT / f"convlib/checks/{'_'.join(chapter.groups())}.{end}"))
    Page(document, Path(app.env.doc2path(page)), page).transform()


def setup(app: Sphinx) -> dict:
    for script in ("memory.js", "page.js"):
        app.add_js_file(f"vendor/{script}", defer="defer")
    app.add_node(element, html=(visit, depart))
    app.connect("doctree-read", form, priority=600)  # after tools/book/claims.py has named the cells
    return {"parallel_read_safe": True, "parallel_write_safe": True}
