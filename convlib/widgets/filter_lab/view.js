// A kernel on a photo: what comes out, what the flip changes, and the answer to stripes.
import { flip } from "../lib/maths.js";
import { cells, choice, clamp, drag, each, el, mount, num, point, put, question, show, slider, spell, toggle } from "../lib/stage.js";

const { small: SMALL, bells: BELLS } = declared.data;
// What a preset's weights of n rows and columns are, for those that grow with n.
const GROWN = { box: () => () => 1, gaussian: (n) => (i, j) => BELLS[n][i] * BELLS[n][j],
  smear: (n) => (i, j) => (2 * i + 1 === n && j >= i ? n - j : 0) };
const WIDE = 112, HIGH = 16, TOP = 26, TALL = 124, LEFT = 40;

const square = (n, f) => Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => +f(i, j)));
const mapped = (h, f) => h.map((line, i) => line.map((w, j) => f(w, i, j)));
const div = (parent, cls) => el(parent, "div", { class: cls });
function most(values) {
  let found = 0;
  for (let k = 0; k < values.length; k++) found = Math.max(found, Math.abs(values[k]));
  return found;
}

// Pixels with their outermost ones repeated three times beyond the edge: room for a 7 by 7 kernel.
function picture(rows, cols, grey) {
  const wide = cols + 6, pad = new Float32Array((rows + 6) * wide);
  for (let r = 0; r < rows + 6; r++) {
    const from = clamp(r - 3, 0, rows - 1) * cols, to = r * wide;
    pad.fill(grey[from], to, to + 3).set(grey.subarray(from, from + cols), to + 3);
    pad.fill(grey[from + cols - 1], to + cols + 3, to + wide);
  }
  return { rows, cols, grey, pad, out: new Float32Array(rows * cols) };
}

// Cross-correlation, one row of weights at a time; each pixel is read once a row, then handed on.
// Whole numbers below 2^24: every sum is exact.
function slide({ rows, cols, pad, out }, kernel) {
  const rim = (7 - kernel.length) / 2, zeros = Array(rim).fill(0);
  out.fill(0);
  kernel.forEach((line, i) => {
    if (!line.some(Boolean)) return;
    const [a, b, c, d, e, f, g] = [...zeros, ...line, ...zeros];
    for (let r = 0; r < rows; r++) {
      let p = (r + i + rim) * (cols + 6), s = pad[p], t = pad[p + 1], u = pad[p + 2], v = pad[p + 3], w = pad[p + 4], x = pad[p + 5];
      for (let o = r * cols, end = o + cols; o < end; o++, p++) {
        const y = pad[p + 6];
        out[o] += a * s + b * t + c * u + d * v + e * w + f * x + g * y;
        s = t; t = u; u = v; v = w; w = x; x = y;
      }
    }
  });
  return out;
}

// A value v is drawn with the grey start + gain * v.
function paint(canvas, { rows, cols }, values, start = 0, gain = 1) {
  if (canvas.width !== cols || canvas.height !== rows) Object.assign(canvas, { width: cols, height: rows });
  const pen = canvas.getContext("2d"), image = pen.createImageData(cols, rows), rgba = new Uint32Array(image.data.buffer);
  for (let k = 0; k < rgba.length; k++) {
    const v = start + gain * values[k];
    rgba[k] = 0xff000000 | (0x010101 * (v <= 0 ? 0 : v >= 255 ? 255 : (v + 0.5) | 0));
  }
  pen.putImageData(image, 0, 0);
}

function weights({ size: n, preset, kernel }) {
  const whole = SMALL[preset] ?? kernel, rim = (n - whole.length) / 2;
  return square(n, GROWN[preset]?.(n) ?? ((i, j) => whole[i - rim]?.[j - rim] ?? 0));
}

// Everything that is drawn, worked out from the traits.
function look(ui, source, own) {
  const t = ui.state(), h = weights(t), turned = flip(h), odd = mapped(h, (w, i, j) => w - turned[i][j]), asked = ui.asked();
  const sum = h.flat().reduce((a, b) => a + b), divisor = (t.average && sum) || 1;
  const kind = !most(odd.flat()) ? "same" : String(mapped(turned, (w) => 0 - w)) === String(h) ? "negative" : "other";
  const differs = t.view === "difference" && !asked, op = asked ? "correlate" : t.op;
  return { ...t, source, own, h, divisor, kind, asked, used: differs ? odd : op === "convolve" ? turned : h,
    title: ui.word(`results.${differs ? "difference" : op}`), tone: sum && !differs ? [0, 1 / divisor] : [127.5, 0.5 / divisor],
    gap: kind === "same" ? 0 : most(slide(source, odd)) / (255 * Math.abs(divisor)) };
}

function tell(ui, s) {
  const filter = ui.word("options.preset")[ui.traits.preset.options.indexOf(s.preset)];
  if (s.asked) return ui.tell(ui.words("ask", { filter }));
  ui.tell(s.predict && ui.words(s.guess === s.kind ? "right" : "no"), ui.words(`told.${s.kind === "other" && !s.gap ? "unseen" : s.kind}`, { filter }));
}

// Amplitude out over amplitude in, from stripes and from stripes a quarter further.
function amplitude(s, fineness) {
  let c = 0, q = 0;
  mapped(s.h, (w, i, j) => {
    const phase = 2 * Math.PI * fineness * ((s.stripes === "upright" ? j : i) - (s.size >> 1));
    c += w * Math.cos(phase);
    q += w * Math.sin(phase);
  });
  return Math.hypot(c, q) / Math.abs(s.divisor);
}

// Stripes that grow finer to the right, from an even grey to one stripe every two pixels.
function chirp(kind) {
  const turns = (m, n) => (kind === "upright" ? n * n / 2 : (m - HIGH / 2) * n) / WIDE;
  return picture(HIGH, WIDE, Uint8Array.from({ length: HIGH * WIDE }, (_, k) =>
    Math.round(127.5 + 60 * Math.cos(Math.PI * turns(Math.floor(k / WIDE), k % WIDE)))));
}

function frame(parent, cls) {
  const box = div(parent, cls);
  return { title: div(box, "fs-title"), canvas: el(box, "canvas", { role: "img" }) };
}

function pictures(ui) {
  const input = frame(ui.stage, "fl-in"), output = frame(ui.stage, "fl-out"), line = el(ui.foot, "p", { class: "fl-gap" });
  let painted;
  return (s) => {
    if (painted !== s.source) paint(input.canvas, painted = s.source, s.source.grey);
    const name = ui.word(s.own ? "yours" : "photo");
    put(input.title, { text: name });
    put(input.canvas, { "aria-label": name });
    put(output.canvas, { "aria-label": s.title });
    put(output.title, { text: s.tone[0] ? ui.text("grey", s) : s.title });
    paint(output.canvas, s.source, slide(s.source, s.used), ...s.tone);
    spell(put(line, { hidden: s.asked && "" }), s.asked ? [] : ui.words("gap", { gap: { key: s.own ? null : "gap", value: s.gap } }));
  };
}

function kernelPanel(ui) {
  const box = div(ui.foot, "fl-kernel"), draws = [choice("size")(ui, div(box, "fs-controls"))];
  let s;
  const grid = cells(ui, div(box), { label: ui.word("controls.kernel"), name: ui.word("weight"), key: (i, j) => `kernel[${i},${j}]`,
    get: (i, j) => s.h[i][j],
    set(i, j, w) {
      const rim = (7 - s.size) / 2, kernel = square(7, (p, q) => (s.preset ? s.h[p - rim]?.[q - rim] ?? 0 : s.kernel[p][q]));
      kernel[i + rim][j + rim] = clamp(w, -400, 400);
      ui.set({ kernel, preset: "" });
    } });
  const foot = div(box, "fs-controls");
  draws.push(toggle("average")(ui, foot));
  const divisor = el(el(foot, "span", { text: "÷ " }), "span", { class: "fs-number" });
  return (now) => {
    s = now;
    draws.forEach((draw) => draw());
    put(box, { style: `--n: ${s.size}` });
    grid.sync(mapped(s.h, (w, i, j) => ({ "aria-label": `${ui.word("weight")} [${i}, ${j}]: ${num(w)}`, text: num(w),
      class: i === j && 2 * i + 1 === s.size ? "fl-centre" : null, style: `--share: ${Math.abs(w) / (most(s.h.flat()) || 1)}`,
      "data-shown": `kernel[${i},${j}]`, "data-value": w })));
    show(divisor, "divisor", s.divisor);
  };
}

function stripesPanel(ui) {
  const box = div(ui.foot, "fl-stripes"), row = div(box, "fs-controls");
  const draws = [choice("stripes")(ui, row), slider("fineness")(ui, row)], [across, along] = ui.word("axes");
  const strips = ui.word("strips").map((label) =>
    put(frame(box, "fl-strip").canvas, { "aria-label": label }));
  const svg = el(box, "svg");
  const [wash, curve] = ["fl-wash", "fs-output fs-curve"].map((cls) => el(svg, "path", { class: cls }));
  const axes = el(el(svg, "g", { class: "fs-lines" }), "path"), ticks = el(svg, "g", { class: "fs-ticks" });
  const knob = el(svg, "circle", { r: 10, class: "fl-knob" }), value = el(svg, "text", { class: "fl-value" });
  let s, width, kind, test;
  const aria = drag(knob, { label: ui.word("knob"), max: 0.5, step: 0.02, get: () => s.fineness,
    set: (v) => ui.set({ fineness: Math.round(v * 100) / 100 }), at: (e) => (point(svg, e).x - LEFT) / (2 * width),
    text: (v) => ui.text("at", { fineness: v, answer: amplitude(s, v) }) }, ui.life);
  return (now) => {
    s = now;
    width = (box.clientWidth || 320) - LEFT - 14;
    if (kind !== s.stripes) test = chirp(kind = s.stripes);
    const fs = Array.from({ length: 101 }, (_, k) => k / 200), ys = fs.map((f) => amplitude(s, f)), top = Math.max(1, ...ys);
    const X = (f) => LEFT + 2 * f * width, Y = (y) => TOP + TALL * (1 - y / (1.1 * top)), base = TOP + TALL;
    const here = amplitude(s, s.fineness), x = X(s.fineness), y = Y(here), late = s.fineness > 0.4;
    put(svg, { viewBox: `0 0 ${LEFT + width + 14} ${base + 44}` });
    put(box, { style: `--left: ${LEFT}px; --strip: ${width}px` });
    put(axes, { d: `M${LEFT} ${TOP}v${TALL}h${width}M${LEFT} ${Y(1)}h${width}` });
    each(ticks, "text", [[LEFT, 12, "start", across], [LEFT + width, base + 38, "end", along],
      ...[0, top < 6 ? 1 : Math.floor(top)].map((v) => [LEFT - 8, Y(v) + 4, "end", v]),
      ...fs.filter((_, k) => k % 20 === 0).map((f) => [X(f), base + 19, "middle", f])], ([tx, ty, anchor, text]) => ({ x: tx, y: ty, "text-anchor": anchor, text }));
    put(wash, { d: `M${x - 7} ${TOP}h14v${TALL}h-14z` });
    put(curve, { d: fs.map((f, k) => `${k ? "L" : "M"}${X(f)} ${Y(ys[k])}`).join("") });
    put(knob, { cx: x, cy: y });
    put(show(value, "answer", here), { x: x + (late ? -14 : 14), y: Math.max(TOP + 14, y - 10), "text-anchor": late ? "end" : "start" });
    paint(strips[0], test, test.grey);
    paint(strips[1], test, slide(test, s.used), ...s.tone);
    [...draws, aria].forEach((draw) => draw());
  };
}

// An own picture, from a file or from the camera. It stays in this page: no trait ever holds it.
function ownPicture(ui, row, draw) {
  const file = el(row, "label", { class: "fs-button fl-file" }), note = el(ui.root, "p", { class: "fl-note", role: "status" });
  el(file, "span", { text: ui.word("own") });
  const input = el(file, "input", { type: "file", accept: "image/*" });
  const camera = el(row, "button", { type: "button", class: "fs-button" });
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  let now = null, film = null;
  const use = (next, said) => { now = next; put(note, { text: said ? ui.word(`notes.${said}`) : "" }); label(); draw(); };
  const label = () => put(camera, { text: ui.word("camera")[film ? 1 : 0] });
  function take(image, w, h, said) {
    const shrink = Math.min(1, 600 / w, 400 / h), [cols, rows] = [w, h].map((n) => Math.max(8, Math.round(n * shrink)));
    Object.assign(pen.canvas, { width: cols, height: rows });
    pen.drawImage(image, 0, 0, cols, rows);
    const { data } = pen.getImageData(0, 0, cols, rows), grey = new Uint8Array(rows * cols);
    for (let k = 0, p = 0; k < grey.length; k++, p += 4) grey[k] = 0.299 * data[p] + 0.587 * data[p + 1] + 0.114 * data[p + 2] + 0.5;
    use(picture(rows, cols, grey), said);
  }
  function stop() {
    film?.getTracks().forEach((track) => track.stop());
    film = null;
  }
  const back = (said) => { stop(); use(null, said); };
  input.addEventListener("change", async () => {
    stop();
    try {
      const image = await createImageBitmap(input.files[0]);
      take(image, image.width, image.height, "file");
    } catch { back("unread"); }
    input.value = "";
  }, ui.life);
  camera.addEventListener("click", async () => {
    if (film) return back();
    try {
      const video = document.createElement("video"), stream = await navigator.mediaDevices.getUserMedia({ video: { width: 600, height: 400 } });
      Object.assign(video, { muted: true, playsInline: true, srcObject: film = stream });
      await video.play();
      const step = () => {
        if (film !== stream) return;
        take(video, video.videoWidth, video.videoHeight, "film");
        requestAnimationFrame(step);
      };
      step();
    } catch (error) {
      back(error.name === "NotAllowedError" ? "refused" : "none");
    }
  }, ui.life);
  ui.life.signal.addEventListener("abort", stop);
  label();
  return { now: () => now, back };
}

function render(context) {
  const ui = mount(context, declared, { controls: [question(() => Object.entries(ui.word("answers"))), "preset", "op"],
    more: ["view", "predict", (it, row) => { own = ownPicture(it, row, draw); }] });
  let packed, photo, own;
  const draws = [pictures, kernelPanel, stripesPanel].map((part) => part(ui));
  function draw() {
    if (packed !== ui.get("photo")) {
      packed = ui.get("photo");
      photo = picture(packed.rows, packed.cols, Uint8Array.from(atob(packed.grey), (c) => c.charCodeAt(0)));
    }
    const mine = own.now(), s = look(ui, mine ?? photo, !!mine);
    tell(ui, s);
    draws.forEach((part) => part(s));
  }
  ui.start(draw);
  ui.root.querySelector(".fs-reset").addEventListener("click", () => own.back(), ui.life);
}

export default { render };
