"""The JSON of a run: its schema, the small copy for the chapters, and that copy's line in its README.md."""

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

SCHEMA = 1
TOP = {"schema": int, "commit": str, "machine": dict, "settings": dict, "rates": dict, "rows": list, "memory": list,
       "promises": list}  # fmt: skip
ROW = {"label": str, "kind": str, "x": list, "h": list, "dtype": str, "mode": str, "products": int, "times": dict,
       "ratios": dict, "skipped": dict, "limits": dict}  # fmt: skip
TIME = ("median", "low", "high", "rounds")
SAID = ("Measured by `make bench SNAPSHOT=1`: medians of interleaved rounds, one thread, on {processor}, "
        "{cores} cores, {system}, {taken}; commit {commit}")  # fmt: skip
LIMIT = 200_000


def complaints(document: dict[str, Any]) -> list[str]:
    """What keeps a document from being of this schema; nothing if it is."""
    found = _lacks("document", document, TOP)
    if document.get("schema") != SCHEMA:
        found.append(f"schema is {document.get('schema')}; this is {SCHEMA}")
    for row in document.get("rows", []):
        name = f"row {row.get('label')}"
        found += _lacks(name, row, ROW)
        for peer, time in row.get("times", {}).items():
            if set(time) != set(TIME) or not 0 < time["low"] <= time["median"] <= time["high"]:
                found.append(f"{name}: the time of {peer} is {time}")
        times = row.get("times", {})
        for peer, ratio in row.get("ratios", {}).items():
            known = peer in times and "convlib" in times
            if not known or not 0.999 < ratio / (times[peer]["median"] / times["convlib"]["median"]) < 1.001:
                found.append(f"{name}: the ratio of {peer} does not come from its times")
    labels = [row.get("label") for row in document.get("rows", [])]
    return found + [f"row {label} twice" for label in sorted({x for x in labels if labels.count(x) > 1})]


def _lacks(name: str, value: dict[str, Any], wanted: dict[str, type]) -> list[str]:
    return [
        f"{name}: {key} is no {kind.__name__}" for key, kind in wanted.items() if not isinstance(value.get(key), kind)
    ]


def write(document: dict[str, Any], path: Path) -> None:
    found = complaints(document)
    if found:
        raise SystemExit("bench: not written, since\n  " + "\n  ".join(found[:10]))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")


def brief(document: dict[str, Any]) -> dict[str, Any]:
    """The copy for the chapters: medians only, four digits, no reasons."""
    kept = {name: document[name] for name in ("schema", "commit", "machine", "settings", "rates", "memory", "promises")}
    rows = []
    for row in document["rows"]:
        new = {name: row[name] for name in ("kind", "name", "x", "h", "dtype", "engine", "block") if row.get(name)}
        new["seconds"] = {name: time["median"] for name, time in row["times"].items()}
        rows.append(new | {"limits": row["limits"], "share": row.get("share")})
    return rounded(kept | {"rows": rows})


def rounded(value: Any) -> Any:
    """Floats to four significant digits, at any depth."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    return [rounded(inner) for inner in value] if isinstance(value, list | tuple) else value


def snapshot(document: dict[str, Any], folder: Path) -> None:
    """Write convlib/signals/bench.json, one row a line, and its line with the checksum in its README.md."""
    small = brief(document)
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in small.pop("rows"))
    text = json.dumps(small, ensure_ascii=False)[:-1] + f', "rows": [\n{rows}\n]}}\n'
    raw = text.encode()
    if len(raw) > LIMIT:
        raise SystemExit(f"bench: convlib/signals/bench.json would have {len(raw)} bytes; the limit is {LIMIT}")
    (folder / "bench.json").write_bytes(raw)
    line = listed(folder, "bench.json", "timings of convlib and its peers, `convlib.data.load_measured(\"bench\")`",
                  SAID.format(**document["machine"], commit=document["commit"][:12]))  # fmt: skip
    print(f"[bench] convlib/signals/bench.json ({len(raw) // 1000} kB); its line in its README.md:\n{line}", flush=True)


def listed(folder: Path, name: str, what: str, said: str) -> str:
    """Renew the line of a data file in its README.md, checksum included; returns the line."""
    line = f"| {what} | `{name}` | {said} | CC BY 4.0 | `{sha256((folder / name).read_bytes()).hexdigest()}` |"
    readme = folder / "README.md"
    old = readme.read_text(encoding="utf-8")
    without = re.sub(rf"^\| [^|]* \| `{re.escape(name)}` \|.*\n", "", old, flags=re.MULTILINE)
    table = re.search(r"(?:^\|.*\n)+", without, re.MULTILINE)
    end = table.end() if table else len(without)
    readme.write_text(without[:end] + line + "\n" + without[end:], encoding="utf-8")
    return line
