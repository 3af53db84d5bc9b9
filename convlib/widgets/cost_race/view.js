// Sizes on a log plane: which engine wins by the planner's model, and which one won when measured.
import { choice, clamp, drag, each, el, layer, mount, num, put, scale, show, toggle, uid } from "../lib/stage.js";

const TRAITS = ["dims", "column", "row", "model", "measured", "predict", "guess"];
const ENGINES = ["direct", "gemm", "overlap-save", "whole-fft"], LETTERS = ["D", "G", "O", "W"];
const powers = (low, high) => Array.from({ length: high - low + 1 }, (_, i) => Math.floor(10 ** ((low + i) / 2)));
const PLANES = { "1d": { x: powers(4, 14), y: [3, ...powers(2, 10)], axes: 1, short: 4096,
  ticks: [[[100, "10²"], [1000, "10³"], [10000, "10⁴"], [1e5, "10⁵"], [1e6, "10⁶"], [1e7, "10⁷"]],
    [[3, "3"], [10, "10"], [100, "10²"], [1000, "10³"], [10000, "10⁴"], [1e5, "10⁵"]]] },
"2d": { x: [64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048, 4096], y: [3, 5, 7, 9, 15, 21, 31, 45, 63, 127], axes: 2, short: 256,
  ticks: [[[64, "64"], [256, "256"], [1024, "1024"], [4096, "4096"]], [[3, "3"], [9, "9"], [31, "31"], [127, "127"]]] } };
const COUNTS = [[1e12, " trillion"], [1e9, " billion"], [1e6, " million"], [1e3, " thousand"], [1, ""]];
const UNITS = [[1, "s", 1], [1e-3, "ms", 1e3], [0, "µs", 1e6]];

function amount(v) {
  const [size, word] = COUNTS.find(([s]) => v >= s);
  return num(v / size) + word;
}

function time(v) {
  const [, unit, by] = UNITS.find(([s]) => v >= s);
  return `${num(v * by)} ${unit}`;
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
function taken(list, n, k, plane) {
  const long = Math.max(n, k) > Math.max(8 * Math.min(n, k), plane.short);
  return fastest(list.filter((e) => !(long && e.name === "whole-fft")));
}

function look(get) {
  const s = Object.fromEntries(TRAITS.map((t) => [t, get(t)])), plane = PLANES[s.dims];
  const n = plane.x[s.column], k = plane.y[s.row];
  const costs = known(s.model[s.dims][s.column][s.row]), seen = known(s.measured[s.dims][s.column][s.row]);
  return { ...s, plane, n, k, costs, seen, asked: s.predict && !s.guess, first: fastest(costs),
    won: fastest(seen), auto: taken(costs, n, k, plane) };
}

function sentence(s) {
  const what = s.dims === "1d" ? `${s.n} samples, kernel of ${s.k}` : `${s.n} × ${s.n} pixels, kernel of ${s.k} × ${s.k}`;
  if (s.asked) return `${what}. Which engine is fastest here? Answer, then see.`;
  const [first, second] = [...s.costs].sort((a, b) => a.seconds - b.seconds);
  const verdict = !s.predict ? "" : s.guess === (s.won || s.first) ? "Right. " : `Not ${s.guess}. `;
  return `${verdict}${what}. By the model ${first.name} is fastest; ${second.name} needs ${num(second.seconds / first.seconds)} times as long.`
    + (s.won ? ` Measured, ${s.won} won${s.won === s.first ? ", too" : ""}.` : " Not measured here.");
}

function facts(s) {
  const { axes } = s.plane, sq = axes === 2 ? "²" : "", one = whole(s.n, s.k, axes), many = inBlocks(s.n, s.k, axes);
  const of = (N) => (axes === 2 ? `${N} × ${N}` : N);
  return { products: `Direct: n${sq} · k${sq} = ${amount((s.n * s.k) ** axes)} multiplications.`,
    whole: `One FFT of ${of(one[0])}: ${amount(one[1])}.`,
    blocks: `Overlap-save in blocks of ${of(many[0])}: ${amount(many[1])}.`,
    auto: `auto takes ${s.auto}${s.auto === s.first ? "." : ": in one transform of everything a spike would drown what is far away."}` };
}

// A slider over the sizes of the plane: it counts places and shows sizes.
const sizes = (trait, label, axis, key) => (ui, row) => {
  const id = uid(), box = el(row, "div", { class: "fs-control" }), list = () => PLANES[ui.get("dims")][axis];
  el(box, "label", { for: id, text: label });
  const input = el(box, "input", { type: "range", id, min: 0, max: list().length - 1, step: 1 }), shown = el(box, "span", { class: "fs-number" });
  input.addEventListener("input", () => ui.set({ [trait]: +input.value }), ui.life);
  return () => {
    const at = ui.get(trait), size = list()[at];
    put(input, { "aria-valuetext": `${key} = ${size}, place ${at}` });
    input.value = at;
    show(shown, key, size);
  };
};

// Edges of the cells, half-way between neighbours on the log axis.
function edges(list) {
  const at = list.map(Math.log10), mid = at.slice(1).map((v, i) => (v + at[i]) / 2);
  return [2 * at[0] - mid[0], ...mid, 2 * at.at(-1) - mid.at(-1)];
}

function map(svg, s, [left, top, w, h]) {
  const ex = edges(s.plane.x), ey = edges(s.plane.y), X = scale(ex[0], ex.at(-1), left, left + w), Y = scale(ey[0], ey.at(-1), top + h, top);
  const cells = s.asked ? [] : s.plane.x.flatMap((_, i) => s.plane.y.map((__, j) => [i, j, ENGINES.indexOf(fastest(known(s.model[s.dims][i][j])))]));
  each(layer(svg, "cr-cells"), "rect", cells, ([i, j, e]) => ({ x: X(ex[i]), y: Y(ey[j + 1]), width: X(ex[i + 1]) - X(ex[i]) + 0.5,
    height: Y(ey[j]) - Y(ey[j + 1]) + 0.5, class: `cr-${e}` }));
  each(layer(svg, "cr-frame"), "path", [0], () => ({ d: `M${left} ${top}h${w}v${h}h${-w}z` }));
  const [tx, ty] = s.plane.ticks, lx = (v) => X(Math.log10(v)), ly = (v) => Y(Math.log10(v));
  each(layer(svg, "fs-ticks"), "text", [...tx.map(([v, text]) => [lx(v), top + h + 17, "middle", text]), ...ty.map(([v, text]) => [left - 7, ly(v) + 4, "end", text])],
    ([x, y, anchor, text]) => ({ x, y, "text-anchor": anchor, text }));
  const unit = s.dims === "1d" ? "samples" : "pixels a side";
  each(layer(svg, "fs-names"), "text", [[left + w, top + h + 35, "end", `n, ${unit}`], [left, top - 9, "start", `k, ${s.dims === "1d" ? "kernel" : "kernel side"}`]],
    ([x, y, anchor, text]) => ({ x, y, "text-anchor": anchor, text }));
  const marks = s.asked ? [] : s.plane.x.flatMap((n, i) => s.plane.y.flatMap((k, j) => {
    const won = fastest(known(s.measured[s.dims][i][j])), by = fastest(known(s.model[s.dims][i][j]));
    return won ? [[lx(n), ly(k), LETTERS[ENGINES.indexOf(won)], won !== by]] : [];
  }));
  each(layer(svg, "cr-rings"), "circle", marks.filter((m) => m[3]), ([cx, cy]) => ({ cx, cy, r: 10 }));
  each(layer(svg, "cr-marks"), "text", marks, ([x, y, text]) => ({ x, y: y + 4.5, "text-anchor": "middle", text }));
  each(layer(svg, "cr-point"), "path", [0], () => ({ d: `M${lx(s.n)} ${top}v${h}M${left} ${ly(s.k)}h${w}` }));
  each(layer(svg, "cr-dot"), "circle", [0], () => ({ cx: lx(s.n), cy: ly(s.k), r: 12 }));
  return { ex, ey };
}

// A bar for each engine, a factor of ten for every eighth of the width; a rhombus where it was measured.
function bars(svg, s, [left, top, w, pitch]) {
  const T = (v) => left + clamp((Math.log10(v) + 6) / 8, 0, 1) * w, list = s.asked ? [] : s.costs, y = (i) => top + i * pitch;
  const rows = list.map((e, i) => ({ ...e, y: y(i), id: ENGINES.indexOf(e.name), cls: e.name === s.first ? "cr-strong" : null, seen: s.seen.find((m) => m.name === e.name)?.seconds }));
  each(layer(svg, "cr-grid"), "path", list.length ? [-6, -3, 0] : [], (p) => ({ d: `M${T(10 ** p)} ${top - 14}V${y(4) - 12}` }));
  each(layer(svg, "cr-bars"), "rect", rows, (e) => ({ x: left, y: e.y + 8, width: Math.max(2, T(e.seconds) - left), height: 9, class: e.cls }));
  each(layer(svg, "cr-seen"), "path", rows.filter((e) => e.seen), (e) => ({ d: `M${T(e.seen)} ${e.y + 5}l7 7.5l-7 7.5l-7 -7.5z` }));
  each(layer(svg, "cr-key"), "rect", rows, (e) => ({ x: left + 1, y: e.y - 13, width: 18, height: 18, rx: 3, class: `cr-${e.id}` }));
  const words = rows.flatMap((e) => [{ x: left + 10, y: e.y, "text-anchor": "middle", text: LETTERS[e.id], class: "cr-strong" }, { x: left + 26, y: e.y, text: e.name, class: e.cls },
    { x: left + w, y: e.y, "text-anchor": "end", text: time(e.seconds), "data-shown": `time[${e.name}]`, class: e.cls },
    ...(e.seen ? [{ x: left + w, y: e.y + 33, "text-anchor": "end", text: `measured ${time(e.seen)}`, "data-shown": `seen[${e.name}]`, class: "cr-quiet" }] : [])]);
  each(layer(svg, "cr-words"), "text", words, (t) => ({ "text-anchor": "start", "data-shown": null, class: null, ...t }));
  each(layer(layer(svg, "cr-under"), "fs-names"), "text", list.length ? [[-6, "1 µs"], [-3, "1 ms"], [0, "1 s"], [2, "100 s"]] : [],
    ([p, text]) => ({ x: T(10 ** p), y: y(4) + 5, "text-anchor": p < -5 ? "start" : p > 1 ? "end" : "middle", text }));
}

function answers(ui) {
  const box = el(ui.stage, "div", { class: "fs-control cr-ask", role: "group", "aria-label": "Your answer" });
  el(box, "span", { text: "Your answer" });
  const list = el(box, "div", { class: "cr-options" });
  list.addEventListener("click", (e) => {
    const i = [...list.children].indexOf(e.target.closest("button"));
    if (i >= 0) ui.set({ guess: ENGINES[i] });
  }, ui.life);
  return (s) => {
    if (!s.asked && list.contains(document.activeElement)) ui.root.querySelector("input").focus();
    put(box, { hidden: s.asked ? null : "" });
    each(list, "button", s.asked ? ENGINES : [], (text) => ({ type: "button", class: "fs-button", text }));
  };
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
  return drag(grip, { label: "Point", max: 109, get: () => 10 * ui.get("column") + ui.get("row"), set: take, at: place, tap: (e) => take(place(e)),
    keys: (dx, dy) => go(ui.get("column") + dx, ui.get("row") + dy), text: (v) => `column ${Math.floor(v / 10)}, row ${v % 10}` }, ui.life);
}

function render(context) {
  const implied = (patch) => (["dims", "column", "row", "predict"].some((t) => t in patch) ? { guess: "" } : {});
  const ui = mount(context, { name: "cost-race", label: "Which engine is fastest", traits: TRAITS, implied, controls: [
    choice("dims", "Convolve", [["1d", "signals"], ["2d", "images"]]),
    sizes("column", "Size n", "x", "n"), sizes("row", "Kernel k", "y", "k"), toggle("predict", "Predict first")] });
  const wrap = el(ui.stage, "div", { class: "cr-wrap" }), svg = el(wrap, "svg", { role: "group", "aria-label": "Plane of sizes, and the time of each engine" });
  ["cr-cells", "cr-frame", "cr-point", "cr-dot"].forEach((name) => layer(svg, name));
  const grip = el(wrap, "div", { class: "cr-grip" }), aria = handle(ui, grip, () => g), ask = answers(ui), lines = el(ui.stage, "div", { class: "cr-facts" });
  let g = null;
  ui.start(() => {
    const s = look(ui.get), em = (parseFloat(getComputedStyle(ui.root).fontSize) || 16) / 16, W = ui.width() / em, wide = W > 600;
    const tall = wide ? 250 : 230, across = wide ? W * 0.52 - 34 : W - 44, low = wide ? 40 : tall + 92;
    const H = wide ? tall + 68 : s.asked ? tall + 64 : low + 246;
    put(svg, { viewBox: `0 0 ${W} ${H}` });
    g = map(svg, s, [36, 24, across, tall]);
    bars(svg, s, wide ? [W * 0.56, low, W * 0.44 - 2, 58] : [2, low, W - 6, 58]);
    put(grip, { style: `left:${3600 / W}%;top:${2400 / H}%;width:${(100 * across) / W}%;height:${(100 * tall) / H}%` });
    aria();
    ask(s);
    ui.tell(sentence(s));
    each(lines, "p", s.asked ? [] : Object.entries(facts(s)), ([key, text]) => ({ "data-shown": key, text }));
  });
}

export default { render };
