"""Write the tables of the instructor guide from the chapters, their decks, guide.yml and concept-test.json.

python tools/guide.py            write them, or say what is missing in the map
python tools/guide.py --draft    print an entry of guide.yml for every chapter that has none
"""

import re
import sys

from guide_map import APPENDIX, draft, pages, problems, read_chapter, read_map
from guide_tables import TABLES

PAGE = APPENDIX / "instructor-guide.md"


def written(text: str, data: dict, found: dict) -> str:
    """The page with every table between its marks made anew."""
    for name, make in TABLES.items():
        mark = re.compile(rf"(% begin {name}\n).*?(\n% end {name}\n)", re.DOTALL)
        text, count = mark.subn(lambda m, make=make: f"{m[1]}\n{make(data, found)}\n{m[2]}", text)
        if count != 1:
            raise ValueError(f"{PAGE.name}: {count} places are marked for the table {name}, not 1")
    return text


def main() -> int:
    data, found = read_map(), {page: read_chapter(page) for page in pages()}
    if "--draft" in sys.argv:
        known = {one["page"] for one in data["chapters"].values() if "planned" not in one}
        print("\n".join(draft(page, there) for page, there in found.items() if page not in known))
        return 0
    if bad := problems(data["chapters"], found):
        print("guide.yml does not fit the course:", *bad, sep="\n  ")
        return 1
    PAGE.write_text(written(PAGE.read_text("utf-8"), data, found), "utf-8")
    print(f"{PAGE.name}: {len(found)} chapters, {len(TABLES)} tables")
    return 0


if __name__ == "__main__":
    sys.exit(main())
