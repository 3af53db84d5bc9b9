"""How libraries spell convolution: the lines of the convention atlas, and what probes found in them.

``conventions.json`` says by hand how each call is written; ``conventions_found.json`` holds what
``make atlas`` found when it ran these very lines. The tests run all of them again.
"""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FILES = ("conventions", "conventions_found")
OTHER_MIDDLE = {"left": "right", "right": "left"}


def load(dims: int) -> dict[str, Any]:
    """Return what the probes found about the calls for signals (1) or images (2).

    ``lines`` holds every line that a reader may have, with the operation, size and edge that the
    probes found in it; ``calls`` holds, by name, how each call is written for any of these;
    ``numpy`` is the import that a line with ``np`` needs.
    """
    atlas, probed = (json.loads((HERE / f"{name}.json").read_text("utf-8")) for name in FILES)
    found = {one["name"]: one for one in probed["calls"] if one["dims"] == dims}
    lines, calls = [], {}
    for call in (one for one in atlas["calls"] if one["dims"] == dims):
        name, library = call["name"], atlas["libraries"][call["library"]]
        cells = found[name]["cells"]
        calls[name] = {
            "library": call["library"],
            "flips": cells["flips"] == "flips",
            "conjugates": cells["conjugates"],
            "flipped": call["flipped"],
            "needs": library["needs"],
            "edges": library.get("edges", {}),
            "pad": library.get("pad", ["", ""])[dims - 1],
            "want": call["want"],
        }
        lines += [{"line": line, "call": name, **found[name]["lines"][line]} for line in call["have"]]
    return {"lines": lines, "calls": calls, "numpy": atlas["libraries"]["NumPy"]["needs"]}


def write(call: dict[str, Any], target: dict[str, str], dims: int) -> str:
    """Write a call so that it computes the operation, size and edge of ``target``."""
    own = call["flips"] == (target["op"] == "convolve")
    x, h, k = ("x", "h", "len(h)") if dims == 1 else ("image", "kernel", "k")
    # Turning the kernel swaps its two middles.
    size = target["size"] if own else OTHER_MIDDLE.get(target["size"], target["size"])
    # The first outputs of full are cut from it, where a call has no form of its own.
    form: str = call["want"].get(size) or call["want"]["full"] + f"[:len({x})]"
    edge: str = call["edges"].get(target["edge"], "")
    if target["edge"] != "zero" and "{edge}" not in form:
        middle, rest = f"({k} - 1) // 2", f"{k} // 2"
        before, after = (middle, rest) if (size == "left") != call["flips"] else (rest, middle)
        padded = call["pad"].replace("{x}", x).replace("{a}", before).replace("{b}", after)
        form, x = call["want"]["valid"], padded.replace("{edge}", target["edge"])
    return form.replace("{x}", x).replace("{h}", h if own else call["flipped"]).replace("{edge}", edge)
