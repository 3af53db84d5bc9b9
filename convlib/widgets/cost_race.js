// Sizes on a log plane: which engine wins by the planner's model, and which one won when measured.
import { choice, clamp, drag, each, el, layer, mount, num, point, put, scale, show, toggle, uid } from "./stage.js";

const TRAITS = ["dims", "n", "k", "side", "width", "model", "measured", "predict", "guess"];
const ENGINES = ["direct", "gemm", "overlap-save", "whole-fft"], LETTERS = ["D", "G", "O", "W"];
const powers = (low, high) => Array.from({ length: high - low + 1 }, (_, i) => Math.floor(10 ** ((low + i) / 2)));
const PLANES = { "1d": { x: powers(4, 14), y: [3, ...powers(2, 10)], keys: ["n", "k"], axes: 1, short: 4096,
  ticks: [[[100, "10²"], [1000, "10³"], [10000, "10⁴"], [1e5, "10⁵"], [1e6, "10⁶"], [1e7, "10⁷"]],
    [[3, "3"], [10, "10"], [100, "10²"], [1000, "10³"], [10000, "10⁴"], [1e5, "10⁵"]]] },
"2d": { x: [64, 128, 256, 512, 1024, 2048, 4096], y: [3, 5, 7, 9, 11, 15, 21, 31, 45, 63, 91, 127], keys: ["side", "width"], axes: 2, short: 256,
  ticks: [[[64, "64"], [256, "256"], [1024, "1024"], [4096, "4096"]], [[3, "3"], [9, "9"], [31, "31"], [127, "127"]]] } };
const COUNTS = [[1e12, " trillion"], [1e9, " billion"], [1e6, " million"], [1e3, " thousand"], [1, ""]];
const UNITS = [[1, "s", 1], [1e-3, "ms", 1e3], [0, "µs", 1e6]];
const LABELS = { n: "Signal n", k: "Kernel k", side: "Image side n", width: "Kernel side k" };

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
  const [n, k] = plane.keys.map((key) => s[key]), col = plane.x.indexOf(n), row = plane.y.indexOf(k);
  const costs = known(s.model[s.dims][col][row]), seen = known(s.measured[s.dims][col][row]);
  return { ...s, plane, n, k, col, row, costs, seen, asked: s.predict && !s.guess, first: fastest(costs),
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

// A slider over a list of sizes.
const sizes = (dims, trait, list) => (ui, row) => {
  const id = uid(), box = el(row, "div", { class: "fs-control" });
  el(box, "label", { for: id, text: LABELS[trait] });
  const input = el(box, "input", { type: "range", id, min: 0, max: list.length - 1, step: 1 }), shown = el(box, "span", { class: "fs-number" });
  input.addEventListener("input", () => ui.set({ [trait]: list[+input.value] }), ui.life);
  return () => {
    const here = ui.get("dims") === dims;
    put(box, { hidden: here ? null : "" });
    put(input, { "aria-valuetext": num(ui.get(trait)) });
    input.value = list.indexOf(ui.get(trait));
    show(shown, here ? trait : null, ui.get(trait));
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
  return { X, Y, ex, ey, box: [left, top, w, h] };
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

function handle(ui, svg, now) {
  const grip = el(layer(svg, "cr-grips"), "rect", { rx: 6 });
  const go = (col, row) => {
    const { plane } = now().s, [a, b] = plane.keys;
    ui.set({ [a]: plane.x[clamp(col, 0, plane.x.length - 1)], [b]: plane.y[clamp(row, 0, plane.y.length - 1)] });
  };
  const find = (borders, v) => clamp(borders.findIndex((edge) => v < edge) - 1, -1, borders.length);
  const place = (e) => {
    const { g } = now(), p = point(svg, e), inside = (borders, v) => (v >= borders.at(-1) ? borders.length - 2 : Math.max(0, find(borders, v)));
    return inside(g.ex, g.X.invert(p.x)) + 100 * inside(g.ey, g.Y.invert(p.y));
  };
  const last = () => now().s.plane.x.length - 1 + 100 * (now().s.plane.y.length - 1);
  const aria = drag(grip, { label: "Point", max: last, get: () => now().s.col + 100 * now().s.row, set: (v) => go(v % 100, Math.floor(v / 100)),
    keys: (dx, dy) => go(now().s.col + dx, now().s.row + dy), at: place, tap: (e) => { const v = place(e); go(v % 100, Math.floor(v / 100)); },
    text: () => `n = ${now().s.n}, k = ${now().s.k}` }, ui.life);
  return ({ box: [x, y, width, height] }) => { put(grip, { x, y, width, height }); aria(); };
}

function render(context) {
  const implied = (patch) => (["dims", "n", "k", "side", "width", "predict"].some((t) => t in patch) ? { guess: "" } : {});
  const ui = mount(context, { name: "cost-race", label: "Which engine is fastest", traits: TRAITS, implied, controls: [
    choice("dims", "Convolve", [["1d", "signals"], ["2d", "images"]]),
    ...Object.entries(PLANES).flatMap(([dims, { keys, x, y }]) => [sizes(dims, keys[0], x), sizes(dims, keys[1], y)]),
    toggle("predict", "Predict first")] });
  const svg = el(ui.stage, "svg", { role: "group", "aria-label": "Plane of sizes, and the time of each engine", class: "cr-picture" });
  ["cr-cells", "cr-frame", "cr-point", "cr-dot"].forEach((name) => layer(svg, name));
  let s = look(ui.get), g = null;
  const held = handle(ui, svg, () => ({ s, g })), ask = answers(ui), lines = el(ui.stage, "div", { class: "cr-facts" });
  ui.start(() => {
    s = look(ui.get);
    const em = (parseFloat(getComputedStyle(ui.root).fontSize) || 16) / 16, W = ui.width() / em, wide = W > 600;
    const tall = wide ? 250 : 230, across = wide ? W * 0.52 - 34 : W - 44, low = wide ? 40 : tall + 92;
    put(svg, { viewBox: `0 0 ${W} ${wide ? tall + 68 : s.asked ? tall + 64 : low + 246}` });
    g = map(svg, s, [36, 24, across, tall]);
    bars(svg, s, wide ? [W * 0.56, low, W * 0.44 - 2, 58] : [2, low, W - 6, 58]);
    held(g);
    ask(s);
    ui.tell(sentence(s));
    each(lines, "p", s.asked ? [] : Object.entries(facts(s)), ([key, text]) => ({ "data-shown": key, text }));
  });
}

export default { render };
