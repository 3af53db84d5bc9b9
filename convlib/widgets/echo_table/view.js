// Every input starts an echo (a row); the echoes of one moment add up (a column).
import { button, choice, clamp, drag, each, el, joined, layer, mount, num, point, put, question, scale, slider, spell, stems, when, words } from "../lib/stage.js";

const STONES = [2, 0, -1, 3, 1, 0, 2, -2];
const total = (values) => values.reduce((a, b) => a + b, 0);
const fill = (list, f) => list.map((_, i) => f(i));
const lines = (g, cls, items, d) => each(layer(g, cls), "path", items, (v) => ({ d: d(v) }));
// A factor or a term: a negative one in brackets.
const bracket = (piece) => (piece.value < 0 ? [{ text: "(", cls: piece.cls }, piece, { text: ")", cls: piece.cls }] : [piece]);

// Every input scatters its echo; what falls into one column adds up.
function scatter(x, h) {
  const y = new Array(x.length + h.length - 1).fill(0);
  x.forEach((v, k) => h.forEach((w, j) => { y[k + j] += v * w; }));
  return y;
}

// Everything that is drawn, worked out from the traits.
function look(ui) {
  const t = ui.state(), { x, h, n, predict } = t;
  const byRows = t.role === "scatter" || t.view === "scatter", shift = t.pairing === "unflipped";
  const ordered = byRows || !ui.asked("guess_order"), summed = ordered && !ui.asked("guess_value");
  const laid = !byRows ? x.length : !predict ? t.rows : summed ? x.length : 0;
  const live = fill(x, (k) => k).filter((k) => n >= k && n - k < h.length);
  const weight = (k) => (shift ? h.length - 1 - (n - k) : n - k);
  const y = scatter(x.map((v, k) => (predict || k < laid ? v : 0)), h);
  return { ...t, byRows, shift, ordered, summed, laid, live, weight, y, other: total(live.map((k) => x[k] * h[h.length - 1 - n + k])),
    now: { key: `y[${n}]`, value: y[n] }, paired: !byRows && ordered, walked: t.walk >= 0.5 || shift,
    read: live.map((k) => `h[${weight(k)}]`).join(", "), inputs: live.map((k) => `x[${k}]`).join(", ") };
}

function orders(s) {
  const ages = s.live.map((k) => s.n - k), text = (order) => order.map((j) => `h[${j}]`).join(", ");
  return { forwards: text([...ages].sort((a, b) => a - b)), backwards: text(ages), newest: text(ages.map(() => 0)) };
}

// What the reader is asked now: first the order of the weights, then the number.
function options(ui) {
  const s = look(ui);
  if (!s.ordered) {
    const all = Object.entries(orders(s));
    return all.filter(([, text], i) => all.findIndex((o) => o[1] === text) === i);
  }
  if (s.summed) return [];
  const ages = s.live.map((k) => s.n - k).sort((a, b) => a - b), y = s.y[s.n];
  const forwards = total(s.live.map((k, i) => s.x[k] * s.h[ages[i]]));
  const all = [y, forwards, s.x[s.live.at(-1)] * s.h[0], total(s.live.map((k) => s.x[k])), y + 1, y - 1];
  return [...new Set(all)].slice(0, 3).sort((a, b) => a - b).map((v) => [v, num(v)]);
}

// The keys of what is said of the rows, and of the columns.
function scattered(s) {
  if (s.predict) return s.summed ? ["adds"] : ["ask"];
  if (!s.rows) return ["empty"];
  return [s.x[s.rows - 1] ? "starts" : "silent", s.rows === s.x.length ? "adds" : "so_far"];
}

function gathered(s) {
  const all = orders(s), right = all[s.guess_order || "backwards"] === all.backwards;
  if (!s.ordered) return ["ask_order"];
  if (!s.summed) return [right ? "ask_right" : "ask_wrong"];
  if (s.shift) return [s.other === s.y[s.n] ? "chance" : "laid", s.live.length === s.h.length && "late"];
  if (!s.walked) return ["adds", "walk_back"];
  return [s.live.length === 1 ? "one" : "backwards"];
}

function tell(ui, s) {
  const k = s.rows - 1, values = { ...s, x: `x[${k}]`, v: { key: `x[${k}]`, value: s.x[k] }, k };
  const verdict = s.predict && s.summed && (s.guess_value === s.y[s.n] ? "right" : "wrong");
  ui.tell(...[verdict, ...(s.byRows ? scattered(s) : gathered(s))].map((key) => key && ui.words(key, values)));
}

// The sum below the picture, its numbers in the colours of what they are.
function line(ui, { n, now, other, ...s }) {
  const here = s.byRows ? s.live.filter((k) => k < s.laid) : s.live, cls = { x: "et-in", h: "et-w", y: "et-out" };
  const echo = (k) => bracket({ key: `echo[${k},${n - k}]`, value: s.x[k] * s.h[n - k], cls: cls.h });
  const pair = (k, j) => [...bracket({ key: `x[${k}]`, value: s.x[k], cls: cls.x }), "·", ...bracket({ key: `h[${j}]`, value: s.h[j], cls: cls.h })];
  const symbols = joined(here.map((k) => [{ text: `x[${k}]`, cls: cls.x }, "·", { text: `h[${s.weight(k)}]`, cls: cls.h }]));
  const terms = joined(here.map((k) => (s.byRows ? echo(k) : pair(k, s.weight(k)))));
  return ui.words(`line.${!here.length ? "none" : s.byRows ? "scatter" : s.pairing}`, { n, other, symbols, terms,
    now: here.length ? { ...now, cls: cls.y } : now });
}

// Where everything stands, in the units of the picture: h beside the table if there is room, else above it.
function places(W, s) {
  const K = s.x.length, L = s.h.length, wide = W >= 540, left = wide ? Math.min(210, 56 + 40 * L) : 54;
  const cw = (W - left - 6) / (K + L - 1), hw = Math.min(wide ? 36 : cw, 46), rh = 27;
  const asking = !s.summed;                             // no bars yet, and no echo walks
  const top = wide ? 26 : 148, strip = top + 90, table = strip + (s.byRows || asking ? 12 : 46), base = table + K * rh + (asking ? 32 : 76);
  return { K, L, W, wide, left, cw, hw, rh, top, strip, table, base, foot: asking ? 17 : 37, high: base + (asking ? 22 : 42), cx: (i) => left + (i + 0.5) * cw,
    hx: (j) => (wide ? 22 : left) + (j + 0.5) * hw, hTop: wide ? top : 30, ry: (k) => table + (k + 0.5) * rh };
}

const span = (values, from, to) => scale(Math.min(0, ...values), Math.max(0, ...values) || 1, to, from);

// Stems with their names, and over each a handle that pulls it up and down.
function series(ui, svg, role, values, { X, top, width }) {
  const Y = span(values, top + 24, top + (values.some((v) => v < 0) ? 46 : 68)), g = layer(svg, `et-${role}`);
  stems(g, values, { X, Y, role, key: (i) => `${role}[${i}]`, grip: true });
  lines(g, "et-axis", [0], () => `M${X(-0.5)} ${Y(0)}H${X(values.length - 0.5)}`);
  words(g, "fs-ticks", values, (_, i) => ({ x: X(i), y: top + 88, text: `${role}[${i}]` }));
  words(g, "fs-names", [ui.word(`names.${role}`)], (text) => ({ x: X(-0.5), y: top - 12, "text-anchor": "start", text }));
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
    const [text] = words(node, "et-words", [0], () => ({ y: 4.5, "data-shown": away ? null : key, "data-value": exact }));
    spell(text, here ? [{ text: num(s.x[k]), cls: "et-in" }, "·", { text: num(s.h[s.weight(k)]), cls: "et-w" }] : [num(v)]);
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

function outputs(ui, svg, s, p) {
  const g = layer(svg, "et-y"), Y = span(s.y, p.base - 58, p.base);
  stems(g, s.summed ? s.y : [], { X: p.cx, Y, role: "y", key: (i) => `y[${i}]`, dim: (i) => i !== s.n });
  lines(g, "et-axis", [0], () => `M${p.left} ${s.summed ? Y(0) : p.base}H${p.W}`);
  words(g, "fs-ticks", s.y, (_, i) => ({ x: p.cx(i), y: p.base + p.foot, text: p.cw < 32 ? i : `y[${i}]` }));
  words(g, "et-ask", s.summed ? [] : ["?"], (text) => ({ x: p.cx(s.n), y: p.base - 12, text }));
  words(g, "fs-names", [ui.word("names.y")], (text) => ({ x: 0, y: p.base - (s.summed ? 46 : 12), "text-anchor": "start", text }));
}

// A press on a column of the table chooses it.
function pick(ui, svg, where) {
  svg.addEventListener("click", (e) => {
    const p = where(), at = point(svg, e);
    if (at.x > p.left && at.y > p.strip) ui.set({ n: clamp(Math.floor((at.x - p.left) / p.cw), 0, p.K + p.L - 2) });
  }, ui.life);
}

// The controls of both readings; what a choice offers is as long as x or h is.
function controls(get) {
  const { x: inputs, h: shapes } = declared.words.options, len = (k) => get(k).length, named = (list, texts) => list.map((v, i) => [v, texts[i]]);
  const xs = () => named([fill(get("x"), (i) => +(i === 0)), fill(get("x"), () => 1), STONES.slice(0, len("x"))], inputs);
  const hs = () => named([[4, 2, 1, 0, 0].slice(0, len("h")), fill(get("h"), () => 1), fill(get("h"), (j) => +(j === 0) - +(j === 1))], shapes);
  const gather = (ui) => { const s = look(ui); return s.paired && s.summed; }, lay = (ui) => look(ui).byRows && !get("predict");
  const label = () => (get("rows") < len("x") ? declared.words.controls.rows : declared.words.again);
  const next = button(label, (ui) => ui.set({ rows: (get("rows") + 1) % (len("x") + 1) }), "fs-main");
  const both = get("role") === "both", only = (list) => (both ? list : []);
  return { controls: [question(options, (ui) => (look(ui).ordered ? "guess_value" : "guess_order")), when(lay, next), ...only([when(gather, slider("walk"))])],
    more: [...only(["view"]), slider("n", { max: () => len("x") + len("h") - 2 }), ...only([when(gather, choice("pairing"))]),
      choice("x", { options: xs }), choice("h", { options: hs }), "predict"] };
}

function render(context) {
  const ui = mount(context, declared, controls((k) => context.model.get(k)));
  const svg = el(ui.stage, "svg", { role: "group", "aria-label": ui.word("picture") });
  ["et-here", "et-x", "et-h", "et-paths", "et-rows", "et-y", "et-echoes"].forEach((cls) => layer(svg, cls));
  const sum = el(ui.foot, "p", { class: "et-line" });
  let p;
  pick(ui, svg, () => p);
  ui.start(() => {
    const s = look(ui), em = ui.em();
    p = places(ui.width() / em, s);
    put(svg, { viewBox: `0 0 ${p.W} ${p.high}` });
    each(layer(svg, "et-here"), "rect", [0], () =>
      ({ x: p.cx(s.n) - p.cw / 2 + 1, y: p.table - 4, width: p.cw - 2, height: p.high - p.table + 4, rx: 6 }));
    series(ui, svg, "x", s.x, { X: p.cx, top: p.top, width: p.cw });
    series(ui, svg, "h", s.h, { X: p.hx, top: p.hTop, width: p.hw });
    rowsOf(svg, s, p);
    echoes(layer(svg, "et-echoes"), s, p);
    outputs(ui, svg, s, p);
    tell(ui, s);
    spell(sum, s.summed ? line(ui, s) : []);
  });
}

export default { render };
