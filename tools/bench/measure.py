"""Measure one case: leave out the hopeless, check the answers, then time what is left in turns."""

from collections.abc import Callable
from typing import Any

import convlib
from tools.bench.calls import ALWAYS, Call, differs, work
from tools.bench.cases import Case
from tools.bench.timing import CLOCK, Predictor, interleaved


def measure(
    case: Case, table: list[Call], predictor: Predictor, seconds: float, most: float
) -> tuple[dict[str, list[float]], dict[str, str]]:
    """Samples of each call, and the reason of each call that was left out.

    `seconds` is this case's share of the time, which sets the cutoff; the rounds take `most` of it.
    """
    given, skipped = case.inputs(), {}
    ready: dict[str, Callable[[], Any]] = {}
    once: dict[str, float] = {}
    reference = None
    cutoff = min(max(0.1, seconds / 4), 2.5)
    for call in (c for c in table if case.kind in c.kinds):
        key, amount = (call.name, case.kind, case.dtype), work(case, call.work)
        predicted = predictor.seconds(key, amount, call.work)
        if predicted > cutoff and call.name not in ALWAYS:
            skipped[call.name] = f"would take about {predicted:.2g} s, the cutoff is {cutoff:.2g} s"
            continue
        try:
            run = call.make(given)
            y, took = _timed(run)
        except Exception as error:  # a peer may refuse a size or a type; that is a result, too
            skipped[call.name] = f"{type(error).__name__}: {str(error)[:100]}"
            continue
        if reference is None:  # convlib's; a peer of at most twice its time is never hopeless
            reference, cutoff = y, max(cutoff, 2 * took)
        wrong = differs(y, reference, case.dtype)
        if wrong or (took > 4 * cutoff and call.name not in ALWAYS):
            skipped[call.name] = wrong or f"took {took:.2g} s, the cutoff is {cutoff:.2g} s"
            continue
        ready[call.name] = run
        once[call.name] = min(took, _timed(run)[1]) if took < 0.1 else took
        predictor.learn(key, amount, once[call.name])
    return interleaved(ready, min(seconds, most), once), skipped


def _timed(run: Callable[[], Any]) -> tuple[Any, float]:
    start = CLOCK()
    y = run()
    return y, CLOCK() - start


def planned(case: Case) -> dict[str, Any]:
    """What convlib's planner says of a dense case; the rank of a kernel it cannot know."""
    plan = getattr(convlib, "plan", None)
    if plan is None or case.kind not in ("1d", "2d"):
        return {}
    chosen = plan(case.x, case.h, case.dtype, case.mode)
    said = {name: getattr(chosen, name, None) for name in ("engine", "block", "costs")}
    return {name: value for name, value in said.items() if value is not None}
