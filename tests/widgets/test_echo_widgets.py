"""TyreRide and EchoTable: by hand, against convlib, and what a page that scatters may not show."""

from itertools import product

import numpy as np
from widget_pages import host, runs_and_stops, says, state, traits_of

from convlib import convolve, correlate
from convlib.signals.systems import impulse_response
from convlib.widgets import EchoTable, TyreRide

QUIET = [0.0] * 8


class TestTyreRide:
    def test_one_stone_leaves_h(self):
        for t in (0.0, 0.7, 2.5):
            ride = TyreRide(stones=[1.0, *QUIET[1:]], strength=2.0, rate=1.0, t=t)
            assert np.isclose(float(ride.shown()["y"]), impulse_response(t))

    def test_two_stones_by_hand(self, browser):
        ride = TyreRide(stones=[2, 0, 2, 0, 0, 0, 0, 0], t=1.0)
        assert np.isclose(float(ride.shown()["y"]), 4 + 4 / np.e)
        lines = says(browser, ride, TyreRide(stones=QUIET), part=".tr-line")
        assert lines == ["one by one: 1.47 + 4 = 5.47 mm; the ride: 5.47 mm", "no stone yet"]

    def test_each_tyre_fails_its_own_test(self, browser):
        passes = {"sound": ["sum", "later"], "rim": ["later"], "leaks": ["sum"]}
        cases = list(product(passes, ["sum", "later"], ["yes", "no"]))
        rides = [TyreRide(tyre=tyre, view=view, predict=True, guess=guess) for tyre, view, guess in cases]
        for said, ride, (tyre, view, guess) in zip(says(browser, *rides), rides, cases, strict=True):
            fits = view in passes[tyre]
            assert said.startswith("Right." if (guess == "yes") == fits else "No.")
            assert ("gap" in ride.shown()) == ("mm off" in said) == (not fits)

    def test_small_stones_never_reach_the_rim(self, browser):
        low, smooth = TyreRide(tyre="rim", stones=[1, *QUIET[1:]]), TyreRide(stones=QUIET)
        texts = says(browser, low, smooth)
        assert texts[0].endswith("The rim was never reached: try larger stones.") and "smooth" in texts[1]
        high = TyreRide(tyre="rim", stones=[4, *QUIET[1:]], t=0.0)
        assert high.shown()["y"] == 5

    def test_predict_hides_the_ride(self, browser):
        asked = TyreRide(predict=True, tyre="rim", view="later")
        assert not {"y", "gap", "expected"} & set(asked.shown())
        [said] = says(browser, asked)
        assert said.startswith("The rim stops the tyre at 5 mm. The same stones come 1 s later.")
        assert says(browser, asked, part=".fs-answers") == ["yes\nno"]


X, H = [2, 0, -1, 3, 1], [4, 2, 1]


class TestEchoTable:
    def test_rows_and_columns_by_hand(self, browser):
        table = EchoTable(x=X, h=H, n=3, rows=5, role="scatter")
        shown = table.shown()
        assert [shown[f"echo[3,{j}]"] for j in range(3)] == [12, 6, 3]
        assert [shown[f"y[{i}]"] for i in range(7)] == [8, 4, -2, 10, 9, 5, 1]
        assert shown["row[2]"] == "−1 × h"
        lines = says(browser, table, EchoTable(x=X, h=H, n=3, role="scatter"), part=".et-line")
        assert lines == ["y[3] = 0 + (−2) + 12 = 10", "y[3] = 0, no echo here yet"]

    def test_what_is_told_of_the_inputs(self, browser):
        empty, one, silent, last = (EchoTable(x=X, h=H, n=2, role="scatter", rows=rows) for rows in (0, 1, 2, 5))
        assert one.shown()["k"] == 0 and "k" not in silent.shown()
        assert says(browser, empty, one, silent, last) == [
            "Nothing has arrived yet. Let the inputs in, one by one.",
            "x[0] is 2: its echo is 2 times h, started at 0. Column 2 holds so far y[2] = 2.",
            "x[1] is 0: it starts no echo. Column 2 holds so far y[2] = 2.",
            "x[4] is 1: its echo is 1 times h, started at 4. Column 2 adds up to y[2] = −2.",
        ]

    def test_inputs_come_one_by_one(self):
        table = EchoTable(x=X, h=H, n=2, role="scatter")
        for rows in range(6):
            table.rows = rows
            expected = convolve([*X[:rows], *[0] * (5 - rows)], H)
            assert [table.shown()[f"y[{i}]"] for i in range(7)] == list(expected)
            assert sum(key.startswith("echo[") for key in table.shown()) == 3 * rows

    def test_gathering_reads_h_backwards(self, browser):
        table = EchoTable(x=X, h=H, n=3, walk=1.0)
        shown = table.shown()
        assert [shown[f"weight[{k}]"] for k in (1, 2, 3)] == ["h[2]", "h[1]", "h[0]"]
        assert [shown[f"pair[{k}]"] for k in (1, 2, 3)] == ["0·1", "−1·2", "3·4"]
        [line] = says(browser, table, part=".et-line")
        assert line == "y[3] = x[1]·h[2] + x[2]·h[1] + x[3]·h[0] = 0·1 + (−1)·2 + 3·4 = 10"
        read, one = says(browser, table, EchoTable(x=X, h=H, n=0, walk=1.0))
        assert read.startswith("Under their causes the weights read h[2], h[1], h[0]: h stands there backwards.")
        assert one == "One echo alone reaches column 0, with the weight h[0]. y[0] = 8."

    def test_flip_neither_is_the_correlation(self, browser):
        tables = [EchoTable(x=X, h=H, n=n, pairing="unflipped") for n in range(7)]
        assert [table.shown()["other"] for table in tables] == list(correlate(X, H))
        assert [tables[3].shown()[f"weight[{k}]"] for k in (1, 2, 3)] == ["h[0]", "h[1]", "h[2]"]
        texts = says(browser, *tables)
        assert texts[3].startswith("Lay h down as it is, h[0], h[1], h[2]: 1, not y[3] = 10. The first of these inputs")
        assert ["come last" in text for text in texts] == [False] * 2 + [True] * 3 + [
            False
        ] * 2  # all of h is laid down
        [line] = says(browser, tables[3], part=".et-line")
        assert line == "x[1]·h[0] + x[2]·h[1] + x[3]·h[2] = 0·4 + (−1)·2 + 3·1 = 1, and y[3] = 10"
        [same] = says(browser, EchoTable(x=X, h=[1, 2, 1], n=3, pairing="unflipped"))
        assert "here the same as y[3]." in same

    def test_asks_for_the_order_then_for_the_number(self, browser):
        def table(order="", value=None, n=3):
            return EchoTable(x=X, h=H, n=n, predict=True, guess_order=order, guess_value=value)

        ordered = [table(order) for order in ("backwards", "forwards", "newest")]
        assert not [key for key in table().shown() if key.startswith(("pair", "weight", "y["))]
        assert not [key for key in ordered[0].shown() if key.startswith("y[")]
        answers = says(browser, table(), *ordered, table(n=0), part=".fs-answers")  # one weight alone: no doubles
        orders = ["h[0], h[1], h[2]", "h[2], h[1], h[0]", "h[0], h[0], h[0]"]
        assert answers[0].split("\n") == orders and answers[-1] == "h[0]"
        assert [text.split("\n") for text in answers[1:4]] == [["1", "10", "12"]] * 3
        texts = says(browser, table(), *ordered, table("backwards", 1), table("newest", 10))
        assert texts[0].startswith("Which weights of h multiply x[1], x[2], x[3] in column 3")
        they = "they are h[2], h[1], h[0]. Which number is y[3]?"
        assert texts[1:4] == [f"Right: {they}", f"No: {they}", f"No: {they}"]
        assert texts[4].startswith("Not 1. Column 3") and texts[5].startswith("Right. Column 3")

    def test_a_page_that_scatters_shows_nothing_backwards(self, browser):
        table = EchoTable(x=X, h=H, role="scatter", view="gather", walk=1.0)
        page = host(browser, EchoTable, [traits_of(table)], reduced_motion="reduce")
        for _ in range(7):
            words = page.locator(".fs").evaluate("(root) => root.outerHTML").lower()
            for word in ("backward", "walk", "flip", "gather", "·h["):
                assert word not in words, word
            page.get_by_role("button").first.click()
        page.get_by_label("Predict first").check()
        assert "?" in page.locator(".fs-say").inner_text()
        page.get_by_role("group", name="Your answer").get_by_role("button").first.click()
        assert "backward" not in page.locator(".fs").inner_text()

    def test_the_gathering_page_says_it_only_after_the_answer(self, browser):
        page = host(browser, EchoTable, [traits_of(EchoTable(x=X, h=H, predict=True))], reduced_motion="reduce")
        assert "backwards" not in page.locator(".fs").inner_text()
        assert not page.get_by_label("Walk back").is_visible()
        answers = page.get_by_role("group", name="Your answer").get_by_role("button")
        answers.nth(1).click()
        assert page.locator(".fs-say").inner_text().startswith("Right: they are h[2], h[1], h[0].")
        answers.filter(has_text="10").click()
        page.get_by_label("Walk back").press("End")
        assert "h stands there backwards" in page.locator(".fs-say").inner_text()
        assert (state(page)["walk"], state(page)["guess_value"]) == (1, 10)


class TestRide:
    def test_a_ride_takes_its_time_and_stops(self, browser):
        runs_and_stops(host(browser, TyreRide, [traits_of(TyreRide(t=0.0))]), "t", 0.2, 6, "Ride")

    def test_without_motion_it_arrives_at_once(self, browser):
        page = host(browser, TyreRide, [traits_of(TyreRide(t=0.0))], reduced_motion="reduce")
        page.locator(".fs-main").click()
        assert state(page)["t"] == 6
