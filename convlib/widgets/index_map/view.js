// One output of a 7×7 image and a 3×3 kernel: who meets whom, by label and by array index.
import { choice, clamp, drag, each, el, layer, mount, num, point, put, question, slider, spell, when } from "../lib/stage.js";

const SIDE = 7, FULL = 9, WAYS = declared.data.ways, OPS = declared.traits.op.options;
const PARTNERS = [(n, k) => n - k, (n, k) => n + k, (n, k) => k - n];
const NINE = Array.from({ length: 9 }, (_, k) => [Math.floor(k / 3), k % 3]);
const pair = (index) => `[${index.map(num).join(",\u00a0")}]`;      // never broken over two lines
const equal = (a, b) => String(a) === String(b);
const range = (n, first = 0) => Array.from({ length: n }, (_, i) => first + i);
const total = (terms) => terms.reduce((sum, { v, w }) => sum + v * w, 0);

// Everything that is drawn, worked out from the traits.
function look(ui) {
  const t = ui.state(), [xo, ho, margin, calls] = WAYS[t.convention], which = OPS.indexOf(t.op);
  const start = [-xo - ho, ho - xo - 2, xo - ho - 6][which], size = FULL - 2 * margin;
  const termsAt = (label) => NINE.map(([i, j], k) => {
    const h = [i - ho, j - ho], x = h.map((v, axis) => PARTNERS[which](label[axis], v)), array = x.map((v) => v + xo);
    const inside = array.every((v) => v >= 0 && v < SIDE);
    return { k, h, x, array, inside, w: t.kernel[i][j], v: inside ? t.image[array[0]][array[1]] : 0 };
  });
  const label = [t.row + start, t.col + start], at = [t.row - margin, t.col - margin], terms = termsAt(label), one = terms[t.term];
  const kept = range(size, start + margin), y = kept.map((m) => kept.map((n) => total(termsAt([m, n]))));
  return { ...t, word: ui.word, xo, ho, which, margin, start, size, label, terms, y, one, call: calls[which],
    partners: PARTNERS.map((f) => label.map((n, axis) => f(n, one.h[axis]))),
    answered: !ui.asked(), at: at.every((v) => v >= 0 && v < size) ? at : null,
    corner: [0, 1].map((axis) => Math.min(...terms.map((m) => m.array[axis]))) };
}

function answers(ui) {
  const s = look(ui), [m, n] = s.label, all = [s.one.x, ...s.partners, [m, n], [m, n + 1], [m + 1, n]];
  const found = all.filter((p, i) => all.findIndex((q) => equal(p, q)) === i).slice(0, 3);
  return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((p) => [p, `x${pair(p)}`]);
}

function tell(ui, s) {
  const { which, one, guess } = s, said = (key, index) => ({ key: `${key} label`, text: pair(index) });
  const head = ui.words(`starts.${which}`, { way: ui.word("options.convention")[Object.keys(WAYS).indexOf(s.convention)] });
  const y = said("y", s.label), h = said("h", one.h), law = ui.words(`laws.${which}`);
  if (!s.answered) return ui.tell(head, ui.words("ask", { h, y }));
  const meets = ui.words(one.inside ? "meets" : "counts", { h, x: said("x", one.x) });
  if (!s.predict) return ui.tell(head, ui.words("told", { y, meets }), law);
  if (equal(guess, one.x)) return ui.tell(ui.words("yes", { meets }), law, ui.words("next"));
  const rival = s.partners.findIndex((p) => equal(p, guess)), why = rival >= 0 ? "rival" : equal(guess, s.label) ? "same" : "other";
  ui.tell(ui.words(`wrong.${why}`, { guess: pair(guess), op: ui.word("names")[rival] }), ui.words("here", { meets }), law);
}

// The nine products, each in the colours of what it is.
function sum(s) {
  const factor = (key, value, cls) => (value < 0 ? [{ text: "(", cls }, { key, value, cls }, { text: ")", cls }] : [{ key, value, cls }]);
  const terms = s.terms.flatMap((t) => {
    const cls = [t.k === s.term && "im-now", !t.inside && "im-gone"].filter(Boolean).join(" ") || null;
    return [t.k ? " + " : " = ", ...factor(t.inside ? `image[${t.array}]` : `beyond[${NINE[t.k]}]`, t.v, cls), { text: "·", cls },
      ...factor(`met[${NINE[t.k]}]`, t.w, cls)];
  });
  return [`y${pair(s.label)}`, ...terms, { text: " = ", cls: "im-y" }, { key: "y", value: total(s.terms), cls: "im-y" }];
}

// Where everything stands: three arrangements, by the width that there is. All sizes in px.
function plan(wide, s) {
  const head = 23 * s, gap = 26 * s, table = 176 * s, top = 46 * s, most = 40 * s;
  const box = (x, y, c) => ({ x, y, c }), fit = (room, cells, cap = most) => Math.min(Math.floor(room / cells), cap);
  const row = fit(wide - 2 * head - 2 * gap - table, 20), two = fit(wide - 2 * head - gap, 20);
  const c = row >= 24 * s ? row : two, right = head + 11 * c + gap + head, low = 2 * top + 3 * c + 4 * s, aside = top - 14 * s;
  if (row >= 24 * s) return { image: box(head, top, c), kernel: box(right, top, c), table: [right, top + 3 * c + 26 * s],
    output: box(right + table + gap, top, c), high: top + 11 * c + 4 };
  if (two >= 25 * s) return { image: box(head, top, c), kernel: box(right, top, c), table: [right + 3 * c + 16 * s, aside],
    output: box(right, low, c), high: low + 9 * c + 4 };
  const i = fit(wide - head - 2, 11, 24 * s), o = i, under = 2 * top + 3 * o, last = under + 11 * i + top;
  return { stacked: true, kernel: box(head, top, o), table: [head + 3 * o + 14 * s, aside], image: box(head, under, i),
    output: box(head, last, o), high: last + 9 * o + 4 };
}

const rects = (g, name, items, attrs) => each(layer(g, name), "rect", items, attrs);
const texts = (g, name, items, attrs = (one) => one) => each(layer(g, name), "text", items, attrs);
const tint = (v, most) => `--tint: ${Math.round(26 * clamp(v / (most || 1), 0, 1))}%`;
const square = ({ x, y, c }, i, j, n = 1) => ({ x: x + j * c, y: y + i * c, width: n * c, height: n * c });
const inside = ({ x, y, c }, n) => ({ x: x + n * c, y: y + n * c, c });
const text = ({ x, y, c }, i, j, key, v, [down, right] = [0.5, 0.5]) => ({ x: x + (j + right) * c, y: y + (i + down) * c,
  "data-shown": key, "data-value": v === "?" ? null : v, text: v === "?" ? v : num(v) });
const FIRST = [0.3, 0.12], LAST = [0.72, 0.9];

// A grid's name and the labels of its rows and columns; `at` is the entry that is spoken of.
// Dots mark the `out` places on each side that the array does not have. Returns where the entries lie.
function frame(g, whole, s, title, name, count, label, at, out = 0) {
  const box = inside(whole, out), all = count + 2 * out;
  texts(g, "im-title", [title], () => ({ x: whole.x, y: whole.y - 30 * s, text: title }));
  texts(g, "im-labels", ["row", "column"].flatMap((axis, a) => range(count).map((i) =>
    ({ ...text(box, i, i, `${name} ${axis} ${i}`, label + i), ...(a ? { y: whole.y - 9 * s } : { x: whole.x - 5 * s }),
      class: `im-${axis}${at?.[a] === i ? " im-on" : ""}` }))));
  const dots = range(all * all).map((n) => [Math.floor(n / all), n % all]).filter((p) => p.some((v) => v < out || v >= all - out));
  each(layer(g, "im-dots"), "circle", dots, ([i, j]) => ({ cx: whole.x + (j + 0.5) * box.c, cy: whole.y + (i + 0.5) * box.c, r: 1.5 }));
  return box;
}

function drawImage(g, whole, scale, s) {
  const lit = s.answered ? s.terms : [], most = Math.max(...s.image.flat());
  const box = frame(g, whole, scale, s.word("titles.x"), "x", SIDE, -s.xo, s.answered ? s.one.array : null, 2);
  const under = (i, j) => lit.some((t) => equal(t.array, [i, j])), out = lit.filter((t) => !t.inside);
  const cells = s.image.flatMap((values, i) => values.map((v, j) => ({ i, j, v, on: under(i, j) })));
  rects(g, "im-tiles", cells, ({ i, j, v, on }) =>
    ({ ...square(box, i, j), class: on ? "im-here" : null, style: on ? null : tint(v, most) }));
  rects(g, "im-ghosts", out, (t) => square(box, ...t.array));
  texts(g, "im-pixels", cells, ({ i, j, v, on }) =>
    ({ ...text(box, i, j, `image[${i},${j}]`, v, on ? FIRST : undefined), class: on ? "im-x" : null }));
  texts(g, "im-zeros", out, (t) => text(box, ...t.array, `beyond[${NINE[t.k]}]`, 0, FIRST));
  texts(g, "im-met", lit, (t) => text(box, ...t.array, `met[${NINE[t.k]}]`, t.w, LAST));
}

function drawKernel(g, box, scale, s) {
  frame(g, box, scale, s.word("titles.h"), "h", 3, -s.ho, NINE[s.term]);
  rects(g, "im-chips", NINE, (at, k) =>
    ({ ...square({ ...box, x: box.x + 2, y: box.y + 2 }, ...at), width: box.c - 4, height: box.c - 4, rx: 4, class: k === s.term ? "im-here" : null }));
  texts(g, "im-weights", s.terms, ({ k, w }) => text(box, ...NINE[k], `kernel[${NINE[k]}]`, w));
}

function drawOutput(g, whole, scale, s) {
  const box = frame(g, whole, scale, s.word("titles.y"), "y", s.size, s.start + s.margin, s.at, s.margin), most = Math.max(...s.y.flat().map(Math.abs));
  const kept = s.y.flatMap((values, i) => values.map((v, j) => ({ i, j, v, here: equal(s.at, [i, j]) })));
  rects(g, "im-tiles", kept, ({ i, j, v, here }) =>
    ({ ...square(box, i, j), class: here ? "im-here" : null, style: here ? null : tint(Math.abs(v), most) }));
  texts(g, "im-values", kept, ({ i, j, v, here }) => text(box, i, j, `output[${i},${j}]`, here && !s.answered ? "?" : v));
}

// Label and array index side by side, for the output, the weight and the pixel.
function drawTable(g, [x, y], scale, s) {
  const { one, answered } = s, columns = [0, 22 * scale, 88 * scale];
  const rows = [["y", pair(s.label), s.at ? pair(s.at) : s.word("dropped")], ["h", pair(one.h), pair(NINE[one.k])],
    ["x", answered ? pair(one.x) : "?", !answered ? "?" : one.inside ? pair(one.array) : s.word("outside")]];
  texts(g, "im-heads", s.word("heads"), (head, i) => ({ x: x + columns[i + 1], y, text: head }));
  texts(g, "im-rows", rows.flatMap((row, r) => row.map((said, i) => ({ x: x + columns[i], y: y + (r + 1) * 23 * scale, text: said,
    class: i < 2 ? `im-${row[0]}` : null, "data-shown": i ? `${row[0]} ${["label", "array"][i - 1]}` : null }))));
}

// The pair that is spoken of: two frames and the line between them.
function drawPair(g, at, scale, s) {
  const a = square(at.kernel, ...NINE[s.term]), b = square(inside(at.image, 2), ...s.one.array), half = a.width / 2;
  rects(g, "im-frames", s.answered ? [a, b] : [a], (end) => ({ ...end, rx: 4 }));
  const d = at.stacked ? `M${a.x + half} ${a.y + a.height}L${b.x + b.width / 2} ${b.y}` : `M${a.x} ${a.y + half}L${b.x + b.width} ${b.y + half}`;
  each(layer(g, "im-thread"), "path", s.answered ? [d] : [], () => ({ d }));
}

// The output's cursor and the window on the image move the same place, each in its own direction.
// They are no part of the drawing: a finger that drags a piece of it would scroll the page.
function handles(ui, picture, svg, now) {
  const go = (row, col) => { if (row !== ui.get("row") || col !== ui.get("col")) ui.set({ row, col }); };
  const cell = (e, { x, y, c }) => { const p = point(svg, e); return [Math.floor((p.y - y) / c), Math.floor((p.x - x) / c)]; };
  const handle = (cls, label, sign, box, tap) => {
    const node = el(picture, "div", { class: `im-handle ${cls}` }), place = () => [ui.get("row"), ui.get("col")];
    const shift = ([row, col], down, right) => [row + sign() * down, col + sign() * right].map((v) => clamp(v, 0, FULL - 1));
    const aria = drag(node, { label, max: FULL * FULL - 1, get: () => FULL * ui.get("row") + ui.get("col"),
      set: (v) => go(Math.floor(v / FULL), v % FULL), tap, keys: (dx, dy) => go(...shift(place(), -dy, dx)),
      at(e, start) {
        const side = now()[box].c * svg.getScreenCTM().a, steps = (to, from) => Math.round((to - from) / side);
        const to = shift([Math.floor(start.value / FULL), start.value % FULL], steps(e.clientY, start.y), steps(e.clientX, start.x));
        return FULL * to[0] + to[1];
      },
      text: () => ui.text("place", { ...ui.state(), y: pair(look(ui).label) }) }, ui.life);
    return { node, aria };
  };
  const over = ({ x, y, width }) => `left: ${x}px; top: ${y}px; width: ${width}px; height: ${width}px`;
  const pick = (term) => { if (term !== ui.get("term")) ui.set({ term }); };
  const windowed = handle("im-window", ui.word("window"), () => (ui.get("op") === "correlate-x" ? -1 : 1), "image", (e) => {
    const [i, j] = cell(e, now().image), met = look(ui).terms.find((t) => equal(t.array, [i - 2, j - 2]));
    if (met) pick(met.k);
  });
  const cursor = handle("im-cursor", ui.word("cursor"), () => 1, "output");
  picture.addEventListener("click", (e) => {
    const [i, j] = cell(e, now().kernel), [row, col] = cell(e, now().output), within = (v, n) => v >= 0 && v < n;
    if (within(i, 3) && within(j, 3)) pick(3 * i + j);
    if (within(row, FULL) && within(col, FULL) && e.target !== cursor.node) go(row, col);
  }, ui.life);
  return (at, s) => {
    put(windowed.node, { style: over(square(inside(at.image, 2), ...s.corner, 3)), hidden: s.answered ? null : "" });
    put(cursor.node, { style: over(square(at.output, s.row, s.col)) });
    windowed.aria();
    cursor.aria();
  };
}

function render(context) {
  const place = { text: (v) => ui.text("at", { place: v, label: v + look(ui).start }) };
  const ui = mount(context, declared, { controls: [question(answers), ...["op", "convention"].map((one) => when(() => !ui.asked(), choice(one)))], more: [slider("row", place), slider("col", place),
    slider("term", { text: (k) => `${k}: h${pair(look(ui).terms[k].h)}` }), "predict"] });
  const picture = el(ui.stage, "div", { class: "im-picture" }), svg = el(picture, "svg", { role: "group", "aria-label": ui.word("picture") });
  const drawers = Object.entries({ image: drawImage, kernel: drawKernel, output: drawOutput, table: drawTable, pair: drawPair });
  const parts = drawers.map(([name]) => el(svg, "g", { class: `im-${name}` }));
  let now;
  const hold = handles(ui, picture, svg, () => now), told = el(ui.foot, "div", { class: "im-told" });
  const nine = el(told, "p", { class: "im-sum" }), code = el(told, "p", { class: "im-code" });
  el(code, "span", { text: ui.word("code") });
  const line = el(code, "code");
  ui.start(() => {
    const s = look(ui), wide = ui.width(), scale = ui.em();
    const at = now = plan(wide, scale);
    put(svg, { viewBox: `0 0 ${wide} ${at.high}` });
    drawers.forEach(([name, draw], i) => draw(parts[i], at[name] ?? at, scale, s));
    hold(at, s);
    tell(ui, s);
    spell(put(nine, { hidden: s.answered ? null : "" }), s.answered ? sum(s) : []);
    const call = { key: "code", text: s.at ? s.call + pair(s.at) : s.call };
    spell(line, s.at ? [call] : ui.words("left_out", { call }));
  });
}

export default { render };
