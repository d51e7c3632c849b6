"""What the author wrote → what a voice is to say. The transcript never sees it.

Characters that are no text are taken out (`clean`), the rules say what is not said as it is written (`rules`), and
the rest goes to the engine word by word as it stands (`tokens`). Every token knows where it comes from.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from audiobook.model import Utterance
from audiobook.spoken.clean import clean
from audiobook.spoken.reading import readings
from audiobook.spoken.rules import ANY, ENGLISH
from audiobook.spoken.spelling import Speller
from audiobook.spoken.tokens import LONGEST_TOKEN, tokens

__all__ = ["LONGEST_TOKEN", "dashes", "shifted", "speakable", "utter", "worded"]

_AMERICAN = ("en", "en-us", "en-ca", "en-ph")
_DASH = re.compile(
    r"""(?<=[^\s—–-])(?:
        [ ]*—+[ ]*          # an em dash
      | [ ]*(?<!-)--+[ ]*   # a typist's
      | [ ]+[–-][ ]+        # an en dash or a hyphen that stands alone
    )(?=[^\s—–-])""",
    re.VERBOSE,
)
_WORD = re.compile(r"\w")


def utter(sentence: str, language: str = "en") -> Utterance:
    """Give what a voice is to say for a sentence, or a part of one; without tokens when nothing is to be said.

    `language` is a tag of BCP 47. Other languages than English are only cleaned: their engines read the numbers.
    """
    tag = language.lower().replace("_", "-")
    rules = ENGLISH if tag.split("-")[0] == "en" else ANY
    written = clean(sentence)
    return Utterance(tuple(tokens(written, readings(written.text, rules, Speller(tag not in _AMERICAN)))))


def shifted(utterance: Utterance, by: int) -> Utterance:
    """Move the places of the tokens by so many code points: those of a part of a sentence to that sentence's."""
    return Utterance(tuple(replace(t, start=t.start + by, end=t.end + by) for t in utterance.tokens))


def dashes(sentence: str) -> list[tuple[int, int]]:
    """Give start and end, in code points, of every dash between words that wants a pause, with the space around it.

    Not the hyphen of "well-known", nor the dash of "1998–2003" or "Paris–Dakar".
    """
    found = (dash.span() for dash in _DASH.finditer(sentence))
    return [(start, end) for start, end in found if not (sentence[start - 1].isdecimal() and sentence[end].isdecimal())]


def speakable(text: str) -> bool:
    """Tell whether there is anything to say: a letter, a digit, or a sign that has a name ("%", "€", "☎")."""
    return bool(utter(text).tokens)


def worded(text: str) -> bool:
    """Tell whether there is a letter or a digit, which every voice can say.

    Not all can name a sign, and a raised letter or digit ("¹", "ª") is one: alone it is a footnote's mark.
    """
    return any(_is_letter_or_digit(character) for token in utter(text).tokens for character in token.text)


def _is_letter_or_digit(character: str) -> bool:
    return character.isalnum() and not unicodedata.decomposition(character).startswith("<super>")
