"""What the sparse models see of a document: numbers that stand for words, classes and gaps.

A feature is one integer: a template's number and up to two values, `template << 40 | a << 20 | b`. No strings are
built while a document is read, which keeps pure Python quick.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from audiobook.repair import forms
from audiobook.repair.view import View

PAD = 5
"""Empty words on either side of a document, so that neighbours can be looked up without a check."""

SUFFIXES = (
    "ing ies ed ly ss us is s er or est ion ity ness ment al ous ive ic able ible ful less ism ist an en in on "
    "th y e o a i t d n r l m k"
).split()
"""Endings that class a word the vocabulary lacks; the first that fits counts."""

_SUFFIX = re.compile("(" + "|".join(sorted(SUFFIXES, key=lambda s: -len(s))) + ")$")
_SUFFIX_NUMBER = {s: i for i, s in enumerate(SUFFIXES)}

SPEECH = frozenset(
    "said says say asked asks replied replies cried cries exclaimed answered observed remarked shouted whispered "
    "murmured muttered explained explains added adds continued continues declared declares concludes concluded "
    "wrote writes write admits admitted recalls recalled tells told notes noted argues argued stated states "
    "begged sighed groaned laughed snapped demanded inquired enquired responded suggested suggests insisted "
    "insists announced protested repeated retorted gasped calls called quoth thinks thought".split()
)
"""Verbs that stand beside a quotation."""

_FIRST_SECOND = frozenset(
    "i me my mine im ive ill id you your yours youre youve youll youd we us our ours were weve lets dont cant wont "
    "didnt isnt thats oh yes no well sir dear please hello".split()
)
"""Words commoner in speech than around it."""

_SMALL = frozenset("of the a an in on and to for with from at by or de la le du des no".split())
"""Words that stay in lower case inside a title."""

_MANY_SPACES = re.compile("  +")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words that are known, and what is known of them."""

    number: Mapping[str, int]
    """Lower-case word to its number, from 1."""
    frequency: bytes
    """Bucket per number: 0 unknown, 1 to 15 by Zipf's scale in half steps from 1.0."""
    apostrophe: bytes
    """Bucket per number of a word in -s: how much commoner the form with ’s is (8: as common; 0: not known)."""
    company: bytes
    """Distributional class per number; 255 for none."""
    grammar: bytes
    """Grammatical class per number; 255 for none."""
    gaps: Mapping[str, int]
    """Gap string, runs of spaces cut to two, to its number, from 1."""


@dataclass(slots=True)
class Reading:
    """A document in numbers. Word i of the view is at i + PAD in every list; gap i, before it, too."""

    view: View
    count: int
    """Words of the view."""
    lower: list[str]
    number: list[int]
    frequency: list[int]
    company: list[int]
    grammar: list[int]
    shape: list[int]
    """0 lower case, 1 Capital, 2 CAPITALS, 3 mIxed, 4 one capital letter, 5 nothing there."""
    gap: list[int]
    seen: Counter[str]
    """How often every word, as it is written, stands in this document."""
    contraction_rate: int
    """0 to 7: how readily the author contracts."""
    doc_rates: int
    """0 to 63: how much this document asks and exclaims, speaks, and lacks numbers."""
    lexicon: Lexicon
    stems: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)
    speech: list[int] = field(default_factory=list)
    """1 for a verb of speech."""
    flags: list[int] = field(default_factory=list)
    """Per gap: what the sentences beside it are like."""
    tag: list[int] = field(default_factory=list)
    """Per gap: where a tag of speech (", Khaled says.") begins, ends, or belongs."""
    tails: list[int] = field(default_factory=list)
    """Per gap: what the clauses beside it are like."""
    chain: list[int] = field(default_factory=list)
    """Per gap: the same, one clause further."""
    sentence_end: list[int] = field(default_factory=list)
    """Per gap: how the sentence ends that goes on or ends there."""
    around: list[int] = field(default_factory=list)
    """Per segment's first word: what is said in the segments beside it."""
    title_start: list[int] = field(default_factory=list)
    """Per gap: what run of capitalised words starts after it."""
    title_end: list[int] = field(default_factory=list)
    """Per gap: what run of capitalised words ends before it."""

    finite: list[int] = field(default_factory=list)
    """Per word: which finite verbs its clause holds, 1 to the left and 2 to the right, and how the clause ends."""
    accented: list[int] = field(default_factory=list)
    """Per word: 1 where the accent table knows it, 2 where English doesn't know it besides."""
    accent_rate: int = 0
    """0 to 4: how many such strange words this document has."""

    @property
    def plain_gaps(self) -> frozenset[int]:
        """Numbers of the gaps that hold a space and no more."""
        return frozenset((self.lexicon.gaps.get(" ", 0),))

    def stem_row(self, stem: str) -> tuple[int, int, int, int]:
        """Number, frequency, grammar and company of a word of this document without its final s."""
        _, number, frequency, company, grammar, _ = _word(stem, self.lexicon)
        return number, frequency, grammar, company

    def apostrophe_bucket(self, i: int) -> int:
        """How much commoner the form with ’s is than the word at i."""
        return self.lexicon.apostrophe[self.number[i]]

    def suffix3(self, word: str) -> int:
        """The last letters of a word before its s, as a number."""
        number = 0
        for c in ("```" + word.lower())[-4:-1]:
            number = number * 32 + ord(c) - 96
        return number

    def exact_gap(self, i: int) -> int:
        """The gap at i with the length of its longest run of spaces, as a number."""
        g = self.gap[i]
        text = self.view.gaps[i - PAD]
        run = 4 if "     " in text else 3 if "    " in text else 2 if "   " in text else 1 if "  " in text else 0
        return g * 8 + run


_FINITE = frozenset(
    "is was are were has had have do does did can could will would should may might must shall isnt wasnt arent "
    "werent hasnt havent hadnt dont doesnt didnt cant couldnt wont wouldnt said says say became becomes come comes "
    "came goes went seems seemed makes made takes took gives gave shows showed finds found gets got knows knew "
    "thinks thought sees saw tells told feels felt leaves left keeps kept stars follows tries tried wants wanted "
    "lets let turns turned remains remained".split()
)
"""Verbs that are a clause's own."""

_CLAUSE_END = frozenset(",.?!:'()")


def finite(r: Reading) -> list[int]:
    """For every word, whether a finite verb stands before and after it up to the next mark."""
    n = r.count
    verbs = [int(w in _FINITE) for w in r.lower[PAD : PAD + n]]
    ends = [bool(_CLAUSE_END & set(g)) for g in r.view.gaps]
    left = right = 0
    out = [0] * (n + 2 * PAD)
    for i in range(n):
        if ends[i]:
            left = 0
        out[i + PAD] = left
        left |= verbs[i]
    for i in range(n - 1, -1, -1):
        if ends[i + 1]:
            right = 0
        out[i + PAD] += 2 * right
        right |= verbs[i]
    return out


def shape_of(word: str) -> int:
    """Which letters are capitals; see `Reading.shape`."""
    if word.islower():
        return 0
    if len(word) == 1:
        return 4
    if word.isupper():
        return 2
    return 1 if word[0].isupper() and word[1:].islower() else 3


def gap_number(gap: str, known: Mapping[str, int]) -> int:
    """The number of a gap string, or one that says which signs it holds."""
    short = _MANY_SPACES.sub("  ", gap)
    found = known.get(short)
    if found is not None:
        return found
    flags = ("  " in short) | ("." in short) << 1 | ("," in short) << 2 | ("(" in short) << 3
    return 600 + (flags | (")" in short) << 4 | ("'" in short) << 5 | (short[:1] not in " ,.") << 6)


def read(view: View, lexicon: Lexicon) -> Reading:
    """A document in numbers."""
    n = len(view.words)
    cache: dict[str, tuple[str, int, int, int, int, int]] = {}
    rows: list[tuple[str, int, int, int, int, int]] = [_NOTHING] * PAD
    for word in view.words:
        row = cache.get(word)
        if row is None:
            row = cache[word] = _word(word, lexicon)
        rows.append(row)
    rows += [_NOTHING] * PAD
    lower, number, frequency, company, grammar, shape = (list(column) for column in zip(*rows, strict=True))
    known = lexicon.gaps
    gaps: dict[str, int] = {g: gap_number(g, known) for g in set(view.gaps)}
    gap = [0] * PAD + [gaps[g] for g in view.gaps] + [0] * PAD
    seen = Counter(view.words)
    reading = Reading(
        view, n, lower, number, frequency, company, grammar, shape, gap, seen,
        _contraction_rate(lower), _doc_rates(view), lexicon,
    )  # fmt: skip
    reading.finite = finite(reading)
    return reading


_NOTHING = ("", 1, 0, 254, 254, 5)


def _word(word: str, lexicon: Lexicon) -> tuple[str, int, int, int, int, int]:
    low = word.lower()
    number = lexicon.number.get(low, 0)
    shape = shape_of(word)
    company, grammar = lexicon.company[number], lexicon.grammar[number]
    if company == 255 or grammar == 255:
        m = _SUFFIX.search(low)
        other = 300 + (_SUFFIX_NUMBER[m.group()] + 1 if m else 0) + 60 * (shape != 0)
        company = other if company == 255 else company
        grammar = other if grammar == 255 else grammar
    return low, number, lexicon.frequency[number], company, grammar, shape


def _doc_rates(view: View) -> int:
    """How much a document asks and exclaims, speaks, and lacks numbers: three values of 0 to 3."""
    n = max(len(view.words), 1)
    marks = sum("?" in g or "!" in g for g in view.gaps) / n
    said = sum(w in SPEECH for w in view.words) / n
    holes = sum("  " in g or " ," in g or " ." in g for g in view.gaps) / n
    return (_grade(marks, 0.002) * 4 + _grade(said, 0.002)) * 4 + _grade(holes, 0.005)


def _grade(rate: float, unit: float) -> int:
    return 0 if rate < unit / 2 else 1 if rate < unit * 1.5 else 2 if rate < unit * 4 else 3


_CONTRACTIBLE = frozenset(
    "do does did is are was were has have had would could should will can it that he she i they".split()
)


def _contraction_rate(lower: Sequence[str]) -> int:
    """How readily the author contracts: 0 never, 7 nearly always; what could not be measured is 3."""
    sure = full = 0
    previous = ""
    for word in lower:
        if word in forms.SURE:
            sure += 1
        elif (word == "not" or word in ("is", "are", "am", "have", "will")) and previous in _CONTRACTIBLE:
            full += 1
        previous = word
    if sure + full == 0:
        return 3
    if sure == 0:
        return 0 if full >= 5 else 1
    share = sure / (sure + full)
    return 2 if share < 0.1 else 4 if share < 0.35 else 5 if share < 0.65 else 6 if share < 0.85 else 7
