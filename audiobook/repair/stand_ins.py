"""Signs that stand where another was lost: U+FFFD, and "?" or a backquote for an apostrophe. Rules of `encoding`.

Only where the neighbours leave one reading is it put back: "wh?t" may be anything, and stays.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import zip_longest

from audiobook.model import Edit
from audiobook.repair import accents, forms, tables

LOST = "\N{REPLACEMENT CHARACTER}"
"""What a decoder writes for bytes that it can't read. In a text that has it, no sign was lost without it."""

_SURE, _PAIRED, _LIKELY = 0.99, 0.8, 0.9
"""Estimated: no body of such texts with their truth was at hand."""

_ENDINGS = "(s|t|re|ve|ll|d|m|S|T|RE|VE|LL|D|M)"
_SIGNS = "[?`\xb4]"
_STANDS_IN = re.compile(rf"(?<![A-Za-z])([A-Za-z]+)({_SIGNS}){_ENDINGS}(?![\w=/?`])")
_CODE = re.compile("(?<![A-Za-z`])`[A-Za-z]|``")
"""Backquotes that open something, as Markdown has them."""
_LONGEST_WORD = 40


def find(text: str) -> Iterator[Edit]:
    """Edits that put back what stood there."""
    if LOST in text:
        yield from _Lost(text).edits()
    code = _CODE.search(text)
    for found in _STANDS_IN.finditer(text):
        if _is_short(found[1], found[3]) and not (code and found[2] == "`"):
            yield Edit(*found.span(2), found[2], "’", "encoding.apostrophe", _SURE)


def is_apostrophe(text: str, start: int, end: int, meant: str) -> bool:
    """Whether a sign that is `meant` between two places of a text itself stands for an apostrophe."""
    around = text[max(start - _LONGEST_WORD, 0) : start] + meant + text[end : end + len("ll.")]
    found = _STANDS_IN.search(around) if re.fullmatch(_SIGNS, meant) else None
    return bool(found and _is_short(found[1], found[3]))


def _is_short(head: str, ending: str) -> bool:
    """Whether an apostrophe makes a word of two parts: a contraction that there is, or a word or name with ’s."""
    word = (head + ending).lower()
    if form := forms.SURE.get(word) or forms.AMBIGUOUS.get(word):
        return form.index("’") == len(head)
    return ending in "sS" and (head[0].isupper() or head in tables.load().lexicon.number)


_WORD = re.compile(f"[A-Za-z{LOST}]+")
_OWNED = re.compile(f"(.*[A-Za-z])({LOST}+){_ENDINGS}")
_PARTICLE = re.compile(f"([dlDLO])({LOST}+)[A-Z].*|(o)({LOST}+)clock")
_JOINED = re.compile(f"([A-Za-z]{{3,}})({LOST}+)([A-Za-z]{{3,}})")  # "th" and "re" count as words
_OPENS = re.compile(rf"(?<![^\s(\[]){LOST}+(?=[A-Za-z])")
_CLOSES = re.compile(rf"(?<=[\w.,!?]){LOST}+(?![^\s.,;:!?)\]])")
_BETWEEN = re.compile(rf"(?<=\w ){LOST}+(?= \w)|(?<=\d){LOST}+(?=\d)")
_LONGEST = 400
"""Code points between two quotation marks."""


class _Lost:
    """Finds what each replacement character of a text stood for, where its neighbours leave one reading."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tables = tables.load()
        self._made: list[Edit] = []
        self._read: set[int] = set()
        """Places that the edits cover."""

    def edits(self) -> list[Edit]:
        """In words first; then marks around them, and dashes between."""
        for word in _WORD.finditer(self._text):
            if LOST in word.group():
                self._word(word.start(), word.group())
        for dash in _BETWEEN.finditer(self._text):
            sign = "—" if self._text[dash.start() - 1] == " " else "–"
            self._put(*dash.span(), sign, "encoding.dash", _LIKELY)
        self._quotes()
        return self._made

    def _put(self, start: int, end: int, after: str, rule: str, confidence: float) -> None:
        self._made.append(Edit(start, end, self._text[start:end], after, rule, confidence))
        self._read.update(range(start, end))

    def _word(self, start: int, word: str) -> None:
        bare = word.lstrip(LOST)
        if form := self._accented(word):
            self._put(start, start + len(word), form, "encoding.accent", _SURE)
        elif form := self._accented(bare):
            self._put(start + len(word) - len(bare), start + len(word), form, "encoding.accent", _SURE)
        elif (owned := _OWNED.fullmatch(word)) and (self._accented(owned[1]) or _is_short(owned[1], owned[3])):
            self._put(start + owned.start(2), start + owned.end(2), "’", "encoding.apostrophe", _SURE)
            self._word(start, owned[1])
        elif particle := _PARTICLE.fullmatch(word):
            place = 2 if particle[2] else 4
            self._put(start + particle.start(place), start + particle.end(place), "’", "encoding.apostrophe", _SURE)
        elif (joined := _JOINED.fullmatch(word)) and self._is_known(joined[1]) and self._is_known(joined[3]):
            self._put(start + joined.start(2), start + joined.end(2), "—", "encoding.dash", _LIKELY)

    def _accented(self, word: str) -> str:
        """The form with its accents, when they stand just where letters are missing."""
        left = word.replace(LOST, "")
        table = self._tables.accents
        row, length = accents.row_of(table, left, left.lower()) if len(left) > 1 else (0, 0)
        if LOST not in word or not row:
            return ""
        form = table.forms[row]
        shape = re.sub("[^A-Za-z]+", f"{LOST}+", form) + left[length:].lower()
        if not re.fullmatch(shape, word.lower()):
            return ""
        return accents.cased(form, left[:length], name=table.traits[row] & 1 == 1) + left[length:]

    def _is_known(self, word: str) -> bool:
        return word.lower() in self._tables.lexicon.number

    def _quotes(self) -> None:
        """Pairs; what closes nothing is the apostrophe of a plural behind its s."""
        opens = [found for found in _OPENS.finditer(self._text) if found.start() not in self._read]
        closes = [found for found in _CLOSES.finditer(self._text) if found.start() not in self._read]
        places = [found.start() for found in closes]
        for opening, following in zip_longest(opens, opens[1:]):
            inner = self._text[opening.end() : opening.end() + _LONGEST].partition("\n\n")[0]
            last = opening.end() + len(inner)
            last = min(last, following.start()) if following else last
            at = bisect_right(places, last) - 1
            if at >= 0 and places[at] > opening.end():
                self._put(opening.start(), opening.end(), "“", "encoding.quote", _PAIRED)
                self._put(closes[at].start(), closes[at].end(), "”", "encoding.quote", _PAIRED)
        for closing in closes:
            if closing.start() not in self._read and self._text[closing.start() - 1] in "sS":
                self._put(*closing.span(), "’", "encoding.apostrophe", _PAIRED)
