"""Every example in every docstring of the package, found by walking it."""

import doctest
import importlib
import inspect
import json
import pkgutil
import re
from pathlib import Path

import pytest

import convlib
from convlib import data, kernels, nn

SECTIONS = ("Returns\n-------", "References\n----------", "Derived in: chapter", ">>> ")


def module_names():
    yield "convlib"
    # Without onerror, a package that cannot be imported would be skipped without a word.
    for info in pkgutil.walk_packages(convlib.__path__, "convlib.", onerror=_fail):
        yield info.name


def _fail(name):
    raise ImportError(f"{name} cannot be imported, so its examples would go untested")


def public_functions():
    owners = (convlib, convlib.__all__), (kernels, vars(kernels)), (data, vars(data)), (nn, nn.__all__)
    for owner, names in owners:
        for name in names:
            function = getattr(owner, name)
            home = getattr(function, "__module__", "")
            # Some modules say what is public in __all__; in the others it is what they define themselves.
            own = home == owner.__name__ if names is vars(owner) else home.startswith("convlib")
            if inspect.isfunction(function) and own and name[0] != "_":
                yield function


MODULES = list(module_names())


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


def test_the_walk_reaches_every_source_file():
    root = Path(convlib.__file__).parent
    parts = (path.relative_to(root.parent).with_suffix("").parts for path in root.rglob("*.py"))
    expected = {".".join(part for part in name if part != "__init__") for name in parts}
    assert set(MODULES) == expected


def test_no_example_is_switched_off():
    for name in MODULES:
        for test in doctest.DocTestFinder().find(importlib.import_module(name)):
            assert all(doctest.SKIP not in example.options for example in test.examples), test.name


@pytest.mark.parametrize("function", list(public_functions()), ids=lambda f: f.__name__)
def test_docstrings_are_complete(function):
    text = inspect.getdoc(function)
    assert text
    for section in SECTIONS:
        assert section in text
    if inspect.signature(function).parameters:
        assert "Parameters\n----------" in text and "Raises\n------" in text
    for parameter in inspect.signature(function).parameters:
        assert parameter in text.split("Returns\n-------")[0]


ENTRIES = Path(__file__).with_name("docstrings.json")


def entries(text):
    """The names in the sections of a docstring that say what comes in, what comes out, and what goes wrong."""
    found = {}
    for section in ("Parameters", "Attributes", "Returns", "Raises"):
        if part := re.search(rf"^{section}\n-+\n(.*?)(?=\n\n.+\n-+\n|\Z)", text, re.MULTILINE | re.DOTALL):
            heads = [line for line in part[1].split("\n") if re.match(r"\S", line)]
            found[section] = [name for head in heads for name in re.split(r" : |, (?=shape)", head)[0].split(", ")]
    return found


def lost(text, stored):
    """What was promised once, and is not in the docstring any more."""
    now = entries(text)
    return [(section, name) for section, names in stored.items() for name in names if name not in now.get(section, [])]


@pytest.mark.parametrize("name, stored", json.loads(ENTRIES.read_text("utf-8")).items())
def test_no_public_docstring_loses_an_entry(name, stored):
    """A docstring may become shorter; what it says of arguments, results and errors stays."""
    owner, _, rest = name.removeprefix("convlib.").partition(".")
    thing = getattr(convlib, owner)
    for part in filter(None, rest.split(".")):
        thing = getattr(thing, part)
    assert lost(inspect.getdoc(thing), stored) == []


def test_a_lost_entry_is_found():
    text = inspect.getdoc(convlib.flip)
    assert entries(text) == {"Parameters": ["h"], "Returns": ["ndarray"], "Raises": ["ValueError", "TypeError"]}
    assert lost(text.replace("TypeError\n", "\n"), entries(text)) == [("Raises", "TypeError")]
    assert lost(text.replace("Returns\n", "Gives\n"), entries(text)) == [("Returns", "ndarray")]
