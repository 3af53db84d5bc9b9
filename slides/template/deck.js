// Starts reveal.js and shares the keyboard between the deck and the interactives on it.
const printing = /print-pdf/i.test(location.search);
const root = document.documentElement;
if (!printing && matchMedia("(prefers-color-scheme: dark)").matches) root.dataset.theme = "dark";

const focusedView = () => document.activeElement?.closest?.(".afm-view");

// An interactive keeps the keys that it uses; every other key moves the deck.
function isForDeck(event) {
  const view = event.target.closest?.(".afm-view");
  if (!view) return true;
  return !event.defaultPrevented && ![" ", "Enter", "Tab"].includes(event.key) && !event.target.closest("select");
}

// A presenter's remote sends page keys: they move the deck even while an interactive has the focus.
addEventListener("keydown", (event) => {
  if (focusedView() && ["PageUp", "PageDown"].includes(event.key)) document.activeElement.blur();
}, true);

// Nothing is measured before the letters have their final width.
addEventListener("DOMContentLoaded", async () => {
  const fonts = ["1em 'Source Sans 3'", "italic 1em 'Source Sans 3'", "1em 'Source Code Pro'"];
  await Promise.allSettled(fonts.map((font) => document.fonts.load(font)));
  Reveal.initialize({
    width: 1280, height: 720, margin: printing ? 0 : 0.03, center: false, transition: "none", backgroundTransition: "none",
    hash: true, slideNumber: "c/t", pdfSeparateFragments: false, pdfMaxPagesPerSlide: 1,
    keyboardCondition: isForDeck, plugins: [RevealNotes],
  });
  Reveal.on("slidechanged", () => focusedView() && document.activeElement.blur());
  Reveal.addKeyBinding({ keyCode: 68, key: "D", description: "Dark or light" }, () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  });
});
