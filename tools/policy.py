"""Make a page obey the policy: no script stands in it; what runs, and every photo and sound, is a file of the site.

From disk a browser loads such a file by a script element, but neither by `fetch` nor by `import()`. So the module of
an interactive, and each long row of bytes that it is handed, is a script that gives `web/afm-host.js` what it makes.
"""

import base64
import json
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from tools import ROOT

# Sounds are computed where they are heard, so they have no file: an audio element plays them from a data: address.
POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src data:"
META = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
HEAD = re.compile(r'<meta charset="?utf-8"?\s*/?>', re.I)
SCRIPT = re.compile(r"<script\b(?![^>]*\b(?:src=|type=))([^>]*)>(.*?)</script>", re.S)
HANDLER = re.compile(r"<[a-z][^<>]*\son[a-z]+=[^<>]*>", re.I)
PICTURE = re.compile(r'src="data:image/png;base64,([^"]+)"')
STATE, VIEW = (
    re.compile(rf'<script type="application/vnd\.jupyter\.widget-{part}\+json">(.*?)</script>', re.S)
    for part in ("state", "view")
)
BYTES = re.compile(r"[A-Za-z0-9+/]{1000}")
UNUSED, NEEDED = ("layout", "tabbable", "tooltip"), ("_anywidget_id", "_css", "_esm")
PIECE = 'document.dispatchEvent(new CustomEvent("afm", { detail: '
LIBRARY = ROOT / "convlib/widgets/lib"  # what the interactives share
INLINED = re.compile(r"^const \{ ([\w, ]+) \} = \(\(\) => \{\n(.*?)^return \{ \1 \};\n\}\)\(\);\n", re.M | re.S)


@dataclass(frozen=True)
class Files:
    """A folder whose files pages load from the address `way`; a file's name tells what is in it."""

    folder: Path
    way: str

    def put(self, name: str, kind: str, content: str | bytes) -> str:
        """Write the file if it is not there; returns its name without the kind."""
        content = content.encode() if isinstance(content, str) else content
        name = f"{name}-{sha256(content).hexdigest()[:8]}"
        file = self.folder / f"{name}.{kind}"
        if not file.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return name

    def piece(self, name: str, body: str) -> str:
        """Write what the host asks for by name, as the body of the function that makes it; returns the name."""
        return self.put(name, "js", f"{PIECE}(piece) => {{\n{body}\n}} }}));\n")


@cache
def library() -> dict[str, tuple[set[str], str]]:
    """The scripts that the interactives share: name -> what it exports and the body that returns it."""
    found = {}
    for file in sorted(LIBRARY.glob("*.js")):
        text = re.sub(r"^\s*//.*\n|^\s+", "", file.read_text("utf-8"), flags=re.M)
        names = re.findall(r"^export (?:const|(?:async )?function) (\w+)", text, re.M)
        body = re.sub(r"^export ", "", text, flags=re.M)
        found[file.stem] = set(names), f'"use strict";\n{body}return {{ {", ".join(names)} }};'
    return found


@cache
def stage() -> str:
    """The sheet that every interactive's own begins with, behind the colours."""
    sheet = LIBRARY / "stage.css"
    return sheet.read_text("utf-8") if sheet.exists() else ""


def module(esm: str, files: Files) -> tuple[list[str], str]:
    """The pieces that a module shares with others, and the body of a function that returns what it exports."""
    shared = []

    def take(match: re.Match) -> str:
        for name, (exported, body) in library().items():
            if exported.issuperset(match[1].split(", ")) and set(match[2].splitlines()) <= set(body.splitlines()):
                shared.append(files.piece(name, body))
                return f'const {{ {match[1]} }} = piece("{shared[-1]}");\n'
        return match[0]

    return shared, '"use strict";\n' + re.sub(r"^export default ", "return ", INLINED.sub(take, esm), flags=re.M)


def apart(state: dict, files: Files) -> tuple[list[str], list[str]]:
    """Take module, style and bytes out of one interactive's state; returns the names of its pieces and its sheets."""
    name = re.sub(r"\W", "", str(state.pop("_anywidget_id", "")).split(".")[-1]).lower() or "interactive"
    pieces = []
    for key, value in state.items():
        if key != "_esm" and BYTES.search(text := json.dumps(value)):
            pieces.append(files.piece(key, f"return {text};"))
            state[key] = f"afm:{pieces[-1]}"
    shared, body = module(state["_esm"], files)
    pieces += [*shared, files.piece(name, body)]
    state["_esm"] = f"afm:{pieces[-1]}"
    own = state.pop("_css", "")
    sheets = {}
    if stage() and stage() in own:
        colours, own = own.split(stage())
        sheets["stage"] = colours + stage()
    return pieces, [files.put(key, "css", css) for key, css in (sheets | {name: own}).items() if css]


def slim(model: dict) -> dict:
    """A model without what only a kernel's manager asks for."""
    if model["model_module"] != "anywidget":
        return model
    ours = {k: v for k, v in model["state"].items() if not (k.startswith("_") or k in UNUSED) or k in NEEDED}
    return {k: v for k, v in model.items() if k != "model_module_version"} | {"state": ours}


def interactives(page: str, files: Files) -> str:
    """The page with its state and the host in the head, and each view followed by the scripts that it waits for."""
    given = [json.loads(text) for text in STATE.findall(page)]
    models = {key: slim(model) for part in given for key, model in part["state"].items()}
    models = {key: model for key, model in models.items() if model["model_name"] != "LayoutModel"}
    needs, sheets = {}, dict[str, None]()
    for key, model in models.items():
        if model["model_module"] == "anywidget":
            needs[key], styles = apart(model["state"], files)
            sheets |= dict.fromkeys(styles)

    def scripts(view: re.Match) -> str:
        key = json.loads(view[1])["model_id"]
        if key in models and key not in needs:
            raise ValueError(f"{models[key]['model_name']} is shown: a page without a kernel runs anywidgets only")
        return view[0] + "".join(f'<script src="{files.way}/{name}.js"></script>' for name in needs.get(key, []))

    page, views = VIEW.subn(scripts, STATE.sub("", page))
    if not views:
        return page
    links = "".join(f'<link rel="stylesheet" href="{files.way}/{name}.css">\n' for name in sheets)
    text = json.dumps({"state": models}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    text = text.replace("</", "<\\/")
    state = f'<script type="application/vnd.jupyter.widget-state+json">{text}</script>\n'
    host = f'<script src="{files.way}/afm-host.js"></script>\n<script defer src="{files.way}/links.js"></script>\n'
    return page.replace("</head>", f"{links}{state}{host}</head>", 1)


def strict(page: str, files: Files) -> str:
    """The page under the policy; refuses what the policy would keep from running."""

    def script(match: re.Match) -> str:
        return f'<script{match[1]} src="{files.way}/{files.put("page", "js", match[2])}.js"></script>'

    def picture(match: re.Match) -> str:
        png = base64.b64decode(match[1])
        return f'src="{files.way}/{files.put("picture", "png", png)}.png"'

    page = interactives(PICTURE.sub(picture, SCRIPT.sub(script, page)), files)
    if handler := HANDLER.search(page):
        raise ValueError(f"the policy refuses a handler in a tag: {handler[0][:200]}")
    page, found = HEAD.subn(lambda charset: f"{charset[0]}\n{META}", page, count=1)
    if not found:
        raise ValueError("no place for the policy: the page does not name its charset")
    return page
