"""A ZIP archive that may be meant to do harm: nothing is unpacked but what is asked for, and never without a bound."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from audiobook.check.finding import Broken
from audiobook.check.mapped import mapped
from audiobook.check.read import LONGEST

MOST_ENTRIES = 20_000
LARGEST_SOUND = 2_000_000_000
"""Bytes of one file of sound: some 70 hours."""
MOST_PACKED = 20
"""How many times smaller sound may be packed: it is dense already, so what shrinks more is a bomb."""
_PIECE = 1 << 20
_ENTRY = b"PK\1\2"
"""With this each entry of the archive's directory begins."""
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)
"""What zipfile raises on bytes that no archiver wrote."""


@dataclass(frozen=True, slots=True)
class Archive:
    """An open archive."""

    file: zipfile.ZipFile
    entries: tuple[zipfile.ZipInfo, ...]
    """At least one, in their order."""
    names: frozenset[str]

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator[Archive]:
        """Open an archive. Raises Broken when it is none, or has too many entries."""
        _refuse_crowd(path)
        try:
            file = zipfile.ZipFile(path)
        except _DAMAGE as error:
            raise _broken("It is no ZIP archive, or is cut off.") from error
        with file:
            entries = tuple(file.infolist())
            if not entries:
                raise _broken("It is empty.")
            yield cls(file, entries, frozenset(entry.filename for entry in entries))

    def read(self, name: str) -> bytes:
        """Unpack a text. Raises Broken when it isn't there, is damaged or has more than `read.LONGEST` bytes."""
        try:
            with self.file.open(self._entry(name)) as part:
                data = part.read(LONGEST + 1)
        except _DAMAGE as error:
            raise _broken("It is damaged or encrypted.", name) from error
        if len(data) > LONGEST:
            raise _broken(f"It has more than {LONGEST:,} bytes, too many for a text.", name)
        return data

    def extract(self, name: str, target: Path) -> Path:
        """Unpack sound into `target`. Raises Broken as `read` does, and for a bomb."""
        entry = self._entry(name)
        if entry.file_size > min(LARGEST_SOUND, MOST_PACKED * max(entry.compress_size, 1)):
            raise _broken("It would unpack to more than any sound holds.", name)
        left = entry.file_size
        try:
            with self.file.open(entry) as part, target.open("wb") as file:
                while left >= 0 and (piece := part.read(_PIECE)):
                    left -= len(piece)
                    file.write(piece)
        except _DAMAGE as error:
            raise _broken("It is damaged or encrypted.", name) from error
        return target

    def _entry(self, name: str) -> zipfile.ZipInfo:
        if name not in self.names:
            raise _broken("It isn't in the book.", name)
        return self.file.getinfo(name)


def _refuse_crowd(path: Path) -> None:
    """Raise Broken for too many entries before zipfile makes an object of each."""
    place = -1
    with mapped(path) as data:
        for _ in range(MOST_ENTRIES + 1):
            place = data.find(_ENTRY, place + 1)
            if place < 0:
                return
    raise _broken("It has more parts than a reader would open.")


def _broken(what: str, place: str = "") -> Broken:
    return Broken(what, "Copy the file anew from where it came, or build the edition again.", place[:80])
