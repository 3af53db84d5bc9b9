// Every input starts an echo (a row); the echoes of one moment add up (a column).
import { button, choice, clamp, drag, each, el, layer, mount, num, point, put, scale, slider, stems, toggle } from "../lib/stage.js";

const TRAITS = ["x", "h", "n", "rows", "role", "view", "walk", "pairing", "predict", "guess_order", "guess_value"];
const FORGET = { guess_order: "", guess_value: null };
const STONES = [2, 0, -1, 3, 1, 0, 2, -2];
const factor = (v) => (v < 0 ? `(${num(v)})` : num(v));
const total = (values) => values.reduce((a, b) => a + b, 0);
const fill = (list, f) => list.map((_, i) => f(i));
const words = (g, cls, items, at) => each(layer(g, cls), "text", items, (v, i) => ({ "text-anchor": "middle", ...at(v, i) }));
const lines = (g, cls, items, d) => each(layer(g, cls), "path", items, (v) => ({ d: d(v) }));
const spans = (node, name, parts) => each(node, name, parts, ([text, cls]) => ({ class: cls, text }));

// Every input scatters its echo; what falls into one column adds up.
function scatter(x, h) {
  const y = new Array(x.length + h.length - 1).fill(0);
  x.forEach((v, k) => h.forEach((w, j) => { y[k + j] += v * w; }));
  return y;
}

// Everything that is drawn, worked out from the traits.
function look(get) {
  const t = Object.fromEntries(TRAITS.map((k) => [k, get(k)])), { x, h, n, predict } = t;
  const byRows = t.role === "scatter" || t.view === "scatter", shift = t.pairing === "unflipped";
  const ordered = byRows || !predict || t.guess_order !== "", summed = ordered && (!predict || t.guess_value !== null);
  const laid = !byRows ? x.length : !predict ? t.rows : summed ? x.length : 0;
  const live = fill(x, (k) => k).filter((k) => n >= k && n - k < h.length);
  const weight = (k) => (shift ? h.length - 1 - (n - k) : n - k);
  const y = scatter(x.map((v, k) => (predict || k < laid ? v : 0)), h);
  const flat = num(total(live.map((k) => x[k] * h[h.length - 1 - n + k])));
  return { ...t, byRows, shift, ordered, summed, laid, live, weight, y, flat, now: num(y[n]), paired: !byRows && ordered,
    walked: t.walk >= 0.5 || shift, read: live.map((k) => `h[${weight(k)}]`).join(", "), name: `y[${n}]` };
}

function orders(s) {
  const ages = s.live.map((k) => s.n - k), text = (order) => order.map((j) => `h[${j}]`).join(", ");
  return { forwards: text([...ages].sort((a, b) => a - b)), backwards: text(ages), newest: text(ages.map(() => 0)) };
}

// What the reader is asked now: [trait, value, text] per answer.
function options(s) {
  if (!s.ordered) {
    const all = Object.entries(orders(s));
    return all.filter(([, text], i) => all.findIndex((o) => o[1] === text) === i).map(([v, text]) => ["guess_order", v, text]);
  }
  if (s.summed) return [];
  const ages = s.live.map((k) => s.n - k).sort((a, b) => a - b), y = s.y[s.n];
  const forwards = total(s.live.map((k, i) => s.x[k] * s.h[ages[i]]));
  const all = [y, forwards, s.x[s.live.at(-1)] * s.h[0], total(s.live.map((k) => s.x[k])), y + 1, y - 1];
  return [...new Set(all)].slice(0, 3).sort((a, b) => a - b).map((v) => ["guess_value", v, num(v)]);
}

const verdict = (s) => (s.guess_value === s.y[s.n] ? "Right." : `Not ${num(s.guess_value)}.`);

function scattered(s) {
  if (s.predict && !s.summed) return `Every input starts an echo: h, scaled and delayed. Which number is ${s.name}?`;
  if (s.predict) return `${verdict(s)} Column ${s.n} adds up to ${s.name} = ${s.now}.`;
  if (!s.rows) return "Nothing has arrived yet. Let the inputs in, one by one.";
  const k = s.rows - 1, v = s.x[k];
  const echo = v ? `its echo is ${num(v)} times h, started at ${k}` : "it starts no echo";
  return `x[${k}] is ${num(v)}: ${echo}. Column ${s.n} ${s.rows === s.x.length ? "adds up to" : "holds so far"} ${s.name} = ${s.now}.`;
}

function gathered(s) {
  if (s.shift) {
    const agree = s.flat === s.now ? `by chance the same as ${s.name}` : `not ${s.name} = ${s.now}`;
    return `Lay h down as it is, ${s.read}: ${s.flat}, ${agree}. The first of these inputs counts as if it had come last.`;
  }
  if (!s.walked) return `Column ${s.n} adds up to ${s.name} = ${s.now}. Walk its echoes back to the inputs that caused them.`;
  if (s.live.length === 1) return `One echo alone reaches column ${s.n}, with the weight ${s.read}. ${s.name} = ${s.now}.`;
  return `Under their causes the weights read ${s.read}: h stands there backwards. ${s.name} = ${s.now}.`;
}

function sentence(s) {
  if (s.byRows) return scattered(s);
  if (!s.ordered) return `${s.name} takes one number from each echo in its column, from ${s.live.map((k) => `x[${k}]`).join(", ")}. Which weights of h are in them, in this order?`;
  const all = orders(s), right = all[s.guess_order || "backwards"] === all.backwards;
  if (!s.summed) return `${right ? "Right" : "No"}: they are ${s.read}. Which number is ${s.name}?`;
  return s.predict && s.guess_value !== null ? `${verdict(s)} ${gathered(s)}` : gathered(s);
}

// The sum below the picture as coloured pieces; joined they are shown()["line"].
function line(s) {
  const join = (parts) => parts.flatMap((p, i) => (i ? [[" + "], ...p] : p)), end = [s.now, "et-out"];
  const here = s.byRows ? s.live.filter((k) => k < s.laid) : s.live;
  if (!here.length) return [[`${s.name} = 0, no echo here yet`]];
  if (s.byRows) return [[`${s.name} = `], ...join(here.map((k) => [[factor(s.x[k] * s.h[s.n - k]), "et-w"]])), [" = "], end];
  const pair = (k, a, b) => [[a, "et-in"], ["·"], [b, "et-w"]];
  const symbols = join(here.map((k) => pair(k, `x[${k}]`, `h[${s.weight(k)}]`)));
  const terms = join(here.map((k) => pair(k, factor(s.x[k]), factor(s.h[s.weight(k)]))));
  if (!s.shift) return [[`${s.name} = `], ...symbols, [" = "], ...terms, [" = "], end];
  return [...symbols, [" = "], ...terms, [` = ${s.flat}, and ${s.name} = `], end];
}

// Where everything stands, in the units of the picture: h beside the table if there is room, else above it.
function places(W, s) {
  const K = s.x.length, L = s.h.length, wide = W >= 540, left = wide ? Math.min(210, 56 + 40 * L) : 54;
  const cw = (W - left - 6) / (K + L - 1), hw = Math.min(wide ? 36 : cw, 46), rh = 27;
  const top = wide ? 30 : 146, strip = top + 92, table = strip + (s.byRows ? 14 : 46), base = table + K * rh + 76;
  return { K, L, W, wide, left, cw, hw, rh, top, strip, table, base, high: base + 42, cx: (i) => left + (i + 0.5) * cw,
    hx: (j) => (wide ? 22 : left) + (j + 0.5) * hw, hTop: wide ? top : 30, ry: (k) => table + (k + 0.5) * rh };
}

const span = (values, from, to) => scale(Math.min(0, ...values), Math.max(0, ...values) || 1, to, from);

// Stems with their names, and over each a handle that pulls it up and down.
function series(ui, svg, role, values, { X, top, width, title }) {
  const Y = span(values, top + 18, top + (values.some((v) => v < 0) ? 46 : 68)), g = layer(svg, `et-${role}`);
  stems(g, values, { X, Y, role, key: (i) => `${role}[${i}]` });
  lines(g, "et-axis", [0], () => `M${X(-0.5)} ${Y(0)}H${X(values.length - 0.5)}`);
  words(g, "fs-ticks", values, (_, i) => ({ x: X(i), y: top + 88, text: `${role}[${i}]` }));
  words(g, "fs-names", [title], (text) => ({ x: X(-0.5), y: top - 12, "text-anchor": "start", text }));
  const grips = layer(layer(svg, "et-grips"), `et-${role}`);
  each(grips, "rect", values, (_, i) => ({ x: X(i - 0.5) + 1, y: top - 4, width: width - 2, height: 78 })).forEach((node, i) => {
    (node.aria ??= drag(node, { label: `${role}[${i}]`, min: -9, max: 9, get: () => ui.get(role)[i],
      set: (v) => ui.set({ [role]: ui.get(role).map((old, k) => (k === i ? v : old)) }),
      at: (e, start) => start.value + (start.y - e.clientY) / 9 }, ui.life))();
  });
}

// An echo: a chip as strong as its value. It comes from h, lies in its row, and can walk back to its cause.
function chip(s, p, k, j, most) {
  const here = s.paired && k + j === s.n, m = here ? (s.shift ? 1 : s.walk) : 0;
  const away = k >= s.laid, from = [p.cx(k + j), p.ry(k)], to = [p.cx(k), p.strip + 12];
  const [x, y] = away ? [p.hx(j), p.hTop + 40] : [0, 1].map((i) => from[i] + (to[i] - from[i]) * m);
  const share = Math.round(45 * Math.abs(s.x[k] * s.h[j]) / most), on = k + j === s.n;
  const cls = `et-chip${on ? " et-on" : ""}${away ? " et-away" : ""}${s.paired ? " et-still" : ""}`;
  return { k, j, here, away, cls, style: `transform: translate(${x}px, ${y}px); --share: ${share}%` };
}

function echoes(g, s, p) {
  const most = Math.max(1, ...s.x.map(Math.abs)) * Math.max(1, ...s.h.map(Math.abs)), w = Math.min(p.cw - 4, 62);
  const all = s.x.flatMap((_, k) => s.h.map((_, j) => chip(s, p, k, j, most)));
  each(g, "g", all, (c) => ({ class: c.cls, style: c.style })).forEach((node, i) => {
    const { k, j, here, away } = all[i], v = s.x[k] * s.h[j];
    each(layer(node, "et-box"), "rect", [0], () => ({ x: -w / 2, y: -11, width: w, height: 22, rx: 5 }));
    const key = here ? `pair[${k}]` : `echo[${k},${j}]`, exact = here || away ? null : v;
    const text = words(node, "et-words", [0], () => ({ y: 4.5, "data-shown": away ? null : key, "data-value": exact }))[0];
    spans(text, "tspan", here ? [[num(s.x[k]), "et-in"], ["·"], [num(s.h[s.weight(k)]), "et-w"]] : [[num(v)]]);
  });
}

function rowsOf(svg, s, p) {
  words(svg, "et-rows", s.x.slice(0, s.laid), (v, k) => ({ x: p.left - 8, y: p.ry(k) + 4.5, "text-anchor": "end",
    "data-shown": `row[${k}]`, text: `${num(v)} × h` }));
  words(svg, "et-met", s.paired && s.walked ? s.live : [], (k) =>
    ({ x: p.cx(k), y: p.strip + 38, "data-shown": `weight[${k}]`, text: `h[${s.weight(k)}]` }));
  lines(svg, "et-paths", s.paired && !s.shift ? s.live : [], (k) =>
    `M${p.cx(s.n)} ${p.ry(k)}H${p.cx(s.n) + (p.cx(k) - p.cx(s.n)) * s.walk}`);
}

function outputs(svg, s, p) {
  const g = layer(svg, "et-y"), Y = span(s.y, p.base - 58, p.base);
  stems(g, s.summed ? s.y : [], { X: p.cx, Y, role: "y", key: (i) => `y[${i}]`, dim: (i) => i !== s.n });
  lines(g, "et-axis", [0], () => `M${p.left} ${s.summed ? Y(0) : p.base}H${p.W}`);
  words(g, "fs-ticks", s.y, (_, i) => ({ x: p.cx(i), y: p.base + 37, text: p.cw < 32 ? i : `y[${i}]` }));
  words(g, "et-ask", s.summed ? [] : ["?"], (text) => ({ x: p.cx(s.n), y: p.base - 12, text }));
  words(g, "fs-names", ["output y"], (text) => ({ x: 0, y: p.base - 46, "text-anchor": "start", text }));
}

// The question stands where the sum will stand, so that nothing jumps.
function answers(ui, parent) {
  const box = el(parent, "div", { class: "fs-control", role: "group", "aria-label": "Your answer" });
  el(box, "span", { text: "Your answer" });
  const list = el(box, "div", { class: "et-options" });
  list.addEventListener("click", (e) => {
    const i = [...list.children].indexOf(e.target.closest("button"));
    if (i < 0) return;
    const [trait, v] = options(look(ui.get))[i];
    ui.set({ [trait]: v });
  }, ui.life);
  return (s) => {
    const asked = options(s);
    if (!asked.length && list.contains(document.activeElement)) ui.root.querySelector(".et-grips rect").focus();
    put(box, { hidden: asked.length ? null : "" });
    each(list, "button", asked, ([, , text], i) => ({ type: "button", class: "fs-button", "data-shown": `answer[${i}]`, text }));
  };
}

// A control that is there only in some states.
const when = (test, control) => (ui, row) => {
  const sync = control(ui, row), box = row.lastElementChild;
  return () => { sync(); put(box, { hidden: test(look(ui.get)) ? null : "" }); };
};

// A press on a column of the table chooses it.
function pick(ui, svg, where) {
  svg.addEventListener("click", (e) => {
    const p = where(), at = point(svg, e);
    if (at.x > p.left && at.y > p.strip) ui.set({ n: clamp(Math.floor((at.x - p.left) / p.cw), 0, p.K + p.L - 2) });
  }, ui.life);
}

function controls(get) {
  const len = (k) => get(k).length;
  const inputs = () => [[fill(get("x"), (i) => +(i === 0)), "impulse"], [fill(get("x"), () => 1), "step"], [STONES.slice(0, len("x")), "mixed"]];
  const shapes = () => [[[4, 2, 1, 0, 0].slice(0, len("h")), "fades"], [fill(get("h"), () => 1), "lasts"], [fill(get("h"), (j) => +(j === 0) - +(j === 1)), "change"]];
  const gather = (s) => s.paired && s.summed, lay = (s) => s.byRows && !s.predict, next = (ui) => ui.set({ rows: (get("rows") + 1) % (len("x") + 1) });
  const both = get("role") === "both", reading = both ? [choice("view", "Read by", [["gather", "columns"], ["scatter", "rows"]])] : [];
  const walking = both ? [when(gather, slider("walk", "Walk back", { step: 0.05 })),
    when(gather, choice("pairing", "Weights", [["echoes", "of the echoes"], ["unflipped", "flip neither"]]))] : [];
  return [...reading, when(lay, button(() => (get("rows") < len("x") ? "Next input" : "Start again"), next, "fs-main")),
    slider("n", "Column n", { max: () => len("x") + len("h") - 2 }), ...walking, choice("x", "Input x", inputs), choice("h", "Response h", shapes),
    toggle("predict", "Predict first")];
}

function implied(patch) {
  if (["view", "predict"].some((k) => k in patch)) return FORGET;
  return ["x", "h", "n"].some((k) => k in patch) ? { guess_value: null } : {};
}

function render(context) {
  const get = (k) => context.model.get(k);
  const ui = mount(context, { name: "echo-table", label: "A table of echoes", traits: TRAITS, implied, controls: controls(get) });
  const svg = el(ui.stage, "svg", { role: "group", "aria-label": "Input, echoes and output" });
  ["et-here", "et-x", "et-h", "et-paths", "et-rows", "et-y", "et-echoes"].forEach((cls) => layer(svg, cls));
  const foot = el(ui.stage, "div", { class: "et-foot" }), ask = answers(ui, foot), sum = el(foot, "p", { class: "et-line" });
  let p;
  pick(ui, svg, () => p);
  ui.start(() => {
    const s = look(get), em = (parseFloat(getComputedStyle(ui.root).fontSize) || 16) / 16;
    p = places(ui.width() / em, s);
    put(svg, { viewBox: `0 0 ${p.W} ${p.high}` });
    each(layer(svg, "et-here"), "rect", [0], () =>
      ({ x: p.cx(s.n) - p.cw / 2 + 1, y: p.table - 4, width: p.cw - 2, height: p.high - p.table + 4, rx: 6 }));
    series(ui, svg, "x", s.x, { X: p.cx, top: p.top, width: p.cw, title: "input x" });
    series(ui, svg, "h", s.h, { X: p.hx, top: p.hTop, width: p.hw, title: "response h" });
    rowsOf(svg, s, p);
    echoes(layer(svg, "et-echoes"), s, p);
    outputs(svg, s, p);
    ui.tell(sentence(s));
    ask(s);
    put(sum, { hidden: s.summed ? null : "", "data-shown": s.summed ? "line" : null });
    spans(sum, "span", s.summed ? line(s) : []);
  });
}

export default { render };
