"""Who owns: one or several ("each user’s", "three days’"), and what the names of a document say of themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from audiobook.repair.scores import Scores
from audiobook.repair.view import View

_ONE = frozenset("a an this that each every another one either neither".split())
_SEVERAL = frozenset("these those many several both few two three four five six seven eight nine ten twelve".split())
_OF_SEVERAL = _SEVERAL | frozenset("the other all some most no".split())
"""Words before a name that may be the plural of a name: "the Smiths", "no Hamlets"."""

_BARE = 0.3
"""Probability of an apostrophe below which a word stands bare."""
_OFTEN = 4
"""Places that a plural name must have before they are asked."""
_KNOWN = 3
"""Places that a name must have without its s before they are asked, and twice as many as with it."""
_PAUSE = re.compile("[.?!,'] *\\Z")

_ADJECTIVE = re.compile("(?:ive|al|ous|ful|less|ic|able|ible|est|ary)\\Z")
_DETERMINERS = frozenset("this his its".split())


@dataclass(frozen=True, slots=True)
class Names:
    """What a document shows of its names by how they stand."""

    plural: frozenset[str]
    """Capitalised words in -s that mostly stand without an apostrophe: the name is a plural, or ends in s itself."""
    seen: Mapping[str, int]
    """How often every word stands in the document, as it is written."""


def names(view: View, scores: Scores) -> Names:
    """Ask every place of every name."""
    places: Counter[str] = Counter()
    bare: Counter[str] = Counter()
    for word, s, plural in zip(view.words, scores.s, scores.plural, strict=True):
        if word[-1] == "s" and word[0].isupper():
            places[word] += 1
            bare[word] += s + plural < _BARE
    several = (word for word, times in places.items() if times >= _OFTEN and bare[word] * 2 > times)
    return Names(frozenset(several), Counter(view.words))


def number_of(view: View, i: int) -> int:
    """-1 where the word before says that one owns, 1 where it says that several do, 0 where it says nothing."""
    if i == 0 or view.gaps[i] != " ":
        return 0
    before = view.words[i - 1].lower()
    return (before in _SEVERAL) - (before in _ONE)


def is_known(view: View, i: int, names: Names) -> bool:
    """Whether a word is a name of the document with an s, and stands where a plural of it hardly would.

    In the training texts 93 to 98 in 100 such words were possessives.
    """
    word = view.words[i]
    if i == 0 or len(word) < 4 or not word[0].isupper() or not word[1:].islower():
        return False
    if names.seen.get(word[:-1], 0) < max(_KNOWN, 2 * names.seen[word]):
        return False
    if view.gaps[i] == " ":
        before = view.words[i - 1]
        return before.islower() and before not in _OF_SEVERAL
    return _PAUSE.search(view.gaps[i]) is not None and _goes_on(view, i)


def owns_a_quality(view: View, i: int, names: Names) -> bool:
    """Whether the name of several is followed by an adjective and its noun: "the Dodgers collective will".

    A noun may follow such a name without an apostrophe ("Dodgers history"), an adjective hardly ever.
    """
    word = view.words[i]
    if word not in names.plural or word.lower() in _DETERMINERS or not _goes_on(view, i):
        return False
    return _ADJECTIVE.search(view.words[i + 1]) is not None and view.gaps[i + 2] == " "


def _goes_on(view: View, i: int) -> bool:
    """Whether a word in lower case follows, and is not the last."""
    return i + 2 < len(view.words) and view.gaps[i + 1] == " " and view.words[i + 1].islower()
