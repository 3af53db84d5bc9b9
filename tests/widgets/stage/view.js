// Every drawing helper of stage.js on one page, for the tests.
import { animate, axes, button, curve, drag, el, layer, mount, point, put, slider, stems } from "../lib/stage.js";

function render(context) {
  const ui = mount(context, declared, { implied: (patch) => ("kind" in patch ? { n: 0 } : {}),
    controls: [slider("n", { max: () => ui.get("x").length - 1, text: (n) => ui.text("at", { n }) }), "kind", "on",
      button(() => ui.word("run"), () => { ui.root.brake = animate(900, (u) => { ui.root.at = u; }, ui.life); })] });
  const svg = el(ui.stage, "svg"), knob = el(svg, "circle", { r: 9 });
  let Y = null;
  const value = (v) => ui.set({ x: ui.get("x").map((old, i) => (i ? old : v)) });
  const sync = drag(knob, { label: "x[0]", min: -2, max: 2, step: 0.5, get: () => ui.get("x")[0],
    set: value, at: (e) => Y.invert(point(svg, e).y) }, ui.life);
  ui.start(() => {
    const x = ui.get("x"), width = ui.width();
    put(svg, { viewBox: `0 0 ${width} 200` });
    const scales = axes(layer(svg, "a"), { box: [40, 20, width - 50, 140], x: [-1, 6], y: [-2, 2], xlabel: "n", ylabel: "x[n]" });
    Y = scales.Y;
    stems(layer(svg, "s"), x, { ...scales, key: (i) => `x[${i}]`, dim: (i) => i !== ui.get("n") });
    stems(layer(svg, "h"), x, { ...scales, role: "h" });
    stems(layer(svg, "y"), x, { ...scales, role: "y" });
    curve(layer(svg, "c"), x.map((_, i) => i), x, { ...scales, role: "y", area: true });
    put(knob, { cx: scales.X(0), cy: Y(x[0]) });
    sync();
    ui.tell(ui.words("told", ui.state()));
  });
}

export default { render };
