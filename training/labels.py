"""Truth for the repair models: damage a clean text and say what each word and each gap lost.

A document is a row of words with gaps between them; gap i stands between word i-1 and word i (gap 0 before the
first word, gap n after the last). A label says what the damage *took away*, so text that was never damaged in a
class carries no label of that class.

    doc = damage(clean, seed=7)            # fully damaged, as the real review was
    doc = damage(clean, 7, off=("digits",))  # digits survive: no number labels
    doc = from_gold(json.load(open("dev-gold/x.json")))
    doc.words[i].text, doc.words[i].gold, doc.apos[i], doc.accent[i], doc.open[i], doc.number[i], ...
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corrupt import corrupt

NONE, S, SP, FORM, LEAD = range(5)
"""Apostrophe lost from a word: none; before the final s; after it; elsewhere inside; in front."""
APOS_NAMES = ("none", "s", "s_plural", "form", "lead")

NO_NUMBER, YEAR, DECADE, ORDINAL, AGE, COUNT, AMOUNT = range(7)
"""Kind of the number lost from a gap."""
NUMBER_NAMES = ("none", "year", "decade", "ordinal", "age", "count", "amount")

# A word is a run of letters of any script, with apostrophes (curly or straight) between letters. In fully damaged
# text this is the same as [A-Za-z]+, except where a semicolon without a space became a straight apostrophe.
WORD = re.compile(r"[^\W\d_]+(?:[’'ʼ][^\W\d_]+)*")
APOSTROPHES = "’'ʼ"
OPENING = "“«„"
CLOSING = "”»"
DASHES = "—–―"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the damaged text."""

    start: int
    """First code point in the damaged text."""
    end: int
    """One past the last code point."""
    text: str
    """The word as it stands, damaged."""
    gold: str
    """The word as it was written, with its apostrophes and accents."""


@dataclass(slots=True)
class Labelled:
    """A damaged document and what it lost. Word lists have n entries, gap lists n + 1."""

    damaged: str
    clean: str
    words: list[Word] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    """Damaged gap strings."""
    gold_gaps: list[str] = field(default_factory=list)
    """The same gaps as they were written."""
    apos: list[int] = field(default_factory=list)
    accent: list[int] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    close: list[int] = field(default_factory=list)
    dash: list[int] = field(default_factory=list)
    paragraph: list[int] = field(default_factory=list)
    number: list[int] = field(default_factory=list)
    inside: list[int] = field(default_factory=list)
    """Per word: it stands inside double quotation marks (an auxiliary label, for the neural model)."""


def damage(clean: str, seed: int = 0, off: Sequence[str] = (), dash: str = "space") -> Labelled:
    """Damage a clean text with corrupt.py (its switches `off` and `dash`) and label the result."""
    return from_gold(corrupt(clean, seed, off, dash))


def from_gold(gold: Mapping[str, Any]) -> Labelled:
    """Labels for a gold record: `damaged`, `clean` and `blocks` of [damaged start, clean start, length]."""
    doc = Labelled(gold["damaged"], gold["clean"])
    to_clean: dict[int, int] = {}
    for d, c, length in gold["blocks"]:
        to_clean.update(zip(range(d, d + length), range(c, c + length), strict=True))
    ends = [0, 0]  # where the last word ended, damaged and clean
    for m in WORD.finditer(doc.damaged):
        first, last = to_clean.get(m.start()), to_clean.get(m.end() - 1)
        if first is None or last is None:
            continue
        start, end = _gold_span(doc.clean, first, last + 1)
        doc.words.append(Word(m.start(), m.end(), m.group(), doc.clean[start:end]))
        doc.gaps.append(doc.damaged[ends[0] : m.start()])
        doc.gold_gaps.append(doc.clean[ends[1] : start])
        ends = [m.end(), max(end, ends[1])]
    doc.gaps.append(doc.damaged[ends[0] :])
    doc.gold_gaps.append(doc.clean[ends[1] :])
    _label_words(doc)
    _label_gaps(doc)
    _label_inside(doc)
    return doc


def _gold_span(clean: str, start: int, end: int) -> tuple[int, int]:
    """Grow a span of the clean text over what the damage took from the word's edges (the judge does the same)."""
    while start > 0 and clean[start - 1].isalpha() and not clean[start - 1].isascii():
        start -= 1
    while end < len(clean) and clean[end].isalpha() and not clean[end].isascii():
        end += 1
    after = clean[end : end + 2]
    if after[:1] == "’" and clean[end - 1] in "sSxz" and not after[1:].isalnum():
        opened = clean.rfind("‘", max(0, end - 400), end)
        if opened < 0 or "’ " in clean[opened:end] or "’," in clean[opened:end]:
            end += 1  # a plural possessive, not a closing single quotation mark
    if start > 0 and clean[start - 1] == "’" and (start < 2 or not clean[start - 2].isalnum()):
        start -= 1
    return start, end


def apos_label(text: str, gold: str) -> int:
    """Which apostrophe the word lost."""
    gold = gold.replace("ʼ", "’").replace("'", "’")
    kept = sum(text.count(a) for a in APOSTROPHES)
    if gold.count("’") <= kept:
        return NONE
    low = gold.lower()
    if low.startswith("’") and low != "’s":
        return LEAD
    if low.endswith("’s"):
        return S
    return SP if re.search("[sxz]’$", low) else FORM


def _label_words(doc: Labelled) -> None:
    for i, word in enumerate(doc.words):
        if doc.gaps[i + 1].startswith("’") and word.gold.endswith("’"):
            doc.apos.append(NONE)  # the apostrophe survives, in the gap
        elif doc.gaps[i].endswith("’") and word.gold.startswith("’"):
            doc.apos.append(NONE)
        else:
            doc.apos.append(apos_label(word.text, word.gold))
        doc.accent.append(int(_foreign(word.gold) > _foreign(word.text)))


def _foreign(word: str) -> int:
    return sum(c.isalpha() and not c.isascii() for c in word)


def _count(text: str, signs: str) -> int:
    return sum(text.count(c) for c in signs)


def _label_gaps(doc: Labelled) -> None:
    n = len(doc.words)
    for i, (now, was) in enumerate(zip(doc.gaps, doc.gold_gaps, strict=True)):
        doc.open.append(int(_count(was, OPENING) > _count(now, OPENING)))
        doc.close.append(int(_count(was, CLOSING) > _count(now, CLOSING)))
        doc.dash.append(int(_count(was, DASHES) > _count(now, DASHES)))
        inner = 0 < i < n
        doc.paragraph.append(int(inner and "\n" in was.strip(" ") and "\n" not in now))
        lost = re.search(r"\d", was) is not None and re.search(r"\d", now) is None
        left = " ".join(w.gold for w in doc.words[max(0, i - 3) : i])
        right = " ".join(w.gold for w in doc.words[i : i + 3])
        doc.number.append(number_kind(left, was, right) if lost else NO_NUMBER)


def _label_inside(doc: Labelled) -> None:
    depth = 0
    for i in range(len(doc.words)):
        was = doc.gold_gaps[i]
        for c in was:
            if c in "“«„":
                depth = 1
            elif c in "”»" or c == "\n":
                depth = 0
        doc.inside.append(depth)


_MEASURES = frozenset(
    "percent per pct mm cm km kg m ft feet foot inch inches mile miles yard yards acre acres metre metres meter meters "
    "kilometre kilometres kilometer kilometers pounds pound dollars dollar cents cent francs shillings pence guineas "
    "euros yen roubles rubles lire marks degrees tons tonnes ounces grams gallons mph hp fps bits bytes gb mb kb "
    "mg lb lbs oz hectares knots".split()
)
_MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul "
    "aug sept sep oct nov dec".split()
)
_CURRENCY = re.compile(r"[$£€¥¢%°]")
_YEAR = re.compile(r"(?<![\d,.$£€])(?:1[0-9]|20)\d\d(?![\d%]|,\d{3})|[’'‘]\d\d(?!\d)")


def number_kind(left: str, gap: str, right: str) -> int:
    """Kind of the number in a gap of the clean text, from up to three words on either side."""
    after = right.lower().split()
    before = left.lower().split()
    attached = gap[-1:].isdigit()
    if attached and after[:1] in (["s"], ["’s"]):
        return DECADE
    if re.search(r"\d’$", gap) and after[:1] == ["s"]:
        return DECADE
    if attached and after[:1] and after[0] in ("st", "nd", "rd", "th", "d"):
        return ORDINAL
    if _is_age(before, gap, after):
        return AGE
    money = _CURRENCY.search(gap) is not None or "dollars" in after or "pounds" in after
    if money or (after[:1] and after[0] in _MEASURES and not gap.rstrip().endswith((",", ".", ")"))):
        return AMOUNT
    return YEAR if _YEAR.search(gap) else COUNT


def _is_age(before: list[str], gap: str, after: list[str]) -> bool:
    old = after[:2] in (["year", "old"], ["years", "old"]) or after == ["years", "of", "age"]
    said = before[-1:] in (["aged"], ["age"]) or before[-2:] == ["age", "of"]
    beside = re.fullmatch(r", \d\d, ?", gap) is not None and before[-1:] != [] and before[-1] not in _MONTHS
    return old or (said and re.search(r"^\W*\d{1,3}\b", gap) is not None) or beside
