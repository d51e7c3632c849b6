"""Ordinals: "22nd" → "twenty-second"."""

from __future__ import annotations

import re

from audiobook.spoken.reading import matching
from audiobook.spoken.spelling import LARGEST, Speller
from audiobook.spoken.written import STARTS, WHOLE

ORDINAL = re.compile(rf"{STARTS}(?P<number>{WHOLE})(?:st|nd|rd|th)\b", re.IGNORECASE)


def _say(found: re.Match[str], speller: Speller) -> str | None:
    digits = found["number"].replace(",", "")
    return speller.ordinal(int(digits)) if len(digits) < len(str(LARGEST)) else None


rule = matching(ORDINAL, _say)
