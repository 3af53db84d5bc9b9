"""A page for each framed interactive, which others show on theirs: play/<name>.html, and the links that lead there."""

import json
import re
from dataclasses import dataclass, field
from html import escape

from tools.policy import STATE, VIEW
from tools.site import site_address

FIGURE = re.compile(r'<figure class="play" id="([^"]+)">.*?</figure>', re.S)
HEADER = re.compile(r"<header>\s*<span>(.*?)</span>\s*<b>(.*?)</b>\s*</header>", re.S)
PROGRAM = re.compile(r"^convlib\.widgets\.(\w+)\.")
WORDS = re.compile(r"<noscript>.*?</noscript>", re.S)
SHELL = """<!doctype html>
<html lang="en" data-content_root="../"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Flip and Slide</title>
{address}<link rel="icon" href="../_static/favicon.svg">
</head><body class="alone"><main><article class="bd-article">
<figure class="play" id="{id}"><header><h1>{title}</h1></header>
<div class="cell">{state}{view}{words}</div></figure>
<footer><a href="../{page}#{id}" target="_top">{name} of <cite>Flip and Slide</cite></a>
<details class="embed" hidden><summary>Embed</summary><textarea readonly rows="5" aria-label="Code for another page">\
</textarea></details></footer>
</article></main></body></html>
"""


@dataclass
class Plays:
    """The pages of the interactives, by name; `link` makes them of a page's frames and returns it with its links."""

    made: dict[str, str] = field(default_factory=dict)

    def link(self, page: str, text: str) -> str:
        state = STATE.search(text)
        models = json.loads(state[1])["state"] if state else {}
        return FIGURE.sub(lambda figure: self.frame(figure, page, models), text)

    def frame(self, figure: re.Match, page: str, models: dict) -> str:
        view, header, words = (pattern.search(figure[0]) for pattern in (VIEW, HEADER, WORDS))
        if not (view and header and words):
            return figure[0]
        model = json.loads(view[1])["model_id"]
        program = PROGRAM.match(models[model]["state"]["_anywidget_id"])[1].replace("_", "-")
        name = program if program not in self.made else f"{program}-{figure[1].removeprefix('interactive-')}"
        state = json.dumps({"state": {model: models[model]}}).replace("</", "<\\/")
        site = site_address()
        self.made[name] = SHELL.format(
            title=re.sub(r"<[^>]+>", "", header[2]),
            address=f'<link rel="canonical" href="{escape(site)}play/{name}.html">\n' if site else "",
            id=figure[1],
            state=f'<script type="application/vnd.jupyter.widget-state+json">{state}</script>',
            view=view[0],
            words=words[0],
            page=page,
            name=header[1],
        )
        link = f' <a class="alone" href="{"../" * page.count("/")}play/{name}.html">Embed</a></header>'
        return figure[0].replace("</header>", link, 1)
