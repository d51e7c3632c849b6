"""What a voice is given to say."""

from __future__ import annotations

import unicodedata
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audiobook import engines
from audiobook.model import GapKind, Voice
from audiobook.spoken import LONGEST_TOKEN, speakable, spoken, worded


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Since late [year missing], the ships", "Since late, year missing, the ships"),
        ("between [year missing] and [year missing], never", "between, year missing, and, year missing, never"),
        ("over [number missing] years ago.", "over, number missing, years ago."),
        ("some [count missing] people", "some, number missing, people"),
        ("[year missing] was a good year.", "year missing, was a good year."),
        ("It was [year missing].", "It was, year missing."),
        ("“[count missing] people,” he said", "“number missing, people,” he said"),
        ("“It was [year missing]”", "“It was, year missing”"),
        ("late , [year missing] , the", "late, year missing, the"),
        ("in ’[decade missing]; and", "in, decade missing; and"),
        ("the [decade missing]s were", "the, decade missing, were"),
        ("the [ordinal missing]th century", "the, number missing, century"),
        ("a [age missing]-year-old boy", "a, age missing-year-old boy"),
        ("some [amount missing]% of it", "some, amount missing % of it"),
        ("[year missing]–[year missing]", "year missing – year missing"),
        ("He—[year missing]—died", "He— year missing —died"),
        ("(co-director [number missing] Steen)", "(co-director, number missing, Steen)"),
    ],
)
def test_a_lost_number_is_an_aside(written: str, said: str) -> None:
    """A lost number is said with a pause before and after, and never two commas where there is a pause already."""
    assert spoken(written) == said


@pytest.mark.parametrize("kind", get_args(GapKind))
def test_every_kind_of_lost_number(kind: str) -> None:
    """No kind of lost number is read with its brackets."""
    said = spoken(f"He saw [{kind} missing] of them.")
    assert said.startswith("He saw, ")
    assert said.endswith(" missing, of them.")


def test_the_pause_is_heard() -> None:
    """The aside takes longer than the same words without a pause, by at least a tenth of a second on each side."""
    voice = Voice(name="test", engine="pyttsx3", id="")
    aside, plain = engines.load("pyttsx3").speak(
        [spoken("He went over [number missing] years ago."), "He went over number missing years ago."], voice
    )
    assert aside.seconds > plain.seconds + 0.2


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It was *very* **good**, _really_, ***so***.", "It was very good, really, so."),
        ("*The first half.", "The first half."),
        ("the second half.*", "the second half."),
        ("Run `make demo` now", "Run make demo now"),
        ("a snake_case name, f**k, 5*3", "a snake case name, f**k, 5*3"),
        ("the film* and its end", "the film and its end"),
        ("* * *", ""),
        ("as [[sic]] stands [sic]", "as (sic) stands [sic]"),
        ("two  spaces\tand\n a line", "two spaces and a line"),
        ("one\0two\x07 three\x85four", "one two three four"),
        ("zero\u200bwidth so\u00adft \u202ebidi\u2069", "zerowidth soft bidi"),
        ("lone\ud800 surrogate", "lone surrogate"),
        ("a\u00a0hard space, \ufffd \ue000 nothing", "a hard space, nothing"),
        ("I \u2764\ufe0f it", "I \u2764 it"),
        ("naïve Zoë, 東京, мир", "naïve Zoë, 東京, мир"),
        ("5 < 6 & 7 > 3, 10%", "5 < 6 & 7 > 3, 10%"),
    ],
)
def test_what_is_said(written: str, said: str) -> None:
    """Markup and what is no text falls silent; words, signs and numbers stay."""
    assert spoken(written) == said


def test_endless_tokens_are_broken() -> None:
    """A run of letters is broken into pieces that an engine can take, and none is lost."""
    said = spoken("x" * 101)
    assert [len(part) for part in said.split()] == [40, 40, 21]


@pytest.mark.parametrize("text", ["* * *", "***", "…", "—", "", "\u200b", "\ufffd", "?!", "_", "[ ]"])
def test_nothing_to_say(text: str) -> None:
    """Scene breaks and bare punctuation have nothing to say."""
    assert not speakable(text)


@pytest.mark.parametrize("text", ["a", "7", "%", "&", "@", "€", "😀", "½", "漢", "[year missing]", "*a*"])
def test_something_to_say(text: str) -> None:
    """Letters, digits, and signs that have a name can be said."""
    assert speakable(text)


def test_signs_are_not_words() -> None:
    """A sign can be said by some voices, a word by all."""
    assert worded("½ a loaf")
    assert not worded("😀 %")


@given(st.text())
@example("[year missing][year missing]")
@example("a" * 41 + "_" * 41)
def test_any_text_can_be_given_to_an_engine(text: str) -> None:
    """Whatever is written, what is said has no control characters, surrogates, runs of space or endless tokens."""
    said = spoken(text)
    assert said == " ".join(said.split())
    assert not any(unicodedata.category(character) in ("Cc", "Cs", "Cf", "Co") for character in said)
    assert "[[" not in said
    assert all(len(run) <= LONGEST_TOKEN for run in "".join(c if c.isalnum() else " " for c in said).split())


@given(st.text(st.characters(codec="utf-8")))
def test_no_letter_or_digit_is_lost(text: str) -> None:
    """Every letter and digit that is written is said, but for the brackets' own words none is added."""
    if "missing" not in text:
        assert [c for c in spoken(text) if c.isalnum()] == [c for c in text if c.isalnum()]
