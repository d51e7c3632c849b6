"""What a voice is given to say, and where in the author's words it comes from."""

from __future__ import annotations

import re
import time
import unicodedata
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audiobook.model import GapKind
from audiobook.spoken import LONGEST_TOKEN, dashes, shifted, speakable, utter, worded
from audiobook.spoken.spelling import Speller
from tests.conftest import ROOT, cases
from tests.numerals import coins, decimal, number, year

FILES = sorted((ROOT / "tests" / "cases" / "spoken").glob("*.txt"))
CASES = [(language or "en", *case) for f in FILES for language in [f.stem.partition(".")[2]] for case in cases(f)]
SIGNS = "0123456789.,:;/-–—−'’°%$£€#@&+=*_~()[]<>|½²²³⁻₂Ⅳ①‰^★😀🔥 \u200b\u0301abImVXst"


@pytest.mark.parametrize(("language", "written", "said"), CASES)
def test_case(language: str, written: str, said: str) -> None:
    """What is written is said like this, in the language that the file's name ends in."""
    assert utter(written, language).text == said


@pytest.mark.parametrize("kind", get_args(GapKind))
def test_every_kind_of_lost_number(kind: str) -> None:
    """No kind of lost number is read with its brackets."""
    said = utter(f"He saw [{kind} missing] of them.").text
    assert said.startswith("He saw, ")
    assert said.endswith(" missing, of them.")


# ---- characters


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("one\0two\x07 three\x85four\nfive", "one two three four five"),
        ("zero\u200bwidth so\u00adft \u202ebidi\u2069", "zerowidth soft bidi"),
        ("lone\ud800 surrogate", "lone surrogate"),
        ("a\u00a0hard space, \ufffd \ue000 nothing", "a hard space, nothing"),
        ("ve\u0301rite\u0301", "v\u00e9rit\u00e9"),
        ("a" + "\u0301" * 1000, "\u00e1" + "\u0301" * 3),
        ("1\ufe0f\u20e3", "one"),
        ("[\u200b[x]\u200b]", "(x)"),
        ("[*[x", "(x"),
    ],
)
def test_what_is_no_text_is_taken_out(written: str, said: str) -> None:
    """Control characters part words, invisible ones vanish, and accents are composed."""
    assert utter(written).text == said


def test_endless_tokens_are_broken() -> None:
    """A run of letters is broken into pieces that an engine can take, and none is lost."""
    assert [len(token.text) for token in utter("x" * 101).tokens] == [40, 40, 21]


# ---- places


def test_a_token_knows_its_place() -> None:
    """The words of a number stand for that number, with the signs around it at the first and the last of them."""
    sentence = "He paid “$12.50,” in ve\u0301rite\u0301."
    places = [(token.text, sentence[token.start : token.end]) for token in utter(sentence).tokens]
    assert places == [
        ("He", "He"),
        ("paid", "paid"),
        ("“twelve", "“$12.50"),
        ("dollars", "$12.50"),
        ("and", "$12.50"),
        ("fifty", "$12.50"),
        ("cents,”", "$12.50,”"),
        ("in", "in"),
        ("v\u00e9rit\u00e9.", "ve\u0301rite\u0301."),
    ]


def test_a_part_of_a_sentence_can_be_put_in_its_place() -> None:
    """Places in a part are moved to places in the whole."""
    sentence = "He went — in 1984."
    (start, end), cut = dashes(sentence)[0], len("He went — ")
    assert (start, end) == (len("He went"), cut)
    moved = shifted(utter(sentence[cut:]), cut)
    assert [sentence[token.start : token.end] for token in moved.tokens] == ["in", "1984", "1984."]


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("he—I mean, she — went -- there - now – so", ["he", "I mean, she", "went", "there", "now", "so"]),
        ("well-known, Paris–Dakar, 1998–2003, 1998 – 2003, pre-1970", None),
        ("—and then—", None),
        ("“Yes”—“no”", ["“Yes”", "“no”"]),
        ("* - *", ["*", "*"]),
    ],
)
def test_dashes_that_want_a_pause(sentence: str, parts: list[str] | None) -> None:
    """A dash between words is told from a hyphen, a range and a dash at an end; the space around it belongs to it."""
    starts = [0, *(end for _, end in dashes(sentence))]
    ends = [*(start for start, _ in dashes(sentence)), len(sentence)]
    found = [sentence[start:end] for start, end in zip(starts, ends, strict=True)]
    assert found == (parts or [sentence])


TEXTS = st.one_of(
    st.text(),
    st.text(st.sampled_from(SIGNS)),
    st.lists(st.sampled_from(CASES)).map(lambda some: " ".join(written for _, written, _ in some)),
)
LANGUAGES = st.sampled_from(["en", "en-GB", "de"])


@given(TEXTS, LANGUAGES)
@example("[year missing][year missing]", "en")
@example("a" * 41 + "_" * 41, "en")
@example("x" * 50 + ".com/" + "y" * 50, "en")
def test_any_text_becomes_tokens_that_an_engine_can_take(text: str, language: str) -> None:
    """No token has white space, markup, control characters or endless runs of letters."""
    for token in utter(text, language).tokens:
        assert token.text
        assert token.text.split() == [token.text]
        assert not re.search(r"\[\[|]]|[<>]", token.text)
        assert not any(unicodedata.category(character) in ("Cc", "Cs", "Cf", "Co") for character in token.text)
        assert all(len(run) <= LONGEST_TOKEN for run in re.findall(r"\w+", token.text))


@given(TEXTS, LANGUAGES)
def test_nothing_is_lost(text: str, language: str) -> None:
    """Tokens are in the order of their places, and every letter and digit belongs to one."""
    tokens = utter(text, language).tokens
    starts, ends = [token.start for token in tokens], [token.end for token in tokens]
    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    covered = {place for token in tokens for place in range(token.start, token.end)}
    assert not [c for place, c in enumerate(text) if c.isalnum() and place not in covered]


@given(TEXTS)
def test_every_digit_is_said_in_words(text: str) -> None:
    """An English voice gets no digits, and the words for a digit are at the digit's place."""
    tokens = utter(text).tokens
    assert not any(character.isdecimal() for token in tokens for character in token.text)
    for place, character in enumerate(text):
        if character.isdecimal():
            assert any(token.start <= place < token.end for token in tokens)


@given(st.text(st.characters(codec="utf-8", categories=["L", "Zs", "Po"], exclude_characters="<>&%@#/•·")))
def test_without_numbers_and_signs_the_words_stay(text: str) -> None:
    """In other languages than English every letter that is written is said, and none is added."""
    said = utter(text, "und").text
    assert _letters(said) == _letters(text)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFC", text)))


# ---- the value said is the value written, as an independent reader hears it

BRITISH = st.sampled_from(["en", "en-GB"])


@given(st.integers(0, 10**27 - 1), BRITISH)
@example(1_000_000, "en")
def test_quantities_keep_their_value(value: int, language: str) -> None:
    """Group commas make any number a quantity."""
    assert number(utter(f"{value:,} of them", language).text.removesuffix(" of them")) == value


@given(st.integers(0, 999_999), BRITISH)
def test_short_numbers_keep_their_value(value: int, language: str) -> None:
    """Up to six digits are a quantity, too."""
    assert number(utter(f"all {value} people", language).text[4:-7]) == value


@given(st.from_regex(r"\A(0|[1-9][0-9]{6,40})\Z"))
def test_long_numbers_keep_their_digits(digits: str) -> None:
    """A long row of digits is said digit by digit, or as a round number."""
    said = utter(f"x {digits}").text[2:]
    heard = str(number(said)) if digits.endswith("000") else "".join(str(number(word)) for word in said.split())
    assert heard == digits


@given(st.from_regex(r"\A(0|[1-9][0-9]{0,5})\.[0-9]{1,30}\Z"), BRITISH)
def test_decimals_keep_their_digits(written: str, language: str) -> None:
    """No digit after the point is rounded or dropped."""
    assert decimal(utter(f"{written} of", language).text.removesuffix(" of")) == written


def test_years_keep_their_value() -> None:
    """Every year is understood."""
    assert [year(utter(f"(in {y})").text[4:-1]) for y in range(1010, 2100)] == list(range(1010, 2100))


def test_ordinals_keep_their_value() -> None:
    """Every ordinal is its cardinal with another end, and no two are the same."""
    said = [Speller().ordinal(n) for n in range(2000)]
    assert len(set(said)) == len(said)
    assert all(re.search(r"(?:th|first|second|third)\Z", words) for words in said)


@given(st.integers(0, 999_999), st.integers(0, 99), st.sampled_from("$£€"))
def test_money_keeps_its_value(notes: int, cents: int, sign: str) -> None:
    """Notes and coins are both said."""
    assert coins(utter(f"{sign}{notes:,}.{cents:02}").text) == notes * 100 + cents


# ---- speakable, worded, pure, quick


@pytest.mark.parametrize(
    "text", ["* * *", "***", "…", "—", "", "\u200b", "\ufffd", "?!", "_", "[ ]", "+ + +", "~~~", "===", "<>"]
)
def test_nothing_to_say(text: str) -> None:
    """Scene breaks and bare punctuation have nothing to say."""
    assert not speakable(text)
    assert utter(text).tokens == ()


@pytest.mark.parametrize("text", ["a", "7", "%", "&", "€", "😀", "½", "漢", "❦", "[year missing]", "*a*"])
def test_something_to_say(text: str) -> None:
    """Letters, digits, and signs that have a name can be said."""
    assert speakable(text)


def test_signs_are_not_words() -> None:
    """A sign can be said by some voices, a word by all."""
    assert worded("½ a loaf")
    assert worded("😀")
    assert not worded("❦ € ¹")


@given(TEXTS, LANGUAGES)
def test_pure(text: str, language: str) -> None:
    """The same text is always said the same way."""
    assert utter(text, language) == utter(text, language)


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "7",
        "1,234,",
        "a.a@",
        "1-",
        "1:",
        "$1-",
        "+1 ",
        "* ",
        "—",
        "😀",
        "😀🔥",
        "[year missing]",
        "e\u0301",
        "In 1984 he left. ",
    ],
)
def test_linear(unit: str) -> None:
    """Four times the text takes about four times as long, whatever it is: no rule goes back to where it began."""
    times = []
    for length in (10_000, 40_000):
        text = unit * (length // len(unit))
        began = time.process_time()
        utter(text)
        times.append(time.process_time() - began)
    assert times[1] < 10 * times[0] + 0.1
