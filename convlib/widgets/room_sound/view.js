// A room with six mirrors: seen from above, as an impulse response, and heard through the browser's convolver.
import { axes, button, choice, clamp, drag, each, el, layer, mount, player, point, put, question, samplesOf, spell, words } from "../lib/stage.js";

const { speed: SPEED, heights: [MOUTH, EARS], seconds: [EARLY, SHORTEST, LONGEST], borders: [FEW, MANY] } = declared.data, PLACES = 19;

// One axis: the squared distance from the listener to each image, and its reflections; only those within reach.
function mirrors(size, source, listener, reach) {
  const most = Math.floor(reach / (2 * size)) + 1, found = [];
  for (const side of [1, -1]) {
    for (let m = -most; m <= most; m++) {
      const off = 2 * m * size + side * source - listener;
      if (Math.abs(off) <= reach) found.push([off * off, Math.abs(side > 0 ? 2 * m : 2 * m - 1)]);
    }
  }
  return found;
}

// Calls take(distance, reflections) for every image within reach.
function walk({ size, here, there }, reach, take) {
  const [xs, ys, zs] = size.map((n, i) => mirrors(n, here[i], there[i], reach));
  for (const [x, a] of xs) for (const [y, b] of ys) for (const [z, c] of zs) {
    const d = Math.sqrt(x + y + z);
    if (d <= reach) take(d, a + b + c);
  }
}

function response(s, samples, reach = (samples / s.rate) * SPEED) {
  const h = new Float64Array(samples), perMetre = s.rate / SPEED, share = [];
  let count = 0;
  walk(s, reach, (d, walls) => {
    const n = Math.floor(d * perMetre + 0.5);
    count++;
    if (n < samples) h[n] += (share[walls] ??= s.beta ** walls) / (4 * Math.PI * d);
  });
  return { h, count };
}

// What is heard: the direct sound in full, the echoes by their share.
function heard(s) {
  const { h } = response(s, Math.floor(clamp(1.5 * s.ring, SHORTEST, LONGEST) * s.rate + 0.5));
  return h.map((v, n) => v * (s.mix / 100) + (n === Math.floor(s.direct * (s.rate / SPEED) + 0.5) ? (1 - s.mix / 100) / (4 * Math.PI * s.direct) : 0));
}

// The browser convolves. With `normalize` left on it would change the strength of every response.
async function wet(samples, h, rate) {
  const context = new OfflineAudioContext(1, samples.length + h.length - 1, rate), buffer = (values) => {
    const made = context.createBuffer(1, values.length, rate);
    made.copyToChannel(Float32Array.from(values), 0);
    return made;
  };
  const sound = new AudioBufferSourceNode(context, { buffer: buffer(samples) }), room = context.createConvolver();
  room.normalize = false;
  room.buffer = buffer(h);
  sound.connect(room).connect(context.destination);
  sound.start();
  return (await context.startRendering()).getChannelData(0);
}

function look(ui) {
  const s = ui.state(), { length: L, width: W, height: H } = s, size = [L, W, H];
  const here = [s.source[0] * L, s.source[1] * W, MOUTH], there = [s.listener[0] * L, s.listener[1] * W, EARS];
  const squares = size.map((_, i) => (here[i] - there[i]) ** 2), sum = (skip) => squares.reduce((a, v, i) => (i === skip ? a : a + v), 0);
  const ways = size.flatMap((n, i) => [-here[i] - there[i], 2 * n - here[i] - there[i]].map((d) => Math.sqrt(sum(i) + d * d)));
  const wall = ways.findIndex((w) => w <= Math.min(...ways) + 1e-9), a = s.absorption / 100, asked = ui.asked();
  const all = { ...s, size, here, there, wall, way: ways[wall], direct: Math.sqrt(sum()), beta: Math.sqrt(1 - a), asked,
    ring: (24 * Math.log(10) * L * W * H) / (SPEED * 2 * (L * W + W * H + H * L) * -Math.log(1 - a)) };
  return { ...all, ...response(all, Math.floor(EARLY * s.rate + 0.5), EARLY * SPEED) };
}

function tell(ui, { asked, predict, guess, count, wall, way }) {
  if (asked) return ui.tell(ui.words("ask"));
  const kind = count < FEW ? "few" : count <= MANY ? "some" : "many";
  return ui.tell(predict && ui.words(guess === kind ? "right" : "wrong"),
    ui.words("told", { count, wall: { key: "wall", text: ui.word(`walls.${wall}`) }, way }));
}

// The room in the middle of its eight mirrored neighbours; each has an image of the source.
function plan(ui, svg, s, [left, top, w, h]) {
  const { length: L, width: W } = s, unit = Math.min(w / (3 * L), h / (3 * W)), x0 = left + (w - unit * L) / 2, y0 = top + (h + unit * W) / 2;
  const X = (x) => x0 + unit * x, Y = (y) => y0 - unit * y, cells = [-1, 0, 1].flatMap((i) => [-1, 0, 1].map((j) => [i, j]));
  const image = (i, j) => [i ? (i < 0 ? -s.here[0] : 2 * L - s.here[0]) : s.here[0], j ? (j < 0 ? -s.here[1] : 2 * W - s.here[1]) : s.here[1]];
  const box = (i, j) => `M${X(i * L)} ${Y(j * W)}h${unit * L}v${-unit * W}h${-unit * L}z`, to = ([x, y]) => `${X(x)} ${Y(y)}`;
  each(layer(svg, "rs-mirrored"), "path", cells.filter(([i, j]) => i || j), ([i, j]) => ({ d: box(i, j) }));
  each(layer(svg, "rs-room"), "path", [box(0, 0)], (d) => ({ d }));
  each(layer(svg, "rs-ways"), "path", s.asked ? [] : cells.filter(([i, j]) => !i !== !j), ([i, j]) => ({ d: `M${to(image(i, j))}L${to(s.there)}`, class: s.wall < 4 && s.wall === (i ? (i > 0) + 0 : 2 + (j > 0)) ? "rs-first" : null }));
  each(layer(svg, "rs-direct"), "path", [`M${to(s.here)}L${to(s.there)}`], (d) => ({ d }));
  each(layer(svg, "rs-images"), "path", cells.filter(([i, j]) => i || j), ([i, j]) => { const [x, y] = image(i, j); return { d: `M${X(x) - 4} ${Y(y) - 4}h8v8h-8z` }; });
  words(svg, "rs-names", [[s.here, "source"], [s.there, "listener"]], ([at, name]) => ({ x: X(at[0]), y: Y(at[1]) - 12, text: ui.word(`controls.${name}`) }));
  return { X, Y, unit };
}

function early(ui, svg, s, box) {
  const scaled = Array.from(s.h, (v) => v * 4 * Math.PI * s.direct), kept = s.asked ? [] : scaled.flatMap((v, n) => (v ? [[n, v]] : []));
  const { X, Y } = axes(layer(svg, "rs-axes"), { box, x: [0, 1000 * EARLY], y: [0, Math.max(1.05, ...scaled) * 1.04], xlabel: ui.word("names.x"), ylabel: ui.word("names.y") });
  const at = (n) => +X((1000 * n) / s.rate).toFixed(1);
  each(layer(svg, "rs-stems"), "path", [kept.map(([n, v]) => `M${at(n)} ${Y(0)}V${Y(v).toFixed(1)}`).join("")], (d) => ({ d }));
  const head = (d) => { const n = Math.floor(d * (s.rate / SPEED) + 0.5); return [at(n), Y(scaled[n] ?? 0)]; }, [x, y] = head(s.direct), [u, v] = head(s.way);
  each(layer(svg, "rs-heads"), "path", s.asked ? [] : [{ d: `M${x - 5} ${y}a5 5 0 1 0 10 0a5 5 0 1 0-10 0`, class: "fs-input" },
    { d: `M${u - 4.5} ${v - 4.5}h9v9h-9z`, class: "fs-response" }], (attrs) => attrs);
}

// A handle for a place on the plan, in steps of a twentieth of the room.
function handle(ui, svg, name) {
  const node = el(layer(svg, "rs-handles"), "circle", { r: 10.5, class: `rs-${name}` });
  let to;
  const cell = (v) => clamp(Math.round(20 * v), 1, PLACES), code = (i, j) => PLACES * (i - 1) + j - 1;
  const move = (i, j) => ui.set({ [name]: [clamp(i, 1, PLACES) / 20, clamp(j, 1, PLACES) / 20] });
  const now = () => ui.get(name).map(cell);
  const text = () => ui.text("place", { along: ui.get(name)[0] * ui.get("length"), across: ui.get(name)[1] * ui.get("width") });
  const aria = drag(node, { label: ui.word(`controls.${name}`), max: PLACES * PLACES - 1, get: () => code(...now()), text,
    set: (v) => move(Math.floor(v / PLACES) + 1, (v % PLACES) + 1), keys: (dx, dy) => move(now()[0] + dx, now()[1] + dy),
    at(e) {
      const p = point(svg, e);
      return code(cell((p.x - to.X(0)) / to.unit / ui.get("length")), cell((to.Y(0) - p.y) / to.unit / ui.get("width")));
    } }, ui.life);
  return (s, scale) => {
    to = scale;
    const [x, y] = name === "source" ? s.here : s.there;
    put(node, { cx: to.X(x), cy: to.Y(y) });
    aria();
  };
}

function facts(ui, parent) {
  const list = el(parent, "dl", { class: "rs-facts" });
  const rows = Object.entries(ui.word("facts")).map(([key, [text]]) => {
    const box = el(list, "div");
    el(box, "dt", { text });
    return [key, box, el(box, "dd")];
  });
  return (values) => rows.forEach(([key, box, node]) => {
    put(box, { class: values[key] === null ? "rs-hidden" : null });
    spell(node, values[key] === null ? [] : ui.words(`facts.${key}.1`, { v: { key, value: values[key] } }));
  });
}

const answers = (ui) => Object.keys(ui.word("answers")).map((name) => [name, ui.text(`answers.${name}`, { few: FEW, many: MANY })]);

function render(context) {
  const get = (k) => context.model.get(k), titles = () => get("sounds").map(({ title }, i) => [i, title]);
  const chosen = () => get("sounds")[Math.min(get("sound"), get("sounds").length - 1)];
  const dry = () => samplesOf(chosen()), rendered = () => wet(dry(), heard(look(ui)), get("rate"));
  const press = (name) => button(() => ui.word(sound.playing() === name ? "stop" : name), async () => {
    if (sound.playing() === name) return sound.stop();
    sound.play(name, name === "dry" ? dry() : await rendered(), get("rate"));
  }, name === "wet" ? "fs-main" : "");
  const ui = mount(context, declared, { controls: [question(answers), press("dry"), press("wet"), "length"],
    more: [choice("sound", { options: titles }), "width", "height", "absorption", "mix", "predict"] });
  const sound = player(ui.life, () => ui.set({}));
  Object.assign(ui.root, { dry, rendered, response: () => heard(look(ui)) });
  const svg = el(ui.stage, "svg", { role: "group", "aria-label": ui.word("picture") });
  ["rs-mirrored", "rs-room", "rs-axes", "rs-ways", "rs-direct", "rs-images", "rs-names"].forEach((cls) => layer(svg, cls));
  const grips = ["source", "listener"].map((name) => handle(ui, svg, name)), list = facts(ui, ui.foot), note = el(ui.foot, "p", { class: "rs-heard" });
  ui.start(() => {
    const s = look(ui), em = ui.em(), W = ui.width() / em, wide = W > 560, slide = ui.root.closest(".reveal");
    const high = slide ? 240 : 250, box = wide ? [W * 0.52 + 30, 40, W * 0.48 - 40, high - 84] : [30, high + 44, W - 46, 130], H = wide ? high : high + 220;
    put(svg, { viewBox: `0 0 ${W} ${H}` });
    const scale = plan(ui, svg, s, [2, 4, (wide ? W * 0.52 : W) - 4, high - 10]);
    early(ui, svg, s, box);
    grips.forEach((place) => place(s, scale));
    list({ distance: s.direct, direct: (1000 * s.direct) / SPEED, echo: (1000 * s.way) / SPEED, count: s.asked ? null : s.count, ring: s.ring });
    tell(ui, s);
    spell(note, ui.words("heard", Object.fromEntries(["title", "text"].map((key) => [key, { key, text: chosen()[key] }]))));
  });
}

export default { render };
