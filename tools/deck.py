"""One lecture deck: a notebook in, a reveal.js page out."""

import re
from pathlib import Path

import nbformat
from deck_maths import DeckMarkdown
from kernel import execute
from nbconvert import SlidesExporter

SLIDES = Path(__file__).resolve().parents[1] / "slides"
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


def run(nb: nbformat.NotebookNode) -> None:
    """Run the cells; refuse what a page without a kernel cannot show."""
    _, problem = execute(nb, SLIDES, widgets=True)
    if problem:
        raise ValueError(problem)
    widgets = nb.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    for output in (o for cell in nb.cells for o in cell.get("outputs", [])):
        view = output.get("data", {}).get(VIEW)
        if view and widgets[view["model_id"]]["model_module"] != "anywidget":
            name = widgets[view["model_id"]]["model_name"]
            raise ValueError(f"a cell shows {name}: a slide runs anywidgets only")
        if output.get("name") == "stderr":
            raise ValueError(f"a cell warned: {output['text'].strip()}")


def render(notebook: Path, inputs: str) -> str:
    nb = nbformat.read(notebook, 4)
    run(nb)
    slides = slides_of(nb)
    nb.cells = [cell for slide in slides for cell in slide]
    for slide in slides:
        slide[0].metadata.seconds = seconds(slide)
    markdown = DeckMarkdown()
    exporter = SlidesExporter(template_name="template", extra_template_basedirs=[str(SLIDES)])
    exporter.register_filter("markdown2html", markdown.html)
    deck = facts(notebook) | {"inputs": inputs}
    return markdown.fill(exporter.from_notebook_node(nb, resources={"deck": deck})[0])
