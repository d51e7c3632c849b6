"""The text in step with the sound, as EPUB and DAISY both have it: blocks of sentences, and clips without a gap.

Each sentence's clip starts where its caption does, and lasts until the next one starts. A chapter starts a little
before its first sentence; that silence is a clip of its own, on the chapter's first block. So every chapter and every
sentence starts when all other formats say, and the clips cover all of the sound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Literal

from audiobook.formats._readalong import Paragraph, paragraphs
from audiobook.formats._text import chapter_title, one_line
from audiobook.model import Recording

Kind = Literal["title", "heading", "subheading", "paragraph", "announcement", "break"]

BREAK = "* * *"
"""What is shown for a break that has no text of its own."""
SHORTEST_SILENCE = 20
"""ms: a shorter clip before a chapter's first sentence is left out, as players stumble on it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or an announcement, on one line."""

    id: str
    """Unique in the book."""
    text: str
    begin: int | None
    """ms from the start of the recording; None for one without a sound."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, or what else stands on lines of its own."""

    id: str
    """Unique in the book."""
    kind: Kind
    sentences: tuple[Sentence, ...]
    """At least one."""

    @property
    def text(self) -> str:
        """All its sentences."""
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter."""

    title: str
    begin: int
    """ms from the start of the recording; the first is 0."""
    end: int
    """ms; where the next one begins, or the recording ends."""
    blocks: tuple[Block, ...]
    """At least one."""

    @property
    def has_heading(self) -> bool:
        """Whether the author gave it a heading; else its title is only its opening words."""
        return any(block.kind == "heading" for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the sound and what is read there."""

    id: str
    """Of a sentence; of a block for the silence before a chapter's first sentence."""
    begin: int
    """ms from the start of the recording."""
    end: int
    """ms; where the next one begins."""


def sections(recording: Recording) -> tuple[Section, ...]:
    """Return the chapters with all their text. A book that doesn't start with a heading starts with its title."""
    ids = count(1)
    blocks: list[list[Block]] = [[] for _ in recording.chapters]
    if not recording.book.chapters[0].chunks[0].heading:
        blocks[0].append(_block("title", [(recording.book.title, None)], ids))
    for paragraph in paragraphs(recording):
        kind = _kind(paragraph, any(block.kind == "heading" for block in blocks[paragraph.chapter]))
        lines = [(line.text, line.cue.start if line.cue else None) for line in paragraph.lines]
        blocks[paragraph.chapter].append(_block(kind, lines, ids))
    return tuple(
        Section(chapter_title(cue.text, number), cue.start, cue.end, tuple(inside))
        for number, (cue, inside) in enumerate(zip(recording.chapters, blocks, strict=True), start=1)
    )


def segments(section: Section) -> tuple[Segment, ...]:
    """Return a chapter's clips: the first begins with it, each ends where the next begins, the last with it."""
    begins = [(section.blocks[0].id, section.begin), *_heard(section)]
    if len(begins) > 1 and begins[1][1] - section.begin < SHORTEST_SILENCE:
        begins = [(begins[1][0], section.begin), *begins[2:]]
    ends = [begin for _, begin in begins[1:]] + [section.end]
    return tuple(Segment(name, begin, end) for (name, begin), end in zip(begins, ends, strict=True))


def _heard(section: Section) -> Iterator[tuple[str, int]]:
    for block in section.blocks:
        for sentence in block.sentences:
            if sentence.begin is not None:
                yield sentence.id, sentence.begin


def _kind(paragraph: Paragraph, after_heading: bool) -> Kind:
    if paragraph.chunk is None:
        return "announcement"
    if paragraph.chunk.heading:
        return "subheading" if after_heading else "heading"
    return "paragraph" if any(line.cue for line in paragraph.lines) else "break"


def _block(kind: Kind, lines: list[tuple[str, int | None]], ids: Iterator[int]) -> Block:
    sentences = (Sentence(f"s{next(ids)}", one_line(text), begin) for text, begin in lines or [(BREAK, None)])
    return Block(f"b{next(ids)}", kind, tuple(sentences))
