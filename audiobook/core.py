"""The core of a word as it stands in a text: what is said of it, without the signs around."""

from __future__ import annotations

import re

_CORE = re.compile(r"[^\W_](?:.*[^\W_])?[\u0300-\u036f]*", re.DOTALL)


def split(text: str) -> tuple[str, str, str]:
    """Part a word into the signs before its first letter or digit, its core, and the signs after the last.

    Without a letter or digit all of it stands before an empty core.
    """
    found = _CORE.search(text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")
