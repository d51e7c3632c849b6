"""Lost numbers: where one stood, and of what kind. Never which.

Digits were deleted one by one and nothing was closed up, so a number leaves its white space behind:
"late ,", "between  and ,", "over  years", "the s", "a -year-old", "$ million", "()".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from audiobook.model import Edit, GapKind
from audiobook.repair.damage import Damage

PRECEDENCE = 15

BEFORE_A_YEAR = frozenset(
    "in since late early mid by until till from circa during before after between of around year season class"
    " spring summer autumn fall winter"
    " january february march april may june july august september october november december".split()
)
# What follows a year, but hardly a count: "in  and ", "since  the film".
AFTER_A_YEAR = frozenset(
    "a an and as at but by for he her his i in it its of on or she that the their they this to was we were when"
    " where which while who with".split()
)
MONEY = frozenset("percent per cent dollars dollar pounds euros cents million billion trillion".split())

WORD_BEFORE = re.compile(r"([^\W\d_]+)\W*\Z")
WORD_AFTER = re.compile(r"\W*([^\W\d_]+)")

# Each pattern's first group is empty and stands where the number stood.
TRACES: tuple[tuple[re.Pattern[str], GapKind | None, float], ...] = (
    (re.compile(r"(?<=[(\[])()(?=[)\]])"), "year", 0.85),
    (re.compile(r"(?<=[$£€¥])()(?![\w\[])"), "amount", 0.95),
    (re.compile(r"(?<=[ (])()(?=%)"), "amount", 0.95),
    (re.compile(r"(?<=[ (-])()(?=s\b(?!['’-]))"), "decade", 0.9),
    (re.compile(r"(?<=[ (-])()(?=(?:st|nd|rd|th)\b(?!\.))"), "ordinal", 0.9),
    (re.compile(r"(?<=[ (])()(?=-(?:years?|months?|weeks?|days?)-olds?\b)"), "age", 0.97),
    (re.compile(r"(?<=\w )()(?=-[a-z])"), "count", 0.9),
    (re.compile(r"(?<=\baged )()(?=[,.;:!?]| )"), "age", 0.9),
    (re.compile(r"(?<=[\w,] )()(?=[,.;:!?)](?:[\s\"”’)\]]|\Z)|' )"), None, 0.95),
    (re.compile(r"(?<=[\w,\]] )()(?= [a-z(])"), None, 0.9),
)


def propose(text: str, damage: Damage) -> Iterator[Edit]:
    """Yield a mark such as "[year missing]" for each trace, when the text has no digit left."""
    if not (damage.digits and damage.english):
        return
    seen: set[int] = set()
    for pattern, kind, confidence in TRACES:
        for match in pattern.finditer(text):
            place = match.start(1)
            if place not in seen:
                seen.add(place)
                named = kind or _kind(text, place)
                yield Edit(place, place, "", mark(named), f"numbers.{named}", confidence)


def mark(kind: GapKind) -> str:
    """Return what stands in the transcript for a lost number."""
    return f"[{'number' if kind == 'count' else kind} missing]"


def _kind(text: str, place: int) -> GapKind:
    """Tell a year from a count, an amount or an age by the words on both sides."""
    before = _word(WORD_BEFORE, text[max(0, place - 40) : place])
    after = _word(WORD_AFTER, text[place : place + 40])
    ends_phrase = bool(re.match(r"[,.;:!?)']", text[place : place + 1]))
    if after in MONEY and not ends_phrase:
        return "amount"
    if _is_range(text, place, before):
        return "year"
    if before in BEFORE_A_YEAR and (ends_phrase or after in AFTER_A_YEAR):
        return "year"
    return "number" if ends_phrase else "count"


def _is_range(text: str, place: int, before: str) -> bool:
    """Tell whether this is one end of "between  and ," or "from  to ,"."""
    left, right = text[max(0, place - 60) : place], text[place : place + 30]
    first = before in {"between", "from"} and re.match(r" (?:and|to|until) (?=[ ,.;:)])", right)
    second = re.search(r"\b(?:between  and|from  (?:to|until)) \Z", left)
    return bool(first or second)


def _word(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text) if pattern is WORD_BEFORE else pattern.match(text)
    return found.group(1).lower() if found else ""
