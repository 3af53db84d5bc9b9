// The pairs of one output as lines: twisted, then h folded over, then shifted. No line changes its ends.
import { animate, button, drag, each, el, grips, layer, mount, num, point, put, question, scale, slider, spell, stems, when, words } from "../lib/stage.js";

const { responses: RESPONSES, last: LAST, open: OPEN } = declared.data;
const TOP = 24, TALL = 74, GAP = 96;
const NUMBERS = Array.from({ length: LAST + 1 }, (_, k) => k);

function look(ui) {
  const s = ui.state(), [first, h] = RESPONSES[s.response], asked = ui.asked();
  const way = asked ? 1 : s.way, w = (age) => h[age - first];
  const pairs = NUMBERS.filter((k) => w(s.n - k) !== undefined), age = s.n - s.k;
  const turn = way < 1 ? Math.cos(Math.PI * way) : -1, shift = way > 1 ? s.n * (way - 1) : 0;
  const y = pairs.reduce((sum, k) => sum + s.x[k] * w(s.n - k), 0);
  return { ...s, first, h, asked, way, w, pairs, y, age, met: pairs.includes(s.k), at: (a) => a * turn + shift,
    open: way > 1 || Math.abs(turn) > OPEN, aged: age < 0 ? `(${num(age)})` : num(age),
    span: first < 0 ? [-5.6, 12.5] : [-10.5, 10.5] };
}

const answers = (s) => [...new Set([Math.floor(s.n / 2), s.n, 2 * s.n, LAST])].sort((a, b) => a - b).map((v) => [v, num(v)]);

function tell(ui, s) {
  if (s.asked) return ui.tell(ui.words("ask"));
  const { n, k, guess } = s, said = { key: "age", value: s.age }, age = s.met && s.age < 0 ? ["(", said, ")"] : said;
  const verdict = !s.predict ? "" : guess === n ? ui.words("right") : ui.words("wrong", { guess, n });
  const way = s.way === 0 ? (s.pairs.length > 1 ? "twisted" : "single") : s.way < 1 ? "folding" : s.way === 1 ? (n > 1 ? "folded" : n ? "folded_one" : "upright") : s.way < 2 ? "moving" : "shifted";
  ui.tell(verdict, ui.words(way, { n }), ui.words(s.met ? "follow" : n < k ? "early" : "gone", { n, k, age }));
}

// The sum below the picture, its numbers in the colours of what they are.
function line(ui, { k, n, age, met, pairs, ...s }) {
  const v = s.x[k], w = s.w(age), cls = { x: "un-in", h: "un-w", y: "un-out" };
  const all = ui.words(pairs.length > 1 ? "all" : "only", { pairs: pairs.length, n, y: { key: "y", value: s.y, cls: cls.y } });
  if (!met) return [...ui.words("none", { k }), " ", ...all];
  return [...ui.words("one", { x: { text: `x[${k}]`, cls: cls.x }, h: { text: `h[${num(age)}]`, cls: cls.h },
    v: { key: `x[${k}]`, value: v, cls: cls.x }, w: { key: `h[${age}]`, value: w, cls: cls.h }, p: { key: `p[${k}]`, value: v * w } }), " ", ...all];
}


function inputs(ui, svg, s, X, base) {
  const g = layer(svg, "un-x"), Y = scale(0, 9, base, base - TALL + 22);
  stems(g, s.x, { X, Y, role: "x", key: (i) => `x[${i}]`, dim: (i) => !s.pairs.includes(i), grip: true });
  each(layer(g, "un-axis"), "path", [0], () => ({ d: `M${X(s.span[0])} ${base}H${X(s.span[1])}` }));
  words(g, "fs-ticks", NUMBERS, (k) => ({ x: X(k), y: base + 18, text: k, class: k === s.k ? "un-now" : null }));
  words(g, "fs-names", ui.word("names.x"), (text, i) => ({ x: X(s.span[0]), y: i ? base + 18 : base - TALL + 6, "text-anchor": "start", text }));
}

function weights(ui, svg, s, X, base) {
  const g = layer(svg, "un-h"), Y = scale(0, 10, base, base - TALL + 24), ages = s.h.map((_, i) => s.first + i);
  const place = (i) => X(s.at(ages[i])), here = (i) => s.pairs.includes(s.n - ages[i]);
  stems(g, s.h, { X: place, Y, role: "h", dim: (i) => !here(i), key: s.open ? (i) => `h[${ages[i]}]` : undefined,
    label: s.open ? num : () => "" });
  each(layer(g, "un-axis"), "path", [0], () => ({ d: `M${X(s.span[0])} ${base}H${X(s.span[1])}` }));
  grips(layer(svg, "un-grip"), [[X(s.at(0)), base, "response"]]);
  words(g, "fs-ticks", ages, (a) => ({ x: X(s.at(a)), y: base - TALL - 8, text: num(a),
    class: s.met && a === s.age ? "un-now" : null, opacity: s.open || a === s.age ? null : 0 }));
  const left = Math.min(s.at(ages[0]), s.at(ages.at(-1))) - s.span[0] > 4.5;
  words(g, "fs-names", ui.word("names.h"), (text, i) => ({ x: X(s.span[left ? 0 : 1]), y: base - TALL + (i ? -8 : 14),
    "text-anchor": left ? "start" : "end", text }));
}

// One line for each product; all of them keep their two ends.
function threads(svg, s, X, top, end) {
  const g = layer(svg, "un-threads"), at = (k) => X(s.at(s.n - k));
  each(g, "path", s.pairs, (k) => ({ d: `M${X(k)} ${top}L${at(k)} ${end}`, class: k === s.k ? "un-now" : null }));
  const now = s.met ? [s.k] : [], share = s.way === 0 ? 0.24 : 0.5;
  const text = `${s.k} + ${s.aged} = ${s.n}`, half = 3.6 * text.length + 5, tag = layer(svg, "un-tag");
  // It stands left of all lines, level with its own.
  const on = (k, u) => X(k) + (at(k) - X(k)) * u, y = top + (end - top) * share, edge = 12 / (end - top);
  const free = Math.min(...s.pairs.flatMap((k) => [on(k, share - edge), on(k, share + edge)]));
  const x = () => Math.max(half + 2, free - half - 4);
  each(layer(tag, "un-paper"), "rect", now, (k) => ({ x: x(k) - half, y: y - 10, width: 2 * half, height: 20, rx: 6 }));
  words(tag, "un-sum", now, (k) => ({ x: x(k), y: y + 4.5, "data-shown": "sum", text }));
}

function products(ui, svg, s, X, base) {
  const g = layer(svg, "un-p"), values = s.pairs.map((k) => s.x[k] * s.w(s.n - k)), Y = scale(0, 90, base, base - 50);
  const half = (X(1) - X(0)) * 0.3;
  each(layer(g, "un-bars"), "path", values, (v, i) => ({ d: `M${X(s.pairs[i]) - half} ${base}V${Y(v)}h${2 * half}V${base}z`,
    class: s.pairs[i] === s.k ? "un-now" : null }));
  each(layer(g, "un-axis"), "path", [0], () => ({ d: `M${X(s.span[0])} ${base}H${X(s.span[1])}` }));
  words(g, "fs-values", values, (v, i) => ({ x: X(s.pairs[i]), y: Y(v) - 5, "data-shown": `p[${s.pairs[i]}]`, "data-value": v, text: num(v) }));
  words(g, "fs-names", ui.word("names.p"), (text) => ({ x: X(s.span[0]), y: base - 6, "text-anchor": "start", text }));
}

// One handle for each input, and one that moves h along: a larger n.
function handles(ui, svg, slot) {
  const g = layer(svg, "un-grips");
  const pulls = NUMBERS.map((k) => [el(g, "rect"), k]).map(([node, k]) => [node, drag(node, { label: ui.text("input", { k }), max: 9,
    get: () => ui.get("x")[k], set: (v) => ui.set({ x: ui.get("x").map((old, i) => (i === k ? v : old)) }),
    at: (e, start) => start.value + (start.y - e.clientY) / 8, tap: () => ui.set({ k }) }, ui.life)]);
  const node = el(g, "rect", { class: "un-slide" });
  const move = drag(node, { label: ui.word("slide"), max: LAST, get: () => ui.get("n"), set: (n) => ui.set({ n }),
    at: (e, start) => start.value + (e.clientX - start.x) / slot() }, ui.life);
  return (X, top, low, [from, to]) => {
    // Where a finger is wider than a place, the chosen input alone has a handle; a press chooses another.
    const wide = Math.max(X(1) - X(0), 24), one = wide > X(1) - X(0);
    pulls.forEach(([rect, aria], k) => { put(rect, { x: X(k) - wide / 2, y: top - TALL, width: wide, height: TALL + 22, hidden: one && k !== ui.get("k") && "" }); aria(); });
    put(node, { x: X(from), y: low - TALL - 20, width: X(to) - X(from), height: TALL + 22 });
    move();
  };
}

function render(context) {
  let stop = () => {}, moving = false, slot = 20;
  const get = (k) => context.model.get(k), aim = () => (get("way") < 1 ? 1 : get("way") < 2 ? 2 : 0);
  const step = (ui) => {
    const from = get("way"), to = aim();
    stop();
    stop = animate(900, (u) => {
      moving = true;
      ui.set({ way: u < 1 ? from + (to - from) * u : to });
      moving = false;
    }, ui.life);
  };
  const ui = mount(context, declared, { implied: () => { if (!moving) stop(); },
    controls: [question((it) => answers(look(it))),
      ...[button(() => ui.word("steps")[aim()], step, "fs-main"), slider("way")].map((one) => when((it) => !it.asked(), one))],
    more: ["n", "k", "x", "response", "predict"] });
  const svg = el(ui.stage, "svg", { role: "group", "aria-label": ui.word("picture") });
  ["un-threads", "un-x", "un-h", "un-p", "un-tag"].forEach((cls) => layer(svg, cls));
  const place = handles(ui, svg, () => slot);
  let at;
  svg.addEventListener("click", (e) => {
    const { x, y } = point(svg, e), k = Math.round(at.invert(x));
    if (!e.target.closest("[role=slider]") && y < TOP + TALL + 22 && k in NUMBERS) ui.set({ k });
  }, ui.life);
  const sum = el(ui.foot, "p", { class: "un-line" });
  ui.start(() => {
    const s = look(ui), em = ui.em(), W = ui.width() / em;
    const X = scale(...s.span, 2, W - 2), top = TOP + TALL, low = top + GAP + TALL + 26, end = low + 92;
    slot = (X(1) - X(0)) * em;
    at = X;
    put(svg, { viewBox: `0 0 ${W} ${end + 4}` });
    inputs(ui, svg, s, X, top);
    weights(ui, svg, s, X, low);
    threads(svg, s, X, top + 24, low - TALL - 22);
    products(ui, svg, s, X, end);
    place(X, top, low, s.span);
    tell(ui, s);
    spell(sum, line(ui, s));
  });
}

export default { render };
