"""The tables of the convention atlas, as Markdown, from what the probes found."""

from collections.abc import Iterable, Sequence

from convlib.conventions import load, write

OPS = {"convolve": "convolution", "correlate": "cross-correlation"}
SIZES = {"full": "full", "valid": "valid", "left": "same (left middle)", "right": "same (right middle)"}
DEFAULT_EDGE = {"zero": "zeros", "inside only": "stays inside (valid)", "symmetric": 'mirrored: `"symmetric"`'}
DEFAULT_EDGE |= {"reflect": 'mirrored: `"reflect"`'}
CONTINUED = {
    "zero": ("constant", "0 0 · a b c · 0 0"),
    "edge": ("edge", "a a · a b c · c c"),
    "symmetric": ("symmetric", "b a · a b c · c b"),
    "reflect": ("reflect", "c b · a b c · b a"),
    "wrap": ("wrap", "b c · a b c · a b"),
}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def cells(found: dict, *columns: str) -> list[list[str]]:
    """One row for each call, and once for a call whose answers in 1-D and 2-D are the same."""
    rows = [[f"`{call['name']}`", *(call["cells"][c] for c in columns)] for call in found["calls"]]
    return [row for n, row in enumerate(rows) if row not in rows[:n]]


def flip(found: dict) -> str:
    said = {"flips": "**yes**", "does not flip": "no"}
    rows = [[name, said[f], c, w] for name, f, c, w in cells(found, "flips", "conjugates", "as_written")]
    return table(("call", "flips", "conjugates", "without options"), rows)


def same(found: dict) -> str:
    said = {"left": "`h[1]`, left middle", "right": "`h[2]`, right middle"}
    rows = [[name, length, said[o]] for name, length, o in cells(found, "same_length", "even_origin")]
    return table(("call", "as long as", "of four weights, on its own place"), rows)


def edge(found: dict) -> str:
    return table(("call", "without options"), ([name, DEFAULT_EDGE[e]] for name, e in cells(found, "edge")))


def edge_names(found: dict) -> str:
    rows = []
    for key, (name, picture) in CONTINUED.items():
        others = [f"{e['library']} `{e['argument']}`" for e in found["edges"] if e["edge"] == key]
        rows.append([f'`"{name}"`', picture, "<br>".join(others)])
    return table(("np.pad", "a b c goes on as", "elsewhere"), rows)


def lag(found: dict) -> str:
    return table(("call, full output", "first lag"), (row for row in cells(found, "first_lag") if row[1] != "–"))


def whole(found: dict) -> str:
    return table(("call", "200 + 200 in uint8", "uint8 3 times 0.9"), cells(found, "whole_numbers", "fractions"))


def target(one: dict[str, str]) -> str:
    edge = "" if one["edge"] == "zero" else f', edge `"{one["edge"]}"`'
    return f"{OPS[one['op']]}, {SIZES[one['size']]}{edge}"


def have(dims: int) -> str:
    return table(("you have", "it computes"), ([f"`{one['line']}`", target(one)] for one in load(dims)["lines"]))


def want(dims: int) -> str:
    """For each call: how to write whatever any line of the atlas computes."""
    atlas, parts = load(dims), []
    targets = {target(one): one for one in atlas["lines"]}
    order = sorted(targets, key=lambda t: (t.count("edge"), t.split(",")[0] == OPS["correlate"], t))
    for name, call in atlas["calls"].items():
        rows = [[t, f"`{write(call, targets[t], dims)}`"] for t in order]
        body = table(("for", "write"), rows)
        parts.append(f":::{{admonition}} With {name}\n:class: dropdown\n\n{body}\n:::")
    return "\n\n".join(parts)


def versions(found: dict) -> str:
    names = {"numpy": "NumPy", "scipy": "SciPy", "cv2": "OpenCV", "torch": "PyTorch", "jax": "JAX"}
    said = ", ".join(f"{names.get(k, 'TensorFlow')} {v}" for k, v in found["versions"].items())
    return f"Probed with {said}."


def tables(found: dict) -> dict[str, str]:
    """Cell id and source of every generated cell."""
    made = {f"table-{f.__name__.replace('_', '-')}": f(found) for f in (flip, same, edge, edge_names, lag, whole)}
    made |= {f"table-{f.__name__}-{dims}": f(dims) for f in (have, want) for dims in (1, 2)}
    return made | {"table-versions": versions(found)}
