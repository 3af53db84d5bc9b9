"""The interactives: anywidgets that compute in the browser, alive with and without a kernel.

Each has a folder of its own with its class, its words, its front-end and its style; `lib` is what they share.
Nothing else in the package imports them, and no sentence stands in their code.
"""

from convlib.widgets.answer_box.widget import AnswerBox
from convlib.widgets.convention_atlas.widget import ConventionAtlas
from convlib.widgets.cost_race.widget import CostRace
from convlib.widgets.dice_sum.widget import DiceSum
from convlib.widgets.echo_hands.widget import EchoHands
from convlib.widgets.echo_table.widget import EchoTable
from convlib.widgets.filter_lab.widget import FilterLab
from convlib.widgets.flip_and_slide.widget import FlipAndSlide
from convlib.widgets.house_memory.widget import HouseMemory
from convlib.widgets.index_map.widget import IndexMap
from convlib.widgets.lag_finder.widget import LagFinder
from convlib.widgets.layer_sandbox.widget import LayerSandbox
from convlib.widgets.lib.base import Interactive
from convlib.widgets.lines_of_constant_sum.widget import LinesOfConstantSum
from convlib.widgets.quiz.widget import Quiz
from convlib.widgets.relu_rules.widget import ReluRules
from convlib.widgets.room_sound.widget import RoomSound
from convlib.widgets.sliding_window_2d.widget import SlidingWindow2D
from convlib.widgets.sound_row.widget import SoundRow
from convlib.widgets.spectrum_product.widget import SpectrumProduct
from convlib.widgets.two_orders.widget import TwoOrders
from convlib.widgets.tyre_ride.widget import TyreRide
from convlib.widgets.untangle.widget import Untangle
from convlib.widgets.wrap_around.widget import WrapAround

__all__ = [
    "AnswerBox",
    "ConventionAtlas",
    "CostRace",
    "DiceSum",
    "EchoHands",
    "EchoTable",
    "FilterLab",
    "FlipAndSlide",
    "HouseMemory",
    "IndexMap",
    "Interactive",
    "LagFinder",
    "LayerSandbox",
    "LinesOfConstantSum",
    "Quiz",
    "ReluRules",
    "RoomSound",
    "SlidingWindow2D",
    "SoundRow",
    "SpectrumProduct",
    "TwoOrders",
    "TyreRide",
    "Untangle",
    "WrapAround",
    "all_interactives",
]


def all_interactives() -> list[type[Interactive]]:
    """Return the class of every interactive of the course.

    Returns
    -------
    list of type
        The classes, in alphabetical order of their names.

    Examples
    --------
    >>> [cls.__name__ for cls in all_interactives()][:2]
    ['AnswerBox', 'ConventionAtlas']
    """
    found = (value for name, value in sorted(globals().items()) if name in __all__)
    return [
        value
        for value in found
        if isinstance(value, type) and issubclass(value, Interactive) and value is not Interactive
    ]
