// A clap and its echo: two sliders and a prediction.
import { axes, el, layer, mount, num, put, question, stems } from "../lib/stage.js";

const { clap: CLAP } = declared.data, LAST = CLAP + declared.traits.delay.max;

// The answers on offer: the right one, and what one gets by adding nothing or by counting the clap too.
function answers(ui) {
  const delay = ui.get("delay");
  return [delay, CLAP + delay, CLAP + delay + 1].map((n) => [n, `n = ${num(n)}`]);
}

function tell(ui, at) {
  const { tenths, predict, guess } = ui.state();
  if (ui.asked()) return ui.tell(ui.words("ask", {}));
  ui.tell(predict && ui.words(guess === at ? "right" : "wrong"), ui.words("told", { at, y: tenths / 10 }));
}

function render(context) {
  const ui = mount(context, declared, { controls: [question(answers), "delay"], more: ["tenths", "predict"] });
  const svg = el(ui.stage, "svg", { role: "group", "aria-label": ui.word("picture") });
  ui.start(() => {
    const { delay, tenths } = ui.state(), W = ui.width() / ui.em(), y = Array(LAST + 1).fill(0);
    y[CLAP] = 1;
    if (!ui.asked()) y[CLAP + delay] = tenths / 10;
    put(svg, { viewBox: `0 0 ${W} 190` });
    const to = axes(layer(svg, "oe-axes"), { box: [30, 30, W - 50, 110], x: [-0.5, LAST + 0.5], y: [0, 1], xlabel: "n", ylabel: "y[n]" });
    stems(layer(svg, "oe-y"), y, { ...to, role: "y", label: () => "" });
    tell(ui, CLAP + delay);
  });
}

export default { render };
