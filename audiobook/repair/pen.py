"""The pen that every family writes its edits with."""

from __future__ import annotations

from dataclasses import dataclass, field

from audiobook.model import Edit
from audiobook.repair.view import View


@dataclass(slots=True)
class Pen:
    """Writes what repair would do to one source. Positions are code points of the source."""

    view: View
    edits: list[Edit] = field(default_factory=list)
    """They never overlap."""
    suspects: list[Edit] = field(default_factory=list)
    """Edits that are not made, near the line; they may overlap others."""

    def edit(self, start: int, end: int, after: str, rule: str, confidence: float) -> None:
        """Make an edit, unless it would change nothing."""
        before = self.view.source[start:end]
        if before != after:
            self.edits.append(Edit(start, end, before, after, rule, round(confidence, 4)))

    def suspect(self, start: int, end: int, after: str, rule: str, confidence: float) -> None:
        """List an edit that is not made."""
        self.suspects.append(Edit(start, end, self.view.source[start:end], after, rule, round(confidence, 4)))

    def gap(self, i: int) -> tuple[int, str]:
        """Where gap i starts in the source, and what the source has there."""
        start, end = self.view.gap_span(i)
        return start, self.view.source[start:end]
