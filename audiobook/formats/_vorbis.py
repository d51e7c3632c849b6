"""Tags, cover and chapters as Vorbis comments, which Ogg and FLAC share.

mutagen writes them, because ffmpeg rounds the times of chapters in Ogg to whole seconds, and gives FLAC none.
"""

# mutagen is typed in part; whether a call counts as typed changes with its version.
# mypy: allow-untyped-calls

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mutagen.flac import Picture
from mutagen.id3 import PictureType

from audiobook import cover
from audiobook.errors import EncodeError
from audiobook.formats import _tags
from audiobook.formats.vtt import timestamp
from audiobook.model import Cue, Recording

MOST_CHAPTERS = 999
"""A chapter's number has three digits (Xiph, Chapter Extension)."""


def marks(recording: Recording) -> tuple[Cue, ...]:
    """Return the chapters that the comments can hold."""
    return _tags.marks(recording, MOST_CHAPTERS)


def comments(recording: Recording) -> dict[str, str]:
    """Give every comment: the names that Xiph proposes, and those that players look for besides."""
    tags = _tags.tags(recording)
    texts = {
        "TITLE": tags.title,
        "ALBUM": tags.title,
        "ARTIST": tags.author,
        "PERFORMER": tags.narrator,
        "COMPOSER": tags.narrator,  # where audiobookshelf looks for who reads
        "DATE": tags.date,
        "GENRE": _tags.GENRE,
        "LANGUAGE": tags.language,
        "DESCRIPTION": tags.comment,
    }
    return {name: text for name, text in texts.items() if text} | dict(_chapters(marks(recording)))


def picture(recording: Recording) -> Picture:
    """Give the cover as FLAC's picture block."""
    block = Picture()
    block.data = cover.of(recording.book)
    block.type = PictureType.COVER_FRONT
    block.mime = "image/jpeg"
    block.desc = "Cover"
    return block


def check(recording: Recording, read: Any, path: Path) -> None:
    """Raise EncodeError when a file that mutagen has read back is not what was meant."""
    meant = comments(recording)
    if {name: read.tags.get(name) for name in meant} != {name: [text] for name, text in meant.items()}:
        raise EncodeError(f"The tags read back from {path.name} are not those that were written.")
    _tags.check_length(recording, read.info.length, path)


def _chapters(marks: tuple[Cue, ...]) -> Iterator[tuple[str, str]]:
    for number, cue in enumerate(marks, start=1):
        yield f"CHAPTER{number:03}", timestamp(cue.start)
        yield f"CHAPTER{number:03}NAME", cue.text
