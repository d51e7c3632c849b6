"""All other numbers: "1,204" → "one thousand two hundred four", "4.5" → "four point five", "007" → digit by digit.

More than one of a number is its plural: "747s".
"""

from __future__ import annotations

import re
import unicodedata

from audiobook.spoken.reading import matching
from audiobook.spoken.spelling import Speller, one_by_one, plural
from audiobook.spoken.written import MINUS, STARTS, WHOLE

NUMBER = re.compile(
    rf"(?P<minus>{MINUS}(?=\.?\d))?(?P<number>(?:(?<!\d,){WHOLE}|\d+)(?:\.\d+)*|(?<![\w.])\.\d+)"
    r"(?P<by>(?<!\b0)[ ]?[x×][ ]?(?=\d))?"
)
ONE_SIGN = re.compile("[①-⑳⓪❶-❿㉑-㉟㊱-㊿Ⅰ-ↂↅ-ↈ]")
"""A circled number or a Roman numeral that is one character."""
BETWEEN = re.compile(r"(?<=\d)[,;:](?=\d)")
SEVERAL = re.compile(rf"{STARTS}(?P<number>\d{{2,}})['’]?s\b")
SMALL = "⁰¹²³⁴-⁹₀-₉"
RAISED = re.compile(rf"(?:(?<=[^\W_{SMALL}])|(?<=[.,;:!?)\]”’\"']))(?P<minus>[⁻₋]?)(?P<digits>[{SMALL}]+)")
POWERS = {"²": "squared", "³": "cubed"}


def _say(found: re.Match[str], speller: Speller) -> str:
    first, *rest = found["number"].split(".")
    if len(rest) == 1:
        said = speller.number(found["number"])
    else:  # a version or an address: 1.2.13
        said = " point ".join(speller.whole(part) for part in (first, *rest))
    return f"{'minus ' if found['minus'] else ''}{said}{' by ' if found['by'] else ''}"


def _raised(found: re.Match[str], _: Speller) -> str:
    """Say a square, a cube, and else, as with the number of a footnote, the digits."""
    before = found.string[max(0, found.start() - 2) : found.start()]
    if found[0] in POWERS and before[-1:].isalnum() and (before[-1].isdecimal() or not before[0].isalpha()):
        return POWERS[found[0]]
    return (" to the minus " if found["minus"] else " ") + one_by_one(unicodedata.normalize("NFKC", found["digits"]))


several = matching(SEVERAL, lambda found, speller: plural(speller.whole(found["number"])))
number = matching(NUMBER, _say)
rest = matching(re.compile(r"\d+"), lambda found, speller: speller.whole(found[0]))
between = matching(BETWEEN, lambda found, _: f"{found[0]} ")
one_sign = matching(ONE_SIGN, lambda found, speller: speller.cardinal(int(unicodedata.numeric(found[0]))))
raised = matching(RAISED, _raised)
