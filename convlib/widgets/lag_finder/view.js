// A template slid over a noisy signal or a photo: the score at every place, its maximum, and the truth.
import { axes, button, choice, clamp, curve, drag, each, el, grips, layer, mount, put, slider, spell, when } from "../lib/stage.js";

const { pulse: PULSE, seed: SEED, unit: UNIT, side: SIDE, near: NEAR } = declared.data, TRIALS = declared.traits.trial.max;
const LAGS = declared.traits.lag.max + 1, LONG = LAGS + PULSE.length - 1, KINDS = declared.traits.score.options;
const div = (parent, cls, attrs) => el(parent, "div", { class: cls, ...attrs });
const largest = (v) => { let best = 0; for (let i = 1; i < v.length; i++) if (v[i] > v[best]) best = i; return best; };
const remember = (make) => { let key = [], found; return (...now) => (now.every((v, i) => v === key[i]) ? found : (found = make(...(key = now)))); };
const path = (svg, cls, d) => each(layer(svg, cls), "path", d ? [d] : [], () => ({ d }));

// The generator of Python's dice(); a sample of noise adds up twelve of them.
function dice() {
  let state = SEED;
  return () => (state = (Math.imul(1664525, state) + 1013904223) >>> 0) >>> 24;
}
const rough = (roll, length) => Array.from({ length }, () => Array.from({ length: 12 }, roll).reduce((a, b) => a + b) - 1530);
const rolls = dice(), noises = Array.from({ length: TRIALS }, () => ({ echo: 5 + Math.floor((rolls() * (LAGS - 10)) / 256), rough: rough(rolls, LONG) }));
const grain = remember((length) => rough(dice(), length));

function signal(trial, noise) {
  const { echo, rough } = noises[trial - 1], level = Math.round(10 * noise);
  return rough.map((v, n) => level * v + UNIT * (PULSE[n - echo] ?? 0));
}

// Both scores wherever h, with `wide` entries a row, lies inside x, with `cols` a row.
// All sums are of whole numbers, as in Python: the same scores, and the same maximum.
function scores(x, cols, h, wide) {
  const tall = h.length / wide, across = cols - wide + 1, raw = new Float64Array((x.length / cols - tall + 1) * across), normalised = raw.slice();
  let sum = 0, energy = 0;
  h.forEach((w) => { sum += w; energy += w * w; });
  for (let p = 0; p < raw.length; p++) {
    const start = Math.floor(p / across) * cols + (p % across);
    let total = 0, squares = 0, products = 0;
    for (let i = 0, k = 0; i < tall; i++) {
      for (let o = start + i * cols, end = o + wide; o < end; o++, k++) {
        const v = x[o];
        total += v; squares += v * v; products += v * h[k];
      }
    }
    const spread = (h.length * squares - total * total) * (h.length * energy - sum * sum);
    raw[p] = products;
    normalised[p] = spread > 0 ? (h.length * products - total * sum) / Math.sqrt(spread) : 0;
  }
  return { x, h, raw, normalised };
}
const heard = (trial, noise) => scores(signal(trial, noise), LONG, PULSE, PULSE.length);

const tally = remember((noise) => {
  const count = { raw: 0, normalised: 0 };
  for (let t = 1; t <= TRIALS; t++) {
    const found = heard(t, noise);
    for (const kind of KINDS) count[kind] += largest(found[kind]) === noises[t - 1].echo;
  }
  return count;
});

function lit({ rows, cols, grey }, light) {
  if (light === "gradient") return grey.map((v, k) => Math.floor((v * (cols - 1 + 3 * (k % cols))) / (4 * (cols - 1))));
  if (light !== "patch") return grey;
  const [top, bottom, left, right] = [rows >> 3, rows >> 1, cols >> 4, (cols * 3) >> 3];
  return grey.map((v, k) => {
    const r = Math.floor(k / cols), c = k % cols;
    return (v >> 1) + (r >= top && r < bottom && c >= left && c < right ? 110 : 0);
  });
}

// The photo in its light, the template, and both scores at all places.
const searched = remember((photo, light, noise, top, left) => {
  const { rows, cols } = photo, grey = Array.from(atob(photo.grey), (c) => c.charCodeAt(0)), dust = grain(rows * cols), level = Math.round(10 * noise);
  const x = lit({ rows, cols, grey }, light).map((v, k) => v + Math.floor((level * dust[k]) / 256));
  const h = Array.from({ length: SIDE * SIDE }, (_, k) => grey[(top + Math.floor(k / SIDE)) * cols + left + (k % SIDE)]);
  return { rows, cols, ...scores(x, cols, h, SIDE) };
});
const listened = remember(heard);

// Everything that is drawn, worked out from the traits. The photo itself, not a copy, tells whether it is another one.
function look(ui) {
  const s = { ...ui.state(), photo: ui.get("photo") }, flat = s.mode === "signal";
  const count = [s.photo.rows - SIDE + 1, s.photo.cols - SIDE + 1], inside = (place) => place.map((v, i) => Math.min(v, count[i] - 1));
  const number = (place) => inside(place)[0] * count[1] + inside(place)[1], over = flat ? LAGS : count[1];
  const found = flat ? listened(s.trial, s.noise) : searched(s.photo, s.light, s.noise, ...inside(s.home));
  const best = Object.fromEntries(KINDS.map((k) => [k, largest(found[k])])), split = (p) => [Math.floor(p / over), p % over];
  return { ...s, ...found, flat, count, best, split, inside, asked: ui.asked(), said: ui.word(`options.score.${s.score}`),
    truth: flat ? noises[s.trial - 1].echo : number(s.home), here: flat ? s.lag : number([s.row, s.col]), step: flat ? UNIT : 255 ** 2 };
}

// A place as pieces: a lag, or a row and a column.
function place(ui, s, key, p) {
  if (s.flat) return ui.words("lag", { at: { key, value: p } });
  const [row, col] = s.split(p);
  return ["[", { key: `${key} row`, value: row }, ", ", { key: `${key} col`, value: col }, "]"];
}

const best = (ui, s, kind) => place(ui, s, `best ${kind}`, s.best[kind]);

function tell(ui, s) {
  const { mode, score, said, truth } = s;
  if (s.asked) return ui.tell(ui.words(`${mode}.ask`, { score: said }));
  const [a, b] = [s.split(s.guess ?? 0), s.split(s.best[score])], near = Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])) <= NEAR;
  const told = s.best[score] === truth ? "hit" : "miss";
  return ui.tell(s.predict && ui.words(near ? "right" : "wrong", { guess: place(ui, s, "guess", s.guess) }),
    ui.words(`${mode}.${told}`, { score: said, best: best(ui, s, score), truth: place(ui, s, "truth", truth) }));
}

// Below the picture: both scores at this place, both maxima, and how often each score is right.
function lines(ui, s) {
  if (s.asked) return [[], [], []];
  const result = (kind) => ui.words(s.best[kind] === s.truth ? "hit" : "miss", { score: ui.word(`options.score.${kind}`), best: best(ui, s, kind) });
  const [raw, normalised] = KINDS.map((kind) => ({ key: `hits ${kind}`, value: s.flat && tally(s.noise)[kind] }));
  return [ui.words("here", { raw: s.raw[s.here] / s.step, normalised: s.normalised[s.here] }), [...result("raw"), " ", ...result("normalised")],
    s.flat ? ui.words("tally", { trials: TRIALS, raw, normalised }) : []];
}

// Signal with the pulse on it, the products below, the score at every lag.
function signalPicture(ui, parent) {
  const wrap = div(parent, "lf-wrap"), svg = el(wrap, "svg", { role: "group", "aria-label": ui.word("signal.picture") });
  ["lf-wash", "lf-marks", "lf-x", "lf-h"].forEach((cls) => layer(svg, cls));
  const grip = div(wrap, "lf-grip");
  const aria = drag(grip, { label: ui.word("signal.pulse"), max: LAGS - 1, get: () => ui.get("lag"), set: (lag) => ui.set({ lag }),
    at: (e, start) => start.value + ((e.clientX - start.x) / grip.getBoundingClientRect().width) * LONG, text: (at) => ui.text("lag", { at }) }, ui.life);
  return (s, em) => {
    put(wrap, { hidden: s.flat ? null : "" });
    if (!s.flat) return;
    const W = ui.width() / em, left = 34, w = W - left - 14, tall = ui.root.closest(".reveal") ? 70 : 100, x = [-0.5, LONG - 0.5];
    const tops = [26, 26 + tall + 26, 26 + 1.6 * tall + 80], box = (i, h) => [left, tops[i], w, h], most = Math.max(2.5, ...s.x.map((v) => Math.abs(v / UNIT)));
    const H = (s.asked ? tops[1] + 0.6 * tall : tops[2] + tall) + 44, ns = s.x.map((_, n) => n), values = s.x.map((v) => v / UNIT), end = s.lag + PULSE.length;
    put(svg, { viewBox: `0 0 ${W} ${H}` });
    const to = axes(layer(svg, "lf-a"), { box: box(0, tall), x, y: [-most, most], xticks: [], yticks: [-1, 0, 1], ylabel: ui.word("signal.x") });
    path(svg, "lf-wash", `M${to.X(s.lag - 0.5)} ${tops[0]}H${to.X(end - 0.5)}V${tops[1] + 0.6 * tall}H${to.X(s.lag - 0.5)}z`);
    curve(layer(svg, "lf-x"), ns, values, { ...to, role: "x" });
    curve(layer(svg, "lf-h"), PULSE.flatMap((_, k) => [s.lag + k - 0.5, s.lag + k + 0.5]), PULSE.flatMap((v) => [v, v]), { ...to, role: "h" });
    grips(layer(svg, "lf-grips"), [[to.X(s.lag + PULSE.length / 2 - 0.5), to.Y(0), "response"]]);
    const p = axes(layer(svg, "lf-b"), { box: box(1, 0.6 * tall), x, y: [-most, most], xticks: s.asked ? undefined : [], yticks: [0],
      xlabel: s.asked ? ui.word("signal.lags") : "", ylabel: ui.word("signal.products") });
    const half = Math.max(1, (p.X(1) - p.X(0)) * 0.4);
    each(layer(svg, "lf-products"), "path", PULSE, (v, k) => ({ d: `M${p.X(s.lag + k) - half} ${p.Y(0)}V${p.Y(v * values[s.lag + k])}h${2 * half}V${p.Y(0)}z` }));
    score(ui, svg, s, box(2, tall), x);
    put(grip, { style: `left:${(100 * left) / W}%;width:${(100 * w) / W}%;top:${(100 * tops[0]) / H}%;height:${(100 * (tops[1] + 0.6 * tall - tops[0])) / H}%` });
    aria();
  };
}

function score(ui, svg, s, [left, top, w, h], x) {
  const values = s.asked ? [] : Array.from(s[s.score], (v) => v / (s.score === "raw" ? UNIT : 1)), low = Math.min(-1, ...values), high = Math.max(1, ...values) * 1.1;
  const plot = put(layer(svg, "lf-c"), { display: s.asked ? "none" : null });
  const to = axes(plot, { box: [left, top, w, h], x, y: [low, high], xlabel: ui.word("signal.lags"), ylabel: ui.text("signal.score", { score: s.said }) });
  curve(layer(svg, "lf-score"), values.map((_, i) => i), values, { ...to, role: "y" });
  const best = s.best[s.score], marks = values.length ? [[s.truth, "lf-true"], [s.lag, "lf-at"]] : [];
  each(layer(svg, "lf-marks"), "path", marks, ([lag, cls]) => ({ class: cls, d: `M${to.X(lag)} ${top}v${h}` }));
  each(layer(svg, "lf-dots"), "circle", values.length ? [best, s.lag] : [], (lag, i) => ({ cx: to.X(lag), cy: to.Y(values[lag]), r: i ? 5 : 8, class: i ? "lf-dot" : "lf-ring" }));
  const names = best === s.truth ? [[best, "both", 12]] : [[best, "largest", 12], [s.truth, "echo", 28]];
  const late = (lag) => lag > LONG / 2;
  each(layer(svg, "lf-words"), "text", values.length ? names : [], ([lag, name, down]) => ({ x: to.X(lag) + (late(lag) ? -13 : 13), y: top + down,
    "text-anchor": late(lag) ? "end" : "start", text: ui.word(`signal.${name}`) }));
}

// A value v is drawn with the grey 255 (v - low) / (high - low).
function paint(canvas, cols, values, low = 0, high = 255) {
  const rows = values.length / cols;
  if (canvas.width !== cols || canvas.height !== rows) Object.assign(canvas, { width: cols, height: rows });
  const pen = canvas.getContext("2d"), image = pen.createImageData(cols, rows), rgba = new Uint32Array(image.data.buffer);
  for (let k = 0; k < rgba.length; k++) rgba[k] = 0xff000000 | (0x010101 * clamp(Math.round((255 * (values[k] - low)) / (high - low || 1)), 0, 255));
  pen.putImageData(image, 0, 0);
}

function frame(parent, cls) {
  const box = div(parent, cls), title = div(box, "fs-title"), view = div(box, "lf-view");
  return { title, view, canvas: el(view, "canvas", { role: "img" }), marks: el(view, "svg", { "aria-hidden": "true" }) };
}

function photoPicture(ui, parent) {
  const wrap = div(parent, "lf-photos"), note = div(parent, "fs-title lf-note"), left = frame(wrap, "lf-photo"), right = frame(wrap, "lf-map"), cut = frame(wrap, "lf-cut");
  const grip = div(left.view, "lf-frame");
  let s, done = {};
  const move = (r, c) => {
    const row = clamp(r, 0, s.count[0] - 1), col = clamp(c, 0, s.count[1] - 1);
    if (row !== s.row || col !== s.col) ui.set({ row, col });
  };
  const aria = drag(grip, { label: ui.word("photo.template"), max: () => s.count[0] * s.count[1] - 1, get: () => s.here, set: (v) => move(...s.split(v)),
    keys: (dx, dy) => move(s.split(s.here)[0] - dy, s.split(s.here)[1] + dx),
    at(e, start) {
      const box = left.view.getBoundingClientRect(), [r, c] = s.split(start.value), by = s.cols / box.width;
      const to = s.inside([r + (e.clientY - start.y) * by, c + (e.clientX - start.x) * by].map((v) => Math.max(0, Math.round(v))));
      return to[0] * s.count[1] + to[1];
    },
    text: (v) => ui.text("photo.at", { row: s.split(v)[0], col: s.split(v)[1] }) }, ui.life);
  const once = (what, value, draw) => { if (done[what] !== value) draw(done[what] = value); };
  return (now) => {
    s = now;
    put(wrap, { hidden: s.flat ? "" : null, style: `--ratio: ${s.photo.cols} / ${s.photo.rows}` });
    put(note, { hidden: s.flat || s.asked ? "" : null, text: ui.word("photo.note") });
    if (s.flat) return;
    const { cols, rows } = s, [row, col] = s.split(s.here), best = s.split(s.best[s.score]), truth = s.split(s.truth), map = s.asked ? null : s[s.score];
    once("x", s.x, (x) => paint(left.canvas, cols, x));
    once("h", s.h, (h) => paint(cut.canvas, SIDE, h));
    once("map", map, (v) => v && paint(right.canvas, s.count[1], v, Math.min(...v), Math.max(...v)));
    put(left.title, { text: ui.word(`photo.${s.light}`) });
    put(right.title, { text: ui.word(`photo.${s.asked ? "later" : s.score}`) });
    put(cut.title, { text: ui.word("photo.template") });
    [left, right, cut].forEach((one) => put(one.canvas, { "aria-label": one.title.textContent }));
    put(right.canvas, { hidden: s.asked ? "" : null, style: `left:${(100 * SIDE) / 2 / cols}%;top:${(100 * SIDE) / 2 / rows}%;width:${(100 * s.count[1]) / cols}%;height:${(100 * s.count[0]) / rows}%` });
    put(grip, { style: `left:${(100 * col) / cols}%;top:${(100 * row) / rows}%;width:${(100 * SIDE) / cols}%;height:${(100 * SIDE) / rows}%` });
    const ring = ([r, c]) => `M${c + 3.5} ${r + 6.5}a3 3 0 1 0 6 0a3 3 0 1 0-6 0`, square = ([r, c]) => `M${c} ${r}h${SIDE}v${SIDE}h-${SIDE}z`;
    const cross = ([r, c]) => `M${c + 4.5} ${r + 6.5}h4m-2-2v4`;
    put(left.marks, { viewBox: `0 0 ${cols} ${rows}` });
    put(right.marks, { viewBox: `0 0 ${cols} ${rows}` });
    for (const cls of ["lf-under", "lf-over"]) {
      each(layer(left.marks, cls), "path", s.asked ? [] : [ring(best), square(truth)], (d, i) => ({ d, class: i ? "lf-true" : null }));
      each(layer(right.marks, cls), "path", s.asked ? [] : [ring(best), cross([row, col])], (d) => ({ d }));
    }
    aria();
  };
}

function render(context) {
  const get = (k) => context.model.get(k), flat = () => get("mode") === "signal", photo = () => !flat();
  const ui = mount(context, declared, { controls: [
    when((it) => it.asked(), button(() => ui.word("controls.guess"), () => ui.set({ guess: look(ui).here }), "fs-main")),
    when(flat, slider("lag")), "score"], more: ["mode", "noise", when(flat, slider("trial")), when(photo, choice("light")),
    when(photo, button(() => ui.word("controls.home"), () => ui.set({ home: look(ui).inside([get("row"), get("col")]) }))), "predict"] });
  const pictures = [signalPicture(ui, ui.stage), photoPicture(ui, ui.stage)];
  const below = ["here", "best", "tally"].map(() => el(ui.foot, "p", { class: "lf-line" }));
  ui.start(() => {
    const s = look(ui), em = ui.em(), told = lines(ui, s);
    pictures.forEach((draw) => draw(s, em));
    tell(ui, s);
    below.forEach((node, i) => spell(put(node, { hidden: told[i].length ? null : "" }), told[i]));
  });
}

export default { render };
