"""Recompute every stored output of one notebook with nbval, in a process of its own."""

import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from tools.notebooks.kernel import environment, in_a_kernel
from tools.notebooks.store import refusals

NOISE = re.compile(r"#x1B\[[0-9;]*m|\x1b\[[0-9;]*m|^Notebook cell execution failed\s*Cell \d+: ")
NBVAL = [
    sys.executable,
    "-m",
    "pytest",
    "-q",
    "--color=no",
    "-c",
    os.devnull,
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "--nbval",
    "--nbval-current-env",
    "--nbval-cell-timeout=300",
]
NO_TESTS = 5  # pytest's exit status for a notebook of prose alone


@dataclass(frozen=True)
class Outcome:
    """What a run of nbval found."""

    cells: int
    seconds: float
    failures: list[str]


def objections(path: Path, *, other_processor: bool = False) -> Outcome:
    """All that is wrong with a notebook: by its stored form, and only then by running it."""
    if refused := refusals(path):
        return Outcome(0, 0.0, refused)
    return run_nbval(path, other_processor=other_processor)


def run_nbval(path: Path, *, other_processor: bool = False) -> Outcome:
    """Run nbval in strict mode, in the notebook's folder and this interpreter's environment."""
    start = time.perf_counter()
    cells, failures = in_a_kernel(lambda: _run(path, environment(other_processor)))
    return Outcome(cells, time.perf_counter() - start, failures)


def _run(path: Path, env: dict[str, str]) -> tuple[int, list[str]]:
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.xml"
        result = subprocess.run(
            [*NBVAL, "--rootdir", scratch, f"--junitxml={report}", path],
            env=env | {"IPYTHONDIR": scratch},
            capture_output=True,
            text=True,
            check=False,
        )
        cases = list(ET.parse(report).iter("testcase")) if report.exists() else []
    failures = [text for case in cases if (text := _failure(path, case))]
    if result.returncode not in (0, NO_TESTS) and not failures:
        failures = [f"{path}: nbval stopped: {result.stdout[-2000:]}{result.stderr[-2000:]}"]
    return len(cases), failures


def _failure(path: Path, case: ET.Element) -> str:
    """Notebook, cell and error of a cell that failed or was left out; empty for one that passed."""
    troubles = [child for child in case if child.tag in ("failure", "error", "skipped")]
    text = "\n".join(NOISE.sub("", child.text or child.get("message", "")) for child in troubles)
    number = int(case.get("name", "Cell 0").split()[-1]) + 1
    return f"{os.path.relpath(path)}: [{number}]: {text.strip()}" if troubles else ""
