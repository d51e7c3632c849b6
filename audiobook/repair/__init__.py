"""What the text has lost, and the edits that bring it back.

Signs that stand in another's place are put right first (`encoding`). The source is then read as the scraper would have
left it (`view`); a scorer says for every word and gap how likely each loss is (`light`, or `neural` where it is
installed); each family of damage has a module that decides, behind a gate that keeps it away from texts which still
have its signs (`fingerprint`); the decoder makes edits of the decisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import compress
from operator import not_
from typing import cast

from audiobook.edits import apply, follow, in_order, onto
from audiobook.model import Edit, Gap, GapKind, Repaired
from audiobook.repair import decoder, encoding, models, stand_ins
from audiobook.repair.confidence import told
from audiobook.repair.view import read

FAMILIES = (
    "accents",
    "apostrophes",
    "contractions",
    "dashes",
    "encoding",
    "numbers",
    "paragraphs",
    "quotes",
    "semicolons",
    "spacing",
)
"""What can be switched off; the first part of every rule's name."""


DELETED_SIGNS = frozenset(("accents", "apostrophes", "contractions", "dashes", "quotes"))
"""Families that look for signs which were deleted without a trace."""

LOOKS = 5
"""At a short text, at most. Two are the rule: one that finds, one that finds nothing."""
SHORT = 2_000
"""Code points up to which a second look takes no time that a person would notice."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a text is to be repaired."""

    language: str = "en"
    """BCP 47."""
    without: frozenset[str] = frozenset()
    """Families, or rules by their full name, that are not to be repaired."""
    min_confidence: float = 0.0
    """0 to 1: edits below it become suspects."""
    model: str = "auto"
    """One of `models.NAMES`."""
    words: tuple[str, ...] = ()
    """The user's own words with their accents: the names of a cast, say."""


def repair(text: str, options: Options = Options()) -> Repaired:
    """Repair a text. No lost number gets a value here.

    One repair can lay another bare, so a short text is looked at again until nothing is found. In a long one the
    gates see to that: what was repaired shows its signs.
    """
    signs, doubtful = _parted(encoding.find(text, options.language), options)
    meant = apply(text, signs)
    if stand_ins.LOST in meant:
        options = replace(options, without=options.without | DELETED_SIGNS)
    found, doubted = _looks(meant, options)
    edits = follow(signs, found)
    suspects = tuple(in_order((*doubtful, *onto(signs, doubted))))
    return Repaired(text, apply(text, edits), edits, gaps(edits), suspects, models.load(options.model).name)


def _looks(text: str, options: Options) -> tuple[tuple[Edit, ...], tuple[Edit, ...]]:
    """Return the edits, and the suspects at first sight."""
    edits, suspects = _look(text, options)
    for _ in range(1, LOOKS if len(text) <= SHORT else 1):
        found, _ = _look(apply(text, edits), options)
        edits = follow(edits, found)
        if not found:
            break
    return edits, suspects


def _look(text: str, options: Options) -> tuple[tuple[Edit, ...], tuple[Edit, ...]]:
    """Return the edits and the suspects that are found at first sight."""
    view = read(text)
    if not view.words:
        return (), ()
    model = models.load(options.model)
    found = decoder.decode(view, model.score, model.thresholds, options.words, language=options.language)
    made, near = ([told(edit, model.confidence) for edit in some] for some in (found.edits, found.suspects))
    edits, doubted = _parted(made, options)
    return edits, (*doubted, *(edit for edit in near if not _is_off(edit, options)))


def _parted(edits: Iterable[Edit], options: Options) -> tuple[tuple[Edit, ...], tuple[Edit, ...]]:
    """Edits to make, and those that are not sure enough; what is switched off is neither."""
    allowed = [edit for edit in edits if not _is_off(edit, options)]
    sure = [edit.confidence >= options.min_confidence for edit in allowed]
    return tuple(compress(allowed, sure)), tuple(compress(allowed, map(not_, sure)))


def gaps(edits: Iterable[Edit]) -> tuple[Gap, ...]:
    """Return the lost numbers among the edits."""
    return tuple(
        Gap(edit.start, cast(GapKind, edit.rule.removeprefix("numbers.")))
        for edit in edits
        if edit.rule.startswith("numbers.")
    )


def supply(repaired: Repaired, values: Mapping[int, str]) -> Repaired:
    """Put in the numbers that a person supplied: `values` maps the position of a gap to its number."""
    edits = tuple(_fill(edit, values) for edit in repaired.edits)
    found = tuple(
        replace(gap, value=values[gap.position], origin="facts") if gap.position in values else gap
        for gap in repaired.gaps
    )
    return replace(repaired, text=apply(repaired.source, edits), edits=edits, gaps=found)


def _fill(edit: Edit, values: Mapping[int, str]) -> Edit:
    if edit.rule.startswith("numbers.") and edit.start in values:
        return replace(edit, after=values[edit.start], rule="numbers.supplied", confidence=1.0)
    return edit


def _is_off(edit: Edit, options: Options) -> bool:
    return edit.rule in options.without or edit.rule.partition(".")[0] in options.without
