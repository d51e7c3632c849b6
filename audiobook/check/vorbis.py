"""Opus and FLAC: both hold tags and chapters as Vorbis comments (Xiph, chapter extension)."""

from __future__ import annotations

from pathlib import Path

from audiobook.check import level, marks, sound
from audiobook.check.finding import Account, Finder, Look

DEMUXERS = {".opus": "ogg", ".flac": "flac"}
"""By the file's suffix."""


def look(path: Path, target: level.Target) -> Look:
    """Look at sound, tags and chapters, in this order; the sound should keep to `target`."""
    finder = Finder(path)
    suffix = path.suffix.lower()
    heard = sound.hear(path, DEMUXERS[suffix])
    yield from sound.damage(finder, heard)
    if heard.codec != suffix[1:]:
        yield finder.error("", f"Its sound is {heard.codec}, not what its name says.", "Name it after what it holds.")
    labels = sound.labels(path, DEMUXERS[suffix])
    yield from sound.tagged(finder, labels.tags, "title", "artist", "album")
    yield from marks.in_order(finder, labels.chapters, heard.duration)
    yield from level.kept(finder, path, DEMUXERS[suffix], target, heard)
    return Account(path, heard.duration, heard.silences, labels.chapters)
