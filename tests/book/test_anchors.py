"""Addresses that somebody may have linked to: each still leads to its place."""

import json
from pathlib import Path

import pytest
from test_site import SITE, Links

HERE = Path(__file__).parent
OLD = json.loads((HERE / "anchors.json").read_text("utf-8"))


def lost(page: str, old: list[str]) -> list[str]:
    """The anchors that a page had once and has no more."""
    return sorted(set(old) - Links((SITE / page).read_text("utf-8")).anchors)


@pytest.mark.parametrize("page", OLD)
def test_every_old_anchor_is_still_there(page: str) -> None:
    assert not lost(page, OLD[page]), "put the old name in front of what says it now: (old-name)="


def test_a_lost_anchor_is_named() -> None:
    assert lost("intro.html", ["for-whom", "a-section-that-went"]) == ["a-section-that-went"]
