"""Semicolons, which the scraper turned into straight apostrophes: "the Civil War' Khaled"."""

from __future__ import annotations

import re

CONFIDENCE = 0.999

_SEMICOLON = re.compile(r"'(?=\s|$)")


def places(gap: str) -> list[int]:
    """Offsets in a gap's text of the straight apostrophes that were semicolons."""
    return [m.start() for m in _SEMICOLON.finditer(gap)]
