"""The build itself, on a small book of its own: what is refused, what is rebuilt, which buttons appear."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
TOC = "format: jb-book\nroot: intro\nchapters:\n  - file: chapters/page\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """A copy of the pipeline around two small pages; the package in it is small too."""
    home = tmp_path_factory.mktemp("book")
    for name in ("_config.yml", "package.json", "package-lock.json", ".npmrc", "requirements.txt"):
        shutil.copy(ROOT / name, home / name)
    for name in ("tools", "web"):
        shutil.copytree(ROOT / name, home / name)
    (home / "node_modules").symlink_to(ROOT / "node_modules")
    for name in ("chapters", "slides", "convlib"):
        (home / name).mkdir()
    shutil.copy(ROOT / "convlib/palette.json", home / "convlib")
    (home / "tools/slides/build.py").write_text("")
    (home / "references.bib").write_text("")
    (home / "_toc.yml").write_text(TOC)
    (home / "intro.md").write_text("# Intro\n\nWords and $x^2$.\n")
    (home / "convlib/__init__.py").write_text("ANSWER = 41\n")
    write_notebook(home, "import convlib\nprint('answer', convlib.ANSWER)")
    return home


def write_notebook(home: Path, *cells: str) -> None:
    nb = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    nb.cells = [nbformat.v4.new_markdown_cell("# Page")] + [nbformat.v4.new_code_cell(c) for c in cells]
    nbformat.write(nb, home / "chapters/page.ipynb")


def build(home: Path, **env: str) -> subprocess.CompletedProcess:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("REPO")}
    return subprocess.run(
        [sys.executable, "-m", "tools.book.build"], cwd=home, env=clean | env, capture_output=True, text=True
    )


def page(home: Path, name: str = "chapters/page") -> str:
    return (home / f"_build/html/{name}.html").read_text()


def test_a_change_in_the_package_reaches_the_page_and_nothing_else_is_run_again(book):
    assert build(book).returncode == 0
    assert "answer 41" in page(book)
    again = build(book)
    assert again.returncode == 0 and "page.ipynb" not in again.stdout
    (book / "convlib/__init__.py").write_text("ANSWER = 42\n")
    assert build(book).returncode == 0
    assert "answer 42" in page(book)


def test_a_failing_notebook_is_named_with_cell_and_error(book):
    good = (book / "chapters/page.ipynb").read_text()
    write_notebook(book, "x = 1", "assert x == 2, f'x is {x}'")
    done = build(book)
    (book / "chapters/page.ipynb").write_text(good)
    assert done.returncode != 0
    assert "chapters/page.ipynb: [2] `assert x == 2, f'x is {x}'`: AssertionError: x is 1" in done.stderr


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (r"Bad $\frac{a$ here.", "bad TeX"),
        ("See {ref}`nowhere`.", "undefined label"),
        ("{func}`convlib.nothing`", "reference target not found"),
    ],
)
def test_a_refused_page_is_refused_again(book, line, complaint):
    (book / "intro.md").write_text(f"# Intro\n\n{line}\n")
    first, second = build(book), build(book)
    (book / "intro.md").write_text("# Intro\n\nWords and $x^2$.\n")
    for done in (first, second):
        assert done.returncode != 0
        assert complaint in done.stderr and "intro.md" in done.stderr
        assert done.stderr.strip().splitlines()[-1].startswith("make book: the pages were refused")


def test_a_missing_asset_stops_the_build(book):
    host = book / "web/afm-host.js"
    (book / "node_modules").unlink()
    shutil.copytree(ROOT / "node_modules/katex", book / "node_modules/katex")
    (book / "node_modules/.installed").write_text((ROOT / "node_modules/.installed").read_text())
    done = build(book)
    shutil.rmtree(book / "node_modules")
    (book / "node_modules").symlink_to(ROOT / "node_modules")
    assert host.exists() and done.returncode != 0
    assert done.stderr.startswith("browser assets: missing") and "embed-amd.js" in done.stderr


def test_without_the_network_the_step_is_named(book):
    (book / "node_modules").unlink()
    done = build(
        book,
        npm_config_registry="http://127.0.0.1:9",
        npm_config_fetch_retries="0",
        npm_config_cache=str(book / "empty-cache"),
    )
    shutil.rmtree(book / "node_modules", ignore_errors=True)
    (book / "node_modules").symlink_to(ROOT / "node_modules")
    assert done.returncode != 0
    assert (
        done.stderr.strip().splitlines()[-1].startswith("browser assets: `npm ci` failed; this step needs the network")
    )


def test_buttons_appear_with_the_repository_and_only_then(book):
    assert build(book).returncode == 0
    plain = page(book)
    assert "launch-buttons" not in plain and "source-buttons" not in plain
    assert build(book, REPO="https://github.com/somebody/course").returncode == 0
    known = page(book)
    assert "mybinder.org/v2/gh/somebody/course/main?urlpath=lab/tree/chapters/page.ipynb" in known
    assert "https://github.com/somebody/course/edit/main/chapters/page.ipynb" in known
    assert "REPO must look like" in build(book, REPO="somewhere").stderr
