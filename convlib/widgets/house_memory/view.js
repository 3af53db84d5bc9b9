// A house remembers the weather: every hour starts an echo, and the echoes pile up to the warmth inside.
import { axes, button, clamp, clock, curve, drag, each, el, grips, layer, mount, num, point, put, question, slider, spell, when } from "../lib/stage.js";

const { axes: AXES } = declared.words, { every: EVERY } = declared.data, END = declared.traits.t.max, KNOTS = END / EVERY + 1;
const EARLY = -6, HOT = declared.traits.outdoor.high;
const HOURS = Array.from({ length: END + 1 }, (_, k) => k);
// The last digits, which the order of a sum decides, are left out of what is compared.
const told = (v) => Math.round(v * 1e9) / 1e9;

// Everything that is drawn, worked out from the traits.
function look(ui) {
  const s = ui.state(), a = 1 / (20 * (s.wall / 30) ** 2), q = Math.exp(-a);
  const hours = HOURS.map((k) => {
    const i = Math.min(Math.floor(k / EVERY), KNOTS - 2);
    return ((s.outdoor[i + 1] - s.outdoor[i]) / EVERY) * (k - i * EVERY) + s.outdoor[i];
  });
  const y = [hours[0]];
  for (let k = 0; k < END; k++) y.push(y[k] * q + hours[k] * (1 - q));   // every echo fades, and a new one joins
  // Degrees at hour t that come from hours of an age between the two.
  const aged = (young, old) => [-1, ...HOURS.slice(0, s.t)].reduce((sum, k) => {
    const from = Math.max(k < 0 ? s.t : s.t - k - 1, young), to = Math.min(k < 0 ? Infinity : s.t - k, old);
    return sum + (to > from ? hours[Math.max(k, 0)] * (Math.exp(-a * from) - Math.exp(-a * to)) : 0);
  }, 0);
  const mean = hours.slice(0, s.t + 1).reduce((p, v) => p + v, 0) / (s.t + 1);
  return { ...s, a, q, hours, y, aged, scatter: s.role === "scatter" || s.view === "scatter", x: hours[s.t], now: y[s.t],
    guesses: { echoes: y[s.t], now: hours[s.t], mean }, revealed: !ui.asked() };
}

// The answers on offer, the coolest first; of two equal ones the first.
function options(ui) {
  const s = look(ui), all = Object.entries(s.guesses).map(([name, v]) => [name, ui.text("degrees", { v: told(v) }), v]);
  return all.filter(([, text], i) => all.findIndex((o) => o[1] === text) === i).sort((a, b) => a[2] - b[2]);
}

function tell(ui, s) {
  if (!s.revealed) return ui.tell(ui.words("ask", s));
  const hour = s.hours[s.t - 1], values = { t: s.t, y: s.now, hour, adds: hour * (1 - s.q), half: Math.log(2) / s.a };
  const right = () => num(told(s.guesses[s.guess])) === num(told(s.now)), key = !s.scatter ? "gather" : s.t ? "scatter" : "start";
  ui.tell(s.predict && ui.words(right() ? "right" : `wrong.${s.guess}`), ui.words(key, values));
}

// The sum below the picture, its numbers in the colours of what they are.
function line(ui, s) {
  const part = (key, ...ages) => ({ key, value: s.aged(...ages), cls: "hm-h" });
  return ui.words("line", { new: part("new", 0, 6), day: part("day", 6, 24), old: part("old", 24, Infinity),
    y: [{ key: "y", value: s.now, cls: "hm-y" }, { text: " °C", cls: "hm-y" }] });
}

// Time panels share one axis of hours; `last` carries its numbers.
function panel(svg, name, W, top, height, y, ylabel, { last = false, ticks, xlabel = AXES.time } = {}) {
  return axes(layer(svg, name), { box: [40, top, W - 58, height], x: [EARLY, END], y, ylabel, xlabel: last ? xlabel : "",
    xticks: last ? [0, 12, 24, 36, 48, 60] : [], yticks: ticks });
}

// One temperature for each hour: a stair, which was level before hour 0.
function stairs(values, until = END) {
  const xs = [EARLY, 0], ys = [values[0], values[0]];
  for (let k = 0; k < until; k++) { xs.push(k, k + 1); ys.push(values[k], values[k]); }
  return [xs, ys];
}

function weather(svg, s, W, top, label) {
  const to = panel(svg, "hm-outdoor", W, top, 92, [0, HOT], label, { ticks: [0, 10, 20, 30] }), g = layer(svg, "hm-knots");
  curve(layer(svg, "hm-x"), ...stairs(s.hours), { ...to, role: "x" });
  grips(g, s.outdoor.map((v, i) => [to.X(i * EVERY), to.Y(v), "input"]), 6.5);
  each(layer(g, "hm-values"), "text", s.outdoor, (v, i) => ({ x: to.X(i * EVERY) + (i < KNOTS - 1 ? 0 : 14), y: to.Y(v) - 13, "text-anchor": i < KNOTS - 1 ? "middle" : "end",
    class: "fs-input", "data-shown": `outdoor[${i}]`, "data-value": v, text: num(v) }));
  return to;
}

function indoors(svg, s, { X, Y }, name) {
  const xs = [EARLY, ...HOURS.slice(0, s.t + 1)], ys = [s.y[0], ...s.y.slice(0, s.t + 1)], near = s.t > END - 8;
  curve(layer(svg, name), s.revealed ? xs : [], ys, { X, Y, role: "y" });
  grips(layer(svg, "hm-grip"), [[X(s.t), Y(0)]], 6.5);
  const tip = layer(svg, "hm-tip"), shown = s.revealed ? [0] : [];
  each(layer(tip, "hm-dot"), "circle", shown, () => ({ cx: X(s.t), cy: Y(s.now), r: 5 }));
  each(layer(tip, "hm-value"), "text", shown, () => ({ x: X(s.t) + (near ? -8 : 8), y: Y(s.now) - 9, class: "fs-output",
    "text-anchor": near ? "end" : "start", "data-shown": "y", "data-value": s.now, text: num(s.now) }));
  each(layer(tip, "hm-ask"), "text", s.revealed ? [] : ["?"], (text) => ({ x: X(s.t), y: (Y(0) + Y(HOT)) / 2 + 10, "text-anchor": "middle", text }));
}

// What all hours up to k have left fades from their end on: the upper edge of layer k.
function layers(svg, s, { X, Y }) {
  const edge = (k) => HOURS.slice(k).map((j) => `${X(j).toFixed(1)} ${Y(s.y[k] * s.q ** (j - k)).toFixed(1)}`);
  const edges = HOURS.slice(0, s.revealed ? s.t + 1 : 0).map(edge), first = s.y[0];
  const shapes = edges.map((upper, k) => (k ? `M${edges[k - 1].join("L")}L${[...upper].reverse().join("L")}z`
    : `M${X(EARLY)} ${Y(0)}V${Y(first)}L${upper.join("L")}V${Y(0)}z`));
  each(layer(svg, "hm-layers"), "path", shapes, (d, k) => ({ d, class: k && k === s.t ? "hm-new" : !k ? "hm-old" : Math.floor((k - 1) / EVERY) % 2 ? "hm-odd" : "" }));
}

// The house in section: its wall, outside and inside.
function house(svg, s, left, top) {
  const g = layer(svg, "hm-house"), w = 0.5 * s.wall, L = left + 46, R = left + 118, low = top + 96, high = top + 34;
  each(g, "path", [`M${L} ${low}V${high}L${(L + R) / 2} ${top + 2}L${R} ${high}V${low}z`,
    `M${L} ${low}V${high}h${w}V${low}zM${R} ${low}V${high}h${-w}V${low}z`, `M${left} ${low}H${R + 12}`],
    (d, i) => ({ d, class: ["hm-room", "hm-wall", "hm-ground"][i], style: i ? null : `--warm: ${s.revealed ? Math.round(45 * clamp(s.now / HOT, 0, 1)) : 0}%` }));
  const t = layer(svg, "hm-degrees"), put2 = (name, x, y, cls, key, v) => each(layer(t, name), "text", v === null ? [] : [v], () =>
    ({ x, y, "text-anchor": "middle", class: cls, "data-shown": key, "data-value": v, text: num(v) }));
  put2("hm-out", left + 20, low - 30, "fs-input", "x", s.x);
  put2("hm-in", (L + R) / 2, low - 22, "fs-output", "y", s.revealed ? s.now : null);
  each(layer(t, "hm-units"), "text", ["°C", "°C"].slice(0, s.revealed ? 2 : 1), (text, i) => ({ x: i ? (L + R) / 2 : left + 20, y: low - (i ? 6 : 14), "text-anchor": "middle", text }));
}

function response(ui, svg, s, W, left, top) {
  const g = layer(svg, "hm-response"), ages = HOURS, h = ages.map((j) => s.a * s.q ** j);
  const to = axes(g, { box: [left, top + 6, W - left - 18, 90], x: [0, END], y: [0, 0.2], ylabel: AXES.response, xlabel: AXES.age,
    xticks: [0, 24, 48], yticks: [0, 0.1, 0.2] });
  curve(layer(g, "hm-area"), ages, h, { ...to, role: "h", area: true });
  curve(layer(g, "hm-h"), ages, h, { ...to, role: "h" });
  each(layer(g, "hm-note"), "text", [0], () => ({ x: W - 18, y: top + 16, "text-anchor": "end" }))
    .forEach((node) => spell(node, ui.words("constant", { constant: 1 / s.a })));
}

// The hour that is looked at, drawn over each span of heights; the numbers of an axis stay clear of it.
function wash(svg, s, { X }, spans) {
  const wide = s.scatter ? X(1) - X(0) : 2;
  each(layer(svg, "hm-here"), "rect", s.t || !s.scatter ? spans : [], ([top, low]) =>
    ({ x: s.scatter ? X(s.t - 1) : X(s.t) - 1, y: top, width: wide, height: low - top }));
}

function drawScatter(ui, svg, s, W, flat) {
  const high = flat || !s.revealed ? 66 : 150, low = high + 234, beside = W > 460;   // a slide is lower than a page
  const sky = weather(svg, s, W, 34, AXES.outdoors);
  const to = panel(svg, "hm-pile", W, 164, high, [0, HOT], W > 500 ? AXES.pile : AXES.indoors, { last: true, ticks: [0, 10, 20, 30] });
  wash(svg, s, to, [[34, 164 + high]]);
  layers(svg, s, to);
  curve(layer(svg, "hm-again"), ...stairs(s.hours), { ...to, role: "x" });
  indoors(svg, s, to, "hm-y");
  if (!s.revealed) {   // the question, its picture and the answers fit on one screen
    for (const name of ["hm-house", "hm-degrees", "hm-response"]) layer(svg, name).replaceChildren();
    return { sky, to, top: 164, height: high, H: high + 204 };
  }
  house(svg, s, beside ? 0 : (W - 130) / 2, low);
  response(ui, svg, s, W, beside ? 196 : 40, beside ? low : low + 138);
  return { sky, to, top: 164, height: high, H: low + (beside ? 142 : 280) };
}

// Read at one moment: weather, weights, their product, and its area as one point of the curve below.
function drawGather(ui, svg, s, W) {
  const sky = weather(svg, s, W, 34, AXES.outdoors_at), past = [EARLY, ...HOURS.slice(0, s.t)], high = s.a * 1.12;
  const hat = (l) => s.a * Math.exp(-s.a * (s.t - l)), ls = [], ws = [], ps = [];
  past.forEach((k) => [k, k < 0 ? 0 : k + 1].forEach((l) => { ls.push(l); ws.push(hat(l)); ps.push(hat(l) * s.hours[Math.max(k, 0)]); }));
  const one = panel(svg, "hm-weights", W, 164, 70, [0, high], AXES.weights, {});
  const two = panel(svg, "hm-product", W, 272, 84, [0, high * HOT], AXES.product, { last: true, xlabel: "λ (h)" });
  const to = panel(svg, "hm-inside", W, 432, 96, [0, HOT], AXES.indoors_at, { last: true, ticks: [0, 10, 20, 30] });
  wash(svg, s, to, [[34, 356], [432, 528]]);
  curve(layer(svg, "hm-w"), [...ls, s.t, END], [...ws, 0, 0], { ...one, role: "h" });
  curve(layer(svg, "hm-p-area"), s.revealed ? ls : [], ps, { ...two, role: "h", area: true });
  curve(layer(svg, "hm-p"), s.revealed ? ls : [], ps, { ...two, role: "h" });
  each(layer(svg, "hm-p-note"), "text", s.revealed ? [0] : [], () => ({ x: W - 18, y: 286, "text-anchor": "end" }))
    .forEach((node) => spell(node, ui.words("area", { y: s.now })));
  indoors(svg, s, to, "hm-y");
  return { sky, to, top: 34, height: 494, H: 576 };
}

// A handle over each knot of the weather, and one on the hour.
function handles(ui, svg, where) {
  const g = layer(svg, "hm-handles"), nodes = ui.get("outdoor").map((_, i) => {
    const node = el(g, "rect", { class: "hm-knot" });
    const aria = drag(node, { label: ui.text("knot", { at: i * EVERY }), max: HOT, get: () => ui.get("outdoor")[i], text: (v) => ui.text("degrees", { v }),
      set: (v) => ui.set({ outdoor: ui.get("outdoor").map((old, k) => (k === i ? v : old)) }),
      at: (e, start) => start.value + (start.y - e.clientY) / 3 }, ui.life);
    return [node, aria];
  });
  const cursor = el(g, "rect", { class: "hm-cursor" });
  const aria = drag(cursor, { label: ui.word("cursor"), max: END, get: () => ui.get("t"), set: (t) => ui.set({ t }),
    at: (e) => where().to.X.invert(point(svg, e).x), text: (t) => ui.text("hours", { t }) }, ui.life);
  return (s, { sky, to, top, height }) => {
    const wide = sky.X(EVERY) - sky.X(0) - 1;
    nodes.forEach(([node, say], i) => { put(node, { x: sky.X(i * EVERY) - wide / 2, y: sky.Y(HOT) - 8, width: wide, height: 108 }); say(); });
    put(cursor, { x: to.X(s.t) - 14, y: s.scatter ? top : 164, width: 28, height: s.scatter ? height : 364 });
    aria();
  };
}

// The hours pass, ten in a second.
function render(context) {
  const both = context.model.get("role") === "both", ui = mount(context, declared, {
    controls: [question(options), ...[button(() => ui.word(time.runs() ? "stop" : "pass"), () => time.press(), "fs-main"), slider("t")].map((one) => when(() => !ui.asked(), one))],
    more: [...(both ? ["view"] : []), "outdoor", "wall", "predict"] });
  const time = clock(ui, "t", { pace: 10, whole: true }), svg = el(ui.stage, "svg", { role: "group", "aria-label": ui.word("picture") });
  const pictures = { scatter: layer(svg, "hm-scatter") };
  if (both) pictures.gather = layer(svg, "hm-gather");
  let now;
  Object.values(pictures).forEach((g) => layer(g, "hm-here"));
  const place = handles(ui, svg, () => now), text = el(ui.foot, "p", { class: "hm-line" });
  ui.start(() => {
    const s = look(ui), size = parseFloat(getComputedStyle(ui.root).fontSize) || 16, W = (16 * ui.width()) / size;
    Object.entries(pictures).forEach(([name, g]) => { if (s.scatter !== (name === "scatter")) g.replaceChildren(); else layer(g, "hm-here"); });
    now = s.scatter ? drawScatter(ui, pictures.scatter, s, W, ui.root.closest(".reveal")) : drawGather(ui, pictures.gather, s, W);
    put(svg, { viewBox: `0 0 ${W} ${now.H}` });
    place(s, now);
    tell(ui, s);
    spell(text, s.revealed ? line(ui, s) : []);
  });
}

export default { render };
