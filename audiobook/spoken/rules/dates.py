"""Days: "3 March" → "the third of March", "March 3" → "March third", "03/04/2019" → the numbers in their order.

Whether 03/04 is in March or in April is not known, so no name of a month is ever put in.
"""

from __future__ import annotations

import re

from audiobook.spoken.reading import matching
from audiobook.spoken.spelling import Speller, two_digits
from audiobook.spoken.written import ENDS, MONTH, STARTS, before

LAST_DAY = 31
DAY_FIRST = re.compile(rf"{STARTS}(?<!\d[-–‑])(?P<this>\d{{1,2}})(?=[ ]{MONTH})")
MONTH_FIRST = re.compile(
    rf"\b{MONTH}[ ](?P<this>\d{{1,2}})(?!\w){ENDS}(?![-–‑%°$])(?![ ](?:percent|people|years|days)\b)"
)
NUMERIC = re.compile(
    rf"{STARTS}(?:(?P<y>\d{{4}})(?P<s>[-/.‑])(?P<m>\d\d)(?P=s)(?P<d>\d\d)"
    rf"|(?P<a>\d{{1,2}})(?P<t>[/.])(?P<b>\d{{1,2}})(?P=t)(?P<c>\d{{4}}|\d\d))(?!\w){ENDS}"
)


def _day_first(found: re.Match[str], speller: Speller) -> str | None:
    day = int(found["this"])
    if not 1 <= day <= LAST_DAY:
        return None
    article = "" if before(found).lower().endswith("the ") else "the "
    return f"{article}{speller.ordinal(day)} of"


def _month_first(found: re.Match[str], speller: Speller) -> str | None:
    day = int(found["this"])
    return speller.ordinal(day) if 1 <= day <= LAST_DAY else None


def _numeric(found: re.Match[str], speller: Speller) -> str | None:
    parts = [found[name] for name in ("y", "m", "d", "a", "b", "c") if found[name]]
    if found["t"] == "." and len(parts[-1]) == 2:  # rather a version: 1.2.13
        return None
    return ", ".join(_part(part, speller) for part in parts)


def _part(digits: str, speller: Speller) -> str:
    if len(digits) < 4:
        return two_digits(digits)
    return speller.year(int(digits)) if digits[0] in "12" else speller.whole(digits)


day_first = matching(DAY_FIRST, _day_first)
month_first = matching(MONTH_FIRST, _month_first)
numeric = matching(NUMERIC, _numeric)
