"""The build itself, on a small book of its own: what is refused, what is rebuilt, what a stopped build leaves."""

import fcntl
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from urllib.request import urlopen

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
INTRO = "# Intro\n\nWords and $x^2$.\n"
TOC = "format: jb-book\nroot: intro\nchapters:\n  - file: chapters/page\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """A copy of the pipeline around two small pages; the package in it is small too."""
    home = tmp_path_factory.mktemp("book")
    for name in ("_config.yml", "package.json", "package-lock.json", ".npmrc", "requirements.txt", "CITATION.cff"):
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
    (home / "intro.md").write_text(INTRO)
    (home / "convlib/__init__.py").write_text("ANSWER = 41\n")
    write_notebook(home, "import convlib\nprint('answer', convlib.ANSWER)")
    assert build(home).returncode == 0
    return home


def write_notebook(home: Path, *cells: str) -> None:
    nb = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    nb.cells = [nbformat.v4.new_markdown_cell("# Page")] + [nbformat.v4.new_code_cell(c) for c in cells]
    nbformat.write(nb, home / "chapters/page.ipynb")


CLEAN = {k: v for k, v in os.environ.items() if not k.startswith(("REPO", "SITE"))}


def build(home: Path, program: str = "tools.book.build", bytes_each: int = -1, **env: str):
    """Run it to its end; with `bytes_each`, no file can grow beyond that many bytes."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_each, bytes_each))

    call = [sys.executable, "-m", program]
    return subprocess.run(
        call, cwd=home, env=CLEAN | {"PYTHONPATH": str(home)} | env, capture_output=True, text=True, preexec_fn=limit
    )


def made(home: Path) -> dict[str, str]:
    """The site and its zip, by their contents."""
    files = [f for f in (home / "_build/html").rglob("*") if f.is_file()] + [home / "_build/flip-and-slide.zip"]
    return {f.relative_to(home).as_posix(): sha256(f.read_bytes()).hexdigest() for f in files}


def different(a: dict[str, str], b: dict[str, str]) -> list[str]:
    return [name for name in a.keys() | b.keys() if a.get(name) != b.get(name)]


def page(home: Path, name: str = "chapters/page") -> str:
    return (home / f"_build/html/{name}.html").read_text()


def test_a_change_in_the_package_reaches_the_page_and_nothing_else_is_run_again(book):
    assert "answer 41" in page(book)
    again = build(book)
    assert again.returncode == 0 and "page.ipynb" not in again.stdout
    (book / "convlib/__init__.py").write_text("ANSWER = 42\n")
    assert build(book).returncode == 0
    assert "answer 42" in page(book)


REACH = {
    "a comment in a module": ("convlib/used.py", "import json  # why not\nVALUE = 1\n", False),
    "a docstring": ("convlib/used.py", '"""What it is."""\nimport json\nVALUE = 1\n', True),
    "a changed constant": ("convlib/used.py", "import json\nVALUE = 2\n", True),
    "a module that nobody imports": ("convlib/unused.py", "VALUE = 2\n", False),
    "a file that is read": ("data/read.txt", "other words", True),
    "a file that nobody reads": ("data/unread.txt", "other words", False),
    "a comment in a source that is printed": ("convlib/printed.py", "VALUE = 1  # shown\n", True),
    "a file that was not there": ("data/missing.txt", "here now", True),
    "a name in a folder that is listed": ("data/folder/b.txt", "", True),
}
READS = """
import inspect
from pathlib import Path
import convlib.used
from convlib import printed
print(inspect.getsource(printed), Path("../data/read.txt").read_text(), list(Path("../data/folder").iterdir()))
try:
    open("../data/missing.txt")
except FileNotFoundError:
    pass
"""


@pytest.fixture(scope="module")
def reaching(book, tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("reach") / "book"
    shutil.copytree(book, home, symlinks=True, ignore=shutil.ignore_patterns("_build"))
    (home / "data/folder").mkdir(parents=True)
    for name in ("convlib/used.py", "convlib/unused.py", "convlib/printed.py"):
        (home / name).write_text("import json\nVALUE = 1\n" if "/used" in name else "VALUE = 1\n")
    for name in ("read", "unread", "folder/a"):
        (home / f"data/{name}.txt").write_text("words")
    write_notebook(home, READS)
    assert "page.ipynb" in build(home, "tools.book.cache").stdout
    assert "page.ipynb" not in build(home, "tools.book.cache").stdout
    return home


ASK = """
from pathlib import Path
from tools.notebooks.executed import executed
print(executed(Path("chapters/page.ipynb").resolve()) is None)
"""


@pytest.mark.parametrize("change", REACH)
def test_what_a_notebook_reached_decides_whether_it_runs_again(change, reaching):
    name, text, runs = REACH[change]
    file = reaching / name
    old = file.read_text() if file.exists() else None
    file.write_text(text)
    done = subprocess.run([sys.executable, "-c", ASK], cwd=reaching, env=CLEAN, capture_output=True, text=True)
    file.unlink() if old is None else file.write_text(old)
    assert done.stdout.strip() == str(runs), done.stderr


def test_a_stored_run_that_was_cut_off_is_made_again(reaching):
    stored = next((reaching / "_build/executed").iterdir())
    stored.write_text(stored.read_text()[:200])
    assert "page.ipynb" in build(reaching, "tools.book.cache").stdout
    assert "page.ipynb" not in build(reaching, "tools.book.cache").stdout


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
    before = made(book)
    first, second = build(book), build(book)
    (book / "intro.md").write_text(INTRO)
    assert not different(before, made(book)), "the last good copy has to stay"
    for done in (first, second):
        assert done.returncode != 0
        assert complaint in done.stderr and "intro.md" in done.stderr
        assert done.stderr.strip().splitlines()[-1].startswith("make book: the pages were refused")


def test_a_refused_page_is_refused_after_a_kill_too(book):
    """Killed while the pages are written, when all are read and Sphinx would not warn of them again."""
    (book / "intro.md").write_text("# Intro\n\n[words](#nowhere)\n")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    call = [sys.executable, "-m", "tools.book.build"]
    program = subprocess.Popen(call, cwd=book, env=CLEAN, start_new_session=True, **quiet)
    written = book / "_build/html.new/_static"
    while program.poll() is None and not written.exists():
        time.sleep(0.01)
    os.killpg(program.pid, signal.SIGKILL)
    program.wait()
    done = build(book)
    (book / "intro.md").write_text(INTRO)
    assert written.exists() and done.returncode != 0 and "nowhere" in done.stderr
    assert build(book).returncode == 0


HALF = """
import time
from tools.site import HTML
HTML.mkdir(parents=True, exist_ok=True)
for text in ("half", "whole"):
    (HTML / "a.html").write_text(text)
    time.sleep(1)
"""


def test_builds_stopped_at_thirty_random_moments_leave_the_site_whole(book):
    program = [sys.executable, "-m", "tools.book.kills", "30"]
    done = subprocess.run(program, cwd=book, env=CLEAN, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("Every time the site was whole")


def test_must_fail_a_build_that_leaves_half_a_page(tmp_path):
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    (tmp_path / "tools/book/build.py").write_text(HALF)
    program = [sys.executable, "-m", "tools.book.kills", "9", "--seed", "1"]
    done = subprocess.run(program, cwd=tmp_path, env=CLEAN, capture_output=True, text=True)
    assert done.returncode and "kills: the site differs in 1 files, such as ['html/a.html']" in done.stderr


def test_two_builds_at_once_do_not_meet(book):
    with (book / "_build/.unfinished").open("a") as marker:
        fcntl.flock(marker, fcntl.LOCK_EX)
        done = build(book)
    assert done.returncode != 0
    assert done.stderr == "make book: another build is at work here; wait for it, or stop it\n"


EXTRA = """# A page more

![a dot](dot.png)

```{glossary}
a term
  What it means.
```
"""
WIDGET = """import anywidget
class Sample(anywidget.AnyWidget):
    _esm = "export default { render() {} };"
    def __repr__(self):
        return "a sample"
Sample()
"""


@pytest.mark.parametrize("bytes_each", (100, 20_000, 300_000))
def test_a_full_disk_costs_nothing_but_time(book, bytes_each):
    before = made(book)
    good = (book / "chapters/page.ipynb").read_text()
    write_notebook(book, f"print('{'x' * 25_000}')")
    full = build(book, bytes_each=bytes_each)
    (book / "chapters/page.ipynb").write_text(good)
    assert full.returncode != 0 and "Traceback" not in full.stderr.splitlines()[-1]
    assert not different(before, made(book))
    assert build(book).returncode == 0
    assert not different(before, made(book))


def test_a_second_build_and_a_clean_one_equal_the_first(book):
    """Also after a page with a picture and a term came and went, on another day, with widgets."""
    good = (book / "chapters/page.ipynb").read_text()
    write_notebook(book, WIDGET, WIDGET)
    shutil.rmtree(book / "_build")
    assert build(book, PYTHONHASHSEED="1").returncode == 0
    first = made(book)
    shutil.copy(ROOT / "web/sliding-window.png", book / "chapters/dot.png")
    (book / "chapters/extra.md").write_text(EXTRA)
    (book / "_toc.yml").write_text(TOC + "  - file: chapters/extra\n")
    assert build(book).returncode == 0
    more = made(book)
    index = (book / "_build/html/searchindex.js").read_text()
    assert '"a term"' in index and any("dot.png" in name for name in more)
    again = build(book)
    assert again.returncode == 0 and not different(more, made(book)), "the search index keeps its terms"
    (book / "chapters/extra.md").unlink()
    (book / "chapters/dot.png").unlink()
    (book / "_toc.yml").write_text(TOC)
    assert build(book, SOURCE_DATE_EPOCH="1000000000").returncode == 0
    assert not different(first, made(book))
    shutil.rmtree(book / "_build")
    assert build(book, PYTHONHASHSEED="2", SOURCE_DATE_EPOCH="1000000000").returncode == 0
    (book / "chapters/page.ipynb").write_text(good)
    assert not different(first, made(book))


def test_the_server_keeps_the_last_good_copy_and_says_what_is_wrong(book):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.listen()
        taken = subprocess.run(
            [sys.executable, "-m", "tools.book.serve", str(port)], cwd=book, env=CLEAN, capture_output=True, text=True
        )
    assert taken.returncode and len(taken.stderr.splitlines()) == 1 and f"port {port}" in taken.stderr
    call = [sys.executable, "-m", "tools.book.serve", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    program = subprocess.Popen(call, cwd=book, env=CLEAN, start_new_session=True, **quiet)

    def intro_until(wanted) -> str:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                text = urlopen(f"http://127.0.0.1:{port}/intro.html").read().decode()
                assert "<h1>Intro" in text, "the site went away"
                if wanted(text):
                    return text
            except OSError:  # not there yet
                pass
            time.sleep(0.2)
        raise AssertionError("waited two minutes")

    try:
        assert 'role="alert"' not in intro_until(bool)
        (book / "intro.md").write_text("# Intro\n\nSee {ref}`<b>nowhere`.\n")
        text = intro_until(lambda text: 'role="alert"' in text)
        assert "\x1b" not in text and "undefined label: &#x27;&lt;b&gt;nowhere" in text and "Words and" in text
        (book / "intro.md").write_text("# Intro\n\nOther words.\n")
        intro_until(lambda text: "Other words." in text and 'role="alert"' not in text)
    finally:
        os.killpg(program.pid, signal.SIGINT)
        program.wait()
        (book / "intro.md").write_text(INTRO)


def test_another_encoding_and_a_folder_that_cannot_be_written_are_one_line_each(book):
    posix = build(book, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert posix.returncode and len(posix.stderr.splitlines()) == 1 and "PYTHONUTF8=1" in posix.stderr
    (book / "_build").rename(book / "kept")
    (book / "_build").write_text("")
    done = build(book)
    (book / "_build").unlink()
    (book / "kept").rename(book / "_build")
    assert done.returncode and len(done.stderr.splitlines()) == 1 and done.stderr.startswith("make book: ")


def test_a_moved_folder_says_what_to_do(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / ".venv").mkdir()
    ready = tmp_path / ".venv/.ready"
    for place, moved in ((str(tmp_path.resolve()), False), ("/elsewhere", True)):
        ready.write_text(f"{place}\n")
        done = subprocess.run(["make", "here"], cwd=tmp_path, capture_output=True, text=True)
        assert bool(done.returncode) == moved and ("run `make clean`" in done.stdout) == moved


def test_a_missing_asset_stops_the_build(book):
    host = book / "web/afm-host.js"
    (book / "node_modules").unlink()
    shutil.copytree(ROOT / "node_modules/katex", book / "node_modules/katex")
    (book / "node_modules/.installed").write_text((ROOT / "node_modules/.installed").read_text())
    done = build(book)
    shutil.rmtree(book / "node_modules")
    (book / "node_modules").symlink_to(ROOT / "node_modules")
    assert host.exists() and done.returncode != 0
    assert done.stderr.startswith("browser assets: missing") and "source-serif-4" in done.stderr


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


def test_must_fail_what_a_page_without_a_kernel_cannot_run(book):
    good = (book / "chapters/page.ipynb").read_text()
    for code, complaint in (
        ("import ipywidgets\nipywidgets.IntSlider()", "IntSliderModel is shown"),
        ("from IPython.display import HTML\nHTML('<p onclick=\"1\">words</p>')", "a handler in a tag"),
    ):
        write_notebook(book, code)
        done = build(book)
        assert done.returncode and complaint in done.stderr and "chapters/page.html" in done.stderr
    (book / "chapters/page.ipynb").write_text(good)


def test_buttons_appear_with_the_repository_and_only_then(book):
    assert build(book).returncode == 0
    plain = page(book)
    assert "source-buttons" not in plain
    assert "Report a mistake" not in plain and "canonical" not in plain
    assert build(book, REPO="https://github.com/somebody/course", SITE="https://example.org/flip/").returncode == 0
    known = page(book)
    assert "https://github.com/somebody/course/edit/main/chapters/page.ipynb" in known
    assert "https://github.com/somebody/course/issues/new?title=Mistake%20on%20the%20page%3A%20Page" in known
    assert '<link rel="canonical" href="https://example.org/flip/chapters/page.html"' in known
    assert 'href="https://example.org/flip/intro.html"' in (book / "_build/html/404.html").read_text()
    assert "REPO must look like" in build(book, REPO="somewhere").stderr
