# ruff: noqa
# mypy: ignore-errors
"""TEMPORARY while the interactives are converted: only those that have a words.json."""

from importlib import import_module
from pathlib import Path

from convlib.widgets.lib.base import Interactive

__all__ = ["Interactive", "all_interactives"]
for _f in sorted(Path(__file__).parent.glob("*/words.json")):
    if _f.parent.name != "lib":
        _m = import_module(f"convlib.widgets.{_f.parent.name}.widget")
        for _n, _v in vars(_m).items():
            if (
                isinstance(_v, type)
                and issubclass(_v, Interactive)
                and _v is not Interactive
                and _v.__module__ == _m.__name__
            ):
                globals()[_n] = _v
                __all__.append(_n)


def all_interactives():
    return [v for n, v in sorted(globals().items()) if n in __all__ and isinstance(v, type) and v is not Interactive]
