"""The notebooks once more, as a processor without the newer instructions computes them: the same printed numbers."""

import subprocess
import sys

import nbformat
import pytest
from nbval_runner import objections

from tools.notebooks.kernel import environment, warm_up
from tools.notebooks.store import COURSE, ROOT, as_text, notebooks


@pytest.fixture(scope="module", autouse=True)
def font_cache():
    warm_up()


@pytest.mark.parametrize("path", notebooks(COURSE), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_numbers_hold(path):
    if failures := objections(path, other_processor=True).failures:
        pytest.fail("\n\n".join(failures), pytrace=False)


def test_the_other_processor_is_really_another():
    wanted = environment(other_processor=True)
    newer = wanted["NPY_DISABLE_CPU_FEATURES"].split()
    code = (
        "from numpy._core import _multiarray_umath as cpu\n"
        f"print([name for name in {newer} if cpu.__cpu_features__[name]])"
    )
    command = [sys.executable, "-W", "error", "-c", code]
    assert subprocess.run(command, env=wanted, capture_output=True, text=True, check=True).stdout == "[]\n"


def test_it_reaches_the_kernel(tmp_path):
    source = "import os\n\nprint(os.environ['OPENBLAS_CORETYPE'])"
    stored = [nbformat.v4.new_output("stream", text="another\n")]
    cell = nbformat.v4.new_code_cell(source, outputs=stored, execution_count=1, id="a")
    path = tmp_path / "processor.ipynb"
    path.write_text(as_text(nbformat.v4.new_notebook(cells=[cell])), encoding="utf-8")
    assert "HASWELL" in "\n".join(objections(path, other_processor=True).failures)
