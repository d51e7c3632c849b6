"""What a scorer says of a document: a probability for every label of every word and gap."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from audiobook.repair.view import View

KINDS = ("year", "decade", "ordinal", "age", "count", "amount")
"""Kinds of lost number, in the order of `Scores.kind`."""


@dataclass(slots=True)
class Scores:
    """Probabilities, 0 to 1. Rows of words have one entry per word of the view, rows of gaps one more.

    They are arrays, for a list would take four times the room, and a long text has many words.
    """

    s: array[float]
    """The word lost an apostrophe before its final s."""
    plural: array[float]
    """… after its final s."""
    form: array[float]
    """… elsewhere inside, where the table of forms says."""
    lead: array[float]
    """… in front of it."""
    accent: array[float]
    """The word lost a letter with an accent."""
    open: array[float]
    """An opening quotation mark stood right before the word that follows the gap."""
    close: array[float]
    """A closing quotation mark stood in the gap."""
    dash: array[float]
    """A dash stood in the gap."""
    paragraph: array[float]
    """A paragraph ended in the gap."""
    number: array[float]
    """A number stood in the gap."""
    inside: array[float]
    """Per word: it stands inside quotation marks. 0 where the scorer does not say."""
    kind: dict[int, Sequence[float]]
    """Gap to the probability of each of KINDS, given a number; gaps that are not worth asking of are left out."""


class Scorer(Protocol):
    """Reads a view and gives probabilities."""

    def score(self, view: View) -> Scores:
        """Probabilities for every word and gap of the view."""
        ...


def nothing(words: int) -> Scores:
    """Scores that say no to everything."""
    w, g = (array("d", bytes(8 * n)) for n in (words, words + 1))
    return Scores(w[:], w[:], w[:], w[:], w[:], g[:], g[:], g[:], g[:], g[:], inside=w, kind={})
