"""EchoHands and SpectrumProduct: by hand, against convlib and NumPy, and in a browser."""

import json

import numpy as np
import pytest
from widget_pages import begin, box_of, drag, host, says, state, traits_of

from convlib import convolve, correlate
from convlib.widgets import EchoHands, SpectrumProduct
from convlib.widgets.spectrum_product.widget import HALF, N, turned

X, H = [1.0, 2.0, -1.0, 0.5], [3.0, 1.0, -2.0]


class TestEchoHands:
    @pytest.mark.parametrize(
        ("h", "degrees", "size", "angle"),
        [
            ([0, 0, 1], 45, 1, -90),  # late by two samples of 45 degrees
            ([0.5, -0.5], 180, 1, 0),
            ([0.5, -0.5], 0, 0, 0),
            ([0.5, 0.5], 90, np.sqrt(0.5), -45),
            ([1, 0, -1], 90, 2, 0),
            ([0, 1], 180, 1, 180),
        ],
    )
    def test_by_hand(self, h, degrees, size, angle):
        for n in range(len(h) - 1, 7):
            assert np.allclose(EchoHands(h=h, turn=degrees).ratio(n), (size, angle), atol=1e-8)

    @pytest.mark.parametrize("degrees", [0, 15, 45, 105, 180])
    def test_every_column_against_convolve(self, degrees):
        h = [0.5, -0.3, 0.2, 0.7]
        hands = EchoHands(h=h, turn=degrees)
        x = np.exp(1j * np.radians(degrees) * np.arange(7))
        quotient = convolve(x, h)[:7] / x
        sizes, angles = np.transpose([hands.ratio(n) for n in range(7)])
        assert np.allclose(sizes * np.exp(1j * np.radians(angles)), quotient, atol=1e-7)
        assert np.allclose(quotient[3:], quotient[3]) and not np.allclose(quotient[0], quotient[3])

    def test_the_three_kinds_of_columns(self, browser):
        building, full, gone = says(browser, *(EchoHands(n=n) for n in (1, 4, 8)))
        assert "2 of 3 echoes" in building and "has all 3 echoes" in full and "has stopped" in gone
        lines = says(browser, *(EchoHands(n=n, h=[0, -0.5, 1]) for n in (4, 8)), part=".eh-line:not(.eh-speed)")
        assert lines == ["y[4] = 0·x[4] + (−0.5)·x[3] + 1·x[2]: 0.74 · x[4], turned by −118.68°", "y[8] = 1·x[6]"]

    def test_predict_shows_one_column_and_judges(self, browser):
        asked = EchoHands(predict=True, n=6)
        assert asked.shown()["column"] == 3 and "n" not in asked.shown()
        answered = [EchoHands(predict=True, guess=guess) for guess in ("same", "turned", "longer")]
        texts = says(browser, asked, *answered)
        assert [text.split(".")[0] for text in texts[1:]] == ["Right", "No", "No"]
        assert texts[0].startswith("In column 3 the output hand is 0.") and texts[0].endswith("full columns show?")

    def test_the_output_hand_is_the_input_hand_scaled_and_turned(self, browser):
        page = host(browser, EchoHands, [traits_of(EchoHands(n=5, turn=60))], reduced_motion="reduce")
        x, y = (hand_of(page, role) for role in ("input", "output"))
        size, angle = EchoHands(turn=60).ratio(5)
        assert np.isclose(y / x, size * np.exp(1j * np.radians(angle)), atol=1e-3)
        page.get_by_label("Degrees per sample").press("ArrowRight")
        assert not np.isclose(hand_of(page, "output") / hand_of(page, "input"), y / x, atol=1e-3)

    def test_the_column_follows_the_pointer_and_the_keys(self, browser):
        page = host(browser, EchoHands, [traits_of(EchoHands(n=0))])
        grip = page.get_by_role("slider", name="Column", exact=True)
        x, y, width, _ = box_of(grip)
        drag(page, *((x + (k + 0.5) * width / 9, y + 90) for k in (0, 5)))
        assert state(page)["n"] == 5
        grip.press("ArrowLeft")
        assert state(page)["n"] == 4
        page.mouse.click(x + 2.5 * width / 9, y + 90)
        assert state(page)["n"] == 2


def hand_of(page, role):
    """The hand of the large dial, as a complex number."""
    path = page.locator(f".eh-dial .eh-lines .fs-{role}").get_attribute("d") or ""
    start, end = (np.array(part.split(), float) for part in path[1:].split("L"))
    return complex(end[0] - start[0], start[1] - end[1])


class TestSpectrumProduct:
    def test_four_samples_by_hand(self):
        product = SpectrumProduct(x=[1, 2], h=[3, 1], k=HALF // 2)  # a quarter turn per sample
        found = {name: bins[HALF // 2] for name, bins in product.spectra().items()}
        for name, value in {"X": 1 - 2j, "H": 3 - 1j, "Y": 1 - 7j}.items():
            size, angle = found[name]
            assert np.isclose(size * np.exp(1j * np.radians(angle)), value)

    @pytest.mark.parametrize("op", ["convolve", "correlate"])
    def test_y_is_the_product_and_the_inverse_gives_it_back(self, op):
        product = SpectrumProduct(x=X, h=H, op=op)
        X_, H_, Y_ = (bins(product, name) for name in ("X", "H", "Y"))
        other = H_ if op == "convolve" else np.conj(H_)
        assert np.allclose(Y_, X_ * other, atol=1e-7)
        assert not np.allclose(Y_, X_ * np.conj(other), atol=0.1)
        y, first = product.output()
        assert np.allclose(y, (convolve if op == "convolve" else correlate)(X, H))
        back = np.roll(np.fft.irfft(X_ * other, N), -first)[: len(y)]
        assert np.allclose(back, y, atol=1e-6) and first == (0 if op == "convolve" else -2)

    def test_verdicts(self, browser):
        starts = {
            ("convolve", "product"): "Right. At k = 3",
            ("convolve", "sum"): "No: the magnitudes multiply. At k = 3",
            ("convolve", "conjugate"): "No: in a convolution the phases add.",
            ("correlate", "product"): "Right.",
            ("correlate", "conjugate"): "No: in a correlation the phase of H is taken away.",
        }
        made = [SpectrumProduct(op=op, predict=True, guess=guess) for op, guess in starts]
        assert begin(says(browser, *made), starts.values())

    def test_the_right_answer_is_offered_and_the_other_operation_is_the_slip(self, browser):
        offered, done = {}, {}
        for op in ("convolve", "correlate"):
            asked = [SpectrumProduct(x=X, h=H, k=k, op=op, predict=True) for k in range(HALF + 1)]
            assert not any({"Y", "raw"} & set(one.shown()) for one in asked)
            assert all(text.endswith("= ?") for text in made(browser, *asked))
            offered[op] = [text.splitlines() for text in says(browser, *asked, part=".fs-answers")]
            told = [SpectrumProduct(x=X, h=H, k=k, op=op) for k in range(HALF + 1)]
            done[op] = [text.split(" = ")[-1] for text in made(browser, *told)]
            assert all(len(set(texts)) == len(texts) for texts in offered[op])
            assert all(text in texts for text, texts in zip(done[op], offered[op], strict=True))
        assert all(text in texts for text, texts in zip(done["correlate"], offered["convolve"], strict=True))

    def test_zero_has_no_phase(self, browser):
        none = SpectrumProduct(x=X, h=[1, -1], k=0)
        assert none.shown()["H"] == 0 and not {"H deg", "Y deg", "raw", "turn"} & set(none.shown())
        assert says(browser, none)[0].endswith("H is 0, so nothing of this frequency comes out.")
        assert says(browser, none, part=".sp-line")[0].endswith("· 0 = 0")

    def test_the_sum(self, browser):
        plus, minus = (SpectrumProduct(x=[1, 2], h=[3, 1], k=HALF // 2, op=op) for op in ("convolve", "correlate"))
        assert says(browser, plus, minus, part=".sp-line") == [
            "|Y| = 2.24 · 3.16 = 7.07; phase −63.43° + (−18.43°) = −81.87°",
            "|Y| = 2.24 · 3.16 = 7.07; phase −63.43° − (−18.43°) = −45°",
        ]

    def test_turned(self):
        assert [turned(v) for v in (180, -180, 181, -179.5, 0)] == [180, 180, -179, -179.5, 0]

    @pytest.mark.parametrize("op", ["convolve", "correlate"])
    def test_what_is_drawn(self, browser, op):
        product = SpectrumProduct(x=X, h=H, op=op)
        page = host(browser, SpectrumProduct, [traits_of(product)], reduced_motion="reduce")
        drawn = {name: marks(page, name) for name in ("tx", "th", "ty", "sx", "sh", "sy")}
        sizes = {name: [size for size, _ in found] for name, found in product.spectra().items()}
        wanted = [X, H, product.output()[0], sizes["X"], sizes["H"], sizes["Y"]]
        for name, values in zip(drawn, wanted, strict=True):
            assert np.allclose(drawn[name], values, atol=1e-5), name

    def test_a_spoiled_transform_must_fail(self, browser):
        class Spoiled(SpectrumProduct):
            _esm = SpectrumProduct._esm.replace("transform(re, im, -1)", "transform(re, im, 1)")

        assert Spoiled._esm != SpectrumProduct._esm
        page = host(browser, Spoiled, [traits_of(SpectrumProduct(x=X, h=H))], reduced_motion="reduce")
        seen = page.locator("[data-shown='X deg']").first.get_attribute("data-value")
        assert not np.isclose(float(seen or 0), float(SpectrumProduct(x=X, h=H).shown()["X deg"]))

    def test_all_frequencies_added_run_through_every_sample(self, browser):
        product = SpectrumProduct(x=X, h=H, k=HALF, upto=True, op="correlate")
        page = host(browser, SpectrumProduct, [traits_of(product)], reduced_motion="reduce")
        _, first = product.output()
        top, base = (
            page.locator(f".sp-ty .sp-marks .fs-heads path >> nth={i}").get_attribute("d") or "" for i in (2, 3)
        )
        curve = page.locator(".sp-ty .sp-part path").get_attribute("d") or ""
        points = np.array([p.split() for p in curve.replace("L", "M").split("M")[1:]], float)
        unit = points[4, 0] - points[0, 0]
        for i, bar in ((2, top), (3, base)):
            foot, tip = float(bar.split("V")[0].split()[1]), float(bar.split("V")[1].split("h")[0])
            at = points[4 * i]
            assert np.isclose(at[0] - points[0, 0], i * unit, atol=0.1) and np.isclose(at[1], tip, atol=0.1)
            assert foot != tip and first == -2

    def test_the_frequency_follows_the_pointer_in_every_spectrum(self, browser):
        page = host(browser, SpectrumProduct, [traits_of(SpectrumProduct(k=0))])
        for name, places in (("X", (2, 6)), ("H", (6, 11)), ("Y", (11, 5))):
            grip = page.get_by_role("slider", name=f"Frequency in {name}")
            x, y, width, _ = box_of(grip)
            drag(page, *((x + 2 + (k + 0.7) * (width - 4) / 17.4, y + 30) for k in places))
            assert state(page)["k"] == places[1], name
        grip.press("ArrowRight")
        assert state(page)["k"] == 6


def bins(product, name):
    sizes, angles = np.transpose(product.spectra()[name])
    return sizes * np.exp(1j * np.radians(angles))


def made(browser, *products):
    """The titles over the spectra of y."""
    page = host(browser, SpectrumProduct, [traits_of(one) for one in products], reduced_motion="reduce")
    texts = page.locator(".sp-sy .sp-title text").all_text_contents()
    page.close()
    return texts


def marks(page, name):
    return json.loads(page.locator(f".sp-{name} .sp-marks").get_attribute("data-values") or "null")
