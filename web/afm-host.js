// Runs the anywidgets of a page without a kernel; their model behaves as JupyterLab's Backbone model.
// Behind each view stand the scripts that it waits for (tools/policy.py), so it is drawn while the page is still read.
(() => {
  const MIME = "application/vnd.jupyter.widget-";
  const parse = (script) => JSON.parse(script.textContent);
  const embedded = (kind) => [...document.querySelectorAll(`script[type="${MIME}${kind}+json"]`)];
  const bytes = (a) => new Uint8Array(a.buffer ?? a, a.byteOffset ?? 0, a.byteLength);

  function equal(a, b) {
    if (a === b || (a !== a && b !== b)) return true;
    if (!a || !b || typeof a !== "object" || a.constructor !== b.constructor) return false;
    if (a instanceof DataView || a instanceof ArrayBuffer) return equal(bytes(a), bytes(b));
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((k) => k in b && equal(a[k], b[k]));
  }

  class Model {
    #data; #listeners = []; #pending = false; #busy = false;
    constructor(data) { this.#data = data; }

    #set(key, value) {
      const next = typeof key === "object" ? key : { [key]: value }, nested = this.#busy;
      const changed = Object.keys(next).filter((k) => !equal(this.#data[k], next[k]));
      Object.assign(this.#data, next);
      this.#busy = true;
      this.#pending ||= changed.length > 0;
      for (const k of changed) this.#emit(`change:${k}`, this.#data[k]);
      if (!nested) while (this.#pending) { this.#pending = false; this.#emit("change"); }
      this.#pending = this.#busy = false;   // as there: a set inside a listener silences the outer "change"
    }

    #emit(name, value) {                // one that throws must not silence the others
      for (const l of this.#listeners.filter((l) => l.name === name))
        try { l.call(l.model, value); } catch (error) { l.fail(error); }
    }

    // For one view: off() leaves the listeners of the others alone.
    open(fail) {
      const model = {
        get: (k) => this.#data[k],
        set: (k, v) => this.#set(k, v),
        save_changes() {},
        send() { console.warn("no kernel: message dropped"); },
        on: (names, call) => { for (const name of names.split(/\s+/)) this.#listeners.push({ name, call, model, fail }); },
        off: (names, call) => {
          this.#listeners = this.#listeners.filter((l) =>
            l.model !== model || (names && !names.split(/\s+/).includes(l.name)) || (call && l.call !== call));
        },
      };
      return model;
    }
  }

  const once = (make, kept = new Map()) => (key) => (kept.has(key) || kept.set(key, make(key)), kept.get(key));
  const node = (parent, tag, attrs) => parent.appendChild(Object.assign(document.createElement(tag), attrs));
  // At once where it can be: nothing moves when a view appears before what follows it.
  const then = (value, go) => (value?.then ? value.then(go) : go(value));

  // A value of a state may stand in a file: "afm:" and the file's name.
  const pieces = new Map(), piece = once((name) => pieces.get(name)(piece));
  const named = (value) => (typeof value === "string" && value.startsWith("afm:") ? value.slice(4) : null);

  function decode({ state, buffers = [] }) {
    for (const [key, value] of Object.entries(state)) if (key !== "_esm" && named(value)) state[key] = piece(named(value));
    for (const { path, data } of buffers) {
      const last = path.pop(), parent = path.reduce((o, k) => o[k], state);
      parent[last] = new DataView(Uint8Array.from(atob(data), (c) => c.charCodeAt(0)).buffer);
    }
    return state;
  }

  function report(el, error) {
    console.error("[afm-host]", error);
    if (el.querySelector(".afm-error")) return;
    const textContent = `This interactive does not work here: ${error?.message ?? error}.`;
    node(el, "p", { className: "afm-error", role: "alert", textContent });
  }

  const saved = Object.assign({}, ...embedded("state").map((s) => parse(s).state)), live = new Map();
  const isOurs = (id) => saved[id]?.model_module === "anywidget";
  const missing = (id) => Object.values(saved[id].state).map(named).filter((name) => name && !pieces.has(name));
  const model = once((id) => new Model(decode(saved[id])));
  const widget = once((id) => {
    const m = model(id).open(console.error), signal = new AbortController().signal;
    const made = piece(named(m.get("_esm")));
    return then(typeof made === "function" ? made() : made, (made) =>
      then(made.initialize?.({ model: m, signal, experimental: {} }), () => made));
  });

  function show(script) {
    const el = node(script.parentElement, "div", { className: "afm-view" });
    const fail = (error) => report(el, error), end = new AbortController();
    script.replaceWith(el);
    try {
      const { model_id: id } = parse(script);
      if (!isOurs(id)) throw Error("its saved state is not on this page");
      if (missing(id).length) throw Error(`${missing(id)[0]}.js is missing`);
      then(widget(id), (made) => {
        const m = model(id).open(fail);
        let done;
        live.set(el, () => { live.delete(el); m.off(); end.abort(); done?.(); });
        return then(made.render?.({ model: m, el, signal: end.signal, experimental: {} }), (d) => { done = d; });
      })?.catch(fail);
    } catch (error) { fail(error); }
  }

  document.addEventListener("afm", ({ detail: make }) => {
    pieces.set(document.currentScript.src.match(/([^/]+)\.js$/)[1], make);
    for (const view of embedded("view")) {
      const { model_id: id } = parse(view);
      if (isOurs(id) && !missing(id).length) show(view);
    }
  });

  function finish() {
    embedded("view").forEach(show);       // those that wait in vain say so
    for (const { model_name: kind, state } of Object.values(saved)) {    // jslink, jsdlink
      if (!/^(Directional)?LinkModel$/.test(kind)) continue;
      const [a, b] = [state.source, state.target].map(([ref, trait]) => [ref.replace("IPY_MODEL_", ""), trait]);
      if (!isOurs(a[0]) || !isOurs(b[0])) continue;
      const [from, to] = [a, b].map(([id]) => model(id).open(console.error));
      const there = () => to.set(b[1], from.get(a[1])), back = () => from.set(a[1], to.get(b[1]));
      there();
      from.on(`change:${a[1]}`, there);
      if (kind === "LinkModel") to.on(`change:${b[1]}`, back);
    }
    new MutationObserver(() => live.forEach((close, el) => el.isConnected || close()))
      .observe(document.body, { childList: true, subtree: true });
  }

  document.readyState === "loading" ? addEventListener("DOMContentLoaded", finish) : finish();
})();
