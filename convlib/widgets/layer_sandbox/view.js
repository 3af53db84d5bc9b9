// One to four equal layers on a row of pixels: sizes, what one output reads, and what a shift does.
import { clamp, drag, each, el, joined, layer, mount, num, point, put, question, spell } from "../lib/stage.js";

const PIXELS = 16, REACH = declared.traits.shift.max, COLUMNS = PIXELS + 2;
const LAYERS = ["ls-here", "ls-net", "ls-cone", "ls-labels"];
const range = (n) => Array.from({ length: Math.max(0, n) }, (_, i) => i);

// The places that output n of a layer reads.
const under = (n, { k, s, p, d }) => range(k).map((i) => n * s - p + i * d);

// Kernel, stride, padding and dilation of every layer.
function layersOf(t) {
  return range(t.depth).map((l) => {
    const d = t.dilation === "double" ? 2 ** l : +t.dilation;
    return { k: t.kernel, s: t.stride, d, p: t.padding === "zeros" ? (d * (t.kernel - 1)) >> 1 : 0 };
  });
}

// Length of every row, 0 where a layer does not fit; the options make common mistakes.
function sizesOf(layers, { extra = 0, dilated = true, one = 1 } = {}) {
  return layers.reduce((sizes, { k, s, p, d }) => {
    const n = sizes.at(-1), room = n + 2 * p - (dilated ? d : 1) * (k - 1) - 1 + extra;
    return [...sizes, room >= 0 && n ? Math.max(0, Math.floor(room / s) + one) : 0];
  }, [PIXELS]);
}

// Sums with the weights 1, 2, 3 …, not yet divided, or maxima; beyond the row lie zeros.
function apply(row, layer, count, kind) {
  return range(count).map((n) => {
    const seen = under(n, layer).map((i) => row[i] ?? 0);
    return kind === "max" ? Math.max(...seen) : seen.reduce((sum, v, i) => sum + (i + 1) * v, 0);
  });
}

function rowsOf(t, layers, sizes, shift) {
  const rows = [t.scene.slice(REACH - shift, REACH - shift + PIXELS)];
  layers.forEach((one, l) => { if (sizes[l + 1]) rows.push(apply(rows[l], one, sizes[l + 1], t.kind)); });
  return rows;
}

// Row by row, which cells the output reads; a zero of the padding reads nothing.
function readOf(layers, sizes, at) {
  const cone = [[at]];
  for (let l = layers.length - 1; l >= 0; l--) {
    const found = new Set(cone[0].flatMap((n) => under(n, layers[l])));
    cone.unshift([...found].filter((n) => n >= 0 && n < sizes[l]).sort((a, b) => a - b));
  }
  return cone;
}

// Everything that is drawn, worked out from the traits.
function look(ui) {
  const t = ui.state(), layers = layersOf(t), sizes = sizesOf(layers), count = sizes.at(-1), fits = count > 0;
  const first = sizes.findIndex((n) => !n), there = fits ? t.depth : first - 1;
  const open = !ui.asked(), middle = (count - 1) >> 1;
  const at = t.at < count ? t.at ?? middle : middle, rows = rowsOf(t, layers, sizes, t.shift), old = rowsOf(t, layers, sizes, 0).at(-1);
  const apart = t.stride ** t.depth, by = Math.floor(t.shift / apart);
  const same = fits ? rows.at(-1).map((v, n) => (n < by ? null : v === old[n - by])) : [];
  const scale = t.kind === "sum" ? (t.kernel * (t.kernel + 1)) / 2 : 1;
  return { ...t, chosen: t.at !== null, layers, sizes, count, fits, there, open, at, rows, old, apart, by, same, scale,
    cone: fits ? readOf(layers, sizes, at) : [], pairs: same.filter((v) => v !== null).length,
    differ: same.filter((v) => v === false).length };
}

function mistakes(s) {
  return [sizesOf(s.layers, { one: 0 }), sizesOf(s.layers, { dilated: false }),
    sizesOf(s.layers, { extra: s.kernel - 1 })].map((sizes) => sizes.at(-1));
}

function answers(ui) {
  const s = look(ui), all = [s.count, ...mistakes(s), s.count + 1, s.count + 2, s.count + 3];
  return [...new Set(all)].slice(0, 3).sort((a, b) => a - b).map((v) => [v, num(v)]);
}

function tell(ui, s) {
  if (!s.open) return ui.tell(ui.words(`on.${s.depth - 1}`), ui.words("ask"));
  const { count, guess } = s, judged = s.predict && !s.chosen, slip = mistakes(s).indexOf(guess);
  const verdict = !judged ? [] : guess === count ? [ui.words("yes", { count })]
    : [ui.words(`wrong.${slip < 0 ? 3 : slip}`, { guess }), ui.words("number", { count })];
  if (!s.fits) return ui.tell(...(judged ? verdict : [ui.words("no_room")]));
  if (s.shift) return ui.tell(...verdict, shifted(ui, s));
  ui.tell(...(judged ? verdict : [ui.words(`made.${s.depth - 1}`, { count }), reads(ui, s)]));
}

function reads(ui, { at, cone: [pixels] }) {
  const first = pixels[0], last = pixels.at(-1), read = pixels.length, span = last - first + 1;
  return ui.words(`reads.${read < span ? "some" : span > 1 ? "all" : "one"}`, { at, first, last, read, span });
}

const shifted = (ui, s) => ui.words(`shifts.${!s.pairs ? "gone" : s.shift % s.apart ? "between" : s.differ ? "border" : "along"}`, s);

function sizeText(ui, s, l) {
  const { k, s: stride, p, d } = s.layers[l - 1], before = s.sizes[l - 1], after = s.sizes[l];
  if (!after) return ui.text("full", { layer: l, reach: d * (k - 1) + 1, before });
  return ui.text("size", { layer: l, before, zeros: p, dilation: d, kernel: k, stride, after });
}


function field(ui, s) {
  let jump = 1, from = 0;
  const terms = s.layers.map(({ k, s: step, p, d }, l) => {
    const term = { key: `term[${l}]`, value: d * (k - 1) * jump };
    from -= p * jump;
    jump *= step;
    return term;
  });
  const extent = terms.reduce((a, b) => a + b.value, 1), start = from + s.at * jump, value = s.rows.at(-1)[s.at] / s.scale ** s.depth;
  return ui.words(extent > 1 ? "field" : "pixel", { at: s.at, value, terms: joined(terms), extent, from: start, to: start + extent - 1 });
}

function weights(ui, s) {
  const length = (l) => ({ key: `length[${l}]`, value: s.sizes[l] });
  const products = joined(s.layers.map((_, l) => [length(l), "·", length(l + 1)]));
  const dense = s.layers.reduce((sum, _, l) => sum + s.sizes[l] * s.sizes[l + 1], 0);
  return [...ui.words(`weights.${s.kind}`, { depth: s.depth, kernel: s.kernel, own: s.depth * s.kernel }), " ", ...ui.words("dense", { products, dense })];
}

// Where everything stands: columns are input pixels, a cell stands in the middle of what it can read.
function places(s, width, em) {
  const pitch = width / COLUMNS, side = Math.min(pitch - 3, 1.75 * em), shown = s.open ? s.there : 0;
  const gap = clamp((19 * em) / s.depth, 4.9 * em, 7 * em), top = 1.5 * em + side / 2;
  const starts = [0], jumps = [1];
  s.layers.forEach(({ k, s: step, p, d }, l) => {
    starts.push(starts[l] + ((d * (k - 1)) / 2 - p) * jumps[l]);
    jumps.push(jumps[l] * step);
  });
  const X = (l, n) => (clamp(starts[l] + n * jumps[l], -1, PIXELS) + 1.5) * pitch;
  const Y = (l) => top + l * gap, last = Y(s.depth);
  return { pitch, side, shown, starts, jumps, X, Y, under: last + 3.4 * em, height: last + 3.4 * em + side, width };
}

const line = (g, l, n, m) => `M${g.X(l, n)} ${g.Y(l) + g.side / 2}L${g.X(l + 1, m)} ${g.Y(l + 1) - g.side / 2}`;

function wires(svg, s, g) {
  const draw = (outs) => range(g.shown).map((l) => outs(l).flatMap((m) => under(m, s.layers[l]).map((n) => line(g, l, n, m))).join(""));
  each(layer(svg, "ls-net"), "path", draw((l) => range(s.sizes[l + 1])), (d) => ({ d }));
  each(layer(svg, "ls-cone"), "path", s.fits ? draw((l) => s.cone[l + 1]) : [], (d) => ({ d }));
}

// A zero at either end of every row that a padded layer reads.
function posts(svg, s, g) {
  const ends = s.open ? range(g.shown).filter((l) => s.layers[l].p).flatMap((l) => [[l, -1], [l, PIXELS]]) : [];
  const at = ([l, column]) => [(column + 1.5) * g.pitch, g.Y(l)];
  each(layer(svg, "ls-posts"), "circle", ends, (end) => ({ cx: at(end)[0], cy: at(end)[1], r: g.side / 2 - 0.5 }));
  each(layer(svg, "fs-ticks"), "text", ends, (end) =>
    ({ x: at(end)[0], y: at(end)[1], dy: "0.35em", "text-anchor": "middle", text: 0 }));
}

function wash(svg, s, g) {
  const lit = s.open && s.fits ? s.cone.flatMap((ns, l) => ns.map((n) => [l, n])) : [];
  const pad = Math.min(g.pitch, g.side + 6) / 2;
  each(layer(svg, "ls-here"), "rect", lit, ([l, n]) =>
    ({ x: g.X(l, n) - pad, y: g.Y(l) - pad, width: 2 * pad, height: 2 * pad, rx: 4 }));
}

function pixels(svg, s, g) {
  const read = (n) => s.open && s.fits && s.cone[0].includes(n);
  const tint = (v) => `fill: color-mix(in srgb, var(--fs-input) ${Math.round((26 * v) / 9)}%, var(--fs-paper))`;
  each(layer(svg, "ls-x"), "circle", s.rows[0], (v, n) => ({ cx: g.X(0, n), cy: g.Y(0), r: g.side / 2 - 0.5,
    style: tint(v), class: read(n) ? "ls-read" : null }));
  each(layer(svg, "ls-digits"), "text", s.rows[0], (v, n) => ({ x: g.X(0, n), y: g.Y(0), dy: "0.35em",
    "text-anchor": "middle", "data-shown": `x[${n}]`, "data-value": v, text: num(v) }));
}

// An output is a box filled to its value, on the scale of the pixels.
function boxes(svg, name, cells, g) {
  const full = g.side - 2;
  each(layer(svg, `${name}-box`), "rect", cells, ({ x, y, cls }) =>
    ({ x: x - full / 2, y: y - full / 2, width: full, height: full, rx: 2, class: cls }));
  each(layer(svg, `${name}-fill`), "rect", cells, ({ x, y, value, cls }) => ({ x: x - full / 2,
    y: y + full / 2 - full * value, width: full, height: full * value, rx: 2, class: cls }));
}

function outputs(svg, s, g) {
  const cells = range(g.shown).flatMap((i) => s.rows[i + 1].map((v, n) => ({ x: g.X(i + 1, n), y: g.Y(i + 1),
    value: v / 9 / s.scale ** (i + 1), cls: s.fits && s.cone[i + 1].includes(n) ? "ls-read" : null })));
  boxes(svg, "ls-y", cells, g);
}

// Below the last row the first output, moved; where the two differ a mark stands between them.
function rival(svg, s, g) {
  const on = s.open && s.fits && s.shift, middle = (g.under + g.Y(s.depth)) / 2;
  const cells = on ? s.same.map((same, n) => ({ x: g.X(s.depth, n), y: g.under, cls: same === null ? "ls-none" : null,
    value: same === null ? 0 : s.old[n - s.by] / 9 / s.scale ** s.depth })) : [];
  boxes(svg, "ls-old", cells, g);
  const odd = on ? range(s.count).filter((n) => s.same[n] === false) : [];
  each(layer(svg, "ls-odd"), "text", odd, (n) => ({ x: g.X(s.depth, n), y: middle, dy: "0.35em",
    "text-anchor": "middle", text: "≠" }));
}

function labels(ui, svg, s, g, em) {
  const above = (l) => g.Y(l) - g.side / 2 - 0.55 * em, texts = [{ y: above(0), text: ui.word("input") }];
  for (let l = 1; l <= (s.open && !s.fits ? s.there + 1 : s.depth); l++)
    texts.push({ y: above(l), text: s.open ? sizeText(ui, s, l) : ui.text("open", { layer: l }), "data-shown": s.open ? `size[${l}]` : null });
  if (s.open && s.fits) texts.push(s.shift ? { y: g.under + g.side / 2 + 1.25 * em, text: ui.text("moved", s), "data-shown": "moved" }
    : { y: g.under - 0.6 * em, text: ui.word("drag") });
  each(layer(svg, "ls-labels"), "text", texts, (t) => ({ x: 2, "data-shown": null, ...t }));
}

// What a hand can take: the picture in the first row, and an output in the last.
function handles(ui, svg, now) {
  const grip = (cls) => el(layer(svg, "ls-grips"), "rect", { class: cls, rx: 6 });
  const input = grip("ls-input"), output = grip("ls-output");
  const column = (e) => point(svg, e).x / now().g.pitch;
  let from = 0;
  input.addEventListener("pointerdown", (e) => { from = column(e); }, ui.life);
  const moved = drag(input, { label: ui.word("handles.input"), max: REACH, get: () => ui.get("shift"), set: (shift) => ui.set({ shift }),
    at: (e, start) => start.value + column(e) - from, text: (shift) => ui.text("at", { shift }) }, ui.life);
  const nearest = (e) => {
    const { g, s } = now();
    return (column(e) - 1.5 - g.starts[s.depth]) / g.jumps[s.depth];
  };
  const take = (at) => ui.set({ at: clamp(Math.round(at), 0, now().s.count - 1) });
  const chosen = drag(output, { label: ui.word("handles.output"), max: () => Math.max(0, now().s.count - 1), get: () => now().s.at, set: take,
    at: nearest, tap: (e) => take(nearest(e)), text: (v) => `y[${v}]` }, ui.life);
  return (s, g) => {
    const band = (l) => ({ x: 0, y: g.Y(l) - g.side / 2 - 7, width: g.width, height: g.side + 14 });
    put(input, band(0));
    put(output, { ...band(s.depth), style: s.open && s.fits ? null : "display: none" });
    [moved, chosen].forEach((aria) => aria());
  };
}

function render(context) {
  const ui = mount(context, declared, { controls: [question(answers), "kernel", "stride"],
    more: ["depth", "shift", "padding", "dilation", "kind", "predict"] });
  let s = look(ui), g = null;
  const svg = el(ui.stage, "svg", { role: "group", "aria-label": ui.word("picture"), class: "ls-picture" });
  LAYERS.forEach((name) => layer(svg, name));       // from the bottom to the top
  const held = handles(ui, svg, () => ({ s, g }));
  const facts = [field, weights].map((fact) => [el(ui.foot, "p", { class: "ls-fact" }), fact]);
  ui.start(() => {
    s = look(ui);
    const em = parseFloat(getComputedStyle(svg).fontSize) || 13, told = s.open && s.fits;
    g = places(s, ui.width(), em);
    tell(ui, s);
    put(svg, { viewBox: `0 0 ${g.width} ${g.height + 1.7 * em}` });
    [wires, wash, posts, pixels, outputs, rival].forEach((draw) => draw(svg, s, g));
    labels(ui, svg, s, g, em);
    held(s, g);
    facts.forEach(([node, fact]) => spell(put(node, { hidden: told ? null : "" }), told ? fact(ui, s) : []));
  });
}

export default { render };
