// What the tests of the decks ask of a page; each function is called by name with its arguments.
({
  // Everything on the slide (or printed page) that does not lie within it, or that cuts off its own content.
  overflows: (margin) => {
    const printed = [...document.querySelectorAll(".pdf-page")];
    const sheets = printed.length ? printed : [Reveal.getCurrentSlide()];
    const unseen = ".notes, .fs-heard, .katex-mathml, .katex svg, .slide-number, script, style, noscript, option";
    const seen = (node) => !node.matches(".sheet") && !node.closest(unseen) && node.checkVisibility({ visibilityProperty: true });
    const boxes = (node) => {
      const range = document.createRange();
      const text = [...node.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
      return [node.getBoundingClientRect(), ...text.flatMap((n) => (range.selectNodeContents(n), [...range.getClientRects()]))];
    };
    const outside = (sheet) => {
      const frame = sheet.getBoundingClientRect(), scale = frame.width / sheet.offsetWidth;
      const bottom = frame.bottom - margin * scale;
      const wrong = (b) => b.width * b.height > 0 && (b.left < frame.left - 1 || b.right > frame.right + 1 || b.top < frame.top - 1 || b.bottom > bottom + 1);
      const cut = (n) => n.matches("pre, .cell, table") && (n.scrollWidth > n.clientWidth + 1 || (n.matches("pre") && n.scrollHeight > n.clientHeight + 1));
      return [...sheet.querySelectorAll("*")].filter((n) => seen(n) && (cut(n) || boxes(n).some(wrong)))
        .map((n) => `${sheet.querySelector("h1, h2")?.textContent}: ${n.localName}.${n.classList} “${n.textContent.trim().slice(0, 40)}”`);
    };
    return sheets.flatMap(outside);
  },

  // Slides without speaker notes, without a planned time, or whose notes hide in a fragment.
  notes: () => [...document.querySelectorAll(".slides > section")].flatMap((slide) => {
    const title = slide.querySelector("h1, h2")?.textContent ?? "untitled slide";
    const notes = [...slide.querySelectorAll(".notes")].find((n) => !n.closest(".fragment"))?.textContent.trim() ?? "";
    const asks = slide.querySelector(".predict, .letters, .live");
    return [
      notes.length < 40 && `${title}: no speaker notes`,
      !(+slide.dataset.timing > 0) && `${title}: its notes do not begin with the minutes`,
      asks && !notes.includes("Listen for:") && `${title}: a question, and no misconception to listen for`,
    ].filter(Boolean);
  }),

  minutes: () => [...document.querySelectorAll(".slides > section")].reduce((sum, s) => sum + +s.dataset.timing, 0) / 60,

  state: () => JSON.stringify(Reveal.getCurrentSlide().querySelector(".fs").state()),

  at: () => Reveal.getIndices(),
})
