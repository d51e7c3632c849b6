"""What a sound file says of itself, whatever its tags are called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from audiobook.errors import EncodeError
from audiobook.formats._iso639 import three_letters
from audiobook.formats._text import chapter_title, one_line
from audiobook.model import Cue, Recording

GENRE = "Audiobook"
"""A reading, made to be kept: players that sort by genre put it beside other readings. Podcast players ignore it."""
UNKNOWN_AUTHOR = "Unknown author"
"""The artist when there is none: players put files without an artist out of sight."""
_LONGEST_DIFFERENCE = 100
"""ms between the sound's length and a file's: encoders write whole frames of at most 26 ms, and pad."""


@dataclass(frozen=True, slots=True)
class Tags:
    """Who, what and when; every text on one line."""

    title: str
    author: str
    """Never empty."""
    narrator: str
    language: str
    """ISO 639-2."""
    date: str
    """ISO 8601: a year, a month or a day. Empty when unknown."""
    comment: str
    """That a machine made it."""


def tags(recording: Recording) -> Tags:
    """Give the tags of a recording."""
    book = recording.book
    narrator = one_line(recording.narrator)
    return Tags(
        title=one_line(book.title),
        author=one_line(book.author) or UNKNOWN_AUTHOR,
        narrator=narrator,
        language=three_letters(book.language),
        date=book.published if re.fullmatch(r"\d{4}(-\d\d){0,2}", book.published) else "",
        comment=f"Spoken by a synthetic voice: {narrator}. "
        "The text was repaired by machine before it was spoken; what it had lost may still be missing.",
    )


def marks(recording: Recording, most: int) -> tuple[Cue, ...]:
    """Return the chapters with readable titles; where there are more than `most`, neighbours share a mark, evenly."""
    chapters = [
        Cue(cue.start, cue.end, chapter_title(cue.text, number))
        for number, cue in enumerate(recording.chapters, start=1)
    ]
    shared = min(len(chapters), most)
    edges = [len(chapters) * place // shared for place in range(shared + 1)]
    return tuple(_merged(chapters[first:last]) for first, last in pairwise(edges))


def shared(recording: Recording, most: int, kind: str) -> tuple[str, ...]:
    """Tell, if it is so, that a file of this kind holds `most` marks, and that chapters share them."""
    if len(recording.chapters) <= most:
        return ()
    return (
        f"{kind} holds {most} chapter marks: {len(recording.chapters)} chapters share them. "
        "The chapters file has them all.",
    )


def check_length(recording: Recording, seconds: float, path: Path) -> None:
    """Raise EncodeError when a file that was read back lasts longer or shorter than the recording."""
    if abs(seconds * 1000 - recording.duration) > _LONGEST_DIFFERENCE:
        raise EncodeError(
            f"{path.name} lasts {seconds:.3f} s; the sound it was made from {recording.duration / 1000:.3f} s."
        )


def _merged(chapters: list[Cue]) -> Cue:
    """Return one mark for neighbours, named after the first."""
    first, last = chapters[0], chapters[-1]
    more = f" (and {len(chapters) - 1} more)" if len(chapters) > 1 else ""
    return Cue(first.start, last.end, first.text + more)
