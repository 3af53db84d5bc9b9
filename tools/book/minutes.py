"""How long a page takes: `python -m tools.book.minutes [SITE]` prints the table.

Counted is what a reader sees while folds are closed; gates are open, for they are part of the way. An inline formula
counts as two words, the description of an interactive for its own sentences. Read as new students would, seven pages
of the first edition (I-1, II-1, II-2, III-1, III-2, IV-1, IV-2) took 40, 38, 45, 50, 42, 65 and 42 minutes; this counts
43, 37, 47, 47, 44, 54 and 42 on them.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from html.parser import HTMLParser
from pathlib import Path

from tools import ROOT
from tools.chapters import Chapter, chapters
from tools.site import HTML

PER = {"words": 1 / 150, "code": 1 / 8, "formulas": 1 / 3, "interactives": 2, "predictions": 1 / 2}
LONGEST = 20
APART = {"exercises": "exercises", "quiz": "apart", "further-reading": "apart"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNSEEN = {"headerlink", "katex-mathml", "ch-head", "arc", "deck-link", "pst-js-only", "minutes", "eqno", "number"}
VIEW = "application/vnd.jupyter.widget-view+json"
# How long each page was with all folds open before it had any.
KEPT = ROOT / "tools/book/minutes.json"


@dataclass
class Count:
    """What there is to read in one part of a page."""

    words: int = 0
    code: int = 0
    formulas: int = 0
    interactives: int = 0
    predictions: int = 0

    @property
    def minutes(self) -> float:
        return sum(getattr(self, name) * weight for name, weight in PER.items())

    def __add__(self, other: "Count") -> "Count":
        return Count(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass
class Times:
    """The parts of one page; `deeper` holds one count for each box."""

    core: Count = field(default_factory=Count)
    exercises: Count = field(default_factory=Count)
    apart: Count = field(default_factory=Count)
    folded: Count = field(default_factory=Count)
    deeper: list[Count] = field(default_factory=list)
    need: bool = False

    @property
    def all_open(self) -> Count:
        return sum(self.deeper, self.core + self.exercises + self.apart + self.folded)


@dataclass
class Place:
    """Where the reader of the HTML is: in which part, and how what stands there is counted."""

    tag: str
    count: Count
    how: str = "words"
    fold: Count | None = None  # where the inside of a fold goes, once its summary has ended


class Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.times = Times()
        self.stack: list[Place] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        classes = set(given.get("class", "").split())
        if not self.stack:
            if tag == "article":
                self.stack.append(Place(tag, self.times.core))
            return
        above = self.stack[-1]
        here = Place(tag, above.fold if above.fold and tag != "summary" else above.count, above.how)
        if above.how != "unseen":
            self.look(here, given, classes)
        if tag not in VOID:
            self.stack.append(here)

    def look(self, here: Place, given: dict[str, str], classes: set[str]) -> None:
        if here.tag == "section" and given.get("id") in APART:
            here.count = getattr(self.times, APART[given["id"]])
        elif here.tag == "details" and "deeper" in classes:
            self.times.deeper.append(Count())
            here.count = self.times.deeper[-1]
        elif here.tag == "details" and "gate" not in classes:
            here.fold = self.times.folded
            self.times.need |= "need" in classes
        elif "math" in classes or "katex-display" in classes:
            here.how = "unseen"
            if here.tag == "div":
                here.count.formulas += 1
            else:
                here.count.words += 2
        elif here.tag == "script" and given.get("type") == VIEW:
            here.count.interactives += here.count is not self.times.exercises
        elif "predict" in classes:
            here.count.predictions += 1
        elif "cell_input" in classes:
            here.how = "source"
        elif here.tag == "pre" and here.how == "source":
            here.how = "code"
        if here.tag in {"script", "style", "svg", "template"} or classes & UNSEEN:
            here.how = "unseen"

    def handle_endtag(self, tag: str) -> None:
        if any(place.tag == tag for place in self.stack):  # neither an <img/> nor an end without a start
            while self.stack.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self.stack:
            return
        place = self.stack[-1]
        count = place.fold or place.count
        if place.how == "words":
            count.words += len([w for w in data.split() if re.search(r"\w", w)])
        elif place.how == "code":
            count.code += len(re.findall(r"\n\s*", data))


def times(page: Path) -> Times:
    return Reader(page.read_text()).times


def page_of(chapter: Chapter, site: Path) -> Path:
    return site / f"chapters/{chapter.page}.html"


def problems(chapter: str, found: Times, kept: dict) -> Iterator[str]:
    """What is wrong with the length of a chapter's page."""
    if not found.need:
        yield f"{chapter}: no box `need` says what a reader will be able to do, and needs"
    if found.core.minutes > LONGEST + 0.5:
        yield f"{chapter}: the core takes {found.core.minutes:.1f} minutes, more than {LONGEST}"
    if (now := found.all_open.minutes) > (old := kept[chapter]) + 0.05:
        yield f"{chapter}: with all folds open it takes {now:.1f} minutes; before it had any it took {old}"


def table(all_times: dict[str, Times]) -> str:
    lines = ["page    words  code  formulas  minutes: core  exercises  all folds open"]
    for name, t in all_times.items():
        lines.append(
            f"{name:6} {t.core.words:6} {t.core.code:5} {t.core.formulas:9} {t.core.minutes:14.1f}"
            f" {t.exercises.minutes:10.1f} {t.all_open.minutes:15.1f}"
        )
    return "\n".join(lines)


def main() -> None:
    site = Path(sys.argv[1]) if len(sys.argv) > 1 else HTML
    print(table({c.id: times(page_of(c, site)) for c in chapters()}))


if __name__ == "__main__":
    main()
