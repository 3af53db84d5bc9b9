"""What every interactive shares: how its front-end is put together and what it must offer.

An interactive is one ``.py`` with traits and one ``.js`` that computes and draws in the browser.
The ``.js`` may import by name from ``./stage.js`` and ``./maths.js`` and from nowhere else; both
are inlined here, so that one string runs on a static page, on a slide and in JupyterLab alike.
"""

import json
import re
from abc import abstractmethod
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite, isnan
from pathlib import Path
from typing import Any, ClassVar

import anywidget

HERE = Path(__file__).parent
LIMIT = 24 * 1024  # bytes: a page carries one copy per instance
LIBRARY = ("maths.js", "stage.js")
DARK = ("html[data-theme=dark] .fs", "body[data-jp-theme-light=false] .fs")

_IMPORT = re.compile(r'^import \{ (\w+(?:, \w+)*) \} from "\./([\w.]+)";\n', re.M)
_BLOCK = re.compile(r"^(?=(?:export )?(?:const|function|async function) |//)", re.M)
_NAME = re.compile(r"(?:export )?(?:const|function|async function) (\w+)")


def num(value: float) -> str:
    """Write a number as every interactive shows it: at most two decimals and a real minus sign.

    Halves are rounded away from zero, as JavaScript's ``toFixed`` does.

    >>> num(2.50), num(-1), num(0.125), num(-0.001)
    ('2.5', '−1', '0.13', '0')
    """
    if not isfinite(value):
        return "NaN" if isnan(value) else "∞" if value > 0 else "−∞"
    text = str(Decimal(float(value)).quantize(Decimal("0.01"), ROUND_HALF_UP))
    text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")


def snake_name(name: str) -> str:
    """Turn a class name into the name of its files.

    >>> snake_name("SlidingWindow2D"), snake_name("Quiz")
    ('sliding_window_2d', 'quiz')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z0-9])", "_", name).lower()


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


def bundle(entry: Path, library: Path = HERE) -> str:
    """Inline the named imports of ``entry`` and return one module without imports.

    Indentation, blank lines and whole-line comments stay behind: a page carries one copy per instance.

    Raises
    ------
    ValueError
        If ``entry`` imports in another form or from another file, names what is not exported,
        has no ``export default``, or grows beyond 24 KB.
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
            f'{entry.name}: write imports as import {{ a, b }} from "./stage.js"; found {stray[0].strip()!r}'
        )
    if "export default" not in text:
        raise ValueError(f"{entry.name}: export default {{ render }} is missing")
    if (size := len(text.encode())) > LIMIT:
        raise ValueError(f"{entry.name}: {size} bytes with its imports, at most {LIMIT} allowed")
    return text


def palette() -> dict[str, dict[str, str]]:
    """Return the course's colours: role by role, for light and for dark paper."""
    colours: dict[str, dict[str, str]] = json.loads((HERE.parent / "palette.json").read_text("utf-8"))
    return colours


def palette_css() -> str:
    """Return the palette as CSS variables, ``--fs-input`` to ``--fs-paper``."""

    def block(selector: str, theme: str) -> str:
        colours = "".join(f" --fs-{role}: {colour};" for role, colour in palette()[theme].items())
        return f"{selector} {{ color-scheme: {theme};{colours} }}\n"

    return block(".fs", "light") + block(", ".join(DARK), "dark")


class Interactive(anywidget.AnyWidget):
    """Base of the interactives: subclasses add traits, ``controls``, ``shown`` and ``describe``.

    The front-end is read from ``<snake_name>.js`` (and ``.css``, if there is one) in ``folder``.

    Raises
    ------
    TypeError
        At class creation, if ``controls``, ``shown`` or ``describe`` is missing.
    ValueError
        At class creation, if the front-end breaks a rule of `bundle`.
    """

    folder: ClassVar[Path] = HERE
    controls: ClassVar[dict[str, str]]
    """Trait name to the visible label of the control that changes it."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if "_esm" in cls.__dict__:  # anywidget derives a class per instance: already assembled
            super().__init_subclass__(**kwargs)
            return
        needed = ("controls", "describe", "shown")
        missing = [name for name in needed if getattr(cls, name, None) is getattr(Interactive, name, None)]
        if missing:
            raise TypeError(f"{cls.__name__} must define {', '.join(missing)}")
        file = cls.folder / snake_name(cls.__name__)
        own = file.with_suffix(".css")
        cls._esm = bundle(file.with_suffix(".js"))
        cls._css = (
            palette_css() + (HERE / "stage.css").read_text("utf-8") + (own.read_text("utf-8") if own.exists() else "")
        )
        super().__init_subclass__(**kwargs)

    @abstractmethod
    def shown(self) -> dict[str, float | str]:
        """Return what the front-end must display for the present traits, by ``data-shown`` key."""

    @abstractmethod
    def describe(self) -> str:
        """Return the text alternative for the present traits."""

    def __repr__(self) -> str:
        """Return a fixed text: the default one prints an address, which changes with each run."""
        return f"{type(self).__name__}: {self.describe()}"
