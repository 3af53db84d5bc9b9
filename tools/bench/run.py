"""Run over many cases: the rows of the grid, and the three runs of `--check`."""

from typing import Any

from tools.bench.calls import Call, calls
from tools.bench.cases import Case
from tools.bench.limits import limits, nearest
from tools.bench.measure import measure, planned
from tools.bench.timing import Budget, Predictor, over_runs, ratios, summary

CHECKED = ("convlib", "numpy", "scipy", "ndimage")  # what `--check` compares


def rows_of(cases: list[Case], seconds: float, rate: dict[str, dict[str, float]]) -> list[dict[str, Any]]:
    """A row per case; what is not in convlib, or comes after the time is over, is said and left out."""
    table, predictor, rows = calls(), Predictor(), []
    cases = possible(cases, table)
    budget = Budget(seconds, [case.weight for case in cases])
    for i, case in enumerate(cases):
        share = budget.share()
        if not share:
            print(f"[bench] the time is over; not measured: {', '.join(c.label for c in cases[i:])}", flush=True)
            break
        samples, skipped = measure(case, table, predictor, share, most=3.0)
        times = {name: summary(values) for name, values in samples.items()}
        row = describe(case, rate[case.dtype], times) | {"times": times, "ratios": ratios(times), "skipped": skipped}
        rows.append(row)
        print(line(row), flush=True)
    return rows


def possible(cases: list[Case], table: list[Call]) -> list[Case]:
    """The cases that convlib has a function for."""
    known = {kind for call in table if call.name == "convlib" for kind in call.kinds}
    for kind in sorted({case.kind for case in cases} - known):
        print(f"[bench] convlib has no function for {kind} yet: left out", flush=True)
    return [case for case in cases if case.kind in known]


def describe(case: Case, rate: dict[str, float], times: dict[str, Any]) -> dict[str, Any]:
    """The case in JSON, what the planner says of it, and how close convlib comes to what the machine allows."""
    row = {name: getattr(case, name) for name in ("label", "kind", "name", "dtype", "mode", "products", "options")}
    row |= {"x": list(case.x), "h": list(case.h), **planned(case), "limits": limits(case, rate)}
    if "convlib" in times:
        row["share"] = nearest(row) / times["convlib"]["median"]
    return row


def three_runs(cases: list[Case], seconds: float) -> list[dict[str, Any]]:
    """All cases three times over, so that a slow minute meets a point in one run at most."""
    table = [call for call in calls() if call.name.split()[0] in CHECKED and not call.name.startswith("convlib ")]
    order = sorted(range(len(cases)), key=lambda i: cases[i].products)
    budget, runs, predictor = Budget(seconds, [cases[i].weight for i in order] * 3), [[] for _ in cases], Predictor()
    skipped: list[dict[str, str]] = [{} for _ in cases]
    for turn in range(3):
        for i in order:
            samples, left_out = measure(cases[i], table, predictor, budget.share(), most=1.0)
            runs[i].append(samples)
            skipped[i] |= left_out
        print(f"[bench] run {turn + 1} of 3 is over", flush=True)
    rows = []
    for case, samples, left_out in zip(cases, runs, skipped, strict=True):
        row = {"label": case.label, "kind": case.kind, "name": "", "x": list(case.x), "h": list(case.h)}
        rows.append(row | {"dtype": case.dtype, **over_runs(samples), "skipped": left_out})
        print(line(rows[-1]), flush=True)
    return rows


def line(row: dict[str, Any]) -> str:
    ours = f"{row['times']['convlib']['median'] * 1e6:.4g} µs" if "convlib" in row["times"] else "no answer"
    text = "  ".join(f"{name} {ratio:.2f}" for name, ratio in row["ratios"].items())
    return f"{row['label']}: convlib {ours} | {text}" + (f" | {len(row['skipped'])} left out" if row["skipped"] else "")
