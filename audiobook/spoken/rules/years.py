"""Years: "in 1984" → "in nineteen eighty-four"; but "2000 people" are a number.

Both readings have the same value, so a wrong guess sounds odd and says nothing wrong.
"""

from __future__ import annotations

import re

from audiobook.spoken.reading import matching
from audiobook.spoken.spelling import Speller
from audiobook.spoken.written import ENDS, MONTH, STARTS, after, before

FIRST, LAST = 1010, 2099
MODERN = 1800
"""From here on four digits are more often a year than not."""
DIGITS = re.compile(rf"{STARTS}(?P<this>\d{{4}})(?!\w){ENDS}(?![%°$€£])")
YEAR_COMES = re.compile(
    rf"(?:\b(?:in|since|until|till|from|by|before|after|during|around|circa|about|year|late|early|mid|spring|summer|"
    rf"autumn|fall|winter|{MONTH}|{MONTH},|{MONTH}[ ]\d\d?|\d\d?,|\d\d?(?:st|nd|rd|th),?)[ ]|"
    r"\b(?:mid|pre|post)[-‑]|\()\Z",
    re.IGNORECASE,
)
DETERMINER = re.compile(r"(?:\b(?:the|this|that|a|his|her|their|its|our|my)|['’]s?)[ ]\Z", re.IGNORECASE)
NUMBER_COMES = re.compile(
    r"(?:[$£€¥#]|\b(?:No\.|number|over|than|least|most|nearly|almost|some|up to)[ ])\Z", re.IGNORECASE
)
COUNTED = re.compile(
    r"[ ](?:(?:people|men|women|children|feet|percent|million|billion|or so|more|other)\b|[a-z]{2,}(?<![su])s\b)"
)
NOT_COUNTED = re.compile(
    r"[ ](?:is|was|has|does|as|this|his|its|us|always|perhaps|versus|remains|stars|marks|brings|sees|begins|opens|"
    r"gives|takes|makes|shows|tells|follows|starts|ends|comes|feels|looks|seems|becomes)\b"
)


def _say(found: re.Match[str], speller: Speller) -> str | None:
    year = int(found["this"])
    return speller.year(year) if FIRST <= year <= LAST and _is_year(year, before(found), after(found)) else None


def _is_year(year: int, words_before: str, words_after: str) -> bool:
    if NUMBER_COMES.search(words_before):
        return False
    counted = COUNTED.match(words_after) and not NOT_COUNTED.match(words_after)
    if year < MODERN:
        return bool(YEAR_COMES.search(words_before)) and not counted
    return not counted or bool(YEAR_COMES.search(words_before) or DETERMINER.search(words_before))


rule = matching(DIGITS, _say)
