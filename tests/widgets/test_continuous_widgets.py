"""FlipAndSlide and LinesOfConstantSum: their integral by hand and against sums, in Python and in JavaScript."""

import json
from itertools import pairwise, product
from math import exp, pi, sqrt

import numpy as np
import pytest
from browser import until
from test_maths_js import run
from widget_pages import box_of, drag, host, middle_of, says, state, traits_of

from convlib.signals.systems import respond
from convlib.widgets import FlipAndSlide, LinesOfConstantSum
from convlib.widgets.lib.base import HERE
from convlib.widgets.lib.shapes import FORMS, KNOTS, integral, pieces, shape

FLAT, NAMES = [0.0] * 13, [*FORMS, "drawn"]
HILL = [0.0, 0.3, 0.0, 0.0, 0.2, 0.6, 1.0, 0.8, 0.4, 0.3, 0.0, 0.0, 0.5]
TIMES = (-2.0, -0.35, 0.0, 0.7, 1.05, 2.0, 3.3, 5.0)


def named(name):
    return shape(name, HILL)


class TestIntegral:
    @pytest.mark.parametrize(
        ("f", "g", "t", "value"),
        [
            ("box", "box", 1.5, 1.5),
            ("box", "box", 2.0, 2.0),
            ("box", "box", 3.5, 0.5),
            ("box", "box", 4.0, 0.0),
            ("box", "decay", 1.0, 1 - exp(-1)),
            ("box", "decay", 3.0, (exp(2) - 1) * exp(-3)),
            ("ramp", "ramp", 2.0, 1 / 3),
            ("decay", "decay", 2.0, 2 * exp(-2)),
            ("gaussian", "gaussian", 1.0, sqrt(pi / 4) * exp(-1)),
            ("boxes", "box", 2.0, 1.0),
            ("triangle", "box", 3.0, 0.5),
        ],
    )
    def test_by_hand(self, f, g, t, value):
        assert np.isclose(integral(named(f), named(g), t), value, rtol=1e-7, atol=1e-12)

    @pytest.mark.parametrize(("f", "g"), [*product(NAMES, repeat=2)])
    def test_against_the_sum(self, f, g):
        dt = 0.01
        at = np.arange(-4, 13, dt) + dt / 2

        def sampled(one):
            inside = (at > one.breaks[0]) & (at < one.breaks[-1])
            return np.array([one.smooth(v) if keep else 0.0 for v, keep in zip(at, inside, strict=True)])

        y = respond(sampled(named(f)), sampled(named(g)), dt)
        for n in (300, 480, 777, 1100):
            t = 2 * at[0] + n * dt  # the two grids begin at -4: their sums at -8
            assert abs(integral(named(f), named(g), t) - y[n]) < 2 * dt

    def test_commutes_and_pieces_are_in_order(self):
        for f, g, t in product(NAMES, NAMES, TIMES):
            assert np.isclose(integral(named(f), named(g), t), integral(named(g), named(f), t), atol=1e-7)
            assert all(a < b for a, b in pairwise(pieces(named(f), named(g), t)))

    def test_nothing_drawn(self):
        assert pieces(shape("drawn", FLAT), named("box"), 1.0) == []
        assert integral(shape("drawn", FLAT), named("box"), 1.0) == 0

    def test_a_drawn_function_runs_straight_between_its_knots(self):
        hand = shape("drawn", HILL)
        assert (hand.start, hand.end) == (-1, 2)
        assert np.isclose(hand.smooth(0.375), 0.8) and hand.smooth(KNOTS[6]) == 1
        alone = shape("drawn", [0.0] * 6 + [1.0] + [0.0] * 6)
        assert (alone.start, alone.end) == (0.25, 0.75)


ASK = "%s.map(([f, g, t, knots]) => js.integral(js.shape(f, knots), js.shape(g, knots), t))"


class TestJavaScript:
    cases = tuple([f, g, t, HILL] for f, g, t in product(NAMES, NAMES, TIMES))

    def worst(self, maths):
        want = [integral(named(f), named(g), t) for f, g, t, _ in self.cases]
        got = np.array(run(maths, ASK % json.dumps(self.cases)), float)  # what is no number comes as null
        return float(np.nan_to_num(np.abs(got - want), nan=np.inf).max())

    def test_the_same_numbers(self):
        assert self.worst(HERE / "maths.js") < 1e-12

    def test_must_fail(self, tmp_path):
        maths = (HERE / "maths.js").read_text("utf-8")
        (spoiled := tmp_path / "maths.js").write_text(maths.replace("0.362683783378362]", "0.37]"), "utf-8")
        assert self.worst(spoiled) > 1e-6


class TestFlipAndSlide:
    def test_limits_and_whose_they_are(self, browser):
        cases = [
            ("box", "decay", 1.0, ["0", "f begins"], ["t = 1", "g begins"]),
            ("box", "decay", 3.0, ["0", "f begins"], ["2", "f ends"]),
            ("box", "ramp", 3.0, ["t − 2 = 1", "g ends"], ["2", "f ends"]),
            ("box", "gaussian", 1.0, ["0", "f begins"], ["2", "f ends"]),
            ("gaussian", "box", 1.0, ["t − 2 = −1", "g ends"], ["t = 1", "g begins"]),
            ("gaussian", "gaussian", 1.0, ["−∞", "no limit"], ["∞", "no limit"]),
        ]
        both = [FlipAndSlide(f=f, g=g, t=t) for f, g, t, *_ in cases]
        assert [(w.shown()["lower"], w.shown()["upper"]) for w in both] == [(a[0], b[0]) for *_, a, b in cases]
        page = host(browser, FlipAndSlide, [traits_of(w) for w in both], reduced_motion="reduce")
        assert page.locator(".sl-limits text").all_text_contents() == [text for *_, a, b in cases for text in a + b]

    def test_steps_show_what_they_have_reached(self, browser):
        steps = [FlipAndSlide(f="box", g="box", t=1.5, step=s) for s in ("start", "flip", "shift", "multiply")]
        keys = [set(w.shown()) for w in (*steps, FlipAndSlide())]
        assert keys[0] == keys[1] == {"t"} and keys[2] == keys[3] == {"t", "lower", "upper", "from", "to"}
        assert keys[4] == keys[3] | {"y"}
        texts = says(browser, *steps)
        assert texts[0].startswith("The two as they are.") and texts[1].startswith("g(−τ): age 1")
        assert texts[2] == "g(1.5 − τ): turned round, then moved by 1.5. The two meet from 0 to 1.5."
        assert texts[3] == "At each τ the product f(τ) · g(1.5 − τ). It runs from 0 to 1.5."

    def test_where_they_meet_and_where_not(self, browser):
        meet, apart = (FlipAndSlide(f="box", g="box", t=t) for t in (1.5, -1.0))
        lines = says(browser, meet, apart, part=".sl-sum")
        assert lines == [
            "y(1.5) = ∫ f(τ) · g(1.5 − τ) dτ, for τ from 0 to 1.5, = 1.5",
            "y(−1) = 0: the two do not meet",
        ]
        assert "lower" not in apart.shown()

    def test_the_largest(self, browser):
        asked, *judged = (FlipAndSlide(f="box", g="box", predict=True, guess=g) for g in (None, 2.0, 1.95, 4.0))
        question, *texts = says(browser, asked, *judged)
        assert "?" in question and not {"y", "from", "best"} & set(asked.shown())
        controls = says(browser, asked, judged[0], part=".fs-controls")
        assert ["Step" in text for text in controls[::2]] == [False, True]
        area = " The area under the product is y(1) = 1."
        wrong = "No: y is largest at t = 2, not at {}."
        assert texts == [
            "Right: y is nowhere larger than at t = 2." + area,
            *(wrong.format(g) + area for g in ("1.95", "4")),
        ]
        assert [w.shown()["best"] for w in judged] == [2] * 3

    def test_nothing_drawn_is_said(self, browser):
        [said] = says(browser, FlipAndSlide(f="drawn", f_drawn=FLAT))
        assert "zero everywhere" in said

    def test_drawing_starts_from_what_is_there_and_goes_straight(self, browser):
        page = host(browser, FlipAndSlide, [traits_of(FlipAndSlide(f="ramp"))], reduced_motion="reduce")
        page.get_by_label("Input f").select_option("drawn by hand")
        assert state(page)["f_drawn"] == [0, 0, 0, 0, 0, 0.1, 0.3, 0.4, 0.5, 0.6, 0.8, 0.9, 1]
        pen = page.get_by_role("slider", name="Pen on f")
        pen.scroll_into_view_if_needed()
        x, y, width, height = box_of(pen)
        places = [(x + k * width / 12, y + down * height) for k, down in ((2, 1), (2, 0.5), (7, 0))]
        drag(page, *places)
        assert state(page)["f_drawn"][:9] == [0, 0, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 0.5]
        pen.press("ArrowLeft")
        pen.press("ArrowDown")
        assert (state(page)["f_pen"], state(page)["f_drawn"][6]) == (6, 0.8)

    def test_g_is_carried_and_arrives(self, browser):
        page = host(browser, FlipAndSlide, [traits_of(FlipAndSlide(step="start"))])
        page.evaluate(
            """() => { const path = document.querySelector(".sl-slid path");
            window.seen = []; window.last = performance.now();
            const note = () => { window.seen.push(path.getAttribute("d")); window.last = performance.now(); };
            note(); new MutationObserver(note).observe(path, { attributes: true }); }"""
        )
        page.get_by_label("flip", exact=True).check()
        until(page, "window.seen.length > 2 && performance.now() - window.last > 1000")
        seen = page.evaluate("window.seen")
        assert len({seen[0], seen[1], seen[-1]}) == 3, "it starts, is on its way, and arrives"


class TestLinesOfConstantSum:
    def test_by_hand(self, browser):
        along, outside = (LinesOfConstantSum(f="box", g="box", n=1.5, x=x) for x in (0.5, -0.5))
        line, none = (LinesOfConstantSum(f="box", g="box", n=n, measure="line") for n in (1.5, 5.0))
        assert np.isclose(float(along.shown()["sum"]), 1.5) and along.shown()["here"] == 1
        assert outside.shown()["here"] == 0
        texts = says(browser, along, line, none, part=".lc-foot")
        assert texts[0] == "x = 0.5 and y = 1: f(x) · g(y) = 1. Measured along x, the area under the product is 1.5."
        assert texts[1].endswith("it would be 2.12: too much.") and texts[2].endswith("it would be 0 as well.")

    def test_swapping_keeps_the_sum(self, browser):
        page = host(browser, LinesOfConstantSum, [traits_of(LinesOfConstantSum(f="ramp", g="decay", n=1.3))])
        total = page.locator("svg [data-shown=sum]")
        before = float(total.get_attribute("data-value") or "nan")
        page.get_by_text("Swap f and g").click()
        assert (state(page)["f"], state(page)["g"]) == ("decay", "ramp")
        assert np.isclose(float(total.get_attribute("data-value") or "nan"), before)

    def test_the_line_follows_the_pointer(self, browser):
        page = host(browser, LinesOfConstantSum, [traits_of(LinesOfConstantSum())])
        x, y = middle_of(page.get_by_role("slider", name="Line x + y = n"))
        drag(page, (x - 30, y), (x, y))  # the middle of the square is the pair (1, 1)
        assert abs(state(page)["n"] - 2) < 0.06
