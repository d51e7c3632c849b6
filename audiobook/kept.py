"""Clips that were spoken before, kept by content: the same words in the same voice are spoken once.

A file a clip: a line of JSON that says what follows, then the samples. A file appears under its name
only when whole, and is checked when read, so any number of builds may share the folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import platformdirs

from audiobook.model import Clip, Utterance, Voice, Word

FORMAT = "audiobook clip 2"
SUFFIX = ".clip"
PART = ".part"
LIMIT = 2 * 1024**3
"""Bytes that the folder may hold once a build is done: some 13 hours of speech at 22,050 Hz."""
LONGEST_HEAD = 1024 * 1024
"""Bytes; a file of something else may have no line end at all."""
STALE_SECONDS = 24 * 3600
"""Age at which an unfinished file is taken for the remains of a build that was killed."""


def folder() -> Path:
    """Give the folder for kept clips: AUDIOBOOK_CACHE when set, else the user's cache."""
    if chosen := os.environ.get("AUDIOBOOK_CACHE"):
        return Path(chosen)
    return platformdirs.user_cache_path("audiobook", appauthor=False) / "clips"


def key(version: str, voice: Voice, utterance: Utterance) -> str:
    """Name a sound: a hash of all that it depends on, so not of pauses, nor of where its words stand in a text."""
    said = [[token.text, token.ipa] for token in utterance.tokens]
    settings = [voice.engine, version, voice.id, _state(voice.id), voice.rate, voice.pitch, voice.volume]
    depends = [FORMAT, *settings, said]
    return hashlib.sha256(json.dumps(depends).encode()).hexdigest()


def _state(voice_id: str) -> list[int]:
    """Give size in bytes and time of change of a voice that is a file of the user's; nothing for any other."""
    try:
        stat = Path(voice_id).stat()
    except (OSError, ValueError):  # ValueError: no path at all, for its NUL
        return []
    return [stat.st_size, stat.st_mtime_ns]


@dataclass(frozen=True, slots=True)
class Held:
    """What the folder holds."""

    clips: int
    size: int
    """Bytes, unfinished files included."""


class Kept:
    """The kept clips of one folder. Nothing here raises for a folder that can't be read or written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fault = ""
        """Why clips can't be kept: the system's own words. Empty while they can."""

    def get(self, name: str, utterance: Utterance) -> Clip | None:
        """Give the clip of that key; None when it is not there, torn, or something else."""
        path = self._path(name)
        try:
            with path.open("rb") as file:
                clip = _read(file, name, utterance)
            os.utime(path)  # trim() takes away what was used longest ago
        except (OSError, ValueError, KeyError, TypeError):  # whatever stands there, it is not ours
            return None
        return clip

    def put(self, name: str, clip: Clip) -> None:
        """Keep a clip under a key. After a first failure, such as a full disk, nothing more is tried."""
        if self.fault:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._write(name, clip)
        except OSError as error:
            self.fault = error.strerror or str(error)

    def trim(self, limit: int = LIMIT) -> None:
        """Make room when the folder holds more than `limit` bytes, and delete old unfinished files.

        Then a tenth of the limit is freed: to put all clips in order after every text took a worker 10 MB and more.
        """
        with contextlib.suppress(OSError):  # another build may be doing the same
            held = 0
            for used, size, path in self._files():
                held += size
                if path.suffix == PART and used < time.time() - STALE_SECONDS:
                    path.unlink(missing_ok=True)
            if held > limit:
                self._make_room(held - limit + limit // 10)

    def _make_room(self, size: int) -> None:
        """Delete what was used longest ago, of so many bytes or a little more."""
        for _, freed, path in sorted(self._files()):
            if size <= 0:
                return
            path.unlink(missing_ok=True)
            size -= freed

    def held(self) -> Held:
        """Count what the folder holds."""
        clips = held = 0
        with contextlib.suppress(OSError):
            for _, size, path in self._files():
                clips += path.suffix == SUFFIX
                held += size
        return Held(clips, held)

    def clear(self) -> None:
        """Delete all files of ours in the folder; raises OSError for one that can't be deleted."""
        if self.folder.is_dir():
            for _, _, path in list(self._files()):
                path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"

    def _write(self, name: str, clip: Clip) -> None:
        """Write beside, then rename: whatever ends the program, no file is half a file."""
        handle, part = tempfile.mkstemp(dir=self.folder, prefix=f"{name[:8]}-", suffix=PART)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_head(name, clip))
                file.write(clip.pcm)
            Path(part).replace(self._path(name))
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """Yield when each file of ours was last used, its size in bytes, and its path."""
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.endswith((SUFFIX, PART)):
                    stat = entry.stat()
                    yield stat.st_mtime, stat.st_size, Path(entry.path)


def _head(name: str, clip: Clip) -> bytes:
    """Write the line that says what follows; sizes in bytes, the sample rate in Hz, words in samples."""
    head = {
        "format": FORMAT,
        "key": name,
        "size": len(clip.pcm),
        "sample_rate": clip.sample_rate,
        "words": [[word.begin, word.until] for word in clip.words],
        "exact": clip.exact,
        "crc32": zlib.crc32(clip.pcm),
    }
    return json.dumps(head).encode() + b"\n"


def _read(file: BinaryIO, name: str, utterance: Utterance) -> Clip:
    """Read a file whole; raises `ValueError`, `KeyError` or `TypeError` when it is not what `_write` wrote."""
    head: dict[str, Any] = json.loads(file.readline(LONGEST_HEAD))
    if (head["format"], head["key"]) != (FORMAT, name):
        raise ValueError("another file")
    pcm = file.read(head["size"])
    if zlib.crc32(pcm) != head["crc32"] or file.read(1):
        raise ValueError("a damaged file")
    times = zip(utterance.tokens, head["words"], strict=True)
    words = tuple(Word(token.start, token.end, begin, until) for token, (begin, until) in times)
    return Clip(pcm, head["sample_rate"], words, head["exact"])
