"""What a document tells about itself, as the program's values; and what its reader tells a person."""

from __future__ import annotations

import re

DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?(?![\d-])")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
LONGEST = 4_000
"""Code points of a description that are kept; of a title or a name none has as many."""


def line(text: str) -> str:
    """Return a text in one line, without what can't be printed."""
    even = " ".join(text[: 2 * LONGEST].split())
    return "".join(character for character in even if character.isprintable())[:LONGEST]


def date(text: str) -> str:
    """Return an ISO 8601 date without its time; nothing for another notation, which would have to be guessed at."""
    found = DATE.match(text.strip())
    return found.group() if found and not found.group().startswith("0") else ""


def language(text: str) -> str:
    """Return a BCP 47 tag, or nothing."""
    tag = text.strip().replace("_", "-")
    return tag if LANGUAGE.fullmatch(tag) and len(tag) <= 35 and not tag.lower().startswith(("und", "zxx")) else ""


def left_out(notes: int) -> tuple[str, ...]:
    """Say how many notes were left out."""
    if not notes:
        return ()
    return (
        "1 note was left out; --keep notes keeps it."
        if notes == 1
        else f"{notes} notes were left out; --keep notes keeps them.",
    )
