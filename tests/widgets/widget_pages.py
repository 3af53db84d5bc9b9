"""Pages that hold interactives and no kernel, on inputs that the test chooses, for either host."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from shutil import copy2
from typing import Any

import anywidget
import numpy as np
from browser import ROOT, Record, record, serve, until
from ipywidgets.embed import dependency_state, embed_data
from playwright.sync_api import Browser, Page
from traitlets import TraitError

from convlib.widgets import Interactive
from tools.policy import Files, strict

HERE = Path(__file__).parent
MIME = "application/vnd.jupyter.widget-"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>body {{ margin: 16px }}</style></head><body>{scripts}{body}</body></html>"""
# The site has our host alone, under its policy; the manager of ipywidgets is what it has to equal.
HOSTS = {"ours": [], "html-manager": ["require.js", "manager.js", "embed-amd.js"]}
MANAGER = {
    "require.js": ROOT / "node_modules/requirejs/require.js",
    "embed-amd.js": ROOT / "node_modules/@jupyter-widgets/html-manager/dist/embed-amd.js",
    "anywidget.js": Path(anywidget.__file__).parent / "nbextension/index.js",
    "manager.js": HERE / "js/manager.js",
}


@dataclass(frozen=True)
class Site:
    """A served folder that has the scripts of both hosts."""

    folder: Path
    base: str

    def put(self, name: str, html: str) -> str:
        """Write a page, under the policy if it is for our host; returns its address."""
        page = html if "embed-amd.js" in html else strict(html, Files(self.folder / "widgets", "widgets"))
        (self.folder / f"{name}.html").write_text(page, "utf-8")
        return f"{self.base}/{name}.html"


@contextmanager
def widget_site(folder: Path) -> Iterator[Site]:
    (folder / "widgets").mkdir()
    for name, source in {**MANAGER, **{name: ROOT / "web" / name for name in ("afm-host.js", "links.js")}}.items():
        copy2(source, folder / "widgets" / name)
    with serve(folder) as base:
        yield Site(folder, base)


def widget_page(widgets: list[Any], host: str = "ours", edit: Callable[[str], str] = str) -> str:
    """A page with these widgets and no kernel; `edit` may spoil the front-ends."""
    state = dependency_state(widgets, drop_defaults=False)
    for model in state.values():
        if "_esm" in model["state"]:
            model["state"]["_esm"] = edit(model["state"]["_esm"])
    data = embed_data(views=widgets, state=state)
    views = [f"<div>{tag('view', spec)}</div>" for spec in data["view_specs"]]
    scripts = [f'<script defer src="widgets/{name}"></script>' for name in HOSTS[host]]
    body = "\n".join([*views, tag("state", data["manager_state"])])
    return PAGE.format(title=host, scripts="".join(scripts), body=body)


def tag(kind: str, data: Any) -> str:
    text = json.dumps(data).replace("</", "<\\/")
    return f'<script type="{MIME}{kind}+json">{text}</script>'


@contextmanager
def open_page(browser: Browser, address: str, **options: Any) -> Iterator[tuple[Page, Record]]:
    """A page that moves nothing by itself, with the sweep's questions in it."""
    options = {"viewport": {"width": 1280, "height": 1600}, "reduced_motion": "reduce"} | options
    page = browser.new_page(**options)
    page.add_init_script((HERE / "sweep.js").read_text())
    seen = record(page)
    page.goto(address)
    try:
        yield page, seen
    finally:
        page.close()


def numbers(value: Any) -> list[float]:
    """The numbers of nested lists, or nothing if anything else is in there."""
    if isinstance(value, list):
        parts = [numbers(v) for v in value]
        return list(chain(*parts)) if all(parts) else []
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


def shuffled(value: Any, draw: Callable[[], float]) -> Any:
    return [shuffled(v, draw) for v in value] if isinstance(value, list) else draw()


def random_like(value: list[Any], rng: np.random.Generator) -> list[Any]:
    """Other numbers of the same shape, kind and sign, that equal no flip of themselves."""
    flat = numbers(value)
    whole = all(isinstance(v, int) for v in flat)
    low, high = (-9 if min(flat) < 0 else 0, 9) if whole else (min(flat), max(flat))
    draw = (lambda: int(rng.integers(low, high + 1))) if whole else (lambda: rng.uniform(low, high))
    while numbers(other := shuffled(value, draw)) == numbers(other)[::-1]:
        high += low == high
    return other


def quiz_inputs(rng: np.random.Generator) -> dict[str, Any]:
    """Questions whose words, length and right answer nobody knows beforehand."""
    words = ["pixel", "weight", "`h[k]`", "flip", "sum", "−", "lag", "∗", "edge", "`y[n]`", "<b>", "&", "twice"]

    def text() -> str:
        return " ".join(rng.choice(words, size=rng.integers(2, 8))) + f" {rng.integers(1000)}"

    def question(options: int) -> dict[str, Any]:
        right = rng.integers(options)
        choices = [{"text": text(), "right": k == right, "why": text()} for k in range(options)]
        return {"prompt": text(), "options": json.loads(json.dumps(choices, default=bool))}

    return {"questions": [question(n) for n in (3, 2, 4)]}


def filter_lab_inputs(rng: np.random.Generator) -> dict[str, Any]:
    """A small picture of noise: the sweep reads all traits again and again."""
    return {"photo": rng.integers(0, 256, (14, 22)) / 255}


def lag_finder_inputs(rng: np.random.Generator) -> dict[str, Any]:
    """A small photo of noise, and where the template was cut in it."""
    return {"photo": rng.integers(0, 256, (20, 28)) / 255, "home": [3, 9]}


def cost_race_inputs(rng: np.random.Generator) -> dict[str, Any]:
    """Times that no planner would expect, at some places only, and none for some engines there."""
    from convlib.widgets.cost_race.widget import ENGINES, PLANES

    given = {}
    for name in ("model", "measured"):
        table = {d: 10 ** rng.uniform(-6, 2, (*map(len, sizes), len(ENGINES))) for d, sizes in PLANES.items()}
        if name == "measured":
            table = {d: np.where(rng.random(t.shape) < 0.5, t, 0) for d, t in table.items()}
        given[name] = {d: t.tolist() for d, t in table.items()}
    return given


def few_samples(rng: np.random.Generator) -> dict[str, Any]:
    """Sounds of a few samples under any titles: the sweep reads all traits again and again."""
    names = [f"{word} {rng.integers(100)}" for word in ("tick", "a & b")]
    return {"sounds": [(name, f"{name}, <b>", rng.normal(size=rng.integers(30, 60))) for name in names]}


# What a class cannot do without; every other class is made from its defaults.
INPUTS: dict[str, Callable[[np.random.Generator], dict[str, Any]]] = {
    "AnswerBox": lambda rng: {"exercise": f"III-1.{rng.integers(1, 6)}"},
    "CostRace": cost_race_inputs,
    "FilterLab": filter_lab_inputs,
    "ConventionAtlas": lambda rng: {"dims": int(rng.integers(1, 3))},
    "LagFinder": lag_finder_inputs,
    "Quiz": quiz_inputs,
    "RoomSound": few_samples,
    "SoundRow": few_samples,
}


def make(cls: type, seed: int) -> tuple[Any, list[str]]:
    """An instance on seeded, asymmetric inputs, and the names of these inputs."""
    rng = np.random.default_rng(seed)
    given = INPUTS[cls.__name__](rng) if cls.__name__ in INPUTS else {}
    plain = cls(**given)
    for name, value in sorted(public(plain).items()):
        if name not in given and len(numbers(value)) > 1:
            given[name] = random_like(value, rng)
    plain.close()
    try:
        return cls(**given), list(given)
    except TraitError as error:
        error.add_note("INPUTS in tests/widgets/widget_pages.py may say how this class is made on other inputs")
        raise


def public(widget: Any) -> dict[str, Any]:
    """The traits that a front-end shares with Python, without those that every widget has."""
    common = {"layout", "tabbable", "tooltip"}
    names = (n for n in widget.traits(sync=True) if not n.startswith("_") and n not in common)
    return {name: getattr(widget, name) for name in names}


# The smallest host that behaves as both real ones do: an equal value fires no event.
HOST = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title><main></main>
<script type="module">
class Model {
  constructor(data) { this.data = data; this.subs = {}; }
  get(k) { return this.data[k]; }
  set(k, v) {
    if (JSON.stringify(this.data[k]) === JSON.stringify(v)) return;
    this.data[k] = v;
    [...(this.subs[`change:${k}`] ?? [])].forEach((f) => f());
  }
  save_changes() {}
  on(e, f) { (this.subs[e] ??= []).push(f); }
  off(e, f) { this.subs[e] = this.subs[e].filter((g) => g !== f); }
}
const { esm, css, states } = STATE;
document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
window.models = [];
window.life = new AbortController();
for (const state of states) {
  const module = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
  const model = state === null ? window.models.at(-1) : new Model(state);
  window.models.push(model);
  const el = document.querySelector("main").appendChild(document.createElement("div"));
  module.default.render({ model, el, signal: window.life.signal });
}
window.ready = true;
</script>"""


def host(browser: Browser, cls: Any, states: list[Any], folded: bool = False, **options: Any) -> Page:
    """Open a page with one view per state; ``None`` is one more view of the model before it."""
    page = browser.new_page(**options)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    data = json.dumps({"esm": cls._esm, "css": cls._css, "states": states}).replace("</", "<\\/")
    page.set_content(HOST.replace("STATE", data))
    until(page, "window.ready", timeout=10_000)
    if not folded:
        page.evaluate("document.querySelectorAll('.fs-more').forEach((n) => { n.open = true; })")
    assert errors == []
    return page


def state(page: Page) -> dict[str, Any]:
    """The traits of the first view on a page, as its front-end has them."""
    found: dict[str, Any] = json.loads(page.locator(".fs").first.evaluate("(root) => JSON.stringify(root.state())"))
    return found


def traits_of(widget: Interactive) -> dict[str, Any]:
    return {k: v for k, v in widget.get_state().items() if not k.startswith("_")}


def box_of(thing: Any) -> tuple[float, float, float, float]:
    """Left, top, width and height of what a locator finds."""
    box = thing.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["width"], box["height"]


def middle_of(thing: Any) -> tuple[float, float]:
    left, top, width, height = box_of(thing)
    return left + width / 2, top + height / 2


def drag(page: Page, start: tuple[float, float], *places: tuple[float, float]) -> None:
    """Press the mouse at the first place, pull it over the others, and let go."""
    page.mouse.move(*start)
    page.mouse.down()
    for place in places:
        page.mouse.move(*place)
    page.mouse.up()


def begin(texts: list[str], starts: Iterable[str]) -> bool:
    """Whether each text begins as it should."""
    return all(text.startswith(start) for text, start in zip(texts, starts, strict=True))


def runs_and_stops(page: Page, trait: str, least: float, most: float, label: str) -> None:
    """The main button starts a motion that carries a trait along, and stops it."""
    button = page.locator(".fs-main")
    button.click()
    until(page, f"() => document.querySelector('.fs').state().{trait} > {least}")
    assert button.inner_text() == "Stop"
    button.click()
    at = state(page)[trait]
    page.wait_for_timeout(150)
    assert state(page)[trait] == at < most and button.inner_text() == label


def says(browser: Browser, *widgets: Interactive, part: str = ".fs-say") -> list[str]:
    """What interactives of one class say, read on a page."""
    cls = next(c for c in type(widgets[0]).__mro__ if isinstance(c.__dict__.get("_esm"), str))
    page = host(browser, cls, [traits_of(w) for w in widgets], reduced_motion="reduce")
    texts = page.locator(part).all_inner_texts()
    page.close()
    return texts
