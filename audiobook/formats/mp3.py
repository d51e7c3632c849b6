"""An MP3 with chapters: encoded once from the samples, then ID3v2.3 tags, then a look at what was written.

Why constant bit rate: players seek in it to the right place, so chapters and captions hold. Why ID3v2.3: ffmpeg loses
v2.4 chapters whose title or picture is longer than 127 bytes. Why the frames are put in order after saving: mutagen
sorts them by size, and ffmpeg, audiobookshelf and AntennaPod list chapters as they stand in the file.
"""

# mutagen is typed in part; whether a call counts as typed changes with its version.
# mypy: allow-untyped-calls

from __future__ import annotations

import shutil
import struct
from pathlib import Path
from typing import Any

from mutagen import MutagenError, id3
from mutagen.mp3 import MP3, BitrateMode

from audiobook import cover
from audiobook.errors import EncodeError
from audiobook.formats import _levelled, _tags
from audiobook.model import Artefact, Cue, Recording

MOST_CHAPTERS = 255
"""The table of contents counts its entries in one byte (ID3v2 Chapter Frame Addendum 1.0, CTOC)."""

_NO_OFFSET = 0xFFFFFFFF
"""In place of a byte offset: use the time (Addendum, CHAP)."""
_UTF16 = id3.Encoding.UTF16
"""The only encoding of all scripts that ID3v2.3 has."""
_FRAME_HEADER = 10
"""Bytes: a name of 4, a size of 4, flags of 2 (ID3v2.3, 3.3); the tag's own header has as many."""


def write(recording: Recording, folder: Path, stem: str) -> Artefact:
    """Write `stem`.mp3: mono, 44.1 kHz, at the profile's constant bit rate, levelled, tagged, at most 255 chapters.

    Raises EncodeError when the sound can't be encoded or levelled, or when the file read back isn't what was meant.
    """
    path = folder / f"{stem}.mp3"
    sound, loudness = _levelled.mp3(recording)
    shutil.copyfile(sound, path)
    chapters = marks(recording)
    try:
        _tag(recording, chapters, path)
        _check(recording, chapters, path)
    except (MutagenError, ValueError, struct.error) as error:
        raise EncodeError(f"The MP3 could not be tagged: {path.name}\n{error}") from error
    notes = (*_tags.shared(recording, MOST_CHAPTERS, "An MP3"), *_levelled.notes(recording, loudness))
    return Artefact("mp3", path, loudness, notes)


def marks(recording: Recording) -> tuple[Cue, ...]:
    """Return the chapters with readable titles; from 256 on, neighbours share a mark, evenly, so that 255 remain."""
    return _tags.marks(recording, MOST_CHAPTERS)


def _tag(recording: Recording, chapters: tuple[Cue, ...], path: Path) -> None:
    """Write the whole tag, frames in a fixed order and chapters in that of time."""
    tag = id3.ID3()
    for frame in [*_descriptions(recording), *_contents(chapters), _picture(recording)]:
        tag.add(frame)
    tag.update_to_v23()
    tag.save(path, v1=0, v2_version=3, padding=lambda _: 0)
    _put_in_order(path)


def _descriptions(recording: Recording) -> list[id3.Frame]:
    """Return the frames that say what this is, whose it is, and that a machine made it."""
    tags = _tags.tags(recording)
    texts: dict[type[id3.TextFrame], str] = {
        id3.TIT2: tags.title,
        id3.TALB: tags.title,
        id3.TPE1: tags.author,
        id3.TCOM: tags.narrator,
        id3.TCON: _tags.GENRE,
        id3.TLAN: tags.language,
        id3.TDRC: tags.date,  # becomes TYER, and TDAT for a day, in v2.3
    }
    frames: list[id3.Frame] = [kind(encoding=_UTF16, text=text) for kind, text in texts.items() if text]
    return [*frames, id3.COMM(encoding=_UTF16, lang=tags.language, desc="", text=tags.comment)]


def _contents(chapters: tuple[Cue, ...]) -> list[id3.Frame]:
    """Return a CHAP for each chapter, and the one table of contents without which some players list none."""
    names = [f"chp{number:03}" for number in range(1, len(chapters) + 1)]
    frames: list[id3.Frame] = [
        id3.CHAP(
            element_id=name,
            start_time=cue.start,
            end_time=cue.end,
            start_offset=_NO_OFFSET,
            end_offset=_NO_OFFSET,
            sub_frames=[id3.TIT2(encoding=_UTF16, text=cue.text)],
        )
        for name, cue in zip(names, chapters, strict=True)
    ]
    table = id3.CTOC(
        element_id="toc",
        flags=id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED,
        child_element_ids=names,
        sub_frames=[id3.TIT2(encoding=_UTF16, text="Contents")],
    )
    return [table, *frames]


def _picture(recording: Recording) -> id3.Frame:
    return id3.APIC(
        encoding=id3.Encoding.LATIN1,
        mime="image/jpeg",
        type=id3.PictureType.COVER_FRONT,
        desc="Cover",
        data=cover.of(recording.book),
    )


def _put_in_order(path: Path) -> None:
    """Write the tag's frames again, texts first, then contents, chapters by start, picture. Same bytes, same length."""
    with path.open("r+b") as file:
        size = _synchsafe(file.read(_FRAME_HEADER)[6:])
        frames = sorted(_frames(file.read(size)), key=_place)
        file.seek(_FRAME_HEADER)
        file.write(b"".join(frames))


def _synchsafe(size: bytes) -> int:
    """Read a number of 7 bits a byte, as the tag's header has it (ID3v2.3, 3.1)."""
    value = 0
    for byte in size:
        value = value << 7 | byte
    return value


def _frames(tag: bytes) -> list[bytes]:
    """Cut a v2.3 tag without padding into its frames."""
    frames = []
    start = 0
    while start < len(tag):
        (size,) = struct.unpack_from(">I", tag, start + 4)
        end = start + _FRAME_HEADER + size
        frames.append(tag[start:end])
        start = end
    return frames


def _place(frame: bytes) -> tuple[int, int, bytes]:
    """Return where a frame belongs: its group, for a chapter its start, for the rest its name."""
    name = frame[:4]
    if name == b"CHAP":
        after_id = frame.index(b"\0", _FRAME_HEADER) + 1
        return 2, int.from_bytes(frame[after_id : after_id + 4], "big"), name
    return {b"CTOC": 1, b"APIC": 3}.get(name, 0), 0, name


def _check(recording: Recording, chapters: tuple[Cue, ...], path: Path) -> None:
    """Read the file back, and raise EncodeError when it is not what was meant."""
    read: Any = MP3(path)
    found = [(chap.start_time, chap.end_time, str(chap.sub_frames["TIT2"])) for chap in read.tags.getall("CHAP")]
    if found != [(cue.start, cue.end, cue.text) for cue in chapters]:
        raise EncodeError(f"The chapters read back from {path.name} are not those that were written.")
    if read.info.bitrate_mode != BitrateMode.CBR:
        raise EncodeError(f"{path.name} came out without a constant bit rate, so players would miss its chapters.")
    _tags.check_length(recording, read.info.length, path)
