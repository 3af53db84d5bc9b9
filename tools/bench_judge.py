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
        return f"{self.state}: {self.what} {sign} {self.asked:g}, measured {measured}" + f" at {self.where}" * bool(
            self.where
        )


def geometric_mean(values: Iterable[float]) -> float | None:
    logs = [log(value) for value in values]
    return exp(sum(logs) / len(logs)) if logs else None


def best(row: dict[str, Any]) -> float | None:
    """Ratio of the quickest of NumPy and SciPy at this point: what a user gets who knows the winner in advance."""
    return min((ratio for name, ratio in row["ratios"].items() if name.startswith(STANDARD)), default=None)


def judge(rows: list[dict[str, Any]]) -> list[Verdict]:
    """Over all dense points: against SciPy's own choice, against the best, and what a small call may cost more."""
    dense = [row for row in rows if row["kind"] in ("1d", "2d")]
    known = [row for row in dense if best(row) is not None and "convlib" in row["times"]]
    quick = [row for row in known if best(row) * row["times"]["convlib"]["median"] < QUICK]
    found = []
    ratio = {
        "SciPy's automatic choice": ({row["label"]: row["ratios"].get("scipy auto") for row in known}, 3, 0.9),
        "the best of NumPy and SciPy": ({row["label"]: best(row) for row in known}, 1.5, 0.8),
    }
    small = {row["label"] for row in quick}
    for peer, (at, mean, floor) in ratio.items():
        long = {label: value for label, value in at.items() if label not in small and value is not None}
        worst = min(long, key=long.__getitem__, default="")
        found += [
            Verdict(f"geometric mean against {peer}, {len(long)} points", mean, geometric_mean(long.values())),
            Verdict(f"nowhere below, against {peer}", floor, long.get(worst), where=worst),
        ]
    above = {row["label"]: 1e6 * (row["times"]["convlib"]["median"] - _numpy(row)) for row in quick}
    worst = max(above, key=above.__getitem__, default="")
    if above:
        what = f"µs above np.convolve where the best peer needs less than 10 µs, {len(above)} points"
        found.append(Verdict(what, OVERHEAD, above[worst], at_least=False, where=worst))
    return [*found, Verdict("points without a comparison", 0, len(dense) - len(known), at_least=False)]


def _numpy(row: dict[str, Any]) -> float:
    return row["times"].get("numpy", {}).get("median") or best(row) * row["times"]["convlib"]["median"]
