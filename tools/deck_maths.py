"""Markdown of a deck to HTML, its maths rendered at build time by KaTeX."""

import json
import re
import subprocess
from pathlib import Path

from languages import mark_html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from node import node_path


class DeckMarkdown(IPythonRenderer):
    """Puts a token where maths stands, so that one Node call renders all of a deck."""

    def __init__(self) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self.found: list[tuple[str, bool]] = []

    def html(self, source: str) -> str:
        return mark_html(MarkdownWithMath(renderer=self).render(source))

    def token(self, tex: str, display: bool) -> str:
        self.found.append((tex, display))
        return f"⟦{len(self.found) - 1}⟧"

    def inline_math(self, body: str) -> str:
        return self.token(body, False)

    def block_math(self, body: str) -> str:
        return self.token(body, True)

    def multiline_math(self, text: str) -> str:
        return self.token(re.sub(r"^(\$\$|\\\\?\[)|(\$\$|\\\\?\])$", "", text.strip()), True)

    def latex_environment(self, name: str, body: str) -> str:
        return self.token(f"\\begin{{{name}}}{body}\\end{{{name}}}", True)

    def fill(self, page: str) -> str:
        """The page with every token replaced; bad TeX raises ValueError with KaTeX's message."""
        call = [str(node_path()), str(Path(__file__).with_name("katex.mjs"))]
        done = subprocess.run(call, input=json.dumps(self.found), capture_output=True, text=True)
        if done.returncode:
            raise ValueError(done.stderr.strip())
        rendered = json.loads(done.stdout)
        return re.sub(r"⟦(\d+)⟧", lambda m: rendered[int(m[1])], page)
