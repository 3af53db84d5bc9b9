"""CostRace against convlib in Python and JavaScript, by hand and by hand's reach; the page's GPU figure; bench-gpu."""

import copy
import json
import re
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
import scipy.fft
from test_maths_js import run
from widget_pages import box_of, drag, host, says, state, traits_of

from convlib import convolve, data, plan
from convlib.signals.data import load_measured
from convlib.widgets import CostRace
from convlib.widgets.cost_race.widget import ENGINES, KERNELS, PLANES, SIGNALS, block_products, timed, whole_products
from tools.bench import gpu as bench_gpu

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "chapters/4-fft/3-the-price.ipynb"
ROWS: list[dict[str, Any]] = [
    {"kind": "1d", "x": [10_000], "h": [100], "dtype": "float64",
     "seconds": {"convlib": 1.0, "convlib direct": 3e-4, "convlib gemm": 2e-4, "convlib whole-fft": 1e-4}},
    {"kind": "1d", "x": [10_000], "h": [100], "dtype": "float32", "seconds": {"convlib direct": 1e-9}},
    {"kind": "forward", "x": [1, 1, 4, 4], "h": [1, 1, 3, 3], "dtype": "float64", "seconds": {"convlib": 1.0}},
]  # fmt: skip
AT = {"column": SIGNALS.index(10_000), "row": KERNELS.index(100)}


class TestCounts:
    """The formulas against a run in which every product is counted."""

    @staticmethod
    def transform(length):
        """Real products of a radix-2 transform, level by level."""
        return 0 if length == 1 else 2 * TestCounts.transform(length // 2) + 4 * (length // 2)

    @pytest.mark.parametrize(("n", "k"), [(1, 1), (5, 3), (1000, 3), (100, 1000), (4096, 4096)])
    def test_one_fft(self, n, k):
        length, count = whole_products(n, k, 1)
        assert length // 2 < n + k - 1 <= length
        assert count == 3 * self.transform(length) + 4 * length

    @pytest.mark.parametrize(("n", "k"), [(5, 3), (1000, 3), (1000, 100), (100, 1000)])
    def test_the_best_blocks(self, n, k):
        longer, shorter = max(n, k), min(n, k)
        every = {}
        for length in (2**p for p in range(1, 16)):
            if length > shorter:
                blocks = -(-(n + k - 1) // (length - shorter + 1))
                every[length] = blocks * (2 * self.transform(length) + 4 * length) + self.transform(length)
        assert longer + shorter == n + k
        assert block_products(n, k, 1)[1] == min(every.values())

    def test_in_two_dimensions_rows_and_columns_are_transformed(self):
        length, count = whole_products(6, 3, 2)
        assert (length, count) == (8, 3 * 2 * 8 * self.transform(8) + 4 * 64)


class TestModel:
    def test_the_table_is_the_planner(self):
        race = CostRace()
        for dims, (sizes, kernels) in PLANES.items():
            for (i, n), (j, k) in product(enumerate(sizes), enumerate(kernels)):
                x, h = ((n,), (k,)) if dims == "1d" else ((n, n), (k, k))
                made = plan(x, h, float, "full" if dims == "1d" else "same")
                assert np.allclose(race.model[dims][i][j], [made.costs[e] for e in ENGINES], rtol=1e-3)

    def test_auto_is_what_the_planner_takes(self):
        for dims, (sizes, kernels) in PLANES.items():
            race = CostRace(dims=dims)
            for n, k in product(sizes, kernels):
                x, h = ((n,), (k,)) if dims == "1d" else ((n, n), (k, k))
                assert race._auto(n, k) == plan(x, h, float, "full" if dims == "1d" else "same").engine

    def test_rows_of_the_benchmark(self):
        race = CostRace(measured=ROWS, **AT)
        assert race.winner(10_000, 100, measured=True) == "whole-fft"
        assert race.winner(1000, 100, measured=True) == ""
        shown = race.shown()
        assert np.isclose(float(shown["seen[direct]"]), 300) and "seen[overlap-save]" not in shown  # in µs
        assert np.count_nonzero(timed(ROWS)["1d"]) == 3 and not np.any(timed(ROWS)["2d"])

    def test_the_committed_measurement_fills_its_places(self):
        rows = load_measured("bench")["rows"]
        wanted = [r for r in rows if r["kind"] in PLANES and r["dtype"] == "float64"]
        table = timed(rows)
        assert wanted and sum(np.count_nonzero(np.any(np.array(t) > 0, axis=2)) for t in table.values()) == len(wanted)

    def test_nothing_is_given_away_before_the_answer(self):
        assert set(CostRace(predict=True).shown()) == {"n", "k"}


class TestJavaScript:
    cases = tuple([n, k, int(d[0])] for d, (sizes, kernels) in PLANES.items() for n in sizes for k in kernels)

    @pytest.fixture
    def differ(self, tmp_path):
        return partial(self.differing, tmp_path / "counts.js")

    def differing(self, file, old="", new=""):
        source = (CostRace.folder / "view.js").read_text("utf-8")
        assert old in source
        declared = f"const declared = {json.dumps({'data': CostRace.data})};\n"
        code = re.sub(r"^import .*\n", declared, source, flags=re.M)
        code = code.replace("export default { render };", "export { whole, inBlocks };").replace(old, new)
        file.write_text(code, "utf-8")
        got = run(file, f"{json.dumps(self.cases)}.map((sizes) => [js.whole(...sizes), js.inBlocks(...sizes)])")
        want = [[list(whole_products(*c)), list(block_products(*c))] for c in self.cases]
        return sum(a != b for a, b in zip(got, want, strict=True))

    def test_the_same_counts(self, differ):
        assert differ() == 0

    def test_must_fail(self, differ):
        assert differ("3 * transform", "2 * transform") > 0


class TestInTheBrowser:
    def test_where_it_was_measured_the_measurement_is_right_and_elsewhere_the_model(self, browser):
        assert plan(10_000, 100).engine == "gemm"
        given = [(ROWS, "whole-fft"), (ROWS, "gemm"), ([], "gemm")]
        races = [CostRace(measured=rows, predict=True, guess=guess, **AT) for rows, guess in given]
        told = ("Right. Measured, whole-fft won.", "Not gemm. Measured, whole-fft won.", "Right. Not measured here.")
        for text, judged in zip(says(browser, *races), told, strict=True):
            assert text.startswith(f"10,000 samples, kernel of 100. {judged} The model says gemm: ")

    def test_what_is_counted_and_timed_is_told_in_words(self, browser):
        spike = copy.deepcopy(CostRace().model)
        spike["2d"][10][0] = [1.0, 2.0, 3.0, 1e-3]
        races = (
            CostRace(column=0, row=9),
            CostRace(dims="2d", column=10, row=9),
            CostRace(dims="2d", column=10, row=0, model=spike),
        )
        facts = says(browser, *races, part=".cr-facts p")
        assert facts[:2] == ["Direct: n · k = 10 million multiplications.", "One FFT of 131,072: 13.89 million."]
        assert facts[4] == "Direct: n² · k² = 270.6 billion multiplications."
        assert facts[5].startswith("One FFT of 8,192 × 8,192: ") and facts[6].startswith("Overlap-save in blocks of ")
        assert facts[11].startswith("convolve takes direct: in one transform of everything a spike would drown ")
        page = host(browser, CostRace, [traits_of(CostRace(measured=ROWS, **AT))])
        assert page.locator(".cr-quiet").all_text_contents() == [f"measured {us} µs" for us in (300, 200, 100)]

    def test_before_the_answer_it_asks(self, browser):
        asked = CostRace(dims="2d", predict=True)
        [text] = says(browser, asked)
        assert text == "512 × 512 pixels, kernel of 9 × 9. Which engine is fastest here? Answer, then see."
        assert says(browser, asked, part=".fs-answers button") == list(ENGINES)

    def test_the_point_goes_where_the_hand_puts_it(self, browser):
        page = host(browser, CostRace, [traits_of(CostRace())])
        point = page.get_by_role("slider", name="Point")
        x, y, width, height = box_of(point)
        page.mouse.click(x + 4, y + height - 4)  # the lower left corner
        assert (state(page)["column"], state(page)["row"]) == (0, 0)
        drag(page, (x + 4, y + height - 4), (x + width - 4, y + 4))
        assert (state(page)["column"], state(page)["row"]) == (10, 9)
        point.press("ArrowLeft")
        point.press("ArrowDown")
        assert (state(page)["column"], state(page)["row"]) == (9, 8)

    @pytest.mark.parametrize("dims", PLANES)
    def test_every_cell_has_the_shade_of_the_models_winner(self, dims, browser):
        race = CostRace(dims=dims)
        page = host(browser, CostRace, [traits_of(race)])
        shades = page.eval_on_selector_all(".cr-cells rect", "nodes => nodes.map(n => n.getAttribute('class'))")
        sizes, kernels = PLANES[dims]
        assert shades == [f"cr-{ENGINES.index(race.winner(n, k))}" for n in sizes for k in kernels]

    def test_a_letter_where_it_was_measured_and_a_ring_where_the_model_differs(self, browser):
        page = host(browser, CostRace, [traits_of(CostRace(measured=ROWS))])
        assert page.locator(".cr-marks text").all_text_contents() == ["W"]
        assert page.locator(".cr-rings circle").count() == 1


def cell(name):
    return next(str(c.source) for c in nbformat.read(PAGE, 4).cells if c.get("id") == name)


def gpu_document():
    """Made up: a test of the drawing, and of nothing else."""
    names = ("SciPy, one core", "PyTorch, one core", "PyTorch, all cores", "GPU with transfer", "GPU")
    sizes = [[10**5], [10**6], [512, 512], [1024, 1024]]
    rows = [{"x": x, "h": x, "dtype": "float32", "seconds": {n: (i + 2) * 1e-3 * x[0] for i, n in enumerate(names)}}
            for x in sizes]  # fmt: skip
    return {"schema": 1, "machine": {"gpu": "a made-up GPU", "processor": "a made-up CPU"}, "rows": rows}


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A folder with a copy of the data, where the package looks for them now."""
    (tmp_path / "bench.json").write_text(json.dumps(load_measured("bench")))
    monkeypatch.setattr(data, "DIGITS", tmp_path / "digits.csv.gz")
    monkeypatch.setattr(plt, "show", lambda: None)
    return tmp_path


def test_the_page_draws_the_gpu_when_it_was_measured(elsewhere, capsys):
    (elsewhere / "gpu.json").write_text(json.dumps(gpu_document()))
    plt.close("all")
    with plt.rc_context():
        exec(cell("setup") + "\n" + cell("gpu"), {})
    assert capsys.readouterr().out == "a made-up GPU beside a made-up CPU\n"
    left, right = plt.gcf().axes
    lines = {line.get_label(): np.array(line.get_ydata(), float) for line in left.lines}
    assert np.allclose(lines["one core"], [200, 2000]) and np.allclose(lines["all cores"], [400, 4000])
    assert np.allclose(lines["GPU with transfer"], [500, 5000]) and np.allclose(lines["GPU"], [600, 6000])
    assert right.lines[0].get_xdata().tolist() == [512, 1024]
    plt.close("all")


def test_the_page_says_so_when_it_was_not(elsewhere, capsys):
    with plt.rc_context():
        exec(cell("setup") + "\n" + cell("gpu"), {})
    assert "GPU: not measured" in capsys.readouterr().out


class TestBenchGpu:
    @pytest.mark.parametrize(("x_shape", "h_shape"), [((200,), (200,)), ((30, 41), (9, 7))])
    def test_the_transform_that_is_timed_convolves(self, x_shape, h_shape):
        rng = np.random.default_rng(0)
        x, h = (rng.standard_normal(s, dtype=np.float32) for s in (x_shape, h_shape))
        y = bench_gpu.convolution(scipy.fft, x, h)
        assert y.dtype == np.float32
        np.testing.assert_allclose(y, convolve(x, h), rtol=0, atol=1e-4)

    def test_the_sizes_are_those_of_the_claim(self):
        shapes = bench_gpu.shapes(tiny=False)
        assert ((10**5,), (10**5,)) in shapes and ((10**8,), (10**8,)) in shapes
        assert ((8192, 8192), (127, 127)) in shapes

    def device(self, spoil=0.0):
        def fetch(y):
            return y + spoil * np.abs(y).max()

        return bench_gpu.Device("none", {}, scipy.fft, lambda a: a, fetch, lambda y: y)

    def test_a_row_has_everybody(self, monkeypatch, capsys):
        monkeypatch.setattr(bench_gpu, "seconds", lambda run: 1.0 if run() is not None else 0.0)
        row = bench_gpu.row((64,), (64,), self.device())
        assert {"convlib, one core", "SciPy, one core", "SciPy, all cores", "GPU", "GPU with transfer"} <= set(
            row["seconds"]
        )
        assert set(row["seconds"].values()) == {1.0} and "left out" not in capsys.readouterr().out

    def test_a_wrong_answer_is_not_timed(self, monkeypatch, capsys):
        monkeypatch.setattr(bench_gpu, "seconds", lambda run: 1.0)
        row = bench_gpu.row((64,), (64,), self.device(spoil=0.01))
        assert not {"GPU", "GPU with transfer"} & set(row["seconds"]) and "SciPy, one core" in row["seconds"]
        assert capsys.readouterr().out.count("left out: the answer differs") == 2

    def test_without_a_gpu_nothing_is_written(self, monkeypatch):
        monkeypatch.setattr(bench_gpu, "optional", lambda name: None)
        with pytest.raises(SystemExit, match="nothing was measured"):
            bench_gpu.device("gpu")

    @pytest.mark.parametrize(("takes", "median"), [([1.0, 5.0, 2.0], 2.0), ([20.0], 20.0), ([0.3] * 4, 0.3)])
    def test_the_median(self, takes, median, monkeypatch):
        now, left = [0.0], iter(takes)

        def run():
            now[0] += next(left)

        monkeypatch.setattr(bench_gpu, "perf_counter", lambda: now[0])
        assert bench_gpu.seconds(run) == pytest.approx(median)
        assert list(left) == []
