"""SlidingWindow2D: by hand, what it says, and its views under keyboard, finger and mouse."""

from typing import Any

import numpy as np
import pytest
import traitlets
from widget_pages import box_of, host, middle_of, says, state, traits_of

from convlib.widgets import SlidingWindow2D

IMAGE = [[1, 0, 2, 3, 1], [4, -5, 6, 0, 2], [7, 8, 0, 1, 0], [2, 1, 3, 5, 9]]
KERNEL = [[1, 2, 3], [0, -1, 4], [5, 0, -2]]


class TestSlidingWindow2D:
    def test_correlation_by_hand(self, browser):
        widget = SlidingWindow2D(image=IMAGE, kernel=KERNEL)
        value = 1 * 1 + 0 * 2 + 2 * 3 + 4 * 0 + 5 * 1 + 6 * 4 + 7 * 5 + 8 * 0 - 0 * 2
        assert widget.shown()["output[0,0]"] == value == 71 and widget.shown()["rival"] == 66
        terms = "1·1 + 0·2 + 2·3 + 4·0 + (−5)·(−1) + 6·4 + 7·5 + 8·0 + 0·(−2)"
        assert says(browser, widget, part=".sw-sum") == [f"output[0, 0] = {terms} = 71"]
        assert says(browser, widget, part=".sw-rival") == ["Convolution would give 66 here."]

    def test_convolution_by_hand(self, browser):
        widget = SlidingWindow2D(image=IMAGE, kernel=KERNEL, op="convolve")
        value = -1 * 2 + 0 * 0 + 2 * 5 + 4 * 4 + 5 * 1 + 6 * 0 + 7 * 3 + 8 * 2 + 0 * 1
        assert widget.shown()["output[0,0]"] == value == 66
        assert [widget.shown()[f"met[0,{j}]"] for j in range(3)] == [-2, 0, 5]
        assert "bottom-right weight −2 meets the top-left pixel 1." in says(browser, widget)[0]

    def test_letters_pair_as_in_the_two_formulas(self, browser):
        plain = SlidingWindow2D(view="letters", row=1, col=2)
        turned = SlidingWindow2D(view="letters", op="convolve")
        one_to_nine = " + ".join(f"{c}·{n}" for c, n in zip("abcdefghi", range(1, 10), strict=True))
        nine_to_one = " + ".join(f"{c}·{n}" for c, n in zip("abcdefghi", range(9, 0, -1), strict=True))
        sums = says(browser, plain, turned, part=".sw-sum")
        assert sums == [f"output[1, 2] = {one_to_nine}", f"output[0, 0] = {nine_to_one}"]
        orders = says(browser, plain, turned, part=".sw-rival")
        assert [text.split(": ")[1] for text in orders] == ["a·9 + b·8 + … + i·1.", "a·1 + b·2 + … + i·9."]
        assert plain.shown()["image[1,2]"] == "a" and plain.shown()["image[0,0]"] == "·"

    def test_a_kernel_that_equals_its_half_turn_is_named(self, browser):
        even = SlidingWindow2D(kernel=[[1, 2, 3], [4, 5, 4], [3, 2, 1]])
        transposed = SlidingWindow2D(kernel=[[1, 2, 3], [2, 4, 5], [3, 5, 6]])
        texts = says(browser, even, transposed)
        assert "both operations agree" in texts[0] and "agree" not in texts[1]

    def test_one_bright_pixel_moves_against_the_weight(self, browser):
        dot, right = [[0] * 5, [0, 0, 7, 0, 0], [0] * 5], [[0, 0, 0], [0, 0, 1], [0, 0, 0]]
        plain, turned = (
            SlidingWindow2D(image=dot, kernel=right, mode="same", row=0, op=op) for op in ("correlate", "convolve")
        )
        assert [plain.shown()[f"output[1,{c}]"] for c in range(5)] == [0, 7, 0, 0, 0]
        assert [turned.shown()[f"output[1,{c}]"] for c in range(5)] == [0, 0, 0, 7, 0]
        corner = "output[0, 0] = 0·0 + 0·0 + 0·0 + 0·0 + 0·0 + 0·1 + 0·0 + 0·0 + 0·0 = 0"
        assert says(browser, plain, part=".sw-sum") == [corner]

    def test_a_smaller_image_takes_the_window_along(self, browser):
        widget = SlidingWindow2D(mode="same", row=5, col=5)
        page = host(browser, SlidingWindow2D, [traits_of(widget)], reduced_motion="reduce")
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        page.get_by_role("radio", name="one bright pixel").check()
        assert (state(page)["row"], state(page)["col"]) == (4, 4)
        page.get_by_role("radio", name="valid").check()
        assert (state(page)["row"], state(page)["col"]) == (2, 2)
        with pytest.raises(traitlets.TraitError, match="row must be from 0 to 3 for an image of 6 rows, not 5"):
            widget.mode = "valid"

    def test_predict_hides_until_answered(self, browser):
        asked, paired = (
            SlidingWindow2D(image=IMAGE, kernel=KERNEL, predict=True, guess_weight=guess)
            for guess in ("", "bottom-right")
        )
        shown = asked.shown()
        assert shown["output[0,0]"] == "?" and shown["output[0,1]"] == "·"
        assert not {"rival", "met[0,0]"} & set(shown)
        assert paired.shown()["met[0,0]"] == 1 and "rival" not in paired.shown()
        texts = says(browser, asked, paired)
        assert texts[0] == "In a correlation: which weight meets the window’s top-left pixel, 1?"
        assert texts[1].startswith("No: correlation lays the kernel down as it is")
        answers = says(browser, asked, paired, part=".fs-answers")
        assert answers[0].split("\n") == ["the top-left weight, 1", "the bottom-right weight, −2"]
        assert answers[1].split() == ["23", "66", "71"]

    def test_a_wrong_number_meets_its_misconception(self, browser):
        starts = {
            71: "Right: output[0, 0] = 71.",
            66: "Not 66: that is what convolution gives. output[0, 0] = 71.",
            23: "Not 23: that is the sum of the pixels without their weights.",
            -4: "Not −4: all nine products have to be added.",
        }
        traits: dict[str, Any] = {"image": IMAGE, "kernel": KERNEL, "predict": True, "guess_weight": "top-left"}
        widgets = [SlidingWindow2D(**traits, guess_value=guess) for guess in starts]
        assert all(w.shown()["output[0,0]"] == 71 for w in widgets)
        assert all(map(str.startswith, says(browser, *widgets), starts.values()))

    def test_what_was_found_stays_until_the_question_changes(self, browser):
        widget = SlidingWindow2D(image=IMAGE, kernel=KERNEL, predict=True, guess_weight="top-left", guess_value=71)
        page = host(browser, SlidingWindow2D, [traits_of(widget)], reduced_motion="reduce")
        page.get_by_label("Column", exact=True).press("ArrowRight")
        now = state(page)
        assert (now["found"], now["guess_value"], now["guess_weight"]) == ([0], None, "top-left")
        page.get_by_role("radio", name="convolution").check()
        assert (state(page)["found"], state(page)["guess_weight"]) == ([], "")

    def test_a_refused_value_changes_nothing(self):
        w = SlidingWindow2D(row=3)
        with pytest.raises(traitlets.TraitError, match="row must be from 0 to 1"):
            w.image = IMAGE
        assert np.shape(w.image) == (6, 6)


class TestViews:
    def test_two_views_do_not_collide(self, browser):
        page = host(browser, SlidingWindow2D, [traits_of(SlidingWindow2D()), traits_of(SlidingWindow2D()), None])
        ids = page.eval_on_selector_all("[id]", "nodes => nodes.map(n => n.id)")
        assert len(ids) == len(set(ids)) > 0
        names = page.eval_on_selector_all("[type=radio]", "nodes => nodes.map(n => n.name)")
        assert len(set(names)) == 3 * 4
        page.get_by_role("radio", name="convolution").nth(1).check()
        ops = [page.locator(".fs").nth(i).evaluate("root => root.state().op") for i in range(3)]
        assert ops == ["correlate", "convolve", "convolve"]
        checked = page.get_by_role("radio", name="convolution")
        assert [checked.nth(i).is_checked() for i in range(3)] == [False, True, True]

    def test_focus_survives_and_escape_frees_it(self, browser):
        page = host(browser, SlidingWindow2D, [traits_of(SlidingWindow2D())])
        cell = page.get_by_role("gridcell", name="pixel [0, 0]")
        cell.evaluate("node => { window.first = node; node.focus(); }")
        for key in ("7", "-", "ArrowDown", "ArrowRight", "3", "+"):
            page.keyboard.press(key)
        image = state(page)["image"]
        assert (image[0][0], image[1][1]) == (6, 4)
        assert page.evaluate("document.contains(window.first)")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "pixel [1, 1]: 4"
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.tagName") == "BODY"

    def test_a_finger_drags_the_window(self, browser):
        options = {"has_touch": True, "is_mobile": True, "viewport": {"width": 360, "height": 800}}
        page = host(browser, SlidingWindow2D, [traits_of(SlidingWindow2D())], **options)
        left, top, width, _ = box_of(page.locator(".sw-window"))
        x, y, step = left + 50, top + 50, width / 3
        touch = page.context.new_cdp_session(page)

        def send(kind, *points):
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

        send("touchStart", {"x": x, "y": y})
        for part in (0.25, 0.5, 0.75, 1):
            send("touchMove", {"x": x + 2 * step * part, "y": y + step * part})
        send("touchEnd")
        assert (state(page)["row"], state(page)["col"], page.evaluate("scrollY")) == (1, 2, 0)

    def test_the_kernel_lies_turned_on_the_window(self, browser):
        widget = SlidingWindow2D(image=IMAGE, kernel=KERNEL, row=1, col=2, op="convolve")
        page = host(browser, SlidingWindow2D, [traits_of(widget)], reduced_motion="reduce")
        for i in range(3):
            for j in range(3):
                x, y = middle_of(page.locator(f'.sw-chips [data-shown="met[{i},{j}]"]'))
                cell = page.locator(f'.sw-image .fs-grid [data-shown="image[{1 + i},{2 + j}]"]')
                left, top, width, height = box_of(cell)
                assert left < x < left + width and top < y < top + height
