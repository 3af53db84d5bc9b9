// Flip g, slide it over f, multiply, take the area: y(t), drawn as t moves.
import { integral, KNOTS, outline, pieces, shape } from "../lib/maths.js";
import { animate, axes, button, choice, clamp, curve, drag, each, el, grips, layer, mount, num, put, scale, spell, when } from "../lib/stage.js";

const { t: { min: EARLY, max: LATE, step: EVERY }, step: { options: STEPS } } = declared.traits;
const LOW = -4, HIGH = 6, NEAR = 0.98, TINY = 1e-9, LEVELS = 10;   // NEAR: share of the largest y that counts as the largest
const LAST = KNOTS.length - 1, TICKS = [-4, -2, 0, 2, 4, 6];
const TIMES = Array.from({ length: Math.round((LATE - EARLY) / EVERY) + 1 }, (_, i) => EARLY + i * EVERY);
const path = (svg, cls, d) => each(layer(svg, cls), "path", d ? [d] : [], () => ({ d }));
const plus = (v) => (v ? ` ${v < 0 ? "+" : "−"} ${num(Math.abs(v))}` : "");

// The whole output, worked out anew only when a function changes.
function outputs() {
  let key, found;
  return (s) => {
    const now = JSON.stringify([s.f, s.g, s.f_drawn, s.g_drawn]);
    if (key !== now) {
      const f = shape(s.f, s.f_drawn), g = shape(s.g, s.g_drawn), ys = TIMES.map((t) => integral(f, g, t)), most = Math.max(...ys);
      [key, found] = [now, { F: f, G: g, ys, most, best: TIMES[ys.findIndex((y) => y >= most - TINY)], none: most < TINY }];
    }
    return found;
  };
}

function look(ui, whole) {
  const s = ui.state(), { F, G, ...out } = whole(s), asked = ui.asked(), rank = Math.min(asked ? 2 : 4, STEPS.indexOf(s.step));
  const lower = Math.max(F.from, s.t - G.to), upper = Math.min(F.to, s.t - G.from), meet = lower < upper && !out.none;
  return { ...s, ...out, F, G, asked, rank, lower, upper, meet, y: integral(F, G, s.t),
    ends: { lower: lower === -Infinity ? [num(lower), "none"] : F.from >= s.t - G.to ? [num(lower), "f_begins"] : [`t${plus(G.to)} = ${num(lower)}`, "g_ends"],
      upper: upper === Infinity ? [num(upper), "none"] : F.to <= s.t - G.from ? [num(upper), "f_ends"] : [`t${plus(G.from)} = ${num(upper)}`, "g_begins"] } };
}

function tell(ui, s) {
  const step = STEPS[s.rank], say = (key) => ui.words(key, { ...s, from: s.lower, to: s.upper });
  if (s.none || s.asked) return ui.tell(say(s.none ? "none" : "ask"));
  const near = () => integral(s.F, s.G, s.guess) >= NEAR * s.most, judged = s.predict && s.rank === 4;
  ui.tell(judged && say(near() ? "best" : "wrong"), say(step), /shift|multiply/.test(step) && say(`${s.meet ? "where" : "nowhere"}.${step}`));
}

// A small plot of f or g as it is, with the list to choose it from and a pen where it is drawn.
function pad(ui, key, role) {
  const box = el(ui.pads, "div", { class: `sl-pad sl-${key}` }), pick = choice(key)(ui, box);
  const wrap = el(box, "div", { class: "sl-wrap" }), svg = el(wrap, "svg", { "aria-hidden": "true" });
  const node = el(wrap, "div", { class: "sl-pen" }), drawn = `${key}_drawn`, pen = `${key}_pen`;
  const level = (i) => Math.round(ui.get(drawn)[i] * LEVELS), place = (v) => [clamp(Math.floor(v / 12), 0, LAST), v % 12];
  let X, Y, stroke;
  // From the last knot of this stroke to the new one in a straight line.
  const write = (i, to, from = i) => {
    const a = level(from), values = ui.get(drawn).map((v, j) => {
      const u = i === from ? (j === i ? 1 : -1) : (j - from) / (i - from);
      return u > 0 && u <= 1 ? Math.round(a + u * (to - a)) / LEVELS : v;
    });
    ui.set({ [pen]: i, ...(i === from && level(i) === to ? {} : { [drawn]: values }) });
  };
  const aria = drag(node, { label: ui.text("pen", { name: key }), min: -1, max: 12 * KNOTS.length - 1,
    get: () => 12 * ui.get(pen) + level(ui.get(pen)),
    set: (v) => (v < 0 || v >= 12 * KNOTS.length - 1 ? ui.set({ [pen]: v < 0 ? 0 : LAST })
      : write(...place(v), stroke.from)),
    keys(dx, dy) {
      const i = clamp(ui.get(pen) + dx, 0, LAST);
      if (dx) ui.set({ [pen]: i }); else write(i, clamp(level(i) + dy, 0, LEVELS));
    },
    at(e, start) {
      const r = node.getBoundingClientRect(), i = clamp(Math.round(((e.clientX - r.left) / r.width) * (LAST)), 0, LAST);
      stroke = { start, from: stroke?.start === start ? ui.get(pen) : i };
      return 12 * i + clamp(Math.round(LEVELS * (1 - (e.clientY - r.top) / r.height)), 0, LEVELS);
    },
    text: () => ui.text("pen_at", { name: key, at: KNOTS[ui.get(pen)], level: ui.get(drawn)[ui.get(pen)] }) }, ui.life);
  return (s, em) => {
    const W = (wrap.clientWidth || 300) / em, H = 86, it = s[key === "f" ? "F" : "G"], hand = s[key] === "drawn";
    pick();
    put(svg, { viewBox: `0 0 ${W} ${H}` });
    ({ X, Y } = axes(layer(svg, "sl-axes"), { box: [14, 8, W - 26, 56], x: [-1.5, 4], y: [0, 1], xticks: [-1, 0, 1, 2, 3, 4], yticks: [] }));
    curve(layer(svg, "sl-line"), ...outline(it.smooth, it.breaks, -1.5, 4), { X, Y, role });
    each(layer(svg, "sl-knots"), "circle", hand ? KNOTS : [], (v, i) => ({ cx: X(v), cy: Y(s[drawn][i]), r: i === s[pen] ? 5.5 : 3, class: i === s[pen] ? "sl-at" : null }));
    put(node, { hidden: hand ? null : "", style: `left:${(100 * X(-1)) / W}%;width:${(100 * (X(2) - X(-1))) / W}%;top:${800 / H}%;height:${5600 / H}%` });
    aria();
  };
}

function functions(ui, svg, s, box, pose) {
  const { X, Y } = axes(layer(svg, "sl-main"), { box, x: [LOW, HIGH], y: [0, 1], xlabel: ui.word("axes")[0], xticks: TICKS, yticks: [0, 1] });
  const meet = s.rank > 1 && s.meet, low = clamp(s.lower, LOW, HIGH), high = clamp(s.upper, LOW, HIGH), [left, top, w, h] = box;
  path(svg, "sl-wash", meet && `M${X(low)} ${top}H${X(high)}V${top + h}H${X(low)}z`);
  const both = s.rank > 2 && pose.still ? outline((v) => s.F.smooth(v) * s.G.smooth(s.t - v), pieces(s.F, s.G, s.t), LOW, HIGH, 8) : [[], []];
  curve(layer(svg, "sl-product"), ...both, { X, Y, role: "h", area: true });
  curve(layer(svg, "sl-over"), ...both, { X, Y, role: "h" });
  curve(layer(svg, "sl-still"), ...outline(s.F.smooth, s.F.breaks, LOW, HIGH), { X, Y, role: "x" });
  const [us, ws] = outline(s.G.smooth, s.G.breaks, -12, 12), at = us.map((u) => pose.turn * u + pose.by);
  const seen = at.map((_, i) => i).filter((i) => [i - 1, i, i + 1].some((j) => at[j] >= LOW && at[j] <= HIGH));
  curve(layer(svg, "sl-slid"), seen.map((i) => clamp(at[i], LOW, HIGH)), seen.map((i) => ws[i]), { X, Y, role: "h" });
  const middle = (v) => clamp(v, LOW + 1.2, HIGH - 1.2), centre = (it) => (Math.max(it.breaks[0], -1.5) + Math.min(it.breaks.at(-1), 2)) / 2;
  const inside = s.rank === 0 ? "τ" : s.rank === 1 ? "−τ" : `${num(s.t)} − τ`;
  each(layer(svg, "sl-names"), "text", [[centre(s.F), "fs-input", "f(τ)", 28], [pose.turn * centre(s.G) + pose.by, "fs-response", `g(${inside})`, 10]],
    ([v, cls, text, up]) => ({ x: X(middle(v)), y: top - 44 + up, class: cls, "text-anchor": "middle", text }));
  grips(layer(svg, "sl-grips"), s.rank > 1 ? [[X(s.t), top + h, "response"]] : []);
  path(svg, "sl-now", s.rank > 1 && `M${X(s.t)} ${top - 8}V${top + h + 6}`);
  limits(ui, svg, s, meet, X, top + h, left + w);
  return X;
}

// The two ends of the integral, each with the function that it comes from; they grow outwards.
function limits(ui, svg, s, meet, X, floor, right) {
  const ux = clamp(X(clamp(s.upper, LOW, HIGH)), 104, right - 66), lx = clamp(X(clamp(s.lower, LOW, HIGH)), 92, ux - 12);
  const marks = [[lx, "end", "lower"], [ux, "start", "upper"]];
  const lines = meet ? marks.flatMap(([x, anchor, key]) => s.ends[key].map((text, i) => ({ x, y: floor + 38 + 16 * i, "text-anchor": anchor,
    "data-shown": i ? null : key, class: i ? { f: "fs-input", g: "fs-response" }[text[0]] : "sl-strong", text: i ? ui.word(`limits.${text}`) : text }))) : [];
  each(layer(svg, "sl-limits"), "text", lines, (attrs) => attrs);
  path(svg, "sl-ticks", meet && [s.lower, s.upper].filter(Number.isFinite).map((v) => `M${X(v)} ${floor - 5}v11`).join(""));
}

function output(ui, svg, s, box) {
  const ready = s.rank === 4 && !s.none, top = ready ? Math.max(s.most, 0.05) * 1.12 : 1;
  const to = axes(put(layer(svg, "sl-out"), { display: s.asked ? "none" : null }), { box, x: [LOW, HIGH], y: [0, top], xlabel: ui.word("axes")[1], xticks: TICKS, yticks: ready ? undefined : [] });
  const past = TIMES.filter((t) => t <= s.t + TINY), [left, above, w, h] = box;
  path(svg, "sl-here", ready && `M${to.X(s.t)} ${above}v${h}`);
  curve(layer(svg, "sl-whole"), ready ? TIMES : [], s.ys, { ...to, role: "y" });
  curve(layer(svg, "sl-past"), ready ? past : [], s.ys, { ...to, role: "y" });
  each(layer(svg, "sl-dot"), "circle", ready ? [0] : [], () => ({ cx: to.X(s.t), cy: to.Y(s.y), r: 5.5 }));
  each(layer(svg, "sl-y"), "text", ready ? [0] : [], () => ({ x: to.X(s.t) + 12, y: to.Y(s.y) - 9, "data-shown": "y", "data-value": s.y, text: num(s.y) }));
  each(layer(svg, "sl-title"), "text", s.asked ? [] : [0], () => ({ x: left, y: above - 10, text: ui.word(ready ? "title.ready" : "title.later") }));
}

function render(context) {
  const get = (k) => context.model.get(k), whole = outputs();
  // Drawing starts from what is there.
  const implied = (patch) => {
    const more = {};
    for (const k of ["f", "g"]) {
      if (patch[k] === "drawn" && get(k) !== "drawn") {
        const it = shape(get(k), []);
        more[`${k}_drawn`] = KNOTS.map((v) => Math.round(it.at(v) * LEVELS) / LEVELS);
      }
    }
    return more;
  };
  const largest = button(declared.words.controls.guess, () => ui.set({ guess: get("t") }), "fs-main");
  const ui = mount(context, declared, { implied, controls: [when(() => ui.asked(), largest), "t", when(() => !ui.asked(), choice("step"))], more: ["predict"] });
  const wrap = el(ui.stage, "div", { class: "sl-wrap" });
  const svg = el(wrap, "svg", { role: "group", "aria-label": ui.word("picture") }), line = el(ui.foot, "p", { class: "sl-sum" });
  ui.pads = el(ui.foot, "div", { class: "sl-pads" });
  const pads = [pad(ui, "f", "x"), pad(ui, "g", "h")];
  ["sl-wash", "sl-main", "sl-product"].forEach((cls) => layer(svg, cls));
  const grip = el(wrap, "div", { class: "sl-grip" });
  let X = scale(LOW, HIGH, 0, 1), W = 640, pose = null, halt = () => {}, was = null;
  const aria = drag(grip, { label: ui.word("slide"), ...ui.traits.t, get: () => get("t"), set: (t) => ui.set({ t: +t.toFixed(2) }),
    at: (e, start) => start.value + ((e.clientX - start.x) / grip.getBoundingClientRect().width) * (HIGH - LOW),
    text: (t) => `t = ${num(t)}` }, ui.life);
  const draw = () => {
    const s = look(ui, whole), em = ui.em(), goal = { turn: s.rank ? -1 : 1, by: s.rank > 1 ? s.t : 0, still: true };
    if (was !== null && was !== s.rank && (goal.turn !== pose.turn || goal.by !== pose.by)) carry(pose, goal);
    else if (pose === null || pose.still) pose = goal;
    was = s.rank;
    W = ui.width() / em;
    const [tall, flat] = ui.root.closest(".reveal") ? [96, 62] : [150, 108], floor = tall + (flat > 99 ? 170 : 132);
    const left = 30, w = W - left - 16, box = [left, 48, w, tall], low = [left, floor, w, flat], H = s.asked ? tall + 114 : floor + flat + 40;
    put(svg, { viewBox: `0 0 ${W} ${H}` });
    X = functions(ui, svg, s, box, pose);
    output(ui, svg, s, low);
    put(grip, { style: `left:${(100 * left) / W}%;width:${(100 * w) / W}%;top:${(100 * 40) / H}%;height:${(100 * tall + 1000) / H}%` });
    pads.forEach((one) => one(s, em));
    aria();
    tell(ui, s);
    spell(line, s.rank < 4 || s.none ? [] : ui.words(s.meet ? "line" : "apart", { t: s.t, from: s.lower, to: s.upper, y: s.y }));
  };
  function carry(from, goal) {
    halt();
    halt = animate(600, (u) => {
      pose = u === 1 ? goal : { turn: from.turn + u * (goal.turn - from.turn), by: from.by + u * (goal.by - from.by) };
      draw();
    }, ui.life);
  }
  ui.start(draw);
}

export default { render };
