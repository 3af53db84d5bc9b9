"""The host that keeps anywidgets alive on static pages, beside the ipywidgets manager."""

import gzip

import anywidget
import ipywidgets
import pytest
import traitlets
from browser import ROOT, record, until
from toy.widget import Toy
from widget_pages import HOSTS, tag, widget_page

HOST_JS = ROOT / "web/afm-host.js"
COUNTER = """export default {
  initialize({ model }) { model.on("change:value", () => { window.initialized = true; }); },
  render({ model, el, signal }) {
    const events = [];
    for (const name of ["change:value", "change:cells", "change"]) model.on(name, () => events.push(name));
    signal.addEventListener("abort", () => { window.aborted = (window.aborted ?? 0) + 1; });
    el.innerHTML = "<button>one more</button><output></output>";
    const draw = () => { el.querySelector("output").textContent = model.get("value"); };
    el.querySelector("button").onclick = () => { model.set("value", model.get("value") + 1); model.save_changes(); };
    model.on("change:value", draw);
    draw();
    Object.assign(el.querySelector("button"), { model, events });
    return () => { window.ended = (window.ended ?? 0) + 1; };
  } };"""


class Counter(anywidget.AnyWidget):
    _esm = COUNTER
    value = traitlets.Int(0).tag(sync=True)
    cells = traitlets.List([[1, 2], [3, 4]]).tag(sync=True)
    data = traitlets.Bytes(b"\x01\x02\xff").tag(sync=True)


def broken(esm):
    return type("Broken", (anywidget.AnyWidget,), {"_esm": esm})()


@pytest.fixture
def show(browser, site):
    """Open these widgets (or this html) and wait for something; the page must stay without fault."""
    opened = []

    def go(content, wait="button", host="ours", spoiled=False):
        html = content if isinstance(content, str) else widget_page(content, host)
        page = browser.new_page()
        opened.append((page, record(page), spoiled))
        page.goto(site.put(f"page{len(opened)}", html))
        page.wait_for_selector(wait, timeout=10_000)
        return page

    yield go
    for page, seen, spoiled in opened:
        problems = seen.problems(site.base)
        page.close()
        assert spoiled or not problems, problems


RUN = """(n) => {{
  const {{ model, events }} = document.querySelectorAll("button")[n];
  {steps}
  return events.splice(0);
}}"""


def events(page, n, steps):
    """The events that the n-th view hears while these statements run on its `model`."""
    return page.evaluate(RUN.format(steps="\n".join(f"{{ {step} }}" for step in steps)), n)


def test_the_host_is_small():
    assert len(gzip.compress(HOST_JS.read_bytes(), 9)) <= 2800


def test_the_host_leaves_nothing_global(show):
    page = show([Counter()])
    blank = show('<!doctype html><meta charset="utf-8"><title>t</title><link rel=icon href=data:,><button>b</button>')
    names = [p.evaluate("Object.getOwnPropertyNames(window)") for p in (page, blank)]
    assert set(names[0]) == set(names[1])


# What is done to the model, and the events that follow: alike in both hosts.
MODEL = {
    "an equal number": (["model.set('value', 0)"], []),
    "another number": (["model.set('value', 3)"], ["change:value", "change"]),
    "an equal array": (["model.set('cells', [[1, 2], [3, 4]])"], []),
    "another array": (["model.set('cells', [[1, 2], [3, 5]])"], ["change:cells", "change"]),
    "a longer array": (["model.set('cells', [[1, 2], [3, 4], []])"], ["change:cells", "change"]),
    "the same array, changed in place": (["const c = model.get('cells'); c[0][0] = 9; model.set('cells', c)"], []),
    "NaN twice": (["model.set('value', NaN)", "model.set('value', NaN)"], ["change:value", "change"]),
    "zero and minus zero": (["model.set('value', -0)"], []),
    "null for an array": (["model.set('cells', null)"], ["change:cells", "change"]),
    "equal bytes": (["model.set('data', new DataView(Uint8Array.of(1, 2, 255).buffer))"], []),
    "other bytes": (["model.set('data', new DataView(Uint8Array.of(1, 2, 3).buffer))"], ["change"]),
    "two traits in one set": (["model.set({ value: 5, cells: [] })"], ["change:value", "change:cells", "change"]),
    "a set within a listener": (
        ["model.on('change:value', () => model.set('cells', [7])); model.set('value', 1)"],
        ["change:value", "change:cells"],  # ipywidgets forgets the outer "change": so does our host
    ),
    "save_changes alone": (["model.save_changes()"], []),
    "two names in one on, then off": (
        ["const f = () => {}; model.on('change:value change:cells', f); model.off('change:value', f)"],
        [],
    ),
    "off without arguments": (["model.off()", "model.set('value', 8)"], []),
}


@pytest.mark.parametrize("host", HOSTS)
def test_the_model_tells_the_same_in_both_hosts(host, show):
    page = show([Counter() for _ in MODEL], host=host)
    until(page, "(n) => document.querySelectorAll('button').length === n", given=len(MODEL))
    heard = {name: events(page, n, steps) for n, (name, (steps, _)) in enumerate(MODEL.items())}
    assert heard == {name: expected for name, (_, expected) in MODEL.items()}


@pytest.mark.parametrize("host", HOSTS)
def test_bytes_arrive_as_a_data_view(host, show):
    page = show([Counter()], host=host)
    script = "(b) => { const d = b.model.get('data'); return [d instanceof DataView, d.byteLength, d.getUint8(2)]; }"
    assert page.locator("button").evaluate(script) == [True, 3, 255]


@pytest.mark.parametrize("host", HOSTS)
def test_two_views_of_one_model_stay_in_step(host, show):
    counter = Counter(value=4)
    page = show([counter, counter], host=host)
    until(page, "document.querySelectorAll('button').length === 2")
    page.locator("button").nth(0).click()
    assert page.locator("output").all_inner_texts() == ["5", "5"]
    assert page.evaluate("window.initialized")


def test_closing_a_view_ends_its_signal_and_its_listeners_only(show):
    counter = Counter()
    page = show([counter, counter])
    page.evaluate("document.querySelector('.afm-view').remove()")
    until(page, "window.aborted === 1 && window.ended === 1")
    page.locator("button").click()
    assert page.locator("output").inner_text() == "1"
    page.evaluate("document.body.append(document.querySelector('.afm-view'))")  # moved, not removed
    page.locator("button").click()
    assert page.locator("output").inner_text() == "2" and page.evaluate("window.aborted") == 1


@pytest.mark.parametrize("link", [ipywidgets.jslink, ipywidgets.jsdlink])
def test_links_between_anywidgets(link, show):
    a, b = Counter(value=3), Counter()
    connection = link((a, "value"), (b, "value"))
    page = show(widget_page([a, b, connection]).replace(view_of(connection), ""))
    texts = page.locator("output").all_inner_texts
    assert texts() == ["3", "3"]
    page.locator("button").nth(0).click()
    assert texts() == ["4", "4"]
    page.locator("button").nth(1).click()
    assert texts() == (["5", "5"] if link is ipywidgets.jslink else ["4", "5"])


def view_of(widget):
    spec = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    return tag("view", spec)


GOOD = "export default { render({ el }) { el.innerHTML = '<button>fine</button>'; } };"
BROKEN = {
    "export default {": "does not work here",  # a syntax error
    "export default { render() { throw new Error('render failed'); } };": "render failed",
    "export default { async render() { throw new Error('later'); } };": "later",
    "export default { initialize() { throw new Error('no start'); } };": "no start",
    "import 'https://example.org/x.js'; export default {};": "does not work here",
    "export default async () => { throw new Error('factory'); };": "factory",
    "export const other = 1;": "does not work here",
    """export default { render({ model }) {
      model.on("change:x", () => { throw Error("heard"); }); model.set("x", 1); } };""": "heard",
}


@pytest.mark.parametrize("esm", BROKEN)
def test_a_failing_widget_says_so_and_spoils_nothing_else(esm, show):
    page = show([broken(esm), broken(GOOD)], ".afm-error", spoiled=True)
    assert BROKEN[esm] in page.locator(".afm-error").inner_text()
    assert page.locator("[role=alert]").count() == 1
    assert page.locator("button").inner_text() == "fine"


def test_a_view_without_its_state_says_so(show):
    spec = {"version_major": 2, "version_minor": 0, "model_id": "gone"}
    stateless = f'<meta charset="utf-8"><p>{tag("view", spec)}</p><script src="widgets/afm-host.js"></script>'
    for html in (widget_page([broken(GOOD)]) + tag("view", spec), stateless):
        page = show(html, ".afm-error", spoiled=True)
        assert "state is not on this page" in page.locator(".afm-error").inner_text()


def test_failures_are_told_to_the_console_too(browser, site):
    page = browser.new_page()
    seen = record(page)
    page.goto(site.put("failing", widget_page([broken("boom()")])))
    page.wait_for_selector(".afm-error")
    assert any("boom is not defined" in text for text in seen.errors)


def test_html_in_an_error_stays_text(show):
    esm = "throw new Error('<img src=x onerror=alert(1)>')"
    page = show([broken(esm)], ".afm-error", spoiled=True)
    assert page.locator(".afm-error img").count() == 0


@pytest.mark.parametrize("host", HOSTS)
def test_from_disk(host, browser, site):
    site.put("disk", widget_page([Toy()], host))
    page = browser.new_page()
    seen = record(page)
    page.goto((site.folder / "disk.html").as_uri())
    page.wait_for_selector(".fs input[type=range]")
    page.locator(".fs input[type=range]").first.press("End")
    assert page.locator(".fs [data-shown=gain]").get_attribute("data-value") == "1"
    assert not seen.problems(site.folder.as_uri())


def test_must_fail_core_ipywidgets(site):
    with pytest.raises(ValueError, match="is shown: a page without a kernel runs anywidgets only"):
        site.put("core", widget_page([ipywidgets.IntSlider()]))


def test_a_page_loads_the_host_and_the_modules_alone(show):
    page = show([Counter()])
    sources = "[...document.scripts].map((s) => s.src.split('/').at(-1).replace(/-[0-9a-f]{8}/, ''))"
    assert page.evaluate(sources) == ["", "afm-host.js", "links.js", "counter.js"]


def test_a_missing_module_says_so(browser, site):
    page = browser.new_page()
    address = site.put("lost", widget_page([broken(GOOD)]))
    file = next(f for f in (site.folder / "widgets").glob("broken-*.js") if "fine" in f.read_text())
    file.unlink()
    page.goto(address)
    page.wait_for_selector(".afm-error")
    assert f"{file.name} is missing" in page.locator(".afm-error").inner_text()


REVEAL = """<link rel="stylesheet" href="reveal.css"><style>.reveal {{ height: 700px }}</style>
<div class="reveal"><div class="slides"><section>1</section><section>2</section><section>{view}</section>
<section>4</section></div></div>{state}<script src="reveal.js"></script>
<script>Reveal.initialize({{ viewDistance: 1 }});</script>"""


def test_a_view_on_a_slide_that_is_hidden_at_first(show, site):
    for name in ("reveal.js", "reveal.css"):
        (site.folder / name).write_bytes((ROOT / "node_modules/reveal.js/dist" / name).read_bytes())
    html = widget_page([Toy()])
    head, rest = html.split("<div>", 1)
    view, state = rest.split("</div>", 1)
    page = show(head + REVEAL.format(view=view, state=state), ".reveal.ready")
    page.wait_for_selector(".fs input[type=range]", state="attached")
    assert not page.locator(".fs").is_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    gain = page.locator(".fs input[type=range]").first
    gain.wait_for(state="visible")
    gain.press("End")
    assert page.locator(".fs [data-shown=gain]").inner_text() == "1"
    where = "Reveal.getIndices().h"
    assert page.evaluate(where) == 2
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(where) == 3
