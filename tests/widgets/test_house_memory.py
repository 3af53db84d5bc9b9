"""HouseMemory: by hand, against a solver, both readings swept, and what the scattering page may not show."""

import numpy as np
import pytest
import widget_pages
from scipy.integrate import solve_ivp
from sweep import sweep
from widget_pages import begin, host, runs_and_stops, says, traits_of

from convlib.signals.systems import impulse_response
from convlib.widgets import HouseMemory

STEP = [5.0, 5.0, *[20.0] * 9]
HOURLY = {"view": "scatter"}


class TestNumbers:
    def test_constant_weather_goes_through_any_wall(self):
        for wall in (15, 30, 45):
            for t in (0, 7, 60):
                house = HouseMemory(outdoor=[12] * 11, wall=wall, t=t)
                assert np.isclose(float(house.shown()["y"]), 12)

    def test_solves_the_equation_of_the_house(self):
        for wall, t in ((15, 23), (30, 60), (45, 41)):
            house = HouseMemory(wall=wall, t=t)
            hours, rate = house._hours(), 1 / (20 * (wall / 30) ** 2)
            y = hours[0]
            for hour in hours[:t]:
                y = solve_ivp(lambda _, v, a=rate, x=hour: a * (x - v), (0, 1), [y], rtol=1e-10, atol=1e-10).y[0, -1]
            assert np.isclose(float(house.shown()["y"]), y, atol=1e-6)

    def test_twice_as_thick_is_four_times_as_slow(self):
        assert HouseMemory(wall=15, role="scatter").shown()["constant"] == pytest.approx(5)
        assert HouseMemory(wall=30, role="scatter").shown()["constant"] == pytest.approx(20)

    def test_where_the_warmth_comes_from(self):
        shown = HouseMemory(outdoor=STEP, wall=30, t=60).shown()
        new, day, old, y = (float(shown[key]) for key in ("new", "day", "old", "y"))
        assert np.isclose(new + day + old, y)
        h = impulse_response(np.linspace(0, 6, 6001), 1 / 20, 1 / 20)
        assert np.isclose(new, 20 * np.trapezoid(h, dx=0.001), atol=0.01)

    def test_what_is_told(self, browser):
        gather, scatter, start = (HouseMemory(outdoor=[12] * 11, **more) for more in ({}, HOURLY, HOURLY | {"t": 0}))
        texts = says(browser, gather, scatter, start)
        assert texts[0].endswith("The area under the product is 12 °C: the temperature inside.")
        adds = "The hour that just ended, at 12 °C, adds 0.59 of them. Half of that is left after 13.86 more hours."
        assert texts[1] == f"Hour 36: 12 °C inside. {adds}"
        assert texts[2].startswith("Hour 0: 12 °C inside, as it has long been outside.")
        parts = "from the last 6 hours 3.11 + from the 18 before 5.28 + from all earlier hours 3.61"
        assert says(browser, gather, part=".hm-line") == [f"{parts} = 12 °C"]

    def test_the_hours_pass_once_the_reader_has_answered(self, browser):
        page = host(browser, HouseMemory, [traits_of(HouseMemory(outdoor=STEP, t=18, predict=True, role="scatter"))])
        page.get_by_role("group", name="Your answer").get_by_role("button").first.click()
        page.get_by_label("Hour", exact=True).press("ArrowRight")
        assert page.locator(".hm-value").count() == 1 and not page.locator(".hm-ask text").count()

    def test_predict_hides_the_inside_and_names_the_slip(self, browser):
        asked = HouseMemory(outdoor=STEP, t=30, predict=True)
        assert not {"y", "new", "day", "old"} & set(asked.shown())
        [answers] = says(browser, asked, part=".fs-answers")
        degrees = [float(text.split()[0]) for text in answers.split("\n")]
        assert len(degrees) == 3 and degrees == sorted(degrees)
        starts = {"echoes": "Right.", "now": "No: the house does", "mean": "No: the hours do not"}
        judged = says(browser, *(HouseMemory(outdoor=STEP, t=30, predict=True, guess=guess) for guess in starts))
        assert begin(judged, starts.values())

    def test_equal_answers_are_offered_once(self, browser):
        asked = HouseMemory(outdoor=[9] * 11, t=30, predict=True)
        assert says(browser, asked, part=".fs-answers") == ["9 °C"]
        [said] = says(browser, HouseMemory(outdoor=[9] * 11, predict=True, guess="now"))
        assert said.startswith("Right.")


class TestPage:
    def test_a_page_that_scatters_shows_nothing_gathered(self, browser):
        house = HouseMemory(role="scatter", view="gather", t=20)
        page = host(browser, HouseMemory, [traits_of(house)], reduced_motion="reduce")
        for predict in (False, True):
            words = page.locator(".fs").evaluate("(root) => root.outerHTML").lower()
            for word in ("gather", "λ", "product", "weight", "moment", "backward", "flip"):
                assert word not in words, (predict, word)
            page.get_by_label("Predict first").check()
        assert "?" in page.locator(".fs-say").inner_text()
        page.get_by_role("group", name="Your answer").get_by_role("button").first.click()
        assert "°C inside" in page.locator(".fs-say").inner_text()

    def test_the_hours_pass_and_stop(self, browser):
        page = host(browser, HouseMemory, [traits_of(HouseMemory(role="scatter", t=0))])
        runs_and_stops(page, "t", 2, 60, "Let the hours pass")

    def test_the_other_reading_survives_the_sweep(self, browser, site, monkeypatch):
        monkeypatch.setitem(widget_pages.INPUTS, "HouseMemory", lambda rng: {"view": "scatter", "wall": 20})
        seen = sweep(browser, site, HouseMemory)
        assert not seen.failures, "\n".join(seen.failures)
