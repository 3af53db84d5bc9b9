"""What stands above a chapter's title: its place in the course, what it takes, where else it is; and its minutes."""

import json
import sys
from pathlib import Path

from tools import ROOT
from tools.book.landing import filled
from tools.book.minutes import KEPT, Times, page_of, problems, table, times
from tools.book.run import Places, panel, put_downloads
from tools.chapters import ROMAN, Chapter, chapters

LOGO = (ROOT / "web/logo.svg").read_text("utf-8").replace(' xmlns="http://www.w3.org/2000/svg"', "")
MINUTES = '<span class="minutes"></span>'
OPEN_ALL = '<button type="button" class="open-all pst-js-only">Open all folds</button>'


def arc(chapter: Chapter, course: list[Chapter]) -> str:
    """A bar with a tick for each chapter, in groups for the parts; it is read up to here."""
    here = course.index(chapter)
    groups = ""
    for part in sorted({c.page[0] for c in course}):
        places = [k for k, c in enumerate(course) if c.page[0] == part]
        states = [("read" if k < here else "here" if k == here else "next") for k in places]
        ticks = "".join(f'<i class="{state}"></i>' for state in states)
        groups += f'<span style="--n:{len(places)}">{ticks}</span>'
    return f'<div class="arc" role="img" aria-label="Chapter {here + 1} of {len(course)}">{groups}</div>\n'


def head(chapter: Chapter, course: list[Chapter], minutes: int, run: str, folds: bool) -> str:
    part = [c for c in course if c.page[0] == chapter.page[0]]
    number = len(chapter.exercises)
    items = [f"<span>Part {ROMAN[int(chapter.page[0])]} · <b>{part.index(chapter) + 1} of {len(part)}</b></span>"]
    items += [f"<span>{minutes} min</span>"]
    items += [f"<span>{number} exercise{'s' * (number != 1)}</span>"] * bool(number)
    if chapter.deck.exists():
        items.append(f'<a href="../../slides/{chapter.name}.html">Slides</a>')
    line = "\n".join([*items, run, *[OPEN_ALL] * folds])
    return f'<div class="ch-head">{line}</div>\n{arc(chapter, course)}'


def with_head(text: str, above: str) -> str:
    """The page with these lines right above its title."""
    place = text.index("<h1", text.index("<article"))
    return text[:place] + above + text[place:]


def completed(text: str, chapter: Chapter, course: list[Chapter], found: Times, run: str) -> str:
    for count in found.deeper:
        text = text.replace(MINUTES, f'<span class="minutes">{max(1, round(count.minutes))} min</span>', 1)
    folds = text.count("<details") > 1
    return with_head(text, head(chapter, course, round(found.core.minutes), run, folds))


def put_heads(site: Path) -> None:
    """Complete the chapters' pages; refuse one that takes too long."""
    course, kept = chapters(), json.loads(KEPT.read_text())
    counted = {c: times(page_of(c, site)) for c in course if page_of(c, site).exists()}
    front, minutes = site / "intro.html", {c.id: round(found.core.minutes) for c, found in counted.items()}
    front.write_text(with_head(filled(front.read_text(), minutes), f'<p class="brand">{LOGO}</p>\n'))
    if counted:
        places = Places.told()
        wheel = put_downloads(site, list(counted), places)
        for chapter, found in counted.items():
            page = page_of(chapter, site)
            page.write_text(completed(page.read_text(), chapter, course, found, panel(chapter, wheel, places)))
        print(table({c.id: found for c, found in counted.items()}))
    if wrong := [p for c, found in counted.items() for p in problems(c.id, found, kept)]:
        print("\n".join(wrong), file=sys.stderr)
        raise SystemExit("the minutes of a page: the lines above name it")
