"""Exercises of chapter I-2, Indices done right."""

from typing import Any

from numpy.random import Generator

from convlib.checks.declaration import Array, Drawn, Exercise
from convlib.checks.words import written
from convlib.ops import convolve, correlate

ORDER = "right numbers, but the order is [row, column]"


def _with(sign: str, a: int, b: int) -> str:
    """A sum or a difference as on paper."""
    return f"{written(a)} {sign} {f'({written(b)})' if b < 0 else b}"


@Exercise("I-2.1", "[row, column]", otherwise="not the index of that pixel in the array")
def _translation(rng: Generator) -> Drawn:
    """From labels to the index in the array."""
    rows, cols = rng.permutation([rng.choice([7, 9]), rng.choice([19, 21])])
    m, n = rng.choice([-2, -1, 1, 2], 2, replace=False)
    i, j = rng.choice([-1, 1], 2, replace=False)
    a, b = rows // 2, cols // 2
    slips = [
        ([m - i, n - j], "that is the pixel's label; its index in the array counts from the top left"),
        ([m + i + a, n + j + b], "that is the cross-correlation's pixel: in a convolution the labels add up"),
        ([m + i, n + j], "that is the cross-correlation's pixel, and its label, not its index in the array"),
        ([n - j + b, m - i + a], ORDER),
        ([m - i + b, n - j + a], "the middle row and the middle column are swapped: rows come first in shape"),
        ([m + a, n + b], "that is where the pixel with the output's label stands; the weight is missing"),
        ([m - i + a + 1, n - j + b + 1], "one too many: the middle of 7 entries has the index 3"),
        ([m - i + rows, n - j + cols], "label 0 stands in the middle, not at the end: add half the side"),
    ]
    return {"shape": (rows, cols), "m": m, "n": n, "i": i, "j": j}, [m - i + a, n - j + b], slips


@_translation.worked
def _translated(given: dict[str, Any], right: Any) -> dict[str, Any]:
    (rows, cols), (m, n), (i, j) = given["shape"], (given["m"], given["n"]), (given["i"], given["j"])
    return {
        "rows": rows,
        "row_sum": _with("−", m, i),
        "column_sum": _with("−", n, j),
        "row": m - i,
        "column": n - j,
        "above": rows // 2,
        "before": cols // 2,
        "array_row": right[0],
        "array_column": right[1],
    }


@Exercise("I-2.2", "[row, column]", otherwise="not a pixel that this weight meets")
def _other_order(rng: Generator) -> Drawn:
    """The pixel that a weight meets in x ⋆ h."""
    m, n = rng.choice([-4, 4]), rng.choice([-2, 2])
    i, j = rng.choice([-1, 0, 1], 2, replace=False)
    slips = [
        ([m + i, n + j], "that is h ⋆ x: here the plus sign stands in the index of h, not of x"),
        ([m - i, n - j], "that is the convolution, where the labels add up"),
        ([j - n, i - m], ORDER),
        ([n - j, m - i], "that is the convolution, with the column first"),
        ([-m, -n], "that pixel meets the centre weight h[0, 0]"),
        ([m, n], "that is the output's label"),
        ([-m - i, -n - j], "one sign too many: from m + row of x = row of h follows row of x = row of h − m"),
    ]
    return {"m": m, "n": n, "i": i, "j": j}, [i - m, j - n], slips


@_other_order.worked
def _met(given: dict[str, Any], right: Any) -> dict[str, Any]:
    differences = _with("−", given["i"], given["m"]), _with("−", given["j"], given["n"])
    return {"row_difference": differences[0], "column_difference": differences[1], "row": right[0], "column": right[1]}


def _at(full: Array, m: int, n: int) -> int:
    """Entry with the label [m, n] of a 7 by 7 "full" output whose middle has the label [0, 0]."""
    return int(full[m + 3, n + 3])


@Exercise("I-2.3", otherwise="not that sum")
def _value(rng: Generator) -> Drawn:
    """One value of x ⋆ h by hand."""
    m, n = rng.choice([-1, 1], 2)
    x, h = rng.integers(0, 6, (5, 5)), rng.integers(-2, 4, (3, 3))
    plain, turned = correlate(x, h), convolve(x, h)
    slips = [
        (_at(plain, -n, -m), "that is (h ⋆ x)[m, n]; x ⋆ h has it at the label with the opposite signs"),
        (_at(turned, m, n), "that is the convolution at [m, n]"),
        (_at(turned, -m, -n), "that takes the right patch, but turns the kernel: this is no convolution"),
        (_at(correlate(x, h.T), -m, -n), "that is what a transposed kernel gives"),
        (_at(plain, m, -n), "that takes the minus sign for the columns only"),
        (_at(plain, -m, n), "that takes the minus sign for the rows only"),
        (_at(plain, 0, 0), "that is the value at [0, 0]"),
    ]
    return {"x": x, "h": h, "m": m, "n": n}, _at(plain, -m, -n), slips


@_value.worked
def _summed(given: dict[str, Any], right: Any) -> dict[str, Any]:
    row, column = -given["m"], -given["n"]
    patch = given["x"][row + 1 : row + 4, column + 1 : column + 4]
    return {"row": row, "column": column, "patch": patch, "in_place": patch * given["h"], "y": right}


@Exercise("I-2.4", "[full, same, valid]", otherwise="not where this label stands")
def _modes(rng: Generator) -> Drawn:
    """Where a label stands in "full", "same" and "valid"."""
    len_h = rng.choice([3, 5, 7])
    len_x, a, b, n = rng.integers(20, 31), rng.integers(-9, -3), rng.choice([-2, -1, 2]), rng.integers(3, 9)
    reach = (len_h - 1) // 2
    full = n - a - b
    slips = [
        ([n, n - reach, n - 2 * reach], f"the first entry of full has the label {written(a + b)}, not 0"),
        ([n - a, n - a - reach, n - a - 2 * reach], "the kernel's first label counts too: add it to the signal's"),
        ([full, full + reach, full + 2 * reach], "the wrong way: same and valid leave out entries at the start"),
        ([full, full, full], "the three modes start at different labels"),
        ([full, full - reach, full - reach], f"full and same are right; valid leaves out {2 * reach} at the start"),
        ([full, full - 2 * reach, full - reach], "full is right; same and valid are swapped"),
        ([full, full - 2 * reach, full - 4 * reach], f"{2 * reach} is what both ends of same leave out together"),
        ([n + a + b, n + a + b - reach, n + a + b - 2 * reach], "take the first label away from n, do not add it"),
        ([full + 1, full - reach + 1, full - 2 * reach + 1], "one too many: the first entry has the index 0"),
    ]
    given = {"len_x": len_x, "first_x": a, "len_h": len_h, "first_h": b, "n": n}
    return given, [full, full - reach, full - 2 * reach], slips


@_modes.worked
def _counted(given: dict[str, Any], right: Any) -> dict[str, Any]:
    first_x, first_h, both = given["first_x"], given["first_h"], given["len_h"] - 1
    start = first_x + first_h
    return {
        "first_sum": _with("+", first_x, first_h),
        "start": start,
        "full_sum": _with("−", given["n"], start),
        "reach": both // 2,
        "both": both,
        **dict(zip(("full", "same", "valid"), right, strict=True)),
    }


@Exercise("I-2.5", "[signal, ndimage]", otherwise="not where this weight comes out")
def _even(rng: Generator) -> Drawn:
    """Where an even kernel puts its weights."""
    length = rng.choice([4, 6, 8])
    p, k = rng.integers(10, 20), rng.integers(0, length)
    early, late = (length - 1) // 2, length // 2
    slips = [
        ([p + k - late, p + k - early], "the right two places, but the other way round: try it with [1, 1]"),
        ([p + k - early, p + k - early], "the first is right; ndimage takes the other of the two middle weights"),
        ([p + k - late, p + k - late], "the second is right; signal takes the other of the two middle weights"),
        ([p + k, p + k], "that is the place in full; same leaves out entries at the start"),
        ([p - k + early, p - k + late], "the wrong way: a convolution prints the kernel forwards"),
        ([p, p], "there stands the weight that the library takes for the middle one"),
    ]
    return {"p": p, "len_h": length, "k": k}, [p + k - early, p + k - late], slips


@_even.worked
def _printed(given: dict[str, Any], right: Any) -> dict[str, Any]:
    late = given["len_h"] // 2
    return {"early": late - 1, "late": late, "by_signal": right[0], "by_ndimage": right[1]}
