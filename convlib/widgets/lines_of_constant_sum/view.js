// The plane of all pairs (x, y), shaded by f(x) g(y), and the line x + y = n that sweeps it.
import { integral, outline, pieces, shape } from "../lib/maths.js";
import { axes, button, clamp, curve, drag, each, el, layer, mount, num, point, put, scale, spell } from "../lib/stage.js";

const { n: { min: EARLY, max: LATE, step: EVERY }, x: { min: LOW, max: HIGH } } = declared.traits, PIXELS = 120;
const SUMS = Array.from({ length: Math.round((LATE - EARLY) / EVERY) + 1 }, (_, i) => EARLY + i * EVERY);
const path = (svg, cls, d) => each(layer(svg, cls), "path", d ? [d] : [], () => ({ d }));

// The field as an opacity: the colour behind it is the theme's.
function field(F, G) {
  const canvas = Object.assign(document.createElement("canvas"), { width: PIXELS, height: PIXELS });
  const pen = canvas.getContext("2d"), image = pen.createImageData(PIXELS, PIXELS);
  const at = Array.from({ length: PIXELS }, (_, i) => LOW + ((i + 0.5) * (HIGH - LOW)) / PIXELS), fs = at.map(F.at), gs = at.map(G.at);
  for (let r = 0; r < PIXELS; r++)
    for (let c = 0; c < PIXELS; c++) image.data[4 * (r * PIXELS + c) + 3] = 255 * fs[c] * gs[PIXELS - 1 - r];
  pen.putImageData(image, 0, 0);
  return `url(${canvas.toDataURL()})`;
}

function look(ui, last) {
  const { f, g, n, x, measure } = ui.state();
  if (last.key !== `${f} ${g}`) {
    const F = shape(f), G = shape(g), ys = SUMS.map((m) => integral(F, G, m));
    Object.assign(last, { key: `${f} ${g}`, F, G, ys, top: Math.max(...ys), image: field(F, G) });
  }
  const sum = integral(last.F, last.G, n), long = Math.SQRT2 * sum;
  return { ...last, n, x, y: n - x, here: last.F.at(x) * last.G.at(n - x), sum, long,
    how: `measured.${measure === "line" && num(long) === "0" ? "none" : measure}` };
}

// The square: f along the bottom, g up the left side, the field, the line, one pair on it.
function square(svg, s, left, side, floor) {
  const top = 52, X = scale(LOW, HIGH, left, left + side), Y = scale(LOW, HIGH, top + side, top);
  const ends = [clamp(s.n - HIGH, LOW, HIGH), clamp(s.n - LOW, LOW, HIGH)];
  axes(layer(svg, "lc-axes"), { box: [left, top, side, side], x: [LOW, HIGH], y: [LOW, HIGH], xlabel: "", xticks: [-2, 0, 2, 4], yticks: [-2, 0, 2, 4] });
  path(svg, "lc-frame", `M${left} ${top}h${side}v${side}h${-side}z`);
  const bump = (role, cls, it, to) => curve(layer(svg, cls), ...to(outline(it.smooth, it.breaks, LOW, HIGH, 8)), { X: (v) => v, Y: (v) => v, role });
  bump("x", "lc-f", s.F, ([us, ws]) => [us.map(X), ws.map((w) => top - 6 - 34 * w)]);
  bump("h", "lc-g", s.G, ([us, ws]) => [ws.map((w) => left + side + 6 + 34 * w), us.map(Y)]);
  each(layer(svg, "lc-names"), "text", [[left + side, top - 18, "end", "fs-input", "f(x)"], [left + side + 14, top + 12, "start", "fs-response", "g(y)"],
    [left + side, top + side + 34, "end", null, "x"], [left - 12, top - 8, "end", null, "y"]],
    ([x, y, anchor, cls, text]) => ({ x, y, "text-anchor": anchor, class: cls, text }));
  const seen = s.n > 2 * LOW && s.n < 2 * HIGH, line = `M${X(ends[0])} ${Y(s.n - ends[0])}L${X(ends[1])} ${Y(s.n - ends[1])}`;
  path(svg, "lc-line", seen && line);
  const inside = s.x >= ends[0] && s.x <= ends[1];
  path(svg, "lc-drop", inside && `M${X(s.x)} ${top - 6}V${Y(s.y)}H${left + side + 6}M${X(s.x)} ${Y(s.y)}V${floor}`);
  each(layer(svg, "lc-pair"), "circle", inside ? [0] : [], () => ({ cx: X(s.x), cy: Y(s.y), r: 5.5 }));
  return { X, Y, top };
}

// f(x) g(n - x) over x: the same x as in the square above, so its area is measured along x.
function profile(ui, svg, s, [left, top, side, h]) {
  const to = axes(layer(svg, "lc-profile"), { box: [left, top, side, h], x: [LOW, HIGH], y: [0, 1], xlabel: "x", xticks: [-2, 0, 2, 4], yticks: [0, 1] });
  const product = outline((v) => s.F.smooth(v) * s.G.smooth(s.n - v), pieces(s.F, s.G, s.n), LOW, HIGH, 8);
  curve(layer(svg, "lc-area"), ...product, { ...to, role: "h", area: true });
  curve(layer(svg, "lc-over"), ...product, { ...to, role: "h" });
  each(layer(svg, "lc-dot"), "circle", [0], () => ({ cx: to.X(s.x), cy: to.Y(s.here), r: 4.5 }));
  each(layer(svg, "lc-title"), "text", [0], () => ({ x: left, y: top - 12, text: ui.text("profile", s) }));
}

function output(ui, svg, s, [left, top, w, h]) {
  const to = axes(layer(svg, "lc-out"), { box: [left, top, w, h], x: [EARLY, LATE], y: [0, s.top * 1.15], xlabel: "n", xticks: [-2, 0, 2, 4, 6] });
  path(svg, "lc-now", `M${to.X(s.n)} ${top}v${h}`);
  curve(layer(svg, "lc-whole"), SUMS, s.ys, { ...to, role: "y" });
  each(layer(svg, "lc-tip"), "circle", [0], () => ({ cx: to.X(s.n), cy: to.Y(s.sum), r: 5.5 }));
  const late = s.n > LATE - 1.5;
  each(layer(svg, "lc-value"), "text", [0], () => ({ x: to.X(s.n) + (late ? -10 : 10), y: to.Y(s.sum) - 8, "text-anchor": late ? "end" : "start",
    "data-shown": "sum", "data-value": s.sum, text: num(s.sum) }));
  each(layer(svg, "lc-head"), "text", [0], () => ({ x: left, y: top - 12, text: ui.word("output") }));
}

function render(context) {
  const ui = mount(context, declared, { controls: ["n"], more: ["x", "measure", "f", "g",
    button(declared.words.swap, () => ui.set({ f: ui.get("g"), g: ui.get("f") }))] });
  const wrap = el(ui.stage, "div", { class: "lc-wrap" }), shade = el(wrap, "div", { class: "lc-shade" }), svg = el(wrap, "svg", { role: "group", "aria-label": ui.word("picture") });
  ["lc-axes", "lc-frame", "lc-area", "lc-over", "lc-now", "lc-whole"].forEach((cls) => layer(svg, cls));
  const foot = el(ui.foot, "p", { class: "lc-foot" }), grip = el(wrap, "div", { class: "lc-grip" }), last = {};
  let plane, painted;
  const aria = drag(grip, { label: ui.word("line"), ...ui.traits.n, get: () => ui.get("n"), set: (n) => ui.set({ n: +n.toFixed(2) }),
    at(e) { const p = point(svg, e); return plane.X.invert(p.x) + plane.Y.invert(p.y); }, text: (n) => `n = ${num(n)}` }, ui.life);
  ui.start(() => {
    const s = look(ui, last), em = ui.em(), W = ui.width() / em, wide = W > 560;
    const [most, gap, tall] = ui.root.closest(".reveal") ? [170, 52, 54] : [300, 66, 92];
    const left = 34, side = Math.min(most, W - left - 48), low = 52 + side + gap, H = low + tall + (wide ? 44 : 188);
    put(svg, { viewBox: `0 0 ${W} ${H}` });
    plane = square(svg, s, left, side, low + tall);
    profile(ui, svg, s, [left, low, side, tall]);
    output(ui, svg, s, wide ? [left + side + 76, 52 + side - 150, W - left - side - 92, 150] : [left, low + 150, side, 92]);
    const place = `left:${(100 * left) / W}%;width:${(100 * side) / W}%;top:${(100 * plane.top) / H}%;height:${(100 * side) / H}%`;
    put(grip, { style: place });
    if (painted !== place + s.image) put(shade, { style: `${painted = place + s.image}`.replace(s.image, `;mask-image:${s.image};-webkit-mask-image:${s.image}`) });
    aria();
    ui.tell(ui.words("told", s));
    spell(foot, [...ui.words("pair", s), " ", ...ui.words(s.how, s)]);
  });
}

export default { render };
