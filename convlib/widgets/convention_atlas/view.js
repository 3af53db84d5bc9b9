// You have one line, you want another library: the line to write, and a small example that shows the numbers.
import { convolve, correlate } from "../lib/maths.js";
import { choice, each, el, mount, put, show, slider } from "../lib/stage.js";

const TRAITS = ["dims", "atlas", "have", "want", "length", "x", "h"];
const OPS = { convolve, correlate };
const OTHER_MIDDLE = { left: "right", right: "left" };
const BEYOND = { symmetric: "“symmetric”", reflect: "“reflect”" };

// Writes a call so that it computes the operation, size and edge of the target.
function write(call, target, dims) {
  const own = call.flips === (target.op === "convolve");
  const [x, h, k] = dims === 1 ? ["x", "h", "len(h)"] : ["image", "kernel", "k"];
  const size = own ? target.size : OTHER_MIDDLE[target.size] ?? target.size;
  let form = call.want[size], inside = x;
  if (target.edge !== "zero" && !form.includes("{edge}")) {
    const halves = [`(${k} - 1) // 2`, `${k} // 2`];
    const [a, b] = (size === "left") !== call.flips ? halves : halves.reverse();
    inside = fill(call.pad, { x, a, b, edge: target.edge });
    form = call.want.valid;
  }
  return fill(form, { x: inside, h: own ? h : call.flipped, edge: call.edges[target.edge] ?? "" });
}

const fill = (form, parts) => form.replace(/\{(\w+)\}/g, (_, name) => parts[name]);

// np.pad's “symmetric” repeats the sample at the edge, its “reflect” does not.
function mirrored(i, n, edge) {
  const period = edge === "symmetric" ? 2 * n : Math.max(1, 2 * n - 2);
  const at = ((i % period) + period) % period;
  return at < n ? at : period - at - (edge === "symmetric" ? 1 : 0);
}

function beyond(x, margins, edge) {
  const wide = ([before, after], n) =>
    Array.from({ length: before + n + after }, (_, i) => mirrored(i - before, n, edge));
  const rows = wide(margins[0], x.length), cols = wide(margins[1], x[0].length);
  return rows.map((r) => cols.map((c) => x[r][c]));
}

// Everything that is drawn, worked out from the traits.
function look(get) {
  const t = Object.fromEntries(TRAITS.map((k) => [k, get(k)]));
  const target = t.atlas.lines.find((one) => one.line === t.have);
  const mine = t.atlas.calls[target.call], theirs = t.atlas.calls[t.want];
  const h = t.h.slice(0, t.length).map((row) => row.slice(0, t.length));
  const y = OPS[target.op](t.x, h, "full"), N = [t.x.length, t.x[0].length], K = [h.length, h[0].length];
  const back = { left: 1, right: 0 }[target.size];
  const origin = back === undefined ? null : K.map((k) => (k - back) >> 1);
  let kept = [[0, y.length], [0, y[0].length]];
  if (target.size === "valid") kept = K.map((k, axis) => [k - 1, N[axis]]);
  if (origin) {
    const first = K.map((k, axis) => (target.op === "convolve" ? origin[axis] : k - 1 - origin[axis]));
    kept = first.map((f, axis) => [f, f + N[axis]]);
    if (target.edge !== "zero") {
      const wide = beyond(t.x, K.map((k, axis) => [k - 1 - first[axis], first[axis]]), target.edge);
      const inner = OPS[target.op](wide, h, "valid");
      inner.forEach((row, r) => row.forEach((v, c) => { y[first[0] + r][first[1] + c] = v; }));
    }
  }
  const line = write(theirs, target, t.dims);
  const other = write(theirs, { ...target, size: OTHER_MIDDLE[target.size] ?? target.size }, t.dims);
  const odd = other.length < line.length ? `If the kernel’s length is odd, shorter: ${other}` : "";
  return { ...t, target, mine, theirs, h, y, kept, origin, line, odd };
}

function sentence({ target, want, theirs, mine }) {
  const name = target.call, verb = (call) => (call.flips ? "flips" : "does not flip");
  const both = mine.flips ? "Both flip" : "Both leave the kernel as it is";
  const turn = name === want ? `${name} ${verb(mine)}.`
    : mine.flips === theirs.flips ? `${both}: hand the kernel over unchanged.`
      : `${name} ${verb(mine)}, ${want} ${theirs.flips ? "flips" : "does not"}: turn the kernel.`;
  return `${turn} ${sizes(target)}`;
}

function sizes({ size, edge }) {
  if (size === "full") return "You have every output that the kernel reaches (full).";
  if (size === "valid") return "You have only outputs whose kernel lies inside (valid).";
  const outside = edge in BEYOND ? `beyond the edge x goes on as np.pad’s ${BEYOND[edge]}` : "zeros beyond the edge";
  return `You have one output for each sample (same), ${outside}; the framed weight lies on the output’s own place.`;
}

function complex({ mine, theirs }) {
  const refuses = [mine, theirs].some((call) => call.conjugates === "refuses complex");
  if (refuses) return "For real numbers: one of the two calls refuses complex ones.";
  return mine.conjugates === theirs.conjugates ? "Holds for complex numbers too."
    : "With complex numbers, pass the conjugate of the kernel: only one of the two calls conjugates it.";
}

// What has to stand above the line.
function first({ theirs, line, atlas }) {
  const numpy = line.replaceAll("jnp.", "").includes("np.") && !theirs.needs.includes("numpy as");
  const size = line.includes("kH") || line.includes("H]");
  return [numpy && atlas.numpy, theirs.needs, size && "H, W = image.shape; kH, kW = kernel.shape"]
    .filter(Boolean).join("\n");
}

// A grid of numbers; role gives its colour, mark(r, c) more classes.
function grid(parent, title, role) {
  const box = el(parent, "div", { class: `ca-${role}` });
  el(box, "div", { class: "fs-title", text: title });
  const table = el(box, "div", { class: "fs-table", role: "table", "aria-label": title });
  return (key, values, mark = () => "") => each(table, "div", values, () => ({ role: "row" })).forEach((line, r) =>
    each(line, "div", values[r], (v, c) => ({ role: "cell", class: mark(r, c) || null })).forEach((node, c) =>
      show(node, `${key}[${r},${c}]`, values[r][c])));
}

function render(context) {
  const get = (k) => context.model.get(k);
  const { lines, calls } = get("atlas"), image = get("dims") === 2;
  const ui = mount(context, { name: "convention-atlas", label: "From one library’s call to another’s", traits: TRAITS,
    controls: [
      choice("have", "You have", lines.map(({ line }) => [line, line]), { select: true }),
      choice("want", "You want", Object.keys(calls).map((name) => [name, name]), { select: true }),
      slider("length", "Kernel length", { min: 1, max: 4 })] });
  ui.root.insertBefore(ui.row, ui.stage);            // choose first, then read
  const code = el(ui.stage, "div", { class: "ca-code" });
  el(code, "div", { class: "fs-title", text: "Write" });
  const needs = el(code, "div", { class: "ca-first" }), line = el(code, "div", { class: "ca-line" });
  const odd = el(code, "div", { class: "ca-first" }), note = el(code, "div", { class: "ca-note" });
  const shapes = el(ui.stage, "div", { class: "ca-example" });
  const x = grid(shapes, image ? "image" : "x", "x"), h = grid(shapes, image ? "kernel" : "h", "h");
  const y = grid(shapes, "Both lines give the filled cells", "y");
  ui.start(() => {
    const s = look(get), inside = (r, c) => [r, c].every((at, axis) => at >= s.kept[axis][0] && at < s.kept[axis][1]);
    ui.tell(sentence(s));
    show(needs, "first", first(s));
    show(line, "line", s.line);
    put(show(odd, s.odd ? "odd" : null, s.odd), { hidden: s.odd ? null : "" });
    show(note, "complex", complex(s));
    x("x", s.x);
    h("h", s.h, (r, c) => (s.origin && r === s.origin[0] && c === s.origin[1] ? "ca-origin" : ""));
    y("y", s.y.map((row, r) => row.map((v, c) => (inside(r, c) ? v : "·"))), (r, c) => (inside(r, c) ? "ca-kept" : ""));
  });
}

export default { render };
