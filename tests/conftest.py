"""What all tests share: one Hypothesis profile, one thread, one browser, and the count of what was checked."""

import os
from collections import Counter

import pytest
from hypothesis import settings

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

settings.register_profile("course", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("course")

ORDER = ("notebooks", "cells", "solutions", "answers", "options", "pages", "interactives", "states", "decks", "slides")


@pytest.fixture(scope="session")
def chrome():
    """One headless Chromium without a network."""
    from browser import chromium  # not everywhere is there one

    with chromium() as one:
        yield one


@pytest.fixture
def browser(chrome):
    """The same, and what a test opened in it is closed after the test."""
    there = chrome.contexts
    yield chrome
    for context in chrome.contexts:
        if context not in there:
            context.close()


@pytest.fixture
def counted(record_property):
    """`counted(pages=1)`: adds to what the last line of the run says was checked."""

    def add(**numbers: int) -> None:
        for what, number in numbers.items():
            record_property(f"checked {what}", number)

    return add


def pytest_terminal_summary(terminalreporter) -> None:
    total = Counter()
    for report in terminalreporter.getreports("passed"):
        if report.when == "call":
            total.update(
                {name.removeprefix("checked "): n for name, n in report.user_properties if name.startswith("checked ")}
            )
    if total:
        terminalreporter.write_line("Checked: " + ", ".join(f"{total[what]} {what}" for what in ORDER if what in total))
