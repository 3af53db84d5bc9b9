// Runs in the head: the colours are settled before anything is drawn. Then what the buttons of the theme do.
(() => {
  const root = document.documentElement;

  // Where the browser keeps nothing, or nothing more, the page has a memory of its own: whoever asks for one finds it.
  for (const name of ["sessionStorage", "localStorage"]) try {
    window[name].setItem("flip-and-slide:tried", "");
    window[name].removeItem("flip-and-slide:tried");
  } catch (error) {
    root.dataset.keeps = error.name === "QuotaExceededError" ? "full" : "nothing";
    const all = new Map();
    try { Object.entries(window[name]).forEach(([key, value]) => all.set(key, value)); } catch { /* nor can it be read */ }
    const value = { getItem: (key) => all.get(key) ?? null, setItem: (key, text) => all.set(key, String(text)), removeItem: (key) => all.delete(key) };
    Object.defineProperty(window, name, { value });
  }
  const mode = localStorage.getItem("mode");
  root.toggleAttribute("data-disk", location.protocol === "file:");
  root.dataset.mode = mode ?? "auto";
  root.dataset.theme = mode === "light" || mode === "dark" ? mode : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";

  // The type of the first screen comes at once; a browser refuses this to a page on disk, which needs it least.
  const { src, dataset } = document.currentScript;
  if (location.protocol !== "file:") for (const font of dataset.fonts?.split(" ") ?? []) {
    const href = new URL(`${font}.woff2`, src).href;
    document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "font", crossOrigin: "", href }));
  }

  const does = {
    fullscreen: () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()),
  };
  const open = (button, on) => {
    button.setAttribute("aria-expanded", on);
    button.nextElementSibling.classList.toggle("show", on);
  };
  const menus = () => document.querySelectorAll('.dropdown-toggle[aria-expanded="true"]');

  document.addEventListener("click", ({ target }) => {
    const button = target.closest(".dropdown-toggle"), others = [...menus()];
    others.forEach((menu) => open(menu, false));
    if (button && !others.includes(button)) open(button, true);
    does[target.closest("[data-does]")?.dataset.does]?.();
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") for (const menu of menus()) { open(menu, false); menu.focus(); }
  });
})();
