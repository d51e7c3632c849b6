"""Roman numerals: "Henry VIII" → "Henry the eighth", "Part II" → "Part two", "Rocky IV" → "Rocky four".

A lone letter is a numeral only after a word that takes a number or a king's name: "Malcolm X" keeps his. And it is
only I, V or X: "Type C" and "Robert C Martin" are no hundreds. An initial is none: "George V. Higgins".
"""

from __future__ import annotations

import re

from audiobook.spoken.reading import matching
from audiobook.spoken.spelling import Speller
from audiobook.spoken.written import BEGINS

NUMBERED = (
    "Part Chapter Book Volume Act Scene Episode Season Section Article Title Type Phase Stage Mark Level Round "
    "Appendix Figure Table Canto Psalm War Bowl Plate Series Ch Vol Bk Fig"
).split()
KINGS = (
    "Henry Edward George James Charles Richard William Louis Elizabeth Mary Paul Pius Benedict Leo Gregory Clement "
    "Innocent Urban Alexander Nicholas Peter Catherine Ivan Frederick Wilhelm Napoleon Philip Felipe Ferdinand Francis "
    "Alfonso Carlos Haakon Christian Gustav Olaf Ramesses Ramses Ptolemy Xerxes Darius Baldwin Otto Leopold Albert "
    "Emmanuel Umberto Robert John Gustaf Boniface Sixtus Julius Rama Selim Murad Mehmed Thutmose Amenhotep"
).split()
VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
# Only spellings in the standard form: so "IIII" and "VIX" are no numerals.
NUMERAL = r"(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
ROMAN = re.compile(
    rf"(?<![\w.])(?P<word>[A-Z][\w’']{{0,30}})\.?[ ](?P<this>{NUMERAL})(?![\w&]|\.\w|[-‑][A-Za-z])(?P<next>[ ]?\w*)"
)
WORLD_WAR = re.compile(r"(?<![\w.])WWI(?P<second>I?)\b")
INITIAL = re.compile(rf"\.[ ](?!{BEGINS}\b)[A-Z]")
"""What follows the initial of a name, and not the number of a king at the end of a sentence."""
FOLLOWS_ONE = re.compile(r"[ ](?:of|and|to|through|is|was|in|on|at|ends|begins|opens)\Z")
"""What may follow "Part I"; after any other word that "I" may be the pronoun."""


def _say(found: re.Match[str], speller: Speller) -> str | None:
    word, numeral = found["word"], found["this"]
    numbered, king = word.capitalize() in NUMBERED, word.capitalize() in KINGS
    if not (numbered or king) and (len(numeral) == 1 or set(numeral) - set("IVX") or set(numeral) == {"X"}):
        return None
    if _is_letter(numeral) or (numeral == "I" and not _is_one(found, king)):
        return None
    if king and len(numeral) == 1 and INITIAL.match(found.string, found.end("this")):
        return None
    number = _value(numeral)
    return f"the {speller.ordinal(number)}" if king else speller.cardinal(number)


def _is_letter(numeral: str) -> bool:
    """Tell a letter, a size and a disc from a number: D, MC and CD are none, XL and CIX are."""
    return len(numeral) < (3 if set(numeral) & set("CDM") else 2 if "L" in numeral else 1)


def _is_one(found: re.Match[str], king: bool) -> bool:
    """Tell "Part I" and "Elizabeth I," from the pronoun."""
    if not found["next"]:
        return True
    return found["next"] == " of" if king else FOLLOWS_ONE.match(found["next"]) is not None


def _value(numeral: str) -> int:
    values = [VALUES[letter] for letter in numeral]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


world_war = matching(WORLD_WAR, lambda found, _: f"World War {'two' if found['second'] else 'one'}")
rule = matching(ROMAN, _say)
