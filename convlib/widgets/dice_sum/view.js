// Two loaded dice: every pair stands in a table, and equal sums add up to the bars below it.
import { animate, clamp, drag, each, el, grips, joined, layer, mount, num, point, put, question, scale, spell, stems, words } from "../lib/stage.js";

const FACES = [1, 2, 3, 4, 5, 6], SUMS = FACES.concat(7, 8, 9, 10, 11, 12).slice(1), { brief: BRIEF } = declared.data;
const PIPS = [[4], [0, 8], [0, 4, 8], [0, 2, 6, 8], [0, 2, 4, 6, 8], [0, 2, 3, 5, 6, 8]];
const total = (values) => values.reduce((a, b) => a + b, 0);
const mix = (a, b, u) => a.map((v, i) => v + (b[i] - v) * u);

// Every face of the first die lays down its own copy of the second; what meets in one sum adds up.
function look(ui) {
  const s = ui.state(), { first, second, n } = s;
  const table = first.map((v) => second.map((w) => v * w)), pairs = SUMS.map(() => 0);
  table.forEach((row, i) => row.forEach((v, j) => { pairs[i + j] += v; }));
  const most = Math.max(...pairs), leaders = SUMS.filter((m) => pairs[m - 2] === most);
  const met = FACES.filter((a) => FACES.includes(n - a)).map((a) => [a, n - a]);
  return { ...s, table, pairs, most, leaders, met, all: total(first) * total(second), asked: ui.asked(),
    now: { key: `sum[${n}]`, value: pairs[n - 2] } };
}

// The sums on offer, among them the sum of the two favourite faces.
function answers(ui) {
  const s = look(ui);
  const favourites = total([s.first, s.second].map((hat) => 1 + hat.indexOf(Math.max(...hat)))), best = s.leaders[0];
  const wanted = [best, favourites, 7, best - 1, best + 1, best - 2, best + 2].filter((m) => SUMS.includes(m));
  return [...[...new Set(wanted)].slice(0, 4).sort((a, b) => a - b).map((m) => [m, num(m)]), [0, ui.word("alike")]];
}

function led(ui, { leaders, n, most }) {
  if (leaders.length === 1 && leaders[0] === n) return ui.words("alone");
  if (leaders.length > BRIEF) return ui.words("many", { leaders: leaders.length, most });
  const all = leaders.map((value, i) => ({ key: `leader[${i}]`, value })), last = all.length > 1 && all.pop();
  return ui.words(last ? "few" : "best", { best: joined(all, ", "), last, most });
}

function tell(ui, s) {
  if (s.asked) return ui.tell(ui.words([...s.first, ...s.second].every((v) => v < 2) ? "ask.faces" : "ask.slips", s));
  const verdict = s.leaders.includes(s.guess) ? "right" : s.guess === 0 ? "not_alike" : "wrong";
  const where = !s.now.value ? "never" : s.shift >= 0.5 ? "stand" : "lie";
  ui.tell(s.predict && ui.words(verdict, s), ui.words(where, s), led(ui, s));
}

// The sum below the picture, its numbers in the colours of what they are.
function line(ui, { n, met, now, all, ...s }) {
  const pair = (f, g) => [{ ...f, cls: "ds-f" }, "·", { ...g, cls: "ds-g" }];
  const symbols = joined(met.map(([a, b]) => pair({ text: `f(${a})` }, { text: `g(${b})` })));
  const terms = joined(met.map(([a, b]) => pair({ key: `f[${a}]`, value: s.first[a - 1] }, { key: `g[${b}]`, value: s.second[b - 1] })));
  const share = [{ ...now, cls: "ds-y" }, { text: "/", cls: "ds-y" }, { key: "all", value: all, cls: "ds-y" }];
  return ui.words("line", { n, symbols, terms: met.length > 1 ? ["(", ...terms, ")"] : terms, all, share, percent: (100 * now.value) / all });
}

// Where everything stands, in the units of the picture. Row a of the table moves to the right by `shift`.
function places(W, shift) {
  const wide = W >= 540, left = wide ? 132 : Math.min(66, W - 24.2 * SUMS.length), cw = (W - left) / SUMS.length, rh = 24, top = 86, table = top + 16;
  const bars = table + 6 * rh + 18, base = bars + 68, ry = (a) => table + (a - 0.5) * rh;
  const cx = (n) => left + (n - 1.5) * cw;
  return { W, wide, left, cw, rh, top, table, bars, base, ry, cx, high: base + 24, at: (a, b) => [cx(b + 1) + (a - 1) * shift * cw, ry(a)] };
}

// A die's face: a square with pips, at (x, y).
function faces(g, cls, role, at) {
  const draw = (part, d) => each(layer(layer(g, cls), part), "path", FACES, (a) => ({ class: `fs-${role}`, d: d(a, ...at(a)) }));
  draw("ds-face", (_, x, y) => `M${x - 6} ${y - 9}h12q3 0 3 3v12q0 3-3 3h-12q-3 0-3-3v-12q0-3 3-3z`);
  draw("ds-pips", (a, x, y) => PIPS[a - 1].map((k) => `M${x - 5 + 5 * (k % 3)} ${y - 5 + 5 * Math.floor(k / 3)}h0.01`).join(""));
}

// Chances as stems: the second die's stand above the table, the first die's lie in front of its rows.
function hats(ui, svg, s, p) {
  const chances = (hat) => hat.map((v) => v / total(hat)), f = chances(s.first), g = chances(s.second);
  const X = scale(0, Math.max(0.4, ...f), 30, p.left - 18), up = scale(0, Math.max(0.4, ...g), p.top - 20, 28);
  const Y = (v) => up(v / total(s.second));
  stems(layer(svg, "ds-g"), s.second, { X: (b) => p.cx(b + 1), Y, role: "h", start: 1, key: (i) => `g[${i + 1}]`, grip: true });
  const bars = layer(svg, "ds-f"), drawn = p.left > 60 ? f : [];
  each(layer(bars, "fs-stalks"), "path", drawn, (v, i) => ({ class: "fs-input", d: `M30 ${p.ry(i + 1)}H${X(v)}` }));
  grips(bars, drawn.map((v, i) => [X(v), p.ry(i + 1), "input"]), 7);
  words(bars, "fs-values", s.first, (v, i) => ({ x: drawn.length ? X(f[i]) + 11 : 24, y: p.ry(i + 1) + 4.5, "text-anchor": "start",
    "data-shown": `f[${i + 1}]`, "data-value": v, text: v }));
  faces(svg, "ds-rows", "input", (a) => [p.left > 60 ? 14 : 11, p.ry(a)]);
  faces(svg, "ds-cols", "response", (b) => [p.cx(b + 1), p.top]);
  words(svg, "fs-names", ui.word(p.wide ? "names.wide" : "names.narrow").slice(0, 2), (text, i) =>
    ({ x: i ? p.cx(8) - p.cw / 2 + 4 : 4, y: i ? p.top + 4 : p.table - 6, "text-anchor": "start", text }));
}

// The 36 products, each as strong as its value; those with the sum n stand out.
function table(ui, svg, s, p) {
  const most = Math.max(...s.table.flat()), w = p.cw - 3, h = p.rh - 3;
  const all = FACES.flatMap((a) => FACES.map((b) => ({ a, b, v: s.table[a - 1][b - 1], on: a + b === s.n })));
  const cls = (c) => (c.on ? "ds-on" : null);
  each(layer(svg, "ds-cells"), "rect", all, (c) => {
    const [x, y] = p.at(c.a, c.b), share = Math.round((45 * c.v) / most);
    return { class: cls(c), x: x - w / 2, y: y - h / 2, width: w, height: h, rx: 5, style: `--share: ${share}%` };
  });
  words(svg, "ds-words", all, (c) => {
    const [x, y] = p.at(c.a, c.b);
    return { class: cls(c), x, y: y + 4.5, "data-shown": `pair[${c.a},${c.b}]`, "data-value": c.v, text: c.v };
  });
}

// The wash behind what is looked at: along the line of equal sums, and under its bar.
function wash(ui, svg, s, p) {
  const ends = [s.met[0], s.met.at(-1)].map(([a, b]) => p.at(a, b)), up = s.shift === 1;
  const [[x0, y0], [x1, y1]] = ends, d = `M${x0} ${y0}L${x1} ${up ? p.bars - 8 : y1}`;
  each(layer(svg, "ds-here"), "path", [d, `M${p.cx(s.n)} ${p.bars - 8}V${p.base + 18}`], (v, i) =>
    ({ d: v, style: `stroke-width: ${i ? p.cw - 2 : Math.min(p.cw, p.rh) + 2}px` }));
}

// Each bar is a pile of its products, in the order of the first die.
function piles(s, p) {
  const Y = scale(0, s.most, 0, p.base - p.bars - 16), high = SUMS.map(() => 0), w = Math.min(p.cw - 8, 34);
  return FACES.flatMap((a) => FACES.map((b) => {
    const k = a + b - 2, h = Y(s.table[a - 1][b - 1]);
    high[k] += h;
    return { a, b, on: a + b === s.n, box: [p.cx(a + b) - w / 2, p.base - high[k], w, h] };
  }));
}

const box = ([x, y, width, height]) => ({ x, y, width, height });

function bars(ui, svg, s, p) {
  const shown = s.asked ? [] : piles(s, p), Y = scale(0, s.most, p.base, p.bars + 16);
  each(layer(svg, "ds-piles"), "rect", shown, (c) => ({ ...box(c.box), class: c.on ? "ds-on" : null }));
  each(layer(svg, "ds-axis"), "path", [0], () => ({ d: `M${p.left} ${p.base}H${p.W}` }));
  words(svg, "ds-counts", s.asked ? [] : s.pairs, (v, i) => ({ x: p.cx(i + 2), y: Y(v) - 5, class: i + 2 === s.n ? "ds-on" : null,
    "data-shown": `sum[${i + 2}]`, "data-value": v, text: v }));
  words(layer(svg, "ds-sums"), "fs-ticks", SUMS, (n) => ({ x: p.cx(n), y: p.base + 16, class: n === s.n ? "ds-on" : null, text: n }));
  words(svg, "ds-name", ui.word(p.wide ? "names.wide" : "names.narrow").slice(2), (text, i) =>
    ({ x: 4, y: i ? p.base + 16 : p.base - 30, "text-anchor": "start", text }));
}

// The lit products travel from the table into their bar.
function flow(svg, s, p, u) {
  const w = p.cw - 3, h = p.rh - 3, lit = u < 1 ? piles(s, p).filter((c) => c.on) : [];
  each(layer(svg, "ds-flow"), "rect", lit, (c) => {
    const [x, y] = p.at(c.a, c.b);
    return { ...box(mix([x - w / 2, y - h / 2, w, h], c.box, u)), rx: 5 * (1 - u) };
  });
}

// Handles are boxes over the picture; their places are given in its units.
function handles(ui) {
  const em = (v) => `${v / 16}em`, boxes = layer(ui.stage, "ds-handles");
  const load = (trait, i, v) => {
    const hat = ui.get(trait).map((old, k) => (k === i ? v : old));
    if (total(hat)) ui.set({ [trait]: hat });
  };
  const one = (trait, i, by) => {
    const node = el(boxes, "div", { class: `ds-handle ds-${trait}` });
    const aria = drag(node, { label: ui.text(`load.${trait}`, { a: i + 1 }), max: ui.traits[trait].high, get: () => ui.get(trait)[i],
      set: (v) => load(trait, i, v), at: (e, start) => start.value + by(e, start) / 9,
      text: (v) => ui.text("slips", { v, all: total(ui.get(trait)) }) }, ui.life);
    return (x, y, width, height) => {
      put(node, { style: `left: ${em(x)}; top: ${em(y)}; width: ${em(width)}; height: ${em(height)}` });
      aria();
    };
  };
  const rows = FACES.map((_, i) => one("first", i, (e, start) => e.clientX - start.x));
  const cols = FACES.map((_, i) => one("second", i, (e, start) => start.y - e.clientY));
  return (p) => {
    rows.forEach((place, i) => place(0, p.ry(i + 1) - p.rh / 2, p.left - 4, p.rh));
    cols.forEach((place, i) => place(p.cx(i + 2) - p.cw / 2, 6, p.cw, p.top + 6));
  };
}

// A press on the table or on a bar looks at its sum.
function pick(ui, svg, where) {
  svg.addEventListener("click", (e) => {
    const p = where(), { x, y } = point(svg, e), a = clamp(Math.ceil((y - p.table) / p.rh), 1, 6), late = (a - 1) * ui.get("shift");
    const n = Math.floor((x - p.left) / p.cw - (y < p.bars ? late : 0)) + 2 + (y < p.bars ? a - 1 : 0);
    if (y > p.table && x > p.left && SUMS.includes(n)) ui.set({ n });
  }, ui.life);
}

function render(context) {
  const ui = mount(context, declared, { controls: [question(answers), "n", "shift"], more: ["first", "second", "predict"] });
  const svg = el(ui.stage, "svg", { role: "group", "aria-label": ui.word("picture") });
  ["ds-here", "ds-g", "ds-f", "ds-cells", "ds-words", "ds-piles", "ds-flow"].forEach((cls) => layer(svg, cls));
  const place = handles(ui), lit = el(layer(ui.stage, "ds-handles"), "div", { class: "ds-handle ds-bar" });
  const aria = drag(lit, { label: ui.word("lit"), ...ui.traits.n, get: () => ui.get("n"), set: (n) => ui.set({ n }),
    at: (e, start) => start.value + (e.clientX - start.x) / (p.cw * svg.clientWidth / p.W) }, ui.life);
  const sum = el(ui.foot, "p", { class: "ds-line" });
  let p, before = null, stop = () => {};
  pick(ui, svg, () => p);
  ui.start(() => {
    const s = look(ui), em = ui.em(), now = `${s.n} ${s.asked}`;
    p = places(ui.width() / em, s.shift);
    put(svg, { viewBox: `0 0 ${p.W} ${p.high}` });
    [wash, hats, table, bars].forEach((draw) => draw(ui, svg, s, p));
    place(p);
    put(lit, { style: `left: ${(p.cx(s.n) - p.cw / 2) / 16}em; top: ${p.bars / 16}em; width: ${p.cw / 16}em; height: ${(p.base + 22 - p.bars) / 16}em` });
    aria();
    stop();
    flow(svg, s, p, 1);
    if (before !== null && before !== now && !s.asked) stop = animate(600, (u) => flow(svg, look(ui), p, u), ui.life);
    before = now;
    tell(ui, s);
    spell(sum, s.asked ? [] : line(ui, s));
  });
}

export default { render };
