"""Sphinx extension of the book: checked KaTeX, edit buttons when the repository is known, words for interactives."""

import html
import re
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import sphinx.search
import sphinxcontrib.katex as katex
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.search.en import SearchEnglish
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from tools import ROOT
from tools.book.run import Places
from tools.env.node import node_path
from tools.notebooks import FIGURE
from tools.notebooks.executed import executed, stored_at
from tools.site import site_address

log = logging.getLogger(__name__)
BAD_TEX = re.compile(r'class="katex-error"[^>]*title="([^"]*)"')
STOP = re.compile(r"[.,;:!?)’”]+")
SHORT = 20  # letters of code that stay on one line
VIEW = "application/vnd.jupyter.widget-view+json"


def add_buttons(app: Sphinx, config) -> None:
    """Buttons to the repository and to edit, when REPO says where the sources live."""
    places = Places.told()
    if not places.repo:
        return
    config.html_theme_options |= {
        "repository_url": places.repo,
        "repository_branch": places.branch,
        "path_to_docs": "",
        "use_repository_button": True,
        "use_edit_page_button": True,
    }


def add_address(app: Sphinx, config) -> None:
    """The pages' own address, when SITE says where they are going to be."""
    config.html_baseurl = site_address()


def put_outputs(app: Sphinx, page: str, source: list[str]) -> None:
    """A notebook is read with the outputs of its last run, and again after the next one."""
    file = Path(app.env.doc2path(page))
    if file.suffix == ".ipynb":
        app.env.note_dependency(str(stored_at(file)))
        nb = executed(file)
        if nb is None:
            raise ExtensionError(f"{page}: not run since it, or something that it reached, has changed")
        for output in (o for cell in nb.cells for o in cell.get("outputs", [])):
            output.get("data", {}).pop(FIGURE, None)  # tools/book/figures.py puts it into the finished page
        source[0] = nbformat.writes(nb)
    elif "automodule" in source[0]:  # its pages show names of modules that import them from others
        for module in (ROOT / "convlib").rglob("*.py"):
            app.env.note_dependency(str(module))


def refuse_bad_tex(app: Sphinx, page: str, template: str, context: dict, doctree) -> None:
    for problem in BAD_TEX.findall(context.get("body") or ""):
        log.warning("bad TeX: %s", html.unescape(problem), location=page, type="katex")


class DescribeInteractives(SphinxPostTransform):
    """Where scripts do not run, each interactive's text alternative stands in its place."""

    default_priority = 3  # before myst-nb keeps one representation of each output

    def run(self, **kwargs) -> None:
        for bundle in list(self.document.findall(nodes.container)):
            kinds = {child.get("mime_type"): child for child in bundle.children if isinstance(child, nodes.container)}
            if bundle.get("nb_element") == "mime_bundle" and VIEW in kinds and "text/plain" in kinds:
                words = html.escape(kinds["text/plain"].astext())
                kinds[VIEW].append(nodes.raw("", f"<noscript><p>{words}</p></noscript>", format="html"))


class KeepTogether(SphinxPostTransform):
    """No stop begins a line because it follows a formula, and no line ends within a short piece of code."""

    default_priority = 900

    def run(self, **kwargs) -> None:
        for code in self.document.findall(nodes.literal):
            if len(code.astext()) <= SHORT:
                code["classes"].append("joined")
        for formula in list(self.document.findall(nodes.math)):
            place = formula.parent.index(formula)
            after = formula.parent[place + 1 : place + 2]
            stop = STOP.match(after[0]) if after and isinstance(after[0], nodes.Text) else None
            if stop:
                after[0].parent.replace(after[0], nodes.Text(after[0][stop.end() :]))
                pair = nodes.inline(classes=["joined"])
                formula.replace_self(pair)
                pair += [formula, nodes.Text(stop[0])]


class SearchWords(SearchEnglish):
    """A single letter is no word to search for: each page has most of them."""

    def word_filter(self, word: str) -> bool:
        return super().word_filter(word) and not (len(word) == 1 and word.isascii())


def without_formulas(feed: Callable[..., None]) -> Callable[..., None]:
    """The search reads what a page says, not how its formulas are written in TeX."""

    def fed(index, page: str, file: str, title: str, doctree: nodes.document) -> None:
        formulas = [n for n in doctree.findall(lambda n: isinstance(n, nodes.math | nodes.math_block))]
        kept = [(n, n.children) for n in formulas if not isinstance(n.parent, nodes.title)]
        for node, _ in kept:
            node.children = []
        feed(index, page, file, title, doctree)
        for node, children in kept:
            node.children = children

    return fed


def start_katex(rundir: Path, timeout: float) -> tuple[subprocess.Popen, socket.socket]:
    """The extension's own start gives up when it connects a moment before the server listens; this one tries again."""
    path = str(rundir / "katex.sock")
    command = katex.KaTeXServer.build_command(socket=path)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=rundir)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    end = time.monotonic() + timeout
    while True:
        try:
            connection.connect(path)
            return process, connection
        except (FileNotFoundError, ConnectionRefusedError):
            if time.monotonic() > end or process.poll() is not None:
                raise katex.KaTeXServer.timeout_error(timeout) from None
            time.sleep(0.01)


def setup(app: Sphinx) -> dict:
    # The server gets no options from the configuration, only these defaults; red output is refused above.
    katex.NODEJS_BINARY = str(node_path())
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0
    katex.KaTeXServer.start_server_process = staticmethod(start_katex)
    katex.KATEX_DEFAULT_OPTIONS = {"throwOnError": False, "strict": "ignore", "trust": False}
    sphinx.search.languages["en"] = SearchWords
    sphinx.search.IndexBuilder.feed = without_formulas(sphinx.search.IndexBuilder.feed)
    app.connect("config-inited", add_buttons, priority=100)
    app.connect("config-inited", add_address, priority=100)
    app.connect("source-read", put_outputs)
    app.connect("html-page-context", refuse_bad_tex)
    app.add_post_transform(DescribeInteractives)
    app.add_post_transform(KeepTogether)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
