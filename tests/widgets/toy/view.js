// A small interactive with one control of every kind, for the tests of the host and of the sweep.
import { convolve, correlate } from "../lib/maths.js";
import { axes, cells, drag, el, layer, mount, num, point, show, slider, stems } from "../lib/stage.js";

const OPS = { convolve, correlate };

function render(context) {
  const get = (k) => context.model.get(k);
  const last = () => get("x").length - 1;
  const ui = mount(context, declared, { controls: ["gain", slider("n", { max: last }), "op", "mode", "all"] });
  const svg = el(ui.stage, "svg", { viewBox: "0 0 320 190", role: "img", "aria-label": ui.word("picture"),
    style: "touch-action: pan-y" });
  const grid = cells(ui, el(ui.stage, "div", { class: "toy-h" }), { label: ui.word("controls.h"), name: "h", key: (r, c) => `h[${c}]`,
    get: (r, c) => get("h")[c], set: (r, c, v) => ui.set({ h: get("h").map((old, i) => (i === c ? Math.max(-9, Math.min(9, v)) : old)) }) });
  let X = (v) => v;
  const handle = el(svg, "circle", { r: 10, cy: 160, class: "fs-response" });
  const aria = drag(handle, { label: ui.word("handle"), max: last, get: () => get("n"), set: (n) => ui.set({ n }),
    at: (e) => X.invert(point(svg, e).x), text: (n) => ui.text("at", { n }) }, ui.life);
  const value = el(ui.stage, "p");

  ui.start(() => {
    const scale = get("gain") * (get("mode") === "tenth" ? 0.1 : 1);
    const y = OPS[get("op")](get("x"), get("h"), "same").map((v) => scale * v), n = get("n");
    ui.tell(ui.words("told", { n, now: y[n] }));
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
