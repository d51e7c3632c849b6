"""Decades: "1970s" → "nineteen seventies", "’80s" → "eighties"; and short years: "’69" → "sixty-nine"."""

from __future__ import annotations

import re

from audiobook.spoken.reading import matching
from audiobook.spoken.spelling import Speller, plural, two_digits
from audiobook.spoken.written import APOSTROPHE, ENDS, STARTS

DECADE = re.compile(rf"{STARTS}{APOSTROPHE}?(?P<decade>(?:1\d|20)\d0|\d0){APOSTROPHE}?s\b")
SHORT_YEAR = re.compile(rf"(?<![\w.,:/])(?P<this>{APOSTROPHE}(?P<year>\d\d))(?!\w){ENDS}(?!%)")
SPAN = re.compile(rf"(?:{APOSTROPHE}\d\d|\d0s)(?P<this>[-–])(?={APOSTROPHE}\d\d\b|{APOSTROPHE}?(?:\d\d)?\d0s\b)")


def _decade(found: re.Match[str], speller: Speller) -> str:
    digits = found["decade"]
    if digits == "00":
        return "noughties" if speller.british else "two thousands"
    return plural(speller.year(int(digits)) if len(digits) == 4 else two_digits(digits))


def _short_year(found: re.Match[str], _: Speller) -> str:
    return two_digits(found["year"])


decade = matching(DECADE, _decade)
span = matching(SPAN, lambda _, __: " to ")
short_year = matching(SHORT_YEAR, _short_year)
