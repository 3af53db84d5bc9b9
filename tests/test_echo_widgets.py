"""TyreRide and EchoTable: by hand, against convlib, and what a page that scatters may not show."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import traitlets
from browser import chromium
from playwright.sync_api import Browser
from widget_pages import host, traits_of

from convlib import convolve, correlate
from convlib.systems import impulse_response
from convlib.widgets import EchoTable, TyreRide

QUIET = [0.0] * 8


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


class TestTyreRide:
    def test_one_stone_leaves_h(self) -> None:
        for t in (0.0, 0.7, 2.5):
            ride = TyreRide(stones=[1.0, *QUIET[1:]], strength=2.0, rate=1.0, t=t)
            assert np.isclose(float(ride.shown()["y"]), impulse_response(t))

    def test_two_stones_by_hand(self) -> None:
        ride = TyreRide(stones=[2, 0, 2, 0, 0, 0, 0, 0], t=1.0)
        assert np.isclose(float(ride.shown()["y"]), 4 + 4 / np.e)
        assert ride.shown()["line"] == "one by one: 1.47 + 4 = 5.47 mm; the ride: 5.47 mm"

    @pytest.mark.parametrize(
        ("tyre", "adds", "keeps"), [("sound", True, True), ("rim", False, True), ("leaks", True, False)]
    )
    def test_each_tyre_fails_its_own_test(self, tyre: str, adds: bool, keeps: bool) -> None:
        for view, passes in (("sum", adds), ("later", keeps)):
            for guess in ("yes", "no"):
                ride = TyreRide(tyre=tyre, view=view, predict=True, guess=guess)
                verdict = "Right." if (guess == "yes") == passes else "No."
                assert str(ride.shown()["say"]).startswith(verdict)

    def test_small_stones_never_reach_the_rim(self) -> None:
        ride = TyreRide(tyre="rim", stones=[1, *QUIET[1:]])
        assert str(ride.shown()["say"]).endswith("The rim was never reached: try larger stones.")
        high = TyreRide(tyre="rim", stones=[4, *QUIET[1:]], t=0.0)
        assert high.shown()["y"] == 5

    def test_predict_hides_the_ride(self) -> None:
        shown = TyreRide(predict=True).shown()
        assert not {"y", "line"} & set(shown) and shown["answer[0]"] == "yes"

    def test_a_smooth_road(self) -> None:
        assert "smooth" in str(TyreRide(stones=QUIET).shown()["say"])
        assert TyreRide(stones=QUIET).shown()["line"] == "no stone yet"

    @pytest.mark.parametrize("bad", [{"stones": [1, 2]}, {"stones": [5, *QUIET[1:]]}, {"t": 7.0}, {"tyre": "flat"}])
    def test_bad_traits(self, bad: dict[str, Any]) -> None:
        with pytest.raises(traitlets.TraitError, match=next(iter(bad))):
            TyreRide(**bad)


X, H = [2, 0, -1, 3, 1], [4, 2, 1]


class TestEchoTable:
    def test_rows_and_columns_by_hand(self) -> None:
        shown = EchoTable(x=X, h=H, n=3, rows=5, role="scatter").shown()
        assert [shown[f"echo[3,{j}]"] for j in range(3)] == [12, 6, 3]
        assert [shown[f"y[{i}]"] for i in range(7)] == [8, 4, -2, 10, 9, 5, 1]
        assert shown["line"] == "y[3] = 0 + (−2) + 12 = 10" and shown["row[2]"] == "−1 × h"

    def test_inputs_come_one_by_one(self) -> None:
        table = EchoTable(x=X, h=H, n=2, role="scatter")
        for rows in range(6):
            table.rows = rows
            expected = convolve([*X[:rows], *[0] * (5 - rows)], H)
            assert [table.shown()[f"y[{i}]"] for i in range(7)] == list(expected)
            assert sum(key.startswith("echo[") for key in table.shown()) == 3 * rows

    def test_gathering_reads_h_backwards(self) -> None:
        shown = EchoTable(x=X, h=H, n=3, walk=1.0).shown()
        assert [shown[f"weight[{k}]"] for k in (1, 2, 3)] == ["h[2]", "h[1]", "h[0]"]
        assert [shown[f"pair[{k}]"] for k in (1, 2, 3)] == ["0·1", "−1·2", "3·4"]
        assert shown["line"] == "y[3] = x[1]·h[2] + x[2]·h[1] + x[3]·h[0] = 0·1 + (−1)·2 + 3·4 = 10"
        assert "backwards" in str(shown["say"])

    def test_flip_neither_is_the_correlation(self) -> None:
        for n, value in enumerate(correlate(X, H)):
            shown = EchoTable(x=X, h=H, n=n, pairing="unflipped").shown()
            assert f" = {value}, and".replace("-", "−") in str(shown["line"])
        middle = EchoTable(x=X, h=H, n=3, pairing="unflipped").shown()
        assert [middle[f"weight[{k}]"] for k in (1, 2, 3)] == ["h[0]", "h[1]", "h[2]"]

    def test_asks_for_the_order_then_for_the_number(self) -> None:
        asked = EchoTable(x=X, h=H, n=3, predict=True).shown()
        assert [asked[f"answer[{i}]"] for i in range(3)] == ["h[0], h[1], h[2]", "h[2], h[1], h[0]", "h[0], h[0], h[0]"]
        assert not [key for key in asked if key.startswith(("pair", "weight", "y[", "line"))]
        for order, word in (("backwards", "Right"), ("forwards", "No"), ("newest", "No")):
            said = EchoTable(x=X, h=H, n=3, predict=True, guess_order=order).shown()
            assert str(said["say"]).startswith(f"{word}: they are h[2], h[1], h[0].")
            assert "10" in [said[f"answer[{i}]"] for i in range(3)] and "y[3]" not in said
        done = EchoTable(x=X, h=H, n=3, predict=True, guess_order="backwards", guess_value=1).shown()
        assert str(done["say"]).startswith("Not 1.") and done["y[3]"] == 10

    def test_one_weight_alone_offers_no_double_answers(self) -> None:
        asked = EchoTable(x=X, h=H, n=0, predict=True).shown()
        assert [key for key in asked if key.startswith("answer")] == ["answer[0]"]

    @pytest.mark.parametrize(
        ("bad", "message"),
        [
            ({"n": 7}, "n must be from 0 to 6 for 5 inputs and 3 weights, not 7"),
            ({"rows": 6}, "rows must be from 0 to 5 for 5 inputs and 3 weights, not 6"),
            ({"x": [1] * 9}, "x must be 2 to 8 entries of whole numbers from -9 to 9"),
            ({"h": [0.5, 1]}, "h must be 2 to 5 entries of whole numbers"),
        ],
    )
    def test_bad_traits(self, bad: dict[str, Any], message: str) -> None:
        with pytest.raises(traitlets.TraitError) as error:
            EchoTable(**{"x": X, "h": H, "n": 3, **bad})
        assert message in str(error.value)

    def test_a_page_that_scatters_shows_nothing_backwards(self, browser: Browser) -> None:
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
        page.close()

    def test_the_gathering_page_says_it_only_after_the_answer(self, browser: Browser) -> None:
        page = host(browser, EchoTable, [traits_of(EchoTable(x=X, h=H, predict=True))], reduced_motion="reduce")
        assert "backwards" not in page.locator(".fs").inner_text()
        assert not page.get_by_label("Walk back").is_visible()
        answers = page.get_by_role("group", name="Your answer").get_by_role("button")
        answers.nth(1).click()
        assert page.locator(".fs-say").inner_text().startswith("Right: they are h[2], h[1], h[0].")
        answers.filter(has_text="10").click()
        page.get_by_label("Walk back").press("End")
        assert "h stands there backwards" in page.locator(".fs-say").inner_text()
        state = json.loads(page.locator(".fs").evaluate("(root) => JSON.stringify(root.state())"))
        assert state["walk"] == 1 and state["guess_value"] == 10
        page.close()


class TestRide:
    def test_a_ride_takes_its_time_and_stops(self, browser: Browser) -> None:
        page = host(browser, TyreRide, [traits_of(TyreRide(t=0.0))])
        button = page.locator(".fs-main")
        button.click()
        page.wait_for_function("() => document.querySelector('.fs').state().t > 0.2")
        assert button.inner_text() == "Stop"
        button.click()
        at = page.locator(".fs").evaluate("(root) => root.state().t")
        page.wait_for_timeout(100)
        assert page.locator(".fs").evaluate("(root) => root.state().t") == at < 6
        assert button.inner_text() == "Ride"
        page.close()

    def test_without_motion_it_arrives_at_once(self, browser: Browser) -> None:
        page = host(browser, TyreRide, [traits_of(TyreRide(t=0.0))], reduced_motion="reduce")
        page.locator(".fs-main").click()
        assert page.locator(".fs").evaluate("(root) => root.state().t") == 6
        page.close()
