"""Addresses: "https://www.example.org/a-b" → "example dot org slash a dash b"."""

from __future__ import annotations

import re

from audiobook.spoken.reading import matching
from audiobook.spoken.spelling import Speller

DOMAINS = "com|org|net|edu|gov|info|io|tv|co\\.uk|uk|de|fr|eu|us|ca|au|me|app|dev"
ADDRESS = re.compile(
    rf"""(?<![\w@.+/-])(?:
        (?:https?|ftp)://[^\s<>"“”\[\]|]+
      | www\.[^\s<>"“”\[\]|]+
      | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
      | [\w-]+(?:\.[\w-]+)*\.(?:{DOMAINS})\b(?:/[^\s<>"“”\[\]|]*)?(?![\w@])
    )""",
    re.VERBOSE | re.IGNORECASE,
)
SILENT_START = re.compile(r"(?:[a-z]+://)?(?:www\.)?", re.IGNORECASE)
SIGNS = {
    ".": "dot",
    "/": "slash",
    "-": "dash",
    "_": "underscore",
    "?": "question mark",
    "=": "equals",
    "&": "and",
    "#": "hash",
    ":": "colon",
    "@": "at",
    "%": "percent",
    "+": "plus",
    "~": "tilde",
}
PARTS = re.compile(r"\d+|[^\W\d_]+|_|[^\w\s]")
END = ".,;:!?'’)*_…—"
"""Signs at the end that belong to the sentence."""


def _say(found: re.Match[str], speller: Speller) -> str | None:
    address = found[0]
    body = SILENT_START.sub("", address.rstrip(END + "/"), count=1)
    if not body:
        return None
    words = (speller.whole(part) if part.isdecimal() else SIGNS.get(part, part) for part in PARTS.findall(body))
    tail = address[len(address.rstrip(END)) :]
    return " ".join(words) + tail


rule = matching(ADDRESS, _say)
