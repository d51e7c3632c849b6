"""All other numbers: "1,204" → "one thousand two hundred four", "4.5" → "four point five", "007" → digit by digit."""

from __future__ import annotations

import re
import unicodedata

from audiobook.spoken.reading import matching
from audiobook.spoken.spelling import Speller, one_by_one
from audiobook.spoken.written import MINUS, WHOLE

NUMBER = re.compile(
    rf"(?P<minus>{MINUS}(?=\.?\d))?(?P<number>(?:(?<!\d,){WHOLE}|\d+)(?:\.\d+)*|(?<![\w.])\.\d+)"
    r"(?P<by>(?<!\b0)[ ]?[x×][ ]?(?=\d))?"
)
CIRCLED = re.compile("[①-⑳⓪❶-❿㉑-㉟㊱-㊿]")
BETWEEN = re.compile(r"(?<=\d)[,;:](?=\d)")
RAISED = re.compile(r"(?<=[^\W_])(?P<digits>[⁰¹²³⁴-⁹₀-₉]+)")


def _say(found: re.Match[str], speller: Speller) -> str:
    first, *rest = found["number"].split(".")
    if len(rest) == 1:
        said = speller.number(found["number"])
    else:  # a version or an address: 1.2.13
        said = " point ".join(speller.whole(part) for part in (first, *rest))
    return f"{'minus ' if found['minus'] else ''}{said}{' by ' if found['by'] else ''}"


def _raised(found: re.Match[str], _: Speller) -> str:
    """Say a square, a cube, and else, as with the number of a footnote, the digits."""
    base = found.string[found.start() - 1]
    if found["digits"] in "²³" and (base.isdecimal() or not found.string[max(0, found.start() - 2)].isalpha()):
        return {"²": "squared", "³": "cubed"}[found["digits"]]
    return one_by_one(unicodedata.normalize("NFKC", found["digits"]))


number = matching(NUMBER, _say)
between = matching(BETWEEN, lambda found, _: f"{found[0]} ")
circled = matching(CIRCLED, lambda found, speller: speller.cardinal(int(unicodedata.numeric(found[0]))))
raised = matching(RAISED, _raised)
