"""Binder: an environment made from binder/ alone runs every notebook, JupyterLab included."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from browser import chromium, record
from playwright.sync_api import Page, expect
from repo_rules import tracked

from tools.notebooks.store import COURSE, ROOT, notebooks

CHAPTER = ROOT / "chapters/1-cnn/1-what-a-layer-computes.ipynb"
MINUTE = 60_000
DIRECTIVE = re.compile(r"^:{3,}\{admonition\}", re.MULTILINE)
RAW = re.compile(r":::|\{[a-z:]+\}`")


def run(*command: object, cwd: Path, path: Path) -> str:
    """Run as Binder would: with the programs of its environment first."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    env["PATH"] = f"{path}{os.pathsep}{env['PATH']}"
    ran = subprocess.run(list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def copied(home: Path) -> Path:
    """The repository as a clone would hold it."""
    for file in tracked(ROOT):
        (home / file.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, home / file.relative_to(ROOT))
    return home


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    return copied(tmp_path_factory.mktemp("clone"))


@pytest.fixture(scope="module")
def programs(copy, tmp_path_factory) -> Path:
    """The bin folder of a fresh environment, made in the order in which Binder makes it."""
    home = tmp_path_factory.mktemp("binder")
    venv.create(home, with_pip=True)
    quiet = ("-q", "--disable-pip-version-check")
    pip = (home / "bin/python", "-m", "pip", "install", *quiet)
    run(*pip, "-r", "binder/requirements.txt", cwd=copy, path=home / "bin")
    run("binder/postBuild", cwd=copy, path=home / "bin")
    return home / "bin"


def test_python_is_the_oldest_that_convlib_supports():
    version = (ROOT / "binder/runtime.txt").read_text().strip().removeprefix("python-")
    assert f'requires-python = ">={version}"' in (ROOT / "pyproject.toml").read_text()


def test_the_environment_is_consistent(copy, programs):
    run(programs / "python", "-m", "pip", "check", cwd=copy, path=programs)
    told = run(programs / "python", "-c", "import convlib; print(convlib.__file__)", cwd=copy.parent, path=programs)
    assert programs.parent in Path(told.strip()).parents  # a volume over the home folder would hide the repository


def test_a_kernel_has_one_thread(copy, programs):
    told = run(programs / "jupyter", "kernelspec", "list", "--json", cwd=copy, path=programs)
    env = json.loads(told)["kernelspecs"]["python3"]["spec"]["env"]
    assert env == dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def test_every_notebook_gives_the_stored_outputs(copy, programs, counted):
    files = [copy / file.relative_to(ROOT) for file in notebooks(COURSE)]
    stored = {file: file.read_text(encoding="utf-8") for file in files}
    assert stored
    run(programs / "python", "-m", "tools.notebooks.run", cwd=copy, path=programs)
    for file, text in stored.items():
        assert file.read_text(encoding="utf-8") == text, file.name
    counted(notebooks=len(stored))


@pytest.fixture(scope="module")
def lab(copy, programs) -> Iterator[str]:
    """A running JupyterLab; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (copy.parent / "lab.log").open("w")
    command = [
        programs / "jupyter",
        "lab",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={copy}",
    ]
    settings = {"JUPYTER_CONFIG_DIR": str(copy.parent / "jupyter"), "IPYTHONDIR": str(copy.parent)}
    env = os.environ | settings | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    server = subprocess.Popen(command, env=env, stdout=log, stderr=subprocess.STDOUT, cwd=copy)
    try:
        address = f"http://127.0.0.1:{port}"
        _until(lambda: _get(f"{address}/api"), f"JupyterLab did not start; see {log.name}")
        yield address
    finally:
        server.terminate()
        server.wait(30)
        log.close()


def _get(address: str) -> Any:
    """What the server answers; None while it does not."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return json.load(answer)
    except (urllib.error.URLError, ConnectionError):
        return None


def _connected(lab: str) -> bool:
    """Whether the page and its kernel talk: cells run before that are dropped."""
    kernels = [session["kernel"] for session in _get(f"{lab}/api/sessions") or []]
    return any(k["connections"] and k["execution_state"] == "idle" for k in kernels)


def _until(holds: Callable[[], object], complaint: str) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(complaint)
        time.sleep(0.3)


def cells(kind: str) -> list[str]:
    """The sources of the chapter's cells of one kind."""
    return [c.source for c in nbformat.read(CHAPTER, as_version=4).cells if c.cell_type == kind]


@pytest.fixture(scope="module")
def page(lab) -> Iterator[Page]:
    """The chapter in JupyterLab, all of its cells run."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.seen = record(page)
        page.goto(f"{lab}/lab/tree/{CHAPTER.relative_to(ROOT)}")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=MINUTE)
        _until(lambda: _connected(lab), "JupyterLab's kernel did not connect")
        expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=MINUTE)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        prompts = [f"[{n}]:" for n in range(1, 1 + len(cells("code")))]
        expect(page.locator(".jp-CodeCell .jp-InputPrompt")).to_have_text(prompts, timeout=MINUTE)
        yield page


def test_no_cell_fails(page):
    assert page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0
    assert page.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0


def test_directives_render(page):
    written = sum(len(DIRECTIVE.findall(source)) for source in cells("markdown"))
    assert written, "the chapter has no directive: nothing to see here"
    expect(page.locator(".jp-MarkdownCell .myst-admonition")).to_have_count(written, timeout=MINUTE)
    shown = page.locator(".jp-MarkdownCell .jp-InputArea > .myst")
    expect(shown).to_have_count(len(cells("markdown")), timeout=MINUTE)  # JupyterLab renders them one by one
    assert not [text for text in shown.all_text_contents() if RAW.search(text)]


def test_the_interactive_reacts(page):
    root = page.locator(".jp-OutputArea .fs-sliding-window-2d").first
    root.scroll_into_view_if_needed(timeout=MINUTE)
    root.locator(".fs-more > summary").click()
    slider = root.locator('input[type="range"]').first
    before = root.locator(".fs-say").inner_text(), slider.input_value()
    slider.focus()
    slider.press("ArrowRight" if slider.get_attribute("max") != before[1] else "ArrowLeft")
    expect(slider).not_to_have_value(before[1])
    expect(root.locator(".fs-say")).not_to_have_text(before[0])


def test_nothing_is_fetched_from_elsewhere(page, lab):
    assert page.seen.off_host(lab) == []


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory) -> Path:
    """The students' copy, unpacked."""
    home = tmp_path_factory.mktemp("students")
    subprocess.run([sys.executable, "-m", "tools.editions.handout", "--out", home], cwd=ROOT, check=True)
    shutil.unpack_archive(home / "flip-and-slide-student.zip", home)
    return home / "flip-and-slide-student"


def test_the_students_copy_runs_by_itself(handed_out, programs, counted):
    """Last: from here on the environment holds the convlib of that copy."""
    run("sh", "binder/postBuild", cwd=handed_out, path=programs)
    told = run(
        programs / "python", "-c", "import convlib; print(convlib.__file__)", cwd=handed_out.parent, path=programs
    )
    words = Path(told.strip()).parent / "checks/flip_1.md"  # the students' has no solutions
    assert programs.parent in words.parents and "## Solution" not in words.read_text("utf-8")
    assert words.read_text("utf-8") == (handed_out / "convlib/checks/flip_1.md").read_text("utf-8")
    files = sorted(handed_out.rglob("*.ipynb"))
    assert len(files) == len(list(ROOT.glob("chapters/*/*.ipynb"))) + 1
    run(programs / "jupyter", "execute", *files, cwd=handed_out, path=programs)
    counted(notebooks=len(files))
