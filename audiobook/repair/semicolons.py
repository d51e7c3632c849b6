"""Semicolons that became straight apostrophes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audiobook.model import Edit
from audiobook.repair.damage import Damage

PRECEDENCE = 20

# After a word, a closing sign, or the space that a lost number left; before white space.
SIGN = re.compile(r"(?<=[\w)\]\"”’ ])'(?=\s)")


def propose(text: str, damage: Damage) -> Iterator[Edit]:
    """Yield a semicolon for each straight apostrophe, when none of them can be an apostrophe."""
    if not damage.semicolons:
        return
    for match in SIGN.finditer(text):
        yield Edit(match.start(), match.end(), "'", ";", "semicolons.sign", 0.99)
