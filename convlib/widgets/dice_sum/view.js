// Two loaded dice: every pair stands in a table, and equal sums add up to the bars below it.
import { animate, choice, clamp, drag, each, el, layer, mount, num, point, put, scale, slider, stems, toggle } from "../lib/stage.js";

const TRAITS = ["first", "second", "n", "shift", "predict", "guess"];
const FACES = [1, 2, 3, 4, 5, 6], SUMS = FACES.concat(7, 8, 9, 10, 11, 12).slice(1), BRIEF = 3, MOST = 9;
const LOADS = [[[1, 1, 1, 1, 1, 1], "fair"], [[1, 1, 1, 1, 1, 5], "loves 6"], [[1, 0, 0, 0, 0, 1], "1 or 6"], [[0, 0, 1, 0, 0, 0], "only 3"]];
const PIPS = [[4], [0, 8], [0, 4, 8], [0, 2, 6, 8], [0, 2, 4, 6, 8], [0, 2, 3, 5, 6, 8]];
const total = (values) => values.reduce((a, b) => a + b, 0);
const words = (g, cls, items, at) => each(layer(g, cls), "text", items, (v, i) => ({ "text-anchor": "middle", ...at(v, i) }));
const listed = (v) => (v.length > 1 ? `${v.slice(0, -1).join(", ")} and ${v.at(-1)}` : `${v[0]}`);
const mix = (a, b, u) => a.map((v, i) => v + (b[i] - v) * u);

// Every face of the first die lays down its own copy of the second; what meets in one sum adds up.
function look(get) {
  const s = Object.fromEntries(TRAITS.map((k) => [k, get(k)])), { first, second, n } = s;
  const table = first.map((v) => second.map((w) => v * w)), pairs = SUMS.map(() => 0);
  table.forEach((row, i) => row.forEach((v, j) => { pairs[i + j] += v; }));
  const most = Math.max(...pairs), leaders = SUMS.filter((m) => pairs[m - 2] === most);
  const met = FACES.filter((a) => FACES.includes(n - a)).map((a) => [a, n - a]);
  return { ...s, table, pairs, most, leaders, met, all: total(first) * total(second), now: pairs[n - 2],
    revealed: !s.predict || s.guess !== null };
}

function answers(s) {
  const favourites = total([s.first, s.second].map((hat) => 1 + hat.indexOf(Math.max(...hat)))), best = s.leaders[0];
  const wanted = [best, favourites, 7, best - 1, best + 1, best - 2, best + 2].filter((m) => SUMS.includes(m));
  return [...[...new Set(wanted)].slice(0, 4).sort((a, b) => a - b).map((m) => [m, `${m}`]), [0, "all alike"]];
}

function looked(s) {
  if (!s.now) return `The sum ${s.n} cannot come up.`;
  return `The pairs with the sum ${s.n} ${s.shift >= 0.5 ? "stand above each other" : "lie on one slanting line"}: ${s.now} of ${s.all}.`;
}

function led({ leaders, n, most }) {
  if (leaders.length === 1 && leaders[0] === n) return "No other sum has as many.";
  if (leaders.length > BRIEF) return `${leaders.length} sums share the lead, with ${most} each.`;
  return `Most likely: ${listed(leaders)}, with ${most}${leaders.length > 1 ? " each" : ""}.`;
}

function sentence(s) {
  const plain = [s.first, s.second].every((hat) => hat.every((v) => v % Math.max(...hat) === 0));
  if (!s.revealed) return `The table holds ${s.all} equally likely pairs${plain ? "" : " of slips"}. Which sum comes up most often?`;
  const verdict = s.leaders.includes(s.guess) ? "Right." : s.guess === 0 ? "Not all alike." : `Not ${s.guess}.`;
  return `${s.predict ? `${verdict} ` : ""}${looked(s)} ${led(s)}`;
}

// The sum below the picture as coloured pieces; joined they are shown()["line"].
function line(s) {
  const join = (parts) => parts.flatMap((p, i) => (i ? [[" + "], ...p] : p));
  const pair = (a, b) => [[a, "ds-f"], ["·"], [b, "ds-g"]], many = s.met.length > 1;
  const symbols = join(s.met.map(([a, b]) => pair(`f(${a})`, `g(${b})`)));
  const terms = join(s.met.map(([a, b]) => pair(s.first[a - 1], s.second[b - 1])));
  return [[`P(${s.n}) = `], ...symbols, [many ? " = (" : " = "], ...terms, [`${many ? ")" : ""}/${s.all} = `],
    [`${s.now}/${s.all}`, "ds-y"], [`, or ${num((100 * s.now) / s.all)} %`]];
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
function hats(svg, s, p) {
  const chances = (hat) => hat.map((v) => v / total(hat)), f = chances(s.first), g = chances(s.second);
  const X = scale(0, Math.max(0.4, ...f), 30, p.left - 18), up = scale(0, Math.max(0.4, ...g), p.top - 17, 25);
  const Y = (v) => up(v / total(s.second));
  stems(layer(svg, "ds-g"), s.second, { X: (b) => p.cx(b + 1), Y, role: "h", start: 1, key: (i) => `g[${i + 1}]` });
  const bars = layer(svg, "ds-f"), drawn = p.left > 60 ? f : [];
  each(layer(bars, "fs-stalks"), "path", drawn, (v, i) => ({ class: "fs-input", d: `M30 ${p.ry(i + 1)}H${X(v)}` }));
  each(layer(bars, "fs-heads"), "path", drawn, (v, i) => ({ class: "fs-input", d: `M${X(v) - 5} ${p.ry(i + 1)}a5 5 0 1 0 10 0a5 5 0 1 0-10 0` }));
  words(bars, "fs-values", s.first, (v, i) => ({ x: drawn.length ? X(f[i]) + 8 : 24, y: p.ry(i + 1) + 4.5, "text-anchor": "start",
    "data-shown": `f[${i + 1}]`, "data-value": v, text: v }));
  faces(svg, "ds-rows", "input", (a) => [p.left > 60 ? 14 : 11, p.ry(a)]);
  faces(svg, "ds-cols", "response", (b) => [p.cx(b + 1), p.top]);
  words(svg, "fs-names", p.wide ? ["first die f", "second die g"] : ["die f", "die g"], (text, i) =>
    ({ x: i ? p.cx(8) - p.cw / 2 + 4 : 4, y: i ? p.top + 4 : p.table - 6, "text-anchor": "start", text }));
}

// The 36 products, each as strong as its value; those with the sum n stand out.
function table(svg, s, p) {
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
function wash(svg, s, p) {
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

function bars(svg, s, p) {
  const shown = s.revealed ? piles(s, p) : [], Y = scale(0, s.most, p.base, p.bars + 16);
  each(layer(svg, "ds-piles"), "rect", shown, (c) => ({ ...box(c.box), class: c.on ? "ds-on" : null }));
  each(layer(svg, "ds-axis"), "path", [0], () => ({ d: `M${p.left} ${p.base}H${p.W}` }));
  words(svg, "ds-counts", s.revealed ? s.pairs : [], (v, i) => ({ x: p.cx(i + 2), y: Y(v) - 5, class: i + 2 === s.n ? "ds-on" : null,
    "data-shown": `sum[${i + 2}]`, "data-value": v, text: v }));
  words(layer(svg, "ds-sums"), "fs-ticks", SUMS, (n) => ({ x: p.cx(n), y: p.base + 16, class: n === s.n ? "ds-on" : null, text: n }));
  words(svg, "ds-name", p.wide ? ["pairs of slips", "sum n"] : ["pairs", "sum"], (text, i) =>
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
  const one = (trait, name, i, by) => {
    const node = el(boxes, "div", { class: `ds-handle ds-${trait}` });
    const aria = drag(node, { label: `${name} die, slips with ${i + 1}`, max: MOST, get: () => ui.get(trait)[i],
      set: (v) => load(trait, i, v), at: (e, start) => start.value + by(e, start) / 9,
      text: (v) => `${v} of ${total(ui.get(trait))} slips` }, ui.life);
    return (x, y, width, height) => {
      put(node, { style: `left: ${em(x)}; top: ${em(y)}; width: ${em(width)}; height: ${em(height)}` });
      aria();
    };
  };
  const rows = FACES.map((_, i) => one("first", "first", i, (e, start) => e.clientX - start.x));
  const cols = FACES.map((_, i) => one("second", "second", i, (e, start) => start.y - e.clientY));
  return (p) => {
    rows.forEach((place, i) => place(0, p.ry(i + 1) - p.rh / 2, p.left - 4, p.rh));
    cols.forEach((place, i) => place(p.cx(i + 2) - p.cw / 2, 6, p.cw, p.top + 6));
  };
}

// The question stands where the sum will stand, so that nothing jumps.
function asker(ui, parent) {
  const group = el(parent, "div", { class: "fs-control", role: "group", "aria-label": "Your answer" });
  el(group, "span", { text: "Your answer" });
  const list = el(group, "div", { class: "ds-options" });
  list.addEventListener("click", (e) => {
    const i = [...list.children].indexOf(e.target.closest("button"));
    if (i >= 0) ui.set({ guess: answers(look(ui.get))[i][0] });
  }, ui.life);
  return (s) => {
    if (s.revealed && list.contains(document.activeElement)) ui.root.querySelector(".ds-bar").focus();
    put(group, { hidden: s.revealed ? "" : null });
    each(list, "button", s.revealed ? [] : answers(s), ([, text], i) => ({ type: "button", class: "fs-button", "data-shown": `answer[${i}]`, text }));
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
  const ui = mount(context, { name: "dice-sum", label: "Two dice and their sum", traits: TRAITS,
    implied: (patch) => (["first", "second", "predict"].some((k) => k in patch) ? { guess: null } : {}),
    controls: [slider("n", "Sum n", { min: 2, max: 12 }), slider("shift", "Shift the rows", { step: 0.05 }),
      choice("first", "First die", LOADS), choice("second", "Second die", LOADS), toggle("predict", "Predict first")] });
  const svg = el(ui.stage, "svg", { role: "group", "aria-label": "Table of pairs and bars of their sums" });
  ["ds-here", "ds-g", "ds-f", "ds-cells", "ds-words", "ds-piles", "ds-flow"].forEach((cls) => layer(svg, cls));
  const place = handles(ui), lit = el(layer(ui.stage, "ds-handles"), "div", { class: "ds-handle ds-bar" });
  const aria = drag(lit, { label: "lit sum", min: 2, max: 12, get: () => ui.get("n"), set: (n) => ui.set({ n }),
    at: (e, start) => start.value + (e.clientX - start.x) / (p.cw * svg.clientWidth / p.W) }, ui.life);
  const foot = el(ui.stage, "div", { class: "ds-foot" }), ask = asker(ui, foot), sum = el(foot, "p", { class: "ds-line" });
  let p, before = null, stop = () => {};
  pick(ui, svg, () => p);
  ui.start(() => {
    const s = look(ui.get), em = parseFloat(getComputedStyle(ui.root).fontSize) / 16 || 1, now = `${s.n} ${s.revealed}`;
    p = places(ui.width() / em, s.shift);
    put(svg, { viewBox: `0 0 ${p.W} ${p.high}` });
    [wash, hats, table, bars].forEach((draw) => draw(svg, s, p));
    place(p);
    put(lit, { style: `left: ${(p.cx(s.n) - p.cw / 2) / 16}em; top: ${p.bars / 16}em; width: ${p.cw / 16}em; height: ${(p.base + 22 - p.bars) / 16}em` });
    aria();
    stop();
    flow(svg, s, p, 1);
    if (before !== null && before !== now && s.revealed) stop = animate(600, (u) => flow(svg, look(ui.get), p, u), ui.life);
    before = now;
    ui.tell(sentence(s));
    ask(s);
    put(sum, { hidden: s.revealed ? null : "", "data-shown": s.revealed ? "line" : null });
    each(sum, "span", s.revealed ? line(s) : [], ([text, cls]) => ({ class: cls, text }));
  });
}

export default { render };
