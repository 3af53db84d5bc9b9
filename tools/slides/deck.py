"""One lecture deck: a notebook in, a reveal.js page out, its maths rendered at build time by KaTeX."""

import json
import re
import subprocess
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from tools import ROOT
from tools.env.node import node_path
from tools.languages import mark_html
from tools.notebooks.executed import executed, run

SLIDES = ROOT / "slides"
STATE, VIEW = (f"application/vnd.jupyter.widget-{part}+json" for part in ("state", "view"))


def slides_of(nb: nbformat.NotebookNode) -> list[list]:
    """The cells of each slide, notes second: behind a fragment they would show with it alone."""
    slides: list[list] = []
    for cell in nb.cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type")
        if kind in ("slide", "subslide") or not slides:
            slides.append([])
        slides[-1].insert(1 if kind == "notes" else len(slides[-1]), cell)
    return slides


def seconds(slide: list) -> int:
    """What the notes plan for a slide: they begin with **3 min.**"""
    found = re.search(r"^\*\*([\d.]+) min", slide[1].source) if len(slide) > 1 else None
    return round(60 * float(found[1])) if found else 0


def facts(notebook: Path) -> dict:
    nb = nbformat.read(notebook, 4)
    slides = slides_of(nb)
    title = nb.cells[0].source.splitlines()[0].lstrip("# ")
    minutes = round(sum(map(seconds, slides)) / 60)
    return {"name": notebook.stem, "title": title, "slides": len(slides), "minutes": minutes}


def ran(notebook: Path) -> nbformat.NotebookNode:
    """The deck with its outputs; refuses what a page without a kernel cannot show."""
    nb = executed(notebook)
    if nb is None:
        _, problem = run(notebook)
        if problem:
            raise ValueError(problem)
        nb = executed(notebook)
        if nb is None:
            raise ValueError("something that it reaches was changed while it ran; run it again")
    widgets = nb.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    for output in (o for cell in nb.cells for o in cell.get("outputs", [])):
        view = output.get("data", {}).get(VIEW)
        if view and widgets[view["model_id"]]["model_module"] != "anywidget":
            name = widgets[view["model_id"]]["model_name"]
            raise ValueError(f"a cell shows {name}: a slide runs anywidgets only")
        if output.get("name") == "stderr":
            raise ValueError(f"a cell warned: {output['text'].strip()}")
    return nb


def describe(nb: nbformat.NotebookNode) -> None:
    """Give each picture the words of its cell's first comment, `# alt: what it shows`."""
    for cell in (cell for cell in nb.cells if cell.cell_type == "code"):
        for output in (output for output in cell.outputs if "image/png" in output.get("data", {})):
            words = re.match(r"# alt: ((?:.*\n# )*.*)", cell.source)
            if not words:
                first = cell.source.splitlines()[0]
                raise ValueError(f"`{first}`: a cell that draws begins with `# alt: what the picture shows`")
            output.metadata.alt = words[1].replace("\n# ", " ")


class DeckMarkdown(IPythonRenderer):
    """Puts a token where maths stands, so that one Node call renders all of a deck."""

    def __init__(self) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self.found: list[tuple[str, bool]] = []

    def html(self, source: str) -> str:
        return mark_html(MarkdownWithMath(renderer=self).render(source))

    def token(self, tex: str, display: bool) -> str:
        self.found.append((tex, display))
        return f"⟦{len(self.found) - 1}⟧"

    def inline_math(self, body: str) -> str:
        return self.token(body, False)

    def block_math(self, body: str) -> str:
        return self.token(body, True)

    def multiline_math(self, text: str) -> str:
        return self.token(re.sub(r"^(\$\$|\\\\?\[)|(\$\$|\\\\?\])$", "", text.strip()), True)

    def latex_environment(self, name: str, body: str) -> str:
        return self.token(f"\\begin{{{name}}}{body}\\end{{{name}}}", True)

    def fill(self, page: str) -> str:
        """The page with every token replaced; bad TeX raises ValueError with KaTeX's message."""
        call = [str(node_path()), str(Path(__file__).with_name("katex.mjs"))]
        done = subprocess.run(call, input=json.dumps(self.found), capture_output=True, text=True)
        if done.returncode:
            raise ValueError(done.stderr.strip())
        rendered = json.loads(done.stdout)
        return re.sub(r"⟦(\d+)⟧", lambda m: rendered[int(m[1])], page)


def render(nb: nbformat.NotebookNode, about: dict) -> str:
    """The page of a deck that ran; `about` is what `facts` told of it."""
    slides = slides_of(nb)
    nb.cells = [cell for slide in slides for cell in slide]
    for slide in slides:
        slide[0].metadata.seconds = seconds(slide)
    describe(nb)
    markdown = DeckMarkdown()
    exporter = SlidesExporter(template_name="template", extra_template_basedirs=[str(SLIDES)])
    exporter.register_filter("markdown2html", markdown.html)
    return markdown.fill(exporter.from_notebook_node(nb, resources={"deck": about})[0])
