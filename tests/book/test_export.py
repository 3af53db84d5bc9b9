"""The Moodle file: every question of every quiz, and of the exercises what their checkers say."""

import json
from xml.etree import ElementTree as ET

import pytest

from convlib.checks import EXERCISES
from convlib.checks.judging import judge
from tools.chapters import chapters
from tools.editions.export import answers, exported, kernel_of

COURSE = chapters()
SEEDS = (1, 2)


@pytest.fixture(scope="module")
def questions() -> dict[str, ET.Element]:
    quiz = ET.fromstring(exported(COURSE, len(SEEDS)))
    return {one.findtext("idnumber"): one for one in quiz if one.get("type") != "category"}


def test_every_question_is_there_and_every_option_has_its_reason(questions, counted):
    asked = {f"{c.id}/q{n}": q for c in COURSE for n, q in enumerate(json.loads(c.quiz.read_text("utf-8")), 1)}
    assert questions.keys() == asked.keys() | {f"{name}/{seed}" for name in EXERCISES for seed in SEEDS}
    for name, question in asked.items():
        found = questions[name].findall("answer")
        told = [("".join(ET.fromstring(f"<p>{o.findtext(path)}</p>").itertext())) for o in found for path in BOTH]
        assert told == [o[part].replace("`", "") for o in question["options"] for part in ("text", "why")]
        assert [o.get("fraction") == "100" for o in found] == [o["right"] for o in question["options"]]
    counted(options=sum(len(q["options"]) for q in asked.values()))


BOTH = ("text", "feedback/text")


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_says_what_its_checker_says(name, questions, counted):
    for seed in SEEDS:
        task, one = EXERCISES[name].task(seed), questions[f"{name}/{seed}"]
        right, *slips = answers(task)
        for value, why in (right, *slips):
            verdict = judge(task, kernel_of(value) if task["derive"] else value)
            assert verdict.endswith(why) if value is not right[0] else verdict == ""
        found = [option.findtext("text") for option in one.findall("answer")]
        assert len(set(found)) == len(found) > 2 and one.find("answer").get("fraction") == "100"
        if one.get("type") == "numerical":
            assert found[-1] == "*" and [judge(task, float(text)) == "" for text in found[:-1]] == [
                True,
                *[False] * (len(found) - 2),
            ]
        for text in one.iter("text"):
            assert "{" not in text.text and ET.fromstring(f"<p>{text.text}</p>") is not None
        counted(answers=len(found))
