"""Quotation marks: in pairs only, around speech and titles, where the evidence on both ends is strong.

Every gap has its odds of an opening and of a closing mark, every stretch of words its odds of being inside. A chain
of two states, outside and inside, joins them (forward-backward): the probability of a mark is that of all the rows
of marks that hold it. The row that is then chosen has the greatest sum of (probability - threshold), in pairs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from audiobook.repair import tables, titles
from audiobook.repair.decisions import Thresholds
from audiobook.repair.pen import Pen
from audiobook.repair.scores import Scores
from audiobook.repair.sparse import logit
from audiobook.repair.view import View

LONGEST = 250
"""Words that one pair may hold."""


@dataclass(frozen=True, slots=True)
class Chain:
    """How the parts of the evidence are weighed; tuned on development text."""

    mark: float = 0.9
    """Weight of the marks' logits."""
    inside: float = 0.7
    """Weight of a stretch's logit."""
    shift: float = 0.5
    """Added to a stretch's logit: quoted text is rare, and the marks' logits say so already."""
    crossing: float = 0.05
    """Weight of a quotation that runs over the end of a paragraph without a mark."""
    resumed: float = 0.3
    """Weight of one that runs on with a new opening mark, as a speech of several paragraphs does."""


CHAIN = Chain()

Pair = tuple[int, int, float]
"""The gap that opens, the gap that closes, the confidence."""

_OPEN, _CLOSE = "“", "”"


@dataclass(frozen=True, slots=True)
class Marks:
    """The confidence of the marks in one gap; None where there is none."""

    opens: float | None
    closes: float | None


_CUT = re.compile(r"[,.?!:'()]|  ")


def decide(
    view: View, scores: Scores, breaks: set[int], limits: Thresholds, chain: Chain = CHAIN
) -> tuple[list[Pair], list[Pair]]:
    """Pairs, sure ones and ones near the line."""
    if not view.words:
        return [], []
    opening, closing = marginals(view, scores, breaks, chain)
    lexicon = tables.load().lexicon
    for start, end in titles.recurring(view, lexicon.number, lexicon.frequency):
        opening[start] = max(opening[start], titles.CONFIDENCE)
        closing[end] = max(closing[end], titles.CONFIDENCE)
    sure = best_row(opening, closing, breaks, limits.quote)
    near = best_row(opening, closing, breaks, limits.quote * limits.suspect)
    if all(_is_paragraph(view, breaks, pair) for pair in sure):
        return [], sure  # somebody has to say who speaks
    taken = {a for a, _, _ in sure} | {b for _, b, _ in sure}
    return sure, [pair for pair in near if pair[0] not in taken and pair[1] not in taken]


def _is_paragraph(view: View, breaks: set[int], pair: Pair) -> bool:
    """Tell whether a pair holds a whole paragraph, or several."""
    ends = {0, len(view.words)} | breaks
    return all(place in ends or "   " in view.gaps[place] for place in pair[:2])


def marginals(view: View, scores: Scores, breaks: set[int], chain: Chain) -> tuple[list[float], list[float]]:
    """For every gap, the probability that a quotation opens and that one closes there."""
    n = len(view.words)
    inside = _inside(view, scores, chain)
    opens = [_odds(p, chain.mark) for p in scores.open]
    closes = [_odds(p, chain.mark) for p in scores.close]
    fo, fi = [1.0] * (n + 1), [0.0] * (n + 1)  # before gap i, outside and inside
    out, in_ = 1.0, 0.0
    for i in range(n):
        fo[i], fi[i] = out, in_
        o, c = opens[i], closes[i]
        stay = chain.crossing + o * chain.resumed if i in breaks else 1.0
        out, in_ = out + in_ * c, (out * o + in_ * (stay + c * o)) * inside[i]
        total = out + in_
        out /= total
        in_ /= total
    fo[n], fi[n] = out, in_
    opening, closing = [0.0] * (n + 1), [0.0] * (n + 1)
    bo, bi = 1.0, 0.0  # after gap i; a text ends outside
    for i in range(n, -1, -1):
        o, c = opens[i], closes[i]
        crosses = i in breaks
        stay = chain.crossing if crosses else 1.0
        resumed = o * chain.resumed if crosses else 0.0
        first, both, last = fo[i] * o * bi, fi[i] * c * o * bi, fi[i] * c * bo
        again = fi[i] * resumed * bi
        total = fo[i] * bo + fi[i] * stay * bi + first + both + last + again
        if total > 0:
            opening[i] = (first + both + again) / total
            closing[i] = (both + last) / total
        if i:
            before_o = bo + o * bi
            before_i = (stay + resumed + c * o) * bi + c * bo
            before_i *= inside[i - 1]
            scale = before_o + before_i
            bo, bi = before_o / scale, before_i / scale
    return opening, closing


def _odds(p: float, weight: float) -> float:
    return math.exp(weight * logit(p)) if p > 0.001 else 0.0


def _inside(view: View, scores: Scores, chain: Chain) -> list[float]:
    """For every word, what it multiplies the odds of being inside by; a stretch's words share its evidence."""
    n = len(view.words)
    cuts = [0, *(i for i in range(1, n) if _CUT.search(view.gaps[i])), n]
    out = [1.0] * n
    for a, b in pairwise(cuts):
        logits = [logit(p) for p in scores.inside[a:b]]
        if a < b:
            mean = sum(logits) / (b - a)
            each = math.exp(chain.inside * (max(mean, -5.0) + chain.shift) / (b - a))
            out[a:b] = [each] * (b - a)
    return out


def best_row(opening: Sequence[float], closing: Sequence[float], breaks: set[int], least: float) -> list[Pair]:
    """The row of pairs with the greatest sum of (probability - least)."""
    n = len(opening) - 1
    best = [0.0] * (n + 1)
    came: list[int] = [-1] * (n + 1)
    starts: list[tuple[int, float]] = []
    for i in range(n + 1):
        if i:
            best[i] = best[i - 1]
        if starts and closing[i] > 0.02:
            value, start = max((value, start) for start, value in starts)
            total = value + closing[i] - 2 * least
            if total > best[i]:
                best[i], came[i] = total, start
        if i in breaks:
            starts = []
        if opening[i] > 0.02:
            starts.append((i, best[i] + opening[i]))
        if starts and i - starts[0][0] > LONGEST:
            starts.pop(0)
    return _walk_back(best, came, opening, closing)


def _walk_back(
    best: Sequence[float], came: Sequence[int], opening: Sequence[float], closing: Sequence[float]
) -> list[Pair]:
    """The pairs of the best row, from its end."""
    pairs: list[Pair] = []
    i = len(best) - 1
    while i > 0:
        start = came[i]
        if start >= 0 and best[i] > best[i - 1]:
            pairs.append((start, i, (opening[start] + closing[i]) / 2))
            i = start
        else:
            i -= 1
    pairs.reverse()
    return pairs


def write(pen: Pen, start: int, text: str, marks: Marks) -> None:
    """A closing mark goes behind a comma or a stop, as American printers put it; an opening one before the word."""
    if marks.closes is not None and not re.search('["”]', text):
        at = start + len(text) - len(text.lstrip(".,!?"))
        pen.edit(at, at, _CLOSE, "quotes.close", marks.closes)
    if marks.opens is not None and not re.search('["“]', text):
        at = start + len(text)
        pen.edit(at, at, _OPEN, "quotes.open", marks.opens)


def suspect(pen: Pen, near: Sequence[Pair]) -> None:
    """List pairs near the line, where the source has no marks."""
    view = pen.view
    for a, b, p in near:
        start, end = view.gap_span(a)[1], view.gap_span(b)[0]
        if not re.search('["“”]', view.source[view.gap_span(a)[0] : view.gap_span(b)[1]]):
            pen.suspect(start, start, _OPEN, "quotes.open", p)
            pen.suspect(end, end, _CLOSE, "quotes.close", p)
