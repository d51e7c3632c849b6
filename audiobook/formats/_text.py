"""Text as tags, captions and lists of chapters can hold it."""

from __future__ import annotations

import unicodedata


def one_line(text: str) -> str:
    """Return `text` on one line: white space evened, control characters and lone surrogates gone.

    ID3 separates values with NUL, a blank line ends a WebVTT cue, and a lone surrogate has no encoding.
    """
    printable = (" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text)
    return " ".join("".join(printable).split())


def chapter_title(text: str, number: int) -> str:
    """Return a chapter's title on one line; "Chapter 3" where nothing is left of it. `number` counts from 1."""
    return one_line(text) or f"Chapter {number}"
