"""AnswerBox: the same verdicts in JavaScript as in Python, what its field can read, and the field under a hand."""

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser import until
from playwright.sync_api import Browser, Page
from test_checks import RIGHT, WRONG
from test_maths_js import run
from widget_pages import HOST, host, traits_of

import convlib.widgets.answer_box.widget as box
from convlib.checks import EXERCISES, check, exercise
from convlib.checks.declaration import plain
from convlib.checks.judging import number_text, shape
from convlib.checks.words import Words
from convlib.widgets import AnswerBox
from convlib.widgets.lib.base import HERE
from tools.book.exercises import static_html
from tools.chapters import ROOT

JUDGING = HERE / "judging.js"
TABLE = json.loads((ROOT / "tests/library/judging.json").read_text("utf-8"))
BARE = {"id": "", "slips": [], "form": "", "otherwise": "", "allowed": [], "tolerance": 0, "derive": ""}
TASKS = {name: BARE | task for name, task in TABLE.pop("tasks").items()}
SAYS = AnswerBox.words
SEEDS = range(11)
DRAWN = 20


@cache
def task(name: str, seed: int) -> dict[str, Any]:
    return dict(EXERCISES[name].task(seed))


def typed(answer: Any) -> str:
    """An answer as a reader may type it."""
    rows = [" ".join(map(repr, row)) for row in answer] if len(shape(answer)) == 2 and shape(answer)[1] else []
    return "\n".join(rows) if len(rows) > 1 else json.dumps(answer)


def as_numbers(answer: Any) -> tuple[Any, str]:
    """An answer as nested lists of floats, or the reason why no field holds it."""
    array = np.asarray(answer)
    if array.dtype.kind == "c" and np.abs(array.imag).max(initial=0) > 1e-6:
        return None, "complex numbers"
    if array.dtype.kind not in "iufcO" or not np.isfinite(array.real.astype(float)).all():
        return None, "no finite numbers"
    if array.ndim > 4:
        return None, "more than four brackets"
    return array.real.astype(float).tolist(), ""


def near(right: Any, rng: random.Random) -> Any:
    """A random answer: often of the right form, with some numbers changed, scaled or of odd size."""
    shapes = [np.shape(right), np.shape(right), np.shape(right), (2,), (3, 2), (), (1, 4), (2, 2, 2), (0,), (3, 3)]
    sides = rng.choice(shapes)
    draw = [
        lambda: rng.randint(-9, 9),
        lambda: rng.uniform(-1e3, 1e3),
        lambda: rng.randint(-(10**7), 10**7) / 2,
        lambda: 10 ** rng.uniform(-12, 12),
    ]
    values = np.array([rng.choice(draw)() for _ in range(int(np.prod(sides)))], float).reshape(sides)
    if sides == np.shape(right):
        keep = np.array([rng.random() < 0.7 for _ in range(values.size)], bool).reshape(sides)
        values = np.where(keep, np.asarray(right, float) * rng.choice([1, 1, 1, -1, 1 + 1e-7, 1 + 1e-5]), values)
    return values.tolist()


def kernel(rng: random.Random) -> Any:
    """A kernel that moves a picture, or nearly."""
    grid = np.zeros(rng.choice([(3, 3), (7, 7), (5, 3), (4, 4)]))
    for _ in range(rng.choice([0, 1, 1, 1, 2])):
        grid[rng.randrange(len(grid)), rng.randrange(len(grid[0]))] = rng.choice([1, 1, 1, 2])
    return grid.tolist()


def said(file: Path, cases: list[dict[str, Any]], folder: Path) -> list[Any]:
    """What the JavaScript says to each case, typed or as numbers."""
    tasks = {f"{c['name']}/{c['seed']}": task(c["name"], c["seed"]) for c in cases}
    (folder / "cases.json").write_text(json.dumps({"tasks": tasks, "cases": cases}), "utf-8")
    script = """(() => {
      const { tasks, cases } = JSON.parse(readFileSync(PATH, "utf-8"));
      return cases.map(({ name, seed, kind, text, answer }) => {
        const got = text === null ? { answer } : js.read(text, kind);
        return got.problem ?? js.message(name, js.judge(tasks[`${name}/${seed}`], got.answer));
      });
    })()"""
    found: list[Any] = run(file, script.replace("PATH", repr(str(folder / "cases.json"))))
    return found


def bank(seeds: Any) -> Iterator[tuple[str, int, Any]]:
    for name in EXERCISES:
        for seed in seeds:
            given = exercise(name, seed)
            for answer in (*RIGHT[name](given), *(wrong for wrong, _ in WRONG[name](given))):
                yield name, seed, answer


def drawn(rng: random.Random) -> Iterator[tuple[str, int, Any]]:
    for name in EXERCISES:
        for k in range(DRAWN):
            one = task(name, seed := k % len(SEEDS))
            yield name, seed, kernel(rng) if one["derive"] and k % 4 else near(one["right"], rng)


def compared(answers: Iterator[tuple[str, int, Any]], file: Path, folder: Path) -> tuple[int, list[str], Counter[str]]:
    """How many answers were judged twice, where the two disagree, and what a field cannot hold."""
    cases, wanted, left = [], [], Counter[str]()
    for name, seed, answer in answers:
        numbers, reason = as_numbers(answer)
        if reason:
            left[reason] += 1
            continue
        one, kind = task(name, seed), box.kind_of(task(name, seed))
        text = None if kind == "choice" else typed(numbers)
        if kind == "choice" and (
            shape(numbers) != shape(one["right"]) or {*np.ravel(numbers)} - {v for v, _ in one["allowed"]}
        ):
            left["no choice offers it (judged all the same)"] += 1
        cases.append({"name": name, "seed": seed, "kind": kind, "text": text, "answer": numbers})
        wanted.append(check(name, answer, seed).message)
    pairs = zip(cases, wanted, said(file, cases, folder), strict=True)
    return len(cases), [f"{case}: {a!r} in Python, {b!r}" for case, a, b in pairs if a != b], left


class TestJudge:
    def test_every_rule_gives_what_the_table_says(self, counted: Any) -> None:
        names = {rule: re.sub(r"_(\w)", lambda m: m[1].upper(), rule) for rule in TABLE}
        cases = [
            [names[rule], [TASKS.get(str(a), a) if rule == "judge" else a for a in given]]
            for rule, lines in TABLE.items()
            for given, _ in lines
        ]  # fmt: skip
        wanted = [result for lines in TABLE.values() for _, result in lines]
        found = run(JUDGING, f"{json.dumps(cases)}.map(([rule, given]) => js[rule](...given))")
        assert [pair for pair in zip(cases, found, wanted, strict=True) if pair[1] != pair[2]] == []
        counted(cases=len(cases))

    def test_numbers_are_written_as_c_writes_them(self) -> None:
        rng = random.Random()
        values = [0.0, -0.0, 100000.5, 100001.5, -100002.5, 1234565.0, 999999.5, 1e-5, 5e-324, 1e22, 0.0001, 123456.5]
        values += [rng.randint(-(10**8), 10**8) / 2 for _ in range(500)]
        values += [rng.uniform(-1, 1) * 10 ** rng.uniform(-12, 12) for _ in range(500)]
        values += [rng.randint(10**5, 10**6) * 10**k + 10**k / 2 for k in range(9) for _ in range(30)]
        found = run(JUDGING, f"{json.dumps(values)}.map(js.numberText)")
        assert [(v, f) for v, f in zip(values, found, strict=True) if number_text(v) != f] == []

    def test_the_whole_bank_with_every_variant(self, tmp_path: Path, counted: Any) -> None:
        count, differ, left = compared(bank(SEEDS), JUDGING, tmp_path)
        print(f"{count} answers of {len(EXERCISES)} exercises; not for a field: {dict(left)}")
        assert differ == []
        assert count > 7000 and set(left) <= {"complex numbers", "no choice offers it (judged all the same)"}
        counted(answers=count)

    def test_answers_that_nobody_foresaw(self, tmp_path: Path, counted: Any) -> None:
        seed = random.randrange(10**9)
        count, differ, _ = compared(drawn(random.Random(seed)), JUDGING, tmp_path)
        assert (seed, differ) == (seed, [])
        assert count == DRAWN * len(EXERCISES)
        counted(answers=count)

    @pytest.mark.parametrize(
        ("right", "wrong", "form"),
        [
            ("the first wrong one", "the first one", "list"),
            ("const ROUNDING = 1e-6", "const ROUNDING = 1e-2", "number"),
            ("some((v) => !task", "every((v) => !task", "choice"),
            ("(rows >> 1) -", "(rows >> 1) +", "grid"),
        ],
    )
    def test_a_bug_is_found(self, right: str, wrong: str, form: str, tmp_path: Path) -> None:
        source = JUDGING.read_text("utf-8")
        assert right in source, "the sample must change something"
        spoilt = tmp_path / "judging.js"
        spoilt.write_text(source.replace(right, wrong), "utf-8")
        names = [name for name in EXERCISES if box.kind_of(task(name, 0)) == form]
        extra = [("II-1.1", 0, 100000.5), ("II-1.1", 0, 0.005 + task("II-1.1", 0)["right"])]
        extra += [(name, 0, np.ravel(task(name, 0)["right"]).tolist()) for name in names]
        extra += [(name, 0, [0, 7, 0, 0, 0][: len(task(name, 0)["right"])]) for name in names if form == "choice"]
        answers = [one for one in (*bank([0]), *extra) if one[0] in names]
        assert compared(iter(answers), spoilt, tmp_path)[1]


READ = [
    ("1, 2, 3", "list", [1, 2, 3]),
    ("[1 2 3]", "list", [1, 2, 3]),
    ("(1, 2)", "list", [1, 2]),
    ("1 2 3,", "list", [1, 2, 3]),
    ("−1 –2 -3", "list", [-1, -2, -3]),
    ("3/4", "number", 0.75),
    ("−3 / 4", "number", -0.75),
    ("1e-3", "number", 0.001),
    ("+.5", "number", 0.5),
    ("5", "list", 5),
    ("1; 2", "list", [1, 2]),
    ("1\n2\n3", "list", [[1], [2], [3]]),
    ("1 2\n3 4\n", "grid", [[1, 2], [3, 4]]),
    ("1\t2\r\n3\t4\r\n", "grid", [[1, 2], [3, 4]]),
    ("1 2; 3 4", "grid", [[1, 2], [3, 4]]),
    ("[1 2; 3 4]", "grid", [[1, 2], [3, 4]]),
    ("[[1, 2],\n [3, 4]]", "grid", [[1, 2], [3, 4]]),
    ("[1, 2], [3, 4]", "grid", [[1, 2], [3, 4]]),
    ("[1 2\n 3]", "list", [1, 2, 3]),
    ("1 2 3", "grid", [[1, 2, 3]]),
    ("[[[1]]]", "grid", [[[1]]]),
    ("[]", "list", []),
    ("0,5", "number", 0.5),
    ("0,5; −1,5", "list", [0.5, -1.5]),
    ("0,5\t1,5\n2\t3,5", "grid", [[0.5, 1.5], [2, 3.5]]),
    ("1,2\n3,4", "grid", [[1, 2], [3, 4]]),
    ("1,2;3,4", "grid", [[1, 2], [3, 4]]),
    ("1，2、3", "list", [1, 2, 3]),
    ("0,5", "list", [0, 5]),
]
UNREAD = [
    ("seven", "number", "unread", "seven"),
    ("7 of 36", "number", "unread", "of"),
    ("y = 5", "number", "unread", "y"),
    ("5 mm", "number", "unread", "mm"),
    ("2 + 3", "number", "unread", "+"),
    ("0x10", "number", "unread", "0x10"),
    ("1,,2", "list", "unread", ","),
    ("1\t\t2", "grid", "unread", ","),
    ("[1, 2", "list", "unread", "["),
    ("1, 2]", "list", "unread", "]"),
    ("[" * 9, "list", "unread", "[" * 9),
    ("1,000", "number", "twofold", "1,000"),
    ("0,5 1,5", "list", "twofold", "0,5"),
    ("1 2\n3", "grid", "ragged", None),
    ("[[1, 2], 3]", "grid", "ragged", None),
    ("NaN", "number", "endless", None),
    ("1, −inf", "list", "endless", None),
    ("1/0", "number", "endless", None),
    ("1e999", "number", "endless", None),
    ("<script>alert(1)</script>", "number", "unread", "<script>alert"),
    ("abcdefghijklmnopqrstuvwxyz", "list", "unread", "abcdefghijklmnopqrst…"),
    ("1 " * 3000, "list", "long", 6000),
]


class TestReading:
    def test_many_ways_to_write_it_are_read(self) -> None:
        found = run(JUDGING, f"{json.dumps([line[:2] for line in READ])}.map(([text, kind]) => js.read(text, kind))")
        assert found == [{"answer": answer} for *_, answer in READ]

    def test_what_cannot_be_read_is_said(self) -> None:
        found = run(JUDGING, f"{json.dumps([line[:2] for line in UNREAD])}.map(([text, kind]) => js.read(text, kind))")
        assert [(f.get("problem"), f.get("piece")) for f in found] == [line[2:] for line in UNREAD]
        assert run(JUDGING, '["", " \\n\\t"].map((text) => js.read(text, "list"))') == [{}, {}]

    @pytest.mark.parametrize(("key", "answer"), [("ragged", [[1, 2], [3]]), ("endless", [1, np.nan])])
    def test_python_says_the_same(self, key: str, answer: Any) -> None:
        try:
            sentence = check("I-1.1", answer).message
        except ValueError as error:
            sentence = f"{error}."
        assert SAYS[key].format(id="I-1.1") == sentence


class TestWidget:
    def test_no_such_exercise(self) -> None:
        with pytest.raises(ValueError, match=r"no exercise 'V-1\.1'; there are I-1\.1, "):
            AnswerBox("V-1.1")

    def test_a_page_carries_little(self) -> None:
        tasks = "".join(json.dumps(AnswerBox(f"III-1.{k}").task, ensure_ascii=False) for k in range(1, 6))
        assert len(gzip.compress(tasks.encode())) <= 7 * 1024
        files = [JUDGING, *(AnswerBox.folder / name for name in ("view.js", "style.css"))]
        assert sum(len(file.read_bytes()) for file in files) <= 20 * 1024

    def test_the_task_holds_what_python_judges_by(self) -> None:
        shown = AnswerBox("III-1.3", variant=4, answer=task("III-1.3", 4)["right"]).shown()
        assert shown["verdict"] == "III-1.3: right."
        assert plain(exercise("III-1.3", 4)["n"]) == int(str(shown["given[n]"]))

    def test_static_html_escapes_and_places(self, monkeypatch: pytest.MonkeyPatch) -> None:
        html = static_html("III-1.2")
        assert html["title"] == "Draw the lines" and "Arrival" in html["hint"]
        assert '<p>x has <span data-given="len_x">8</span> entries' in html["text"]
        table = "<table><tbody><tr><td>0</td><td>1</td></tr><tr><td>1</td><td>0</td></tr></tbody></table>"
        assert f'<div class="grids" data-given="lines">{table}</div>' in html["solution"]
        monkeypatch.setattr("tools.book.exercises.words", lambda one: Words("a < b", "*x* & `<b>` {n}"))
        assert static_html("III-1.1") == {
            "title": "a &lt; b", "hint": "", "solution": "",
            "text": '<p><em>x</em> &amp; <code>&lt;b&gt;</code> <span data-given="n">4</span></p>',
        }  # fmt: skip


CHOICE = Words("Two tests", "Did they pass?\n\n{x1}\n\n{x2}\n\n{x1 + x2}\n\n{x1, 2 samples later}", "Look.", "So.")


def lab(browser: Browser, name: str) -> Page:
    return host(browser, AnswerBox, [traits_of(AnswerBox(name))], viewport={"width": 900, "height": 1200})


def book(browser: Browser, name: str, html: dict[str, str]) -> Page:
    """A page as the book has it: text, hint and solution stand there, the box comes between them."""
    folds = "".join(f"<details><summary>{part}</summary>{html[part]}</details>" for part in ("hint", "solution"))
    code = '<details><div class="cell_output">for the first numbers</div></details>'
    inside = f"<div>{html['text']}</div><main></main>{folds}{code}"
    section = f'<section class="exercise" data-exercise="{name}">{inside}</section>'
    page = browser.new_page()
    data = json.dumps({"esm": AnswerBox._esm, "css": AnswerBox._css, "states": [traits_of(AnswerBox(name))]})
    page.set_content(HOST.replace("STATE", data.replace("</", "<\\/")).replace("<main></main>", section))
    until(page, "window.ready", timeout=10_000)
    return page


def said_of(piece: str) -> str:
    return f"III-1.1: “{piece}” is no number. Write numbers like −2, 0.5, 3/4 or 1e-3, with commas between them."


def verdict(page: Page) -> str:
    return page.locator(".fs-say").inner_text()


class TestField:
    @pytest.mark.parametrize("name", ["III-1.3", "III-1.5", "III-1.2"])
    def test_type_check_and_take_other_numbers(self, name: str, browser: Browser) -> None:
        page = lab(browser, name)
        field, kind = page.get_by_role("textbox", name="Your answer"), box.kind_of(task(name, 0))
        assert field.evaluate("(n) => n.localName") == ("textarea" if kind == "grid" else "input")
        for seed in (0, 1, 2):
            places = AnswerBox(name, variant=seed).shown()
            assert page.locator("[data-given=n], [data-given=w]").first.inner_text() in places.values()
            for answer in (task(name, seed)["right"], task(name, seed)["slips"][0][0]):
                field.fill(typed(answer).replace("-", "−"))
                assert verdict(page) == ""
                field.press("Control+Enter" if kind == "grid" else "Enter")
                assert verdict(page) == check(name, answer, seed).message
            page.get_by_role("button", name="Other numbers").press("Enter")
            assert (field.input_value(), verdict(page)) == ("", "")
        for _ in range(8):
            page.get_by_role("button", name="Other numbers").click()
        assert page.locator("[data-given=n], [data-given=w]").first.inner_text() in AnswerBox(name).shown().values()
        page.close()

    def test_a_choice_is_a_row_of_buttons_for_each_number(
        self, browser: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(box, "words", lambda declared: CHOICE)
        name = "II-1.4"
        page = lab(browser, name)
        assert page.get_by_role("radiogroup").count() == 2
        assert page.locator("table").count() == 4 and page.locator("tr").count() == 8
        page.get_by_role("button", name="Check").click()
        assert verdict(page) == "II-1.4: choose one in each row."
        for seed in (0, 1):
            for answer in ([1, 1], [1, 0], [0, 1], [0, 0]):
                for row, number in zip(("superposition", "time invariance"), answer, strict=True):
                    group = page.get_by_role("radiogroup", name=row)
                    group.get_by_role("radio", name="passed" if number else "failed").check()
                page.get_by_role("button", name="Check").click()
                assert verdict(page) == check(name, answer, seed).message
            page.get_by_role("button", name="Other numbers").click()
            assert page.locator("input:checked").count() == 0
        page.close()

    @pytest.mark.parametrize("name", ["III-1.1", "III-1.2"])
    def test_on_a_page_text_hint_and_solution_follow(self, name: str, browser: Browser) -> None:
        page = book(browser, name, static_html(name))
        first = page.locator("section").evaluate("(n) => n.textContent")
        assert page.locator(".ab-title").count() == 0 and page.locator(".fs > details").count() == 0
        page.get_by_role("button", name="Other numbers").click()
        values = AnswerBox(name, variant=1).task["variants"][1]["places"]
        for place in page.locator("span[data-given]").all():
            assert place.text_content() == box.inline(values[str(place.get_attribute("data-given"))])
        for grid in page.locator("div[data-given]").all():
            cells = grid.evaluate(
                "(n) => [...n.querySelectorAll('tr')].map((r) => [...r.cells].map((c) => c.textContent))"
            )
            assert cells == values[str(grid.get_attribute("data-given"))]
        assert page.locator(".cell_output").evaluate("(n) => n.hidden")
        page.get_by_role("button", name="Reset").click()
        assert page.locator("section").evaluate("(n) => n.textContent") == first
        assert not page.locator(".cell_output").evaluate("(n) => n.hidden")
        page.close()

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("", "III-1.1: no answer yet. Write yours into the field."),
            ("seven", said_of("seven")),
            ("NaN", "III-1.1: the answer contains nan or inf."),
            ("1 " * 1200, "III-1.1: expected one number, y[n], got 1200 numbers."),
            ("[[1], [2, 3]]", SAYS["ragged"].format(id="III-1.1")),
            ("1,500", "III-1.1: “1,500” can be read in two ways. Write 0.5 with a point, and 1000 without a mark."),
            ("<b>1</b>", said_of("<b>1</b>")),
        ],
    )  # fmt: skip
    def test_what_is_no_answer_gets_one_sentence(self, text: str, sentence: str, browser: Browser) -> None:
        page = lab(browser, "III-1.1")
        page.get_by_role("textbox").fill(text)
        page.get_by_role("button", name="Check").click()
        assert verdict(page) == sentence
        page.close()

    @pytest.mark.parametrize("name", ["III-1.1", "III-1.2"])
    def test_a_pasted_book_freezes_nothing(self, name: str, browser: Browser) -> None:
        page = lab(browser, name)
        field, said = page.get_by_role("textbox"), " signs are too many to read; an answer needs no more than 5000."
        field.focus()
        page.keyboard.insert_text("1 " * 5_000_000)  # as a paste does, in one piece
        until(page, "document.querySelector('.fs-say').textContent")
        assert verdict(page) == f"{name}: 10000000{said}" and field.input_value() == ""
        field.fill("5")
        took = field.evaluate(
            """(n) => { const begin = performance.now();
               n.value = "1 ".repeat(5_000_000); n.dispatchEvent(new Event("input"));
               return performance.now() - begin; }"""
        )
        assert verdict(page) == f"{name}: 10000000{said}" and field.input_value() == "5"
        assert took < 3000
        page.close()

    def test_markup_in_the_words_stays_text(self, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(box, "words", lambda declared: Words("<i>", "<img src=x> {x} {h} {n}", "a", ""))
        page = lab(browser, "III-1.1")
        assert (
            page.locator("img, i").count() == 0
            and "<img src=x> [−4, 5," in page.locator(".fs p:not(.fs-heard)").first.inner_text()
        )
        assert page.locator(".fs > details > summary").all_inner_texts() == ["Hint"]
        page.close()
