// Runs the anywidgets of a page without a kernel; their model behaves as JupyterLab's Backbone model.
// A page with core ipywidgets gets the full manager instead.
(() => {
  const here = new URL(".", document.currentScript.src).href;
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

  function decode({ state, buffers = [] }) {
    for (const { path, data } of buffers) {
      const last = path.pop(), parent = path.reduce((o, k) => o[k], state);
      parent[last] = new DataView(Uint8Array.from(atob(data), (c) => c.charCodeAt(0)).buffer);
    }
    return state;
  }

  const once = (make, kept = new Map()) => (key) => (kept.has(key) || kept.set(key, make(key)), kept.get(key));
  const node = (parent, tag, attrs) => parent.appendChild(Object.assign(document.createElement(tag), attrs));
  const addStyle = once((textContent) => node(document.head, "style", { textContent }));
  const load = once((source) => {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    return import(url).finally(() => URL.revokeObjectURL(url));
  });

  function report(el, error) {
    console.error("[afm-host]", error);
    if (el.querySelector(".afm-error")) return;
    const textContent = `This interactive does not work here: ${error?.message ?? error}.`;
    node(el, "p", { className: "afm-error", role: "alert", textContent });
  }

  async function loadManager(views) {
    try {
      for (const name of ["require.js", "widgets-setup.js", "embed-amd.js"])
        await new Promise((onload, no) =>
          node(document.head, "script", { src: here + name, onload, onerror: () => no(Error(`${name} is missing`)) }));
    } catch (error) { for (const view of views) report(view.parentElement, error); }
  }

  function start() {
    const saved = Object.assign({}, ...embedded("state").map((s) => parse(s).state)), views = embedded("view");
    const isOurs = (id) => saved[id]?.model_module === "anywidget", live = new Map();
    if (views.map((s) => parse(s).model_id).some((id) => saved[id] && !isOurs(id))) return loadManager(views);

    const model = once((id) => new Model(decode(saved[id])));
    const widget = once(async (id) => {
      const m = model(id).open(console.error), signal = new AbortController().signal;
      addStyle(m.get("_css") ?? "");
      let { default: made } = await load(m.get("_esm"));
      if (typeof made === "function") made = await made();
      await made.initialize?.({ model: m, signal, experimental: {} });
      return made;
    });

    async function show(script) {
      const el = node(script.parentElement, "div", { className: "afm-view" });
      const fail = (error) => report(el, error), end = new AbortController();
      script.replaceWith(el);
      try {
        const { model_id: id } = parse(script);
        if (!isOurs(id)) throw Error("its saved state is not on this page");
        const made = await widget(id), m = model(id).open(fail);
        let done;
        live.set(el, () => { live.delete(el); m.off(); end.abort(); done?.(); });
        done = await made.render?.({ model: m, el, signal: end.signal, experimental: {} });
      } catch (error) { fail(error); }
    }

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
    views.forEach(show);
    new MutationObserver(() => live.forEach((close, el) => el.isConnected || close()))
      .observe(document.body, { childList: true, subtree: true });
  }

  document.readyState === "loading" ? addEventListener("DOMContentLoaded", start) : start();
})();
