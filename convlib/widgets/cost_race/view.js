// Sizes on a log plane: which engine wins by the planner's model, and which one won when measured.
import { clamp, drag, each, el, layer, mount, put, question, scale, show, slider, spell } from "../lib/stage.js";

const { engines: ENGINES, planes: PLANES, lengths: LENGTHS, short: SHORT, few: FEW, counts: COUNTS, units: UNITS } = declared.data;
const LETTERS = ENGINES.map((name) => name[0].toUpperCase());
const TENS = ["", "10", "10²", "10³", "10⁴", "10⁵", "10⁶", "10⁷"], ten = (p) => [10 ** p, TENS[p]], same = (v) => [v, String(v)];
const TICKS = { "1d": [[2, 3, 4, 5, 6, 7].map(ten), [same(3), ...[1, 2, 3, 4, 5].map(ten)]],
  "2d": [[64, 256, 1024, 4096].map(same), [3, 9, 31, 127].map(same)] };

// A large count, and a time, in its own unit: pieces with the number under a key.
function count(ui, key, v) {
  const i = COUNTS.findIndex((size) => v >= size);
  return ui.words(`counts.${i}`, { v: { key, value: v / COUNTS[i] } });
}

function time(ui, key, v) {
  const i = UNITS.findIndex(([least]) => v >= least);
  return ui.words(`times.${i}`, { v: { key, value: v * UNITS[i][1] } });
}

// Real multiplications of one radix-2 transform, of one whole FFT, and of the best blocks.
const bits = (N) => Math.round(Math.log2(N));
const transform = (N, axes) => axes * N ** (axes - 1) * 2 * N * bits(N);
function whole(n, k, axes) {
  let N = 1;
  while (N < n + k - 1) N *= 2;
  return [N, 3 * transform(N, axes) + 4 * N ** axes];
}
function inBlocks(a, b, axes) {
  const n = Math.max(a, b), k = Math.min(a, b);
  let N = 1, best = [0, Infinity];
  while (N <= k) N *= 2;
  for (;; N *= 2) {
    const blocks = Math.ceil((n + k - 1) / (N - k + 1)) ** axes;
    const count = blocks * (2 * transform(N, axes) + 4 * N ** axes) + transform(N, axes);
    if (count < best[1]) best = [N, count];
    if (N >= n + k - 1) return best;
  }
}

// The engines with a time at one place, in their own order; the fastest; what auto takes.
const known = (seconds) => ENGINES.map((name, i) => ({ name, seconds: seconds[i] })).filter((e) => e.seconds);
const fastest = (list) => list.reduce((a, b) => (a && a.seconds <= b.seconds ? a : b), null)?.name ?? "";
function taken(list, n, k, short, few) {
  const long = Math.max(n, k) > Math.max(LENGTHS * Math.min(n, k), short);
  return fastest(list.filter((e) => !(long && e.name === "whole-fft") && !(few && e.name === "gemm")));
}

function look(ui) {
  const s = ui.state(), plane = PLANES[s.dims], n = plane[0][s.column], k = plane[1][s.row];
  const few = s.dims === "1d" && Math.min(n, k) <= FEW, costs = known(s.model[s.dims][s.column][s.row]), seen = known(s.measured[s.dims][s.column][s.row]);
  return { ...s, xs: plane[0], ys: plane[1], n, k, costs, seen, asked: ui.asked(), few, first: fastest(costs),
    won: fastest(seen), auto: taken(costs, n, k, SHORT[s.dims], few) };
}

const named = (key, text) => ({ key, text });

function tell(ui, s) {
  const { dims, n, k, guess, first, won } = s, what = ui.words(`what.${dims}`, { n, k });
  if (s.asked) return ui.tell(what, ui.words("ask"));
  const [a, b] = [...s.costs].sort((u, v) => u.seconds - v.seconds), longer = b.seconds / a.seconds;
  return ui.tell(what, s.predict && ui.words(guess === (won || first) ? "right" : "wrong", { guess }),
    ui.words(won ? "won" : "unmeasured", { won: named("won", won) }),
    ui.words(won === first ? "too" : "model", { first: named("first", a.name), second: named("second", b.name), longer }));
}

// How many multiplications each way needs, and what auto takes.
function facts(ui, { dims, n, k, auto, first, few }) {
  const axes = Number(dims[0]), one = whole(n, k, axes), many = inBlocks(n, k, axes);
  const size = (key, value) => (axes === 2 ? [{ key, value }, " × ", { key, value }] : [{ key, value }]);
  return [ui.words(`products.${dims}`, { products: count(ui, "products", (n * k) ** axes) }),
    ui.words("whole", { size: size("whole N", one[0]), whole: count(ui, "whole", one[1]) }),
    ui.words("blocks", { size: size("blocks N", many[0]), blocks: count(ui, "blocks", many[1]) }),
    ui.words(few ? "few" : auto === first ? "auto" : "spike", { auto: named("auto", auto) })];
}

// A slider over the sizes of the plane: it counts places and shows sizes.
const sizes = (trait, axis, key) => (ui, row) => {
  const sync = slider(trait)(ui, row), box = row.lastElementChild;
  return () => {
    const at = ui.get(trait), size = PLANES[ui.get("dims")][axis][at];
    sync();
    put(box.querySelector("input"), { "aria-valuetext": ui.text("size", { key, size, at }) });
    show(box.lastElementChild, key, size);
  };
};

// Edges of the cells, half-way between neighbours on the log axis.
function edges(list) {
  const at = list.map(Math.log10), mid = at.slice(1).map((v, i) => (v + at[i]) / 2);
  return [2 * at[0] - mid[0], ...mid, 2 * at.at(-1) - mid.at(-1)];
}

function map(ui, svg, s, [left, top, w, h]) {
  const ex = edges(s.xs), ey = edges(s.ys), X = scale(ex[0], ex.at(-1), left, left + w), Y = scale(ey[0], ey.at(-1), top + h, top);
  const cells = s.asked ? [] : s.xs.flatMap((_, i) => s.ys.map((__, j) => [i, j, ENGINES.indexOf(fastest(known(s.model[s.dims][i][j])))]));
  each(layer(svg, "cr-cells"), "rect", cells, ([i, j, e]) => ({ x: X(ex[i]), y: Y(ey[j + 1]), width: X(ex[i + 1]) - X(ex[i]) + 0.5,
    height: Y(ey[j]) - Y(ey[j + 1]) + 0.5, class: `cr-${e}` }));
  each(layer(svg, "cr-frame"), "path", [0], () => ({ d: `M${left} ${top}h${w}v${h}h${-w}z` }));
  const [tx, ty] = TICKS[s.dims], lx = (v) => X(Math.log10(v)), ly = (v) => Y(Math.log10(v));
  each(layer(svg, "fs-ticks"), "text", [...tx.map(([v, text]) => [lx(v), top + h + 17, "middle", text]), ...ty.map(([v, text]) => [left - 7, ly(v) + 4, "end", text])],
    ([x, y, anchor, text]) => ({ x, y, "text-anchor": anchor, text }));
  each(layer(svg, "fs-names"), "text", ui.word(`names.${s.dims}`), (text, i) =>
    ({ x: i ? left : left + w, y: i ? top - 9 : top + h + 35, "text-anchor": i ? "start" : "end", text }));
  const marks = s.asked ? [] : s.xs.flatMap((n, i) => s.ys.flatMap((k, j) => {
    const won = fastest(known(s.measured[s.dims][i][j])), by = fastest(known(s.model[s.dims][i][j]));
    return won ? [[lx(n), ly(k), LETTERS[ENGINES.indexOf(won)], won !== by]] : [];
  }));
  each(layer(svg, "cr-rings"), "circle", marks.filter((m) => m[3]), ([cx, cy]) => ({ cx, cy, r: 10 }));
  each(layer(svg, "cr-marks"), "text", marks, ([x, y, text]) => ({ x, y: y + 4.5, "text-anchor": "middle", text }));
  const { column: i, row: j } = s, here = { x: X(ex[i]), y: Y(ey[j + 1]), width: X(ex[i + 1]) - X(ex[i]), height: Y(ey[j]) - Y(ey[j + 1]) };
  each(layer(svg, "cr-point"), "path", s.asked ? [0] : [], () => ({ d: `M${lx(s.n)} ${top}v${h}M${left} ${ly(s.k)}h${w}` }));
  each(layer(svg, "cr-here"), "rect", [here], (at) => ({ ...at, rx: 3 }));
  return { ex, ey };
}

// A bar for each engine, a factor of ten for every eighth of the width; a rhombus where it was measured.
function bars(ui, svg, s, [left, top, w, pitch]) {
  const T = (v) => left + clamp((Math.log10(v) + 6) / 8, 0, 1) * w, list = s.asked ? [] : s.costs, y = (i) => top + i * pitch;
  const rows = list.map((e, i) => ({ ...e, y: y(i), id: ENGINES.indexOf(e.name), cls: e.name === s.first ? "cr-strong" : null, seen: s.seen.find((m) => m.name === e.name)?.seconds }));
  each(layer(svg, "cr-grid"), "path", list.length ? [-6, -3, 0] : [], (p) => ({ d: `M${T(10 ** p)} ${top - 14}V${y(4) - 12}` }));
  each(layer(svg, "cr-bars"), "rect", rows, (e) => ({ x: left, y: e.y + 8, width: Math.max(2, T(e.seconds) - left), height: 9, class: e.cls }));
  each(layer(svg, "cr-seen"), "path", rows.filter((e) => e.seen), (e) => ({ d: `M${T(e.seen)} ${e.y + 5}l7 7.5l-7 7.5l-7 -7.5z` }));
  each(layer(svg, "cr-key"), "rect", rows, (e) => ({ x: left + 1, y: e.y - 13, width: 18, height: 18, rx: 3, class: `cr-${e.id}` }));
  const all = rows.flatMap((e) => [{ x: left + 10, y: e.y, "text-anchor": "middle", parts: [LETTERS[e.id]], class: "cr-strong" },
    { x: left + 26, y: e.y, parts: [e.name], class: e.cls },
    { x: left + w, y: e.y, "text-anchor": "end", parts: time(ui, `time[${e.name}]`, e.seconds), class: e.cls },
    ...(e.seen ? [{ x: left + w, y: e.y + 33, "text-anchor": "end", parts: ui.words("seen", { time: time(ui, `seen[${e.name}]`, e.seen) }), class: "cr-quiet" }] : [])]);
  each(layer(svg, "cr-words"), "text", all, ({ parts, ...at }) => ({ "text-anchor": "start", class: null, ...at })).forEach((node, i) => spell(node, all[i].parts));
  each(layer(layer(svg, "cr-under"), "fs-names"), "text", list.length ? [[-6, 2, 1], [-3, 1, 1], [0, 0, 1], [2, 0, 100]] : [],
    ([p, unit, v]) => ({ x: T(10 ** p), y: y(4) + 5, "text-anchor": p < -5 ? "start" : p > 1 ? "end" : "middle", text: ui.text(`times.${unit}`, { v }) }));
}

// The place under a hand is a single number: ten rows to a column.
function handle(ui, grip, now) {
  const go = (column, row) => ui.set({ column: clamp(column, 0, 10), row: clamp(row, 0, 9) });
  const cell = (borders, v) => clamp(borders.findIndex((edge) => v < edge) - 1, 0, borders.length - 2);
  const place = (e) => {
    const r = grip.getBoundingClientRect(), { ex, ey } = now(), far = (list, u) => list[0] + clamp(u, 0, 0.999) * (list.at(-1) - list[0]);
    return 10 * cell(ex, far(ex, (e.clientX - r.left) / r.width)) + cell(ey, far(ey, 1 - (e.clientY - r.top) / r.height));
  };
  const take = (v) => go(Math.floor(v / 10), v % 10);
  return drag(grip, { label: ui.word("point"), max: 109, get: () => 10 * ui.get("column") + ui.get("row"), set: take, at: place, tap: (e) => take(place(e)),
    keys: (dx, dy) => go(ui.get("column") + dx, ui.get("row") + dy), text: (v) => ui.text("at", { column: Math.floor(v / 10), row: v % 10 }) }, ui.life);
}

function render(context) {
  const ui = mount(context, declared, { controls: [question(() => ENGINES.map((name) => [name, name])), sizes("column", 0, "n"), sizes("row", 1, "k")],
    more: ["dims", "predict"] });
  const wrap = el(ui.stage, "div", { class: "cr-wrap" }), svg = el(wrap, "svg", { role: "group", "aria-label": ui.word("picture") });
  ["cr-cells", "cr-frame", "cr-point", "cr-here"].forEach((name) => layer(svg, name));
  const grip = el(wrap, "div", { class: "cr-grip" }), aria = handle(ui, grip, () => g);
  const lines = el(ui.foot, "div", { class: "cr-facts" });
  let g = null;
  ui.start(() => {
    const s = look(ui), em = ui.em(), W = ui.width() / em, wide = W > 600;
    const tall = wide ? 250 : s.asked ? 140 : 230, across = wide ? W * 0.52 - 34 : W - 44, low = wide ? 40 : tall + 92;
    const H = wide ? tall + 68 : s.asked ? tall + 64 : low + 246;
    put(svg, { viewBox: `0 0 ${W} ${H}` });
    g = map(ui, svg, s, [36, 24, across, tall]);
    bars(ui, svg, s, wide ? [W * 0.56, low, W * 0.44 - 2, 58] : [2, low, W - 6, 58]);
    put(grip, { style: `left:${3600 / W}%;top:${2400 / H}%;width:${(100 * across) / W}%;height:${(100 * tall) / H}%` });
    aria();
    tell(ui, s);
    const told = s.asked ? [] : facts(ui, s);
    each(lines, "p", told, () => ({})).forEach((node, i) => spell(node, told[i]));
  });
}

export default { render };
