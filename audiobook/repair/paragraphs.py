"""Paragraphs that were flattened into runs of spaces."""

from __future__ import annotations

import re
from collections.abc import Mapping

from audiobook.repair.decisions import Thresholds
from audiobook.repair.pen import Pen
from audiobook.repair.scores import Scores
from audiobook.repair.view import View

_RUN = re.compile('(?<! )  +(?=[("“‘]?$)')


def decide(view: View, scores: Scores, limits: Thresholds) -> tuple[dict[int, float], dict[int, float]]:
    """Gaps that end a paragraph with their confidence, and gaps near the line."""
    sure: dict[int, float] = {}
    near: dict[int, float] = {}
    last = len(view.words)
    for i, p in enumerate(scores.paragraph):
        if p < limits.paragraph * limits.suspect or not 0 < i < last:
            continue
        (sure if p >= limits.paragraph else near)[i] = p
    return sure | _before_accents(view), near


def _before_accents(view: View) -> dict[int, float]:
    """Gaps with a run of spaces between a sentence and an accented capital, which the scorers can't see."""
    return {
        i: 0.97
        for i in range(1, len(view.words))
        if "  " in view.gaps[i]
        and not (first := view.source[view.starts[i]]).isascii()
        and first.isupper()
        and any(sign in view.gaps[i] for sign in ".?!")
    }


def run(gap: str) -> tuple[int, int] | None:
    """Start and end of the run of spaces that was the break: it stands right before the next word."""
    m = _RUN.search(gap)
    return m.span() if m else None


def write(pen: Pen, start: int, run: tuple[int, int], confidence: float, *, keep: bool) -> None:
    """Put an empty line for the run; `keep` its last space, for a number that opened the next paragraph."""
    a, b = run
    pen.edit(start + a, start + b - keep, "\n\n", "paragraphs.run", confidence)


def suspect(pen: Pen, near: Mapping[int, float]) -> None:
    """List breaks near the line."""
    for i, p in near.items():
        start, text = pen.gap(i)
        spaces = run(text)
        if spaces is not None:
            pen.suspect(start + spaces[0], start + spaces[1], "\n\n", "paragraphs.run", p)
