// What the browser sweep asks a page: put into every page before its own scripts run.
globalThis.sweep = (() => {
  const root = () => [...document.querySelectorAll(".fs")].find((n) => n.state);
  const unfold = () => root().querySelectorAll(".fs-more").forEach((n) => { n.open = true; });
  const fold = (s) => s.replace(/\s+/g, " ").trim();
  const opaque = { opacityProperty: true, visibilityProperty: true };
  const hasBox = (n) => { const b = n.getBoundingClientRect(); return b.width > 1 && b.height > 1; };
  const visible = (n) => hasBox(n) && n.checkVisibility(opaque);
  const textOf = (n) => fold(n.innerText ?? n.textContent);
  const within = (a, b, by = 1) => a.left >= b.left - by && a.right <= b.right + by && a.top >= b.top - by && a.bottom <= b.bottom + by;

  // The traits, and every keyed number or text that can be seen (an empty text has no box).
  function look() {
    const keyed = [...root().querySelectorAll("[data-shown]")];
    const shown = keyed.filter((n) => visible(n) || (!textOf(n) && n.checkVisibility(opaque)));
    return { state: root().state(), shown: shown.map((n) => [n.dataset.shown, n.dataset.value ?? null, textOf(n)]) };
  }

  function pieces() {
    const walk = document.createTreeWalker(root(), NodeFilter.SHOW_TEXT), found = [];
    while (walk.nextNode()) {
      const node = walk.currentNode, range = document.createRange();
      if (!fold(node.textContent) || !visible(node.parentElement) || node.parentElement.closest("option")) continue;
      range.selectNodeContents(node);
      found.push({ parent: node.parentElement, text: fold(node.textContent), box: range.getBoundingClientRect() });
    }
    return found;
  }

  function pixels(node) {                 // the size at which a text is really seen
    const size = parseFloat(getComputedStyle(node).fontSize), m = node.getScreenCTM?.();
    return m ? size * Math.hypot(m.a, m.b) : size;
  }

  function clips(node) {
    const out = [root()];
    for (let n = node; n && n !== root(); n = n.parentElement)
      if (n.localName === "svg" || getComputedStyle(n).overflowX !== "visible") out.push(n);
    return out;
  }

  // Text that is too small or leaves its picture, numbers that nobody compares, a page too wide.
  const NOT_RESULTS = "[data-shown], .fs-ticks, label, button";
  function layout() {
    const bad = [];
    for (const { parent, text, box } of pieces()) {
      if (/^[−-]?\d+(\.\d+)?$/.test(text) && !parent.closest(NOT_RESULTS)) bad.push(`the number ${text} has no data-shown`);
      if (pixels(parent) < 11.95) bad.push(`"${text}" is ${pixels(parent).toFixed(1)} px small`);
      const out = clips(parent).find((n) => !within(box, n.getBoundingClientRect()));
      if (out) bad.push(`"${text}" leaves its ${out === root() ? "interactive" : out.localName}`);
    }
    const doc = document.documentElement;
    if (doc.scrollWidth > doc.clientWidth) bad.push(`the page is ${doc.scrollWidth - doc.clientWidth} px too wide`);
    return bad;
  }

  const canTell = (text) => pieces().some((p) => p.text === text) || [...root().querySelectorAll("*")].some((n) => visible(n) && textOf(n) === text);

  const FOCUSABLE = "input, textarea, select, button, [tabindex]:not([tabindex='-1'])";
  function moves() {                      // what a hand could use now, marked for the test
    const usable = [...root().querySelectorAll(FOCUSABLE)].filter((n) => hasBox(n) && n.checkVisibility({ visibilityProperty: true }) && !n.disabled);
    const kind = (n) => n.type === "select-one" ? "select" : n.type === "submit" ? "button" : n.getAttribute("role") ?? n.type;
    document.querySelectorAll("[data-move]").forEach((n) => n.removeAttribute("data-move"));
    return usable.map((n, i) => { n.dataset.move = i; return [kind(n), n.classList.contains("fs-reset")]; });
  }

  const stops = [];
  const around8 = (b) => ({ x: Math.max(0, b.x - 8), y: Math.max(0, b.y - 8), width: b.width + 16, height: b.height + 16 });
  function stop() {                       // the element that has the focus, by number; -1 outside
    const n = document.activeElement;
    if (!root().contains(n)) return null;
    if (!stops.includes(n)) stops.push(n);
    const around = n.closest("label") ?? n, b = around.getBoundingClientRect();
    return { id: stops.indexOf(n), name: n.getAttribute("aria-label") ?? textOf(around), box: around8(b) };
  }
  const owns = (control, id) => control.contains(stops[id]);

  // Milliseconds from each input event to the first task after the frame that shows it.
  const times = [];
  const timed = (e) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => times.push(performance.now() - e.timeStamp);
    channel.port2.postMessage(0);
  });
  const time = (node) => node.addEventListener("input", timed, true);

  return { root, unfold, look, layout, canTell, moves, stop, owns, time, times };
})();
