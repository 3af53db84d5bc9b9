"""Time callables beside each other: interleaved rounds, medians, and a cutoff for hopeless ones."""

import random
import time
from collections.abc import Callable
from math import inf
from statistics import median, quantiles
from typing import Any

# All run on one thread, so CPU time is elapsed time on a machine at rest, and others' work does not count in it.
CPU = time.get_clock_info("process_time").resolution < 1e-6
CLOCK, CLOCK_NAME = (time.process_time, "CPU time") if CPU else (time.perf_counter, "elapsed time")
QUICK = 2e-4  # calls below this many seconds are repeated until a sample lasts as long
FILLS = 5e-3  # calls below this many seconds pay noticeably for a cache that another call left behind
START = {"products": 1e-9, "transform": 5e-9}  # seconds per unit of work of a callable not yet measured


def interleaved(
    calls: dict[str, Callable[[], object]],
    budget: float,
    once: dict[str, float],
    rounds: tuple[int, int] = (3, 60),
    clock: Callable[[], float] = CLOCK,
    wall: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Seconds of each call, one sample a round: a slow moment of the machine hits all alike.

    `once`: how long a call takes about. `rounds`: the fewest and the most, each in an order of its own. A short
    call runs once before it counts, or one that is timed just once would pay for the cache that another left.
    """
    samples: dict[str, list[float]] = {name: [] for name in calls}
    shuffle, end, order = random.Random(0).shuffle, wall() + budget, list(calls)
    for done in range(rounds[1]):
        if done >= rounds[0] and wall() >= end:
            break
        shuffle(order)
        for name in order:
            call, count = calls[name], max(1, int(QUICK / max(once[name], 1e-7)))
            if once[name] < FILLS:
                call()
            start = clock()
            for _ in range(count):
                call()
            samples[name].append((clock() - start) / count)
    return samples


def summary(values: list[float]) -> dict[str, float]:
    """Median and quartiles of some samples, and how many there are."""
    low, middle, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    return {"median": middle, "low": low, "high": high, "rounds": len(values)}


class Predictor:
    """Seconds that a call should take: its work times the least seconds per unit that it ever took here."""

    def __init__(self) -> None:
        self.rates: dict[tuple[str, ...], float] = {}

    def seconds(self, key: tuple[str, ...], work: float, kind: str) -> float:
        return self.rates.get(key, START[kind]) * work

    def learn(self, key: tuple[str, ...], work: float, seconds: float) -> None:
        self.rates[key] = min(self.rates.get(key, inf), seconds / work)


class Budget:
    """Shares the time over the cases by weight, so that what a quick case saves serves those that are left."""

    def __init__(self, seconds: float, weights: list[float], clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock, self.end, self.weights = clock, clock() + seconds, list(weights)

    def share(self) -> float:
        """Seconds for the next case; 0 when the time is over."""
        left, weight = sum(self.weights), self.weights.pop(0)
        return max(0.0, self.end - self.clock()) * weight / left


def ratios(times: dict[str, Any], ours: str = "convlib") -> dict[str, float]:
    """Peer's median over ours, above 1 where ours is faster; other engines of ours are no peers."""
    if ours not in times:
        return {}
    return {name: t["median"] / times[ours]["median"] for name, t in times.items() if not name.startswith(ours)}


def over_runs(runs: list[dict[str, list[float]]]) -> dict[str, Any]:
    """One point of several runs: medians over the runs; a ratio is taken within its run, then the median."""
    each = [{name: summary(samples) for name, samples in run.items()} for run in runs]
    within = [ratios(run) for run in each]
    names = list(dict.fromkeys(name for run in runs for name in run))
    return {
        "times": {name: summary([run[name]["median"] for run in each if name in run]) for name in names},
        "ratios": {
            name: median(run[name] for run in within if name in run)
            for name in names
            if any(name in run for run in within)
        },
        "samples": {name: [run.get(name, []) for run in runs] for name in names},
    }
