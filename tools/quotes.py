"""Words of the texts that the ledger of claims judges, with their language, their line and what they mean."""

import re

from languages import HAN

# Each text, and the script of what is Chinese in it.
WRITTEN = dict.fromkeys(("cnn-not-convolution", "d2l-notes", "li-convolutional-layer", "draelos2019"), "zh-Hans")
WRITTEN |= {"it-cnn-2020": "zh-Hant"}


def quotation(quote: dict) -> str:
    """One item of a list; each run of Chinese between two formulas says what it is."""
    pieces = re.split(r"(\$[^$]+\$)", quote["words"])
    marked = [f'<span lang="{WRITTEN[quote["source"]]}">{p}</span>' if re.search(HAN, p) else p for p in pieces]
    meaning = f" (“{quote['english']}”)" if quote.get("english") else ""
    return f"- {{cite:p}}`{quote['source']}`, line {quote['line']}: {''.join(marked)}{meaning}"


def quotations(quotes: list[dict]) -> str:
    """The list, to stand behind a paragraph."""
    return "\n\n" + "\n".join(map(quotation, quotes))
