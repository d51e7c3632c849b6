"""Ranges: "1998–2003" → "nineteen ninety-eight to two thousand three"; and scores: "2-1" → "two one".

A range ascends. What does not ascend is a score, as the winner tells it, or "50-50": the numbers alone.
"""

from __future__ import annotations

import re

from audiobook.spoken.reading import matching
from audiobook.spoken.spelling import Speller, two_digits
from audiobook.spoken.written import ENDS, NUMBER, STARTS, TO, value

FIRST_YEAR, LAST_YEAR = 1100, 2099
RANGE = re.compile(rf"{STARTS}(?<!\d[-–‑])(?P<low>{NUMBER}){TO}(?P<high>{NUMBER})(?!\w){ENDS}(?![-–‑]\d)")

SEASON = re.compile(rf"{STARTS}(?P<low>\d{{4}})/(?P<high>\d{{4}}|\d\d)(?!\w){ENDS}(?!/)")


def _say(found: re.Match[str], speller: Speller) -> str:
    low, high = found["low"], found["high"]
    if _is_year(low) and _is_year(high):
        return f"{speller.year(int(low))} to {speller.year(int(high))}"
    if _is_year(low) and high.isdecimal() and len(high) < 3 and int(high) > int(low[-len(high) :]):
        return f"{speller.year(int(low))} to {two_digits(high)}"
    to = "to " if value(low) < value(high) else ""
    return f"{speller.number(low)} {to}{speller.number(high)}"


def _season(found: re.Match[str], speller: Speller) -> str | None:
    """Word a year and the next: "2019/20" is "twenty nineteen twenty"."""
    low, high = found["low"], found["high"]
    if not _is_year(low) or int(high) != (int(low) + 1) % 10 ** len(high):
        return None
    return f"{speller.year(int(low))} {two_digits(high) if len(high) == 2 else speller.year(int(high))}"


def _is_year(written: str) -> bool:
    return len(written) == 4 and written.isdecimal() and FIRST_YEAR <= int(written) <= LAST_YEAR


season = matching(SEASON, _season)
rule = matching(RANGE, _say)
