"""Build convlib's wheel, the same bytes each time: `python -m tools.wheel FOLDER [TAG]`.

With a tag such as v0.1.0, refuse to build another version, or one that the changelog does not describe.
"""

import io
import re
import sys
from pathlib import Path

from flit_core.wheel import WheelBuilder

from tools import ROOT

FIXED = (2020, 1, 1, 0, 0, 0)  # the date of its files, as in the zip of the site


def build(folder: Path, source: Path = ROOT) -> Path:
    content = io.BytesIO()
    builder = WheelBuilder.from_ini_path(source / "pyproject.toml", content)
    builder.source_time_stamp = FIXED
    builder.build()
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / builder.wheel_filename
    wheel.write_bytes(content.getvalue())
    return wheel


def refused(tag: str, version: str, changelog: str) -> str:
    """What speaks against publishing this version under this tag; nothing, the empty text, if nothing does."""
    if tag != f"v{version}":
        return f"the tag is {tag}, the version in pyproject.toml {version}"
    if not re.search(rf"^## {re.escape(version)}\b", changelog, re.MULTILINE):
        return f"CHANGELOG.md has no section {version}"
    return ""


def main() -> None:
    folder, *tag = sys.argv[1:]
    wheel = build(Path(folder))
    version = wheel.name.split("-")[1]
    if tag and (problem := refused(tag[0], version, (ROOT / "CHANGELOG.md").read_text("utf-8"))):
        wheel.unlink()
        raise SystemExit(f"make wheel: {problem}")
    print(wheel)


if __name__ == "__main__":
    main()
