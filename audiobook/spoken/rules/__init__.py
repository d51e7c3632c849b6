"""The rules, a module each, in the order in which they read: what one has read, no later one touches.

The special come before the general: a date has numbers in it, and every number would be a number to `numbers`.
"""

from __future__ import annotations

from audiobook.spoken.rules import (
    abbreviations,
    dates,
    decades,
    emoji,
    emphasis,
    fractions,
    gaps,
    money,
    numbers,
    ordinals,
    ranges,
    roman,
    symbols,
    telephone,
    times,
    units,
    web,
    years,
)

ANY = (gaps.rule, emphasis.rule)
"""For text in whatever language."""

ENGLISH = (
    gaps.rule,
    web.rule,
    emphasis.rule,
    telephone.rule,
    dates.numeric,
    dates.day_first,
    dates.month_first,
    times.clock,
    times.span,
    times.ratio,
    money.per,
    money.sign_first,
    money.sign_last,
    units.height,
    units.measure,
    ranges.season,
    fractions.stars,
    fractions.sign,
    fractions.slash,
    decades.decade,
    decades.span,
    decades.short_year,
    ranges.rule,
    years.rule,
    ordinals.rule,
    abbreviations.title,
    abbreviations.name_ends,
    abbreviations.number_comes,
    abbreviations.alone,
    abbreviations.initial,
    abbreviations.numeral_initial,
    abbreviations.letters,
    abbreviations.with_,
    roman.world_war,
    roman.rule,
    numbers.several,
    numbers.number,
    numbers.rest,
    numbers.between,
    numbers.raised,
    numbers.one_sign,
    emoji.rule,
    symbols.rule,
)
