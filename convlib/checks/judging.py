"""What is said about an answer: the rules, once, for every exercise.

Here an answer is a number or nested lists of numbers, and an exercise is a `Task`, as JSON holds it.
The functions use nothing but arithmetic on them, so that a page can follow them line by line in
another language; `tests/library/judging.json` lists what must come out.
"""

from __future__ import annotations

from typing import Any, TypedDict

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
ROUNDING = 1e-6  # forgiven, relative to the largest number or, if that is smaller, to 1


class Task(TypedDict):
    """One variant of an exercise, and all that its answers are judged by."""

    id: str
    given: dict[str, Any]
    right: Any
    slips: list[Any]  # [answer, sentence]; None in an answer stands for any number
    form: str
    otherwise: str
    allowed: list[Any]  # [number, meaning]
    tolerance: float
    derive: str


def judge(task: Task, answer: Any) -> str:
    """Say what is wrong with an answer: nothing, the empty text, if it is right."""
    right, tolerance, moved = task["right"], task["tolerance"], ""
    if task["derive"] == "move":
        if problem := kernel_problem(answer):
            return problem
        answer = move(answer)
        moved = move_words(answer)
    if same(answer, right, tolerance):
        return ""
    for value, sentence in task["slips"]:
        if same(answer, value, tolerance):
            return f"{moved}: {sentence}" if moved else str(sentence)
    if moved:
        return f"{moved}, wanted {move_words(right)}"
    if not lined_up(answer, right):
        form = f", {task['form']}" if task["form"] else ""
        return f"expected {shape_words(right)}{form}, got {shape_words(answer)}{shape_hint(answer, right)}"
    if task["allowed"] and any(not any(close(v, a) for a, _ in task["allowed"]) for v in flat(answer)):
        *most, last = [f"{number_text(number)} ({meaning})" for number, meaning in task["allowed"]]
        return f"each number is {', '.join(most)} or {last}"
    if task["otherwise"]:
        numbers = ", ".join(number_text(value) for value in flat(answer))
        return f"{f'[{numbers}]' if shape(right) else numbers} is {task['otherwise']}"
    return how_many_right(answer, right, tolerance)


def message(task_id: str, problem: str) -> str:
    """Put a name in front and a mark at the end."""
    return f"{task_id}: {problem or 'right'}{'' if problem.endswith('?') else '.'}"


def shape(value: Any) -> list[int]:
    """Sides of nested lists, outermost first; none for a number."""
    return [len(value), *(shape(value[0]) if value else [])] if isinstance(value, list) else []


def flat(value: Any) -> list[Any]:
    """All numbers of nested lists in a row."""
    return [number for entry in value for number in flat(entry)] if isinstance(value, list) else [value]


def lined_up(answer: Any, right: Any) -> bool:
    """Whether an answer has the form that is asked for.

    Where a number or a flat list is asked for, a single row or a single column says the same. Rows
    and columns of a grid keep their meaning.
    """
    sides, wanted = shape(answer), shape(right)
    line = sum(side > 1 for side in sides) <= 1
    return sides == wanted or (line and len(wanted) < 2 and len(flat(answer)) == len(flat(right)))


def close(value: float, wanted: float | None, tolerance: float = ROUNDING) -> bool:
    """Whether two numbers agree; any number agrees with None."""
    return wanted is None or abs(value - wanted) <= tolerance


def agreeing(answer: Any, right: Any, tolerance: float = 0.0) -> list[bool]:
    """Which numbers agree, read row by row, up to rounding or to a tolerance that is larger."""
    wanted = flat(right)
    tolerance = max(tolerance, ROUNDING * max([1.0, *(abs(value) for value in wanted if value is not None)]))
    return [close(a, b, tolerance) for a, b in zip(flat(answer), wanted, strict=True)]


def same(answer: Any, right: Any, tolerance: float = 0.0) -> bool:
    """Whether an answer has the form and the numbers of another."""
    return lined_up(answer, right) and all(agreeing(answer, right, tolerance))


def number_text(value: float) -> str:
    """Write a number with six significant digits, as C's ``%g`` does; a half goes to the even digit."""
    return f"{value + 0.0:g}"  # no −0


def counted(many: int, noun: str) -> str:
    """Write how many there are, up to ten in words."""
    return f"{NUMBERS[many] if many < len(NUMBERS) else many} {noun}{'' if many == 1 else 's'}"


def shape_words(value: Any) -> str:
    """Describe the form of nested lists, such as "two rows of three numbers"."""
    sides = shape(value)
    if len(sides) == 2:
        return f"{counted(sides[0], 'row')} of {counted(sides[1], 'number')}"
    return f"{' × '.join(map(str, sides))} numbers" if len(sides) > 2 else counted(len(flat(value)), "number")


def shape_hint(answer: Any, right: Any) -> str:
    """Say so if the numbers are right and only their arrangement is not."""
    if len(flat(answer)) != len(flat(right)) or not all(agreeing(answer, right)):
        return ""
    return ": the numbers are right, but not in " + ("these rows and columns" if len(shape(right)) > 1 else "one row")


def how_many_right(answer: Any, right: Any, tolerance: float = 0.0) -> str:
    """Count the right numbers, and name the first wrong one by its place, row by row, from 0."""
    good = agreeing(answer, right, tolerance)
    first = good.index(False)
    place, rest = "", first
    for side in reversed(shape(right)):
        place = f"{rest % side}, {place}" if place else f"{rest % side}"
        rest //= side
    counts = f"{sum(good)} of {len(good)} numbers {'is' if sum(good) == 1 else 'are'} right"
    return f"{counts}; the first wrong one is at [{place}], where you have {number_text(flat(answer)[first])}"


def kernel_problem(kernel: Any) -> str:
    """Say why a grid is no kernel that moves a picture; nothing if it is one."""
    sides = shape(kernel)
    if len(sides) != 2:
        return f"a kernel has rows and columns; this answer is {shape_words(kernel)}"
    if not all(side % 2 for side in sides):
        return f"no middle entry in {shape_words(kernel)}; use odd sides, such as seven rows of seven"
    weights = [weight for weight in flat(kernel) if not close(weight, 0)]
    if not weights:
        return "all weights are 0, so nothing comes out; one shifted copy of the picture needs one weight of 1"
    if len(weights) > 1:
        return f"{len(weights)} weights are not 0; one shifted copy of the picture needs one weight of 1"
    if not close(weights[0], 1):
        return f"the weight {number_text(weights[0])} also changes the brightness; use 1"
    return ""


def move(kernel: Any) -> list[int]:
    """Rows down and columns right by which a layer with this kernel, a single 1, moves a picture."""
    (rows, columns), weights = shape(kernel), flat(kernel)
    at = next(place for place, weight in enumerate(weights) if not close(weight, 0))
    return [rows // 2 - at // columns, columns // 2 - at % columns]


def move_words(moved: list[int]) -> str:
    """Describe a move, such as "2 down and 1 left"."""
    (down, right) = moved
    ways = [f"{abs(down)} {'down' if down > 0 else 'up'}"] * (down != 0)
    ways += [f"{abs(right)} {'right' if right > 0 else 'left'}"] * (right != 0)
    return " and ".join(ways) or "no move at all"
