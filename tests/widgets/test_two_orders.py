"""TwoOrders: its table against convlib, the two orders, and what a hand does to the window."""

from itertools import product

import numpy as np
import pytest
from widget_pages import begin, box_of, drag, host, middle_of, says, state, traits_of

from convlib import convolve
from convlib.widgets import TwoOrders
from convlib.widgets.two_orders.widget import ANSWERS, EDGE, TRIPLES, WHOLE


def signals(triple, past, memory):
    """Input from −past to 0 and weights of the sum up to memory, written down once more."""
    a, c = np.arange(-past, 1), np.arange(memory + 1)
    x = {"switched": 1.0 * (a >= -3), "fading": 2.0**a}.get(triple, np.ones(past + 1))
    return x, 2.0**-c if triple == "leaky" else np.ones(memory + 1)


class TestNumbers:
    @pytest.mark.parametrize("triple", TRIPLES)
    def test_a_finite_window_agrees_with_convlib_in_both_orders(self, triple):
        for past, memory in product(range(EDGE), repeat=2):
            x, g = signals(triple, past, memory)
            rows, columns = TwoOrders(triple=triple, past=past, memory=memory).sums()
            assert len(rows) == past + 1 and len(columns) == memory + 1
            assert sum(rows) == sum(columns)
            assert np.isclose(sum(rows), convolve(x, convolve([1, -1], g))[past])
            assert np.isclose(sum(columns), convolve(convolve(x, [1, -1]), g)[past])

    @pytest.mark.parametrize("triple", TRIPLES)
    def test_one_open_end_agrees(self, triple):
        for held in range(EDGE):
            for window in ({"past": held, "memory": EDGE}, {"past": EDGE, "memory": held}):
                rows, columns = TwoOrders(triple=triple, **window).sums()
                assert sum(rows) == sum(columns)

    def test_which_end_goes_first(self):
        for held in range(EDGE):
            assert sum(TwoOrders(past=held, memory=EDGE).sums()[0]) == 1
            assert sum(TwoOrders(past=EDGE, memory=held).sums()[0]) == 0

    @pytest.mark.parametrize("triple", TRIPLES)
    def test_the_whole_table_parts(self, triple):
        one = TwoOrders(triple=triple, past=EDGE, memory=EDGE)
        rows, columns = (round(sum(sums), 9) for sums in one.sums())
        assert f"{rows:.0f}{columns:.0f}" == WHOLE[triple]
        assert (rows != columns) == (triple == "constant") == (one.size() == np.inf)

    @pytest.mark.parametrize(("triple", "size"), [("switched", 7), ("fading", 3), ("leaky", 4)])
    def test_sizes_by_hand(self, triple, size):
        assert TwoOrders(triple=triple, past=EDGE, memory=EDGE).size() == pytest.approx(size)

    def test_a_rounded_total_says_so(self):
        shown = TwoOrders(triple="fading", past=4, memory=2).shown()
        assert shown["rows"] == "1 + 0 + 0 − 0.13 + 0 ≈ 0.88"
        assert TwoOrders(past=0, memory=0).shown()["rows"] == "1"

    def test_verdicts(self, browser):
        named = dict(zip(ANSWERS, TwoOrders.words["options"]["guess"], strict=True))
        cases = list(product(TRIPLES, ANSWERS))
        texts = says(browser, *(TwoOrders(triple=triple, predict=True, guess=guess) for triple, guess in cases))
        for text, (triple, guess) in zip(texts, cases, strict=True):
            wrong = f"No: the whole table gives {named[WHOLE[triple]]}. "
            assert text.startswith("Right. " if guess == WHOLE[triple] else wrong)

    def test_what_is_told_of_a_window(self, browser):
        cases = [
            ("constant", 2, 4, "A finite table, 3 by 5: both orders give 1. The sum still remembers how the input"),
            ("constant", 5, 2, "A finite table, 6 by 3: both orders give 0. The sum has forgotten how the input"),
            ("constant", EDGE, 5, "All rows, but only 6 of the columns: both orders give 0. The input never began."),
            ("switched", EDGE, 2, "All rows, but only 3 of the columns: both orders give 0. The sum has forgotten"),
            ("constant", 0, EDGE, "All columns, but only 1 of the rows: both orders give 1. The sum still remembers"),
            ("constant", EDGE, EDGE, "With nothing cut off, the two orders differ: rows first give 1, columns"),
            ("leaky", EDGE, EDGE, "The sum leaks, and even without signs the terms add up to 4 only. Both orders"),
        ]
        texts = says(browser, *(TwoOrders(triple=triple, past=past, memory=c) for triple, past, c, _ in cases))
        assert begin(texts, (start for *_, start in cases)), texts

    def test_predict_hides_the_sums(self, browser):
        asked = TwoOrders(predict=True)
        assert not [key for key in asked.shown() if not key.startswith("term")]
        [said] = says(browser, asked)
        [answers] = says(browser, asked, part=".fs-answers")
        assert said.endswith("What do you get?")
        assert answers.split("\n") == TwoOrders.words["options"]["guess"]


def middle(page, key):
    return middle_of(page.locator(f'[data-shown="{key}"]'))


class TestWindow:
    def test_the_corner_follows_the_mouse(self, browser):
        page = host(browser, TwoOrders, [traits_of(TwoOrders(past=1, memory=5))])
        x, y, _, _ = box_of(page.get_by_role("slider", name="Corner of the window"))
        drag(page, (x + 14, y + 14), middle(page, "term[4,3]"))
        assert (state(page)["past"], state(page)["memory"]) == (4, 3)
        assert page.locator("[data-shown=columns]").inner_text() == "0 + 0 + 0 + 0 = 0"

    def test_arrow_keys_and_infinity(self, browser):
        page = host(browser, TwoOrders, [traits_of(TwoOrders(past=4, memory=4))])
        corner = page.get_by_role("slider", name="Corner of the window")
        for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowUp", "ArrowUp"):
            corner.press(key)
        assert (state(page)["past"], state(page)["memory"]) == (3, 6)
        text = corner.get_attribute("aria-valuetext")
        assert text == "Input since k = −3, sum back to b = ∞: rows first 1, columns first 1"
        corner.press("End")
        assert (corner.get_attribute("aria-valuetext") or "").endswith("= ∞: rows first 1, columns first 0")

    def test_a_press_on_a_cell_puts_the_corner_there(self, browser):
        page = host(browser, TwoOrders, [traits_of(TwoOrders())])
        page.mouse.click(*middle(page, "term[5,4]"))
        assert (state(page)["past"], state(page)["memory"]) == (5, 4)
