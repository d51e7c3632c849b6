"""The title of the work under review: a capitalised phrase that comes back, "The Salt Road" eight times.

Reviews of today put it in quotation marks each time. Older criticism and encyclopaedias use italics, which leave no
trace, so the rule asks for a text that talks of works and contracts its verbs, and for a phrase that is no name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from audiobook.repair import forms
from audiobook.repair.view import View

LONGEST = 9
"""Words that a title may hold."""

CONFIDENCE = 0.9
"""Estimated; no openly licensed body of modern reviews was at hand to measure it."""

_SMALL = frozenset("of the a an in on and to for with from at by or de la le du des no".split())
_WORKS = frozenset("film films movie movies documentary screenplay cinema novel book album episode".split())
"""Words for works and nothing else: offices have directors, features and a performance too, and children play."""
_LEAST_WORKS = 4.0
"""Such words per 1,000 words of a review."""
_COMMON = 8
"""Frequency bucket from which a word is too common to be a person's or a place's name (Zipf's scale 4.5)."""


def recurring(view: View, number: Mapping[str, int], frequency: bytes) -> list[tuple[int, int]]:
    """Every place of the title, as (first word, one past the last); empty where the text has no such title.

    `number` and `frequency` are those of the lexicon.
    """
    if not _is_review(view):
        return []
    places = _phrases(view)
    best: tuple[float, tuple[str, ...]] | None = None
    for phrase, spans in places.items():
        weight = _weight(view, phrase, spans, number, frequency)
        if weight and (best is None or weight > best[0]):
            best = (weight, phrase)
    return [] if best is None else sorted(places[best[1]])


def _is_review(view: View) -> bool:
    n = len(view.words)
    low = [w.lower() for w in view.words]
    sure = sum(w in forms.SURE for w in low)
    works = sum(w in _WORKS for w in low)
    return n >= 100 and sure * 400 >= n and works * 1000 >= n * _LEAST_WORKS


def _phrases(view: View) -> dict[tuple[str, ...], list[tuple[int, int]]]:
    """Phrases of two words and more that start and end with a capital, and their places."""
    words, gaps = view.words, view.gaps
    n = len(words)
    counts: Counter[tuple[str, ...]] = Counter()
    spans: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for i in range(n):
        if not words[i][0].isupper():
            continue
        for j in range(i + 1, min(n, i + LONGEST)):
            if gaps[j] not in (" ", ": ", "  ", "-"):
                break
            if not words[j][0].isupper():
                if words[j] in _SMALL:
                    continue
                break
            phrase = tuple(words[i : j + 1])
            counts[phrase] += 1
            spans.setdefault(phrase, []).append((i, j + 1))
    return {phrase: spans[phrase] for phrase, times in counts.items() if times >= 2}


def _weight(
    view: View, phrase: tuple[str, ...], spans: list[tuple[int, int]], number: Mapping[str, int], frequency: bytes
) -> float:
    """How much a phrase looks like the title; 0 for no title."""
    capitals = [w for w in phrase if w[0].isupper()]
    common = sum(frequency[number.get(w.lower(), 0)] >= _COMMON for w in capitals)
    small = any(w in _SMALL for w in phrase)
    article = phrase[0] == "The"
    if common < 2 or not (small or article or len(phrase) > 2):
        return 0.0
    led = sum(i > 0 and view.words[i - 1].lower() in ("the", "a", "an", "this", "these") for i, _ in spans)
    if led * 4 > len(spans) or len(spans) < (2 if len(phrase) > 2 else 3):
        return 0.0
    return len(spans) * (len(phrase) - 0.5)
