"""From probabilities to edits, for every scorer alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from audiobook.edits import in_order
from audiobook.model import Edit
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
)
from audiobook.repair.accents import AccentTable
from audiobook.repair.decisions import LIGHT, Thresholds
from audiobook.repair.fingerprint import Gates, gates
from audiobook.repair.scores import Scores
from audiobook.repair.view import PLACEHOLDER, View

_RIGHT, _OPEN, _CLOSE, _DASH, _EN_DASH = "’", "“", "”", "—", "–"


@dataclass(slots=True)
class Proposal:
    """What repair would do to a source."""

    edits: list[Edit] = field(default_factory=list)
    """In order; they never overlap."""
    suspects: list[Edit] = field(default_factory=list)
    """Edits that were not made, near the line; they may overlap others."""


@dataclass(slots=True)
class _Pen:
    """Writes the edits of one document."""

    view: View
    out: Proposal

    def edit(self, start: int, end: int, after: str, rule: str, confidence: float) -> None:
        before = self.view.source[start:end]
        if before != after:
            self.out.edits.append(Edit(start, end, before, after, rule, round(confidence, 4)))

    def suspect(self, start: int, end: int, after: str, rule: str, confidence: float) -> None:
        self.out.suspects.append(Edit(start, end, self.view.source[start:end], after, rule, round(confidence, 4)))


def decode(
    view: View,
    scores: Scores,
    table: AccentTable,
    limits: Thresholds = LIGHT,
    words: Iterable[str] = (),
    *,
    language: str = "en",
) -> Proposal:
    """Edits and suspects for a view and what a scorer says of it.

    Lost numbers are the edits whose rule is `numbers.KIND`. `language` is a BCP 47 tag: in a text that is not
    English, only what no language decides is repaired.

    `words` are the user's own (a cast, say): a form with accents that the user gave is always put back.
    """
    may = gates(view, language)
    pen = _Pen(view, Proposal())
    if may.caution:
        limits = limits.careful()
    if view.source.startswith(spacing.BYTE_ORDER_MARK):
        pen.edit(0, 1, "", "spacing.mark", 1.0)
    _words(pen, scores, table, may, limits, accents.user_table(words))
    _gaps(pen, scores, may, limits)
    pen.out.edits = in_order(pen.out.edits)
    pen.out.suspects.sort(key=lambda e: (e.start, e.end))
    return pen.out


def _words(pen: _Pen, scores: Scores, table: AccentTable, may: Gates, limits: Thresholds, own: dict[str, str]) -> None:
    view = pen.view
    sure: dict[int, apostrophes.Decision] = {}
    near: dict[int, apostrophes.Decision] = {}
    if may.apostrophes:
        sure, near = apostrophes.decide(view, scores, limits)
        apostrophes.agree(view, sure, near)
        for i, (form, confidence) in contractions.decide(view, scores).items():
            sure[i] = (form, confidence, "contractions.sure")
    owned = {i for i, (form, _, _) in sure.items() if form[-2:].lower() == "’s"}
    found = accents.decide(view, scores, table, limits, own, owned) if may.accents else {}
    replaced = _accent_edits(pen, found)
    for decided, write in ((sure, pen.edit), (near, pen.suspect)):
        for i, (form, confidence, rule) in decided.items():
            place = _apostrophe_place(view, i, form)
            if place is not None and place - view.starts[i] >= replaced.get(i, 0):
                # The whole word, so that a reader sees what became of it; but an accent's edit may have its head.
                start, end = (place, place) if i in replaced else (view.starts[i], view.ends[i])
                after = f"{view.source[start:place]}{_RIGHT}{view.source[place:end]}"
                write(start, end, after, rule, confidence)


def _accent_edits(pen: _Pen, found: dict[int, accents.Decision]) -> dict[int, int]:
    """Write the accents; returns how many letters of each word were replaced."""
    view = pen.view
    replaced: dict[int, int] = {}
    for i, (form, confidence, rule, firm) in found.items():
        if view.word_in_source(i) != view.words[i]:
            continue
        start, length = view.starts[i], len(accents.skeleton(form))
        (pen.edit if firm else pen.suspect)(start, start + length, form, rule, confidence)
        if firm:
            replaced[i] = length
    return replaced


def _apostrophe_place(view: View, i: int, form: str) -> int | None:
    """Where the apostrophe that turns word i into the form goes; None if the source has one there."""
    word = view.word_in_source(i)
    at = form.index(_RIGHT)
    if any(c in "'’ʼ" for c in word):
        return None
    if at == 0:
        before = view.source[max(view.starts[i] - 1, 0) : view.starts[i]]
        return None if before in ("'", _RIGHT, "‘") else view.starts[i]
    if at == len(form) - 1:
        return None if view.source[view.ends[i] :][:1] in ("'", _RIGHT) else view.ends[i]
    if word == view.words[i]:
        return view.starts[i] + at
    if not word.endswith(form[at + 1 :]):
        return None
    return view.ends[i] - (len(form) - 1 - at)  # letters with accents stand before it


def _gaps(pen: _Pen, scores: Scores, may: Gates, limits: Thresholds) -> None:
    view = pen.view
    breaks, near_breaks = paragraphs.decide(view, scores, limits) if may.paragraphs else ({}, {})
    if may.paragraphs:
        breaks |= _before_accents(view)
    lost, near_lost = numbers.decide(view, scores, limits) if may.numbers else ({}, {})
    rents, near_rents = dashes.decide(view, scores, limits) if may.dashes else ({}, {})
    pairs: list[tuple[int, int, float]] = []
    near_pairs: list[tuple[int, int, float]] = []
    if may.quotes:
        pairs, near_pairs = quotes.decide(view, scores, set(breaks), limits)
    opens = {a: p for a, _, p in pairs}
    closes = {b: p for _, b, p in pairs}
    for i, gap in enumerate(view.gaps):
        if gap == " " and i not in rents and i not in opens and i not in closes and i not in lost:
            continue
        if gap in (", ", ". ") and i < len(view.words) and i not in opens and i not in closes and i not in lost:
            continue
        _one_gap(pen, i, may, breaks.get(i), lost.get(i), rents.get(i), opens.get(i), closes.get(i))
    _gap_suspects(pen, near_breaks, near_lost, near_rents, near_pairs)


def _is_markdown(text: str, i: int) -> bool:
    """Tell the sign of a heading, a list or a quotation from one that has lost its figure."""
    return bool(re.search(r"(?:\A|\n)[ \t]*[#>*+-]+ \Z" if i == 0 else r"\n[ \t]*[#>*+-]+ \Z", text))


def _before_accents(view: View) -> dict[int, float]:
    """Gaps with a run of spaces between a sentence and an accented capital, which the scorers can't see."""
    return {
        i: 0.97
        for i in range(1, len(view.words))
        if "  " in view.gaps[i]
        and not (first := view.source[view.starts[i]]).isascii()
        and first.isupper()
        and any(sign in view.gaps[i] for sign in ".?!")
    }


def _one_gap(
    pen: _Pen,
    i: int,
    may: Gates,
    broken: float | None,
    lost: numbers.Lost | None,
    dash: float | None,
    opens: float | None,
    closes: float | None,
) -> None:
    """All edits of one gap."""
    view = pen.view
    start, end = view.gap_span(i)
    text = view.source[start:end]
    spots: list[int] = []
    run = paragraphs.run(text) if broken is not None else None
    if run is not None and broken is not None:
        _break(pen, start, run, lost, text, broken, dash)
    if lost is not None and not PLACEHOLDER.search(text) and not re.search(r"\w", text) and not _is_markdown(text, i):
        spots = _number(pen, i, start, text, lost, run, may)
    marks = semicolons.places(text) if may.semicolons else []
    for at in marks:
        pen.edit(start + at, start + at + 1, ";", "semicolons.apostrophe", semicolons.CONFIDENCE)
    if dash is not None and lost is None and run is None and text and not text.strip(" "):
        _dash(pen, start, text, dash, opens, closes)
        return
    _quote_edits(pen, start, text, opens, closes)
    if may.spacing:
        text = "".join(";" if k in marks else c for k, c in enumerate(text))
        _tidy(pen, i, start, text, spots, run, may)


def _dash(pen: _Pen, start: int, text: str, dash: float, opens: float | None, closes: float | None) -> None:
    """A dash for the spaces that are left of it, or between them. Of "But—” he said" two spaces are left."""
    if text == dashes.SPACED:
        _quote_edits(pen, start, text, opens, closes)
        pen.edit(start + 1, start + 2, _EN_DASH, "dashes.spaced", dash)
        return
    cut = len(text) - (closes is not None and len(text) > 1)
    pen.edit(start, start + cut, _DASH, "dashes.space", dash)
    _quote_edits(pen, start + cut, text[cut:], opens, closes)


def _quote_edits(pen: _Pen, start: int, text: str, opens: float | None, closes: float | None) -> None:
    """A closing mark goes behind a comma or a stop, as American printers put it; an opening one before the word."""
    if closes is not None and not re.search('["”]', text):
        at = start + len(text) - len(text.lstrip(".,!?"))
        pen.edit(at, at, _CLOSE, "quotes.close", closes)
    if opens is not None and not re.search('["“]', text):
        at = start + len(text)
        pen.edit(at, at, _OPEN, "quotes.open", opens)


def _break(
    pen: _Pen,
    start: int,
    run: tuple[int, int],
    lost: numbers.Lost | None,
    text: str,
    confidence: float,
    dash: float | None,
) -> None:
    a, b = run
    if lost is not None and not numbers.places(text[:a] + " "):
        b -= 1  # a number opened the next paragraph: a space stays behind it
    if dash is not None and lost is None:
        pen.edit(start + a, start + a, _DASH, "dashes.space", dash)  # "But—" and a new paragraph
    pen.edit(start + a, start + b, "\n\n", "paragraphs.run", confidence)


def _number(
    pen: _Pen, i: int, start: int, text: str, lost: numbers.Lost, run: tuple[int, int] | None, may: Gates
) -> list[int]:
    """Insert marks where numbers fell out of a gap; returns their offsets in the gap."""
    view = pen.view
    head = text if run is None else text[: run[0]] + " "
    spots = numbers.places(head)
    if run is not None:
        spots = [at for at in spots if at < len(head)] if spots else [run[1] - 1]
    orphan = i < len(view.words) and numbers.is_attached(view.words[i])
    closes_up = orphan and not any(text[at:] in ("", "-") for at in spots) and (not text or text[-1] in " -($@")
    if closes_up and (text == " " or not spots):
        spots = [len(text)]
    if not spots:
        return []
    if may.dashes and run is None and 0 < i < len(view.words):
        for at in numbers.ranges(text, view.words[i]):
            pen.edit(start + at, start + at + 1, _EN_DASH, "dashes.range", lost.confidence)
            spots = sorted({*spots, at, at + 1})
    for at, kind in zip(spots, numbers.kinds_in(view, lost, len(spots)), strict=True):
        place = start + at
        pen.edit(place, place, numbers.MARK[kind], f"numbers.{kind}", lost.confidence)
    return spots


def _tidy(pen: _Pen, i: int, start: int, text: str, marks: list[int], run: tuple[int, int] | None, may: Gates) -> None:
    """Take spare spaces out of a gap; the mark of a lost number parts it like a word."""
    if not marks and i < len(pen.view.words) and numbers.is_attached(pen.view.words[i]):
        return  # "the  s": closed up, it would look like another loss
    last = i == len(pen.view.words) and may.flat
    for left, right in pairwise([0, *marks, len(text)]):
        for a, b in spacing.spare(text[left:right], last and right == len(text), may.flat):
            if run is None or left + b <= run[0] or left + a >= run[1]:
                pen.edit(start + left + a, start + left + b, "", "spacing.spare", spacing.CONFIDENCE)


def _gap_suspects(
    pen: _Pen,
    breaks: dict[int, float],
    lost: dict[int, numbers.Lost],
    rents: dict[int, float],
    pairs: list[tuple[int, int, float]],
) -> None:
    view = pen.view
    for i, p in breaks.items():
        start, end = view.gap_span(i)
        run = paragraphs.run(view.source[start:end])
        if run is not None:
            pen.suspect(start + run[0], start + run[1], "\n\n", "paragraphs.run", p)
    for i, hole in lost.items():
        start, end = view.gap_span(i)
        spots = numbers.places(view.source[start:end])
        if spots and not PLACEHOLDER.search(view.source[start:end]):
            at = start + spots[0]
            pen.suspect(at, at, numbers.MARK[hole.kind], f"numbers.{hole.kind}", hole.confidence)
    _dash_and_quote_suspects(pen, rents, pairs)


def _dash_and_quote_suspects(pen: _Pen, rents: dict[int, float], pairs: list[tuple[int, int, float]]) -> None:
    view = pen.view
    for i, p in rents.items():
        start, end = view.gap_span(i)
        if view.source[start:end] == " ":
            pen.suspect(start, end, _DASH, "dashes.space", p)
    for a, b, p in pairs:
        start, end = view.gap_span(a)[1], view.gap_span(b)[0]
        if not re.search('["“”]', view.source[view.gap_span(a)[0] : view.gap_span(b)[1]]):
            pen.suspect(start, start, _OPEN, "quotes.open", p)
            pen.suspect(end, end, _CLOSE, "quotes.close", p)
