"""What books say about themselves, always the same for the same book: no clock and no chance is asked."""

from __future__ import annotations

import re
import uuid
from datetime import date

from audiobook.formats._text import one_line
from audiobook.model import Book, Recording

UNTITLED = "Untitled"
FIRST_DAY = "1980-01-01"
"""For what must have a date when none is known: a ZIP archive's first day, which no reader takes for a real one."""

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "audiobook")


def title(book: Book) -> str:
    """Return the title on one line, never empty."""
    return one_line(book.title) or UNTITLED


def identifier(book: Book) -> str:
    """Return a URN that stays the same when a book is built anew, so that a library replaces it (RFC 4122, 4.3)."""
    known = (book.title, book.author, book.published, book.language)
    return uuid.uuid5(_NAMESPACE, "\n".join(map(one_line, known))).urn


def published(book: Book) -> str:
    """Return when the text was published, as a year, month or day that exists (W3CDTF); empty when not known."""
    return book.published if _day(book.published) else ""


def first_day(book: Book) -> str:
    """Return the day on which the text was published, the first one of its month or year, or `FIRST_DAY`."""
    return _day(book.published) or FIRST_DAY


def origin(recording: Recording) -> str:
    """Say, in English, what a listener should know of the voice and the text."""
    return (
        f"The voice is synthetic: {one_line(recording.narrator)}. "
        "The text was repaired by machine before it was spoken; what it had lost may still be missing."
    )


def _day(published: str) -> str:
    """Fill a year or a month up to its first day; empty for what is no date."""
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", published, re.ASCII):
        return ""
    day = published + "-01" * (2 - published.count("-"))
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        return ""
