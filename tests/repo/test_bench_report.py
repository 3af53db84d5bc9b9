"""What make bench makes of its samples: the judge, the promises, the stored document and the page."""

import copy
import json
from hashlib import sha256
from types import SimpleNamespace

import pytest
from test_bench import HASH, document, row

from tools.bench import judge as bench_judge
from tools.bench import page as bench_page
from tools.bench import promises as bench_promises
from tools.bench import report as bench_report
from tools.bench import run as bench_run
from tools.bench import store as bench_store
from tools.bench.grid import grid

# --- the judge ------------------------------------------------------------------------------------


def states(rows):
    return [verdict.state for verdict in bench_judge.judge(rows)]


def test_good_rows_are_kept():
    assert set(states([row(), row("1d b", auto=4)])) == {"kept"}


BAD = {
    "slower than SciPy on average": ([row(auto=2.2, numpy=2.2), row("b", auto=2.2)], 0),
    "one point far below SciPy": ([row(auto=9.0), row("b", auto=0.66, numpy=2.0)], 1),
    "a winner known in advance is better": ([row(numpy=1.1), row("b", numpy=1.1)], 2),
    "one point far below the winner": ([row(numpy=5.0), row("b", numpy=0.59)], 3),
    "an overhead of 6 µs": ([row(), row("b", ours=8e-6, numpy=0.25)], 4),
    "no comparison at a point": ([row(), row("b", auto=None, numpy=None)], 4),
    "convlib failed at a point": ([row(), row("b") | {"times": {}, "ratios": {}}], 4),
}


@pytest.mark.parametrize(("rows", "which"), BAD.values(), ids=BAD)
def test_a_miss_is_found(rows, which):
    assert states(rows)[which] == "MISSED"


def test_what_is_within_the_slack_passes_and_says_so():
    found = bench_judge.judge([row(auto=2.3, numpy=1.2)])
    assert [v.state for v in found] == ["within the slack", "kept", "within the slack", "kept", "kept"]
    assert str(found[0]) == (
        "within the slack: geometric mean against SciPy's automatic choice, 1 points ≥ 3, measured 2.3"
    )


def test_quick_points_count_by_microseconds_and_not_by_ratio():
    found = bench_judge.judge([row(), row("quick", ours=5e-6, numpy=0.3), row("quicker", ours=2e-6)])
    assert [v.state for v in found] == ["kept"] * 6
    assert found[4].measured == pytest.approx(3.5) and found[4].where == "quick"


def test_every_peer_of_numpy_and_scipy_may_be_the_best():
    for name in ("scipy oaconvolve", "ndimage convolve", "numpy"):
        assert bench_judge.best(row(**{name: 0.1})) == pytest.approx(0.1)
    assert bench_judge.best(row(numpy=2.0, **{"torch conv1d": 0.1})) == 2.0


def test_the_check_fails_on_a_miss_and_on_nothing():
    assert bench_report.failed(bench_judge.judge([row(), row("b")])) == 0
    assert bench_report.failed(bench_judge.judge([row(auto=2.3, numpy=1.2)])) == 0
    assert bench_report.failed(bench_judge.judge([])) == 1
    for rows, _ in BAD.values():
        assert bench_report.failed(bench_judge.judge(rows)) == 1


def test_the_check_stores_raw_samples_and_says_what_it_found(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bench_report, "OUT", tmp_path)
    monkeypatch.setattr(bench_report, "ROOT", tmp_path)
    monkeypatch.setattr(bench_report, "commit", lambda: HASH)
    monkeypatch.setattr(bench_report, "changed", lambda: False)
    monkeypatch.setattr(bench_run, "measure", lambda case, *rest, most: (fast, {}))
    options = SimpleNamespace(count=6, minutes=1)
    fast = {"convlib": [1.0, 1.0], "scipy auto": [4.0, 4.0], "numpy": [2.0, 2.0]}
    assert bench_report.check(options) == 0
    stored = json.loads((tmp_path / "check.json").read_text())
    assert len(stored["rows"]) == 6 and stored["commit"] == HASH
    assert stored["rows"][0]["samples"]["numpy"] == [[2.0, 2.0]] * 3
    fast = {"convlib": [1.0, 1.0], "scipy auto": [4.0, 4.0], "numpy": [0.5, 0.5]}
    assert bench_report.check(options) == 1
    assert "MISSED: nowhere below, against the best of NumPy and SciPy" in capsys.readouterr().out


def test_named_promises():
    at = row() | {"kind": "1d", "x": [10**6], "h": [1000], "ratios": {"scipy auto": 2.0}}
    slow = [row(kind="forward") | {"ratios": {"torch conv2d": 1 / t}} for t in (0.5, 1.0, 4.0)]
    peaks = [{"method": "convlib", "peak_mb": 60.0}, {"method": "scipy fft", "peak_mb": 100.0}]
    found = {v.what: v.state for v in bench_promises.judge_named([at, *slow], peaks)}
    assert found["1d 1000000 * 1000 float64 against scipy auto"] == "MISSED"
    assert found["forward layers, time over PyTorch's, median"] == "kept"
    assert found["forward layers, time over PyTorch's, worst"] == "MISSED"
    assert found["peak memory over fftconvolve's"] == "within the slack"
    assert found["peak memory of Stream in MB"] == "not measured"


# --- the JSON and the page ------------------------------------------------------------------------


def test_a_good_document_is_written(tmp_path):
    bench_store.write(document(), tmp_path / "new/bench.json")
    assert json.loads((tmp_path / "new/bench.json").read_text()) == document()


def spoil(change):
    made = copy.deepcopy(document())
    change(made)
    return made


BROKEN = {
    "another schema": (lambda d: d.update(schema=2), "schema is 2"),
    "no machine": (lambda d: d.pop("machine"), "machine is no dict"),
    "a row without a type": (lambda d: d["rows"][0].pop("dtype"), "dtype is no str"),
    "a time of zero": (lambda d: d["rows"][0]["times"]["numpy"].update(low=0), "the time of numpy"),
    "quartiles in disorder": (lambda d: d["rows"][0]["times"]["numpy"].update(low=9), "the time of numpy"),
    "a ratio upside down": (lambda d: d["rows"][0]["ratios"].update(numpy=0.5), "ratio of numpy"),
    "a ratio of nothing": (lambda d: d["rows"][0]["ratios"].update(other=2.0), "ratio of other"),
    "one point twice": (lambda d: d["rows"].append(d["rows"][0]), "row 1d a twice"),
}


@pytest.mark.parametrize(("change", "complaint"), BROKEN.values(), ids=BROKEN)
def test_a_broken_document_is_not_written(change, complaint, tmp_path):
    with pytest.raises(SystemExit, match=complaint):
        bench_store.write(spoil(change), tmp_path / "bench.json")
    assert not (tmp_path / "bench.json").exists()


def test_the_snapshot_is_small_and_its_line_is_replaced(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("# Data\n\n| data | file |\n|---|---|\n| photo | `p` |\n\nThe photo.\n")
    for commit in ("a" * 40, HASH):
        bench_store.snapshot(document(commit=commit), tmp_path)
    raw = (tmp_path / "bench.json").read_bytes()
    assert json.loads(raw)["rows"][1]["seconds"] == {"convlib": 1e-3, "scipy auto": 3.5e-3, "numpy": 5e-4}
    lines = readme.read_text().splitlines()
    assert lines[:5] == ["# Data", "", "| data | file |", "|---|---|", "| photo | `p` |"]
    assert sha256(raw).hexdigest() in lines[5] and HASH[:12] in lines[5]
    assert lines[6:] == ["", "The photo."]


def test_the_snapshot_of_the_whole_grid_fits(tmp_path):
    (tmp_path / "README.md").write_text("")
    peers = {f"peer number {i}": 1.2345678 for i in range(9)}
    bench_store.snapshot(document(rows=[row(case.label, **peers) for case in grid()]), tmp_path)
    assert (tmp_path / "bench.json").stat().st_size < 200_000


def test_a_snapshot_that_is_too_large_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(bench_store, "LIMIT", 100)
    with pytest.raises(SystemExit, match="the limit is 100"):
        bench_store.snapshot(document(), tmp_path)
    assert not (tmp_path / "bench.json").exists()


def test_the_page_names_machine_ratios_and_losses():
    text = bench_page.page(document())
    assert "Measured on P, 2 cores" in text and "busy" not in text
    assert "| 100 | 3 | float64 | – | 1 ms | 50% | 3.50 | 2.00 |" in text
    assert "| 0.50 | 1d b | numpy |" in text
    assert "| w | ≥ 3 | – | not measured |" in text
    busy = document()
    busy["machine"]["load"] = [1.5]
    assert "The machine was busy (load 1.5 on 2 cores)" in bench_page.page(busy)


@pytest.mark.parametrize(("value", "text"), [(2.0, "2 s"), (0.0123, "12.3 ms"), (4e-6, "4 µs"), (1e-7, "0.1 µs")])
def test_times_have_their_unit(value, text):
    assert bench_page.seconds(value) == text
