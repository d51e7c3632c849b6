"""Chunks: paragraphs, headings and sentences, with nothing dropped."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobook.chunk import LONGEST_SENTENCE, sentences, split

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="#=-"), min_size=1)
LINES = st.lists(WORDS, max_size=8).map(" ".join)
TEXTS = st.lists(LINES | st.sampled_from(["", "# Title", "Part One\n===", "## Two ##", "* * *"]), max_size=20)


def _paragraphs(text: str) -> list[str]:
    return [chunk.text for chunk in split(text)]


def test_blank_lines_part_paragraphs() -> None:
    """Lines without a blank one between them were wrapped, and belong together."""
    assert _paragraphs("One\ntwo.\n\n\nThree.") == ["One\ntwo.", "Three."]


def test_without_blank_lines_each_line_is_a_paragraph() -> None:
    """A file with one paragraph a line keeps them apart."""
    assert _paragraphs("One ends.\nTwo ends.\nThree ends.") == ["One ends.", "Two ends.", "Three ends."]


def test_wrapped_lines_without_blank_ones_are_one_paragraph() -> None:
    """When sentences run over line ends, the lines were wrapped."""
    assert _paragraphs("One goes\non and on. Two\nends.") == ["One goes\non and on. Two\nends."]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end(end: str) -> None:
    """Text from any system is cut alike."""
    assert _paragraphs(f"One.{end}{end}Two.") == ["One.", "Two."]


def test_headings() -> None:
    """Markdown and underlined headings are chunks of their own, without their signs."""
    found = split("# The Salt Road #\nOne.\n\nPart Two\n========\nTwo.\n\n---\n\nThree.")
    assert [(chunk.text, chunk.heading, chunk.line) for chunk in found] == [
        ("The Salt Road", True, 1),
        ("One.", False, 2),
        ("Part Two", True, 4),
        ("Two.", False, 6),
        ("---", False, 8),
        ("Three.", False, 10),
    ]


@given(TEXTS.map("\n".join))
@settings(max_examples=300, deadline=None)
def test_nothing_is_dropped(text: str) -> None:
    """The chunks joined are the text, but for white space and the signs of headings."""
    joined = "".join(chunk.text for chunk in split(text))
    assert _bare(joined) == _bare(text)
    assert [chunk.number for chunk in split(text)] == list(range(1, len(split(text)) + 1))


@given(TEXTS.map("\n".join))
@settings(max_examples=300, deadline=None)
def test_sentences_make_the_chunk(text: str) -> None:
    """The sentences joined are the chunk, but for white space, and none is empty or endless."""
    for chunk in split(text):
        assert "".join("".join(chunk.sentences).split()) == "".join(chunk.text.split())
        assert all(sentence.strip() and len(sentence) <= LONGEST_SENTENCE for sentence in chunk.sentences)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left. She stayed! Why? Nobody knows.", ["He left.", "She stayed!", "Why?", "Nobody knows."]),
        ("“We left,” he said. “Early.” She nodded.", ["“We left,” he said.", "“Early.”", "She nodded."]),
        ("Dr. Quirke met J. R. Lowe, Mrs. Pike. They ate.", ["Dr. Quirke met J. R. Lowe, Mrs. Pike.", "They ate."]),
        ("It cost 4.5 million. In the U.S. it failed.", ["It cost 4.5 million.", "In the U.S. it failed."]),
        ("Plan B. It failed.", ["Plan B. It failed."]),
        ("And then... nothing. Wait… Élodie!", ["And then... nothing.", "Wait…", "Élodie!"]),
        ("In [year missing]. [number missing] men left.", ["In [year missing].", "[number missing] men left."]),
    ],
)
def test_sentence_ends(text: str, expected: list[str]) -> None:
    """Titles, initials and points inside numbers end no sentence; closing signs belong to theirs."""
    assert list(sentences(text)) == expected


def test_an_endless_sentence_is_cut_at_a_sign() -> None:
    """What has no full stop is cut after a comma, at a space, or at last inside a word."""
    parts = sentences("word " * 60 + "and, " + "word " * 60)
    assert parts[0].endswith("and,") and len(parts) == 2
    assert [len(part) for part in sentences("x" * 1000)] == [400, 400, 200]


def test_a_megabyte_without_a_full_stop() -> None:
    """Endless input is cut in time that grows with its length only."""
    assert sum(len(part) for part in sentences("x " * 500_000)) > 900_000


def test_real_review(real_review: str) -> None:
    """Seven paragraphs make seven chunks of several sentences."""
    from audiobook.repair import repair

    chunks = split(repair(real_review).text)
    assert len(chunks) == 7
    assert all(3 < len(chunk.sentences) < 12 for chunk in chunks)


def _bare(text: str) -> str:
    return re.sub(r"[\s#=]", "", text)
