"""FLAC, for the archive: the levelled sound without loss.

Chapters are comments. A cue sheet block would be no use: it has no titles, and holds a hundred tracks.
"""

# mutagen is typed in part; whether a call counts as typed changes with its version.
# mypy: allow-untyped-calls

from __future__ import annotations

from pathlib import Path
from typing import Any

from mutagen import MutagenError
from mutagen.flac import FLAC

from audiobook import mastering
from audiobook.errors import EncodeError
from audiobook.formats import _levelled, _tags, _vorbis
from audiobook.model import Artefact, Recording

_CODEC = ("-c:a", "flac", "-compression_level", "8", "-sample_fmt", "s16", "-ac", "1", *_levelled.REPEATABLE)


def write(recording: Recording, folder: Path, stem: str) -> Artefact:
    """Write `stem`.flac: mono, 44.1 kHz, 16 bits, levelled, with tags, cover and chapters.

    Raises EncodeError when the sound can't be encoded or levelled, or when the file read back isn't what was meant.
    """
    path = folder / f"{stem}.flac"
    loudness = _levelled.encode(recording, path, mastering.FLAC, [*_CODEC, "-f", "flac"])
    try:
        file: Any = FLAC(path)
        file.update(_vorbis.comments(recording))
        file.add_picture(_vorbis.picture(recording))
        file.save(padding=lambda _: 0)
        _vorbis.check(recording, FLAC(path), path)
    except (MutagenError, ValueError) as error:
        raise EncodeError(f"The FLAC file could not be tagged: {path.name}\n{error}") from error
    notes = (*_tags.shared(recording, _vorbis.MOST_CHAPTERS, "FLAC"), *_levelled.notes(recording, loudness))
    return Artefact("flac", path, loudness, notes)
