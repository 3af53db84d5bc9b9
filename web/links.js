// A view is a link: the fragment names an interactive, and the traits in which it differs from how it starts.
// #interactive-i-1a?op=convolve&row=2, in a deck #/5/view-1?… ; rows of a grid are parted by semicolons.
(() => {
  const roots = () => [...document.querySelectorAll(".afm-view > .fs")].filter((root) => !root.matches(".fs-quiz, .fs-answer-box"));
  const nameOf = (root) => root.closest("figure.play[id]")?.id ?? `view-${roots().indexOf(root) + 1}`;
  const deck = () => document.querySelector(".reveal") !== null;
  const within = (v, { min = -Infinity, max = Infinity, low = min, high = max, whole }) =>
    Number.isFinite(v) && v >= low && v <= high && (!whole || Number.isInteger(v));

  // What may stand in a link: what is declared with all that it may be. Answers are the reader's own.
  const linkable = (t) => !t.about && (["options", "min", "shape"].some((k) => k in t) || ["toggle", "choice"].includes(t.kind));

  const text = (v) => (Array.isArray(v?.[0]) ? v.map(String).join(";") : encodeURIComponent(String(v)).replace(/%2C/g, ","));

  // Undefined where the text is no value that the trait may have.
  function value(text, t) {
    if (t.kind === "toggle") return ["true", "false"].includes(text) ? text === "true" : undefined;
    if (t.shape) {
      const number = (s) => (s.trim() ? +s : NaN), rows = text.split(";").map((row) => (row ? row.split(",").map(number) : []));
      const [[least, most], columns] = t.shape, v = columns ? rows : rows[0];
      const fits = (n, [a, b]) => n >= a && n <= b;
      const right = fits(v.length, [least, most]) && (columns || rows.length === 1)
        && (!columns || rows.every((row) => row.length === rows[0].length && fits(row.length, columns)));
      return right && rows.flat().every((n) => within(n, t)) ? v : undefined;
    }
    if (t.options) return t.options.find((option) => typeof option !== "object" && String(option) === text);
    if ("min" in t) return text.trim() && within(+text, t) ? +text : undefined;
    return t.kind === "choice" ? text : undefined;
  }

  // A picture of what cannot be: a number that is none, or a slider beyond its ends.
  function sound(root) {
    const ends = ({ ariaValueMin: min, ariaValueNow: now, ariaValueMax: max }) => +now >= +min && +now <= +max;
    return !/\b(NaN|undefined)\b/.test(root.textContent) && [...root.querySelectorAll("[role=slider]")].every(ends)
      && [...root.querySelectorAll("input[type=range]")].every((input) => !(Math.abs(input.value - root.get(input.dataset.trait)) > input.step));
  }

  function say(place, text) {
    const note = document.querySelector(".link-note") ?? document.createElement("p");
    Object.assign(note, { className: "link-note", role: "status", textContent: text });
    place.prepend(note);
  }

  // Sets a view, and what was answered in it; false, and the start, where that cannot be.
  function restored(root, query, answers = {}) {
    const patch = structuredClone({ ...root.first, ...answers });
    for (const [name, text] of new URLSearchParams(query.slice(0, 20_000))) {
      const t = Object.hasOwn(root.traits, name) && root.traits[name];
      if (!t || !linkable(t) || (patch[name] = value(text, t)) === undefined) return root.restore(root.first) && false;
    }
    return root.restore(patch) && sound(root) || root.restore(root.first) && false;
  }

  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  function written(root) {
    const now = root.state(), changed = Object.keys(now).filter((k) => linkable(root.traits[k]) && !same(now[k], root.first[k]));
    return changed.map((k) => `${k}=${text(now[k])}`).join("&");
  }

  function open() {
    const [place, ...rest] = location.hash.slice(1).split("?");
    if (!rest.length) return;
    const name = place.split("/").at(-1), root = roots().find((one) => nameOf(one) === name);
    const frame = root?.closest("figure.play") ?? root;
    const fine = root && restored(root, rest.join("?"));
    if (deck()) history.replaceState(null, "", `#${place.slice(0, -name.length - 1) || "/"}`);
    else for (let fold = frame?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    if (!fine) say(root?.parentElement ?? document.querySelector("article, main"), root
      ? "The link does not fit this interactive, damaged or of another version: here is how it starts."
      : "The link leads to an interactive that is not on this page.");
    if (!deck()) frame?.scrollIntoView();
  }

  // The address of this page for others; a page on disk has one if it was built for a host.
  const base = () => (location.protocol === "file:" ? document.querySelector("link[rel=canonical]")?.href : location.href)?.split(/[?#]/)[0];

  function linkTo(root, address = base()) {
    const query = written(root);
    const slide = deck() ? `/${Reveal.getIndices().h}/` : "";
    return `${address}#${slide}${nameOf(root)}${query && `?${query}`}`;
  }

  async function copy(button, text) {
    const label = button.dataset.label ??= button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {                                   // not every page may write there: the reader can
      const field = button.parentElement.querySelector("input.link") ?? document.createElement("input");
      Object.assign(field, { className: "link", readOnly: true, value: text, ariaLabel: label });
      button.after(field);
      field.select();
    }
    setTimeout(() => { button.textContent = label; }, 2500);
  }

  function button(label, cls, act) {
    const node = Object.assign(document.createElement("button"), { type: "button", className: cls, textContent: label, ariaLive: "polite" });
    node.addEventListener("click", () => copy(node, act()));
    return node;
  }

  // An interactive's own page says how others show it on theirs.
  function embed(root) {
    const box = document.querySelector(".embed");
    if (!box) return;
    const code = box.querySelector("textarea"), title = document.title.replace(/"/g, "&quot;");
    const write = () => {
      const address = linkTo(root).replace(/&/g, "&amp;");
      return (code.value = `<iframe src="${address}" title="${title}" width="100%" height="${root.closest("figure").offsetHeight + 64}" loading="lazy" style="border:0"></iframe>`);
    };
    box.addEventListener("toggle", write);
    root.addEventListener("fs-changed", () => box.open && write());
    code.after(button("Copy code", "copy-link", write));
    box.hidden = false;
  }

  // What the reader answered in a picture comes back, with the view that it was about.
  for (const root of typeof memory === "object" ? roots() : []) {
    const { view, ...answers } = memory.of("asked")[nameOf(root)] ?? {}, asked = Object.keys(root.traits).filter((k) => root.traits[k].about);
    if (typeof view === "string" && Object.keys(answers).every((k) => asked.includes(k))) restored(root, view, answers);
    root.addEventListener("fs-answered", () =>
      memory.keep("asked", nameOf(root), Object.fromEntries([["view", written(root)], ...asked.map((k) => [k, root.get(k)])]), root));
  }

  const course = document.querySelector("article, .reveal");
  for (const root of course && base() ? roots() : []) {
    const header = root.closest("figure.play")?.querySelector("header"), reset = root.querySelector(".fs-reset");
    const node = button("Copy link", header ? "copy-link" : "copy-link fs-button", () => linkTo(root));
    if (header) header.append(node);
    else reset?.after(node);
    const alone = header?.querySelector("a.alone");
    alone?.addEventListener("click", () => { alone.href = linkTo(root, alone.href.split("#")[0]); });
    embed(root);
  }
  addEventListener("hashchange", open);
  open();
})();
