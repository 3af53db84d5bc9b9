"""Whether measured rows keep the promises of speed over a whole grid: `bench --check` asserts these."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log
from typing import Any

SLACK = 0.25  # timings of a shared machine wander; what is asserted is this much below what is promised
QUICK, OVERHEAD = 10e-6, 4.0  # seconds of the best peer below which not the ratio counts but these µs
STANDARD = ("numpy", "scipy", "ndimage")  # peers that a NumPy user has at hand


@dataclass(frozen=True)
class Verdict:
    """One promise: asked for, asserted (with the slack) and measured; `at_least` or at most."""

    what: str
    asked: float
    measured: float | None
    at_least: bool = True
    where: str = ""

    @property
    def asserted(self) -> float:
        return self.asked * (1 - SLACK if self.at_least else 1 + SLACK)

    def keeps(self, limit: float) -> bool:
        return self.measured is not None and (self.measured >= limit if self.at_least else self.measured <= limit)

    @property
    def state(self) -> str:
        if self.measured is None:
            return "not measured"
        return "kept" if self.keeps(self.asked) else "within the slack" if self.keeps(self.asserted) else "MISSED"

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        measured = "–" if self.measured is None else f"{self.measured:.3g}"
        at = f" at {self.where}" if self.where else ""
        return f"{self.state}: {self.what} {sign} {self.asked:g}, measured {measured}{at}"


def geometric_mean(values: Iterable[float]) -> float | None:
    logs = [log(value) for value in values]
    return exp(sum(logs) / len(logs)) if logs else None


def best(row: dict[str, Any]) -> float:
    """Ratio of the quickest of NumPy and SciPy at this point: what a user gets who knows the winner in advance."""
    return min((ratio for name, ratio in row["ratios"].items() if name.startswith(STANDARD)))


def judge(rows: list[dict[str, Any]]) -> list[Verdict]:
    """Over all dense points: against SciPy's own choice, against the best, and what a small call may cost more."""
    dense = [row for row in rows if row["kind"] in ("1d", "2d")]
    known = [row for row in dense if "convlib" in row["times"] and "scipy auto" in row["ratios"]]
    quick = [row for row in known if _best_seconds(row) < QUICK]
    long = [row for row in known if _best_seconds(row) >= QUICK]
    auto = [(row["ratios"]["scipy auto"], row["label"]) for row in long]
    winner = [(best(row), row["label"]) for row in long]
    above = [(1e6 * (_seconds(row, "convlib") - _seconds(row, "numpy")), row["label"]) for row in quick]
    found = _over_all("SciPy's automatic choice", auto, 3, 0.9)
    found += _over_all("the best of NumPy and SciPy", winner, 1.5, 0.8)
    if above:
        worst, where = max(above)
        what = f"µs above np.convolve where the best peer needs less than 10 µs, {len(above)} points"
        found.append(Verdict(what, OVERHEAD, worst, at_least=False, where=where))
    return [*found, Verdict("points without a comparison", 0, len(dense) - len(known), at_least=False)]


def _over_all(peer: str, points: list[tuple[float, str]], mean: float, floor: float) -> list[Verdict]:
    worst, where = min(points, default=(None, ""))
    measured = geometric_mean(ratio for ratio, _ in points)
    return [
        Verdict(f"geometric mean against {peer}, {len(points)} points", mean, measured),
        Verdict(f"nowhere below, against {peer}", floor, worst, where=where),
    ]


def _seconds(row: dict[str, Any], name: str) -> float:
    """Median time; where NumPy has no such function (2-D), of the best peer."""
    return row["times"][name]["median"] if name in row["times"] else _best_seconds(row)


def _best_seconds(row: dict[str, Any]) -> float:
    return best(row) * row["times"]["convlib"]["median"]
