"""Letters with accents that the scraper deleted whole: "vrit" → "vérité", "Amlie" → "Amélie"."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from audiobook.repair.decisions import Thresholds
from audiobook.repair.features import PAD, Reading
from audiobook.repair.pen import Pen
from audiobook.repair.scores import Scores
from audiobook.repair.view import View

_T = 1 << 40
_A = 1 << 20


@dataclass(frozen=True, slots=True)
class AccentTable:
    """Forms with accents by what is left of them. Rows are numbered from 1."""

    forms: Sequence[str]
    """Row to form, in lower case."""
    traits: Sequence[int]
    """Row to four half-bytes: bucket of English frequency, of foreign frequency, language group, flags (2: seen in
    training text, 1: a given or family name)."""
    capital: Mapping[str, int]
    """Skeleton of a capitalised word to row."""
    small: Mapping[str, int]
    """Skeleton of a word in lower case to row; its form may be a name that lost its capital ("douard")."""


def skeleton(form: str) -> str:
    """What the scraper leaves of a form: its ASCII letters."""
    return re.sub("[^A-Za-z]", "", form)


def user_table(words: Iterable[str]) -> dict[str, str]:
    """The user's own words by skeleton, with their capitals."""
    table: dict[str, str] = {}
    for entry in words:
        for word in re.findall(r"[^\W\d_]+", entry):
            if not word.isascii() and len(skeleton(word)) > 1:
                table[skeleton(word)] = word
    return table


def row_of(table: AccentTable, word: str, low: str) -> tuple[int, int]:
    """Row of the word, and how many of its letters the form stands for (a final s may be a possessive's)."""
    column = table.capital if word[0].isupper() else table.small
    row = column.get(low, 0)
    if row:
        return row, len(word)
    if len(word) > 2 and low[-1] == "s":
        row = column.get(low[:-1], 0)
        if row:
            return row, len(word) - 1
    return 0, 0


def features(r: Reading, table: AccentTable, i: int, row: int, length: int) -> list[int]:
    """Features of the word at i: whether it is what is left of the table's form."""
    word = r.view.words[i - PAD]
    traits = table.traits[row]
    en, fo, group, flags = traits >> 12, traits >> 8 & 15, traits >> 4 & 15, traits & 15
    form = table.forms[row]
    first = not form[0].isascii()
    own = r.frequency[i] if length == len(word) else r.stem_row(word[:-1])[1]
    lost = min(len(form) - length, 3)
    s = r.shape[i]
    ps, ns = r.shape[i - 1], r.shape[i + 1]
    pf, nf = int(r.frequency[i - 1] == 0), int(r.frequency[i + 1] == 0)
    pa, na = r.accented[i - 1], r.accented[i + 1]
    seen = min(r.seen[word], 4)
    start = int(r.gap[i] not in r.plain_gaps)
    place = ((ps * 8 + ns) * 2 + start) * 2 + first
    final = int(not form[-1].isascii())
    e_like = int(form[-1] == "é")
    return [
        1 * _T + s * 4 + flags,
        2 * _T + (en * 16 + own) * 8 + s,
        3 * _T + ((fo * 8 + group) * 16 + own) * 8 + s,
        4 * _T + (flags * 16 + own) * 8 + s,
        6 * _T + place,
        7 * _T + place * _A + own * 8 + s,
        8 * _T + ((pf * 2 + nf) * 4 + pa) * 4 + na,
        9 * _T + (((pf * 2 + nf) * 4 + pa) * 4 + na) * _A + own * 8 + s,
        10 * _T + min(length, 7) * 64 + lost * 8 + s,
        11 * _T + min(length, 7) * _A + own * 8 + s,
        12 * _T + seen * _A + own * 8 + s,
        13 * _T + r.number[i - 1],
        14 * _T + r.number[i + 1],
        15 * _T + (r.grammar[i - 1] * 8 + s) * _A + own,
        16 * _T + (r.grammar[i + 1] * 8 + s) * _A + own,
        17 * _T + r.accent_rate * _A + own * 8 + s,
        18 * _T + (r.accent_rate * 16 + en) * _A + own * 8 + s,
        19 * _T + group * _A + (pa * 4 + na) * 8 + s,
        20 * _T + (((final * 2 + e_like) * 2 + first) * 8 + s) * 16 + own,
        21 * _T + (length < len(word)) * _A + own * 8 + s,
        22 * _T + r.gap[i] * _A + r.gap[i + 1],
        23 * _T + (en * 16 + fo) * _A + own * 8 + s,
    ]


def prepare(r: Reading, table: AccentTable) -> list[tuple[int, int, int]]:
    """Candidates as (word, row, length), and what `features` needs to know of the whole document."""
    words, low, frequency = r.view.words, r.lower, r.frequency
    memo: dict[str, tuple[int, int]] = {}
    found: list[tuple[int, int, int]] = []
    accented = [0] * len(low)
    sure = 0
    for i, word in enumerate(words):
        hit = memo.get(word)
        if hit is None:
            hit = memo[word] = row_of(table, word, low[i + PAD])
        if hit[0]:
            found.append((i, *hit))
            strange = frequency[i + PAD] == 0
            accented[i + PAD] = 2 if strange else 1
            sure += strange
    r.accented = accented
    rate = 1000 * sure / max(len(words), 1)
    r.accent_rate = 0 if rate == 0 else 1 if rate < 1 else 2 if rate < 3 else 3 if rate < 8 else 4
    return found


Decision = tuple[str, float, str, bool]
"""The form, with the word's capitals; its confidence; the rule's name; sure (else a suspect)."""


def decide(
    view: View,
    scores: Scores,
    table: AccentTable,
    limits: Thresholds,
    own: Mapping[str, str],
    possessives: Container[int] = (),
) -> dict[int, Decision]:
    """Word to the form that replaces the word, or all of it but a final s (always so in the `possessives`)."""
    found: dict[int, Decision] = {}
    for i, word in enumerate(view.words):
        mine = _users(own, word) if own else None
        if mine is not None:
            found[i] = (mine, 1.0, "accents.user", True)
            continue
        p = scores.accent[i]
        if p < limits.accent * limits.suspect:
            continue
        low = word.lower()
        row, length = row_of(table, word, low)
        if length == len(word) and i in possessives:
            stem = (table.capital if word[0].isupper() else table.small).get(low[:-1], 0)
            if not stem:
                continue  # "Thas" is either Thaïs or Tha’s, not both
            row, length = stem, len(word) - 1
            p *= min(scores.s[i] + scores.plural[i], 1.0)  # two guesses at one word: both must hold
        if row:
            name = table.traits[row] & 1 == 1 or _in_a_name(view, i)
            form = cased(table.forms[row], word[:length], name)
            found[i] = (form, p, "accents.table", p >= limits.accent)
    return found


def _users(own: Mapping[str, str], word: str) -> str | None:
    form = own.get(word)
    if form is None and word.endswith("s"):
        form = own.get(word[:-1])
    return form


def _in_a_name(view: View, i: int) -> bool:
    """Whether a capitalised word stands right after word i, or before it within the sentence."""
    words, gaps = view.words, view.gaps
    if i + 1 < len(words) and gaps[i + 1] == " " and words[i + 1][0].isupper():
        return True
    return i > 1 and gaps[i] == " " and gaps[i - 1] == " " and words[i - 1][0].isupper()


def cased(form: str, word: str, name: bool) -> str:
    """The form with the capitals of the word; a lost first letter is a capital where a name stands beside it."""
    letters = iter(word)
    capitals = len(word) > 1 and word.isupper()
    out: list[str] = []
    for k, c in enumerate(form):
        if c.isascii() and c.isalpha():
            out.append(next(letters, c))
        elif capitals or (k == 0 and name and word.islower()):
            out.append(c.upper())
        else:
            out.append(c)
    return "".join(out)


def write(pen: Pen, found: Mapping[int, Decision]) -> dict[int, int]:
    """Write the accents; returns how many letters of each word were replaced."""
    view = pen.view
    replaced: dict[int, int] = {}
    for i, (form, confidence, rule, firm) in found.items():
        if view.word_in_source(i) != view.words[i]:
            continue
        start, length = view.starts[i], len(skeleton(form))
        (pen.edit if firm else pen.suspect)(start, start + length, form, rule, confidence)
        if firm:
            replaced[i] = length
    return replaced
