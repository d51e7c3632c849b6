"""Feature templates: the numbers a model sums for one decision.

Every function returns a list of integers `template << 40 | a << 20 | b`. Indices are those of `Reading`: word i of
the view is at i + PAD.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from audiobook.repair import forms
from audiobook.repair.features import _FIRST_SECOND, _SMALL, PAD, SPEECH, Reading

_T = 1 << 40
_A = 1 << 20


def is_candidate(low: str) -> bool:
    """Whether this word might have lost an apostrophe: words in -s, and those of the tables."""
    return ((low[-1:] == "s" and low != "s") or low in forms.NUMBER) and low not in forms.SURE


def apostrophe(r: Reading, i: int) -> list[int]:
    """Features of the word at i for the question whether it lost an apostrophe, and which."""
    low, num, com, gra, shp, gap = r.lower, r.number, r.company, r.grammar, r.shape, r.gap
    word = low[i]
    own = forms.NUMBER.get(word, 0)
    me = num[i]
    g, h = gap[i], gap[i + 1]
    p1, p2, n1, n2 = num[i - 1], num[i - 2], num[i + 1], num[i + 2]
    pc, nc, nc2, pc2 = com[i - 1], com[i + 1], com[i + 2], com[i - 2]
    pg, pg2, ng, ng2, ng3 = gra[i - 1], gra[i - 2], gra[i + 1], gra[i + 2], gra[i + 3]
    ns = shp[i + 1]
    t = own if own else 40 + min(shp[i], 3)
    hh = h if h < 600 else 600
    k = t * 1024
    keys = [
        1 * _T + t,
        2 * _T + me,
        3 * _T + me * _A + p1,
        4 * _T + me * _A + n1,
        5 * _T + me * _A + ng * 8 + ns,
        6 * _T + t * _A + p1,
        7 * _T + t * _A + n1,
        8 * _T + t * _A + p2,
        9 * _T + t * _A + n2,
        10 * _T + t * _A + pc,
        11 * _T + t * _A + nc,
        12 * _T + t * _A + nc2,
        13 * _T + (k + pg) * _A + ng * 8 + ns,
        14 * _T + (k + ng) * _A + ng2 * 8 + shp[i + 2],
        15 * _T + (k + pg2) * _A + pg,
        16 * _T + t * _A + hh,
        17 * _T + t * _A + g,
        18 * _T + (k + hh) * _A + ng * 8 + ns,
        19 * _T + (k + g) * _A + pg,
        20 * _T + (k + pc) * _A + nc,
        21 * _T + (k + ng) * _A + ng2 * 1024 + ng3,
        22 * _T + p1 * _A + n1,
        23 * _T + t * _A + r.contraction_rate,
        24 * _T + (k + r.contraction_rate) * _A + ng,
        25 * _T + (k + ng2) * _A + gap[i + 2],
        28 * _T + (k + ng) * _A + gap[i + 2],
        50 * _T + (k + pg) * _A + n1,
        51 * _T + (k + ng) * _A + p1,
        52 * _T + (k + ng2) * _A + n1,
        53 * _T + (k + pg) * _A + ng * 1024 + ng2,
        54 * _T + (k + pg2) * _A + pg * 1024 + ng,
        55 * _T + (k + gap[i + 2]) * _A + n1,
        56 * _T + (t * 8 + r.contraction_rate) * _A + p1,
        57 * _T + (t * 8 + r.contraction_rate) * _A + n1,
        58 * _T + (k + nc) * _A + gap[i + 2],
        26 * _T + (k + pc2) * _A + pc,
        27 * _T + (k + nc) * _A + nc2,
    ]
    if not own:
        keys += _stem(r, i, hh, ng * 8 + ns, pg)
    return keys


def _stem(r: Reading, i: int, h: int, ng: int, pg: int) -> list[int]:
    """Features of a word in -s and of the word without it: "Okafors" beside "Okafor"."""
    word = r.view.words[i - PAD]
    stem = word[:-1]
    row = r.stems.get(stem)
    if row is None:
        row = r.stems[stem] = r.stem_row(stem)
    number, frequency, grammar, _ = row
    alone = min(r.seen[stem], 9)
    if alone > 4:
        alone = 5 if alone < 9 else 6
    here = min(r.seen[word], 4)
    s = min(r.shape[i], 3)
    known = r.frequency[i] * 16 + frequency
    ratio = r.apostrophe_bucket(i)
    end = r.suffix3(word)
    return [
        30 * _T + (s * 16 + alone) * _A + here,
        31 * _T + (s * 16 + alone) * _A + known,
        32 * _T + s * _A + known,
        33 * _T + (s * 16 + ratio),
        34 * _T + (s * 16 + ratio) * _A + ng,
        35 * _T + number * _A + h,
        36 * _T + number * _A + ng,
        37 * _T + (grammar * 8 + s) * _A + ng,
        38 * _T + (grammar * 8 + s) * _A + pg,
        39 * _T + (r.grammar[i] * 8 + s) * _A + ng,
        40 * _T + (r.grammar[i] * 8 + s) * _A + pg,
        41 * _T + end * _A + s * 16 + min(alone, 2),
        42 * _T + (s * 16 + alone) * _A + ng,
        43 * _T + (ratio * 16 + alone) * _A + h,
        44 * _T + (r.company[i] * 8 + s) * _A + ng,
        45 * _T + (grammar * 1024 + pg) * _A + ng,
        46 * _T + number,
        47 * _T + (r.gap[i] * 8 + s) * _A + h,
        60 * _T + (r.grammar[i] * 8 + s) * _A + pg * 1024 + r.grammar[i + 1],
        61 * _T + (s * 16 + alone) * _A + r.grammar[i + 1] * 1024 + r.grammar[i + 2],
        62 * _T + (s * 16 + ratio) * _A + r.grammar[i + 1] * 1024 + r.grammar[i + 2],
        63 * _T + (s * 16 + ratio) * _A + pg * 1024 + r.grammar[i - 2],
        64 * _T + (grammar * 8 + s) * _A + r.company[i - 1],
        65 * _T + (grammar * 8 + s) * _A + r.company[i + 1],
        66 * _T + r.finite[i] * 8 + s,
        67 * _T + (r.finite[i] * 8 + s) * _A + r.grammar[i],
        68 * _T + (r.finite[i] * 8 + s) * _A + ng,
    ]


def between(r: Reading, i: int) -> list[int]:
    """Features of the gap before the word at i: whether a quotation opens or closes here, or a dash is lost."""
    num, com, gra, shp, gap = r.number, r.company, r.grammar, r.shape, r.gap
    g = gap[i]
    p1, p2, n1, n2 = num[i - 1], num[i - 2], num[i], num[i + 1]
    pc, nc = com[i - 1], com[i]
    pg2, pg, ng, ng2 = gra[i - 2], gra[i - 1], gra[i], gra[i + 1]
    ps, ns, ns2 = shp[i - 1], shp[i], shp[i + 1]
    k = g * 1024
    shapes = (ps * 8 + ns) * 8 + ns2
    sp = r.speech
    flags = r.flags[i]
    title = r.title_start[i] * 64 + r.title_end[i]
    return [
        1 * _T + g * _A + shapes,
        2 * _T + (k + p1),
        3 * _T + (k + n1),
        4 * _T + p1 * _A + n1,
        5 * _T + g * _A + pc * 1024 + nc,
        6 * _T + (k + pg) * _A + ng,
        7 * _T + (k + ng) * _A + ng2,
        8 * _T + (k + pg) * _A + pg2,
        9 * _T + (pg2 * 1024 + pg) * _A + ng * 1024 + ng2,
        10 * _T + p2 * _A + p1,
        11 * _T + n1 * _A + n2,
        12 * _T + k + ((sp[i - 3] * 2 + sp[i - 2]) * 2 + sp[i - 1]) * 8 + (sp[i] * 2 + sp[i + 1]) * 2 + sp[i + 2],
        13 * _T + g * _A + flags,
        14 * _T + title * _A + g,
        15 * _T + title * _A + flags,
        16 * _T + g * _A + r.contraction_rate * 64 + r.doc_rates,
        17 * _T + (k + p2) * _A + sp[i] * 2 + sp[i - 1],
        18 * _T + (k + n2) * _A + sp[i] * 2 + sp[i - 1],
        19 * _T + g * _A + gap[i - 1] * 1024 + gap[i + 1],
        20 * _T + r.tails[i] * _A + g,
        21 * _T + r.tails[i] * _A + flags,
        22 * _T + p1 * _A + ng,
        23 * _T + pg * _A + n1,
        24 * _T + title * _A + p1,
        25 * _T + title * _A + r.contraction_rate * 64 + r.doc_rates,
        26 * _T + r.chain[i],
        27 * _T + r.chain[i] * _A + g,
        30 * _T + r.tag[i] * _A + g,
        31 * _T + r.tag[i] * _A + flags,
        32 * _T + r.tag[i] * _A + r.contraction_rate * 64 + r.doc_rates,
        33 * _T + r.tag[i] * _A + n1,
        34 * _T + (k + r.finite[i]) * _A + pg,
        35 * _T + (k + r.finite[i]) * _A + ng,
        36 * _T + (r.finite[i] * 1024 + pg) * _A + ng,
    ]


_ORDINARY = frozenset((" ", ", ", ". ", "? ", "! ", ": ", "' ", "-", "", " (", ") ", "), ", "). ", "... ", "/"))

_ORPHAN_LETTERS = frozenset("s st nd rd th d am pm mm km m k f pm".split())


def may_lack_number(gap: str, following: str) -> bool:
    """Whether this gap looks as if a number fell out of it."""
    return gap not in _ORDINARY or following in _ORPHAN_LETTERS


def number(r: Reading, i: int) -> list[int]:
    """Features of the gap before the word at i: whether there was a number, and of what kind."""
    num, com, gra, shp, gap = r.number, r.company, r.grammar, r.shape, r.gap
    g = gap[i]
    e = r.exact_gap(i)
    p1, p2, n1, n2 = num[i - 1], num[i - 2], num[i], num[i + 1]
    pg2, pg, ng, ng2 = gra[i - 2], gra[i - 1], gra[i], gra[i + 1]
    ps, ns = shp[i - 1], shp[i]
    k = g * 1024
    return [
        1 * _T + g,
        2 * _T + e,
        3 * _T + e * _A + ps * 8 + ns,
        4 * _T + g * _A + p1,
        5 * _T + g * _A + n1,
        6 * _T + p1 * _A + n1,
        7 * _T + (k + pg) * _A + ng * 8 + ns,
        8 * _T + p2 * _A + p1,
        9 * _T + n1 * _A + n2,
        10 * _T + g * _A + com[i - 1],
        11 * _T + g * _A + com[i],
        12 * _T + p1,
        13 * _T + n1,
        14 * _T + p2,
        15 * _T + n2,
        16 * _T + (k + pg) * _A + pg2,
        17 * _T + (k + ng) * _A + ng2,
        18 * _T + g * _A + (ps * 8 + ns) * 8 + shp[i + 1],
        19 * _T + p1 * _A + ng * 8 + ns,
        20 * _T + (pg * 8 + ps) * _A + n1,
        21 * _T + g * _A + gap[i - 1] * 1024 + gap[i + 1],
        22 * _T + g * _A + r.doc_rates,
        23 * _T + (pg2 * 1024 + pg) * _A + ng * 8 + ns,
        24 * _T + num[i - 3],
        25 * _T + num[i + 2],
    ]


def paragraph(r: Reading, i: int) -> list[int]:
    """Features of a gap with a run of spaces before the word at i: whether a paragraph ends there."""
    num, gra, shp, gap = r.number, r.grammar, r.shape, r.gap
    e = r.exact_gap(i)
    g = gap[i]
    ns = shp[i]
    p1, n1, n2 = num[i - 1], num[i], num[i + 1]
    return [
        1 * _T + e,
        2 * _T + e * _A + ns,
        3 * _T + g * _A + n1,
        4 * _T + g * _A + p1,
        5 * _T + g * _A + gra[i] * 8 + ns,
        6 * _T + g * _A + gra[i - 1] * 8 + shp[i - 1],
        7 * _T + g * _A + n2,
        8 * _T + n1 * _A + n2,
        9 * _T + g * _A + (ns * 8 + shp[i + 1]) * 8 + shp[i - 1],
        10 * _T + e * _A + gra[i] * 8 + ns,
        11 * _T + g * _A + r.doc_rates,
    ]


_END = re.compile(r"[.?!]")


def prepare_between(r: Reading) -> None:
    """Fill in what `between` needs to know of the whole document."""
    n = r.count
    low = r.lower
    r.speech = [int(w in SPEECH) for w in low]
    r.tag = _tags(r, r.view.gaps)
    first = [int(w in _FIRST_SECOND) for w in low]
    gaps = r.view.gaps
    sentence = [0] * (n + 2 * PAD + 1)
    _sentences(r, gaps, first, sentence)
    _titles(r, gaps)


_SPEAKERS = frozenset("he she they i we one".split())


def _tags(r: Reading, gaps: list[str]) -> list[int]:
    """Tags of speech (", Khaled says."): 1 to 4 before one, 5 to 8 after it, 9 to 20 at its sentence's start."""
    n, low, shape, speech = r.count, r.lower, r.shape, r.speech
    tags = [0] * (n + 2 * PAD + 1)
    start = clause = 0
    for i in range(n):
        gap = gaps[i]
        if "." in gap or "?" in gap or "!" in gap or "  " in gap:
            start, clause = i, 0
        if gap not in _BEFORE_TAG or not i:
            continue
        clause += 1
        end = _tag_end(i, n, low, shape, speech, gaps)
        if not end:
            continue
        inverted = speech[i + PAD]
        after = gaps[end][:1]
        code = 1 + inverted + 2 * (after in (".", ",", "?", "!"))
        tags[i + PAD] = code
        tags[end + PAD] = 4 + code
        if start < i and not tags[start + PAD]:
            tags[start + PAD] = 8 + code + 4 * min(clause - 1, 2)
    return tags


_BEFORE_TAG = frozenset((", ", "? ", "! ", ". "))


def _tag_end(i: int, n: int, low: list[str], shape: list[int], speech: list[int], gaps: list[str]) -> int:
    """One past the last word of the tag that begins at word i; 0 for none."""
    k = i + PAD
    if speech[k]:
        j = i + 1
        named = j < n and gaps[j] == " " and (shape[j + PAD] or low[j + PAD] in ("the", "he", "she", "his", "her"))
        if not named:
            return 0
        while j < n and gaps[j] == " " and j - i < 5:
            j += 1
        return j
    if not (shape[k] or low[k] in _SPEAKERS or low[k] in ("the", "my", "his", "her")):
        return 0
    for j in range(i + 1, min(i + 4, n)):
        if gaps[j] != " ":
            return 0
        if speech[j + PAD]:
            return j + 1
    return 0


def _sentences(r: Reading, gaps: list[str], first: list[int], sentence: list[int]) -> None:
    """Flags of the sentence that ends and of the one that begins at every gap, and the road to the next stop."""
    n = r.count
    size = n + 2 * PAD + 1
    ends = [0] + [i for i in range(1, n) if _END.search(gaps[i])] + [n]
    bounds = list(dict.fromkeys(ends))
    if len(bounds) < 2:
        bounds = [0, n]
    info: list[int] = []
    for a, b in pairwise(bounds):
        info.append(_sentence_info(r, gaps, first, a, b))
    flags = [0] * size
    tails = [0] * size
    chain = [0] * size
    before = 0
    for k, (a, b) in enumerate(pairwise(bounds)):
        mine = info[k]
        after = info[k + 1] if k + 1 < len(info) else 0
        for i in range(a, b):
            # the gap at a sentence's start sees the sentence before it; within a sentence it sees the one after
            flags[i + PAD] = (mine * 32 + before) * 2 + 1 if i == a else (mine * 32 + after) * 2
        before = mine
        _roads(gaps, first, r.speech, a, b, tails, chain)
    flags[n + PAD] = before * 64
    r.flags, r.tails, r.chain = flags, tails, chain


def _sentence_info(r: Reading, gaps: list[str], first: list[int], a: int, b: int) -> int:
    """Five bits of a sentence: asks or exclaims, holds a speech verb, says I or you, is short."""
    stop = gaps[b] if b < len(gaps) else ""
    ask = "?" in stop or "!" in stop
    lo, hi = a + PAD, b + PAD
    me = sum(first[lo:hi])
    said = 1 in r.speech[lo:hi]
    return ask | said << 1 | (me > 0) << 2 | (me > 1) << 3 | (b - a < 8) << 4


def _roads(
    gaps: list[str], first: list[int], speech: list[int], a: int, b: int, tails: list[int], chain: list[int]
) -> None:
    """What a gap sees of its clause on either side: words said to someone, length, the mark at the clause's end."""
    marks = [i for i in range(a + 1, b) if gaps[i][:1] in ",:'(" or gaps[i][:2] == " ("]
    edges = [a, *marks, b]
    rows: list[tuple[int, int]] = []
    for lo, hi in pairwise(edges):
        me = min(sum(first[lo + PAD : hi + PAD]), 2)
        said = int(1 in speech[lo + PAD : min(hi, lo + 4) + PAD])
        size = hi - lo
        rows.append((lo, ((me * 2 + said) * 4 + (0 if size < 3 else 1 if size < 6 else 2 if size < 12 else 3))))
    for k, (lo, row) in enumerate(rows):
        hi = rows[k + 1][0] if k + 1 < len(rows) else b
        left = rows[k - 1][1] if k else 31
        right = rows[k + 1][1] if k + 1 < len(rows) else 31
        left2 = rows[k - 2][1] if k > 1 else 31
        tails[lo + PAD] = (left * 32 + row) * 32 + right
        chain[lo + PAD] = ((left2 * 32 + left) * 32 + row) * 32 + right
        inner = 0x8000 + row
        for i in range(lo + 1, hi):
            tails[i + PAD] = inner * 8 + min(i - lo, 7)
            chain[i + PAD] = 0x100000 + (left * 32 + right) * 8 + min(hi - i, 7)


def _titles(r: Reading, gaps: list[str]) -> None:
    """Runs of capitalised words: where they start and end, how long, and whether they come back."""
    size = r.count + 2 * PAD + 1
    r.title_start, r.title_end = [0] * size, [0] * size
    words = r.view.words
    runs: list[tuple[int, int, bool]] = []
    i = 0
    while i < r.count:
        if r.shape[i + PAD]:
            j, small = _run_end(r, gaps, i)
            runs.append((i, j, small))
            i = j
        else:
            i += 1
    names = Counter(" ".join(words[a:b]) for a, b, _ in runs)
    for a, b, small in runs:
        known = min(names[" ".join(words[a:b])], 3)
        common = all(r.frequency[x + PAD] >= 7 for x in range(a, b))
        code = ((min(b - a, 4) - 1) * 2 + small) * 3 + known + 24 * common  # 1 to 48
        r.title_start[a + PAD] = code
        r.title_end[b + PAD] = code


def _run_end(r: Reading, gaps: list[str], i: int) -> tuple[int, bool]:
    """Where the run of capitalised words from i ends, and whether small words stand inside it."""
    n, shape, low = r.count, r.shape, r.lower
    j, small = i + 1, False
    while j < n and gaps[j] in (" ", ": ", "-", "  "):
        if shape[j + PAD]:
            j += 1
            continue
        k = j
        while k < n and k - j < 3 and low[k + PAD] in _SMALL and gaps[k] == " ":
            k += 1
        if k == j or k >= n or not shape[k + PAD] or gaps[k] != " ":
            break
        j, small = k + 1, True
    return j, small


_CUT = re.compile(r"[,.?!:'()]|  ")
"""A gap with one of these ends a segment."""


def segments(r: Reading) -> list[tuple[int, int]]:
    """Stretches of words between marks, as (first word, one past the last)."""
    gaps = r.view.gaps
    cuts = [0, *(i for i in range(1, r.count) if _CUT.search(gaps[i])), r.count]
    return [(a, b) for a, b in pairwise(cuts) if a < b]


def segment(r: Reading, k: int, spans: list[tuple[int, int]]) -> list[int]:
    """Features of a stretch of words: whether it stands inside quotation marks."""
    num, gra, gap, sp = r.number, r.grammar, r.gap, r.speech
    a, b = spans[k]
    lo, hi = a + PAD, b + PAD
    before, after = gap[lo], gap[hi]
    size = b - a
    length = size if size < 4 else 4 if size < 7 else 5 if size < 12 else 6 if size < 20 else 7
    rates = r.contraction_rate * 64 + r.doc_rates
    n1, n2 = num[hi], num[hi + 1]
    said_next = sp[hi] | sp[hi + 1] << 1 | sp[hi + 2] << 2
    said_here = sp[lo] | sp[lo + 1] << 1 | (sp[lo + 2] << 2 if size > 2 else 0)
    said_back = sp[lo - 1] | sp[lo - 2] << 1 | sp[lo - 3] << 2
    ends = r.sentence_end[hi]
    bag = set(num[lo:hi])
    bag.discard(0)
    keys = [1 * _T + w for w in bag]
    keys += [2 * _T + g for g in set(gra[lo:hi])]
    keys += [
        3 * _T + before * _A + after,
        4 * _T + before * 8 + length,
        5 * _T + after * 8 + length,
        6 * _T + before * _A + num[lo],
        7 * _T + after * _A + n1,
        8 * _T + after * _A + said_next,
        9 * _T + (before * 8 + said_here) * _A + after,
        10 * _T + before * _A + said_back,
        11 * _T + rates,
        12 * _T + rates * _A + before,
        13 * _T + num[lo] * _A + num[lo + 1],
        14 * _T + num[hi - 1] * _A + after,
        15 * _T + n1 * _A + n2,
        16 * _T + num[lo - 1] * _A + before,
        17 * _T + ends * _A + length,
        18 * _T + (ends * 8 + said_next) * _A + before,
        19 * _T + (after * 8 + said_next) * _A + gra[hi] * 1024 + gra[hi + 1],
        20 * _T + (before * 8 + said_back) * _A + length,
        21 * _T + gap[spans[k - 1][0] + PAD] * 1024 + before if k else 21 * _T,
        24 * _T + r.tag[lo] * 64 + r.tag[hi],
        25 * _T + (r.tag[lo] * 64 + r.tag[hi]) * _A + before,
        26 * _T + (r.tag[lo] * 64 + r.tag[hi]) * _A + rates,
        22 * _T + r.around[lo],
        23 * _T + r.around[lo] * _A + before,
    ]
    return keys


def prepare_segments(r: Reading, spans: list[tuple[int, int]]) -> None:
    """Fill in how each word's sentence ends, and what is said in the sentences around each segment."""
    n = r.count
    gaps = r.view.gaps
    size = n + 2 * PAD + 1
    r.sentence_end = [0] * size
    kind = 0
    for i in range(n, 0, -1):
        g = gaps[i]
        if "?" in g:
            kind = 2
        elif "!" in g:
            kind = 3
        elif "." in g:
            kind = 4 if "  " in g else 1
        r.sentence_end[i + PAD] = kind
    first = [int(w in _FIRST_SECOND) for w in r.lower]
    me = [min(sum(first[a + PAD : b + PAD]), 2) for a, b in spans]
    said = [int(1 in r.speech[a + PAD : min(b, a + 3) + PAD]) for a, b in spans]
    r.around = [0] * size
    last = len(spans) - 1
    for k, (a, _) in enumerate(spans):
        code = 0
        for j in (k - 2, k - 1, k, k + 1, k + 2):
            code = code * 6 + (me[j] * 2 + said[j] if 0 <= j <= last else 0)
        r.around[a + PAD] = code
