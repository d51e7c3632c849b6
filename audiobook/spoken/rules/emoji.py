"""Pictures are named: "🔥🔥🔥" → "fire, three times"."""

from __future__ import annotations

import re
import unicodedata

from audiobook.spoken.reading import matching
from audiobook.spoken.spelling import Speller

SKIN = "[🏻-🏿]"
PICTURES = "☀-♨♰-✒✔✖✝✡✨❄❌-❗❣-❥➕-➗🀀-🇥🈀-🏺🐀-\U0001faff"
"""Signs that are pictures by themselves; ornaments and frames are not, which part scenes."""
PICTURE = re.compile(
    rf"(?P<flag>[🇦-🇿]{{2}})|(?P<one>[{PICTURES}]){SKIN}?(?:[ ]?(?P=one){SKIN}?)*|(?P<skin>{SKIN}|[🇦-🇿])"
)
NO_PICTURE = re.compile(r"\b(?:black|white|heavy|medium|sign|symbol)\b ?")
"""Words that in Unicode's names tell how a picture is printed: a "heavy black heart" is red."""


def _say(found: re.Match[str], speller: Speller) -> str:
    if found["flag"]:
        return f"flag of {' '.join(map(_letter, found['flag']))}"
    if not found["one"]:
        return ""
    name = NO_PICTURE.sub("", unicodedata.name(found["one"], "picture").lower()).strip() or "picture"
    times = found[0].count(found["one"])
    return name if times == 1 else f"{name}, {speller.cardinal(times)} times"


def _letter(indicator: str) -> str:
    return chr(ord("A") + ord(indicator) - ord("🇦"))


rule = matching(PICTURE, _say)
