// What is said about an answer: convlib/checks/judging.py, line by line. An answer is a number or nested lists.

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const ROUNDING = 1e-6;

export function judge(task, answer) {
  const { right, tolerance } = task;
  let moved = "";
  if (task.derive === "move") {
    const problem = kernelProblem(answer);
    if (problem) return problem;
    answer = move(answer);
    moved = moveWords(answer);
  }
  if (same(answer, right, tolerance)) return "";
  for (const [value, sentence] of task.slips)
    if (same(answer, value, tolerance)) return moved ? `${moved}: ${sentence}` : sentence;
  if (moved) return `${moved}, wanted ${moveWords(right)}`;
  if (!linedUp(answer, right)) {
    const form = task.form ? `, ${task.form}` : "";
    return `expected ${shapeWords(right)}${form}, got ${shapeWords(answer)}${shapeHint(answer, right)}`;
  }
  if (task.allowed.length && flat(answer).some((v) => !task.allowed.some(([a]) => close(v, a)))) {
    const all = task.allowed.map(([number, meaning]) => `${numberText(number)} (${meaning})`);
    return `each number is ${all.slice(0, -1).join(", ")} or ${all.at(-1)}`;
  }
  if (task.otherwise) {
    const numbers = flat(answer).map(numberText).join(", ");
    return `${shape(right).length ? `[${numbers}]` : numbers} is ${task.otherwise}`;
  }
  return howManyRight(answer, right, tolerance);
}

export const message = (id, problem) => `${id}: ${problem || "right"}${problem.endsWith("?") ? "" : "."}`;
export const shape = (v) => (Array.isArray(v) ? [v.length, ...(v.length ? shape(v[0]) : [])] : []);
export const flat = (v) => (Array.isArray(v) ? v.flatMap(flat) : [v]);

export function linedUp(answer, right) {
  const sides = shape(answer), wanted = shape(right);
  const line = sides.filter((side) => side > 1).length <= 1;
  return String(sides) === String(wanted) || (line && wanted.length < 2 && flat(answer).length === flat(right).length);
}

export const close = (value, wanted, tolerance = ROUNDING) => wanted === null || Math.abs(value - wanted) <= tolerance;

export function agreeing(answer, right, tolerance = 0) {
  const wanted = flat(right), largest = Math.max(1, ...wanted.filter((v) => v !== null).map(Math.abs));
  const forgiven = Math.max(tolerance, ROUNDING * largest);
  return flat(answer).map((v, i) => close(v, wanted[i], forgiven));
}

export const same = (answer, right, tolerance = 0) => linedUp(answer, right) && agreeing(answer, right, tolerance).every(Boolean);

// C's %g: six significant digits; toExponential(5) would round a half up, not to the even digit.
export function numberText(value) {
  let [digits, power] = value.toExponential(5).split("e");
  const [exact] = Math.abs(value).toExponential(100).split("e");
  if (/^.{7}50*$/.test(exact) && exact[6] % 2 === 0) digits = `${value < 0 ? "-" : ""}${exact.slice(0, 7)}`;
  const few = digits.replace(/\.?0+$/, "");
  if (power >= -4 && power < 6) return String(+`${digits}e${power}`);
  return `${few}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

export const counted = (many, noun) => `${NUMBERS[many] ?? many} ${noun}${many === 1 ? "" : "s"}`;

export function shapeWords(value) {
  const sides = shape(value);
  if (sides.length === 2) return `${counted(sides[0], "row")} of ${counted(sides[1], "number")}`;
  return sides.length > 2 ? `${sides.join(" × ")} numbers` : counted(flat(value).length, "number");
}

export function shapeHint(answer, right) {
  if (flat(answer).length !== flat(right).length || !agreeing(answer, right).every(Boolean)) return "";
  return `: the numbers are right, but not in ${shape(right).length > 1 ? "these rows and columns" : "one row"}`;
}

export function howManyRight(answer, right, tolerance = 0) {
  const good = agreeing(answer, right, tolerance), first = good.indexOf(false), sum = good.filter(Boolean).length;
  let place = "", rest = first;
  for (const side of shape(right).reverse()) {
    place = place ? `${rest % side}, ${place}` : `${rest % side}`;
    rest = Math.floor(rest / side);
  }
  const counts = `${sum} of ${good.length} numbers ${sum === 1 ? "is" : "are"} right`;
  return `${counts}; the first wrong one is at [${place}], where you have ${numberText(flat(answer)[first])}`;
}

export function kernelProblem(kernel) {
  const sides = shape(kernel);
  if (sides.length !== 2) return `a kernel has rows and columns; this answer is ${shapeWords(kernel)}`;
  if (!sides.every((side) => side % 2)) return `no middle entry in ${shapeWords(kernel)}; use odd sides, such as seven rows of seven`;
  const weights = flat(kernel).filter((weight) => !close(weight, 0));
  if (!weights.length) return "all weights are 0, so nothing comes out; one shifted copy of the picture needs one weight of 1";
  if (weights.length > 1) return `${weights.length} weights are not 0; one shifted copy of the picture needs one weight of 1`;
  return close(weights[0], 1) ? "" : `the weight ${numberText(weights[0])} also changes the brightness; use 1`;
}

export function move(kernel) {
  const [rows, columns] = shape(kernel), at = flat(kernel).findIndex((weight) => !close(weight, 0));
  return [(rows >> 1) - Math.floor(at / columns), (columns >> 1) - (at % columns)];
}

export function moveWords([down, right]) {
  const ways = [];
  if (down) ways.push(`${Math.abs(down)} ${down > 0 ? "down" : "up"}`);
  if (right) ways.push(`${Math.abs(right)} ${right > 0 ? "right" : "left"}`);
  return ways.join(" and ") || "no move at all";
}

// What a reader typed: { answer }, or { problem, piece } where it cannot be read; without both if nothing is there.
// `kind` says what is asked for, where the same signs could mean two things.
export const MOST = 5000;
const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?:\/(\d+\.?\d*|\.\d+))?$/i;
const ENDLESS = /^[+-]?(nan|inf(inity)?|∞)$/i;
const COMMA = /^[+-]?\d+,\d+(e[+-]?\d+)?$/i;
const THOUSANDS = /^[+-]?[1-9]\d{0,2},\d{3}$/;
const DEEPEST = 4;

export function read(text, kind) {
  if (text.length > MOST) return { problem: "long", piece: text.length };
  const signs = [[/[−–‐‑－]/g, "-"], [/[，、]/g, ","], [/；/g, ";"], [/[(（［{]/g, "["], [/[)）］}]/g, "]"], [/\r\n?/g, "\n"], [/ *\/ */g, "/"]];
  let plain = signs.reduce((all, [from, to]) => all.replace(from, to), text).trim();
  if (!plain) return {};
  try {
    plain = decimals(plain, kind);
    const answer = /[[\]]/.test(plain) ? bracketed(plain) : lines(plain, kind);
    if (!even(answer)) return { problem: "ragged" };
    return flat(answer).every(Number.isFinite) ? { answer } : { problem: "endless" };
  } catch (found) {
    if (!found.problem) throw found;
    return found;
  }
}

function unread(piece, problem = "unread") {
  throw { problem, piece: piece.length > 20 ? `${piece.slice(0, 20)}…` : piece };
}

function value(piece) {
  const [, number, by = 1] = NUMBER.exec(piece) ?? [];
  if (number === undefined && !ENDLESS.test(piece)) unread(piece);
  return number / by;
}

// "0,5; 1,5" and "0,5" alone have decimal commas; "0,5 1,5" may be two numbers or four.
function decimals(plain, kind) {
  const pieces = plain.split(kind === "grid" ? /[\t\n]/ : /[;\t\n]/).map((piece) => piece.trim()).filter(Boolean);
  const words = plain.split(/ +/);
  if (words.length > 1 && words.every((word) => COMMA.test(word))) unread(words[0], "twofold");
  const comma = pieces.filter((piece) => piece.includes(","));
  const apart = kind === "grid" ? /\t/ : /[;\t]/;
  if (comma.every((piece) => COMMA.test(piece)) && !/[.[\]]/.test(plain) && (apart.test(plain) || (kind === "number" && pieces.length === 1))) {
    for (const piece of comma) if (THOUSANDS.test(piece)) unread(piece, "twofold");
    plain = plain.replaceAll(",", ".");
  }
  return plain;
}

function lines(plain, kind) {
  const rows = plain.split(kind === "grid" ? /[;\n]/ : /\n/).filter((row) => row.trim())
    .map((row) => row.replace(/[\t;]/g, ",").replace(/,\s*$/, "").trim().split(/\s*,\s*|\s+/).map((piece) => value(piece || ",")));
  if (rows.length === 1 && rows[0].length === 1) return rows[0][0];
  return rows.length > 1 || kind === "grid" ? rows : rows[0];
}

function bracketed(plain) {
  const parts = plain.match(/[[\],;]|[^[\],;\s]+/g);
  let at = 0;
  const group = (depth) => {
    if (depth > DEEPEST) unread(plain);
    const rows = [[]];
    for (let comma = true; at < parts.length; ) {
      const part = parts[at++];
      if (part === "]") {
        if (!depth) unread("]");
        return rows.length > 1 ? rows.filter((row) => row.length) : rows[0];
      }
      if (part === "," && comma) unread(",");
      if (part === ";") rows.push([]);
      else if (part !== ",") rows.at(-1).push(part === "[" ? group(depth + 1) : value(part));
      comma = part === "," || part === ";";
    }
    if (depth) unread("[");
    return rows.length > 1 ? rows : rows[0];
  };
  const all = group(0);
  return all.length === 1 ? all[0] : all;
}

const even = (v) => !Array.isArray(v) || (v.every(even) && v.every((entry) => String(shape(entry)) === String(shape(v[0]))));
