"""Figures in the finished pages: each in light and in dark, as WebP, at the size at which it is shown."""

import base64
import json
import re
from hashlib import sha256
from pathlib import Path

from tools import ROOT
from tools.chapters import pages
from tools.notebooks import FIGURE
from tools.notebooks.executed import stored_at

PICTURE = re.compile(r'<img\b[^>]*?\bsrc="([^"]*_images/)([0-9a-f]{64})\.png"[^>]*>')
ALT = re.compile(r'\balt="([^"]*)"')


def drawn() -> dict[str, dict]:
    """What the notebooks drew: the sum of each figure's own picture -> its drawings and sizes."""
    found = {}
    for file in (stored_at(ROOT / f"{page}.ipynb") for page in pages() if (ROOT / f"{page}.ipynb").exists()):
        for cell in json.loads(file.read_text("utf-8"))["cells"]:
            for data in (output["data"] for output in cell.get("outputs", []) if FIGURE in output.get("data", {})):
                found[sha256(base64.b64decode(data["image/png"])).hexdigest()] = data[FIGURE]
    return found


class Figures:
    """Replaces the pictures of a site's pages by their drawings."""

    def __init__(self, images: Path) -> None:
        self.images, self.drawn = images, drawn()

    def file(self, picture: str) -> str:
        content = base64.b64decode(picture)
        name = f"{sha256(content).hexdigest()[:16]}.webp"
        (self.images / name).write_bytes(content)
        return name

    def put(self, text: str) -> str:
        return PICTURE.sub(self.both, text)

    def both(self, match: re.Match) -> str:
        folder, name = match.groups()
        if name not in self.drawn:
            raise SystemExit(f"figures: {name}.png was drawn, but not as pages show it")
        figure, alt = self.drawn[name], ALT.search(match[0])
        (self.images / f"{name}.png").unlink(missing_ok=True)
        about = f'alt="{alt[1] if alt else ""}" width="{figure["width"]}" height="{figure["height"]}" loading="lazy"'
        return "".join(
            f'<img class="only-{theme}" src="{folder}{self.file(figure[theme])}" {about}'
            f' style="--narrowest: {figure["narrowest"]}px">'
            for theme in ("light", "dark")
        )
