// Runs in the head: the colours are settled before anything is drawn. Then what the buttons of the theme do.
(() => {
  const root = document.documentElement;
  let mode = null;
  try { mode = localStorage.getItem("mode"); } catch { /* a browser that keeps nothing */ }
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
