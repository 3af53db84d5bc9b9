"""A made-up interactive that uses every drawing helper of stage.js, for the tests."""

from convlib.widgets.lib.base import Interactive
from convlib.widgets.lib.traits import Numbers, choice, slider, toggle


class Stage(Interactive):
    """Stems, a curve, axes, a handle, a motion and one control of each kind."""

    x = Numbers([1, -1.5, 0.25, 2], low=-2, high=2, shape=((1, 6),))
    n = slider(1, 0, 5)
    kind = choice("a", ["a", "b"], select=True)
    on = toggle()

    def shown(self) -> dict[str, float | str]:
        """Return the numbers on display, by key."""
        return {f"x[{i}]": v for i, v in enumerate(self.x)}

    def describe(self) -> str:
        """Return the text alternative."""
        return self.text("describe", n=self.n)
