// The echo table with a turning input: every number is a hand of a clock, and a column adds up tip to tail.
import { clamp, drag, each, el, joined, layer, mount, point, put, question, round, slider, spell, when, words } from "../lib/stage.js";

const { count: COUNT } = declared.data;
const tidy = (v) => Math.round(v * 1e9) / 1e9;

// A hand of this length at this angle in degrees: [to the right, upwards].
const hand = (length, angle) => [length * Math.cos((angle * Math.PI) / 180), length * Math.sin((angle * Math.PI) / 180)];
const add = (hands) => hands.reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);

// The echoes of column n, by age; at 0 the input hand points to the right.
function column(s, n, from = 0) {
  return s.h.map((w, j) => [w, j]).filter(([, j]) => n >= j && n - j < COUNT).map(([w, j]) => [w, j, hand(w, from - j * s.turn)]);
}

function ratio(s, n) {
  const [re, im] = add(column(s, n).map(([, , v]) => v)), size = tidy(Math.hypot(re, im)), angle = tidy((Math.atan2(im, re) * 180) / Math.PI);
  return { size, angle: !size ? 0 : angle <= -180 ? angle + 360 : angle };
}

function look(ui) {
  const s = ui.state(), asked = ui.asked(), L = s.h.length, at = asked ? L : s.n;
  return { ...s, asked, L, last: COUNT + L - 2, at, ...ratio(s, at) };
}

function tell(ui, s) {
  const { n, L, at, size, angle } = s, times = ui.words(size ? "times" : "nothing", { size, angle });
  if (s.asked) return ui.tell(ui.words("ask", { column: at, times }));
  const told = n >= COUNT ? "stopped" : n < L - 1 ? "building" : "full";
  return ui.tell(s.predict && ui.words(s.guess === "same" ? "right" : "wrong"), ui.words(told, { n, times, echoes: n + 1, all: L }));
}

// The sum of the column, and what the output hand is beside the input hand.
function line(ui, s) {
  const { n, size, angle } = s, terms = column(s, n).map(([value, j]) => {
    const w = { key: `h[${j}]`, value };
    return [...(value < 0 ? ["(", w, ")"] : [w]), `·x[${n - j}]`];
  });
  const factor = [": ", { key: "size", value: size }, ` · x[${n}]`, ...(size ? ui.words("turned", { angle }) : [])];
  return [`y[${n}] = `, ...joined(terms), ...(n < COUNT ? factor : [])];
}

function places(W, s) {
  const wide = W >= 560, left = (wide ? 196 : 0) + 62, cw = (W - left - 4) / (s.last + 1), r = Math.min(cw / 2 - 2, 12), rh = 2 * r + 2;
  const R = wide ? 84 : 62, top = wide ? 10 : 2 * R + 58, table = top + rh + 4, base = table + COUNT * rh + 6;
  return { W, left, cw, r, rh, R, top, table, base, high: base + 2 * r + 22, u: 1 / Math.max(1, s.h.reduce((a, w) => a + Math.abs(w), 0)),
    cx: (i) => left + (i + 0.5) * cw, ry: (k) => table + k * rh + r, dial: [wide ? 96 : W / 2, wide ? table + 3.5 * rh : R + 26] };
}

// Hands with their faces: [x, y, [right, up], role, radius]; a face needs a radius, and may be all there is.
function hands(svg, cls, faces) {
  const g = layer(svg, cls), all = faces.filter((v) => v[2]), role = (v) => `fs-${v[3]}`, tip = ([x, y, [re, im]]) => [x + re, y - im];
  each(layer(g, "eh-faces"), "circle", faces.filter((v) => v[4]), ([x, y, , , r]) => ({ cx: x, cy: y, r }));
  each(layer(g, "eh-lines"), "path", all, (v) => ({ class: role(v), d: `M${v[0]} ${v[1]}L${tip(v).join(" ")}` }));
  each(layer(g, "eh-tips"), "path", all.filter((v) => v[3] !== "output"), (v) => {
    const [x, y] = tip(v), a = v[4] > 20 || !v[4] ? 4.5 : 2.2;
    return { class: role(v), d: v[3] === "input" ? round(x, y, a) : `M${x - a} ${y - a}h${2 * a}v${2 * a}h${-2 * a}z` };
  });
}

const fill = (n, f) => Array.from({ length: n }, (_, i) => f(i));
const scaled = (v, by) => v.map((w) => w * by);
const seen = (s, i) => !s.asked || i === s.at;

function table(svg, s, p) {
  const u = p.r * p.u, y = (i) => scaled(add(column(s, i, i * s.turn).map((c) => c[2])), u);
  hands(svg, "eh-table", [
    ...fill(COUNT, (i) => [p.cx(i), p.top + p.r, hand(u, i * s.turn), "input", p.r]),
    ...fill(COUNT, (k) => s.h.map((w, j) => [p.cx(k + j), p.ry(k), hand(w * u, k * s.turn), "response", p.r])).flat(),
    ...fill(s.last + 1, (i) => [p.cx(i), p.base + p.r, seen(s, i) ? y(i) : null, "output", p.r])]);
  words(svg, "fs-ticks", fill(s.last + 1, (i) => i), (i) => ({ x: p.cx(i), y: p.base + 2 * p.r + 17, text: i }));
  words(svg, "eh-rows", [["x[n]", p.top + p.r, "input"], ...fill(COUNT, (k) => [`x[${k}] × h`, p.ry(k)]), ["y[n]", p.base + p.r, "output"]],
    ([t, y0, role]) => ({ x: p.left - 7, y: y0 + 4.5, "text-anchor": "end", class: role && `fs-${role}`, text: t }));
}

// The column that is looked at, large: its echoes tip to tail, beside the input hand.
function dial(ui, svg, s, p) {
  const [x, y] = p.dial, u = p.R * p.u, from = s.at * s.turn, chain = column(s, s.at, from).map((c) => scaled(c[2], u)), sum = add(chain);
  const start = chain.map((_, i) => add(chain.slice(0, i)));
  hands(svg, "eh-dial", [[x, y, s.at < COUNT ? hand(u, from) : null, "input", p.R], [x, y, sum, "output"],
    ...chain.map((v, i) => [x + start[i][0], y - start[i][1], v, "response"])]);
  words(svg, "fs-names", [ui.text("dial", s)], (text) => ({ x, y: y - p.R - 12, text }));
}

function render(context) {
  const get = (k) => context.model.get(k), last = (h = get("h")) => COUNT + h.length - 2;
  const ui = mount(context, declared, { implied: ({ h }) => (h ? { n: Math.min(get("n"), last(h)) } : {}),
    controls: [question(() => Object.entries(ui.word("answers"))), "turn"],
    more: [when((it) => !it.asked(), slider("n", { max: () => last() })), "h", "predict"] });
  const svg = el(ui.stage, "svg", { role: "group", "aria-label": ui.word("picture") });
  ["eh-here", "eh-table", "eh-dial"].forEach((cls) => layer(svg, cls));
  const grip = el(layer(svg, "eh-grip"), "rect");
  const [sum, speed] = ["eh-line", "eh-line eh-speed"].map((cls) => el(ui.foot, "p", { class: cls }));
  let p;
  const place = (e) => clamp(Math.floor((point(svg, e).x - p.left) / p.cw), 0, last());
  const aria = drag(grip, { label: ui.word("column"), max: () => last(), get: () => get("n"), set: (n) => ui.set({ n }),
    at: place, tap: (e) => ui.set({ n: place(e) }) }, ui.life);
  ui.start(() => {
    const s = look(ui), em = ui.em();
    p = places(ui.width() / em, s);
    put(svg, { viewBox: `0 0 ${p.W} ${p.high}` });
    each(layer(svg, "eh-here"), "rect", [0], () => ({ x: p.cx(s.at) - p.cw / 2, y: p.top - 5, width: p.cw, height: p.high - p.top + 5, rx: 6 }));
    put(grip, { hidden: s.asked ? "" : null, x: p.left, y: p.top - 4, width: p.cw * (s.last + 1), height: p.base + 2 * p.r - p.top + 8 });
    table(svg, s, p);
    dial(ui, svg, s, p);
    aria();
    tell(ui, s);
    spell(put(sum, { hidden: s.asked ? "" : null }), s.asked ? [] : line(ui, s));
    spell(speed, ui.words("speed", { turn: s.turn, omega: (s.turn * Math.PI) / 180 }));
  });
}

export default { render };
