// What the course remembers, in this browser alone: answers, what was read, and where the reader was.
// `memory` is what page.js keeps answers with. A page that shows the progress has an empty <div class="progress-arc">:
// it gets the arc with what was read, the way back to where the reader was, and a button that forgets everything.
const memory = (() => {
  const PREFIX = "flip-and-slide:", KEY = `${PREFIX}memory`, VERSION = 1;
  const { documentElement: html } = document, home = new URL(html.dataset.content_root, location.href);
  const nameOf = (href) => new URL(href).pathname.slice(home.pathname.length).replace(/\.html$/, "");
  const here = nameOf(location.href), chapter = /^chapters\/\d-/.test(here);
  const object = (value) => (value && typeof value === "object" && !Array.isArray(value) ? value : {});
  const make = (tag, properties, ...inside) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...inside);
    return node;
  };

  const WHY = {
    nothing: "This browser lets the course keep nothing: what you answer will not be remembered.",
    full: "The storage of this browser is full: what you answer will not be remembered.",
    later: "A later version of the course keeps your answers in this browser; this one leaves them alone and will remember nothing.",
  };
  let problem = html.dataset.keeps, told = false;       // site.js has tried it

  function read() {
    let all = {};
    try { all = object(JSON.parse(localStorage.getItem(KEY))); } catch { /* damaged: as if nothing were there */ }
    if (all.version > VERSION) [all, problem] = [{}, "later"];
    return { version: VERSION, last: object(all.last), pages: object(all.pages) };
  }

  function write(change) {
    const all = read();
    change(all);
    if (problem !== "later") try { localStorage.setItem(KEY, JSON.stringify(all)); } catch { problem = "full"; }
  }

  const page = (all, name = here) => object(all.pages[name]);
  const of = (kind) => object(page(read())[kind]);

  // Keeps an answer of this page under a name; where that cannot be, the box says so, once.
  function keep(kind, name, value, box) {
    write((all) => {
      const mine = page(all);
      all.pages[here] = { ...mine, [kind]: { ...object(mine[kind]), [name]: value } };
    });
    show();
    if (!problem || told) return;
    told = true;
    box.append(make("p", { className: "unkept", role: "status", textContent: WHY[problem] }));
  }

  // The chapters, as the sidebar lists them.
  const chapters = [...document.querySelectorAll(".bd-sidebar-primary .toctree-l1 > a")]
    .map((link) => ({ link, name: nameOf(link.href), title: link.textContent.trim() })).filter(({ name }) => /^chapters\/\d-/.test(name));

  function progress(all, name) {
    const { read: seen, exercises, of: number } = page(all, name);
    const right = Object.values(object(exercises)).filter((one) => object(one).right).length;
    return { begun: name in all.pages, read: seen === true, right, of: Math.max(+number || 0, right) };
  }

  // A ring behind a chapter's name: a dot inside for what was read, its rim for the exercises.
  function rings(all) {
    for (const { link, name } of chapters) {
      const { begun, read: seen, right, of: number } = progress(all, name);
      link.querySelector(".ring")?.remove();
      if (!begun) continue;
      const said = `${seen ? "read" : "begun"}${number ? `, ${right} of ${number} exercises done` : ""}`;
      const ring = make("span", { className: `ring${seen ? " is-read" : ""}`, role: "img", ariaLabel: said, title: said });
      ring.style.setProperty("--done", number && right / number);
      link.append(" ", ring);
    }
  }

  function fill(box, all) {
    const found = chapters.map(({ name }) => ({ name, ...progress(all, name) }));
    const parts = [...new Set(found.map(({ name }) => name.split("/")[1]))];
    const many = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;
    const seen = found.filter((one) => one.read).length, right = found.reduce((sum, one) => sum + one.right, 0);
    const said = `${seen} of ${found.length} chapters read, ${many(right, "exercise")} done.`;
    const last = chapters.find(({ name }) => name === all.last.page), children = [];
    if (found.some((one) => one.begun)) {
      children.push(make("div", { className: "arc", role: "img", ariaLabel: said }, ...parts.map((part) => {
        const own = found.filter(({ name }) => name.split("/")[1] === part), group = make("span", {});
        group.style.setProperty("--n", own.length);
        group.append(...own.map(({ name, read: done }) => make("i", { className: name === last?.name ? "here" : done ? "read" : "next" })));
        return group;
      })));
      const way = last && make("a", { className: "continue", href: last.link.href.split("#")[0], textContent: last.title });
      if (way && typeof all.last.at === "string" && all.last.at) way.hash = encodeURIComponent(all.last.at);
      const button = make("button", { type: "button", className: "forget", textContent: "Forget everything" });
      button.addEventListener("click", () => {
        if (!confirm("Forget all answers, and what you have read?")) return;
        for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
        show();
      });
      children.push(make("p", {}, said, ...(way ? [" Continue where you were: ", way, "."] : []), " ", button));
    }
    if (problem) children.push(make("p", { className: "unkept", textContent: WHY[problem] }));
    box.replaceChildren(...children);
  }

  function show() {
    const all = read();
    rings(all);
    document.querySelectorAll("div.progress-arc").forEach((box) => fill(box, all));
  }

  // Where the reader is: the last heading above the middle of the window. Read is a chapter whose summary was there.
  function look() {
    const seen = [...document.querySelectorAll("article section[id] > :is(h2, h3)")].filter((node) => node.getBoundingClientRect().top < innerHeight / 2);
    const at = seen.at(-1)?.parentElement.id ?? "", end = document.getElementById("summary");
    const done = end && end.getBoundingClientRect().top < innerHeight, all = read();
    if (all.last.page === here && all.last.at === at && (!done || page(all).read)) return;
    write((now) => {
      now.last = { page: here, at };
      now.pages[here] = { ...page(now), of: document.querySelectorAll("[data-exercise]").length, ...(done && { read: true }) };
    });
    show();
  }
  if (chapter) {
    let wait = 0;
    addEventListener("scroll", () => { clearTimeout(wait); wait = setTimeout(look, 400); }, { passive: true });
    if (read().last.page !== here || !(here in read().pages)) look();
  }
  addEventListener("storage", ({ key }) => { if (key === KEY) show(); });
  show();
  return { of, keep };
})();
