"""Clips that were spoken before, kept by content: the same words in the same voice are spoken once.

A file a paragraph: a line of JSON that says what follows, then the samples. A file appears under its name
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
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import platformdirs

from audiobook.model import Clip, Voice

FORMAT = "audiobook clips 1"
SUFFIX = ".clips"
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


def key(version: str, voice: Voice, texts: Sequence[str]) -> str:
    """Name the sound of these texts: a hash of all that it depends on, so not of pauses or descriptions."""
    depends = [FORMAT, voice.engine, version, voice.id, voice.rate, voice.pitch, voice.volume, list(texts)]
    return hashlib.sha256(json.dumps(depends).encode()).hexdigest()


class Kept:
    """The kept clips of one folder. Nothing here raises for a folder that can't be read or written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fault = ""
        """Why clips can't be kept: the system's own words. Empty while they can."""

    def get(self, name: str) -> list[Clip] | None:
        """Give the clips of that key; None when they are not there, torn, or something else."""
        path = self._path(name)
        try:
            with path.open("rb") as file:
                clips = _read(file, name)
            os.utime(path)  # trim() takes away what was used longest ago
        except (OSError, ValueError, KeyError, TypeError):  # whatever stands there, it is not ours
            return None
        return clips

    def put(self, name: str, clips: Sequence[Clip]) -> None:
        """Keep clips under a key. After a first failure, such as a full disk, nothing more is tried."""
        if self.fault:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._write(name, clips)
        except OSError as error:
            self.fault = error.strerror or str(error)

    def trim(self, limit: int = LIMIT) -> None:
        """Delete what was used longest ago until the folder holds `limit` bytes, and old unfinished files."""
        with contextlib.suppress(OSError):  # another build may be doing the same
            held = 0
            for used, size, path in sorted(self._files(), reverse=True):
                held += size
                unfinished = path.suffix == PART and used < time.time() - STALE_SECONDS
                if unfinished or held > limit:
                    path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"

    def _write(self, name: str, clips: Sequence[Clip]) -> None:
        """Write beside, then rename: whatever ends the program, no file is half a file."""
        handle, part = tempfile.mkstemp(dir=self.folder, prefix=f"{name[:8]}-", suffix=PART)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_head(name, clips))
                for clip in clips:
                    file.write(clip.pcm)
            Path(part).replace(self._path(name))
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise

    def _files(self) -> list[tuple[float, int, Path]]:
        """List when each file of ours was last used, its size in bytes, and its path."""
        stats = [(path, path.stat()) for path in self.folder.iterdir() if path.suffix in (SUFFIX, PART)]
        return [(stat.st_mtime, stat.st_size, path) for path, stat in stats]


def _head(name: str, clips: Sequence[Clip]) -> bytes:
    """Write the line that says what follows; sizes are in bytes, sample rates in Hz."""
    head = {
        "format": FORMAT,
        "key": name,
        "clips": [[len(clip.pcm), clip.sample_rate] for clip in clips],
        "crc32": _checksum(clips),
    }
    return json.dumps(head).encode() + b"\n"


def _read(file: BinaryIO, name: str) -> list[Clip]:
    """Read a file whole; raises `ValueError`, `KeyError` or `TypeError` when it is not what `_write` wrote."""
    head: dict[str, Any] = json.loads(file.readline(LONGEST_HEAD))
    if (head["format"], head["key"]) != (FORMAT, name):
        raise ValueError("another file")
    clips = [Clip(pcm=file.read(size), sample_rate=rate) for size, rate in head["clips"]]
    if _checksum(clips) != head["crc32"] or file.read(1):
        raise ValueError("a damaged file")
    return clips


def _checksum(clips: Sequence[Clip]) -> int:
    """CRC-32 of all samples, as in ISO 3309."""
    value = 0
    for clip in clips:
        value = zlib.crc32(clip.pcm, value)
    return value
