// The pairs of one output as lines: twisted, then h folded over, then shifted. No line changes its ends.
import { animate, button, choice, drag, each, el, layer, mount, num, put, scale, slider, stems, toggle } from "./stage.js";

const TRAITS = ["x", "response", "n", "k", "way", "predict", "guess"];
const LAST = 10, OPEN = 0.75, TOP = 24, TALL = 74, GAP = 96;
const RESPONSES = { fades: [0, [10, 8, 6, 5, 4, 3, 3, 2, 2, 1, 1]], late: [0, [0, 1, 3, 6, 8, 7, 5, 3, 2, 1, 1]], both: [-2, [2, 5, 8, 6, 4, 3, 2, 1]] };
const MIXED = [3, 1, 0, 5, 7, 4, 2, 6, 8, 3, 5];
const NUMBERS = Array.from({ length: LAST + 1 }, (_, k) => k);

function look(get) {
  const s = Object.fromEntries(TRAITS.map((t) => [t, get(t)])), [first, h] = RESPONSES[s.response];
  const asked = s.predict && s.guess === null, way = asked ? 1 : s.way, w = (age) => h[age - first];
  const pairs = NUMBERS.filter((k) => w(s.n - k) !== undefined), age = s.n - s.k;
  const turn = way < 1 ? Math.cos(Math.PI * way) : -1, shift = way > 1 ? s.n * (way - 1) : 0;
  const y = pairs.reduce((sum, k) => sum + s.x[k] * w(s.n - k), 0);
  return { ...s, first, h, asked, way, w, pairs, y, age, met: pairs.includes(s.k), at: (a) => a * turn + shift,
    open: way > 1 || Math.abs(turn) > OPEN, aged: age < 0 ? `(${num(age)})` : num(age),
    span: first < 0 ? [-5.6, 12.5] : [-10.5, 10.5] };
}

const answers = (s) => [...new Set([Math.floor(s.n / 2), s.n, 2 * s.n, LAST])].sort((a, b) => a - b);

function chosen(s) {
  if (s.met) return `Follow one line: arrival ${s.k} + age ${s.aged} = ${s.n}.`;
  if (s.n < s.k) return `x[${s.k}] has no line: at ${s.n} it has not arrived, and h has no weight for the age ${num(s.age)}.`;
  return `x[${s.k}] has no line: h has no weight for the age ${s.age}.`;
}

function sentence(s) {
  if (s.asked) return "h is folded over, and no two lines cross. By how many places must it move so that each line stands upright?";
  const verdict = !s.predict ? "" : s.guess === s.n ? "Right. " : `Not ${num(s.guess)}: by n = ${s.n}. `;
  const slant = s.n ? `slants by ${s.n} places` : "stands upright already";
  const told = s.way === 0 ? `Each input is joined to the weight of its age at ${s.n}. The lines are twisted.`
    : s.way < 1 ? "h folds over about age 0, and every line keeps its two ends."
      : s.way === 1 ? `Folded: no two lines cross, and each ${slant}.`
        : s.way < 2 ? "h moves to the right, and every line keeps its two ends."
          : `Shifted by ${s.n}: each weight stands below its input, and h reads backwards.`;
  return `${verdict}${told} ${chosen(s)}`;
}

// The sum below the picture as coloured pieces; joined they are shown()["line"].
function line(s) {
  const all = s.pairs.length > 1 ? `All ${s.pairs.length} lines together` : "The only line";
  const end = [[`${all}: y[${s.n}] = `], [num(s.y), "un-out"]];
  if (!s.met) return [[`x[${s.k}] has no line. `], ...end];
  const v = s.x[s.k], w = s.w(s.age);
  return [[`x[${s.k}]`, "un-in"], ["·"], [`h[${num(s.age)}]`, "un-w"], [" = "], [num(v), "un-in"], ["·"], [num(w), "un-w"],
    [` = ${num(v * w)}. `], ...end];
}

const words = (g, cls, items, at) => each(layer(g, cls), "text", items, (v, i) => ({ "text-anchor": "middle", ...at(v, i) }));

function inputs(svg, s, X, base) {
  const g = layer(svg, "un-x"), Y = scale(0, 9, base, base - TALL + 18);
  stems(g, s.x, { X, Y, role: "x", key: (i) => `x[${i}]`, dim: (i) => !s.pairs.includes(i) });
  each(layer(g, "un-axis"), "path", [0], () => ({ d: `M${X(s.span[0])} ${base}H${X(s.span[1])}` }));
  words(g, "fs-ticks", NUMBERS, (k) => ({ x: X(k), y: base + 18, text: k, class: k === s.k ? "un-now" : null }));
  words(g, "fs-names", ["input x", "arrival k"], (text, i) => ({ x: X(s.span[0]), y: i ? base + 18 : base - TALL + 6, "text-anchor": "start", text }));
}

function weights(svg, s, X, base) {
  const g = layer(svg, "un-h"), Y = scale(0, 10, base, base - TALL + 24), ages = s.h.map((_, i) => s.first + i);
  const place = (i) => X(s.at(ages[i])), here = (i) => s.pairs.includes(s.n - ages[i]);
  stems(g, s.h, { X: place, Y, role: "h", dim: (i) => !here(i), key: s.open ? (i) => `h[${ages[i]}]` : undefined,
    label: s.open ? num : () => "" });
  each(layer(g, "un-axis"), "path", [0], () => ({ d: `M${X(s.span[0])} ${base}H${X(s.span[1])}` }));
  words(g, "fs-ticks", ages, (a) => ({ x: X(s.at(a)), y: base - TALL - 8, text: num(a),
    class: s.met && a === s.age ? "un-now" : null, opacity: s.open || a === s.age ? null : 0 }));
  const left = Math.min(s.at(ages[0]), s.at(ages.at(-1))) - s.span[0] > 4.5;
  words(g, "fs-names", ["response h", "age a"], (text, i) => ({ x: X(s.span[left ? 0 : 1]), y: base - TALL + (i ? -8 : 14),
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

function products(svg, s, X, base) {
  const g = layer(svg, "un-p"), values = s.pairs.map((k) => s.x[k] * s.w(s.n - k)), Y = scale(0, 90, base, base - 50);
  const half = (X(1) - X(0)) * 0.3;
  each(layer(g, "un-bars"), "path", values, (v, i) => ({ d: `M${X(s.pairs[i]) - half} ${base}V${Y(v)}h${2 * half}V${base}z`,
    class: s.pairs[i] === s.k ? "un-now" : null }));
  each(layer(g, "un-axis"), "path", [0], () => ({ d: `M${X(s.span[0])} ${base}H${X(s.span[1])}` }));
  words(g, "fs-values", values, (v, i) => ({ x: X(s.pairs[i]), y: Y(v) - 5, "data-shown": `p[${s.pairs[i]}]`, "data-value": v, text: num(v) }));
  words(g, "fs-names", ["products"], (text) => ({ x: X(s.span[0]), y: base - 6, "text-anchor": "start", text }));
}

// The question stands where the sum will stand, so that nothing jumps.
function question(ui, parent) {
  const box = el(parent, "div", { class: "fs-control", role: "group", "aria-label": "Your answer" });
  el(box, "span", { text: "Your answer" });
  const list = el(box, "div", { class: "un-options" });
  list.addEventListener("click", (e) => {
    const i = [...list.children].indexOf(e.target.closest("button"));
    if (i >= 0) ui.set({ guess: answers(look(ui.get))[i] });
  }, ui.life);
  return (s) => {
    if (!s.asked && list.contains(document.activeElement)) ui.root.querySelector(".un-grips rect").focus();
    put(box, { hidden: s.asked ? null : "" });
    each(list, "button", s.asked ? answers(s) : [], (v, i) => ({ type: "button", class: "fs-button", "data-shown": `answer[${i}]`, text: num(v) }));
  };
}

// One handle for each input, and one that moves h along: a larger n.
function handles(ui, svg, slot) {
  const g = layer(svg, "un-grips");
  const pulls = NUMBERS.map((k) => [el(g, "rect"), k]).map(([node, k]) => [node, drag(node, { label: `x[${k}]`, max: 9,
    get: () => ui.get("x")[k], set: (v) => ui.set({ x: ui.get("x").map((old, i) => (i === k ? v : old)) }),
    at: (e, start) => start.value + (start.y - e.clientY) / 8, tap: () => ui.set({ k }) }, ui.life)]);
  const node = el(g, "rect", { class: "un-slide" });
  const move = drag(node, { label: "h: output n", max: LAST, get: () => ui.get("n"), set: (n) => ui.set({ n }),
    at: (e, start) => start.value + (e.clientX - start.x) / slot() }, ui.life);
  return (X, top, low, [from, to]) => {
    pulls.forEach(([rect, aria], k) => { put(rect, { x: X(k - 0.5), y: top - TALL, width: X(1) - X(0), height: TALL + 22 }); aria(); });
    put(node, { x: X(from), y: low - TALL - 20, width: X(to) - X(from), height: TALL + 22 });
    move();
  };
}

const when = (test, control) => (ui, row) => {
  const sync = control(ui, row), box = row.lastElementChild;
  return () => { sync(); put(box, { hidden: test(look(ui.get)) ? null : "" }); };
};

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
  const ui = mount(context, { name: "untangle", label: "Twisted lines, untangled", traits: TRAITS,
    implied: (patch) => { if (!moving) stop(); return ["n", "predict", "response"].some((k) => k in patch) ? { guess: null } : {}; },
    controls: [when((s) => !s.asked, button(() => ["Twist again", "Fold h", "Shift h"][aim()], step, "fs-main")),
      when((s) => !s.asked, slider("way", "Untangle", { max: 2, step: 0.05 })),
      slider("n", "Output n", { max: LAST }), slider("k", "Input k", { max: LAST }),
      choice("x", "Input x", [[NUMBERS.map((k) => (k === 3 ? 9 : 0)), "one"], [NUMBERS.map(() => 5), "steady"], [MIXED, "mixed"]]),
      choice("response", "Response h", [["fades", "fades"], ["late", "comes late"], ["both", "before and after"]]),
      toggle("predict", "Predict first")] });
  const svg = el(ui.stage, "svg", { role: "group", "aria-label": "Inputs, weights and the lines between them" });
  ["un-threads", "un-x", "un-h", "un-p", "un-tag"].forEach((cls) => layer(svg, cls));
  const place = handles(ui, svg, () => slot);
  const foot = el(ui.stage, "div", { class: "un-foot" }), ask = question(ui, foot), sum = el(foot, "p", { class: "un-line", "data-shown": "line" });
  ui.start(() => {
    const s = look(get), em = (parseFloat(getComputedStyle(ui.root).fontSize) || 16) / 16, W = ui.width() / em;
    const X = scale(...s.span, 2, W - 2), top = TOP + TALL, low = top + GAP + TALL + 26, end = low + 92;
    slot = (X(1) - X(0)) * em;
    put(svg, { viewBox: `0 0 ${W} ${end + 4}` });
    inputs(svg, s, X, top);
    weights(svg, s, X, low);
    threads(svg, s, X, top + 24, low - TALL - 22);
    products(svg, s, X, end);
    place(X, top, low, s.span);
    ui.tell(sentence(s));
    ask(s);
    each(sum, "span", line(s), ([text, cls]) => ({ class: cls, text }));
  });
}

export default { render };
