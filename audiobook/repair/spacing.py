"""Stray spaces, left by lost mark-up or a sloppy join."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audiobook.model import Edit
from audiobook.repair.damage import Damage

PRECEDENCE = 90

BYTE_ORDER_MARK = re.compile("\\A\N{ZERO WIDTH NO-BREAK SPACE}")
# Not before "...", ".mp3" or ":)": there the space belongs.
BEFORE_MARK = re.compile(r"(?<=\S) +(?=[,.;:!?)](?:[\s\"'”’)\]]|\Z))(?![:;]\))")
# French and others set a space before the high marks.
BEFORE_COMMA = re.compile(r"(?<=\S) +(?=[,.)](?:[\s\"'”’)\]]|\Z))")
# A mark may stay a doubled space's neighbour on the left, but a sentence's end may not: some people type two there.
DOUBLED = re.compile(r"(?<=[^\s.!?…])( +) (?=[^\s,.;:!?)])")
TRAILING = re.compile(r"(?<=\S)[ \t]+\Z")


def propose(text: str, damage: Damage) -> Iterator[Edit]:
    """Yield the removal of spaces that no reader would miss."""
    before_mark = BEFORE_MARK if damage.english else BEFORE_COMMA
    found = [
        *((match.span(), "spacing.mark") for match in BYTE_ORDER_MARK.finditer(text)),
        *((match.span(), "spacing.before_mark") for match in before_mark.finditer(text)),
        *((match.span(1), "spacing.doubled") for match in DOUBLED.finditer(text)),
    ]
    if damage.breaks:
        found += [(match.span(), "spacing.trailing") for match in TRAILING.finditer(text)]
    for (start, end), rule in found:
        yield Edit(start, end, text[start:end], "", rule, 0.95)
