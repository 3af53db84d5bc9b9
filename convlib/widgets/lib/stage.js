// What every interactive is built from: one sentence, one picture, its main control, a few lines, the other controls folded.
// Nodes are made once and updated, never rebuilt, so that the keyboard focus survives a change.

const SVG = "http://www.w3.org/2000/svg";
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const ROLES = { x: "input", h: "response", y: "output" };
// A trait may be a list.
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const of = (v) => (typeof v === "function" ? v() : v);
// Two views of one widget, or two copies of this module, must not share an id.
export const uid = () => `fs-${Math.random().toString(36).slice(2)}`;

const swallow = (e) => { e.preventDefault(); e.stopPropagation(); };
export const clamp = (v, low, high) => Math.min(high, Math.max(low, v));

// At most two decimals, no trailing zeros, commas between thousands, a real minus sign.
const ENGLISH = new Intl.NumberFormat("en");
export function num(v) {
  return ENGLISH.format(+v.toFixed(2) + 0).replace("-", "−");
}

// Writes only what differs.
export function put(node, attrs) {
  for (const [k, v] of Object.entries(attrs)) {
    if (k === "text") { if (node.textContent !== String(v)) node.textContent = v; }
    else if (v === null || v === undefined || v === false) node.removeAttribute(k);
    else if (node.getAttribute(k) !== String(v)) node.setAttribute(k, v);
  }
  return node;
}

export function el(parent, name, attrs = {}) {
  const svg = name === "svg" || (parent.namespaceURI === SVG && parent.localName !== "foreignObject");
  const node = svg ? document.createElementNS(SVG, name) : document.createElement(name);
  parent.append(node);
  return put(node, attrs);
}

// A displayed number or text, with the key that it has in Python's shown().
export function show(node, key, value) {
  const exact = typeof value === "number";
  return put(node, { "data-shown": key, "data-value": exact ? value : null,
    text: exact ? num(value) : value });
}

// Words as pieces: "y[{n}] is {v}." with its numbers apart and texts in one, each number keyed as in Python's shown(). A value is a
// number, a text, pieces, or { key, value, cls } for a number with another key or a class.
function pieces(template, values = {}) {
  return template.split(/\{(\w+)\}/).flatMap((part, i) => {
    const v = i % 2 ? values[part] : part;
    return typeof v === "number" ? { key: part, value: v } : v;
  }).reduce((all, part) => (typeof part + typeof all.at(-1) === "stringstring" ? [...all.slice(0, -1), all.at(-1) + part] : [...all, part]), []);
}

// Writes pieces into a node, one span each; in a picture one tspan.
export function spell(node, parts) {
  each(node, node.namespaceURI === SVG ? "tspan" : "span", parts, (p) => (p.value === undefined ? { "data-shown": p.key, "data-value": null, class: p.cls, text: p.text ?? p }
    : { "data-shown": p.key, "data-value": p.value, class: p.cls, text: num(p.value) }));
}

// One child per item, reused from draw to draw.
export function each(parent, name, items, attrs) {
  while (parent.children.length > items.length) parent.lastElementChild.remove();
  return items.map((item, i) => put(parent.children[i] ?? el(parent, name), attrs(item, i)));
}

// The child group of that class, made on first use.
export function layer(parent, cls) {
  const found = [...parent.children].find((child) => child.classList.contains(cls));
  return found ?? el(parent, parent.namespaceURI === SVG ? "g" : "div", { class: cls });
}

function frame(host, name, label) {
  const root = el(host, "div", { class: `fs fs-${name}`, role: "group", "aria-label": label });
  // A finger on a slide moves the picture, not the deck.
  put(root, { "data-prevent-swipe": "" });
  return { root, say: el(root, "p", { class: "fs-say" }), heard: el(root, "p", { class: "fs-heard", role: "status" }),
    stage: el(root, "div", { class: "fs-stage" }), row: el(root, "div", { class: "fs-controls fs-first" }),
    foot: el(root, "div", { class: "fs-foot" }) };
}

// The controls that are not needed at first sight.
function fold(row, label) {
  const box = el(row, "details", { class: "fs-more" });
  el(box, "summary", { text: label });
  return el(box, "div", { class: "fs-controls" });
}

// Calls update when a trait or the width changes, until the view's life ends.
function follow(model, traits, { stage, width, life }, update) {
  let wide = width();
  const watch = new ResizeObserver(() => { if (wide !== (wide = width())) update(); });
  watch.observe(stage);
  traits.forEach((t) => model.on(`change:${t}`, update));
  life.signal.addEventListener("abort", () => {
    watch.disconnect();
    traits.forEach((t) => model.off(`change:${t}`, update));
  });
}

// Builds the root and returns what a picture needs; `start(draw)` adds the controls and draws. `declared` is what
// the Python class says. `controls` stand directly below the picture, `more` and Reset are folded. A change withdraws
// the answers that were given about it, and takes along what `implied(patch)` names. Who has answered the one question
// of an interactive may explore: it is not asked again. Several traits make one drawing: nobody sees half of a change.
export function mount({ model, el: host, signal }, declared, { controls = [], more = [], implied = () => ({}) }) {
  const { traits, words } = declared, names = Object.keys(traits);
  const { root, say, heard, stage, row, foot } = frame(host, declared.name, words.label);
  const life = { signal: signal ?? new AbortController().signal };
  const get = (k) => model.get(k);
  const state = () => structuredClone(Object.fromEntries(names.map((t) => [t, get(t)])));
  const first = state(), draws = [];
  let held = false, width = 0, open = 0, pause;
  // The sentence keeps the height of its longest form so far: the picture moves at most once.
  const update = () => {
    if (held) return;
    draws.forEach((draw) => draw?.());
    if (width !== (width = stage.clientWidth)) say.style.minHeight = "";
    say.style.minHeight = `${say.offsetHeight}px`;
    // Whoever waits for the reader's answer is told of it.
    const was = open;
    open = names.filter((t) => traits[t].about && ui.asked(t)).length;
    if (open < was) root.dispatchEvent(new CustomEvent("fs-answered", { bubbles: true }));
    root.dispatchEvent(new CustomEvent("fs-changed", { bubbles: true }));
  };
  const withdrawn = (patch) => Object.fromEntries(names.filter((k) => traits[k].about?.some((t) => t in patch))
    .flatMap((k) => [[k, traits[k].default], ...(k === "guess" && !ui.asked() ? [["predict", false]] : [])]));
  const save = (all) => {
    held = true;
    try { Object.entries(all).forEach(([k, v]) => model.set(k, v)); model.save_changes(); } finally { held = false; }
    update();
    // A screen reader hears what has stood for a moment: nothing while it plays or is pulled.
    clearTimeout(pause);
    pause = setTimeout(() => put(heard, { text: say.textContent }), 700);
  };
  const set = (patch) => save({ ...withdrawn(patch), ...implied(patch), ...patch });
  // Another state at once, for a link or for what was remembered; nothing changes where it cannot be drawn.
  const restore = (to, from = state()) => {
    try { save(to); return true; } catch { save(from); }
  };
  const word = (key) => key.split(".").reduce((w, k) => w[k], words);
  const ui = { root, stage, row, foot, life, get, set, state, traits, word,
    words: (key, values) => pieces(word(key), values),
    text: (key, values) => ui.words(key, values).map((p) => p.text ?? (p.value === undefined ? p : num(p.value))).join(""),
    // Sentences as pieces; what is empty is left out.
    tell: (...told) => spell(say, told.filter((s) => s?.length).flatMap((s, i) => (i ? [" ", ...s] : s))),
    // Whether the reader is asked for a trait, and has not answered.
    asked: (trait = "guess") => get("predict") && same(get(trait), traits[trait].default),
    width: () => stage.clientWidth || 640,
    // The same in the units of a picture, which grow with the text.
    em: () => (parseFloat(getComputedStyle(root).fontSize) || 16) / 16,
    start(picture) {
      const reset = button(words.reset, () => set(structuredClone(first)), "fs-reset");
      const make = (list, place) => list.map((c) => (typeof c === "string" ? CONTROLS[traits[c].kind](c) : c)(ui, place));
      if (more.length) draws.push(...make(controls, row), ...make([...more, reset], fold(row, words.more)), picture);
      else draws.push(...make([...controls, reset], row), picture);
      follow(model, names, ui, update);
      update();
    } };
  Object.assign(root, { state, get, first, traits, restore });
  // JupyterLab would take the arrow keys for its cells; it asks the focused element alone.
  root.addEventListener("focusin", (e) => e.target.setAttribute("data-lm-suppress-shortcuts", ""), life);
  root.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    // On a slide the first Escape frees the arrow keys.
    e.stopPropagation();
    document.activeElement.blur();
  }, life);
  return ui;
}

// Controls: Python declares them, the words name them; each returns what brings it in step with the model.
// A name among `controls` is enough; slider("n", { max }) says what depends on other traits.
export const slider = (trait, { text, ...more } = {}) => (ui, row) => {
  const id = uid(), box = el(row, "div", { class: "fs-control" }), { min, max, step } = { ...ui.traits[trait], ...more };
  el(box, "label", { for: id, text: ui.word(`controls.${trait}`) });
  const input = el(box, "input", { type: "range", id, "data-trait": trait }), shown = el(box, "span", { class: "fs-number" });
  input.addEventListener("input", () => ui.set({ [trait]: +input.value }), ui.life);
  return () => {
    const v = ui.get(trait);
    put(input, { min: of(min), max: of(max), step: of(step), "aria-valuetext": (text ?? num)(v) });
    input.value = v;
    show(shown, trait, text ? text(v) : v);
  };
};

// options: [[value, text], …], by default those of the trait; a segmented row of radio buttons, or a select.
export const choice = (trait, { options, select } = {}) => (ui, row) => {
  const id = uid(), box = el(row, "div", { class: "fs-control" }), label = ui.word(`controls.${trait}`);
  const own = () => ui.traits[trait].options.map((v, i) => [v, Object.values(ui.word(`options.${trait}`))[i]]);
  const all = () => of(options) ?? own();
  const pick = (i) => ui.set({ [trait]: all()[i][0] });
  const chosen = () => all().findIndex(([v]) => same(v, ui.get(trait)));
  if (select ?? ui.traits[trait].select) {
    el(box, "label", { for: id, text: label });
    const list = el(box, "select", { id });
    list.addEventListener("change", () => pick(list.selectedIndex), ui.life);
    return () => { each(list, "option", all(), ([, text]) => ({ text })); list.selectedIndex = chosen(); };
  }
  el(box, "span", { id, text: label });
  const group = el(box, "div", { class: "fs-choice", role: "radiogroup", "aria-labelledby": id });
  const radios = all().map((_, i) => {
    const one = el(group, "label"), radio = el(one, "input", { type: "radio", name: id });
    radio.addEventListener("change", () => pick(i), ui.life);
    return [radio, el(one, "span")];
  });
  return () => {
    const at = chosen(), texts = all();
    radios.forEach(([radio, text], i) => { radio.checked = i === at; put(text, { text: texts[i][1] }); });
  };
};

export const toggle = (trait) => (ui, row) => {
  const box = el(row, "label", { class: "fs-control fs-toggle" }), input = el(box, "input", { type: "checkbox" });
  el(box, "span", { text: ui.word(`controls.${trait}`) });
  input.addEventListener("change", () => ui.set({ [trait]: input.checked }), ui.life);
  return () => { input.checked = ui.get(trait); };
};

const CONTROLS = { slider, choice, toggle };

// A question with its answers as buttons, a control. options(ui): [[value, text], …], or nothing (false) where nothing is
// asked. Two questions, one after the other, stand in one place if `trait(ui)` says which of them is asked. When it was
// answered, the next control has the focus.
export const question = (options, trait = () => "guess") => (ui, row) => {
  const label = ui.word(`controls.${trait(ui)}`);
  const box = el(row, "div", { class: "fs-control fs-question", role: "group", "aria-label": label });
  el(box, "span", { text: label });
  const list = el(box, "div", { class: "fs-answers" }), asked = () => (!ui.asked(trait(ui)) ? [] : options(ui) || []);
  const next = () => [...row.querySelectorAll("button, input"), ...ui.root.querySelectorAll("[role=slider]")]
    .find((n) => n.getClientRects().length)?.focus();
  list.addEventListener("click", (e) => {
    const i = [...list.children].indexOf(e.target.closest("button"));
    if (i >= 0) ui.set({ [trait(ui)]: asked()[i][0] });
  }, ui.life);
  return () => {
    const open = asked();
    if (!open.length && list.contains(document.activeElement)) queueMicrotask(next);
    put(box, { hidden: open.length ? null : "" });
    each(list, "button", open, ([, text]) => ({ type: "button", class: "fs-button", text }));
  };
};

export const button = (label, act, cls = "") => (ui, row) => {
  const node = el(row, "button", { type: "button", class: `fs-button ${cls}`.trim() });
  node.addEventListener("click", () => act(ui), ui.life);
  return () => put(node, { text: of(label) });
};

// Pointer, touch and arrow keys move one value. `at(event, start)` turns a place into a value;
// `keys(dx, dy)` replaces the arrow keys' step (two dimensions); `tap` is a press that never moved.
export function drag(node, { label, min = 0, max, step = 1, get, set, at, keys, tap, text = num }, life) {
  let start = null, moved = false;
  const go = (v) => set(clamp(of(min) + Math.round((v - of(min)) / step) * step, of(min), of(max)));
  put(node, { tabindex: 0, role: "slider", "aria-label": label });
  const on = (type, act) => node.addEventListener(type, act, life);
  on("keydown", (e) => {
    const arrow = ARROWS[e.key];
    if (arrow) { if (keys) keys(...arrow); else go(get() + step * (arrow[0] + arrow[1])); }
    else if (e.key === "Home") go(of(min));
    else if (e.key === "End") go(of(max));
    else return;
    swallow(e);
  });
  on("pointerdown", (e) => {
    if (e.button) return;
    e.preventDefault();
    node.focus({ preventScroll: true });
    node.setPointerCapture(e.pointerId);
    [start, moved] = [{ x: e.clientX, y: e.clientY, value: get() }, false];
  });
  on("pointermove", (e) => {
    if (!start) return;
    moved ||= Math.hypot(e.clientX - start.x, e.clientY - start.y) > 4;
    if (moved) go(at(e, start));
  });
  on("pointerup", (e) => { if (start && !moved) tap?.(e); start = null; });
  on("pointercancel", () => { start = null; });
  return () => put(node, { "aria-valuemin": of(min), "aria-valuemax": of(max),
    "aria-valuenow": get(), "aria-valuetext": text(get()) });
}

// A grid of numbers with one Tab stop: arrow keys move; a digit, + or − changes; two buttons do the
// same for a finger. `sync` draws it from rows of cell attributes, `go` puts the focus on a cell.
export function cells(ui, parent, { label, name, key, get, set, fixed = () => false }) {
  const id = uid();
  el(parent, "div", { class: "fs-title", id, text: label });
  const wrap = el(parent, "div", { class: "fs-cells" });
  const grid = el(wrap, "div", { class: "fs-grid", role: "grid", "aria-labelledby": id });
  let at = [0, 0];
  const step = (by) => change(get(...at) + by), { life } = ui, mark = stepper(ui, parent, { name, key, get, fixed }, step);
  const change = (v) => { if (!fixed()) set(...at, v); };
  const move = (r, c) => {
    at = [clamp(r, 0, grid.children.length - 1), clamp(c, 0, grid.children[0].children.length - 1)];
    [...grid.children].forEach((line, i) => [...line.children].forEach((node, j) =>
      put(node, { tabindex: i === at[0] && j === at[1] ? 0 : -1 })));
    mark(at);
  };
  const go = (r, c) => { move(r, c); grid.children[at[0]].children[at[1]].focus({ preventScroll: true }); };
  const pick = (e) => {
    const line = e.target.parentNode, r = [...grid.children].indexOf(line), c = [...line.children].indexOf(e.target);
    if (r >= 0 && (e.type === "click" || r !== at[0] || c !== at[1])) go(r, c);
  };
  for (const type of ["focusin", "click"]) grid.addEventListener(type, pick, life);
  grid.addEventListener("keydown", (e) => {
    const arrow = ARROWS[e.key];
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (arrow) go(at[0] - arrow[1], at[1] + arrow[0]);
    else if (/^\d$/.test(e.key)) change(+e.key);
    else if ("+=".includes(e.key)) step(1);
    else if ("-−".includes(e.key)) step(-1);
    else return;
    swallow(e);
  }, life);
  const sync = (lines) => {
    each(grid, "div", lines, () => ({ role: "row" })).forEach((line, r) =>
      each(line, "div", lines[r], (attrs) => ({ role: "gridcell", ...attrs })));
    move(...at);
  };
  return { grid, wrap, sync, go };
}

function stepper(ui, parent, { name, key, get, fixed }, step) {
  const bar = el(parent, "div"), add = (tag, attrs) => el(bar, tag, attrs);
  const press = (by, text) => {
    const node = add("button", { type: "button", class: "fs-step", text });
    node.addEventListener("click", () => step(by), ui.life);
    return node;
  };
  const less = press(-1, "−"), what = add("span"), value = add("span", { class: "fs-number" }), more = press(1, "+");
  return (at) => {
    const place = `[${at.join(", ")}]`, off = fixed(), who = { what: `${name} ${place}` };
    put(bar, { class: off ? "fs-stepper fs-off" : "fs-stepper" });
    put(what, { text: `${place} =` });
    show(value, off ? null : key(...at), get(...at));
    put(less, { "aria-label": ui.text("one_less", who), disabled: off && "" });
    put(more, { "aria-label": ui.text("one_more", who), disabled: off && "" });
  };
}

// Such a grid for a trait that is a list of rows. `sync(mark)` draws it; mark(v, r, c) adds to a cell or says otherwise.
export function editor(ui, parent, trait, { name, fixed }) {
  const rows = () => ui.get(trait), { low, high } = ui.traits[trait], key = (r, c) => `${trait}[${r},${c}]`;
  const grid = cells(ui, parent, { label: ui.word(`controls.${trait}`), name, fixed, key, get: (r, c) => rows()[r][c],
    set: (r, c, v) => ui.set({ [trait]: rows().with(r, rows()[r].with(c, clamp(v, low, high))) }) });
  const cell = (r, c, one) => ({ "aria-label": `${name} [${r}, ${c}]: ${one.text}`, "data-shown": key(r, c), ...one });
  return { ...grid, sync: (mark) => grid.sync(rows().map((row, r) => row.map((v, c) =>
    cell(r, c, { "data-value": v, text: num(v), ...mark(v, r, c) })))) };
}

// A table of results under its title; returned: the table, and what draws it from rows of cell attributes.
export function table(parent, title) {
  el(parent, "div", { class: "fs-title", text: title });
  const box = el(parent, "div", { class: "fs-table", role: "table", "aria-label": title });
  return [box, (lines) => each(box, "div", lines, () => ({ role: "row" })).forEach((line, r) =>
    each(line, "div", lines[r], (attrs) => ({ role: "cell", ...attrs })))];
}

// Where a pointer is, in the units of an SVG's viewBox.
export function point(svg, e) {
  return new DOMPoint(e.clientX, e.clientY).matrixTransform(svg.getScreenCTM().inverse());
}

export function scale(low, high, from, to) {
  const map = (v) => from + ((v - low) / (high - low || 1)) * (to - from);
  map.invert = (p) => low + ((p - from) / (to - from || 1)) * (high - low);
  return map;
}

export function ticks(low, high, about = 5) {
  const raw = (high - low) / about || 1, power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find((m) => m * power >= raw * 0.999);
  const count = Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9) + 1;
  return Array.from({ length: count }, (_, i) => (Math.ceil(low / step - 1e-9) + i) * step);
}

// box: [left, top, width, height] in px; x and y: [low, high]. Returns the two scales.
export function axes(g, { box: [left, top, w, h], x, y, xlabel = "", ylabel = "", xticks, yticks }) {
  const X = scale(...x, left, left + w), Y = scale(...y, top + h, top), base = Y(clamp(0, ...y));
  const place = ([tx, ty, anchor, text]) => ({ x: tx, y: ty, "text-anchor": anchor, text });
  each(layer(g, "fs-lines"), "path", [`M${left} ${base}h${w}`, `M${left} ${top}v${h}`], (d) => ({ d }));
  each(layer(g, "fs-ticks"), "text", [
    ...(xticks ?? ticks(...x)).map((v) => [X(v), top + h + 18, "middle", num(v)]),
    ...(yticks ?? ticks(...y)).map((v) => [left - 8, Y(v) + 4, "end", num(v)])], place);
  each(layer(g, "fs-names"), "text",
    [[left + w, top + h + 36, "end", xlabel], [left, top - 10, "start", ylabel]], place);
  return { X, Y };
}

export const round = (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;

// Ringed grips at [[x, y, role], …]: what can be dragged looks like it.
export const grips = (g, places, r = 8.5) => each(layer(g, "fs-heads"), "path", places, ([x, y, role = "ink"]) =>
  ({ class: `fs-grip fs-${role}`, d: round(x, y, r) }));

// Stems: a round head for x, a square one (dashed stalk) for h, a filled bar for y.
// key(i) names the value in shown(); dim(i) fades what is not spoken of. What can be pulled has a ringed head, a grip.
export function stems(g, values, { X, Y, role = "x", start = 0, key, dim = () => false, label = num, grip = false }) {
  const pitch = Math.abs(X(1) - X(0)), half = Math.min(14, pitch * 0.3), base = Y(0), r = grip ? Math.min(8.5, pitch * 0.42) : 5;
  const cls = (i) => `fs-${ROLES[role]}${dim(i) ? " fs-dim" : ""}${grip ? " fs-grip" : ""}`;
  const paths = (name, d) => each(layer(g, name), "path", values, (v, i) =>
    ({ class: cls(i), d: d(X(i + start), Y(v)) }));
  if (role !== "y") paths("fs-stalks", (x, y) => `M${x} ${base}V${y}`);
  paths("fs-heads", { x: (x, y) => round(x, y, r), h: (x, y) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`,
    y: (x, y) => `M${x - half} ${base}V${y}h${2 * half}V${base}z` }[role]);
  each(layer(g, "fs-values"), "text", values, (v, i) => ({ x: X(i + start), y: Y(v) + (v < 0 ? r + 17 : -r - 6),
    "text-anchor": "middle", "data-shown": key?.(i), "data-value": key && v, class: cls(i), text: label(v) }));
}

// A line through (xs, ys), or with `area` the filled region between it and zero.
export function curve(g, xs, ys, { X, Y, role = "x", area = false }) {
  const line = xs.map((x, i) => `${i ? "L" : "M"}${X(x).toFixed(2)} ${Y(ys[i]).toFixed(2)}`).join("");
  const d = area && xs.length ? `${line}L${X(xs.at(-1))} ${Y(0)}L${X(xs[0])} ${Y(0)}z` : line;
  each(g, "path", [d], () => ({ d, class: `fs-${ROLES[role]} ${area ? "fs-area" : "fs-curve"}` }));
}

// Runs frame(0 … 1) over 0.3 to 1 s and returns its brake; under reduced motion it only arrives.
export function animate(ms, frame, life) {
  let id = 0;
  const begin = performance.now(), stop = () => cancelAnimationFrame(id);
  const step = (now) => {
    const u = clamp((now - begin) / clamp(ms, 300, 1000), 0, 1);
    frame(u * u * (3 - 2 * u));
    if (u < 1) id = requestAnimationFrame(step);
  };
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) frame(1);
  else id = requestAnimationFrame(step);
  life?.signal.addEventListener("abort", stop);
  return stop;
}

// The samples of a sound as Python keeps it: one byte each, by the mu-law.
export function samplesOf({ samples }) {
  return Float32Array.from(atob(samples), (c) => {
    const v = c.charCodeAt(0) - 128;
    return (Math.sign(v) * (256 ** (Math.abs(v) / 127) - 1)) / 255;
  });
}

// A sound as a file that every browser plays: 16 bits a sample, its peak at 0.8.
function wav(samples, rate) {
  const most = samples.reduce((m, v) => Math.max(m, Math.abs(v)), 1e-9), bytes = 2 * samples.length;
  const data = new DataView(new ArrayBuffer(44 + bytes)), word = (at, text) => [...text].forEach((c, i) => data.setUint8(at + i, c.charCodeAt(0)));
  [[0, "RIFF"], [8, "WAVEfmt "], [36, "data"]].forEach(([at, text]) => word(at, text));
  [[4, 36 + bytes], [16, 16], [24, rate], [28, 2 * rate], [40, bytes]].forEach(([at, v]) => data.setUint32(at, v, true));
  [[20, 1], [22, 1], [32, 2], [34, 16]].forEach(([at, v]) => data.setUint16(at, v, true));
  samples.forEach((v, i) => data.setInt16(44 + 2 * i, Math.round((26214 * v) / most), true));
  return `data:audio/wav;base64,${btoa(new Uint8Array(data.buffer).reduce((text, b) => text + String.fromCharCode(b), ""))}`;
}

// Plays one sound at a time, under a name; nothing exists before the first press.
export function player(life, changed) {
  let audio = null, name = null;
  const stop = () => {
    if (!audio) return;
    audio.pause();
    [audio, name] = [null, null];
    changed();
  };
  life.signal.addEventListener("abort", stop);
  return { stop, playing: () => name, tune: (with_) => audio && Object.assign(audio, with_),
    play(what, samples, rate, how = {}) {
      stop();
      name = what;
      const mine = audio = Object.assign(new Audio(wav(samples, rate)), { preservesPitch: false }, how);
      audio.addEventListener("ended", stop, life);
      audio.play().catch(() => { if (audio === mine) stop(); });
      changed();
    } };
}

// Texts of one layer, centred on their places unless `at` says otherwise.
export const words = (g, cls, items, at) => each(layer(g, cls), "text", items, (v, i) => ({ "text-anchor": "middle", ...at(v, i) }));

// Pieces with something between them.
export const joined = (parts, by = " + ") => parts.flatMap((p, i) => (i ? [by].concat(p) : p));

// A control that is there only in some states.
export const when = (test, control) => (ui, row) => {
  const sync = control(ui, row), box = row.lastElementChild;
  return () => { sync(); put(box, { hidden: test(ui) ? null : "" }); };
};

// Moves a trait on in real time, `pace` units a second; a second press stops it. Without motion it is at the end at once, or back.
export function clock(ui, trait, { pace = 1, whole = false } = {}) {
  const still = matchMedia("(prefers-reduced-motion: reduce)"), end = ui.traits[trait].max;
  let id = null, begin = 0;
  const next = (now) => {
    const t = clamp(((now - begin) / 1000) * pace, 0, end), at = whole ? Math.floor(t) : t;
    id = at < end ? requestAnimationFrame(next) : null;
    if (at !== ui.get(trait)) ui.set({ [trait]: at });
  };
  ui.life.signal.addEventListener("abort", () => cancelAnimationFrame(id));
  return { runs: () => id !== null, press() {
    if (id !== null) { cancelAnimationFrame(id); id = null; return ui.set({}); }
    if (still.matches) return ui.set({ [trait]: ui.get(trait) < end ? end : 0 });
    begin = performance.now() - (1000 / pace) * (ui.get(trait) >= end ? 0 : ui.get(trait));
    id = requestAnimationFrame(next);
    return ui.set({});
  } };
}
