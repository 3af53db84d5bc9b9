// A DFT of length N has N places: the tail of the linear result is cut off and laid under its head.
import { convolve, dft, idft } from "../lib/maths.js";
import { drag, each, el, layer, mount, num, put, question, scale, spell, stems, words } from "../lib/stage.js";

const { min: SHORTEST, max: LONGEST } = declared.traits.n_fft, FIRST_H = 8, ROW = 24;
const small = (n) => String(n).replace(/\d/g, (d) => "₀₁₂₃₄₅₆₇₈₉"[d]);
const upto = (first, last) => Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i);

// What ifft(fft(x, N) * fft(h, N)) gives, by the DFT itself; whole numbers in, so whole numbers out.
function circular(x, h, N) {
  const [X, H] = [x, h].map((v) => dft(upto(0, N).map((n) => v[n] ?? 0)));
  const re = X.re.map((v, k) => v * H.re[k] - X.im[k] * H.im[k]), im = X.re.map((v, k) => v * H.im[k] + X.im[k] * H.re[k]);
  return idft({ re, im }).re.map(Math.round);
}

function look(ui) {
  const s = ui.state(), N = s.n_fft, h = s.h.slice(0, s.len_h);
  const linear = convolve(s.x.slice(0, N), h), length = linear.length, many = Math.max(0, length - N);
  return { ...s, N, h, linear, length, many, cropped: N < s.x.length, revealed: !ui.asked(),
    all: [...linear, ...upto(length, N).map(() => 0)], circular: circular(s.x, h, N) };
}

function answers(ui) {
  const s = look(ui), { N } = s, many = s.many || Math.max(1, s.len_h - 1);
  const at = { N, first: upto(0, many).join(", "), last: upto(N - many, N).join(", ") };
  return Object.keys(ui.word("answers")).map((name) => [name, ui.text(`answers.${name}`, at)]);
}

function tell(ui, s) {
  const { n_fft, length, many, N } = s, at = { n_fft, length, many, zeros: N - length, len_x: s.x.length };
  const say = (key) => ui.words(key, at);
  if (!s.revealed) return ui.tell(say(s.cropped ? "keeps" : "places"), say("ask"));
  if (many) at.landing = { key: "landing", text: upto(0, many).join(", ") };
  at.landed = say(many > 1 ? "some" : "one");
  const verdict = s.predict && say(s.guess === (many ? "first" : "none") ? "right" : `wrong.${s.guess}`);
  const told = s.cropped ? [say("shorter"), say(many ? "then" : "missing")]
    : many ? [say("size")] : [say("fits"), N > length && say(N > length + 1 ? "zeros" : "zero")];
  return ui.tell(verdict, ...told, s.linear.slice(N).includes(0) && say("chance"));
}

// The badge, and the sum of what lands on the first place.
function foot(ui, { n_fft, N, many, linear, cropped, ...s }) {
  const at = { name: `y${small(N)}`, n_fft, many, end: N - 1, head: { key: "y[0]", value: linear[0] },
    tail: { key: `y[${N}]`, value: linear[N] }, both: { key: "circular[0]", value: s.circular[0] } };
  return [["spoiled", "clean", "cropped"], ["sum", "same", "of_cropped"]].map(([some, none, end]) =>
    [...ui.words(many ? some : none, at), ...(cropped ? ui.words(end) : [])]);
}

// Where everything stands, in the units of the picture: thirteen columns, one for each place. What comes back gets no
// room before the first answer.
function places(W, short) {
  const cw = W / LONGEST, top = 26, head = 178, tail = head + ROW + 8, base = tail + 110, high = short ? head + 20 : base + 44;
  return { W, cw, top, head, tail, base, high, short, end: Math.min(base, high), w: Math.min(cw - 3, 46), cx: (i) => (i + 0.5) * cw };
}

// Stems with their names, and over each a handle that pulls it up and down.
function series(ui, svg, p, s, role, values, from) {
  const X = (i) => p.cx(i + from), Y = scale(0, Math.max(1, ...values), p.top + 64, p.top + 24), g = layer(svg, `wa-${role}`);
  stems(g, values, { X, Y, role, key: (i) => `${role}[${i}]`, dim: (i) => role === "x" && i >= s.N, grip: true });
  each(layer(g, "wa-axis"), "path", [0], () => ({ d: `M${X(-0.5) + 2} ${Y(0)}H${X(values.length - 0.5) - 2}` }));
  words(g, "fs-ticks", values, (_, i) => ({ x: X(i), y: p.top + 88, text: i }));
  words(g, "fs-names", [ui.word(`names.${role}`)], (text) => ({ x: X(-0.5) + 2, y: p.top - 14, "text-anchor": "start", text }));
  each(layer(layer(svg, "wa-grips"), `wa-${role}`), "rect", values, (_, i) =>
    ({ x: X(i - 0.5) + 1, y: p.top - 6, width: p.cw - 2, height: 78 })).forEach((node, i) => {
    (node.aria ??= drag(node, { label: `${role}[${i}]`, max: ui.traits[role].high, get: () => ui.get(role)[i],
      set: (v) => ui.set({ [role]: ui.get(role).map((old, k) => (k === i ? v : old)) }),
      at: (e, start) => start.value + (start.y - e.clientY) / 9 }, ui.life))();
  });
}

// The linear result as chips; those that found no place lie under the first ones once the answer is out.
function strip(ui, svg, s, p) {
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
  const wide = p.W > 480 ? "wide" : "narrow", what = ui.text(`linear.${s.cropped ? "cropped" : wide}`, s);
  words(svg, "wa-title", [what, ...(s.many && s.revealed ? [ui.word(`tail.${wide}`)] : [])], (text, i) =>
    ({ x: i ? s.many * p.cw + 5 : 2, y: i ? p.tail + 5 : p.head - 42, "text-anchor": "start", text }));
}

// What comes back: a bar for each place, and on the first ones what has landed there.
function bars(ui, svg, s, p) {
  const back = s.revealed ? s.circular : [], Y = scale(0, Math.max(1, ...s.circular), p.base, p.tail + 38), half = Math.min(14, p.cw * 0.3);
  const bar = (n, from, to) => `M${p.cx(n) - half} ${Y(from)}V${Y(to)}h${2 * half}V${Y(from)}z`;
  const hit = upto(0, s.revealed ? s.many : 0);
  each(layer(svg, "wa-here"), "rect", hit, (n) => ({ x: n * p.cw + 1, y: p.head - 14, width: p.cw - 2, height: p.base + 22 - p.head + 14, rx: 6 }));
  each(layer(svg, "wa-bars"), "path", back, (_, n) => ({ d: bar(n, 0, s.all[n]) }));
  each(layer(svg, "wa-landed"), "path", hit, (n) => ({ d: bar(n, s.all[n], s.circular[n]) }));
  each(layer(svg, "wa-axis"), "path", p.short ? [] : [0], () => ({ d: `M0 ${p.base}H${s.N * p.cw}` }));
  words(svg, "wa-back", back, (v, n) => ({ x: p.cx(n), y: Y(v) - 6, class: n < s.many ? "wa-bad" : null, "data-shown": `circular[${n}]`, "data-value": v, text: num(v) }));
  words(layer(svg, "wa-under"), "fs-ticks", upto(0, p.short ? 0 : s.N), (n) => ({ x: p.cx(n), y: p.base + 17, text: n }));
  words(svg, "fs-names", p.short ? [] : [ui.text("names.back", s)], (text) => ({ x: 2, y: p.base + 38, "text-anchor": "start", text }));
}

// The cut: a line after place N, and a grip that moves it.
function cutter(ui, svg) {
  const node = el(layer(svg, "wa-cutter"), "rect", { rx: 6 });
  const aria = drag(node, { label: ui.word("cut"), min: SHORTEST, max: LONGEST, get: () => ui.get("n_fft"), set: (n) => ui.set({ n_fft: n }),
    at: (e, start) => start.value + (e.clientX - start.x) / (svg.getBoundingClientRect().width / LONGEST), text: (n) => ui.text("after", { n }) }, ui.life);
  return (s, p) => {
    const x = Math.min(s.N * p.cw, p.W - 1), end = s.N > LONGEST - 3;
    each(layer(svg, "wa-cut"), "path", [`M${x} ${p.head - 36}V${p.end}`], (d) => ({ d }));
    words(svg, "wa-n", [`N = ${s.N}`], (text) => ({ x: end ? x - 2 : x, y: p.head - 42, "text-anchor": end ? "end" : "middle", text }));
    put(node, { x: x - 14, y: p.head - 58, width: 28, height: p.end - p.head + 58 });
    aria();
  };
}

function render(context) {
  const ui = mount(context, declared, { controls: [question(answers), "n_fft"], more: ["len_h", "x", "h", "predict"],
    implied: (patch) => ("n_fft" in patch && !ui.asked() ? { predict: false } : {}) });  // once answered, the cut moves freely
  const svg = el(ui.stage, "svg", { role: "group", "aria-label": ui.word("picture") });
  ["wa-here", "wa-x", "wa-h", "wa-gone", "wa-cut", "wa-bars", "wa-strip"].forEach((cls) => layer(svg, cls));
  const cut = cutter(ui, svg), under = el(ui.foot, "div", { class: "wa-foot" });
  const lines = ["wa-badge", "wa-line"].map((cls) => el(under, "span", { class: cls }));
  let short = true;
  ui.start(() => {
    const s = look(ui), em = ui.em(), told = foot(ui, s), p = places(ui.width() / em, (short &&= !s.revealed));
    put(svg, { viewBox: `0 0 ${p.W} ${p.high}` });
    series(ui, svg, p, s, "x", s.x, 0);
    series(ui, svg, p, s, "h", s.h, FIRST_H);
    strip(ui, svg, s, p);
    bars(ui, svg, s, p);
    cut(s, p);
    tell(ui, s);
    lines.forEach((node, i) => spell(put(node, { hidden: s.revealed ? null : "" }), s.revealed ? told[i] : []));
    put(lines[0], { class: s.many || s.cropped ? "wa-badge wa-some" : "wa-badge" });
  });
}

export default { render };
