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
    ("DiceSum", {"second": [1] * 5}, "second must be 6 entries of whole numbers from 0 to 9"),
    ("EchoHands", {"n": 9}, "n must be from 0 to 8 for 3 weights, not 9"),
    ("EchoHands", {"h": [2, 0]}, "h must be 2 to 4 entries of numbers from -1 to 1"),
    ("EchoTable", PULSES | {"n": 7}, "n must be from 0 to 6 for 5 inputs and 3 weights, not 7"),
    ("EchoTable", PULSES | {"rows": 6}, "rows must be from 0 to 5 for 5 inputs and 3 weights, not 6"),
    ("EchoTable", PULSES | {"x": [1] * 9}, "x must be 2 to 8 entries of whole numbers from -9 to 9"),
    ("EchoTable", PULSES | {"h": [0.5, 1]}, "h must be 2 to 5 entries of whole numbers"),
    ("FilterLab", {"photo": np.zeros((401, 9))}, "photo must be 8 to 400 rows and 8 to 600 columns"),
    ("FilterLab", {"photo": np.zeros(9)}, "not an array of shape (9,)"),
    ("FilterLab", {"photo": np.full((9, 9), 1.5)}, "grey values from 0 to 1"),
    ("FilterLab", {"photo": np.full((9, 9), np.nan)}, "grey values from 0 to 1"),
    ("FilterLab", {"photo": {"rows": 9, "cols": 9, "grey": "AAAA"}}, "not {'rows': 9"),
    ("FilterLab", {"photo": "a.png"}, "not 'a.png'"),
    ("FilterLab", {"kernel": np.full((7, 7), 401)}, "numbers from -400 to 400"),
    ("FlipAndSlide", {"f_drawn": [0.5] * 5}, "f_drawn"),
    ("FlipAndSlide", {"g_drawn": [2.0] * 13}, "g_drawn"),
    ("FlipAndSlide", {"guess": 9.0}, "guess"),
    ("HouseMemory", {"outdoor": [1, 2]}, "outdoor"),
    ("HouseMemory", {"outdoor": [31] * 11}, "outdoor"),
    ("IndexMap", {"term": -1}, "term"),
    ("IndexMap", {"guess": [1]}, "guess must be a row and a column, or empty"),
    ("IndexMap", {"image": [[1, 2], [3, 4]]}, "7 rows and 7 columns"),
    ("IndexMap", {"kernel": np.ones((2, 2), int)}, "3 rows and 3 columns"),
    ("LagFinder", {"lag": 88}, "lag"),
    ("LagFinder", {"home": [1]}, "home"),
    ("LagFinder", {"photo": np.zeros((9, 9))}, "photo"),
    ("LayerSandbox", {"at": 12}, "at must be from 0 to 11 for 12 outputs, not 12"),
    ("LayerSandbox", {"scene": [1, 2]}, "scene must be 24 entries of whole numbers from 0 to 9, not [1, 2]"),
    ("LayerSandbox", {"padding": "same"}, "['none', 'zeros']"),
    ("LinesOfConstantSum", {"f": "drawn"}, "f"),
    ("ReluRules", {"pixels": [[1, 2]]}, "pixels"),
    ("ReluRules", {"above": [[1, 2, 30], [0, 0, 0]]}, "above"),
    ("RoomSound", {"source": [0.5]}, "source"),
    ("RoomSound", {"listener": [0.0, 0.5]}, "listener"),
    ("SlidingWindow2D", {"row": 4}, "row must be from 0 to 3 for an image of 6 rows, not 4"),
    ("SlidingWindow2D", {"col": -1}, "col must be from 0 to 3 for an image of 6 columns, not -1"),
    ("SlidingWindow2D", {"image": [[1, 2], [3]]}, "3 to 8 columns of whole numbers from -9 to 9, not [[1, 2], [3]]"),
    ("SlidingWindow2D", {"kernel": np.eye(3) / 2}, "kernel must be 3 rows and 3 columns of whole numbers"),
    ("SlidingWindow2D", {"kernel": np.full((3, 3), 10)}, "not [[10 10 10] [10 10 10] [10 10 10]]"),
    ("SlidingWindow2D", {"op": "flip"}, "['correlate', 'convolve'], not the str 'flip'"),
    ("SpectrumProduct", {"x": [1] * 21}, "x"),
    ("SpectrumProduct", {"h": []}, "h"),
    ("TyreRide", {"stones": [1, 2]}, "stones"),
    ("TyreRide", {"stones": [5, *[0.0] * 7]}, "stones"),
    ("Untangle", {"x": [1, 2]}, "x"),
    ("Untangle", {"x": [-1] * 11}, "x"),
    ("WrapAround", {"x": [1, 2]}, "x"),
    ("WrapAround", {"h": [1, 2, 3, 4, 10]}, "h"),
]


@pytest.mark.parametrize(("cls", "name", "bad"), DECLARED)
def test_a_control_beyond_its_declaration(cls, name, bad):
    with pytest.raises(traitlets.TraitError, match=name):
        cls(**{name: bad})


@pytest.mark.parametrize(("cls", "bad", "message"), SHAPES)
def test_inputs_that_do_not_fit(cls, bad, message):
    with pytest.raises(traitlets.TraitError) as error:
        getattr(widgets, cls)(**bad)
    assert message in str(error.value) and "\n" not in str(error.value)
