"""Untangle: by hand, against convlib, and what no step of the untangling may change."""

import re

import numpy as np
import pytest
from browser import until
from widget_pages import host, says, state, traits_of

from convlib import convolve
from convlib.widgets import Untangle
from convlib.widgets.untangle.widget import RESPONSES

X = [2, 0, 7, 3, 1, 9, 4, 0, 5, 6, 8]


def numbers(shown, name):
    return {int(m[1]): float(v) for key, v in shown.items() if (m := re.fullmatch(rf"{name}\[(-?\d+)\]", key))}


class TestPairs:
    def test_one_pair_by_hand(self, browser):
        one = Untangle(x=X, n=10, k=8)
        assert one.shown()["sum"] == "8 + 2 = 10" and one.shown()["p[8]"] == 5 * 6
        [line] = says(browser, one, part=".un-line")
        assert line.startswith("x[8]·h[2] = 5·6 = 30. All 11 lines together: y[10] = ")

    @pytest.mark.parametrize("response", RESPONSES)
    def test_the_products_add_up_to_the_convolution(self, response):
        first, h = RESPONSES[response]
        for n in range(11):
            shown = Untangle(x=X, n=n, response=response).shown()
            assert sum(numbers(shown, "p").values()) == convolve(X, h)[n - first] == shown["y"]

    def test_no_step_changes_a_product(self):
        states = [Untangle(x=X, n=7, response="late", way=way).shown() for way in (0, 0.5, 1, 1.4, 2)]
        assert all(numbers(s, "p") == numbers(states[0], "p") and s["y"] == states[0]["y"] for s in states)

    def test_a_response_that_begins_before_its_input(self, browser):
        both, gone, old = (Untangle(x=X, n=6, k=k, response="both") for k in (8, 9, 0))
        assert both.shown()["sum"] == "8 + (−2) = 6" and both.shown()["p[8]"] == 5 * 2
        assert "sum" not in gone.shown()
        texts = says(browser, both, gone, old)
        assert texts[0].endswith("arrival 8 + age (−2) = 6.")
        assert "not arrived, and h has no weight for the age −3" in texts[1]
        assert "no weight for the age 6" in texts[2]

    def test_says_backwards_only_at_the_end(self, browser):
        texts = says(browser, *(Untangle(way=way) for way in (0, 0.5, 1, 1.5, 2)))
        assert ["backwards" in text for text in texts] == [False] * 4 + [True]


class TestQuestion:
    def test_asks_for_the_shift_and_judges(self, browser):
        asked = Untangle(n=8, predict=True)
        assert "way" not in asked.shown()
        [answers] = says(browser, asked, part=".fs-answers")
        assert answers.split() == ["4", "8", "10", "16"]
        right, wrong = says(browser, *(Untangle(n=8, predict=True, guess=guess) for guess in (8, 16)))
        assert right.startswith("Right.") and wrong.startswith("Not 16: by n = 8.")


def ends(page):
    """Left and right ends of all lines, as drawn."""
    lines = page.locator(".un-threads path").evaluate_all("(nodes) => nodes.map((n) => n.getAttribute('d'))")
    return np.array([[float(v) for v in re.findall(r"[ML](\S+) ", d)] for d in lines])


class TestPicture:
    def test_the_lines_cross_then_slant_then_stand(self, browser):
        page = host(browser, Untangle, [traits_of(Untangle(x=X, n=9))], reduced_motion="reduce")
        twisted = ends(page)
        assert np.allclose(twisted.sum(1), twisted.sum(1)[0])  # all cross half-way
        button = page.locator(".fs-main")
        button.click()
        slant = ends(page)[:, 0] - ends(page)[:, 1]
        assert button.inner_text() == "Shift h" and np.allclose(slant, slant[0]) and slant[0] > 50
        button.click()
        assert np.allclose(ends(page)[:, 0], ends(page)[:, 1])
        button.click()
        assert np.allclose(ends(page), twisted)

    def test_it_moves_to_the_next_step_until_the_reader_takes_the_slider(self, browser):
        page = host(browser, Untangle, [traits_of(Untangle())])
        page.locator(".fs-main").click()
        until(page, "() => document.querySelector('.fs').state().way === 1")
        page.locator(".fs-main").click()
        until(page, "() => document.querySelector('.fs').state().way > 1")
        page.get_by_label("Untangle", exact=True).press("Home")
        page.wait_for_timeout(100)
        assert state(page)["way"] == 0
