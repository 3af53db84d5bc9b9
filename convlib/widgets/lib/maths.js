// The arithmetic of the interactives: nested arrays of real numbers in, the same out.
// Shapes, alignment of "same" and swapping in "valid" are those of convlib.

const is2d = (a) => Array.isArray(a[0]);
const rows = (a) => (is2d(a) ? a : [a]);
const like = (a, out) => (is2d(a) ? out : out[0]);

// Every axis reversed: in two dimensions a rotation by 180 degrees.
export function flip(h) {
  return is2d(h) ? h.map((row) => [...row].reverse()).reverse() : [...h].reverse();
}

function crop(full, lens, mode) {
  if (mode === "full") return full;
  const [[start, count], [first, across]] = lens.map(([a, b]) =>
    mode === "same" ? [(b - 1) >> 1, a] : [Math.min(a, b) - 1, Math.abs(a - b) + 1]);
  return full.slice(start, start + count).map((row) => row.slice(first, first + across));
}

function check(x, h, lens, mode) {
  if (!["full", "same", "valid"].includes(mode))
    throw new RangeError(`mode must be full, same or valid, not ${mode}`);
  if (is2d(x) !== is2d(h)) throw new RangeError("x and h must both be lists or both be grids");
  if (lens.flat().includes(0)) throw new RangeError("x and h must not be empty");
  const signs = lens.map(([a, b]) => Math.sign(a - b));
  if (mode === "valid" && signs.includes(1) && signs.includes(-1))
    throw new RangeError("valid needs one input to contain the other along every axis");
}

// y[n] = sum over k of h[k] x[n - k]
export function convolve(x, h, mode = "full") {
  const a = rows(x), b = rows(h);
  const lens = [[a.length, b.length], [a[0].length, b[0].length]];
  check(x, h, lens, mode);
  const [height, width] = lens.map(([m, n]) => m + n - 1);
  const full = Array.from({ length: height }, () => new Array(width).fill(0));
  a.forEach((line, r) => line.forEach((v, c) =>
    b.forEach((taps, i) => taps.forEach((w, j) => { full[r + i][c + j] += v * w; }))));
  return like(x, crop(full, lens, mode));
}

// y[n] = sum over k of h[k] x[n + k]: the same walk with h turned round
export const correlate = (x, h, mode = "full") => convolve(x, flip(h), mode);

// k * n is reduced modulo N before the cosine: large angles would cost digits.
function transform(re, im, sign) {
  const N = re.length, out = { re: new Array(N).fill(0), im: new Array(N).fill(0) };
  const angles = re.map((_, m) => (sign * 2 * Math.PI * m) / N);
  const cos = angles.map(Math.cos), sin = angles.map(Math.sin);
  for (let k = 0; k < N; k++) {
    for (let n = 0; n < N; n++) {
      const m = (k * n) % N;
      out.re[k] += re[n] * cos[m] - im[n] * sin[m];
      out.im[k] += re[n] * sin[m] + im[n] * cos[m];
    }
  }
  return out;
}

// X[k] = sum over n of x[n] exp(-2 pi i k n / N); x is a list or {re, im}; returns {re, im}
export function dft(x) {
  const { re, im } = Array.isArray(x) ? { re: x, im: x.map(() => 0) } : x;
  return transform(re, im, -1);
}

// x[n] = (1/N) sum over k of X[k] exp(+2 pi i k n / N); X and the result are {re, im}
export function idft(X) {
  const { re, im } = transform(X.re, X.im, 1);
  return { re: re.map((v) => v / re.length), im: im.map((v) => v / im.length) };
}

// Functions of a continuous variable. Each is zero outside its breaks and smooth between two of them.
const span = (from, to, step) => Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
export const KNOTS = span(-1, 2, 0.25);         // where a drawn function has its corners
const FORMS = {
  box: [[0, 2], () => 1],
  triangle: [[0, 1, 2], (v) => 1 - Math.abs(v - 1)],
  ramp: [[0, 2], (v) => v / 2],
  sine: [[0, 1, 2], (v) => Math.sin((Math.PI * v) / 2)],
  boxes: [[0, 0.5, 1.5, 2], (v) => (v < 0.5 || v > 1.5 ? 1 : 0)],
  decay: [span(0, 12, 1), (v) => Math.exp(-v), 0, Infinity],
  gaussian: [span(-3, 3, 0.5), (v) => Math.exp(-2 * v * v), -Infinity, Infinity],
};

function drawn(knots) {
  const lit = KNOTS.map((_, i) => i).filter((i) => knots[i]), last = KNOTS.length - 1;
  const [a, b] = lit.length ? [Math.max(0, lit[0] - 1), Math.min(last, lit.at(-1) + 1)] : [0, 0];
  return [KNOTS.slice(a, b + 1), (v) => {
    const u = (v - KNOTS[0]) / 0.25, i = Math.min(last - 1, Math.floor(u));
    return knots[i] + (u - i) * (knots[i + 1] - knots[i]);
  }];
}

// A named function, or one drawn through its values at KNOTS: { breaks, from, to, at, smooth }.
export function shape(name, knots) {
  const [breaks, smooth, from = breaks[0], to = breaks.at(-1)] = FORMS[name] ?? drawn(knots);
  return { breaks, from, to, smooth, at: (v) => (v < breaks[0] || v > breaks.at(-1) ? 0 : smooth(v)) };
}

// The places, in order, at which f(v) g(t - v) may jump or bend; empty where the two do not meet.
export function pieces(f, g, t) {
  const all = [...f.breaks, ...g.breaks.map((b) => t - b)].sort((a, b) => a - b);
  const low = Math.max(f.breaks[0], t - g.breaks.at(-1)), high = Math.min(f.breaks.at(-1), t - g.breaks[0]);
  return low < high ? all.filter((v, i) => v >= low && v <= high && v !== all[i - 1]) : [];
}

// Integral of f(v) g(t - v) over all v: eight Gauss-Legendre nodes on each smooth piece.
const NODES = [[0.1834346424956498, 0.362683783378362], [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745], [0.9602898564975363, 0.1012285362903763]];
export function integral(f, g, t) {
  const at = pieces(f, g, t), product = (v) => f.smooth(v) * g.smooth(t - v);
  let sum = 0;
  for (let i = 1; i < at.length; i++) {
    const half = (at[i] - at[i - 1]) / 2, mid = (at[i] + at[i - 1]) / 2;
    for (const [u, w] of NODES) sum += half * w * (product(mid - half * u) + product(mid + half * u));
  }
  return sum;
}

// Places and values along a function, with each jump standing upright: for drawing.
export function outline(value, breaks, low, high, many = 12) {
  const xs = [low], ys = [0], put = (v, w) => { if (v >= low && v <= high) { xs.push(v); ys.push(w); } };
  breaks.forEach((b, i) => {
    const a = breaks[i - 1], eps = (b - a) * 1e-9;
    if (!i) put(b, 0);
    for (let j = 0; i && j <= many; j++) put(a + ((b - a) * j) / many, value(clip(a + ((b - a) * j) / many, a + eps, b - eps)));
  });
  if (breaks.length) put(breaks.at(-1), 0);
  return [[...xs, high], [...ys, 0]];
}
const clip = (v, low, high) => Math.min(high, Math.max(low, v));
