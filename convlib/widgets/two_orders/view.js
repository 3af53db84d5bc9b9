// The terms of x ∗ h ∗ g at 0 in a table: rows first or columns first, in a window whose two ends can be let go.
import { choice, clamp, drag, each, el, layer, mount, num, point, put, toggle } from "../lib/stage.js";

const TRAITS = ["triple", "past", "memory", "predict", "guess"];
const EDGE = 6, FAR = 64, SINCE = 3, ALL = [0, 1, 2, 3, 4, 5];
const TRIPLES = [["constant", "always 1"], ["switched", "on since −3"], ["fading", "fading input"], ["leaky", "leaky sum"]];
const ANSWERS = [["00", "0 both ways"], ["11", "1 both ways"], ["10", "rows 1, columns 0"], ["01", "rows 0, columns 1"]];
const ENDS = {
  constant: (s) => `Nothing is cut any more, and the two orders part: rows first give 1, columns first give ${num(s.total)}.`,
  switched: (s) => `Nothing came before a = −3, so the table ends, and both orders give ${num(s.total)}.`,
  fading: (s) => `The input fades, and even without signs the terms add up to ${num(s.size)} only. Both orders give ${num(s.total)}.`,
  leaky: (s) => `The sum leaks, and even without signs the terms add up to ${num(s.size)} only. Both orders give ${num(s.total)}.`,
};
const upto = (n) => Array.from({ length: n + 1 }, (_, i) => i);
const total = (values) => values.reduce((a, b) => a + b, 0);
const input = (triple, r) => (triple === "fading" ? 0.5 ** r : triple === "switched" && r > SINCE ? 0 : 1);
const weight = (triple, c) => (triple === "leaky" ? 0.5 ** c : 1);

// Row r is a = −r, column c the age in g; b = r − c, and h[0] = 1, h[1] = −1 are all that h has.
function term(triple, r, c) {
  const h = r === c ? 1 : r === c + 1 ? -1 : 0;
  return h && input(triple, r) * h * weight(triple, c);
}

function look(get) {
  const s = Object.fromEntries(TRAITS.map((k) => [k, get(k)])), at = (r, c) => term(s.triple, r, c);
  const far = (v) => (v === EDGE ? FAR : v), [past, memory] = [far(s.past), far(s.memory)];
  const floor = past === FAR ? Infinity : past;
  const rows = upto(past).map((r) => total([r - 1, r].filter((c) => c >= 0 && c <= memory).map((c) => at(r, c))));
  const columns = upto(memory).map((c) => total([c, c + 1].filter((r) => r <= floor).map((r) => at(r, c))));
  const cells = upto(past).flatMap((r) => [r - 1, r].filter((c) => c >= 0 && c <= memory).map((c) => Math.abs(at(r, c))));
  const endless = s.past === EDGE && s.memory === EDGE;
  return { ...s, rows, columns, total: total(columns), endless, asked: s.predict && !s.guess,
    size: endless && s.triple === "constant" ? Infinity : total(cells) };
}

function why(s) {
  const reach = s.triple === "switched" ? Math.min(s.past, SINCE) : s.past;
  if (s.memory >= reach) return "The sum still remembers how the input began.";
  return s.past === EDGE && s.triple !== "switched" ? "The input never began." : "The sum has forgotten how the input began.";
}

function told(s) {
  if (s.endless) return ENDS[s.triple](s);
  const part = s.past === EDGE ? `All rows, but only ${s.memory + 1} of the columns`
    : s.memory === EDGE ? `All columns, but only ${s.past + 1} of the rows` : `A finite table, ${s.past + 1} by ${s.memory + 1}`;
  return `${part}: both orders give ${num(s.total)}. ${why(s)}`;
}

function sentence(s) {
  if (s.asked) {
    return "Let the table go on without end, downwards and to the right. Add up each row and then the rows, " +
      "or each column and then the columns. What do you get?";
  }
  const whole = { constant: "10", leaky: "00" }[s.triple] ?? "11", named = ANSWERS.find(([v]) => v === whole)[1];
  return (!s.predict ? "" : s.guess === whole ? "Right. " : `No: the whole table gives ${named}. `) + told(s);
}

function line(sums) {
  const parts = [...sums.slice(0, EDGE).map(num), ...(sums.length > EDGE ? ["…"] : [])];
  const text = parts.join(" + ").replaceAll("+ −", "− ");
  const v = total(sums), equals = Math.abs(100 * v - Math.round(100 * v)) < 1e-9 ? "=" : "≈";
  return parts.length > 1 ? `${text} ${equals} ${num(v)}` : text;
}

// Where everything stands, in the units of the picture.
function places(W) {
  const left = W < 420 ? 36 : 52, cw = (W - left) / (EDGE + 2), rh = 34, top = 50;
  const x = (c) => left + (c + 0.5) * cw, y = (r) => top + (r + 0.5) * rh;
  return { left, top, cw, rh, x, y, W, H: top + (EDGE + 2) * rh + 18 };
}

const words = (g, cls, items, at) => each(layer(g, cls), "text", items, (v, i) => ({ "text-anchor": "middle", ...at(v, i) }));

function table(svg, s, p) {
  const [right, low] = [p.left + Math.min(s.memory + 1, 7) * p.cw, p.top + Math.min(s.past + 1, 7) * p.rh];
  const edge = `M${p.left} ${p.top}H${right}` + (s.memory < EDGE ? `V${low}` : `M${right} ${low}`) +
    (s.past < EDGE ? `H${p.left}` : `M${p.left} ${low}`) + `V${p.top}`;
  each(layer(svg, "to-wash"), "path", s.asked ? [] : [`M${p.left} ${p.top}H${right}V${low}H${p.left}z`], (d) => ({ d }));
  each(layer(svg, "to-edge"), "path", s.asked ? [] : [edge], (d) => ({ d }));
  const cells = ALL.flatMap((r) => ALL.map((c) => ({ r, c, v: term(s.triple, r, c), on: s.asked || (r <= s.past && c <= s.memory) })));
  const some = cells.filter(({ v }) => v), off = ({ on }) => (on ? null : "to-off");
  each(layer(svg, "to-dots"), "circle", cells.filter(({ v }) => !v), (it) => ({ class: off(it), cx: p.x(it.c), cy: p.y(it.r), r: 1.6 }));
  each(layer(svg, "to-chips"), "rect", some, (it) => ({ class: `${it.v < 0 ? "to-minus" : "to-plus"} ${off(it) ?? ""}`.trim(),
    style: `--share: ${Math.round(12 + 43 * Math.abs(it.v))}%`, x: p.x(it.c) - p.cw / 2 + 2, y: p.y(it.r) - p.rh / 2 + 4, width: p.cw - 4, height: p.rh - 8, rx: 6 }));
  words(svg, "to-terms", some, (it) => ({ class: off(it), x: p.x(it.c), y: p.y(it.r) + 4.5,
    "data-shown": `term[${it.r},${it.c}]`, "data-value": it.v, text: num(it.v) }));
  const mid = [p.x(EDGE), p.y(EDGE)], dots = [[mid[0], p.y(2.5), "⋯"], [p.x(2.5), mid[1], "⋮"], [mid[0], mid[1], "⋱"]];
  words(svg, "to-more", dots, ([x, y, text]) => ({ x, y: y + 5, text }));
}

function margins(svg, s, p) {
  words(layer(svg, "to-a"), "fs-ticks", ALL, (r) => ({ x: p.left - 10, y: p.y(r) + 4.5, "text-anchor": "end", text: num(-r) }));
  words(layer(svg, "to-c"), "fs-ticks", ALL, (c) => ({ x: p.x(c), y: p.top - 9, text: num(c) }));
  words(svg, "to-names", [["a", 9, p.top + 4.5 + p.rh / 2, "fs-input"], ["c", p.left - 9, p.top - 9, "fs-response"],
    ["row sums", p.W - 2, p.top - 30, "fs-output"], ["column sums", p.left - 2, p.H - 5, "fs-output"]], ([text, x, y, cls], i) =>
    ({ x, y, class: cls, "text-anchor": i > 1 ? (i > 2 ? "start" : "end") : "end", text }));
  const sums = s.asked ? [] : s.rows.slice(0, EDGE), feet = s.asked ? [] : s.columns.slice(0, EDGE);
  words(svg, "to-rows", sums, (v, r) => ({ class: v ? "to-full" : null, x: p.x(EDGE + 1), y: p.y(r) + 4.5, "data-shown": `row[${r}]`, "data-value": v, text: num(v) }));
  words(svg, "to-columns", feet, (v, c) => ({ class: v ? "to-full" : null, x: p.x(c), y: p.y(EDGE + 1) + 2, "data-shown": `column[${c}]`, "data-value": v, text: num(v) }));
}

// Both sums written out, or the question in their place.
function side(ui, parent) {
  const boxes = [["rows", "Rows first", "x ∗ (h ∗ g)"], ["columns", "Columns first", "(x ∗ h) ∗ g"]].map(([key, title, formula]) => {
    const box = el(parent, "div", { class: "to-sum" }), head = el(box, "p");
    el(head, "strong", { text: title });
    el(head, "span", { text: formula });
    return [box, key, el(box, "p", { class: "to-line" })];
  });
  const size = el(parent, "p", { class: "to-size" });
  const group = el(parent, "div", { role: "group", "aria-label": "Your answer" });
  el(group, "p", { text: "Your answer" });
  const list = el(group, "div", { class: "to-options" });
  list.addEventListener("click", (e) => {
    const i = [...list.children].indexOf(e.target.closest("button"));
    if (i >= 0) ui.set({ guess: ANSWERS[i][0] });
  }, ui.life);
  return (s) => {
    if (!s.asked && list.contains(document.activeElement)) ui.root.querySelector(".to-grip").focus();
    put(group, { hidden: s.asked ? null : "" });
    each(list, "button", s.asked ? ANSWERS : [], ([, text], i) => ({ type: "button", class: "fs-button", "data-shown": `answer[${i}]`, text }));
    const lines = { rows: line(s.rows), columns: line(s.columns) }, differ = s.endless && s.triple === "constant";
    boxes.forEach(([box, key, text]) => {
      put(box, { hidden: s.asked ? "" : null, class: `to-sum${differ ? " to-differ" : ""}` });
      put(text, { "data-shown": s.asked ? null : key, text: lines[key] });
    });
    put(size, { hidden: s.asked ? "" : null, "data-shown": s.asked ? null : "size", text: `Without signs: ${num(s.size)}` });
  };
}

function render(context) {
  const ends = (sign) => [...ALL.map((v) => [v, num(sign * v)]), [EDGE, sign < 0 ? "−∞" : "∞"]];
  const ui = mount(context, { name: "two-orders", label: "One table, summed in two orders", traits: TRAITS,
    implied: (patch) => ("triple" in patch || "predict" in patch ? { guess: "" } : {}),
    controls: [choice("past", "Input since a =", ends(-1)), choice("memory", "Sum back to c =", ends(1)),
      choice("triple", "Signals", TRIPLES), toggle("predict", "Predict first")] });
  const both = el(ui.stage, "div", { class: "to-both" }), frame = el(both, "div", { class: "to-frame" });
  const svg = el(frame, "svg", { role: "group", "aria-label": "Table of terms" });
  const grip = el(frame, "div", { class: "to-grip" }), ask = side(ui, el(both, "div", { class: "to-side" }));
  let p;
  const cell = (e) => {
    const at = point(svg, e), reach = (v, start, step) => clamp(Math.floor((v - start) / step), 0, EDGE);
    return [reach(at.y, p.top, p.rh), reach(at.x, p.left, p.cw)];
  };
  const go = (past, memory) => ui.set({ past: clamp(past, 0, EDGE), memory: clamp(memory, 0, EDGE) });
  const aria = drag(grip, { label: "Corner of the window", max: (EDGE + 1) ** 2 - 1,
    get: () => ui.get("past") * (EDGE + 1) + ui.get("memory"), set: (v) => go(Math.floor(v / (EDGE + 1)), v % (EDGE + 1)),
    keys: (dx, dy) => go(ui.get("past") - dy, ui.get("memory") + dx),
    at: (e) => cell(e).reduce((r, c) => r * (EDGE + 1) + c),
    text() {
      const s = look(ui.get), to = `Input since a = ${ends(-1)[s.past][1]}, sum back to c = ${ends(1)[s.memory][1]}`;
      return `${to}: rows first ${num(total(s.rows))}, columns first ${num(s.total)}`;
    } }, ui.life);
  svg.addEventListener("click", (e) => { if (!look(ui.get).asked) go(...cell(e)); }, ui.life);
  ["to-wash", "to-dots", "to-chips", "to-edge", "to-terms"].forEach((cls) => layer(svg, cls));
  ui.start(() => {
    const s = look(ui.get), em = parseFloat(getComputedStyle(ui.root).fontSize) / 16 || 1;
    p = places(frame.clientWidth / em || 480);
    put(svg, { viewBox: `0 0 ${p.W} ${p.H}` });
    table(svg, s, p);
    margins(svg, s, p);
    const [x, y] = [p.left + (s.memory + 1) * p.cw, p.top + (s.past + 1) * p.rh];
    put(grip, { hidden: s.asked ? "" : null, style: `left: ${x / 16}em; top: ${y / 16}em` });
    aria();
    ask(s);
    ui.tell(sentence(s));
  });
}

export default { render };
