"""Builds of the tests' small book, stopped at thirty random moments: no reader meets what they left."""

import subprocess
import sys

from test_build import CLEAN, book  # noqa: F401  (a fixture)


def test_stopped_builds_leave_the_site_whole(book):  # noqa: F811
    program = [sys.executable, "-m", "tools.book.kills", "30"]
    done = subprocess.run(program, cwd=book, env=CLEAN, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("Every time the site was whole")
