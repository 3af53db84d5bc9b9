"""The exercise checkers: what they accept, and what they say about plausible slips."""

import ast
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from convlib import checks
from convlib.checks import CHAPTERS, Verdict, check, exercise
from convlib.checks.judging import same

SEEDS = (0, 1, 2, 7)
IDS = tuple(checks.EXERCISES)
PARTS = {"cnn": "I", "systems": "II", "flip": "III", "fft": "IV"}


def bank(kind):
    """Exercise: the function `kind_k` in its chapter's file of answers."""
    return {
        f"{PARTS[chapter[:-2]]}-{chapter[-1]}.{name[-1]}": answers
        for chapter in CHAPTERS
        for name, answers in vars(import_module(f"answers.{chapter}")).items()
        if name.startswith(kind)
    }


RIGHT, WRONG = bank("right_"), bank("wrong_")


def forms(answer):
    """One answer as people may write it down."""
    array = np.asarray(answer)
    exact = array.astype(float)
    yield from (array, array.tolist(), exact, exact.astype(np.float32), exact + 0j)
    yield exact * (1 + 1e-9) + 1e-9
    yield np.asfortranarray(array)
    if array.ndim == 1:
        yield from (tuple(array.tolist()), array[None, :], array[:, None], [[value] for value in array.tolist()])
    if array.size == 1:
        value = array.ravel()[0]
        yield from (value, [value], [[value]], (float(value),), np.array(value))
    if array.ndim == 1 and (array == exact.round()).all():
        yield [Fraction(int(value)) for value in array]


def test_every_exercise_has_a_bank_of_answers():
    assert set(RIGHT) == set(WRONG) == set(IDS)


class TestAnswers:
    @pytest.mark.parametrize("seed", SEEDS)
    @pytest.mark.parametrize("exercise_id", IDS)
    def test_right_answers_are_accepted(self, exercise_id, seed, counted):
        answers = RIGHT[exercise_id](exercise(exercise_id, seed))
        assert len(answers) >= 2
        for answer in answers:
            verdict = check(exercise_id, answer, seed)
            assert verdict, verdict.message
            assert repr(verdict) == f"{exercise_id}: right."
        counted(answers=len(answers))

    @pytest.mark.parametrize("seed", SEEDS)
    @pytest.mark.parametrize("exercise_id", IDS)
    def test_slips_are_named(self, exercise_id, seed, counted):
        answers = WRONG[exercise_id](exercise(exercise_id, seed))
        assert len(answers) >= 5
        assert len({check(exercise_id, answer, seed).message for answer, _ in answers}) >= 5
        for answer, words in answers:
            verdict = check(exercise_id, answer, seed)
            assert not verdict, answer
            assert words in verdict.message
            assert verdict.message.startswith(f"{exercise_id}: ")
        counted(answers=len(answers))

    @pytest.mark.parametrize("exercise_id", IDS)
    def test_the_form_of_a_right_answer_does_not_matter(self, exercise_id):
        for seed in SEEDS[:2]:
            for form in forms(RIGHT[exercise_id](exercise(exercise_id, seed))[0]):
                assert (verdict := check(exercise_id, form, seed)), (verdict.message, form)

    @pytest.mark.parametrize("exercise_id", IDS)
    def test_rows_and_columns_of_a_matrix_do(self, exercise_id):
        """A matrix counts as it stands: not transposed, not as one long list."""
        right = np.asarray(RIGHT[exercise_id](exercise(exercise_id))[0])
        if right.ndim == 2 and min(right.shape) > 1:
            assert not check(exercise_id, right.ravel())
            assert not check(exercise_id, right.T) or np.array_equal(right, right.T)

    @pytest.mark.parametrize("exercise_id", IDS)
    def test_answer_of_another_seed_is_wrong(self, exercise_id):
        answer = RIGHT[exercise_id](exercise(exercise_id, 0))[0]
        others = [check(exercise_id, answer, seed) for seed in range(1, 9)]
        assert not all(others)

    @pytest.mark.parametrize("exercise_id", IDS)
    def test_not_answered_yet(self, exercise_id):
        verdict = check(exercise_id, None)
        assert not verdict
        assert "no answer yet" in repr(verdict)

    @pytest.mark.parametrize("exercise_id", IDS)
    def test_nan_is_never_right(self, exercise_id):
        answer = np.asarray(RIGHT[exercise_id](exercise(exercise_id))[0], dtype=float)
        answer.flat[0] = np.nan
        assert "nan or inf" in check(exercise_id, answer).message


class TestVariants:
    @pytest.mark.parametrize("exercise_id", IDS)
    def test_same_seed_same_numbers(self, exercise_id):
        first, again = exercise(exercise_id, 3), exercise(exercise_id, 3)
        assert all(np.array_equal(first[name], again[name]) for name in first)

    @pytest.mark.parametrize("exercise_id", IDS)
    def test_seeds_give_variants(self, exercise_id):
        shown = {str(exercise(exercise_id, seed)) for seed in range(80)}
        assert len(shown) >= 15

    @pytest.mark.parametrize("exercise_id", IDS)
    def test_every_slip_differs_from_the_right_answer(self, exercise_id):
        for seed in range(60):
            task = checks.EXERCISES[exercise_id].task(seed)
            for value, sentence in task["slips"]:
                assert "None" in str(value) or not same(task["right"], value, task["tolerance"]), (seed, sentence)

    def test_changing_the_given_numbers_changes_nothing(self):
        exercise("I-1.3")["kernel"][:] = 0
        assert exercise("I-1.3")["kernel"].any()


class TestBadInput:
    @pytest.mark.parametrize("bad", ["I-9.9", "", "i-1.1", None, 3, ["I-1.1"]])
    def test_unknown_exercise_lists_the_known_ones(self, bad):
        with pytest.raises(ValueError, match=r"I-1\.1, I-1\.2"):
            check(bad, [1, 2])
        with pytest.raises(ValueError, match="no exercise"):
            exercise(bad)

    @pytest.mark.parametrize("seed", [-1, 1.5, "0", None, True])
    def test_bad_seed(self, seed):
        with pytest.raises(ValueError, match="seed must be an integer"):
            exercise("I-1.1", seed)

    @pytest.mark.parametrize("answer", ["[1, 2]", b"12", {1, 2}, {"row": 1}, [1 + 2j, 0], [None, 1], len, True])
    def test_answers_that_are_no_numbers(self, answer):
        with pytest.raises(TypeError, match=r"I-1\.1: the answer must be a list or an array of real numbers"):
            check("I-1.1", answer)

    def test_ragged_rows(self):
        with pytest.raises(ValueError, match=r"I-1\.3: .* rows of unequal length"):
            check("I-1.3", [[1, 2], [3]])

    @pytest.mark.parametrize("exercise_id", IDS)
    def test_text_is_not_run(self, exercise_id):
        for text in ("__import__('os').abort()", b"1", ["1", "2"], np.array(["abort()"])):
            with pytest.raises(TypeError, match="real numbers"):
                check(exercise_id, text)

    def test_no_checker_can_run_a_text(self):
        """Neither by name nor through numpy's reader of expressions."""
        names = set()
        for chapter in (*CHAPTERS, "declaration", "judging", "__init__"):
            tree = ast.parse(Path(checks.__file__).with_name(f"{chapter}.py").read_text("utf-8"))
            names |= {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(tree)}
        assert "asarray" in names
        assert not names & {"eval", "exec", "compile", "getattr", "literal_eval", "loads", "system", "__import__"}

    @pytest.mark.parametrize("exercise_id", IDS)
    @pytest.mark.parametrize("answer", [[], [[]], 0, np.zeros((2, 2, 2)), np.zeros((3, 0))])
    def test_odd_shapes_get_a_sentence(self, exercise_id, answer):
        verdict = check(exercise_id, answer)
        assert not verdict
        assert len(verdict.message) > 20


def test_verdict_is_its_message():
    assert repr(Verdict(False, "no")) == str(Verdict(False, "no")) == "no"
    assert bool(Verdict(True, "")) and not Verdict(False, "")
