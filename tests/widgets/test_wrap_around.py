"""WrapAround: folded by hand, against the FFT, in the browser against both, and the cut by every means."""

from itertools import product

import numpy as np
import pytest
from scipy.fft import fft, ifft
from widget_pages import begin, box_of, drag, host, middle_of, says, state, traits_of

from convlib.widgets import WrapAround
from convlib.widgets.wrap_around.widget import LEN_H, LONGEST, SHORTEST

X, H = [2, 0, 1, 4, 0, 3, 5], [5, 3, 2, 1, 1]
SIZES = range(SHORTEST, LONGEST + 1)


def returned(page):
    """What the page says comes back, place by place."""
    texts = page.locator(".wa-back [data-shown^=circular]").evaluate_all("(all) => all.map((n) => n.dataset.value)")
    return [float(text) for text in texts]


class TestNumbers:
    def test_by_hand(self):
        widget = WrapAround(x=[1, 0, 0, 0, 0, 0, 2], h=[3, 4, 5, 9, 9], len_h=3, n_fft=8)
        assert widget.linear() == [3, 4, 5, 0, 0, 0, 6, 8, 10]
        assert widget.circular() == [13, 4, 5, 0, 0, 0, 6, 8] and widget.spoiled() == 1
        assert (widget.shown()["y[8]"], widget.shown()["circular[0]"]) == (10, 13)

    def test_below_the_length_of_x_it_crops_first(self):
        widget = WrapAround(x=[1, 0, 0, 0, 0, 0, 2], h=[3, 4, 5, 9, 9], len_h=3, n_fft=6)
        assert widget.circular() == [3, 4, 5, 0, 0, 0]  # the 2 is gone

    @pytest.mark.parametrize(("len_h", "n_fft"), [*product(range(1, LEN_H + 1), SIZES)])
    def test_the_first_ones_are_spoiled_and_no_other(self, len_h, n_fft):
        widget = WrapAround(x=[v + 1 for v in X], h=H, len_h=len_h, n_fft=n_fft)
        full = np.convolve(widget.x, widget.h[:len_h])
        full = np.pad(full, (0, max(0, n_fft - full.size)))[:n_fft]
        wrong = np.flatnonzero(np.array(widget.circular()) != full)
        assert wrong.tolist() == list(range(widget.spoiled()))


@pytest.mark.parametrize(("len_h", "n_fft"), [*product(range(1, LEN_H + 1), SIZES)])
def test_the_product_of_two_dfts_is_the_folded_result(len_h, n_fft):
    widget = WrapAround(x=X, h=H, len_h=len_h, n_fft=n_fft)
    back = ifft(fft(X, n_fft) * fft(H[:len_h], n_fft)).real
    assert np.allclose(back, widget.circular())


class TestWords:
    def test_what_happens_is_said(self, browser):
        told = {
            7: "the last 3 of 10 samples find no place and land on n = 0, 1, 2.",
            9: "the last of 10 samples finds no place and lands on n = 0.",
            10: "all 10 samples have a place of their own. Nothing wraps.",
            11: "The last one stays 0.",
            13: "The last 3 stay 0.",
        }
        cropped = WrapAround(x=X, h=H, len_h=1, n_fft=6)
        zero = WrapAround(x=[5, 0, 0, 0, 0, 0, 0], len_h=4, n_fft=8)
        texts = says(browser, *(WrapAround(x=X, h=H, len_h=4, n_fft=n) for n in told), cropped, zero)
        assert all(text.endswith(words) for text, words in zip(texts, told.values(), strict=False))
        assert texts[-2].endswith(
            "throws x[6] away before anything is multiplied. Nothing wraps, but the end is missing."
        )
        assert texts[-1].endswith("Where a 0 lands, the number is right by chance.")

    def test_the_sum_and_how_many_are_spoiled(self, browser):
        given = {"x": [1, 0, 0, 0, 0, 0, 2], "h": [3, 4, 5, 9, 9], "len_h": 3}
        widgets = [WrapAround(**given, n_fft=n) for n in (8, 9, 6)]
        assert says(browser, *widgets, part=".wa-line") == [
            "y₈[0] = y[0] + y[8] = 3 + 10 = 13",
            "y₉[n] = y[n] for n = 0 … 8",
            "y₆[0] = y[0] + y[6] = 3 + 0 = 3, with x cropped",
        ]
        badges = ["1 of 8 spoiled", "none spoiled", "2 of 6 spoiled, x cropped"]
        assert says(browser, *widgets, part=".wa-badge") == badges

    def test_each_guess_meets_its_answer(self, browser):
        starts = {
            (8, "first"): "Right. N = 8",
            (8, "last"): "No: what is cut off at the end lands at the beginning. N = 8",
            (8, "all"): "No: only the places that something lands on can be wrong. N = 8",
            (8, "none"): "No. N = 8",
            (10, "none"): "Right. N = 10",
            (10, "first"): "No. N = 10",
        }
        made = [WrapAround(x=X, h=H, len_h=4, n_fft=n, predict=True, guess=guess) for n, guess in starts]
        assert begin(says(browser, *made), starts.values())

    def test_predict_hides_what_comes_back(self, browser):
        asked, cropped = (WrapAround(len_h=4, n_fft=n, predict=True) for n in (8, 6))
        assert not [key for key in asked.shown() if key.startswith(("circular", "many", "landing"))]
        answers = says(browser, asked, part=".fs-answers button")
        assert answers == ["none", "n = 0, 1", "n = 6, 7", "all 8"]
        ask = "Which samples of what comes back can be wrong?"
        assert says(browser, asked, cropped) == [
            f"The linear result has 10 samples, the DFT has 8 places. {ask}",
            f"fft(x, 6) keeps only the first 6 of the 7 samples of x. {ask}",
        ]


class TestBrowser:
    def test_a_real_dft_gives_the_folded_numbers(self, browser):
        page = host(browser, WrapAround, [traits_of(WrapAround(x=X, h=H, len_h=5, n_fft=SHORTEST))])
        for size in SIZES:
            assert returned(page) == WrapAround(x=X, h=H, len_h=5, n_fft=size).circular()
            page.get_by_label("DFT length N").press("ArrowRight")

    def test_must_fail_a_correlation(self, browser, monkeypatch):
        old, new = "v * H.re[k] - X.im[k] * H.im[k]", "v * H.re[k] + X.im[k] * H.im[k]"
        monkeypatch.setattr(WrapAround, "_esm", WrapAround._esm.replace(old, new))
        widget = WrapAround(x=X, h=H, len_h=5, n_fft=8)
        page = host(browser, WrapAround, [traits_of(widget)])
        assert returned(page) != widget.circular()

    def test_the_cut_is_dragged_and_stepped(self, browser):
        page = host(browser, WrapAround, [traits_of(WrapAround(n_fft=8))], reduced_motion="reduce")
        cut = page.get_by_role("slider", name="Cut")
        (x, y), step = middle_of(cut), box_of(page.locator(".fs svg"))[2] / LONGEST
        drag(page, (x, y), (x + 2 * step, y))
        assert state(page)["n_fft"] == 10
        cut.press("ArrowLeft")
        assert state(page)["n_fft"] == 9

    def test_a_sample_is_pulled_up(self, browser):
        page = host(browser, WrapAround, [traits_of(WrapAround())])
        page.get_by_role("slider", name="x[6]").press("End")
        page.get_by_role("slider", name="h[1]").press("ArrowDown")
        assert (state(page)["x"][6], state(page)["h"][1]) == (9, 2)

    def test_the_tail_is_carried_under_the_head(self, browser):
        page = host(browser, WrapAround, [traits_of(WrapAround(x=X, h=H, len_h=4, n_fft=10))])
        last = page.locator(".wa-chip").nth(9)
        moves = page.get_by_label("DFT length N").evaluate(
            """(input) => { input.value = 9; input.dispatchEvent(new Event("input"));
              const moves = document.querySelectorAll(".wa-chip")[9].getAnimations();
              return Promise.all(moves.map((one) => one.finished)).then(() => moves.length); }"""
        )
        after, head = box_of(last), box_of(page.locator(".wa-chip").nth(0))
        assert moves == 1 and abs(after[0] - head[0]) < 2 and after[1] > head[1] + 10

    def test_who_has_answered_may_explore_and_is_not_asked_again(self, browser):
        page = host(browser, WrapAround, [traits_of(WrapAround(len_h=4, n_fft=8, predict=True))])
        page.get_by_role("button", name="n = 0, 1").click()
        assert state(page)["guess"] == "first" and len(returned(page)) == 8
        page.get_by_label("Length of h").press("ArrowRight")
        assert not state(page)["predict"] and returned(page)

    def test_once_answered_the_picture_has_room_and_the_cut_moves_freely(self, browser):
        page = host(browser, WrapAround, [traits_of(WrapAround(len_h=4, n_fft=8, predict=True))])
        asked = box_of(page.locator(".fs svg"))[3]
        page.get_by_role("button", name="n = 0, 1").click()
        page.get_by_label("DFT length N").press("ArrowRight")
        told = box_of(page.locator(".fs svg"))[3]
        assert not state(page)["predict"] and len(returned(page)) == 9
        assert told > asked + 100
