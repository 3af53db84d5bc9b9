"""The Moodle file keeps to Moodle's format: moodle.xsd says which, xmlschema checks it."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from tools.chapters import chapters
from tools.editions.export import exported

SCHEMA = xmlschema.XMLSchema11(Path(__file__).with_name("moodle.xsd"))


def problems(quiz: ET.Element) -> list[str]:
    return [f"{e.path}: {e.reason}" for e in SCHEMA.iter_errors(quiz)]


def test_the_whole_file():
    quiz = ET.fromstring(exported(chapters(), variants=5))
    assert len(quiz) > 500 and problems(quiz) == []


@pytest.fixture
def quiz() -> ET.Element:
    return ET.fromstring(exported(chapters()[:1], variants=1))


@pytest.mark.parametrize(
    "spoil, complaint",
    [
        (lambda q: q.find("question[@type='multichoice']/answer[@fraction='100']").set("fraction", "0"), "assertion"),
        (lambda q: q.find("question[@type='multichoice']/name/text").clear(), "pattern"),
        (lambda q: q.find("question/answer/feedback/..").remove(q.find("question/answer/feedback")), "'feedback'"),
        (lambda q: q.findall("question/idnumber")[1].__setattr__("text", q.findtext("question/idnumber")), "duplicat"),
        (lambda q: q.find("question").set("type", "categories"), ""),
    ],
)
def test_must_fail(quiz, spoil, complaint):
    assert problems(quiz) == []
    spoil(quiz)
    found = problems(quiz)
    assert found and complaint in "\n".join(found)
