"""Texts of any length: what is done to them takes a time that grows with their length, and no faster."""

from __future__ import annotations

import time

import pytest

from audiobook import book, edits, facts
from audiobook.book import Metadata
from audiobook.repair import Options, repair
from audiobook.repair.explain import reasons

LONGEST = 10.0
"""Seconds of the processor. What took a time that grew with the square took minutes, where it takes 1 s now."""
BARE = ("a", " ", " \t", "”", "\n \n", "(“", "漢字", "\u0301", "[year missing] ", "\ufffd", "\ufffda\ufffd ")
"""What a text may be full of, with next to nothing to repair."""
BUSY = ("a     ,", ". ", "A. ", "Ab Cd. ", "a;", "amp;", "&amp; ", "Ã©", "a?s ")
"""The same, with a repair in every other place."""


@pytest.mark.parametrize(("pump", "length"), [*((pump, 150_000) for pump in BARE), *((pump, 20_000) for pump in BUSY)])
@pytest.mark.parametrize(("before", "after"), [("Ab ", "b."), ("# a", " b"), ("&\ufffd", "x;")])
def test_repair_and_chunks_of_endless_texts(pump: str, length: int, before: str, after: str) -> None:
    """Neither a text without stops nor one without anything else takes more than its length."""
    started = time.process_time()
    _built(before + pump * (length // len(pump)) + after)
    assert time.process_time() - started < LONGEST


@pytest.mark.slow
def test_ten_megabytes() -> None:
    """A text of 10 MB is repaired, explained and cut at the rate of 1 MB, and half as much again for what is uneven."""
    sentence = (
        "It hasnt rained since  , and Unas boat lay on the citys quay  The sea,  it seems, was calm.   Nobody went. "
    )
    times = []
    for length in (1_000_000, 10_000_000):
        started = time.process_time()
        _built(sentence * (length // len(sentence)))
        times.append(time.process_time() - started)
    assert times[1] < 15 * times[0]


def _built(text: str) -> None:
    """Do what a build does before anything is spoken."""
    repaired = repair(text, Options(model="light"))
    assert text == edits.revert(repaired.text, repaired.edits)
    facts.dump(repaired)
    list(reasons(repaired.edits, text))
    assert book.parse(repaired.text, Metadata(), "endless").chapters
