"""Quiz: what it asks and answers, which questions it refuses, and its view under the keyboard."""

import json

import pytest
import traitlets
from widget_pages import host, says, traits_of

from convlib.widgets import Quiz


def option(text, right=False, why="Because."):
    return {"text": text, "right": right, "why": why}


QUESTIONS = [
    {"prompt": "Does `x*h` flip?", "options": [option("`h`", True), option("no", why="It is `n-k`.")]},
    {"prompt": "Which?", "options": [option("A"), option("B", True), option("C")]},
]


class TestQuiz:
    def test_shown_follows_the_answer(self, browser):
        quiz = Quiz(questions=QUESTIONS, chosen=[1], checked=[True])
        shown = quiz.shown()
        assert (shown["number"], shown["count"], shown["right"]) == (1, 2, 0)
        assert (shown["prompt"], shown["option[0]"]) == ("Does x*h flip?", "h")
        assert shown["feedback"] == "Not this one. It is n-k."
        assert says(browser, quiz) == ["Question 1 of 2. Right so far: 0."]
        quiz.chosen = [0, 1]
        assert quiz.shown()["feedback"] == "Right. Because."
        quiz.checked = [True, True]
        assert quiz.shown()["right"] == 2

    def test_load(self, tmp_path):
        path = tmp_path / "quiz.json"
        path.write_text(json.dumps(QUESTIONS))
        assert Quiz.load(path).questions == QUESTIONS
        assert repr(Quiz.load(str(path))) == "Quiz: 2 questions. Does x*h flip? h; no."

    @pytest.mark.parametrize(
        ("questions", "message"),
        [
            ([], "a quiz needs a list of questions"),
            ("text", "questions"),
            ([{"prompt": "?"}], 'questions[0] needs exactly "prompt" and "options"'),
            ([{"prompt": " ", "options": []}], "questions[0] \"prompt\" must be a text, not ' '"),
            ([{"prompt": "?", "options": [option("A", True)]}], "needs at least two options"),
            (
                [QUESTIONS[0], {"prompt": "?", "options": [option("A"), option("B")]}],
                "questions[1] 0 options are marked right, exactly one must be",
            ),
            (
                [{"prompt": "?", "options": [option("A", True), option("B", True)]}],
                "questions[0] 2 options are marked right, exactly one must be",
            ),
            (
                [{"prompt": "?", "options": [option("A", True), option("B", why="")]}],
                "questions[0] options[1] \"why\" must be a text, not ''",
            ),
            (
                [{"prompt": "?", "options": [{"text": "A", "right": True}, option("B")]}],
                'questions[0] options[0] needs exactly "text", "right" and "why"',
            ),
            ([{"prompt": "`?", "options": [option("A", True)]}], "unclosed backtick"),
        ],
    )
    def test_bad_questions(self, questions, message, tmp_path):
        path = tmp_path / "quiz.json"
        path.write_text(json.dumps(questions))
        with pytest.raises(ValueError) as error:
            Quiz.load(path)
        assert str(path) in str(error.value) and message in str(error.value)

    def test_a_broken_file_is_named(self, tmp_path):
        path = tmp_path / "quiz.json"
        path.write_text("[{")
        with pytest.raises(ValueError, match=r"quiz\.json: .*line 1"):
            Quiz.load(path)

    def test_bad_traits(self):
        with pytest.raises(traitlets.TraitError, match="index must be from 0 to 1, not 2"):
            Quiz(questions=QUESTIONS, index=2)
        with pytest.raises(traitlets.TraitError, match=r"chosen\[1\] must be from -1 to 2, not 3"):
            Quiz(questions=QUESTIONS, chosen=[0, 3])


class TestViews:
    def test_quiz_answers_by_keyboard_alone(self, browser):
        page = host(browser, Quiz, [traits_of(Quiz(questions=QUESTIONS))])
        check = page.get_by_role("button", name="Check")
        assert check.is_disabled()
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator(".qz-feedback").inner_text() == "Not this one. It is n-k."
        assert page.locator(".qz-feedback code").inner_text() == "n-k"
        page.get_by_role("radio", name="h", exact=True).focus()
        page.keyboard.press("Space")
        assert page.locator(".qz-feedback").inner_text() == ""
        check.press("Enter")
        assert page.locator(".fs-say").inner_text() == "Question 1 of 2. Right so far: 1."
        page.get_by_role("button", name="Reset").press("Enter")
        assert page.locator(".fs-say").inner_text() == "Question 1 of 2. Right so far: 0."

    def test_markup_in_a_question_stays_text(self, browser):
        nasty = [{"prompt": "<img src=x onerror=alert(1)>", "options": QUESTIONS[0]["options"]}]
        page = host(browser, Quiz, [traits_of(Quiz(questions=nasty))])
        assert page.locator("img").count() == 0
        assert page.locator(".qz-prompt").inner_text() == "<img src=x onerror=alert(1)>"
