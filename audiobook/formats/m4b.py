"""An M4B: AAC in MP4, with chapters in both forms that players read, QuickTime's text track and Nero's list.

ffmpeg writes sound, chapters and their places; mutagen the tags, as ffmpeg knows neither the kind of media nor the
narrator. Nero's list counts chapters, and the bytes of a title, in one byte each; ffmpeg cuts a longer title in the
midst of a letter, and mutagen refuses such a file, so `_mend_list` comes between the two.
"""

# mutagen is typed in part; whether a call counts as typed changes with its version.
# mypy: allow-untyped-calls

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from mutagen import MutagenError
from mutagen.mp4 import MP4, AtomDataType, MP4Cover, MP4FreeForm

from audiobook import cover, ffmpeg, mastering
from audiobook.errors import EncodeError
from audiobook.formats import _levelled, _tags
from audiobook.model import Artefact, Cue, Recording

MOST_CHAPTERS = 255
"""Nero's list counts them in one byte; the text track could hold more, but then players would disagree."""
AUDIOBOOK = 2
"""The kind of media in "stik" (iTunes): on the shelf of books, and taken up where the listener stopped."""

_LONGEST_TITLE = 255
"""Bytes in Nero's list. The text track has the whole title."""
_ELLIPSIS = "…"
_BOX = 8
"""Bytes of a box's head: its size, with this head, and its name (ISO 14496-12, 4.2)."""
_LIST_HEAD = 9
"""Bytes of Nero's list before the first chapter: version, flags, four without meaning, the number of chapters."""
_START = 8
"""Bytes of a chapter's start in Nero's list; a byte follows with the length of its title."""
# The fast coder takes 0.9 CPU-s where the default takes 2.9, and is truer to the sound (docs/design-notes.md).
_CODEC = ("-c:a", "aac", "-aac_coder", "fast", "-ac", "1")
_SPECIAL = re.compile(r"[=;#\\\n]")
"""Signs with a meaning of their own in ffmpeg's files of metadata."""
_END = "\0"
"""Of a title: ffmpeg takes an escaped backslash at the end of a line for the sign that the next line belongs to it."""


def write(recording: Recording, folder: Path, stem: str) -> Artefact:
    """Write `stem`.m4b: mono, 44.1 kHz, AAC-LC at the profile's bit rate, levelled, tagged, at most 255 chapters.

    Raises EncodeError when the sound can't be encoded or levelled, or when the file read back isn't what was meant.
    """
    path = folder / f"{stem}.m4b"
    chapters = _tags.marks(recording, MOST_CHAPTERS)
    listed = recording.pcm.with_suffix(".ffmetadata")
    listed.write_text(metadata(chapters), encoding="utf-8", newline="\n")
    source = ["-f", "ffmetadata", "-i", ffmpeg.as_file(listed)]
    loudness = _levelled.encode(recording, path, mastering.AAC, _encoding(recording), source)
    try:
        with path.open("r+b") as file:
            _mend_list(file)
        _tag(recording, path)
        _check(recording, chapters, path)
    except (MutagenError, ValueError, struct.error) as error:
        raise EncodeError(f"The M4B could not be tagged: {path.name}\n{error}") from error
    notes = (*_tags.shared(recording, MOST_CHAPTERS, "An M4B"), *_levelled.notes(recording, loudness))
    return Artefact("m4b", path, loudness, notes)


def metadata(chapters: Iterable[Cue]) -> str:
    """Return chapters as ffmpeg reads them (FFMETADATA, version 1)."""
    lines = [";FFMETADATA1"]
    for cue in chapters:
        title = _SPECIAL.sub(r"\\\g<0>", cue.text)
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={cue.start}", f"END={cue.end}", f"title={title}{_END}"]
    return "\n".join([*lines, ""])


def _encoding(recording: Recording) -> list[str]:
    """Arguments for the file: chapters from the second input, contents before the sound, so that it can be streamed."""
    language = _tags.tags(recording).language
    rate = str(_levelled.profile_of(recording).bit_rate)
    chapters = ["-map_chapters", "1", "-metadata:s:a:0", f"language={language}"]
    return [*_CODEC, "-b:a", rate, *_levelled.REPEATABLE, *chapters, "-movflags", "+faststart", "-f", "ipod"]


def _mend_list(file: BinaryIO) -> None:
    """Give the titles that ffmpeg has cut in Nero's list whole letters and an ellipsis, in the same bytes."""
    file.seek(_box(file, b"moov", b"udta", b"chpl") + _LIST_HEAD - 1)
    for _ in range(file.read(1)[0]):
        file.seek(_START, 1)
        size = file.read(1)[0]
        title = file.read(size)
        if size == _LONGEST_TITLE:
            room = _LONGEST_TITLE - len(_ELLIPSIS.encode())
            kept = title[:room].decode("utf-8", "ignore") + _ELLIPSIS
            file.seek(-size, 1)
            file.write(kept.encode().ljust(size))


def _box(file: BinaryIO, *names: bytes) -> int:
    """Return where the content of a box begins, found by the names of the boxes that it lies in, and its own.

    Raises ValueError when it isn't there.
    """
    place, end = 0, file.seek(0, 2)
    for name in names:
        while place < end:
            file.seek(place)
            size, found = struct.unpack(">I4s", file.read(_BOX))
            if found == name:
                place, end = place + _BOX, place + size
                break
            place += size or end
        else:
            raise ValueError(f"ffmpeg wrote no {name.decode()}.")
    return place


def _tag(recording: Recording, path: Path) -> None:
    file: Any = MP4(path)
    tags = _tags.tags(recording)
    texts = {
        "\xa9nam": tags.title,
        "\xa9alb": tags.title,
        "\xa9ART": tags.author,
        "aART": tags.author,
        "\xa9wrt": tags.narrator,
        "\xa9nrt": tags.narrator,
        "\xa9day": tags.date,
        "\xa9gen": _tags.GENRE,
        "\xa9cmt": tags.comment,
    }
    for name, text in texts.items():
        if text:
            file[name] = text
    file["stik"] = [AUDIOBOOK]
    file["----:com.apple.iTunes:LANGUAGE"] = MP4FreeForm(tags.language.encode(), AtomDataType.UTF8)
    file["covr"] = [MP4Cover(cover.of(recording.book), MP4Cover.FORMAT_JPEG)]
    file.save(padding=lambda _: 0)


def _check(recording: Recording, chapters: tuple[Cue, ...], path: Path) -> None:
    """Read the file back, and raise EncodeError when it is not what was meant."""
    read: Any = MP4(path)
    found = [(round(chapter.start * 1000), chapter.title) for chapter in read.chapters]
    if [start for start, _ in found] != [cue.start for cue in chapters]:
        raise EncodeError(f"The chapters read back from {path.name} are not those that were written.")
    for (_, title), cue in zip(found, chapters, strict=True):
        if title != cue.text and not cue.text.startswith(title.rstrip().removesuffix(_ELLIPSIS)):
            raise EncodeError(f"A chapter's title read back from {path.name} is not the one that was written.")
    _tags.check_length(recording, read.info.length, path)
