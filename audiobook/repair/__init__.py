"""What the text has lost, and the edits that bring it back.

A module of this folder that has a function `propose` is a rule, and the folder is the list of them:

    PRECEDENCE: int                                    # the lower, the earlier it claims its places
    def propose(text: str, damage: Damage) -> Iterator[Edit]

Rules see only the source, so their order changes nothing but who wins a place that two of them want.
"""

from __future__ import annotations

import pkgutil
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from operator import attrgetter
from typing import Protocol, cast

from audiobook.edits import apply, follow
from audiobook.model import Edit, Gap, GapKind, Repaired
from audiobook.repair.damage import Damage

ROUNDS = 5
"""Looks at a text, at most. Two are the rule: one that finds, one that finds nothing."""


class Rule(Protocol):
    """A module that knows one family of damage."""

    PRECEDENCE: int

    def propose(self, text: str, damage: Damage) -> Iterator[Edit]:
        """Yield edits that don't overlap each other, in any order."""


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of this folder, those with the first claim first."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    found = [cast(Rule, module) for module in modules if hasattr(module, "propose")]
    return tuple(sorted(found, key=attrgetter("PRECEDENCE")))


def propose(text: str, language: str = "en") -> tuple[Edit, ...]:
    """Return the edits that repair `text`, by place and without overlap. `language` is BCP 47.

    One repair can lay another bare, a semicolon the word before it. So the rules look again at what they made,
    until they find nothing: text that was repaired is right in their eyes.
    """
    edits: tuple[Edit, ...] = ()
    for _ in range(ROUNDS):
        found = _look(apply(text, edits), language)
        if not found:
            break
        edits = follow(edits, found)
    return edits


def _look(text: str, language: str) -> tuple[Edit, ...]:
    """Return what the rules find at first sight."""
    damage = Damage.of(text, language)
    taken: list[Edit] = []
    places: list[tuple[int, int]] = []
    for rule in rules():
        wanted = [edit for edit in rule.propose(text, damage) if _is_free(_place(text, edit), places)]
        taken += wanted
        places = sorted(places + [_place(text, edit) for edit in wanted])
    return tuple(sorted(taken, key=attrgetter("start", "end")))


def gaps(edits: Iterable[Edit]) -> tuple[Gap, ...]:
    """Return the lost numbers among the edits."""
    return tuple(
        Gap(edit.start, cast(GapKind, edit.rule.removeprefix("numbers.")))
        for edit in edits
        if edit.rule.startswith("numbers.")
    )


def repair(text: str, language: str = "en") -> Repaired:
    """Repair a text. No lost number gets a value here."""
    edits = propose(text, language)
    return Repaired(text, apply(text, edits), edits, gaps(edits))


def supply(repaired: Repaired, values: Mapping[int, str]) -> Repaired:
    """Put in the numbers that a person supplied: `values` maps the position of a gap to its number."""
    edits = tuple(_fill(edit, values) for edit in repaired.edits)
    found = tuple(
        replace(gap, value=values[gap.position], origin="facts") if gap.position in values else gap
        for gap in repaired.gaps
    )
    return Repaired(repaired.source, apply(repaired.source, edits), edits, found)


def _fill(edit: Edit, values: Mapping[int, str]) -> Edit:
    if edit.rule.startswith("numbers.") and edit.start in values:
        return replace(edit, after=values[edit.start], rule="numbers.supplied", confidence=1.0)
    return edit


def _place(text: str, edit: Edit) -> tuple[int, int]:
    """Return the place that an edit needs for itself: an insertion holds the spaces it was found between."""
    start, end = edit.start, edit.end
    if start == end and text[start - 1 : start] == " ":
        return start - 1, end + (text[end : end + 1] == " ")
    return start, end


def _is_free(place: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    """Tell whether a place shares no code point with those taken, which are sorted and don't overlap."""
    after = bisect_left(taken, place)
    behind = after == 0 or taken[after - 1][1] <= place[0]
    ahead = after == len(taken) or (taken[after][0] >= place[1] and taken[after] != place)
    return behind and ahead
