"""The words of the exercises: each place has a value, each value a place, and values look as a person writes them."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from convlib import checks
from convlib.checks import EXERCISES
from convlib.checks.declaration import Exercise, plain
from convlib.checks.judging import flat
from convlib.checks.words import Words, filled, nodes, places, problems, words, written

FILES = sorted(Path(checks.__file__).parent.glob("*.md"))
SAID = {name: words(one) for name, one in EXERCISES.items()}
SEEDS = range(11)


@Exercise("T-1.1")
def sample(rng):
    return {"x": [1, -2], "K": [[1, 2], [3, 4]]}, 5, [(6, "that is one more")]


@sample.worked
def steps(given, right):
    return {"sum": right}


GOOD = Words("A sample", "Add x = {x} and\n\n{K}", "Begin with {x}.", "That is **{sum}**.")


def read_back(text):
    mantissa, _, power = text.replace("−", "-").partition(" · 10")
    return float(mantissa) * 10.0 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)


@pytest.mark.parametrize("name", SAID)
def test_the_words_are_whole(name):
    assert [problem for seed in SEEDS for problem in problems(EXERCISES[name], SAID[name], seed)] == []


@pytest.mark.parametrize("name", SAID)
def test_an_answer_from_the_written_numbers_is_as_good(name):
    for seed in SEEDS:
        given = plain(EXERCISES[name].variant(seed)[0])
        for key, value in given.items():
            back = [read_back(text) if not isinstance(number, str) else text
                    for text, number in zip(flat([written(value)]), flat([value]), strict=True)]  # fmt: skip
            assert back == flat([value]), key


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_file_holds_its_chapters_exercises(file):
    headings = re.findall(r"^# ([^\s*]+)\*? .", file.read_text("utf-8"), re.MULTILINE)
    own = [name for name, one in EXERCISES.items() if one.draw.__module__ == f"convlib.checks.{file.stem}"]
    assert headings == own


@pytest.mark.parametrize(
    ("part", "text", "problem"),
    [
        ("hint", "", "no hint"),
        ("solution", "", "no solution"),
        ("hint", "Look at {y}.", "{y} has no value"),
        ("solution", "Five.", "sum has no place"),
        ("text", "Add all of this.\n\n{K}", "x is given, and the text does not say it"),
        ("text", "Add x = {x} and {K}.", "{K} is a grid: give it a paragraph of its own"),
    ],
)
def test_what_is_missing_is_named(part, text, problem):
    assert problems(sample, GOOD) == []
    assert f"T-1.1: {problem}" in problems(sample, replace(GOOD, **{part: text}))


def test_values_look_as_written_by_hand():
    assert written(np.array([-4, 5])) == ["−4", "5"]
    assert written((1.0, 0.1 + 0.2, 1e-5, -2.5e7, 20971520)) == ["1", "0.3", "10⁻⁵", "−2.5 · 10⁷", "20971520"]
    assert written("left") == "left"


def test_a_text_with_its_values_stays_markdown():
    values = places(sample, 0)
    assert filled(GOOD.text, values) == "Add x = [1, −2] and\n\n```text\n1  2\n3  4\n```"
    assert filled("Three: {x}, {K}", values) == "Three: [1, −2], [[1, 2], [3, 4]]"


def test_the_small_markup():
    text = "A *b* `c {x}`\nd.\n\n{K}\n\n- one\n  goes on\n- **{sum}**\n\n2. two"
    assert nodes(text) == [
        ["p", "A ", ["em", "b"], " ", ["code", "c ", ["place", "x"]], " d."],
        ["grid", "K"],
        ["ul", ["li", "one goes on"], ["li", ["strong", ["place", "sum"]]]],
        ["ol", ["li", "two"]],
    ]
    assert nodes("2 * 3 * 4 < 5 {a b}") == [["p", "2 * 3 * 4 < 5 ", ["place", "a b"]]]
