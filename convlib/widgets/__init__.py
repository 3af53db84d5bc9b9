"""The interactives: anywidgets that compute in the browser, alive with and without a kernel."""

from convlib.widgets.base import Interactive
from convlib.widgets.quiz import Quiz
from convlib.widgets.relu_rules import ReluRules
from convlib.widgets.sliding_window_2d import SlidingWindow2D

__all__ = ["Interactive", "Quiz", "ReluRules", "SlidingWindow2D", "all_interactives"]


def all_interactives() -> list[type[Interactive]]:
    """Return the class of every interactive of the course.

    Returns
    -------
    list of type
        The classes, in alphabetical order of their names.

    Examples
    --------
    >>> [cls.__name__ for cls in all_interactives()]
    ['Quiz', 'ReluRules', 'SlidingWindow2D']
    """
    found = (value for name, value in sorted(globals().items()) if name in __all__)
    return [
        value
        for value in found
        if isinstance(value, type) and issubclass(value, Interactive) and value is not Interactive
    ]
