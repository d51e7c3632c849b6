"""Whether one owns or several do: "each user’s", "three days’", "the Dodgers’"."""

from __future__ import annotations

from collections import Counter

from audiobook.repair.scores import Scores
from audiobook.repair.view import View

_ONE = frozenset("a an this that each every another one either neither".split())
_SEVERAL = frozenset("these those many several both few two three four five six seven eight nine ten twelve".split())

_BARE = 0.3
"""Probability of an apostrophe below which a word stands bare."""
_OFTEN = 4
"""Places that a name must have before they are asked."""


def number_of(view: View, i: int) -> int:
    """-1 where the word before says that one owns, 1 where it says that several do, 0 where it says nothing."""
    if i == 0 or view.gaps[i] != " ":
        return 0
    before = view.words[i - 1].lower()
    return (before in _SEVERAL) - (before in _ONE)


def plural_names(view: View, scores: Scores) -> frozenset[str]:
    """Capitalised words in -s that mostly stand without an apostrophe: the name is a plural, or ends in s itself."""
    places: Counter[str] = Counter()
    bare: Counter[str] = Counter()
    for word, s, plural in zip(view.words, scores.s, scores.plural, strict=True):
        if word[-1] == "s" and word[0].isupper():
            places[word] += 1
            bare[word] += s + plural < _BARE
    return frozenset(word for word, times in places.items() if times >= _OFTEN and bare[word] * 2 > times)
