// Where the manager of ipywidgets finds its modules: in this folder, never on a CDN.
(() => {
  const here = new URL(".", document.currentScript.src).href;
  document.currentScript.dataset.jupyterWidgetsCdn = here;   // what is not here is nowhere
  requirejs.config({ waitSeconds: 0, paths: { anywidget: `${here}anywidget` } });
})();
