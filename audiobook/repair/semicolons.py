"""Semicolons, which the scraper turned into straight apostrophes: "the Civil War' Khaled"."""

from __future__ import annotations

import re

from audiobook.repair.pen import Pen

CONFIDENCE = 0.999

_SEMICOLON = re.compile(r"'(?=\s|$)")


def places(gap: str) -> list[int]:
    """Offsets in a gap's text of the straight apostrophes that were semicolons."""
    return [m.start() for m in _SEMICOLON.finditer(gap)]


def write(pen: Pen, start: int, text: str) -> list[int]:
    """Write the semicolons of a gap; returns their offsets."""
    marks = places(text)
    for at in marks:
        pen.edit(start + at, start + at + 1, ";", "semicolons.apostrophe", CONFIDENCE)
    return marks
