"""The page-ready Markdown of a run: the machine, the promises, one table per kind, memory, rates and every loss."""

from collections.abc import Iterable
from typing import Any

TITLES = {
    "1d": "1-D signals, full convolution",
    "2d": "2-D images, same size",
    "separable": "Separable kernels, same size",
    "forward": "CNN layers, forward",
    "backward": "CNN layers, backward (all gradients)",
}


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(head)
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def seconds(value: float) -> str:
    """A time in its own unit, three digits."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= scale or unit == "µs":
            return f"{value / scale:.3g} {unit}"
    raise AssertionError


def number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}" if value < 9.995 else f"{value:.0f}"


def machine(document: dict[str, Any]) -> str:
    m = document["machine"]
    load = m["load"][0] if m["load"] else 0.0
    inner = f" ({m['model']}; cache {m['cache']})" if m["model"] else ""
    parts = [m["processor"] + inner, f"{m['cores']} cores", f"{m['memory_gb']} GB", m["system"], m["taken"]]
    parts += [
        f"one thread, {document['settings'].get('clock', 'time')}",
        *(f"{name} {version}" for name, version in m["versions"].items()),
    ]
    text = f"Measured on {', '.join(parts)}, commit {document['commit'][:12]}"
    text += " with uncommitted changes." if document.get("changed") else "."
    if load > 0.5 * m["cores"]:
        text += f" **The machine was busy (load {load:.1f} on {m['cores']} cores): take the numbers as rough.**"
    return text + "\n"


def kind(rows: list[dict[str, Any]]) -> str:
    peers = list(dict.fromkeys(name for row in rows for name in row["ratios"]))
    head = ["x", "h", "type", "engine", "convlib", "of the rate", *peers]
    body = []
    for row in rows:
        size = row["name"] or "×".join(map(str, row["x"]))
        ours = row["times"].get("convlib")
        first = [size, "×".join(map(str, row["h"])), row["dtype"], row.get("engine", "–")]
        first += [seconds(ours["median"]) if ours else "–", f"{row['share']:.0%}" if row.get("share") else "–"]
        body.append(first + [number(row["ratios"].get(peer)) for peer in peers])
    return table(head, body)


def rates(document: dict[str, Any]) -> str:
    units = {"gemm": (1e9, "Gflop/s"), "fft": (1e9, "Gflop/s"), "memory": (1e9, "GB/s"), "fresh": (1e9, "GB/s")}
    head = ["type", *(f"{name} ({unit})" for name, (_, unit) in units.items())]
    return table(head, ([t, *(f"{r[n] / s:.3g}" for n, (s, _) in units.items())] for t, r in document["rates"].items()))


def losses(rows: list[dict[str, Any]]) -> str:
    found = sorted((ratio, row["label"], peer) for row in rows for peer, ratio in row["ratios"].items() if ratio < 1)
    return table(("ratio", "point", "peer"), ((f"{ratio:.2f}", label, peer) for ratio, label, peer in found))


def promises(document: dict[str, Any]) -> str:
    head = ("promise", "asked", "measured", "")
    return table(
        head,
        (
            [p["what"], f"{'≥' if p['at_least'] else '≤'} {p['asked']:g}", number(p["measured"]), p["state"]]
            for p in document["promises"]
        ),
    )


def page(document: dict[str, Any]) -> str:
    """Ratios are a peer's median time over convlib's: above 1, convlib is faster."""
    rows = document["rows"]
    parts = [machine(document), "A number below a peer is its time over convlib's: above 1, convlib is faster.\n"]
    parts += ["“Of the rate” is how close convlib comes to the machine's GEMM, FFT or memory rate (below).\n"]
    parts += ["## Promises\n", promises(document)]
    for name, title in TITLES.items():
        of = [row for row in rows if row["kind"] == name]
        parts += [f"## {title}\n", kind(of)] if of else []
    peaks = ([m["method"], f"{m['peak_mb']:.0f} MB", seconds(m["seconds"])] for m in document["memory"])
    parts += ["## Peak memory beyond inputs and output, 1e7 * 1e4\n", table(("method", "peak", "time"), peaks)]
    parts += ["## What the machine can do\n", rates(document), "## Every point where a peer is faster\n", losses(rows)]
    return "\n".join(parts)
