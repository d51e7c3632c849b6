"""Books: chapters and their titles."""

from __future__ import annotations

import pytest

from audiobook.book import LONGEST_TITLE, Metadata, opening, parse, repeated_name


def _book(text: str) -> list[tuple[str, int]]:
    return [(chapter.title, len(chapter.chunks)) for chapter in parse(text, Metadata(), "file").chapters]


def test_a_paragraph_is_a_chapter() -> None:
    """Without headings each paragraph is a chapter, named by its opening words."""
    assert _book("One is short.\n\nTwo is short, too.") == [("One is short", 1), ("Two is short, too", 1)]


def test_headings_make_chapters_of_several_chunks() -> None:
    """What stands before the first heading is a chapter, too; a title and its first part share one."""
    text = "Before.\n\n# Title\n\n## Part\n\nOne.\n\nTwo.\n\n## Next\n\nThree."
    assert _book(text) == [("Before", 1), ("Title: Part", 4), ("Next", 2)]


@pytest.mark.parametrize(
    ("given", "text", "title"),
    [
        (" Given ", "# Heading\n\nText.", "Given"),
        ("", "Text.\n\n# Heading\n\nText.", "Heading"),
        ("", "The Salt Road is long. Though The Salt Road is wet, The Salt Road ends.", "The Salt Road"),
        ("", "Nothing is said twice.", "a file"),
    ],
)
def test_title(given: str, text: str, title: str) -> None:
    """The title comes from the user, a heading, the name that is repeated most, or the file."""
    assert parse(text, Metadata(given), "a_file").title == title


def test_the_longest_of_the_repeated_names_wins() -> None:
    """A film's title beats its people, though they are named more often."""
    text = "Una Lowe saw Men of the Salt. Una Lowe left Men of the Salt. Una Lowe and Una Lowe love Men of the Salt. "
    assert repeated_name(text) == "Men of the Salt"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Not everything works. A subplot about a letter that is missing goes nowhere.", "Not everything works"),
        ("Did it work? A subplot about a letter that is missing goes nowhere at all.", "Did it work?"),
        (
            "Since early [year missing], the ferry town of Kilbrannan has lost its school and its bank.",
            "Since early [year missing], the ferry town of Kilbrannan…",
        ),
        (
            "Marchal shot the film between [year missing] and [year missing], mostly alone, at night.",
            "Marchal shot the film between [year missing]…",
        ),
        (
            "When they were sent back to the front, nobody had told them that it was not there.",
            "When they were sent back to the front…",
        ),
        ("x" * 300, "x" * LONGEST_TITLE + "…"),
    ],
)
def test_opening_words(text: str, title: str) -> None:
    """A chapter title is cut where a reader would pause, never inside a word or a gap's mark."""
    assert opening(text) == title


def test_real_review(real_review: str) -> None:
    """The review's own film gives the title, and every chapter's title is readable."""
    from audiobook.repair import repair

    book = parse(repair(real_review).text, Metadata(), "file")
    assert book.title == "Last Men in Aleppo"
    assert all(10 <= len(chapter.title) <= LONGEST_TITLE + 1 for chapter in book.chapters)
