"""Titles of works: capitalised phrases that may have stood in quotation marks.

A phrase is a run of capitalised words, small words between them allowed. What tells a title from a name: a capital
The or A inside a sentence, common words with capitals, small words inside, the words around it, and that the same
phrase comes back in this document ("Last Men in Aleppo", eight times).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from audiobook.repair.features import _SMALL, PAD, Reading

_T = 1 << 40
_A = 1 << 20

LONGEST = 9
"""Words that a title may hold."""

_WORKS = frozenset(
    "film films movie movies documentary novel novels book books story stories poem poems play plays".split()
)
_ARTICLES = frozenset("the a an".split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that may be a title: words `start` to `end` (one past the last)."""

    start: int
    end: int
    times: int
    """How often the phrase stands in this document."""
    whole: bool
    """It is a whole run, not a part of one that comes back."""


def phrases(r: Reading) -> list[Phrase]:
    """All phrases of a document that may be titles, in order."""
    runs = _runs(r)
    words = r.view.words
    counts: Counter[tuple[str, ...]] = Counter()
    for a, b in runs:
        for i, j in _parts(r, a, b):
            counts[tuple(words[i:j])] += 1
    found: list[Phrase] = []
    for a, b in runs:
        full = counts[tuple(words[a:b])]
        best: Phrase | None = None
        for i, j in _parts(r, a, b):
            times = counts[tuple(words[i:j])]
            if (i, j) != (a, b) and j - i >= 2 and times >= 3 and times > 1.5 * full:
                if best is None or (j - i) * times > (best.end - best.start) * best.times:
                    best = Phrase(i, j, times, False)
        if best is not None:
            found.append(best)
        elif b - a <= LONGEST:
            found.append(Phrase(a, b, full, True))
        first = a if best is None else -1
        if first == a and b - a >= 2 and _starts_sentence(r, a) and r.frequency[a + PAD] >= 11:
            found.append(Phrase(a + 1, b, counts[tuple(words[a + 1 : b])], True))
    return found


def _starts_sentence(r: Reading, i: int) -> bool:
    gap = r.view.gaps[i]
    return i == 0 or any(c in gap for c in ".?!:") or "  " in gap


def _runs(r: Reading) -> list[tuple[int, int]]:
    """Runs of capitalised words with small words between them."""
    n, shape, low, gaps = r.count, r.shape, r.lower, r.view.gaps
    runs: list[tuple[int, int]] = []
    i = 0
    while i < n:
        if not shape[i + PAD]:
            i += 1
            continue
        j = i + 1
        while j < n and gaps[j] in (" ", "-", ": ", "  ") and j - i < 14:
            if shape[j + PAD]:
                j += 1
                continue
            k = j
            while k < n and k - j < 3 and low[k + PAD] in _SMALL and gaps[k] == " ":
                k += 1
            if k == j or k >= n or not shape[k + PAD] or gaps[k] != " ":
                break
            j = k + 1
        runs.append((i, j))
        i = j
    return runs


def _parts(r: Reading, a: int, b: int) -> list[tuple[int, int]]:
    """The run and its parts that start and end with a capital."""
    shape = r.shape
    heads = [i for i in range(a, b) if shape[i + PAD]][:8]
    return [(i, j) for i in heads for j in range(i + 1, min(b, i + LONGEST) + 1) if shape[j - 1 + PAD]]


def style(r: Reading) -> int:
    """What kind of text this is, as far as titles go: contractions, talk of works, missing years after "is a"."""
    n = max(r.count, 1)
    works = sum(w in _WORKS for w in r.lower) * 1000 / n
    low = r.lower
    entries = sum(g == "  " and low[i + PAD - 1] == "a" for i, g in enumerate(r.view.gaps))
    rate = 0 if works < 1 else 1 if works < 4 else 2 if works < 10 else 3
    return (r.contraction_rate * 4 + rate) * 3 + (0 if not entries else 1 if entries * 2000 < n else 2)


def features(r: Reading, p: Phrase, kind: int) -> list[int]:
    """Features of a phrase: did it stand in quotation marks?"""
    num, gra, gap, shape, low = r.number, r.grammar, r.gap, r.shape, r.lower
    lo, hi = p.start + PAD, p.end + PAD
    size = min(p.end - p.start, 6)
    caps = [i for i in range(lo, hi) if shape[i]]
    small = sum(not shape[i] for i in range(lo, hi)) > 0
    opens = _starts_sentence(r, p.start)
    article = low[lo] in _ARTICLES
    common = sum(r.frequency[i] >= 9 for i in caps)
    share = 0 if common == 0 else 3 if common == len(caps) else 1 if common * 2 < len(caps) else 2
    lowered = sum(r.seen[low[i]] > 0 for i in caps)
    again = 0 if lowered == 0 else 2 if lowered == len(caps) else 1
    times = p.times if p.times < 3 else 3 if p.times < 5 else 4
    look = (((size * 2 + small) * 2 + article) * 2 + opens) * 4 + share
    owner = int(low[lo - 1][-1:] == "s" and shape[lo - 1] == 1 and gap[lo] in r.plain_gaps)
    last = gra[hi - 1]
    return [
        1 * _T + look,
        2 * _T + look * _A + times,
        3 * _T + look * _A + kind,
        4 * _T + (size * 8 + times) * _A + kind,
        5 * _T + num[lo - 1] * 2 + opens,
        6 * _T + num[hi],
        7 * _T + gap[lo] * _A + gap[hi],
        8 * _T + gap[hi] * _A + num[hi],
        9 * _T + num[lo - 1] * _A + look,
        10 * _T + (gra[lo - 1] * 2 + opens) * _A + gra[hi],
        11 * _T + kind * _A + times * 2 + opens,
        12 * _T + (kind * 2 + owner) * _A + size,
        13 * _T + num[lo],
        14 * _T + num[hi - 1],
        15 * _T + again * 64 + share * 8 + size,
        16 * _T + (again * 64 + share * 8 + size) * _A + kind,
        17 * _T + num[lo - 2] * _A + num[lo - 1],
        18 * _T + gra[lo] * _A + last,
        19 * _T + (p.whole * 8 + times) * _A + size,
        20 * _T + gap[hi] * _A + look,
        21 * _T + gap[lo] * _A + look,
        22 * _T + kind * _A + num[lo - 1],
        23 * _T + kind * _A + gap[hi],
        24 * _T + (times * 2 + article) * _A + kind,
        25 * _T + r.doc_rates * _A + size,
    ]
