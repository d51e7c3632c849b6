"""Paragraphs that were flattened into runs of spaces."""

from __future__ import annotations

import re

from audiobook.repair.decisions import Thresholds
from audiobook.repair.scores import Scores
from audiobook.repair.view import View

_RUN = re.compile('  +(?=[("“‘]?$)')


def decide(view: View, scores: Scores, limits: Thresholds) -> tuple[dict[int, float], dict[int, float]]:
    """Gaps that end a paragraph with their confidence, and gaps near the line."""
    sure: dict[int, float] = {}
    near: dict[int, float] = {}
    last = len(view.words)
    for i, p in enumerate(scores.paragraph):
        if p < limits.paragraph * limits.suspect or not 0 < i < last:
            continue
        (sure if p >= limits.paragraph else near)[i] = p
    return sure, near


def run(gap: str) -> tuple[int, int] | None:
    """Start and end of the run of spaces that was the break: it stands right before the next word."""
    m = _RUN.search(gap)
    return m.span() if m else None
