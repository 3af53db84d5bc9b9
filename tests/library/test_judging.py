"""What is said about an answer, rule by rule: the table that every author of these sentences is held to."""

import json
from pathlib import Path

import pytest

from convlib.checks import EXERCISES, judging
from convlib.checks.declaration import Exercise, plain

TABLE = json.loads(Path(__file__).with_name("judging.json").read_text(encoding="utf-8"))
BARE = {"id": "", "given": {}, "slips": [], "form": "", "otherwise": "", "allowed": [], "tolerance": 0, "derive": ""}
TASKS = {name: BARE | task for name, task in TABLE.pop("tasks").items()}
SEEDS = range(11)


def drawn(**options):
    """An exercise whose second slip leads to the right answer for every number but 0."""

    @Exercise("T-1.1", **options)
    def declared(rng):
        n = rng.integers(-1, 2)
        return {"n": n}, [n, 1], [([n, 2], "two"), ([0, 1], "nought"), ([None, 1], "any")]

    return declared


def said(rule, arguments):
    """What a rule gives; `judge` takes the name of a task."""
    return getattr(judging, rule)(*(TASKS.get(str(value), value) if rule == "judge" else value for value in arguments))


@pytest.mark.parametrize("rule", TABLE)
def test_the_rules_give_what_the_table_says(rule, counted):
    for arguments, wanted in TABLE[rule]:
        assert said(rule, arguments) == wanted, arguments
    counted(cases=len(TABLE[rule]))


def test_every_rule_is_in_the_table():
    own = {name for name, rule in vars(judging).items() if getattr(rule, "__module__", "") == judging.__name__}
    assert set(TABLE) == own - {"Task"}


@pytest.mark.parametrize(
    ("name", "value", "rule"), [("ROUNDING", 0.1, "agreeing"), ("same", lambda *_: False, "judge")]
)
def test_another_rule_is_noticed(monkeypatch, name, value, rule):
    monkeypatch.setattr(judging, name, value)
    assert any(said(rule, arguments) != wanted for arguments, wanted in TABLE[rule])


class TestDeclarations:
    @pytest.mark.parametrize("exercise_id", EXERCISES)
    def test_a_task_is_what_json_holds(self, exercise_id, counted):
        """A page judges with no more than this."""
        for seed in SEEDS:
            task = EXERCISES[exercise_id].task(seed)
            assert json.loads(json.dumps(task, allow_nan=False)) == task
            assert judging.judge(task, task["right"]) == "" or task["derive"]
            assert judging.shape(task["right"]) or task["otherwise"]
            assert set(task) == set(judging.Task.__annotations__)
        counted(variants=len(SEEDS))

    @pytest.mark.parametrize("exercise_id", EXERCISES)
    def test_each_sentence_can_be_said(self, exercise_id):
        """Some variant has numbers for which no earlier slip leads to the same answer."""
        said, written = set(), set()
        for seed in range(40):
            task = EXERCISES[exercise_id].task(seed) | {"derive": ""}
            for value, sentence in task["slips"]:
                written.add(sentence)
                said.add(judging.judge(task, fill(value)))
            if seed > 2 and written <= said:
                break
        assert written <= said

    def test_numbers_that_a_slip_leaves_right_are_drawn_again(self):
        assert {drawn().variant(seed)[0]["n"] for seed in range(20)} == {-1, 1}

    def test_slips_may_coincide_unless_they_must_not(self):
        @Exercise("T-1.2", distinct=True)
        def declared(rng):
            n = rng.integers(3)
            return {"n": n}, 5, [(n, "n"), (1, "one")]

        assert {declared.variant(seed)[0]["n"] for seed in range(20)} == {0, 2}

    def test_a_tolerance_counts_there_too(self):
        with pytest.raises(ValueError, match=r"T-1\.1: one of the slips leads to the right answer"):
            drawn(tolerance=1).variant(0)

    def test_values_are_plain(self):
        given = drawn().variant(0)[0]
        assert type(given["n"]) is int
        assert plain({"a": (1j, True)}) == {"a": [[0.0, 1.0], 1]}


def fill(value):
    """A slip with a number, found nowhere else, in the place of None."""
    if isinstance(value, list):
        return [fill(entry) for entry in value]
    return 98765.4321 if value is None else value
