"""What the convention atlas says, compared with what the probes find now: each check returns what is wrong."""

import json
from typing import Any

import numpy as np

from convlib.conventions import load, write
from tools.atlas.probes import ROOT, agree, by_definition, pairs, probe, probe_edges, probe_strides, run

FOUND = json.loads((ROOT / "convlib/conventions_found.json").read_text(encoding="utf-8"))


def wrong_cells(call: dict[str, Any], found: dict[str, Any] = FOUND) -> list[str]:
    """The cells and lines of a call on which the atlas and a probe disagree."""
    said = next(c for c in found["calls"] if (c["name"], c["dims"]) == (call["name"], call["dims"]))
    now = probe(call)
    return [
        f"{call['name']}, {key}: the atlas says {said[part].get(key)}, the probe finds {value}"
        for part in ("cells", "lines")
        for key, value in now[part].items()
        if said[part].get(key) != value
    ]


def wrong_edges(*libraries: str) -> list[str]:
    return _differ("edges", libraries, probe_edges(*libraries))


def wrong_strides(*libraries: str) -> list[str]:
    return _differ("strides", libraries, probe_strides(*libraries))


def _differ(part: str, libraries: tuple[str, ...], now: list[dict[str, Any]]) -> list[str]:
    said = [one for one in FOUND[part] if one["library"] in libraries]
    return [f"the atlas says {a}, the probe finds {b}" for a, b in zip(said, now, strict=True) if a != b]


def targets(dims: int) -> dict[tuple[str, ...], str]:
    """What the lines that a reader may have compute, and one line for each: equal ones need no second run."""
    atlas = load(dims)
    return {
        (have["op"], have["size"], have["edge"], atlas["calls"][have["call"]]["conjugates"]): have["line"]
        for have in atlas["lines"]
    }


def wrong_lines(want: dict[str, Any]) -> list[str]:
    """The lines written with this call, for each line a reader may have, that give other numbers.

    What the other line computes is its definition: the probes hold every line against that.
    """
    bad, call = [], load(want["dims"])["calls"][want["name"]]
    for op, size, edge in sorted({target[:3] for target in targets(want["dims"])}):
        line = write(call, {"op": op, "size": size, "edge": edge}, want["dims"])
        for x, h in pairs(want["dims"], seed=1):
            if not agree(by_definition(x, h, op, size, edge), run(line, want["library"], x, h)):
                bad.append(f"{op}, {size}, {edge} → {line}: differs for {x.shape} and {h.shape}")
    return bad


def wrong_complex(want: dict[str, Any]) -> list[str]:
    """The same for complex numbers: where only one of the two calls conjugates, the kernel is conjugated."""
    bad, call, rng = [], load(want["dims"])["calls"][want["name"]], np.random.default_rng(2)
    for (op, size, edge, theirs), have in targets(want["dims"]).items():
        if "refuses complex" in (call["conjugates"], theirs):
            continue
        line = write(call, {"op": op, "size": size, "edge": edge}, want["dims"])
        for x, h in list(pairs(want["dims"]))[1:2]:
            x, h = x + 1j * rng.standard_normal(x.shape), h + 1j * rng.standard_normal(h.shape)
            ours = by_definition(x, h.conj() if theirs == "yes" else h, op, size, edge)
            given = h if call["conjugates"] == theirs else h.conj()
            if not agree(ours, run(line, want["library"], x, given)):
                bad.append(f"{have} → {line}: differs for complex {x.shape} and {h.shape}")
    return bad
