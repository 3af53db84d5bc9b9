"""DiceSum: two loaded dice, their table, and what is said about it."""

import numpy as np
from browser import until
from widget_pages import host, middle_of, says, state, traits_of

from convlib.widgets import DiceSum

FAIR, SIXES, TWO = [1] * 6, [1, 1, 1, 1, 1, 5], [1, 0, 0, 0, 0, 1]


class TestNumbers:
    def test_two_fair_dice_by_hand(self, browser):
        dice = DiceSum(n=4)
        assert [dice.shown()[f"sum[{n}]"] for n in range(2, 13)] == [1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1]
        [said] = says(browser, dice)
        assert said == "The pairs with the sum 4 lie on one slanting line: 3 of 36. Most likely: 7, with 6."
        four, twelve = says(browser, dice, DiceSum(n=12), part=".ds-line")
        assert four == "P(4) = f(1)·g(3) + f(2)·g(2) + f(3)·g(1) = (1·1 + 1·1 + 1·1)/36 = 3/36, or 8.33 %"
        assert twelve == "P(12) = f(6)·g(6) = 1·1/36 = 1/36, or 2.78 %"  # one pair alone has no brackets

    def test_every_pair_counts_once(self):
        dice = DiceSum(first=[1, 2, 3, 0, 1, 5], second=[4, 2, 1, 0, 7, 0])
        shown = dice.shown()
        sums = np.zeros(13, int)
        for a in range(1, 7):
            for b in range(1, 7):
                assert shown[f"pair[{a},{b}]"] == dice.first[a - 1] * dice.second[b - 1]
                sums[a + b] += dice.first[a - 1] * dice.second[b - 1]
        assert [shown[f"sum[{n}]"] for n in range(2, 13)] == sums[2:].tolist()
        assert sums.sum() == shown["all"] == 12 * 14

    def test_who_leads(self, browser):
        cases = [
            (SIXES, SIXES, 12, "No other sum has as many."),
            (FAIR, TWO, 4, "Most likely: 7, with 2."),
            (TWO, TWO, 4, "The sum 4 cannot come up. Most likely: 7, with 2."),
            (FAIR, [0, 0, 1, 0, 0, 0], 4, "6 sums share the lead, with 1 each."),
            ([1, 1, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0], 9, "Most likely: 4 and 5, with 1 each."),
            ([1, 1, 1, 0, 0, 0], [1, 0, 0, 0, 0, 0], 9, "Most likely: 2, 3 and 4, with 1 each."),
        ]
        texts = says(browser, *(DiceSum(first=f, second=g, n=n) for f, g, n, _ in cases))
        assert all(text.endswith(words) for text, (*_, words) in zip(texts, cases, strict=True)), texts

    def test_predict_hides_the_sums(self, browser):
        asked = DiceSum(predict=True)
        assert not [key for key in asked.shown() if key.startswith(("sum[", "percent", "leader", "most"))]
        assert says(browser, asked, part=".fs-answers") == ["2\n6\n7\n8\nall alike"]
        judged = says(browser, *(DiceSum(predict=True, guess=guess) for guess in (7, 8, 0)))
        assert [text.split(".")[0] for text in judged] == ["Right", "Not 8", "Not all alike"]

    def test_slips_are_named_where_a_face_has_several(self, browser):
        texts = says(browser, *(DiceSum(predict=True, first=first) for first in (SIXES, [2] * 6, TWO)))
        assert ["pairs of slips" in text for text in texts] == [True, True, False]


class TestPicture:
    def test_shifted_pairs_stand_above_their_sum(self, browser):
        page = host(browser, DiceSum, [traits_of(DiceSum(shift=1.0))], reduced_motion="reduce")

        def across(key):
            return middle_of(page.locator(f'svg [data-shown="{key}"]'))[0]

        for a in range(1, 7):
            for b in range(1, 7):
                assert abs(across(f"pair[{a},{b}]") - across(f"sum[{a + b}]")) < 1

    def test_a_press_on_a_square_looks_at_its_sum(self, browser):
        for shift in (0.0, 0.5, 1.0):
            page = host(browser, DiceSum, [traits_of(DiceSum(shift=shift))], reduced_motion="reduce")
            squares = page.locator(".ds-cells rect")
            for a, b in ((1, 1), (2, 6), (5, 2), (6, 6)):
                squares.nth(6 * (a - 1) + b - 1).click()
                assert state(page)["n"] == a + b

    def test_the_last_slip_stays(self, browser):
        page = host(browser, DiceSum, [traits_of(DiceSum(first=[0, 0, 1, 0, 0, 0]))], reduced_motion="reduce")
        handle = page.get_by_role("slider", name="first die, slips with 3")
        handle.press("ArrowDown")
        assert state(page)["first"][2] == 1
        handle.press("End")
        assert handle.get_attribute("aria-valuetext") == "9 of 9 slips"

    def test_a_bar_is_as_high_as_its_pile(self, browser):
        page = host(browser, DiceSum, [traits_of(DiceSum(n=7))], reduced_motion="reduce")
        heights = page.locator(".ds-piles rect").evaluate_all("(all) => all.map((r) => +r.getAttribute('height'))")
        assert len(heights) == 36 and np.allclose(heights, heights[0])
        assert page.locator(".ds-piles .ds-on").count() == 6
        assert page.locator(".ds-flow rect").count() == 0

    def test_products_travel_into_their_bar(self, browser):
        page = host(browser, DiceSum, [traits_of(DiceSum(n=7))])
        page.locator(".fs").get_by_label("Sum n", exact=True).press("ArrowRight")
        until(page, "() => document.querySelectorAll('.ds-flow rect').length === 5")
        until(page, "() => document.querySelectorAll('.ds-flow rect').length === 0", timeout=3000)
