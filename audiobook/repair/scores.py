"""What a scorer says of a document: a probability for every label of every word and gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from audiobook.repair.view import View

KINDS = ("year", "decade", "ordinal", "age", "count", "amount")
"""Kinds of lost number, in the order of `Scores.kind`."""


@dataclass(slots=True)
class Scores:
    """Probabilities, 0 to 1. Word lists have one entry per word of the view, gap lists one more."""

    s: list[float]
    """The word lost an apostrophe before its final s."""
    plural: list[float]
    """… after its final s."""
    form: list[float]
    """… elsewhere inside, where the table of forms says."""
    lead: list[float]
    """… in front of it."""
    accent: list[float]
    """The word lost a letter with an accent."""
    open: list[float]
    """An opening quotation mark stood right before the word that follows the gap."""
    close: list[float]
    """A closing quotation mark stood in the gap."""
    dash: list[float]
    """A dash stood in the gap."""
    paragraph: list[float]
    """A paragraph ended in the gap."""
    number: list[float]
    """A number stood in the gap."""
    kind: list[Sequence[float]]
    """Given a number, the probability of each of KINDS; empty where nobody asked."""
    inside: list[float] = field(default_factory=list)
    """Per word: it stands inside quotation marks. Empty where the scorer does not say."""


class Scorer(Protocol):
    """Reads a view and gives probabilities."""

    def score(self, view: View) -> Scores:
        """Probabilities for every word and gap of the view."""
        ...


def nothing(words: int) -> Scores:
    """Scores that say no to everything."""
    w, g = words, words + 1
    return Scores(
        [0.0] * w, [0.0] * w, [0.0] * w, [0.0] * w, [0.0] * w,
        [0.0] * g, [0.0] * g, [0.0] * g, [0.0] * g, [0.0] * g, [()] * g, [0.0] * w,
    )  # fmt: skip
