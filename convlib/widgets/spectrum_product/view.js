// A signal, a filter and what comes out, each beside its spectrum; one frequency goes through all of them.
import { convolve, correlate, dft } from "../lib/maths.js";
import { axes, button, choice, clamp, curve, drag, each, el, layer, mount, num, point, put, slider, ticks, toggle } from "../lib/stage.js";

const TRAITS = ["x", "h", "k", "op", "upto", "predict", "guess"];
const N = 32, HALF = 16, LOW = -8, HIGH = 27, LONG = 20;
const ROLE = { x: "input", h: "response", y: "output" }, NAMES = ["sum", "product", "conjugate"];
const fill = (n, f) => Array.from({ length: n }, (_, i) => f(i));
const cents = (f) => fill(LONG, (n) => Math.round(100 * f(n)) / 100);
const SIGNALS = [[[0, 1, 2, 3, 2.5, 2, 1, 0.5, 0, 0, -1, 1, -1, 1, 0, 0, 2, 2, 0, 0], "mixed"],
  [cents((n) => (n === 3) * 2 - (n === 10)), "two clicks"], [cents((n) => +(n > 3 && n < 12)), "box"],
  [cents((n) => 2 * Math.cos((6 * Math.PI * n) / N)), "wave, 3 in 32"], [cents((n) => 3 * 0.8 ** n * Math.cos((16 * Math.PI * n) / N)), "plucked"]];
const FILTERS = [[[0.2, 0.2, 0.2, 0.2, 0.2], "average of 5"], [[1, 6, 15, 20, 15, 6, 1].map((v) => v / 64), "Gaussian"],
  [fill(5, (n) => 0.5 ** (n + 1)), "decay"], [[1, 0, 0, 0, 0, 0, 0.5], "echo"], [[0, 0, 0, 0, 1], "delay by 4"],
  [[1, -1], "difference"], [[-1, 3, -1], "sharpen"], [[1, 0, -1], "slope"], [[1, -2, 1], "Laplacian"]];
const tidy = (v) => Math.round(v * 1e9) / 1e9;
const turned = (deg) => (deg <= -180 ? deg + 360 : deg > 180 ? deg - 360 : deg);
const signed = (v) => (v < 0 ? `(${num(v)}°)` : `${num(v)}°`);

// Magnitude and phase in degrees of the bins 0 … N/2; what is nothing has the phase 0.
function polar(values, start) {
  const padded = new Array(N).fill(0);
  values.forEach((v, i) => { padded[(start + i + N) % N] += v; });
  const { re, im } = dft(padded), mag = fill(HALF + 1, (k) => tidy(Math.hypot(re[k], im[k])));
  return { mag, deg: mag.map((m, k) => (m ? turned(tidy((Math.atan2(im[k], re[k]) * 180) / Math.PI)) : 0)) };
}

// The three spectra, worked out anew only when a signal or the operation changes.
function spectra() {
  let key, found;
  return ({ x, h, op }) => {
    const now = JSON.stringify([x, h, op]);
    if (key !== now) {
      const first = op === "convolve" ? 0 : 1 - h.length, y = (op === "convolve" ? convolve : correlate)(x, h);
      [key, found] = [now, { first, y, X: polar(x, 0), H: polar(h, 0), Y: polar(y, first) }];
    }
    return found;
  };
}

function look(get, whole) {
  const s = Object.fromEntries(TRAITS.map((k) => [k, get(k)])), all = whole(s), at = (Z) => ({ mag: Z.mag[s.k], deg: Z.deg[s.k] });
  return { ...s, ...all, asked: s.predict && !s.guess, flip: s.op === "convolve" ? 1 : -1, a: at(all.X), b: at(all.H), c: at(all.Y) };
}

const phrase = ({ mag, deg }) => (mag ? `${num(mag)} at ${num(deg)}°` : "0");

// The answers on offer: [name, text]; two that read alike are one.
function options(s) {
  const deg = (sign) => turned(tidy(s.a.deg + sign * s.b.deg)), mag = tidy(s.a.mag * s.b.mag);
  const all = { sum: { mag: tidy(s.a.mag + s.b.mag), deg: deg(s.flip) }, product: { mag, deg: deg(s.flip) }, conjugate: { mag, deg: deg(-s.flip) } };
  const texts = NAMES.map((name) => phrase(all[name]));
  return ["product", "sum", "conjugate"].filter((name, i, list) => list.findIndex((v) => texts[NAMES.indexOf(v)] === texts[NAMES.indexOf(name)]) === i)
    .sort((u, v) => NAMES.indexOf(u) - NAMES.indexOf(v)).map((name) => [name, texts[NAMES.indexOf(name)]]);
}

function verdict(s) {
  if (!s.predict || s.asked) return "";
  if (s.guess === "sum") return "No: the magnitudes multiply. ";
  if (s.guess === "product") return "Right. ";
  return s.flip > 0 ? "No: in a convolution the phases add. " : "No: in a correlation the phase of H is taken away. ";
}

function sentence(s) {
  const name = `k = ${s.k}, ${s.k} ${s.k === 1 ? "cycle" : "cycles"} in ${N} samples`;
  if (s.asked) return `At ${name}, X is ${phrase(s.a)} and H is ${phrase(s.b)}. What is Y for the ${s.flip > 0 ? "convolution" : "correlation"}?`;
  if (s.upto) return `${verdict(s)}${s.k === HALF ? "All frequencies added: the curves run through every sample of x and y." : `All frequencies up to k = ${s.k} added, in x and in y.`}`;
  if (!s.a.mag) return `${verdict(s)}At ${name}: x has nothing of this frequency.`;
  if (!s.b.mag) return `${verdict(s)}At ${name}: H is 0, so nothing of this frequency comes out.`;
  return `${verdict(s)}At ${name}: H makes this part ${num(s.b.mag)} times as strong and turns it by ${num(s.flip * s.b.deg)}°.`;
}

function line(s) {
  const size = `|Y| = ${num(s.a.mag)} · ${num(s.b.mag)} = ${num(s.c.mag)}`, raw = tidy(s.a.deg + s.flip * s.b.deg);
  if (!s.c.mag) return size;
  const wrap = turned(raw) === raw ? "" : ` = ${num(turned(raw))}°`;
  return `${size}; phase ${num(s.a.deg)}° ${s.flip > 0 ? "+" : "−"} ${signed(s.b.deg)} = ${num(raw)}°${wrap}`;
}

// What the frequency k, or all up to it, adds to a signal: a cosine through the continuous n.
function parts(s, Z, from, to) {
  const at = fill((to - from) * 4 + 1, (i) => from + i / 4), ks = s.upto ? fill(s.k + 1, (k) => k) : [s.k];
  return [at, at.map((n) => ks.reduce((sum, k) => sum + ((k % HALF ? 2 : 1) * Z.mag[k] * Math.cos((2 * Math.PI * k * n) / N + (Z.deg[k] * Math.PI) / 180)) / N, 0))];
}

// Stems with round or square heads, or bars, as everywhere in the course.
function marks(g, role, values, start, { X, Y }) {
  const base = Y(0), half = Math.max(1.2, 0.3 * (X(1) - X(0))), a = Math.min(3.2, 1.5 * half);
  const d = (v, i) => { const x = X(start + i), y = Y(v);
    return role === "y" ? `M${x - half} ${base}V${y}h${2 * half}V${base}z` : role === "x" ? `M${x - a} ${y}a${a} ${a} 0 1 0 ${2 * a} 0a${a} ${a} 0 1 0 ${-2 * a} 0` : `M${x - a} ${y - a}h${2 * a}v${2 * a}h${-2 * a}z`; };
  each(layer(g, "fs-stalks"), "path", role === "y" ? [] : values, (v, i) => ({ class: `fs-${ROLE[role]}`, d: `M${X(start + i)} ${base}V${Y(v)}` }));
  each(layer(g, "fs-heads"), "path", values, (v, i) => ({ class: `fs-${ROLE[role]}`, d: d(v, i) }));
  put(g, { "data-values": JSON.stringify(values.map((v) => +v.toFixed(6))) });
}

const span = (values) => [Math.min(0, ...values), Math.max(0, ...values) || 1];
const title = (g, x, y, key, role, text) => each(layer(g, "sp-title"), "text", [0], () => ({ x, y, class: `fs-${ROLE[role]}`, "data-shown": key, text }));

function time(svg, s, role, [left, top, w, h], last) {
  const g = layer(svg, `sp-t${role}`), hidden = role === "y" && s.asked, values = hidden ? [] : s[role], start = role === "y" ? s.first : 0;
  const swing = hidden || role === "h" ? 0 : (2 * Math.max(...s[role.toUpperCase()].mag.slice(1))) / N;
  const [low, high] = span([...values, swing, -swing]), to = axes(layer(g, "sp-axes"), { box: [left, top, w, h], x: [LOW - 0.5, HIGH + 0.5], y: [low, high],
    xlabel: last ? "n" : "", xticks: last ? [-8, 0, 8, 16, 24] : [], yticks: hidden ? [] : ticks(low, high, 2) });
  marks(layer(g, "sp-marks"), role, values, start, to);
  const [xs, ys] = hidden || role === "h" ? [[], []] : parts(s, role === "x" ? s.X : s.Y, start, HIGH + Math.min(0, start));
  curve(layer(g, "sp-part"), xs, ys, { ...to, role });
  title(g, left, top - 10, null, role, role !== "y" ? `${role}[n]` : s.flip > 0 ? "y = h ∗ x" : "y = h ⋆ x");
}

function spectrum(svg, s, role, [left, top, w, h], last) {
  const Z = role.toUpperCase(), g = layer(svg, `sp-s${role}`), hidden = role === "y" && s.asked, { mag, deg } = hidden ? { mag: [], deg: [] } : s[Z];
  const [, high] = span(mag), to = axes(layer(g, "sp-axes"), { box: [left, top, w, h - 24], x: [-0.7, HALF + 0.7], y: [0, high], xticks: [], yticks: hidden ? [] : ticks(0, high, 2) });
  each(layer(g, "sp-wash"), "rect", [0], () => ({ x: to.X(s.k - 0.5), y: top - 4, width: to.X(1) - to.X(0), height: h + 6, rx: 4 }));
  marks(layer(g, "sp-marks"), role, mag, 0, to);
  const r = Math.min(8, 0.42 * (to.X(1) - to.X(0))), y = top + h - 11, rad = (k) => (deg[k] * Math.PI) / 180;
  each(layer(g, "sp-faces"), "circle", mag, (_, k) => ({ cx: to.X(k), cy: y, r }));
  each(layer(g, "sp-hands"), "path", mag, (m, k) => ({ class: `fs-${ROLE[role]}`, d: m ? `M${to.X(k)} ${y}l${r * Math.cos(rad(k))} ${-r * Math.sin(rad(k))}` : "" }));
  each(layer(g, "fs-ticks"), "text", [["phase", left - 6, "end", y + 4], ...(last ? [0, 4, 8, 12, 16].map((k) => [k, to.X(k), "middle", top + h + 18]) : [])],
    ([text, x, anchor, at]) => ({ x, y: at, "text-anchor": anchor, text }));
  each(layer(g, "fs-names"), "text", last ? ["k"] : [], (text) => ({ x: left + w, y: top + h + 36, "text-anchor": "end", text }));
  const made = `Y[${s.k}] = X[${s.k}] · ${s.flip > 0 ? "H" : "conj H"}[${s.k}]`, text = role === "y" ? (hidden ? `${made} = ?` : `${made} = ${phrase(s.c)}`) : `${Z}[${s.k}] = ${phrase(role === "x" ? s.a : s.b)}`;
  title(g, left, top - 10, Z, role, text);
  return to.X;
}

// The question stands where the sum will stand, so that nothing jumps.
function answers(ui, whole) {
  const box = el(ui.stage, "div", { class: "fs-control sp-ask", role: "group", "aria-label": "Your answer" });
  el(box, "span", { text: "Your answer" });
  const list = el(box, "div", { class: "sp-options" });
  list.addEventListener("click", (e) => {
    const i = [...list.children].indexOf(e.target.closest("button"));
    if (i >= 0) ui.set({ guess: options(look(ui.get, whole))[i][0] });
  }, ui.life);
  return (s) => {
    if (!s.asked && list.contains(document.activeElement)) ui.root.querySelector(".sp-grips rect").focus();
    put(box, { hidden: s.asked ? null : "" });
    each(list, "button", s.asked ? options(s) : [], ([, text], i) => ({ type: "button", class: "fs-button", "data-shown": `answer[${i}]`, text }));
  };
}

function render(context) {
  const get = (k) => context.model.get(k), whole = spectra();
  const implied = (patch) => (["x", "h", "k", "op", "predict"].some((k) => k in patch) ? { guess: "" } : {});
  const ui = mount(context, { name: "spectrum-product", label: "Signals and their spectra", traits: TRAITS, implied, controls: [
    slider("k", "Frequency k", { max: HALF }), choice("x", "Signal x", SIGNALS, { select: true }), choice("h", "Filter h", FILTERS, { select: true }),
    choice("op", "Operation", [["convolve", "convolution"], ["correlate", "correlation"]]), toggle("upto", "All up to k"), toggle("predict", "Predict first")] });
  const svg = el(ui.stage, "svg", { role: "group", "aria-label": "x, h and y, each with its spectrum" }), rows = ["x", "h", "y"];
  rows.forEach((role) => { layer(svg, `sp-t${role}`); layer(layer(svg, `sp-s${role}`), "sp-wash"); });
  const ask = answers(ui, whole), sum = el(ui.stage, "p", { class: "sp-line" }), grips = layer(svg, "sp-grips");
  let X;
  const handles = rows.map((role) => {
    const node = el(grips, "rect"), at = (e) => clamp(Math.round(X.invert(point(svg, e).x)), 0, HALF);
    return [node, drag(node, { label: `Frequency in ${role.toUpperCase()}`, max: HALF, get: () => get("k"), set: (k) => ui.set({ k }),
      at, tap: (e) => ui.set({ k: at(e) }), text: (k) => `k = ${num(k)}` }, ui.life)];
  });
  ui.start(() => {
    const s = look(get, whole), em = (parseFloat(getComputedStyle(ui.root).fontSize) || 16) / 16, W = ui.width() / em, wide = W >= 560;
    const left = 30, w = wide ? W / 2 - left - 8 : W - left - 20, right = wide ? W / 2 + 44 : left + 16, ws = W - right - 4, h = ui.root.closest(".reveal") ? 74 : 92, gap = 34;
    rows.forEach((role, i) => {
      const last = i === 2, step = h + gap, top = 30 + (wide ? i : 2 * i) * step, low = wide ? top : top + step - (last ? -10 : 0);
      time(svg, s, role, [left, top, w, wide ? h : h - 24], last);
      X = spectrum(svg, s, role, [right, low, ws, h], last);
      put(handles[i][0], { x: right - 2, y: low - 4, width: ws + 4, height: h + 8 });
      handles[i][1]();
      if (last) put(svg, { viewBox: `0 0 ${W} ${low + h + 42}` });
    });
    ui.tell(sentence(s));
    ask(s);
    put(sum, { hidden: s.asked ? "" : null, "data-shown": s.asked ? null : "line", text: s.asked ? "" : line(s) });
  });
}

export default { render };
