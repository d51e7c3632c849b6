"""Spaces that the damage left over: doubled ones, ones before a mark, ones at the end of the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from audiobook.repair.pen import Pen

CONFIDENCE = 0.99

# Not before "...", ".mp3" or ":)": there the space belongs.
_BEFORE_MARK = re.compile(r"(?<! ) +(?=[,.;:!?)](?:[\s\"'”’)\]]|\Z))(?![:;]\))")
# Both from the second space of a run only, or from its first: from each, long runs would take their square in time.
_DOUBLED = re.compile(r"(?<= )(?<!  ) +(?! )(?![,.;:!?)])")
_AFTER_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*\Z")
_LAST = re.compile(r"(?<![ \t])[ \t]+(?=\n?\Z)")
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""At the start of a text it is an editor's, not the author's."""


def spare(gap: str, last: bool, flat: bool) -> list[tuple[int, int]]:
    """Start and end of the spare characters in a gap's text.

    `last` says that the text ends with this gap, `flat` that it has no line breaks: in a text that has them, two
    spaces after a sentence are a typist's.
    """
    closed = _LAST.search(gap) if last else None
    end = closed.start() if closed else len(gap)
    spans = [m.span() for m in _BEFORE_MARK.finditer(gap) if m.end() < len(gap) - (not last)]
    spans += [m.span() for m in _DOUBLED.finditer(gap) if flat or not _AFTER_SENTENCE.search(gap[: m.start() - 1])]
    spans = sorted(span for span in spans if span[1] <= end)
    return [*spans, closed.span()] if closed else spans


def write(
    pen: Pen, start: int, text: str, parts: Sequence[int], run: tuple[int, int] | None, *, last: bool, flat: bool
) -> None:
    """Take spare spaces out of a gap that is parted at some offsets, but not out of the run that was a paragraph."""
    for left, right in pairwise([0, *parts, len(text)]):
        for a, b in spare(text[left:right], last and right == len(text), flat):
            if run is None or left + b <= run[0] or left + a >= run[1]:
                pen.edit(start + left + a, start + left + b, "", "spacing.spare", CONFIDENCE)
