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
