"""Lost numbers become asides: "[year missing]" → ", year missing,"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

from audiobook.model import GapKind
from audiobook.spoken.reading import Reading
from audiobook.spoken.spelling import Speller

SAID_AS = {"ordinal": "number", "count": "number"}
"""A listener hears "number missing" for these kinds: "count missing" would be heard as a verb."""
GAP = re.compile(
    rf"""(?P<before>(?<![\s,])[\s,]*)
    (?P<gap>
        (?:(?<!\S)[\N{{RIGHT SINGLE QUOTATION MARK}}'])?   # of a decade: in ’[decade missing]
        \[(?P<kind>{"|".join(get_args(GapKind))})[ ]missing\]
        (?:(?:st|nd|rd|th|s)\b)?                           # of an ordinal or a decade
    )
    (?P<after>[\s,]*)""",
    re.VERBOSE,
)
OPENING = "([{\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\"'"
HYPHENS = "-\N{HYPHEN}\N{NON-BREAKING HYPHEN}"
DASHES = "\N{EN DASH}\N{EM DASH}"
PAUSING = ",.;:!?)]}\N{HORIZONTAL ELLIPSIS}\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\"'"


def rule(text: str, speller: Speller) -> Iterator[Reading]:
    """Word a lost number as an aside, with commas where no other sign makes the voice pause."""
    for gap in GAP.finditer(text):
        kind = gap["kind"]
        yield Reading(*gap.span("before"), _lead(text[max(0, gap.start() - 1) : gap.start()], gap["before"]))
        yield Reading(*gap.span("gap"), f"{SAID_AS.get(kind, kind)} missing")
        yield Reading(*gap.span("after"), _trail(text[gap.end() : gap.end() + 1], gap["after"]))


def _lead(before: str, space: str) -> str:
    """Give what stands between the sign before a gap and its aside."""
    if not before or before in OPENING + HYPHENS:
        return space.lstrip(",")
    return " " if before in DASHES + PAUSING else ", "


def _trail(after: str, space: str) -> str:
    """Give what stands between the aside and the sign after the gap."""
    if not after or after in PAUSING + HYPHENS:  # "[age missing]-year-old" is one word
        return ""
    if after in DASHES or not (space or after.isalnum()):  # "[number missing]%"
        return " "
    return ", "
