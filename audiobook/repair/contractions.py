"""Contractions that are no words without their apostrophe: "theyre", "dont", "Im"."""

from __future__ import annotations

import re

from audiobook.repair import forms
from audiobook.repair.scores import Scores
from audiobook.repair.view import View

SURE = 0.995
"""Share of such words that were contractions in held-out text."""

_PARTICLE = re.compile("[dlDLO][A-Z][a-z]{2,}")
"""D’Artagnan, O’Brien, d’Orsay: a capital inside a word, after a letter that elides."""


_OF_I = frozenset(("im", "ive"))
"""Also names: Jony Ive, Im Kwon-taek. "I" is always a capital, so in lower case they are nothing."""


_IN_TITLES = frozenset("I A The Not Gonna So Your Still Just All Alive Sorry Here Always Never Got Been Had".split())
"""What follows "I’m" and "I’ve" where every word has a capital: "I’m Not There"."""


def _is_name(view: View, i: int) -> bool:
    """Whether a capitalised word stands right beside "Im" or "Ive" within the sentence."""
    words, gaps = view.words, view.gaps
    after = i + 1 < len(words) and gaps[i + 1] == " " and words[i + 1][0].isupper()
    if after and (words[i + 1] in _IN_TITLES or words[i + 1].endswith(("in", "ing", "ed", "en"))):
        return False
    # the capital of a sentence's first word says nothing: "If Im"
    before = i > 1 and gaps[i] == gaps[i - 1] == " " and words[i - 1][0].isupper() and words[i - 1] != "I"
    return after or before


def sure_form(word: str) -> str | None:
    """The word with its apostrophe, if it cannot be anything else."""
    low = word.lower()
    if low in _OF_I and not word[0].isupper():
        return None
    form = forms.SURE.get(low)
    if form is None and low in forms.SURE_LEADING:
        form = forms.LEADING[low]
    if form is not None:
        return forms.with_case(form, word)
    if _PARTICLE.fullmatch(word):
        return f"{word[0]}’{word[1:]}"
    return None


def decide(view: View, scores: Scores) -> dict[int, tuple[str, float]]:
    """Word to its form and confidence."""
    del scores
    memo = {word: sure_form(word) for word in set(view.words)}
    found: dict[int, tuple[str, float]] = {}
    for i, word in enumerate(view.words):
        form = memo[word]
        if form is not None and not (word.lower() in _OF_I and _is_name(view, i)):
            found[i] = (form, SURE)
    return found
