"""Which language a text is in, and which way it runs."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

UNKNOWN = "und"
"""BCP 47 for a language that is not known."""

Direction = Literal["ltr", "rtl"]

_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"
    r"(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*(?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?",
    re.ASCII | re.IGNORECASE,
)
"""A well-formed tag: language, script, region, variants, extensions, private use (RFC 5646, 2.1)."""
_RIGHT_TO_LEFT = re.compile(
    r"(?:ar|arc|ckb|dv|fa|he|ks|nqo|ps|sd|syr|ug|ur|yi)(?!-latn|-cyrl|-deva)\b|.*-(?:arab|hebr|nkoo|syrc|thaa)\b",
    re.IGNORECASE,
)
"""Languages that are written from right to left, unless the tag names another script (CLDR, likely scripts)."""


def tag(language: str) -> str:
    """Return a language as a well-formed BCP 47 tag ("en_GB" gives "en-GB"), "und" when it is none."""
    dashed = language.strip().replace("_", "-")
    return dashed if _TAG.fullmatch(dashed) else UNKNOWN


def direction(language: str) -> Direction:
    """Return which way a language runs, given its tag."""
    return "rtl" if _RIGHT_TO_LEFT.match(language) else "ltr"


def against(text: str, language: str) -> dict[str, str]:
    """Return the (X)HTML attributes of a text whose letters run against its book's language; else none.

    Its language is then another one, and isn't known: named wrongly, it would be read by the wrong voice.
    """
    usual = direction(language)
    found = _first_strong(text)
    return {} if found in (usual, None) else {"dir": str(found), "lang": UNKNOWN, "xml:lang": UNKNOWN}


def _first_strong(text: str) -> Direction | None:
    """Return which way a text's first letter runs (UAX #9, P2 and P3)."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return None
