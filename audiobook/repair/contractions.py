"""Contractions that are no words without their apostrophe: "theyre", "dont", "Im"."""

from __future__ import annotations

import re

from audiobook.repair import forms
from audiobook.repair.view import View

SURE = 0.995
"""Share of such words that were contractions in held-out text."""

_PARTICLE = re.compile("[dlDLO][A-Z][a-z]{2,}")
"""D’Artagnan, O’Brien, d’Orsay: a capital inside a word, after a letter that elides."""


def sure_form(word: str) -> str | None:
    """The word with its apostrophe, if it cannot be anything else."""
    low = word.lower()
    form = forms.SURE.get(low)
    if form is None and low in forms.SURE_LEADING:
        form = forms.LEADING[low]
    if form is not None:
        return forms.with_case(form, word)
    if _PARTICLE.fullmatch(word):
        return f"{word[0]}’{word[1:]}"
    return None


def decide(view: View) -> dict[int, tuple[str, float]]:
    """Word to its form and confidence."""
    memo = {word: sure_form(word) for word in set(view.words)}
    forms_of = ((i, memo[word]) for i, word in enumerate(view.words))
    return {i: (form, SURE) for i, form in forms_of if form is not None and not _is_name(view, i)}


def _is_name(view: View, i: int) -> bool:
    """Tell "Jony Ive" and "Im Kwon-taek" from what somebody says."""
    word = view.words[i]
    if word.lower() not in ("im", "ive"):
        return False
    after = view.words[i + 1][:1] if i + 1 < len(view.words) and view.gaps[i + 1] == " " else ""
    before = view.words[i - 1] if i and view.gaps[i] == " " else ""
    return word[0] != "I" or (after.isupper() and after != "I") or (before[:1].isupper() and before[1:].islower())
