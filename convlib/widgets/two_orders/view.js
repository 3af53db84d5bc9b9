// The terms of x ∗ h ∗ g at 0 in a table: rows first or columns first, in a window whose two ends can be let go.
import { choice, clamp, drag, each, el, layer, mount, num, point, put, question, spell, words } from "../lib/stage.js";

const { edge: EDGE, far: FAR, since: SINCE, whole: WHOLE, answers: ANSWERS } = declared.data, ALL = [0, 1, 2, 3, 4, 5];
const upto = (n) => Array.from({ length: n + 1 }, (_, i) => i);
const total = (values) => values.reduce((a, b) => a + b, 0);
const input = (triple, r) => (triple === "fading" ? 0.5 ** r : triple === "switched" && r > SINCE ? 0 : 1);
const weight = (triple, c) => (triple === "leaky" ? 0.5 ** c : 1);

// Row r is k = −r, column c the age b in g; a = r − c, and h[0] = 1, h[1] = −1 are all that h has.
function term(triple, r, c) {
  const h = r === c ? 1 : r === c + 1 ? -1 : 0;
  return h && input(triple, r) * h * weight(triple, c);
}

function look(ui) {
  const s = ui.state(), at = (r, c) => term(s.triple, r, c);
  const far = (v) => (v === EDGE ? FAR : v), [past, memory] = [far(s.past), far(s.memory)];
  const floor = past === FAR ? Infinity : past;
  const rows = upto(past).map((r) => total([r - 1, r].filter((c) => c >= 0 && c <= memory).map((c) => at(r, c))));
  const columns = upto(memory).map((c) => total([c, c + 1].filter((r) => r <= floor).map((r) => at(r, c))));
  const cells = upto(past).flatMap((r) => [r - 1, r].filter((c) => c >= 0 && c <= memory).map((c) => Math.abs(at(r, c))));
  const endless = s.past === EDGE && s.memory === EDGE;
  return { ...s, rows, columns, by_rows: total(rows), total: total(columns), endless, asked: ui.asked(),
    size: endless && s.triple === "constant" ? Infinity : total(cells) };
}

// Whether the beginning of the input is still in the sum's memory.
function why(s) {
  const reach = s.triple === "switched" ? Math.min(s.past, SINCE) : s.past;
  return s.memory >= reach ? "remembers" : s.past === EDGE && s.triple !== "switched" ? "never" : "forgot";
}

function tell(ui, s) {
  if (s.asked) return ui.tell(ui.words("ask"));
  const whole = WHOLE[s.triple], verdict = s.predict && (s.guess === whole ? ui.words("right")
    : ui.words("wrong", { whole: ui.word("options.guess")[ANSWERS.indexOf(whole)] }));
  if (s.endless) return ui.tell(verdict, ui.words(`ends.${s.triple}`, s));
  const part = s.past === EDGE ? "all_rows" : s.memory === EDGE ? "all_columns" : "finite";
  ui.tell(verdict, ui.words(part, { ...s, down: s.past + 1, across: s.memory + 1 }), ui.words(why(s)));
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

function margins(ui, svg, s, p) {
  words(layer(svg, "to-a"), "fs-ticks", ALL, (r) => ({ x: p.left - 10, y: p.y(r) + 4.5, "text-anchor": "end", text: num(-r) }));
  words(layer(svg, "to-c"), "fs-ticks", ALL, (c) => ({ x: p.x(c), y: p.top - 9, text: num(c) }));
  words(svg, "to-names", [["k", 9, p.top + 4.5 + p.rh / 2, "fs-input"], ["b", p.left - 9, p.top - 9, "fs-response"],
    [ui.word("names")[0], p.W - 2, p.top - 30, "fs-output"], [ui.word("names")[1], p.left - 2, p.H - 5, "fs-output"]], ([text, x, y, cls], i) =>
    ({ x, y, class: cls, "text-anchor": i > 1 ? (i > 2 ? "start" : "end") : "end", text }));
  const sums = s.asked ? [] : s.rows.slice(0, EDGE), feet = s.asked ? [] : s.columns.slice(0, EDGE);
  words(svg, "to-rows", sums, (v, r) => ({ class: v ? "to-full" : null, x: p.x(EDGE + 1), y: p.y(r) + 4.5, "data-shown": `row[${r}]`, "data-value": v, text: num(v) }));
  words(svg, "to-columns", feet, (v, c) => ({ class: v ? "to-full" : null, x: p.x(c), y: p.y(EDGE + 1) + 2, "data-shown": `column[${c}]`, "data-value": v, text: num(v) }));
}

// Both sums written out, or the question in their place.
function side(ui, parent) {
  const boxes = [["rows", "x ∗ (h ∗ g)"], ["columns", "(x ∗ h) ∗ g"]].map(([key, formula]) => {
    const box = el(parent, "div", { class: "to-sum" }), head = el(box, "p");
    el(head, "strong", { text: ui.word(`orders.${key}`) });
    el(head, "span", { text: formula });
    return [box, key, el(box, "p", { class: "to-line" })];
  });
  const size = el(parent, "p", { class: "to-size" });
  return (s) => {
    boxes.forEach(([box, key, text]) => {
      put(box, { hidden: s.asked ? "" : null, class: `to-sum${s.endless && s.triple === "constant" ? " to-differ" : ""}` });
      put(text, { "data-shown": s.asked ? null : key, text: line(s[key]) });
    });
    spell(size, s.asked ? [] : ui.words("size", s));
  };
}

function render(context) {
  const ends = (sign) => [...ALL.map((v) => [v, num(sign * v)]), [EDGE, num(sign * Infinity)]];
  const ui = mount(context, declared, { controls: [question(() => ANSWERS.map((v, i) => [v, ui.word("options.guess")[i]])),
    choice("past", { options: ends(-1) }), choice("memory", { options: ends(1) })], more: ["triple", "predict"] });
  const both = el(ui.stage, "div", { class: "to-both" }), frame = el(both, "div", { class: "to-frame" });
  const svg = el(frame, "svg", { role: "group", "aria-label": ui.word("picture") });
  const grip = el(frame, "div", { class: "to-grip" }), ask = side(ui, el(both, "div", { class: "to-side" }));
  let p;
  const cell = (e) => {
    const at = point(svg, e), reach = (v, start, step) => clamp(Math.floor((v - start) / step), 0, EDGE);
    return [reach(at.y, p.top, p.rh), reach(at.x, p.left, p.cw)];
  };
  const go = (past, memory) => ui.set({ past: clamp(past, 0, EDGE), memory: clamp(memory, 0, EDGE) });
  const aria = drag(grip, { label: ui.word("corner"), max: (EDGE + 1) ** 2 - 1,
    get: () => ui.get("past") * (EDGE + 1) + ui.get("memory"), set: (v) => go(Math.floor(v / (EDGE + 1)), v % (EDGE + 1)),
    keys: (dx, dy) => go(ui.get("past") - dy, ui.get("memory") + dx),
    at: (e) => cell(e).reduce((r, c) => r * (EDGE + 1) + c),
    text: () => ui.text("at", { ...look(ui), k: ends(-1)[ui.get("past")][1], b: ends(1)[ui.get("memory")][1] }) }, ui.life);
  svg.addEventListener("click", (e) => { if (!ui.asked()) go(...cell(e)); }, ui.life);
  ["to-wash", "to-dots", "to-chips", "to-edge", "to-terms"].forEach((cls) => layer(svg, cls));
  ui.start(() => {
    const s = look(ui), em = ui.em();
    p = places(frame.clientWidth / em || 480);
    put(svg, { viewBox: `0 0 ${p.W} ${p.H}` });
    table(svg, s, p);
    margins(ui, svg, s, p);
    const [x, y] = [p.left + (s.memory + 1) * p.cw, p.top + (s.past + 1) * p.rh];
    put(grip, { hidden: s.asked ? "" : null, style: `left: ${x / 16}em; top: ${y / 16}em` });
    aria();
    ask(s);
    tell(ui, s);
  });
}

export default { render };
