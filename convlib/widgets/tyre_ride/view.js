// A bicycle over stones: each stone leaves a dent that fades; the ride is what the tyre does.
import { axes, button, clamp, clock, curve, drag, each, el, grips, joined, layer, mount, num, point, put, question, spell } from "../lib/stage.js";

const { slot: SLOT, rim: RIM, flat: FLAT, later: LATER, step: STEP } = declared.data, END = declared.traits.t.max, TINY = 1e-9;
const LIMITS = { rim: num(RIM), later: num(LATER) };
const PLACES = declared.traits.stones.options[0].map((_, k) => k);
const TIMES = Array.from({ length: Math.round(END / STEP) + 1 }, (_, i) => i * STEP);

// Share of a dent that is left from time a to time b.
const keep = (s, a, b) => Math.exp(-s.rate * (b - a - (s.tyre === "leaks" ? (b * b - a * a) / (2 * FLAT) : 0)));

// Dent at time t: it jumps at each stone, and shrinks in between.
function dent(s, stones, t, delay = 0) {
  let y = 0, last = 0;
  for (let k = 0; k < stones.length && k * SLOT + delay <= t + TINY; k++) {
    const at = k * SLOT + delay;
    y = y * keep(s, last, at) + s.strength * stones[k];
    if (s.tyre === "rim") y = Math.min(y, RIM);
    last = at;
  }
  return y * keep(s, last, t);
}

function look(ui) {
  const s = ui.state(), later = s.view === "later", delay = later ? LATER : 0;
  const alone = PLACES.map((k) => s.stones.map((v, i) => (i === k ? v : 0)));
  const part = (k, t) => dent(s, alone[k], t), ride = (t) => dent(s, s.stones, t, delay);
  const expected = (t) => later ? dent(s, s.stones, t - LATER) : PLACES.reduce((sum, k) => sum + part(k, t), 0);
  const gap = Math.max(...TIMES.map((t) => Math.abs(ride(t) - expected(t))));
  const passed = PLACES.filter((k) => s.stones[k] && k * SLOT <= s.t + TINY);
  return { ...s, later, delay, part, ride, expected, gap, passed, fits: gap <= TINY, revealed: !ui.asked() };
}

// Why the test fails, or that the rim had no chance to make it fail.
function because(s) {
  if (!s.fits) return `why.${s.tyre}`;
  return s.tyre === "rim" && s.view === "sum" && PLACES.every((k) => dent(s, s.stones, k * SLOT) < RIM - TINY) && "untouched";
}

function tell(ui, s) {
  const say = (key) => key && ui.words(key, { t: s.t, y: s.ride(s.t), gap: s.gap, ...LIMITS });
  if (s.stones.every((v) => v === 0)) return ui.tell(say("smooth"));
  if (!s.revealed) return ui.tell(say(`kinds.${s.tyre}`), say(`ask.${s.view}`));
  const verdict = s.predict && ((s.guess === "yes") === s.fits ? "right" : "no");
  ui.tell(...[verdict, "now", `${s.fits ? "passed" : "failed"}.${s.view}`, because(s)].map(say));
}

// The sum below the picture, its numbers in the colours of what they are.
function line(ui, s) {
  const parts = joined(s.passed.map((k) => ({ key: `part[${k}]`, value: s.part(k, s.t), cls: "tr-h" })));
  return ui.words(`line.${s.later || parts.length ? s.view : "none"}`, { parts, expected: s.expected(s.t),
    y: { key: "y", value: s.ride(s.t), cls: "tr-y" }, ...LIMITS });
}

// Times up to t with a place just before and just after each stone, so that a jump stands upright.
function moments(s) {
  const jumps = PLACES.flatMap((k) => [k * SLOT + s.delay - 1e-7, k * SLOT + s.delay]);
  return [...TIMES, ...jumps, s.t].filter((t) => t >= 0 && t <= s.t + TINY).sort((a, b) => a - b);
}

// Wheels, frame and the dent under the front wheel; its axle sinks by the dent.
function bicycle(g, s, x, ground, size, mm) {
  const R = 25 * size, base = 62 * size, sink = clamp(mm * 2.4 * size, 0, R * 0.8);
  const half = Math.sqrt(R * R - (R - sink) ** 2), front = [x, ground - R + sink], rear = [x - base, ground - R];
  const crank = [x - base * 0.54, ground - R * 0.92], seat = [x - base * 0.7, ground - R * 2.15];
  const head = [x - base * 0.16, ground - R * 2.2 + sink], turn = (s.t * 90 * size) / R;
  const spoke = ([cx, cy], i) => {
    const a = turn + (i * Math.PI) / 3, dx = R * 0.8 * Math.cos(a), dy = R * 0.8 * Math.sin(a);
    return `M${cx - dx} ${Math.min(ground, cy - dy)}L${cx + dx} ${Math.min(ground, cy + dy)}`;
  };
  const to = (...points) => `M${points.map((p) => p.join(" ")).join("L")}`;
  const bar = [head[0] + 7 * size, head[1] - 9 * size], ring = `M${rear[0] - R} ${rear[1]}a${R} ${R} 0 1 0 ${2 * R} 0a${R} ${R} 0 1 0 ${-2 * R} 0`;
  const tyre = sink < 0.3 ? `M${x - R} ${front[1]}a${R} ${R} 0 1 0 ${2 * R} 0a${R} ${R} 0 1 0 ${-2 * R} 0`
    : `M${x - half} ${ground}A${R} ${R} 0 1 1 ${x + half} ${ground}z`;
  each(layer(g, "tr-bike"), "path", [
    { d: [0, 1, 2].flatMap((i) => [spoke(front, i), spoke(rear, i)]).join(""), class: "tr-spokes" },
    { d: ring, class: "tr-tyre" }, { d: tyre, class: "tr-tyre" },
    { d: `${to(rear, crank, head, seat, crank)}${to(seat, rear)}${to(front, head, bar)}`, class: "tr-frame" },
    { d: to([seat[0] - 7 * size, seat[1] - 3], [seat[0] + 7 * size, seat[1] - 3]), class: "tr-saddle" },
    { d: sink < 0.3 ? "" : `M${x - half} ${ground}h${2 * half}`, class: "tr-dent" }], (attrs) => attrs);
  return { x: x - base - R, y: ground - 2.7 * R, width: base + 2 * R, height: 2.7 * R };
}

// One handle for each place on the road: up is a larger stone.
function handles(ui, svg) {
  return PLACES.map((k) => {
    const node = el(layer(svg, "tr-handles"), "rect", { class: "tr-handle" });
    const size = (v) => ui.set({ stones: ui.get("stones").map((old, i) => (i === k ? v : old)) });
    const aria = drag(node, { label: ui.text("stone", { at: k * SLOT }), max: ui.traits.stones.high, step: 0.5, set: size,
      get: () => ui.get("stones")[k], at: (e, start) => start.value + (start.y - e.clientY) / 14,
      tap: () => size(ui.get("stones")[k] ? 0 : 2), text: (v) => ui.text("push", { v }) }, ui.life);
    return (box) => { put(node, box); aria(); };
  });
}

function road(svg, s, X, ground, wide) {
  const at = (k) => X(k * SLOT + s.delay);
  each(layer(svg, "tr-road"), "path", [`M${X(0) - 80} ${ground}H${X(END) + 8}`], (d) => ({ d }));
  each(layer(svg, "tr-stones"), "path", s.stones, (v, k) => {
    const rx = (4 + 2.6 * v) * wide, ry = v ? 3 + 3.4 * v : 0;
    return { d: `M${at(k) - rx} ${ground}a${rx} ${ry} 0 0 1 ${2 * rx} 0z` };
  });
  grips(layer(svg, "tr-grip"), s.stones.map((v, k) => [at(k), ground - (v && 3 + 3.4 * v), "input"]), Math.min(7, 6 * wide));
  each(layer(svg, "tr-sizes"), "text", s.stones, (v, k) => ({ x: at(k), y: ground + 18, "text-anchor": "middle",
    class: v ? "fs-input" : "tr-none", "data-shown": `stone[${k}]`, "data-value": v, text: num(v) }));
}

function plot(svg, s, box, ui) {
  const told = s.revealed, times = moments(s), top = Math.max(4, ...TIMES.map((t) => Math.max(s.ride(t), s.expected(t)))) * 1.08;
  const to = axes(layer(svg, "tr-axes"), { box, x: [0, END], y: [0, top], ...ui.word("axes") });
  const draw = (cls, role, f, from) => {
    const ts = times.filter((t) => t >= from);
    curve(layer(svg, cls), ts, ts.map(f), { ...to, role });
  };
  each(layer(svg, "tr-rim"), "path", s.tyre === "rim" ? [`M${to.X(0)} ${to.Y(RIM)}H${to.X(END)}`] : [], (d) => ({ d }));
  draw("tr-ride", "y", s.ride, told ? 0 : Infinity);
  PLACES.forEach((k) => draw(`tr-part${k}`, "h", (t) => s.part(k, t), s.later || !s.stones[k] ? Infinity : k * SLOT - TINY));
  draw("tr-expected", "x", s.expected, told || s.later ? 0 : Infinity);
  const y = s.ride(s.t), tip = layer(svg, "tr-tip"), near = s.t > END - 0.7;
  each(layer(tip, "tr-dot"), "circle", told ? [0] : [], () => ({ cx: to.X(s.t), cy: to.Y(y), r: 5 }));
  each(layer(tip, "tr-value"), "text", told ? [0] : [], () => ({ x: to.X(s.t) + (near ? -2 : 9), y: to.Y(y) - 10, class: "fs-output",
    "text-anchor": near ? "end" : "start", "data-shown": "y", "data-value": y, text: num(y) }));
  return to;
}

function render(context) {
  const ui = mount(context, declared, { controls: [question(() => Object.entries(ui.word("options.guess"))),
    button(() => ui.word(ride.runs() ? "stop" : "ride"), () => ride.press(), "fs-main"), "t"],
    more: ["stones", "tyre", "view", "strength", "rate", "predict"] });
  const ride = clock(ui, "t"), svg = el(ui.stage, "svg", { role: "group", "aria-label": ui.word("picture") });
  let X = (v) => v;
  ["tr-road", "tr-axes", "tr-rim", "tr-ride", "tr-bike", "tr-stones"].forEach((cls) => layer(svg, cls));
  const grips = handles(ui, svg), bike = el(layer(svg, "tr-handles"), "rect", { class: "tr-handle tr-bicycle" });
  const aria = drag(bike, { label: ui.word("bicycle"), ...ui.traits.t, get: () => ui.get("t"), set: (t) => ui.set({ t }),
    at: (e) => X.invert(point(svg, e).x), text: (t) => ui.text("seconds", { t }) }, ui.life);
  const text = el(ui.foot, "p", { class: "tr-line" });
  ui.start(() => {
    const s = look(ui), em = ui.em();
    const W = ui.width() / em, size = W > 560 ? 1.3 : clamp((W - 298) / 87, 0.45, 0.7), left = 87 * size + 4, right = W > 560 ? 35 : 6, ground = 66 * size + 12, H = ground + 248;
    put(svg, { viewBox: `0 0 ${W} ${H}` });
    X = plot(svg, s, [left, ground + 52, W - left - right, 156], ui).X;
    put(bike, bicycle(svg, s, X(s.t), ground, size, s.revealed ? s.ride(s.t) : 0));
    road(svg, s, X, ground, size);
    const wide = X(SLOT) - X(0);
    grips.forEach((place, k) => place({ x: X(k * SLOT + s.delay) - wide / 2, y: ground - 24, width: wide, height: 48 }));
    aria();
    tell(ui, s);
    spell(text, s.revealed ? line(ui, s) : []);
  });
}

export default { render };
