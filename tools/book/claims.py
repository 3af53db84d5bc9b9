"""The page of claims, put together from chapters/appendix/claims/*.yml, and the cells that it links to.

A Sphinx extension: the page keeps one line in its source, which is replaced while Sphinx reads it.
"""

import re
from pathlib import Path

import nbformat
import yaml
from docutils import nodes
from sphinx.application import Sphinx

from tools import ROOT
from tools.book.form import fold, make
from tools.chapters import chapter_id
from tools.languages import HAN

FOLDER = ROOT / "chapters/appendix/claims"
PAGE = "chapters/appendix/claims"
LINE = "% The entries of the folder claims/ stand here; tools/book/claims.py writes them.\n"
ENTRY = """(claim-{anchor})=
## {id}: {claim}

{means} {{doc}}`{chapter} <../{page}>` takes it up.

**Where.** {where}{quotes}

**Why.** {why}

**Shown by.** {shown}

**Evidence.** {runs}
"""

# Each text, and the script of what is Chinese in it.
WRITTEN = dict.fromkeys(("cnn-not-convolution", "d2l-notes", "li-convolutional-layer", "draelos2019"), "zh-Hans")
WRITTEN |= {"it-cnn-2020": "zh-Hant"}


def load(folder: Path = FOLDER) -> list[dict]:
    """Every entry, all its values as text (`true` too), ordered by number."""
    entries = [e for f in sorted(folder.glob("*.yml")) for e in yaml.load(f.read_text("utf-8"), yaml.BaseLoader)]
    return sorted(entries, key=lambda e: int(e["id"].removeprefix("B")))


def note(entry: dict) -> str:
    """What follows the verdict: `: it sharpens`, ` on the library` or nothing."""
    words = entry.get("note", "").strip()
    return words if words[:1] in (":", ",", "") else f" {words}"


def link(evidence: str) -> str:
    """A cell by the address of its place on the site; a test by its name, which may break at each of its words."""
    found = re.fullmatch(r"chapters/(.+)\.ipynb#(.+)", evidence)
    if not found:
        return f"<code>{re.sub('_|/|::', lambda mark: mark[0].replace('_', '&#95;') + '<wbr>', evidence)}</code>"
    return f'<a href="../{found[1]}.html#cell-{found[2]}">{chapter_id(found[1])}, <code>{found[2]}</code></a>'


def quotation(quote: dict) -> str:
    """One item of a list; each run of Chinese between two formulas says what it is."""
    pieces = re.split(r"(\$[^$]+\$)", quote["words"])
    marked = [f'<span lang="{WRITTEN[quote["source"]]}">{p}</span>' if re.search(HAN, p) else p for p in pieces]
    meaning = f" (“{quote['english']}”)" if quote.get("english") else ""
    return f"- {{cite:p}}`{quote['source']}`, line {quote['line']}: {''.join(marked)}{meaning}"


def quotations(quotes: list[dict]) -> str:
    """The list, to stand behind a paragraph."""
    return "\n\n" + "\n".join(map(quotation, quotes))


def markdown(entries: list[dict]) -> str:
    parts = []
    for e in entries:
        stripped = {"means": ""} | {key: value.strip() for key, value in e.items() if isinstance(value, str)}
        made = {"runs": "; ".join(map(link, e["evidence"])) + ".", "quotes": quotations(e["quotes"])}
        made["chapter"] = chapter_id(e["page"])
        parts.append(ENTRY.format(**stripped | made, anchor=e["id"].lower()))
    return "\n".join(parts)


def fill(app: Sphinx, page: str, source: list[str]) -> None:
    if page == PAGE:
        if LINE not in source[0]:
            raise ValueError(f"{PAGE}.md: the line that stands for the entries is gone: {LINE!r}")
        for file in (FOLDER, *FOLDER.glob("*.yml")):
            app.env.note_dependency(str(file))
        source[0] = source[0].replace(LINE, markdown(load()))


def name_cells(app: Sphinx, doctree: nodes.document) -> None:
    """Give every code cell the id `cell-…`, so that a claim can link to it."""
    file = Path(app.env.doc2path(app.env.docname))
    if file.suffix == ".ipynb":
        cells = nbformat.read(file, as_version=4).cells
        for node in doctree.findall(nodes.container):
            if node.get("nb_element") == "cell_code":
                node["ids"].append(f"cell-{cells[node['cell_index']].id}")


def fold_entries(app: Sphinx, document: nodes.document) -> None:
    """Each entry is a fold; closed, it shows the claim, the verdict and the chapter."""
    told = {f"claim-{e['id'].lower()}": e for e in load()} if app.env.docname == PAGE else {}
    for section in list(document.findall(nodes.section)):
        if entry := next((told[i] for i in section["ids"] if i in told), None):
            title, *rest = section.children
            where, why = f"{chapter_id(entry['page'])} · ", note(entry).rstrip()
            verdict = make(
                "span", "verdict", nodes.Text(where), make("b", "", nodes.Text(entry["verdict"])), nodes.Text(why)
            )
            summary = [make("h2", "", *title.children), verdict]
            section.children, ids = [], [i for i in section["ids"] if i in told]
            section["ids"] = [i for i in section["ids"] if i not in told]
            section += fold("claim", summary, *rest, ids=ids)


def setup(app: Sphinx) -> dict:
    app.connect("source-read", fill)
    app.connect("doctree-read", name_cells)
    app.connect("doctree-read", fold_entries, priority=600)  # when the table of contents has been collected
    return {"parallel_read_safe": True, "parallel_write_safe": True}
