"""What the author wrote → what a voice can say. The transcript never sees it.

Lost numbers become asides with a pause around them, markup falls silent, and what a speech engine cannot
take (control characters, endless tokens) is taken out.
"""

from __future__ import annotations

import re
import unicodedata
from typing import get_args

from audiobook.model import GapKind, Token, Utterance

LONGEST_TOKEN = 40
"""Letters or digits in a row that an engine is given; a longer run may keep it busy for minutes."""

_SAID_AS = {"ordinal": "number", "count": "number"}
"""A listener hears "number missing" for these kinds: "count missing" would be heard as a verb."""

_GAP = re.compile(
    rf"""(?P<before>[\s,]*)
    (?:(?<!\S)[\N{{RIGHT SINGLE QUOTATION MARK}}'])?   # of a decade: in ’[decade missing]
    \[(?P<kind>{"|".join(get_args(GapKind))})[ ]missing\]
    (?:(?:st|nd|rd|th|s)\b)?                           # of an ordinal or a decade
    (?P<after>[\s,]*)""",
    re.VERBOSE,
)
_OPENING = "([{\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\"'"
_HYPHENS = "-\N{HYPHEN}\N{NON-BREAKING HYPHEN}"
_DASHES = "\N{EN DASH}\N{EM DASH}"
_PAUSING = ",.;:!?)]}\N{HORIZONTAL ELLIPSIS}\N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\"'"
_EMPHASIS = re.compile(r"(?<![\w*`])[*_`]+|[*_`]+(?![\w*`])")  # not inside a word: f**k, snake_case
_LONG = re.compile(rf"(\w{{{LONGEST_TOKEN}}})(?=\w)")


def spoken(text: str) -> str:
    """Give what a voice is to say for a sentence; empty when nothing is left of it."""
    text = _characters(text)
    text = _GAP.sub(_aside, text)
    text = text.replace("[[", "(").replace("]]", ")")  # engines take these for the start of phonemes
    text = _EMPHASIS.sub("", text).replace("_", " ")
    text = _LONG.sub(r"\1 ", text)
    return " ".join(text.split())


def utter(sentence: str, language: str = "en", start: int = 0) -> Utterance:
    tokens, place = [], 0
    for word in spoken(sentence).split():
        found = sentence.find(word, place)
        place = found if found >= 0 else place
        tokens.append(Token(word, start + place, start + min(place + len(word), len(sentence))))
        place = min(place + len(word), len(sentence)) if found >= 0 else place
    return Utterance(tuple(tokens))


def speakable(text: str) -> bool:
    """Tell whether there is anything to say: a letter, a digit, or a sign that has a name ("%", "€", "☎")."""
    return any(_has_name(character) for character in spoken(text))


def worded(text: str) -> bool:
    """Tell whether there is a letter or a digit, which every voice can say.

    Not all can name a sign, and a raised letter or digit ("¹", "ª") is one: alone it is a footnote's mark.
    """
    return any(_is_letter_or_digit(character) for character in spoken(text))


def _is_letter_or_digit(character: str) -> bool:
    return character.isalnum() and not unicodedata.decomposition(character).startswith("<super>")


def _has_name(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LN" or category in ("So", "Sc") or character in "&%@"


def _characters(text: str) -> str:
    """Take out the characters that are no text.

    Of the categories of Unicode (chapter 4.5) control (Cc), private (Co) and unassigned (Cn) become spaces;
    surrogates (Cs) and format characters (Cf: zero-width, bidirectional, soft hyphens) vanish, as they may
    stand inside a word. So do variation selectors, which only choose a picture.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_character, text))


def _character(character: str) -> str:
    if character in "\N{REPLACEMENT CHARACTER}\N{OBJECT REPLACEMENT CHARACTER}":
        return " "
    if "\N{VARIATION SELECTOR-1}" <= character <= "\N{VARIATION SELECTOR-16}":
        return ""
    category = unicodedata.category(character)
    if category in ("Cs", "Cf"):
        return ""
    return " " if category[0] in "CZ" else character


def _aside(gap: re.Match[str]) -> str:
    """Word a lost number as an aside, with commas where no other sign makes the voice pause."""
    kind = gap["kind"]
    before, after = gap.string[: gap.start()], gap.string[gap.end() :]
    return f"{_lead(before, gap['before'])}{_SAID_AS.get(kind, kind)} missing{_trail(after, gap['after'])}"


def _lead(before: str, space: str) -> str:
    """Give what stands between the words before a gap and its aside."""
    if not before or before[-1] in _OPENING:
        return space.lstrip(",")
    if before[-1] in _HYPHENS:
        return space.lstrip(",")
    if before[-1] in _DASHES + _PAUSING:
        return " "
    return ", "


def _trail(after: str, space: str) -> str:
    """Give what stands between the aside and the words after the gap."""
    if not after or after[0] in _PAUSING + _HYPHENS:  # "[age missing]-year-old" is one word
        return ""
    if after[0] in _DASHES or not (space or after[0].isalnum()):  # "[number missing]%"
        return " "
    return ", "
