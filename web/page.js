// What a page does: predictions take the reader's answer, answers are kept (memory.js), terms explain themselves, and
// folds open for links, search hits and print.
(() => {
  const article = document.querySelector("article") ?? document.body;
  const all = (selector, root = article) => [...root.querySelectorAll(selector)];
  const plain = (text) => text.normalize("NFKC").replace(/[−–—]/g, "-").replace(/\s+/g, " ").trim().toLowerCase();

  // A prediction: the first answer counts; it opens the gate, and the words below say what was said.
  for (const box of all(".predict")) {
    const gate = box.nextElementSibling, verdict = box.querySelector(".verdict"), form = box.querySelector(".guess");
    const choices = all(".choices > li", box), right = choices.find((li) => "right" in li.dataset);
    const asks = box.cloneNode(true), key = () => plain(asks.textContent).slice(0, 200);
    asks.querySelectorAll(".choices, .guess, .verdict").forEach((part) => part.remove());
    const words = (choice) => [...choice.firstChild.childNodes].map((node) => node.cloneNode(true));

    const commit = (said, is, correct) => {
      verdict.replaceChildren("You said “", ...said, ...(correct ? ["”: right."] : is ? ["”; it is “", ...is, "”."] : ["”."]));
      box.classList.add(correct ? "is-right" : "is-said");
      gate.open = true;
    };

    for (const li of choices) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...li.childNodes);
      li.append(button);
      button.addEventListener("click", () => {
        if (box.dataset.said) return;
        box.dataset.said = "yes";
        li.dataset.said = "";
        for (const other of choices) other.firstChild.setAttribute(other === li ? "aria-pressed" : "aria-disabled", "true");
        commit(words(li), right && words(right), li === right);
        memory.keep("predictions", key(), plain(button.textContent), box);
      });
    }
    document.getElementById(box.dataset.askedIn)?.addEventListener("fs-answered", () => { gate.open = true; });
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      const said = form.elements.guess.value.trim(), answer = box.dataset.answer;
      if (said) {
        commit([said], answer && [answer], answer && plain(said) === plain(answer));
        memory.keep("predictions", key(), said.slice(0, 200), box);
      } else verdict.textContent = "Write down a guess first; it need not be good.";
    });
    const was = memory.of("predictions")[key()];
    if (typeof was !== "string") continue;
    choices.find((li) => plain(li.textContent) === was)?.firstChild.click();
    if (form && !choices.length) {
      form.elements.guess.value = was;
      form.requestSubmit();
    }
  }

  // What the exercises and the quiz have heard. (What was answered in a picture comes back with its view: links.js.)
  const boxes = all(".fs-answer-box"), quizzes = all(".fs-quiz");
  const idOf = (root) => root.closest("[data-exercise]")?.dataset.exercise ?? root.get("exercise");
  const object = (value) => (value && typeof value === "object" ? value : {});
  for (const root of boxes) {
    const { typed, variant, checked } = object(memory.of("exercises")[idOf(root)]);
    const fits = typeof typed === "string" && Number.isInteger(variant) && variant >= 0 && variant < root.get("task").variants.length;
    if (fits && root.restore({ typed, variant }) && checked === true) root.querySelector(".fs-main").click();
    root.addEventListener("fs-changed", () => {
      const right = root.dataset.verdict === "right" || object(memory.of("exercises")[idOf(root)]).right === true;
      const now = { typed: root.get("typed"), variant: root.get("variant"), checked: root.get("answer") !== null, right };
      memory.keep("exercises", idOf(root), now, root);
    });
  }
  // A question is known by its words: another version of the course may ask others, in another order.
  for (const root of quizzes) {
    const questions = root.get("questions"), was = memory.of("quiz");
    const chosen = questions.map(({ prompt, options }) => options.findIndex(({ text }) => text === was[prompt]));
    if (chosen.some((k) => k >= 0)) root.restore({ chosen, checked: chosen.map((k) => k >= 0) });
    root.addEventListener("fs-changed", () => questions.forEach(({ prompt, options }, n) => {
      const said = root.get("checked")[n] && options[root.get("chosen")[n]]?.text;
      if (said && memory.of("quiz")[prompt] !== said) memory.keep("quiz", prompt, said, root);
    }));
  }

  // A term says what it means to a pointer that rests on it and to the keyboard; Escape sends the words away.
  const terms = HTMLElement.prototype.showPopover ? all("a > .std-term").map((words) => words.parentElement) : [], { src } = document.currentScript;
  let meanings = null, tip = null, from = null, wait = 0;
  document.addEventListener("fs-terms", ({ detail }) => { meanings = detail; if (from) explain(from); });

  function explain(term) {
    from = term;
    if (!meanings) {
      if (!document.querySelector('script[src*="terms.js"]')) document.head.append(Object.assign(document.createElement("script"), { src: new URL("terms.js", src).href }));
      return;
    }
    const words = meanings[term.hash.slice(1)];
    if (!words) return;
    if (!tip) {
      tip = document.body.appendChild(Object.assign(document.createElement("div"), { id: "term-tip", role: "tooltip", popover: "manual" }));
      tip.addEventListener("pointerenter", () => clearTimeout(wait));
      tip.addEventListener("pointerleave", () => later(leave));
    }
    tip.innerHTML = words;                     // our own glossary, as it was built
    term.setAttribute("aria-describedby", tip.id);
    tip.showPopover();
    const at = term.getClientRects()[0], below = at.bottom + 6 + tip.offsetHeight < innerHeight;
    tip.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - 6 - tip.offsetHeight)}px`;
  }
  function leave() {
    clearTimeout(wait);
    from?.removeAttribute("aria-describedby");
    from = null;
    if (tip?.matches(":popover-open")) tip.hidePopover();
  }
  const later = (act) => { clearTimeout(wait); wait = setTimeout(act, 250); };
  const turn = (term) => { if (from !== term) leave(); explain(term); };
  for (const term of terms) {
    term.addEventListener("pointerenter", ({ pointerType }) => { if (pointerType !== "touch") later(() => turn(term)); });
    term.addEventListener("pointerleave", () => later(leave));
    term.addEventListener("focus", () => { if (term.matches(":focus-visible")) { clearTimeout(wait); turn(term); } });
    term.addEventListener("blur", leave);
  }
  addEventListener("keydown", ({ key }) => { if (key === "Escape") leave(); });
  addEventListener("scroll", () => { if (from && !from.matches(":focus, :hover")) leave(); }, { passive: true });

  const open = (node) => {
    for (let fold = node?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  };

  // A link into a fold. Browsers that open it by themselves lose nothing.
  const follow = () => {
    let named = null;
    try { named = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { /* a damaged link */ }
    const target = named?.querySelector(":scope > .claim") ?? named;
    if (!target?.closest("details:not([open])")) return;
    open(target);
    target.scrollIntoView();
  };
  addEventListener("hashchange", follow);
  // Folds stay closed while a word of the search can be seen without them: a search shall not spoil a prediction.
  const found = () => {
    const hits = all(".highlighted");
    if (!hits.some((hit) => !hit.closest("details:not([open])"))) hits.forEach(open);
    follow();
  };
  if (document.readyState === "complete") found();
  else document.addEventListener("DOMContentLoaded", found);

  // What is wider than its place scrolls: its edge fades while there is more, and the keyboard reaches it.
  const look = (box) => {
    const hidden = box.scrollWidth - box.clientWidth;
    if (hidden > 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
    box.classList.toggle("more", hidden - box.scrollLeft > 1);
  };
  const sizes = new ResizeObserver((seen) => seen.forEach(({ target }) => look(target)));
  for (const box of all(".cell_output:has(> img), .katex-display")) {
    sizes.observe(box);
    box.addEventListener("scroll", () => look(box), { passive: true });
  }

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all("details:not([open])");
    for (const fold of opened) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of opened) fold.open = false;
  });

  const button = document.querySelector(".open-all");
  button?.addEventListener("click", () => {
    const to = button.getAttribute("aria-pressed") !== "true";
    for (const fold of all("details")) fold.open = to;
    button.setAttribute("aria-pressed", to);
  });
})();
