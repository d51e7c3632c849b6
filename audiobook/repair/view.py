"""The source as the scraper would have left it: words, and the gaps between them.

The models were trained on fully damaged text. A source may be damaged in part, or repaired already, so every model
looks at the *view*: the source with its apostrophes, digits, accents, quotation marks and dashes taken away too. A
text and its repair have the same view, so they get the same decisions, and a second repair finds nothing to do.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from dataclasses import dataclass, field

WORD = re.compile("[A-Za-z]+")

PLACEHOLDER = re.compile(r"\[(?:year|decade|ordinal|age|number|amount) missing\]")
"""What a lost number is replaced by."""

_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}"
_DASHES = "\N{EM DASH}\N{EN DASH}\N{HORIZONTAL BAR}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}"
_SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{HAIR SPACE}"

_PARAGRAPH = "   "
"""A paragraph break, seen as the scraper leaves it: a run of three spaces."""

_CHANGED = re.compile(
    # A paragraph break, in whatever line ends; from its start only, or long ones would take their square in time.
    r"(?<!\s)[^\S\r\n]*(?:\r\n|\r(?!\n)|\n)[^\S\r\n]*[\r\n]\s*"
    r"|\r\n"
    r"|\[(?:year|decade|ordinal|age|number|amount) missing\]"
    r"|(?<=[A-Za-z])'(?=[A-Za-z])"  # a straight apostrophe inside a word
    r"|(?<![^\s(\[])'(?=\w)"  # a straight opening single quotation mark
    r"|[0-9;\"\t\n\r\f\v]|[^\x00-\x7f]"
)

_UNDAMAGED = re.compile(r"[0-9;\"\t\n\r\f\v\[]|[^\x00-\x7f]|'(?=\w)")
"""What a fully damaged text does not hold; without it, the source is its own view."""


def _places() -> array[int]:
    return array("q")


@dataclass(slots=True)
class View:
    """A source and its damaged view. There is one gap more than there are words: gap i stands before word i."""

    source: str
    text: str
    """The damaged view."""
    words: list[str] = field(default_factory=list)
    """Words of the view: runs of ASCII letters."""
    gaps: list[str] = field(default_factory=list)
    """What stands between them in the view."""
    starts: array[int] = field(default_factory=_places)
    """Where each word starts in the source, in code points."""
    ends: array[int] = field(default_factory=_places)
    """One past where each word ends in the source."""
    counted: Counter[str] = field(default_factory=Counter)
    """See `count`."""

    def count(self, word: str) -> int:
        """How often a word stands in the view."""
        if not self.counted:
            self.counted.update(self.words)
        return self.counted[word]

    def word_in_source(self, i: int) -> str:
        """Word i as the source has it."""
        return self.source[self.starts[i] : self.ends[i]]

    def gap_span(self, i: int) -> tuple[int, int]:
        """Start and end of gap i in the source."""
        start = self.ends[i - 1] if i else 0
        end = self.starts[i] if i < len(self.starts) else len(self.source)
        return start, end


def _replacement(found: str) -> str:
    if found.count("\n") + found.count("\r") - found.count("\r\n") > 1:
        return _PARAGRAPH
    if found == ";":
        return "'"
    if found in _DASHES or found in _SPACES or found in "\t\r\n\f\v":
        return " "
    return ""


def read(source: str) -> View:
    """The view of a source, with every word's place in the source."""
    if _UNDAMAGED.search(source) is None:
        view = View(source, source)
        _split(view)
        return view
    pieces: list[str] = []
    moves: list[tuple[int, int]] = [(0, 0)]  # from this place in the view on, add so much to be in the source
    at = length = 0
    for m in _CHANGED.finditer(source):
        new = _replacement(m.group())
        pieces += (source[at : m.start()], new)
        length += m.start() - at + len(new)
        at = m.end()
        moves.append((length, at - length))
    pieces.append(source[at:])
    view = View(source, "".join(pieces))
    _split(view)
    _to_source(view, moves)
    return view


def _split(view: View) -> None:
    text = view.text
    end = 0
    words, gaps, starts, ends = view.words, view.gaps, view.starts, view.ends
    seen: dict[str, str] = {}  # one string for all places of a word: a long text is mostly words that it had before
    for m in WORD.finditer(text):
        start = m.start()
        gap = text[end:start]
        gaps.append(seen.setdefault(gap, gap))
        end = m.end()
        word = text[start:end]
        words.append(seen.setdefault(word, word))
        starts.append(start)
        ends.append(end)
    gaps.append(text[end:])


def _to_source(view: View, moves: list[tuple[int, int]]) -> None:
    """Turn the words' places in the view into places in the source."""
    source = view.source
    k = 0
    last = len(moves) - 1
    for i, (start, end) in enumerate(zip(view.starts, view.ends, strict=True)):
        while k < last and moves[k + 1][0] <= start:
            k += 1
        first = start + moves[k][1]
        while k < last and moves[k + 1][0] <= end - 1:
            k += 1
        past = end - 1 + moves[k][1] + 1
        floor = view.ends[i - 1] if i else 0
        while first > floor and _accented(source[first - 1]):
            first -= 1
        while past < len(source) and _accented(source[past]):
            past += 1
        view.starts[i], view.ends[i] = first, past


def _accented(c: str) -> bool:
    return not c.isascii() and c.isalpha() and c not in _APOSTROPHES
