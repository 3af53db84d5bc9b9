"""Interactives alive in a browser: two views, keyboard, finger, and every helper of stage.js."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from browser import chromium
from playwright.sync_api import Browser, Page
from test_widgets import IMAGE, KERNEL, QUESTIONS, make
from widget_pages import host, traits_of

from convlib.widgets import Quiz, SlidingWindow2D


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


class TestViews:
    def test_two_views_do_not_collide(self, browser: Browser) -> None:
        state = traits_of(SlidingWindow2D())
        page = host(browser, SlidingWindow2D, [state, traits_of(SlidingWindow2D()), None])
        ids = page.eval_on_selector_all("[id]", "nodes => nodes.map(n => n.id)")
        assert len(ids) == len(set(ids)) > 0
        names = page.eval_on_selector_all("[type=radio]", "nodes => nodes.map(n => n.name)")
        assert len(set(names)) == 3 * 2
        page.get_by_role("radio", name="convolution").nth(1).check()
        ops = [page.locator(".fs").nth(i).evaluate("root => root.state().op") for i in range(3)]
        assert ops == ["correlate", "convolve", "convolve"]
        checked = page.get_by_role("radio", name="convolution")
        assert [checked.nth(i).is_checked() for i in range(3)] == [False, True, True]
        page.close()

    def test_quiz_answers_by_keyboard_alone(self, browser: Browser) -> None:
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
        page.close()

    def test_markup_in_a_question_stays_text(self, browser: Browser) -> None:
        nasty = [{"prompt": "<img src=x onerror=alert(1)>", "options": QUESTIONS[0]["options"]}]
        page = host(browser, Quiz, [traits_of(Quiz(questions=nasty))])
        assert page.locator("img").count() == 0
        assert page.locator(".qz-prompt").inner_text() == "<img src=x onerror=alert(1)>"
        page.close()

    def test_focus_survives_and_escape_frees_it(self, browser: Browser) -> None:
        page = host(browser, SlidingWindow2D, [traits_of(SlidingWindow2D())])
        cell = page.get_by_role("gridcell", name="pixel [0, 0]")
        cell.evaluate("node => { window.first = node; node.focus(); }")
        for key in ("7", "-", "ArrowDown", "ArrowRight", "3", "+"):
            page.keyboard.press(key)
        image = page.locator(".fs").evaluate("root => root.state().image")
        assert (image[0][0], image[1][1]) == (6, 4)
        assert page.evaluate("document.contains(window.first)")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "pixel [1, 1]: 4"
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.tagName") == "BODY"
        page.close()

    def test_a_finger_drags_the_window(self, browser: Browser) -> None:
        options = {"has_touch": True, "is_mobile": True, "viewport": {"width": 360, "height": 800}}
        page = host(browser, SlidingWindow2D, [traits_of(SlidingWindow2D())], **options)
        box = page.locator(".sw-window").bounding_box()
        assert box is not None
        x, y, step = box["x"] + 50, box["y"] + 50, box["width"] / 3
        touch = page.context.new_cdp_session(page)

        def send(kind: str, *points: dict[str, float]) -> None:
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

        send("touchStart", {"x": x, "y": y})
        for part in (0.25, 0.5, 0.75, 1):
            send("touchMove", {"x": x + 2 * step * part, "y": y + step * part})
        send("touchEnd")
        state = page.locator(".fs").evaluate("root => root.state()")
        assert (state["row"], state["col"], page.evaluate("scrollY")) == (1, 2, 0)
        page.close()

    def test_the_kernel_lies_turned_on_the_window(self, browser: Browser) -> None:
        widget = SlidingWindow2D(image=IMAGE, kernel=KERNEL, row=1, col=2, op="convolve")
        page = host(browser, SlidingWindow2D, [traits_of(widget)], reduced_motion="reduce")
        for i in range(3):
            for j in range(3):
                chip = page.locator(f'[data-shown="met[{i},{j}]"]').bounding_box()
                cell = page.locator(f'[data-shown="image[{1 + i},{2 + j}]"]').bounding_box()
                assert chip is not None and cell is not None
                middle = (chip["x"] + chip["width"] / 2, chip["y"] + chip["height"] / 2)
                assert cell["x"] < middle[0] < cell["x"] + cell["width"]
                assert cell["y"] < middle[1] < cell["y"] + cell["height"]
        page.close()


class TestStage:
    X: ClassVar[list[float]] = [1, -1.5, 0.25, 2]

    @pytest.fixture
    def page(self, browser: Browser, tmp_path: Path, request: Any) -> Iterator[Page]:
        source = (Path(__file__).parent / "js" / "stage_checks.js").read_text("utf-8")
        state = {"x": self.X, "n": 1, "kind": "a", "on": False}
        options = getattr(request, "param", {})
        page = host(browser, make(tmp_path, source), [state], **options)
        yield page
        page.close()

    def test_marks_carry_their_values(self, page: Page) -> None:
        values = page.locator(".s .fs-values text")
        assert values.all_text_contents() == ["1", "−1.5", "0.25", "2"]
        assert values.nth(2).get_attribute("data-value") == "0.25"
        assert page.locator(".s .fs-heads path.fs-dim").count() == 3
        assert [page.locator(f".{k} .fs-stalks path").count() for k in "shy"] == [4, 4, 0]
        assert page.locator(".c path.fs-area.fs-output").count() == 1
        assert page.locator(".a .fs-ticks text").all_text_contents()[-5:] == ["−2", "−1", "0", "1", "2"]

    def test_a_change_updates_the_same_nodes(self, page: Page) -> None:
        page.evaluate("window.node = document.querySelector('.s text')")
        page.evaluate("models[0].set('x', [2, 1, 0.5])")
        assert page.evaluate("window.node.isConnected && window.node.textContent") == "2"
        assert page.locator(".s .fs-values text").count() == 3

    def test_dragging_and_arrow_keys_do_the_same(self, page: Page) -> None:
        knob = page.get_by_role("slider", name="x[0]")
        knob.focus()
        page.keyboard.press("ArrowUp")
        assert (knob.get_attribute("aria-valuenow"), page.evaluate("models[0].get('x')[0]")) == ("1.5", 1.5)
        box = knob.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 9, box["y"] + 9)
        page.mouse.down()
        page.mouse.move(box["x"] + 9, box["y"] + 9 + 70, steps=4)
        page.mouse.up()
        assert page.evaluate("models[0].get('x')[0]") == -0.5
        for key, value in (("Home", -2), ("ArrowDown", -2), ("End", 2)):
            page.keyboard.press(key)
            assert page.evaluate("models[0].get('x')[0]") == value

    def test_controls_follow_the_model_both_ways(self, page: Page) -> None:
        slider = page.get_by_label("Sample")
        assert (slider.get_attribute("max"), slider.get_attribute("aria-valuetext")) == ("3", "n = 1")
        slider.press("End")
        page.get_by_label("On").check()
        assert page.evaluate("[models[0].get('n'), models[0].get('on')]") == [3, True]
        page.get_by_label("Kind").select_option("second")
        assert page.evaluate("[models[0].get('n'), models[0].get('kind')]") == [0, "b"]
        page.evaluate("models[0].set('n', 2)")
        assert slider.input_value() == "2"
        page.get_by_role("button", name="Reset").click()
        assert page.locator(".fs").evaluate("root => root.state()") == {
            "x": self.X, "n": 1, "kind": "a", "on": False,
        }  # fmt: skip

    def test_motion_can_be_stopped(self, page: Page) -> None:
        page.get_by_role("button", name="Run").click()
        page.wait_for_function("document.querySelector('.fs').at > 0")
        stopped = page.evaluate("(r => { r.brake(); return r.at; })(document.querySelector('.fs'))")
        page.wait_for_timeout(150)
        assert page.evaluate("document.querySelector('.fs').at") == stopped < 1

    @pytest.mark.parametrize("page", [{"reduced_motion": "reduce"}], indirect=True)
    def test_reduced_motion_only_arrives(self, page: Page) -> None:
        page.get_by_role("button", name="Run").click()
        assert page.evaluate("document.querySelector('.fs').at") == 1

    def test_the_end_of_life_is_silent(self, page: Page) -> None:
        page.evaluate("life.abort(); models[0].set('n', 3)")
        assert page.locator(".fs-say").inner_text() == "Sample 1"
        assert page.evaluate("models[0].subs['change:n'].length") == 0
