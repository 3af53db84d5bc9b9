"""The exercise checkers: what they accept, and what they say about plausible slips."""

import numpy as np
import pytest

from convlib import checks
from convlib.checks import Verdict, check, exercise
from convlib.ops import convolve, correlate

SEEDS = (0, 1, 2, 7)
IDS = tuple(checks._EXERCISES)


def one(kernel_size, row, col, value=1):
    kernel = np.zeros(kernel_size, dtype=int)
    kernel[row, col] = value
    return kernel


def loop(image, kernel):
    """The oracle: cross-correlation by visible loops."""
    kH, kW = kernel.shape
    rows, cols = image.shape[0] - kH + 1, image.shape[1] - kW + 1
    return [[int(np.sum(image[r : r + kH, c : c + kW] * kernel)) for c in range(cols)] for r in range(rows)]


def right_1(p):
    answer = [p["m"] - p["i"], p["n"] - p["j"]]
    return [answer, tuple(answer), np.array(answer, float), np.array(answer)[:, None]]


def wrong_1(p):
    m, n, i, j = p["m"], p["n"], p["i"], p["j"]
    return [
        ([m + i, n + j], "cross-correlation"),
        ([n - j, m - i], "[row, column]"),
        ([m - i, n + j], "the column needs the minus sign"),
        ([m + i, n - j], "the row needs the minus sign"),
        ([m, n], "centre weight"),
        ([100, 100], "not a pixel that h[i, j] meets"),
        (m - i, "expected two numbers"),
    ]


def right_2(p):
    (same,) = loop(p["patch"], p["kernel"])
    (turned,) = loop(p["patch"], p["kernel"][::-1, ::-1])
    return [[same[0], turned[0]], np.array([[same[0]], [turned[0]]], float), (same[0] + 1e-9, turned[0])]


def wrong_2(p):
    same, turned = right_2(p)[0]
    transposed = loop(p["patch"], p["kernel"].T)[0][0]
    rows_only = loop(p["patch"], p["kernel"][::-1])[0][0]
    return [
        ([turned, same], "the cross-correlation comes first"),
        ([same, same], "nothing was turned"),
        ([turned, turned], "is the convolution: you flipped"),
        ([same, transposed], "transposed kernel"),
        ([same, rows_only], "reverses only the rows"),
        ([same, 1000], "the second, 1000, is not the convolution"),
        ([1000, turned], "the first number, 1000, is not the cross-correlation"),
        ([same], "got 1"),
    ]


def right_3(p):
    answer = loop(p["image"], p["kernel"])
    return [answer, np.array(answer, float) + 1e-9, correlate(p["image"], p["kernel"], mode="valid")]


def wrong_3(p):
    image, kernel = p["image"], p["kernel"]
    answer = np.array(loop(image, kernel))
    return [
        (convolve(image, kernel, mode="valid"), "that is the convolution: you flipped"),
        (answer.T, "right numbers, transposed"),
        (answer[::-1, ::-1], "in reverse order"),
        (correlate(image, kernel, mode="full"), "shape (6, 7), expected (2, 3): too large"),
        (correlate(image, kernel, mode="same"), "shape (4, 5), expected (2, 3): too large"),
        (answer.ravel(), "not in rows and columns"),
        (answer[:1, :1], "are missing"),
        (correlate(image, kernel.T, mode="valid"), "transposed kernel"),
        (-answer, "wrong sign"),
        (answer + one((2, 3), 0, 2, 1000), "5 of 6 numbers are right; the first wrong one is at [0, 2]"),
    ]


def right_4(p):
    answer = p["kernel"][::-1, ::-1]
    return [answer, answer.tolist(), np.rot90(p["kernel"], 2).astype(float)]


def wrong_4(p):
    kernel = p["kernel"]
    return [
        (kernel, "convolve2d turns it once"),
        (kernel[::-1], "only the rows are reversed"),
        (kernel[:, ::-1], "only the columns are reversed"),
        (kernel.T, "that is the transpose"),
        (np.rot90(kernel), "a turn by 90°"),
        (p["output"], "that is the layer's output"),
        (np.zeros((5, 5)), "shape (5, 5), expected (3, 3)"),
    ]


def right_5(p):
    return [one(size, size[0] // 2 - p["down"], size[1] // 2 - p["right"]) for size in ((5, 5), (7, 5))]


def wrong_5(p):
    down, right = p["down"], p["right"]
    good = one((5, 5), 2 - down, 2 - right)
    return [
        (one((5, 5), 2 + down, 2 + right), "the opposite way, which would be right for a convolution"),
        (one((5, 5), 2 - right, 2 - down), "rows and columns are swapped"),
        (one((5, 5), 2 + down, 2 - right), "the rows go the opposite way"),
        (one((5, 5), 2, 2), "no move at all, wanted"),
        (2 * good, "changes the brightness"),
        (np.ones((5, 5)), "25 weights are not 0"),
        (np.zeros((5, 5)), "all weights are 0"),
        (np.zeros((4, 4)), "has no middle entry"),
        (good.ravel(), "a kernel has rows and columns"),
    ]


RIGHT = dict(zip(IDS, (right_1, right_2, right_3, right_4, right_5), strict=True))
WRONG = dict(zip(IDS, (wrong_1, wrong_2, wrong_3, wrong_4, wrong_5), strict=True))


class TestAnswers:
    @pytest.mark.parametrize("seed", SEEDS)
    @pytest.mark.parametrize("exercise_id", IDS)
    def test_right_answers_are_accepted(self, exercise_id, seed):
        answers = RIGHT[exercise_id](exercise(exercise_id, seed))
        assert len(answers) >= 2
        for answer in answers:
            verdict = check(exercise_id, answer, seed)
            assert verdict, verdict.message
            assert repr(verdict) == f"{exercise_id}: right."

    @pytest.mark.parametrize("seed", SEEDS)
    @pytest.mark.parametrize("exercise_id", IDS)
    def test_slips_are_named(self, exercise_id, seed):
        answers = WRONG[exercise_id](exercise(exercise_id, seed))
        assert len(answers) >= 5
        for answer, words in answers:
            verdict = check(exercise_id, answer, seed)
            assert not verdict, answer
            assert words in verdict.message
            assert verdict.message.startswith(f"{exercise_id}: ")

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
        shown = {str(exercise(exercise_id, seed)) for seed in range(12)}
        assert len(shown) >= 5

    @pytest.mark.parametrize("exercise_id", IDS)
    def test_every_slip_differs_from_the_right_answer(self, exercise_id):
        for seed in range(60):
            options = checks._EXERCISES[exercise_id][2](exercise(exercise_id, seed))
            assert checks._can_tell_apart(options), seed

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

    def test_text_is_not_run(self):
        with pytest.raises(TypeError, match="text"):
            check("I-1.1", "__import__('os').abort()")

    @pytest.mark.parametrize("exercise_id", IDS)
    @pytest.mark.parametrize("answer", [[], [[]], 0, np.zeros((2, 2, 2)), np.zeros((3, 0))])
    def test_odd_shapes_get_a_sentence(self, exercise_id, answer):
        verdict = check(exercise_id, answer)
        assert not verdict
        assert len(verdict.message) > 20


def test_verdict_is_its_message():
    assert repr(Verdict(False, "no")) == str(Verdict(False, "no")) == "no"
    assert bool(Verdict(True, "")) and not Verdict(False, "")
