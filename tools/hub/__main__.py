"""Start a hub, let students work, print what it took, and stop all of it: make hub STUDENTS=5."""

import argparse
import asyncio
import os
import signal
import sys
from statistics import median

from tools.hub.hub import Hub, running
from tools.hub.students import Student

NOTEBOOKS = (
    "chapters/1-cnn/1-what-a-layer-computes.ipynb",
    "chapters/3-flip/1-why-the-signal-is-flipped.ipynb",
    "chapters/1-cnn/5-backprop-brings-the-flip-back.ipynb",
)
MOST = 10
MINUTES = 10


async def lesson(hub: Hub, count: int) -> list[Student]:
    """Students who all begin at once."""
    students = [Student(hub, f"student-{number}") for number in range(1, count + 1)]
    await asyncio.wait([asyncio.ensure_future(one.work(list(NOTEBOOKS))) for one in students], timeout=60 * MINUTES)
    for one in students:
        if len(one.seconds) < 2 + len(NOTEBOOKS) and not one.failures:
            one.failures.append(f"{one.name}: not done after {MINUTES} minutes")
    return students


def rows(students: list[Student]) -> list[str]:
    """What it took, the median and the most."""

    def row(what: str, unit: str, values: list[float]) -> str:
        numbers = [f"{f(values):.1f}" if values else "—" for f in (median, max)]
        return f"{what.split('/')[-1]:44}{unit:24}{numbers[0]:>8}{numbers[1]:>8}"

    waited = [
        row(w, "s", [one.seconds[w] for one in students if w in one.seconds]) for w in ("server", "pull", *NOTEBOOKS)
    ]
    units = ("s of processor", "MB, RSS", "MB, PSS")
    taken = [
        row(what, unit, [one.used[what][kind] for one in students if what in one.used])
        for kind, unit in enumerate(units)
        for what in ("server", *NOTEBOOKS, "together")
    ]
    return [f"{'':68}  median    most", *waited, *taken]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("students", nargs="?", type=int, default=5, choices=range(1, MOST + 1), metavar="1…10")
    count = parser.parse_args().students
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("make hub: stopped"))
    with running() as hub:
        print(f"[hub] {hub.address} is up; {count} students begin", flush=True)
        students = asyncio.run(lesson(hub, count))
    load = f"{os.getloadavg()[0]:.0f} processes wanted to run" if hasattr(os, "getloadavg") else ""
    print(f"{count} students on {os.cpu_count()} cores; {load}", *rows(students), sep="\n")
    failures = [failure for one in students for failure in one.failures]
    print(f"failures: {len(failures)}", *failures, sep="\n  ")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
