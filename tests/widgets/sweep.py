"""The sweep: drive every control of an interactive in a browser and compare the page with Python.

What a class promises is enough to drive it: `controls` (trait: visible label), `shown()` and the
rules of the shared stage code. Nothing here knows a particular interactive.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import zip_longest
from math import isclose, isfinite
from time import perf_counter
from typing import Any

import numpy as np
import traitlets
from browser import until
from playwright.sync_api import Browser, ElementHandle, Error, Page
from sweep_controls import DRIVERS, FRAMES, any_move
from widget_pages import Site, make, open_page, public, widget_page

STATES = 30
WALK = 40
SEEDS, MOST_SEEDS = 2, 6  # so many inputs at least, at most
START = "() => { document.body.tabIndex = -1; document.body.focus(); }"


class Enough(Exception):
    """So much is wrong that there is no point in going on."""


@dataclass
class Report:
    """What one sweep found."""

    enough: int = 25  # failures: more of them say nothing new
    failures: list[str] = field(default_factory=list)
    states: set[str] = field(default_factory=set)
    steps: int = 0
    seconds: float = 0.0


def wrong_number(value: str | None, text: str, expected: float) -> str:
    """What is wrong with a displayed number: its full value, or the text that is read."""
    if value is None:
        return "has no data-value"
    if not isclose(float(value), expected, rel_tol=1e-9, abs_tol=1e-12):
        return f"data-value is {value}, Python has {expected!r}"
    if not isfinite(expected):
        return ""
    if not re.fullmatch(r"−?\d{1,3}(,\d{3})*(\.\d?[1-9])?", text) or text == "−0":
        return f"reads {text!r}, not a number of at most two decimals with commas between thousands"
    if abs(float(text.replace("−", "-").replace(",", "")) - expected) > 0.005 + 1e-9 * abs(expected):
        return f"reads {text!r}, Python has {expected!r}"
    return ""


def mismatches(shown: list[list[Any]], expected: dict[str, Any]) -> list[str]:
    """Where the page and `shown()` disagree; `shown` holds [key, data-value, text]."""
    found = defaultdict(list)
    for key, value, text in shown:
        found[key].append((value, text))
    bad = [f"{key} is not displayed" for key in expected if key not in found]
    bad += [f"{key} is displayed, but shown() has no such key" for key in found if key not in expected]
    for key, want in sorted(expected.items(), key=lambda item: isinstance(item[1], str)):  # numbers first
        for value, text in found.get(key, ()):
            if isinstance(want, str):
                wanted = " ".join(want.split())
                error = "" if text == wanted else f"reads {text!r}, Python has {wanted!r}"
            else:
                error = wrong_number(value, text, float(want))
            bad += [f"{key} {error}"] if error else []
    return bad


def blank(value: Any) -> bool:
    return value is None or value is False or value in ("", []) or repr(value) == "-1"


def withdrawn(old: Any, new: Any) -> bool:
    """Whether an answer was only taken back: nothing is left, or entries of it became blank."""
    if not isinstance(new, list):
        return new is None or new == ""
    pairs = zip_longest(old if isinstance(old, list) else [], new)
    return all(a == b or blank(b) for a, b in pairs)


class Sweep:
    """One interactive on one page."""

    def __init__(
        self, page: Page, cls: type, widget: Any, inputs: list[str], seen: Report, complaints: Callable[[], list[str]]
    ) -> None:
        self.page, self.cls, self.inputs, self.seen = page, cls, inputs, seen
        self.complaints = complaints
        self.controls: dict[str, str] = cls.controls
        self.labels = list(dict.fromkeys(self.controls.values()))
        self.focused: set[int] = set()
        self.reached: set[str] = set()
        self.bringers: dict[str, tuple[str, int]] = {}
        self.nodes: dict[str, tuple[str, ElementHandle]] = {}
        page.evaluate("sweep.unfold()")
        self.state = self.initial = self.look()[0]
        self.check("at first")
        if (mine := json.loads(json.dumps(public(widget)))) != self.initial:
            differ = [n for n in mine if mine[n] != self.initial.get(n)]
            self.fail(f"at first root.state() differs from Python in {', '.join(differ)}")

    def fail(self, text: str) -> None:
        if text not in self.seen.failures:
            self.seen.failures.append(text)
        if len(self.seen.failures) >= self.seen.enough:
            raise Enough

    def look(self) -> tuple[dict[str, Any], list[list[Any]]]:
        seen = self.page.evaluate("sweep.look()")
        return seen["state"], seen["shown"]

    def compare(self) -> tuple[dict[str, Any], list[str]]:
        state, shown = self.look()
        try:
            twin = self.cls(**state)
        except (traitlets.TraitError, TypeError, ValueError) as error:
            return state, [f"Python refuses this state: {error}"]
        expected = twin.shown()
        twin.close()
        seen = {key for key, *_ in shown}
        numbers = {
            k: v for k, v in state.items() if k in seen and type(v) in (int, float)
        }  # a trait may always be told
        return state, mismatches(shown, numbers | expected)

    def check(self, doing: str, label: str = "") -> set[str]:
        """Compare the page with Python after a step; returns the traits that the step changed."""
        state, bad = self.compare()
        if bad:  # a drawing may wait for its frame
            self.page.evaluate(FRAMES)
            state, bad = self.compare()
        for text in self.complaints() + bad:
            self.fail(f"{doing}: {text}")
        changed = {name for name in state if state[name] != self.state.get(name)}
        self.blame(doing, label, changed, state)
        self.state = state
        self.seen.states.add(json.dumps(state, sort_keys=True))
        self.seen.steps += 1
        return changed

    def blame(self, doing: str, label: str, changed: set[str], state: dict[str, Any]) -> None:
        """A control changes the traits of its label; it may take back an answer, not give one."""
        for name in sorted(changed):
            declared = self.controls.get(name)
            if declared is None and name in self.inputs:
                self.fail(f"{doing}: changed the input {name}")
            if not label or declared in (None, label):
                continue
            if not withdrawn(self.state[name], state[name]):
                self.fail(f"{doing}: changed {name} too, the trait of {declared!r}")

    # Finding controls

    def find(self, label: str) -> tuple[str, ElementHandle] | None:
        """The control with this accessible name, where it can be seen."""
        if label not in self.nodes and self.page.evaluate("(text) => sweep.canTell(text)", label):
            root = self.page.locator(".fs").first
            for role in DRIVERS:
                found = root.get_by_role(role, name=label, exact=True).element_handles()
                if len(found) > 1:
                    self.fail(f"{len(found)} controls are called {label!r}")
                if found:
                    self.nodes[label] = role, found[0]
                    break
        role, node = self.nodes.get(label, ("", None))
        return (role, node) if node and node.is_visible() and node.is_enabled() else None

    def reset(self) -> None:
        if self.state == self.initial:
            return
        button = self.page.locator(".fs-reset")
        button.press("Enter") if self.seen.steps % 2 else button.click()
        self.check("Reset")
        if self.state != self.initial:
            self.fail(f"Reset leaves {[n for n, v in self.initial.items() if self.state[n] != v]}")

    def ready(self, label: str) -> tuple[str, ElementHandle] | None:
        """Reset, then let another control bring this one up if it is not there by itself."""
        self.reset()
        if found := self.find(label):
            return found
        known = self.bringers.get(label)
        for other, steps in [known] if known else [(text, 99) for text in self.labels]:
            there = self.find(other)
            if other == label or not there or there[0] in ("button", "group"):
                continue
            for n, _ in enumerate(DRIVERS[there[0]](self, other, there[1]), 1):
                if (not known or n == steps) and (found := self.find(label)):
                    self.bringers[label] = other, n
                    self.check(f"{other}, for {label}")
                    return found
            self.check(f"{other}, for {label}")
            self.reset()
        return None

    # Driving

    def drive(self, label: str) -> None:
        """One control over its range by every means."""
        if not (found := self.ready(label)):
            names = self.page.locator(".fs").first.aria_snapshot()
            self.fail(f"no usable control is called {label!r} among: {' '.join(names.split())}")
            return
        role, node = found
        if label not in self.reached:
            self.tab_through()
        own = {name for name, text in self.controls.items() if text == label}
        moved = self.follow(role, label, node)
        for means, names in moved.items():
            if not names:
                self.fail(f"{label}: cannot be changed by {means}")
        if missed := own - set().union(*moved.values()):
            self.fail(f"{label}: never changed {', '.join(sorted(missed))}")

    def follow(self, role: str, label: str, node: ElementHandle) -> dict[str, set[str]]:
        """Run a driver and check after each of its steps; returns what each means changed."""
        moved: dict[str, set[str]] = defaultdict(set)
        declared = label if label in self.labels else ""
        said = ""
        for means, doing, must in DRIVERS[role](self, label, node):
            names = self.check(f"{label}, {doing}", declared)
            own = {n for n in names if self.controls.get(n) == label} if declared else names
            moved[means] |= own
            if must is not None and bool(own) != must:
                kept = "changed nothing" if must else f"changed {', '.join(sorted(own))}"
                self.fail(f"{label}, {doing}: {kept}")
            if role == "slider":
                said = self.spoken(f"{label}, {doing}", node, said, bool(own))
        return moved

    def spoken(self, doing: str, node: ElementHandle, before: str, changed: bool) -> str:
        """A slider must say its number, and say another one when it moved."""
        text = node.get_attribute("aria-valuetext") or ""
        own = [n for n, t in self.controls.items() if t == doing.split(", ")[0]]
        numbers = {float(n.replace("−", "-")) for n in re.findall(r"[−-]?\d+(?:\.\d+)?", text)}
        values = [self.state[n] for n in own if isinstance(self.state.get(n), int | float)]
        if not numbers or any(all(abs(v - n) > 0.006 for n in numbers) for v in values):
            self.fail(f"{doing}: aria-valuetext is {text!r}, the value is {values}")
        if changed and before == text:
            self.fail(f"{doing}: moved, but aria-valuetext stayed {text!r}")
        return text

    def handles(self) -> None:
        """What can be dragged in the picture: the same by keys, mouse and touch."""
        self.reset()
        for node in self.page.query_selector_all(".fs [role=slider]"):
            name = node.get_attribute("aria-label") or ""
            if name in self.labels or not node.is_visible():
                continue
            moved = self.follow("slider", name, node)
            if not name or len({frozenset(names) for names in moved.values()}) > 1:
                self.fail(f"handle {name!r}: not the same by every means: {dict(moved)}")
            self.reset()

    def walk(self, steps: int, seed: int) -> None:
        """Anything that a hand could do next, at random."""
        rng = np.random.default_rng(seed)
        for n in range(steps):
            self.check(f"step {n} of a walk, {any_move(self.page, rng)}")

    # Reading

    def tab_through(self) -> None:
        """Press Tab through the page: who is reached, and can the focus be seen?"""
        stops: list[int] = []
        looks: list[tuple[str, dict[str, float], bytes]] = []
        self.page.evaluate(START)
        for _ in range(60):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate("sweep.stop()")
            if stop is None or stop["id"] in stops:
                break
            stops.append(stop["id"])
            self.page.evaluate(FRAMES)
            if stop["id"] not in self.focused:
                looks.append((stop["name"], stop["box"], self.page.screenshot(clip=stop["box"])))
        self.focused.update(stops)
        self.page.evaluate(START)
        self.page.evaluate(FRAMES)
        for name, box, before in looks:
            if self.page.screenshot(clip=box) == before:
                self.fail(f"{name!r}: nothing shows that it has the focus")
        self.judge_stops(stops)

    def judge_stops(self, stops: list[int]) -> None:
        for label in self.labels:
            if found := self.find(label):
                if found[1].evaluate("(n, ids) => ids.some((id) => sweep.owns(n, id))", stops):
                    self.reached.add(label)
                else:
                    self.fail(f"{label}: Tab does not reach it")

    def layout(self) -> None:
        """Small and wide windows: text large enough, nothing cut, the same numbers."""
        for width in (360, 1280):
            self.page.set_viewport_size({"width": width, "height": 1600})
            self.page.evaluate(FRAMES)
            self.check(f"at {width} px")
            for text in self.page.evaluate("sweep.layout()"):
                self.fail(f"at {width} px: {text}")

    def escape(self) -> None:
        """On a slide the arrow keys must be free again after Escape."""
        for node in self.page.query_selector_all(".fs input[type=range], .fs [role=slider]"):
            if node.is_visible():
                node.focus()
                self.page.keyboard.press("Escape")
                if node.evaluate("(n) => n === document.activeElement"):
                    self.fail("Escape does not release a slider")

    def everything(self, walk: int, seed: int) -> None:
        if not seed:
            self.layout()
            self.tab_through()
            self.escape()
            self.handles()
            for label in self.labels:
                self.drive(label)
            self.reset()
        self.walk(walk, seed)
        self.layout()


def sweep(
    browser: Browser,
    site: Site,
    cls: type,
    host: str = "ours",
    *,
    spoil: Callable[[str], str] = str,
    enough: int = 25,
    patience: float = 10_000,
) -> Report:
    """Drive everything on the first inputs, then walk at random on these and on others.

    `spoil` edits the front-end's source, to see whether the sweep notices.
    """
    begin, seen = perf_counter(), Report(enough)
    for seed in range(MOST_SEEDS):
        if seen.failures or (seed >= SEEDS and len(seen.states) >= STATES):
            break
        widget, inputs = make(cls, seed)
        address = site.put(f"{cls.__name__}-{host}-{seed}", widget_page([widget], host, spoil))
        with open_page(browser, address) as (page, record), reported(page, seen):
            page.set_default_timeout(patience)
            until(page, "() => Boolean(sweep.root())", timeout=patience)
            page.set_default_timeout(2000)
            one = Sweep(page, cls, widget, inputs, seen, lambda kept=record: kept.problems(site.base))
            one.everything(WALK, seed)
        widget.close()
    if len(seen.states) < STATES and not seen.failures:
        seen.failures.append(f"only {len(seen.states)} states were seen")
    seen.seconds = perf_counter() - begin
    return seen


@contextmanager
def reported(page: Page, seen: Report) -> Iterator[None]:
    """What stops a sweep becomes a failure like the others."""
    try:
        yield
    except Enough:
        pass
    except (Error, TimeoutError) as error:
        said = " ".join(page.locator("body").inner_text().split())[:200]
        seen.failures.append(f"{str(error).splitlines()[0]} The page says: {said!r}")


def paint_times(page: Page, control: ElementHandle, presses: int = 60) -> list[float]:
    """Milliseconds from each key press on a slider to the first task after the frame it causes."""
    control.evaluate("(n) => sweep.time(n)")
    control.focus()
    for n in range(presses):
        page.keyboard.press(("Home", "ArrowRight", "End", "ArrowLeft")[n % 4])
        page.evaluate(FRAMES)  # the next key comes when this one is on the screen
    return page.evaluate("sweep.times.splice(0)")
