"""Fractions, ratings and stars: "3½" → "three and a half", "4/5" → "four out of five", "★★★½" → "… stars"."""

from __future__ import annotations

import re
import unicodedata

from audiobook.spoken.reading import matching
from audiobook.spoken.spelling import Speller, plural
from audiobook.spoken.written import ENDS, NUMBER, STARTS, after, value

VULGAR = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
SCALES = (5, 10, 100)
"""What ratings are out of. Four stars are a scale, too, but 3/4 is three quarters unless stars are named."""
PARTS = (2, 3, 4, 8, 16)
"""What things are halved into."""
LAST_PART = 100
SIGN = re.compile(rf"(?:{STARTS}(?P<whole>{NUMBER})[ ]?)?(?P<sign>[{VULGAR}])")
SLASH = re.compile(
    rf"{STARTS}(?:(?P<whole>\d{{1,3}})[ -](?=\d/\d))?(?P<over>{NUMBER})[ ]?[/⁄][ ]?"
    rf"(?P<under>\d+)(?P<suffix>(?:nd|rd|th)s?)?(?!\w){ENDS}(?!/)"
)
STARS = re.compile(r"(?P<full>[★⭐🌟]+)(?P<half>[ ]?(?:½|1/2))?(?P<none>☆*)")


def _sign(found: re.Match[str], speller: Speller) -> str:
    over, _, under = unicodedata.normalize("NFKC", found["sign"]).partition("⁄")
    return _mixed(found["whole"], int(over), int(under), speller)


def _slash(found: re.Match[str], speller: Speller) -> str | None:
    over, under = found["over"], int(found["under"][:9])
    if found["whole"]:
        return _mixed(found["whole"], int(over), under, speller) if over.isdecimal() and under in PARTS else None
    next_words = after(found)
    if over.isdecimal() and len(over) < 4 and (found["suffix"] or _is_part(int(over), under, next_words)):
        return _fraction(int(over), under, speller)
    if _is_rating(value(over), under, over, next_words):
        return f"{speller.number(over)} out of {speller.whole(found['under'])}"
    return f"{speller.number(over)} {speller.whole(found['under'])}"  # 24/7, 9/11


def _is_part(over: int, under: int, next_words: str) -> bool:
    if not 0 < over < under <= LAST_PART or next_words.startswith(" star"):
        return False
    return under in PARTS or next_words.startswith(" of ")


def _is_rating(over: float, under: int, written: str, next_words: str) -> bool:
    return over <= under and (under in SCALES or "." in written or next_words.startswith(" star"))


def _mixed(whole: str | None, over: int, under: int, speller: Speller) -> str:
    part = _fraction(over, under, speller)
    if not whole:
        return part
    return f"{speller.number(whole)} and {'a half' if part == 'one half' else part}"


def _fraction(over: int, under: int, speller: Speller) -> str:
    name = {2: "half", 4: "quarter"}.get(under) or speller.ordinal(under)
    return f"{speller.cardinal(over)} {name if over == 1 else plural(name)}"


def _stars(found: re.Match[str], speller: Speller) -> str | None:
    full, half, none = len(found["full"]), bool(found["half"]), len(found["none"])
    if full == 1 and not half and not none:
        return None
    count = speller.cardinal(full) + (" and a half" if half else "")
    return f"{count} out of {speller.cardinal(full + half + none)} stars" if none else f"{count} stars"


sign = matching(SIGN, _sign)
slash = matching(SLASH, _slash)
stars = matching(STARS, _stars)
