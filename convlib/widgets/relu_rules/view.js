// Three pixels, two kernels (1 and −1), a ReLU behind each: what three rules send back.
import { editor, el, mount, num, put, question, table } from "../lib/stage.js";

const KERNELS = declared.data.kernels, RULES = declared.traits.rule.options;
const PASSES = { saliency: (x) => x > 0, guided: (x, dy) => x > 0 && dy > 0, deconvnet: (x, dy) => dy > 0 };
const add = (rows) => rows[0].map((v, j) => KERNELS[0] * v + KERNELS[1] * rows[1][j]);

// Everything that is drawn, worked out from the traits.
function look(ui) {
  const s = ui.state(), given = KERNELS.map((w) => s.pixels[0].map((v) => w * v));
  const passed = (rule) => s.above.map((line, k) => line.map((dy, j) => (PASSES[rule](given[k][j], dy) ? dy : 0)));
  const maps = Object.fromEntries(RULES.map((rule) => [rule, add(passed(rule))]));
  return { ...s, given, passed: passed(s.rule), maps, map: maps[s.rule], known: !ui.asked() };
}

function answers(ui) {
  const s = look(ui), values = [...Object.values(s.maps), add(s.above)].map((row) => row[s.pixel]);
  return [...new Set([...values, s.map[s.pixel] + 1])].sort((a, b) => a - b).map((v) => [v, num(v)]);
}

function verdict(ui, { guess, maps, map, pixel }) {
  if (guess === map[pixel]) return ui.words("right");
  const other = RULES.find((rule) => maps[rule][pixel] === guess);
  return ui.words(other ? "other" : "wrong", { guess, rule: ui.word("names")[other] });
}

function tell(ui, s) {
  const j = s.pixel, piece = (key, value) => ({ key, value });
  if (!s.known) return ui.tell(ui.words("ask", { rule: ui.word("names")[s.rule], pixel: j }));
  const path = (k) => ui.words(`relus.${k}`, { x: piece(`given[${k},${j}]`, s.given[k][j]), gate: ui.word("gates")[+(s.given[k][j] > 0)],
    dy: piece(`above[${k},${j}]`, s.above[k][j]), dx: piece(`passed[${k},${j}]`, s.passed[k][j]) });
  ui.tell(s.predict && verdict(ui, s), path(0), path(1), ui.words("map", { pixel: j, map: piece(`map[${j}]`, s.map[j]) }));
}

function render(context) {
  const ui = mount(context, declared, { controls: [question(answers), "rule", "pixel"], more: ["predict"] });
  const box = (cls) => el(ui.stage, "div", { class: `rr-${cls}` });
  const edited = (trait) => editor(ui, box(trait), trait, { name: ui.word(`cells.${trait}`) });
  const result = (name) => table(box(name), ui.word(`tables.${name}`))[1];
  const pixels = edited("pixels"), given = result("given"), above = edited("above"), passed = result("passed"), map = result("map");
  const formula = el(ui.foot, "p", { class: "rr-formula" });
  ui.start(() => {
    const s = look(ui), mark = (c, cls) => [c === s.pixel && "rr-here", cls].filter(Boolean).join(" ");
    const fill = (key, rows, cls = () => "", known = true) => rows.map((line, r) => line.map((v, c) => ({ class: mark(c, cls(r, c)),
      "data-shown": key(r, c), "data-value": known ? v : null, text: known ? num(v) : "?" })));
    tell(ui, s);
    [pixels, above].forEach((grid) => grid.sync((v, r, c) => ({ class: mark(c) })));
    given(fill((r, c) => `given[${r},${c}]`, s.given, (r, c) => (s.given[r][c] > 0 ? "rr-open" : "rr-shut")));
    const stopped = (r, c) => s.known && s.above[r][c] !== 0 && s.passed[r][c] === 0;
    passed(fill((r, c) => `passed[${r},${c}]`, s.passed, (r, c) => stopped(r, c) && "rr-shut", s.known));
    map(fill((r, c) => `map[${c}]`, [s.map], () => "", s.known));
    put(formula, { text: ui.word("formulas")[s.rule] });
  });
}

export default { render };
