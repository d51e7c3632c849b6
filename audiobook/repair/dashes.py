"""Dashes, of which the scraper left a space, as in "all she had the boat a gift from her aunt was gone".

Where a dash left more than that, or a printer's habit shows, the trace decides; elsewhere the odds do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from audiobook.repair.decisions import Thresholds
from audiobook.repair.scores import Scores
from audiobook.repair.view import View

SPACED = "   "
"""What a dash with spaces around it leaves, inside a sentence. A lost range of numbers leaves the same, and is found
before it; of 128 such gaps in the training texts that held no number and ended no paragraph, 126 were dashes."""
_SURE = 0.95

_HABITS = (re.compile(r":  +\Z"), re.compile(r"  +\Z"))
"""Paragraphs that end in a colon or in nothing. Older printers set a dash behind each such colon, before verse and
letters; tellers of tales break speech off at a paragraph's end."""
_HABITUAL = 0.85
"""Confidence of a dash by habit: behind a colon, 0.8 of 125 in the training texts."""


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
    wide = (i for i in range(1, len(view.words)) if view.gaps[i] == SPACED)
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
