"""What each page says about itself: to those who search, in the preview of a link, and in its foot.

A Sphinx extension. SITE, the address at which the site is published, makes canonical addresses and preview pictures
possible; REPO, a link to report a mistake.
"""

import re
from html import escape, unescape
from urllib.parse import quote

import yaml
from docutils import nodes
from sphinx.application import Sphinx

from tools import ROOT
from tools.book.run import Places

CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
LONGEST = 200  # characters of a description
PREVIEW = "_static/vendor/preview.png"
PICTURE = "Small numbers under a window of nine weights, and the sum that comes out"
ISSUES = {
    "github.com": "issues/new?title=",
    "gitlab.com": "-/issues/new?issue[title]=",
    "bitbucket.org": "issues/new?title=",
}


def described(doctree: nodes.document | None) -> str:
    """The first words of a page that stand in no box, cut where a word ends."""
    section = next(iter(doctree.findall(nodes.section)), []) if doctree else []
    first = next((node for node in section if isinstance(node, nodes.paragraph)), None)
    words = " ".join((first.astext() if first else CITATION["abstract"]).split())
    return words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0].rstrip(".,;:") + " …"


def tags(title: str, description: str, site: str, address: str) -> str:
    """The description, and the preview as the Open Graph protocol has it; a picture needs a full address."""
    said = {"title": title, "description": description, "site_name": CITATION["title"].split(":")[0], "type": "article"}
    if site:
        said |= {"url": address, "image": site + PREVIEW, "image:alt": PICTURE}
    lines = [f'<meta property="og:{key}" content="{escape(value)}">' for key, value in said.items()]
    lines += ['<meta name="twitter:card" content="summary_large_image">'] * bool(site)
    return "\n".join([f'<meta name="description" content="{escape(description)}">', *lines])


def cite(site: str) -> str:
    """How to cite the course: in words, and for BibTeX."""
    authors = " and ".join(author["name"] for author in CITATION["authors"])
    title, version, year = CITATION["title"], CITATION["version"], CITATION["date-released"].year
    words = f"{authors} ({year}). <cite>{title}</cite>, version {version}. {site}".strip()
    fields = {"author": f"{{{authors}}}", "title": title, "year": year, "version": version, "url": site}
    entry = "".join(f",\n  {key} = {{{value}}}" for key, value in fields.items() if value)
    return f"<p>{words}</p><pre>@misc{{flip-and-slide{entry}\n}}</pre>"


def foot(title: str, site: str, repo: str) -> str:
    released = CITATION["date-released"]
    parts = [f"Version {CITATION['version']} of {released}"]
    if repo:
        where = ISSUES[repo.split("/")[2]] + quote(f"Mistake on the page: {title}")
        parts.append(f'<a href="{escape(f"{repo}/{where}")}">Report a mistake</a>')
    authors = ", ".join(author["name"] for author in CITATION["authors"])
    return (
        f"<p>© {released.year} {authors}. {' · '.join(parts)}</p>\n"
        f'<details class="cite"><summary>Cite this course</summary>{cite(site)}</details>\n'
    )


def about(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    site, repo = app.config.html_baseurl, Places.told().repo
    title = unescape(re.sub(r"<[^>]+>", "", context.get("title") or "")) or CITATION["title"]
    made = tags(title, described(doctree), site, context.get("pageurl") or "")
    context["metatags"] = (context.get("metatags") or "") + made
    context["theme_extra_footer"] = foot(title, site, repo) + context["theme_extra_footer"]


def setup(app: Sphinx) -> dict:
    app.connect("html-page-context", about)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
