"""A chunk's sentences → phrases: where another voice takes over, or a voice pauses as the profile wants it.

Most sentences are one phrase. They are cut at quotations when the profile has a voice or a pause for them, and at
dashes when it has a pause for those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from audiobook.model import Chunk, Voice
from audiobook.spoken import dashes

SHORTEST_QUOTATION = 4
"""Words: fewer are a title or a word that somebody uses, and not said by another."""

_QUOTATION = re.compile(
    "\N{LEFT DOUBLE QUOTATION MARK}[^\N{LEFT DOUBLE QUOTATION MARK}]*?\N{RIGHT DOUBLE QUOTATION MARK}[,.;:!?]?"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sentence, to be spoken in one go."""

    start: int
    """First code point of the sentence."""
    end: int
    """One past the last."""
    quoted: bool
    """Whether somebody else is quoted."""
    pause: int
    """Silence before it, in ms."""


def cut(chunk: Chunk, voice: Voice) -> Iterator[tuple[str, tuple[Part, ...]]]:
    """Give each sentence of a chunk with its parts, which cover it."""
    text = " ".join(chunk.sentences)
    quotations = list(_quotations(text)) if voice.quotation or voice.pauses.quotation else []
    start = 0
    for sentence in chunk.sentences:
        yield sentence, tuple(_parts(sentence, start, quotations, voice))
        start += len(sentence) + 1


def _quotations(text: str) -> Iterator[range]:
    """Find the quotations of a paragraph; they may run over several sentences."""
    for match in _QUOTATION.finditer(text):
        if len(match.group().split()) >= SHORTEST_QUOTATION:
            yield range(match.start(), match.end())


def _parts(sentence: str, at: int, quotations: list[range], voice: Voice) -> Iterator[Part]:
    """Cut a sentence that starts `at` a place of the paragraph."""
    pauses = {0: 0}
    if voice.pauses.dash:
        pauses |= {end: voice.pauses.dash for _, end in dashes(sentence)}
    for quotation in quotations:
        for edge in (quotation.start - at, quotation.stop - at):
            if 0 < edge < len(sentence):
                pauses[edge] = max(voice.pauses.quotation, pauses.get(edge, 0))
    for start, end in pairwise([*sorted(pauses), len(sentence)]):
        quoted = bool(voice.quotation) and any(at + start in quotation for quotation in quotations)
        yield Part(start, end, quoted, pauses[start])
