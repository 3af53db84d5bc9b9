// A house remembers the weather: every hour starts an echo, and the echoes pile up to the warmth inside.
import { axes, button, choice, clamp, curve, drag, each, el, layer, mount, num, point, put, slider, toggle } from "../lib/stage.js";

const TRAITS = ["outdoor", "wall", "t", "role", "view", "predict", "guess"];
const EVERY = 6, KNOTS = 11, END = EVERY * (KNOTS - 1), EARLY = -6, HOT = 30, PACE = 10;
const HOURS = Array.from({ length: END + 1 }, (_, k) => k);
const PRESETS = [[[10, 10, 22, 14, 8, 10, 24, 16, 9, 11, 20], "day and night"],
  [[18, 18, 18, 18, 2, 2, 2, 2, 18, 18, 18], "cold snap"], [[5, 5, 20, 20, 20, 20, 20, 20, 20, 20, 20], "step"]];
// The last digits, which the order of a sum decides, are left out of every text.
const told = (v) => num(Math.round(v * 1e9) / 1e9);

// Everything that is drawn, worked out from the traits.
function look(get) {
  const s = Object.fromEntries(TRAITS.map((k) => [k, get(k)])), a = 1 / (20 * (s.wall / 30) ** 2), q = Math.exp(-a);
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
    inside: told(y[s.t]), guesses: { echoes: y[s.t], now: hours[s.t], mean }, revealed: !s.predict || s.guess !== "" };
}

// The answers on offer, the coolest first; of two equal ones the first.
function options(s) {
  const all = Object.entries(s.guesses).map(([name, v]) => [name, `${told(v)} °C`, v]);
  return all.filter(([, text], i) => all.findIndex((o) => o[1] === text) === i).sort((a, b) => a[2] - b[2]);
}

function scattered(s) {
  if (!s.t) return `Hour 0: ${s.inside} °C inside, as it has long been outside. Let the hours pass.`;
  const hour = s.hours[s.t - 1], adds = told(hour * (1 - s.q)), half = told(Math.log(2) / s.a);
  return `Hour ${s.t}: ${s.inside} °C inside. The hour that just ended, at ${told(hour)} °C, adds ${adds} of them. Half of that is left after ${half} more hours.`;
}

function sentence(s) {
  if (!s.revealed) return `Before hour 0 the weather had long been constant. How warm is it inside at hour ${s.t}, behind a wall of ${s.wall} cm?`;
  const text = s.scatter ? scattered(s)
    : `At hour ${s.t} the weights are largest at now and fade to the left, into the past. The area under the product is ${s.inside} °C: the temperature inside.`;
  if (!s.predict) return text;
  if (told(s.guesses[s.guess]) === s.inside) return `Right. ${text}`;
  return `${s.guess === "now" ? "No: the house does not follow at once." : "No: the hours do not count alike, and those before hour 0 count too."} ${text}`;
}

function line(s) {
  const part = (a, b) => [told(s.aged(a, b)), "hm-h"];
  return [["from the last 6 hours "], part(0, 6), [" + from the 18 before "], part(6, 24),
    [" + from all earlier hours "], part(24, Infinity), [" = "], [`${s.inside} °C`, "hm-y"]];
}

// Time panels share one axis of hours; `last` carries its numbers.
function panel(svg, name, W, top, height, y, ylabel, { last = false, ticks, xlabel = "time t (h)" } = {}) {
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
  each(layer(g, "hm-heads"), "circle", s.outdoor, (v, i) => ({ cx: to.X(i * EVERY), cy: to.Y(v), r: 4.5 }));
  each(layer(g, "hm-values"), "text", s.outdoor, (v, i) => ({ x: to.X(i * EVERY) + (i < KNOTS - 1 ? 0 : 14), y: to.Y(v) - 10, "text-anchor": i < KNOTS - 1 ? "middle" : "end",
    class: "fs-input", "data-shown": `outdoor[${i}]`, "data-value": v, text: num(v) }));
  return to;
}

function indoors(svg, s, { X, Y }, name) {
  const xs = [EARLY, ...HOURS.slice(0, s.t + 1)], ys = [s.y[0], ...s.y.slice(0, s.t + 1)], near = s.t > END - 8;
  curve(layer(svg, name), s.revealed ? xs : [], ys, { X, Y, role: "y" });
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

function response(svg, s, W, left, top) {
  const g = layer(svg, "hm-response"), ages = HOURS, h = ages.map((j) => s.a * s.q ** j);
  const to = axes(g, { box: [left, top + 6, W - left - 18, 90], x: [0, END], y: [0, 0.2], ylabel: "response h (1/h)", xlabel: "age of an hour (h)",
    xticks: [0, 24, 48], yticks: [0, 0.1, 0.2] });
  curve(layer(g, "hm-area"), ages, h, { ...to, role: "h", area: true });
  curve(layer(g, "hm-h"), ages, h, { ...to, role: "h" });
  each(layer(g, "hm-notes"), "text", ["area 1, with any wall", `time constant ${told(1 / s.a)} h`], (text, i) =>
    ({ x: W - 18, y: top + 16 + 18 * i, "text-anchor": "end", "data-shown": i ? "constant" : null, text }));
}

// The hour that is looked at, drawn over each span of heights; the numbers of an axis stay clear of it.
function wash(svg, s, { X }, spans) {
  const wide = s.scatter ? X(1) - X(0) : 2;
  each(layer(svg, "hm-here"), "rect", s.t || !s.scatter ? spans : [], ([top, low]) =>
    ({ x: s.scatter ? X(s.t - 1) : X(s.t) - 1, y: top, width: wide, height: low - top }));
}

function drawScatter(svg, s, W, flat) {
  const high = flat ? 66 : 150, low = high + 234, beside = W > 460;   // a slide is lower than a page
  const sky = weather(svg, s, W, 34, "outdoors x (°C), one value for each hour");
  const to = panel(svg, "hm-pile", W, 164, high, [0, HOT], W > 500 ? "indoors y (°C): what the hours have left, piled up" : "indoors y (°C)", { last: true, ticks: [0, 10, 20, 30] });
  wash(svg, s, to, [[34, 164 + high]]);
  layers(svg, s, to);
  curve(layer(svg, "hm-again"), ...stairs(s.hours), { ...to, role: "x" });
  indoors(svg, s, to, "hm-y");
  house(svg, s, beside ? 0 : (W - 130) / 2, low);
  response(svg, s, W, beside ? 196 : 40, beside ? low : low + 138);
  return { sky, to, top: 164, height: high, H: low + (beside ? 142 : 280) };
}

// Read at one moment: weather, weights, their product, and its area as one point of the curve below.
function drawGather(svg, s, W) {
  const sky = weather(svg, s, W, 34, "outdoors x(λ) (°C)"), past = [EARLY, ...HOURS.slice(0, s.t)], high = s.a * 1.12;
  const hat = (l) => s.a * Math.exp(-s.a * (s.t - l)), ls = [], ws = [], ps = [];
  past.forEach((k) => [k, k < 0 ? 0 : k + 1].forEach((l) => { ls.push(l); ws.push(hat(l)); ps.push(hat(l) * s.hours[Math.max(k, 0)]); }));
  const one = panel(svg, "hm-weights", W, 164, 70, [0, high], "weights h(t − λ) (1/h)", {});
  const two = panel(svg, "hm-product", W, 272, 84, [0, high * HOT], "product x(λ) h(t − λ) (°C/h)", { last: true, xlabel: "λ (h)" });
  const to = panel(svg, "hm-inside", W, 432, 96, [0, HOT], "indoors y(t) (°C)", { last: true, ticks: [0, 10, 20, 30] });
  wash(svg, s, to, [[34, 356], [432, 528]]);
  curve(layer(svg, "hm-w"), [...ls, s.t, END], [...ws, 0, 0], { ...one, role: "h" });
  curve(layer(svg, "hm-p-area"), s.revealed ? ls : [], ps, { ...two, role: "h", area: true });
  curve(layer(svg, "hm-p"), s.revealed ? ls : [], ps, { ...two, role: "h" });
  each(layer(svg, "hm-p-note"), "text", s.revealed ? [`area ${s.inside} °C`] : [], (text) => ({ x: W - 18, y: 286, "text-anchor": "end", "data-shown": "area", text }));
  indoors(svg, s, to, "hm-y");
  return { sky, to, top: 34, height: 494, H: 576 };
}

// The hours pass, ten in a second; a second press stops them.
function clock(ui) {
  let id = null, begin = 0;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const halt = () => { cancelAnimationFrame(id); id = null; ui.set({}); };
  const frame = (now) => {
    const t = clamp(Math.floor(((now - begin) / 1000) * PACE), 0, END);
    id = t < END ? requestAnimationFrame(frame) : null;
    if (t !== ui.get("t")) ui.set({ t });
  };
  ui.life.signal.addEventListener("abort", () => cancelAnimationFrame(id));
  return { runs: () => id !== null, press() {
    if (id !== null) return halt();
    if (still.matches) return ui.set({ t: END });
    begin = performance.now() - (1000 / PACE) * (ui.get("t") >= END ? 0 : ui.get("t"));
    id = requestAnimationFrame(frame);
    ui.set({});
  } };
}

// The question stands where the sum will stand, so that nothing jumps.
function answers(ui, parent) {
  const box = el(parent, "div", { class: "fs-control", role: "group", "aria-label": "Your answer" });
  el(box, "span", { text: "Your answer" });
  const list = el(box, "div", { class: "hm-options" });
  list.addEventListener("click", (e) => {
    const i = [...list.children].indexOf(e.target.closest("button"));
    if (i >= 0) ui.set({ guess: options(look(ui.get))[i][0] });
  }, ui.life);
  return (s) => {
    const asked = s.revealed ? [] : options(s);
    if (!asked.length && list.contains(document.activeElement)) ui.root.querySelector(".hm-cursor").focus();
    put(box, { hidden: asked.length ? null : "" });
    each(list, "button", asked, ([, text], i) => ({ type: "button", class: "fs-button", "data-shown": `answer[${i}]`, text }));
  };
}

// A handle over each knot of the weather, and one on the hour.
function handles(ui, svg, where) {
  const g = layer(svg, "hm-handles"), nodes = PRESETS[0][0].map((_, i) => {
    const node = el(g, "rect", { class: "hm-knot" });
    const aria = drag(node, { label: `outdoors at ${i * EVERY} h`, max: HOT, get: () => ui.get("outdoor")[i], text: (v) => `${num(v)} °C`,
      set: (v) => ui.set({ outdoor: ui.get("outdoor").map((old, k) => (k === i ? v : old)) }),
      at: (e, start) => start.value + (start.y - e.clientY) / 3 }, ui.life);
    return [node, aria];
  });
  const cursor = el(g, "rect", { class: "hm-cursor" });
  const aria = drag(cursor, { label: "hour in the picture", max: END, get: () => ui.get("t"), set: (t) => ui.set({ t }),
    at: (e) => where().to.X.invert(point(svg, e).x), text: (t) => `${num(t)} h` }, ui.life);
  return (s, { sky, to, top, height }) => {
    const wide = sky.X(EVERY) - sky.X(0) - 1;
    nodes.forEach(([node, say], i) => { put(node, { x: sky.X(i * EVERY) - wide / 2, y: sky.Y(HOT) - 8, width: wide, height: 108 }); say(); });
    put(cursor, { x: to.X(s.t) - 14, y: s.scatter ? top : 164, width: 28, height: s.scatter ? height : 364 });
    aria();
  };
}

function render(context) {
  const get = (k) => context.model.get(k), both = get("role") === "both";
  const ui = mount(context, { name: "house-memory", label: "A house that remembers", traits: TRAITS,
    implied: (patch) => (["outdoor", "wall", "t", "view", "predict"].some((k) => k in patch) ? { guess: "" } : {}),
    controls: [button(() => (time.runs() ? "Stop" : "Let the hours pass"), () => time.press(), "fs-main"), slider("t", "Hour", { max: END }),
      ...(both ? [choice("view", "Read", [["gather", "one moment"], ["scatter", "hour by hour"]])] : []),
      choice("outdoor", "Weather", PRESETS), slider("wall", "Wall (cm)", { min: 15, max: 45, step: 5 }), toggle("predict", "Predict first")] });
  const time = clock(ui), svg = el(ui.stage, "svg", { role: "group", "aria-label": "Weather, echoes and temperature inside" });
  const pictures = { scatter: layer(svg, "hm-scatter") };
  if (both) pictures.gather = layer(svg, "hm-gather");
  let now;
  Object.values(pictures).forEach((g) => layer(g, "hm-here"));
  const place = handles(ui, svg, () => now), foot = el(ui.stage, "div", { class: "hm-foot" }), ask = answers(ui, foot);
  const text = el(foot, "p", { class: "hm-line" });
  ui.start(() => {
    const s = look(ui.get), size = parseFloat(getComputedStyle(ui.root).fontSize) || 16, W = (16 * ui.width()) / size;
    Object.entries(pictures).forEach(([name, g]) => { if (s.scatter !== (name === "scatter")) g.replaceChildren(); else layer(g, "hm-here"); });
    now = s.scatter ? drawScatter(pictures.scatter, s, W, ui.root.closest(".reveal")) : drawGather(pictures.gather, s, W);
    put(svg, { viewBox: `0 0 ${W} ${now.H}` });
    place(s, now);
    ui.tell(sentence(s));
    ask(s);
    put(text, { hidden: s.revealed ? null : "", "data-shown": s.revealed ? "line" : null });
    each(text, "span", s.revealed ? line(s) : [], ([words, cls]) => ({ class: cls, text: words }));
  });
}

export default { render };
