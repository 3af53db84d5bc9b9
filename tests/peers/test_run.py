"""Run this page, as a new user would: an environment with only Jupyter, a folder with only the downloaded notebooks."""

import re
import shutil
import subprocess
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from browser import serve
from test_binder import copied, run

from tools import ROOT
from tools.book.run import CLONE, FOLDER, Places, put_downloads
from tools.chapters import chapters

COURSE = chapters()
QUICK = next(c for c in COURSE if c.id == "III-1")


@pytest.fixture(scope="module", autouse=True)
def versions(tmp_path_factory):
    """Everything comes from the index by its name alone, in the versions of Binder's lock."""
    file = tmp_path_factory.mktemp("versions") / "constraints.txt"
    file.write_text("\n".join(re.findall(r"^\S+==[^\\\n]+", (ROOT / "binder/requirements.txt").read_text(), re.M)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_CONSTRAINT", str(file))
        patch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        yield


@pytest.fixture(scope="module")
def programs(versions, tmp_path_factory) -> Path:
    """The bin folder of an environment with only Jupyter."""
    home = tmp_path_factory.mktemp("jupyter")
    venv.create(home, with_pip=True)
    run(home / "bin/python", "-m", "pip", "install", "-q", "jupyterlab", cwd=home, path=home / "bin")
    return home / "bin"


@pytest.fixture
def without_convlib(programs) -> Path:
    run(programs / "python", "-m", "pip", "uninstall", "-q", "-y", "convlib", cwd=programs, path=programs)
    return programs


def execute(notebook: Path, programs: Path) -> None:
    run(programs / "jupyter", "execute", notebook.name, cwd=notebook.parent, path=programs)


def test_every_notebook_runs_to_its_end_with_the_wheel_of_the_site(programs, tmp_path, counted):
    site, here = tmp_path / "site", tmp_path / "downloads"
    with serve(site) as address:
        wheel = put_downloads(site, COURSE, Places(site=address))
        shutil.copytree(site / FOLDER, here, ignore=shutil.ignore_patterns("*.whl"))
        first, *others = sorted(here.iterdir())
        assert len(others) == 16
        execute(first, programs)  # which installs what all of them need
        come = next(programs.parent.glob("lib/*/site-packages/convlib-*/direct_url.json")).read_text()
        assert f"{address}/{FOLDER}/{wheel}" in come
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda notebook: execute(notebook, programs), others))
    counted(notebooks=1 + len(others))


def test_from_the_zip_it_takes_the_wheel_beside_it(without_convlib, tmp_path):
    wheel = put_downloads(tmp_path, [QUICK], Places())
    execute(tmp_path / f"{FOLDER}/{QUICK.name}.ipynb", without_convlib)
    (tmp_path / FOLDER / wheel).unlink()
    run(without_convlib / "python", "-m", "pip", "uninstall", "-q", "-y", "convlib", cwd=tmp_path, path=without_convlib)
    with pytest.raises(AssertionError, match=f"FileNotFoundError.*{wheel}"):
        execute(tmp_path / f"{FOLDER}/{QUICK.name}.ipynb", without_convlib)


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    home = copied(tmp_path_factory.mktemp("clone"))
    name = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    commit = (*name, "commit", "-q", "-m", "All")
    served = ("repack", "-q", "-a", "-d"), ("update-server-info",)  # plain files are enough for git over http
    for command in (("init", "-q", "-b", "main"), ("add", "-A"), commit, *served):
        subprocess.run(["git", *command], cwd=home, check=True)
    return home


def test_where_only_the_repository_is_known_it_takes_that(without_convlib, clone, tmp_path):
    with serve(clone) as address:
        wheel = put_downloads(tmp_path, [QUICK], Places(repo=f"{address}/.git"))
        (tmp_path / FOLDER / wheel).unlink()
        execute(tmp_path / f"{FOLDER}/{QUICK.name}.ipynb", without_convlib)


def test_the_two_commands_for_a_clone(without_convlib, clone):
    install, start = CLONE.format(file=QUICK.file.relative_to(ROOT)).splitlines()
    run("sh", "-c", install, cwd=clone, path=without_convlib)
    program, lab, file = start.split()
    run(program, lab, "--version", cwd=clone, path=without_convlib)
    execute(clone / file, without_convlib)
