"""Sentence → the characters of it that are text, each with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

SILENT = re.compile(r"[\N{VARIATION SELECTOR-1}-\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}]")
"""Characters that only choose a picture."""
NO_TEXT = "\N{REPLACEMENT CHARACTER}\N{OBJECT REPLACEMENT CHARACTER}"
MOST_MARKS = 8
"""Combining marks on one letter; more are a prank, and would make an endless word."""


@dataclass(frozen=True, slots=True)
class Clean:
    """A sentence without the characters that are no text; all its white space is spaces."""

    text: str
    places: Sequence[int]
    """Where each character begins in the sentence, in code points, and at last where the last one ends."""


def clean(sentence: str) -> Clean:
    """Take out the characters that are no text, and compose accents (Unicode's form NFC).

    Of the categories of Unicode (chapter 4.5) control (Cc), private (Co) and unassigned (Cn) become spaces;
    surrogates (Cs) and format characters (Cf: zero-width, bidirectional, soft hyphens) vanish, as they may
    stand inside a word. So do variation selectors, which only choose a picture.
    """
    if sentence.isascii() and sentence.isprintable():
        return Clean(sentence, range(len(sentence) + 1))
    kept = [(_character(character), place) for place, character in enumerate(sentence)]
    texts, places = _composed([(text, place) for text, place in kept if text])
    return Clean("".join(texts), [*places, len(sentence)])


def _character(character: str) -> str:
    if character in NO_TEXT:
        return " "
    if SILENT.match(character):
        return ""
    category = unicodedata.category(character)
    if category in ("Cs", "Cf"):
        return ""
    return " " if category[0] in "CZ" else character


def _composed(characters: list[tuple[str, int]]) -> tuple[list[str], list[int]]:
    """Join a letter and its combining marks where Unicode has one character for them."""
    texts: list[str] = []
    places: list[int] = []
    marks = 0
    for text, place in characters:
        marks = marks + 1 if unicodedata.combining(text) else 0
        whole = unicodedata.normalize("NFC", texts[-1] + text) if marks and texts else ""
        if len(whole) == 1:
            texts[-1] = whole
        elif marks <= MOST_MARKS:
            texts.append(text)
            places.append(place)
    return texts, places
