// Where the full ipywidgets manager finds its modules and icon fonts: in this folder, never on a CDN.
(() => {
  const here = new URL(".", document.currentScript.src).href;
  document.currentScript.dataset.jupyterWidgetsCdn = here;   // what is not here is nowhere
  window.__jupyter_widgets_assets_path__ = `${here}fonts/`;
  requirejs.config({ waitSeconds: 0, paths: {
    anywidget: `${here}anywidget`,
    // The manager is in embed-amd.js already; it looks for its fonts beside the place that it is said to come from.
    "@jupyter-widgets": `${here}fonts`, "@jupyter-widgets/html-manager/dist": `${here}fonts` } });
})();
