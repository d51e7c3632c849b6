"""Dashes, of which the scraper left a space, as in "all she had the boat a gift from her aunt was gone"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from audiobook.repair.decisions import Thresholds
from audiobook.repair.scores import Scores
from audiobook.repair.view import View

_COLON = re.compile(r":  +\Z")
"""A colon at the end of a paragraph. Many an older printer set a dash behind each, before verse and letters."""
_HABITUAL = 0.85
"""Confidence of a dash by habit: 0.8 of 125 in the training texts, all of 28 in the development texts."""


def decide(view: View, scores: Scores, limits: Thresholds) -> tuple[dict[int, float], dict[int, float]]:
    """Gaps that held a dash with their confidence, and gaps near the line."""
    sure: dict[int, float] = {}
    near: dict[int, float] = {}
    habitual = _by_habit(view, scores.dash, limits.habit)
    for i, p in enumerate(scores.dash):
        if i in habitual:
            p = max(p, _HABITUAL)
        if p >= limits.dash * limits.suspect and view.gaps[i].endswith(" ") and 0 < i < len(view.words):
            (sure if p >= limits.dash else near)[i] = p
    return sure, near


def _by_habit(view: View, odds: Sequence[float], least: float) -> frozenset[int]:
    """Colons at the ends of paragraphs, in a text that seems to set a dash behind them: one printer, one habit."""
    places = [i for i in range(1, len(view.words)) if _COLON.search(view.gaps[i])]
    habit = len(places) > 1 and sum(odds[i] for i in places) >= least * len(places)
    return frozenset(places if habit else ())
