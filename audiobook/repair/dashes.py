"""Dashes, of which the scraper left a space, as in "all she had the boat a gift from her aunt was gone".

Where a dash left more than that, or a printer's habit shows, the trace decides; elsewhere the odds do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from audiobook.repair import quotes
from audiobook.repair.decisions import Thresholds
from audiobook.repair.pen import Pen
from audiobook.repair.scores import Scores
from audiobook.repair.view import View

_SPACED = "   "
"""What a dash with spaces around it leaves, inside a sentence. A lost range of numbers leaves the same, and is found
before it; of 119 such gaps in the training texts that held no number and ended no paragraph, 117 were dashes."""
_SURE = 0.95
_DASH, _EN_DASH = "—", "–"

_HABITS = (re.compile(r":  +\Z"), re.compile(r"  +\Z"))
"""Paragraphs that end in a colon or in nothing. Older printers set a dash behind each such colon, before verse and
letters; tellers of tales break speech off at a paragraph's end."""
_HABITUAL = 0.85
"""Confidence of a dash by habit: in the training texts with two such colons or more, 112 of 131 had one."""


def decide(view: View, scores: Scores, limits: Thresholds) -> tuple[dict[int, float], dict[int, float]]:
    """Gaps that held a dash with their confidence, and gaps near the line."""
    sure: dict[int, float] = {}
    near: dict[int, float] = {}
    traced = _by_habit(view, scores, limits) | _by_spaces(view, scores, limits)
    for i, p in enumerate(scores.dash):
        p = max(p, traced.get(i, 0.0))
        if p >= limits.dash * limits.suspect and view.gaps[i].endswith(" ") and 0 < i < len(view.words):
            (sure if p >= limits.dash else near)[i] = p
    return sure, near


def _by_spaces(view: View, scores: Scores, limits: Thresholds) -> dict[int, float]:
    """Gaps that are as wide as a dash with its spaces, and were neither a number nor a paragraph."""
    wide = (i for i in range(1, len(view.words)) if view.gaps[i] == _SPACED)
    return {i: _SURE for i in wide if scores.paragraph[i] < limits.paragraph and scores.number[i] < limits.number}


def _by_habit(view: View, scores: Scores, limits: Thresholds) -> dict[int, float]:
    """Ends of paragraphs of a kind that, all in all, seems to hold a dash in this text: one printer, one habit."""
    inner = [i for i in range(1, len(view.words)) if scores.paragraph[i] >= limits.paragraph]
    found: dict[int, float] = {}
    for kind in _HABITS:
        places = [i for i in inner if kind.match(view.gaps[i])]
        if len(places) > 1 and _mean(scores.dash, places) >= limits.habit:
            found |= dict.fromkeys(places, _HABITUAL)
    return found


def _mean(odds: Sequence[float], places: Sequence[int]) -> float:
    return sum(odds[i] for i in places) / len(places)


def fills(text: str) -> bool:
    """Whether a gap's text is nothing but the spaces that a dash left."""
    return text != "" and not text.strip(" ")


def write(pen: Pen, start: int, text: str, confidence: float, marks: quotes.Marks) -> None:
    """A dash for the spaces that are left of it, or between them. Of "But—” he said" two spaces are left."""
    if text == _SPACED:
        quotes.write(pen, start, text, marks)
        pen.edit(start + 1, start + 2, _EN_DASH, "dashes.spaced", confidence)
        return
    cut = len(text) - (marks.closes is not None and len(text) > 1)
    pen.edit(start, start + cut, _DASH, "dashes.space", confidence)
    quotes.write(pen, start + cut, text[cut:], marks)


def write_at_break(pen: Pen, place: int, confidence: float) -> None:
    """Insert a dash before a paragraph's end: "But—"."""
    pen.edit(place, place, _DASH, "dashes.space", confidence)


def suspect(pen: Pen, near: Mapping[int, float]) -> None:
    """List dashes near the line."""
    for i, p in near.items():
        start, text = pen.gap(i)
        if text == " ":
            pen.suspect(start, start + 1, _DASH, "dashes.space", p)
