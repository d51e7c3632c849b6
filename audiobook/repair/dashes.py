"""Dashes, of which the scraper left a space, as in "all she had the boat a gift from her aunt was gone"."""

from __future__ import annotations

from audiobook.repair.decisions import Thresholds
from audiobook.repair.scores import Scores
from audiobook.repair.view import View


def decide(view: View, scores: Scores, limits: Thresholds) -> tuple[dict[int, float], dict[int, float]]:
    """Gaps that held a dash with their confidence, and gaps near the line."""
    sure: dict[int, float] = {}
    near: dict[int, float] = {}
    for i, p in enumerate(scores.dash):
        if p >= limits.dash * limits.suspect and view.gaps[i].endswith(" ") and 0 < i < len(view.words):
            (sure if p >= limits.dash else near)[i] = p
    return sure, near
