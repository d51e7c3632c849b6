"""Repair: what is restored, what stays, and what no repair may ever do."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobook import edits
from audiobook.model import Edit
from audiobook.repair import gaps, propose, repair, rules, supply
from audiobook.repair.damage import Damage
from tests.conftest import ROOT, SAMPLE, cases

FILES = sorted((ROOT / "tests" / "cases" / "repair").glob("*.txt"))
CASES = [pytest.param(*case, id=f"{file.stem}: {case[0][:40]}") for file in FILES for case in cases(file)]

# Pieces that the rules look for, so that random texts reach them, between letters of any script.
WORDS = "dont theyre Im Ive its were late since between and in the s th -year-old $ % () don’t Fayyads O'Neill"
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
]
PIECES = st.sampled_from([*WORDS.split(), *SIGNS, "[year missing]"])
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join) | st.text()


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_case(text: str, expected: str) -> None:
    """A text comes out as its case file says."""
    assert repair(text).text == expected


@pytest.mark.parametrize("text", [case[1] for file in FILES for case in cases(file)])
def test_what_was_repaired_is_right(text: str) -> None:
    """A second pass over repaired text finds nothing."""
    assert propose(text) == ()


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_reversible(text: str) -> None:
    """Reverting the edit list gives the source back, and the list survives its file."""
    repaired = repair(text)
    assert edits.revert(repaired.text, edits.load(edits.dump(repaired.edits))) == text


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_a_second_pass_finds_nothing(text: str) -> None:
    """Repaired text is right in the eyes of the rules."""
    assert propose(repair(text).text) == ()


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_no_letter_or_digit_is_lost_or_invented(text: str) -> None:
    """Letters and digits come through in their order; only the marks of lost numbers are new."""
    marked = repair(text)
    assert _words(edits.apply(text, [e for e in marked.edits if not e.rule.startswith("numbers.")])) == _words(text)
    assert all(re.fullmatch(r"\[[a-z]+ missing\]", e.after) for e in marked.edits if e.rule.startswith("numbers."))


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_each_rule_keeps_its_contract(text: str) -> None:
    """A rule's edits quote the source, change something and don't overlap each other."""
    for rule in rules():
        found = sorted(rule.propose(text, Damage.of(text, "en")), key=lambda edit: (edit.start, edit.end))
        assert all(text[edit.start : edit.end] == edit.before != edit.after for edit in found)
        assert all(one.end <= two.start for one, two in pairwise(found))
        assert len({(edit.start, edit.end) for edit in found}) == len(found)


def test_a_contract_is_not_kept_by_chance() -> None:
    """Every rule finds something in the sample, so the properties above have something to hold."""
    text = SAMPLE.read_text(encoding="utf-8")
    silent = [rule for rule in rules() if not list(rule.propose(text, Damage.of(text, "en")))]
    assert silent == []


def test_other_languages_keep_their_words() -> None:
    """French "dont" is a word, and French sets a space before a question mark."""
    text = "Le film dont je parle ? Il est beau : voilà."
    assert repair(text, "fr-FR").text == text


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
    assert propose(clean) == ()


def test_real_review(real_review: str) -> None:
    """Seven paragraphs, five lost numbers of the right kind, none invented, every sure contraction."""
    repaired = repair(real_review)
    assert len(repaired.text.split("\n\n")) == 7
    assert [gap.kind for gap in gaps(repaired.edits)] == ["year", "year", "year", "year", "count"]
    assert not re.search(r"\d", repaired.text)
    assert Counter(_family(edit) for edit in repaired.edits) == {
        "contractions": 9,
        "paragraphs": 6,
        "numbers": 5,
        "semicolons": 2,
        "spacing": 3,
    }


def _family(edit: Edit) -> str:
    return edit.rule.partition(".")[0]


def _words(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
