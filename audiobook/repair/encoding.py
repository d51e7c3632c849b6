"""Signs that stand in another's place: "&rsquo;" from a page, "â€™" from a wrong encoding, U+FFFD for what is lost.

Unlike what the scraper deletes, these leave a mark where they were, so no odds are needed. They are read before all
else: a text that has its signs again shows the other families what it has not lost.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import zip_longest

from audiobook.model import Edit
from audiobook.repair import accents, tables

LOST = "\N{REPLACEMENT CHARACTER}"
"""What a decoder writes for bytes that it can't read. In a text that has it, no sign was lost without it."""

_ENTITY = r"&(?:amp;|#38;)*(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
_RUN = re.compile(rf"(?:{_ENTITY}|[^\x00-\x7f{LOST}])+")
_SURE, _PAIRED, _LIKELY = 0.99, 0.8, 0.9
"""Estimated: no body of such texts with their truth was at hand."""


def find(text: str, language: str) -> list[Edit]:
    """Edits that put signs in the place of their stand-ins; those of English words only in English (BCP 47).

    What would make markup of words ("&lt;b&gt;") stays as it is: a text that shows a tag means the tag.
    """
    made = [edit for run in _RUN.finditer(text) if (edit := _decoded(run))]
    made += [Edit(*space.span(), space.group(), "", "encoding.space", _SURE) for space in _SPACE.finditer(text)]
    if language.lower().partition("-")[0] == "en":
        made += _Lost(text).edits() if LOST in text else []
        made += _apostrophes(text)
    return made


# ---- entities and mojibake ----------------------------------------------------------------------------------------


def _decoded(run: re.Match[str]) -> Edit | None:
    """A run of entities and signs beyond ASCII, read as it was meant."""
    meant = re.sub(_ENTITY, _entity, run.group())
    rule = "encoding.entity" if meant != run.group() else "encoding.mojibake"
    for _ in range(2):  # some texts went through it twice
        meant = _MOJIBAKE.sub(_character, meant)
    if meant == run.group():
        return None
    text = run.string
    if _STANDS_IN.search(text[max(run.start() - 1, 0) : run.start()] + meant + text[run.end() : run.end() + 3]):
        meant = "’"  # "I&acute;m"
    return Edit(run.start(), run.end(), run.group(), meant, rule, _SURE)


def _entity(found: re.Match[str]) -> str:
    meant = found.group()
    while (once := html.unescape(meant)) != meant:
        meant = once
    is_text = meant.isprintable() or meant == "\N{NO-BREAK SPACE}"
    return meant if is_text and len(meant) == 1 and meant not in (LOST, "<", ">") else found.group()


_HIGH = "\x80-\xbf" + "".join(bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0))
"""What the later bytes of a character in UTF-8 look like in Windows-1252, or in Latin-1."""
_MOJIBAKE = re.compile(
    f"[\xc2-\xdf][{_HIGH}]|[\xe0-\xef][{_HIGH}]{{2}}|[\xf0-\xf4][{_HIGH}]{{3}}|\xe2\u20ac(?=[\\s.,;:!?)]|$)"
)
_SPACE = re.compile("(?<=[a-z.,;:!?)])\xc2 ?(?= )")
"""What is left of a no-break space when that, too, has become a plain one."""
_MEANT = re.compile("[\xa0-\u024f\u2010-\u203a\u20ac\u2122\ufb00-\ufb06\U0001f300-\U0001faff]")
"""What a review may hold; "É" and a no-break space before "»" are none of it."""


def _character(found: re.Match[str]) -> str:
    if len(found.group()) == 2 and found.group()[0] == "\xe2":
        return "\N{RIGHT DOUBLE QUOTATION MARK}"  # its last byte is nothing in Windows-1252, and was dropped
    try:
        meant = b"".join(_byte(sign) for sign in found.group()).decode("utf-8")
    except UnicodeDecodeError:
        return found.group()
    return meant if _MEANT.fullmatch(meant) else found.group()


def _byte(sign: str) -> bytes:
    return sign.encode("latin-1") if ord(sign) < 0x100 else sign.encode("cp1252")


# ---- stand-ins for an apostrophe ----------------------------------------------------------------------------------

_ENDINGS = "(?:s|t|re|ve|ll|d|m|S|T|RE|VE|LL|D|M)"
_STANDS_IN = re.compile(rf"(?<=[A-Za-z])[?`\xb4](?={_ENDINGS}(?![\w=/?`]))")
_CODE = re.compile("(?<![A-Za-z`])`[A-Za-z]|``")
"""Backquotes that open something, as Markdown has them."""


def _apostrophes(text: str) -> Iterator[Edit]:
    """Between letters, before an ending that an apostrophe makes: "don?t", "it`s", "I´m"."""
    code = _CODE.search(text)
    for found in _STANDS_IN.finditer(text):
        if found.group() != "`" or not code:
            yield Edit(found.start(), found.end(), found.group(), "’", "encoding.apostrophe", _SURE)


# ---- the replacement character ------------------------------------------------------------------------------------

_WORD = re.compile(f"[A-Za-z{LOST}]*{LOST}[A-Za-z{LOST}]*")
_OWNED = re.compile(f"(.*[A-Za-z])({LOST}+){_ENDINGS}")
_PARTICLE = re.compile(f"([dlDLO])({LOST}+)[A-Z].*|(o)({LOST}+)clock")
_JOINED = re.compile(f"([A-Za-z]{{2,}})({LOST}+)([A-Za-z]{{2,}})")
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
            self._word(word.start(), word.group())
        for dash in _BETWEEN.finditer(self._text):
            sign = "—" if self._text[dash.start() - 1] == " " else "–"
            self._put(dash.start(), dash.end(), sign, "encoding.dash", _LIKELY)
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
        elif owned := _OWNED.fullmatch(word):
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
        for opening, following in zip_longest(opens, opens[1:]):
            inner = self._text[opening.end() : opening.end() + _LONGEST].partition("\n\n")[0]
            last = opening.end() + len(inner)
            last = min(last, following.start()) if following else last
            if within := [found for found in closes if opening.end() < found.start() <= last]:
                self._put(opening.start(), opening.end(), "“", "encoding.quote", _PAIRED)
                self._put(within[-1].start(), within[-1].end(), "”", "encoding.quote", _PAIRED)
        for closing in closes:
            if closing.start() not in self._read and self._text[closing.start() - 1] in "sS":
                self._put(closing.start(), closing.end(), "’", "encoding.apostrophe", _PAIRED)
