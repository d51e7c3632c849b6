"""Files of several kinds → one text, with Markdown headings for chapters. Nothing is fetched, run or written."""

from __future__ import annotations

from dataclasses import dataclass

NOTES = "notes"
"""Footnotes and endnotes, and the marks that lead to them."""
FURNITURE = "furniture"
"""What stands around a text: menus, headers and footers of a site, comments, contents pages, indexes."""
KEEPABLE = (NOTES, FURNITURE)
"""What is left out unless it is asked for."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds. What it doesn't tell about itself is empty."""

    text: str
    title: str = ""
    author: str = ""
    published: str = ""
    """ISO 8601: a year, a month or a day."""
    language: str = ""
    """BCP 47."""
    description: str = ""
    notes: tuple[str, ...] = ()
    """What a person should know: what was left out, or how the text was decoded."""
    converted: bool = True
    """Whether the text is other than the file's own bytes in UTF-8."""
