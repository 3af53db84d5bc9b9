// Multiple choice, one question at a time; a wrong answer is met with the idea behind it.
import { button, choice, each, el, mount, put, uid } from "../lib/stage.js";

// Plain text with `code` in backticks, built from text nodes only.
function rich(node, key, text) {
  if (node.dataset.text === text) return;
  put(node, { "data-shown": key, "data-text": text, text: "" });
  text.split("`").forEach((part, i) => el(node, i % 2 ? "code" : "span", { text: part }));
}

// The traits, one entry per question; Python may leave the lists short.
function read(ui) {
  const { questions, index: i, ...s } = ui.state();
  const chosen = questions.map((_, n) => s.chosen[n] ?? -1), checked = questions.map((_, n) => s.checked[n] ?? false);
  const done = questions.map((_, n) => checked[n] && chosen[n] >= 0);
  const right = questions.map((q, n) => done[n] && q.options[chosen[n]].right);
  return { questions, i, chosen, checked, done, right, question: questions[i] };
}

// A copy of a list in which the present question's entry is v.
const amended = (s, name, v) => s[name].map((old, n) => (n === s.i ? v : old));

// The radio buttons of the question on display; the group belongs to one view alone.
function choices(ui, id) {
  el(ui.stage, "div", { class: "fs-title", id: `${id}-title`, text: ui.word("controls.chosen") });
  const group = el(ui.stage, "div", { class: "qz-options", role: "radiogroup",
    "aria-labelledby": `${id}-title`, "aria-describedby": `${id}-prompt` });
  group.addEventListener("change", (e) => {
    const k = [...group.children].indexOf(e.target.parentNode);
    ui.set({ chosen: amended(read(ui), "chosen", k) });
  }, ui.life);
  return (s) => {
    const verdict = (o, k) => (s.done[s.i] && k === s.chosen[s.i] ? (o.right ? " qz-right" : " qz-wrong") : "");
    each(group, "label", s.question.options, (o, k) => ({ class: `qz-option${verdict(o, k)}` }))
      .forEach((label, k) => {
        const radio = label.querySelector("input") ?? el(label, "input", { type: "radio", name: id });
        const text = label.querySelector(".qz-text") ?? el(label, "span", { class: "qz-text" });
        radio.checked = k === s.chosen[s.i];
        rich(text, `option[${k}]`, s.question.options[k].text);
      });
  };
}

// The main button: there is something to check once an option is chosen.
function check(ui, row) {
  const idle = (s) => s.done[s.i] || s.chosen[s.i] < 0;
  const press = () => { const s = read(ui); if (!idle(s)) ui.set({ checked: amended(s, "checked", true) }); };
  const sync = button(ui.word("controls.checked"), press, "fs-main")(ui, row);
  return () => {
    // Not `disabled`: the keyboard's focus would fall off the page with the press that checks the answer.
    put(sync(), { "aria-disabled": idle(read(ui)) && "true" });
  };
}

function render(context) {
  const id = uid(), steps = () => {
    const s = read(ui);
    return s.questions.map((_, n) => [n, `${n + 1}${s.done[n] ? (s.right[n] ? " ✓" : " ✗") : ""}`]);
  };
  // Choosing again withdraws the old verdict.
  const ui = mount(context, declared, { implied: (patch) => ("chosen" in patch ? { checked: amended(read(ui), "checked", false) } : {}),
    controls: [check, choice("index", { options: steps })] });
  const prompt = el(ui.stage, "p", { class: "qz-prompt", id: `${id}-prompt` });
  const options = choices(ui, id), feedback = el(ui.stage, "p", { "aria-live": "polite" });
  ui.start(() => {
    const s = read(ui), option = s.done[s.i] && s.question.options[s.chosen[s.i]];
    ui.tell(ui.words("progress", { number: s.i + 1, count: s.questions.length, right: s.right.filter(Boolean).length }));
    rich(prompt, "prompt", s.question.prompt);
    options(s);
    rich(feedback, "feedback", option ? `${ui.word(option.right ? "right" : "wrong")} ${option.why}` : "");
    put(feedback, { class: `qz-feedback${option ? (option.right ? " qz-right" : " qz-wrong") : ""}` });
  });
}

export default { render };
