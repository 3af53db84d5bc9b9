"""What every interactive shares: how its front-end is put together and what it must offer.

An interactive is a folder: ``widget.py`` declares the traits and knows the numbers that must be on
display, ``words.json`` holds every word of it, ``view.js`` computes, draws and speaks in the browser.
``view.js`` may import by name from ``stage.js``, ``maths.js`` and ``judging.js`` in ``../lib`` and from nowhere else;
they are inlined here, with ``declared`` in front: what the class says about its traits, and the
words. So one string runs on a static page, on a slide and in JupyterLab alike.
"""

import inspect
import json
import re
import sys
from abc import abstractmethod
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite, isnan
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

HERE = Path(__file__).parent
LIMIT = 30 * 1024  # bytes, the words among them
LIBRARY = ("judging.js", "maths.js", "stage.js")
DARK = ("html[data-theme=dark] .fs", "body[data-jp-theme-light=false] .fs")

RAISES = """Raises
------
traitlets.TraitError
    If a value does not fit; the message names it and what is allowed."""

_IMPORT = re.compile(r'^import \{ (\w+(?:, \w+)*) \} from "\.\./lib/([\w.]+)";\n', re.M)
_BLOCK = re.compile(r"^(?=(?:export )?(?:const|function|async function) |//)", re.M)
_NAME = re.compile(r"(?:export )?(?:const|function|async function) (\w+)")


def num(value: float) -> str:
    """Write a number as every interactive shows it: at most two decimals, commas between thousands, a real minus sign.

    Halves are rounded away from zero, as JavaScript's ``toFixed`` does.

    >>> num(2.50), num(-1000), num(0.125), num(-0.001)
    ('2.5', '−1,000', '0.13', '0')
    """
    if not isfinite(value):
        return "NaN" if isnan(value) else "∞" if value > 0 else "−∞"
    text = f"{Decimal(float(value)).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"
    text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")


def fill(template: str, values: dict[str, Any]) -> str:
    """Put values in the places of a template, numbers as `num` writes them.

    >>> fill("y[{n}] = {value}", {"n": 3, "value": -0.5})
    'y[3] = −0.5'
    """

    def write(match: re.Match[str]) -> str:
        value = values[match[1]]
        return value if isinstance(value, str) else num(value)

    return re.sub(r"\{(\w+)\}", write, template)


def needed_blocks(library: str, names: list[str]) -> str:
    """Return the top-level blocks of ``library`` that ``names`` rest on, without ``export``.

    A block starts at the left margin with ``const`` or ``function``. Keeping only what is used
    leaves each interactive its share of the size limit; comments stay behind.
    """
    blocks = {m[1]: part for part in _BLOCK.split(library) if (m := _NAME.match(part))}
    exported = {name for name, part in blocks.items() if part.startswith("export ")}
    if missing := [name for name in names if name not in exported]:
        raise ValueError(f"not exported: {', '.join(missing)}; exported: {sorted(exported)}")
    keep, queue = set[str](), list(names)
    while queue:
        if (name := queue.pop()) not in keep:
            keep.add(name)
            code = re.sub(r"//.*", "", blocks[name])
            queue += [word for word in re.findall(r"\w+", code) if word in blocks]
    return "".join(part.removeprefix("export ") for name, part in blocks.items() if name in keep)


def bundle(entry: Path, library: Path = HERE, declared: dict[str, Any] | None = None) -> str:
    """Inline the named imports of ``entry``, put ``declared`` in front and return one module without imports.

    Indentation, blank lines and whole-line comments stay behind: JupyterLab keeps one copy per instance.

    Raises
    ------
    ValueError
        If ``entry`` imports in another form or from another file, names what is not exported,
        has no ``export default``, or grows beyond 30 KB.
    """
    source = entry.read_text("utf-8")

    def inline(match: re.Match[str]) -> str:
        names, file = match[1].split(", "), match[2]
        if file not in LIBRARY:
            raise ValueError(f"{entry.name}: may import from {LIBRARY} only, not from {file}")
        body = needed_blocks((library / file).read_text("utf-8"), names)
        listed = ", ".join(names)
        return f"const {{ {listed} }} = (() => {{\n{body}return {{ {listed} }};\n}})();\n"

    text = re.sub(r"^\s*//.*\n|^\s+", "", _IMPORT.sub(inline, source), flags=re.M)
    if stray := re.search(r"^.*\bimport\b\s*[\w{*(\"'].*$", text, re.M):
        raise ValueError(
            f'{entry.name}: write imports as import {{ a, b }} from "../lib/stage.js"; found {stray[0].strip()!r}'
        )
    if "export default" not in text:
        raise ValueError(f"{entry.name}: export default {{ render }} is missing")
    if declared is not None:
        text = f"const declared = {json.dumps(declared, ensure_ascii=False, separators=(',', ':'))};\n{text}"
    if (size := len(text.encode())) > LIMIT:
        raise ValueError(f"{entry.name}: {size} bytes with its imports, at most {LIMIT} allowed")
    return text


def palette() -> dict[str, dict[str, str]]:
    """Return the course's colours: role by role, for light and for dark paper."""
    colours: dict[str, dict[str, str]] = json.loads((HERE.parents[1] / "palette.json").read_text("utf-8"))
    return colours


def palette_css() -> str:
    """Return the palette as CSS variables, ``--fs-input`` to ``--fs-paper``."""

    def block(selector: str, theme: str) -> str:
        colours = "".join(f" --fs-{role}: {colour};" for role, colour in palette()[theme].items())
        return f"{selector} {{ color-scheme: {theme};{colours} }}\n"

    return block(".fs", "light") + block(", ".join(DARK), "dark")


def kind_of(trait: Any) -> str:
    """Say what a trait may be set to.

    >>> kind_of(traitlets.Int(3, min=0, max=8)), kind_of(traitlets.Enum(["", "few"]))
    ('int from 0 to 8', '{"", "few"}')
    """
    if expected := getattr(trait, "expected", None):
        return str(expected())
    if isinstance(trait, traitlets.Enum):
        return f"{{{', '.join(json.dumps(v) for v in trait.values or ())}}}"
    kind = {"Int": "int", "Float": "float", "Bool": "bool", "Unicode": "str"}.get(type(trait).__name__, "")
    ends = [("from", getattr(trait, "min", None)), ("to", getattr(trait, "max", None))]
    span = "".join(f" {word} {end:g}" for word, end in ends if end is not None and isfinite(end))
    return (kind or type(trait).__name__.lower()) + span + (" or None" if trait.allow_none else "")


def span_of(trait: Any) -> dict[str, Any]:
    """Return what the type of a whole number says of its values.

    >>> span_of(traitlets.Int(3, min=0)), span_of(traitlets.Bool())
    ({'whole': True, 'min': 0}, {})
    """
    if type(trait) is not traitlets.Int:
        return {}
    ends = {"min": trait.min, "max": trait.max}
    return {"whole": True} | {name: end for name, end in ends.items() if end is not None and isfinite(end)}


def documented(text: str, cls: type["Interactive"]) -> str:
    """Complete the docstring of an interactive: what its traits may be, what it raises, headings.

    Its lines ``name : what it is for`` stay; a trait without one is listed by its type alone.
    """
    if "Parameters\n" in text:
        return text
    said = {"predict": "Whether the reader is asked before anything is shown.", "guess": "The reader's answer."}
    head, *rest = re.split(r"\n\n(?=>>> )", inspect.cleandoc(text), maxsplit=1)
    for names, what in re.findall(r"^(\w+(?:, \w+)*) : (.*(?:\n    .*)*)", head, re.M):
        said |= dict.fromkeys(names.split(", "), re.sub(r"\s+", " ", what))
    intro = re.split(r"\n\n\w+(?:, \w+)* : ", head, maxsplit=1)[0]
    listed = [
        f"{name} : {kind_of(getattr(cls, name))}" + (f"\n    {said[name]}" if name in said else "")
        for name in cls.declared
    ]
    parts = [
        intro,
        "Parameters\n----------\n" + "\n".join(listed),
        RAISES,
        *(f"Examples\n--------\n{one}" for one in rest),
    ]
    return "\n\n".join(parts) + "\n"


class Interactive(anywidget.AnyWidget):
    """Base of the interactives: a subclass declares traits (`convlib.widgets.lib.traits`) and ``shown``.

    Its folder holds ``view.js``, ``words.json`` and, if it needs one, ``style.css``. The front-end is
    handed ``declared``: what the traits say of their controls, the words, and ``data``.

    Raises
    ------
    TypeError
        At class creation, if ``shown`` is missing.
    ValueError
        At class creation, if the front-end breaks a rule of `bundle`, or words and traits do not match.
    """

    folder: ClassVar[Path]
    """Where the files lie; the folder of the module if the class does not say."""
    words: ClassVar[dict[str, Any]]
    """Every visible word: ``controls`` and ``options`` by trait, everything else by a name of its own."""
    controls: ClassVar[dict[str, str]]
    """Trait name to the visible label of what changes it."""
    declared: ClassVar[dict[str, dict[str, Any]]]
    """Trait name to what the front-end is told of its control."""
    data: ClassVar[dict[str, Any]] = {}
    """Tables that Python and the front-end compute with."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if "_esm" in cls.__dict__:  # anywidget derives a class per instance: already assembled
            super().__init_subclass__(**kwargs)
            return
        if cls.shown is Interactive.shown:
            raise TypeError(f"{cls.__name__} must define shown")
        if "folder" not in cls.__dict__:
            cls.folder = Path(str(sys.modules[cls.__module__].__file__)).parent
        style = cls.folder / "style.css"
        cls._esm = bundle(cls.folder / "view.js", declared=cls._declared())
        cls._css = palette_css() + (HERE / "stage.css").read_text("utf-8")
        cls._css += style.read_text("utf-8") if style.exists() else ""
        cls.__doc__ = documented(cls.__doc__ or "", cls)
        super().__init_subclass__(**kwargs)

    @classmethod
    def _declared(cls) -> dict[str, Any]:
        """Return what the front-end is handed; sets ``words`` and ``controls``."""
        shared, own = (json.loads((f / "words.json").read_text("utf-8")) for f in (HERE, cls.folder))
        cls.words, cls.controls = shared | own, shared["controls"] | own["controls"]
        cls.declared = traits = {
            name: span_of(trait) | trait.metadata.get("control", {})
            for base in reversed(cls.__mro__)
            if issubclass(base, Interactive)
            for name, trait in vars(base).items()
            if isinstance(trait, traitlets.TraitType) and trait.metadata.get("sync")
        }
        cls.controls = {name: label for name, label in cls.controls.items() if name in traits}
        return {
            "name": cls.folder.name.replace("_", "-"),
            "traits": traits,
            "words": {k: v for k, v in cls.words.items() if not k.startswith("describe")} | {"controls": cls.controls},
            "data": cls.data,
        }

    @abstractmethod
    def shown(self) -> dict[str, float | str]:
        """Return the numbers that the front-end must display for the present traits, by ``data-shown`` key."""

    def describe(self) -> str:
        """Return the text alternative for the present traits: what there is to see, in a sentence.

        Places in the words take the names of traits; of a list they say how long it is, of a choice its option.
        """
        values = {name: getattr(self, name) for name in self.declared}
        for name, value in values.items():
            if isinstance(value, list):
                values[name] = len(value)
            elif name in self.words.get("options", {}) and "options" in self.declared[name]:
                values[name] = self.option(name)
        return self.text("describe", **self.data | values)

    def asked(self, trait: str = "guess") -> bool:
        """Whether the reader is asked for a trait, and has not answered."""
        return bool(getattr(self, "predict", False)) and getattr(self, trait) == type(self).declared[trait]["default"]

    def text(self, key: str, **values: Any) -> str:
        """Return words of this interactive, with values in their places."""
        return fill(self.words[key], values)

    def option(self, trait: str) -> str:
        """Return the name of the option that a trait stands at."""
        texts = self.words["options"][trait]
        names = list(texts.values()) if isinstance(texts, dict) else texts
        return str(names[type(self).declared[trait]["options"].index(getattr(self, trait))])

    def __repr__(self) -> str:
        """Return a fixed text: the default one prints an address, which changes with each run."""
        return f"{type(self).__name__}: {self.describe()}"
