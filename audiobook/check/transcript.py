"""The transcript: the text that everything else is held against."""

from __future__ import annotations

from pathlib import Path

from audiobook.check import read
from audiobook.check.finding import Account, Finder, Look


def look(path: Path) -> Look:
    """Read it."""
    text = read.text(path)
    if not text.strip():
        yield Finder(path).error("", "It is empty.", "Build the edition again.")
    return Account(path, text=text)
