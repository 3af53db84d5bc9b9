"""Every option of every quiz: one right answer, a reason of its own for each, and the page says just that."""

import json
from collections import Counter

import pytest
from widget_pages import host, traits_of

from convlib.widgets import Quiz
from tools.chapters import Chapter, chapters

FILES = [one.quiz for one in chapters()]
QUESTIONS = {file.name: json.loads(file.read_text("utf-8")) for file in FILES}
# Answers each option of each question by clicking, as a reader would; what the page then says.
ANSWER_ALL = """() => [...document.querySelectorAll('.fs')].map((root) => {
  const all = (what) => [...root.querySelectorAll(what)], said = (what) => root.querySelector(what).textContent;
  return all('.fs-choice input').map((question) => {
    question.click();
    return all('.qz-options input').map((option, k) => {
      option.click();
      const before = said('.qz-feedback');
      root.querySelector('button.fs-main').click();
      const marks = all('.qz-option').map((o) => o.classList.contains('qz-right') - o.classList.contains('qz-wrong'));
      return { before, feedback: said('.qz-feedback'), say: said('.fs-say'), marks };
    });
  });
})"""


def objections(questions: list[dict]) -> list[str]:
    """What is wrong with a quiz, beyond what `Quiz` itself refuses."""
    Quiz(questions=questions).close()
    found = [] if len(questions) >= 6 else [f"{len(questions)} questions; a chapter has six or more"]
    for n, question in enumerate(questions, 1):
        options = question["options"]
        if not 3 <= len(options) <= 5:
            found.append(f"question {n} has {len(options)} options")
        for part in ("text", "why"):
            twice = [t for t, count in Counter(o[part].strip().lower() for o in options).items() if count > 1]
            found += [f"question {n}: two options have the {part} {t!r}" for t in twice]
        found += [f"question {n}: {o['text']!r} has no reason" for o in options if len(o["why"].split()) < 4]
    reasons = Counter(o["why"] for question in questions for o in question["options"] if not o["right"])
    return found + [f"two wrong options are met with {why!r}" for why, count in reasons.items() if count > 1]


def expected(questions: list[dict], n: int, k: int, right: int) -> dict:
    """What the page has to say once option `k` of question `n` is checked, by the file alone."""
    option, count = questions[n]["options"][k], len(questions[n]["options"])
    verdict = "Right." if option["right"] else "Not this one."
    marks = [0] * count
    marks[k] = 1 if option["right"] else -1
    say = f"Question {n + 1} of {len(questions)}. Right so far: {right + option['right']}."
    return {"before": "", "feedback": f"{verdict} {option['why'].replace('`', '')}", "say": say, "marks": marks}


def right_before(questions: list[dict], n: int) -> int:
    """Of the questions before, those left with their last option chosen count when that one is right."""
    return sum(question["options"][-1]["right"] for question in questions[:n])


@pytest.fixture(scope="module")
def answered(chrome) -> dict[str, list[list[dict]]]:
    """Every option of every quiz, answered in Chromium."""
    page = host(chrome, Quiz, [traits_of(Quiz(questions=questions)) for questions in QUESTIONS.values()])
    seen = page.evaluate(ANSWER_ALL)
    page.close()
    return dict(zip(QUESTIONS, seen, strict=True))


def test_every_chapter_has_its_quiz():
    assert [one.quiz for one in chapters()] == FILES
    for one in chapters():
        shown = [cell.source for cell in one.notebook.cells if "Quiz.load(" in cell.source]
        assert shown == [f'Quiz.load("{one.id}")'], one.page


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_option_has_a_reason_of_its_own(name):
    assert objections(QUESTIONS[name]) == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_option_is_met_by_its_reason_on_the_page(name, answered, counted):
    questions = QUESTIONS[name]
    for n, options in enumerate(answered[name]):
        right = right_before(questions, n)
        assert options == [expected(questions, n, k, right) for k in range(len(questions[n]["options"]))]
    counted(options=sum(map(len, answered[name])))


def test_the_right_option_is_not_always_at_the_same_place():
    places = Counter(
        k for questions in QUESTIONS.values() for q in questions for k, o in enumerate(q["options"]) if o["right"]
    )
    assert max(places.values()) <= 0.5 * places.total(), places


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda q: q.pop(), "5 questions;"),
        (lambda q: q[0]["options"].__delitem__(slice(2, None)), "question 1 has 2 options"),
        (lambda q: q[1]["options"][0].update(text=q[1]["options"][2]["text"]), "two options have the text"),
        (lambda q: q[1]["options"][0].update(why=q[1]["options"][2]["why"]), "two options have the why"),
        (lambda q: q[0]["options"][0].update(why="No."), "has no reason"),
        (lambda q: q[2]["options"][0].update(why=q[3]["options"][0]["why"]), "two wrong options are met"),
    ],
)
def test_a_bad_quiz_is_refused(spoil, complaint):
    questions = json.loads(Chapter("3-flip/2-flip-slide-integrate").quiz.read_text("utf-8"))
    spoil(questions)
    assert complaint in "\n".join(objections(questions))
