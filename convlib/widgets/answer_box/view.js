// The field under an exercise. On a page its text, hint and solution stand around it already; elsewhere it draws them.
import { MOST, judge, message, read } from "../lib/judging.js";
import { button, each, el, mount, put, uid } from "../lib/stage.js";

const inline = (value) => (Array.isArray(value) ? `[${value.map(inline).join(", ")}]` : value);
const depth = (value) => (Array.isArray(value) ? 1 + depth(value[0]) : 0);

// Words from Python: a text, or [tag, child, …]; places stay empty until `fill`.
function draw(parent, part) {
  if (typeof part === "string") return parent.append(part);
  const [tag, ...children] = part, place = { "data-given": children[0], "data-shown": `given[${children[0]}]` };
  if (tag === "place") return el(parent, "span", place);
  if (tag === "grid") return el(parent, "div", { class: "grids", ...place });
  const node = el(parent, tag);
  return children.forEach((child) => draw(node, child));
}

const asGrids = (value) => (depth(value) === 3 ? value : depth(value) === 2 ? [value] : [[value]]);

function fill(around, places) {
  for (const node of around.querySelectorAll("[data-given]")) {
    const value = places[node.dataset.given];
    if (node.localName === "span") put(node, { text: inline(value) });
    else each(node, "table", asGrids(value), () => ({})).forEach((table, i) => grid(table.tBodies[0] ?? el(table, "tbody"), asGrids(value)[i]));
  }
}

const grid = (body, rows) => each(body, "tr", rows, () => ({}))
  .forEach((line, r) => each(line, "td", rows[r], (text) => ({ text })));

// "[superposition, time invariance]" names the rows of a choice.
function rowNames(ui, { form, variants: [{ right }] }) {
  const names = form.startsWith("[") ? form.slice(1, -1).split(", ") : [];
  return [right].flat().map((_, i) => names[i] ?? ui.text("row", { number: i + 1 }));
}

function choices(ui, task, check) {
  const rows = rowNames(ui, task), picks = () => (ui.get("typed") ? ui.get("typed").split(",") : rows.map(() => ""));
  const drawn = rows.map((name, i) => {
    const id = uid(), box = el(ui.stage, "div", { class: "fs-control" });
    el(box, "span", { id, text: name });
    const group = el(box, "div", { class: "fs-choice", role: "radiogroup", "aria-labelledby": id });
    return task.allowed.map(([number, meaning]) => {
      const one = el(group, "label"), radio = el(one, "input", { type: "radio", name: id });
      el(one, "span", { text: meaning });
      radio.addEventListener("change", () => ui.set({ typed: String(picks().with(i, number)) }), ui.life);
      radio.addEventListener("keydown", (e) => { if (e.key === "Enter") check(); }, ui.life);
      return [radio, String(number)];
    });
  });
  return () => drawn.forEach((row, i) => row.forEach(([radio, number]) => { radio.checked = picks()[i] === number; }));
}

function field(ui, task, check, asked) {
  const id = uid(), many = task.kind === "grid";
  el(ui.stage, "label", { for: id, text: ui.word("controls.typed") });
  const input = el(ui.stage, many ? "textarea" : "input", { id, "aria-describedby": asked, spellcheck: "false", autocomplete: "off",
    autocapitalize: "off", ...(many ? { rows: 4 } : { type: "text" }) });
  const on = (type, act) => input.addEventListener(type, act, ui.life);
  const tooLong = (piece) => ui.set({ answer: ui.text("long", { id: ui.get("exercise"), piece: String(piece), most: String(MOST) }) });
  // What is too long for an answer is not even put into the field: a browser would stand still over a pasted book.
  on("beforeinput", (e) => {
    const all = input.value.length + (e.data ?? e.dataTransfer?.getData("text") ?? "").length;
    if (all <= MOST) return;
    e.preventDefault();
    tooLong(all);
  });
  on("input", () => {
    const all = input.value.length;
    if (all <= MOST) return ui.set({ typed: input.value });
    input.value = ui.get("typed");
    return tooLong(all);
  });
  on("keydown", (e) => {
    if (e.key !== "Enter" || e.isComposing || (many && !e.ctrlKey && !e.metaKey)) return;
    e.preventDefault();
    check();
  });
  return () => { if (input.value !== ui.get("typed")) input.value = ui.get("typed"); };
}

function render(context) {
  const task = context.model.get("task"), id = context.model.get("exercise"), asked = uid();
  const now = () => task.variants[ui.get("variant")];
  const say = (key, piece = "") => ui.text(key, { id, piece: String(piece), most: String(MOST) });
  const got = () => {
    const typed = ui.get("typed");
    if (task.kind === "choice") {
      const picks = typed.split(",");
      if (!typed || picks.includes("")) return say("choose");
      return Array.isArray(now().right) ? picks.map(Number) : +picks[0];
    }
    const { answer, problem, piece } = read(typed, task.kind);
    return problem ? say(problem, piece) : answer ?? say("empty");
  };
  const check = () => ui.set({ answer: got() });
  const other = () => ui.set({ variant: (ui.get("variant") + 1) % task.variants.length });
  const ui = mount(context, declared, {
    // Other numbers, or another answer, withdraw the verdict.
    implied: (patch) => ({ ...("variant" in patch && { typed: "", answer: null }), ...("typed" in patch && { answer: null }) }),
    controls: [button(declared.words.controls.answer, check, "fs-main"), button(declared.words.controls.variant, other)] });
  const { root, stage } = ui, page = root.closest("[data-exercise]"), around = page ?? root;
  put(root, { "aria-label": ui.text("group", { id }) });
  if (!page) {
    el(stage, "div", { class: "ab-title", text: ui.text("title", { id, title: task.title }) });
    task.text.forEach((part) => draw(stage, part));
  }
  const ask = ui.word(`ask.${task.kind}`);
  const sync = task.kind === "choice" ? choices(ui, task, check) : field(ui, task, check, asked);
  el(stage, "p", { class: "ab-asked", id: asked, text: task.form && task.kind !== "choice" ? ui.text("asked", { ask, form: task.form }) : ui.text("asked_plainly", { ask }) });
  root.append(root.querySelector(".fs-say"));           // the verdict comes below the button
  if (!page) for (const name of ["hint", "solution"]) if (task[name].length) {
    const fold = el(root, "details");
    el(fold, "summary", { text: ui.word(name) });
    task[name].forEach((part) => draw(fold, part));
  }
  let filled = page && 0;                                // a page has the first numbers already
  ui.start(() => {
    const answer = ui.get("answer"), variant = ui.get("variant");
    const judged = answer !== null && typeof answer !== "string", problem = judged && judge({ ...task, ...now() }, answer);
    sync();
    if (filled !== variant) fill(around, now().places);
    // The code of a worked solution has the first numbers.
    if (page) page.querySelectorAll("details .cell_output").forEach((node) => put(node, { hidden: variant ? "" : null }));
    filled = variant;
    ui.tell([{ key: "verdict", text: judged ? message(id, problem) : answer ?? "" }]);
    put(root, { "data-verdict": judged ? (problem ? "wrong" : "right") : answer && "unread" });
  });
}

export default { render };
