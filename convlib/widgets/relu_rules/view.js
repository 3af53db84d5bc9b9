// Three pixels, two kernels (1 and −1), a ReLU behind each: what three rules send back.
import { cells, choice, clamp, each, el, mount, num, put, show, slider, toggle } from "../lib/stage.js";

const TRAITS = ["pixels", "above", "rule", "pixel", "predict", "guess"];
const KERNELS = [1, -1];
const NAMES = { saliency: "saliency", guided: "guided backpropagation", deconvnet: "the deconvnet" };
const FORMULAS = { saliency: "dx = dy where x > 0, else 0", guided: "dx = dy where x > 0 and dy > 0, else 0",
  deconvnet: "dx = dy where dy > 0, else 0" };
const PASSES = { saliency: (x) => x > 0, guided: (x, dy) => x > 0 && dy > 0, deconvnet: (x, dy) => dy > 0 };
const add = (rows) => rows[0].map((v, j) => KERNELS[0] * v + KERNELS[1] * rows[1][j]);

// Everything that is drawn, worked out from the traits.
function look(get) {
  const t = Object.fromEntries(TRAITS.map((k) => [k, get(k)]));
  const given = KERNELS.map((w) => t.pixels[0].map((v) => w * v));
  const passed = (rule) => t.above.map((line, k) => line.map((dy, j) => (PASSES[rule](given[k][j], dy) ? dy : 0)));
  const maps = Object.fromEntries(Object.keys(NAMES).map((rule) => [rule, add(passed(rule))]));
  return { ...t, given, passed: passed(t.rule), maps, map: maps[t.rule], known: !t.predict || t.guess !== null };
}

function offers(s) {
  if (s.known) return [];
  const values = [...Object.values(s.maps), add(s.above)].map((row) => row[s.pixel]);
  return [...new Set([...values, s.map[s.pixel] + 1])].sort((a, b) => a - b);
}

function verdict(s) {
  if (s.guess === s.map[s.pixel]) return "Right.";
  const other = Object.keys(NAMES).find((rule) => s.maps[rule][s.pixel] === s.guess);
  return other ? `No, ${num(s.guess)} is what ${NAMES[other]} gives.` : `Not ${num(s.guess)}.`;
}

function sentence(s) {
  const j = s.pixel;
  if (!s.known) return `The rule is that of ${NAMES[s.rule]}. What does the map say at pixel ${j}?`;
  const path = (k) => `ReLU ${k + 1} was given ${num(s.given[k][j])} (${s.given[k][j] > 0 ? "open" : "shut"}), `
    + `${num(s.above[k][j])} comes back, ${num(s.passed[k][j])} goes on.`;
  const told = `${path(0)} ${path(1)} Map at pixel ${j}: ${num(s.map[j])}.`;
  return s.predict ? `${verdict(s)} ${told}` : told;
}

function editor(ui, trait, label, name) {
  const parent = el(ui.stage, "div", { class: `rr-${trait}` });
  return cells(parent, { label, name, key: (r, c) => `${trait}[${r},${c}]`, get: (r, c) => ui.get(trait)[r][c],
    set(r, c, v) {
      const next = structuredClone(ui.get(trait));
      next[r][c] = clamp(v, -9, 9);
      ui.set({ [trait]: next });
    } }, ui.life);
}

// A table of results; key(r, c) names the value, cls(r, c) marks it.
function table(ui, label, cls) {
  const parent = el(ui.stage, "div", { class: `rr-${cls}` });
  el(parent, "div", { class: "fs-title", text: label });
  const box = el(parent, "div", { class: "fs-table", role: "table", "aria-label": label });
  return (rows, key, mark, known = true) => each(box, "div", rows, () => ({ role: "row" })).forEach((line, r) =>
    each(line, "div", rows[r], (v, c) => ({ role: "cell", class: mark(r, c), "data-shown": key(r, c),
      "data-value": known ? v : null, text: known ? num(v) : "?" })));
}

function answers(ui) {
  const box = el(ui.stage, "div", { class: "fs-control rr-ask", role: "group", "aria-label": "Your answer" });
  el(box, "span", { text: "Your answer" });
  const list = el(box, "div", { class: "rr-options" });
  list.addEventListener("click", (e) => {
    const i = [...list.children].indexOf(e.target.closest("button"));
    if (i >= 0) ui.set({ guess: offers(look(ui.get))[i] });
  }, ui.life);
  return (s) => {
    const asked = offers(s);
    if (!asked.length && list.contains(document.activeElement)) ui.root.querySelector("[type=range]").focus();
    put(box, { hidden: asked.length ? null : "" });
    each(list, "button", asked, (v, i) => ({ type: "button", class: "fs-button", "data-shown": `answer[${i}]`, text: num(v) }));
  };
}

function render(context) {
  const ui = mount(context, { name: "relu-rules", label: "Three rules at a ReLU", traits: TRAITS,
    implied: (patch) => ("guess" in patch ? {} : { guess: null }), controls: [
      choice("rule", "Rule", [["saliency", "saliency"], ["guided", "guided"], ["deconvnet", "deconvnet"]]),
      slider("pixel", "Pixel", { max: 2 }), toggle("predict", "Predict first")] });
  const pixels = editor(ui, "pixels", "Pixels", "pixel");
  const given = table(ui, "Given to the ReLUs: x", "given");
  const above = editor(ui, "above", "Comes back: dy", "dy");
  const passed = table(ui, "Goes on: dx", "passed"), map = table(ui, "Map: first row minus second", "map");
  const formula = el(ui.stage, "p", { class: "rr-formula" }), ask = answers(ui);
  ui.start(() => {
    const s = look(ui.get), here = (c) => c === s.pixel && "rr-here";
    const names = (...all) => all.filter(Boolean).join(" ");
    const cell = (trait, what) => (v, c, r) => ({ "aria-label": `${what} [${r}, ${c}]: ${num(v)}`,
      class: names(here(c)), "data-shown": `${trait}[${r},${c}]`, "data-value": v, text: num(v) });
    ui.tell(sentence(s));
    pixels.sync(s.pixels.map((line, r) => line.map((v, c) => cell("pixels", "pixel")(v, c, r))));
    above.sync(s.above.map((line, r) => line.map((v, c) => cell("above", "dy")(v, c, r))));
    given(s.given, (r, c) => `given[${r},${c}]`, (r, c) => names(here(c), s.given[r][c] > 0 ? "rr-open" : "rr-shut"));
    const stopped = (r, c) => s.known && s.above[r][c] !== 0 && s.passed[r][c] === 0;
    passed(s.passed, (r, c) => `passed[${r},${c}]`, (r, c) => names(here(c), stopped(r, c) && "rr-shut"), s.known);
    map([s.map], (r, c) => `map[${c}]`, (r, c) => names(here(c)), s.known);
    show(formula, "formula", FORMULAS[s.rule]);
    ask(s);
  });
}

export default { render };
