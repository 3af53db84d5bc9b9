"""The built wheel holds every file that convlib reads, and works where only NumPy and SciPy are."""

import shutil
import subprocess
import sys
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from tools.wheel import build, refused

ROOT = Path(__file__).resolve().parents[2]
KINDS = {".py", ".js", ".css", ".json", ".typed", ".csv", ".gz", ".md"}
PROGRAM = """
import importlib, sys
import convlib
assert convlib.convolve([1, 2, 3], [0, 1, 10]).tolist() == [0, 1, 12, 23, 30]
assert convlib.correlate([1, 2, 3], [0, 1, 10]).tolist() == [10, 21, 32, 3, 0]
assert "12" in str(convlib.trace([1, 2, 3], [0, 1, 10], 2))
assert convlib.data.load_digits()[0].shape == (1797, 8, 8) and len(convlib.data.load_weather()) == 672
assert not {"matplotlib", "anywidget", "ipywidgets", "scipy.signal"} & sys.modules.keys()
for name in ("matplotlib", "anywidget", "ipywidgets", "traitlets"):
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        continue
    raise SystemExit(f"{name} is here: this environment is not bare")
print(convlib.__file__)
"""


def run(*command: object, cwd: Path) -> str:
    ran = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"))


def test_is_the_same_from_another_copy_of_the_source(wheel, tmp_path):
    source = tmp_path / "source"
    shutil.copytree(ROOT / "convlib", source / "convlib", copy_function=shutil.copyfile)  # with other times
    for name in ("pyproject.toml", "LICENSE"):
        shutil.copyfile(ROOT / name, source / name)
    again = build(tmp_path, source)
    assert again.name == wheel.name and again.read_bytes() == wheel.read_bytes()


@pytest.mark.parametrize(
    "tag, changelog, complaint",
    [
        ("v1.2.3", "## Unreleased\n## 1.2.3\n", ""),
        ("v1.2.4", "## 1.2.4\n", "the version in pyproject.toml 1.2.3"),
        ("v1.2.3", "## Unreleased\n## 1.2.30\n", "no section 1.2.3"),
    ],
)
def test_a_tag_publishes_the_version_that_the_changelog_describes(tag, changelog, complaint):
    problem = refused(tag, "1.2.3", changelog)
    assert complaint in problem and bool(complaint) == bool(problem)


def test_holds_every_file_of_the_package(wheel):
    inside = {n for n in zipfile.ZipFile(wheel).namelist() if n.startswith("convlib/")}
    wanted = {str(p.relative_to(ROOT)) for p in (ROOT / "convlib").rglob("*") if p.suffix in KINDS}
    assert inside == wanted
    assert {Path(name).suffix for name in inside} == KINDS
    assert "convlib/py.typed" in inside


def test_holds_nothing_else(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"convlib"}


def test_works_with_numpy_and_scipy_alone(wheel, tmp_path):
    venv.create(tmp_path / "bare", symlinks=True)
    python = tmp_path / "bare/bin/python"
    site = Path(run(python, "-c", "import site; print(site.getsitepackages()[0])", cwd=tmp_path).strip())
    for library in ("numpy", "scipy"):
        home = Path(find_spec(library).origin).parent
        for folder in (home, home.with_name(f"{library}.libs")):  # the second holds shared objects
            if folder.exists():
                (site / folder.name).symlink_to(folder)
    zipfile.ZipFile(wheel).extractall(site)  # which is all that installing a pure wheel does
    assert run(python, "-W", "error", "-I", "-c", PROGRAM, cwd=tmp_path).startswith(str(site))


def test_a_quiz_comes_with_it(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    program = (
        "from convlib.widgets import Quiz; import convlib; print(convlib.__file__, len(Quiz.load('III-1').questions))"
    )
    said = run(
        sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); {program}", cwd=tmp_path
    )
    file, count = said.split()
    assert file.startswith(str(tmp_path)) and int(count) >= 6
