"""The two reports: the whole grid into JSON and Markdown, and the check of the promised speed."""

import argparse
import json
import subprocess
import time
from dataclasses import asdict
from typing import Any

from tools.bench.grid import DTYPES, grid, random_cases
from tools.bench.judge import Verdict, judge
from tools.bench.machine import ROOT, commit, describe, rates
from tools.bench.memory import memory
from tools.bench.page import page
from tools.bench.promises import judge_named
from tools.bench.run import rows_of, three_runs
from tools.bench.store import SCHEMA, snapshot, write
from tools.bench.timing import CLOCK, CLOCK_NAME

OUT = ROOT / "_build/bench"


def run(options: argparse.Namespace) -> int:
    """Measure the grid and the peak memory; write bench.json, bench.md and, if asked, the chapters' copy."""
    machine, start = describe(), (time.perf_counter(), CLOCK())
    rate = {dtype: rates(dtype) for dtype in DTYPES}
    cases = [case for case in grid() if not options.only or case.kind in options.only.split(",")]
    rows = rows_of(cases, options.minutes * 60, rate)
    waited = (time.perf_counter() - start[0]) / max(1e-9, CLOCK() - start[1])
    peaks = memory() if not options.only or "memory" in options.only else []
    verdicts = [*judge(rows), *judge_named(rows, peaks)]
    settings = {"minutes": options.minutes, "only": options.only, "clock": CLOCK_NAME, "elapsed over clock": waited}
    document = {"schema": SCHEMA, "commit": commit(), "changed": changed(), "machine": machine, "settings": settings}
    document |= {"rates": rate, "rows": rows, "memory": peaks}
    document["promises"] = [asdict(v) | {"asserted": v.asserted, "state": v.state} for v in verdicts]
    write(document, OUT / "bench.json")
    (OUT / "bench.md").write_text(page(document), encoding="utf-8")
    say(verdicts)
    print(f"[bench] written: bench.json and bench.md in {OUT.relative_to(ROOT)}", flush=True)
    if options.snapshot:
        snapshot(document, ROOT / "convlib/signals")
    return 0


def check(options: argparse.Namespace) -> int:
    """Judge three runs over random sizes; 1 on a miss. The raw samples go into check.json."""
    seed = commit()
    rows = three_runs(random_cases(seed, options.count), options.minutes * 60)
    verdicts = judge(rows)
    document: dict[str, Any] = {"schema": SCHEMA, "commit": seed, "changed": changed(), "machine": describe()}
    document |= {"rows": rows, "promises": [asdict(v) | {"state": v.state} for v in verdicts]}
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "check.json").write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")
    say(verdicts)
    print(f"[bench] raw samples: {(OUT / 'check.json').relative_to(ROOT)}", flush=True)
    return failed(verdicts)


def failed(verdicts: list[Verdict]) -> int:
    """1 on a miss, and where a promise could not be measured at all."""
    return int(any(verdict.state in ("MISSED", "not measured") for verdict in verdicts))


def say(verdicts: list[Verdict]) -> None:
    known = [verdict for verdict in verdicts if verdict.measured is not None]
    print(*known, sep="\n", flush=True)
    if len(known) < len(verdicts):
        print(f"not measured: {len(verdicts) - len(known)} promises", flush=True)


def changed() -> bool:
    """Whether convlib differs from the commit that the numbers name."""
    run = subprocess.run(["git", "status", "--porcelain", "--", "convlib"], cwd=ROOT, capture_output=True, text=True)
    return bool(run.stdout.strip())
