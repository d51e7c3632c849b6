"""How sure an edit says that it is: the scorers' odds, set right by how often they were.

Odds decide what is changed (`decisions.Thresholds`). What a reader is told, and what `min_confidence` compares, should
hold as a share: of edits said to be 0.8 sure, eight in ten right. Each rule that was off has a line of knots.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import replace

from audiobook.model import Edit

Knots = tuple[tuple[float, float], ...]
"""Points (odds, share that was right), both rising; straight lines between them."""


def told(edit: Edit, lines: Mapping[str, Knots]) -> Edit:
    """The edit with the confidence that its rule, or its family, has earned."""
    knots = lines.get(edit.rule) or lines.get(edit.rule.partition(".")[0])
    return replace(edit, confidence=round(height(edit.confidence, knots), 4)) if knots else edit


def height(x: float, knots: Knots) -> float:
    """Height of the line at x; level before its first knot and behind its last."""
    at = bisect_right(knots, (x, 2.0))
    if at in (0, len(knots)):
        return knots[min(at, len(knots) - 1)][1]
    (x0, y0), (x1, y1) = knots[at - 1], knots[at]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


LIGHT: Mapping[str, Knots] = {
    "apostrophes.possessive": ((0.456, 0.364), (0.742, 0.741), (0.905, 0.948), (0.978, 0.95), (0.999, 0.984)),
    "dashes.space": ((0.492, 0.318), (0.624, 0.425), (0.861, 0.847)),
    "quotes": ((0.367, 0.417), (0.633, 0.801), (0.816, 0.913), (0.912, 0.944), (0.972, 0.969), (0.997, 1.0)),
}
"""For the light scorer. Both were fitted by training/fit_confidence.py: only rules that it made truer have a line."""

NEURAL: Mapping[str, Knots] = {
    "dashes.space": (
        (0.499, 0.4),
        (0.626, 0.485),
        (0.746, 0.629),
        (0.837, 0.727),
        (0.88, 0.856),
        (0.956, 0.931),
        (0.992, 0.983),
    ),
    "quotes": ((0.479, 0.454), (0.739, 0.57), (0.934, 0.755), (0.994, 0.887), (0.999, 0.955), (1.0, 0.989)),
}
"""For the mean of the neural and the light scorer."""
