"""What the interactives refuse: each control beyond its declaration, and inputs of another shape, by name."""

import numpy as np
import pytest
import traitlets

from convlib import widgets
from convlib.widgets import all_interactives
from convlib.widgets.lib.traits import Numbers

DECLARED = [
    (cls, name, bad)
    for cls in all_interactives()
    for name, says in cls.declared.items()
    if not isinstance(getattr(cls, name), Numbers)
    for bad in {"slider": [says.get("min", -99) - 1, says.get("max", 99) + 1], "choice": ["no such thing"]}.get(
        says.get("kind"), ["no such thing"] if "about" in says else []
    )
]
PULSES = {"x": [2, 0, -1, 3, 1], "h": [4, 2, 1], "n": 3}
SHAPES = [
    ("CostRace", {"measured": [{"kind": "1d"}]}, "measured"),
    ("CostRace", {"model": {"1d": [], "2d": []}}, "model"),
    ("CostRace", {"measured": 3}, "measured"),
    ("DiceSum", {"first": [0] * 6}, "first must have a slip, not [0, 0, 0, 0, 0, 0]"),
    ("EchoHands", {"n": 9}, "n must be from 0 to 8 for 3 weights, not 9"),
    ("EchoTable", PULSES | {"n": 7}, "n must be from 0 to 6 for 5 inputs and 3 weights, not 7"),
    ("EchoTable", PULSES | {"rows": 6}, "rows must be from 0 to 5 for 5 inputs and 3 weights, not 6"),
    ("FilterLab", {"photo": np.zeros((401, 9))}, "photo must be 8 to 400 rows and 8 to 600 columns"),
    ("FilterLab", {"photo": np.zeros(9)}, "not an array of shape (9,)"),
    ("FilterLab", {"photo": np.full((9, 9), 1.5)}, "grey values from 0 to 1"),
    ("FilterLab", {"photo": np.full((9, 9), np.nan)}, "grey values from 0 to 1"),
    ("FilterLab", {"photo": {"rows": 9, "cols": 9, "grey": "AAAA"}}, "not {'rows': 9"),
    ("FilterLab", {"photo": "a.png"}, "not 'a.png'"),
    ("FlipAndSlide", {"guess": 9.0}, "guess"),
    ("IndexMap", {"term": -1}, "term"),
    ("IndexMap", {"guess": [1]}, "guess must be a row and a column, or empty"),
    ("LagFinder", {"photo": np.zeros((9, 9))}, "photo"),
    ("LayerSandbox", {"at": 12}, "at must be from 0 to 11 for 12 outputs, not 12"),
    ("LayerSandbox", {"padding": "same"}, "['none', 'zeros']"),
    ("SlidingWindow2D", {"row": 4}, "row must be from 0 to 3 for an image of 6 rows, not 4"),
    ("SlidingWindow2D", {"col": -1}, "col must be from 0 to 3 for an image of 6 columns, not -1"),
    ("SlidingWindow2D", {"image": [[1, 2], [3]]}, "3 to 8 columns of whole numbers from -9 to 9, not [[1, 2], [3]]"),
    ("SlidingWindow2D", {"kernel": np.full((3, 3), 10)}, "not [[10 10 10] [10 10 10] [10 10 10]]"),
    ("SlidingWindow2D", {"op": "flip"}, "['correlate', 'convolve'], not the str 'flip'"),
]


LISTS = [(cls, name) for cls in all_interactives() for name in cls.declared if isinstance(getattr(cls, name), Numbers)]


@pytest.mark.parametrize(("cls", "name"), LISTS)
def test_numbers_beyond_their_declaration(cls, name):
    """Another shape, a number too large, one too small: each refused in the words of the declaration."""
    trait = getattr(cls, name)
    few, many = ([side[end] for side in trait.shape] for end in (0, 1))
    few[-1], many[-1] = few[-1] - 1, many[-1] + 1
    right = np.ones(np.shape(trait.default()))
    for bad in (np.ones(few), np.ones(many), (trait.high + 1) * right, (trait.low - 1) * right):
        with pytest.raises(traitlets.TraitError) as error:
            cls(**{name: bad.astype(int).tolist()})
        assert str(error.value).startswith(f"{name} must be {trait.expected()}, not [")


@pytest.mark.parametrize(("cls", "name", "bad"), DECLARED)
def test_a_control_beyond_its_declaration(cls, name, bad):
    with pytest.raises(traitlets.TraitError, match=name):
        cls(**{name: bad})


@pytest.mark.parametrize(("cls", "bad", "message"), SHAPES)
def test_inputs_that_do_not_fit(cls, bad, message):
    with pytest.raises(traitlets.TraitError) as error:
        getattr(widgets, cls)(**bad)
    assert message in str(error.value) and "\n" not in str(error.value)
