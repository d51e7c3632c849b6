"""Which signs a text has lost. No family of repair works on a text that still has its signs.

A scraper takes every sign of a kind, or none. A text with apostrophes inside its words has not lost them, and what
looks like a lost one ("its") is the author's own. So every family has a gate, and a gate opens only where the signs
are wholly or nearly absent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from audiobook.repair import forms, numbers
from audiobook.repair.view import PLACEHOLDER, View

FEW = 2.0
"""Signs per 1,000 words from which on a kind counts as present (two inside 1,000 words may be strays)."""

ENDINGS = frozenset("s st nd rd th".split())
"""What a number leaves behind that was an ordinal or a decade."""
AFTER_SHORT = "., "
"""What follows "etc" in a list: no trace of a number, if it is the only one."""

_INNER = re.compile("[A-Za-z]['\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}][A-Za-z]")
_QUOTES = re.compile('["\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}«»„]')
_SINGLE = re.compile("[\N{LEFT SINGLE QUOTATION MARK}]|(?<![^\\s(])'(?=[A-Za-z])")
_CURLY = re.compile(
    "[\N{EM DASH}\N{EN DASH}\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
    "\N{LEFT SINGLE QUOTATION MARK}]"
)
"""Signs beyond ASCII: what took the accents would have taken these too."""
_CURLY_APOSTROPHE = re.compile("[A-Za-z]\N{RIGHT SINGLE QUOTATION MARK}[A-Za-z]")
_DASHES = re.compile("[\N{EM DASH}\N{EN DASH}\N{HORIZONTAL BAR}]|[a-z]( ?)--\\1[a-z]|[a-z] - [a-z]")
_ACCENTS = re.compile(r"[^\W\d_a-zA-Z]")
_BREAK = re.compile(r"(?:\r\n|\r(?!\n)|\n)[ \t]*[\r\n]")
_RUN = re.compile(r"[.?!][\"')\]]*( +)(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Gates:
    """Which families may work on a text, and how sure it is that the text is damaged at all."""

    apostrophes: bool
    semicolons: bool
    numbers: bool
    accents: bool
    quotes: bool
    dashes: bool
    paragraphs: bool
    spacing: bool
    flat: bool
    """No line break is left, and runs of spaces after a sentence aren't a typist's habit."""
    caution: bool
    """Signs are intact, or a typist was at work, and no sure damage is seen: only the nearly certain is repaired."""

    @property
    def scored(self) -> bool:
        """Whether any family may work that asks a scorer. A text that has lost nothing need not be read by a model."""
        return self.apostrophes or self.numbers or self.accents or self.quotes or self.dashes or self.paragraphs


def _absent(count: int, words: int) -> bool:
    """Tell whether a sign is wholly absent, or nearly, for a text of so many words."""
    return count == 0 or (1000 * count / max(words, 1) < FEW and words >= 500)


def gates(view: View, language: str) -> Gates:
    """Which families may work on this text. Those that know English words keep away from other languages."""
    english = language.lower().partition("-")[0] == "en"
    source = PLACEHOLDER.sub("", view.source)
    n = len(view.words)
    inner = len(_INNER.findall(source))
    quotes = len(_QUOTES.findall(source))
    single = len(_SINGLE.findall(source))
    dashes = len(_DASHES.findall(source))
    accents = len(_ACCENTS.findall(source))
    digits = len(re.findall(r"\d+", source))
    breaks = len(_BREAK.findall(source))
    semicolons = source.count(";")
    bare = sum(w.lower() in forms.SURE for w in (view.word_in_source(i) for i in range(n)))
    holes = sum(gap.startswith((" ,", " .")) or "  " in gap for gap in view.gaps[1:-1])
    intact = (quotes > 0) + (dashes > 0) + (accents > 0) + (inner > 0) + (digits > 0)
    typed = _typist(source)
    flat = breaks == 0 and not re.search(r"[\r\n]", source.strip()) and not typed
    apostrophes = _absent(inner, n) and (inner == 0 or bare > 2 * inner)
    # A single hole may be a slip of the typist's.
    damage = bare + (holes if digits == 0 and holes > 1 else 0)
    curly = accents > 0 or _CURLY.search(source) is not None or _CURLY_APOSTROPHE.search(source) is not None
    # What leaves curly signs takes no dash, unless one by one; that, and a lost number, would leave a trace.
    whole = curly and bare == 0 and not _traces(view)
    return Gates(
        apostrophes=english and apostrophes,
        semicolons=(inner == 0 and single == 0 and not semicolons) or (inner * 1000 < n and bare > 2),
        numbers=english and _absent(digits, n) and PLACEHOLDER.search(view.source) is None and not whole,
        accents=english and _absent(accents, n) and _CURLY.search(source) is None and (inner == 0 or bare > 0),
        quotes=english and _absent(quotes, n),
        dashes=english and _absent(dashes, n) and not accents and not whole,
        paragraphs=flat,
        spacing=english,
        flat=flat,
        caution=(intact > 0 and damage == 0) or (typed and bare == 0),
    )


def _traces(view: View) -> bool:
    """Tell whether anything stands in the source that a lost number leaves, or a dash that had spaces."""
    between = (view.source[slice(*view.gap_span(i))] for i in range(1, len(view.words)))
    within_lines = (gap for gap in between if "\n" not in gap and "\r" not in gap and gap != AFTER_SHORT)
    return any(map(numbers.places, within_lines)) or not ENDINGS.isdisjoint(view.words)


def _typist(source: str) -> bool:
    """Two spaces after nearly every sentence are a typist's habit, not lost paragraphs."""
    runs = [len(m) for m in _RUN.findall(source)]
    return len(runs) >= 8 and sum(r > 1 for r in runs) > 0.8 * len(runs)
