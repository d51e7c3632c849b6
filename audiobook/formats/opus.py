"""Opus in Ogg, the smallest file: a third of the MP3's bits for the same speech."""

# mutagen is typed in part; whether a call counts as typed changes with its version.
# mypy: allow-untyped-calls

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from mutagen import MutagenError
from mutagen.oggopus import OggOpus

from audiobook import mastering
from audiobook.errors import EncodeError
from audiobook.formats import _levelled, _tags, _vorbis
from audiobook.model import Artefact, Recording

BIT_RATE = 32_000
"""Bits a second on average: fullband mono speech (RFC 6716, 2.1.1)."""
_CODEC = (
    *("-c:a", "libopus", "-b:a", str(BIT_RATE), "-ac", "1", *_levelled.REPEATABLE, "-f", "ogg"),
    # From 7 on libopus looks for music, and changed its mode amid speech with a click 2 dB above the limiter.
    *("-compression_level", "5"),
)


def write(recording: Recording, folder: Path, stem: str) -> Artefact:
    """Write `stem`.opus: mono, levelled, with tags, cover and chapters.

    Raises EncodeError when the sound can't be encoded or levelled, or when the file read back isn't what was meant.
    """
    path = folder / f"{stem}.opus"
    loudness = _levelled.encode(recording, path, mastering.OPUS, _CODEC)
    try:
        file: Any = OggOpus(path)
        file.update(_vorbis.comments(recording))
        file["METADATA_BLOCK_PICTURE"] = base64.b64encode(_vorbis.picture(recording).write()).decode("ascii")
        file.save(padding=lambda _: 0)
        _vorbis.check(recording, OggOpus(path), path)
    except (MutagenError, ValueError) as error:
        raise EncodeError(f"The Opus file could not be tagged: {path.name}\n{error}") from error
    notes = (*_tags.shared(recording, _vorbis.MOST_CHAPTERS, "Ogg"), *_levelled.notes(recording, loudness))
    return Artefact("opus", path, loudness, notes)
