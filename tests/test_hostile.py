"""Whatever comes in by any way ends in a result or in an error of ours, and soon. The long form is `make fuzz`."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiobook.errors import AudiobookError
from tests.hostile import TARGETS

LONGEST = 2.0
"""Seconds of the processor for a few hundred bytes: a thousand times what they take."""
CHANGES = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=12), st.integers(0, 12)), min_size=1, max_size=6)


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_bytes(name: str, data: st.DataObject) -> None:
    """What was changed here and there, or cut off, raises nothing but our own errors."""
    target = TARGETS[name]
    raw = data.draw(st.sampled_from(target.seeds))
    for place, put, lost in data.draw(CHANGES):
        start = int(place * len(raw))
        raw = raw[:start] + put + raw[start + lost :]
    started = time.process_time()
    with contextlib.suppress(AudiobookError):
        target.take(raw)
    assert time.process_time() - started < LONGEST


@pytest.mark.parametrize("name", TARGETS)
def test_the_seeds_are_taken(name: str) -> None:
    """What the changes begin with is whole, so they are not turned away at the door."""
    taken = []
    for seed in TARGETS[name].seeds:
        with contextlib.suppress(AudiobookError):
            TARGETS[name].take(seed)
            taken.append(seed)
    assert taken
