// A small interactive with one control of every kind, for the tests of the host and of the sweep.
import { convolve, correlate } from "./maths.js";
import { axes, cells, choice, drag, el, layer, mount, num, point, show, slider, stems, toggle } from "./stage.js";

const OPS = { convolve, correlate };

function render(context) {
  const traits = ["x", "h", "gain", "n", "op", "mode", "all"];
  const get = (k) => context.model.get(k);
  const last = () => get("x").length - 1;
  const ui = mount(context, { name: "toy", label: "One output sample", traits, controls: [
    slider("gain", "Gain", { min: -1, max: 1, step: 0.25 }), slider("n", "Sample", { max: last }),
    choice("op", "Operation", [["convolve", "convolve"], ["correlate", "correlate"]]),
    choice("mode", "Scale", [["plain", "plain"], ["tenth", "a tenth"]], { select: true }),
    toggle("all", "Every sample")] });
  const svg = el(ui.stage, "svg", { viewBox: "0 0 320 190", role: "img", "aria-label": "Output",
    style: "touch-action: pan-y" });
  const grid = cells(el(ui.stage, "div", { class: "toy-h" }), { label: "Response", name: "h", key: (r, c) => `h[${c}]`,
    get: (r, c) => get("h")[c], set: (r, c, v) => ui.set({ h: get("h").map((old, i) => (i === c ? Math.max(-9, Math.min(9, v)) : old)) }) }, ui.life);
  let X = (v) => v;
  const handle = el(svg, "circle", { r: 10, cy: 160, class: "fs-response" });
  const aria = drag(handle, { label: "Position", max: last, get: () => get("n"), set: (n) => ui.set({ n }),
    at: (e) => X.invert(point(svg, e).x), text: (n) => `sample ${n}` }, ui.life);
  const value = el(ui.stage, "p");

  ui.start(() => {
    const scale = get("gain") * (get("mode") === "tenth" ? 0.1 : 1);
    const y = OPS[get("op")](get("x"), get("h"), "same").map((v) => scale * v), n = get("n");
    ui.tell(`y[${n}] is ${num(y[n])}.`);
    const shown = get("all") ? y : [], top = Math.max(1, ...y.map(Math.abs));
    const to = axes(layer(svg, "toy-axes"), { box: [50, 30, 240, 100], x: [0, last()], y: [-top, top] });
    X = to.X;
    stems(layer(svg, "toy-y"), shown, { ...to, role: "y", key: (i) => `y[${i}]` });
    handle.setAttribute("cx", X(n));
    aria();
    grid.sync([get("h").map((v, c) => ({ "aria-label": `h[${c}]: ${num(v)}`, "data-shown": `h[${c}]`, "data-value": v, text: num(v) }))]);
    show(value, "now", y[n]);
  });
}

export default { render };
