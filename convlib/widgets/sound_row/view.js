// Sounds to listen to, side by side: a button, a picture of the sound, and what there is to hear.
import { el, mount, player, put, samplesOf, show, spell } from "../lib/stage.js";

const WIDE = 300, HIGH = 44;

// The outline of a sound: its largest and smallest value in each of 150 pieces.
function outline(samples, longest) {
  const step = longest / 150, across = WIDE / 150, top = [], low = [];
  for (let i = 0; i * step < samples.length; i++) {
    const piece = samples.subarray(Math.floor(i * step), Math.max(Math.floor((i + 1) * step), Math.floor(i * step) + 1));
    const y = (v) => (HIGH / 2) * (1 - 0.96 * v);
    top.push(`${(i * across).toFixed(1)} ${y(Math.max(...piece)).toFixed(1)}`);
    low.unshift(`${(i * across).toFixed(1)} ${(y(Math.min(...piece)) + 0.8).toFixed(1)}`);
  }
  return `M${[...top, ...low].join("L")}z`;
}

function row(ui, table, sound, i, sounds) {
  const line = el(table, "div", { class: "sr-line", role: "group", "aria-label": sound.title });
  const node = el(line, "button", { type: "button", class: "fs-button sr-play" });
  const words = el(line, "div", { class: "sr-words" }), head = el(words, "p", { class: "sr-title" });
  show(el(head, "strong"), `title[${i}]`, sound.title);
  const long = el(head, "span", { class: "sr-long" });
  show(el(words, "p", { class: "sr-text" }), `text[${i}]`, sound.text);
  const svg = el(line, "svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  el(svg, "path", { d: outline(sounds[i], Math.max(...sounds.map((s) => s.length))) });
  node.addEventListener("click", () => (ui.player.playing() === i ? ui.player.stop()
    : ui.player.play(i, sounds[i], ui.get("rate"), how(ui))), ui.life);
  return () => {
    const on = ui.player.playing() === i, press = ui.word(on ? "stop" : "play"), value = sounds[i].length / ui.get("rate") / ui.get("speed");
    put(line, { class: on ? "sr-line sr-on" : "sr-line" });
    put(node, { text: press, "aria-label": ui.text("what", { press, title: sound.title }) });
    spell(long, ui.words("seconds", { seconds: { key: `seconds[${i}]`, value } }));
  };
}

const how = (ui) => ({ volume: ui.get("volume") / 100, playbackRate: ui.get("speed") });

function render(context) {
  const ui = mount(context, declared, { controls: ["speed"], more: ["volume"] });
  const table = el(ui.stage, "div", { class: "sr-table" });
  let rows = [], key = null;
  ui.player = player(ui.life, () => rows.forEach((draw) => draw()));
  ui.start(() => {
    const given = ui.get("sounds"), now = JSON.stringify(given);
    if (key !== now) {
      key = now;
      ui.player.stop();
      table.replaceChildren();
      const sounds = given.map(samplesOf);
      rows = given.map((sound, i) => row(ui, table, sound, i, sounds));
    }
    ui.player.tune(how(ui));
    rows.forEach((draw) => draw());
    const slow = ui.traits.speed.options.indexOf(ui.get("speed")) - 1;
    ui.tell(ui.words("say"), slow >= 0 && ui.words(`slow.${slow}`));
  });
}

export default { render };
