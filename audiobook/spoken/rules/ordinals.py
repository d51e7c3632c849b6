"""Ordinals: "22nd" → "twenty-second"; but "12st" is a weight, and no twelfth."""

from __future__ import annotations

import re

from audiobook.spoken.reading import matching
from audiobook.spoken.spelling import LARGEST, Speller
from audiobook.spoken.written import STARTS, WHOLE, plain

ORDINAL = re.compile(rf"{STARTS}(?P<number>{WHOLE})(?P<end>st|nd|rd|th)\b", re.IGNORECASE)


def _say(found: re.Match[str], speller: Speller) -> str | None:
    digits = plain(found["number"])
    if len(digits) >= len(str(LARGEST)):
        return None
    if found["end"].lower() == _end(digits):
        return speller.ordinal(int(digits))
    return f"{speller.whole(digits)} stone" if found["end"] == "st" else None


def _end(digits: str) -> str:
    """Give the letters that an ordinal ends in."""
    teen = digits[-2:-1] == "1"
    return "th" if teen else {"1": "st", "2": "nd", "3": "rd"}.get(digits[-1], "th")


rule = matching(ORDINAL, _say)
