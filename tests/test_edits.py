"""Edit lists, forwards and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobook import edits
from audiobook.errors import EditConflict
from audiobook.model import Edit

SOURCE = "one two three"
EDIT = Edit(4, 7, "two", "2", "test.rule", 1.0)


def test_there_and_back() -> None:
    """Applying and reverting give the edited text and the source."""
    changed = [EDIT, Edit(13, 13, "", "!", "test.rule", 1.0), Edit(0, 1, "o", "", "test.rule", 1.0)]
    assert edits.apply(SOURCE, changed) == "ne 2 three!"
    assert edits.revert("ne 2 three!", changed) == SOURCE


def test_apply_checks_what_it_finds() -> None:
    """An edit list for another text is an error that says where."""
    with pytest.raises(EditConflict, match=r"line 1, column 5.*expects 'two' and finds 'TWO'"):
        edits.apply("one TWO three", [EDIT])


def test_revert_checks_what_it_finds() -> None:
    """A text that was changed since its repair is not reverted."""
    with pytest.raises(EditConflict, match=r"line 2, column 1.*expects '2' and finds 'X'"):
        edits.revert("abc\nX def", [Edit(4, 7, "two", "2", "test.rule", 1.0)])


def test_overlapping_edits_are_refused() -> None:
    """Two edits of the same place can't both be made."""
    with pytest.raises(EditConflict):
        edits.apply(SOURCE, [EDIT, Edit(5, 8, "wo ", "", "test.rule", 1.0)])


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("not json", "Line 2"),
        ('{"start": 1}', "an edit has the keys"),
        ('{"start": 2, "end": 1, "before": "", "after": "", "rule": "", "confidence": 1}', "don't agree"),
        ('{"start": "x", "end": 1, "before": "", "after": "", "rule": "", "confidence": 1}', "Line 2"),
        ("[]", "Line 2"),
    ],
)
def test_a_broken_list_names_its_line(line: str, complaint: str) -> None:
    """A line that is no edit is an error with its number."""
    with pytest.raises(EditConflict, match=complaint):
        edits.load(edits.dump([EDIT]) + line + "\n")


TEXT = "a bc def ghij klmno"
PLACES = st.lists(st.integers(0, len(TEXT)), min_size=2, max_size=8, unique=True).map(sorted)


def _list(places: list[int], text: str) -> list[Edit]:
    """Edits of every second stretch between places; some put something in, some take something out."""
    spans = [(a, b) for a, b in zip(places[::2], places[1::2], strict=False) if b <= len(text)]
    return [Edit(a, b, text[a:b], "xy"[: (a + b) % 3], "test.rule", 1.0) for a, b in spans]


@given(PLACES, PLACES)
def test_two_lists_become_one(first: list[int], second: list[int]) -> None:
    """A list that follows another is one list on the source, but for edits inside what the first put in."""
    made = _list(first, TEXT)
    middle = edits.apply(TEXT, made)
    more = _list(second, middle)
    joined = edits.follow(made, more)
    assert edits.revert(edits.apply(TEXT, joined), joined) == TEXT
    kept = [edit for edit in joined if edit not in made]
    assert len(kept) <= len(more)
    if len(kept) == len(more):
        assert edits.apply(TEXT, joined) == edits.apply(middle, more)


def test_lines_and_columns() -> None:
    """Places are told by line and column of the source, both from 1."""
    text = "ab\ncd\nef"
    found = [(line, column) for line, column, _ in edits.lines(text, [_at(7), _at(0), _at(3)])]
    assert found == [(1, 1), (2, 1), (3, 2)]


def _at(place: int) -> Edit:
    return Edit(place, place, "", "x", "test.rule", 1.0)
