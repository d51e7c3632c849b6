"""What a rule offers: how to say a stretch of the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from audiobook.spoken.spelling import Speller


@dataclass(frozen=True, slots=True)
class Reading:
    """How a stretch of clean text is said."""

    start: int
    """First character of the clean text."""
    end: int
    """One past the last; equal to `start` where something is said between two characters."""
    said: str
    """Words with spaces between them; empty for what is silent."""


Rule = Callable[[str, Speller], Iterator[Reading]]
"""Finds its readings in a clean text, in order and not overlapping, in linear time."""


def matching(pattern: re.Pattern[str], say: Callable[[re.Match[str], Speller], str | None]) -> Rule:
    """Make a rule of a pattern. `say` gives the words, or None where the rule has nothing to say.

    Where the pattern has a group "this", that alone is read, and what is around it is only looked at.
    """
    group: str | int = "this" if "this" in pattern.groupindex else 0

    def rule(text: str, speller: Speller) -> Iterator[Reading]:
        for found in pattern.finditer(text):
            said = say(found, speller)
            if said is not None:
                yield Reading(*found.span(group), said)

    return rule


def readings(text: str, rules: Iterable[Rule], speller: Speller) -> list[Reading]:
    """Apply the rules, in their order: what one has read, no later one touches. In the order of their places."""
    taken = bytearray(len(text))
    chosen: list[Reading] = []
    for rule in rules:
        for reading in rule(text, speller):
            if taken.find(1, reading.start, reading.end) < 0:
                taken[reading.start : reading.end] = b"\1" * (reading.end - reading.start)
                chosen.append(reading)
    return sorted(chosen, key=lambda reading: (reading.start, reading.end))
