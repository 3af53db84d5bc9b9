"""Time convlib beside its peers in one run; `--check` exits 1 where a promised speed is missed."""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "_build/bench"
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
SURROUNDINGS = {**ONE_THREAD, "PYTHONPATH": str(ROOT)}  # so that this checkout's convlib is measured


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--minutes", type=float, default=15, help="time to spend, spread over the grid (default 15)")
    parser.add_argument("--only", default="", help="kinds of cases: 1d,2d,separable,forward,backward,memory")
    parser.add_argument("--snapshot", action="store_true", help="also write data/bench.json for the chapters")
    parser.add_argument("--check", action="store_true", help="40 random sizes, three runs; exit 1 on a miss")
    parser.add_argument("--count", type=int, default=40, help="sizes of --check")
    parser.add_argument("--here", action="store_true", help="in this Python, not in the one with PyTorch and OpenCV")
    chosen = parser.parse_args()
    if chosen.snapshot and chosen.only:
        parser.error("a snapshot needs the whole run: leave --only out")
    return chosen


def elsewhere() -> int:
    """Run again with one thread, in the environment of the peers; in this one if it cannot be made."""
    from peers import TESTS, environment

    try:
        python = environment("frameworks", TESTS / "requirements.txt")
    except SystemExit as error:
        print(f"[bench] {error}; going on without PyTorch and OpenCV", flush=True)
        python = Path(sys.executable)
    command = [str(python), __file__, "--here", *sys.argv[1:]]
    return subprocess.run(command, env=os.environ | SURROUNDINGS).returncode


def run(options: argparse.Namespace) -> None:
    from bench_grid import DTYPES, grid
    from bench_judge import judge
    from bench_machine import commit, describe, rates
    from bench_memory import memory
    from bench_page import page
    from bench_promises import judge_named
    from bench_run import rows_of
    from bench_store import snapshot, write

    machine = describe()
    rate = {dtype: rates(dtype) for dtype in DTYPES}
    cases = [case for case in grid() if not options.only or case.kind in options.only.split(",")]
    rows = rows_of(cases, options.minutes * 60, rate)
    peaks = memory() if not options.only or "memory" in options.only else []
    verdicts = [*judge(rows), *judge_named(rows, peaks)]
    document = {
        "schema": 1,
        "commit": commit(),
        "machine": machine,
        "settings": {"minutes": options.minutes, "only": options.only},
        "rates": rate,
        "rows": rows,
        "memory": peaks,
        "promises": [asdict(v) | {"asserted": v.asserted, "state": v.state} for v in verdicts],
    }
    write(document, OUT / "bench.json")
    (OUT / "bench.md").write_text(page(document), encoding="utf-8")
    print(*verdicts, f"written: bench.json and bench.md in {OUT.relative_to(ROOT)}", sep="\n", flush=True)
    if options.snapshot:
        snapshot(document, ROOT / "data")


def check(options: argparse.Namespace) -> int:
    from bench_grid import random_cases
    from bench_judge import judge
    from bench_machine import commit, describe
    from bench_run import three_runs

    seed = commit()
    rows = three_runs(random_cases(seed, options.count), options.minutes * 60)
    verdicts = judge(rows)
    OUT.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"commit": seed, "machine": describe(), "rows": rows}, indent=1, ensure_ascii=False)
    (OUT / "check.json").write_text(text, encoding="utf-8")
    print(*verdicts, f"raw samples: {(OUT / 'check.json').relative_to(ROOT)}", sep="\n", flush=True)
    return int(any(verdict.state in ("MISSED", "not measured") for verdict in verdicts))


if __name__ == "__main__":
    chosen = arguments()
    if not chosen.here:
        raise SystemExit(elsewhere())
    os.environ.update(SURROUNDINGS)
    sys.path.insert(0, str(ROOT))
    raise SystemExit(check(chosen) if chosen.check else run(chosen))
