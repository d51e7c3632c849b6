"""From probabilities to edits, for every scorer alike: which family writes when, and what it knows of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from audiobook.edits import in_order
from audiobook.repair import (
    accents,
    apostrophes,
    contractions,
    dashes,
    numbers,
    paragraphs,
    quotes,
    semicolons,
    spacing,
    tables,
)
from audiobook.repair.decisions import LIGHT, Thresholds
from audiobook.repair.fingerprint import Gates, gates
from audiobook.repair.pen import Pen
from audiobook.repair.scores import Scores, nothing
from audiobook.repair.view import View


def decode(
    view: View,
    score: Callable[[View], Scores],
    limits: Thresholds = LIGHT,
    words: Iterable[str] = (),
    *,
    language: str = "en",
) -> Pen:
    """Edits and suspects, in order, for a view and what a scorer says of it, which is asked only where that matters.

    Lost numbers are the edits whose rule is `numbers.KIND`. `language` is a BCP 47 tag: in a text that is not
    English, only what no language decides is repaired.

    `words` are the user's own (a cast, say): a form with accents that the user gave is always put back.
    """
    may = gates(view, language)
    scores = score(view) if may.scored else nothing(len(view.words))
    pen = Pen(view)
    if may.caution:
        limits = limits.careful()
    if view.source.startswith(spacing.BYTE_ORDER_MARK):
        pen.edit(0, 1, "", "spacing.mark", 1.0)
    _words(pen, scores, may, limits, accents.user_table(words))
    _gaps(pen, scores, may, limits)
    pen.edits = in_order(pen.edits)
    pen.suspects.sort(key=lambda e: (e.start, e.end))
    return pen


def _words(pen: Pen, scores: Scores, may: Gates, limits: Thresholds, own: dict[str, str]) -> None:
    """Apostrophes and accents, which may fall into one word: "Amlies" is "Amélie’s"."""
    view = pen.view
    sure: dict[int, apostrophes.Decision] = {}
    near: dict[int, apostrophes.Decision] = {}
    if may.apostrophes:
        sure, near = apostrophes.decide(view, scores, limits)
        apostrophes.agree(view, sure, near)
        for i, (form, confidence) in contractions.decide(view, scores).items():
            sure[i] = (form, confidence, "contractions.sure")
    owned = {i for i, (form, _, _) in sure.items() if form[-2:].lower() == "’s"}
    found = accents.decide(view, scores, tables.load().accents, limits, own, owned) if may.accents else {}
    replaced = accents.write(pen, found)
    apostrophes.write(pen, sure, near, replaced)


@dataclass(slots=True)
class _Found:
    """What was lost in the gaps of a document, by gap, each with its confidence."""

    breaks: dict[int, float] = field(default_factory=dict)
    numbers: dict[int, numbers.Lost] = field(default_factory=dict)
    dashes: dict[int, float] = field(default_factory=dict)
    pairs: list[quotes.Pair] = field(default_factory=list)


def _gaps(pen: Pen, scores: Scores, may: Gates, limits: Thresholds) -> None:
    view = pen.view
    sure, near = _Found(), _Found()
    if may.paragraphs:
        sure.breaks, near.breaks = paragraphs.decide(view, scores, limits)
    if may.numbers:
        sure.numbers, near.numbers = numbers.decide(view, scores, limits)
    if may.dashes:
        sure.dashes, near.dashes = dashes.decide(view, scores, limits)
    if may.quotes:
        sure.pairs, near.pairs = quotes.decide(view, scores, set(sure.breaks), limits)
    opens = {a: p for a, _, p in sure.pairs}
    closes = {b: p for _, b, p in sure.pairs}
    for i, gap in enumerate(view.gaps):
        quoted = i in opens or i in closes
        if gap == " " and not quoted and i not in sure.dashes and i not in sure.numbers:
            continue
        if gap in (", ", ". ") and i < len(view.words) and not quoted and i not in sure.numbers:
            continue
        _one_gap(pen, i, sure, may, quotes.Marks(opens.get(i), closes.get(i)))
    paragraphs.suspect(pen, near.breaks)
    numbers.suspect(pen, near.numbers)
    dashes.suspect(pen, near.dashes)
    quotes.suspect(pen, near.pairs)


def _one_gap(pen: Pen, i: int, found: _Found, may: Gates, marks: quotes.Marks) -> None:
    """All edits of one gap."""
    start, text = pen.gap(i)
    lost, dash = found.numbers.get(i), found.dashes.get(i)
    run = paragraphs.run(text) if i in found.breaks else None
    if run is not None:
        if dash is not None and lost is None:
            dashes.write_at_break(pen, start + run[0], dash)
        opening = lost is not None and not numbers.places(text[: run[0]] + " ")
        paragraphs.write(pen, start, run, found.breaks[i], keep=opening)
    spots = numbers.write(pen, lost, run, in_pairs=may.dashes) if lost is not None else []
    semicolon = semicolons.write(pen, start, text) if may.semicolons else []
    if dash is not None and lost is None and run is None and dashes.fills(text):
        dashes.write(pen, start, text, dash, marks)
        return
    quotes.write(pen, start, text, marks)
    # The mark of a lost number parts the gap like a word. In "the  s", closed up, there would seem to be another loss.
    attached = i < len(pen.view.words) and numbers.is_attached(pen.view.words[i])
    if may.spacing and (spots or not attached):
        known = "".join(";" if k in semicolon else c for k, c in enumerate(text))
        spacing.write(pen, start, known, spots, run, last=i == len(pen.view.words) and may.flat, flat=may.flat)
