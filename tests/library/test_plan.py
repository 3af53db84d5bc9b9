"""plan: what it says, that `auto` does what it says, and where a whole FFT is out of bounds."""

import itertools
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

import convlib
from convlib.engines import separable, whole_fft
from convlib.engines.plan import ENGINES, RATES, prepare

FILE = Path(whole_fft.__file__).with_name("rates.json")


class TestPlan:
    def test_rates_are_positive_and_the_machine_is_named(self):
        stored = json.loads(FILE.read_text("utf-8"))
        assert "one thread" in stored["machine"] and "NumPy" in stored["machine"]
        assert set(stored["seconds"]) == set("fdgFDG")
        for rate in stored["seconds"].values():
            assert all(value >= 0 and math.isfinite(value) for value in rate.values())
            assert all(
                rate[name] > 0
                for name in ("call", "dot", "gather", "narrow", "wide", "stack", "level", "near", "move", "fft", "far")
            )

    @pytest.mark.parametrize(
        "x_shape, h_shape, engine",
        [
            (100, 3, "direct"),
            (10**6, 3, "direct"),
            (10**6, 40, "gemm"),
            (10**6, 1000, "overlap-save"),
            (10**5, 10**5, "whole-fft"),
            ((16, 16), (3, 3), "direct"),
            ((1024, 1024), (5, 5), "gemm"),
            ((1024, 1024), (31, 31), "overlap-save"),
            ((300, 300), (300, 300), "whole-fft"),
            ((40, 40, 40), (2, 2, 2), "direct"),
        ],
    )
    def test_the_cheapest_engine(self, x_shape, h_shape, engine):
        plan = convlib.plan(x_shape, h_shape)
        assert plan.engine == engine
        others = {name: cost for name, cost in plan.costs.items() if name not in ("separable", "whole-fft")}
        assert plan.costs[engine] <= min(others.values())
        assert convlib.plan(h_shape, x_shape) == plan

    def test_which_engines_can(self):
        matrices = {"direct", "gemm", "overlap-save", "whole-fft"}
        assert set(convlib.plan(50, 5).costs) == matrices
        assert set(convlib.plan((50, 50), (5, 5)).costs) == matrices | {"separable"}
        assert set(convlib.plan((50, 50), (5, 5), np.longdouble).costs) == matrices | {"separable"}
        assert set(convlib.plan((9, 9, 9), (2, 2, 2)).costs) == {"direct", "overlap-save", "whole-fft"}
        assert set(convlib.plan((9, 50, 50), (1, 5, 5)).costs) == matrices | {"separable"}

    def test_few_real_taps_are_added_up_by_numpy(self):
        """Whatever the matrices of one machine cost: with another's kernels they take up to three times as long."""
        engines = {code: [convlib.plan(10**6, k, code).engine for k in (3, 9, 10)] for code in "fdF"}
        assert engines == {"f": ["direct", "direct", "gemm"], "d": ["direct", "direct", "gemm"], "F": ["gemm"] * 3}

    def test_costs_grow_with_the_work(self):
        for shapes in ([(10**n, 31) for n in range(3, 8)], [((2**n, 2**n), (9, 9)) for n in range(6, 12)]):
            plans = [convlib.plan(*pair) for pair in shapes]
            for small, large in itertools.pairwise(plans):
                assert all(large.costs[name] > small.costs[name] for name in small.costs)

    def test_the_block_is_the_window_or_the_length_of_the_transform(self):
        assert convlib.plan(10**6, 31).block == (31,)
        assert convlib.plan((3, 1024, 1024), (1, 5, 5)).block == (1, 5, 5)
        long = convlib.plan(10**6, 1000)
        assert 2000 <= long.block[0] <= 64_000
        tiles = convlib.plan((1024, 1, 1024), (31, 1, 31)).block
        assert tiles[1] == 1 and 62 <= tiles[0] < 1024 and 62 <= tiles[2] < 1024
        assert convlib.plan(10**5, 10**5).block == (204_800,)

    @pytest.mark.parametrize("k", [12, 100, 1000, 4000])
    def test_a_long_signal_is_never_transformed_whole(self, k):
        n = max(whole_fft.KERNEL_LENGTHS * k, whole_fft.SHORT[1])
        for code in "fdFD":
            assert convlib.plan(n + 1, k, code).engine != "whole-fft"

    def test_a_short_image_may_be_one_block(self):
        """Its own sides count, not those of the output, whatever the mode."""
        for mode in ("full", "same"):
            for x_shape, h_shape in (((256, 256), (31, 31)), ((4096,), (400,))):
                job = prepare(x_shape, h_shape, "d", mode)
                assert job.spectral == min("overlap-save", "whole-fft", key=job.costs.__getitem__)
            assert convlib.plan((256, 256), (63, 63), mode=mode).engine == "whole-fft"
            cubes = [prepare((n,) * 3, (4,) * 3, "d", mode) for n in (32, 33)]
            assert [job.spectral for job in cubes] == ["whole-fft", "overlap-save"]
            for x_shape, h_shape in (((257, 256), (31, 31)), ((256, 257), (31, 31)), ((4097,), (400,))):
                assert prepare(x_shape, h_shape, "d", mode).spectral == "overlap-save"

    def test_modes_and_types(self):
        full, valid = (convlib.plan(5000, 4000, mode=mode).costs["direct"] for mode in ("full", "valid"))
        assert valid < full / 4
        assert convlib.plan(50, 5, np.int16) == convlib.plan(50, 5, np.float64)
        assert convlib.plan(50, 5, np.float16) == convlib.plan(50, 5, np.float32)
        assert convlib.plan((), ()).engine == "direct"

    @pytest.mark.parametrize(
        "given, error, message",
        [
            ((0, 3), ValueError, "x_shape is 0; allowed: a whole number or several, at least 1"),
            ((5, (4, -1)), ValueError, "h_shape is (4, -1); allowed: a whole number or several, at least 1"),
            ((5.5, 3), TypeError, "x_shape is 5.5; allowed: a whole number or several, at least 1"),
            (("12", 3), TypeError, "x_shape is '12'; allowed: a whole number or several, at least 1"),
            ((5, True), TypeError, "h_shape is True; allowed: a whole number or several, at least 1"),
            ((5, 3, "S3"), TypeError, "dtype is |S3; allowed: bool, integer, floating or complex"),
            ((5, 3, object), TypeError, "dtype is object; allowed: bool, integer, floating or complex"),
            ((5, 3, "f9"), TypeError, "dtype is 'f9'; allowed: bool, integer, floating or complex"),
        ],
    )
    def test_no_plan(self, given, error, message):
        with pytest.raises(error, match=re.escape(message)):
            convlib.plan(*given)

    @pytest.mark.parametrize(
        "x_shape, h_shape, mode", [((5, 5), (5,), "full"), (5, 3, "vaild"), (5, 3, None), ((3, 5), (5, 3), "valid")]
    )
    def test_it_refuses_what_convolve_refuses_in_the_same_words(self, x_shape, h_shape, mode):
        with pytest.raises(ValueError) as said:
            convlib.convolve(np.ones(x_shape), np.ones(h_shape), mode)
        with pytest.raises(ValueError, match=f"^{re.escape(str(said.value))}$"):
            convlib.plan(x_shape, h_shape, mode=mode)

    def test_it_prints_as_a_table(self):
        text = str(convlib.plan(10**5, 10**5)).splitlines()
        assert text[0].split() == ["engine", "estimate"]
        assert "whole-fft" in text[1] and text[1].endswith("<- blocks of 204800")
        assert "spike" in text[-1] and len(text) == 6
        made = convlib.Plan("gemm", (3, 5), {"direct": 2.5, "gemm": 3e-10, "separable": 4e-3})
        assert str(made).splitlines()[1:] == [
            "gemm            0.3 ns  <- blocks of 3 × 5",
            "separable       4.0 ms",
            "direct          2.5 s ",
        ]

    def test_it_is_frozen_and_its_costs_are_a_copy(self):
        plan = convlib.plan(50, 5)
        with pytest.raises(AttributeError):
            plan.engine = "gemm"
        plan.costs.clear()
        assert convlib.plan(50, 5).costs


class TestAutoFollows:
    @pytest.mark.parametrize(
        "x_shape, h_shape",
        [(50_000, 64), (50_000, 3000), (6000, 5000), ((90, 90), (3, 3)), ((300, 300), (7, 7)),
         ((300, 300), (40, 40)), ((2, 300, 300), (1, 7, 7)), ((12, 12, 12), (6, 6, 6))],
    )  # fmt: skip
    def test_the_engine_that_runs(self, x_shape, h_shape, monkeypatch):
        ran = []
        for name, engine in ENGINES.items():
            spy = lambda *a, name=name, true=engine.run, **k: ran.append((name, k.get("block"))) or true(*a, **k)  # noqa: E731
            monkeypatch.setattr(engine, "run", spy)
        rng = np.random.default_rng(1)
        x, h = rng.standard_normal(x_shape), rng.standard_normal(h_shape)
        plan = convlib.plan(x_shape, h_shape)
        convlib.convolve(x, h)
        assert {name for name, _ in ran} == {plan.engine}
        for _, block in ran:
            assert block is None or tuple(n for n in plan.block if n > 1) == block

    def test_a_kernel_with_factors_is_separated(self, monkeypatch):
        ran = []
        true = separable.run
        monkeypatch.setattr(separable, "run", lambda *a, **k: ran.append(len(k["pairs"])) or true(*a, **k))
        rng = np.random.default_rng(2)
        image, (u, v, s, t) = rng.standard_normal((500, 500)), rng.standard_normal((4, 15))
        convlib.convolve(image, np.outer(u, v))
        convlib.convolve(image, np.outer(u, v) + np.outer(s, t))
        convlib.convolve(image, rng.standard_normal((15, 15)))
        assert ran == [1, 2]

    @pytest.mark.parametrize("code", "fdFD")
    def test_factors_are_looked_for_where_they_can_save_more_than_the_look(self, code):
        call, looked = RATES[code]["call"], set()
        for n, k in itertools.product((32, 88, 215, 500, 1000), (3, 9, 17, 31)):
            job = prepare((n, n), (k, k), code, "same")
            worth = job.costs["separable"] + separable.LOOK * call <= job.costs[job.engine]
            assert (job.rank >= 1) is worth
            looked.add(worth)
        assert looked == {True, False}

    def test_the_door_for_short_signals_agrees_with_the_plan(self):
        for n in (1, 9, 100, 1000):
            for k in (1, 5, 11):
                assert convlib.plan(n, k).engine == "direct"

    @pytest.mark.parametrize("method", ["gemm", "separable"])
    @pytest.mark.parametrize("dtype", [float, int])
    def test_an_engine_that_cannot(self, method, dtype):
        with pytest.raises(ValueError, match=f"'{method}' cannot convolve these shapes; allowed here: 'auto'"):
            convlib.convolve(np.ones((4, 4, 4), dtype), np.ones((2, 2, 2), dtype), method=method)
        with pytest.raises(ValueError, match="'separable' cannot"):
            convlib.convolve(np.ones(4, dtype), np.ones(2, dtype), method="separable")
