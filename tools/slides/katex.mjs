// Renders maths at build time: JSON [[tex, display], …] on stdin, JSON of HTML strings on stdout. Bad TeX ends it.
import { readFileSync } from "node:fs";
import katex from "katex";

const options = { throwOnError: true, strict: "error", output: "htmlAndMathml" };
const html = JSON.parse(readFileSync(0, "utf8")).map(([tex, displayMode]) => {
  try {
    return katex.renderToString(tex, { ...options, displayMode });
  } catch (error) {
    console.error(`bad TeX: ${tex.trim()}\n  ${error.message}`);
    process.exit(1);
  }
});
process.stdout.write(JSON.stringify(html));
