"""The fingerprint of the damage: which signs a text has lost as a whole.

A text that still has its apostrophes is not repaired for apostrophes, and so on for digits and line breaks.
That is what keeps good text as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

INNER_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
STRAIGHT_APOSTROPHE = re.compile("'")
SEMICOLON_SHAPED = re.compile(r"'(?=\s|$)")
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]* +(?=[\"'“‘(\[]*[^\W\d_a-z])")


@dataclass(frozen=True, slots=True)
class Damage:
    """What a text has lost, seen from the text as a whole."""

    english: bool
    """Rules that know English words keep away from other languages: "dont" is French, too."""
    apostrophes: int
    """Apostrophes that still stand inside words."""
    digits: bool
    """True when no digit is left."""
    breaks: bool
    """True when no line break is left."""
    semicolons: bool
    """True when there is no semicolon, and every straight apostrophe stands where a semicolon would."""
    break_spaces: int
    """The fewest spaces after a sentence that mean a paragraph; 0 when no number of them does."""

    @classmethod
    def of(cls, text: str, language: str) -> Damage:
        """Take the fingerprint of a text in a language (BCP 47)."""
        straight = len(STRAIGHT_APOSTROPHE.findall(text))
        return cls(
            english=language.lower().partition("-")[0] == "en",
            apostrophes=len(INNER_APOSTROPHE.findall(text)),
            digits=not any(character.isdigit() for character in text),
            breaks="\n" not in text.strip(),
            semicolons=";" not in text and straight > 0 and straight == len(SEMICOLON_SHAPED.findall(text)),
            break_spaces=_break_spaces(text),
        )


def _break_spaces(text: str) -> int:
    """Tell a typist's two spaces after every full stop from spaces that were a paragraph break."""
    runs = [len(match.group()) - len(match.group().rstrip(" ")) for match in SENTENCE_END.finditer(text)]
    doubled = sum(run >= 2 for run in runs)
    if len(runs) < 8 or doubled < 0.8 * len(runs):
        return 2
    return 3 if any(run >= 3 for run in runs) else 0
