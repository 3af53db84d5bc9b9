"""Run this page: the notebook of a chapter as a download that installs what it needs, and the other ways to run it."""

import html
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from nbformat.v4 import new_code_cell

from tools import wheel
from tools.chapters import Chapter
from tools.notebooks.store import as_text
from tools.site import site_address

FOLDER = "notebooks"  # of the site
HOSTS = {"github.com": "gh", "gitlab.com": "gl", "bitbucket.org": "git"}  # and what Binder calls each
CELL = """# Run this first: it installs what the notebook needs and does not find.
from importlib.util import find_spec
from pathlib import Path

if not all(map(find_spec, ("convlib", "matplotlib", "anywidget"))):
    wheel = Path("{name}")
    source = {source}
    %pip install --quiet "convlib[notebooks] @ {{source}}"

import convlib  # stops here if that failed"""
CLONE = 'pip install ".[notebooks]" jupyterlab\njupyter lab {file}'


@dataclass(frozen=True)
class Places:
    """Where the course lies, as far as `make` was told: its repository and branch, and the address of the site."""

    repo: str = ""
    branch: str = "main"
    site: str = ""

    @classmethod
    def told(cls) -> "Places":
        repo = os.environ.get("REPO", "").rstrip("/")
        branch = os.environ.get("REPO_BRANCH") or "main"
        if repo and not re.fullmatch(rf"https://({'|'.join(map(re.escape, HOSTS))})/[\w.-]+/[\w.-]+", repo):
            raise SystemExit(
                f"REPO must look like https://github.com/owner/name (or gitlab.com, bitbucket.org), got {repo!r}"
            )
        if not re.fullmatch(r"[\w./-]+", branch):
            raise SystemExit(f"REPO_BRANCH must be the name of a branch, got {branch!r}")
        return cls(repo, branch, site_address().rstrip("/"))

    def binder(self, file: str) -> str:
        host, _, rest = self.repo.removeprefix("https://").partition("/")
        name = {"gh": rest, "gl": quote(rest, ""), "git": quote(self.repo, "")}[HOSTS[host]]
        return f"https://mybinder.org/v2/{HOSTS[host]}/{name}/{self.branch}?urlpath=lab/tree/{file}"

    def colab(self, file: str) -> str:
        """The chapter in Colab, which opens what lies on GitHub."""
        rest = self.repo.removeprefix("https://github.com/")
        return f"https://colab.research.google.com/github/{rest}/blob/{self.branch}/{file}" if rest != self.repo else ""


def cell(wheel_name: str, places: Places) -> str:
    """The first cell of a download: convlib from beside it, else from the site or the repository, if that is known."""
    elsewhere = f"git+{places.repo}@{places.branch}" if places.repo else ""
    if places.site:
        elsewhere = f"{places.site}/{FOLDER}/{wheel_name}"
    known = f'wheel.resolve().as_uri() if wheel.exists() else "{elsewhere}"'
    source = known if elsewhere else "wheel.resolve(strict=True).as_uri()  # keep it in the folder of this notebook"
    return CELL.format(name=wheel_name, source=source)


def download(chapter: Chapter, first: str) -> str:
    """The chapter's notebook behind that cell."""
    return as_text({**chapter.notebook, "cells": [new_code_cell(first, id="install"), *chapter.notebook.cells]})


def panel(chapter: Chapter, wheel_name: str, places: Places) -> str:
    """The button, and what it opens: each way to run the chapter."""
    up, file = f"../../{FOLDER}", f"chapters/{chapter.page}.ipynb"

    def code(text: str) -> str:
        return f'<div class="highlight"><pre>{html.escape(text)}</pre></div>'

    notebook = f'<a href="{up}/{chapter.name}.ipynb" download>Download the notebook</a>'
    ways = [f"{notebook}. Its first cell installs what your Jupyter lacks."]
    if not (places.site or places.repo):
        ways[0] += f' Keep <a href="{up}/{wheel_name}" download>{wheel_name}</a> in the same folder.'
    if places.repo:
        if colab := places.colab(file):
            first = code(cell(wheel_name, places))
            ways += [f'<a href="{colab}">Open it in Colab</a>, and run this in a cell above the others: {first}']
        ways += [f'<a href="{places.binder(file)}">Open it in Binder</a>. Nothing to install, and nothing is kept.']
    clone = f'<a href="{places.repo}">a clone</a>' if places.repo else "a clone of the course"
    ways += [f"In {clone}: {code(CLONE.format(file=file))}"]
    items = "".join(f"<li>{way}</li>" for way in ways)
    close = '<button type="button" popovertarget="run-this-page" popovertargetaction="hide">Close</button>'
    return (
        '<button type="button" popovertarget="run-this-page">Run this page</button>'
        f'<div id="run-this-page" class="run" popover><ul>{items}</ul>{close}</div>'
    )


def put_downloads(site: Path, course: list[Chapter], places: Places) -> str:
    """Write the wheel and the notebooks beside it; the wheel's name."""
    built = wheel.build(site / FOLDER)
    first = cell(built.name, places)
    for chapter in course:
        (site / FOLDER / f"{chapter.name}.ipynb").write_text(download(chapter, first), "utf-8")
    return built.name
