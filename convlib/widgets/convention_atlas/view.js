// You have one line, you want another library: the line to write, and a small example that shows the numbers.
import { convolve, correlate } from "../lib/maths.js";
import { choice, el, mount, num, put, show, spell, table } from "../lib/stage.js";

const OPS = { convolve, correlate };
const OTHER_MIDDLE = { left: "right", right: "left" };

// Writes a call so that it computes the operation, size and edge of the target.
function write(call, target, dims) {
  const own = call.flips === (target.op === "convolve");
  const [x, h, k] = dims === 1 ? ["x", "h", "len(h)"] : ["image", "kernel", "k"];
  const size = own ? target.size : OTHER_MIDDLE[target.size] ?? target.size;
  let form = call.want[size] ?? `${call.want.full}[:len(${x})]`, inside = x;
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
function look(ui) {
  const t = ui.state(), target = t.atlas.lines.find((one) => one.line === t.have);
  const mine = t.atlas.calls[target.call], theirs = t.atlas.calls[t.want];
  const h = t.h.slice(0, t.length).map((row) => row.slice(0, t.length));
  const y = OPS[target.op](t.x, h, "full"), N = [t.x.length, t.x[0].length], K = [h.length, h[0].length];
  const back = { left: 1, right: 0 }[target.size];
  const origin = back === undefined ? null : K.map((k) => (k - back) >> 1);
  let kept = [[0, y.length], [0, y[0].length]];
  if (target.size === "valid") kept = K.map((k, axis) => [k - 1, N[axis]]);
  if (target.size === "first") kept = N.map((n) => [0, n]);
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
  const odd = other.length < line.length && other;      // an odd kernel has only one middle
  return { ...t, target, mine, theirs, h, y, kept, origin, line, odd };
}

function tell(ui, { target: { call: have, size, edge }, want, mine, theirs }) {
  const turn = have === want ? (mine.flips ? "flips" : "keeps")
    : mine.flips === theirs.flips ? (mine.flips ? "both" : "neither") : mine.flips ? "mine" : "theirs";
  const beyond = edge === "zero" ? ui.word("zeros") : ui.text("beyond", { edge });
  ui.tell(ui.words(`turn.${turn}`, { have, want }), ui.words(`sizes.${size in OTHER_MIDDLE ? "same" : size}`, { beyond }));
}

function complex({ mine, theirs }) {
  const refuses = [mine, theirs].some((call) => call.conjugates === "refuses complex");
  return refuses ? "refused" : mine.conjugates === theirs.conjugates ? "holds" : "conjugate";
}

// What has to stand above the line.
function first({ theirs, line, atlas }) {
  const numpy = line.replaceAll("jnp.", "").includes("np.") && !theirs.needs.includes("numpy as");
  const size = line.includes("kH") || line.includes("H]");
  return [numpy && atlas.numpy, theirs.needs, size && "H, W = image.shape; kH, kW = kernel.shape"]
    .filter(Boolean).join("\n");
}

function render(context) {
  const { lines, calls } = context.model.get("atlas"), names = (all) => ({ options: all.map((name) => [name, name]) });
  const ui = mount(context, declared, { controls: [choice("have", names(lines.map(({ line }) => line))),
    choice("want", names(Object.keys(calls)))], more: ["length"] });
  ui.root.insertBefore(ui.row, ui.stage);            // choose first, then read
  const div = (parent, cls, attrs) => el(parent, "div", { class: cls, ...attrs }), code = div(ui.stage, "ca-code");
  div(code, "fs-title", { text: ui.word("write") });
  const [needs, line, odd, note] = ["first", "line", "first", "note"].map((name) => div(code, `ca-${name}`));
  const shapes = div(ui.stage, "ca-example"), image = ui.get("dims") - 1;
  const [x, h, y] = [["x", ui.word("titles.x")[image]], ["h", ui.word("titles.h")[image]], ["y", ui.word("titles.y")]].map(([key, title]) => {
    const [, draw] = table(div(shapes, `ca-${key}`), title);
    return (rows, attrs = () => ({})) => draw(rows.map((row, r) => row.map((v, c) =>
      ({ class: null, "data-shown": `${key}[${r},${c}]`, "data-value": v, text: num(v), ...attrs(r, c) }))));
  });
  ui.start(() => {
    const s = look(ui), inside = (at) => at.every((i, axis) => i >= s.kept[axis][0] && i < s.kept[axis][1]);
    tell(ui, s);
    show(needs, "first", first(s));
    show(line, "line", s.line);
    spell(put(odd, { hidden: s.odd ? null : "" }), s.odd ? ui.words("odd", { line: { key: "odd", text: s.odd } }) : []);
    put(note, { text: ui.word(`complex.${complex(s)}`) });
    x(s.x);
    h(s.h, (r, c) => s.origin && r === s.origin[0] && c === s.origin[1] && { class: "ca-origin" });
    y(s.y, (...at) => (inside(at) ? { class: "ca-kept" } : { "data-value": null, text: "·" }));
  });
}

export default { render };
