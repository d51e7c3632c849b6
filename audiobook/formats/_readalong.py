"""The text beside the sound: which caption belongs to which sentence of which paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from audiobook.formats._text import one_line
from audiobook.model import Chunk, Cue, Recording


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the author's, or an announcement."""

    text: str
    cue: Cue | None
    """When it is heard; None for one without a sound, such as "* * *"."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A chunk with its sentences."""

    chapter: int
    """Index into `Book.chapters`, from 0."""
    chunk: Chunk | None
    """None for announcements, which no author wrote."""
    lines: tuple[Line, ...]


def paragraphs(recording: Recording) -> Iterator[Paragraph]:
    """Yield all paragraphs in their order, announcements where they are heard.

    Every caption of the recording belongs to exactly one line.
    """
    captions = list(reversed(recording.captions))
    for index, chapter in enumerate(recording.book.chapters):
        for chunk in chapter.chunks:
            announced = []
            # A chapter may end in a chunk without a sound, and the next announcement is the next chapter's.
            while captions and captions[-1].announced and captions[-1].start < recording.chapters[index].end:
                announced.append(captions.pop())
            if announced:
                yield Paragraph(index, None, tuple(Line(cue.text, cue) for cue in announced))
            yield Paragraph(index, chunk, tuple(_lines(chunk, captions)))


def placed(cue: Cue) -> Iterator[tuple[int, int]]:
    """Yield where each word stands in the caption's text on one line, and when it is heard: both rise.

    A word that begins with the caption, or whose time doesn't rise, is passed over.
    """
    text = one_line(cue.text)
    place, last = 0, cue.start
    for word in cue.words:
        # Whole words only: "a" also stands in "road".
        found = re.compile(rf"(?<!\w){re.escape(one_line(word.text))}(?!\w)").search(text, place)
        if not found:
            continue
        place = found.end()
        if last < word.start < cue.end:
            yield found.start(), word.start
            last = word.start


def _lines(chunk: Chunk, captions: list[Cue]) -> Iterator[Line]:
    """Pair sentences with the captions that come next; takes those from the end of the list."""
    for sentence in chunk.sentences:
        heard = captions and not captions[-1].announced and captions[-1].text == sentence
        yield Line(sentence, captions.pop() if heard else None)
