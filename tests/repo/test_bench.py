"""The benchmark's own parts, with fake clocks and fake timings: nothing is timed here."""

import numpy as np
import pytest

import convlib
from tools.bench import busy as bench_busy
from tools.bench import calls as bench_calls
from tools.bench import limits as bench_limits
from tools.bench import measure as bench_measure
from tools.bench import memory as bench_memory
from tools.bench import promises as bench_promises
from tools.bench import run as bench_run
from tools.bench.cases import Case
from tools.bench.grid import LAYERS, grid, random_cases
from tools.bench.timing import Budget, Predictor, interleaved, over_runs, ratios, summary

HASH = "4d5914ef9e5d0c4f3f6fe1e1d31f0b7e0c1a2b3c"
RATE = {"gemm": 1e11, "fft": 1e10, "memory": 1e10, "fresh": 5e9}


class Clock:
    """Seconds that pass only when a fake call says so."""

    def __init__(self):
        self.now, self.order = 0.0, []

    def __call__(self):
        return self.now

    def call(self, name, *seconds):
        takes = iter(seconds * 1000)

        def run():
            self.order.append(name)
            self.now += next(takes)

        return run


def row(label="1d a", auto=3.5, numpy=2.0, ours=1e-3, kind="1d", **more):
    """A measured point whose times follow from the ratios."""
    named = {"scipy auto": auto, "numpy": numpy, **more}
    times = {name: summary([ours * ratio] * 3) for name, ratio in {"convlib": 1, **named}.items() if ratio}
    return {"label": label, "kind": kind, "name": "", "x": [100], "h": [3], "dtype": "float64", "mode": "full",
            "products": 300, "times": times, "ratios": ratios(times), "skipped": {},
            "limits": {"gemm": 1e-6, "memory": 1e-6}, "share": 0.5}  # fmt: skip


def document(**changes):
    machine = {"processor": "P", "model": "", "cache": "", "cores": 2, "memory_gb": 1.0, "system": "S", "load": [0.1],
               "threads": 1, "taken": "2026-01-01T00:00:00+00:00", "versions": {"numpy": "2"}}  # fmt: skip
    verdict = {"what": "w", "asked": 3.0, "measured": None, "at_least": True, "state": "not measured"}
    rest = {"settings": {}, "rates": {"float64": RATE}, "promises": [verdict], "machine": machine}
    memory = [{"method": "convlib", "x": [10], "h": [2], "dtype": "float64", "peak_mb": 3.0, "seconds": 1.0}]
    return {"schema": 1, "commit": HASH, "rows": [row(), row("1d b", numpy=0.5)], "memory": memory, **rest, **changes}


# --- the interleaver -----------------------------------------------------------------------------


def test_every_round_runs_each_call_once_in_an_order_of_its_own():
    clock = Clock()
    calls = {name: clock.call(name, 1.0) for name in "abc"}
    samples = interleaved(calls, 0, dict.fromkeys("abc", 1.0), (20, 60), clock, clock)
    assert samples == {name: [1.0] * 20 for name in "abc"}
    rounds = [tuple(clock.order[i : i + 3]) for i in range(0, 60, 3)]
    assert all(sorted(order) == ["a", "b", "c"] for order in rounds)
    assert len(set(rounds)) > 3


@pytest.mark.parametrize(("budget", "wanted"), [(0, 3), (9, 5), (1e9, 10)])
def test_rounds_end_with_the_budget_but_not_before_the_fewest(budget, wanted):
    clock = Clock()
    calls = {name: clock.call(name, 1.0) for name in "ab"}
    samples = interleaved(calls, budget, dict.fromkeys("ab", 1.0), (3, 10), clock, clock)
    assert [len(values) for values in samples.values()] == [wanted] * 2


def test_the_budget_runs_on_the_wall_and_the_samples_on_the_cpu():
    cpu, wall = Clock(), Clock()

    def waits():
        cpu.now, wall.now = cpu.now + 1, wall.now + 10

    assert interleaved({"a": waits}, 45, {"a": 1.0}, (3, 60), cpu, wall) == {"a": [1.0] * 5}


def test_a_quick_call_is_repeated_until_a_sample_lasts():
    clock = Clock()
    samples = interleaved({"a": clock.call("a", 1e-6)}, 0, {"a": 1e-6}, (3, 3), clock, clock)
    assert len(clock.order) == 3 * 201
    assert samples["a"] == pytest.approx([1e-6] * 3)


def test_a_short_call_fills_the_cache_before_it_counts():
    clock = Clock()
    short, long = clock.call("short", 9e-4, 1e-4), clock.call("long", 9.0)
    samples = interleaved({"short": short, "long": long}, 0, {"short": 5e-4, "long": 9.0}, (3, 3), clock, clock)
    assert samples == {"short": pytest.approx([1e-4] * 3), "long": pytest.approx([9.0] * 3)}


def test_a_slow_moment_moves_no_median():
    clock = Clock()
    samples = interleaved({"a": clock.call("a", 1.0, 1.0, 50.0, 1.0)}, 0, {"a": 1.0}, (4, 4), clock, clock)
    assert summary(samples["a"])["median"] == 1.0


def test_median_and_quartiles_by_hand():
    assert summary([5.0, 1.0, 2.0, 4.0, 3.0]) == {"median": 3, "low": 2, "high": 4, "rounds": 5}
    assert summary([7.0]) == {"median": 7, "low": 7, "high": 7, "rounds": 1}


def test_a_ratio_is_peer_over_ours_and_ours_is_no_peer():
    times = {"convlib": summary([2.0]), "convlib fft": summary([1.0]), "numpy": summary([6.0])}
    assert ratios(times) == {"numpy": 3.0}
    assert ratios({"numpy": summary([6.0])}) == {}


def test_a_ratio_over_runs_is_taken_within_each_run():
    # The second run was slow as a whole: its ratio is as good as the others.
    runs = [{"convlib": [1.0], "numpy": [3.0]}, {"convlib": [9.0], "numpy": [27.0]}, {"convlib": [1.0], "numpy": [2.0]}]
    found = over_runs(runs)
    assert found["ratios"] == {"numpy": 3.0}
    assert found["times"]["convlib"]["median"] == 1.0
    assert found["samples"]["numpy"] == [[3.0], [27.0], [2.0]]


def test_a_peer_that_one_run_left_out_is_still_judged():
    found = over_runs([{"convlib": [1.0]}, {"convlib": [1.0], "numpy": [0.5]}, {"convlib": [1.0]}])
    assert found["ratios"] == {"numpy": 0.5}


def test_the_predictor_scales_the_best_that_it_saw():
    predictor = Predictor()
    assert predictor.seconds(("a",), 1e9, "products") == 1.0
    predictor.learn(("a",), 100, 1.0)
    predictor.learn(("a",), 1000, 2.0)
    predictor.learn(("a",), 10, 5.0)
    assert predictor.seconds(("a",), 1e4, "products") == pytest.approx(20)


def test_time_is_shared_by_weight_and_what_a_case_saves_serves_the_next():
    clock = Clock()
    budget = Budget(10, [1, 3, 1], clock)
    assert budget.share() == 2
    clock.now = 1
    assert budget.share() == 9 * 3 / 4
    clock.now = 11
    assert budget.share() == 0


def test_a_large_case_weighs_more():
    small, large = (Case("1d", (n,), (100,), "float64").weight for n in (100, 10**7))
    assert 5 < large / small < 20


# --- cases, callables and one measured point ------------------------------------------------------


def test_the_commit_decides_the_random_sizes():
    assert random_cases(HASH) == random_cases(HASH)
    assert random_cases(HASH) != random_cases(HASH[::-1])


@pytest.mark.parametrize("commit", [HASH, HASH[::-1], "0"])
def test_the_random_sizes_lie_in_the_grid_of_the_promise(commit):
    cases = random_cases(commit)
    assert len(cases) == 40
    assert {(case.kind, case.dtype) for case in cases} == {(k, t) for k in ("1d", "2d") for t in ("float32", "float64")}
    for case in cases:
        (low, high), most = ((100, 10**7), 10**5) if case.kind == "1d" else ((64, 4096), 127)
        assert low <= case.x[0] <= high and 3 <= case.h[0] <= min(most, case.x[0])
        assert case.kind == "1d" or case.h[0] % 2 == 1


def test_the_grid_is_what_is_promised():
    cases = grid()
    assert len({case.label for case in cases}) == len(cases)
    ends = {"1d": ((10**2, 10**7), (3, 10**5)), "2d": ((64, 4096), (3, 127))}
    for kind, (sizes, kernels) in ends.items():
        of = [case for case in cases if case.kind == kind]
        assert {case.dtype for case in of} == {"float32", "float64"}
        assert (min(c.x[0] for c in of), max(c.x[0] for c in of)) == sizes
        assert (min(c.h[0] for c in of), max(c.h[0] for c in of)) == kernels
    assert len(LAYERS) == 14
    at = {(case.kind, case.x[0], case.h[0], case.dtype) for case in cases}
    assert {promise[:4] for promise in bench_promises.NAMED} <= at


def test_outputs_and_products_by_hand():
    assert Case("1d", (100,), (3,), "float64").output == (102,)
    assert Case("2d", (10, 8), (3, 3), "float64").products == 720
    assert Case("separable", (10, 8), (3, 3), "float64").products == 480
    options = {"stride": 2, "padding": 3, "dilation": 1, "groups": 1}
    layer = Case("forward", (1, 3, 224, 224), (64, 3, 7, 7), "float32", "first", options)
    assert layer.output == (1, 64, 112, 112)
    assert layer.products == 64 * 112 * 112 * 147


@pytest.mark.parametrize(
    "case", [Case("1d", (40,), (7,), "float64"), Case("2d", (12, 12), (3, 3), "float32"),
             Case("separable", (12, 12), (5, 5), "float64")], ids=lambda case: case.kind)  # fmt: skip
def test_all_callables_answer_what_convlib_answers(case):
    given, reference = case.inputs(), None
    table = [call for call in bench_calls.calls() if case.kind in call.kinds]
    assert table[0].name == "convlib" and len(table) >= 4
    for call in table:
        y = call.make(given)()
        reference = y if reference is None else reference
        assert bench_calls.differs(y, reference, case.dtype) == "", call.name


def test_an_answer_that_differs_is_found():
    y = np.arange(5.0)
    assert "differs" in bench_calls.differs(y[::-1], y, "float64")
    assert "differs" in bench_calls.differs(y * np.nan, y, "float64")
    assert "shape" in bench_calls.differs(y[1:], y, "float64")
    assert "differs" in bench_calls.differs((y, y + 1), (y, y), "float32")


def fake(name, answer, work="products"):
    return bench_calls.Call(name, ("1d",), lambda c: lambda: answer(c), work)


def test_hopeless_wrong_and_failing_peers_are_left_out_with_a_reason():
    case, predictor = Case("1d", (100,), (3,), "float64"), Predictor()
    predictor.learn(("slow", "1d", "float64"), 1, 1.0)
    table = [fake("convlib", lambda c: c.x), fake("scipy auto", lambda c: c.x), fake("slow", lambda c: 1 / 0),
             fake("wrong", lambda c: c.x + 1), fake("fails", lambda c: c.none)]  # fmt: skip
    samples, skipped = bench_measure.measure(case, table, predictor, 0, most=0)
    assert set(samples) == {"convlib", "scipy auto"}
    assert "cutoff" in skipped["slow"] and "differs" in skipped["wrong"] and "AttributeError" in skipped["fails"]


def test_what_convlib_cannot_do_yet_is_said(capsys):
    cases = [Case("1d", (9,), (3,), "float64"), Case("forward", (1, 1, 4, 4), (1, 1, 3, 3), "float32", "l")]
    assert bench_run.possible(cases, [fake("convlib", None)]) == cases[:1]
    assert "no function for forward" in capsys.readouterr().out


def test_when_the_time_is_over_the_rest_is_said(capsys, monkeypatch):
    monkeypatch.setattr(bench_run, "calls", lambda: [fake("convlib", lambda c: c.x)])
    assert bench_run.rows_of([Case("1d", (9,), (3,), "float64")], 0, {}) == []
    assert "not measured: 1d 9 * 3 float64" in capsys.readouterr().out


def test_the_limits_by_hand():
    found = bench_limits.limits(Case("1d", (7,), (2,), "float64"), RATE)
    assert found["gemm"] == 2 * 14 / 1e11
    assert found["memory"] == (7 + 2 + 8) * 8 / 1e10
    # Blocks of 4 give 3 new samples each: 3 blocks, 2 transforms each and one of the kernel. That is
    # less than the 2 blocks of 6 and the one of 8 cost.
    assert found["fft"] == 7 * (2.5 * 4 * 2) / 1e10
    # As long as each other: one block of 8 holds all 8 outputs.
    assert bench_limits.limits(Case("1d", (5,), (4,), "float64"), RATE)["fft"] == 3 * (2.5 * 8 * 3) / 1e10
    row = {"limits": {"gemm": 2.0, "fft": 1.0, "memory": 0.5}}
    assert bench_limits.nearest(row) == 1.0
    assert bench_limits.nearest(row | {"engine": "gemm"}) == 2.0
    assert bench_limits.nearest(row | {"engine": "overlap-save"}) == 1.0


@pytest.mark.skipif(not bench_memory.RESET.exists(), reason="no /proc/self/clear_refs on this system")
def test_the_peak_counts_what_is_let_go_and_not_the_output(monkeypatch):
    def hog(x, h):
        y = np.ones(5_000_000)  # 40 MB that are given back; above 32 MB no memory of earlier tests is used again
        np.ones(10_000_000 if x.size > 1000 else 1)  # 80 MB that are not
        return y if x.size > 1000 else x

    monkeypatch.setattr(bench_memory, "method", lambda name: hog)
    assert bench_memory.child("hog", 2000, 10)["peak_mb"] == pytest.approx(80, abs=4)


def test_a_stream_gets_every_block(monkeypatch):
    got = []

    class Stream:
        def __init__(self, h):
            self.process, self.flush = got.append, lambda: got.append(h)

    monkeypatch.setattr(bench_memory, "BLOCK", 4)
    bench_memory.stream(Stream, np.arange(10), "the end")
    assert [len(block) for block in got[:-1]] == [4, 4, 2] and got[-1] == "the end"


def test_each_engine_is_timed_once():
    ours = [call.name.removeprefix("convlib ") for call in bench_calls.calls() if call.name.startswith("convlib ")]
    assert ours == [name for name in convlib.plan((9, 9), (3, 3)).costs if name != "separable"]


class TestBusy:
    def test_a_median_of_more_than_one_and_a_half_times_the_peers_is_a_miss(self):
        """The second line is the sample that must fail."""
        kept = bench_busy.line("Haswell", 10, "a call", [0.015] * 8 + [0.1, 0.2], [0.010] * 10)
        missed = bench_busy.line("Haswell", 10, "a call", [0.016] * 10, [0.010] * 10)
        assert "15 (worst decile 110) ms, peer 10 (worst decile 10) ms, ratio 1.50, kept" in kept
        assert missed.endswith("ratio 1.60, MISSED")

    def test_the_process_that_measures_has_no_limit_of_threads(self, monkeypatch):
        asked = []

        class Ran:
            stdout = b'{"a call": [[1.0], [2.0]]}'

        monkeypatch.setattr(bench_busy.subprocess, "run", lambda *_, env, **__: asked.append(env) or Ran)
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
        assert bench_busy.elsewhere({"OPENBLAS_CORETYPE": "Haswell"}, 0, 1) == {"a call": [[1.0], [2.0]]}
        assert asked[0]["OPENBLAS_CORETYPE"] == "Haswell" and "OPENBLAS_NUM_THREADS" not in asked[0]
