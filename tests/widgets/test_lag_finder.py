"""LagFinder: scores by hand and against NumPy, its noise, its two verdicts, Python and JavaScript, hand and keys."""

from itertools import product

import numpy as np
import pytest
from browser import until
from sweep import mismatches
from sweep_controls import centre, pull
from widget_pages import box_of, drag, host, open_page, says, state, traits_of, widget_page

from convlib.signals.data import load_photo
from convlib.widgets import LagFinder
from convlib.widgets.lag_finder.widget import (
    LAGS,
    LONG,
    PULSE,
    TRIALS,
    UNIT,
    both_scores,
    head,
    hits,
    lit,
    signal,
    trials,
)
from convlib.widgets.lib.traits import pixels

LIGHTS = ("even", "gradient", "patch")


def noisy(rows, cols):
    return np.random.default_rng(0).integers(0, 256, (rows, cols)) / 255


class TestScores:
    def test_by_hand(self):
        """A template of two on four samples; each pair's own mean is taken off."""
        found = both_scores(np.array([0, 3, 1, 1]), np.array([1, 2]))
        assert found["raw"].tolist() == [6, 5, 3]
        assert found["normalised"].tolist() == [1, -1, 0]

    @pytest.mark.parametrize("shapes", [((30,), (7,)), ((9, 12), (4, 5))])
    def test_against_numpy(self, shapes):
        rng = np.random.default_rng(1)
        x, h = (rng.integers(-50, 50, shape) for shape in shapes)
        found = both_scores(x, h)
        for place in np.ndindex(found["raw"].shape):
            part = x[tuple(slice(p, p + n) for p, n in zip(place, h.shape, strict=True))]
            assert found["raw"][place] == np.vdot(h, part)
            assert np.isclose(found["normalised"][place], np.corrcoef(h.ravel(), part.ravel())[0, 1])

    def test_the_pulse_alone(self):
        finder = LagFinder(noise=0.0, trial=3, lag=trials()[2][0])
        assert finder.shown()["raw"] == 13 and np.isclose(float(finder.shown()["normalised"]), 1)
        own = np.correlate(PULSE, PULSE, "full")
        assert own.max() == 13 and np.abs(np.delete(own, 12)).max() == 1  # Barker's

    def test_the_noise_is_white(self):
        rough = np.array([noise for _, noise in trials()]) / 256
        assert rough.shape == (TRIALS, LONG) and abs(rough.mean()) < 0.05 and abs(rough.std() - 1) < 0.05
        beside = np.corrcoef(rough[:, 1:].ravel(), rough[:, :-1].ravel())[0, 1]
        below = np.corrcoef(rough[1:].ravel(), rough[:-1].ravel())[0, 1]
        assert abs(beside) < 0.05 and abs(below) < 0.05
        echoes = [echo for echo, _ in trials()]
        assert min(echoes) >= 5 and max(echoes) < LAGS - 5 and len(set(echoes)) > 20

    def test_the_signal_is_noise_and_echo(self):
        echo, rough = trials()[6]
        x = signal(7, 0.7) - 7 * rough
        assert np.array_equal(x[echo : echo + 13], UNIT * PULSE) and np.count_nonzero(x) == 13

    def test_the_photo_is_a_small_copy(self):
        assert head().shape == (50, 64)
        assert np.isclose(head()[3, 5], load_photo()[44:52, 40:48].mean())
        grey = pixels(LagFinder().photo)
        assert all(lit(grey, light).max() <= 255 for light in LIGHTS)
        assert abs((lit(grey, "even", 1.0) - grey.astype(int)).std() - 10) < 0.5


def test_each_score_has_its_place():
    """Claim B10: raw wins in white noise; in another light it is fooled and the normalised one is not."""
    assert hits(1.0)["raw"] - hits(1.0)["normalised"] >= 5
    assert hits(0.0) == {"raw": TRIALS, "normalised": TRIALS}
    for light in ("gradient", "patch"):
        shown = LagFinder(mode="photo", light=light).shown()
        assert (shown["best normalised row"], shown["best normalised col"]) == (2, 27)
        assert (shown["best raw row"], shown["best raw col"]) != (2, 27)


def test_the_echo_that_the_page_hides_is_not_where_the_signal_is_largest():
    x, shown = signal(31, 0.9), LagFinder(trial=31, noise=0.9).shown()
    assert shown["best raw"] == 26 and "truth" not in shown and (x[26:39] * PULSE > 0).all()
    assert np.abs(x).argmax() == 59


class TestWords:
    def test_predict_hides_the_scores(self, browser):
        asked = [LagFinder(mode=mode, predict=True) for mode in ("signal", "photo")]
        assert [set(one.shown()) for one in asked] == [{"noise", "lag", "trial"}, {"noise"}]
        assert all("will be largest, and press" in text for text in says(browser, *asked))
        assert not "".join(says(browser, *asked, part=".lf-line"))

    def test_a_guess_in_the_signal(self, browser):
        starts = {23: "Right.", 24: "Right.", 40: "You said lag 40."}
        texts = says(browser, *(LagFinder(predict=True, guess=guess) for guess in starts))
        end = " The raw score is largest at lag 23, and there the echo begins: a hit."
        assert texts == [start + end for start in starts.values()]

    def test_a_guess_in_the_photo(self, browser):
        starts = {32 * 53 + 52: "Right.", 2 * 53 + 27: "You said [2, 27]."}
        made = [LagFinder(mode="photo", light="gradient", predict=True, guess=guess) for guess in starts]
        end = " The raw score is largest at [32, 52], but the template was cut at [2, 27]: a miss."
        assert says(browser, *made) == [start + end for start in starts.values()]

    def test_both_maxima_and_the_tally(self, browser):
        lines = says(browser, LagFinder(), LagFinder(mode="photo", light="patch"), part=".lf-line")
        assert lines[1] == "Largest raw score: at lag 23, a hit. Largest normalised score: at lag 23, a hit."
        found = hits(1.0)
        tally = f"the raw score finds {found['raw']}, the normalised one {found['normalised']}."
        assert lines[2] == f"All 40 trials with this noise: {tally}"
        assert lines[4].endswith("a miss. Largest normalised score: at [2, 27], a hit.") and not lines[5]

    def test_a_place_outside_is_moved_inside(self, browser):
        finder = LagFinder(mode="photo", photo=noisy(14, 20), row=99, col=99, home=[50, 0])
        [text] = says(browser, finder)
        assert text == "The raw score is largest at [2, 0], and there the template was cut: a hit."


SHOWN = """() => [...document.querySelectorAll("[data-shown]")].filter((n) => n.checkVisibility())
    .map((n) => [n.dataset.shown, n.dataset.value ?? null, n.textContent])"""
STATES = [
    *(
        {"trial": t, "noise": v, "score": s}
        for t, v, s in product((1, 8, 21, 40), (0.3, 1.0, 1.9), ("raw", "normalised"))
    ),
    *(
        {"mode": "photo", "light": v, "home": h, "score": "raw"}
        for v, h in product(LIGHTS, ([2, 27], [22, 28], [38, 52]))
    ),
]


def differing(browser):
    """What the page shows otherwise than Python, over many states."""
    page = host(browser, LagFinder, [traits_of(LagFinder())])
    bad = []
    for one in STATES:
        page.evaluate("(all) => Object.entries(all).forEach(([k, v]) => window.models[0].set(k, v))", one)
        bad += mismatches(page.evaluate(SHOWN), LagFinder(**state(page)).shown())
    page.close()
    return bad


class TestJavaScript:
    def test_the_same_numbers(self, browser):
        assert differing(browser) == []

    def test_must_fail(self, browser, monkeypatch):
        monkeypatch.setattr(LagFinder, "_esm", LagFinder._esm.replace("- total * total)", ")"))
        assert differing(browser)


class TestHand:
    def test_the_pulse_follows_the_pointer(self, browser):
        page = host(browser, LagFinder, [traits_of(LagFinder(lag=20))])
        grip = page.get_by_role("slider", name="Pulse")
        x, y, width, _ = box_of(grip)
        drag(page, (x + 0.3 * width, y + 20), (x + 0.5 * width, y + 20))
        assert state(page)["lag"] == 40
        grip.press("ArrowLeft")
        assert (state(page)["lag"], grip.get_attribute("aria-valuetext")) == (39, "lag 39")

    def test_the_template_follows_keys_and_stays_inside(self, browser):
        page = host(browser, LagFinder, [traits_of(LagFinder(mode="photo", row=30, col=6))])
        frame = page.get_by_role("slider", name="Template")
        for key, place in (("ArrowRight", (30, 7)), ("ArrowUp", (29, 7)), ("End", (38, 52)), ("ArrowDown", (38, 52))):
            frame.press(key)
            assert (state(page)["row"], state(page)["col"]) == place
            assert frame.get_attribute("aria-valuetext") == f"row {place[0]}, column {place[1]}"
        frame.press("Home")
        page.get_by_role("button", name="Cut the template here").click()
        assert state(page)["home"] == [0, 0]

    @pytest.mark.parametrize("means", ["mouse", "touch"])
    def test_the_template_follows_mouse_and_finger(self, browser, means):
        page = host(browser, LagFinder, [traits_of(LagFinder(mode="photo", row=20, col=20))], has_touch=True)
        frame = page.get_by_role("slider", name="Template").element_handle()
        pixel, (x, y) = box_of(page.locator(".lf-photo .lf-view"))[2] / 64, centre(frame)
        for _ in pull(page, means, [(x, y), (x + 5, y), (x + 10 * pixel, y - 6 * pixel)]):
            pass
        assert (state(page)["row"], state(page)["col"]) == (14, 30)


@pytest.mark.parametrize("predict", [False, True])
@pytest.mark.parametrize("width", [360, 720])
def test_layout_of_the_photo(browser, site, width, predict):
    """The sweep looks at the layout of the mode in which it begins; this is the other one."""
    address = site.put(f"photo-{width}-{predict}", widget_page([LagFinder(mode="photo", predict=predict)]))
    with open_page(browser, address, viewport={"width": width, "height": 1200}) as (page, seen):
        until(page, "() => sweep.root()")
        assert page.evaluate("sweep.layout()") == []
        assert seen.problems(site.base) == []
