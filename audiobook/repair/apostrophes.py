"""Apostrophes that only the context can tell: its/it’s, were/we’re, Okafors/Okafor’s, audiences/audiences’."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from audiobook.repair import forms, owners
from audiobook.repair.decisions import Thresholds
from audiobook.repair.pen import Pen
from audiobook.repair.scores import Scores
from audiobook.repair.view import View

Decision = tuple[str, float, str]
"""The form, its confidence, and the rule's name."""

_SIGN = "’"


_OF_A_KNOWN_NAME = 0.93
"""Least confidence of a possessive by `owners.is_known`: the share that was right in the training texts."""
_LEAST = 0.04
"""Odds of all together below which nobody looks closer."""
_OF_A_QUALITY = 0.63
"""The same for the plural one by `owners.owns_a_quality`, whatever the odds."""

_OWNED = frozenset("a an the his my our your their no every this that".split())
_VETO: dict[str, frozenset[str]] = {
    "wed": _OWNED | frozenset("is was were be been being are am got get newly".split()),
    "shed": _OWNED | frozenset("to will would can could may might must has have had be".split()),
    "cant": _OWNED | frozenset("in of with by such much and pious".split()),
    "wont": _OWNED | frozenset("her its as is was were are be".split()),
    "well": _OWNED - {"that", "this"} | frozenset("very quite so too pretty fairly perfectly".split()),
    "were": _OWNED - {"that", "this", "no"},
    "ill": _OWNED - {"that", "this"},
    "id": _OWNED - {"that", "this"},
}
"""Words after which an ambiguous word is itself: no verb has a subject that an article or "was" comes right before."""


_OF_I = frozenset(("ill", "id"))
"""Of I, which is always a capital: in lower case they are words of their own."""
_PLURAL_VERBS = frozenset(
    "are were have had do did live lived come came go went say said make made take took get got give gave know knew "
    "think thought want wanted see saw keep kept play played seem seemed stay stayed leave left arrive arrived".split()
)


def _family(view: View, i: int) -> bool:
    """Whether it is "the Smiths live": an article, a capital, and the verb of a plural."""
    if i == 0 or i + 1 >= len(view.words) or not view.words[i][0].isupper() or view.gaps[i + 1] != " ":
        return False
    return view.words[i - 1] in ("the", "The") and view.words[i + 1] in _PLURAL_VERBS


def _vetoed(view: View, i: int, low: str) -> bool:
    """Whether the word before, with a space between, rules out a contraction."""
    if low in _OF_I and view.words[i][0].islower():
        return True
    return i > 0 and view.gaps[i] == " " and view.words[i - 1].lower() in _VETO.get(low, _OWNED)


def decide(view: View, scores: Scores, limits: Thresholds) -> tuple[dict[int, Decision], dict[int, Decision]]:
    """Words to change, and words near the line."""
    sure: dict[int, Decision] = {}
    near: dict[int, Decision] = {}
    names = owners.names(view, scores)
    for i, word in enumerate(view.words):
        found = _one(view, scores, limits, i, word, names)
        if found is None:
            continue
        decision, threshold = found
        if decision[1] >= threshold:
            sure[i] = decision
        elif decision[1] >= threshold * limits.suspect:
            near[i] = decision
    return sure, near


def _one(
    view: View, scores: Scores, limits: Thresholds, i: int, word: str, names: owners.Names
) -> tuple[Decision, float] | None:
    form, lead, s, plural = scores.form[i], scores.lead[i], scores.s[i], scores.plural[i]
    if form + lead + s + plural < _LEAST:
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
    if low[-1] != "s" or len(low) < 2 or _family(view, i):
        return None
    either = min(s + plural, 1.0)
    if low in forms.AMBIGUOUS_S:
        return (_before_s(word), either, "apostrophes.its"), limits.s
    return _owned(view, limits, i, names, either, plural)


def _owned(
    view: View, limits: Thresholds, i: int, names: owners.Names, either: float, plural: float
) -> tuple[Decision, float]:
    """’s or s’: `either` says whether, its share that is `plural` says which, and the document has its say in both."""
    word = view.words[i]
    number = 1 if word in names.plural else owners.number_of(view, i)
    if number > 0 or (number == 0 and plural >= limits.plural * either):
        least = limits.names if word in names.plural else limits.owners
        if either >= limits.quality and owners.owns_a_quality(view, i, names):
            either, least = max(either, _OF_A_QUALITY), limits.quality
        return (f"{word}’", either, "apostrophes.plural"), least
    if either >= limits.known and owners.is_known(view, i, names):
        either = max(either, _OF_A_KNOWN_NAME)
    return (_before_s(word), either, "apostrophes.possessive"), limits.possessive


def _before_s(word: str) -> str:
    return f"{word[:-1]}’{word[-1]}"


def agree(view: View, sure: dict[int, Decision], near: dict[int, Decision]) -> None:
    """One rare name, one verdict: where most of a capitalised word's places say ’s, a place near the line follows."""
    places: dict[str, list[int]] = defaultdict(list)
    for i in [*sure, *near]:
        if view.words[i][0].isupper():
            places[view.words[i]].append(i)
    for word, spots in places.items():
        firm = [i for i in spots if i in sure and sure[i][2] == "apostrophes.possessive"]
        if len(firm) >= 2 and len(firm) * 2 > view.count(word):
            for i in spots:
                if i in near and near[i][2] == "apostrophes.possessive":
                    sure[i] = near.pop(i)


def write(pen: Pen, sure: Mapping[int, Decision], near: Mapping[int, Decision], replaced: Mapping[int, int]) -> None:
    """Write the apostrophes. `replaced` says how many letters of a word an accent's edit has taken already."""
    view = pen.view
    for decided, put in ((sure, pen.edit), (near, pen.suspect)):
        for i, (form, confidence, rule) in decided.items():
            place = _place(view, i, form)
            if place is not None and place - view.starts[i] >= replaced.get(i, 0):
                # The whole word, so that a reader sees what became of it; but an accent's edit may have its head.
                start, end = (place, place) if i in replaced else (view.starts[i], view.ends[i])
                put(start, end, f"{view.source[start:place]}{_SIGN}{view.source[place:end]}", rule, confidence)


def _place(view: View, i: int, form: str) -> int | None:
    """Where the apostrophe that turns word i into the form goes; None if the source has one there."""
    word = view.word_in_source(i)
    at = form.index(_SIGN)
    if any(c in "'’ʼ" for c in word):
        return None
    if at == 0:
        before = view.source[max(view.starts[i] - 1, 0) : view.starts[i]]
        return None if before in ("'", _SIGN, "‘") else view.starts[i]
    if at == len(form) - 1:
        return None if view.source[view.ends[i] :][:1] in ("'", _SIGN) else view.ends[i]
    if word == view.words[i]:
        return view.starts[i] + at
    if not word.endswith(form[at + 1 :]):
        return None
    return view.ends[i] - (len(form) - 1 - at)  # letters with accents stand before it
