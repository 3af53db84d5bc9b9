// A 3×3 kernel lies on an image: which weight meets which pixel, and what comes out.
import { convolve, correlate, flip } from "../lib/maths.js";
import { choice, clamp, drag, each, editor, el, mount, num, put, question, slider, spell, table, when } from "../lib/stage.js";

const LETTERS = [..."abcdefghi"], COUNT = declared.data.count;
const OPS = { correlate, convolve }, BARE = { class: null, "data-term": null, "data-shown": null, "data-value": null };
const total = (values) => values.reduce((a, b) => a + b);
const at = (key, r, c, value) => ({ key: `${key}[${r},${c}]`, value });

// The strength of a value as a background; text on it stays readable.
function tint(role, v, most) {
  return `--tint: color-mix(in srgb, var(--fs-${role}) ${Math.round(26 * clamp(v / (most || 1), 0, 1))}%, var(--fs-paper))`;
}

// With a rim of zeros on every side, or none: then even the corner of the image is the middle of a window.
const framed = (image, rim) => Array.from({ length: image.length + 2 * rim }, (_, r) =>
  Array.from({ length: image[0].length + 2 * rim }, (_, c) => image[r - rim]?.[c - rim] ?? 0));
const pixelAt = (s, k) => [s.row + Math.floor(k / 3) - s.rim, s.col + (k % 3) - s.rim];
const inside = (s, k) => s.image[pixelAt(s, k)[0]]?.[pixelAt(s, k)[1]] !== undefined;

// Everything that is drawn, worked out from the traits.
function look(ui) {
  const s = ui.state(), letters = s.view === "letters", rim = +(s.mode === "same"), full = framed(s.image, rim), turned = s.op === "convolve";
  const kernel = letters ? COUNT : s.kernel, met = turned ? flip(kernel) : kernel, other = turned ? "correlate" : "convolve";
  const [y, rivals] = [s.op, other].map((op) => OPS[op](full, s.kernel, "valid"));
  const place = s.row * y[0].length + s.col, paired = !ui.asked("guess_weight");
  const under = full.slice(s.row, s.row + 3).flatMap((line) => line.slice(s.col, s.col + 3));
  const long = y.flat().some((v) => Math.abs(v) > 99);
  return { ...s, rim, long, letters, turned, kernel, met, y, other, rival: rivals[s.row][s.col], place, paired, summed: paired && (letters || !ui.asked("guess_value") || s.found.includes(place)),
    pixels: letters ? LETTERS : under, here: y[s.row][s.col], plain: total(under) };
}

// What the reader is asked now: [value, text] per answer, first for the weight, then for the number.
function answers(ui) {
  const s = look(ui);
  if (!s.paired) return [["top-left", 0], ["bottom-right", 2]].map(([corner, i]) => [corner, ui.text(`corners.${corner}`, { weight: s.kernel[i][i] })]);
  const all = [s.here, s.rival, s.plain, s.pixels[4] * s.kernel[1][1], s.here + 1, s.here - 1];
  return !s.summed && [...new Set(all)].slice(0, 3).sort((a, b) => a - b).map((v) => [v, num(v)]);
}

function tell(ui, s) {
  const { row, col, op, guess_value: guess } = s, pixel = s.letters ? "a" : inside(s, 0) ? at("image", ...pixelAt(s, 0), s.pixels[0]) : "0";
  if (!s.paired) return ui.tell(ui.words("ask_weight", { op: ui.word("names")[op], pixel }));
  const laid = (names) => ui.words(`laid.${op}`, { op: ui.word(names)[op], pixel, weight: at("met", 0, 0, s.met[0][0]) });
  const judged = s.predict && !s.found.length && (s.letters || !s.summed), right = s.guess_weight === (s.turned ? "bottom-right" : "top-left");
  const told = judged ? ui.words(right ? "yes" : "no", { told: laid("names") }) : laid("heads");
  const place = ui.words("place", s), out = ui.words("out", { place, value: at("output", row, col, s.here) });
  if (s.letters) return ui.tell(told);
  if (!s.summed) return ui.tell(told, ui.words("ask_value", { place }));
  if (!s.predict || guess === null) return ui.tell(told, out, String(s.kernel) === String(flip(s.kernel)) && ui.words("even"));
  if (guess === s.here) return ui.tell(ui.words("yes", { told: out }));
  const why = guess === s.rival ? "rival" : guess === s.plain ? "plain" : "other";
  ui.tell(ui.words(`wrong.${why}`, { guess_value: guess, op: ui.word("names")[s.other] }), out);
}

// The nine-term sum as coloured pieces, each with the pair that it belongs to.
function sum(ui, s) {
  const number = (key, r, c, v) => ({ "data-shown": key && `${key}[${r},${c}]`, "data-value": v, text: num(v) });
  const factor = (one, cls, k) => (one["data-value"] < 0 ? [{ text: "(" }, one, { text: ")" }] : [one]).map((p) => ({ ...p, class: cls, "data-term": k }));
  const terms = s.met.flat().flatMap((w, k) => {
    const i = Math.floor(k / 3), j = k % 3, x = s.letters ? { text: s.pixels[k] } : number(inside(s, k) && "image", ...pixelAt(s, k), s.pixels[k]);
    return [{ text: k ? " + " : " = " }, ...factor(x, "sw-p", k), { text: "·", "data-term": k }, ...factor(number("met", i, j, w), "sw-w", k)];
  });
  const end = s.letters ? [] : [{ text: " = " }, { ...number("output", s.row, s.col, s.here), class: "sw-y" }];
  return [{ text: ui.text("place", s) }, ...terms, ...end].map((p) => ({ ...BARE, ...p }));
}

function rival(ui, s) {
  const op = ui.word("heads")[s.other], order = s.turned ? "a·1 + b·2 + … + i·9" : "a·9 + b·8 + … + i·1";
  return s.letters ? ui.words("order", { op, order }) : ui.words("rival", { op, rival: s.rival });
}

// The window stays inside, and a new position keeps what was found at the old one.
function implied(ui, patch) {
  const s = look(ui), { image, mode, row, col } = { ...s, ...patch }, less = mode === "same" ? 1 : 3;
  if (patch.image || patch.mode) return { row: clamp(row, 0, image.length - less), col: clamp(col, 0, image[0].length - less) };
  return ("row" in patch || "col" in patch) && s.predict && s.summed && !s.letters ? { found: [...new Set([...s.found, s.place])] } : {};
}

// The places of the window: how many, which one, and a way to move that stays inside.
function track(ui) {
  const image = () => ui.get("image"), rim = () => +(ui.get("mode") === "same");
  const rows = () => image().length - 2 + 2 * rim(), cols = () => image()[0].length - 2 + 2 * rim();
  const row = () => ui.get("row"), col = () => ui.get("col");
  const move = (r, c) => {
    const to = { row: clamp(r, 0, rows() - 1), col: clamp(c, 0, cols() - 1) };
    if (to.row !== row() || to.col !== col()) ui.set(to);
  };
  return { image, rim, rows, cols, row, col, move };
}

// The kernel on the image: a frame to drag, nine chips that turn with it and stay upright.
function windowOn(ui, image, path) {
  const frame = el(image.wrap, "div", { class: "sw-window" }), rim = el(frame, "div", { class: "sw-rim" });
  const sheet = el(frame, "div", { class: "sw-sheet" }), chips = el(frame, "div", { class: "sw-chips" });
  const cellAt = (e) => {
    const box = image.grid.getBoundingClientRect();
    return [Math.floor(((e.clientY - box.top) / box.height) * path.image().length),
      Math.floor(((e.clientX - box.left) / box.width) * path.image()[0].length)];
  };
  let grip = [0, 0];
  frame.addEventListener("pointerdown", (e) => {
    const [r, c] = cellAt(e);
    grip = [r - path.row(), c - path.col()];
  }, ui.life);
  const place = (r, c) => clamp(r, 0, path.rows() - 1) * path.cols() + clamp(c, 0, path.cols() - 1);
  const aria = drag(frame, { label: ui.word("window"), max: () => path.rows() * path.cols() - 1,
    get: () => place(path.row(), path.col()),
    set: (v) => path.move(Math.floor(v / path.cols()), v % path.cols()),
    keys: (dx, dy) => path.move(path.row() - dy, path.col() + dx),
    at(e) { const [r, c] = cellAt(e); return place(r - grip[0], c - grip[1]); },
    tap: (e) => image.go(...cellAt(e)),
    text: () => ui.text("at", ui.state()) }, ui.life);
  return { frame, cellAt, draw(s) {
    // An unanswered question must not answer itself.
    const turn = s.turned && s.paired ? 180 : 0;
    put(image.wrap, { class: s.rim ? "fs-cells sw-framed" : "fs-cells" });
    const beyond = [...Array(9).keys()].filter((k) => !inside(s, k));
    each(rim, "span", beyond, (k) => ({ style: `--i: ${Math.floor(k / 3)}; --j: ${k % 3}`, text: s.letters ? LETTERS[k] : "0" }));
    put(frame, { style: `--row: ${s.row - s.rim}; --col: ${s.col - s.rim}`, class: s.paired ? "sw-window" : "sw-window sw-bare" });
    put(sheet, { style: `transform: rotate(${turn}deg)` });
    each(chips, "span", s.kernel.flat(), (w, n) => chip(s, w, n, turn));
    aria();
  } };
}

function chip(s, w, n, turn) {
  const k = s.turned ? 8 - n : n, x = (n % 3) - 1, y = Math.floor(n / 3) - 1;
  const style = `transform: translate(var(--in), var(--in)) rotate(${turn}deg) `
    + `translate(calc(${x} * var(--step)), calc(${y} * var(--step))) rotate(${-turn}deg)`;
  if (!s.paired) return { ...BARE, style, text: "" };
  return { style, text: num(w), "data-shown": `met[${Math.floor(k / 3)},${k % 3}]`, "data-value": w, "data-term": k };
}

// Pointing at one pair lights it up in the picture, in the kernel and in the sum.
function lamp(ui, pane, path) {
  const light = (k) => ui.root.querySelectorAll("[data-term]").forEach((node) =>
    node.toggleAttribute("data-lit", node.dataset.term === String(k)));
  const point = (e) => {
    const [r, c] = pane.cellAt(e), over = pane.frame.contains(e.target), rim = path.rim();
    light(over ? 3 * (r - path.row() + rim) + c - path.col() + rim : e.target.dataset.term);
  };
  for (const type of ["pointermove", "focusin"]) ui.stage.addEventListener(type, point, ui.life);
  ui.stage.addEventListener("pointerleave", () => light(), ui.life);
}

function pixel(s, v, r, c, most) {
  const i = r - s.row + s.rim, j = c - s.col + s.rim, under = i >= 0 && i < 3 && j >= 0 && j < 3;
  return { class: under ? "sw-under" : null, style: tint("input", s.letters ? 0 : v, most), "data-term": under && s.paired ? 3 * i + j : null,
    ...(s.letters && { "data-value": null, text: under ? s.pixels[3 * i + j] : "·" }) };
}

function weight(s, i, j) {
  const w = s.kernel[i][j];
  return { "data-value": w, text: num(w), "data-term": s.paired ? (s.turned ? 8 - 3 * i - j : 3 * i + j) : null };
}

function sample(s, v, r, c, most) {
  const place = r * s.y[0].length + c, now = place === s.place;
  const known = !s.letters && (!s.predict || s.found.includes(place) || (now && s.summed));
  const marks = [now && "sw-now", !known && "sw-unknown", s.long && "sw-long"];
  return { class: marks.filter(Boolean).join(" "), style: tint("output", known ? Math.abs(v) : 0, most),
    "data-shown": `output[${r},${c}]`, "data-value": known ? v : null, text: known ? num(v) : !now ? "·" : s.letters ? "y" : "?" };
}

function outputs(ui, path) {
  const [box, draw] = table(el(ui.stage, "div", { class: "sw-output" }), ui.word("output"));
  box.addEventListener("click", (e) => {
    const r = [...box.children].indexOf(e.target.parentNode);
    if (r >= 0) path.move(r, [...e.target.parentNode.children].indexOf(e.target));
  }, ui.life);
  return (s) => {
    const most = Math.max(...s.y.flat().map(Math.abs));
    draw(s.y.map((line, r) => line.map((v, c) => sample(s, v, r, c, most))));
  };
}

function render(context) {
  const ui = mount(context, declared, { implied: (patch) => implied(ui, patch), controls: [question(answers, () => (ui.asked("guess_weight") ? "guess_weight" : "guess_value")), "op", when((it) => !it.asked("guess_weight"), choice("mode"))],
    more: ["image", "view", "predict", slider("row", { max: () => path.rows() - 1 }), slider("col", { max: () => path.cols() - 1 })] });
  const edited = (trait) => editor(ui, el(ui.stage, "div", { class: `sw-${trait}` }), trait,
    { name: ui.word(`cells.${trait}`), fixed: () => ui.get("view") === "letters" });
  const path = track(ui), kernel = edited("kernel"), sign = el(ui.stage, "div", { class: "sw-sign", "aria-hidden": "true" });
  const image = edited("image");
  el(ui.stage, "div", { class: "sw-sign", "aria-hidden": "true", text: "=" });
  const output = outputs(ui, path), pane = windowOn(ui, image, path), nine = el(ui.foot, "p", { class: "sw-sum" }), other = el(ui.foot, "p", { class: "sw-rival" });
  lamp(ui, pane, path);
  ui.start(() => {
    const s = look(ui), most = Math.max(...s.image.flat()), hidden = !s.summed && "";
    tell(ui, s);
    image.sync((v, r, c) => pixel(s, v, r, c, most));
    kernel.sync((_, i, j) => weight(s, i, j));
    put(sign, { text: s.turned ? "∗" : "⋆" });
    [pane.draw, output].forEach((draw) => draw(s));
    each(put(nine, { hidden }), "span", s.summed ? sum(ui, s) : [], (piece) => piece);
    spell(put(other, { hidden }), s.summed ? rival(ui, s) : []);
  });
}

export default { render };
