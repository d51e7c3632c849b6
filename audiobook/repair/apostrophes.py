"""Apostrophes that only the context can tell: its/it’s, were/we’re, Fayyads/Fayyad’s, audiences/audiences’."""

from __future__ import annotations

from collections import defaultdict

from audiobook.repair import forms
from audiobook.repair.decisions import Thresholds
from audiobook.repair.scores import Scores
from audiobook.repair.view import View

Decision = tuple[str, float, str]
"""The form, its confidence, and the rule's name."""


_OWNED = frozenset(["a", "an", "the", "his", "my", "our", "your", "their", "no", "every", "this", "that"])
_VETO: dict[str, frozenset[str]] = {
    "wed": _OWNED | frozenset(["is", "was", "were", "be", "been", "being", "are", "am", "got", "get", "newly"]),
    "shed": _OWNED
    | frozenset(["to", "will", "would", "can", "could", "may", "might", "must", "has", "have", "had", "be"]),
    "cant": _OWNED | frozenset(["in", "of", "with", "by", "such", "much", "and", "pious"]),
    "wont": _OWNED | frozenset(["her", "its", "as", "is", "was", "were", "are", "be"]),
    "well": _OWNED - {"that", "this"} | frozenset(["very", "quite", "so", "too", "pretty", "fairly", "perfectly"]),
    "were": _OWNED - {"that", "this", "no"},
    "ill": _OWNED - {"that", "this"},
    "id": _OWNED - {"that", "this"},
}
"""Words after which an ambiguous word is itself: no verb has a subject that an article or "was" comes right before."""


def _vetoed(view: View, i: int, low: str) -> bool:
    """Does the word before, with a space between, rule out a contraction?"""
    return i > 0 and view.gaps[i] == " " and view.words[i - 1].lower() in _VETO.get(low, _OWNED)


_PLURAL_VERBS = frozenset("are were have had do did live lived play played say said go went come came".split())


def _is_plural_name(view: View, i: int) -> bool:
    """Tell "the Smiths live" from "the Smiths house"."""
    if not 0 < i < len(view.words) - 1 or view.gaps[i] != " " or view.gaps[i + 1] != " ":
        return False
    word, before, after = view.words[i], view.words[i - 1], view.words[i + 1]
    return before.lower() == "the" and word[0].isupper() and word[-1] == "s" and after in _PLURAL_VERBS


def decide(view: View, scores: Scores, limits: Thresholds) -> tuple[dict[int, Decision], dict[int, Decision]]:
    """Words to change, and words near the line."""
    sure: dict[int, Decision] = {}
    near: dict[int, Decision] = {}
    for i, word in enumerate(view.words):
        found = _one(view, scores, limits, i, word)
        if found is None or _is_plural_name(view, i):
            continue
        decision, threshold = found
        if decision[1] >= threshold:
            sure[i] = decision
        elif decision[1] >= threshold * limits.suspect:
            near[i] = decision
    return sure, near


def _one(view: View, scores: Scores, limits: Thresholds, i: int, word: str) -> tuple[Decision, float] | None:
    form, lead, s, plural = scores.form[i], scores.lead[i], scores.s[i], scores.plural[i]
    if form + lead + s + plural < 0.1:
        return None
    low = word.lower()
    if low in forms.SURE or (word.isupper() and len(word) > 1 and low != "its"):
        return None  # an abbreviation: ID, MPs
    if low in forms.AMBIGUOUS and low != "hed":
        if form < 0.1 or _vetoed(view, i, low):
            return None
        return (forms.with_case(forms.AMBIGUOUS[low], word), form, "apostrophes.contraction"), limits.form
    if low in forms.LEADING:
        return (f"’{word}", lead, "apostrophes.leading"), limits.lead
    if low[-1] != "s" or len(low) < 2:
        return None
    # either form: the probabilities of ’s and s’ together say whether, their ratio says which
    either = s + plural
    name, least = (
        ("apostrophes.its", limits.s) if low in forms.AMBIGUOUS_S else ("apostrophes.possessive", limits.possessive)
    )
    if plural >= limits.plural and plural > s:
        return (f"{word}’", min(either, 1.0), "apostrophes.plural"), limits.possessive
    return (f"{word[:-1]}’{word[-1]}", min(either, 1.0), name), least


def agree(view: View, sure: dict[int, Decision], near: dict[int, Decision]) -> None:
    """One rare name, one verdict: where most of a capitalised word's places say ’s, a place near the line follows."""
    places: dict[str, list[int]] = defaultdict(list)
    for i in [*sure, *near]:
        if view.words[i][0].isupper():
            places[view.words[i]].append(i)
    for word, spots in places.items():
        firm = [i for i in spots if i in sure and sure[i][2] == "apostrophes.possessive"]
        if len(firm) >= 2 and len(firm) * 2 > view.words.count(word):
            for i in spots:
                if i in near and near[i][2] == "apostrophes.possessive":
                    sure[i] = near.pop(i)
