"""Without scripts and with all gates closed, no prediction's answer stands in sight of its question."""

import pytest
from browser import chromium
from test_site import PAGES, SHELL, SITE

from tools.book.form import plain

# What can be seen above each gate and in the rest of its section, choices and the hidden side of formulas left out.
SEEN = """() => [...document.querySelectorAll('.predict')].map((box) => {
  const gate = box.nextElementSibling, section = box.closest('section');
  const article = box.closest('article, main'), texts = [];
  const walk = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode()); ) {
    const above = box.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING, at = node.parentElement;
    const left = at.closest('.choices, .katex-mathml, script, noscript') || !at.checkVisibility();
    if ((above || section.contains(node)) && !left)
      texts.push(node.data);
  }
  return {asked: box.querySelector('.admonition-title').textContent, answer: box.dataset.answer ?? '',
    closed: gate?.matches('details.gate') ? !gate.open : !box.dataset.answer,
    spoils: box.dataset.spoils ?? '', text: texts.join('')};
})"""


def spoiled(page) -> list[str]:
    """What a reader sees too early. An answer of one or two characters stands everywhere: there `% spoils:` must do."""
    found = []
    for one in page.evaluate(SEEN):
        secrets = [one["answer"] if len(one["answer"]) > 2 else "", *one["spoils"].split("|")]
        text = plain(one["text"])
        found += [f"{one['asked']}: {s.strip()!r} can be read" for s in secrets if plain(s) and plain(s) in text]
        found += [f"{one['asked']}: the gate is open"] * (not one["closed"])
    return found


@pytest.fixture(scope="module")
def page():
    with chromium() as browser:
        context = browser.new_context(java_script_enabled=False)
        yield context.new_page()
        context.close()


@pytest.mark.parametrize("name", [n for n in PAGES if "admonition predict" in (SITE / n).read_text()])
def test_no_answer_stands_in_sight_of_its_question(name, page):
    page.goto((SITE / name).as_uri())
    assert spoiled(page) == []


BOX = """<section><p>Three gaps.</p><div class="predict" data-answer="1, 2, 4" data-spoils="backwards | oldest first">
<p class="admonition-title">Predict</p><ul class="choices"><li>1, 2, 4</li><li>4, 2, 1</li></ul></div>
<details class="gate"{}><summary>Show the answer</summary><p>1, 2, 4, backwards</p></details><p>{}</p></section>
<section><p>So it is 1, 2, 4.</p></section>"""


@pytest.mark.parametrize(
    "opened, after, complaints",
    [
        ("", "", 0),
        ("", "The weights are 1,&nbsp;2, 4.", 1),
        ("", "The <b>oldest</b> first, backwards", 2),
        (" open", "", 3),
    ],
)
def test_must_fail(opened, after, complaints, page):
    page.set_content(SHELL.format(BOX.format(opened, after)))
    assert len(spoiled(page)) == complaints
