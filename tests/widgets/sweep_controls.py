"""How a hand uses each kind of control: one driver per ARIA role.

A driver does one step, then yields (means, what it did, must): `must` says whether the control's
own trait has to change in this step (True), must not (False) or may (None).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from playwright.sync_api import ElementHandle, Page

Steps = Iterator[tuple[str, str, bool | None]]
FRAMES = "() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))"
STOPS = 8  # places along a range that are looked at
RADIOS = "input[type=radio], [role=radio]"


def centre(node: ElementHandle, across: float = 0.5, down: float = 0.5) -> tuple[float, float]:
    box = node.bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def around(page: Page, start: tuple[float, float]) -> list[tuple[float, float]]:
    """Short and long ways from a place, all of them inside the window."""
    size = page.viewport_size or {"width": 0, "height": 0}
    wide, high = size["width"] - 1, size["height"] - 1
    ways = [(0, 0), (45, 8), (110, 90), (400, 10), (-400, 45), (20, -40)]
    ends = [(start[0] + dx, start[1] + dy) for dx, dy in ways]
    return [(min(max(x, 1), wide), min(max(y, 1), high)) for x, y in ends]


def pull(page: Page, means: str, places: list[tuple[float, float]]) -> Steps:
    """Press at the first place, draw over the others, let go: with the mouse or with a finger."""
    touch = page.context.new_cdp_session(page) if means == "touch" else None

    def send(kind: str, points: list[dict[str, float]]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.evaluate(FRAMES)  # a finger's events come with the next frame

    for i, (x, y) in enumerate(places):
        if touch:
            send("touchMove" if i else "touchStart", [{"x": x, "y": y}])
        else:
            page.mouse.move(x, y)
            if not i:
                page.mouse.down()
        yield means, f"{means} at place {i}", None
    if touch:
        send("touchEnd", [])
        touch.detach()
    else:
        page.mouse.up()
    yield means, f"{means} let go", None


def slider(sweep: Any, label: str, node: ElementHandle) -> Steps:
    native = node.evaluate("(n) => n.localName === 'input'")
    yield from (range_keys if native else handle_keys)(sweep.page, node)
    sweep.reset()
    if native:
        places = [centre(node, f) for f in (0.03, 0.25, 0.5, 0.75, 0.97)]
    else:
        places = around(sweep.page, centre(node))
    yield from pull(sweep.page, "mouse", places)
    if not native:
        sweep.reset()
        yield from pull(sweep.page, "touch", places)


def range_keys(page: Page, node: ElementHandle) -> Steps:
    low, high, step = node.evaluate("(n) => [n.min, n.max, n.step].map(Number)")
    count = round((high - low) / step)
    stride = -(-count // STOPS)
    node.focus()
    page.keyboard.press("Home")
    yield "keyboard", "Home", None
    for done in range(0, count, stride):
        for _ in range(min(stride, count - done)):
            page.keyboard.press("ArrowRight")
        yield "keyboard", f"ArrowRight to step {min(done + stride, count)} of {count}", True
    page.keyboard.press("Home")
    yield "keyboard", "Home from the end", True
    page.keyboard.press("End")
    yield "keyboard", "End", True
    page.keyboard.press("ArrowLeft")
    yield "keyboard", "ArrowLeft", True


def handle_keys(page: Page, node: ElementHandle) -> Steps:
    node.focus()
    for key in ("Home", *["ArrowRight"] * 3, "ArrowUp", "ArrowDown", "End", "ArrowUp", "ArrowLeft"):
        before = node.get_attribute("aria-valuenow")
        page.keyboard.press(key)
        yield "keyboard", key, node.get_attribute("aria-valuenow") != before


def radiogroup(sweep: Any, label: str, node: ElementHandle) -> Steps:
    radios = node.query_selector_all(RADIOS)
    chosen = [radio for radio in radios if radio.is_checked()]
    (chosen or radios)[0].focus()
    if not chosen:
        sweep.page.keyboard.press("Space")
        yield "keyboard", "Space", True
    for _ in radios:
        sweep.page.keyboard.press("ArrowRight")
        yield "keyboard", "ArrowRight", len(radios) > 1
    for radio in reversed(radios):
        already = radio.is_checked()
        radio.click()
        yield "mouse", "click", not already


def combobox(sweep: Any, label: str, node: ElementHandle) -> Steps:
    count = node.evaluate("(n) => n.options.length")
    node.focus()
    sweep.page.keyboard.press("Home")
    yield "keyboard", "Home", None
    for _ in range(count - 1):
        sweep.page.keyboard.press("ArrowDown")
        yield "keyboard", "ArrowDown", True
    for i in range(count):
        node.select_option(index=i)
        yield "mouse", f"option {i}", True


def checkbox(sweep: Any, label: str, node: ElementHandle) -> Steps:
    for _ in range(2):
        node.focus()
        sweep.page.keyboard.press("Space")
        yield "keyboard", "Space", True
    for _ in range(2):
        node.click()
        yield "mouse", "click", True


def button(sweep: Any, label: str, node: ElementHandle) -> Steps:
    for means, press in (("keyboard", "Enter"), ("keyboard", "Space"), ("mouse", "click")):
        if sweep.ready(label) is None:
            return
        if means == "mouse":
            node.click()
        else:
            node.focus()
            sweep.page.keyboard.press(press)
        yield means, press, True


def group(sweep: Any, label: str, node: ElementHandle) -> Steps:
    """Buttons of which one is pressed; the next answers may follow in the same place."""

    def offered() -> list[ElementHandle]:
        return [b for b in node.query_selector_all("button") if b.is_visible() and b.is_enabled()]

    sweep.ready(label)
    for i in range(len(offered())):
        for means in ("keyboard", "mouse"):
            sweep.ready(label)
            for again in range(3):
                if not (buttons := offered()):
                    break
                one = buttons[(i + again) % len(buttons)]
                if means == "mouse":
                    one.click()
                else:
                    one.focus()
                    sweep.page.keyboard.press("Enter")
                yield means, f"answer {i}, then {again} more by {means}", True


def textbox(sweep: Any, label: str, node: ElementHandle) -> Steps:
    for text in ("3", ", −2", " x"):
        node.focus()
        sweep.page.keyboard.press("End")
        sweep.page.keyboard.insert_text(text)
        yield "keyboard", f"{text!r} typed", True


def grid(sweep: Any, label: str, node: ElementHandle) -> Steps:
    keys = sweep.page.keyboard
    for at in ("ArrowRight", "ArrowDown"):
        node.query_selector("[tabindex='0']").focus()
        keys.press(at)
        yield "keyboard", f"{at} moves on", False
        for key, must in (("3", None), ("7", True), ("+", None), ("-", True), ("0", True)):
            keys.press(key)
            yield "keyboard", f"key {key}", must
    cells = node.query_selector_all("[role=gridcell]")
    steppers = node.evaluate_handle("(n) => n.closest(':has(button)')").as_element()
    for cell in (cells[-1], cells[0]):
        sweep.page.mouse.click(*centre(cell))
        yield "mouse", "click on a cell", False
        for press in steppers.query_selector_all("button"):
            press.click()
            yield "mouse", "one step", None


# In the order in which they are looked for: the most particular role first.
DRIVERS = {
    "slider": slider,
    "radiogroup": radiogroup,
    "combobox": combobox,
    "checkbox": checkbox,
    "button": button,
    "textbox": textbox,
    "grid": grid,
    "group": group,
}
KEYS = {
    "range": "ArrowRight ArrowLeft PageUp PageDown Home End",
    "slider": "ArrowRight ArrowLeft ArrowUp ArrowDown Home End",
    "gridcell": "ArrowRight ArrowLeft ArrowUp ArrowDown + - 1 5 9",
    "radio": "Space ArrowRight ArrowUp",
    "checkbox": "Space",
    "text": "1 2 5 - , Enter Backspace",
    "textarea": "1 2 5 - , Enter Backspace",
    "button": "Enter Space",
}


def any_move(page: Page, rng: np.random.Generator) -> str:
    """Do something that a hand could do now; kinds of controls are equally likely."""
    moves = page.evaluate("sweep.moves()")
    kinds = sorted({kind for kind, reset in moves if not reset or rng.random() < 0.05})
    kind = str(rng.choice(kinds))
    i = int(rng.choice([n for n, (k, _) in enumerate(moves) if k == kind]))
    node = page.query_selector(f"[data-move='{i}']")
    if kind == "select":
        node.select_option(index=int(rng.integers(node.evaluate("(n) => n.options.length"))))
        return "choosing from a list"
    key = str(rng.choice(KEYS.get(kind, "Enter").split()))
    node.focus()
    page.keyboard.press(key)
    return f"{key} on a {kind}"
