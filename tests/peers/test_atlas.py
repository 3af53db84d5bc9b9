"""The convention atlas against the frameworks: every cell probed again, every line between two calls run."""

import os
import platform
from importlib.util import find_spec

import pytest

from tools.atlas import checks as atlas_checks
from tools.atlas.probes import calls

PACKAGES = {"OpenCV": "cv2", "PyTorch": "torch", "JAX": "jax", "TensorFlow": "tensorflow"}
LIBRARIES = os.environ.get("ATLAS", "OpenCV,PyTorch").split(",")
HERE = [name for name in LIBRARIES if find_spec(PACKAGES[name])]
# PyTorch says that "same" with an even kernel costs it a copy.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_library_is_here(library):
    if library not in HERE:
        pytest.skip(f"{library}: no wheel for Python {platform.python_version()} on {platform.platform()}")


@pytest.mark.parametrize("call", calls(*HERE), ids=lambda call: f"{call['name']}-{call['dims']}")
class TestCalls:
    def test_every_cell_is_what_the_probes_find(self, call):
        assert atlas_checks.wrong_cells(call) == []

    def test_every_line_to_this_call_gives_the_same_numbers(self, call):
        assert atlas_checks.wrong_lines(call) == []

    def test_every_line_holds_for_complex_numbers_as_it_says(self, call):
        assert atlas_checks.wrong_complex(call) == []


def test_the_names_of_the_edges():
    assert atlas_checks.wrong_edges(*HERE) == []


def test_where_a_stride_begins():
    assert atlas_checks.wrong_strides(*HERE) == []
