"""Numbers on a card are said digit by digit: "(212) 555-0123", "+44 20 7946 0958", "978-0-14-044913-6"."""

from __future__ import annotations

import re

from audiobook.spoken.reading import matching
from audiobook.spoken.spelling import Speller, one_by_one
from audiobook.spoken.written import ENDS, STARTS

CARD = re.compile(
    rf"""(?:
        (?<![\w+])\+\d{{1,3}}(?:[ .-]?\(?\d{{1,5}}\)?){{2,6}}{ENDS}
      | (?:(?<![\w(])\(\d{{3}}\)[ ]?|{STARTS}\d{{3}}[-.‑])\d{{3}}[-.‑]\d{{4}}{ENDS}
      | {STARTS}(?<!\d[-‑])555[-‑]\d{{4}}{ENDS}
      | {STARTS}(?<!\d[ ])0\d{{2,4}}(?:[ ]\d{{3,6}}){{1,3}}{ENDS}
      | {STARTS}(?<!\d[-‑])\d+(?:[-‑]\d+){{2,}}{ENDS}
    )(?![\w])""",
    re.VERBOSE,
)
DATE = re.compile(r"\d{4}[-‑]\d\d[-‑]\d\d\Z")


def _say(found: re.Match[str], _: Speller) -> str | None:
    if DATE.match(found[0]):
        return None
    plus = "plus " if found[0].startswith("+") else ""
    return plus + ", ".join(one_by_one(group) for group in re.findall(r"\d+", found[0]))


rule = matching(CARD, _say)
