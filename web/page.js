// What a page does: predictions take the reader's answer, and folds open for links, search hits and print.
(() => {
  const article = document.querySelector("article") ?? document.body;
  const all = (selector, root = article) => [...root.querySelectorAll(selector)];
  const plain = (text) => text.normalize("NFKC").replace(/[−–—]/g, "-").replace(/\s+/g, " ").trim().toLowerCase();

  // A prediction: the first answer counts; it opens the gate, and the words below say what was said.
  for (const box of all(".predict")) {
    const gate = box.nextElementSibling, verdict = box.querySelector(".verdict"), form = box.querySelector(".guess");
    const choices = all(".choices > li", box), right = choices.find((li) => "right" in li.dataset);
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
      });
    }
    document.getElementById(box.dataset.askedIn)?.addEventListener("fs-answered", () => { gate.open = true; });
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      const said = form.elements.guess.value.trim(), answer = box.dataset.answer;
      if (said) commit([said], answer && [answer], answer && plain(said) === plain(answer));
      else verdict.textContent = "Write down a guess first; it need not be good.";
    });
  }

  const open = (node) => {
    for (let fold = node?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  };

  // A link into a fold. Browsers that open it by themselves lose nothing.
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
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
