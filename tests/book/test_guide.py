"""The instructor guide: its map fits the course, its tables are up to date, its concept test is sound."""

import copy
import json
import re
from collections import Counter

import pytest

from tools.chapters import chapters
from tools.editions import guide

DATA = guide.read_map()
FOUND = {chapter.page: guide.read_chapter(chapter) for chapter in chapters()}
FIRST, PAGE = "I-1", "1-cnn/1-what-a-layer-computes"
TEST = json.loads(guide.TEST.read_text("utf-8"))


class TestMap:
    def test_fits_the_course(self):
        assert guide.problems(DATA["chapters"], FOUND) == []

    def test_the_full_course_has_every_chapter_once(self):
        sessions = [name for one in DATA["routes"]["full-course"] for name in one["chapters"]]
        assert sessions == list(DATA["chapters"])

    @pytest.mark.parametrize("name", DATA["routes"])
    def test_routes_name_known_chapters(self, name):
        assert {n for one in DATA["routes"][name] for n in one["chapters"]} <= set(DATA["chapters"])

    def test_every_chapter_of_the_course_was_read(self):
        assert len(FOUND) >= 12
        for page, there in FOUND.items():
            assert 3 <= len(there["exercises"]) <= 5 and len(there["quiz"]) >= 6, page
            assert len(there["objectives"]) >= 4 and there["mistakes"], page
            assert 20 <= there["lecture"] <= 40, page


def drop_exercise(one, there):
    there["exercises"].append("a new one")


def reworded(one, there):
    there["objectives"][0] = "do something else"


def not_assessed(one, there):
    one["objectives"] |= {next(iter(one["objectives"])): ""}


def forgotten(one, there):
    goals = {goal: " ".join(i for i in items.split() if i != "q2") for goal, items in one["objectives"].items()}
    one["objectives"] = goals


def unknown(one, there):
    one["objectives"] |= {next(iter(one["objectives"])): "1 2 3 q1 q6 9"}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (drop_exercise, "6 exercises on the page, 5 in the map"),
        (reworded, "objectives: the map has"),
        (not_assessed, "nothing assesses"),
        (forgotten, "no objective names q2"),
        (unknown, "there is no 9"),
    ],
)
def test_must_fail(spoil, said):
    data, found = copy.deepcopy(DATA["chapters"]), copy.deepcopy(FOUND)
    spoil(data[FIRST], found[PAGE])
    assert any(f"{FIRST}: {said}" in text for text in guide.problems(data, found))


class TestMustFailForWholeChapters:
    def test_a_chapter_that_is_not_in_the_map(self):
        less = {name: one for name, one in DATA["chapters"].items() if name != FIRST}
        assert f"{FIRST} is not in the map ({PAGE})" in guide.problems(less, FOUND)

    def test_a_chapter_that_is_gone(self):
        less = {page: there for page, there in FOUND.items() if page != PAGE}
        assert f"{FIRST}: the course has no such chapter {PAGE}" in guide.problems(DATA["chapters"], less)

    def test_a_draft_needs_only_its_assignments(self):
        entry = guide.yaml.safe_load(guide.draft(PAGE, FOUND[PAGE]))
        bad = guide.problems({FIRST: entry[FIRST]}, {PAGE: FOUND[PAGE]})
        assert bad and all("nothing assesses" in text or "no objective names" in text for text in bad)


def no_such_box(text: str) -> list[str]:
    """What the table for the earlier text names as a box of a chapter that has none of this title."""
    rows = re.findall(r"^\| \[([IV]+-\d)\]\(\.\./(.+)\.ipynb\) \|.*?\| (\*.+?) \|", text, re.MULTILINE)
    sources = {c.page: "".join(cell.source for cell in c.notebook.cells) for c in chapters()}
    assert [name for name, _, _ in rows] == list(DATA["chapters"])
    named = [(name, page, box) for name, page, cell in rows for box in re.findall(r"\*(.+?)\*", cell)]
    return [f"{name}: {box}" for name, page, box in named if f"Deeper: {box}\n" not in sources[page]]


class TestPage:
    text = guide.PAGE.read_text("utf-8")

    def test_tables_are_up_to_date(self):
        assert guide.written(self.text, DATA, FOUND) == self.text, "run: python -m tools.editions.guide"

    def test_must_fail_another_number(self):
        assert guide.written(self.text.replace("| 36 |", "| 37 |"), DATA, FOUND) == self.text

    def test_must_fail_a_mark_that_is_missing(self):
        with pytest.raises(ValueError, match="0 places are marked for the table key"):
            guide.written(self.text.replace("% end key", ""), DATA, FOUND)

    def test_boxes_named_for_the_earlier_text_exist(self):
        assert not no_such_box(self.text)
        assert no_such_box(self.text.replace("*how $h$ is found*", "*how h was found*")) == ["II-2: how h was found"]

    def test_every_objective_and_every_misconception_stands_there(self):
        for there in FOUND.values():
            for text in (*there["objectives"], *(title for title, _ in there["mistakes"])):
                assert text in self.text


class TestConceptTest:
    def test_form(self):
        assert 10 <= len(TEST) <= 12
        for item in TEST:
            assert [o["right"] for o in item["options"]].count(True) == 1 and len(item["options"]) == 4
            assert item["chapter"] in DATA["chapters"]
            assert len({o["text"] for o in item["options"]}) == 4

    def test_every_wrong_answer_names_its_idea(self):
        for item in TEST:
            for option in item["options"]:
                assert (option["why"] == "Right.") == option["right"]
                assert option["right"] or len(option["why"]) > 15

    def test_no_letter_is_favoured(self):
        letters = Counter("ABCD"[[o["right"] for o in item["options"]].index(True)] for item in TEST)
        assert set(letters) == set("ABCD") and max(letters.values()) - min(letters.values()) <= 1

    def test_each_part_is_asked_about(self):
        assert {item["chapter"].split("-")[0] for item in TEST} == {"I", "II", "III", "IV"}

    def test_the_key_says_what_the_test_says(self):
        keys = re.findall(r"^\*\*\d+\. ([A-D])\*\*, chapter", TestPage.text, re.MULTILINE)
        rights = ["ABCD"[[o["right"] for o in item["options"]].index(True)] for item in TEST]
        assert keys == rights
