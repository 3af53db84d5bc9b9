"""The tables of the convention atlas, as Markdown, from what the probes found."""

from collections.abc import Iterable, Sequence

from convlib.conventions import load, write
from tools.atlas.words import CONTINUED, OPS, QUESTIONS, SIZES, STRIDES


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def answers(found: dict, head: str, columns: Sequence[str], said: dict[tuple[str, ...], str]) -> str:
    """Every answer once, with the calls that give it."""
    groups: dict[str, list[str]] = {}
    for call in found["calls"]:
        answer = tuple(call["cells"][c] for c in columns)
        names = groups.setdefault(said.get(answer, ", ".join(answer)), [])
        names += [f"`{call['name']}`"] * (f"`{call['name']}`" not in names)
    return table((head, "call"), ([answer, " ".join(names)] for answer, names in groups.items() if answer))


def edge_names(found: dict) -> str:
    rows = []
    for key, (name, picture) in CONTINUED.items():
        others = [e["argument"] for e in found["edges"] if e["edge"] == key]
        rows.append([f'`"{name}"`<br>{picture}', "<br>".join(others)])
    return table(("np.pad", "elsewhere"), rows)


def strides(found: dict) -> str:
    lines: dict[tuple[str, ...], list[str]] = {}
    for one in sorted(found["strides"], key=lambda one: list(STRIDES).index(one["rule"])):
        lines.setdefault((STRIDES[one["rule"]], one["6"], one["7"]), []).append(f"`{one['line']}`")
    head = ("padded", "x = 1 … 6", "x = 1 … 7", "line")
    return table(head, ([*answer, "<br>".join(written)] for answer, written in lines.items()))


def target(one: dict[str, str]) -> str:
    edge = "" if one["edge"] == "zero" else f", edge “{one['edge']}”"
    return f"{OPS[one['op']]}, {SIZES[one['size']]}{edge}"


def targets(dims: int) -> dict[str, dict[str, str]]:
    named = {target(one): one for one in load(dims)["lines"]}
    order = sorted(named, key=lambda t: ("edge" in t, t.split(",")[0] != OPS["convolve"], t))
    return {name: named[name] for name in order}


def have(dims: int) -> str:
    rows = []
    for name in targets(dims):
        lines = [f"`{one['line']}`" for one in load(dims)["lines"] if target(one) == name]
        rows.append([name, "<br>".join(lines)])
    return table(("it computes", "your line"), rows)


def want(dims: int) -> str:
    """For each output: how every call writes it."""
    calls, parts = load(dims)["calls"], []
    for name, one in targets(dims).items():
        body = table(("call", "line"), ([f"`{call}`", f"`{write(how, one, dims)}`"] for call, how in calls.items()))
        parts.append(f":::{{admonition}} {name[0].upper()}{name[1:]}\n:class: dropdown\n\n{body}\n:::")
    return "\n\n".join(parts)


def versions(found: dict) -> str:
    names = {"numpy": "NumPy", "scipy": "SciPy", "cv2": "OpenCV", "torch": "PyTorch", "jax": "JAX"}
    said = ", ".join(f"{names.get(k, 'TensorFlow')} {v}" for k, v in found["versions"].items())
    return f"Probed with {said}."


def tables(found: dict) -> dict[str, str]:
    """Cell id and source of every generated cell."""
    made = {f"table-{name}": answers(found, *question) for name, question in QUESTIONS.items()}
    made |= {f"table-{f.__name__}-{dims}": f(dims) for f in (have, want) for dims in (1, 2)}
    return made | {
        "table-edge-names": edge_names(found),
        "table-strides": strides(found),
        "table-versions": versions(found),
    }
