// A DFT of length N has N places: the tail of the linear result is cut off and laid under its head.
import { convolve, dft, idft } from "../lib/maths.js";
import { button, choice, drag, each, el, layer, mount, num, put, scale, slider, stems, toggle } from "../lib/stage.js";

const TRAITS = ["x", "h", "len_h", "n_fft", "predict", "guess"];
const LEN_X = 7, LEN_H = 5, SHORTEST = LEN_X - 1, LONGEST = LEN_X + LEN_H + 1, FIRST_H = 8, ROW = 24;
const INPUTS = [[[2, 0, 1, 4, 0, 3, 5], "mixed"], [[0, 0, 0, 0, 0, 0, 5], "late"], [[5, 0, 0, 0, 0, 0, 0], "early"]];
const SHAPES = [[[5, 3, 2, 1, 1], "fades"], [[1, 1, 1, 1, 1], "lasts"], [[1, 0, 0, 2, 3], "comes back"]];
const WRONG = { none: "No.", first: "No.", last: "No: what is cut off at the end lands at the beginning.",
  all: "No: only the places that something lands on are wrong." };
const small = (n) => String(n).replace(/\d/g, (d) => "₀₁₂₃₄₅₆₇₈₉"[d]);
const upto = (first, last) => Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i);
const words = (g, cls, items, at) => each(layer(g, cls), "text", items, (v, i) => ({ "text-anchor": "middle", ...at(v, i) }));

// What ifft(fft(x, N) * fft(h, N)) gives, by the DFT itself; whole numbers in, so whole numbers out.
function circular(x, h, N) {
  const [X, H] = [x, h].map((v) => dft(upto(0, N).map((n) => v[n] ?? 0)));
  const re = X.re.map((v, k) => v * H.re[k] - X.im[k] * H.im[k]), im = X.re.map((v, k) => v * H.im[k] + X.im[k] * H.re[k]);
  return idft({ re, im }).re.map(Math.round);
}

function look(get) {
  const s = Object.fromEntries(TRAITS.map((k) => [k, get(k)])), N = s.n_fft, h = s.h.slice(0, s.len_h);
  const linear = convolve(s.x.slice(0, N), h), length = linear.length, many = Math.max(0, length - N);
  return { ...s, N, h, linear, length, many, cropped: N < LEN_X, revealed: !s.predict || s.guess !== "",
    all: [...linear, ...upto(length, N).map(() => 0)], circular: circular(s.x, h, N) };
}

function answers(s) {
  const many = s.many || Math.max(1, s.len_h - 1);
  return [["none", "none"], ["first", `n = ${upto(0, many).join(", ")}`], ["last", `n = ${upto(s.N - many, s.N).join(", ")}`],
    ["all", `all ${s.N}`]];
}

function landed({ many, length, linear, N }) {
  const chance = linear.slice(N).includes(0) ? " Where a 0 lands, the number is right by chance." : "";
  return many === 1 ? `the last of ${length} samples finds no place and lands on n = 0.${chance}`
    : `the last ${many} of ${length} samples find no place and land on n = ${upto(0, many).join(", ")}.${chance}`;
}

function told(s) {
  const { N, many, length } = s;
  if (s.cropped) return `N = ${N} is shorter than x: fft(x, ${N}) throws x[${N}] away before anything is multiplied. ${
    many ? `Then ${landed(s)}` : "Nothing wraps, but the end is missing."}`;
  if (many) return `N = ${N}: ${landed(s)}`;
  const zeros = N > length + 1 ? ` The last ${N - length} stay 0.` : N > length ? " The last one stays 0." : "";
  return `N = ${N}: all ${length} samples have a place of their own. Nothing wraps.${zeros}`;
}

function sentence(s) {
  const ask = "Which samples of what comes back will be wrong?";
  if (!s.revealed && s.cropped) return `fft(x, ${s.N}) keeps only the first ${s.N} of the ${LEN_X} samples of x. ${ask}`;
  if (!s.revealed) return `The linear result has ${s.length} samples, the DFT has ${s.N} places. ${ask}`;
  const right = s.guess === (s.many ? "first" : "none");
  return `${s.predict ? `${right ? "Right." : WRONG[s.guess]} ` : ""}${told(s)}`;
}

function line(s) {
  const name = `y${small(s.N)}`, end = s.cropped ? ", with x cropped" : "";
  if (!s.many) return `${name}[n] = y[n] for n = 0 … ${s.N - 1}${end}`;
  const [a, b] = [s.linear[0], s.linear[s.N]];
  return `${name}[0] = y[0] + y[${s.N}] = ${num(a)} + ${num(b)} = ${num(a + b)}${end}`;
}

const badge = (s) => (s.many ? `${s.many} of ${s.N} spoiled` : "none spoiled") + (s.cropped ? ", x cropped" : "");

// Where everything stands, in the units of the picture: thirteen columns, one for each place.
function places(W) {
  const cw = W / LONGEST, top = 30, head = 186, tail = head + ROW + 8, base = tail + 114;
  return { W, cw, top, head, tail, base, high: base + 44, w: Math.min(cw - 3, 46), cx: (i) => (i + 0.5) * cw };
}

// Stems with their names, and over each a handle that pulls it up and down.
function series(ui, svg, p, s, role, values, from, title) {
  const X = (i) => p.cx(i + from), Y = scale(0, Math.max(1, ...values), p.top + 68, p.top + 20), g = layer(svg, `wa-${role}`);
  stems(g, values, { X, Y, role, key: (i) => `${role}[${i}]`, dim: (i) => role === "x" && i >= s.N });
  each(layer(g, "wa-axis"), "path", [0], () => ({ d: `M${X(-0.5) + 2} ${Y(0)}H${X(values.length - 0.5) - 2}` }));
  words(g, "fs-ticks", values, (_, i) => ({ x: X(i), y: p.top + 88, text: i }));
  words(g, "fs-names", [title], (text) => ({ x: X(-0.5) + 2, y: p.top - 14, "text-anchor": "start", text }));
  each(layer(layer(svg, "wa-grips"), `wa-${role}`), "rect", values, (_, i) =>
    ({ x: X(i - 0.5) + 1, y: p.top - 6, width: p.cw - 2, height: 78 })).forEach((node, i) => {
    (node.aria ??= drag(node, { label: `${role}[${i}]`, max: 9, get: () => ui.get(role)[i],
      set: (v) => ui.set({ [role]: ui.get(role).map((old, k) => (k === i ? v : old)) }),
      at: (e, start) => start.value + (start.y - e.clientY) / 9 }, ui.life))();
  });
}

// The linear result as chips; those that found no place lie under the first ones once the answer is out.
function strip(svg, s, p) {
  const most = Math.max(1, ...s.all), h = ROW - 2, box = (x) => ({ x: x - p.w / 2, y: -h / 2, width: p.w, height: h, rx: 5 });
  const folded = (n) => s.revealed && n >= s.N, out = s.all.map((_, n) => n).filter((n) => n >= s.N);
  each(layer(svg, "wa-gone"), "rect", out, (n) => ({ ...box(p.cx(n)), y: p.head - h / 2 }));
  each(layer(svg, "wa-strip"), "g", s.all, (v, n) => ({
    class: n >= s.N ? "wa-chip wa-tail" : n >= s.length ? "wa-chip wa-zero" : "wa-chip",
    style: `transform: translate(${p.cx(folded(n) ? n - s.N : n)}px, ${folded(n) ? p.tail : p.head}px); --share: ${Math.round((40 * v) / most)}%` }))
    .forEach((node, n) => {
      each(layer(node, "wa-box"), "rect", [0], () => box(0));
      words(node, "wa-words", [s.all[n]], (v) => ({ y: 4.5, "data-shown": `y[${n}]`, "data-value": v, text: num(v) }));
    });
  words(svg, "fs-ticks", s.all, (_, n) => ({ x: p.cx(n), y: p.head - 20, text: n }));
  const wide = p.W > 480, what = s.cropped ? `linear, x cut to ${s.N}` : wide ? `linear result y = x ∗ h, ${s.length} samples` : `linear: ${s.length} samples`;
  words(svg, "wa-title", [what, ...(s.many && s.revealed ? [wide ? "+ the tail, laid under" : "+ tail"] : [])], (text, i) =>
    ({ x: i ? s.many * p.cw + 5 : 2, y: i ? p.tail + 5 : p.head - 42, "text-anchor": "start", text }));
}

// What comes back: a bar for each place, and on the first ones what has landed there.
function bars(svg, s, p) {
  const back = s.revealed ? s.circular : [], Y = scale(0, Math.max(1, ...s.circular), p.base, p.tail + 38), half = Math.min(14, p.cw * 0.3);
  const bar = (n, from, to) => `M${p.cx(n) - half} ${Y(from)}V${Y(to)}h${2 * half}V${Y(from)}z`;
  const hit = upto(0, s.revealed ? s.many : 0);
  each(layer(svg, "wa-here"), "rect", hit, (n) => ({ x: n * p.cw + 1, y: p.head - 14, width: p.cw - 2, height: p.base + 22 - p.head + 14, rx: 6 }));
  each(layer(svg, "wa-bars"), "path", back, (_, n) => ({ d: bar(n, 0, s.all[n]) }));
  each(layer(svg, "wa-landed"), "path", hit, (n) => ({ d: bar(n, s.all[n], s.circular[n]) }));
  each(layer(svg, "wa-axis"), "path", [0], () => ({ d: `M0 ${p.base}H${s.N * p.cw}` }));
  words(svg, "wa-back", back, (v, n) => ({ x: p.cx(n), y: Y(v) - 6, class: n < s.many ? "wa-bad" : null, "data-shown": `circular[${n}]`, "data-value": v, text: num(v) }));
  words(layer(svg, "wa-under"), "fs-ticks", upto(0, s.N), (n) => ({ x: p.cx(n), y: p.base + 17, text: n }));
  words(svg, "fs-names", [`what ifft(fft(x, ${s.N}) * fft(h, ${s.N})) returns`], (text) => ({ x: 2, y: p.base + 38, "text-anchor": "start", text }));
}

// The cut: a line after place N, and a grip that moves it.
function cutter(ui, svg) {
  const node = el(layer(svg, "wa-cutter"), "rect", { rx: 6 });
  const aria = drag(node, { label: "Cut", min: SHORTEST, max: LONGEST, get: () => ui.get("n_fft"), set: (n) => ui.set({ n_fft: n }),
    at: (e, start) => start.value + (e.clientX - start.x) / (svg.getBoundingClientRect().width / LONGEST), text: (n) => `after ${n} places` }, ui.life);
  return (s, p) => {
    const x = Math.min(s.N * p.cw, p.W - 1), end = s.N > LONGEST - 3;
    each(layer(svg, "wa-cut"), "path", [`M${x} ${p.head - 36}V${p.base}`], (d) => ({ d }));
    words(svg, "wa-n", [`N = ${s.N}`], (text) => ({ x: end ? x - 2 : x, y: p.head - 42, "text-anchor": end ? "end" : "middle", text }));
    put(node, { x: x - 14, y: p.head - 58, width: 28, height: p.base - p.head + 58 });
    aria();
  };
}

// The question stands where the sum will stand, so that nothing jumps.
function asker(ui, parent) {
  const group = el(parent, "div", { class: "fs-control", role: "group", "aria-label": "Your answer" });
  el(group, "span", { text: "Your answer" });
  const list = answers(look(ui.get)).map(([name]) => button("", () => ui.set({ guess: name }))(ui, group));
  const nodes = [...group.querySelectorAll("button")];
  return (s) => {
    if (s.revealed && nodes.includes(document.activeElement)) ui.root.querySelector(".wa-cutter rect").focus();
    put(group, { hidden: s.revealed ? "" : null });
    answers(s).forEach(([, text], i) => put(nodes[i], { text, "data-shown": s.revealed ? null : `answer[${i}]` }));
  };
}

function render(context) {
  const ui = mount(context, { name: "wrap-around", label: "The tail of a convolution laid under its head", traits: TRAITS,
    implied: (patch) => ("guess" in patch ? {} : { guess: "" }),
    controls: [slider("n_fft", "DFT length N", { min: SHORTEST, max: LONGEST }), slider("len_h", "Length of h", { min: 1, max: LEN_H }),
      choice("x", "Input x", INPUTS), choice("h", "Response h", SHAPES), toggle("predict", "Predict first")] });
  const svg = el(ui.stage, "svg", { role: "group", "aria-label": "Input, response, linear result and what comes back" });
  ["wa-here", "wa-x", "wa-h", "wa-gone", "wa-cut", "wa-bars", "wa-strip"].forEach((cls) => layer(svg, cls));
  const foot = el(ui.stage, "div", { class: "wa-foot" }), ask = asker(ui, foot), cut = cutter(ui, svg);
  const mark = el(foot, "span", { class: "wa-badge" }), sum = el(foot, "span", { class: "wa-line" });
  ui.start(() => {
    const s = look(ui.get), em = parseFloat(getComputedStyle(ui.root).fontSize) / 16 || 1, p = places(ui.width() / em);
    put(svg, { viewBox: `0 0 ${p.W} ${p.high}` });
    series(ui, svg, p, s, "x", s.x, 0, "input x");
    series(ui, svg, p, s, "h", s.h, FIRST_H, "response h");
    [strip, bars, cut].forEach((draw) => (draw === cut ? draw(s, p) : draw(svg, s, p)));
    ui.tell(sentence(s));
    ask(s);
    for (const [node, key, text] of [[mark, "badge", badge(s)], [sum, "line", line(s)]])
      put(node, { hidden: s.revealed ? null : "", "data-shown": s.revealed ? key : null, text: s.revealed ? text : "" });
    put(mark, { class: s.many || s.cropped ? "wa-badge wa-some" : "wa-badge" });
  });
}

export default { render };
