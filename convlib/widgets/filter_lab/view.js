// A kernel on a photo: what comes out, what the flip changes, and the answer to stripes.
import { flip } from "../lib/maths.js";
import { cells, choice, clamp, drag, each, el, mount, num, point, put, show, slider, toggle } from "../lib/stage.js";

const TRAITS = ["photo", "preset", "size", "kernel", "average", "op", "view", "stripes", "fineness", "predict", "guess"];
const NAMES = { identity: "Identity", box: "Box blur", gaussian: "Gaussian blur", sharpen: "Sharpen", edges: "Edges",
  emboss: "Emboss", sobel: "Sobel", smear: "One-sided blur", "": "Own kernel" };
const BELLS = [, [1, 2, 1], [1, 4, 6, 4, 1], [1, 6, 15, 20, 15, 6, 1]];
const dot = (i, j) => (i || j ? 0 : 1), small = (f) => (i, j) => Math.abs(i) < 2 && Math.abs(j) < 2 && f(i, j);
const PRESETS = {
  identity: dot,
  box: () => 1,
  gaussian: (i, j, r) => BELLS[r][i + r] * BELLS[r][j + r],
  sharpen: small((i, j) => 10 * dot(i, j) - 1),
  edges: small((i, j) => 9 * dot(i, j) - 1),
  emboss: small((i, j) => i + j + dot(i, j)),
  sobel: small((i, j) => j * (2 - Math.abs(i))),
  smear: (i, j, r) => i === 0 && j >= 0 && r + 1 - j,
};
const TOLD = {
  same: "leaves this kernel as it is, so both operations give the same picture.",
  negative: "changes the sign of every weight and nothing else, so one operation gives the negative of the other.",
  other: "makes another kernel of this one, so the two operations give different pictures.",
  unseen: "makes another kernel of this one, but in this picture nobody could tell.",
};
const ANSWERS = [["same", "nothing"], ["negative", "only the sign"], ["other", "another picture"]];
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

function weights({ size, preset, kernel }) {
  const r = size >> 1;
  return square(size, (i, j) => (preset ? PRESETS[preset](i - r, j - r, r) : kernel[i + 3 - r][j + 3 - r]));
}

// Everything that is drawn, worked out from the traits and from the picture in use.
function look(t, source, own) {
  const h = weights(t), turned = flip(h), odd = mapped(h, (w, i, j) => w - turned[i][j]);
  const sum = h.flat().reduce((a, b) => a + b), divisor = (t.average && sum) || 1;
  const kind = !most(odd.flat()) ? "same" : String(mapped(turned, (w) => 0 - w)) === String(h) ? "negative" : "other";
  const asked = t.predict && !t.guess, turn = t.op === "convolve" && !asked, differs = t.view === "difference" && !asked;
  return { ...t, source, own, h, divisor, kind, asked, used: differs ? odd : turn ? turned : h,
    title: differs ? "Difference h ⋆ x − h ∗ x" : `Result h ${turn ? "∗" : "⋆"} x`,
    tone: sum && !differs ? [0, 1 / divisor] : [127.5, 0.5 / divisor],
    gap: kind === "same" ? 0 : most(slide(source, odd)) / (255 * Math.abs(divisor)) };
}

function sentence(s) {
  const name = NAMES[s.preset];
  if (s.asked) return `${name}. The picture shows the correlation. What will be different after a convolution?`;
  const verdict = s.predict ? (s.guess === s.kind ? "Right. " : "No. ") : "";
  return `${verdict}${name}: half a turn ${TOLD[s.kind === "other" && !s.gap ? "unseen" : s.kind]}`;
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
  const input = frame(ui.stage, "fl-in"), output = frame(ui.stage, "fl-out"), line = el(ui.stage, "p", { class: "fl-gap" });
  const [, gap] = each(line, "span", ["Largest difference between the two: ", "", " (black to white is 1)"], (text) => ({ text }));
  const row = div(ui.stage, "fs-controls fl-gap");
  const draws = [choice("op", "Operation", [["correlate", "correlation"], ["convolve", "convolution"]])(ui, row),
    choice("view", "Show", [["result", "result"], ["difference", "difference"]])(ui, row)];
  let painted;
  return (s) => {
    draws.forEach((draw) => draw());
    if (painted !== s.source) paint(input.canvas, painted = s.source, s.source.grey);
    const name = s.own ? "Your picture x" : "Photo x";
    put(input.title, { text: name });
    put(input.canvas, { "aria-label": name });
    put(output.canvas, { "aria-label": s.title });
    show(output.title, "title", s.title + (s.tone[0] ? ", mid-grey is 0" : ""));
    paint(output.canvas, s.source, slide(s.source, s.used), ...s.tone);
    put(line, { hidden: s.asked && "" });
    show(gap, s.own || s.asked ? null : "gap", s.gap);
  };
}

// The three answers on offer in predict mode.
function answers(ui) {
  const box = el(ui.stage, "div", { class: "fs-control fl-gap", role: "group", "aria-label": "Your answer" });
  el(box, "span", { text: "Your answer" });
  const list = div(box, "fl-options");
  list.addEventListener("click", (e) => {
    const i = [...list.children].indexOf(e.target);
    if (i >= 0) ui.set({ guess: ANSWERS[i][0] });
  }, ui.life);
  return (s) => {
    if (!s.asked && list.contains(document.activeElement)) ui.row.querySelector("input").focus();
    put(box, { hidden: !s.asked && "" });
    each(list, "button", ANSWERS, ([, text], i) =>
      ({ type: "button", class: "fs-button", "data-shown": `answer[${i}]`, text }));
  };
}

function kernelPanel(ui) {
  const box = div(ui.stage, "fl-kernel"), row = div(box, "fs-controls");
  const draws = [choice("preset", "Filter", Object.entries(NAMES), { select: true })(ui, row),
    choice("size", "Size", [3, 5, 7].map((n) => [n, `${n}×${n}`]))(ui, row)];
  let s;
  const grid = cells(div(box), { label: "Kernel", name: "weight", key: (i, j) => `kernel[${i},${j}]`,
    get: (i, j) => s.h[i][j],
    set(i, j, w) {
      const rim = (7 - s.size) / 2, kernel = square(7, (p, q) => (s.preset ? s.h[p - rim]?.[q - rim] ?? 0 : s.kernel[p][q]));
      kernel[i + rim][j + rim] = clamp(w, -400, 400);
      ui.set({ kernel, preset: "" });
    } }, ui.life);
  const foot = div(box, "fs-controls");
  draws.push(toggle("average", "Divide by the sum")(ui, foot));
  const divisor = el(el(foot, "span", { text: "÷ " }), "span", { class: "fs-number" });
  return (now) => {
    s = now;
    draws.forEach((draw) => draw());
    put(box, { style: `--n: ${s.size}` });
    grid.sync(mapped(s.h, (w, i, j) => ({ "aria-label": `weight [${i}, ${j}]: ${num(w)}`, text: num(w),
      class: i === j && 2 * i + 1 === s.size ? "fl-centre" : null, style: `--share: ${Math.abs(w) / (most(s.h.flat()) || 1)}`,
      "data-shown": `kernel[${i},${j}]`, "data-value": w })));
    show(divisor, "divisor", s.divisor);
  };
}

function stripesPanel(ui) {
  const box = div(ui.stage, "fl-stripes"), row = div(box, "fs-controls");
  const draws = [choice("stripes", "Stripes", [["upright", "upright"], ["level", "level"]])(ui, row),
    slider("fineness", "Stripes per pixel", { max: 0.5, step: 0.02 })(ui, row)];
  const strips = ["stripes, finer to the right", "the same, filtered"].map((label) =>
    put(frame(box, "fl-strip").canvas, { "aria-label": label }));
  const svg = el(box, "svg");
  const [wash, curve] = ["fl-wash", "fs-output fs-curve"].map((cls) => el(svg, "path", { class: cls }));
  const axes = el(el(svg, "g", { class: "fs-lines" }), "path"), ticks = el(svg, "g", { class: "fs-ticks" });
  const knob = el(svg, "circle", { r: 9, class: "fl-knob" }), value = el(svg, "text", { class: "fl-value" });
  let s, width, kind, test;
  const aria = drag(knob, { label: "Point on the curve", max: 0.5, step: 0.02, get: () => s.fineness,
    set: (v) => ui.set({ fineness: Math.round(v * 100) / 100 }), at: (e) => (point(svg, e).x - LEFT) / (2 * width),
    text: (v) => `${num(v)} stripes per pixel: amplitude times ${num(amplitude(s, v))}` }, ui.life);
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
    each(ticks, "text", [[LEFT, 12, "start", "amplitude out ÷ amplitude in"], [LEFT + width, base + 38, "end", "stripes per pixel"],
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
function ownPicture(ui, draw) {
  const file = el(ui.row, "label", { class: "fs-button fl-file" }), note = el(ui.root, "p", { class: "fl-note", role: "status" });
  el(file, "span", { text: "Own picture" });
  const input = el(file, "input", { type: "file", accept: "image/*" });
  const camera = el(ui.row, "button", { type: "button", class: "fs-button" });
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  let now = null, film = null;
  const use = (next, text) => { now = next; put(note, { text }); label(); draw(); };
  const label = () => put(camera, { text: film ? "Stop the camera" : "Camera" });
  function take(image, w, h, text) {
    const shrink = Math.min(1, 600 / w, 400 / h), [cols, rows] = [w, h].map((n) => Math.max(8, Math.round(n * shrink)));
    Object.assign(pen.canvas, { width: cols, height: rows });
    pen.drawImage(image, 0, 0, cols, rows);
    const { data } = pen.getImageData(0, 0, cols, rows), grey = new Uint8Array(rows * cols);
    for (let k = 0, p = 0; k < grey.length; k++, p += 4) grey[k] = 0.299 * data[p] + 0.587 * data[p + 1] + 0.114 * data[p + 2] + 0.5;
    use(picture(rows, cols, grey), text);
  }
  function stop() {
    film?.getTracks().forEach((track) => track.stop());
    film = null;
  }
  const back = (text = "") => { stop(); use(null, text); };
  input.addEventListener("change", async () => {
    stop();
    try {
      const image = await createImageBitmap(input.files[0]);
      take(image, image.width, image.height, "Your picture stays on this device. Reset brings the photo back.");
    } catch { back("This file is not a picture that the browser can read."); }
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
        take(video, video.videoWidth, video.videoHeight, "What the camera sees stays on this device.");
        requestAnimationFrame(step);
      };
      step();
    } catch (error) {
      back(`The camera stays off: ${error.name === "NotAllowedError" ? "this page may not use it." : "none was found."}`);
    }
  }, ui.life);
  ui.life.signal.addEventListener("abort", stop);
  label();
  return { now: () => now, back };
}

function render(context) {
  const get = (k) => context.model.get(k);
  const ui = mount(context, { name: "filter-lab", label: "Kernel on a photo", traits: TRAITS,
    implied: (patch) => (["preset", "size", "kernel", "predict"].some((k) => k in patch) ? { guess: "" } : {}),
    controls: [toggle("predict", "Predict first"), () => { own = ownPicture(ui, draw); }] });
  let packed, photo, own;
  const draws = [pictures, answers, kernelPanel, stripesPanel].map((part) => part(ui));
  function draw() {
    if (packed !== get("photo")) {
      packed = get("photo");
      photo = picture(packed.rows, packed.cols, Uint8Array.from(atob(packed.grey), (c) => c.charCodeAt(0)));
    }
    const mine = own.now(), t = Object.fromEntries(TRAITS.map((k) => [k, get(k)])), s = look(t, mine ?? photo, !!mine);
    ui.tell(sentence(s));
    draws.forEach((part) => part(s));
  }
  ui.start(draw);
  ui.row.querySelector(".fs-reset").addEventListener("click", () => own.back(), ui.life);
}

export default { render };
