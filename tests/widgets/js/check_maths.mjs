// node check_maths.mjs MATHS CASES: runs every case and prints a report; exit code 1 if one is wrong.
// The module is loaded from its text, so that any copy of it can be judged.
import { readFileSync } from "node:fs";

const [file, list] = process.argv.slice(2);
const maths = await import(`data:text/javascript,${encodeURIComponent(readFileSync(file, "utf-8"))}`);
const TOLERANCE = 1e-12;

const flat = (v) => (Array.isArray(v) ? v.flat(9) : [...v.re, ...v.im]);
const shape = (v) => JSON.stringify(v, (_, item) => (typeof item === "number" ? 0 : item));

// Largest error, relative to the largest value of the answer; Infinity if the shapes differ.
function error(got, want) {
  if (shape(got) !== shape(want)) return Infinity;
  const [a, b] = [flat(got), flat(want)];
  if (a.some((v) => !Number.isFinite(v))) return Infinity;
  const size = Math.max(...b.map(Math.abs)) || 1;
  return Math.max(...a.map((v, i) => Math.abs(v - b[i]))) / size;
}

function run({ name, args, want }) {
  try { return error(maths[name](...args), want); }
  catch { return Infinity; }
}

const cases = JSON.parse(readFileSync(list, "utf-8"));
const errors = cases.map(run);
const wrong = cases.filter((_, i) => !(errors[i] <= (cases[i].exact ? 0 : TOLERANCE)));
const tally = (items) => items.reduce((sum, { name }) => ({ ...sum, [name]: (sum[name] ?? 0) + 1 }), {});
console.log(JSON.stringify({ cases: tally(cases), wrong: tally(wrong), worst: Math.max(...errors) }));
process.exitCode = wrong.length || !cases.length ? 1 : 0;
