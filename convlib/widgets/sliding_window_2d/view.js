// A 3×3 kernel lies on an image: which weight meets which pixel, and what comes out.
import { convolve, correlate, flip } from "../lib/maths.js";
import { cells, choice, clamp, drag, each, el, mount, num, put, show, slider, toggle } from "../lib/stage.js";

const TRAITS = ["image", "kernel", "row", "col", "op", "view", "predict", "guess_weight", "guess_value", "found"];
const LETTERS = [..."abcdefghi"];
const COUNT = [[1, 2, 3], [4, 5, 6], [7, 8, 9]];
const OPS = { correlate, convolve };
const WORDS = { correlate: "correlation", convolve: "convolution" };
const OTHER = { correlate: "convolve", convolve: "correlate" };
const FORGET = { guess_weight: "", guess_value: null, found: [] };
const capital = (s) => s[0].toUpperCase() + s.slice(1);
const factor = (v) => (v < 0 ? `(${num(v)})` : num(v));
const total = (values) => values.reduce((a, b) => a + b);

// The strength of a value as a background; text on it stays readable.
function tint(role, v, most) {
  const share = Math.round(26 * clamp(v / (most || 1), 0, 1));
  return `--tint: color-mix(in srgb, var(--fs-${role}) ${share}%, var(--fs-paper))`;
}

// Everything that is drawn, worked out from the traits.
function look(get) {
  const t = Object.fromEntries(TRAITS.map((k) => [k, get(k)]));
  const letters = t.view === "letters", turned = t.op === "convolve";
  const kernel = letters ? COUNT : t.kernel, met = turned ? flip(kernel) : kernel;
  const y = OPS[t.op](t.image, t.kernel, "valid");
  const rival = OPS[OTHER[t.op]](t.image, t.kernel, "valid")[t.row][t.col];
  const place = t.row * y[0].length + t.col;
  const paired = !t.predict || t.guess_weight !== "";
  const answered = !t.predict || t.guess_value !== null || t.found.includes(place);
  const under = t.image.slice(t.row, t.row + 3).flatMap((line) => line.slice(t.col, t.col + 3));
  const long = y.flat().some((v) => Math.abs(v) > 99);
  return { ...t, long, letters, turned, kernel, met, y, rival, place, paired, summed: paired && (letters || answered),
    pixels: letters ? LETTERS : under, here: y[t.row][t.col], name: `output[${t.row}, ${t.col}]` };
}

// What the reader is asked now: [value, text] per answer, first for the weight, then for the number.
function options(s) {
  if (!s.paired) return [
    ["top-left", `the top-left weight, ${num(s.kernel[0][0])}`],
    ["bottom-right", `the bottom-right weight, ${num(s.kernel[2][2])}`]];
  if (s.summed) return [];
  const centre = s.pixels[4] * s.kernel[1][1];
  const all = [s.here, s.rival, total(s.pixels), centre, s.here + 1, s.here - 1];
  return [...new Set(all)].slice(0, 3).sort((a, b) => a - b).map((v) => [v, num(v)]);
}

function sentence(s) {
  const word = WORDS[s.op], pixel = s.letters ? "a" : num(s.pixels[0]), weight = num(s.met[0][0]);
  if (!s.paired) return `You chose ${word}. Which weight will meet the window’s top-left pixel, ${pixel}?`;
  const laid = s.turned
    ? `${word} turns the kernel by 180° first, so its bottom-right weight ${weight} meets the top-left pixel ${pixel}.`
    : `${word} lays the kernel down as it is, so its top-left weight ${weight} meets the top-left pixel ${pixel}.`;
  const right = s.guess_weight === (s.turned ? "bottom-right" : "top-left");
  const told = s.predict && !s.found.length && (s.letters || !s.summed) ? `${right ? "Right" : "No"}: ${laid}` : capital(laid);
  if (s.letters) return told;
  if (!s.summed) return `${told} Which number comes out at ${s.name}?`;
  if (s.predict && s.guess_value !== null) return verdict(s);
  const even = String(s.kernel) === String(flip(s.kernel));
  const agree = even ? " This kernel equals its own half turn, so both operations agree." : "";
  return `${told} ${s.name} = ${num(s.here)}.${agree}`;
}

function verdict(s) {
  const v = s.guess_value, next = "Move the window to try the next one.";
  if (v === s.here) return `Right: ${s.name} = ${num(v)}. ${next}`;
  const why = v === s.rival ? `that is what ${WORDS[OTHER[s.op]]} gives`
    : v === total(s.pixels) ? "that is the sum of the pixels without their weights"
      : "all nine products have to be added";
  return `Not ${num(v)}: ${why}. ${s.name} = ${num(s.here)}. ${next}`;
}

// The nine-term sum as coloured pieces; joined they are the text of shown()["sum"].
function pieces(s) {
  const terms = s.met.flat().flatMap((w, k) => [
    { text: s.letters ? s.pixels[k] : factor(s.pixels[k]), class: "sw-p", "data-term": k },
    { text: "·", "data-term": k },
    { text: factor(w), class: "sw-w", "data-term": k },
    { text: k < 8 ? " + " : "" }]);
  const end = s.letters ? [] : [{ text: " = " }, { text: num(s.here), class: "sw-y" }];
  return [{ text: `${s.name} = ` }, ...terms, ...end].map((p) => ({ class: null, "data-term": null, ...p }));
}

function rivalText(s) {
  const word = capital(WORDS[OTHER[s.op]]);
  if (!s.letters) return `${word} would give ${num(s.rival)} here.`;
  const order = s.turned ? "a·1 + b·2 + … + i·9" : "a·9 + b·8 + … + i·1";
  return `${word} would pair them the other way round: ${order}.`;
}

// What a change by hand takes along: a new position withdraws the number, anything else all answers.
function implied(patch, get) {
  if (["op", "image", "kernel", "view", "predict"].some((k) => k in patch)) return FORGET;
  if (!("row" in patch || "col" in patch)) return {};
  const s = look(get), learnt = s.predict && s.summed && !s.letters ? [s.place] : [];
  return { guess_value: null, found: [...new Set([...s.found, ...learnt])] };
}

// The places of the window: how many, which one, and a way to move that stays inside.
function track(ui) {
  const rows = () => ui.get("image").length - 2, cols = () => ui.get("image")[0].length - 2;
  const row = () => ui.get("row"), col = () => ui.get("col");
  const move = (r, c) => {
    const to = { row: clamp(r, 0, rows() - 1), col: clamp(c, 0, cols() - 1) };
    if (to.row !== row() || to.col !== col()) ui.set(to);
  };
  return { rows, cols, row, col, move };
}

// The question stands where the sum will stand, so that nothing jumps when it is answered.
function answers(ui, parent) {
  const box = el(parent, "div", { class: "fs-control sw-ask", role: "group", "aria-label": "Your answer" });
  el(box, "span", { text: "Your answer" });
  const list = el(box, "div", { class: "sw-options" });
  list.addEventListener("click", (e) => {
    const s = look(ui.get), i = [...list.children].indexOf(e.target.closest("button"));
    if (i >= 0) ui.set({ [s.paired ? "guess_value" : "guess_weight"]: options(s)[i][0] });
  }, ui.life);
  return (s) => {
    const asked = options(s);
    if (!asked.length && list.contains(document.activeElement)) ui.root.querySelector(".sw-window").focus();
    put(box, { hidden: asked.length ? null : "" });
    each(list, "button", asked, ([, text], i) =>
      ({ type: "button", class: "fs-button", "data-shown": `answer[${i}]`, text }));
  };
}

function editor(ui, trait, label, name) {
  const parent = el(ui.stage, "div", { class: `sw-${trait}` });
  return cells(parent, { label, name, key: (r, c) => `${trait}[${r},${c}]`,
    get: (r, c) => ui.get(trait)[r][c],
    set(r, c, v) {
      const next = structuredClone(ui.get(trait));
      next[r][c] = clamp(v, -9, 9);
      ui.set({ [trait]: next });
    },
    fixed: () => ui.get("view") === "letters" }, ui.life);
}

// The kernel on the image: a frame to drag, nine chips that turn with it and stay upright.
function windowOn(ui, image, path) {
  const frame = el(image.wrap, "div", { class: "sw-window" });
  const sheet = el(frame, "div", { class: "sw-sheet" }), chips = el(frame, "div", { class: "sw-chips" });
  const cellAt = (e) => {
    const box = image.grid.getBoundingClientRect();
    return [Math.floor(((e.clientY - box.top) / box.height) * (path.rows() + 2)),
      Math.floor(((e.clientX - box.left) / box.width) * (path.cols() + 2))];
  };
  let grip = [0, 0];
  frame.addEventListener("pointerdown", (e) => {
    const [r, c] = cellAt(e);
    grip = [r - path.row(), c - path.col()];
  }, ui.life);
  const place = (r, c) => clamp(r, 0, path.rows() - 1) * path.cols() + clamp(c, 0, path.cols() - 1);
  const aria = drag(frame, { label: "Window", max: () => path.rows() * path.cols() - 1,
    get: () => place(path.row(), path.col()),
    set: (v) => path.move(Math.floor(v / path.cols()), v % path.cols()),
    keys: (dx, dy) => path.move(path.row() - dy, path.col() + dx),
    at(e) { const [r, c] = cellAt(e); return place(r - grip[0], c - grip[1]); },
    tap: (e) => image.go(...cellAt(e)),
    text: () => `row ${path.row()}, column ${path.col()}` }, ui.life);
  return { frame, cellAt, draw(s) {
    const turn = s.turned && s.paired ? 180 : 0;      // an unanswered question must not answer itself
    put(frame, { style: `--row: ${s.row}; --col: ${s.col}`, class: s.paired ? "sw-window" : "sw-window sw-bare" });
    put(sheet, { style: `transform: rotate(${turn}deg)` });
    each(chips, "span", s.kernel.flat(), (w, n) => chip(s, w, n, turn));
    aria();
  } };
}

function chip(s, w, n, turn) {
  const k = s.turned ? 8 - n : n, x = (n % 3) - 1, y = Math.floor(n / 3) - 1;
  const style = `transform: translate(var(--in), var(--in)) rotate(${turn}deg) `
    + `translate(calc(${x} * var(--step)), calc(${y} * var(--step))) rotate(${-turn}deg)`;
  if (!s.paired) return { style, text: "", "data-shown": null, "data-value": null, "data-term": null };
  return { style, text: num(w), "data-shown": `met[${Math.floor(k / 3)},${k % 3}]`, "data-value": w, "data-term": k };
}

// Pointing at one pair lights it up in the picture, in the kernel and in the sum.
function lamp(ui, pane, path) {
  const light = (k) => ui.root.querySelectorAll("[data-term]").forEach((node) =>
    node.toggleAttribute("data-lit", node.dataset.term === String(k)));
  const point = (e) => {
    const [r, c] = pane.cellAt(e), inside = pane.frame.contains(e.target);
    light(inside ? 3 * (r - path.row()) + c - path.col() : e.target.dataset.term);
  };
  for (const type of ["pointermove", "focusin"]) ui.stage.addEventListener(type, point, ui.life);
  ui.stage.addEventListener("pointerleave", () => light(), ui.life);
}

function pixel(s, v, r, c, most) {
  const i = r - s.row, j = c - s.col, under = i >= 0 && i < 3 && j >= 0 && j < 3;
  const text = !s.letters ? num(v) : under ? s.pixels[3 * i + j] : "·";
  return { "aria-label": `pixel [${r}, ${c}]: ${text}`, class: under ? "sw-under" : null,
    style: tint("input", s.letters ? 0 : v, most), "data-term": under && s.paired ? 3 * i + j : null,
    "data-shown": `image[${r},${c}]`, "data-value": s.letters ? null : v, text };
}

function weight(s, w, i, j) {
  return { "aria-label": `weight [${i}, ${j}]: ${num(w)}`, "data-shown": `kernel[${i},${j}]`, "data-value": w,
    "data-term": s.paired ? (s.turned ? 8 - 3 * i - j : 3 * i + j) : null, text: num(w) };
}

function sample(s, v, r, c, most) {
  const place = r * s.y[0].length + c, now = place === s.place;
  const known = !s.letters && (!s.predict || s.found.includes(place) || (now && s.summed));
  const marks = [now && "sw-now", !known && "sw-unknown", s.long && "sw-long"];
  return { role: "cell", class: marks.filter(Boolean).join(" "), style: tint("output", known ? Math.abs(v) : 0, most),
    "data-shown": `output[${r},${c}]`, "data-value": known ? v : null,
    text: known ? num(v) : !now ? "·" : s.letters ? "y" : "?" };
}

function outputs(ui, path) {
  const parent = el(ui.stage, "div", { class: "sw-output" });
  el(parent, "div", { class: "fs-title", text: "Output" });
  const table = el(parent, "div", { class: "fs-table", role: "table", "aria-label": "Output" });
  table.addEventListener("click", (e) => {
    const r = [...table.children].indexOf(e.target.parentNode);
    if (r >= 0) path.move(r, [...e.target.parentNode.children].indexOf(e.target));
  }, ui.life);
  return (s) => {
    const most = Math.max(...s.y.flat().map(Math.abs));
    each(table, "div", s.y, () => ({ role: "row" })).forEach((line, r) =>
      each(line, "div", s.y[r], (v, c) => sample(s, v, r, c, most)));
  };
}

function render(context) {
  const get = (k) => context.model.get(k);
  const ui = mount(context, { name: "sliding-window-2d", label: "A 3 by 3 kernel on an image", traits: TRAITS,
    implied: (patch) => implied(patch, get), controls: [
      choice("op", "Operation", [["correlate", "correlation"], ["convolve", "convolution"]]),
      choice("view", "Show", [["numbers", "numbers"], ["letters", "letters"]]),
      toggle("predict", "Predict first"),
      slider("row", "Row", { max: () => path.rows() - 1 }), slider("col", "Column", { max: () => path.cols() - 1 })] });
  const path = track(ui), kernel = editor(ui, "kernel", "Kernel", "weight");
  const sign = el(ui.stage, "div", { class: "sw-sign", "aria-hidden": "true" });
  const image = editor(ui, "image", "Image", "pixel");
  el(ui.stage, "div", { class: "sw-sign", "aria-hidden": "true", text: "=" });
  const output = outputs(ui, path), pane = windowOn(ui, image, path);
  const told = el(ui.stage, "div", { class: "sw-told" }), ask = answers(ui, told);
  const sum = el(told, "p", { class: "sw-sum" }), rival = el(told, "p", { class: "sw-rival" });
  lamp(ui, pane, path);
  ui.start(() => {
    const s = look(get), most = Math.max(...s.image.flat()), hidden = !s.summed && "";
    ui.tell(sentence(s));
    image.sync(s.image.map((line, r) => line.map((v, c) => pixel(s, v, r, c, most))));
    kernel.sync(s.kernel.map((line, i) => line.map((w, j) => weight(s, w, i, j))));
    put(sign, { text: s.turned ? "∗" : "⋆" });
    [pane.draw, output, ask].forEach((draw) => draw(s));
    each(sum, "span", s.summed ? pieces(s) : [], (piece) => piece);
    put(sum, { "data-shown": s.summed ? "sum" : null, hidden });
    put(show(rival, s.summed ? "rival" : null, rivalText(s)), { hidden });
  });
}

export default { render };
