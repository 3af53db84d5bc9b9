// A signal, a filter and what comes out, each beside its spectrum; one frequency goes through all of them.
import { dft } from "../lib/maths.js";
import { axes, choice, clamp, curve, drag, each, el, layer, mount, num, point, put, question, round, spell, ticks } from "../lib/stage.js";

const { N } = declared.data, HALF = N / 2, LOW = -8, HIGH = 27;
const ROLE = { x: "input", h: "response", y: "output" };
const fill = (n, f) => Array.from({ length: n }, (_, i) => f(i));
const tidy = (v) => Math.round(v * 1e9) / 1e9;
const turned = (deg) => (deg <= -180 ? deg + 360 : deg > 180 ? deg - 360 : deg);

// Magnitude and phase in degrees of the bins 0 … N/2; what is nothing has the phase 0.
function polar(values, start) {
  const padded = fill(N, () => 0);
  values.forEach((v, i) => { padded[(start + i + N) % N] += v; });
  const { re, im } = dft(padded);
  return fill(HALF + 1, (k) => {
    const mag = tidy(Math.hypot(re[k], im[k]));
    return { mag, deg: mag ? turned(tidy((Math.atan2(im[k], re[k]) * 180) / Math.PI)) : 0 };
  });
}

// y[n] = sum over j of h[j] x[n - j], or of h[j] x[n + j], and the three spectra; worked out anew only when a signal or
// the operation changes.
function spectra() {
  let key, found;
  return ({ x, h, op }) => {
    const now = JSON.stringify([x, h, op]), flip = op === "convolve" ? 1 : -1, first = flip > 0 ? 0 : 1 - h.length;
    if (key !== now) {
      const y = fill(x.length + h.length - 1, (i) => h.reduce((sum, w, j) => sum + w * (x[first + i - flip * j] ?? 0), 0));
      [key, found] = [now, { flip, first, y, X: polar(x, 0), H: polar(h, 0), Y: polar(y, first) }];
    }
    return found;
  };
}

function look(ui, whole) {
  const s = ui.state(), { X, H, Y, ...all } = whole(s);
  return { ...s, ...all, X, H, Y, asked: ui.asked(), a: X[s.k], b: H[s.k], c: Y[s.k] };
}

const phrase = (ui, { mag, deg }, name) => (mag ? ui.words("polar", { mag: { key: name, value: mag }, deg: { key: `${name} deg`, value: deg } })
  : [{ key: name, value: 0 }]);

// The answers on offer: [name, text]; of two that read alike the better one, and the sum before the product.
function answers(ui, { a, b, flip }) {
  const product = tidy(a.mag * b.mag);
  const at = (mag, sign) => (mag ? ui.text("polar", { mag, deg: turned(tidy(a.deg + sign * b.deg)) }) : "0");
  const all = { product: at(product, flip), sum: at(tidy(a.mag + b.mag), flip), conjugate: at(product, -flip) };
  return Object.entries(all).filter(([, text], i, list) => list.findIndex((one) => one[1] === text) === i).sort().reverse();
}

function tell(ui, s) {
  const { k, op, upto } = s, at = ui.words(k === 1 ? "one" : "some", { k, N });
  if (s.asked) return ui.tell(ui.words("ask", { at, X: phrase(ui, s.a, "X"), H: phrase(ui, s.b, "H"), op: ui.word(`options.op.${op}`) }));
  const verdict = { product: "right", sum: "sum", conjugate: `conjugate.${op}` }[s.guess];
  const told = upto ? (k === HALF ? "all" : "upto") : !s.a.mag ? "silent" : !s.b.mag ? "stopped" : "told";
  return ui.tell(s.predict && ui.words(verdict), ui.words(told, { k, at, H: s.b.mag, turn: s.flip * s.b.deg }));
}

// The sum below the picture: magnitudes multiply, phases add.
function line(ui, { a, b, c, flip }) {
  const raw = tidy(a.deg + flip * b.deg), wrap = turned(raw), X = { key: "X deg", value: a.deg }, H = { key: "H deg", value: b.deg };
  const phases = { X, H: b.deg < 0 ? ["(", H, "°)"] : [H, "°"], sign: flip > 0 ? "+" : "−", raw };
  return [...ui.words("sizes", { X: a.mag, H: b.mag, Y: c.mag }), ...(c.mag ? ui.words("phases", phases) : []),
    ...(c.mag && wrap !== raw ? ui.words("turned", { turned: wrap }) : [])];
}

// What the frequency k, or all up to it, adds to a signal: a cosine through the continuous n.
function parts(s, Z, from, to) {
  const at = fill((to - from) * 4 + 1, (i) => from + i / 4), ks = s.upto ? fill(s.k + 1, (k) => k) : [s.k];
  return [at, at.map((n) => ks.reduce((sum, k) => sum + ((k % HALF ? 2 : 1) * Z[k].mag * Math.cos((2 * Math.PI * k * n) / N + (Z[k].deg * Math.PI) / 180)) / N, 0))];
}

// Stems with round or square heads, or bars, as everywhere in the course.
function marks(g, role, values, start, { X, Y }) {
  const base = Y(0), half = Math.max(1.2, 0.3 * (X(1) - X(0))), a = Math.min(3.2, 1.5 * half);
  const d = (v, i) => { const x = X(start + i), y = Y(v);
    return role === "y" ? `M${x - half} ${base}V${y}h${2 * half}V${base}z` : role === "x" ? round(x, y, a) : `M${x - a} ${y - a}h${2 * a}v${2 * a}h${-2 * a}z`; };
  each(layer(g, "fs-stalks"), "path", role === "y" ? [] : values, (v, i) => ({ class: `fs-${ROLE[role]}`, d: `M${X(start + i)} ${base}V${Y(v)}` }));
  each(layer(g, "fs-heads"), "path", values, (v, i) => ({ class: `fs-${ROLE[role]}`, d: d(v, i) }));
  put(g, { "data-values": JSON.stringify(values.map((v) => +v.toFixed(6))) });
}

const span = (values) => [Math.min(0, ...values), Math.max(0, ...values) || 1];
const title = (g, x, y, role, parts) => each(layer(g, "sp-title"), "text", [0], () => ({ x, y, class: `fs-${ROLE[role]}` })).forEach((node) => spell(node, parts));

function time(svg, s, role, [left, top, w, h], last) {
  const g = layer(svg, `sp-t${role}`), hidden = role === "y" && s.asked, values = hidden ? [] : s[role], start = role === "y" ? s.first : 0;
  const swing = hidden || role === "h" ? 0 : (2 * Math.max(...s[role.toUpperCase()].slice(1).map(({ mag }) => mag))) / N;
  const [low, high] = span([...values, swing, -swing]), to = axes(layer(g, "sp-axes"), { box: [left, top, w, h], x: [LOW - 0.5, HIGH + 0.5], y: [low, high],
    xlabel: last ? "n" : "", xticks: last ? [-8, 0, 8, 16, 24] : [], yticks: hidden ? [] : ticks(low, high, 2) });
  marks(layer(g, "sp-marks"), role, values, start, to);
  const [xs, ys] = hidden || role === "h" ? [[], []] : parts(s, role === "x" ? s.X : s.Y, start, HIGH + Math.min(0, start));
  curve(layer(g, "sp-part"), xs, ys, { ...to, role });
  title(g, left, top - 10, role, [role !== "y" ? `${role}[n]` : s.flip > 0 ? "y = h ∗ x" : "y = h ⋆ x"]);
}

function spectrum(ui, svg, s, role, [left, top, w, h], last) {
  const Z = role.toUpperCase(), g = layer(svg, `sp-s${role}`), hidden = role === "y" && s.asked, all = hidden ? [] : s[Z], sizes = all.map(({ mag }) => mag);
  const [, high] = span(sizes), to = axes(layer(g, "sp-axes"), { box: [left, top, w, h - 24], x: [-0.7, HALF + 0.7], y: [0, high], xticks: [], yticks: hidden ? [] : ticks(0, high, 2) });
  each(layer(g, "sp-wash"), "rect", [0], () => ({ x: to.X(s.k - 0.5), y: top - 4, width: to.X(1) - to.X(0), height: h + 6, rx: 4 }));
  marks(layer(g, "sp-marks"), role, sizes, 0, to);
  const r = Math.min(8, 0.42 * (to.X(1) - to.X(0))), y = top + h - 11;
  each(layer(g, "sp-faces"), "circle", all, (_, k) => ({ cx: to.X(k), cy: y, r }));
  each(layer(g, "sp-hands"), "path", all, ({ mag, deg }, k) => {
    const a = (deg * Math.PI) / 180, d = `M${to.X(k)} ${y}l${r * Math.cos(a)} ${-r * Math.sin(a)}`;
    return { class: `fs-${ROLE[role]}`, d: mag ? d : "" };
  });
  each(layer(g, "fs-ticks"), "text", [[ui.word("phase"), left - 6, "end", y + 4], ...(last ? [0, 4, 8, 12, 16].map((k) => [k, to.X(k), "middle", top + h + 18]) : [])],
    ([text, x, anchor, at]) => ({ x, y: at, "text-anchor": anchor, text }));
  each(layer(g, "fs-names"), "text", last ? ["k"] : [], (text) => ({ x: left + w, y: top + h + 36, "text-anchor": "end", text }));
  const made = role === "y" && !hidden ? `X[${s.k}] · ${s.flip > 0 ? "H" : "conj H"}[${s.k}] = ` : "", now = { x: s.a, h: s.b, y: s.c }[role];
  title(g, left, top - 10, role, [`${Z}[${s.k}] = ${made}`, ...(hidden ? ["?"] : phrase(ui, now, Z))]);
  return to.X;
}

function render(context) {
  const get = (k) => context.model.get(k), whole = spectra(), selected = { select: true };
  const ui = mount(context, declared, { controls: [question(() => answers(ui, look(ui, whole))), "k"],
    more: [choice("x", selected), choice("h", selected), "op", "upto", "predict"] });
  const svg = el(ui.stage, "svg", { role: "group", "aria-label": ui.word("picture") }), rows = ["x", "h", "y"];
  rows.forEach((role) => { layer(svg, `sp-t${role}`); layer(layer(svg, `sp-s${role}`), "sp-wash"); });
  const sum = el(ui.foot, "p", { class: "sp-line" }), grips = layer(svg, "sp-grips");
  let X;
  const handles = rows.map((role) => {
    const node = el(grips, "rect"), at = (e) => clamp(Math.round(X.invert(point(svg, e).x)), 0, HALF);
    return [node, drag(node, { label: ui.text("grip", { name: role.toUpperCase() }), max: HALF, get: () => get("k"), set: (k) => ui.set({ k }),
      at, tap: (e) => ui.set({ k: at(e) }), text: (k) => `k = ${num(k)}` }, ui.life)];
  });
  ui.start(() => {
    const s = look(ui, whole), em = ui.em(), W = ui.width() / em, wide = W >= 560;
    const left = 30, w = wide ? W / 2 - left - 8 : W - left - 20, right = wide ? W / 2 + 44 : left + 16, ws = W - right - 4, h = ui.root.closest(".reveal") ? 74 : wide ? 92 : 56, gap = 34;
    rows.forEach((role, i) => {
      const last = i === 2, step = h + gap, top = 30 + (wide ? i : 2 * i) * step, low = wide ? top : top + step - (last ? -10 : 0);
      time(svg, s, role, [left, top, w, wide ? h : h - 24], last);
      X = spectrum(ui, svg, s, role, [right, low, ws, h], last);
      put(handles[i][0], { x: right - 2, y: low - 4, width: ws + 4, height: h + 8 });
      handles[i][1]();
      if (last) put(svg, { viewBox: `0 0 ${W} ${low + h + 42}` });
    });
    tell(ui, s);
    spell(put(sum, { hidden: s.asked ? "" : null }), s.asked ? [] : line(ui, s));
  });
}

export default { render };
