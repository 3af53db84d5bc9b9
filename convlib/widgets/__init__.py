"""The interactives: anywidgets that compute in the browser, alive with and without a kernel."""

from convlib.widgets.base import Interactive
from convlib.widgets.convention_atlas import ConventionAtlas
from convlib.widgets.cost_race import CostRace
from convlib.widgets.dice_sum import DiceSum
from convlib.widgets.echo_hands import EchoHands
from convlib.widgets.echo_table import EchoTable
from convlib.widgets.filter_lab import FilterLab
from convlib.widgets.flip_and_slide import FlipAndSlide
from convlib.widgets.house_memory import HouseMemory
from convlib.widgets.index_map import IndexMap
from convlib.widgets.lag_finder import LagFinder
from convlib.widgets.layer_sandbox import LayerSandbox
from convlib.widgets.lines_of_constant_sum import LinesOfConstantSum
from convlib.widgets.quiz import Quiz
from convlib.widgets.relu_rules import ReluRules
from convlib.widgets.room_sound import RoomSound
from convlib.widgets.sliding_window_2d import SlidingWindow2D
from convlib.widgets.sound_row import SoundRow
from convlib.widgets.spectrum_product import SpectrumProduct
from convlib.widgets.two_orders import TwoOrders
from convlib.widgets.tyre_ride import TyreRide
from convlib.widgets.untangle import Untangle
from convlib.widgets.wrap_around import WrapAround

__all__ = [
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
    ['ConventionAtlas', 'CostRace']
    """
    found = (value for name, value in sorted(globals().items()) if name in __all__)
    return [
        value
        for value in found
        if isinstance(value, type) and issubclass(value, Interactive) and value is not Interactive
    ]
