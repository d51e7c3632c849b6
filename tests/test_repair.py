"""Repair: what is restored, what stays, and what no repair may ever do."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audiobook import edits
from audiobook.model import Edit
from audiobook.repair import FAMILIES, Options, confidence, decoder, repair, supply
from audiobook.repair.models import is_installed
from audiobook.repair.scores import Scores
from audiobook.repair.view import View, read
from tests.conftest import ROOT, SAMPLE, cases

FILES = sorted((ROOT / "tests" / "cases" / "repair").glob("*.txt"))
CASES = [case for file in FILES if not file.stem.endswith(".neural") for case in cases(file)]
NEURAL_CASES = [case for file in FILES if file.stem.endswith(".neural") for case in cases(file)]

NEURAL = pytest.param(
    "neural",
    marks=pytest.mark.skipif(not is_installed(), reason="the extra audiobook[neural] is not installed"),
)
MODELS = ["light", NEURAL]
LIGHT = Options(model="light")

# Pieces that the rules look for, so that random texts reach them, between letters of any script.
WORDS = "dont theyre Im Ive its were late since between and in the s th -year-old $ % () don’t Okafors O'Neill"
SIGNS = [
    "  ",
    "   ",
    " ",
    ". ",
    ".  ",
    " ,",
    "' ",
    "'",
    ";",
    "\n",
    "\n\n",
    "\r\n",
    "\ufeff",
    "“",
    "”",
    "…",
    "—",
    "\x00",
    "Ã©",
    "â€™",
    "&#8217;",
    "\ufffd",
    "?",
]
PIECES = st.sampled_from([*WORDS.split(), *SIGNS, "[year missing]"])
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join) | st.text()


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("text", "expected"), CASES)
def test_case(text: str, expected: str, model: str) -> None:
    """A text comes out as its case file says, whichever model reads it."""
    assert repair(text, Options(model=model)).text == expected


@pytest.mark.parametrize("model", [NEURAL])
@pytest.mark.parametrize(("text", "expected"), NEURAL_CASES)
def test_neural_case(text: str, expected: str, model: str) -> None:
    """What only the neural model knows comes out as its case file says."""
    assert repair(text, Options(model=model)).text == expected


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("text", [case[1] for case in CASES])
def test_what_was_repaired_is_right(text: str, model: str) -> None:
    """A second pass over repaired text finds nothing."""
    assert repair(text, Options(model=model)).edits == ()


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_reversible(text: str) -> None:
    """Reverting the edit list gives the source back, and the list survives its file."""
    repaired = repair(text, LIGHT)
    assert edits.revert(repaired.text, edits.load(edits.dump(repaired.edits))) == text


@given(TEXTS)
@example("\ufeffÃ©dont")
@settings(max_examples=400, deadline=None)
def test_a_second_pass_finds_nothing(text: str) -> None:
    """Repaired text is right in the eyes of the rules."""
    assert repair(repair(text, LIGHT).text, LIGHT).edits == ()


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_no_letter_or_digit_is_lost_or_invented(text: str) -> None:
    """Letters and digits come through in their order; only the marks of lost numbers are new.

    What stood in another sign's place is read as that sign first (tests/test_encoding.py).
    """
    marked = repair(text, LIGHT)
    meant = edits.apply(text, [edit for edit in marked.edits if _family(edit) == "encoding"])
    unmarked = edits.apply(text, [edit for edit in marked.edits if _family(edit) != "numbers"])
    assert _ascii(unmarked) == _ascii(meant)
    rest = iter(unmarked)
    assert all(character in rest for character in meant if character.isalnum()), "a letter is lost, or has moved"
    assert all(re.fullmatch(r"\[[a-z]+ missing\]", e.after) for e in marked.edits if e.rule.startswith("numbers."))


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_edits_quote_the_source_and_never_overlap(text: str) -> None:
    """An edit says what it found, changes something, and keeps off the others' places."""
    edits_ = repair(text, LIGHT).edits
    assert all(text[edit.start : edit.end] == edit.before != edit.after for edit in edits_)
    assert all(one.end <= two.start for one, two in pairwise(edits_))
    assert all(0 <= edit.confidence <= 1 for edit in edits_)


@given(TEXTS, st.randoms())
@settings(max_examples=200, deadline=None)
def test_the_order_of_edits_is_no_matter(text: str, random: Random) -> None:
    """An edit list means the same when it is shuffled."""
    repaired = repair(text, LIGHT)
    shuffled = random.sample(repaired.edits, len(repaired.edits))
    assert edits.apply(text, shuffled) == repaired.text
    assert edits.revert(repaired.text, shuffled) == text


def test_every_family_is_known() -> None:
    """The families that can be switched off are those that edits name, and no others."""
    found = {_family(edit) for text, _ in CASES for edit in repair(text, LIGHT).edits}
    assert found <= set(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_can_be_switched_off(family: str) -> None:
    """What is switched off makes no edit, and no suspect."""
    text = SAMPLE.read_text(encoding="utf-8")
    repaired = repair(text, Options(without=frozenset({family})))
    assert family not in {_family(edit) for edit in (*repaired.edits, *repaired.suspects)}


def test_what_is_not_sure_enough_becomes_a_suspect() -> None:
    """With a least confidence, edits below it are listed and not made."""
    text = SAMPLE.read_text(encoding="utf-8")
    all_of_them, sure = repair(text), repair(text, Options(min_confidence=0.99))
    assert 0 < len(sure.edits) < len(all_of_them.edits)
    assert all(edit.confidence >= 0.99 for edit in sure.edits)
    assert set(all_of_them.edits) - set(sure.edits) <= set(sure.suspects)


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from([*confidence.LIGHT.values(), *confidence.NEURAL.values()]))
def test_what_was_likelier_is_said_to_be_surer(one: float, two: float, knots: confidence.Knots) -> None:
    """Setting confidence right never turns the order of two edits round, and stays a share."""
    assert 0 <= confidence.height(min(one, two), knots) <= confidence.height(max(one, two), knots) <= 1


def test_other_languages_keep_their_words() -> None:
    """French "dont" is a word, and French sets a space before a question mark."""
    text = "Le film dont je parle ? Il est beau : voilà."
    assert repair(text, Options(language="fr-FR")).text == text


def test_supplied_numbers_are_marked() -> None:
    """A number from a person stands in the text, and its edit says who gave it."""
    repaired = repair("Since late , the town is quiet, and since  it is empty.")
    filled = supply(repaired, {11: "2012"})
    assert filled.text == "Since late 2012, the town is quiet, and since [year missing] it is empty."
    assert [edit.rule for edit in filled.edits] == ["numbers.supplied", "numbers.year"]
    assert [(gap.value, gap.origin) for gap in filled.gaps] == [("2012", "facts"), (None, "none")]


def test_the_clean_sample_stays() -> None:
    """The sample as it was before the damage is not touched."""
    clean = (ROOT / "examples" / "the-salt-road.clean.txt").read_text(encoding="utf-8")
    assert repair(clean).edits == ()


def test_a_text_that_has_lost_nothing_is_read_by_no_model() -> None:
    """A scorer takes most of a repair's time; it is asked when what may have been lost could be lost alone."""

    def refuse(view: View) -> Scores:
        raise LookupError

    whole = "“It’s 1999 – a café; so she said,” he wrote  .\n\nNext."
    for kept in (
        whole,
        "“It’s 1999; so she said,” he wrote.\n\nNext.",
        "“It’s late, and I am here,” she said.\n\nNext.",
    ):
        assert {edit.rule for edit in decoder.decode(read(kept), refuse).edits} <= {"spacing.spare"}
    unquoted = whole.replace("“", "").replace("”", "")
    plain = '"It\'s 1999 -- a yard; so she said," he wrote.\n\nNext.'
    undated = "“It’s the th of May,” he wrote.\n\nNext."
    for damaged in (unquoted, undated, plain.replace('"', ""), plain.replace("--", ""), plain.replace("'", "")):
        with pytest.raises(LookupError):
            decoder.decode(read(damaged), refuse)


@pytest.mark.parametrize("model", MODELS)
def test_real_review(real_review: str, model: str) -> None:
    """Seven paragraphs, five lost numbers of the right kind, none invented, every sure contraction."""
    repaired = repair(real_review, Options(model=model))
    assert len(repaired.text.split("\n\n")) == 7
    assert [gap.kind for gap in repaired.gaps] == ["year", "year", "year", "year", "count"]
    assert not re.search(r"\d", repaired.text)
    assert Counter(_family(edit) for edit in repaired.edits).items() >= {"contractions": 9, "semicolons": 2}.items()


def _family(edit: Edit) -> str:
    return edit.rule.partition(".")[0]


def _ascii(text: str) -> str:
    """Letters and digits that damage leaves alone; those with accents are what it takes."""
    return re.sub(r"[^A-Za-z0-9]", "", text)


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_change_no_repair(line_end: str) -> None:
    """A text with the line ends of another system gets the same edits, and keeps its line ends."""
    text = SAMPLE.read_text(encoding="utf-8")
    for source in (text, text.replace("\n\n", "\n"), text.replace(". ", ".\n")):
        repaired = repair(source.replace("\n", line_end))
        assert repaired.text.replace(line_end, "\n") == repair(source).text
