// A bicycle over stones: each stone leaves a dent that fades; the ride is what the tyre does.
import { axes, button, choice, clamp, curve, drag, each, el, layer, mount, num, point, put, show, slider, toggle } from "../lib/stage.js";

const TRAITS = ["stones", "strength", "rate", "tyre", "view", "t", "predict", "guess"];
const SLOT = 0.5, SLOTS = 8, END = 6, RIM = 5, FLAT = 6, LATER = 1, STEP = 0.05, TINY = 1e-9, MOST = 4;
const KINDS = { sound: "The tyre is sound.", rim: `The rim stops the tyre at ${RIM} mm.`, leaks: "The tyre loses its air." };
const ASKED = { sum: "Will the ride be the sum of the dents that the stones leave one by one?",
  later: `The same stones come ${LATER} s later. Will the ride be the same, ${LATER} s later?` };
const WHY = { sound: "", rim: " A dent stopped by the rim lacks what the rim took.",
  leaks: " With less air the tyre comes back more slowly." };
const PLACES = Array.from({ length: SLOTS }, (_, k) => k);
const TIMES = Array.from({ length: Math.round(END / STEP) + 1 }, (_, i) => i * STEP);

// Share of a dent that is left from time a to time b.
const keep = (s, a, b) => Math.exp(-s.rate * (b - a - (s.tyre === "leaks" ? (b * b - a * a) / (2 * FLAT) : 0)));

// Dent at time t: it jumps at each stone, and shrinks in between.
function dent(s, stones, t, delay = 0) {
  let y = 0, last = 0;
  for (let k = 0; k < SLOTS && k * SLOT + delay <= t + TINY; k++) {
    const at = k * SLOT + delay;
    y = y * keep(s, last, at) + s.strength * stones[k];
    if (s.tyre === "rim") y = Math.min(y, RIM);
    last = at;
  }
  return y * keep(s, last, t);
}

function look(get) {
  const s = Object.fromEntries(TRAITS.map((k) => [k, get(k)])), later = s.view === "later", delay = later ? LATER : 0;
  const alone = PLACES.map((k) => s.stones.map((v, i) => (i === k ? v : 0)));
  const part = (k, t) => dent(s, alone[k], t), ride = (t) => dent(s, s.stones, t, delay);
  const expected = (t) => later ? dent(s, s.stones, t - LATER) : PLACES.reduce((sum, k) => sum + part(k, t), 0);
  const gap = Math.max(...TIMES.map((t) => Math.abs(ride(t) - expected(t))));
  const passed = PLACES.filter((k) => s.stones[k] && k * SLOT <= s.t + TINY);
  return { ...s, later, delay, part, ride, expected, gap, passed, fits: gap <= TINY,
    revealed: !s.predict || s.guess !== "", smooth: s.stones.every((v) => v === 0) };
}

function told(s) {
  const now = `${num(s.t)} s: the tyre is dented by ${num(s.ride(s.t))} mm.`;
  if (s.later && !s.fits) return `${now} This is not the first ride moved by ${LATER} s: up to ${num(s.gap)} mm off.`;
  if (s.later) return `${now} The ride is the first one, moved by ${LATER} s.`;
  if (!s.fits) return `${now} The single dents do not add up to the ride: up to ${num(s.gap)} mm off.`;
  return `${now} At every moment that is the sum of the single dents.`;
}

function untouched(s) {
  const highest = Math.max(...PLACES.map((k) => dent(s, s.stones, k * SLOT)));
  return s.tyre === "rim" && highest < RIM - TINY ? " The rim was never reached: try larger stones." : "";
}

function sentence(s) {
  if (s.smooth) return "The road is smooth. Pull a stone up from it, then ride.";
  if (!s.revealed) return `${KINDS[s.tyre]} ${ASKED[s.view]}`;
  const text = told(s) + (s.fits ? untouched(s) : WHY[s.tyre]);
  return s.predict ? `${(s.guess === "yes") === s.fits ? "Right" : "No"}. ${text}` : text;
}

function line(s) {
  const now = num(s.ride(s.t)), then = num(s.expected(s.t));
  if (s.later) return [["now "], [now, "tr-y"], [` mm; the first ride, ${LATER} s earlier: ${then} mm`]];
  if (!s.passed.length) return [["no stone yet"]];
  const parts = s.passed.map((k) => [num(s.part(k, s.t)), "tr-h"]).flatMap((p, i) => (i ? [[" + "], p] : [p]));
  return [["one by one: "], ...parts, [` = ${then} mm; the ride: `], [now, "tr-y"], [" mm"]];
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
    const aria = drag(node, { label: `stone at ${num(k * SLOT)} s`, max: MOST, step: 0.5, set: size,
      get: () => ui.get("stones")[k], at: (e, start) => start.value + (start.y - e.clientY) / 14,
      tap: () => size(ui.get("stones")[k] ? 0 : 2), text: (v) => `${num(v)} N·s` }, ui.life);
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
  each(layer(svg, "tr-sizes"), "text", s.stones, (v, k) => ({ x: at(k), y: ground + 18, "text-anchor": "middle",
    class: v ? "fs-input" : "tr-none", "data-shown": `stone[${k}]`, "data-value": v, text: num(v) }));
}

function plot(svg, s, box, ui) {
  const told = s.revealed, times = moments(s), top = Math.max(4, ...TIMES.map((t) => Math.max(s.ride(t), s.expected(t)))) * 1.08;
  const to = axes(layer(svg, "tr-axes"), { box, x: [0, END], y: [0, top], xlabel: "time t (s)", ylabel: "dent y (mm)" });
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

// The question stands where the sums will stand, so that nothing jumps.
function answers(ui, parent) {
  const box = el(parent, "div", { class: "fs-control", role: "group", "aria-label": "Your answer" });
  el(box, "span", { text: "Your answer" });
  const list = ["yes", "no"].map((text, i) => {
    const node = el(box, "button", { type: "button", class: "fs-button", "data-shown": `answer[${i}]`, text });
    node.addEventListener("click", () => ui.set({ guess: text }), ui.life);
    return node;
  });
  return (s) => {
    if (s.revealed && list.includes(document.activeElement)) ui.root.querySelector(".tr-bicycle").focus();
    put(box, { hidden: s.revealed ? "" : null });
  };
}

// Rides in real time, so that a second on the road is a second; a second press stops it.
function rider(ui) {
  let stop = null, begin = 0;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const halt = () => { cancelAnimationFrame(stop); stop = null; ui.set({}); };
  const frame = (now) => {
    const t = Math.min(END, (now - begin) / 1000);
    stop = t < END ? requestAnimationFrame(frame) : null;
    ui.set({ t: Math.max(0, t) });
  };
  ui.life.signal.addEventListener("abort", () => cancelAnimationFrame(stop));
  return { riding: () => stop !== null, press() {
    if (stop !== null) return halt();
    if (still.matches) return ui.set({ t: END });
    begin = performance.now() - 1000 * (ui.get("t") >= END ? 0 : ui.get("t"));
    stop = requestAnimationFrame(frame);
    ui.set({});
  } };
}

function render(context) {
  const ui = mount(context, { name: "tyre-ride", label: "A bicycle over stones", traits: TRAITS,
    implied: (patch) => (["stones", "strength", "rate", "tyre", "view", "predict"].some((k) => k in patch) ? { guess: "" } : {}),
    controls: [button(() => (ride.riding() ? "Stop" : "Ride"), () => ride.press(), "fs-main"),
      slider("t", "Time (s)", { max: END, step: 0.1 }),
      choice("stones", "Stones", [[[2, 0, 0, 0, 0, 0, 0, 0], "one"], [[2, 0, 0, 0, 2, 0, 0, 0], "two alike"],
        [[2, 0, 0, 1.5, 0, 2, 0.5, 0], "several"]]),
      choice("tyre", "Tyre", [["sound", "sound"], ["rim", "hits its rim"], ["leaks", "leaks"]]),
      choice("view", "Test", [["sum", "add the dents"], ["later", "start later"]]),
      slider("strength", "Dent per N·s (mm)", { min: 0.5, max: 4, step: 0.5 }),
      slider("rate", "Recovery (1/s)", { min: 0.25, max: 3, step: 0.25 }), toggle("predict", "Predict first")] });
  const ride = rider(ui);
  const svg = el(ui.stage, "svg", { role: "group", "aria-label": "Road, bicycle and dents" });
  let X = (v) => v;
  ["tr-road", "tr-axes", "tr-rim", "tr-ride", "tr-bike", "tr-stones"].forEach((cls) => layer(svg, cls));
  const grips = handles(ui, svg), bike = el(layer(svg, "tr-handles"), "rect", { class: "tr-handle tr-bicycle" });
  const aria = drag(bike, { label: "bicycle", max: END, step: 0.1, get: () => ui.get("t"), set: (t) => ui.set({ t }),
    at: (e) => X.invert(point(svg, e).x), text: (t) => `${num(t)} s` }, ui.life);
  const foot = el(ui.stage, "div", { class: "tr-foot" }), ask = answers(ui, foot), text = el(foot, "p", { class: "tr-line" });
  ui.start(() => {
    const s = look(ui.get), em = (parseFloat(getComputedStyle(ui.root).fontSize) || 16) / 16;
    const W = ui.width() / em, size = W > 560 ? 1.3 : 0.7, left = 87 * size + 4, ground = 66 * size + 12, H = ground + 248;
    put(svg, { viewBox: `0 0 ${W} ${H}` });
    X = plot(svg, s, [left, ground + 52, W - left - 27 * size, 156], ui).X;
    put(bike, bicycle(svg, s, X(s.t), ground, size, s.revealed ? s.ride(s.t) : 0));
    road(svg, s, X, ground, size);
    const wide = X(SLOT) - X(0);
    grips.forEach((place, k) => place({ x: X(k * SLOT + s.delay) - wide / 2 + 1, y: ground - 24, width: wide - 2, height: 48 }));
    aria();
    ui.tell(sentence(s));
    ask(s);
    put(text, { hidden: s.revealed ? null : "", "data-shown": s.revealed ? "line" : null });
    each(text, "span", s.revealed ? line(s) : [], ([words, cls]) => ({ class: cls, text: words }));
  });
}

export default { render };
